"""How one gets into an office whose engine lets in only who belongs there: by real engines and real windows."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.settings import Seat, joining, known_engines, profile_folder, remember, remembered
from tact_desktop.state import wording_welcome as words
from tact_desktop.window import MainWindow
from tact_engine.accounts.invitation import Invitation
from tact_engine.accounts.words import six_words
from tact_engine.client import Address, Client, Engines, JoinRequest, RequestsChanged, discovery, endings
from tests.support.by_role import names, press
from tests.support.engine_process import EngineProcess
from tests.support.qt_loop import on_qt, until
from tests.support.starts import (
    BUTTON,
    TEXT,
    fill,
    is_there,
    line,
    says,
    seen,
    shown,
    start_here,
    started,
    who_is_remembered,
    write,
)
from tests.support.starts import at_home as at_home

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support raise"),
    pytest.mark.usefixtures("at_home"),
]


class Office:
    """An engine as users get it, and its host."""

    def __init__(self, folder: Path) -> None:
        self.engine = EngineProcess(folder / "engine", "--name", "Office", as_in_an_office=True).start()
        self._claim = Invitation.parsed((folder / "engine" / "host-invitation.tact").read_text())
        self._profile = folder / "tom"

    @property
    def place(self) -> str:
        """Where it is, as it is typed."""
        return f"{self.engine.host}:{self.engine.port}"

    @asynccontextmanager
    async def host(self) -> AsyncGenerator[Client]:
        """Its host, Tom, meanwhile at his own computer."""
        presence = {"Alias": "Tom Host"}
        async with Client(
            "tom", self.engine.address, invitation=self._claim, profile=self._profile, presence=presence
        ) as tom:
            yield tom


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for the tests of this module; each brings people of its own."""
    made = Office(tmp_path_factory.mktemp("office"))
    try:
        yield made
        assert (made.engine.stop(), made.engine.said) == (0, "")
    finally:
        made.engine.clean_up()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks to be let in looks again sooner than people would want."""
    monkeypatch.setattr(endings, "WAITS", {"asked_to_join": 0.1})


def is_verified(profile: str, engine: str) -> bool:
    """Whether this profile knows that the engine is the right one."""
    return Engines(profile_folder(profile) / "engines.json").is_verified(engine)


async def request(tom: Client, handle: str) -> JoinRequest:
    """The request of `handle`, once the host has it."""
    async for event in tom.events():
        if isinstance(event, RequestsChanged):
            for each in event.requests:
                if each.handle == handle:
                    return each
    raise AssertionError("the host was never told")


@on_qt
async def test_who_starts_an_engine_is_its_host_and_a_colleague_joins_by_their_link(qapp):
    async with started(qapp) as program:
        page = await seen(WelcomePanel)
        fill(page, "Mary Stone")
        start_here(page)
        assert says(page, words.BE_HOST)
        press(page, BUTTON, "Continue")
        window = await seen(MainWindow)
        assert window.desk.link.is_host
        made: list[Invitation] = []
        window.desk.members.made.connect(lambda each: made.append(each.invitation))
        window.desk.members.invite()
        await until(lambda: made, "an invitation")
        async with started(qapp, opened=made[0].as_file()) as colleague:
            box = await seen(QMessageBox)
            assert says(box, "You already belong to")
            press(box, BUTTON, "OK")
        assert colleague.result() == 0
        window.close()
    assert program.result() == 0


@on_qt
async def test_a_link_and_a_name_are_all_it_takes(qapp, office):
    async with office.host() as tom, started(qapp, opened=(await tom.invite()).invitation.link()) as program:
        page = await seen(WelcomePanel)
        assert says(page, "You are invited to “Office”")
        fill(page, "Anna Berg")
        press(page, BUTTON, "Continue")
        window = await seen(MainWindow)
        assert is_verified("anna.berg", office.engine.engine), "the invitation named it"
        assert who_is_remembered() == ("anna.berg", "Anna Berg", False)
        assert known_engines() == {office.engine.engine: "Office"}
        window.close()
    assert program.result() == 0


@on_qt
async def test_who_asks_sees_the_words_and_is_let_in_once_the_host_agrees(qapp, office):
    async with office.host() as tom, started(qapp) as program:
        page = await seen(WelcomePanel)
        fill(page, "Carl Asking", office.place)
        press(page, BUTTON, "Continue")
        await until(lambda: says(page, "“Office” was asked to let you in"))
        assert set(six_words(office.engine.engine)) <= set(names(page, TEXT))
        assert says(page, "Its host sees you as Carl Asking (carl.asking).")
        assert not is_there(page, "Your name")
        await tom.approve(await request(tom, "carl.asking"))
        window = await seen(MainWindow)
        assert not shown(WelcomePanel)
        assert who_is_remembered() == ("carl.asking", "Carl Asking", False)
        assert (is_verified("carl.asking", office.engine.engine), joining()) == (False, None)
        window.close()
    assert program.result() == 0


@on_qt
async def test_who_stops_while_asking_goes_on_asking_at_the_next_start(qapp, office):
    async with office.host() as tom:
        async with started(qapp):
            page = await seen(WelcomePanel)
            fill(page, "Dora Patient", office.place)
            press(page, BUTTON, "Continue")
            await until(lambda: says(page, "was asked to let you in"))
            page.close()
        assert remembered() is None
        async with started(qapp):
            page = await seen(WelcomePanel)
            await until(lambda: says(page, "was asked to let you in"))
            await tom.approve(await request(tom, "dora.patient"))
            (await seen(MainWindow)).close()
        assert who_is_remembered() == ("dora.patient", "Dora Patient", False)


@on_qt
async def test_who_gives_up_or_is_declined_is_back_at_the_page_as_it_was(qapp, office):
    async with office.host() as tom, started(qapp) as program:
        page = await seen(WelcomePanel)
        fill(page, "Eve Nobody", office.place)
        press(page, BUTTON, "Continue")
        await until(lambda: says(page, "was asked to let you in"))
        press(page, BUTTON, "Cancel")
        await until(lambda: "Continue" in names(page, BUTTON))
        assert (line(page, "Your name").text(), joining()) == ("Eve Nobody", None)
        press(page, BUTTON, "Continue")
        await until(lambda: says(page, "was asked to let you in"))
        await tom.decline(await request(tom, "eve.nobody"))
        await until(lambda: says(page, "has not let you in"))
        assert joining() is None
        page.close()
    assert program.result() == 0


@on_qt
async def test_an_invitation_lets_in_who_was_asking(qapp, office):
    async with office.host() as tom, started(qapp):
        page = await seen(WelcomePanel)
        fill(page, "Finn Asking", office.place)
        press(page, BUTTON, "Continue")
        await until(lambda: says(page, "was asked to let you in"))
        async with started(qapp, opened=(await tom.invite()).invitation.link()) as second:
            await until(second.done)
        await until(lambda: says(page, "You are invited to “Office”") and "Continue" in names(page, BUTTON))
        press(page, BUTTON, "Continue")
        (await seen(MainWindow)).close()
    assert who_is_remembered() == ("finn.asking", "Finn Asking", False)


@on_qt
async def test_another_computer_of_ones_own_needs_no_name_and_keeps_it(qapp, office):
    async with office.host() as tom:
        link = (await tom.link_device()).invitation.link()
        async with started(qapp, opened=link):
            page = await seen(WelcomePanel)
            assert says(page, "Adds this computer to tom in “Office”")
            assert not is_there(page, "Your name")
            press(page, BUTTON, "Continue")
            window = await seen(MainWindow)
            await until(lambda: window.windowTitle() == "Tact — Tom Host")
            assert who_is_remembered() == ("tom", "", False)
            window.close()
        async with started(qapp, opened=link):
            box = await seen(QMessageBox)
            assert says(box, "This computer already belongs to tom")
            press(box, BUTTON, "OK")
            assert (await seen(MainWindow)).windowTitle() == "Tact — Tom Host"
            shown(MainWindow)[0].close()
        await until(lambda: tom.people["tom"].value("Alias") == "Tom Host")


@on_qt
async def test_a_password_adds_this_computer_too(qapp, office):
    async with office.host() as tom, started(qapp) as program:
        await tom.set_password("correct horse battery")
        page = await seen(WelcomePanel)
        fill(page, "Tom", office.place)
        press(page, BUTTON, "Continue")
        await until(lambda: says(page, "belongs to another device"))
        press(page, BUTTON, words.ME_BY_PASSWORD)
        QTest.keyClicks(line(page, "Password"), "wrong")
        press(page, BUTTON, "Continue")
        await until(lambda: says(page, "Name or password is wrong"))
        assert line(page, "Password").property("invalid")
        write(page, "Password", "correct horse battery")
        press(page, BUTTON, "Continue")
        window = await seen(MainWindow)
        await until(lambda: window.windowTitle() == "Tact — Tom Host")
        window.close()
    assert program.result() == 0


@on_qt
async def test_an_invitation_for_another_engine_is_asked_about_and_leads_to_a_window_of_its_own(
    qapp, office, tmp_path
):
    async with office.host() as tom, started(qapp, opened=(await tom.invite()).invitation.link()):
        page = await seen(WelcomePanel)
        fill(page, "Gina Two")
        press(page, BUTTON, "Continue")
        first = await seen(MainWindow)
        lab = Office(tmp_path)
        try:
            async with lab.host() as other:
                link = (await other.invite()).invitation.link()
                for answer in ("Cancel", words.JOIN_THERE):
                    async with started(qapp, opened=link):
                        pass  # a second start hands it over
                    box = await seen(QMessageBox)
                    assert says(box, "This window belongs to “Office”. The invitation is for “Office”.")
                    assert first.isVisible()
                    press(box, BUTTON, answer)
                page = await seen(WelcomePanel)
                assert says(page, "You are invited to “Office”")
                fill(page, "Gina Two")
                press(page, BUTTON, "Continue")
                second = await seen(MainWindow)
                seat = remembered()
                assert seat is not None
                assert (seat.handle, seat.engine) == ("gina.two", lab.engine.engine)
                assert seat.place == f"gina.two@{lab.engine.engine[:8]}", "no history is mixed"
                second.close()
        finally:
            lab.engine.clean_up()
    async with started(qapp, profile="gina.two"):
        window = await seen(MainWindow)
        await until(lambda: window.desk.link.up)
        assert window.desk.link.engine_id == office.engine.engine
        window.close()


@on_qt
async def test_where_another_engine_answers_an_invitation_leads_back_with_the_same_history(
    qapp, office, monkeypatch
):
    async def nothing_found(seconds: float, host: str = "") -> tuple[()]:
        del seconds, host
        return ()

    monkeypatch.setattr(discovery, "find", nothing_found)
    before = Address(office.engine.host, office.engine.port, "f" * 64)
    Engines(profile_folder("hans") / "engines.json").remember(before)
    remember(Seat("hans", "Hans", engine=before.engine, engine_name="Office"))
    async with office.host() as tom:
        link = (await tom.invite()).invitation.link()
        async with started(qapp, opened=link) as program:
            box = await seen(QMessageBox)
            assert says(box, "You are invited to “Office”")
            stopped = shown(MainWindow)[0]
            assert stopped.desk.link.code == "changed_key"
            press(box, BUTTON, words.USE_IT)
            await until(lambda: shown(MainWindow) not in ([], [stopped]), "another window")
            (window,) = shown(MainWindow)
            await until(lambda: window.desk.link.up)
            await until(lambda: known_engines() == {office.engine.engine: "Office"})
            assert who_is_remembered() == ("hans", "Hans", False)
            assert is_verified("hans", office.engine.engine)
            window.close()
        assert program.result() == 0
