"""Which source is taken where."""

import sys
from types import SimpleNamespace

import pytest

from tact_desktop.idle import source as module
from tact_desktop.idle.source import first_of, never, source


class Named:
    """Stands for a source."""

    def __init__(self, seconds: int | None) -> None:
        self.seconds = seconds

    def __call__(self) -> int | None:
        return self.seconds


X11, BUS = Named(1), Named(2)


@pytest.fixture(autouse=True)
def sources(monkeypatch: pytest.MonkeyPatch):
    """Sources that do nothing to this computer."""
    monkeypatch.setattr(module, "x11_idle", lambda: X11)
    monkeypatch.setattr(module, "BusIdle", lambda: BUS)
    monkeypatch.setattr(module, "WaylandIdle", lambda path: Named(3))
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


def on(monkeypatch: pytest.MonkeyPatch, platform: str):
    """The source where Qt shows its windows on `platform`."""
    monkeypatch.setattr(module, "QGuiApplication", SimpleNamespace(platformName=lambda: platform))
    return source()


def missing(*_: object):
    raise OSError("it is not there")


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc", ""])
def test_where_nobody_sits_nobody_tells(monkeypatch, platform):
    assert on(monkeypatch, platform) is never
    assert never() is None


def test_the_tests_themselves_ask_nobody(qapp):
    assert source() is never


def test_x11(monkeypatch):
    assert on(monkeypatch, "xcb") is X11


@pytest.mark.parametrize("failure", [OSError, AttributeError])
def test_x11_without_its_library(monkeypatch, failure):
    def fail():
        raise failure

    monkeypatch.setattr(module, "x11_idle", fail)
    assert on(monkeypatch, "xcb") is BUS


def test_x11_inside_wayland_sees_too_little(monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert on(monkeypatch, "xcb")() == 3


@pytest.mark.parametrize("platform", ["wayland", "wayland-egl"])
@pytest.mark.parametrize(("seconds", "told"), [(3, 3), (0, 0), (None, 2)])
def test_wayland_and_the_bus_where_the_compositor_does_not_tell(monkeypatch, platform, seconds, told):
    monkeypatch.setattr(module, "WaylandIdle", lambda path: Named(seconds))
    assert on(monkeypatch, platform)() == told


def test_macos(monkeypatch):
    monkeypatch.setattr(module, "MacIdle", lambda services: (services, X11))
    monkeypatch.setattr(module, "ctypes", SimpleNamespace(CDLL=lambda name: name))
    services, _ = on(monkeypatch, "cocoa")  # pyright: ignore[reportGeneralTypeIssues]
    assert services.endswith("ApplicationServices")


@pytest.mark.skipif(sys.platform == "win32", reason="there Windows is not missing")
@pytest.mark.parametrize("platform", ["windows", "cocoa"])
def test_a_platform_that_is_missing_is_no_error(monkeypatch, platform):
    monkeypatch.setattr(module, "ctypes", SimpleNamespace(CDLL=missing))
    assert on(monkeypatch, platform) is never


def test_the_first_that_can_tell():
    assert first_of(Named(None), Named(0), Named(5))() == 0
    assert first_of(Named(None), Named(None))() is None
