"""What a script may say for "when": a condition, the name of a well-known one, or nothing."""

from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Condition
from tact_engine.core.errors import LocalError

When = Condition | str | None
"""A condition, the name of one of PRESETS ("online", "available", "not angry"), or None: when online."""


def condition_named(when: When) -> Condition:
    """The condition that `when` means; LocalError for a name that is none."""
    if when is None:
        return WHEN_ONLINE
    if isinstance(when, Condition):
        return when
    if when not in PRESETS:
        raise LocalError(
            f"There is no condition called “{when}”. Choose one of {', '.join(PRESETS)}, or build one."
        )
    return PRESETS[when]
