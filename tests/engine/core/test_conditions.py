"""Conditions: three-valued truth, time, and what is refused. Their laws are tried out in test_conditions_laws."""

import msgspec
import pytest

from tact_engine.core.conditions import (
    CLAUSES_MAX,
    DWELL_SECONDS_MAX,
    GROUPS_MAX,
    OPERATORS,
    PRESETS,
    WHEN_ONLINE,
    Clause,
    Condition,
    Group,
    attributes_of,
    canonical,
    check,
    check_in_time,
    clauses_of,
    evaluate,
    next_moment,
    not_offered,
    one_group,
    parse,
    problems,
)
from tact_engine.core.errors import Refused
from tact_engine.core.presence import (
    ATTRIBUTES,
    AVAILABILITIES,
    INSTANT_MAX,
    MOODS,
    SECONDS_MAX,
    Kind,
    Presence,
    Reading,
    nobody,
    seen,
)
from tact_engine.core.window import Window

NOW_MS = 1_767_945_600_000  # Friday 9 January 2026, 08:00 in UTC and 10:00 in Helsinki
HERE = seen(nobody("mary"), NOW_MS) | {"OnlineStatus": True}
"""Mary as Tom sees her: online, everything else as it is before anybody sets it."""


def truth(*clauses, **values):
    return evaluate(one_group(*clauses), HERE | values, NOW_MS).truth


def holds(condition, values, at_ms=NOW_MS):
    return evaluate(condition, values, at_ms).truth is True


def any_of(*groups):
    return Condition(any=tuple(Group(tuple(Clause(*clause) for clause in group)) for group in groups))


# --- operators


@pytest.mark.rule("W3")
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


@pytest.mark.rule("W4")
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


@pytest.mark.rule("W3")
def test_booleans():
    assert truth(("OnlineStatus", "eq", True)) is True
    assert truth(("OnlineStatus", "in", (True, False))) is True
    assert truth(("OnlineStatus", "ne", False)) is True


@pytest.mark.rule("W5")
@pytest.mark.parametrize(
    ("op", "wanted", "value", "expected"),
    [
        ("lt", 300, 0, True),
        ("lt", 300, 299, True),
        ("lt", 300, 300, False),
        ("ge", 300, 299, False),
        ("ge", 300, 300, True),
        ("ge", 0, 0, True),
    ],
)
def test_seconds(op, wanted, value, expected):
    assert truth(("Idle", op, wanted), Idle=value) is expected


def test_every_operator_has_a_row_above():
    assert set(OPERATORS) == {"eq", "ne", "in", "not_in", "contains", "not_contains", "lt", "ge"}


@pytest.mark.rule("U8")
def test_every_attribute_can_be_asked_for_in_one_way_or_another():
    """The time zone is asked for by a window."""
    kinds = {kind for row in OPERATORS.values() for kind in row.kinds}
    assert {name for name, row in ATTRIBUTES.items() if row.kind not in kinds} == {"TimeZone"}


@pytest.mark.rule("W14")
@pytest.mark.parametrize("op", OPERATORS)
def test_over_something_hidden_every_operator_is_unknown(op):
    samples = {Kind.TEXT: ("StatusText", "x"), Kind.WORD: ("UserMood", "HAPPY"), Kind.SECONDS: ("Idle", 300)}
    name, wanted = next(sample for kind, sample in samples.items() if kind in OPERATORS[op].kinds)
    condition = one_group((name, op, (wanted,) if OPERATORS[op].many else wanted))
    check(condition)
    values = {key: value for key, value in HERE.items() if key != name}
    assert evaluate(condition, values, NOW_MS).truth is None


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


@pytest.mark.rule("W1", "W14")
@pytest.mark.parametrize(("pair", "expected"), AND.items(), ids=str)
def test_all_of(pair, expected):
    one, other, values = all_values(*pair)
    verdict = evaluate(any_of((one, other)), values, NOW_MS)
    assert (verdict.truth, verdict.clauses) == (expected, (pair,))


@pytest.mark.rule("W1", "W14")
@pytest.mark.parametrize(("pair", "expected"), OR.items(), ids=str)
def test_any_of(pair, expected):
    one, other, values = all_values(*pair)
    verdict = evaluate(any_of((one,), (other,)), values, NOW_MS)
    assert (verdict.truth, verdict.clauses) == (expected, ((pair[0],), (pair[1],)))


