"""Conditions: three-valued truth, what is refused, and that the two agree on everything small enough to try out."""

from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.conditions import (
    CLAUSES_MAX,
    GROUPS_MAX,
    OPERATORS,
    PRESETS,
    WHEN_ONLINE,
    Clause,
    Condition,
    Group,
    canonical,
    check,
    evaluate,
    holds,
    one_group,
    parse,
    problems,
)
from tact_engine.core.errors import Refused
from tact_engine.core.presence import ATTRIBUTES, AVAILABILITIES, MOODS, Kind, nobody, seen

HERE = seen(nobody("mary"), "tom") | {"OnlineStatus": True}
"""Mary as Tom sees her: online, everything else as it is before anybody sets it."""


def truth(*clauses, **values):
    return evaluate(one_group(*clauses), HERE | values).truth


def any_of(*groups):
    return Condition(any=tuple(Group(tuple(Clause(*clause) for clause in group)) for group in groups))


# --- operators


@pytest.mark.parametrize(
    ("op", "wanted", "value", "expected"),
    [
        ("eq", "HAPPY", "HAPPY", True),
        ("eq", "HAPPY", "SAD", False),
        ("ne", "HAPPY", "HAPPY", False),
        ("ne", "HAPPY", "SAD", True),
        ("in", ("HAPPY", "SAD"), "SAD", True),
        ("in", ("HAPPY", "SAD"), "ANGRY", False),
        ("not_in", ("HAPPY", "SAD"), "SAD", False),
        ("not_in", ("HAPPY", "SAD"), "ANGRY", True),
    ],
)
def test_words(op, wanted, value, expected):
    assert truth(("UserMood", op, wanted), UserMood=value) is expected


@pytest.mark.parametrize(
    ("op", "wanted", "value", "expected"),
    [
        ("contains", "lunch", "At LUNCH now", True),
        ("contains", "lunch", "at lun ch", False),
        ("contains", "straße", "HAUPTSTRASSE 5", True),
        ("contains", "STRASSE", "Hauptstraße 5", True),
        ("contains", "ΣΊΣΥΦΟΣ", "σίσυφος", True),
        ("contains", "x", "", False),
        ("contains", "cafe\u0301", "At the caf\u00e9", True),  # however it was composed
        ("contains", "caf\u00e9", "At the CAFE\u0301", True),
        ("contains", "two  blanks", "two blanks", True),
        ("contains", "two\n\tblanks", "Two Blanks", True),
        ("contains", "two blanks", "twoblanks", False),
        ("not_contains", "cafe\u0301", "At the caf\u00e9", False),
        ("not_contains", "two  blanks", "two blanks", False),
        ("not_contains", "lunch", "At LUNCH now", False),
        ("not_contains", "lunch", "free", True),
        ("not_contains", "lunch", "", True),
    ],
)
def test_texts(op, wanted, value, expected):
    assert truth(("StatusText", op, wanted), StatusText=value) is expected


def test_booleans():
    assert truth(("OnlineStatus", "eq", True)) is True
    assert truth(("OnlineStatus", "in", (True, False))) is True
    assert truth(("OnlineStatus", "ne", False)) is True


def test_every_operator_has_a_row_above():
    assert set(OPERATORS) == {"eq", "ne", "in", "not_in", "contains", "not_contains"}


@pytest.mark.parametrize("op", OPERATORS)
def test_over_something_hidden_every_operator_is_unknown(op):
    kind = Kind.TEXT if Kind.TEXT in OPERATORS[op].kinds else Kind.WORD
    name, wanted = ("StatusText", "x") if kind is Kind.TEXT else ("UserMood", "HAPPY")
    condition = one_group((name, op, (wanted,) if OPERATORS[op].many else wanted))
    check(condition)
    values = {key: value for key, value in HERE.items() if key != name}
    assert evaluate(condition, values).truth is None
    assert not holds(condition, values)


