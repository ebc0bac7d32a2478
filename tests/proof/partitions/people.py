"""People on one side of a network that fails: a process of its own, which says all that they do and learn.

Each line of its output is one record in JSON: when (monotonic seconds, the same in every process of a computer), who,
what, and the rest by name. It is told on standard input to be `calm`, and ends with its standard input.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from tact_engine.client import (
    Address,
    Client,
    Connected,
    Delivered,
    Disconnected,
    PeopleChanged,
    Receipts,
    Refused,
    TactError,
    new_id,
    one_group,
)

HAPPY = one_group(("UserMood", "eq", "HAPPY"))
OTHER_MOODS = ("ANGRY", "SAD", "BORED", "SLEEPY")
ENDED = {"delivered", "withdrawn", "expired", "read", "failed"}
PAUSE_SECONDS = (0.15, 0.5)


class Person:
    """One person, who sends, takes back and changes moods until they are to be calm."""

    def __init__(self, handle: str, everybody: list[str], address: Address, folder: Path, seed: int) -> None:
        self.handle = handle
        self._others = [each for each in everybody if each != handle]
        self._chance = Random(f"{seed} {handle}")
        self._client = Client(handle, address, profile=folder / handle, wait=False)
        self._asking: set[asyncio.Task[None]] = set()
        self._stands: dict[str, str] = {}
        self._sees: dict[str, bool] = {}

    async def live(self, calm: asyncio.Event) -> None:
        """Be there until cancelled."""
        async with self._client:
            listening = asyncio.create_task(self._listen())
            try:
                await self._until(lambda: all(self._sees.get(each) for each in self._others))
                self._say("ready")
                await self._act(calm)
                self._do(self._set_mood("HAPPY"))
                await self._until(self._is_settled)
                self._say("settled")
                await asyncio.Event().wait()
            finally:
                for task in (listening, *self._asking):
                    task.cancel()
                await asyncio.gather(listening, *self._asking, return_exceptions=True)

    async def _act(self, calm: asyncio.Event) -> None:
        while not calm.is_set():
            what = self._chance.random()
            waiting = [id for id, state in self._stands.items() if state == "held"]
            if what < 0.6:
                self._do(self._submit(self._chance.choice(self._others), self._chance.random() < 0.35))
            elif what < 0.8:
                self._do(self._set_mood(self._chance.choice(OTHER_MOODS)))
            elif waiting:
                self._do(self._withdraw(self._chance.choice(waiting)))
            with suppress(TimeoutError):
                await asyncio.wait_for(calm.wait(), self._chance.uniform(*PAUSE_SECONDS))

    def _is_settled(self) -> bool:
        """Nothing asked is open, each message has come to an end of which its sender knows, and all see each other."""
        over = all(state in ENDED for state in self._stands.values())
        return over and not self._asking and all(self._sees.get(each) for each in self._others)

    async def _submit(self, to: str, patient: bool) -> None:
        id = new_id()
        body = f"{self.handle} to {to}: {id}"
        self._say("submits", id=id, to=to, body=body)
        self._stands[id] = "asked"
        (receipt,) = await self._client.submit(to, body, id=id, when=HAPPY if patient else None)
        if self._stands[id] == "asked":
            self._stands[id] = receipt.state
        self._say("accepted", id=id, state=receipt.state)

    async def _withdraw(self, id: str) -> None:
        self._say("withdraws", id=id)
        (receipt,) = await self._client.withdraw(id)
        self._stands[id] = receipt.state
        self._say("withdrawn", id=id, state=receipt.state)

    async def _set_mood(self, mood: str) -> None:
        self._say("feels", mood=mood)
        await self._client.set_presence({"UserMood": mood})
        self._say("felt", mood=mood)

    def _do(self, asking: Coroutine[Any, Any, None]) -> None:
        async def ask() -> None:
            try:
                await asking
            except Refused as refused:
                self._say("refused", code=refused.code)

        task = asyncio.create_task(ask())
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _listen(self) -> None:
        async for event in self._client.events():
            if isinstance(event, Delivered):
                for each in event.deliveries:
                    got = {"id": each.id, "sender": each.sender, "body": each.body.decode()}
                    self._say("gets", **got, sequence=each.sequence, released_at=each.released_at)
            elif isinstance(event, Receipts):
                for each in event.receipts:
                    self._stands[each.id] = each.state
                    told = {"id": each.id, "state": each.state, "serial": each.serial, "since": each.since}
                    self._say("is told", **told)
            elif isinstance(event, PeopleChanged):
                for each in event.people:
                    if self._sees.get(each.handle, False) != each.online:
                        self._sees[each.handle] = each.online
                        self._say("sees", whom=each.handle, online=each.online)
            elif isinstance(event, Connected | Disconnected):
                self._say("is connected" if isinstance(event, Connected) else "is cut off")

    async def _until(self, question: Callable[[], bool]) -> None:
        while not question():  # noqa: ASYNC110 - what is asked about has no event
            await asyncio.sleep(0.02)

    def _say(self, what: str, **fields: object) -> None:
        print(json.dumps([time.monotonic(), self.handle, what, fields]), flush=True)


async def main() -> None:
    """Be the people that the argument names, until standard input ends."""
    asked = json.loads(sys.argv[1])
    address, folder = Address(asked["host"], asked["port"], asked["engine"]), Path(asked["folder"])
    people = [Person(each, asked["everybody"], address, folder, asked["seed"]) for each in asked["people"]]
    calm = asyncio.Event()
    lives = [asyncio.create_task(person.live(calm)) for person in people]
    heard = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    while (await heard.readline()).strip() == b"calm":
        calm.set()
    pipe.close()
    for life in lives:
        life.cancel()
    for ended in await asyncio.gather(*lives, return_exceptions=True):
        if isinstance(ended, TactError | Exception):
            raise ended


if __name__ == "__main__":
    asyncio.run(main())
