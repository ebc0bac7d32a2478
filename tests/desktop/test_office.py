"""An ordinary start, from the first page to the end: real engines, real windows, nothing left behind."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget

from tact_desktop import office, theme
from tact_desktop.engine_process import EngineProcess
from tact_desktop.office import Office
from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.settings import Seat, engine_folder, profile_folder, remember, remembered
from tact_desktop.window import MainWindow
from tact_engine.client import Client
from tests.support.by_role import Role, names, press, widget
from tests.support.engine_process import HERE, engine_running, is_running
from tests.support.office import shared_engine as shared_engine
from tests.support.qt_loop import on_qt, until

UPSTAIRS = f"Upstairs {os.getpid()}"
"""No other test that runs at the same time has an engine of that name."""

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")
TEXT, BUTTON, RADIO = Role.StaticText, Role.Button, Role.RadioButton
START_HERE = ("Start one on this computer", "None of these — start one on this computer")


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An engine started from a window listens on this computer alone, on a free port, and is gone after the test."""
    monkeypatch.setattr(office, "EngineProcess", partial(EngineProcess, host=HERE, port=0, beacon=False))
    yield
    pid = engine_pid()
    if pid and is_running(pid):
        os.kill(pid, signal.SIGKILL)


def engine_pid() -> int:
    """The process id of the engine of this computer; 0 where none says that it runs."""
    told = engine_folder() / "running.json"
    return json.loads(told.read_text())["pid"] if told.exists() else 0


def shown(kind: type[QWidget]) -> list[QWidget]:
    """The windows of a kind that are in sight."""
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]


async def seen(kind: type[QWidget]) -> QWidget:
    """The one window of a kind, once it is in sight."""
    await until(lambda: shown(kind), f"a {kind.__name__}")
    (found,) = shown(kind)
    return found


@asynccontextmanager
async def started(
    qapp: QApplication, profile: str | None = None, address: str | None = None
) -> "AsyncGenerator[asyncio.Task[int]]":
    """A start of the program meanwhile; whatever it still shows at the end is closed."""
    task = asyncio.create_task(Office(qapp, profile, address, HERE).run())
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
        field = widget(page, Role.EditableText, title, QLineEdit)
        if text:
            field.clear()
            QTest.keyClicks(field, text)


def start_here(page: QWidget) -> None:
    """Choose an engine on this computer."""
    press(page, RADIO, next(name for name in names(page, RADIO) if name in START_HERE))


@on_qt
async def test_the_first_run_finds_the_offices_engine_and_lets_in(qapp, tmp_path):
    with engine_running(tmp_path / "other", "--name", UPSTAIRS, beacon=True) as engine:
        async with started(qapp) as program:
            page = await seen(WelcomePanel)
            await until(lambda: f"{UPSTAIRS} — on {HERE}" in names(page, RADIO), "the engine is listed")
            fill(page, "Anna Berg")
            press(page, RADIO, f"{UPSTAIRS} — on {HERE}")
            press(page, BUTTON, "Continue")
            window = await seen(MainWindow)
            assert not shown(WelcomePanel)
            await until(lambda: window.windowTitle() == "Tact — Anna Berg")
            await until(lambda: f"Engine “{UPSTAIRS}” on this computer" in names(window, TEXT))
            assert remembered() == Seat("anna.berg", "Anna Berg")
            window.close()
        assert program.result() == 0
        assert engine.alive
        assert not engine_folder().exists(), "nobody asked for an engine here"


@on_qt
async def test_a_taken_name_is_said_at_the_name_and_another_one_is_let_in(qapp, tmp_path, shared_engine):
    place = f"{HERE}:{shared_engine.port}"
    async with Client("anna", shared_engine.address, profile=tmp_path / "other"), started(qapp) as program:
        page = await seen(WelcomePanel)
        fill(page, "Anna", place)
        press(page, BUTTON, "Check")
        await until(lambda: any("answers at" in text for text in names(page, TEXT)))
        press(page, BUTTON, "Continue")
        await until(lambda: any("belongs to another device" in text for text in names(page, TEXT)))
        field = widget(page, Role.EditableText, "Your name", QLineEdit)
        assert field.property("invalid")
        assert (field.isEnabled(), field.hasFocus()) == (True, True)
        assert remembered() is None
        fill(page, "Anna Berg the Second")
        press(page, BUTTON, "Continue")
        window = await seen(MainWindow)
        assert isinstance(window, MainWindow)
        assert window.desk.me == "anna.berg.the.second"
        window.close()
    assert program.result() == 0