# --- Kleene's tables


def clause_of(wanted, name):
    """A clause over `name` that is TRUE, FALSE or unknown, and the value that makes it so."""
    values = {True: {name: "HAPPY"}, False: {name: "SAD"}, None: {}}
    return (name, "eq", "HAPPY"), values[wanted]


def all_values(first, second):
    one, left = clause_of(first, "A")
    other, right = clause_of(second, "B")
    return one, other, {"OnlineStatus": True} | left | right


AND = {
    (True, True): True, (True, False): False, (True, None): None,
    (False, True): False, (False, False): False, (False, None): False,
    (None, True): None, (None, False): False, (None, None): None,
}  # fmt: skip
OR = {
    (True, True): True, (True, False): True, (True, None): True,
    (False, True): True, (False, False): False, (False, None): None,
    (None, True): True, (None, False): None, (None, None): None,
}  # fmt: skip


@pytest.mark.parametrize(("pair", "expected"), AND.items(), ids=str)
def test_all_of(pair, expected):
    one, other, values = all_values(*pair)
    verdict = evaluate(any_of((one, other)), values)
    assert (verdict.truth, verdict.clauses) == (expected, (pair,))


@pytest.mark.parametrize(("pair", "expected"), OR.items(), ids=str)
def test_any_of(pair, expected):
    one, other, values = all_values(*pair)
    verdict = evaluate(any_of((one,), (other,)), values)
    assert (verdict.truth, verdict.clauses) == (expected, ((pair[0],), (pair[1],)))


@pytest.mark.parametrize(("pair", "expected"), AND.items(), ids=str)
def test_the_implicit_online_is_one_more_clause_of_all(pair, expected):
    clause, values = clause_of(pair[1], "A")
    if pair[0] is not None:
        values = values | {"OnlineStatus": pair[0]}
    verdict = evaluate(any_of((clause,)), values)
    assert (verdict.truth, verdict.online) == (expected, pair[0])


# --- the law's own examples


@pytest.mark.parametrize(("online", "expected"), [(True, True), (False, False), (None, None)])
def test_no_condition_is_when_online(online, expected):
    values = {} if online is None else {"OnlineStatus": online}
    assert evaluate(WHEN_ONLINE, values).truth is expected
    assert holds(WHEN_ONLINE, values) is (expected is True)


def test_offline_nothing_holds():
    condition = any_of((("UserMood", "eq", "NONE"),), (("StatusText", "not_contains", "x"),))
    assert holds(condition, HERE)
    assert evaluate(condition, HERE | {"OnlineStatus": False}).truth is False


@pytest.mark.parametrize("mood", MOODS)
def test_no_longer_angry(mood):
    assert truth(("UserMood", "ne", "ANGRY"), UserMood=mood) is (mood != "ANGRY")


def test_discreet():
    assert truth(("UserAvailability", "ne", "NOT_AVAILABLE"), UserAvailability="DISCREET") is True
    assert truth(("UserAvailability", "eq", "AVAILABLE"), UserAvailability="DISCREET") is False


@pytest.mark.parametrize(
    ("name", "goes"),
    [("online", HERE), ("available", HERE), ("not angry", HERE | {"UserMood": "HAPPY"})],
)
def test_presets_can_be_sent_and_hold(name, goes):
    check(PRESETS[name])
    assert holds(PRESETS[name], goes)


def test_there_are_no_other_presets():
    assert set(PRESETS) == {"online", "available", "not angry"}


def test_an_attribute_or_operator_of_a_later_version_is_unknown_never_true():
    assert evaluate(one_group(("Weather", "ne", "fog")), HERE).truth is None
    assert evaluate(one_group(("UserMood", "resembles", "HAPPY")), HERE).truth is None


# --- what is refused


def refused_as(condition):
    with pytest.raises(Refused) as caught:
        check(condition)
    return caught.value.code, caught.value.clause


