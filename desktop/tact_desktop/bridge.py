"""The client seen from Qt: what happens becomes signals, what a person wants becomes slots that return at once.

The client brings cryptography and two network libraries with it, a quarter of a second of start-up and 20 MiB. So it is
loaded when it is first needed, after the window is in sight; what else is named here comes with it (`__getattr__`).
"""

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from tact_desktop.bridge_members import MembersBridge
from tact_engine.accounts.invitation import Invitation
from tact_engine.core.conditions import Condition
from tact_engine.core.envelope import Otherwise, Receipt
from tact_engine.core.errors import Refused, TactError
from tact_engine.core.presence import Value
from tact_engine.core.privacy import Privacy

if TYPE_CHECKING:
    from tact_engine.client import Address, Client, Connected, Disconnected, Event, FoundEngine

__all__ = ["Address", "Bridge", "Connected", "Disconnected", "Finder", "FoundEngine", "Invitation", "new_id"]


def __getattr__(name: str) -> object:
    """What other modules know of the client by this one's name, loaded when it is asked for."""
    if name in __all__:
        return getattr(importlib.import_module("tact_engine.client"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def new_id() -> str:
    """An id for a new message, like no other."""
    from tact_engine import client  # noqa: PLC0415 - see above

    return client.new_id()


class Bridge(QObject):
    """One client on the event loop. `members` has what concerns who belongs to the engine.

    Signals: connected(Connected), disconnected(Disconnected), people(tuple of Presence), gone(tuple of handles),
    privacy(Privacy),
    delivered(batch, tuple of Delivery, whether more of the batch follows), receipts(tuple of Receipt),
    settled(message id, tuple of Receipt) when an intent succeeded, refused(message id or "", code, sentence) when it
    did not, explained(message id, tuple of Standing).
    """

    connected = Signal(object)
    disconnected = Signal(object)
    people = Signal(object)
    gone = Signal(object)
    privacy = Signal(object)
    delivered = Signal(object, object, bool)
    receipts = Signal(object)
    settled = Signal(str, object)
    refused = Signal(str, str, str)
    explained = Signal(str, object)

    def __init__(
        self,
        handle: str,
        profile: Path,
        presence: Mapping[str, Value | None],
        interface: str = "",
        parent: QObject | None = None,
        until: Mapping[str, int] | None = None,
        now_ms: Callable[[], int] | None = None,
        invitation: Invitation | None = None,
        password: str = "",
        keyring: bool = False,
    ) -> None:
        super().__init__(parent)
        self.profile = profile
        self._made: Client | None = None

        def make() -> "Client":
            from tact_engine.client import Client  # noqa: PLC0415 - see above

            return Client(
                handle,
                profile=profile,
                presence=presence,
                until=until,
                now_ms=now_ms,
                interface=interface,
                acknowledge=False,
                wait=False,
                invitation=invitation,
                password=password,
                keyring=keyring,
            )

        self._make = make
        self.members = MembersBridge(lambda: self._client, self._spawn, self)
        self._tasks: set[asyncio.Task[None]] = set()
        self._submitting: dict[str, asyncio.Task[None]] = {}

    def start(self, address: "Address | None" = None) -> None:
        """Connect to `address`, else to the engine last used, else to one that is found; and stay connected."""
        if address is not None:
            self._client.move_to(address)
        self._spawn(self._listen())

    async def stop(self) -> None:
        """Sign out and end every task."""
        if self._made is not None:
            await self._made.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_connected(self) -> bool:
        """Whether the client is signed in right now."""
        return self._made is not None and self._made.connected

    @property
    def key_file(self) -> str:
        """The file in which the key of this device is kept; "" where a keyring has it, or while nobody knows."""
        from tact_engine.client import KEY_FILE  # noqa: PLC0415 - see above

        return str(self.profile / KEY_FILE) if self._client.key_place == "file" else ""

    @property
    def engine_ms(self) -> int:
        """What the engine's clock says now (UTC milliseconds), as far as this computer's clock tells."""
        return self._client.engine_ms()

    # --- intents -----------------------------------------------------------------------------------------------

    def submit(
        self,
        id: str,
        to: tuple[str, ...],
        text: str,
        when: Condition,
        valid_for: int,
        otherwise: Otherwise = Otherwise.EXPIRE,
        keep_order: bool = False,
    ) -> None:
        """Hand over a message, now or once the engine is back."""
        self._hand_over(
            id,
            lambda: self._client.submit(
                to,
                text,
                when=when,
                valid_for=valid_for,
                otherwise=otherwise,
                keep_order=keep_order,
                id=id,
            ),
        )

    def alert(self, id: str, about: str, when: Condition, valid_for: int) -> None:
        """Ask to be told once when a condition is true, now or once the engine is back."""
        self._hand_over(id, lambda: self._client.alert(about, when=when, valid_for=valid_for, id=id))

    def _hand_over(self, id: str, ask: Callable[[], Awaitable[tuple[Receipt, ...]]]) -> None:
        if id in self._submitting:
            return
        task = self._spawn(self._settle(id, ask))
        self._submitting[id] = task
        task.add_done_callback(lambda _: self._submitting.pop(id, None))

    def withdraw(self, id: str) -> None:
        """Take a message back; one that was not handed over yet is not handed over any more."""
        task = self._submitting.get(id)
        if task is not None:
            task.cancel()
        self._spawn(self._settle(id, lambda: self._client.withdraw(id)))

    def edit(
        self,
        id: str,
        revision: int,
        text: str | None,
        when: Condition | None,
        valid_for: int | None,
        otherwise: Otherwise | None = None,
        alert: bool | None = None,
    ) -> None:
        """Change a waiting message; what is None stays."""
        self._spawn(
            self._settle(
                id,
                lambda: self._client.edit(
                    id,
                    revision,
                    text=text,
                    when=when,
                    valid_for=valid_for,
                    otherwise=otherwise,
                    alert=alert,
                ),
            )
        )

    def pause(self, id: str) -> None:
        """Hold a waiting message back while it is in an editor; where that fails, the edit will say so."""
        self._spawn(self._quietly(lambda: self._client.pause(id)))

    def resume(self, id: str) -> None:
        """Let a paused message go; where that fails, it went or ended meanwhile, which is told anyway."""
        self._spawn(self._quietly(lambda: self._client.resume(id)))

    def explain(self, id: str) -> None:
        """Ask why a message waits; `explained` answers."""
        self._spawn(self._explain(id))

    def send_now(self, id: str) -> None:
        """Drop the condition of a waiting message."""
        self._spawn(self._settle(id, lambda: self._client.send_now(id)))

    def set_presence(
        self, changes: Mapping[str, Value | None], until: Mapping[str, int] | None = None
    ) -> None:
        """Change one's own presence, some of it until a time, now or once the engine is back."""
        self._spawn(self._about_me(self._client.set_presence(changes, until=until)))

    def set_privacy(self, privacy: Privacy) -> None:
        """Change who may see what, now or once the engine is back."""
        self._spawn(self._about_me(self._client.set_privacy(privacy)))

    def acknowledge(self, copies: Mapping[str, int]) -> None:
        """These messages are stored on this computer, each in this revision."""
        self._client.acknowledge_copies(copies)

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

    @property
    def _client(self) -> "Client":
        if self._made is None:
            self._made = self._make()
        return self._made

    async def _listen(self) -> None:
        async with self._client as client:
            async for event in client.events():
                self._announce(event)

    def _announce(self, event: "Event") -> None:
        from tact_engine import client  # noqa: PLC0415 - see above; it told the event, so it is there

        match event:
            case client.Connected():
                self.connected.emit(event)
            case client.Disconnected():
                self.disconnected.emit(event)
            case client.PeopleChanged(people=people, gone=gone):
                if people:
                    self.people.emit(people)
                if gone:
                    self.gone.emit(gone)
            case client.RequestsChanged(requests=requests):
                self.members.requests.emit(requests)
            case client.PrivacyChanged(privacy=privacy):
                self.privacy.emit(privacy)
            case client.Delivered(batch=batch, deliveries=deliveries, more=more):
                self.delivered.emit(batch, deliveries, more)
            case client.Receipts(receipts=receipts):
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

    async def _explain(self, id: str) -> None:
        try:
            standings = await self._client.explain(id)
        except TactError:
            return  # it waits no more, or nobody can say
        self.explained.emit(id, standings)

    async def _quietly(self, ask: Callable[[], Awaitable[object]]) -> None:
        with suppress(TactError):
            await ask()

    async def _about_me(self, asked: Awaitable[None]) -> None:
        try:
            await asked
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

    def check(self, address: "Address") -> None:
        """Ask who answers at `address`."""
        task = asyncio.get_running_loop().create_task(self._check(address))
        self._checking.add(task)
        task.add_done_callback(self._checking.discard)

    async def _look(self) -> None:
        from tact_engine.client import watch  # noqa: PLC0415 - see above

        try:
            async with watch(self.engines.emit, self._interface):
                await asyncio.Event().wait()
        except OSError as error:
            self.failed.emit(str(error))

    async def _check(self, address: "Address") -> None:
        from tact_engine.client import greet  # noqa: PLC0415 - see above

        try:
            greeting = await greet(address)
        except TactError as error:
            self.checked.emit(address, "", "", str(error))
        else:
            self.checked.emit(address, greeting.name, greeting.engine, "")
