"""What is said to a compositor, and what follows from what it says."""

import sys
from struct import pack

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from tact_desktop.idle import wayland as module
from tact_desktop.idle.wayland import QUIET_SECONDS, WaylandIdle, compositor
from tact_desktop.idle.wayland_wire import message, messages_in, text

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

UNTIL_MS_MAX = 20_000
SEAT, NOTIFIER = "wl_seat", "ext_idle_notifier_v1"
IDLED, RESUMED = message(6, 0), message(6, 1)


class Compositor:
    """Tells which globals it has, and keeps all requests as object, number and values."""

    def __init__(self, path: str, qtbot, *globals: tuple[str, int]) -> None:
        self.heard: list[tuple[int, int, bytes]] = []
        self._globals, self._qtbot, self._rest = globals, qtbot, b""
        self._server = QLocalServer()
        self._server.newConnection.connect(self._on_link)
        assert self._server.listen(path)
        self.links: list[QLocalSocket] = []
        self.idle = WaylandIdle(path)

    def answers(self, *requests: int) -> None:
        """The globals are told, and the requests that follow have come; there are so many in all."""
        self.until(lambda: len(self.heard) == 2)
        self.says(
            *(message(2, 0, number, *text(name), version) for number, (name, version) in self._named()),
            message(3, 0, 0),
            message(1, 1, 3),  # the object of the last answer is free again
        )
        self.until(lambda: len(self.heard) == 5)

    def says(self, *messages: bytes) -> None:
        """These events arrive in two pieces."""
        whole = b"".join(messages)
        for piece in (whole[:5], whole[5:]):
            self.links[0].write(piece)
            self.links[0].flush()

    def until(self, seen) -> None:
        """Wait until `seen`."""
        self._qtbot.waitUntil(seen, timeout=UNTIL_MS_MAX)

    def _named(self):
        return enumerate(self._globals, 11)

    def _on_link(self) -> None:
        link = self._server.nextPendingConnection()
        link.readyRead.connect(lambda: self._on_received(link))
        self.links.append(link)

    def _on_received(self, link: QLocalSocket) -> None:
        messages, self._rest = messages_in(self._rest + link.readAll().data())
        self.heard += messages


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.seconds = 10_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


@pytest.fixture
def path(tmp_path) -> str:
    return str(tmp_path / "w")


def words(*values: int) -> bytes:
    return pack(f"={len(values)}I", *values)


def test_the_globals_are_asked_for(path, qtbot):
    compositor = Compositor(path, qtbot)
    compositor.until(lambda: len(compositor.heard) == 2)
    assert compositor.heard == [(1, 1, words(2)), (1, 0, words(3))]
    assert compositor.idle() is None


@pytest.mark.parametrize(("version", "bound", "request_number"), [(1, 1, 1), (2, 2, 2), (7, 2, 2)])
def test_a_notification_is_asked_for(path, qtbot, version, bound, request_number):
    compositor = Compositor(path, qtbot, ("wl_compositor", 6), (SEAT, 9), (SEAT, 8), (NOTIFIER, version))
    compositor.answers()
    assert compositor.heard[2:] == [
        (2, 0, words(12, *text(SEAT), 1, 4)),
        (2, 0, words(14, *text(NOTIFIER), bound, 5)),
        (5, request_number, words(6, QUIET_SECONDS * 1000, 4)),
    ]
    assert compositor.idle() == 0


def test_seconds_since_the_last_input(path, qtbot, clock):
    compositor = Compositor(path, qtbot, (SEAT, 1), (NOTIFIER, 1))
    idle = compositor.idle
    compositor.answers()
    clock.seconds += 1000
    assert idle() == 0
    compositor.says(IDLED)
    compositor.until(lambda: idle() == QUIET_SECONDS)
    clock.seconds += 290.9
    assert idle() == QUIET_SECONDS + 290
    compositor.says(RESUMED)
    compositor.until(lambda: idle() == 0)
    compositor.says(IDLED)
    compositor.until(lambda: idle() == QUIET_SECONDS)


@pytest.mark.parametrize("globals", [(), ((SEAT, 1),), ((NOTIFIER, 1),)])
def test_a_compositor_that_cannot_tell_is_left(path, qtbot, globals):
    compositor = Compositor(path, qtbot, *globals)
    compositor.until(lambda: len(compositor.heard) == 2)
    compositor.says(*(message(2, 0, 1, *text(name), version) for name, version in globals), message(3, 0, 0))
    compositor.until(lambda: compositor.links[0].state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert compositor.idle() is None
    assert len(compositor.heard) == 2


def test_a_compositor_that_goes_away_tells_nothing(path, qtbot):
    compositor = Compositor(path, qtbot, (SEAT, 1), (NOTIFIER, 1))
    compositor.answers()
    compositor.says(IDLED)
    compositor.until(lambda: compositor.idle() == QUIET_SECONDS)
    compositor.links[0].abort()
    compositor.until(lambda: compositor.idle() is None)


def test_no_compositor(path, qapp):
    assert WaylandIdle(path)() is None


@pytest.mark.parametrize(
    ("folder", "named", "path"),
    [
        ("/run/me", "wayland-1", "/run/me/wayland-1"),
        ("/run/me", "", "/run/me/wayland-0"),
        ("/run/me", "/elsewhere/one", "/elsewhere/one"),
        ("", "wayland-1", "/wayland-1"),
    ],
)
def test_the_environment_names_the_compositor(monkeypatch, folder, named, path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
    monkeypatch.setenv("WAYLAND_DISPLAY", named)
    assert compositor() == path
