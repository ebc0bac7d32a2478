"""The laws of conditions, tried out on everything small enough: what is refused, what is hidden, what time does."""

from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.conditions import (
    OPERATORS,
    Clause,
    Condition,
    Group,
    canonical,
    evaluate,
    next_moment,
    not_offered,
    parse,
    problems,
)
from tact_engine.core.presence import ATTRIBUTES, AVAILABILITIES, Presence, Reading, nobody, seen
from tact_engine.core.window import Window

NOW_MS = 1_767_945_600_000  # Friday 9 January 2026, 08:00 in UTC and 10:00 in Helsinki
HERE = seen(nobody("mary"), NOW_MS) | {"OnlineStatus": True}
HELSINKI = {"TimeZone": Reading("Europe/Helsinki", 0)}


def holds(condition, values):
    return evaluate(condition, values, NOW_MS).truth is True


# --- everything small enough to try out


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


idle_clauses = st.builds(Clause, st.just("Idle"), st.sampled_from(["lt", "ge"]), st.integers(0, 6))
clauses = st.one_of(word_clauses(), text_clauses(), idle_clauses)
groups = st.lists(clauses, min_size=1, max_size=4).map(lambda found: Group(tuple(found)))
windows = st.builds(
    Window,
    st.sampled_from(["00:00", "09:00", "22:00"]),
    st.sampled_from(["06:00", "17:00", "24:00"]),
    st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True).map(tuple),
)
conditions = st.lists(groups, max_size=3).map(lambda found: Condition(any=tuple(found)))
timed = st.builds(
    Condition,
    any=st.lists(groups, max_size=2).map(tuple),
    edge=st.booleans(),
    dwell=st.integers(0, 3600),
    not_before=st.none() | st.integers(NOW_MS - 10_000, NOW_MS + 10_000),
    window=st.none() | windows,
)
documents = st.fixed_dictionaries(
    {
        "OnlineStatus": st.booleans(),
        "UserAvailability": st.sampled_from(AVAILABILITIES),
        "Activity": st.sampled_from(WORDS["Activity"]),
        "StatusText": st.text("aAbBßS ", max_size=5),
        "Alias": st.text("aAbBßS ", max_size=5),
        "Idle": st.integers(0, 7),
    }
)
hidings = st.sets(
    st.sampled_from(["OnlineStatus", "UserAvailability", "Activity", "StatusText", "Alias", "Idle"])
)


# --- what is refused


@pytest.mark.rule("W25")
@given(st.lists(word_clauses(), min_size=1, max_size=4))
def test_a_group_of_words_is_refused_exactly_where_no_presence_satisfies_it(found):
    condition = Condition(any=(Group(tuple(found)),))
    possible = any(
        holds(condition, dict(zip(WORDS, values, strict=True))) for values in product(*WORDS.values())
    )
    impossible = any(problem.code == "condition_impossible" for problem in problems(condition))
    assert impossible is not possible


@pytest.mark.rule("W25")
@given(st.lists(idle_clauses, min_size=1, max_size=5))
def test_a_group_of_seconds_is_refused_exactly_where_no_length_satisfies_it(found):
    condition = Condition(any=(Group(tuple(found)),))
    possible = any(holds(condition, HERE | {"Idle": seconds}) for seconds in range(8))
    assert [each.code for each in problems(condition)] == ([] if possible else ["condition_impossible"])


@pytest.mark.rule("W25")
@given(groups, documents)
def test_what_is_refused_as_impossible_is_false_over_every_presence(group, values):
    condition = Condition(any=(group,))
    if any(problem.code == "condition_impossible" for problem in problems(condition)):
        assert evaluate(condition, values, NOW_MS).truth is False


@pytest.mark.rule("W25")
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


@pytest.mark.rule("S9", "S10")
@given(timed, documents, hidings)
def test_what_needs_something_that_is_not_offered_is_never_true(condition, values, hidden):
    offered = {name: value for name, value in values.items() if name not in hidden}
    if not_offered(condition, offered):
        assert evaluate(condition, offered, NOW_MS, here=True).truth is not True


# --- what is hidden


@pytest.mark.rule("W14")
@given(conditions, documents, hidings)
def test_what_is_hidden_never_decides(condition, values, hidden):
    """Unknown may become anything, but TRUE and FALSE stay what they are when everything is seen."""
    visible = {name: value for name, value in values.items() if name not in hidden}
    known = evaluate(condition, visible, NOW_MS).truth
    assert known is None or known is evaluate(condition, values, NOW_MS).truth


@pytest.mark.rule("W14")
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
    "lt": "ge",
    "ge": "lt",
}


@pytest.mark.rule("W14")
@given(clauses, documents, st.booleans())
def test_the_negation_of_unknown_is_unknown_and_of_the_rest_the_opposite(clause, values, hide):
    negated = msgspec.structs.replace(clause, op=NEGATIONS[clause.op])
    if hide:
        values = {name: value for name, value in values.items() if name != clause.attr}
    (found,), (opposite,) = (
        evaluate(Condition(any=(Group((each,)),)), values, NOW_MS).clauses[0] for each in (clause, negated)
    )
    assert found is None and opposite is None if hide else found is (not opposite)


# --- time


@pytest.mark.rule("W5", "W24")
@given(
    st.lists(
        st.builds(Clause, st.just("Idle"), st.sampled_from(["lt", "ge"]), st.integers(0, 40)), max_size=2
    ),
    st.none() | st.integers(NOW_MS - 9_000, NOW_MS + 30_000),
    st.none()
    | st.sampled_from([Window("10:00", "10:01"), Window("09:59", "10:00"), Window("10:00", "09:59")]),
    st.integers(NOW_MS - 30_000, NOW_MS + 20_000),
    st.integers(NOW_MS - 30_000, NOW_MS + 20_000),
    st.lists(st.integers(0, 59_999), min_size=1, max_size=20),
)
def test_until_the_next_moment_time_alone_changes_nothing(found, begin, window, since, at_ms, later):
    """Whoever looks again at those moments alone sees every change, at the millisecond at which it happens."""
    condition = Condition(any=tuple(Group((clause,)) for clause in found), not_before=begin, window=window)
    document = Presence("mary", 1, {"OnlineStatus": Reading(True, 0), "Idle": Reading(0, since)} | HELSINKI)

    def verdict(instant):
        return evaluate(condition, seen(document, instant), instant)

    moment = next_moment(condition, seen(document, at_ms), at_ms)
    if moment is None:
        moment = at_ms + 60_001
    assert moment > at_ms
    for instant in (moment - 1, *(at_ms + each for each in later if at_ms + each < moment)):
        assert verdict(instant) == verdict(at_ms)


# --- written and read


@given(timed)
def test_what_is_written_is_read_back(condition):
    assert parse(canonical(condition)) == condition


@given(timed, timed)
def test_equal_conditions_have_equal_texts_and_others_have_others(one, other):
    assert (one == other) is (canonical(one) == canonical(other))
