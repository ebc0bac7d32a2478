"""What people in the paired worlds say and wait for, drawn by chance."""

from random import Random

from tact_engine.core.conditions import WHEN_ONLINE, Clause, Condition, Group
from tact_engine.core.envelope import Otherwise, Submission
from tact_engine.core.presence import Value
from tact_engine.core.window import Window

MOODS = ("NONE", "ANGRY", "HAPPY", "SAD")
ACTIVITIES = ("NONE", "MEETING", "LUNCH")
AVAILABILITIES = ("AVAILABLE", "DISCREET", "NOT_AVAILABLE")
TEXTS = ("", "at home", "in the office", "back soon")
ZONES = ("Europe/Helsinki", "America/New_York", "Asia/Tokyo")
VALIDITIES = (60, 300, 3_600, 86_400, 7 * 86_400, 30 * 86_400)
DWELLS = (0, 0, 0, 5, 30, 600)

VALUES: dict[str, tuple[Value, ...]] = {
    "UserMood": MOODS,
    "Activity": ACTIVITIES,
    "UserAvailability": AVAILABILITIES,
    "FreeTextLocation": TEXTS,
    "StatusText": TEXTS,
    "TimeZone": ZONES,
    "Idle": (0, 5, 400),
}
"""What a person may let others know of themselves, and can hide; besides being online."""


def reading(chance: Random, name: str) -> Value | None:
    """A value for `name`, or None: back to what it is before anybody sets it."""
    return chance.choice(VALUES[name]) if name == "TimeZone" or chance.random() < 0.9 else None


def clause(chance: Random, name: str) -> Clause:
    """Something to wait for in attribute `name`."""
    if name == "Idle":
        return Clause(name, chance.choice(("lt", "ge")), chance.choice((1, 10, 60, 600)))
    if name in ("FreeTextLocation", "StatusText"):
        return Clause(name, chance.choice(("contains", "not_contains")), chance.choice(("home", "OFFICE")))
    if chance.random() < 0.7:
        return Clause(name, chance.choice(("eq", "ne")), chance.choice(VALUES[name]))
    return Clause(name, chance.choice(("in", "not_in")), tuple(chance.sample(VALUES[name], 2)))


def condition(chance: Random, names: tuple[str, ...], now_ms: int) -> Condition:
    """When a message may go, by some of `names`; often by nothing but being online."""
    groups: tuple[Group, ...] = ()
    if chance.random() < 0.6:
        clausal = [name for name in names if name != "TimeZone"]
        groups = tuple(
            Group(tuple(clause(chance, chance.choice(clausal)) for _ in range(chance.choice((1, 1, 2)))))
            for _ in range(chance.choice((1, 1, 2)))
        )
    if not groups and chance.random() < 0.5:
        return WHEN_ONLINE
    start = chance.randrange(24)
    return Condition(
        any=groups,
        edge=chance.random() < 0.2,
        dwell=chance.choice(DWELLS),
        not_before=now_ms + chance.choice((10_000, 600_000)) if chance.random() < 0.1 else None,
        window=Window(f"{start:02}:00", f"{(start + 8) % 24:02}:00") if chance.random() < 0.1 else None,
    )


def submission(
    chance: Random, id: str, to: tuple[str, ...], names: tuple[str, ...], now_ms: int
) -> Submission:
    """A message, or an alert, to `to`."""
    alert = chance.random() < 0.12
    return Submission(
        id,
        to,
        b"" if alert else f"the text of {id}".encode(),
        when=condition(chance, names, now_ms),
        valid_for=chance.choice(VALIDITIES),
        otherwise=chance.choice((Otherwise.EXPIRE, Otherwise.DRAFTS) if alert else tuple(Otherwise)),
        keep_order=not alert and chance.random() < 0.4,
        alert=alert,
    )
