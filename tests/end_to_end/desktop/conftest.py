"""Real windows on a real engine process, on one event loop with Qt."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import qasync


@pytest.fixture
def play(qapp) -> Callable[[Coroutine[Any, Any, None]], None]:
    """Run a coroutine to its end on a loop that Qt turns."""

    def run(story: Coroutine[Any, Any, None]) -> None:
        qapp.setQuitOnLastWindowClosed(False)
        loop = qasync.QEventLoop(qapp)
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(asyncio.wait_for(story, 60))
        finally:
            loop.close()
            asyncio.set_event_loop(None)

    return run
