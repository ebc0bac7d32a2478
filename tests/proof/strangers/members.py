"""Ten people who chat in pairs, in a process of their own, and how long each question takes to be answered.

It prints one line once all pairs have met. A line on its standard input begins another part of the day; its end is the
end, and then the seconds of each part are printed.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from typing import Any

from tact_engine.client import Address
from tests.support.bare_link import BareLink, bare_link, submission

PAIRS = 5
PAUSE_SECONDS = 0.03


class Day:
    """The seconds that answers took, by part of the day."""

    def __init__(self) -> None:
        self.parts: list[list[float]] = [[]]
        self.is_over = False

    async def listen(self, stdin: asyncio.StreamReader) -> None:
        """Hear what part of the day it is."""
        while await stdin.readline():
            self.parts.append([])
        self.is_over = True


async def _chat(one: BareLink, other: BareLink, names: tuple[str, str], day: Day, met: asyncio.Event) -> None:
    loop, number = asyncio.get_running_loop(), 0
    while not day.is_over:
        begun, part, number = loop.time(), day.parts[-1], number + 1
        await _say(one, other, names[1], number)
        await _say(other, one, names[0], number)
        part.append(loop.time() - begun)
        met.set()
        await asyncio.sleep(PAUSE_SECONDS)


async def _say(speaker: BareLink, listener: BareLink, name: str, number: int) -> None:
    await speaker.say(submission(name, str(number)) | {"request": number})
    told: list[Any] = (await listener.hear("deliver"))["deliveries"]
    await listener.acknowledge(told)


async def _main(address: Address) -> list[list[float]]:
    day, stdin = Day(), asyncio.StreamReader()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin
    )
    async with AsyncExitStack() as stack:
        chats: list[Awaitable[None]] = []
        met = [asyncio.Event() for _ in range(PAIRS)]
        for number in range(PAIRS):
            names = f"ask{number}", f"answer{number}"
            links = [await stack.enter_async_context(bare_link(address)) for _ in names]
            for link, name in zip(links, names, strict=True):
                assert (await link.sign_in(name))["type"] == "welcome"
            chats.append(_chat(links[0], links[1], names, day, met[number]))
        async with asyncio.TaskGroup() as tasks:
            for chat in (day.listen(stdin), *chats):
                tasks.create_task(_run(chat))
            for each in met:
                await each.wait()
            print("met", flush=True)
    pipe.close()
    return day.parts


async def _run(work: Awaitable[None]) -> None:
    await work


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_main(Address(sys.argv[1], int(sys.argv[2]), sys.argv[3])))))
