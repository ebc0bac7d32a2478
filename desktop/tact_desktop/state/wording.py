"""The sentences a person reads: in the composer, under a message, in the bars, in notifications, and for errors.

Words for presence stand in `wording_words`, sentences for conditions in `wording_conditions`, times in `wording_time`.
A sentence is one template with its facts filled in, never put together from fragments that no other language has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tact_desktop.state.entry import Stage
from tact_desktop.state.mark import Mark
from tact_desktop.state.shown import shown_line
from tact_desktop.state.wording_words import attribute_word as attribute_word
from tact_desktop.state.wording_words import mood_emoji as mood_emoji
from tact_desktop.state.wording_words import operator_word as operator_word
from tact_desktop.state.wording_words import value_label as value_label
from tact_desktop.state.wording_words import value_word as value_word

YOU = "You"
NEW_MESSAGES = "New messages"
DELIVERED_NOW = "Delivered now"
UNREADABLE = "This message is in a form that this version of Tact cannot show."
NOT_ACCEPTED = "The engine did not accept this. Try again, or ask whoever looks after the engine."

MARK_GLYPHS: Mapping[Mark, str] = {Mark.TRUE: "●", Mark.FALSE: "○", Mark.UNKNOWN: "?", Mark.IMPOSSIBLE: "⚠"}
MARK_WORDS: Mapping[Mark, str] = {
    Mark.TRUE: "true now",
    Mark.FALSE: "not yet",
    Mark.UNKNOWN: "can't tell",
    Mark.IMPOSSIBLE: "never",
}
STAGE_WORDS: Mapping[Stage, str] = {
    Stage.UNSENT: "Not handed over yet",
    Stage.HELD: "Waiting",
    Stage.RELEASED: "On its way",
    Stage.DELIVERED: "Delivered",
    Stage.READ: "Read",
    Stage.EXPIRED: "Not delivered",
    Stage.WITHDRAWN: "Cancelled",
    Stage.FAILED: "Not accepted",
}

_REFUSALS: Mapping[str, str] = {
    "already_released": "Too late: the message has already been handed over.",
    "already_ended": "Too late: the message has already ended.",
    "revision_mismatch": "This message was changed elsewhere meanwhile. Look at it again, then change it.",
    "sign_in_failed": "The engine does not recognise this computer. Sign in again.",
    "unknown_frame": "The engine is older than this window. Update the engine.",
    "malformed_frame": "The engine did not understand this window. Update the older of the two.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notification shows."""

    title: str
    body: str


# --- the composer -------------------------------------------------------------------------------------------


def marked(mark: Mark, sentence: str) -> str:
    """A sentence behind the glyph of its mark."""
    return f"{MARK_GLYPHS[mark]} {sentence}"


# --- under a message ----------------------------------------------------------------------------------------


def foot_offline_message(written: str, delivered: str) -> str:
    """Under a received message that had waited."""
    return f"⏱ Offline message · written {written} · delivered {delivered}"


def foot_on_its_way(at: str) -> str:
    """Under an own message that was handed over and is not acknowledged yet."""
    return f"{at} · On its way"


def foot_arrived(at: str, read: bool, written: str) -> str:
    """Under an own message that arrived; `written` is "" where it went at once."""
    arrived = f"{at} ✓✓ Read" if read else f"{at} ✓ Delivered"
    return f"{arrived} · written {written}" if written else arrived


def foot_held(until: str, time_left: str) -> str:
    """Under a waiting message."""
    return f"⏳ {until} · {time_left}"


FOOT_UNSENT = "🕓 Not handed over yet — kept on this computer"


def foot_expired(at: str) -> str:
    """Under a message whose time ran out; it names no clause."""
    return f"⌛ Not delivered: its time ran out {at}"


def why_failed(problem: str, whom: str = "") -> str:
    """Why a message can never arrive: it was not accepted, or there is no such `problem` and `whom` was removed."""
    return problem or (f"{whom} was removed: it could not be delivered." if whom else NOT_ACCEPTED)


