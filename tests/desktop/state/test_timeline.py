from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.people import People, Person
from tact_desktop.state.row import BubbleStyle, RowKind
from tact_desktop.state.timeline import Kept, rows
from tact_engine.core.conditions import PRESETS
from tact_engine.core.presence import Presence, Reading, nobody

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOON = 1_795_348_800_000  # Sunday 22 November 2026, 12:00 UTC
BOB = Presence("bob", 1, {"Alias": Reading("Bob Okafor", 0)})
PEOPLE = {"bob": Person("bob", BOB), "carla": Person("carla", nobody("carla"))}


def received(id: str, position: int, at: int = NOON, author: str = "bob", **fields) -> Entry:
    given: dict[str, Any] = {"recipients": ("anna",), "written_at": at, "released_at": at} | fields
    return Entry(id, "c", author, False, f"text {id}", Stage.DELIVERED, position=position, **given)


def own(
    id: str, stage: Stage = Stage.DELIVERED, position: int | None = None, at: int = NOON, **fields
) -> Entry:
    given: dict[str, Any] = {"recipients": ("bob",), "written_at": at, "released_at": at} | fields
    text = given.pop("text", f"text {id}")
    return Entry(id, "c", "anna", True, text, stage, position=position, **given)


def shown(*entries: Entry, now: int = NOON, zone: tzinfo = UTC, new_from: int | None = None, paused=()):
    return rows(entries, PEOPLE, "anna", now, zone, new_from, paused)


def texts(found) -> list[str]:
    return [row.text for row in found]


def bubbles(*entries: Entry, **reading):
    return [row for row in shown(*entries, **reading) if row.kind is RowKind.BUBBLE]


def test_nothing_makes_no_rows():
    assert shown() == ()


@pytest.mark.rule("O4")
def test_positions_give_the_order_whatever_the_times_say():
    found = shown(received("b", 2, NOON - HOUR), received("a", 1, NOON), received("c", 3, NOON))
    assert texts(found) == ["Today", "text a", "text b", "text c"]


def test_each_day_has_one_line():
    found = shown(
        received("a", 1, NOON - 6 * DAY),
        received("b", 2, NOON - DAY),
        received("c", 3),
        received("d", 4, NOON - DAY),
    )
    assert texts(found) == [
        "Monday 16 November", "text a", "Yesterday", "text b", "Today", "text c", "text d",
    ]  # fmt: skip
    assert [row.kind for row in found[:2]] == [RowKind.DAY, RowKind.BUBBLE]
    assert len({row.key for row in found}) == len(found)


@pytest.mark.rule("T5")
def test_days_begin_at_midnight_of_the_zone():
    late = NOON - 13 * HOUR  # 23:00 UTC of the day before
    assert texts(shown(received("a", 1, late)))[0] == "Yesterday"
    assert texts(shown(received("a", 1, late), zone=ZoneInfo("Europe/Berlin")))[0] == "Today"


def test_new_messages_begin_at_a_line_of_their_own():
    found = shown(received("a", 1), received("b", 2), received("c", 3), new_from=2)
    assert texts(found) == ["Today", "text a", "New messages", "text b", "text c"]
    assert found[2].kind is RowKind.SEPARATOR


def test_several_delivered_at_once_stand_below_one_line():
    batch = [received(id, place, delayed=True, batch=7) for place, id in enumerate("abc", 2)]
    found = shown(received("0", 1, batch=7), *batch, received("z", 5, batch=7))
    assert texts(found) == ["Today", "text 0", "Delivered now", "text a", "text b", "text c", "text z"]


def test_what_is_new_and_was_delivered_at_once_stands_below_one_line_too():
    batch = [received(id, place, delayed=True, batch=7) for place, id in enumerate("ab", 2)]
    found = shown(received("0", 1), *batch, received("z", 4), new_from=2)
    assert texts(found) == ["Today", "text 0", "Delivered now", "text a", "text b", "text z"]


@pytest.mark.rule("O7", "O8")
def test_a_batch_in_several_parts_has_one_line_above_all():
    parts = [received(id, place, delayed=True, batch=7) for id, place in (("a", 1), ("c", 3))]
    between = own("b", position=2)
    assert texts(shown(*parts, between)) == ["Today", "Delivered now", "text a", "text b", "text c"]


@pytest.mark.parametrize(
    "second",
    [
        received("b", 2, delayed=True, batch=8),
        received("b", 2, delayed=False, batch=7),
        own("b", position=2, delayed=True, batch=7),
    ],
)
def test_one_offline_message_needs_no_line(second):
    assert "Delivered now" not in texts(shown(received("a", 1, delayed=True, batch=7), second))


def test_without_a_batch_there_is_no_line():
    assert "Delivered now" not in texts(shown(received("a", 1, delayed=True), received("b", 2, delayed=True)))


def test_what_came_at_once_an_hour_ago_was_not_delivered_now():
    batch = [received(id, place, delayed=True, batch=7) for place, id in enumerate("ab", 1)]
    assert "Delivered now" in texts(shown(*batch, now=NOON + HOUR - 1))
    assert "Delivered together 12:00" in texts(shown(*batch, now=NOON + HOUR))


