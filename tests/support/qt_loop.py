"""Running a test on the loop that turns the windows, and waiting there for what is to be seen."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, cast

import qasync
from PySide6.QtWidgets import QApplication

from tact_desktop import theme

STORY_SECONDS_MAX = 60
UNTIL_SECONDS_MAX = 20
LOOK_SECONDS = 0.005


def on_qt(story: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """The test `story`, run on a loop that Qt turns; it may ask for fixtures as any other test does."""

    @wraps(story)
    def test(qapp: QApplication, **fixtures: Any):
        theme.apply(qapp, theme.Scheme.LIGHT)
        qapp.setQuitOnLastWindowClosed(False)
        loop = qasync.QEventLoop(qapp)
        complaints: list[str] = []
        loop.set_exception_handler(lambda loop, about: complaints.append(str(about)))
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(asyncio.wait_for(story(**fixtures), STORY_SECONDS_MAX))
        finally:
            loop.close()
            asyncio.set_event_loop(None)
            theme.apply(qapp, theme.Scheme.LIGHT)
        assert complaints == []

    asked = inspect.signature(story)
    ours = inspect.Parameter("qapp", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    cast("Any", test).__signature__ = asked.replace(parameters=[ours, *asked.parameters.values()])
    return test


async def until(seen: Callable[[], Any], what: str = "") -> None:
    """Wait until `seen` says yes, the loop turning meanwhile."""
    deadline = asyncio.get_running_loop().time() + UNTIL_SECONDS_MAX
    while not seen():
        assert asyncio.get_running_loop().time() < deadline, f"never seen: {what or inspect.getsource(seen)}"
        await asyncio.sleep(LOOK_SECONDS)


async def turns(count: int = 5) -> None:
    """Let the loop turn: whatever is ready to happen without anybody else has happened then."""
    for _ in range(count):
        await asyncio.sleep(0)
        QApplication.processEvents()
