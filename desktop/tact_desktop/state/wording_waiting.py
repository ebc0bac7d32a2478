"""The words of what waits and of what became of it: clauses beside their marks, alerts, editing, and what came late."""

from collections.abc import Sequence

from tact_desktop.state.shown import shown_line, shown_text
from tact_desktop.state.wording_time import WEEKDAYS, left
from tact_engine.core.window import WEEK, Window

# Cards of what waits.
ONLINE = "Online"
PAUSED = "Paused while you edit"
IN_TURN = "In its turn"
NEXT_TIME = "For the next time"
HAS_CHANGED = "it has changed"
MUST_CHANGE = "must change first"
AND = "and"
AS_LAST_KNOWN = "as last known"
LAST_KNOWN = "The marks below are as last known."
TELL_ONLY = "Only tell me instead"
_QUOTED_MAX = 24

# Alerts.
MAKE_MESSAGE = "Make it a message…"
STOP = "Stop"
ASK_AGAIN = "Ask again"
WRITE_NOW = "Write it now"

# Editing what waits.
RETRACT = "Ask to ignore it"
OPEN = "Open"
TAKEN_BACK_ARRIVED = "You took this message back, but it had arrived already."
SAID_AFTER_ALL = "Arrived after all"
OUTDATED = "the text from before your change arrived"


# --- the clauses of a waiting message -----------------------------------------------------------------------------


def not_before(at: str) -> str:
    """The clause that a message waits at least until a moment."""
    return f"Not before {at}"


def window_words(window: Window, name: str) -> str:
    """The clause that a message goes at certain hours only, by the clock of `name`."""
    hours = f"Only {window.start}–{window.end}"
    return f"{hours} {name}'s time" if window.days == WEEK else f"{hours}, {days(window.days)}, {name}'s time"


def days(numbers: Sequence[int]) -> str:
    """Weekdays, 1 for Monday: a run as "Mon–Fri", any others as "Mon, Wed"."""
    ordered = sorted(numbers)
    short = [WEEKDAYS[number - 1][:3] for number in ordered]
    run = ordered == list(range(ordered[0], ordered[-1] + 1))
    return f"{short[0]}–{short[-1]}" if run and len(short) > 2 else ", ".join(short)


def stays_so(seconds: int) -> str:
    """The clause that a condition must have held for so long."""
    return f"Stays so for {precisely(seconds)}"


def still_to_stay(ms: int) -> str:
    """How much longer it must hold."""
    return f"{precisely(-(-ms // 1000))} left"


def precisely(seconds: int) -> str:
    """A short length of time to the second: "3 min 20 s", "45 s"; from an hour on "1 h"."""
    minutes, rest = divmod(seconds, 60)
    if minutes >= 60:
        return left(seconds * 1000)
    return " ".join([f"{minutes} min"] * (minutes > 0) + [f"{rest} s"] * (rest > 0 or minutes == 0))


def after(text: str) -> str:
    """The clause that a message waits behind another, which says `text`."""
    return f"After {quoted(text)}" if text.strip() else "After an earlier message"


def quoted(text: str) -> str:
    """The beginning of a message in quotes, in one line."""
    line = " ".join(text.split())
    cut = line if len(line) <= _QUOTED_MAX else f"{line[: _QUOTED_MAX - 1].rstrip()}…"
    return f"“{shown_line(cut)}”"


def foot_paused(time_left: str) -> str:
    """Under a message that is in the editor."""
    return f"✎ {PAUSED} · {time_left}"


# --- the end of its time -------------------------------------------------------------------------------------------


def second_life(at: str, name: str) -> str:
    """A message whose time was up and that goes on waiting without its condition."""
    return f"Its time was up {at} — goes when {name} is next online"


def then_draft() -> str:
    """What becomes of a waiting message at the end of its time, where that was chosen."""
    return "Then it is a draft again"


def then_online(name: str) -> str:
    """The same, for a message that is to go all the same."""
    return f"Then it goes when {name} is next online"


def drafted(name: str) -> str:
    """Said once when a message came back."""
    return f"The time of your message to {name} was up. It is a draft again."


# --- alerts --------------------------------------------------------------------------------------------------------


def alerts_title(count: int) -> str:
    """The head of what one asked to be told."""
    return f"To be told ({count})"


def tell_me_when(phrase: str) -> str:
    """An alert that waits; `phrase` is its condition."""
    return f"Tell me when {phrase}"


def told(phrase: str) -> str:
    """Said once when an alert has come true."""
    return f"{phrase} — you asked to be told."


def told_note(at: str, phrase: str, text: str) -> str:
    """The line of an alert that came true in the conversation, with the note that was kept for this moment."""
    said = f"🔔 {at} {phrase} — you asked to be told"
    return f"{said}\n{shown_text(text)}" if text else said


def not_told_note(at: str) -> str:
    """The line of an alert whose time ran out; it names no clause."""
    return f"🔔 Nothing to tell: the time of your alert ran out {at}"


def not_told(at: str) -> str:
    """The reason on the card of such an alert."""
    return f"Nothing to tell: its time ran out {at}"


def nobody_to_tell_of(name: str) -> str:
    """Why an alert about somebody who was removed can never come true."""
    return f"Nothing to tell: {name} was removed."


def refused_note(reason: str) -> str:
    """The line of an alert that was not accepted, or can never come true."""
    return f"🔔 {reason}"


# --- what came after all, and what came too late -------------------------------------------------------------------


def arrived_after_all(at: str) -> str:
    """Under a message that was thought to be lost or taken back."""
    return f"✓ Arrived after all {at}"


def did_arrive(name: str) -> str:
    """Said once about such a message."""
    return f"Your message to {name} did arrive after all."


def too_late(text: str) -> str:
    """A message could not be taken back."""
    return f"Too late: {quoted(text)} has already been handed over. You can ask to ignore it."


def please_ignore(text: str) -> str:
    """What is written to somebody about a message that cannot be taken back."""
    return f"Please ignore my message {quoted(text)}."


def change_too_late(name: str) -> str:
    """A change could not be made: the message had left before it."""
    return f"Too late: it went to {name} before your change. What you wrote can go as a new message."


CHANGE_TOO_LATE = "Too late: its time was over before your change. What you wrote can go as a new message."
