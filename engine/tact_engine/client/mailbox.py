"""The mailbox: events wait here for whoever asks for them, and stay few also where nobody asks."""

import asyncio

from msgspec.structs import replace

from tact_engine.client.events import Delivered, Event, PeopleChanged

PEOPLE_EVENTS_MAX = 1_000


class Mailbox:
    """Events in order. What is redundant, or waits here already, is left out: it is known or comes again."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._waiting: set[str] = set()
        self._unfinished: int | None = None

    def put(self, event: Event) -> None:
        """Add `event`, as far as it says something that is not in here yet."""
        if isinstance(event, PeopleChanged) and self._events.qsize() > PEOPLE_EVENTS_MAX:
            return
        if isinstance(event, Delivered):
            self._put_delivered(event)
        else:
            self._events.put_nowait(event)

    def end(self) -> None:
        """Nothing comes any more."""
        self._events.put_nowait(None)

    async def get(self) -> Event | None:
        """The next event; None at the end, however often it is asked for."""
        event = await self._events.get()
        if event is None:
            self.end()
        if isinstance(event, Delivered):
            self._waiting -= {each.id for each in event.deliveries}
        return event

    def _put_delivered(self, event: Delivered) -> None:
        """Add what is no copy; where more was promised of a batch, that it ends is said also without a message."""
        fresh = tuple(each for each in event.deliveries if each.id not in self._waiting)
        closes = self._unfinished == event.batch and not event.more
        if not fresh and not closes:
            return
        self._unfinished = event.batch if event.more else None
        self._waiting |= {each.id for each in fresh}
        self._events.put_nowait(replace(event, deliveries=fresh))
