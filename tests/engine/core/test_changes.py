"""How a document changes: one update is one version, what ends by itself returns to what was before."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tact_engine.core.changes import (
    PREVIOUS_MAX,
    UNTIL_SECONDS_MAX,
    changed,
    idle,
    next_end,
    restored,
    updated,
)
from tact_engine.core.errors import Refused
from tact_engine.core.presence import (
    ACTIVITY,
    ALIAS,
    AVAILABILITIES,
    FREE_TEXT_LOCATION,
    IDLE,
    ONLINE_STATUS,
    STATUS_TEXT,
    TIME_ZONE,
    USER_AVAILABILITY,
    USER_MOOD,
    Presence,
    Reading,
    SetBy,
    nobody,
    seen,
)

MARY = Presence(
    "mary",
    7,
    {
        ONLINE_STATUS: Reading(True, 100, source=SetBy.ENGINE),
        USER_MOOD: Reading("ANGRY", 200),
        STATUS_TEXT: Reading("busy", 300),
    },
)
AVAILABLE, DISCREET, AWAY = AVAILABILITIES


def mood(document):
    return document.value(USER_MOOD)


def how(document):
    return document.value(USER_AVAILABILITY)


def said(*steps):
    """Mary's availability after she set it, step by step: (at, value) or (at, value, until)."""
    document = nobody("mary")
    for at, value, *until in steps:
        ends = {USER_AVAILABILITY: until[0]} if until else None
        document = updated(document, {USER_AVAILABILITY: value}, at, until=ends)
    return document


def course(document, *instants):
    """What her availability is at each instant, if the engine restores it no sooner than it has to."""
    values = []
    for instant in instants:
        while (end := next_end(document)) is not None and end <= instant:
            before, document = document, restored(document, end)
            assert document is not before, "an end that has come changes something"
        values.append(how(document))
    return values


# --- one update is one version


@pytest.mark.rule("P1")
def test_several_changes_are_one_version():
    after = updated(MARY, {USER_MOOD: "HAPPY", STATUS_TEXT: "free", ACTIVITY: "LUNCH"}, 900)
    assert after.version == MARY.version + 1
    assert [after.value(name) for name in (USER_MOOD, STATUS_TEXT, ACTIVITY)] == ["HAPPY", "free", "LUNCH"]


def test_an_update_leaves_the_old_document_as_it_was():
    updated(MARY, {USER_MOOD: "HAPPY", STATUS_TEXT: None}, 900)
    assert (mood(MARY), MARY.value(STATUS_TEXT), MARY.version) == ("ANGRY", "busy", 7)


@pytest.mark.parametrize(
    "changes", [{}, {USER_MOOD: "ANGRY"}, {STATUS_TEXT: " busy "}, {ACTIVITY: None}, {IDLE: None}], ids=str
)
def test_an_update_that_says_nothing_new_is_no_version(changes):
    assert updated(MARY, changes, 900) is MARY


@pytest.mark.rule("P2")
def test_since_moves_only_with_the_value():
    after = updated(MARY, {USER_MOOD: "ANGRY", STATUS_TEXT: "free"}, 900)
    assert after.readings[USER_MOOD] is MARY.readings[USER_MOOD]
    assert (after.readings[STATUS_TEXT].value, after.readings[STATUS_TEXT].since) == ("free", 900)
    assert after.readings[ONLINE_STATUS] is MARY.readings[ONLINE_STATUS]


@pytest.mark.rule("P2")
def test_who_set_it_is_kept():
    gone = updated(MARY, {ONLINE_STATUS: False, ALIAS: "Mary"}, 900, SetBy.ENGINE)
    assert {gone.readings[ONLINE_STATUS].source, gone.readings[ALIAS].source} == {"engine"}
    here = updated(MARY, {TIME_ZONE: "Europe/Helsinki", USER_MOOD: "SAD"}, 900)
    assert (here.readings[TIME_ZONE].source, here.readings[USER_MOOD].source) == ("client", "person")


