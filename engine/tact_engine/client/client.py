"""The client: one person's door to an engine, which stays open by itself."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from tact_engine.accounts.device import DeviceKey
from tact_engine.client.asking import Asking
from tact_engine.client.connection import Connection, dial
from tact_engine.client.discovery import find
from tact_engine.client.events import (
    Connected,
    Delivered,
    Disconnected,
    Event,
    PeopleChanged,
    PrivacyChanged,
    Receipts,
)
from tact_engine.client.mailbox import Mailbox
from tact_engine.client.places import Address, Engines, NoEngine, UnknownEngine
from tact_engine.client.when import When, condition_named
from tact_engine.core.conditions import Verdict, evaluate
from tact_engine.core.errors import LocalError, Refused, RemoteError
from tact_engine.core.presence import Presence, Value, nobody, offered
from tact_engine.core.privacy import NO_WISHES
from tact_engine.settings import data_folder
from tact_engine.wire import frames as wire

RETRY_SECONDS_MIN = 0.2
RETRY_SECONDS_MAX = 10.0
FIND_SECONDS = 2.5
SIGNED_OUT = "You are signed out."

_log = logging.getLogger(__name__)


class Client(Asking):
    """Signs `handle` in and keeps it so; use it as an async context.

    `address` is "host", "host:port" or an Address; left out, the engine last used, else one found by zeroconf.
    `profile` is the folder of this device's key and known engines; `interface` the address of the one network to look
    on, "" for all. With `acknowledge` a delivery is acknowledged once
    the loop over `events` asks for the next event; without it, call `acknowledge` when it is stored. `wait` makes
    entering the context wait for the first sign-in and raise what went wrong; without it `events` tells. `now_ms` is
    this computer's clock.
    """

    def __init__(
        self,
        handle: str,
        address: Address | str | None = None,
        *,
        profile: Path | None = None,
        presence: Mapping[str, Value | None] | None = None,
        until: Mapping[str, int] | None = None,
        interface: str = "",
        acknowledge: bool = True,
        wait: bool = True,
        now_ms: Callable[[], int] | None = None,
    ) -> None:
        folder = profile or data_folder() / "profiles" / handle
        self._now_ms = now_ms or _computer_ms
        self._skew_ms = 0
        super().__init__(presence or {}, until or {})
        self.handle = handle
        self.people: dict[str, Presence] = {}
        self.privacy = NO_WISHES
        self._address = Address.parsed(address) if isinstance(address, str) else address
        self._key = DeviceKey.kept_at(folder / "device.key")
        self._engines = Engines(folder / "engines.json")
        self._interface = interface
        self._acknowledge, self._wait = acknowledge, wait
        self._mailbox = Mailbox()
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

    def would_go(self, handle: str, when: When = None) -> Verdict:
        """How a condition stands for `handle` now, decided as in the engine; unknown where it is hidden."""
        presence = self.people.get(handle) or nobody(handle)
        now_ms = self.engine_ms()
        return evaluate(condition_named(when), offered(presence, now_ms), now_ms)

    def engine_ms(self) -> int:
        """What the engine's clock says now (UTC milliseconds), as far as this computer's clock tells."""
        return self._now_ms() - self._skew_ms

    # --- what happens ------------------------------------------------------------------------------------------

    async def events(self) -> AsyncIterator[Event]:
        """What happens, in order, until the client is closed or can never come back.

        Who never asks loses nothing: what is not acknowledged comes again, and `people` is always as of now.
        """
        while (event := await self._mailbox.get()) is not None:
            yield event
            if self._acknowledge and isinstance(event, Delivered):
                self.acknowledge(event.deliveries)
            elif self._acknowledge and isinstance(event, Receipts):
                self.note(event.receipts)

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
                connection = await dial(address, self.handle, self._key, *self._own.to_sign_in())
            except NoEngine as error:
                problem = error
                continue
            greeting = connection.greeting
            self._address = Address(address.host, address.port, greeting.engine)
            self._engines.remember(self._address)
            skew_ms = self._skew_ms = self._now_ms() - greeting.now
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
                    self._own.learn(self.people.get(self.handle))
                if isinstance(event, PrivacyChanged):
                    self.privacy = event.privacy
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


def _computer_ms() -> int:
    """This computer's clock, in UTC milliseconds."""
    return time.time_ns() // 1_000_000