@pytest.mark.rule("W7", "W14")
@pytest.mark.parametrize(("pair", "expected"), AND.items(), ids=str)
def test_the_implicit_online_is_one_more_clause_of_all(pair, expected):
    clause, values = clause_of(pair[1], "A")
    if pair[0] is not None:
        values = values | {"OnlineStatus": pair[0]}
    verdict = evaluate(any_of((clause,)), values, NOW_MS)
    assert (verdict.truth, verdict.online) == (expected, pair[0])


# --- the law's own examples


@pytest.mark.rule("W7")
@pytest.mark.parametrize(("online", "expected"), [(True, True), (False, False), (None, None)])
def test_no_condition_is_when_online(online, expected):
    values = {} if online is None else {"OnlineStatus": online}
    assert evaluate(WHEN_ONLINE, values, NOW_MS).truth is expected


@pytest.mark.rule("W7")
def test_offline_nothing_holds():
    condition = any_of((("UserMood", "eq", "NONE"),), (("StatusText", "not_contains", "x"),))
    assert holds(condition, HERE)
    assert evaluate(condition, HERE | {"OnlineStatus": False}, NOW_MS).truth is False


@pytest.mark.rule("W13")
@pytest.mark.parametrize("mood", MOODS)
def test_no_longer_angry(mood):
    assert truth(("UserMood", "ne", "ANGRY"), UserMood=mood) is (mood != "ANGRY")


@pytest.mark.rule("W15")
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


@pytest.mark.rule("W6")
def test_an_attribute_or_operator_of_a_later_version_is_unknown_never_true():
    assert evaluate(one_group(("Weather", "ne", "fog")), HERE, NOW_MS).truth is None
    assert evaluate(one_group(("UserMood", "resembles", "HAPPY")), HERE, NOW_MS).truth is None


# --- time


def in_office_hours(**rest):
    return Condition(window=Window("09:00", "17:00", (1, 2, 3, 4, 5)), **rest)


@pytest.mark.rule("W20")
@pytest.mark.parametrize(("late", "expected"), [(-1, False), (0, True), (1, True)])
def test_not_before_is_a_clause_like_the_others(late, expected):
    verdict = evaluate(Condition(not_before=NOW_MS), HERE, NOW_MS + late)
    assert (verdict.truth, verdict.not_before, verdict.online, verdict.window) == (
        expected,
        expected,
        True,
        True,
    )


@pytest.mark.rule("W21", "W23")
@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/Helsinki", True), ("UTC", False), ("America/New_York", False), ("Asia/Kolkata", True)],
)
def test_a_window_is_one_by_the_clock_of_the_recipient(zone, expected):
    verdict = evaluate(in_office_hours(), HERE | {"TimeZone": zone}, NOW_MS)
    assert (verdict.truth, verdict.window) == (expected, expected)


@pytest.mark.rule("W14", "W23")
@pytest.mark.parametrize(
    "values", [{}, {"TimeZone": "Europe/Turku"}, {"TimeZone": ""}, {"TimeZone": "../UTC"}], ids=str
)
def test_where_no_clock_is_to_be_seen_the_window_is_unknown(values):
    verdict = evaluate(in_office_hours(), HERE | values, NOW_MS)
    assert (verdict.truth, verdict.window) == (None, None)
    late = evaluate(in_office_hours(not_before=NOW_MS + 1), HERE | values, NOW_MS)
    assert (late.truth, late.not_before, late.window) == (False, False, None)


@pytest.mark.rule("W24")
@pytest.mark.parametrize("mood", ["HAPPY", "ANGRY"])
@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize("zone", ["Europe/Helsinki", "UTC"])
def test_the_parts_about_time_hold_together_with_the_rest(mood, late, zone):
    condition = msgspec.structs.replace(
        PRESETS["not angry"], not_before=NOW_MS + late, window=Window("09:00", "17:00", (5,))
    )
    expected = mood == "HAPPY" and not late and zone == "Europe/Helsinki"
    assert evaluate(condition, HERE | {"UserMood": mood, "TimeZone": zone}, NOW_MS).truth is expected


@pytest.mark.rule("S7", "W7")
@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize("values", [{}, {"OnlineStatus": True}, {"OnlineStatus": False}], ids=str)
def test_whether_they_are_here_goes_by_the_truth_where_it_is_told(here, values):
    verdict = evaluate(WHEN_ONLINE, values, NOW_MS, here)
    assert (verdict.truth, verdict.online) == (here, here)