def test_a_default_that_somebody_chose_is_a_change():
    assert updated(MARY, {ACTIVITY: "NONE"}, 900).readings[ACTIVITY] == Reading("NONE", 900)


@pytest.mark.rule("P1")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({USER_MOOD: "FINE"}, "bad_value"),
        ({STATUS_TEXT: "x" * 281}, "bad_value"),
        ({TIME_ZONE: "Europe/Turku"}, "bad_value"),
        ({ONLINE_STATUS: True}, "not_yours_to_set"),
        ({ONLINE_STATUS: None}, "not_yours_to_set"),  # or one could be offline with a session
        ({"Weather": "fog"}, "unknown_attribute"),
        ({"Weather": None}, "unknown_attribute"),
    ],
    ids=str,
)
@pytest.mark.parametrize("first", [True, False])
def test_an_update_with_one_wrong_value_is_refused_whole(wrong, code, first):
    right = {ACTIVITY: "LUNCH"}
    with pytest.raises(Refused) as caught:
        updated(MARY, wrong | right if first else right | wrong, 900)
    assert caught.value.code == code


# --- taken back


@pytest.mark.rule("P2")
def test_what_is_taken_back_is_as_before_anybody_set_it():
    after = updated(MARY, {USER_MOOD: None, STATUS_TEXT: "free"}, 900)
    assert (mood(after), after.version, set(after.readings)) == ("NONE", 8, {ONLINE_STATUS, STATUS_TEXT})
    assert seen(after, 900)[USER_MOOD] == "NONE"


@pytest.mark.rule("P22")
def test_what_is_taken_back_has_no_end_and_nothing_to_return_to():
    document = said((1, DISCREET), (2, AWAY, 50), (3, None))
    assert (next_end(document), document.readings) == (None, {})
    assert course(updated(document, {USER_AVAILABILITY: AWAY}, 9, until={USER_AVAILABILITY: 20}), 19, 20) == [
        AWAY,
        AVAILABLE,
    ]


def test_the_engine_may_take_back_what_it_set():
    assert ONLINE_STATUS not in updated(MARY, {ONLINE_STATUS: None}, 900, SetBy.ENGINE).readings


# --- ends


@pytest.mark.rule("P19")
def test_at_its_end_a_value_is_what_it_was():
    document = updated(MARY, {USER_MOOD: "HAPPY"}, 1_000, until={USER_MOOD: 5_000})
    assert (mood(document), document.readings[USER_MOOD].until, next_end(document)) == ("HAPPY", 5_000, 5_000)
    assert restored(document, 4_999) is document
    after = restored(document, 5_000)
    assert (after.version, next_end(after)) == (document.version + 1, None)
    assert after.readings[USER_MOOD].value == "ANGRY"


@pytest.mark.rule("P2", "P20")
def test_what_is_back_is_so_since_then():
    document = updated(MARY, {USER_MOOD: "HAPPY"}, 1_000, until={USER_MOOD: 5_000})
    assert restored(document, 5_300).readings[USER_MOOD] == Reading("ANGRY", 5_300)


@pytest.mark.rule("P19")
def test_what_was_never_set_before_is_unset_again():
    document = updated(MARY, {ACTIVITY: "LUNCH"}, 1_000, until={ACTIVITY: 5_000})
    assert ACTIVITY not in restored(document, 5_000).readings


@pytest.mark.rule("P1", "P20")
def test_what_ends_together_is_one_version():
    ends = {USER_MOOD: 5_000, STATUS_TEXT: 5_000, ACTIVITY: 6_000}
    document = updated(MARY, {USER_MOOD: "SAD", STATUS_TEXT: "x", ACTIVITY: "LUNCH"}, 1_000, until=ends)
    assert next_end(document) == 5_000
    after = restored(document, 5_000)
    assert after.version == document.version + 1
    assert (mood(after), after.value(STATUS_TEXT), after.value(ACTIVITY)) == ("ANGRY", "busy", "LUNCH")
    assert next_end(after) == 6_000