@on_qt
async def test_where_nothing_answers_the_page_says_so_and_can_be_closed(qapp):
    async with started(qapp) as program:
        page = await seen(WelcomePanel)
        fill(page, "Anna", f"{HERE}:9")
        press(page, BUTTON, "Check")
        await until(lambda: any("No engine is running at" in text for text in names(page, TEXT)))
        press(page, BUTTON, "Continue")
        await until(lambda: "Continue" in names(page, BUTTON))
        assert any("No engine is running at" in text for text in names(page, TEXT))
        page.close()
    assert program.result() == 0
    assert remembered() is None


@on_qt
async def test_an_engine_on_this_computer_is_started_remembered_and_stopped_with_the_window(qapp):
    async with started(qapp) as program:
        page = await seen(WelcomePanel)
        fill(page, "Anna Berg")
        start_here(page)
        press(page, BUTTON, "Continue")
        window = await seen(MainWindow)
        await until(lambda: any("on this computer" in text for text in names(window, TEXT)))
        pid = engine_pid()
        assert is_running(pid)
        assert remembered() == Seat("anna.berg", "Anna Berg", own_engine=True)
        window.close()
    assert program.result() == 0
    assert not is_running(pid)
    async with started(qapp) as program:
        window = await seen(MainWindow)
        assert not shown(WelcomePanel)
        await until(lambda: any("on this computer" in text for text in names(window, TEXT)))
        again = engine_pid()
        assert again != pid
        window.close()
    assert program.result() == 0
    assert not is_running(again)


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # which is the point
@pytest.mark.parametrize(("answer", "left"), [("Leave it on", True), ("Stop the engine too", False)])
@on_qt
async def test_an_engine_that_others_depend_on_goes_on_unless_it_is_stopped_too(qapp, tmp_path, answer, left):
    remember(Seat("anna", "Anna", own_engine=True))
    async with started(qapp) as program:
        window = await seen(MainWindow)
        assert isinstance(window, MainWindow)
        await until(lambda: window.desk.link.up)
        link = window.desk.link
        async with Client("mary", f"{HERE}:{link.port}", profile=tmp_path / "mary"):
            await until(lambda: "mary" in window.desk.people)
        pid = engine_pid()
        window.close()
        box = await seen(QMessageBox)
        assert any("1 colleague depends on it" in text for text in names(box, TEXT))
        press(box, BUTTON, answer)
        await until(program.done)
        assert is_running(pid) is left


@on_qt
async def test_a_second_start_brings_the_first_window_to_the_front(qapp, shared_engine):
    place = f"{HERE}:{shared_engine.port}"
    async with started(qapp, "anna.two", place) as first:
        window = await seen(MainWindow)
        window.showMinimized()
        async with started(qapp, "anna.two", place) as second:
            await until(second.done)
        assert second.result() == 0
        await until(lambda: not window.isMinimized() and window.isActiveWindow())
        assert shown(MainWindow) == [window]
        window.close()
    async with started(qapp, "anna.two", place) as third:
        assert shown(MainWindow) != [window]
        (await seen(MainWindow)).close()
    assert (first.result(), third.result()) == (0, 0)


@on_qt
async def test_a_name_that_has_its_window_already_is_not_let_in_twice(qapp, shared_engine):
    place = f"{HERE}:{shared_engine.port}"
    async with started(qapp, "anna.three", place):
        window = await seen(MainWindow)
        assert isinstance(window, MainWindow)
        await until(lambda: window.desk.link.up)
        async with started(qapp) as second:
            page = await seen(WelcomePanel)
            fill(page, "Anna Three", place)
            press(page, BUTTON, "Continue")
            await until(second.done)
        assert shown(MainWindow) == [window]
        assert not [task for task in asyncio.all_tasks() if "_stay_connected" in repr(task)][1:]
        window.close()


@on_qt
async def test_a_window_that_is_closed_while_its_engine_starts_ends_the_program(qapp):
    remember(Seat("anna", "Anna", own_engine=True))
    async with started(qapp) as program:
        (await seen(MainWindow)).close()
        await until(program.done)
    assert program.result() == 0
    assert not engine_pid()


