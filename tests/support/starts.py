"""Starts of the program in a test, and its first page as a person fills it in."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget

from tact_desktop import own_engine
from tact_desktop.engine_process import EngineProcess
from tact_desktop.office import Office
from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.settings import Seat, engine_folder, remembered
from tact_desktop.window import MainWindow
from tests.support.by_role import Role, name_of, names, press, tree, widget
from tests.support.engine_process import HERE, is_running
from tests.support.qt_loop import until

TEXT, BUTTON, RADIO = Role.StaticText, Role.Button, Role.RadioButton
START_HERE = ("Start one on this computer", "None of these — start one on this computer")
W = TypeVar("W", bound=QWidget)


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An engine started from a window listens on this computer alone, on a free port, and is gone after the test."""
    monkeypatch.setattr(own_engine, "EngineProcess", partial(EngineProcess, host=HERE, port=0, beacon=False))
    yield
    pid = engine_pid()
    if pid and is_running(pid):
        os.kill(pid, signal.SIGKILL)


def engine_pid() -> int:
    """The process id of the engine of this computer; 0 where none says that it runs."""
    told = engine_folder() / "running.json"
    return json.loads(told.read_text())["pid"] if told.exists() else 0


def shown(kind: type[W]) -> list[W]:
    """The windows of a kind that are in sight."""
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]


async def seen(kind: type[W]) -> W:
    """The one window of a kind, once it is in sight."""
    await until(lambda: shown(kind), f"a {kind.__name__}")
    (found,) = shown(kind)
    return found


@asynccontextmanager
async def started(
    qapp: QApplication, profile: str | None = None, address: str | None = None, opened: str = ""
) -> "AsyncGenerator[asyncio.Task[int]]":
    """A start of the program meanwhile; whatever it still shows at the end is closed."""
    task = asyncio.create_task(Office(qapp, profile, address, HERE, opened).run())
    try:
        yield task
        await until(task.done, "the end of the program")
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            for each in (*shown(MainWindow), *shown(WelcomePanel), *shown(QMessageBox)):
                each.close()


def fill(page: QWidget, name: str, address: str = "") -> None:
    """Write a name, and an address where one is given."""
    for title, text in (("Your name", name), ("Address", address)):
        if text:
            write(page, title, text)


def write(page: QWidget, title: str, text: str) -> None:
    """Write into a field in the place of what stands there."""
    field = line(page, title)
    field.clear()
    QTest.keyClicks(field, text)


def line(page: QWidget, title: str) -> QLineEdit:
    """The field that a screen reader calls so."""
    return widget(page, Role.EditableText, title, QLineEdit)


def is_there(page: QWidget, title: str) -> bool:
    """Whether there is such a field."""
    return any(item.role() == Role.EditableText and name_of(item) == title for item in tree(page))


def says(page: QWidget, part: str) -> bool:
    """Whether something on the page says that, among other words."""
    return any(part in text for text in names(page, TEXT))


def start_here(page: QWidget) -> None:
    """Choose an engine on this computer."""
    press(page, RADIO, next(name for name in names(page, RADIO) if name in START_HERE))


def who_is_remembered() -> tuple[str, str, bool] | None:
    """Handle and name of whoever sat here last, and whether the engine is theirs."""
    seat: Seat | None = remembered()
    return (seat.handle, seat.name, seat.own_engine) if seat else None
