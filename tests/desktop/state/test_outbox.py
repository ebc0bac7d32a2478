from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from msgspec.structs import replace as replace_presence

from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.judgement import Answer
from tact_desktop.state.mark import Mark
from tact_desktop.state.outbox import (
    ClauseMark,
    Known,
    alerts,
    delivered_today,
    followed_by,
    not_delivered,
    told_instead,
    waiting,
)
from tact_desktop.state.people import Person
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Clause, Condition, Group, Verdict, one_group
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import Otherwise
from tact_engine.core.presence import Presence, Reading
from tact_engine.core.window import Window

MINUTE = 60_000
HOUR = 60 * MINUTE
NOON = 1_795_348_800_000  # Sunday 22 November 2026, 12:00 UTC


def person(handle: str, **values) -> Person:
    return Person(handle, Presence(handle, 1, {name: Reading(value, 0) for name, value in values.items()}))


PEOPLE = {
    "bob": person("bob", Alias="Bob", OnlineStatus=True, UserMood="ANGRY"),
    "carla": person("carla", Alias="Carla", OnlineStatus=True),
}


ONLINE = ClauseMark("Online", Mark.TRUE, "")


def held(id: str = "1", stage: Stage = Stage.HELD, to=("bob",), own: bool = True, **fields) -> Entry:
    given: dict[str, Any] = {"written_at": NOON, "expires_at": NOON + HOUR, "valid_for": 3600} | fields
    return Entry(id, "c", "anna", own, "Hello", stage, to, **given)


def test_a_card_says_what_is_waited_for_and_how_that_stands():
    condition = one_group(("UserMood", "ne", "ANGRY"), ("UserAvailability", "eq", "AVAILABLE"))
    (card,) = waiting([held(condition=condition)], PEOPLE, NOON)
    assert (card.name, card.title) == ("Bob", "Bob")
    assert card.always == (ONLINE,)
    assert card.truth is False
    assert card.marks == (
        ClauseMark("Mood is not Angry", Mark.FALSE, "now: Angry"),
        ClauseMark("Availability is Available", Mark.TRUE, "now: Available"),
    )


def test_alternatives_are_told_apart_and_what_is_hidden_is_unknown():
    condition = Condition(
        any=(
            Group((Clause("FreeTextLocation", "contains", "desk"),)),
            Group((Clause("UserMood", "eq", "HAPPY"),)),
        )
    )
    shy = Person("bob", replace_presence(PEOPLE["bob"].presence, hidden=("FreeTextLocation",)))
    (card,) = waiting([held(condition=condition)], {"bob": shy}, NOON)
    assert card.marks == (
        ClauseMark("Location contains “desk”", Mark.UNKNOWN, "not shared with you", 0),
        ClauseMark("Mood is Happy", Mark.FALSE, "now: Angry", 1),
    )


def test_somebody_unknown_is_offline_under_the_handle():
    (card,) = waiting([held(to=("zoe",), condition=WHEN_ONLINE)], PEOPLE, NOON)
    assert (card.name, card.marks) == ("zoe", ())
    assert card.always == (replace(ONLINE, mark=Mark.FALSE),)


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


def explained(id: str = "1", truth: bool | None = False, **fields) -> dict[str, Answer]:
    verdict = Verdict(truth, True, (), fields.pop("not_before", True), fields.pop("window", True))
    return {id: Answer((Standing("bob", verdict, **fields),), NOON, {"bob": PEOPLE["bob"].presence})}


TIMES = Condition(
    edge=True, dwell=300, not_before=NOON + 6 * HOUR, window=Window("09:00", "17:00", (1, 2, 3, 4, 5))
)


def besides(known: Known | None = None, condition: Condition = TIMES, people=PEOPLE):
    (card,) = waiting([held(condition=condition)], people, NOON, known)
    return card.besides


@pytest.mark.rule("W9", "W16", "W20", "W21")
def test_the_clauses_about_time_without_an_answer():
    assert besides() == (
        ClauseMark("Not before 18:00", Mark.FALSE, ""),
        ClauseMark("Only 09:00–17:00, Mon–Fri, Bob's time", Mark.UNKNOWN, ""),
        ClauseMark("For the next time", Mark.UNKNOWN, ""),
        ClauseMark("Stays so for 5 min", Mark.FALSE, ""),
    )


def test_where_it_may_hold_now_nobody_here_knows_since_when():
    (mark,) = besides(condition=Condition(dwell=90))
    assert mark == ClauseMark("Stays so for 1 min 30 s", Mark.UNKNOWN, "")


