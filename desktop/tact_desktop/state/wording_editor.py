"""The words of the condition editor: its section about time, its foot, and the presets of one's own."""

from collections.abc import Sequence
from datetime import datetime

from tact_desktop.state.shown import bare, shown_line
from tact_desktop.state.wording_time import WEEKDAYS, clock

# Time.
TIME = "Time"
NOT_BEFORE = "not before"
ONLY_BETWEEN = "only between"
STAYS_SO = "stays so for"
TO = "and"
NOT_BEFORE_AT = "Not before this moment"
HOURS_START = "Only from"
HOURS_END = "Only until"
OWN_SECONDS = "Seconds to stay so"
SECONDS_SUFFIX = " s"
MINUTES_SUFFIX = " min"
HOURS_FORMAT = "HH:mm"
ANY_TIME = "any time"
IN_AN_HOUR = "in 1 hour"
TOMORROW_MORNING = "tomorrow 09:00"
MONDAY_MORNING = "Monday 09:00"
PICK_TIME = "at…"
AT_ONCE = "no time, at once"
OWN_LENGTH = "other…"
ZONE_NOT_SHARED = "time zone not shared with you"
COUNTS_FROM_SENDING = "true now: counts from sending"
CHOOSE_A_DAY = "Choose at least one weekday."
CHOOSE_HOURS = "Choose an end that differs from the beginning."
WAIT_NEXT = "even if that is already so, wait for the next time"
EDGE_OFF_TRUE = "It is so already."
EDGE_WAITS = "It is so already: it has to change first, and become so again."
EDGE_ARMED = "It is not so yet: the very next time counts."
EDGE_UNKNOWN = "Nobody can tell whether it is so already."
DOES_NOT_COUNT = "True now, and waits for the next time"
HAS_TO_STAY = "True now, and has to stay so"
TELLS_AT_ONCE = "True now — you will be told at once."

# Presets of one's own.
SAVE_PRESET = "Save as preset…"
PRESET_NAME = "Name of the preset"
PRESET_NAME_HINT = "a short name"
NEW_NAME = "New name of the preset"
SAVE = "Save"
KEEP_NAME = "Cancel"
RENAME = "Rename…"
DELETE_PRESET = "Delete this preset"
MY_PRESETS = "My presets"
NAME_MISSING = "Write a name first."
NO_DATE_KEPT = "A preset is for any day: the date of “not before” is not saved with it."
SHORT_NAME_MAX = 24
NOT_IN_A_PRESET = "Finish the condition first."


def name_too_long(most: int) -> str:
    """Why a preset cannot be called so."""
    return f"A name has at most {most} characters."


def name_taken(name: str) -> str:
    """The same: there is one."""
    return f"“{name}” is taken. Choose another name."


def too_many_presets(most: int) -> str:
    """Why there cannot be one more."""
    return f"There are {most} presets of yours already. Delete one first."


def set_so(parts: Sequence[str]) -> str:
    """The head of the section about time while it is folded."""
    return f"{TIME}: {', '.join(parts)}" if parts else TIME


def zone_not_known() -> str:
    """Their clock cannot be read yet: they have never said where they are."""
    return "their time zone is not known yet"


def no_time_zone(name: str) -> str:
    """Why hours cannot be chosen."""
    return f"{name}'s time zone is not shared with you."


def short_name(name: str) -> str:
    """A name as it fits on a button."""
    plain = bare(name)
    return name if len(plain) <= SHORT_NAME_MAX else shown_line(f"{plain[: SHORT_NAME_MAX - 1].rstrip()}…")


def clock_there(now: datetime, name: str) -> str:
    """What the recipient's clock shows: "Bob's time, now Mon 15:20"."""
    return f"{name}'s time, now {WEEKDAYS[now.weekday()][:3]} {clock(now)}"


def weekday(number: int) -> str:
    """The name of a weekday, 1 for Monday."""
    return WEEKDAYS[number - 1]