@pytest.mark.rule("S9")
def test_a_clause_that_was_written_down_stays_unknown_though_they_are_here():
    verdict = evaluate(one_group(("OnlineStatus", "eq", True)), {}, NOW_MS, here=True)
    assert (verdict.truth, verdict.online, verdict.clauses) == (None, True, ((None,),))


def test_edge_and_dwell_are_not_of_one_moment():
    assert holds(Condition(edge=True, dwell=3600), HERE)


# --- when to look again


@pytest.mark.rule("W24")
@pytest.mark.parametrize(
    ("condition", "values", "later"),
    [
        (WHEN_ONLINE, {}, None),
        (PRESETS["available"], {}, None),
        (Condition(edge=True, dwell=60), {}, None),
        (Condition(not_before=NOW_MS + 5), {}, 5),
        (Condition(not_before=NOW_MS), {}, None),
        (Condition(not_before=NOW_MS - 5), {}, None),
        (in_office_hours(), {}, None),  # without a clock it stays unknown
        (in_office_hours(), {"TimeZone": "Europe/Helsinki"}, 7 * 3_600_000),
        (in_office_hours(), {"TimeZone": "UTC"}, 3_600_000),
        (in_office_hours(not_before=NOW_MS + 5), {"TimeZone": "UTC"}, 5),
        (one_group(("Idle", "ge", 300)), {"Idle": 100}, 200_000),
        (one_group(("Idle", "lt", 300)), {"Idle": 299}, 1_000),
        (one_group(("Idle", "ge", 300)), {"Idle": 300}, None),
        (one_group(("Idle", "ge", 300)), {"Idle": 9_999}, None),
        (
            any_of((("Idle", "ge", 300),), (("UserMood", "eq", "SAD"), ("Idle", "lt", 60))),
            {"Idle": 10},
            50_000,
        ),
        (one_group(("Weather", "ge", 300), ("Idle", "ge", "x")), {"Weather": 10}, None),
    ],
    ids=str,
)
def test_when_time_alone_may_change_the_verdict(condition, values, later):
    expected = None if later is None else NOW_MS + later
    assert next_moment(condition, HERE | values, NOW_MS) == expected


@pytest.mark.rule("W14", "W24")
def test_time_changes_nothing_about_what_is_hidden():
    values = {name: value for name, value in HERE.items() if name != "Idle"}
    assert next_moment(one_group(("Idle", "ge", 300)), values, NOW_MS) is None


def test_looking_again_comes_to_an_end():
    condition = one_group(("Idle", "ge", 30), ("Idle", "lt", 60))
    document = Presence("mary", 1, {"OnlineStatus": Reading(True, 0), "Idle": Reading(0, NOW_MS + 700)})
    moments, at_ms = [], NOW_MS
    while (moment := next_moment(condition, seen(document, at_ms), at_ms)) is not None:
        moments.append(moment - NOW_MS)
        at_ms = moment
    assert moments == [30_000, 60_000]


# --- what a condition looks at, and what is offered for it


def test_all_clauses_in_their_order():
    condition = any_of((("UserMood", "ne", "SAD"), ("Idle", "lt", 5)), (("StatusText", "contains", "x"),))
    assert [clause.attr for clause in clauses_of(condition)] == ["UserMood", "Idle", "StatusText"]


@pytest.mark.rule("S8", "W23")
def test_the_attributes_a_condition_looks_at():
    moods = any_of((("UserMood", "ne", "SAD"),), (("UserMood", "eq", "SAD"), ("Idle", "lt", 5)))
    assert attributes_of(WHEN_ONLINE) == attributes_of(Condition(not_before=5)) == frozenset()
    assert attributes_of(moods) == {"UserMood", "Idle"}
    assert attributes_of(msgspec.structs.replace(moods, window=Window("09:00", "17:00"))) == {
        "UserMood", "Idle", "TimeZone",
    }  # fmt: skip


EITHER = any_of((("UserMood", "ne", "SAD"), ("Idle", "lt", 5)), (("StatusText", "contains", "x"),))


