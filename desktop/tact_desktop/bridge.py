"""The client seen from Qt: what happens becomes signals, what a person wants becomes slots that return at once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from tact_engine.client import (
    Address,
    Client,
    Connected,
    Delivered,
    Disconnected,
    Event,
    FoundEngine,
    PeopleChanged,
    Receipt,
    Receipts,
    Refused,
    TactError,
    greet,
    new_id,
    watch,
)
from tact_engine.core.conditions import Condition
from tact_engine.core.presence import Value

__all__ = ["Address", "Bridge", "Connected", "Disconnected", "Finder", "FoundEngine", "new_id"]


class Bridge(QObject):
    """One client on the event loop.

    Signals: connected(Connected), disconnected(Disconnected), people(tuple of Presence), delivered(batch, tuple of
    Delivery), receipts(tuple of Receipt), settled(message id, tuple of Receipt) when an intent succeeded,
    refused(message id or "", code, sentence) when it did not.
    """

    connected = Signal(object)
    disconnected = Signal(object)
    people = Signal(object)
    delivered = Signal(int, object)
    receipts = Signal(object)
    settled = Signal(str, object)
    refused = Signal(str, str, str)

    def __init__(
        self,
        handle: str,
        profile: Path,
        presence: Mapping[str, Value],
        interface: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._client = Client(
            handle,
            profile=profile,
            presence=presence,
            interface=interface,
            acknowledge=False,
            wait=False,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._submitting: dict[str, asyncio.Task[None]] = {}

    def start(self, address: Address | None = None) -> None:
        """Connect to `address`, else to the engine last used, else to one that is found; and stay connected."""
        if address is not None:
            self._client.move_to(address)
        self._spawn(self._listen())

    async def stop(self) -> None:
        """Sign out and end every task."""
        await self._client.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_connected(self) -> bool:
        """Whether the client is signed in right now."""
        return self._client.connected

    # --- intents -----------------------------------------------------------------------------------------------

    def submit(self, id: str, to: tuple[str, ...], text: str, when: Condition, valid_for: int) -> None:
        """Hand over a message, now or once the engine is back."""
        if id in self._submitting:
            return
        task = self._spawn(
            self._settle(id, lambda: self._client.submit(to, text, when=when, valid_for=valid_for, id=id))
        )
        self._submitting[id] = task
        task.add_done_callback(lambda _: self._submitting.pop(id, None))

    def withdraw(self, id: str) -> None:
        """Take a message back; one that was not handed over yet is not handed over any more."""
        task = self._submitting.get(id)
        if task is not None:
            task.cancel()
        self._spawn(self._settle(id, lambda: self._client.withdraw(id)))

    def edit(self, id: str, revision: int, text: str, when: Condition, valid_for: int | None) -> None:
        """Change a waiting message."""
        self._spawn(
            self._settle(
                id, lambda: self._client.edit(id, revision, text=text, when=when, valid_for=valid_for)
            )
        )

    def send_now(self, id: str) -> None:
        """Drop the condition of a waiting message."""
        self._spawn(self._settle(id, lambda: self._client.send_now(id)))

    def set_presence(self, changes: Mapping[str, Value]) -> None:
        """Change one's own presence, now or once the engine is back."""
        self._spawn(self._set_presence(changes))

    def acknowledge(self, ids: tuple[str, ...]) -> None:
        """These messages are stored on this computer."""
        self._client.acknowledge(ids)

    def mark_read(self, ids: tuple[str, ...]) -> None:
        """These messages were shown."""
        self._client.mark_read(ids)

    def note(self, receipts: tuple[Receipt, ...]) -> None:
        """These receipts are stored on this computer."""
        self._client.note(receipts)

    def sign_out(self) -> None:
        """Go offline at once and stay away until `sign_in`."""
        self._spawn(self._client.sign_out())

    def sign_in(self) -> None:
        """Come back after `sign_out`."""
        self._client.sign_in()

    def lose_link(self) -> None:
        """Drop the link without a word, as a dead battery does, until `find_link`."""
        self._client.lose_link()

    def find_link(self) -> None:
        """Come back after `lose_link`."""
        self._client.find_link()

    # --- what happens ------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        async with self._client as client:
            async for event in client.events():
                self._announce(event)

    def _announce(self, event: Event) -> None:
        match event:
            case Connected():
                self.connected.emit(event)
            case Disconnected():
                self.disconnected.emit(event)
            case PeopleChanged(people=people):
                self.people.emit(people)
            case Delivered(batch=batch, deliveries=deliveries):
                self.delivered.emit(batch, deliveries)
            case Receipts(receipts=receipts):
                self.receipts.emit(receipts)

    async def _settle(self, id: str, ask: Callable[[], Awaitable[tuple[Receipt, ...]]]) -> None:
        try:
            receipts = await ask()
        except Refused as refused:
            self.refused.emit(id, refused.code, refused.text)
        except TactError:
            return  # the engine did not answer, so nothing changed; `disconnected` says why
        else:
            self.settled.emit(id, receipts)

    async def _set_presence(self, changes: Mapping[str, Value]) -> None:
        try:
            await self._client.set_presence(changes)
        except Refused as refused:
            self.refused.emit("", refused.code, refused.text)
        except TactError:
            return  # it travels with the next sign-in

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class Finder(QObject):
    """The engines of the LAN seen from Qt.

    Signals: engines(tuple of FoundEngine) at every change, failed(sentence) where there is no network to look on,
    checked(Address, name, engine id, sentence): what answered at an address, or why nothing did.
    """

    engines = Signal(object)
    failed = Signal(str)
    checked = Signal(object, str, str, str)

    def __init__(self, interface: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interface = interface
        self._looking: asyncio.Task[None] | None = None
        self._checking: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Look until `stop`."""
        self._looking = asyncio.get_running_loop().create_task(self._look())

    async def stop(self) -> None:
        """Look no more."""
        tasks = [*self._checking, *([self._looking] if self._looking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def check(self, address: Address) -> None:
        """Ask who answers at `address`."""
        task = asyncio.get_running_loop().create_task(self._check(address))
        self._checking.add(task)
        task.add_done_callback(self._checking.discard)

    async def _look(self) -> None:
        try:
            async with watch(self.engines.emit, self._interface):
                await asyncio.Event().wait()
        except OSError as error:
            self.failed.emit(str(error))

    async def _check(self, address: Address) -> None:
        try:
            greeting = await greet(address)
        except TactError as error:
            self.checked.emit(address, "", "", str(error))
        else:
            self.checked.emit(address, greeting.name, greeting.engine, "")
