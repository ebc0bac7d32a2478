"""Running a test on the loop that turns the windows, and waiting there for what is to be seen."""

import asyncio
import gc
import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, cast

import qasync  # pyright: ignore[reportMissingTypeStubs]
from PySide6.QtWidgets import QApplication

from tact_desktop import theme

STORY_SECONDS_MAX = 60
UNTIL_SECONDS_MAX = 20
LOOK_SECONDS = 0.005


def on_qt(story: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """The test `story`, run on a loop that Qt turns; it may ask for fixtures as any other test does."""

    asked = dict(inspect.signature(story).parameters)

    @wraps(story)
    def test(**fixtures: Any):
        qapp: QApplication = fixtures["qapp"]
        collecting = gc.isenabled()
        gc.disable()  # a collector that comes by would delete windows: in a worker thread, or while Qt looks at them
        _look_usual(qapp)
        qapp.setQuitOnLastWindowClosed(False)
        loop = qasync.QEventLoop(qapp)
        complaints: list[str] = []
        loop.set_exception_handler(lambda loop, about: complaints.append(str(about)))
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(_told(story(**{name: fixtures[name] for name in asked})))
        finally:
            gc.collect(1)
            loop.close()
            asyncio.set_event_loop(None)
            _look_usual(qapp)
            if collecting:
                gc.enable()
        assert complaints == []

    ours = inspect.Parameter("qapp", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    wanted = {"qapp": ours} | asked
    cast("Any", test).__signature__ = inspect.Signature(list(wanted.values()))
    return test


async def _told(story: Awaitable[None]):
    """`story` to its end, and what it closed really closed: a transport does that in a later turn."""
    try:
        await asyncio.wait_for(story, STORY_SECONDS_MAX)
    finally:
        await turns()


def _look_usual(qapp: QApplication):
    """The look that every test begins with; putting it on takes a tenth of a second."""
    if theme.theme().scheme() is not theme.Scheme.LIGHT or not qapp.styleSheet():
        theme.apply(qapp, theme.Scheme.LIGHT)


async def until(seen: Callable[[], Any], what: str = "") -> None:
    """Wait until `seen` says yes, the loop turning meanwhile."""
    deadline = asyncio.get_running_loop().time() + UNTIL_SECONDS_MAX
    while not seen():
        assert asyncio.get_running_loop().time() < deadline, f"never seen: {what or seen}"
        await asyncio.sleep(LOOK_SECONDS)


async def turns(count: int = 10) -> None:
    """Let the loop turn: whatever is ready to happen without anybody else has happened then."""
    for _ in range(count):
        await asyncio.sleep(0)
