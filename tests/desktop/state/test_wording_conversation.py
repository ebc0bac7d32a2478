from dataclasses import replace

import pytest

from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.state.wording_conversation import (
    ROW_ACTION_WORDS,
    RowAction,
    arrived,
    conversation_with,
    is_waiting,
    no_messages,
    nobody_found,
    row_action_word,
    row_actions,
    waiting_here,
)


def row(style: BubbleStyle, own: bool = True, kind: RowKind = RowKind.BUBBLE) -> MessageRow:
    return MessageRow("1", 0, kind, "Hello", own, style=style)


@pytest.mark.parametrize("style", list(BubbleStyle))
def test_what_can_be_done_with_an_own_message_follows_where_it_stands(style: BubbleStyle):
    waiting = style in (BubbleStyle.HELD, BubbleStyle.UNSENT, BubbleStyle.PAUSED)
    ended = style in (BubbleStyle.EXPIRED, BubbleStyle.FAILED)
    offered = row_actions(row(style))
    assert (RowAction.SEND_NOW in offered, RowAction.EDIT in offered, RowAction.WITHDRAW in offered) == (
        waiting,
    ) * 3
    assert (RowAction.SEND_AGAIN in offered, RowAction.DELETE in offered) == (ended, ended)
    assert is_waiting(row(style)) == waiting
    assert all(ROW_ACTION_WORDS[action] for action in offered)


@pytest.mark.parametrize("style", [BubbleStyle.HELD, BubbleStyle.UNSENT, BubbleStyle.PAUSED])
def test_of_a_message_that_waits_one_can_be_told_instead(style: BubbleStyle):
    assert RowAction.TELL_ONLY in row_actions(row(style))


@pytest.mark.parametrize(
    ("style", "note", "offered"),
    [
        (BubbleStyle.NORMAL, "", ()),
        (BubbleStyle.NORMAL, "Call him", (RowAction.WRITE_NOW,)),
        (BubbleStyle.EXPIRED, "Call him", (RowAction.SEND_AGAIN, RowAction.DELETE)),
        (BubbleStyle.FAILED, "", (RowAction.SEND_AGAIN, RowAction.DELETE)),
    ],
)
def test_what_can_be_done_with_the_line_of_an_alert(style: BubbleStyle, note: str, offered):
    line = replace(row(style, kind=RowKind.NOTE), note=note)
    assert row_actions(line) == offered


def test_an_alert_is_not_sent_again_but_asked_for_again():
    assert row_action_word(RowAction.SEND_AGAIN, row(BubbleStyle.EXPIRED)) == "Send again"
    line = row(BubbleStyle.EXPIRED, kind=RowKind.NOTE)
    assert row_action_word(RowAction.SEND_AGAIN, line) == "Ask again"
    assert row_action_word(RowAction.DELETE, line) == "Delete"


def test_nothing_can_be_done_with_what_others_wrote_and_with_lines():
    assert row_actions(row(BubbleStyle.HELD, own=False)) == ()
    assert row_actions(row(BubbleStyle.HELD, kind=RowKind.SEPARATOR)) == ()
    assert not is_waiting(row(BubbleStyle.HELD, own=False))


def test_sentences_name_what_they_are_about():
    assert nobody_found(" zed ") == "Nobody here is called “zed”."
    assert conversation_with("Bob") == "Conversation with Bob"
    assert no_messages("Bob") == "No messages yet — write Bob the first one."
    assert waiting_here(2) == "2 waiting here"
    assert arrived(1, "Bob: Hello.") == "Bob: Hello."
    assert arrived(3, "Bob: Hello.") == "3 new messages. Bob: Hello."