@on_qt
async def test_a_first_page_that_is_closed_takes_the_engine_it_started_along(qapp):
    with engine_running(engine_folder()) as engine:
        async with Client("anna", engine.address, profile=profile_folder("somebody")):
            pass
    async with started(qapp) as program:
        page = await seen(WelcomePanel)
        fill(page, "Anna")
        start_here(page)
        press(page, BUTTON, "Continue")
        await until(lambda: any("belongs to another device" in text for text in names(page, TEXT)))
        pid = engine_pid()
        assert is_running(pid)
        page.close()
    assert program.result() == 0
    assert not is_running(pid)


@on_qt
async def test_a_data_folder_that_cannot_be_used_is_said(qapp, profile):
    profile.mkdir()
    (profile / "engine").write_text("no folder")
    remember(Seat("anna", "Anna", own_engine=True))
    async with started(qapp) as program:
        box = await seen(QMessageBox)
        assert isinstance(box, QMessageBox)
        assert str(profile / "engine") in box.text()
        press(box, BUTTON, "OK")
    assert program.result() == 1
    assert not shown(MainWindow)


@on_qt
async def test_a_look_that_is_chosen_is_remembered(qapp, shared_engine):
    place = f"{HERE}:{shared_engine.port}"
    remember(Seat("anna.four", "Anna"))
    async with started(qapp, None, place):
        window = await seen(MainWindow)
        assert isinstance(window, MainWindow)
        window.scheme_chosen.emit("dark")
        assert remembered() == Seat("anna.four", "Anna", scheme="dark")
        window.close()


@on_qt
async def test_a_look_chosen_in_a_window_that_was_asked_for_is_not_everybodys(qapp, shared_engine):
    remember(Seat("anna.four", "Anna"))
    async with started(qapp, "bob.one", f"{HERE}:{shared_engine.port}"):
        window = await seen(MainWindow)
        assert isinstance(window, MainWindow)
        window.scheme_chosen.emit("dark")
        assert theme.theme().scheme() is theme.Scheme.DARK
        assert remembered() == Seat("anna.four", "Anna")
        window.close()


@on_qt
async def test_who_is_not_let_in_any_more_can_start_anew(qapp, tmp_path, shared_engine):
    place = f"{HERE}:{shared_engine.port}"
    async with Client("anna.five", shared_engine.address, profile=tmp_path / "other"):
        async with started(qapp, "anna.five", place) as program:
            window = await seen(MainWindow)
            await until(lambda: "Start anew…" in names(window, BUTTON))
            press(window, BUTTON, "Start anew…")
            page = await seen(WelcomePanel)
            assert not shown(MainWindow)
            fill(page, "Anna Six", place)
            press(page, BUTTON, "Continue")
            window = await seen(MainWindow)
            assert isinstance(window, MainWindow)
            assert (window.desk.me, remembered()) == ("anna.six", Seat("anna.six", "Anna Six"))
            window.close()
        assert program.result() == 0


@pytest.mark.rule("P24")
@on_qt
async def test_who_is_away_from_the_computer_is_shown_idle(qapp, tmp_path, shared_engine, monkeypatch):
    monkeypatch.setattr(office, "source", lambda: lambda: 1234)
    place = f"{HERE}:{shared_engine.port}"
    async with started(qapp, "anna.seven", place):
        window = await seen(MainWindow)
        assert isinstance(window, MainWindow)
        desk = window.desk
        await until(lambda: desk.link.up and "Idle" in desk.presence_of(desk.me).readings)
        assert desk.presence_of(desk.me).value("Idle") in range(1234, 1300)
        assert "Idle" not in desk.own_presence()
        window.close()


@on_qt
async def test_a_name_that_is_too_long_is_said_and_can_be_mended(qapp, shared_engine):
    async with started(qapp) as program:
        page = await seen(WelcomePanel)
        fill(page, "Anna " + "x" * 70, f"{HERE}:{shared_engine.port}")
        press(page, BUTTON, "Continue")
        await until(
            lambda: "Continue" in names(page, BUTTON) and any("60" in text for text in names(page, TEXT))
        )
        fill(page, "Anna " + "x" * 40)
        press(page, BUTTON, "Continue")
        window = await seen(MainWindow)
        assert isinstance(window, MainWindow)
        assert window.desk.own_presence()["Alias"] == "Anna " + "x" * 40
        window.close()
    assert program.result() == 0
