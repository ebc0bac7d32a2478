"""How many wrong guesses are looked at, and that nobody is locked out for good or kept from working."""

from collections.abc import Awaitable, Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Any

from tests.proof.locks.ground import PASSWORDS, Ground, code_of
from tests.support.bare_link import in_base64

HOUR_MS = 3_600_000
Guessing = Callable[[Ground, Random], Awaitable[str]]


async def _guess(ground: Ground, handle: str, address: str, **secret: Any) -> tuple[str, int]:
    """What a guess from `address` is told, and how long to wait before the next one."""
    async with ground.stranger(address) as link:
        answer = await link.sign_in(handle, **secret)
        return code_of(answer), answer.get("retry_after", 0)


async def _works(ground: Ground) -> str:
    """Whoever has a device goes on working, and whoever knows a password of another account adds one."""
    async with ground.stranger("127.0.0.1") as link:
        if (await link.sign_in("tom", ground.keys["tom"]))["type"] != "welcome":
            return "a device key was kept waiting"
    return ""


async def _account(ground: Ground, chance: Random) -> str:
    """An account has 5 wrong guesses in 15 minutes, from wherever they come; then its right password waits, too."""
    await ground.let_pass(HOUR_MS / 1000)
    places = [f"127.3.{chance.randrange(1, 250)}.{number}" for number in range(1, 8)]
    told = [(await _guess(ground, "mary", each, password="a wrong one"))[0] for each in places]
    if told != ["wrong_password"] * 5 + ["guessed_too_often"] * 2:
        return f"seven wrong guesses were told {told}"
    code, wait_ms = await _guess(ground, "mary", places[0], password=PASSWORDS["mary"])
    if code != "guessed_too_often" or not 0 < wait_ms <= HOUR_MS / 4:
        return f"a guess after five wrong ones was told {code}, to wait {wait_ms} ms"
    if (other := await ground.tries("nobody.here", password="a wrong one")) != "wrong_password":
        return f"another account was told {other}"
    return await _works(ground)


async def _no_lasting_lock(ground: Ground, chance: Random) -> str:
    """However often an account was guessed at: at the latest after an hour its right password is looked at."""
    await ground.let_pass(HOUR_MS / 1000)
    waits: list[int] = []
    for _ in range(5):
        code, wait_ms = "", 0
        while code != "guessed_too_often":
            place = f"127.4.{chance.randrange(1, 250)}.{chance.randrange(1, 250)}"
            code, wait_ms = await _guess(ground, "tom", place, password="a wrong one")
        waits.append(wait_ms)
        await ground.let_pass(wait_ms / 1000)
    if max(waits) > HOUR_MS or sorted(waits) != waits:
        return f"the blocks lasted {waits} ms"
    device, _ = await _guess(ground, "tom", "127.4.0.1", password=PASSWORDS["tom"])
    return "" if device == "welcome" else f"the right password after the last block was told {device}"


async def _address(ground: Ground, chance: Random) -> str:
    """An address has 20 wrong guesses in a minute, whatever it guesses at; another one is not kept."""
    await ground.let_pass(HOUR_MS / 1000)
    place, other = f"127.5.{chance.randrange(1, 250)}.1", f"127.6.{chance.randrange(1, 250)}.1"
    told: list[str] = []
    for number in range(22):
        told.append((await _guess(ground, f"eve{number}", place, token=in_base64(chance.randbytes(16))))[0])
    if told != ["invitation_over"] * 20 + ["guessed_too_often"] * 2:
        return f"22 wrong codes were told {told}"
    token = in_base64(await ground.invited("tom", purpose="device"))
    if (code := (await _guess(ground, "tom", place, token=token))[0]) != "guessed_too_often":
        return f"a right code from there was told {code}"
    if (code := (await _guess(ground, "tom", other, token=token))[0]) != "welcome":
        return f"a right code from another address was told {code}"
    async with ground.stranger(place) as link:
        if (await link.sign_in("tom", ground.keys["tom"]))["type"] != "welcome":
            return "a device key was kept waiting at that address"
    await ground.let_pass(60)
    code, _ = await _guess(ground, "eve", place, token=in_base64(chance.randbytes(16)))
    return "" if code == "invitation_over" else f"a minute later a guess was told {code}"


async def _engine(ground: Ground, chance: Random) -> str:
    """The engine looks at 100 wrong guesses in a minute, from wherever; device keys are let in all along."""
    await ground.let_pass(HOUR_MS / 1000)
    told: list[str] = []
    for number in range(102):
        place = f"127.7.{number}.{chance.randrange(1, 250)}"
        told.append((await _guess(ground, f"eve{number}", place, token=in_base64(chance.randbytes(16))))[0])
    if told != ["invitation_over"] * 100 + ["guessed_too_often"] * 2:
        return f"102 wrong codes were told {told}"
    if problem := await _works(ground):
        return problem
    await ground.let_pass(60)
    code, _ = await _guess(ground, "eve", "127.7.0.1", token=in_base64(chance.randbytes(16)))
    return "" if code == "invitation_over" else f"a minute later a guess was told {code}"


GUESSES: Mapping[str, Guessing] = MappingProxyType(
    {
        "guessing at one account": _account,
        "guessing at one account for hours": _no_lasting_lock,
        "guessing from one address": _address,
        "guessing from everywhere": _engine,
    }
)
"""What is tried → how; what comes back is what was wrong about it, "" for nothing."""
