"""Seconds from an X server, one that was made up and a real one."""

import ctypes
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from tact_desktop.idle import x11
from tact_desktop.idle.x11 import LIBRARIES, ScreenSaverInfo, X11Idle, x11_idle
from tests.support.house import clean_environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")

UNTIL_MS_MAX = 20_000
QUIET_MS = 300
DISPLAY, ROOT = 0x7F00_1234_5678, 0x1DF

ASK_A_SERVER_THAT_IS_GONE = """
import os, signal, sys
from tact_desktop.idle.x11 import x11_idle
idle = x11_idle()
assert idle() is not None
print("asked", flush=True)
sys.stdin.readline()
print(idle(), idle(), flush=True)
"""


class MadeUp:
    """Both libraries, at a server whose last input was `idle_ms` ago; counts what it is asked."""

    def __init__(
        self, idle_ms: int = 0, opens: bool = True, tells: bool = True, answers: bool = True
    ) -> None:
        self.here, self.there = socket.socketpair()
        self.asked, self.closed = 0, 0
        pointer, number = ctypes.c_void_p, ctypes.c_int

        def query(display: int, root: int, answer) -> int:
            assert (display, root) == (DISPLAY, ROOT)
            self.asked += 1
            answer.contents.idle_ms = idle_ms
            return answers

        def close(display: int) -> int:
            self.closed += 1
            return 0

        made = ctypes.CFUNCTYPE
        self.x11 = SimpleNamespace(
            XOpenDisplay=made(pointer, ctypes.c_char_p)(lambda name: DISPLAY if opens else None),
            XDefaultRootWindow=made(ctypes.c_ulong, pointer)(lambda display: ROOT),
            XConnectionNumber=made(number, pointer)(lambda display: self.here.fileno()),
            XCloseDisplay=made(number, pointer)(close),
        )
        numbers = ctypes.POINTER(number)
        self.xss = SimpleNamespace(
            XScreenSaverQueryExtension=made(number, pointer, numbers, numbers)(lambda *_: tells),
            XScreenSaverQueryInfo=made(number, pointer, ctypes.c_ulong, ctypes.POINTER(ScreenSaverInfo))(
                query
            ),
        )

    def idle(self) -> X11Idle:
        """What asks it."""
        return X11Idle(self.x11, self.xss)  # pyright: ignore[reportArgumentType]

    def close(self) -> None:
        """The link is gone."""
        self.here.close()
        self.there.close()


@pytest.fixture
def made_up(request: pytest.FixtureRequest) -> Iterator[MadeUp]:
    server = MadeUp(**getattr(request, "param", {}))
    yield server
    server.close()


def having(**properties):
    return pytest.mark.parametrize("made_up", [properties], indirect=True)


@having(idle_ms=300_999)
def test_whole_seconds(made_up):
    assert made_up.idle()() == 300


@having(answers=False)
def test_no_answer(made_up):
    assert made_up.idle()() is None


@having(opens=False)
def test_no_server(made_up):
    with pytest.raises(OSError, match="no X server"):
        made_up.idle()
    assert made_up.closed == 0


@having(tells=False)
def test_a_server_that_does_not_tell_is_left(made_up):
    with pytest.raises(OSError, match="does not tell"):
        made_up.idle()
    assert made_up.closed == 1


@having(idle_ms=5000)
@pytest.mark.parametrize("leave", [socket.socket.close, lambda link: link.shutdown(socket.SHUT_WR)])
def test_a_server_that_is_gone_is_not_asked(made_up, leave):
    idle = made_up.idle()
    assert idle() == 5
    leave(made_up.there)
    assert (idle(), idle()) == (None, None)
    assert (made_up.asked, made_up.closed) == (1, 0)


@pytest.mark.parametrize("missing", range(len(LIBRARIES)))
def test_a_library_is_missing(missing, monkeypatch):
    names = [f"{name}.no" if number == missing else "libc.so.6" for number, name in enumerate(LIBRARIES)]
    monkeypatch.setattr(x11, "LIBRARIES", names)
    with pytest.raises(OSError, match=r"\.no"):
        x11_idle()


# A real server


@contextmanager
def x_server(*options: str) -> Generator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A server without a screen: its display and its process."""
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("needs Xvfb")
    told, tells = os.pipe()
    command = [program, "-displayfd", str(tells), "-noreset", "-nolisten", "tcp", *options]
    process = subprocess.Popen(
        command,
        pass_fds=[tells],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(tells)
    try:
        with open(told) as number:
            display = number.readline().strip()
        if not display:
            pytest.skip("Xvfb does not start here")
        yield f":{display}", process
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A server with the extension, for tests that leave it in order."""
    libraries()
    with x_server() as (display, _):
        yield display


def libraries() -> list[ctypes.CDLL]:
    """The real libraries."""
    try:
        return [ctypes.CDLL(name) for name in LIBRARIES]
    except OSError as error:
        pytest.skip(f"needs {error}")


def test_time_passes_at_a_real_server_and_a_key_ends_it(display, qtbot):
    xdotool = shutil.which("xdotool")
    if xdotool is None:
        pytest.skip("needs xdotool")
    x11, xss = libraries()
    idle = X11Idle(x11, xss, display)

    def is_quiet() -> bool:
        ms = idle.milliseconds()
        return ms is not None and ms >= QUIET_MS

    def was_touched() -> bool:
        subprocess.run([xdotool, "key", "a"], env=clean_environment(DISPLAY=display), check=True)
        ms = idle.milliseconds()
        return ms is not None and ms < QUIET_MS

    qtbot.waitUntil(is_quiet, timeout=UNTIL_MS_MAX)
    qtbot.waitUntil(was_touched, timeout=UNTIL_MS_MAX)
    qtbot.waitUntil(is_quiet, timeout=UNTIL_MS_MAX)


def test_the_environment_names_the_server(display, monkeypatch):
    libraries()
    monkeypatch.setenv("DISPLAY", display)
    assert x11_idle()() is not None


def test_a_real_server_may_not_tell():
    x11, xss = libraries()
    with (
        x_server("-extension", "MIT-SCREEN-SAVER") as (display, _),
        pytest.raises(OSError, match="does not tell"),
    ):
        X11Idle(x11, xss, display)


def test_a_real_server_that_goes_away_takes_nobody_with_it():
    libraries()
    with x_server() as (display, server):
        asking = subprocess.Popen(
            [sys.executable, "-c", ASK_A_SERVER_THAT_IS_GONE],
            env=clean_environment(DISPLAY=display),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with asking:
            assert asking.stdout is not None
            assert asking.stdout.readline() == "asked\n"
            server.kill()
            server.wait()
            said, complaints = asking.communicate("\n", timeout=30)
    assert (said, complaints, asking.returncode) == ("None None\n", "", 0)