def test_only_some_of_an_update_may_end():
    document = updated(MARY, {USER_MOOD: "SAD", STATUS_TEXT: "x"}, 1_000, until={STATUS_TEXT: 2_000})
    after = restored(document, 9_000)
    assert (mood(after), after.value(STATUS_TEXT)) == ("SAD", "busy")


def test_where_nothing_ends_nothing_is_restored():
    assert next_end(MARY) is None
    assert restored(MARY, 10**15) is MARY


@pytest.mark.rule("P21")
def test_ends_within_ends_unwind_one_by_one():
    document = said((1, AVAILABLE), (2, DISCREET, 60), (3, AWAY, 50))
    assert course(document, 49, 50, 59, 60, 99) == [AWAY, DISCREET, DISCREET, AVAILABLE, AVAILABLE]


@pytest.mark.rule("P21")
def test_what_ended_inside_is_not_returned_to():
    document = said((1, AVAILABLE), (2, DISCREET, 50), (3, AWAY, 60))
    assert course(document, 49, 50, 59, 60) == [AWAY, AWAY, AWAY, AVAILABLE]


@pytest.mark.rule("P21")
def test_an_engine_that_slept_over_several_ends_restores_at_once():
    document = said((1, AVAILABLE), (2, DISCREET, 60), (3, AWAY, 50))
    after = restored(document, 70)
    assert (how(after), after.version, next_end(after)) == (AVAILABLE, document.version + 1, None)


@pytest.mark.rule("P22")
def test_what_is_set_without_an_end_stays():
    assert course(said((1, DISCREET, 60), (2, AWAY)), 59, 60, 10**15) == [AWAY] * 3


@pytest.mark.rule("P22")
def test_setting_the_same_without_an_end_makes_it_stay():
    document = said((1, AVAILABLE), (2, AWAY, 50), (3, AWAY))
    assert (document.readings[USER_AVAILABILITY].since, next_end(document)) == (2, None)
    assert course(document, 10**15) == [AWAY]


@pytest.mark.rule("P19")
def test_an_end_for_what_is_already_set_returns_to_what_was_before_it():
    document = said((1, DISCREET), (2, AWAY), (3, AWAY, 50))
    assert document.version == 3
    assert document.readings[USER_AVAILABILITY].since == 2
    assert course(document, 49, 50, 99) == [AWAY, DISCREET, DISCREET]


@pytest.mark.rule("P19")
@pytest.mark.parametrize("second", [40, 60])
def test_an_end_can_be_moved(second):
    document = said((1, DISCREET), (2, AWAY, 50), (3, AWAY, second))
    assert course(document, second - 1, second) == [AWAY, DISCREET]


@pytest.mark.rule("P21")
def test_an_end_moved_behind_the_outer_one_returns_behind_both():
    document = said((1, AVAILABLE), (2, DISCREET, 60), (3, AWAY, 50), (4, AWAY, 70))
    assert course(document, 60, 69, 70) == [AWAY, AWAY, AVAILABLE]


@pytest.mark.rule("P22")
def test_while_another_attribute_stays_only_what_ended_is_restored():
    document = updated(MARY, {USER_MOOD: "SAD"}, 1_000)
    document = updated(document, {STATUS_TEXT: "x"}, 2_000, until={STATUS_TEXT: 3_000})
    after = restored(document, 3_000)
    assert after.readings[USER_MOOD] is document.readings[USER_MOOD]
    assert after.value(STATUS_TEXT) == "busy"


@pytest.mark.rule("P2")
def test_since_does_not_move_where_what_returns_is_the_same():
    """Away for good, discreet for a while, then away again and longer: at that end nothing is new but the end."""
    document = said((1, AWAY), (2, DISCREET, 50), (3, AWAY, 60))
    after = restored(document, 60)
    assert after.readings[USER_AVAILABILITY].value == AWAY
    assert after.readings[USER_AVAILABILITY].since == 3
    assert (next_end(after), after.version) == (None, document.version + 1)


