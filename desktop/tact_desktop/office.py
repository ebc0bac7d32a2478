"""An ordinary start: find out who sits here, open their window, keep their engine running, and end in order."""

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QMessageBox

from tact_desktop import theme
from tact_desktop.desk import Desk
from tact_desktop.entering import Entrance, claim, leave, open_desk, with_engine
from tact_desktop.flows.idle_flow import IdleFlow
from tact_desktop.flows.opened_flow import OpenedFlow
from tact_desktop.idle.source import source
from tact_desktop.idle.watch import IdleWatch
from tact_desktop.links.opened import Openings
from tact_desktop.notices import Notices
from tact_desktop.own_engine import OwnEngine
from tact_desktop.settings import (
    Joining,
    Seat,
    data_folder,
    joining,
    keep,
    local_zone,
    profile_folder,
    remember,
    remembered,
    seat_of,
)
from tact_desktop.signals import signalled
from tact_desktop.single import SingleWindow
from tact_desktop.state.wording_window import LEAVE_ENGINE_ON, STOP_ENGINE_TOO, stays_on
from tact_desktop.widgets.text import message_box
from tact_desktop.window import MainWindow
from tact_engine.accounts.invitation import Invitation
from tact_engine.core.errors import TactError

if TYPE_CHECKING:
    from tact_desktop.bridge import Address

FIRST_PAGE = "first page"
PAINTED_SECONDS_MAX = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Turn:
    """Somebody's turn in front of this computer: `seat` is None where the first page finds out who.

    `invitation` lets this very seat in once more, maybe at another engine.
    """

    seat: Seat | None = None
    invitation: Invitation | None = None


