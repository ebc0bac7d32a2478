"""When what one says of oneself ends by itself: what is offered, and what comes back."""

from datetime import UTC

import pytest

from tact_desktop.state.presence_ends import EndChoice, Ending, before, end_choices, ended_together, endings
from tact_engine.core.changes import restored, updated
from tact_engine.core.presence import Presence, nobody

TEN_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
HOUR_MS = 3_600_000
AVAILABILITY, MOOD, ACTIVITY = "UserAvailability", "UserMood", "Activity"


def said(*changes: dict[str, str], until: dict[str, int] | None = None) -> Presence:
    """Somebody who said these one after another, the last with these ends."""
    presence = nobody("tom")
    for change in changes:
        presence = updated(presence, change, TEN_MS, until=until if change is changes[-1] else None)
    return presence


@pytest.mark.parametrize(
    ("hours", "offered"),
    [
        (0, [("30 min", 0.5), ("1 h", 1), ("12:00", 2), ("17:00", 7)]),
        (2, [("30 min", 2.5), ("1 h", 3), ("17:00", 7), ("12:00 tomorrow", 26)]),
        (8, [("30 min", 8.5), ("1 h", 9), ("12:00 tomorrow", 26), ("17:00 tomorrow", 31)]),
    ],
)
def test_an_hour_that_is_over_is_offered_as_tomorrows(hours: int, offered: list[tuple[str, float]]):
    now = TEN_MS + hours * HOUR_MS
    assert list(end_choices(now, UTC)) == [
        EndChoice(text, TEN_MS + int(ahead * HOUR_MS)) for text, ahead in offered
    ]


@pytest.mark.rule("P19")
def test_what_is_shown_to_come_back_is_what_the_engine_puts_back():
    end = TEN_MS + HOUR_MS
    meeting = {AVAILABILITY: "NOT_AVAILABLE", ACTIVITY: "MEETING"}
    presence = said({AVAILABILITY: "DISCREET"}, meeting, until=dict.fromkeys(meeting, end))
    shown = endings(presence, dict.fromkeys(meeting, end))
    assert shown == {AVAILABILITY: Ending(end, "DISCREET"), ACTIVITY: Ending(end, "NONE")}
    after = restored(presence, end)
    assert {name: after.value(name) for name in meeting} == {name: each.back for name, each in shown.items()}


def test_what_the_engine_has_not_said_yet_is_not_guessed():
    assert endings(nobody("tom"), {AVAILABILITY: TEN_MS}) == {AVAILABILITY: Ending(TEN_MS, None)}
    other = said({AVAILABILITY: "DISCREET"}, until={AVAILABILITY: TEN_MS + HOUR_MS})
    assert endings(other, {AVAILABILITY: TEN_MS + 1}) == {AVAILABILITY: Ending(TEN_MS + 1, None)}
    assert before(nobody("tom"), MOOD) == "NONE"


@pytest.mark.parametrize(
    ("values", "together", "ends", "names"),
    [
        ({}, (), {}, ()),
        ({AVAILABILITY: "DISCREET"}, (), {}, (AVAILABILITY,)),
        ({AVAILABILITY: "DISCREET", MOOD: "HAPPY"}, (), {}, (AVAILABILITY,)),
        ({AVAILABILITY: "DISCREET", MOOD: "HAPPY"}, (MOOD,), {}, (AVAILABILITY, MOOD)),
        ({AVAILABILITY: "DISCREET", ACTIVITY: "LUNCH"}, (), {ACTIVITY: 9}, (AVAILABILITY, ACTIVITY)),
        ({ACTIVITY: "LUNCH"}, (), {}, (ACTIVITY,)),
        ({ACTIVITY: "NONE", AVAILABILITY: "AVAILABLE"}, (ACTIVITY,), {}, ()),
    ],
)
@pytest.mark.parametrize("confirmed", [False, True])
def test_an_end_is_about_what_was_said_together_and_would_then_be_otherwise(
    values: dict[str, str],
    together: tuple[str, ...],
    ends: dict[str, int],
    names: tuple[str, ...],
    confirmed: bool,
):
    presence = said(values) if confirmed else nobody("tom")
    assert ended_together(presence, values, together, ends) == names
