"""Many strangers from many addresses, in a process of their own: some only sit there, some say a byte now and then.

Whoever is hung up on knocks again after a while. It prints one line once each has knocked, and ends with its standard
input; then it prints what they have come to.
"""

import asyncio
import json
import os
import ssl
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from random import Random
from types import MappingProxyType

from tact_engine.net.certificate import client_context
from tests.proof.strangers.files import allow_many_files
from tests.support.raw_link import HANDSHAKE, TEXT, frame

KNOCKS_PER_SECOND = 300
"""Of all together, once each has knocked for the first time."""
PER_ADDRESS = 5
A_BYTE_EVERY_SECONDS = (0.1, 0.6)
SIGN_IN = b'{"type":"sign_in","version":3,"handle":"stranger","device_key":"' + b"A" * 4_000
TURNED_AWAY = "turned away"
LET_IN_SECONDS = 0.5
"""Whoever is there for so long was let in."""
NICENESS = 5
"""They are other computers, which would not take the engine's time."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Stranger:
    """One of them: from where it comes, and what it has come to."""

    def __init__(self, host: str, port: int, source: str, met: Counter[str], chance: Random) -> None:
        self.host, self.port, self.source = host, port, source
        self.met, self.chance = met, chance
        self.knocked = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None

    async def call(self, manner: str, pause: float) -> None:
        """Knock again and again, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            with suppress(OSError, EOFError):  # which is what it is like to be hung up on
                try:
                    await MANNERS[manner](self)
                finally:
                    self.knocked.set()
                    self._hang_up()
            was_in = loop.time() - begun > LET_IN_SECONDS
            self.met[manner if was_in else TURNED_AWAY] += 1
            await asyncio.sleep(pause * self.chance.uniform(0.5, 1.5))

    async def connect(self, tls: bool) -> Streams:
        """A connection, with or without its handshake of TLS."""
        reader, self._writer = await asyncio.open_connection(
            self.host,
            self.port,
            local_addr=(self.source, 0),
            ssl=TLS if tls else None,
            server_hostname="tact" if tls else None,
        )
        self.knocked.set()
        return reader, self._writer

    async def greeted(self) -> Streams:
        """A connection that was greeted by the engine."""
        reader, writer = await self.connect(tls=True)
        writer.write(HANDSHAKE.format(host=self.host, port=self.port).encode())
        await reader.readuntil(b'"hello"')
        return reader, writer

    async def dribble(self, streams: Streams, data: bytes) -> None:
        """Say a byte now and then, until hung up on."""
        reader, writer = streams
        over = asyncio.create_task(_end(reader))
        try:
            for byte in data:
                writer.write(bytes([byte]))
                if (await asyncio.wait({over}, timeout=self.chance.uniform(*A_BYTE_EVERY_SECONDS)))[0]:
                    return
            await over
        finally:
            over.cancel()

    def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
            self._writer = None


async def _end(reader: asyncio.StreamReader) -> None:
    with suppress(OSError):
        while await reader.read(4_096):
            pass


async def _silent(stranger: Stranger) -> None:
    await _end((await stranger.connect(tls=False))[0])


async def _silent_in_tls(stranger: Stranger) -> None:
    await _end((await stranger.connect(tls=True))[0])


async def _silent_when_greeted(stranger: Stranger) -> None:
    await _end((await stranger.greeted())[0])


async def _dribbles(stranger: Stranger) -> None:
    await stranger.dribble(await stranger.connect(tls=False), _client_hello())


async def _dribbles_in_tls(stranger: Stranger) -> None:
    request = HANDSHAKE.format(host=stranger.host, port=stranger.port).encode()
    await stranger.dribble(await stranger.connect(tls=True), request)


async def _dribbles_when_greeted(stranger: Stranger) -> None:
    await stranger.dribble(await stranger.greeted(), frame(TEXT, SIGN_IN))


MANNERS: Mapping[str, Callable[[Stranger], Awaitable[None]]] = MappingProxyType(
    {
        "says nothing": _silent,
        "says a byte of a TLS handshake now and then": _dribbles,
        "says nothing within TLS": _silent_in_tls,
        "says a byte of a request now and then": _dribbles_in_tls,
        "says nothing to the greeting": _silent_when_greeted,
        "says a byte of a sign-in now and then": _dribbles_when_greeted,
    }
)
"""How a stranger behaves; every other one only sits there."""
TLS = client_context()


def _client_hello() -> bytes:
    """How a client begins the handshake of TLS."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        TLS.wrap_bio(incoming, outgoing, server_hostname="tact").do_handshake()
    return outgoing.read()


async def _play(host: str, port: int, count: int, seed: int) -> Counter[str]:
    chance, met, over = Random(seed), Counter[str](), asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), over.set)  # nothing is ever said on it
    pause = count / KNOCKS_PER_SECOND
    strangers = [Stranger(host, port, _source(number), met, chance) for number in range(count)]
    names = list(MANNERS)
    tasks: list[asyncio.Task[None]] = []
    for number, stranger in enumerate(strangers):
        tasks.append(asyncio.create_task(stranger.call(names[number % len(names)], pause)))
        await asyncio.sleep(1 / KNOCKS_PER_SECOND)
    for stranger in strangers:
        await stranger.knocked.wait()
    print("all have knocked", flush=True)
    await over.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return met


def _source(number: int) -> str:
    """From where a stranger comes: the first of them from the very address of the members."""
    place = number // PER_ADDRESS
    return f"127.{place // 65_025 % 255}.{place // 255 % 255}.{place % 255 + 1}" if place else "127.0.0.1"


def main() -> None:
    """Be the crowd that the arguments ask for."""
    host, port, count, seed = sys.argv[1:]
    allow_many_files()
    os.nice(NICENESS)
    print(json.dumps(asyncio.run(_play(host, int(port), int(count), int(seed)))))


if __name__ == "__main__":
    main()
