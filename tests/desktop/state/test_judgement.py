from dataclasses import replace
from typing import Any

import pytest

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.judgement import Answer, is_fresh, judged
from tact_desktop.state.people import Person
from tact_engine.core.conditions import Condition, Truth, Verdict, one_group
from tact_engine.core.effects import Standing
from tact_engine.core.presence import Presence, Reading

NOON = 1_795_348_800_000  # Sunday 22 November 2026, 12:00 UTC
NOT_ANGRY = one_group(("UserMood", "ne", "ANGRY"))
LATER = Condition(not_before=NOON + 60_000)


def person(handle: str = "bob", version: int = 3, mood: str = "ANGRY") -> Person:
    values: dict[str, Any] = {"OnlineStatus": True, "UserMood": mood}
    return Person(
        handle, Presence(handle, version, {name: Reading(value, 0) for name, value in values.items()})
    )


def entry(condition: Condition = NOT_ANGRY, to=("bob",)) -> Entry:
    return Entry("1", "c", "anna", True, "Hello", Stage.HELD, to, NOON, condition=condition)


def answer(truth: Truth = None, clauses=((None,),), to: str = "bob", **fields) -> Answer:
    return Answer((Standing(to, Verdict(truth, True, clauses), **fields),), NOON, {"bob": person().presence})


def test_without_an_answer_this_computer_judges_and_leaves_open_what_only_the_engine_knows():
    found = judged(entry(), (person(),), None, NOON)
    assert found.verdict.clauses == ((False,),)
    assert (found.armed, found.dwell_left_ms, found.behind, found.paused) == (None, None, None, False)


@pytest.mark.rule("W29")
def test_the_engines_own_answer_wins():
    found = judged(entry(), (person(),), answer(behind="2", paused=True, dwell_left_ms=9_000), NOON + 4_000)
    assert found.verdict.clauses == ((None,),)
    assert (found.armed, found.behind, found.paused) == (True, "2", True)
    assert found.dwell_left_ms == 5_000


def test_what_must_hold_is_counted_down_to_nothing_and_not_below():
    assert judged(entry(), (person(),), answer(dwell_left_ms=9_000), NOON + 10_000).dwell_left_ms == 0


@pytest.mark.parametrize(
    ("armed", "fresh", "known"), [(True, True, True), (False, True, False), (False, False, None)]
)
def test_what_was_false_once_stays_so_and_what_was_not_may_be_so_by_now(armed, fresh, known):
    now = person(version=3 if fresh else 4)
    assert judged(entry(), (now,), answer(armed=armed), NOON).armed is known


def test_over_another_presence_the_clauses_are_judged_here_and_the_rest_is_kept():
    calm = person(version=4, mood="HAPPY")
    found = judged(entry(), (calm,), answer(behind="2", dwell_left_ms=9_000), NOON)
    assert (found.verdict.truth, found.behind, found.dwell_left_ms) == (True, "2", None)


@pytest.mark.parametrize(
    "other",
    [
        answer(to="carla"),
        answer(clauses=((None,), (None,))),
        answer(clauses=()),
        replace(answer(), standings=()),
    ],
)
def test_an_answer_about_somebody_or_something_else_is_none(other):
    assert judged(entry(), (person(),), other, NOON).verdict.clauses == ((False,),)


@pytest.mark.parametrize(("first", "shown"), [("HAPPY", "carla"), ("ANGRY", "bob")])
def test_of_several_the_first_whose_turn_has_not_come_is_shown(first, shown):
    people = (person(mood=first), person("carla"))
    assert judged(entry(to=("bob", "carla")), people, None, NOON).person.handle == shown


def test_where_all_have_their_turn_the_first_is_shown():
    people = (person(mood="HAPPY"), person("carla", mood="HAPPY"))
    assert judged(entry(to=("bob", "carla")), people, None, NOON).person.handle == "bob"


@pytest.mark.parametrize(
    ("condition", "version", "after_ms", "fresh"),
    [
        (NOT_ANGRY, 3, 10**9, True),
        (NOT_ANGRY, 4, 0, False),
        (LATER, 3, 59_999, True),
        (LATER, 3, 60_000, False),
    ],
)
def test_an_answer_holds_until_the_presence_or_the_time_may_have_changed_it(
    condition, version, after_ms, fresh
):
    assert is_fresh(answer(), condition, person(version=version), NOON + after_ms) is fresh
