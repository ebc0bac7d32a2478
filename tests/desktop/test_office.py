"""An ordinary start, from the first page to the end: real engines, real windows, nothing left behind."""

import asyncio
import os

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from tact_desktop import office, theme
from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.settings import Seat, engine_folder, profile_folder, remember, remembered
from tact_desktop.window import MainWindow
from tact_engine.client import Client
from tests.support.by_role import names, press
from tests.support.engine_process import HERE, engine_running, is_running
from tests.support.heard import heard
from tests.support.office import shared_engine as shared_engine
from tests.support.qt_loop import on_qt, until
from tests.support.starts import (
    BUTTON,
    RADIO,
    TEXT,
    engine_pid,
    fill,
    line,
    says,
    seen,
    shown,
    start_here,
    started,
    who_is_remembered,
)
from tests.support.starts import at_home as at_home

UPSTAIRS = f"Upstairs {os.getpid()}"
"""No other test that runs at the same time has an engine of that name."""

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support raise"),
    pytest.mark.usefixtures("at_home"),
]


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
            await until(lambda: says(window, f"Engine “{UPSTAIRS}” on this computer"))
            assert who_is_remembered() == ("anna.berg", "Anna Berg", False)
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
        field = line(page, "Short name")
        assert field.property("invalid")
        assert (field.isEnabled(), field.hasFocus()) == (True, True)
        assert remembered() is None
        press(page, BUTTON, "I am somebody else: add something to my name")
        QTest.keyClicks(line(page, "Your name"), " (Sales)")
        press(page, BUTTON, "Continue")
        window = await seen(MainWindow)
        assert window.desk.me == "anna.sales"
        assert who_is_remembered() == ("anna.sales", "Anna (Sales)", False)
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
        assert who_is_remembered() == ("anna.berg", "Anna Berg", True)
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
        await until(lambda: window.desk.link.up)
        assert window.desk.link.is_host, "nobody else can be"
        made = heard(window.desk.members.made)
        window.desk.members.invite()
        await until(lambda: made, "an invitation: whoever has the engine is its host")
        async with Client("mary", invitation=made[0][0].invitation, profile=tmp_path / "mary"):
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
        window.scheme_chosen.emit("dark")
        kept = remembered()
        assert kept is not None
        assert (kept.handle, kept.scheme) == ("anna.four", "dark")
        window.close()


@on_qt
async def test_a_look_chosen_in_a_window_that_was_asked_for_is_not_everybodys(qapp, shared_engine):
    remember(Seat("anna.four", "Anna"))
    async with started(qapp, "bob.one", f"{HERE}:{shared_engine.port}"):
        window = await seen(MainWindow)
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
            assert who_is_remembered() == (window.desk.me, "Anna Six", False)
            window.close()
        assert program.result() == 0


@pytest.mark.rule("P24")
@on_qt
async def test_who_is_away_from_the_computer_is_shown_idle(qapp, tmp_path, shared_engine, monkeypatch):
    monkeypatch.setattr(office, "source", lambda: lambda: 1234)
    place = f"{HERE}:{shared_engine.port}"
    async with started(qapp, "anna.seven", place):
        window = await seen(MainWindow)
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
        assert window.desk.own_presence()["Alias"] == "Anna " + "x" * 40
        window.close()
    assert program.result() == 0


@pytest.mark.parametrize(
    ("platform", "shown"),
    [("linux", "1 &lt; 2 &amp; “b”"), ("win32", "1 < 2 & “b”"), ("darwin", "1 < 2 & “b”")],
)
def test_a_notification_says_what_was_written(platform, shown):
    assert office.told_as("1 < 2 & “b”", platform) == shown
