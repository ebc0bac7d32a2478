"""The sentences about trust: six words to compare, an engine that is another one, who was removed, where the key is."""

from collections.abc import Mapping

from tact_desktop.state.shown import shown_line
from tact_desktop.state.trust import LeftBehind, Standing

# Menus and the bar below.
MENU_SAFE = "&Is it safe?"
NOT_COMPARED = "not compared yet"
COMPARE_HINT = "Compare six words with your host, so that nobody can stand between you"

# Help ▸ Connection.
CONNECTION = "Connection"
CLOSE = "Close"
SIX_WORDS = "The six words of this engine"
STANDING: Mapping[Standing, str] = {
    Standing.NOBODY: "No engine has answered yet.",
    Standing.HERE: "It runs on this computer, so there is nothing to compare.",
    Standing.KNOWN: "Compared: your invitation named this engine, or you have compared its words.",
    Standing.UNCOMPARED: "Not compared yet: you joined without an invitation.",
}
READ_ALOUD = (
    "If a colleague asks you for these words, read them aloud, in person or on the phone. They are no secret."
)
ASK_HOST = (
    "Ask your host, in person or on the phone, to open Help ▸ Connection and read theirs. If all six are the"
    " same, nobody stands between you."
)
THE_SAME = "They are the same"
DIFFERENT = "They differ"
THEY_DIFFER = (
    "Then this is not your host's engine: somebody stands between you, or you joined another one. Write nothing more"
    " here. Leave, tell your host at once, and ask them for an invitation: with it nobody can pose as their engine."
)
LEAVE = "Leave this engine…"
NOT_YET = "Back"
FOR_A_COLLEAGUE = "For a colleague who wants to join"
DEVICE_KEY = "The key of this computer"

# The page instead of the window.
CHANGED_TITLE = "This is not the engine you know"
CHANGED_MEANING = (
    "Another engine answered than the one this computer signed in to until now: its key is another one. Either your"
    " office's engine was set up anew, or its address belongs to another one now, or somebody stands between you and"
    " pretends to be it. From here nobody can tell which."
)
SENT_HEADING = "What was sent"
CHANGED_SENT = (
    "Nothing of yours: neither your name nor a message. Tact stopped before signing in, and the key of this computer"
    " never leaves it."
)
DO_HEADING = "What to do"
CHANGED_DEED = (
    "Ask your host, in person or on the phone. If they did set up the engine anew, they make you a new"
    " invitation. It is the only way on."
)
INVITATION = "Invitation"
INVITATION_HINT = "Paste the new invitation here: tact://join?…"
GO_ON = "Continue with this invitation"
READ_HERE = "Read what is here"
QUIT = "Quit"
READING_ONLY = "Another engine answered than the one you know. You can read what is here; nothing is sent."
BACK_TO_STOP = "What to do…"
REMOVED_MEANING = "What this means…"
NOT_KEPT = "What you changed cannot be kept on this computer. Free some room on its disk, then try again."
WRITTEN_FOR_ANOTHER = "Written before the engine became another one, and not handed over."


def reached_at(engine: str, place: str) -> str:
    """Which engine it is, and where; `place` is "" for this computer."""
    return f"Engine “{engine}” at {place}" if place else f"Engine “{engine}” on this computer"


def key_in_file(path: str) -> str:
    """Said where no keyring keeps the key of this device."""
    return f"This computer has no key store: your device key is in a file that only you can read: {path}"


def stays_behind(left: LeftBehind) -> str:
    """What becomes of the messages that wait at the engine that was known; "" where none does."""
    if not left.waiting:
        return ""
    if left.waiting == 1:
        return (
            "1 message of yours waits at the engine you knew, and stays there. If that engine is gone, so is this"
            " message's place in it; your own copy stays in the list of what waits."
        )
    return (
        f"{left.waiting} messages of yours wait at the engine you knew, and stay there. If that engine is gone, so is"
        " their place in it; your own copies stay in the list of what waits."
    )


def hand_over(left: LeftBehind) -> str:
    """What to agree to about what was written and not handed over yet; "" where there is nothing of the kind."""
    if not left.unsent:
        return ""
    if left.unsent == 1:
        return "Hand over 1 message that was not sent yet"
    return f"Hand over {left.unsent} messages that were not sent yet"


HAND_OVER_HINT = (
    "Else they stand under “Not delivered”, for you to decide one by one: in a new engine a name may belong to somebody"
    " else."
)


def for_somebody_else(handle: str, me: str) -> str:
    """An invitation adds a device to another person than the one who sits here."""
    return f"This invitation is for “{shown_line(handle)}”, and you are “{me}” here. Ask for one of your own."


def removed(engine: str) -> str:
    """The banner where this computer, or its person, does not belong to the engine any more."""
    return f"You or this computer was removed from {_called(engine)}."


def removed_meaning(engine: str, folder: str) -> str:
    """What was removed and what was not, and how to be rid of that as well."""
    name = _called(engine)
    return (
        f"{name[:1].upper()}{name[1:]} lets this computer in no more, and nothing is sent or received here. What you"
        " wrote and has not arrived yet may still wait there, or was taken back: whoever removed you chose.\n\nYour"
        f" conversations stay on this computer. To be rid of them, close Tact and delete the folder {folder}\n\nIf it"
        " is a mistake, talk to the host: with an invitation of theirs you are back."
    )


def _called(engine: str) -> str:
    return f"“{engine}”" if engine else "the engine"
