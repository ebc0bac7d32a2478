"""The words of the composer, the condition editor, and the bars and cards around the conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from tact_desktop.state import wording_waiting
from tact_desktop.state.draft import Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.link import Link, LinkPhase
from tact_desktop.state.shown import shown_line, shown_name
from tact_desktop.state.wording import why_failed
from tact_desktop.state.wording_time import moment, when
from tact_engine.core.conditions import Truth

# How long a message may wait.
VALID_FOR = "Valid for"
VALID_UNTIL = "Deliver until"
MOMENT_FORMAT = "ddd d MMM  HH:mm"


# Composer.
PRESET_WORDS: Mapping[Preset, str] = {
    Preset.NOW: "Now",
    Preset.ONLINE: "When online",
    Preset.AVAILABLE: "When available",
    Preset.NOT_ANGRY: "When not angry",
    Preset.CUSTOM: "Custom…",
}
DELIVER = "Deliver"
MESSAGE = "Message"
SEND = "Send"
SAVE_CHANGE = "Save change"
CANCEL = "Cancel"
EDITING = "Paused while you edit — its time runs on."
RESUME = "Resume"
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
ENCRYPTED = "encrypted"
NOT_ENCRYPTED = "not encrypted"
SHOW_WAITING = "Show what is waiting"


def link_state(link: Link) -> str:
    """Which engine, where it runs, and whether it answers."""
    match link.phase:
        case LinkPhase.CONNECTED:
            where = f"Engine “{link.engine}” on this computer" if link.here else f"Engine “{link.engine}”"
            return f"{where}, open to anybody" if link.is_open else where
        case LinkPhase.CONNECTING:
            return f"Connecting to “{link.engine}”…" if link.engine else "Connecting…"
        case LinkPhase.AWAY:
            return (
                f"Engine “{link.engine}” cannot be reached" if link.engine else "The engine cannot be reached"
            )
        case LinkPhase.ASKING:
            return f"Waiting to be let in to “{link.engine}”" if link.engine else "Waiting to be let in"
        case LinkPhase.REFUSED:
            return link.problem or "The engine does not let this computer in"
        case _:
            return "Signed out"


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
_CHIP_LENGTH = 34


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One card of the section "Not delivered"; `reason` is a sentence, `repeatable`: it can be sent again."""

    id: str
    name: str
    text: str
    reason: str
    alert: bool = False
    repeatable: bool = True


def undelivered(entry: Entry, name: str, now_ms: int, zone: tzinfo) -> Undelivered:
    """The card of an entry that ended without arriving; the reason names no clause."""
    today = moment(now_ms, zone).date()
    at = when(moment(entry.since, zone), today, today)
    over = wording_waiting.not_told(at) if entry.alert else f"Its time ran out {at}"
    never = wording_waiting.nobody_to_tell_of(name) if entry.alert else why_failed("", name)
    reason = over if entry.stage is Stage.EXPIRED else entry.problem or never
    return Undelivered(entry.id, name, entry.text, reason, entry.alert)


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
    line = shown_line(text)
    return f"{name}: {line}. {state}" if state else f"{name}: {line}"


def clause_now(clause: str, now: str) -> str:
    """A clause with what is so now, in full."""
    return f"{clause} ({now})"


def beside(clause: str, now: str) -> str:
    """`now` where it fits into a chip beside `clause`, else ""."""
    return now if len(clause) + len(now) <= _CHIP_LENGTH else ""


# Condition editor.
ALL_OF_THESE = "all of these"
ANY_OF_THESE = "any of these"
AND = "and …"
OR = "or …"
ADD_ALTERNATIVE = "or else when …"
OR_ELSE_WHEN = "… or else when all of these:"
REMOVE_ALTERNATIVE = "Remove this alternative"
REMOVE_ROW = "Remove"
ATTRIBUTE = "Attribute"
COMPARISON = "Comparison"
VALUE = "Value"
TEXT_HINT = "words to look for"
USE_THIS = "Use this"
NO_VALUE = "choose…"


def editor_title(name: str) -> str:
    """The head of the condition editor."""
    return f"Deliver to {name} when …"


def always_needed(name: str) -> str:
    """The clause that every condition has."""
    return f"{name} is online — always needed"


def present_state(name: str) -> str:
    """The button that takes over how a person is now."""
    return f"{name}'s present state"


def row_part(what: str, number: int) -> str:
    """A control of a row of the editor, for a screen reader."""
    return f"{what}, row {number}"


def several(chosen: Sequence[str]) -> str:
    """The values chosen, on a button."""
    if not chosen:
        return NO_VALUE
    return ", ".join(chosen) if len(chosen) <= 2 else f"{chosen[0]}, {chosen[1]} and {len(chosen) - 2} more"


def standing(truth: Truth, true: int, of: int, offline: str) -> str:
    """How the rows stand; `offline` is the recipient's name where they are."""
    if truth is True:
        return "True now — this goes at once."
    if offline:
        return (
            f"Not yet: {offline} is offline; {true} of {of} true" if of else f"Not yet: {offline} is offline"
        )
    return f"Can't tell: {true} of {of} true" if truth is None else f"Not yet: {true} of {of} true"


# First run.
WELCOME = "Welcome to Tact"
WELCOME_HINT = "Messages that arrive when their moment comes."
YOUR_NAME = "Your name"
YOUR_NAME_HINT = "First name and last name"
START_HERE = "None of these — start one on this computer"
START_HERE_FIRST = "Start one on this computer"
ENTER_ADDRESS = "Enter an address"
ADDRESS = "Address"
ADDRESS_HINT = "host or host:port"
CHECK = "Check"
SHOW_DETAILS = "Show details"
CONTINUE = "Continue"
BUSY = "Connecting…"


def handle_preview(handle: str) -> str:
    """Under the name: the short name that is made from it."""
    return f"Your short name will be {handle}" if handle else "A short name is made from it."


def engine_on(name: str, host: str) -> str:
    """One engine of the list."""
    return f"{shown_name(name)} — on {shown_name(host)}"