@pytest.mark.rule("W9", "W16")
def test_the_engine_knows_what_has_to_change_first_and_how_long_it_must_still_hold():
    armed = Known(explained(armed=False, not_before=False, window=False))
    assert besides(armed)[2:] == (
        ClauseMark("For the next time", Mark.FALSE, "must change first"),
        ClauseMark("Stays so for 5 min", Mark.FALSE, ""),
    )
    holding = Known(explained(truth=True, dwell_left_ms=200_000))
    assert besides(holding)[2:] == (
        ClauseMark("For the next time", Mark.TRUE, "it has changed"),
        ClauseMark("Stays so for 5 min", Mark.FALSE, "3 min 20 s left"),
    )
    over = Known(explained(truth=True, dwell_left_ms=0))
    assert besides(over)[-1] == ClauseMark("Stays so for 5 min", Mark.FALSE, "")
    ((counting,), (still,)) = (
        waiting([held(condition=TIMES)], PEOPLE, NOON, known) for known in (holding, over)
    )
    assert (counting.counting, still.counting) == (True, False)


@pytest.mark.rule("M8", "O10")
@pytest.mark.parametrize(
    ("entry", "known", "first"),
    [
        (held(), Known(paused={"1"}), ClauseMark("Paused while you edit", Mark.FALSE, "")),
        (held(), Known(explained(paused=True)), ClauseMark("Paused while you edit", Mark.FALSE, "")),
        (held(keep_order=True), Known(), ClauseMark("In its turn", Mark.UNKNOWN, "")),
        (held(keep_order=True), Known(explained()), ClauseMark("In its turn", Mark.TRUE, "")),
        (
            held(keep_order=True),
            Known(explained(behind="0"), text_of={"0": "Lunch?"}.__getitem__),
            ClauseMark("After “Lunch?”", Mark.FALSE, ""),
        ),
        (held(), Known(explained(behind="0")), ClauseMark("After an earlier message", Mark.FALSE, "")),
    ],
)
def test_what_is_needed_whatever_the_condition_says(entry, known, first):
    (card,) = waiting([entry], PEOPLE, NOON, known)
    assert first in card.always
    assert ONLINE in card.always
    assert len(card.always) == 2
    assert card.paused is ("Paused" in first.text)


def test_while_the_engine_is_away_a_card_says_that_it_is_as_last_known():
    ((last,), (now,)) = (waiting([held()], PEOPLE, NOON, Known(up=up)) for up in (False, True))
    assert (last.stale, now.stale) == (True, False)


@pytest.mark.rule("M11", "M12")
@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({}, ""),
        ({"otherwise": Otherwise.DRAFTS}, "Then it is a draft again"),
        ({"otherwise": Otherwise.DELIVER}, "Then it goes when Bob is next online"),
        (
            {"otherwise": Otherwise.DELIVER, "second": True},
            "Its time was up 12:00 — goes when Bob is next online",
        ),
    ],
)
def test_a_card_says_what_becomes_of_it_at_its_end(fields, note):
    (card,) = waiting([held(**fields)], PEOPLE, NOON)
    assert card.note == note


@pytest.mark.rule("M12")
def test_the_bar_of_a_second_life_is_that_of_its_own_time():
    week = 7 * 24 * HOUR
    entry = held(valid_for=30 * 24 * 3600, expires_at=NOON + week, second=True)
    (card,) = waiting([entry], PEOPLE, NOON)
    assert card.fraction_left == 1.0


@pytest.mark.rule("R1")
def test_what_one_asked_to_be_told_is_listed_by_itself():
    entries = [
        held("1"),
        held("2", alert=True, condition=PRESETS["available"]),
        held("3", Stage.READ, alert=True),
    ]
    assert [card.entry.id for card in waiting(entries, PEOPLE, NOON)] == ["1"]
    (card,) = alerts(entries, PEOPLE, NOON)
    assert card.title == "Tell me when Bob is Available"
    assert [clause.text for clause in card.marks] == ["Availability is Available"]


def test_what_one_was_told_is_not_counted_as_delivered():
    assert (
        delivered_today([held("1", Stage.DELIVERED, delayed=True, released_at=NOON, alert=True)], NOON, UTC)
        == 0
    )


@pytest.mark.rule("R4")
def test_a_message_becomes_an_alert_with_all_else_as_it_was():
    entry = held(condition=PRESETS["available"], otherwise=Otherwise.DRAFTS, valid_for=60)
    draft = told_instead(entry)
    assert (draft.text, draft.preset, draft.valid_for) == ("Hello", Preset.AVAILABLE, 60)
    assert (draft.alert, draft.otherwise) == (True, Otherwise.DRAFTS)
    assert told_instead(replace(entry, otherwise=Otherwise.DELIVER)).otherwise is Otherwise.EXPIRE


@pytest.mark.parametrize(
    ("stands", "then"),
    [("", "Back"), ("  \n", "Back"), ("Half a sente", "Half a sente\n\nBack"), ("a\n", "a\n\nBack")],
)
def test_what_comes_back_stands_behind_what_is_being_written(stands, then):
    assert followed_by(Draft(stands, Preset.AVAILABLE), "Back") == Draft(then, Preset.AVAILABLE)
