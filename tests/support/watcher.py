"""Somebody who hears all that a client tells, and remembers it in order."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from tact_engine.client import (
    Client,
    Delivered,
    Delivery,
    Event,
    PeopleChanged,
    Presence,
    Receipt,
    Receipts,
    State,
)

UNTIL_SECONDS_MAX = 20

E = TypeVar("E")


class Watcher:
    """All events of one client so far in `events`; the `until…` methods wait for one that was or will be told."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.events: list[Event] = []
        self._heard = asyncio.Condition()

    async def run(self) -> None:
        """Listen until cancelled."""
        async for event in self.client.events():
            async with self._heard:
                self.events.append(event)
                self._heard.notify_all()

    async def until_true(self, question: Callable[[], Any], what: str = "") -> None:
        """Wait until `question` is answered with yes; it is asked again at every event."""
        try:
            async with asyncio.timeout(UNTIL_SECONDS_MAX), self._heard:
                await self._heard.wait_for(question)
        except TimeoutError:
            raise AssertionError(f"never happened: {what or question}; heard {self.events}") from None

    async def until(self, kind: type[E], where: Callable[[E], Any] = lambda event: True) -> E:
        """The first event of `kind` for which `where` holds."""
        await self.until_true(lambda: any(isinstance(each, kind) and where(each) for each in self.events))
        return next(each for each in self.events if isinstance(each, kind) and where(each))

    async def until_delivered(self, id: str) -> Delivery:
        """The delivery of message `id`."""
        await self.until(Delivered, lambda event: any(each.id == id for each in event.deliveries))
        return next(each for each in self.deliveries() if each.id == id)

    async def until_told(self, id: str, state: State) -> Receipt:
        """The news that message `id` is in `state`."""
        found = lambda event: [r for r in event.receipts if (r.id, r.state) == (id, state)]  # noqa: E731
        return found(await self.until(Receipts, found))[0]

    async def until_seen(self, handle: str, where: Callable[[Presence], Any]) -> Presence:
        """The presence of `handle` once `where` holds for it."""
        people = self.client.people
        await self.until_true(lambda: handle in people and where(people[handle]))
        return people[handle]

    def versions_of(self, handle: str) -> list[Presence]:
        """Every document of `handle` that was told so far, in order."""
        told = [event.people for event in self.events if isinstance(event, PeopleChanged)]
        return [each for people in told for each in people if each.handle == handle]

    def deliveries(self) -> list[Delivery]:
        """All that was delivered, in order, copies included."""
        return [each for event in self.events if isinstance(event, Delivered) for each in event.deliveries]

    def bodies(self) -> list[str]:
        """The texts that were delivered, in order, copies included."""
        return [each.body.decode() for each in self.deliveries()]


@asynccontextmanager
async def watched(client: Client) -> AsyncGenerator[Watcher]:
    """`client`, connected and watched."""
    async with client:
        watcher = Watcher(client)
        task = asyncio.create_task(watcher.run())
        try:
            yield watcher
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
