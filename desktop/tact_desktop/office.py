"""An ordinary start: find out who sits here, open their window, keep their engine running, and end in order."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from tact_desktop import theme
from tact_desktop.bridge import Address, Bridge, Finder
from tact_desktop.desk import ENDS_SETTING, PRESENCE_SETTING, Desk
from tact_desktop.engine_process import EngineProcess
from tact_desktop.flows.idle_flow import IdleFlow
from tact_desktop.flows.welcome_flow import WelcomeFlow
from tact_desktop.idle.source import source
from tact_desktop.idle.watch import IdleWatch
from tact_desktop.local.history import History
from tact_desktop.notices import Notices
from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.settings import (
    Seat,
    default_name,
    engine_folder,
    local_zone,
    now_ms,
    profile_folder,
    remember,
    remembered,
)
from tact_desktop.signals import signalled
from tact_desktop.single import SingleWindow
from tact_desktop.state.link import LinkPhase
from tact_desktop.state.wording_window import LEAVE_ENGINE_ON, STOP_ENGINE_TOO, WELCOME_TITLE, stays_on
from tact_desktop.widgets.text import message_box
from tact_desktop.window import MainWindow
from tact_engine.core.errors import TactError
from tact_engine.core.presence import ALIAS, TIME_ZONE, Value

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """What was chosen on the first-run page; `address` None is an engine on this computer."""

    name: str
    handle: str
    address: Address | None


class Office:
    """One person's program from start to end."""

    def __init__(
        self, application: QApplication, profile: str | None, address: str | None, interface: str
    ) -> None:
        self._application = application
        self._profile, self._interface = profile, interface
        self._address = address
        self._engine: EngineProcess | None = None

    async def run(self) -> int:
        """Open the window, live until it is closed; the exit code."""
        try:
            return await self._run()
        except TactError as error:
            box = message_box(None, "Tact", str(error))
            box.open()
            await signalled(box.finished)
            return 1

    async def _run(self) -> int:
        seat = self._seat()
        while await self._sit(seat):
            seat = None
        return 0

    async def _sit(self, seat: Seat | None) -> bool:
        """Let somebody work until their window is closed; whether they want to start anew, with the first page."""
        desk: Desk | None = None
        if seat is None:
            welcomed = await self._welcome()
            if welcomed is None:
                await self._stop_engine()
                return False
            seat, desk = welcomed
        lock = SingleWindow(profile_folder(seat.handle))
        if lock.taken():
            await leave(desk)
            return False
        started = desk is not None
        desk = desk or open_desk(seat, self._interface)
        window = MainWindow(desk, local_zone(), seat.name)
        try:
            anew = await self._live(window, seat, lock, started)
        finally:
            await leave(desk)
            lock.release()
            for each in (window.waiting, window):  # now, and not whenever a collector comes by
                each.deleteLater()
        if not anew:
            await self._say_goodbye(desk)
        return anew

    async def _live(self, window: MainWindow, seat: Seat, lock: SingleWindow, started: bool) -> bool:
        """Show the window until it is closed, maybe while the engine still starts; whether to start anew."""
        theme.theme().set_scheme(theme.Scheme(seat.scheme))
        lock.raised.connect(window.bring_up)
        window.scheme_chosen.connect(partial(choose_scheme, seat))
        anew = asyncio.Event()
        window.start_anew_requested.connect(anew.set)
        window.start_anew_requested.connect(window.close)
        notices = Notices(window.desk, window)
        notices.wanted.connect(Notifier(window.bring_up).tell)
        idle = IdleFlow(window.desk.bridge, IdleWatch(source(), parent=window), window)
        closed = asyncio.create_task(signalled(window.closing))
        window.show()
        idle.start()
        starting = asyncio.create_task(self._start(seat, window.desk, started))
        tasks = [closed, starting]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if not closed.done():
                await starting
                tasks.append(asyncio.create_task(self._watch_engine()))
                await closed
        finally:
            idle.stop()
            if window.isVisible():  # the engine could not be started
                window.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return anew.is_set()

    def _seat(self) -> Seat | None:
        """Who sits here: named on the command line, or remembered."""
        seat = remembered()
        if self._profile is None:
            return seat
        known = (profile_folder(self._profile) / "history.db").exists()
        if seat is not None and seat.handle == self._profile:
            return seat
        return Seat(self._profile, self._profile) if known or self._address else None

    async def _start(self, seat: Seat, desk: Desk, started: bool) -> None:
        """Bring up the engine of this computer where it is this person's, then connect. The window is there already."""
        address: Address | None = Address.parsed(self._address) if self._address else None
        if seat.own_engine and self._engine is None:
            self._engine = EngineProcess(engine_folder(), default_name())
            running = await self._engine.start()
            address = Address("127.0.0.1", running.port, running.engine)
        if not started:
            desk.start(address)

    async def _watch_engine(self) -> None:
        """Keep the engine of this computer running; where that fails, the window says that it is away."""
        try:
            if self._engine is not None:
                await self._engine.watch(lambda running: None)
        except TactError as error:
            _log.warning("the engine could not be started again: %s", error)

    async def _stop_engine(self) -> None:
        if self._engine is not None:
            await self._engine.stop()
            self._engine = None

    async def _welcome(self) -> tuple[Seat, Desk] | None:
        """The first run; None where the page was closed."""
        panel, finder = WelcomePanel(), Finder(self._interface)
        panel.setWindowTitle(WELCOME_TITLE)
        panel.setWindowIcon(theme.application_icon())
        panel.resize(720, 600)
        flow = WelcomeFlow(panel, finder, now_ms)
        closed = asyncio.get_running_loop().create_future()
        panel.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        watcher = CloseWatcher(panel, lambda: closed.done() or closed.set_result(None))
        panel.installEventFilter(watcher)
        panel.show()
        finder.start()
        try:
            while True:
                choice = await chosen_or_closed(flow, closed)
                if choice is None:
                    return None
                entered = await self._enter(choice, flow)
                if entered is not None:
                    panel.hide()
                    return entered
        finally:
            await finder.stop()
            panel.deleteLater()

    async def _enter(self, choice: Choice, flow: WelcomeFlow) -> tuple[Seat, Desk] | None:
        """Try to sign in as chosen; None, and a sentence on the page, where that fails."""
        address = choice.address
        try:
            if address is None:
                self._engine = self._engine or EngineProcess(engine_folder(), default_name())
                running = await self._engine.start()
                address = Address("127.0.0.1", running.port, running.engine)
            else:
                await self._stop_engine()  # of an earlier try
            seat = Seat(choice.handle, choice.name, own_engine=choice.address is None)
            desk = open_desk(seat, self._interface, renamed=True)
        except TactError as error:
            flow.refuse("", str(error))
            return None
        desk.start(address)
        await signalled(desk.link_changed)
        if desk.link.phase is LinkPhase.CONNECTED:
            remember(seat)
            return seat, desk
        await leave(desk)
        flow.refuse(desk.link.code, desk.link.problem)
        return None

    async def _say_goodbye(self, desk: Desk) -> None:
        """The engine that this window started stays on for the others, and says so; alone, it stops."""
        engine = self._engine
        if engine is None or not engine.ours:
            return
        others = len(desk.people) - 1
        if others > 0:
            box = message_box(None, "Tact", stays_on(others))
            box.addButton(LEAVE_ENGINE_ON, QMessageBox.ButtonRole.AcceptRole)
            stop = box.addButton(STOP_ENGINE_TOO, QMessageBox.ButtonRole.DestructiveRole)
            box.open()
            await signalled(box.finished)
            if box.clickedButton() is not stop:
                return
        await engine.stop()


