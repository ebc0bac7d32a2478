"""Locks: everything that is nearly the right key is tried, at the client and at the engine.

A client that is led to the wrong engine tells it nothing. An engine lets nobody in with a code, a password or a
signature that is not quite right, and says each time what is the matter. Whoever guesses is slowed down, nobody is
locked out, and a device with its own key never waits.
"""

import asyncio
import tempfile
from pathlib import Path

from websockets.exceptions import WebSocketException

from tests.proof.campaigns import Verdict
from tests.proof.locks.ground import Ground
from tests.proof.locks.guesses import GUESSES
from tests.proof.locks.keys import KEYS
from tests.proof.locks.pins import PINS, chance_of, led_astray

ATTEMPTS = (
    *(("pin", name, number) for number, (name, _) in enumerate(PINS)),
    *(("key", name, 0) for name in KEYS),
    *(("guess", name, 0) for name in GUESSES),
)
"""Everything that is tried: what kind of key, how it is false, and which one of several."""
RULES = {"pin": "J12", "key": "J2 to J4", "guess": "J4"}
GUESSES_A_MINUTE = 50
FAILURES_MAX = 3
DEVICES = {"anna": 1, "tom": 1, "mary": 1, "gone": 0}


def run(count: int, seed: int) -> Verdict:
    """Try `count` of ATTEMPTS from the one numbered `seed` on, over and over; each is as it is by itself."""
    met = dict.fromkeys((f"{kind}: {name}" for kind, name, _ in ATTEMPTS), 0)
    verdict = Verdict(0, met=met if count >= len(ATTEMPTS) else {})
    while verdict.runs < count and not verdict.failures:
        some = min(len(ATTEMPTS), count - verdict.runs)
        verdict += asyncio.run(_office(range(seed + verdict.runs, seed + verdict.runs + some)))
    return verdict


async def _office(numbers: range) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="tact-locks-") as folder:
        ground = Ground(Path(folder))
        try:
            await ground.build()
            return await _all(ground, numbers, Path(folder))
        finally:
            ground.engine.clean_up()


async def _all(ground: Ground, numbers: range, folder: Path) -> Verdict:
    verdict, devices = Verdict(0), await ground.devices()
    assert devices == DEVICES, "everybody came in by their own key"
    for number in numbers:
        if len(verdict.failures) >= FAILURES_MAX:
            break
        kind, name, _ = ATTEMPTS[number % len(ATTEMPTS)]
        try:
            problem = await _tried(ground, number, folder)
            devices["tom"] += kind == "guess" and name in LETS_IN
            expected, devices = devices, await ground.devices()
            problem = problem or ("" if devices == expected else f"it was let in: {devices}, not {expected}")
        except (AssertionError, TimeoutError, OSError, KeyError, WebSocketException) as error:
            problem = f"the engine did not do its part: {error!r}"
        again = f"(python3 dev soak locks --seed {number} --count 1)"
        failures = (f"{RULES[kind]}, {name}: {problem} {again}",) if problem else ()
        verdict += Verdict(1, failures, {f"{kind}: {name}": 1})
        if number % GUESSES_A_MINUTE == GUESSES_A_MINUTE - 1:
            await ground.let_pass(60)
    return verdict


LETS_IN = ("guessing at one account for hours", "guessing from one address")
"""What ends with the right password or code, so that tom has a further device."""


async def _tried(ground: Ground, number: int, folder: Path) -> str:
    """Make the attempt; what was wrong about it, "" for nothing."""
    kind, name, which = ATTEMPTS[number % len(ATTEMPTS)]
    if kind == "pin":
        return await led_astray(ground, which, folder)
    if kind == "guess":
        return await GUESSES[name](ground, chance_of(number))
    attempt, code = KEYS[name]
    told = await attempt(ground, chance_of(number))
    return "" if told == code else f"it is told {told}, not {code}"