@pytest.mark.rule("S10")
@pytest.mark.parametrize(
    ("condition", "offered", "missing"),
    [
        (WHEN_ONLINE, set(), ""),
        (Condition(not_before=5, edge=True), set(), ""),
        (in_office_hours(), {"UserMood"}, "TimeZone"),
        (in_office_hours(), {"TimeZone"}, ""),
        (PRESETS["not angry"], {"UserMood"}, ""),
        (PRESETS["not angry"], {"Idle"}, "UserMood"),
        (EITHER, ("UserMood", "Idle"), ""),
        (EITHER, {"StatusText"}, ""),
        (EITHER, {"UserMood"}, "Idle"),
        (EITHER, {"Idle"}, "UserMood"),
        (EITHER, set(), "UserMood"),
        (msgspec.structs.replace(EITHER, window=Window("09:00", "17:00")), {"StatusText"}, "TimeZone"),
    ],
    ids=str,
)
def test_what_is_missing_for_it_ever_to_be_true(condition, offered, missing):
    assert not_offered(condition, offered) == missing


# --- what is refused


def refused_as(condition):
    with pytest.raises(Refused) as caught:
        check(condition)
    return caught.value.code, caught.value.clause


@pytest.mark.rule("W6")
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
        ("Idle", "in", (5,)),
        ("Idle", "lt", -1),
        ("Idle", "lt", True),
        ("Idle", "ge", "5"),
        ("Idle", "ge", (5,)),
        ("Idle", "ge", SECONDS_MAX + 1),
        ("UserMood", "lt", 5),
        ("StatusText", "ge", 5),
        *(("TimeZone", op, ("UTC",) if row.many else "UTC") for op, row in OPERATORS.items()),
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


@pytest.mark.rule("W6")
@pytest.mark.parametrize("version", [0, 2, -1, 10**30])
def test_a_later_form_is_refused_never_guessed_at(version):
    condition = msgspec.structs.replace(PRESETS["available"], v=version)
    assert refused_as(condition) == ("condition_unsupported", "")


@pytest.mark.rule("W16")
@pytest.mark.parametrize(
    ("dwell", "code"),
    [(-1, "dwell_out_of_range"), (0, ""), (1, ""), (DWELL_SECONDS_MAX, ""), (3_601, "dwell_out_of_range")],
)
def test_how_long_it_can_be_asked_to_hold(dwell, code):
    assert [each.code for each in problems(Condition(dwell=dwell))] == ([code] if code else [])
    assert all(each.clause == "dwell" for each in problems(Condition(dwell=dwell)))


@pytest.mark.rule("W20")
@pytest.mark.parametrize(
    ("instant", "fine"),
    [(-1, False), (0, True), (INSTANT_MAX, True), (INSTANT_MAX + 1, False), (10**30, False)],
)
def test_which_instants_there_are(instant, fine):
    wrong = [(each.code, each.clause) for each in problems(Condition(not_before=instant))]
    assert wrong == ([] if fine else [("condition_unknown", "not_before")])


@pytest.mark.rule("W6", "W21")
def test_a_window_that_is_none_is_refused_and_said_why():
    assert refused_as(Condition(window=Window("09:00", "09:00"))) == ("condition_unknown", "window")
    with pytest.raises(Refused, match="1 \\(Monday\\)"):
        check(Condition(window=Window("09:00", "17:00", (0,))))
    check(Condition(window=Window("22:00", "06:00", (5,))))


@pytest.mark.rule("W2")
def test_the_limits_at_and_past():
    clause = ("UserMood", "ne", "ANGRY")
    assert (GROUPS_MAX, CLAUSES_MAX) == (4, 8)
    check(any_of(*[(clause, clause)] * 4))
    check(any_of((clause,) * 8))
    assert refused_as(any_of(*[(clause,)] * 5)) == ("condition_too_large", "")
    assert refused_as(any_of((clause,) * 9)) == ("condition_too_large", "")
    assert refused_as(any_of((clause,) * 5, (clause,) * 4)) == ("condition_too_large", "")


def test_everything_that_is_wrong_is_said():
    condition = msgspec.structs.replace(
        any_of((("Weather", "eq", "fog"), ("UserMood", "eq", "FINE")), (("Tide", "eq", "low"),)),
        dwell=-1,
        not_before=-1,
        window=Window("", ""),
    )
    wrong = [(each.code, each.clause) for each in problems(condition)]
    assert wrong == [
        ("dwell_out_of_range", "dwell"),
        *(("condition_unknown", place) for place in ("not_before", "window", "0.0", "0.1", "1.0")),
    ]
    assert list(problems(WHEN_ONLINE)) == []


