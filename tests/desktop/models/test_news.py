from dataclasses import replace

import pytest

from tact_desktop.models.news import News, news, without_arrivals
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind

NOTHING = News((), "")


def row(key: str, own: bool = False, style: BubbleStyle = BubbleStyle.NORMAL) -> MessageRow:
    return MessageRow(key, 0, RowKind.BUBBLE, key, own, style=style, accessible=f"said {key}")


A, B, C, MINE = row("a"), row("b"), row("c"), row("mine", own=True)
HELD = row("mine", own=True, style=BubbleStyle.HELD)
DAY = MessageRow("day", 0, RowKind.DAY, "Today")


def test_what_others_wrote_is_news_and_said_once():
    assert news([A], [A, B]) == News(("b",), "said b")
    assert news([A, HELD], [A, DAY, B, C, HELD]) == News(("b", "c"), "2 new messages. said c")
    assert news([], [A]) == News(("a",), "said a")


def test_what_i_write_and_what_is_fetched_from_before_is_not():
    assert news([A], [A, MINE]) == NOTHING
    assert news([B], [A, B]) == NOTHING
    assert news([A], [A]) == NOTHING


def test_what_had_been_held_and_is_released_or_ended_is_news():
    assert news([A, HELD], [A, MINE]) == News(("mine",), "said mine")
    expired = replace(HELD, style=BubbleStyle.EXPIRED)
    assert news([A, HELD], [A, expired]).keys == ("mine",)
    assert news([A, replace(HELD, style=BubbleStyle.UNSENT)], [A, MINE]) == NOTHING


def test_before_what_comes_below_is_put_in_all_else_stands():
    read = replace(B, revision=1)
    assert without_arrivals([B, HELD], [DAY, A, read, C, HELD]) == (DAY, A, read, HELD)
    assert without_arrivals([], [A, B]) == ()


@pytest.mark.rule("R1")
def test_what_one_asked_to_be_told_is_news_once():
    told = MessageRow("told", 0, RowKind.NOTE, "Bob is there", own=True, accessible="said told")
    assert news([A], [A, told]) == News(("told",), "said told")
    assert news([A, told], [A, told]) == NOTHING


@pytest.mark.rule("M16")
def test_what_was_lost_and_arrived_after_all_is_news():
    lost = replace(HELD, style=BubbleStyle.EXPIRED)
    assert news([A, lost], [A, MINE]).keys == ("mine",)
    assert news([A, lost], [A, replace(lost, revision=1)]) == NOTHING


def test_a_message_that_left_the_editor_with_its_change_is_news():
    paused = replace(HELD, style=BubbleStyle.PAUSED)
    assert news([A, paused], [A, MINE]).keys == ("mine",)
    assert news([A, paused], [A, HELD]) == NOTHING