def test_messages_of_one_author_and_minute_share_one_foot():
    found = bubbles(received("a", 1), received("b", 2), received("c", 3))
    assert [row.foot for row in found] == ["", "", "12:00"]
    assert [(row.first_in_group, row.last_in_group) for row in found] == [
        (True, False), (False, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "second",
    [
        received("b", 2, NOON + MINUTE),
        received("b", 2, author="carla"),
        received("b", 2, delayed=True),
        own("b", position=2),
    ],
)
def test_another_minute_author_or_look_begins_a_group(second):
    first, other = bubbles(received("a", 1), second)
    assert first.last_in_group
    assert first.foot == "12:00"
    assert other.first_in_group


def test_own_messages_that_stand_differently_do_not_share_a_foot():
    found = bubbles(own("a", Stage.READ, 1), own("b", Stage.READ, 2), own("c", Stage.DELIVERED, 3))
    assert [row.foot for row in found] == ["", "12:00 ✓✓ Read", "12:00 ✓ Delivered"]


def test_a_line_between_them_parts_a_group():
    first, second = bubbles(received("a", 1), received("b", 2), new_from=2)
    assert (first.last_in_group, second.first_in_group) == (True, True)


def test_an_offline_message_keeps_its_own_foot_in_a_group():
    found = bubbles(received("a", 1, delayed=True), received("b", 2, delayed=True))
    assert [row.style for row in found] == [BubbleStyle.OFFLINE] * 2
    assert [row.first_in_group for row in found] == [True, False]
    assert all("Offline message" in row.foot for row in found)


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True), (True, True)])
def test_an_own_message_that_waited_stands_by_itself(first, second):
    found = bubbles(own("a", position=1, delayed=first), own("b", position=2, delayed=second))
    assert all(row.foot and row.first_in_group and row.last_in_group for row in found)


@pytest.mark.rule("M16", "M25")
@pytest.mark.parametrize("special", [{"corrected": True}, {"outdated": True}])
def test_an_own_message_that_did_not_arrive_as_it_should_stands_by_itself(special: dict[str, Any]):
    found = bubbles(own("a", position=1), own("b", position=2, **special), own("c", position=3))
    assert all(row.foot and row.first_in_group and row.last_in_group for row in found)


@pytest.mark.rule("M8")
def test_what_is_in_an_editor_is_shown_paused_until_it_has_gone():
    waits, gone = own("a", Stage.HELD, expires_at=NOON + HOUR), own("b", position=1)
    there, here = bubbles(waits, gone, paused={"a", "b"})
    assert (there.style, here.style) == (BubbleStyle.NORMAL, BubbleStyle.PAUSED)
    assert here.foot == "✎ Paused while you edit · 1 h left"
    assert here.accessible == "You: text a. 12:00. Paused while you edit"


@pytest.mark.rule("M12")
def test_a_second_life_names_whom_it_waits_for():
    (row,) = bubbles(own("a", Stage.HELD, expires_at=NOON + HOUR, valid_for=3600, second=True))
    assert row.foot == "⏳ Its time was up 12:00 — goes when Bob Okafor is next online · 1 h left"


@pytest.mark.rule("M17")
def test_a_message_that_was_taken_back_and_had_arrived_says_so_in_place_of_its_text():
    (row,) = bubbles(own("a", position=1, text="", corrected=True))
    assert row.text == "You took this message back, but it had arrived already."


AVAILABLE = PRESETS["available"]


def alert(stage: Stage = Stage.DELIVERED, position: int | None = 2, text: str = "", **fields) -> Entry:
    return own("w", stage, position, text=text, alert=True, delayed=True, condition=AVAILABLE, **fields)


@pytest.mark.rule("R1", "R2")
@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (alert(), "🔔 12:00 Bob Okafor is Available — you asked to be told"),
        (alert(text="Call him"), "🔔 12:00 Bob Okafor is Available — you asked to be told\nCall him"),
        (
            alert(Stage.EXPIRED, since=NOON, expires_at=NOON - HOUR),
            "🔔 Nothing to tell: the time of your alert ran out 11:00",
        ),
        (alert(Stage.FAILED, problem="Not so."), "🔔 Not so."),
    ],
)
def test_an_alert_is_a_line_where_it_ended(entry, text):
    found = shown(received("a", 1), entry, received("b", 3))
    assert texts(found) == ["Today", "text a", text, "text b"]
    assert (found[2].kind, found[2].own, found[2].note) == (RowKind.NOTE, True, entry.text)
    assert found[1].last_in_group


@pytest.mark.rule("R1")
@pytest.mark.parametrize("stage", [Stage.UNSENT, Stage.HELD])
def test_an_alert_that_waits_is_no_part_of_the_conversation(stage):
    assert shown(alert(stage, None)) == ()


def test_an_alert_that_failed_without_a_reason_was_about_somebody_who_was_removed():
    (line,) = [row for row in shown(alert(Stage.FAILED)) if row.kind is RowKind.NOTE]
    assert line.text == "🔔 Nothing to tell: Bob Okafor was removed."


