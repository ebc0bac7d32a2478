from datetime import UTC
from typing import Any

import pytest

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.mark import Mark
from tact_desktop.state.outbox import ClauseMark, delivered_today, not_delivered, waiting
from tact_desktop.state.people import Person
from tact_engine.core.conditions import WHEN_ONLINE, Clause, Condition, Group, one_group
from tact_engine.core.presence import Presence, Reading

MINUTE = 60_000
HOUR = 60 * MINUTE
NOON = 1_795_348_800_000  # Sunday 22 November 2026, 12:00 UTC


def person(handle: str, **values) -> Person:
    return Person(handle, Presence(handle, 1, {name: Reading(value, 0) for name, value in values.items()}))


PEOPLE = {
    "bob": person("bob", Alias="Bob", OnlineStatus=True, UserMood="ANGRY"),
    "carla": person("carla", Alias="Carla", OnlineStatus=True),
}


def held(id: str = "1", stage: Stage = Stage.HELD, to=("bob",), own: bool = True, **fields) -> Entry:
    given: dict[str, Any] = {"written_at": NOON, "expires_at": NOON + HOUR, "valid_for": 3600} | fields
    return Entry(id, "c", "anna", own, "Hello", stage, to, **given)


def test_a_card_says_what_is_waited_for_and_how_that_stands():
    condition = one_group(("UserMood", "ne", "ANGRY"), ("UserAvailability", "eq", "AVAILABLE"))
    (card,) = waiting([held(condition=condition)], PEOPLE, NOON)
    assert card.name == "Bob"
    assert card.online is Mark.TRUE
    assert card.truth is False
    assert card.marks == (
        ClauseMark("Mood is not Angry", Mark.FALSE, "now: Angry"),
        ClauseMark("Availability is Available", Mark.TRUE, "now: Available"),
    )


def test_alternatives_are_told_apart_and_what_is_hidden_is_unknown():
    condition = Condition(
        any=(Group((Clause("Idle", "eq", 0),)), Group((Clause("UserMood", "eq", "HAPPY"),)))
    )
    (card,) = waiting([held(condition=condition)], PEOPLE, NOON)
    assert card.marks == (
        ClauseMark("Idle is 0", Mark.UNKNOWN, "not shared with you", 0),
        ClauseMark("Mood is Happy", Mark.FALSE, "now: Angry", 1),
    )


def test_somebody_unknown_is_offline_under_the_handle():
    (card,) = waiting([held(to=("zoe",), condition=WHEN_ONLINE)], PEOPLE, NOON)
    assert (card.name, card.online, card.marks) == ("zoe", Mark.FALSE, ())


@pytest.mark.parametrize(("to", "mark"), [(("carla", "bob"), Mark.FALSE), (("carla", "carla"), Mark.TRUE)])
def test_of_several_recipients_the_one_that_is_waited_for_is_shown(to, mark):
    (card,) = waiting([held(to=to, condition=one_group(("UserMood", "ne", "ANGRY")))], PEOPLE, NOON)
    assert card.name == ", ".join(PEOPLE[handle].name for handle in to)
    assert [clause.mark for clause in card.marks] == [mark]


@pytest.mark.parametrize(
    ("left_ms", "text", "fraction", "urgent"),
    [
        (HOUR, "1 h left", 1.0, False),
        (2 * HOUR, "2 h left", 1.0, False),
        (6 * MINUTE, "6 min left", 0.1, False),
        (6 * MINUTE - 1, "6 min left", 0.1, True),
        (0, "its time is up", 0.0, True),
        (-MINUTE, "its time is up", 0.0, True),
    ],
)
def test_past_nine_tenths_of_its_time_a_message_is_urgent(left_ms, text, fraction, urgent):
    (card,) = waiting([held(expires_at=NOON + left_ms)], PEOPLE, NOON)
    assert (card.time_left_text, card.urgent) == (text, urgent)
    assert card.fraction_left == pytest.approx(fraction, abs=1e-5)


def test_the_time_of_an_unsent_message_has_not_begun():
    (card,) = waiting([held(stage=Stage.UNSENT, expires_at=0)], PEOPLE, NOON + 2 * HOUR)
    assert (card.time_left_text, card.fraction_left, card.urgent) == ("Not handed over yet", 1.0, False)


def test_without_a_known_length_nothing_is_urgent():
    (card,) = waiting([held(valid_for=0)], PEOPLE, NOON)
    assert (card.fraction_left, card.urgent) == (1.0, False)


def test_only_what_waits_is_listed_the_next_to_end_on_top():
    entries = [
        held("late", expires_at=NOON + 2 * HOUR),
        held("soon"),
        held("theirs", own=False),
        held("there", Stage.DELIVERED),
    ]
    assert [card.entry.id for card in waiting(entries, PEOPLE, NOON)] == ["soon", "late"]


def test_what_was_not_delivered_is_listed_the_latest_on_top():
    entries = [held("old", Stage.EXPIRED, since=1), held("new", Stage.FAILED, since=2), held("waits")]
    assert [entry.id for entry in not_delivered(entries)] == ["new", "old"]


def test_delivered_today_counts_own_messages_that_had_waited():
    arrived: dict[str, Any] = {"delayed": True, "released_at": NOON}
    entries = [
        held("1", Stage.DELIVERED, **arrived),
        held("2", Stage.READ, **arrived),
        held("live", Stage.READ, released_at=NOON),
        held("theirs", Stage.DELIVERED, own=False, **arrived),
        held("yesterday", Stage.DELIVERED, delayed=True, released_at=NOON - 13 * HOUR),
        held("waits", Stage.HELD, **arrived),
    ]
    assert delivered_today(entries, NOON, UTC) == 2
