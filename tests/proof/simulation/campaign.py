"""The simulation as a campaign: a schedule is one small office in virtual time with everything going wrong in it."""

import logging
import traceback
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from tact_engine.faults import POINTS
from tests.proof.campaigns import Verdict
from tests.simulation.world import World

STATES = ("held", "released", "delivered", "read", "expired", "withdrawn")
EVENTS = (
    "submit", "edit", "send now", "pause", "resume", "withdraw", "explain", "acknowledge", "mark read",
)  # fmt: skip
TROUBLES = ("cut links", "stalled links", "crash between turns", "clock forward", "clock back")
FAILURES_MAX = 5
MET_FROM = 400
"""From so many schedules on everything must be met."""

KEPT_SEEDS = (338, 579, 673, 957, 1188, 1285, 1465, 1787, 4130, 52983, 11000171, 11000215, 50022519, 70024167)
"""Schedules that once found something; they are played first, every time."""


def run(count: int, seed: int) -> Verdict:
    """Play the kept schedules, then `count` of them from `seed` on; ends after a few failures."""
    met = Counter[str]()
    for name in must_be_met() if count >= MET_FROM else ():
        met[name] = 0
    failures: list[str] = []
    with quiet_log():
        for each in (*KEPT_SEEDS, *range(seed, seed + count)):
            failures += play(each, met)
            if len(failures) >= FAILURES_MAX:
                break
    return Verdict(count, tuple(failures), met)


@contextmanager
def quiet_log() -> Generator[None]:
    """Meanwhile the engine does not log that its clock jumps."""
    log = logging.getLogger("tact_engine")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def play(seed: int, met: Counter[str]) -> list[str]:
    """One schedule: what went wrong in it, with the command that plays it again."""
    world = World(seed)
    try:
        wrong = world.run()
    except Exception:  # whatever broke, the seed is what is needed to see it again
        wrong = [traceback.format_exc()]
    met.update(world.met)
    if not wrong:
        return []
    return ["\n".join((f"python3 dev soak simulation --count 1 --seed {seed}   ({world.options})", *wrong))]


def must_be_met() -> list[str]:
    """Every fault point, every deed to a message in every state, and every kind of trouble."""
    pairs = [f"{state} × {event}" for state in STATES for event in EVENTS]
    return [*pairs, *(f"died at {name}" for name in POINTS), *TROUBLES]
