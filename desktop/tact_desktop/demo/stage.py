"""The stage: an engine process of its own on loopback, and a real window for each of the people of the use cases."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from tact_desktop.bridge import Address, Bridge
from tact_desktop.demo.hands import Hands
from tact_desktop.desk import PRESENCE_SETTING, Desk
from tact_desktop.engine_process import EngineProcess
from tact_desktop.local.history import History
from tact_desktop.settings import now_ms
from tact_desktop.window import MainWindow
from tact_engine.core.presence import ALIAS, Value
from tact_engine.core.privacy import NO_WISHES

PEOPLE: Mapping[str, str] = {"tom": "Tom", "mary": "Mary", "john": "John"}
GRACE_MS = 1_000
"""How long a lost link shows nothing here; an office's engine waits ten seconds."""
PATIENCE_SECONDS = 15.0
POLL_SECONDS = 0.05
FRAME_SECONDS = 0.05


class NotSeen(Exception):
    """Something that should have been seen in a window was not."""


class Stage:
    """Everything the demo plays on. Use as an async context; nothing of it stays behind."""

    def __init__(self, zone: tzinfo = UTC, people: Mapping[str, str] = PEOPLE) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="tact-demo-"))
        self._zone, self._names = zone, people
        self._engine = EngineProcess(
            self._folder / "engine",
            "Demo office",
            "127.0.0.1",
            0,
            limits=(f"grace_ms={GRACE_MS}", "presence_per_second=0"),
            outlives=False,
            driven=True,
            is_open=True,
        )
        self._ahead_ms = 0
        self._happened = asyncio.Event()
        self.hands: dict[str, Hands] = {}

    async def __aenter__(self) -> "Stage":
        """Start the engine and open the windows, not shown yet; everybody is signed in."""
        running = await self._engine.start()
        address = Address("127.0.0.1", running.port, running.engine)
        for handle, name in self._names.items():
            self.hands[handle] = self._seat(handle, name, address)
        for one in self.hands:
            await self.until(lambda one=one: self._sees_all(one), f"{self._names[one]} sees everybody")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close everything and remove what was kept."""
        for hands in self.hands.values():
            hands.window.close()
            await hands.desk.bridge.stop()
            hands.desk.history.close()
        await self._engine.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __getitem__(self, handle: str) -> Hands:
        """The hands of one person."""
        return self.hands[handle]

    async def reset(self) -> None:
        """Everybody is online, available and of no particular mood, and nothing waits."""
        calm: dict[str, Value] = {"UserAvailability": "AVAILABLE", "UserMood": "NONE", "StatusText": ""}
        for hands in self.hands.values():
            hands.desk.set_privacy(NO_WISHES)
        for hands in self.hands.values():
            hands.come_back()
            await self.until(lambda hands=hands: hands.desk.link.up, f"{hands.name} is connected")
            for entry in hands.desk.waiting():
                hands.desk.withdraw(entry.id)
            hands.desk.set_presence(calm)
            hands.clear()
        for one in self.hands:
            await self.until(lambda one=one: self._sees_calm(one), f"{self._names[one]} sees everybody calm")
            await self.until(lambda one=one: not self[one].desk.waiting(), "nothing waits")

    async def until(self, seen: Callable[[], bool], what: str, patience: float = PATIENCE_SECONDS) -> None:
        """Wait until `seen` is true, looked at whenever a desk has news; NotSeen after `patience` seconds."""
        deadline = asyncio.get_running_loop().time() + patience
        while not seen():
            if asyncio.get_running_loop().time() > deadline:
                raise NotSeen(what)
            self._happened.clear()
            try:
                await asyncio.wait_for(self._happened.wait(), POLL_SECONDS)
            except TimeoutError:
                continue

    def advance(self, seconds: int) -> None:
        """Let `seconds` pass at once, for the engine and for every window."""
        self._ahead_ms += seconds * 1000
        self._engine.advance(seconds)

    def now_ms(self) -> int:
        """What the clocks on this stage show."""
        return now_ms() + self._ahead_ms

    async def settle(self) -> None:
        """Let the windows lay out and paint what they have been told."""
        await asyncio.sleep(4 * FRAME_SECONDS)

    async def restart_engine(self) -> None:
        """Kill the engine as a power cut would, and start it again on the same data."""
        self._engine.kill()
        await self._engine.start()

    async def show(self, left: str, right: str, area: QRect) -> None:
        """Show two windows side by side in `area`, and no other."""
        half = area.width() // 2
        for handle, hands in self.hands.items():
            hands.window.setVisible(handle in (left, right))
        for place, handle in enumerate((left, right)):
            await tile(self[handle].window, QRect(area.x() + place * half, area.y(), half, area.height()))
            self[handle].open(right if handle == left else left)

    def _seat(self, handle: str, name: str, address: Address) -> Hands:
        folder = self._folder / handle
        history = History.open(folder / "history.db")
        history.set_setting(PRESENCE_SETTING, {ALIAS: name})
        bridge = Bridge(handle, folder, {ALIAS: name}, now_ms=self.now_ms)
        desk = Desk(handle, history, bridge, self.now_ms)
        for signal in (
            desk.changed,
            desk.people_changed,
            desk.counted,
            desk.presence_changed,
            desk.link_changed,
            desk.alerted,
        ):
            signal.connect(self._note)
        window = MainWindow(desk, self._zone, name)
        desk.start(address)
        return Hands(name, desk, window)

    def _note(self, *_: object) -> None:
        self._happened.set()

    def _sees_all(self, one: str) -> bool:
        desk = self[one].desk
        return all(desk.presence_of(handle).online for handle in self._names)

    def _sees_calm(self, one: str) -> bool:
        desk = self[one].desk
        return all(
            desk.presence_of(handle).online
            and desk.presence_of(handle).value("UserAvailability") == "AVAILABLE"
            and desk.presence_of(handle).value("UserMood") == "NONE"
            for handle in self._names
        )


async def tile(window: QWidget, place: QRect) -> None:
    """Make a window that is shown fill `place`, its frame included."""
    await asyncio.sleep(FRAME_SECONDS)  # until then nobody knows how thick the frame is
    inside, outside = window.geometry(), window.frameGeometry()
    window.setGeometry(
        place.adjusted(
            inside.left() - outside.left(),
            inside.top() - outside.top(),
            inside.right() - outside.right(),
            inside.bottom() - outside.bottom(),
        )
    )
