"""Two people who chat while others make trouble: a process of their own, which measures how long an answer takes.

It prints one line once they have met, and ends with its standard input; then it prints the round trips in seconds.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tact_engine.client import Address, Client, Delivered, Event
from tests.support.engine_process import HERE
from tests.support.house import ROOT, clean_environment

PAUSE_SECONDS = 0.02
END_SECONDS_MAX = 60
SLOTS_MS = (10, 25, 50, 100, 250, 500, 1_000, 2_500)


class Bystanders:
    """What the pair has found, once it has gone home: its round trips, shortest first, and what it complained of."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.said = ""

    def met(self, when: str = "") -> dict[str, int]:
        """How long an answer took, as one count each for the median, the 99th percentile and the worst."""
        if not self.seconds:
            return {}
        shares = {"median": 0.5, "99 %": 0.99, "worst": 1.0}
        found = {name: self.seconds[round((len(self.seconds) - 1) * p)] for name, p in shares.items()}
        return {f"a bystander's answer{when}, {name}: {_slot(took)}": 1 for name, took in found.items()}


def _slot(seconds: float) -> str:
    """The first of SLOTS_MS that it fits in; what is counted is added up over many runs."""
    within = next((each for each in SLOTS_MS if seconds * 1000 <= each), None)
    return f"within {within:,} ms" if within else f"after more than {SLOTS_MS[-1]:,} ms"


@contextmanager
def bystanders(address: Address, name: str = "by") -> Generator[Bystanders]:
    """A pair that chats meanwhile; another `name` is another pair."""
    found, command = Bystanders(), [sys.executable, "-W", "error", "-m", "tests.proof.bystanders"]
    with (
        tempfile.TemporaryDirectory(prefix="tact-bystanders-") as folder,
        tempfile.TemporaryFile("w+") as errors,
    ):
        asked = [address.host, str(address.port), address.engine, folder, name]
        process = subprocess.Popen(
            [*command, *asked],
            cwd=ROOT,
            env=clean_environment(TACT_DATA=folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield found
            said, _ = process.communicate(timeout=END_SECONDS_MAX)
            found.seconds = sorted(json.loads(said or "[]"))
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
            errors.seek(0)
            found.said = errors.read()


async def _chat(one: Client, other: Client, over: asyncio.Event) -> list[float]:
    """Questions and answers until it is over."""
    seconds: list[float] = []
    answering = asyncio.create_task(_answer(other, one.handle))
    events: Any = one.events()
    try:
        while not over.is_set():
            begun, asked = time.monotonic(), f"{len(seconds)}?"
            await one.submit(other.handle, asked)
            while asked not in _texts(await anext(events)):
                pass
            seconds.append(time.monotonic() - begun)
            if len(seconds) == 1:
                print("met", flush=True)
            await asyncio.sleep(PAUSE_SECONDS)
    finally:
        answering.cancel()
        await asyncio.gather(answering, return_exceptions=True)
        await events.aclose()
    return seconds


async def _answer(client: Client, to: str) -> None:
    async for event in client.events():
        for asked in _texts(event):
            await client.submit(to, asked)


def _texts(event: Event) -> list[str]:
    return [each.body.decode() for each in event.deliveries] if isinstance(event, Delivered) else []


async def _main() -> None:
    host, port, engine, folder, name = sys.argv[1:]
    address, over = Address(host, int(port), engine), asyncio.Event()
    stdin = asyncio.StreamReader()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin
    )

    async def listen() -> None:
        await stdin.read()
        over.set()

    listening = asyncio.create_task(listen())
    one, other = (
        Client(f"{name}.{each}", address, profile=Path(folder) / each, interface=HERE)
        for each in ("one", "other")
    )
    async with other, one:
        seconds = await _chat(one, other, over)
    await listening
    pipe.close()
    print(json.dumps(seconds))


if __name__ == "__main__":
    asyncio.run(_main())
