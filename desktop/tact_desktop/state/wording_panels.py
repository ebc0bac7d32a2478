"""The words of the composer, the condition editor, and the bars and cards around the conversation."""

from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.wording import NOT_ACCEPTED
from tact_desktop.state.wording_time import moment, when

# How long a message may wait.
VALID_FOR = "Valid for"
VALID_UNTIL = "Deliver until"
MOMENT_FORMAT = "ddd d MMM  HH:mm"


# Composer.
DELIVER = "Deliver"
MESSAGE = "Message"
SEND = "Send"
SAVE_CHANGE = "Save change"
CANCEL = "Cancel"
EDITING = "Editing a waiting message"
PIN = "Keep this choice for this chat"
UNPIN = "Back to Now after each message"
CHANGE_CONDITION = "Change…"


def message_to(name: str) -> str:
    """The hint in the empty message field."""
    return f"Message {name}…"


# My presence.
STATUS_HINT = "What are you doing?"
CLEAR_STATUS = "Clear status text"
SIGN_OUT = "Sign out"


def named(what: str, value: str) -> str:
    """A control's name and what it stands at."""
    return f"{what}: {value}"


# Status bar.
class Reach(Enum):
    """Whether the engine can be reached."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    UNREACHABLE = "unreachable"


ENCRYPTED = "encrypted"
NOT_ENCRYPTED = "not encrypted"
SHOW_WAITING = "Show what is waiting"


def engine_state(name: str, here: bool, reach: Reach) -> str:
    """Which engine, where it runs, and whether it answers."""
    where = " on this computer" if here else ""
    match reach:
        case Reach.SEARCHING:
            return "Looking for an engine…"
        case Reach.CONNECTING:
            return f"Connecting to “{name}”{where}…"
        case Reach.CONNECTED:
            return f"Engine “{name}”{where}"
        case Reach.UNREACHABLE:
            return f"Engine “{name}” cannot be reached — what you write is kept on this computer"


def people_count(count: int) -> str:
    """How many people the engine knows."""
    return "1 person" if count == 1 else f"{count} people"


def waiting_count(count: int) -> str:
    """How many messages wait."""
    return f"{count} waiting" if count else "Nothing waiting"


# Waiting.
WAITING = "Waiting messages"
CLOSE_WAITING = "Close the list of waiting messages"
SEND_NOW = "Send now"
EDIT = "Edit"
WITHDRAW = "Withdraw"
SEND_AGAIN = "Send again"
DELETE = "Delete"
OPEN = "Open the conversation"
TIME_LEFT = "Time left"
ONLINE = "Online"
OR_ELSE = "or else"
NOTHING_WAITS = "Nothing is waiting"
NOTHING_WAITS_HINT = "A message with a condition stands here until its moment comes."
_SHORT = 28


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One card of the section "Not delivered"; `reason` is a sentence."""

    id: str
    name: str
    text: str
    reason: str


def undelivered(entry: Entry, name: str, now_ms: int, zone: tzinfo) -> Undelivered:
    """The card of an entry that ended without arriving; the reason names no clause."""
    today = moment(now_ms, zone).date()
    reason = f"Its time ran out {when(moment(entry.since, zone), today, today)}"
    return Undelivered(
        entry.id, name, entry.text, reason if entry.stage is Stage.EXPIRED else entry.problem or NOT_ACCEPTED
    )


def waiting_title(count: int) -> str:
    """The head of the list."""
    return f"Waiting ({count})" if count else "Waiting"


def undelivered_title(count: int) -> str:
    """The head of what did not arrive."""
    return f"Not delivered ({count})"


def delivered_today(count: int) -> str:
    """How much of what had to wait arrived today."""
    return f"Delivered today: {count}"


def card_name(name: str, text: str, state: str = "") -> str:
    """A card for a screen reader: to whom, what, how it stands."""
    return f"{name}: {text}. {state}" if state else f"{name}: {text}"


def clause_now(clause: str, now: str) -> str:
    """A clause with what is so now, in full."""
    return f"{clause} ({now})"


def shortened(text: str) -> str:
    """`text` cut to fit a chip."""
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"
