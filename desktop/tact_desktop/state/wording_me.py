"""The words around one's own presence: what it ends at, what it returns to, where, and doing what."""

from collections.abc import Mapping
from datetime import datetime

from tact_desktop.state.wording_time import clock
from tact_desktop.state.wording_words import value_word
from tact_engine.core.presence import USER_AVAILABILITY, Value

MORE = "More about me"
UNTIL = "Until"
UNTIL_MENU = "Until…"
FOR_GOOD = "I change it"
PICK = "Pick a time…"
PICKED = "End"
NO_END_NOW = "Nothing to end: say first how you are."
STAYS = "Stays so until you change it."
LOCATION_HINT = "Where are you?"
CLEAR_LOCATION = "Clear location"

_GLYPHS: Mapping[Value, str] = {"AVAILABLE": "●", "DISCREET": "◐", "NOT_AVAILABLE": "⊖"}


def in_minutes(minutes: int) -> str:
    """An end so many minutes from now."""
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def at_clock(at: datetime, tomorrow: bool) -> str:
    """An end at a full hour."""
    return f"{clock(at)} tomorrow" if tomorrow else clock(at)


def ends(what: str, until: str, attribute: str, back: Value | None) -> str:
    """What ends and when, and what comes then where that is known and anything: "…, then back to ● Available."."""
    if back in (None, "NONE"):
        return f"{what} {until}."
    word = value_word(attribute, back)
    if attribute == USER_AVAILABILITY and back in _GLYPHS:
        word = f"{_GLYPHS[back]}\N{NO-BREAK SPACE}{word}"
    return f"{what} {until}, then back to {word}."
