"""The client: one person's door to an engine, which stays open by itself."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from socket import gethostname
from types import TracebackType

from tact_engine.accounts.device import DeviceKey, fingerprint_of
from tact_engine.accounts.invitation import Invitation
from tact_engine.client.connection import Connection, Greeting, Proof, dial
from tact_engine.client.discovery import places_of
from tact_engine.client.endings import BY_PEOPLE, REMOVED, code_of, pause_after
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
from tact_engine.client.membership import Membership
from tact_engine.client.places import Address, ChangedKey, Engines, NoEngine, UnknownEngine
from tact_engine.client.unlocking import device_key
from tact_engine.client.when import When, condition_named
from tact_engine.core.conditions import Verdict, evaluate
from tact_engine.core.errors import LocalError, Refused, RemoteError
from tact_engine.core.members import id_of
from tact_engine.core.presence import Presence, Value, nobody, offered
from tact_engine.core.privacy import NO_WISHES
from tact_engine.settings import data_folder
from tact_engine.wire import frames as wire

RETRY_SECONDS_MIN = 0.2
RETRY_SECONDS_MAX = 10.0
FIND_SECONDS = 2.5
SIGNED_OUT = "You are signed out."
NONE_KNOWN = "No engine is known on this computer yet. Join one by an invitation, or give its address."

_log = logging.getLogger(__name__)


class Client(Membership):
    """Signs `handle` in and keeps it so; use it as an async context.

    `address` is "host", "host:port" or an Address; left out, the engine last used, wherever zeroconf finds it. An
    `invitation` names the engine and lets this device in the first time; a `password` does the latter for a handle that
    exists already. Who brings neither asks a host to be let in, and with `wait` is refused until that is done.
    `profile` is the folder of this device's key and known engines; with `keyring` the key goes into this desktop's
    keyring, where there is one; `interface` the address of the one network to look
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
        invitation: Invitation | None = None,
        password: str = "",
        computer: str = "",
        keyring: bool = False,
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
        self._invitation = invitation
        if invitation is not None:
            self._address = Address(invitation.host, invitation.port, invitation.engine)
        token = invitation.token if invitation else b""
        self._folder, self._keyring = folder, keyring
        self._key: DeviceKey | None = None
        self._secrets = (token, password)
        self._computer = computer or gethostname()
        self._engines = Engines(folder / "engines.json")
        self._interface = interface
        self._acknowledge, self._wait = acknowledge, wait
        self._mailbox = Mailbox()
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._first: asyncio.Future[None] | None = None
        self._allowed = asyncio.Event()
        self._allowed.set()
        self._signed_out = self._has_been_in = self.is_host = False

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

    @property
    def device(self) -> str:
        """The id of this device, as it stands in lists; "" while its key is not known."""
        return id_of(fingerprint_of(self._key.public)) if self._key else ""

    @property
    def key_place(self) -> str:
        """Where the device key is kept: "keyring" or "file"; "" while nobody knows."""
        return self._key.place if self._key else ""

    @property
    def verified(self) -> bool:
        """Whether this engine is known to be the right one: an invitation named it, or its words were compared."""
        return self._engines.is_verified(self.engine)

    def verify(self) -> None:
        """Somebody compared this engine's words with those of its host: they are the same."""
        self._engines.verify(self.engine)

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
                pause = pause_after(error)
                if not pause or (self._wait and not self._has_been_in and code_of(error) in BY_PEOPLE):
                    self._gone(error, None)
                    self._over(error)
                    return
                self._mailbox.put(Disconnected(str(error), pause, code_of(error)))
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
        if first is None:
            raise NoEngine(NONE_KNOWN)
        try:
            return await self._dialled_at([first])
        except (NoEngine, ChangedKey) as error:
            # Another engine may have got the old one's address; the right one is the one with the right key.
            found = [each for each in await places_of(first, FIND_SECONDS, self._interface) if each != first]
            if not found:
                raise
            problem = error
        try:
            return await self._dialled_at(found)
        except (NoEngine, ChangedKey):
            raise problem from None

    async def _dialled_at(self, places: list[Address]) -> Connection:
        """A connection to the first of `places` that answers; NoEngine where none does."""
        problem: RemoteError = NoEngine(NONE_KNOWN)
        for address in places:
            try:
                proof = await self._proof()
                connection = await dial(address, proof, *self._own.to_sign_in(), partial(self._met, address))
            except (NoEngine, ChangedKey) as error:  # what is found is a hint: another may be the right one
                problem = error
                continue
            self._let_in(address, connection.greeting)
            return connection
        raise problem

    async def _proof(self) -> Proof:
        """How this device shows that it may speak; its key is looked for once."""
        if self._key is None:
            self._key = await device_key(self._folder, keyring=self._keyring)
        return Proof(self.handle, self._key, *self._secrets, self._computer)

    def _met(self, address: Address, engine: str) -> None:
        """From now on it is this engine or none, also if a host has to let this device in first."""
        self._address = Address(address.host, address.port, engine)

    def _let_in(self, address: Address, greeting: Greeting) -> None:
        """The engine knows this device from now on: no token and no password is needed any more."""
        self._has_been_in = True
        self.engine, self.engine_name, self.is_host = greeting.engine, greeting.name, greeting.is_host
        self._engines.remember(Address(address.host, address.port, greeting.engine))
        if self._invitation is not None and self._invitation.engine == greeting.engine:
            self._engines.verify(greeting.engine)
        self._secrets = (b"", "")
        skew_ms = self._skew_ms = self._now_ms() - greeting.now
        self._mailbox.put(
            Connected(
                self.handle,
                greeting.engine,
                greeting.name,
                address.host,
                address.port,
                skew_ms,
                greeting.is_host,
                self._engines.is_verified(greeting.engine),
                greeting.is_open,
            )
        )

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

    async def _work(self, connection: Connection) -> None:
        """Read and write until the link is gone."""
        self._connection = connection
        self._dialogue.welcomed()
        self._to_write.set()
        if self._first is not None and not self._first.done():
            self._first.set_result(None)
        writing = asyncio.create_task(self._write(connection))
        loop, resuming = asyncio.get_running_loop(), None

        def go_on() -> None:
            nonlocal resuming
            resuming = None
            self._dialogue.go_on()
            self._to_write.set()

        try:
            while True:
                frame = await connection.receive()
                if isinstance(frame, wire.RefusedFrame) and frame.code == REMOVED:
                    raise Refused(frame.code, frame.text)
                event = self._dialogue.received(frame)
                if self._dialogue.has_more:
                    self._to_write.set()
                if self._dialogue.wait_ms and resuming is None:
                    resuming = loop.call_later(self._dialogue.wait_ms / 1000, go_on)
                if isinstance(event, PeopleChanged):
                    self.people |= {presence.handle: presence for presence in event.people}
                    for handle in event.gone:
                        self.people.pop(handle, None)
                    self._own.learn(self.people.get(self.handle))
                if isinstance(event, PrivacyChanged):
                    self.privacy = event.privacy
                if event is not None:
                    self._mailbox.put(event)
        finally:
            self._connection = None
            self._dialogue.lost()
            if resuming is not None:
                resuming.cancel()
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
        self._mailbox.put(Disconnected(str(error), pause, code_of(error)))


def _computer_ms() -> int:
    """This computer's clock, in UTC milliseconds."""
    return time.time_ns() // 1_000_000