def test_an_end_that_has_passed_unnoticed_is_not_returned_to():
    document = said((1, AVAILABLE), (2, AWAY, 50), (70, DISCREET, 80))
    assert course(document, 79, 80) == [DISCREET, AVAILABLE]


@pytest.mark.rule("P21")
@pytest.mark.parametrize("steps", range(1, PREVIOUS_MAX + 4))
def test_however_many_lie_within_one_another_the_last_return_is_to_what_has_no_end(steps):
    words = [DISCREET, AWAY] * steps
    layers = [(2 + layer, words[layer + 1], 1_000 - layer) for layer in range(steps)]
    document = said((1, DISCREET), *layers)
    depth, reading = 0, document.readings[USER_AVAILABILITY]
    while reading.previous is not None:
        depth, reading = depth + 1, reading.previous
    assert depth == min(steps, PREVIOUS_MAX)
    assert course(document, 10**6) == [DISCREET]


def test_the_cap_keeps_the_nearest_ends():
    layers = [(2 + layer, (AWAY, DISCREET)[layer % 2], 1_000 - layer * 100) for layer in range(6)]
    document = said((1, AVAILABLE), *layers)
    assert course(document, 499, 500, 600, 700, 800) == [DISCREET, AWAY, DISCREET, AWAY, AVAILABLE]


def test_of_nested_values_over_nothing_at_all_the_last_return_is_to_nothing():
    layers = [(2 + layer, (AWAY, DISCREET)[layer % 2], 1_000 - layer) for layer in range(PREVIOUS_MAX + 3)]
    assert restored(said(*layers), 10**6).readings == {}


steps = st.lists(
    st.tuples(st.sampled_from([*AVAILABILITIES, None]), st.none() | st.integers(1, 40)),
    min_size=1,
    max_size=4,
)


@pytest.mark.rule("P19", "P21", "P22")
@given(steps)
@example(
    [("DISCREET", 4), ("AVAILABLE", 3), ("AVAILABLE", 1)]
)  # the end of the second is moved before the first's
def test_what_holds_is_what_was_said_last_and_has_not_ended(chosen):
    """A plain model: a pile of what was said, from which falls what has ended."""
    pile, document = [(AVAILABLE, None)], nobody("mary")
    for at, (value, lasts) in enumerate(chosen):
        end = None if lasts is None or value is None else at + lasts
        document = restored(document, at)
        ends = None if end is None else {USER_AVAILABILITY: end}
        document = updated(document, {USER_AVAILABILITY: value}, at, until=ends)
        pile = left_of(pile, at)
        if value is None:
            pile = [(AVAILABLE, None)]
        elif value == pile[-1][0] and len(pile) > 1:
            pile[-1] = (value, end)  # the same again only moves its end
        else:
            pile.append((value, end))
    instants = range(len(chosen) - 1, 50)
    assert course(document, *instants) == [left_of(pile, instant)[-1][0] for instant in instants]


def left_of(pile, at):
    return [layer for layer in pile if layer[1] is None or layer[1] > at]


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({USER_MOOD: "SAD"}, {USER_MOOD: 1_000}),  # now
        ({USER_MOOD: "SAD"}, {USER_MOOD: 999}),
        ({USER_MOOD: "SAD"}, {USER_MOOD: -5}),
        ({USER_MOOD: "SAD"}, {USER_MOOD: 1_001 + UNTIL_SECONDS_MAX * 1000}),
        ({USER_MOOD: "SAD"}, {USER_MOOD: 10**30}),
        ({USER_MOOD: "SAD"}, {STATUS_TEXT: 2_000}),  # what is not set
        ({USER_MOOD: "SAD"}, {USER_MOOD: 2_000, "Weather": 2_000}),
        ({}, {USER_MOOD: 2_000}),
        ({USER_MOOD: None}, {USER_MOOD: 2_000}),
        ({TIME_ZONE: "UTC"}, {TIME_ZONE: 2_000}),  # not the person's
        ({"Weather": "fog"}, {"Weather": 2_000}),
    ],
    ids=str,
)
def test_an_end_that_cannot_be_kept_is_refused(changes, until):
    with pytest.raises(Refused) as caught:
        updated(MARY, changes, 1_000, until=until)
    assert caught.value.code == "bad_until"