class Notifier:
    """Notifications of the desktop. Where the desktop has none, the badge in the title is all there is."""

    def __init__(self, bring_up: Callable[[str], None]) -> None:
        self._bring_up = bring_up
        self._notifier: object = None
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, title: str, text: str, handle: str) -> None:
        """Show a notification; clicking it opens the conversation with `handle`."""
        task = asyncio.get_running_loop().create_task(self._tell(title, text, handle))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, title: str, text: str, handle: str) -> None:
        if QApplication.platformName() == "offscreen":
            return
        try:
            from desktop_notifier import DesktopNotifier  # noqa: PLC0415 - costs 50 ms, needed when something arrives

            notifier = (
                self._notifier if isinstance(self._notifier, DesktopNotifier) else DesktopNotifier("Tact")
            )
            self._notifier = notifier
            await notifier.send(
                title=title, message=text, on_clicked=lambda: self._bring_up(handle), thread=handle
            )
        except Exception as error:  # the desktop's own failures are many, and none may stop a message
            _log.info("no notification: %s", error)


class CloseWatcher(QObject):
    """Calls back when the widget it watches is closed."""

    def __init__(self, parent: QObject, closed: Callable[[], object]) -> None:
        super().__init__(parent)
        self._closed = closed

    def eventFilter(self, watched: QObject, event: object, /) -> bool:
        """Let everything through, and notice the closing."""
        if isinstance(event, QEvent) and event.type() == QEvent.Type.Close:
            self._closed()
        return False


def open_desk(seat: Seat, interface: str = "", renamed: bool = False) -> Desk:
    """The desk of `seat` with what this computer keeps for it, not connected yet. LocalStoreError, LocalError.

    `renamed`: the seat's name was just written, so it is newer than the one that is kept.
    """
    folder = profile_folder(seat.handle)
    history = History.open(folder / "history.db")
    named = {ALIAS: seat.name}
    presence = {**named, **history.setting(PRESENCE_SETTING, {}), **(named if renamed else {})}
    history.set_setting(PRESENCE_SETTING, presence)
    bridge = Bridge(
        seat.handle, folder, presence | where(), interface, until=history.setting(ENDS_SETTING, {})
    )
    return Desk(seat.handle, history, bridge, now_ms)


def choose_scheme(seat: Seat, key: str) -> None:
    """Look so from now on; kept where `seat` is whose window opens by itself, and not one that was asked for."""
    theme.theme().set_scheme(theme.Scheme(key))
    kept = remembered()
    if kept is not None and kept.handle == seat.handle:
        remember(replace(kept, scheme=key))


def where() -> dict[str, Value]:
    """The time zone that others may go by, where this computer knows the name of its own."""
    zone = local_zone()
    return {TIME_ZONE: zone.key} if isinstance(zone, ZoneInfo) else {}


async def leave(desk: Desk | None) -> None:
    """Sign out, and close what this computer keeps."""
    if desk is not None:
        await desk.bridge.stop()
        desk.history.close()


async def chosen_or_closed(flow: WelcomeFlow, closed: "asyncio.Future[None]") -> Choice | None:
    """What was chosen on the first-run page, or None where it was closed."""
    made: asyncio.Future[Choice] = asyncio.get_running_loop().create_future()

    def choose(name: str, handle: str, address: Address | None) -> None:
        if not made.done():
            made.set_result(Choice(name, handle, address))

    flow.chosen.connect(choose)
    try:
        await asyncio.wait((made, closed), return_when=asyncio.FIRST_COMPLETED)
        return made.result() if made.done() else None
    finally:
        flow.chosen.disconnect(choose)