@pytest.mark.parametrize(
    "clause",
    [
        ("Weather", "eq", "fog"),
        ("usermood", "eq", "HAPPY"),
        ("", "eq", "HAPPY"),
        ("UserMood", "resembles", "HAPPY"),
        ("UserMood", "EQ", "HAPPY"),
        ("UserMood", "contains", "HAPPY"),  # of the wrong kind
        ("StatusText", "eq", "free"),
        ("StatusText", "in", ("free",)),
        ("OnlineStatus", "contains", "true"),
        ("Idle", "eq", 5),
        ("Idle", "lt", 5),
        ("UserMood", "eq", "FINE"),
        ("UserMood", "eq", "happy"),
        ("UserMood", "eq", True),
        ("UserMood", "eq", ("HAPPY",)),
        ("UserMood", "in", "HAPPY"),
        ("UserMood", "in", ()),
        ("UserMood", "in", ("HAPPY", "FINE")),
        ("UserMood", "not_in", ()),
        ("OnlineStatus", "eq", 1),
        ("OnlineStatus", "eq", "true"),
        ("StatusText", "contains", ""),
        ("StatusText", "not_contains", ""),
        ("StatusText", "contains", 5),
        ("StatusText", "contains", ("a",)),
        ("StatusText", "contains", "x" * 281),
    ],
    ids=str,
)
def test_what_is_not_understood_is_refused_and_the_clause_named(clause):
    assert refused_as(one_group(clause)) == ("condition_unknown", "0.0")
    fine = ("UserMood", "ne", "ANGRY")
    assert refused_as(any_of((fine,), (fine, clause))) == ("condition_unknown", "1.1")


def test_a_group_without_a_clause_is_refused():
    """It would be true at any time."""
    assert refused_as(Condition(any=(Group(()),))) == ("condition_unknown", "0")
    assert refused_as(any_of((("UserMood", "ne", "ANGRY"),), ())) == ("condition_unknown", "1")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("v", 0), ("v", 2), ("edge", True), ("dwell", 1), ("dwell", -1), ("dwell", 3600),
        ("not_before", 0), ("not_before", 1_800_000_000_000), ("window", {}), ("window", {"days": [1]}),
    ],
)  # fmt: skip
def test_a_way_of_waiting_that_is_not_kept_is_refused_never_ignored(part, value):
    condition = msgspec.structs.replace(PRESETS["available"], **{part: value})
    assert refused_as(condition) == ("condition_unsupported", "")
    with pytest.raises(Refused, match=f"“{part}”"):
        check(condition)


def test_the_limits_at_and_past():
    clause = ("UserMood", "ne", "ANGRY")
    assert (GROUPS_MAX, CLAUSES_MAX) == (4, 8)
    check(any_of(*[(clause, clause)] * 4))
    check(any_of((clause,) * 8))
    assert refused_as(any_of(*[(clause,)] * 5)) == ("condition_too_large", "")
    assert refused_as(any_of((clause,) * 9)) == ("condition_too_large", "")
    assert refused_as(any_of((clause,) * 5, (clause,) * 4)) == ("condition_too_large", "")


def test_everything_that_is_wrong_is_said():
    condition = any_of((("Weather", "eq", "fog"), ("UserMood", "eq", "FINE")), (("Tide", "eq", "low"),))
    wrong = [(each.code, each.clause) for each in problems(condition)]
    assert wrong == [("condition_unknown", place) for place in ("0.0", "0.1", "1.0")]
    assert list(problems(WHEN_ONLINE)) == []


# --- contradictions