@pytest.mark.parametrize("end", [1_001, 1_000 + UNTIL_SECONDS_MAX * 1000])
@pytest.mark.parametrize(
    "name", [USER_MOOD, USER_AVAILABILITY, ACTIVITY, STATUS_TEXT, FREE_TEXT_LOCATION, ALIAS]
)
def test_the_first_and_the_last_end_that_can_be_kept(name, end):
    value = {USER_MOOD: "SAD", USER_AVAILABILITY: AWAY, ACTIVITY: "LUNCH"}.get(name, "x")
    assert updated(MARY, {name: value}, 1_000, until={name: end}).readings[name].until == end


def test_an_attribute_that_this_version_does_not_know_unwinds_like_any_other():
    """As another version may have kept it."""
    fog = Reading("fog", 1, 50, previous=Reading("sun", 0))
    document = Presence("mary", 7, {"Weather": fog})
    assert next_end(document) == 50
    assert restored(document, 50) == Presence("mary", 8, {"Weather": Reading("sun", 50)})


# --- idle


@pytest.mark.rule("P10", "P25", "P27")
@pytest.mark.parametrize(
    ("rests", "since"),
    [
        ((), None),
        ((None,), None),
        ((4_000,), 4_000),
        ((4_000, None), None),
        ((None, 4_000), None),
        ((4_000, 6_000, 5_000), 6_000),
        ((4_000, 99_000), 10_000),  # an input that is still to come was now
    ],
)
def test_somebody_is_as_idle_as_the_least_idle_of_their_sessions(rests, since):
    document = idle(MARY, rests, 10_000)
    if since is None:
        assert document is MARY
    else:
        assert document.readings[IDLE] == Reading((10_000 - since) // 1000, since, source="client")
        assert document.version == 8


@pytest.mark.rule("P10")
def test_growing_idle_is_no_version():
    resting = idle(MARY, (4_000,), 10_000)
    assert idle(resting, (4_000,), 90_000) is resting
    assert seen(resting, 90_000)[IDLE] == 86


@pytest.mark.rule("P10")
def test_being_active_again_is_one():
    resting = idle(MARY, (4_000,), 10_000)
    active = idle(resting, (4_000, None), 20_000)
    assert (active.version, IDLE in active.readings) == (9, False)
    assert idle(resting, (8_000,), 20_000).readings[IDLE].since == 8_000


@pytest.mark.rule("P24")
def test_what_is_noticed_by_itself_changes_nothing_that_was_said():
    resting = idle(MARY, (4_000,), 10_000)
    assert {name: each for name, each in resting.readings.items() if name != IDLE} == MARY.readings


def test_sessions_may_come_one_by_one():
    assert idle(MARY, iter((4_000, 6_000)), 10_000).readings[IDLE].since == 6_000


# --- readings as they are


def test_readings_that_say_the_same_are_no_version():
    assert changed(MARY, {}) is MARY
    assert changed(MARY, {ACTIVITY: None, USER_MOOD: Reading("ANGRY", 999)}) is MARY


def test_another_value_another_end_or_none_is_a_version():
    for name, reading in (
        (USER_MOOD, Reading("SAD", 9)),
        (USER_MOOD, Reading("ANGRY", 200, 9)),
        (USER_MOOD, None),
    ):
        assert changed(MARY, {name: reading}).version == 8
