"""An office in a test: a real engine process on loopback, and people at their own desks or windows."""

import shutil
import signal
import time
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC
from itertools import count
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shiboken6 import delete, isValid

from tact_desktop.bridge import Address, Bridge, FoundEngine
from tact_desktop.desk import ENDS_SETTING, PRESENCE_SETTING, Desk
from tact_desktop.local.history import History
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.window import MainWindow
from tact_engine.core.presence import ALIAS, Value
from tests.support.engine_process import HERE, EngineProcess, engine_running
from tests.support.heard import heard
from tests.support.qt_loop import until

GRACE = "--limit=grace_ms=300"
_numbers = count(1)


class HandClock:
    """A clock that only a test moves; it starts at the engine's own time."""

    def __init__(self) -> None:
        self.ms = time.time_ns() // 1_000_000

    def __call__(self) -> int:
        """Now, in UTC milliseconds."""
        return self.ms


class Seat:
    """One person's place: what their computer keeps, and while they sit there, their desk and their window."""

    def __init__(self, folder: Path, handle: str, name: str, address: Address) -> None:
        self.folder, self.handle, self.name, self.address = folder, handle, name, address
        self.clock = HandClock()
        self._window: MainWindow | None = None
        self.open()

    def open(self) -> None:
        """Sit down, not connected yet: history and desk as an ordinary start makes them."""
        self.open_with(Bridge)

    def open_with(self, kind: type[Bridge]) -> None:
        """Sit down at a bridge of this kind."""
        self.history = History.open(self.folder / "history.db")
        presence: dict[str, Value | None] = {ALIAS: self.name, **self.history.setting(PRESENCE_SETTING, {})}
        self.history.set_setting(PRESENCE_SETTING, presence)
        until: dict[str, int] = self.history.setting(ENDS_SETTING, {})
        self.bridge = kind(self.handle, self.folder, presence, HERE, until=until)
        self.desk = Desk(self.handle, self.history, self.bridge, self.clock)
        self.complaints = heard(self.desk.complained)

    @property
    def window(self) -> MainWindow:
        """Their window, made when it is first asked for."""
        if self._window is None:
            self._window = MainWindow(self.desk, UTC, self.name)
        return self._window

    async def connect(self) -> "Seat":
        """Sign in."""
        self.desk.start(self.address)
        await until(lambda: self.desk.link.up, f"{self.name} is signed in")
        return self

    async def leave(self) -> None:
        """Close the window and stand up; what the computer keeps stays."""
        window, self._window = self._window, None
        if window is not None:
            window.close()
        await self.bridge.stop()
        self.history.close()
        if window is not None:
            remove(window)

    async def show(self, width: int = 1240, height: int = 760) -> MainWindow:
        """Their window, in sight, active and so wide."""
        self.window.resize(width, height)
        self.window.show()
        self.window.activateWindow()
        await until(self.window.isActiveWindow)
        return self.window

    # --- what a person does and sees -------------------------------------------------------------------------

    def write(self, to: "Seat", text: str, preset: Preset = Preset.NOW) -> str:
        """Send without a window; the id."""
        return self.desk.send(to.handle, Draft(text, preset)).id

    def type(self, text: str) -> None:
        """Write into the composer."""
        QTest.keyClicks(self.window.composer.text_field(), text)

    def enter(self) -> None:
        """Press Enter in the composer."""
        QTest.keyClick(self.window.composer.text_field(), Qt.Key.Key_Return)

    def stage(self, id: str) -> Stage | None:
        """How far a message has come, as this computer knows."""
        entry = self.history.entry(id)
        return entry.stage if entry else None

    def entries(self, other: "Seat") -> list[Entry]:
        """The conversation with `other`."""
        return self.desk.page(other.handle).entries()

    def texts(self, other: "Seat") -> list[str]:
        """What the conversation with `other` says."""
        return [entry.text for entry in self.entries(other)]

    async def sees(self, other: "Seat", online: bool = True) -> None:
        """Wait until `other` is seen online, or offline."""
        await until(lambda: self.desk.presence_of(other.handle).online is online, f"{other.name} is {online}")

    async def stands(self, id: str, *stages: Stage) -> None:
        """Wait until a message stands so."""
        await until(lambda: self.stage(id) in stages, f"{id} is {stages}")


class Office:
    """An engine, and the seats that were taken while the context was open."""

    def __init__(self, folder: Path, engine: EngineProcess) -> None:
        self.engine = engine
        self.seats: list[Seat] = []
        self._folder = folder

    def seat(self, name: str) -> Seat:
        """A seat nobody had before, not connected; its handle and name are like no other's."""
        number = next(_numbers)
        handle = f"{name.lower()}.{number}"
        seat = Seat(self._folder / handle, handle, f"{name} {number}", self.engine.address)
        self.seats.append(seat)
        return seat

    def elsewhere(self, seat: Seat) -> Seat:
        """Another computer of the same person, which has their key as well and nothing else; not connected."""
        folder = self._folder / f"{seat.handle} elsewhere"
        folder.mkdir()
        shutil.copy(seat.folder / "device.key", folder)
        self.seats.append(Seat(folder, seat.handle, seat.name, self.engine.address))
        return self.seats[-1]

    async def people(self, *names: str) -> list[Seat]:
        """Seats whose people are signed in and see each other."""
        seats = [await self.seat(name).connect() for name in names]
        for one in seats:
            for other in seats:
                await one.sees(other)
        return seats

    async def close(self) -> None:
        """Everybody goes."""
        for seat in self.seats:
            await seat.leave()


def remove(window: MainWindow) -> None:
    """Delete a window now: a collector would do it in the middle of some other test."""
    for each in (window.waiting, window):
        if isValid(each):
            delete(each)


@contextmanager
def frozen(engine: EngineProcess) -> Generator[None]:
    """The engine's process hears and says nothing meanwhile; its links stay, and what is sent to it waits there.

    It may be killed meanwhile.
    """
    engine.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        if engine.alive:
            engine.signal(signal.SIGCONT)


@asynccontextmanager
async def office_at(folder: Path, engine: EngineProcess) -> AsyncGenerator[Office]:
    """An office at `engine` that is left in order; nobody looks for other engines, which takes seconds."""
    office = Office(folder, engine)
    with patch("tact_engine.client.discovery.find", _nothing_found):
        try:
            yield office
        finally:
            await office.close()


async def _nothing_found(seconds: float, host: str = "") -> tuple[FoundEngine, ...]:
    del seconds, host
    return ()


@pytest.fixture(scope="module")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """An engine that the tests of a module share; nobody may stop it."""
    with engine_running(tmp_path_factory.mktemp("engine"), GRACE) as engine:
        yield engine


@pytest.fixture
def own_engine(tmp_path: Path) -> Iterator[EngineProcess]:
    """An engine of the test's own."""
    with engine_running(tmp_path / "engine", GRACE) as engine:
        yield engine
