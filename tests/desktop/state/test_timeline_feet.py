from datetime import UTC, date
from itertools import product
from typing import Any

import pytest

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.row import BubbleStyle
from tact_desktop.state.timeline_feet import Reader, foot, place_ms, spoken, style_of
from tact_engine.core.conditions import PRESETS, one_group

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
MIDNIGHT = 1_795_305_600_000  # Sunday 22 November 2026, UTC
TODAY = date(2026, 11, 22)


def at(clock: str) -> int:
    hours, minutes = clock.split(":")
    return MIDNIGHT + (int(hours) * 60 + int(minutes)) * MINUTE


READER = Reader(at("12:00"), UTC)


def entry(own: bool = True, stage: Stage = Stage.DELIVERED, **fields) -> Entry:
    given: dict[str, Any] = {"written_at": at("10:02"), "released_at": at("11:31")} | fields
    return Entry("1", "direct-1", "anna", own, "Hello", stage, ("bob",), **given)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (entry(own=False), "11:31"),
        (entry(own=False, delayed=True), "⏱ Offline message · written 10:02 · delivered 11:31"),
        (entry(delayed=True), "11:31 ✓ Delivered · written 10:02"),
        (entry(), "11:31 ✓ Delivered"),
        (entry(stage=Stage.READ, released_at=at("09:05")), "09:05 ✓✓ Read"),
        (entry(stage=Stage.RELEASED), "11:31 · On its way"),
        (
            entry(
                stage=Stage.HELD,
                condition=PRESETS["not angry"],
                expires_at=at("11:05") + 7 * DAY,
                released_at=0,
            ),
            "⏳ until not angry · 7 d left",
        ),
        (entry(stage=Stage.UNSENT), "🕓 Not handed over yet — kept on this computer"),
        (entry(stage=Stage.EXPIRED, expires_at=at("10:00")), "⌛ Not delivered: its time ran out 10:00"),
        (entry(stage=Stage.EXPIRED, since=at("10:01")), "⌛ Not delivered: its time ran out 10:01"),
        (entry(stage=Stage.FAILED, problem="Too long."), "⚠ Too long."),
    ],
)
def test_each_stage_has_its_foot(message, text):
    assert foot(message, TODAY, READER) == text


def test_a_time_says_its_day_where_that_is_not_the_rows():
    message = entry(delayed=True, written_at=at("10:02") - DAY)
    assert foot(message, TODAY, READER) == "11:31 ✓ Delivered · written Yesterday 10:02"
    assert foot(message, date(2026, 11, 21), READER) == "Today 11:31 ✓ Delivered · written 10:02"


@pytest.mark.parametrize(
    ("message", "ms"),
    [
        (entry(stage=Stage.HELD), at("10:02")),
        (entry(stage=Stage.EXPIRED, since=at("11:40")), at("11:40")),
        (entry(stage=Stage.FAILED), at("10:02")),
        (entry(), at("11:31")),
        (entry(own=False, released_at=0), at("10:02")),
    ],
)
def test_a_message_stands_where_it_took_its_place(message, ms):
    assert place_ms(message) == ms


@pytest.mark.parametrize(
    ("message", "style"),
    [
        (entry(own=False, delayed=True), BubbleStyle.OFFLINE),
        (entry(own=False), BubbleStyle.NORMAL),
        (entry(delayed=True), BubbleStyle.NORMAL),
        (entry(stage=Stage.HELD), BubbleStyle.HELD),
        (entry(stage=Stage.UNSENT), BubbleStyle.UNSENT),
        (entry(stage=Stage.EXPIRED), BubbleStyle.EXPIRED),
        (entry(stage=Stage.FAILED), BubbleStyle.FAILED),
    ],
)
def test_each_stage_has_its_style(message, style):
    assert style_of(message) is style


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (entry(own=False), "Bob: Hello. 11:31"),
        (
            entry(own=False, delayed=True),
            "Bob: Hello. 11:31. Offline message, written 10:02, delivered 11:31",
        ),
        (entry(delayed=True), "Bob: Hello. 11:31. Delivered, written 10:02"),
        (entry(stage=Stage.UNSENT), "Bob: Hello. 10:02. Not handed over yet"),
        (
            entry(stage=Stage.HELD, expires_at=at("12:42")),
            "Bob: Hello. 10:02. Waiting until online, 42 min left",
        ),
        (
            entry(stage=Stage.EXPIRED, expires_at=at("11:00"), since=at("11:00")),
            "Bob: Hello. 11:00. Not delivered, its time ran out 11:00",
        ),
        (entry(stage=Stage.FAILED, problem="Too long."), "Bob: Hello. 10:02. Not accepted: Too long."),
        (entry(released_at=at("11:31") - DAY), "Bob: Hello. Yesterday 11:31. Delivered"),
    ],
)
def test_a_screen_reader_hears_name_text_time_and_state(message, text):
    assert spoken(message, "Bob", READER) == text


def test_a_received_message_never_shows_a_condition():
    secret = one_group(("UserMood", "ne", "ANGRY"), ("StatusText", "contains", "angry"))
    for stage, delayed in product(Stage, (False, True)):
        message = entry(own=False, stage=stage, delayed=delayed, condition=secret, expires_at=at("13:00"))
        told = foot(message, TODAY, READER) + spoken(message, "Bob", READER)
        assert "angry" not in told.casefold()
        assert "until" not in told
        assert "left" not in told
