"""What the oracle says in its own few words, in the words of the engine."""

from tact_engine.core.conditions import WHEN_ONLINE, Condition, one_group
from tact_engine.core.privacy import Audience, Privacy, Rule
from tests.support.oracle import ONLINE, When

MOODS = ("NONE", "ANGRY", "HAPPY")
RULES: dict[str, dict[str, Rule]] = {
    "open": {},
    "mood hidden": {"UserMood": Rule(Audience.NOBODY)},
    "mood unusable": {"UserMood": Rule(usable=False)},
    "online hidden": {"OnlineStatus": Rule(Audience.NOBODY)},
    "blocks": {},
}
PLAIN: tuple[tuple[str, str] | None, ...] = (None, ("ne", "ANGRY"), ("eq", "HAPPY"))


def form(when: When) -> Condition:
    """The condition as it is handed over."""
    if when == ONLINE:
        return WHEN_ONLINE
    group = () if when.mood is None else one_group(("UserMood", *when.mood)).any
    return Condition(any=group, edge=when.edge, dwell=when.dwell, not_before=when.not_before or None)


def privacy(kind: str, whom: str) -> Privacy:
    """The rules that are called `kind`; `whom` is who is blocked by "blocks"."""
    return Privacy(RULES[kind], (whom,) if kind == "blocks" else ())
