"""The sentences of the composer: what pressing Send would do, and what its button says."""

from collections.abc import Mapping

from tact_engine.core.envelope import Otherwise

# Send, for a message.
SEND = "Send"
SEND_WHEN_ONLINE = "Send when online"
SEND_WHEN_AVAILABLE = "Send when available"
SEND_WHEN_NOT_ANGRY = "Send when not angry"
SEND_WHEN = "Send when…"
SEND_IN_TURN = "Send in turn"

# Send, for an alert.
TELL_NOW = "Tell me now"
TELL_WHEN_ONLINE = "Tell me when online"
TELL_WHEN_AVAILABLE = "Tell me when available"
TELL_WHEN_NOT_ANGRY = "Tell me when not angry"
TELL_WHEN = "Tell me when…"

TELL_ONLY = "Only tell me"
TELL_ONLY_HINT = "Only tell me when it is so; nothing is sent"
NOTE_HINT = "A note for yourself, if you like…"
NOTE = "Note for yourself"
THEN = "then"
THEN_WORDS: Mapping[Otherwise, str] = {
    Otherwise.EXPIRE: "tell me",
    Otherwise.DRAFTS: "back to my drafts",
    Otherwise.DELIVER: "deliver anyway when next online",
}
SEND_NOW_QUESTION = "Send now, without waiting?"
SEND_NOW = "Send now"
KEEP_WAITING = "Let it wait"
CHANGE_REFUSED = "Your change was not accepted. The message waits as it was; here is what you wrote."

_ENDS: Mapping[Otherwise, str] = {
    Otherwise.EXPIRE: "{what}; given up in {limit}.",
    Otherwise.DRAFTS: "{what}; after {limit} back to your drafts.",
    Otherwise.DELIVER: "{what}; after {limit} delivered anyway when {name} is next online.",
}
_ASKED_ENDS: Mapping[Otherwise, str] = {
    Otherwise.EXPIRE: "{what}; give up after {limit}.",
    Otherwise.DRAFTS: "{what}; after {limit} back to your drafts.",
    Otherwise.DELIVER: "{what}; after {limit} deliver anyway when {name} is next online.",
}


NOT_HERE_ANY_MORE = "Nothing can be sent from here any more. You can still read what was written."
"""Stands in the place of the message field where oneself was removed."""


def cannot_write(name: str) -> str:
    """Stands in the place of the message field where whoever it would be for was removed."""
    return f"{name} is no longer in this office. You can still read what you wrote to each other."


def ends(what: str, limit: str, otherwise: Otherwise, name: str) -> str:
    """What a message does, with what becomes of it at the end of its time."""
    return _ENDS[otherwise].format(what=what, limit=limit, name=name)


def asked(phrase: str, limit: str, otherwise: Otherwise, name: str, alert: bool) -> str:
    """The whole condition as what is asked for: "Deliver when Bob is Available; give up after 1 week."."""
    what = f"Tell me when {phrase}" if alert else f"Deliver when {phrase}"
    return _ASKED_ENDS[otherwise].format(what=what, limit=limit, name=name)


def goes_at_once(present: str) -> str:
    """The condition is true, and `present` says what is so: "Bob is Available"."""
    return f"True now — goes at once. ({present}.)"


def goes_now(name: str) -> str:
    """Nothing is asked for and the recipient is there."""
    return f"{name} is online — goes at once."


def goes_when_online(name: str) -> str:
    """Nothing is asked for and the recipient is away."""
    return f"{name} is offline — delivered when {name} is online"


def waits(phrase: str, now: str) -> str:
    """The condition is not true yet: what it is, and what is so `now`."""
    return f"Not yet — waits until {phrase} ({now})" if now else f"Not yet — waits until {phrase}"


def waits_next_time(phrase: str) -> str:
    """The condition is true, and that does not count."""
    return f"True now, but that does not count — waits for the next time that {phrase}"


def has_to_stay(present: str, length: str) -> str:
    """The condition is true, and has not been for long enough."""
    return f"True now ({present}) — has to stay so for {length} from now"


def waits_in_turn(count: int, phrase: str) -> str:
    """The message goes after those that wait already."""
    if count == 1:
        return f"In turn — goes after the message that waits here, and when {phrase}"
    return f"In turn — goes after the {count} messages that wait here, and when {phrase}"


def cannot_tell(hidden: str, phrase: str) -> str:
    """A part of the condition is not known, and another may still come true."""
    return f"Can't tell — {hidden}. Waits until {phrase}"


def cannot_tell_online(name: str, phrase: str) -> str:
    """The sender may not know whether the recipient is online, which alone is missing."""
    return f"Can't tell whether {name} is online — goes when {phrase}; you will hear late"


def cannot_tell_hours(phrase: str) -> str:
    """Nobody knows which time it is where the recipient is."""
    return f"Can't tell — their time zone is not known yet. Waits until {phrase}"


def would_only_expire(hidden: str) -> str:
    """What the condition needs is not offered, so the engine would not take it."""
    return f"Can't tell — {hidden}. This would only expire."


def kept_here(phrase: str) -> str:
    """There is no engine to hand the message to."""
    return (
        f"Not connected — kept on this computer and handed over once the engine is back; "
        f"then it waits until {phrase}"
    )


def heard_late(sentence: str) -> str:
    """Added where the sender may not know when the recipient is online."""
    return f"{sentence} You will hear late whether it arrived."


def may_overtake(sentence: str, count: int) -> str:
    """Added where others of one's own wait already."""
    if count == 1:
        return f"{sentence} It may overtake the message that waits here."
    return f"{sentence} It may overtake the {count} messages that wait here."


def after_waiting(count: int) -> str:
    """The check box that keeps the order."""
    return "after the one that waits" if count == 1 else f"after the {count} that wait"


def tells_at_once(present: str, name: str) -> str:
    """An alert that would come true this moment."""
    return f"True already — you will be told at once. ({present}.) Nothing is sent to {name}."


def tells_when(phrase: str, now: str, name: str) -> str:
    """An alert that waits."""
    said = f"You will be told once when {phrase} ({now})" if now else f"You will be told once when {phrase}"
    return f"{said}; nothing is sent to {name}"


def tells_next_time(phrase: str, name: str) -> str:
    """An alert for the next time."""
    return (
        f"True now, but that does not count — you will be told once, the next time that {phrase}; "
        f"nothing is sent to {name}"
    )


def no_alert(name: str) -> str:
    """Why one cannot ask to be told."""
    return f"{name} does not show you when they are online, so you cannot ask to be told."
