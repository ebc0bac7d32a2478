"""The words of the list of people and of the conversation: who somebody is now, and what can be done with a row."""

from collections.abc import Mapping
from enum import StrEnum

from tact_desktop.state import wording_panels, wording_waiting
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.state.wording_person import header_line as header_line
from tact_desktop.state.wording_person import presence_said as presence_said

# People.
PEOPLE = "People"
FIND_PEOPLE = "Find people"
CLEAR_SEARCH = "Clear the search"
NOBODY_HERE = (
    "Nobody here yet — invite a colleague. Everyone who joins this engine appears here by themselves."
)
INVITE = "Invite a colleague…"

# Conversation.
CONVERSATION = "Conversation"
CHOOSE_SOMEBODY = "Choose somebody on the left"
CHOOSE_SOMEBODY_HINT = "Your conversation opens here."
COPY_TEXT = "Copy text"


class RowAction(StrEnum):
    """What can be done with one message, besides copying its text."""

    SEND_NOW = "send_now"
    EDIT = "edit"
    TELL_ONLY = "tell_only"
    WITHDRAW = "withdraw"
    WRITE_NOW = "write_now"
    SEND_AGAIN = "send_again"
    DELETE = "delete"


ROW_ACTION_WORDS: Mapping[RowAction, str] = {
    RowAction.SEND_NOW: wording_panels.SEND_NOW,
    RowAction.EDIT: wording_panels.EDIT,
    RowAction.TELL_ONLY: wording_waiting.TELL_ONLY,
    RowAction.WITHDRAW: wording_panels.WITHDRAW,
    RowAction.WRITE_NOW: wording_waiting.WRITE_NOW,
    RowAction.SEND_AGAIN: wording_panels.SEND_AGAIN,
    RowAction.DELETE: wording_panels.DELETE,
}

_WAITING = (RowAction.SEND_NOW, RowAction.EDIT, RowAction.TELL_ONLY, RowAction.WITHDRAW)
_ENDED = (RowAction.SEND_AGAIN, RowAction.DELETE)
_ACTIONS: Mapping[BubbleStyle, tuple[RowAction, ...]] = {
    BubbleStyle.HELD: _WAITING,
    BubbleStyle.UNSENT: _WAITING,
    BubbleStyle.PAUSED: _WAITING,
    BubbleStyle.EXPIRED: _ENDED,
    BubbleStyle.FAILED: _ENDED,
}


def is_waiting(row: MessageRow) -> bool:
    """Whether `row` is an own message that still waits."""
    return row.own and _ACTIONS.get(row.style) is _WAITING


def row_actions(row: MessageRow) -> tuple[RowAction, ...]:
    """What can be done with `row`: nothing with lines and with what somebody else wrote.

    The line of an alert that came true leads to a message, where something was noted for it.
    """
    if not row.own or row.kind not in (RowKind.BUBBLE, RowKind.NOTE):
        return ()
    if row.kind is RowKind.NOTE and row.style not in (BubbleStyle.EXPIRED, BubbleStyle.FAILED):
        return (RowAction.WRITE_NOW,) if row.note else ()
    return _ACTIONS.get(row.style, ())


def row_action_word(action: RowAction, row: MessageRow) -> str:
    """What an action is called for `row`: an alert is not sent, but asked for."""
    if action is RowAction.SEND_AGAIN and row.kind is RowKind.NOTE:
        return wording_waiting.ASK_AGAIN
    return ROW_ACTION_WORDS[action]


def nobody_found(needle: str) -> str:
    """The list of people where the filter leaves nobody."""
    return f"Nobody here is called “{needle.strip()}”."


def conversation_with(name: str) -> str:
    """The list of messages, for a screen reader."""
    return f"Conversation with {name}"


def no_messages(name: str) -> str:
    """A conversation in which nothing was said yet."""
    return f"No messages yet — write {name} the first one."


def waiting_here(count: int) -> str:
    """The strip above the composer."""
    return f"{count} waiting here"


def arrived(count: int, latest: str) -> str:
    """What a screen reader says when `count` messages came at once; `latest` is the last of them in words."""
    return latest if count == 1 else f"{count} new messages. {latest}"