@pytest.mark.parametrize(
    ("clauses", "place"),
    [
        ([("UserMood", "eq", "HAPPY"), ("UserMood", "eq", "SAD")], "0.1"),
        ([("UserMood", "eq", "HAPPY"), ("Activity", "eq", "LUNCH"), ("UserMood", "ne", "HAPPY")], "0.2"),
        ([("UserMood", "in", ("HAPPY", "SAD")), ("UserMood", "not_in", ("SAD", "HAPPY"))], "0.1"),
        ([("UserAvailability", "not_in", AVAILABILITIES)], "0.0"),
        ([("UserAvailability", "ne", word) for word in AVAILABILITIES], "0.2"),
        ([("OnlineStatus", "eq", False)], "0.0"),
        ([("OnlineStatus", "ne", True)], "0.0"),
        ([("OnlineStatus", "not_in", (True,))], "0.0"),
        ([("StatusText", "contains", "Lunch"), ("StatusText", "not_contains", "LUNCH")], "0.1"),
        ([("StatusText", "not_contains", "un"), ("StatusText", "contains", "lunch")], "0.1"),
        ([("StatusText", "contains", "STRASSE"), ("StatusText", "not_contains", "straße")], "0.1"),
        ([("StatusText", "contains", "caf\u00e9"), ("StatusText", "not_contains", "cafe\u0301")], "0.1"),
        ([("StatusText", "contains", "a b"), ("StatusText", "not_contains", "a  b")], "0.1"),
    ],
    ids=str,
)
def test_what_can_never_be_true_is_refused_and_the_clause_named(clauses, place):
    assert refused_as(one_group(*clauses)) == ("condition_impossible", place)
    with pytest.raises(Refused) as caught:
        check(one_group(*clauses))
    assert clauses[0][0] in caught.value.text


def test_a_contradiction_in_one_group_is_refused_though_another_group_can_hold():
    never = (("UserMood", "eq", "HAPPY"), ("UserMood", "eq", "SAD"))
    assert refused_as(any_of((("UserMood", "ne", "ANGRY"),), never)) == ("condition_impossible", "1.1")


def test_what_excludes_each_other_may_stand_in_two_groups():
    check(any_of((("UserMood", "eq", "HAPPY"),), (("UserMood", "ne", "HAPPY"),)))


@pytest.mark.parametrize(
    "clauses",
    [
        [("StatusText", "contains", "lunch"), ("StatusText", "not_contains", "lunches")],
        [("StatusText", "contains", "lunch"), ("FreeTextLocation", "not_contains", "lunch")],
        [("StatusText", "contains", "a"), ("StatusText", "contains", "b")],
        [("UserMood", "not_in", MOODS[1:])],
    ],
    ids=str,
)
def test_what_can_be_true_is_accepted(clauses):
    check(one_group(*clauses))


# --- tried out on everything small


WORDS = {
    "UserAvailability": AVAILABILITIES,
    "Activity": ATTRIBUTES["Activity"].words,
    "OnlineStatus": (True, False),
}


@st.composite
def word_clauses(draw):
    name = draw(st.sampled_from(sorted(WORDS)))
    one = st.sampled_from(WORDS[name])
    op = draw(st.sampled_from(["eq", "ne", "in", "not_in"]))
    value = draw(st.lists(one, min_size=1, max_size=4).map(tuple) if OPERATORS[op].many else one)
    return Clause(name, op, value)


@st.composite
def text_clauses(draw):
    name = draw(st.sampled_from(["StatusText", "Alias"]))
    text = st.text("aAbß s", min_size=1, max_size=3)
    return Clause(name, draw(st.sampled_from(["contains", "not_contains"])), draw(text))


clauses = st.one_of(word_clauses(), text_clauses())
groups = st.lists(clauses, min_size=1, max_size=4).map(lambda found: Group(tuple(found)))
conditions = st.lists(groups, max_size=3).map(lambda found: Condition(any=tuple(found)))
documents = st.fixed_dictionaries(
    {
        "OnlineStatus": st.booleans(),
        "UserAvailability": st.sampled_from(AVAILABILITIES),
        "Activity": st.sampled_from(WORDS["Activity"]),
        "StatusText": st.text("aAbBßS ", max_size=5),
        "Alias": st.text("aAbBßS ", max_size=5),
    }
)
hidings = st.sets(st.sampled_from(["OnlineStatus", "UserAvailability", "Activity", "StatusText", "Alias"]))


