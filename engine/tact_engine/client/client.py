"""The client: one person's door to an engine, which stays open by itself."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from uuid import UUID

from uuid6 import uuid7

from tact_engine.accounts.device import DeviceKey
from tact_engine.client.connection import Connection, dial
from tact_engine.client.dialogue import Dialogue
from tact_engine.client.discovery import find
from tact_engine.client.events import Connected, Delivered, Disconnected, Event, PeopleChanged, Receipts
from tact_engine.client.mailbox import Mailbox
from tact_engine.client.places import Address, Engines, NoEngine, UnknownEngine
from tact_engine.client.when import When, condition_named
from tact_engine.core.conditions import check
from tact_engine.core.envelope import TEXT_PLAIN, VALIDITY_SECONDS_DEFAULT, Receipt, Submission
from tact_engine.core.errors import LocalError, Refused, RemoteError
from tact_engine.core.facts import Amendment
from tact_engine.core.presence import Presence, Value, checked
from tact_engine.settings import data_folder
from tact_engine.wire import frames as wire

RETRY_SECONDS_MIN = 0.2
RETRY_SECONDS_MAX = 10.0
FIND_SECONDS = 2.5
SIGNED_OUT = "You are signed out."

_log = logging.getLogger(__name__)


class Client:
    """Signs `handle` in and keeps it so; use it as an async context.

    `address` is "host", "host:port" or an Address; left out, the engine last used, else one found by zeroconf.
    `profile` is the folder of this device's key and known engines; `interface` the address of the one network to look
    on, "" for all. With `acknowledge` a delivery is acknowledged once
    the loop over `events` asks for the next event; without it, call `acknowledge` when it is stored. `wait` makes
    entering the context wait for the first sign-in and raise what went wrong; without it `events` tells.
    """

    def __init__(
        self,
        handle: str,
        address: Address | str | None = None,
        *,
        profile: Path | None = None,
        presence: Mapping[str, Value] | None = None,
        interface: str = "",
        acknowledge: bool = True,
        wait: bool = True,
    ) -> None:
        folder = profile or data_folder() / "profiles" / handle
        self.handle = handle
        self.people: dict[str, Presence] = {}
        self._address = Address.parsed(address) if isinstance(address, str) else address
        self._key = DeviceKey.kept_at(folder / "device.key")
        self._engines = Engines(folder / "engines.json")
        self._presence: dict[str, Value] = dict(presence or {})
        self._interface = interface
        self._acknowledge, self._wait = acknowledge, wait
        self._dialogue = Dialogue()
        self._mailbox = Mailbox()
        self._answers: set[asyncio.Future[tuple[Receipt, ...]]] = set()
        self._ended: Exception | None = None
        self._to_write = asyncio.Event()
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._first: asyncio.Future[None] | None = None
        self._allowed = asyncio.Event()
        self._allowed.set()
        self._signed_out = False

    # --- coming and going --------------------------------------------------------------------------------------

    async def __aenter__(self) -> "Client":
        """Start connecting; with `wait`, until signed in: NoEngine, UnknownEngine or Refused where that fails."""
        self._first = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._stay_connected())
        if self._wait:
            try:
                await self._first
            except BaseException:
                await self.close()
                raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sign out and close."""
        await self.close()

    async def close(self) -> None:
        """Sign out, so that others see it at once, and stop."""
        await self.sign_out()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
            self._over(LocalError("The client was closed before the engine answered."))

    @property
    def connected(self) -> bool:
        """Whether the client is signed in right now."""
        return self._dialogue.signed_in

    def move_to(self, address: Address) -> None:
        """Where to connect from the next time on."""
        self._address = address

    async def sign_out(self) -> None:
        """Go offline at once and stay away until `sign_in`."""
        self._signed_out = True
        self._allowed.clear()
        if self._connection is not None:
            with suppress(RemoteError):
                for frame in self._dialogue.to_send():  # an acknowledgement of just now
                    await self._connection.send(frame)
                await self._connection.send(wire.SignOut())
                await self._connection.close()

    def sign_in(self) -> None:
        """Come back after `sign_out`."""
        self._signed_out = False
        self._allowed.set()

    def lose_link(self) -> None:
        """Drop the link without a word and stay away until `find_link`: what a dead battery does."""
        self._allowed.clear()
        if self._connection is not None:
            self._connection.cut()

    def find_link(self) -> None:
        """Come back after `lose_link`."""
        self.sign_in()

    # --- asking ------------------------------------------------------------------------------------------------

    async def submit(
        self,
        to: str | Sequence[str],
        text: str | bytes,
        *,
        when: When = None,
        valid_for: int = VALIDITY_SECONDS_DEFAULT,
        id: str = "",
        content_type: str = TEXT_PLAIN,
    ) -> tuple[Receipt, ...]:
        """Hand over a message; the receipts once it is durable. `valid_for` is in seconds. Refused says what to change.

        Waits for the engine where the link is lost; the message is handed over once, however often it is retried.
        """
        submission = Submission(
            id=id or new_id(),
            to=(to,) if isinstance(to, str) else tuple(to),
            body=text.encode() if isinstance(text, str) else text,
            content_type=content_type,
            when=condition_named(when),
            valid_for=valid_for,
        )
        check(submission.when)
        return await self._ask(lambda request: wire.Submit(request, submission))

    async def edit(
        self,
        id: str,
        revision: int,
        *,
        text: str | bytes | None = None,
        when: When = None,
        valid_for: int | None = None,
    ) -> tuple[Receipt, ...]:
        """Change a waiting message as it was at `revision`; what is None stays. Refused where it is too late."""
        body = text.encode() if isinstance(text, str) else text
        condition = None if when is None else condition_named(when)
        if condition is not None:
            check(condition)
        amendment = Amendment(body, condition, valid_for)
        return await self._ask(lambda request: wire.Edit(request, id, revision, amendment))

    async def send_now(self, id: str) -> tuple[Receipt, ...]:
        """Drop the condition of a waiting message."""
        return await self._ask(lambda request: wire.SendNow(request, id))

    async def withdraw(self, id: str) -> tuple[Receipt, ...]:
        """Take a waiting message back. Refused where it was already handed over."""
        return await self._ask(lambda request: wire.Withdraw(request, id))

    async def set_presence(self, changes: Mapping[str, Value]) -> None:
        """Change attributes of one's own presence as one version; they are kept and go along with every sign-in.

        Refused where the table of attributes does not allow it; then nothing is kept.
        """
        for name, value in changes.items():
            checked(name, value)
        self._presence |= changes
        await self._ask(lambda request: wire.SetPresence(request, dict(changes)))

    def acknowledge(self, ids: Iterable[str]) -> None:
        """Say that these messages are stored. Lost with the link: then they come again, under the same ids."""
        self._tell_in_runs(wire.Acknowledge, tuple(ids))

    def mark_read(self, ids: Iterable[str]) -> None:
        """Let the senders of these messages know that they were shown."""
        self._tell_in_runs(wire.MarkRead, tuple(ids))

    def note(self, receipts: Iterable[Receipt]) -> None:
        """Say that these receipts are stored, so that they are told no more."""
        serial = max((receipt.serial for receipt in receipts), default=0)
        if serial:
            self._dialogue.tell(wire.Note(serial))
            self._to_write.set()

    async def events(self) -> AsyncIterator[Event]:
        """What happens, in order, until the client is closed or can never come back.

        Who never asks loses nothing: what is not acknowledged comes again, and `people` is always as of now.
        """
        while (event := await self._mailbox.get()) is not None:
            yield event
            if self._acknowledge and isinstance(event, Delivered):
                self.acknowledge(delivery.id for delivery in event.deliveries)
            elif self._acknowledge and isinstance(event, Receipts):
                self.note(event.receipts)

    async def _ask(self, make: Callable[[int], wire.Frame]) -> tuple[Receipt, ...]:
        if self._ended is not None:
            raise self._ended
        answer: asyncio.Future[tuple[Receipt, ...]] = asyncio.get_running_loop().create_future()
        self._answers.add(answer)

        def answered(result: tuple[Receipt, ...] | Refused) -> None:
            if answer.done():
                return
            if isinstance(result, Refused):
                answer.set_exception(result)
            else:
                answer.set_result(result)

        number = self._dialogue.ask(make, answered)
        self._to_write.set()
        try:
            return await answer
        finally:
            self._answers.discard(answer)
            self._dialogue.forget(number)

    def _tell_in_runs(self, frame: Callable[[tuple[str, ...]], wire.Frame], ids: tuple[str, ...]) -> None:
        for start in range(0, len(ids), wire.ACKNOWLEDGEMENTS_MAX):
            self._dialogue.tell(frame(ids[start : start + wire.ACKNOWLEDGEMENTS_MAX]))
        self._to_write.set()

    # --- staying connected -------------------------------------------------------------------------------------

    async def _stay_connected(self) -> None:
        """Connect, work, and connect again after growing pauses; give up only where trying again cannot help."""
        pause = RETRY_SECONDS_MIN
        while True:
            await self._allowed.wait()
            try:
                async with await self._dialled() as connection:
                    pause = RETRY_SECONDS_MIN
                    await self._work(connection)
            except (Refused, UnknownEngine, LocalError) as error:
                self._gone(error, None)
                self._over(error)
                return
            except RemoteError as error:
                if self._signed_out:
                    self._mailbox.put(Disconnected(SIGNED_OUT, None, "signed_out"))
                    continue
                self._gone(error, pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, RETRY_SECONDS_MAX)

    async def _dialled(self) -> Connection:
        """A signed-in connection: to where the engine was last, else to where it is found now."""
        first = self._first_place()
        try:
            return await self._dialled_at([first] if first else [])
        except NoEngine as error:
            found = await self._found_places(first)
            if not found:
                raise
            del error
        return await self._dialled_at(found)

    async def _dialled_at(self, places: list[Address]) -> Connection:
        """A connection to the first of `places` that answers; NoEngine where none does."""
        problem = NoEngine("No engine was found on this network. Type its address, or start one.")
        for address in places:
            try:
                connection = await dial(address, self.handle, self._key, self._presence)
            except NoEngine as error:
                problem = error
                continue
            greeting = connection.greeting
            self._address = Address(address.host, address.port, greeting.engine)
            self._engines.remember(self._address)
            skew_ms = time.time_ns() // 1_000_000 - greeting.now
            self._mailbox.put(
                Connected(self.handle, greeting.engine, greeting.name, address.host, address.port, skew_ms)
            )
            return connection
        raise problem

    def _first_place(self) -> Address | None:
        """The address that was given or last used, with the engine that is known to be there."""
        known = self._engines.known()
        if self._address is None:
            return next(reversed(known.values()), None)
        if self._address.engine:
            return self._address
        there = [
            each
            for each in known.values()
            if (each.host, each.port) == (self._address.host, self._address.port)
        ]
        return there[-1] if there else self._address

    async def _found_places(self, first: Address | None) -> list[Address]:
        """Where zeroconf finds the engine that `first` names; any engine where none is known yet."""
        if first is not None and not first.engine:
            return []
        wanted = first.engine if first else ""
        found = await find(FIND_SECONDS, self._interface)
        return [
            Address(host, each.port, each.engine)
            for each in found
            if not wanted or each.engine == wanted
            for host in each.addresses
        ]

    async def _work(self, connection: Connection) -> None:
        """Read and write until the link is gone."""
        self._connection = connection
        self._dialogue.welcomed()
        self._to_write.set()
        if self._first is not None and not self._first.done():
            self._first.set_result(None)
        writing = asyncio.create_task(self._write(connection))
        try:
            while True:
                event = self._dialogue.received(await connection.receive())
                if isinstance(event, PeopleChanged):
                    self.people |= {presence.handle: presence for presence in event.people}
                if event is not None:
                    self._mailbox.put(event)
        finally:
            self._connection = None
            self._dialogue.lost()
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, connection: Connection) -> None:
        with suppress(RemoteError):  # the reader notices as well, and says so once
            while True:
                await self._to_write.wait()
                self._to_write.clear()
                for frame in self._dialogue.to_send():
                    await connection.send(frame)

    def _over(self, error: Exception) -> None:
        """Nothing will be answered any more: say so to everybody who waits."""
        self._ended = error
        for answer in tuple(self._answers):
            if not answer.done():
                answer.set_exception(error)
        self._mailbox.end()

    def _gone(self, error: Exception, pause: float | None) -> None:
        _log.info("not connected", extra={"reason": str(error)})
        if self._first is not None and not self._first.done() and self._wait:
            self._first.set_exception(error)
        self._mailbox.put(Disconnected(str(error), pause, error.code if isinstance(error, Refused) else ""))


def new_id() -> str:
    """A new message id: a UUIDv7, so ids sort by time."""
    return str(UUID(int=uuid7().int))
