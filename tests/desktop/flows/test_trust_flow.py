"""Whether it is the right engine: compared, another one, or taken at its word."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QWidget
from websockets.asyncio.server import ServerConnection

from tact_desktop.bridge import Bridge, Connected, Invitation
from tact_desktop.local.errors import LocalStoreError
from tact_desktop.local.history import History
from tact_desktop.panels.changed_key import ChangedKeyPage
from tact_desktop.panels.help import HelpPanel
from tact_desktop.panels.trust import ConnectionPage
from tact_desktop.state import wording_help
from tact_desktop.state import wording_trust as words
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage
from tact_desktop.state.trust import Standing
from tact_engine.accounts.device import DeviceKey
from tact_engine.accounts.words import six_words
from tact_engine.client import ChangedKey, State
from tact_engine.client.connection import Proof, dial
from tests.support.by_role import Role, names, press, unnamed, widget
from tests.support.heard import heard
from tests.support.other_servers import websocket_server
from tests.support.paper_seat import PaperSeat, paper_seat

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # there is no screen
TEXT, BUTTON, BOX, FIELD = Role.StaticText, Role.Button, Role.CheckBox, Role.EditableText
ANOTHER = "Another engine answered at 10.0.0.7:8228 than the one this computer knows."
INVITATION = Invitation("f" * 64, "Office", "10.0.0.7", 8228, bytes(16))
ENGINE = Connected("tom", "e" * 64, "Office", "10.0.0.7", 8228, 0, False, False)


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom, at an engine on another computer that he joined without an invitation."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary")
        seat.bridge.connected.emit(ENGINE)
        seat.window.resize(1240, 760)
        seat.window.flow.open("mary")
        seat.window.show()
        yield seat


def stop(seat: PaperSeat) -> QWidget:
    """Another engine answers."""
    seat.lose(ANOTHER, "changed_key", again=False)
    (page,) = seat.window.findChildren(ChangedKeyPage)
    return page


def paste(page: QWidget, text: str) -> None:
    widget(page, FIELD, words.INVITATION, QLineEdit).setText(text)
    press(page, BUTTON, words.GO_ON)


def menus(seat: PaperSeat) -> list[str]:
    return [
        action.text().replace("&", "") for action in seat.window.menuBar().actions() if action.isVisible()
    ]


def choose(seat: PaperSeat, menu: str, entry: str) -> None:
    bar = next(each for each in seat.window.menuBar().actions() if each.text().replace("&", "") == menu)
    found = bar.menu()
    assert isinstance(found, QMenu)
    next(each for each in found.actions() if each.text().replace("&", "") == entry).trigger()


# --- comparing ---------------------------------------------------------------------------------------------------


def test_the_mark_leads_to_the_words_and_goes_once_they_were_compared(seat, monkeypatch):
    compared = []
    monkeypatch.setattr(seat.desk.members, "verify", lambda: compared.append(True))
    press(seat.window, BUTTON, words.NOT_COMPARED)
    (page,) = seat.window.findChildren(ConnectionPage)
    assert page.isVisible()
    assert [text for text in names(page, TEXT) if text in six_words("e" * 64)] == list(six_words("e" * 64))
    assert "Engine “Office” at 10.0.0.7:8228" in names(page, TEXT)
    press(page, BUTTON, words.THE_SAME)
    assert compared == [True]
    assert words.STANDING[Standing.KNOWN] in names(page, TEXT)
    assert words.NOT_COMPARED not in names(seat.window, BUTTON)


def test_who_hears_other_words_leaves(seat):
    wanted = heard(seat.window.start_anew_requested)
    press(seat.window, BUTTON, words.NOT_COMPARED)
    (page,) = seat.window.findChildren(ConnectionPage)
    press(page, BUTTON, words.DIFFERENT)
    press(page, BUTTON, words.LEAVE)
    assert seat.bridge.intents("sign_out") == [()]
    assert wanted == [()]


def test_the_host_finds_the_same_words_in_the_menu(seat):
    seat.bridge.connected.emit(replace(ENGINE, is_host=True, verified=True))
    choose(seat, "Help", "Connection")
    choose(seat, "Help", "Connection")
    (page,) = seat.window.findChildren(ConnectionPage)
    assert {*six_words("e" * 64), words.READ_ALOUD} <= {*names(page, TEXT)}
    assert names(page, BUTTON) == [words.CLOSE]


def test_an_engine_of_this_computer_is_named_so(seat):
    seat.meet("mary")
    choose(seat, "Help", "Connection")
    (page,) = seat.window.findChildren(ConnectionPage)
    assert {"Engine “Office” on this computer", words.STANDING[Standing.HERE]} <= {*names(page, TEXT)}
    assert not any("127.0.0.1" in text for text in names(page, TEXT)), (
        "that leads a colleague to their own computer"
    )


def test_where_the_key_is_is_said_where_no_keyring_has_it(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(Bridge, "key_file", "/home/anna/device.key")
    with paper_seat(tmp_path, "anna") as seat:
        choose(seat, "Help", "Connection")
        (page,) = seat.window.findChildren(ConnectionPage)
        assert words.STANDING[Standing.NOBODY] in names(page, TEXT)
        assert words.key_in_file("/home/anna/device.key") in names(page, TEXT)


def test_the_menu_says_who_can_read_what(seat):
    choose(seat, "Help", "Is it safe?")
    choose(seat, "Help", "Is it safe?")
    (page,) = seat.window.findChildren(HelpPanel)
    assert page.isVisible()
    assert {heading for heading, _ in wording_help.SAFETY} <= {*names(page, TEXT)}


# --- another engine ------------------------------------------------------------------------------------------------


def test_another_engine_takes_the_place_of_the_whole_window(seat):
    page = stop(seat)
    assert page.isVisible()
    assert not seat.window.conversation.isVisible()
    assert ANOTHER in names(page, TEXT)
    assert {text for text in names(seat.window, BUTTON) if text} == {words.GO_ON, words.READ_HERE, words.QUIT}
    assert menus(seat) == ["File", "Help"]
    assert unnamed(seat.window) == []


def test_no_key_leads_past_the_page(seat, qtbot):
    seat.window.activateWindow()
    qtbot.waitUntil(seat.window.isActiveWindow)
    page = stop(seat)
    none, control, shift = (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.ShiftModifier,
    )
    asked = len(seat.bridge.asked)
    for key, keys in (
        (Qt.Key.Key_Escape, none),
        (Qt.Key.Key_F6, none),
        (Qt.Key.Key_K, control),
        (Qt.Key.Key_J, control),
        (Qt.Key.Key_W, control | shift),
        (Qt.Key.Key_Comma, control),
        (Qt.Key.Key_Return, none),
    ):
        QTest.keyClick(seat.window.focusWidget() or seat.window, key, keys)
    assert page.isVisible()
    assert not seat.window.waiting.isVisible()
    assert len(seat.bridge.asked) == asked


def test_one_may_read_what_is_here_and_come_back(seat):
    seat.receive("Good morning")
    page = stop(seat)
    press(page, BUTTON, words.READ_HERE)
    assert not page.isVisible()
    assert seat.window.conversation.isVisible()
    assert not seat.window.composer.isVisible()
    assert not seat.window.presence_bar.isEnabled()
    assert words.READING_ONLY in names(seat.window.conversation, TEXT)
    assert "Start anew…" not in names(seat.window, BUTTON)
    assert menus(seat) == ["File", "Help"]
    press(seat.window, BUTTON, words.BACK_TO_STOP)
    assert page.isVisible()


def test_a_narrow_window_hides_what_waits_as_well(qtbot, tmp_path):
    with paper_seat(tmp_path, "anna") as seat:
        seat.meet("mary")
        seat.window.resize(683, 720)
        seat.window.show()
        seat.window.show_waiting(True)
        assert seat.window.waiting.isVisible()
        stop(seat)
        assert not seat.window.waiting.isVisible()


def test_the_right_engine_gives_the_window_back(seat):
    page = stop(seat)
    seat.bridge.connected.emit(ENGINE)
    assert not page.isVisible()
    assert seat.window.composer.isVisible()
    assert seat.window.presence_bar.isEnabled()
    assert seat.window.waiting.isVisible()
    assert menus(seat) == ["File", "Conversation", "Presence", "View", "Help"]


def test_one_quits(seat):
    closing = heard(seat.window.closing)
    press(stop(seat), BUTTON, words.QUIT)
    assert closing == [()]


async def test_it_was_told_nothing_as_the_page_says(tmp_path):
    told: list[str | bytes] = []

    async def listen(connection: ServerConnection) -> None:
        assert connection.request is not None
        told.append(f"{connection.request.path}\n{connection.request.headers}")
        told.extend([frame async for frame in connection])

    proof = Proof("tom.smith", DeviceKey.kept_at(tmp_path / "device.key"), computer="pc-tom")
    async with websocket_server(tmp_path / "another", listen) as place:
        with pytest.raises(ChangedKey):
            await dial(replace(place, engine="e" * 64), proof, {"Alias": "Tom Smith"}, {})
    assert len(told) == 1, "nothing after the handshake"
    assert not re.search("tom|smith|alias", str(told[0]), re.IGNORECASE)


# --- an invitation -------------------------------------------------------------------------------------------------


def test_only_an_invitation_leads_on(seat):
    invited = heard(seat.window.invited)
    page = stop(seat)
    paste(page, "pc-anna:8228")
    assert any(text.startswith("This is not an invitation") for text in names(page, TEXT))
    assert invited == []
    paste(page, INVITATION.as_file())
    assert invited == [(INVITATION,)]


def test_an_invitation_for_somebody_else_does_not(seat):
    invited = heard(seat.window.invited)
    page = stop(seat)
    paste(page, replace(INVITATION, handle="mary").link())
    assert invited == []
    assert words.for_somebody_else("mary", "tom") in names(page, TEXT)
    paste(page, replace(INVITATION, handle="tom").link())
    assert len(invited) == 1


def unsent(seat: PaperSeat) -> str:
    """A message that no engine has."""
    seat.lose()
    return seat.desk.send("mary", Draft("The roadmap")).id


def test_what_no_engine_has_goes_to_the_new_one_only_where_one_says_so(seat):
    id = unsent(seat)
    page = stop(seat)
    paste(page, INVITATION.link())
    entry = seat.history.entry(id)
    assert entry is not None
    assert (entry.stage, entry.text, entry.problem) == (
        Stage.FAILED,
        "The roadmap",
        words.WRITTEN_FOR_ANOTHER,
    )
    assert seat.history.unsent() == []


def test_it_goes_where_one_does(seat):
    id = unsent(seat)
    page = stop(seat)
    widget(page, BOX, "Hand over 1 message that was not sent yet", QCheckBox).click()
    paste(page, INVITATION.link())
    assert [entry.id for entry in seat.history.unsent()] == [id]


def test_what_waits_at_the_engine_that_was_known_stays_there(seat):
    id = seat.desk.send("mary", Draft("The roadmap", Preset.AVAILABLE)).id
    seat.settle(id, State.HELD)
    page = stop(seat)
    assert names(page, BOX) == []
    assert any(
        text.startswith("1 message of yours waits at the engine you knew") for text in names(page, TEXT)
    )
    paste(page, INVITATION.link())
    assert seat.stage(id) is Stage.HELD


def changed(seat: PaperSeat) -> str:
    """A message that waits, with a change that no engine has."""
    id = seat.desk.send("mary", Draft("The roadmap", Preset.AVAILABLE)).id
    seat.settle(id, State.HELD)
    seat.lose()
    seat.desk.edit(id, Draft("The secret roadmap", Preset.AVAILABLE))
    return id


def test_a_change_that_no_engine_has_is_a_draft_again(seat):
    changed(seat)
    paste(stop(seat), INVITATION.link())
    assert seat.window.composer.draft().text == "The secret roadmap"
    seat.reopen()
    seat.desk.ask_again()
    assert seat.bridge.intents("edit") == []
    assert seat.history.draft(seat.desk.conversation_with("mary")).text == "The secret roadmap"


def test_what_cannot_be_kept_stops_it(seat, monkeypatch):
    invited = heard(seat.window.invited)
    changed(seat)
    page = stop(seat)

    def full(*_: Any) -> None:
        raise LocalStoreError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(History, "set_draft", full)
        paste(page, INVITATION.link())
    assert invited == []
    assert words.NOT_KEPT in names(page, TEXT)
    paste(page, INVITATION.link())
    assert invited == [(INVITATION,)]
