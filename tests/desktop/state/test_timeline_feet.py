from dataclasses import replace
from datetime import UTC, date
from itertools import product
from typing import Any

import pytest

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.row import BubbleStyle
from tact_desktop.state.timeline_feet import (
    Reader,
    end_ms,
    first_end_ms,
    foot,
    place_ms,
    shown_text,
    spoken,
    style_of,
    whole_ms,
)
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


@pytest.mark.rule("U6", "N4", "O1")
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
        (entry(corrected=True, delayed=True), "✓ Arrived after all 11:31"),
        (entry(outdated=True), "11:31 ✓ Delivered · the text from before your change arrived"),
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


@pytest.mark.rule("U6")
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
        (entry(corrected=True), "Bob: Hello. 11:31. Arrived after all"),
        (
            entry(outdated=True),
            "Bob: Hello. 11:31. Delivered, the text from before your change arrived",
        ),
        (
            entry(stage=Stage.HELD, second=True, valid_for=3600, expires_at=at("12:42")),
            "Bob: Hello. 10:02. Its time was up 11:42 — goes when Bob is next online, 42 min left",
        ),
    ],
)
def test_a_screen_reader_hears_name_text_time_and_state(message, text):
    assert spoken(message, "Bob", READER, "Bob") == text


@pytest.mark.rule("S1", "I9")
def test_a_received_message_never_shows_a_condition():
    secret = one_group(("UserMood", "ne", "ANGRY"), ("StatusText", "contains", "angry"))
    for stage, delayed in product(Stage, (False, True)):
        message = entry(own=False, stage=stage, delayed=delayed, condition=secret, expires_at=at("13:00"))
        told = foot(message, TODAY, READER) + spoken(message, "Bob", READER)
        assert "angry" not in told.casefold()
        assert "until" not in told
        assert "left" not in told


@pytest.mark.rule("M8")
@pytest.mark.parametrize("stage", [Stage.HELD, Stage.UNSENT])
def test_what_is_in_an_editor_says_so(stage):
    message = entry(stage=stage, expires_at=at("13:00"))
    assert foot(message, TODAY, READER, "Bob", paused=True) == "✎ Paused while you edit · 1 h left"
    assert spoken(message, "Bob", READER, "Bob", paused=True) == "Bob: Hello. 10:02. Paused while you edit"
    assert style_of(message, paused=True) is BubbleStyle.PAUSED


def test_what_has_gone_is_in_no_editor():
    assert style_of(entry(), paused=True) is BubbleStyle.NORMAL
    assert foot(entry(), TODAY, READER, "Bob", paused=True) == "11:31 ✓ Delivered"
    assert spoken(entry(), "Bob", READER, "Bob", paused=True) == "Bob: Hello. 11:31. Delivered"


@pytest.mark.rule("M17")
def test_only_what_was_taken_back_and_arrived_has_no_text_of_its_own():
    assert shown_text(entry()) == "Hello"
    gone = replace(entry(), text="")
    assert shown_text(gone) == ""
    assert shown_text(replace(gone, corrected=True)) == (
        "You took this message back, but it had arrived already."
    )


@pytest.mark.rule("M12", "V3")
def test_the_times_of_a_message():
    held = entry(stage=Stage.HELD, valid_for=30 * 24 * 3600, expires_at=at("12:00") + 7 * DAY)
    assert (whole_ms(held), end_ms(held)) == (30 * DAY, at("12:00") + 7 * DAY)
    again = replace(held, second=True)
    assert (whole_ms(again), first_end_ms(again)) == (7 * DAY, at("12:00"))
    assert end_ms(entry(stage=Stage.UNSENT, valid_for=60)) == at("10:03")


def test_a_text_is_shown_and_said_without_what_deceives():
    message = replace(entry(own=False), text="see https://a@b.example\u202e\x00")
    assert shown_text(message) == "see https://a@b.example␀"
    assert "see https://a@b.example␀ (link to b.example)" in spoken(message, "Bob", READER)
