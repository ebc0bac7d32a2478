"""Getting in: a desk for whoever sits here, and the first page, until an engine has let them in or it is closed."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, Signal

from tact_desktop import theme
from tact_desktop.bridge import Bridge, Finder
from tact_desktop.desk import ENDS_SETTING, PRESENCE_SETTING, Desk
from tact_desktop.links.opened import Openings
from tact_desktop.local.history import History
from tact_desktop.own_engine import OwnEngine
from tact_desktop.settings import (
    Joining,
    Seat,
    forget_joining,
    keep_joining,
    known_engines,
    local_zone,
    now_ms,
    profile_folder,
    profile_for,
    remember,
)
from tact_desktop.signals import signalled
from tact_desktop.state.link import Link, LinkPhase
from tact_desktop.state.shown import bare
from tact_desktop.state.wording_time import clock, moment
from tact_desktop.state.wording_welcome import asked_as
from tact_desktop.state.wording_window import WELCOME_TITLE
from tact_engine.accounts.invitation import Invitation
from tact_engine.accounts.words import six_words
from tact_engine.core.errors import TactError
from tact_engine.core.presence import ALIAS, TIME_ZONE, Value

if TYPE_CHECKING:
    from tact_desktop.bridge import Address
    from tact_desktop.flows.welcome_flow import Choice

ASKED = "asked_to_join"


class Entrance(QObject):
    """The first page, for one person who gets in or closes it. `openings` may bring an invitation at any time."""

    _happened = Signal()

    def __init__(self, own: OwnEngine, interface: str, openings: Openings) -> None:
        super().__init__()
        # The first page is for a first start; every other one does without it, and without the client that it needs.
        from tact_desktop.flows.welcome_flow import WelcomeFlow  # noqa: PLC0415 - see above
        from tact_desktop.panels.welcome import WelcomePanel  # noqa: PLC0415 - see above

        self._own, self._interface, self._openings = own, interface, openings
        self._panel, self._finder = WelcomePanel(), Finder(interface, self)
        self._flow = WelcomeFlow(self._panel, self._finder, now_ms, known_engines())
        self._choice: Choice | None = None
        self._closed = self._gave_up = False
        self._asked_at = ""
        self._flow.chosen.connect(self._on_chosen)
        self._panel.cancelled.connect(self._on_cancelled)
        openings.problem.connect(self._flow.tell)

    def bring_up(self) -> None:
        """Come to the front."""
        self._panel.showNormal() if self._panel.isMinimized() else self._panel.show()
        self._panel.raise_()
        self._panel.activateWindow()

    async def enter(self, joining: Joining | None = None) -> tuple[Seat, Desk] | None:
        """Somebody who was let in, with their desk; None where the page was closed. `joining` goes on asking."""
        from tact_desktop.bridge import Address  # noqa: PLC0415 - see above
        from tact_desktop.flows.welcome_flow import Choice  # noqa: PLC0415 - see above

        self._show()
        self._finder.start()
        if joining is not None:
            address = Address(joining.host, joining.port, joining.engine)
            self._flow.resume(Choice(joining.name, joining.handle, address, joining.engine_name))
        self._openings.follow(self._open)
        try:
            while True:
                choice = await self._chosen()
                entered = await self._try(choice) if choice is not None else None
                if entered is not None or self._closed:
                    return entered
        finally:
            self._openings.follow(None)
            await self._finder.stop()
            self._panel.hide()
            self._panel.deleteLater()

    # --- one try -----------------------------------------------------------------------------------------------

    async def _try(self, choice: "Choice") -> tuple[Seat, Desk] | None:
        """Sign in as chosen; None, and a sentence on the page, where that fails."""
        self._gave_up = False
        try:
            address, invitation = await self._place(choice)
            seat = self._seat(choice, address)
            desk = open_desk(seat, self._interface, choice.name, invitation, choice.password)
        except TactError as error:
            self._flow.refuse("", str(error))
            return None
        desk.link_changed.connect(self._happened)
        desk.start(address)
        if await self._let_in(desk, choice, seat):
            desk.link_changed.disconnect(self._happened)
            return self._welcomed(seat, desk, choice), desk
        await leave(desk)
        return None

    async def _place(self, choice: "Choice") -> "tuple[Address, Invitation | None]":
        """Where the engine is, started where it is the one of this computer, and what lets this person in."""
        if choice.address is None:
            return await self._own.start(), self._own.host_invitation()
        await self._own.undo()  # of an earlier try
        return choice.address, choice.invitation

    def _seat(self, choice: "Choice", address: "Address") -> Seat:
        return Seat(
            choice.handle,
            choice.name,
            own_engine=choice.address is None,
            engine=address.engine,
            engine_name=choice.engine_name or self._own.name,
            profile=profile_for(choice.handle, address.engine),
        )

    async def _let_in(self, desk: Desk, choice: "Choice", seat: Seat) -> bool:
        """Whether the engine lets them in, now or once its host agrees; if not, the page says why."""
        asks = False
        while not (self._closed or self._gave_up):
            link = desk.link
            if link.phase is LinkPhase.CONNECTED:
                forget_joining()
                return True
            if link.phase is LinkPhase.ASKING or (asks and link.phase is LinkPhase.CONNECTING):
                self._ask(link, choice, seat, anew=not asks)
                asks = True
            elif link.phase is not LinkPhase.CONNECTING or link.problem:
                forget_joining()
                self._flow.refuse(link.code, link.problem)
                return False
            await signalled(self._happened)
        if self._gave_up:
            forget_joining()
            self._flow.give_up()
        return False

    def _ask(self, link: Link, choice: "Choice", seat: Seat, anew: bool) -> None:
        """Show that a host is asked; the next start goes on where this one is closed meanwhile."""
        if anew:
            self._asked_at = clock(moment(now_ms(), local_zone()))
            if choice.address is not None:
                host, port = choice.address.host, choice.address.port
                keep_joining(Joining(seat.handle, seat.name, host, port, seat.engine, seat.engine_name))
        problem = "" if link.code == ASKED else link.problem
        who = asked_as(seat.name, seat.handle)
        self._panel.show_asking(seat.engine_name, who, six_words(seat.engine), self._asked_at, problem)

    def _welcomed(self, seat: Seat, desk: Desk, choice: "Choice") -> Seat:
        """From the next start on the window opens by itself."""
        if choice.password and self._flow.invitation_engine == seat.engine:
            desk.verify_engine()  # an invitation named it, though it was not used
        seat = with_engine(seat, desk.link)
        remember(seat)
        return seat

    # --- what happens meanwhile --------------------------------------------------------------------------------

    async def _chosen(self) -> "Choice | None":
        """What is chosen on the page; None once it is closed."""
        while self._choice is None and not self._closed:
            await signalled(self._happened)
        choice, self._choice = self._choice, None
        return None if self._closed else choice

    def _open(self, text: str) -> None:
        """An invitation is stronger than asking: whoever asks is let in by it."""
        self._on_cancelled()
        self._flow.open_text(text)
        self.bring_up()

    def _on_chosen(self, choice: "Choice") -> None:
        self._choice = choice
        self._happened.emit()

    def _on_cancelled(self) -> None:
        self._gave_up = True
        self._happened.emit()

    def _on_closed(self) -> None:
        self._closed = True
        self._happened.emit()

    def _show(self) -> None:
        self._panel.setWindowTitle(WELCOME_TITLE)
        self._panel.setWindowIcon(theme.application_icon())
        self._panel.resize(720, 640)
        self._panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self._panel.installEventFilter(_CloseWatcher(self._panel, self._on_closed))
        self._panel.show()


class _CloseWatcher(QObject):
    """Calls back when the widget it watches is closed."""

    def __init__(self, parent: QObject, closed: Callable[[], object]) -> None:
        super().__init__(parent)
        self._closed = closed

    def eventFilter(self, watched: QObject, event: object, /) -> bool:
        """Let everything through, and notice the closing."""
        if isinstance(event, QEvent) and event.type() == QEvent.Type.Close:
            self._closed()
        return False


def open_desk(
    seat: Seat,
    interface: str = "",
    named: str | None = None,
    invitation: Invitation | None = None,
    password: str = "",
) -> Desk:
    """The desk of `seat` with what this computer keeps for it, not connected yet. LocalStoreError, LocalError.

    `named`: what they have just called themselves, which is newer than the name that is kept; "" where the engine knows
    their name, which then stays. `invitation` or `password` lets this computer in where it is new to the engine.
    """
    folder = profile_folder(seat.place)
    history = History.open(folder / "history.db")
    presence: dict[str, Value | None] = {ALIAS: seat.name} if seat.name else {}
    presence |= history.setting(PRESENCE_SETTING, {})
    if named is not None:
        presence.pop(ALIAS, None)  # of an earlier try
        presence |= {ALIAS: named} if named else {}
    history.set_setting(PRESENCE_SETTING, presence)
    bridge = Bridge(
        seat.handle,
        folder,
        presence | where(),
        interface,
        until=history.setting(ENDS_SETTING, {}),
        invitation=invitation,
        password=password,
        keyring=True,
    )
    return Desk(seat.handle, history, bridge, now_ms)


async def claim(seat: Seat, address: "Address", invitation: Invitation) -> None:
    """Make `seat` the host of the engine at `address` by its invitation, where it is let in.

    What an engine leaves behind while it has no host, as one of an earlier version has none.
    """
    folder = profile_folder(seat.place)
    bridge, told = Bridge(seat.handle, folder, {}, invitation=invitation, keyring=True), _Told()
    bridge.connected.connect(told.happened)
    bridge.disconnected.connect(told.happened)
    bridge.start(address)
    await signalled(told.happened)
    await bridge.stop()


async def leave(desk: Desk | None) -> None:
    """Sign out, and close what this computer keeps."""
    if desk is not None:
        await desk.bridge.stop()
        desk.history.close()


def where() -> dict[str, Value | None]:
    """The time zone that others may go by, where this computer knows the name of its own."""
    zone = local_zone()
    return {TIME_ZONE: zone.key} if isinstance(zone, ZoneInfo) else {}


def with_engine(seat: Seat, link: Link) -> Seat:
    """`seat` with the engine that it is let in to now."""
    return replace(seat, engine=link.engine_id, engine_name=bare(link.engine))


class _Told(QObject):
    """One of two things happened."""

    happened = Signal(object)