def foot_failed(problem: str, whom: str = "") -> str:
    """Under a message that can never arrive."""
    return f"⚠ {why_failed(problem, whom)}"


def accessible(name: str, text: str, time: str, state: str) -> str:
    """One message for a screen reader: name, text, time, state."""
    return f"{name}: {text}. {time}. {state}" if state else f"{name}: {text}. {time}"


def with_places(text: str, places: Sequence[str]) -> str:
    """A message for a screen reader, with the places that its links do not show as they are."""
    return f"{text} ({'; '.join(f'link to {place}' for place in places)})" if places else text


def said_offline_message(written: str, delivered: str) -> str:
    """The state of a received message that had waited, without glyphs."""
    return f"Offline message, written {written}, delivered {delivered}"


def said_waiting(until: str, time_left: str) -> str:
    """The state of a waiting message, without glyphs."""
    return f"Waiting {until}, {time_left}"


def said_expired(at: str) -> str:
    """The state of an expired message, without glyphs."""
    return f"Not delivered, its time ran out {at}"


def said_failed(problem: str, whom: str = "") -> str:
    """The state of a message that can never arrive, without glyphs."""
    said = STAGE_WORDS[Stage.EXPIRED] if whom and not problem else STAGE_WORDS[Stage.FAILED]
    return f"{said}: {why_failed(problem, whom)}"


def said_arrived(state: str, written: str) -> str:
    """The state of an own message that waited and arrived, without glyphs."""
    return f"{state}, written {written}" if written else state


def delivered_together(at: str) -> str:
    """The line above messages that arrived at once, some time ago."""
    return f"Delivered together {at}"


# --- status bar, banner, errors -------------------------------------------------------------------------------


def unreachable(engine: str, unsent: int) -> str:
    """The banner while the engine does not answer, with how much is kept for it."""
    if unsent == 0:
        return f"“{engine}” cannot be reached. What you write is kept on this computer and handed over once it is back."
    if unsent == 1:
        return f"“{engine}” cannot be reached. 1 message is kept on this computer and handed over once it is back."
    return f"“{engine}” cannot be reached. {unsent} messages are kept on this computer and handed over once it is back."


def clock_differs(minutes: int) -> str:
    """The banner where this computer's clock is wrong; the engine's alone decides."""
    if minutes == 1:
        return "This computer's clock differs from the engine's by 1 minute. The engine's decides."
    return f"This computer's clock differs from the engine's by {minutes} minutes. The engine's decides."


def refusal_text(code: str, text: str) -> str:
    """A refusal as a sentence: ours where we have one, else the engine's own `text`."""
    return _REFUSALS.get(code) or shown_line(text) or NOT_ACCEPTED


# --- notifications --------------------------------------------------------------------------------------------


def notice(authors: Sequence[str], texts: Sequence[str], delayed: bool, preview: bool = True) -> Notice:
    """One notification for messages that came together, `authors` named once each in the order of their first.

    Without `preview` the text of the last one stays unsaid; several authors are named, and nobody is quoted.
    """
    if len(authors) > 1:
        return Notice(f"{len(texts)} messages from {_several(authors)}", "")
    return Notice(_notice_title(authors[0], len(texts), delayed), _first_line(texts[-1]) if preview else "")


def _several(names: Sequence[str]) -> str:
    if len(names) == 2:
        return f"{names[0]} and {names[1]}"
    others = len(names) - 2
    return f"{names[0]}, {names[1]} and {others} other{'s' if others > 1 else ''}"


def _notice_title(author: str, count: int, delayed: bool) -> str:
    if count == 1:
        return f"A message from {author}, written while you were away" if delayed else author
    if delayed:
        return f"{count} messages from {author}, written while you were away"
    return f"{count} messages from {author}"


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return shown_line(lines[0]) if lines else ""