class Office:
    """One person's program from start to end. `opened` is the text of a link or a file that it was started with."""

    def __init__(
        self,
        application: QApplication,
        profile: str | None,
        address: str | None,
        interface: str,
        opened: str = "",
    ) -> None:
        self._profile, self._interface = profile, interface
        self._address = address
        self._own = OwnEngine()
        self._openings = Openings(application, opened)

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
        asked = joining() if self._profile is None and not self._openings.waiting else None
        turn: Turn | None = Turn(self._seat() if asked is None else None)
        while turn is not None:
            turn, asked = await self._sit(turn, asked), None
        return 0

    async def _sit(self, turn: Turn, asked: Joining | None) -> Turn | None:
        """Let somebody work until their window is closed; whose turn it is then, None where the program ends.

        `asked`: they asked to be let in when the program ended.
        """
        seat, desk = turn.seat, None
        if seat is None:
            entered = await self._enter(asked)
            if entered is None:
                await self._own.undo()
                return None
            seat, desk = entered
        lock = SingleWindow(profile_folder(seat.place))
        if lock.taken(self._openings.waiting):
            await leave(desk)
            return None
        started = desk is not None
        desk = desk or open_desk(seat, self._interface, invitation=turn.invitation)
        theme.theme().set_scheme(
            theme.Scheme(seat.scheme)
        )  # a window that is there already would be dressed twice
        with theme.theme().undressed():
            window = MainWindow(desk, local_zone(), seat.name or seat.handle)
        try:
            after = await self._live(window, seat, lock, started, turn.invitation)
        finally:
            await leave(desk)
            lock.release()
            for each in (window.waiting, window):  # now, and not whenever a collector comes by
                each.deleteLater()
        if after is None or after.seat is None:
            await self._say_goodbye(desk)
        return after

    async def _enter(self, asked: Joining | None) -> tuple[Seat, Desk] | None:
        """The first page, of which there is one at a time: another start brings it to the front."""
        entrance = Entrance(self._own, self._interface, self._openings)
        lock = SingleWindow(data_folder() / FIRST_PAGE)
        if lock.taken(self._openings.waiting):
            return None
        lock.raised.connect(entrance.bring_up)
        lock.opened.connect(self._openings.tell)
        try:
            return await entrance.enter(asked)
        finally:
            lock.release()

    async def _live(
        self, window: MainWindow, seat: Seat, lock: SingleWindow, started: bool, invitation: Invitation | None
    ) -> Turn | None:
        """Show the window until it is closed, maybe while the engine still starts; whose turn it is then."""
        lock.raised.connect(window.bring_up)
        window.scheme_chosen.connect(partial(choose_scheme, seat))
        window.desk.link_changed.connect(partial(keep_engine, seat, window.desk))
        after: list[Turn] = []
        self._follow(window, seat, lock, after)
        notices = Notices(window.desk, window)
        notices.wanted.connect(Notifier(window.bring_up).tell)
        idle = IdleFlow(window.desk.bridge, IdleWatch(source(), parent=window), window)
        closing = asyncio.Event()  # it can be closed before any task has run
        window.closing.connect(closing.set)
        closed = asyncio.create_task(closing.wait())
        window.show()
        idle.start()
        starting = asyncio.create_task(self._start(window, seat, started, invitation))
        tasks: list[asyncio.Task[object]] = [closed, starting]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if not closed.done():
                await starting
                tasks.append(asyncio.create_task(self._own.watch()))
                await closed
        finally:
            self._openings.follow(None)
            idle.stop()
            if window.isVisible():  # the engine could not be started
                window.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return after[-1] if after else None

    def _follow(self, window: MainWindow, seat: Seat, lock: SingleWindow, after: list[Turn]) -> None:
        """What ends this window for another turn, which comes into `after`; and what is opened meanwhile."""

        def go(turn: Turn) -> None:
            after.append(turn)
            window.close()

        def go_on(invitation: Invitation) -> None:
            own = seat.own_engine and invitation.engine == seat.engine
            go(Turn(replace(remembered_as(seat), own_engine=own, engine=invitation.engine), invitation))

        def go_elsewhere(text: str) -> None:
            self._openings.follow(None)
            self._openings.tell(text)  # it waits there for the first page
            go(Turn())

        opened = OpenedFlow(window.desk, seat, window)
        window.start_anew_requested.connect(lambda: go(Turn()))
        window.invited.connect(go_on)
        opened.way_back.connect(go_on)
        opened.elsewhere.connect(go_elsewhere)
        self._openings.problem.connect(opened.tell)
        lock.opened.connect(self._openings.tell)
        self._openings.follow(opened.open_text)

    def _seat(self) -> Seat | None:
        """Who sits here: named on the command line, or remembered."""
        seat = remembered()
        if self._profile is None:
            return seat
        if seat is not None and seat.place == self._profile:
            return seat
        known = (profile_folder(self._profile) / "history.db").exists()
        unknown = Seat(self._profile, self._profile) if known or self._address else None
        return seat_of(self._profile) or unknown

    async def _start(
        self, window: MainWindow, seat: Seat, started: bool, invitation: Invitation | None
    ) -> None:
        """Bring up the engine of this computer where it is this person's, then connect. The window is there already."""
        # Before the client is loaded, which takes long; a window that nobody sees does not wait for it.
        with suppress(TimeoutError):
            await asyncio.wait_for(signalled(window.painted), PAINTED_SECONDS_MAX)
        address = self._named_address(seat) if self._address and invitation is None else None
        if seat.own_engine and not self._own.runs:
            address = await self._own.start()
            to_host = self._own.host_invitation()
            if to_host is not None and not started:
                await claim(seat, address, to_host)
        if not started:
            window.desk.start(address)

    def _named_address(self, seat: Seat) -> "Address":
        """Where the engine is by the command line: it may have moved; another one is not let in by that."""
        from tact_desktop.bridge import Address  # noqa: PLC0415 - it brings the client; the window comes first

        return replace(Address.parsed(self._address or ""), engine=seat.engine)

    async def _say_goodbye(self, desk: Desk) -> None:
        """The engine that this window started stays on for the others, and says so; alone, it stops."""
        if not self._own.runs:
            return
        others = len(desk.people) - 1
        if others > 0:
            box = message_box(None, "Tact", stays_on(others))
            box.addButton(LEAVE_ENGINE_ON, QMessageBox.ButtonRole.AcceptRole)
            stop = box.addButton(STOP_ENGINE_TOO, QMessageBox.ButtonRole.DestructiveRole)
            box.open()
            await signalled(box.finished)
            if box.clickedButton() is not stop:
                self._own.let_go()
                return
        await self._own.stop()


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
            from desktop_notifier import DesktopNotifier  # noqa: PLC0415 - costs 50 ms, needed only now and then

            notifier = (
                self._notifier if isinstance(self._notifier, DesktopNotifier) else DesktopNotifier("Tact")
            )
            self._notifier = notifier
            await notifier.send(
                title=title,
                message=told_as(text, sys.platform),
                on_clicked=lambda: self._bring_up(handle),
                thread=handle,
            )
        except Exception as error:  # the desktop's own failures are many, and none may stop a message
            _log.info("no notification: %s", error)


def told_as(text: str, platform: str) -> str:
    """`text` as a notification of `platform` takes it: on Linux desktops it is markup, which nobody escapes for us."""
    return escape(text, quote=False) if platform.startswith("linux") else text


def choose_scheme(seat: Seat, key: str) -> None:
    """Look so from now on; kept where `seat` is whose window opens by itself, and not one that was asked for."""
    theme.theme().set_scheme(theme.Scheme(key))
    kept = remembered()
    if kept is not None and kept.place == seat.place:
        remember(replace(kept, scheme=key))


def keep_engine(seat: Seat, desk: Desk) -> None:
    """Keep which engine `seat` belongs to, once it is let in."""
    if not desk.link.up:
        return
    kept = remembered()
    if kept is not None and kept.place == seat.place:
        known = with_engine(kept, desk.link)
        if known != kept:
            remember(known)
    elif with_engine(seat, desk.link) != seat_of(seat.place):
        keep(with_engine(seat, desk.link))


def remembered_as(seat: Seat) -> Seat:
    """`seat` as it is kept by now: with the look that was chosen meanwhile."""
    kept = remembered()
    return kept if kept is not None and kept.place == seat.place else seat
