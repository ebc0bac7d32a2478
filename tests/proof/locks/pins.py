"""Clients that are led to the wrong engine: in every way it can be wrong, and every way the right one is known."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from tact_engine.client import Address, Client, Disconnected, FoundEngine, Invitation, TactError
from tests.proof.locks.ground import Ground
from tests.proof.locks.impostors import Impostor, certificate, greets, welcomes

SECONDS_MAX = 20
SECRETS = ("handle-5d1f", "Alias 5d1f", "text 5d1f", "status 5d1f", "password 5d1f")

Make = Callable[[Ground, int], Impostor]
Know = Callable[[Ground, Address, Path], dict[str, Any]]


def _pem(ground: Ground) -> bytes:
    return (ground.engine.data / "engine.pem").read_bytes()


def _real(ground: Ground) -> Callable[[Impostor], str]:
    return lambda impostor: ground.address.engine


def _lie(ground: Ground, number: int) -> Impostor:
    """What `hello` says is not what the certificate proves, though nobody knows which engine it should be."""
    lies = (
        _real(ground),
        lambda impostor: impostor.engine.upper(),
        lambda impostor: "",
        lambda impostor: impostor.engine[:-1],
    )
    return Impostor(certificate("ec"), says=greets(lies[number % len(lies)]))


def _two_in_a_chain(ground: Ground, number: int) -> Impostor:
    """Its own certificate, and behind it the right one."""
    del number
    right = _pem(ground)
    return Impostor(certificate("ec") + right[right.index(b"-----BEGIN CERT") :], says=greets(_real(ground)))


IMPOSTORS: Mapping[str, tuple[Make, str]] = MappingProxyType(
    {
        "another engine": (
            lambda ground, number: Impostor(certificate("ec"), says=greets(lambda each: each.engine)),
            "changed_key",
        ),
        "another engine that says it is the right one": (
            lambda ground, number: Impostor(certificate("ec"), says=greets(_real(ground))),
            "changed_key",
        ),
        "a certificate like the right one, with another key": (
            lambda ground, number: Impostor(certificate("ec", _pem(ground)), says=greets(_real(ground))),
            "changed_key",
        ),
        "an Ed25519 or RSA key": (
            lambda ground, number: Impostor(
                certificate(("ed25519", "rsa")[number % 2]), says=greets(_real(ground))
            ),
            "changed_key",
        ),
        "the right certificate behind its own": (_two_in_a_chain, "changed_key"),
        "a man in the middle": (
            lambda ground, number: Impostor(certificate("ec"), relays_to=ground.address),
            "changed_key",
        ),
        "one that welcomes at once": (
            lambda ground, number: Impostor(certificate("ec"), says=welcomes),
            "changed_key",
        ),
        "one that says nothing": (lambda ground, number: Impostor(certificate("ec")), "changed_key"),
        "the right key in TLS 1.2": (
            lambda ground, number: Impostor(_pem(ground), old_tls=True, says=greets(_real(ground))),
            "",
        ),
        "one that lies about its id": (_lie, ""),
    }
)
"""How it is wrong → what answers, and the code a client that knows better ends with."""


def _typed(ground: Ground, there: Address, profile: Path) -> dict[str, Any]:
    del profile
    return {"address": Address(there.host, there.port, ground.address.engine)}


def _invited(ground: Ground, there: Address, profile: Path) -> dict[str, Any]:
    del profile
    engine = ground.address.engine
    return {"invitation": Invitation(engine, "Office", there.host, there.port, b"5d1f" * 4)}


def _remembered(ground: Ground, there: Address, profile: Path) -> dict[str, Any]:
    _remember(ground, there, profile)
    return {"address": f"{there.host}:{there.port}"}


def _last_used(ground: Ground, there: Address, profile: Path) -> dict[str, Any]:
    _remember(ground, there, profile)
    return {}


def _remember(ground: Ground, there: Address, profile: Path) -> None:
    profile.mkdir(parents=True)
    row = {"engine": ground.address.engine, "host": there.host, "port": there.port, "verified": True}
    (profile / "engines.json").write_text(json.dumps([row]), "utf-8")


def _unknown(ground: Ground, there: Address, profile: Path) -> dict[str, Any]:
    del ground, profile
    return {"address": f"{there.host}:{there.port}"}


WAYS: tuple[Know, ...] = (_typed, _invited, _remembered, _last_used)
"""How the right engine is known."""
PINS = tuple((name, way) for name in IMPOSTORS for way in range(len(WAYS)))
"""Every impostor with every such way; who lies about its id is met where none is known."""


async def led_astray(ground: Ground, number: int, folder: Path) -> str:
    """Lead a client to one of PINS; what was wrong about that, "" for nothing."""
    name, way = PINS[number % len(PINS)]
    make, code = IMPOSTORS[name]
    know = _unknown if make is _lie else WAYS[way]
    impostor = make(ground, way)
    async with impostor.listening(folder):
        profile = folder / f"profile-{number}"
        known = know(ground, impostor.address, profile)
        with patch("tact_engine.client.discovery.find", _finds(impostor, ground)):
            end = await _end_of(known, profile)
    if bool(impostor.heard) is bool(impostor.manners.get("old_tls")):
        return f"the wrong engine heard {impostor.heard!r}"
    if any(each.encode() in impostor.heard for each in SECRETS):
        return "a secret was told in clear"
    if told := impostor.told():
        return f"the wrong engine was told {told}"
    if end.code != code or (code and end.retry_in is not None):
        return f"its person was told {end}"
    return ""


async def _end_of(known: dict[str, Any], profile: Path) -> Disconnected:
    """What somebody with much to say is told."""
    handle, alias, text, status, password = SECRETS
    client = Client(
        handle,
        profile=profile,
        presence={"Alias": alias, "StatusText": status},
        password=password,
        interface="127.0.0.1",
        wait=False,
        **known,
    )
    async with asyncio.timeout(SECONDS_MAX), client, _asking(client.submit("mary", text)):
        async for event in client.events():
            if isinstance(event, Disconnected):
                return event
    raise AssertionError("the client never said that it is not connected")


@asynccontextmanager
async def _asking(question: Any) -> AsyncGenerator[None]:
    """Something is asked meanwhile."""
    task = asyncio.ensure_future(question)
    try:
        yield
    finally:
        task.cancel()
        with suppress(TactError, asyncio.CancelledError):
            await task


def _finds(impostor: Impostor, ground: Ground) -> Any:
    """A network on which the impostor says that it is the right engine."""

    async def found(seconds: float, host: str = "") -> tuple[FoundEngine, ...]:
        del seconds, host
        there = impostor.address
        return (FoundEngine("Office", ground.address.engine, (there.host,), there.port, 3, "pc"),)

    return found


def chance_of(number: int) -> Random:
    """All that is random about one attempt."""
    return Random(number)
