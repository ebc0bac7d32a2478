"""The words of the composer, the condition editor, and the bars and cards around the conversation."""

from enum import Enum

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


def engine_state(name: str, place: str, reach: Reach) -> str:
    """Which engine, where it runs, and whether it answers."""
    where = f" {place}" if place else ""
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