def test_an_alert_does_not_join_the_messages_around_it():
    found = bubbles(own("a", position=1), alert(), own("b", position=3))
    assert [(row.key, row.first_in_group, row.last_in_group) for row in found] == [
        ("a", True, True), ("b", True, True),
    ]  # fmt: skip


def test_what_waits_is_pinned_at_the_end_in_the_order_of_writing():
    found = bubbles(
        own("late", Stage.HELD, at=NOON - MINUTE),
        own("early", Stage.UNSENT, at=NOON - HOUR),
        received("a", 1, NOON),
    )
    assert [row.key for row in found] == ["a", "early", "late"]
    assert [row.style for row in found[1:]] == [BubbleStyle.UNSENT, BubbleStyle.HELD]
    assert all(row.first_in_group and row.last_in_group for row in found)


def test_what_waits_is_pinned_even_if_it_had_a_place():
    assert [row.key for row in bubbles(own("w", Stage.HELD, 1), received("a", 2))] == ["a", "w"]


def test_what_ended_stands_where_it_ended_or_is_pinned():
    found = bubbles(
        received("a", 1),
        own("placed", Stage.EXPIRED, 2),
        received("b", 3),
        own("pinned", Stage.FAILED),
    )
    assert [row.key for row in found] == ["a", "placed", "b", "pinned"]


def test_a_withdrawn_message_is_not_shown():
    assert shown(own("a", Stage.WITHDRAWN), own("b", Stage.WITHDRAWN, 1)) == ()


def test_the_author_is_named_only_among_several():
    assert bubbles(received("a", 1))[0].author == ""
    several: dict[str, Any] = {"recipients": ("anna", "carla")}
    found = bubbles(
        received("a", 1, **several), received("b", 2, **several), received("c", 3, author="dave", **several)
    )
    assert [row.author for row in found] == ["Bob Okafor", "", "dave"]
    assert bubbles(own("a", position=1, recipients=("bob", "carla")))[0].author == ""


def test_a_screen_reader_hears_who_speaks():
    assert bubbles(received("a", 1))[0].accessible == "Bob Okafor: text a. 12:00"
    assert bubbles(own("a", position=1))[0].accessible == "You: text a. 12:00. Delivered"
    assert shown(received("a", 1))[0].accessible == "Today"


def test_the_revision_changes_with_what_is_drawn_and_only_then():
    before = own("a", Stage.HELD, at=NOON, expires_at=NOON + HOUR)
    assert bubbles(before)[0].revision == bubbles(replace(before, since=1))[0].revision
    others = [bubbles(before, now=NOON + MINUTE), bubbles(replace(before, text="other"))]
    assert {found[0].revision for found in others}.isdisjoint({bubbles(before)[0].revision})


@given(
    st.lists(
        st.builds(
            lambda number, by_me, stage, late, at, batch: (
                own(
                    str(number),
                    stage,
                    None if stage in (Stage.UNSENT, Stage.HELD) else number,
                    NOON - at * MINUTE,
                    delayed=late,
                    batch=batch,
                )
                if by_me
                else received(str(number), number, NOON - at * MINUTE, delayed=late, batch=batch)
            ),
            st.integers(1, 1000),
            st.booleans(),
            st.sampled_from(Stage),
            st.booleans(),
            st.integers(0, 5000),
            st.integers(0, 2),
        ),
        unique_by=lambda entry: entry.id,
        max_size=12,
    )
)
def test_every_message_is_shown_once_and_every_group_has_one_end(entries):
    found = rows(entries, PEOPLE, "anna", NOON, UTC, 500)
    keys = [row.key for row in found]
    assert len(set(keys)) == len(keys)
    expected = {entry.id for entry in entries if entry.stage is not Stage.WITHDRAWN}
    seen = [row for row in found if row.kind is RowKind.BUBBLE]
    assert {row.key for row in seen} == expected
    assert sum(row.first_in_group for row in seen) == sum(row.last_in_group for row in seen)
    assert all(row.foot for row in seen if row.last_in_group)


def test_what_says_the_same_again_is_the_same_row():
    kept: Kept = {}
    entries = [received("a", 1), received("b", 2, NOON + HOUR), own("w", Stage.HELD, expires_at=NOON + DAY)]

    def read(now: int = NOON + HOUR, people: People = PEOPLE, me: str = "anna"):
        return [row for row in rows(entries, people, me, now, UTC, kept=kept) if row.kind is RowKind.BUBBLE]

    first, again = read(), read()
    assert [one is other for one, other in zip(first, again, strict=True)] == [True, True, False]
    assert first == again == bubbles(*entries, now=NOON + HOUR)
    assert read(NOON + DAY + HOUR) == bubbles(*entries, now=NOON + DAY + HOUR), "another day: days are said"
    renamed = PEOPLE | {"bob": Person("bob", Presence("bob", 2, {"Alias": Reading("Robert", 0)}))}
    assert read(people=renamed)[0].accessible.startswith("Robert")
    entries[0] = replace(entries[0], text="changed")
    assert read()[0].text == "changed"
    del entries[0]
    assert [row.key for row in read()] == ["b", "w"]
    assert "a" not in kept