@pytest.mark.rule("W26")
@pytest.mark.parametrize(
    ("dwell", "left_ms", "fine"), [(0, 1, True), (60, 60_000, False), (60, 60_001, True), (61, 60_999, False)]
)
def test_it_must_be_able_to_hold_before_the_message_ends(dwell, left_ms, fine):
    assert too_late(Condition(dwell=dwell), left_ms) == ("" if fine else "dwell_too_long dwell")


@pytest.mark.rule("W20", "W26")
@pytest.mark.parametrize(
    ("later", "dwell", "fine"),
    [(59_999, 0, True), (60_000, 0, False), (49_999, 10, True), (50_000, 10, False)],
)
def test_it_must_begin_before_the_message_ends_and_hold_until_then(later, dwell, fine):
    condition = Condition(not_before=NOW_MS + later, dwell=dwell)
    assert too_late(condition, 60_000) == ("" if fine else "begins_too_late not_before")


def too_late(condition, left_ms):
    try:
        check_in_time(condition, NOW_MS, NOW_MS + left_ms)
    except Refused as caught:
        return f"{caught.code} {caught.clause}"
    return ""


# --- contradictions


@pytest.mark.rule("W25")
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
        ([("Idle", "lt", 0)], "0.0"),
        ([("Idle", "lt", 300), ("Idle", "ge", 300)], "0.1"),
        ([("Idle", "ge", 301), ("UserMood", "ne", "SAD"), ("Idle", "lt", 300)], "0.2"),
    ],
    ids=str,
)
def test_what_can_never_be_true_is_refused_and_the_clause_named(clauses, place):
    assert refused_as(one_group(*clauses)) == ("condition_impossible", place)
    with pytest.raises(Refused) as caught:
        check(one_group(*clauses))
    assert clauses[0][0] in caught.value.text


@pytest.mark.rule("W25")
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
        [("Idle", "ge", 299), ("Idle", "lt", 300)],
        [("Idle", "lt", 1)],
        [("Idle", "ge", SECONDS_MAX)],
    ],
    ids=str,
)
def test_what_can_be_true_is_accepted(clauses):
    check(one_group(*clauses))


# --- written and read


def test_what_is_left_out_is_as_in_the_shortest_form():
    assert canonical(WHEN_ONLINE) == "{}"
    long = '{"v":1,"any":[],"edge":false,"dwell":0,"not_before":null,"window":null}'
    assert parse(long) == parse("{}") == WHEN_ONLINE


def test_the_order_of_days_is_kept_and_means_nothing():
    one, other = (Condition(window=Window("09:00", "17:00", days)) for days in ((1, 2), (2, 1)))
    assert canonical(one) != canonical(other)
    values = HERE | {"TimeZone": "Europe/Helsinki"}
    for day in range(7):
        at_ms = NOW_MS + day * 24 * 3600 * 1000
        assert evaluate(one, values, at_ms) == evaluate(other, values, at_ms)


def test_the_order_of_fields_does_not_matter():
    text = '{"any":[{"all":[{"value":"SAD","op":"ne","attr":"UserMood"}]}],"v":1}'
    assert canonical(parse(text)) == canonical(one_group(("UserMood", "ne", "SAD")))


@pytest.mark.rule("W6")
@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "{", '{"any":[{}]}', '{"any":{}}', '{"some":[]}', '{"any":[],"any2":[]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq"}]}]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq","value":null}]}]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq","value":1.5}]}]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq","value":{"a":1}}]}]}',
        '{"any":[{"all":[{"attr":"UserMood","op":"eq","value":"SAD","not":true}]}]}',
        '{"dwell":1.5}', '{"dwell":true}', '{"edge":1}', '{"v":"1"}', '{"v":NaN}', "\ud800", '{"any":"\ud800"}',
        '{"not_before":true}', '{"not_before":1e15}', '{"not_before":"2026-01-09"}', '{"not_before":%s}' % ("9" * 5000),
        '{"window":{}}', '{"window":[]}', '{"window":{"start":"09:00","end":"17:00","days":[true]}}',
        '{"window":{"start":"09:00","end":"17:00","zone":"UTC"}}', '{"any":[{"all":[null]}]}', '{"any":[[]]}',
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert caught.value.code == "condition_unknown"
