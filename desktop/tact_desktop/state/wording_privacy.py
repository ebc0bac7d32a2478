"""The words of the page on who may see what, and of the deeds on one person that belong to it."""

from collections.abc import Mapping, Sequence

from tact_desktop.state.wording_words import attribute_said
from tact_engine.core.presence import (
    ACTIVITY,
    ALIAS,
    FREE_TEXT_LOCATION,
    IDLE,
    ONLINE_STATUS,
    STATUS_TEXT,
    TIME_ZONE,
    USER_AVAILABILITY,
    USER_MOOD,
)
from tact_engine.core.privacy import Audience

PRIVACY = "Privacy"
PRIVACY_HINT = (
    "Everything here counts at once. What somebody may not see, they cannot wait for either,"
    " and they are not told that you decided so."
)
AWAY = "The engine is away: this can be changed once it is back."
SAVING = "Saving…"
SAVED = "Saved"
MAY_WAIT = "Others may wait for it"
CHOOSE_PEOPLE = "Choose people…"
NOBODY_CHOSEN = "Nobody is chosen yet, so nobody sees it."
FIND = "Find people"
PEOPLE = "People"
SEE_YOURSELF = "See yourself as"
STRANGER = "Somebody new"
BEING_ONLINE = "your being online"
NOTHING_TO_WAIT_FOR = (
    "Can wait for nothing of this. A message without a condition goes as soon as you are online."
)
BLOCKED = "Blocked"
NOBODY_BLOCKED = (
    "You have blocked nobody. To block somebody, open the menu of their row in the list of people."
)
VIPS = "Always notify me"
NO_VIPS = (
    "You hear from nobody while you are Discreet or Not available."
    " To let somebody through, open the menu of their row in the list of people."
)
QUESTIONS: Mapping[str, str] = {
    ONLINE_STATUS: "Who may see whether I am online?",
    USER_AVAILABILITY: "Who may see my availability?",
    ACTIVITY: "Who may see my activity?",
    USER_MOOD: "Who may see my mood?",
    STATUS_TEXT: "Who may see my status text?",
    FREE_TEXT_LOCATION: "Who may see my location?",
    IDLE: "Who may see how long I am idle?",
    TIME_ZONE: "Who may see my time zone?",
    ALIAS: "Who may see my name?",
}
AUDIENCES: Mapping[Audience, str] = {
    Audience.EVERYONE: "Everyone",
    Audience.CHOSEN: "Chosen people",
    Audience.NOBODY: "Nobody",
}

# The menu of a person.
ALWAYS_NOTIFY = "Always notify me"
BLOCK = "Block…"
BLOCK_NOW = "Block"
UNBLOCK = "Unblock"
TELL_ME = "Tell me when available"
CANCEL = "Cancel"


def block_question(name: str) -> str:
    """Asked before somebody is blocked."""
    return f"Block {name}?"


def block_meaning(name: str) -> str:
    """What it means to be blocked."""
    return (
        f"{name} will see you as offline and will not learn of it."
        f" What {name} writes to you waits and does not reach you. You can undo this at any time."
    )


def remove(name: str, title: str) -> str:
    """The button that takes somebody out of a list."""
    return f"Remove {name} from “{title}”"


def people_for(question: str) -> str:
    """The button that chooses who sees something, for a screen reader."""
    return f"{CHOOSE_PEOPLE} {question}"


def wait_for(question: str) -> str:
    """The check box of a row, for a screen reader."""
    return f"{MAY_WAIT}. {question}"


def sees(name: str, line: str) -> str:
    """What somebody sees of oneself."""
    return f"{name} sees: {line}"


def waits_for(names: Sequence[str]) -> str:
    """What somebody may use as a condition."""
    if not names:
        return NOTHING_TO_WAIT_FOR
    words = [BEING_ONLINE if name == ONLINE_STATUS else f"your {attribute_said(name)}" for name in names]
    return f"Can wait for {_listed(words)}."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