@given(st.lists(word_clauses(), min_size=1, max_size=4))
def test_a_group_of_words_is_refused_exactly_where_no_presence_satisfies_it(found):
    condition = Condition(any=(Group(tuple(found)),))
    possible = any(
        holds(condition, dict(zip(WORDS, values, strict=True))) for values in product(*WORDS.values())
    )
    impossible = any(problem.code == "condition_impossible" for problem in problems(condition))
    assert impossible is not possible


@given(groups, documents)
def test_what_is_refused_as_impossible_is_false_over_every_presence(group, values):
    condition = Condition(any=(group,))
    if any(problem.code == "condition_impossible" for problem in problems(condition)):
        assert evaluate(condition, values).truth is False


@given(text_clauses(), text_clauses())
def test_two_clauses_over_a_text_are_refused_exactly_where_they_clash(one, other):
    condition = Condition(any=(Group((one, other)),))
    clash = list(problems(condition)) != []
    if one.attr == other.attr and {one.op, other.op} == {"contains", "not_contains"}:
        wanted = one if one.op == "contains" else other
        values = HERE | {one.attr: wanted.value}
        assert clash is not holds(condition, values)
    else:
        assert not clash


# --- what is hidden


@given(conditions, documents, hidings)
def test_what_is_hidden_never_decides(condition, values, hidden):
    """Unknown may become anything, but TRUE and FALSE stay what they are when everything is seen."""
    visible = {name: value for name, value in values.items() if name not in hidden}
    known = evaluate(condition, visible).truth
    assert known is None or known is evaluate(condition, values).truth


@given(conditions, documents, hidings)
def test_true_needs_a_group_that_is_seen_whole(condition, values, hidden):
    visible = {name: value for name, value in values.items() if name not in hidden}
    if holds(condition, visible):
        assert "OnlineStatus" not in hidden
        seen_whole = [group for group in condition.any if not hidden & {clause.attr for clause in group.all}]
        assert seen_whole or not condition.any


NEGATIONS = {
    "eq": "ne",
    "ne": "eq",
    "in": "not_in",
    "not_in": "in",
    "contains": "not_contains",
    "not_contains": "contains",
}


@given(clauses, documents, st.booleans())
def test_the_negation_of_unknown_is_unknown_and_of_the_rest_the_opposite(clause, values, hide):
    negated = msgspec.structs.replace(clause, op=NEGATIONS[clause.op])
    if hide:
        values = {name: value for name, value in values.items() if name != clause.attr}
    (found,), (opposite,) = (
        evaluate(Condition(any=(Group((each,)),)), values).clauses[0] for each in (clause, negated)
    )
    assert found is None and opposite is None if hide else found is (not opposite)


# --- written and read


@given(conditions)
def test_what_is_written_is_read_back(condition):
    assert parse(canonical(condition)) == condition


@given(conditions, conditions)
def test_equal_conditions_have_equal_texts_and_others_have_others(one, other):
    assert (one == other) is (canonical(one) == canonical(other))


def test_the_order_of_fields_does_not_matter():
    text = '{"any":[{"all":[{"value":"SAD","op":"ne","attr":"UserMood"}]}],"v":1}'
    assert canonical(parse(text)) == canonical(one_group(("UserMood", "ne", "SAD")))


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{", '{"any":[{}]}', '{"any":{}}', '{"some":[]}', '{"any":[],"any2":[]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq"}]}]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq","value":null}]}]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq","value":1.5}]}]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq","value":{"a":1}}]}]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq","value":"SAD","not":true}]}]}',
        '{"dwell":1.5}', '{"dwell":true}', '{"edge":1}', '{"v":"1"}', '{"v":NaN}',
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.code == "condition_unknown"
