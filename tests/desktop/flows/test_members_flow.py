"""Looking after the office: what is asked of the engine, when, and what becomes of the answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QWidget

from tact_desktop.bridge import Connected
from tact_desktop.bridge_members import MembersBridge
from tact_desktop.panels.devices import DevicesPanel
from tact_desktop.panels.invitation import InvitationPanel
from tact_desktop.panels.members import MembersPanel, Section
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.widgets.removal_question import RemovalQuestion
from tact_engine.accounts.invitation import Invitation
from tact_engine.accounts.words import six_words
from tact_engine.client.membership import Made
from tact_engine.core.envelope import State
from tact_engine.core.members import (
    Device,
    Health,
    JoinRequest,
    Member,
    OpenInvitation,
    Overview,
    Purpose,
    Role,
    hash_of,
    id_of,
)
from tests.support.by_role import Role as Kind
from tests.support.by_role import names, press, widget
from tests.support.paper_members import noted
from tests.support.paper_seat import NOWHERE, PaperSeat, person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # there is no screen
W = TypeVar("W", bound=QWidget)
TEXT, BUTTON, TAB, RADIO = Kind.StaticText, Kind.Button, Kind.PageTab, Kind.RadioButton
DEVICES = (Device("d1", 0, 0, "TOM-PC"), Device("d2", 0, 0, "laptop"))
TOM = Member("tom", Role.HOST, 0, DEVICES)
MARY = Member("mary", Role.MEMBER, 0, (), "tom")
ZOE = Member("zoe", Role.MEMBER, 0, (), removed_at=1)
OPEN = OpenInvitation("i1", Purpose.MEMBER, "tom", 0, 2**40)
HEALTH = Health("0.1.0", 0, 2, 2, 0, 0, 100, 5000, False)
LOST = Overview(
    (TOM, Member("mary", Role.MEMBER, 0, (Device("m1", 0, 0, "MARY-PC"), Device("m2", 0, 0, "phone"))))
)
OFFICE = Overview((TOM, MARY, ZOE), (OPEN,), health=HEALTH)
EVE = JoinRequest("eve", "x1", 0, "Eve Adams", "PC", "10.0.0.9")
BEN = JoinRequest("ben", "x2", 0)


class Host(PaperSeat):
    """A seat whose person may look after the others; `members_asked` is what was asked about them."""

    members_asked: list[tuple[Any, ...]]

    def connect_as(self, is_host: bool) -> None:
        """Signed in, with Mary and John."""
        self.bridge.up = True
        self.bridge.connected.emit(
            Connected(self.handle, "e" * 64, "Office", "127.0.0.1", 8228, 0, is_host, True)
        )
        self.bridge.people.emit(tuple(person(each) for each in (self.handle, "mary", "john")))

    def answer(self, overview: Overview = OFFICE) -> None:
        """The engine says who belongs to it."""
        self.bridge.members.overview.emit(overview)
        self.bridge.members.done.emit("look_over")

    def did(self, intent: str) -> list[tuple[Any, ...]]:
        """What was asked under `intent`."""
        return [tuple(rest) for name, *rest in self.members_asked if name == intent]


@pytest.fixture
def seat(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """Tom, who is host and sits at the device d1."""
    monkeypatch.setattr(MembersBridge, "device", "d1", raising=False)
    made = Host(tmp_path / "tom", "tom", "Tom", NOWHERE)
    made.members_asked = noted(made.bridge.members)
    made.connect_as(is_host=True)
    made.window.resize(1240, 760)
    made.window.show()
    yield made
    made.close()


def chosen_from_menu(seat: PaperSeat, text: str) -> None:
    for bar in seat.window.menuBar().actions():
        menu = bar.menu()
        assert isinstance(menu, QMenu)
        for action in menu.actions():
            if action.text() == text:
                action.trigger()


def opened(seat: Host, section: Section = Section.YOU, overview: Overview = OFFICE) -> MembersPanel:
    """The page, opened from the menu, with the answer of the engine."""
    chosen_from_menu(seat, "&Members and devices…")
    seat.answer(overview)
    (page,) = seat.window.findChildren(MembersPanel)
    page.bring_up(section)
    return page


def strip(seat: PaperSeat) -> list[str]:
    """What stands above everything."""
    shown = seat.window.requests
    return [said for said in names(shown, TEXT) if said] if shown.isVisible() else []


def shown_one(seat: PaperSeat, kind: type[W]) -> W:
    """The one window of that kind in sight."""
    (shown,) = (each for each in seat.window.findChildren(kind) if each.isVisible())
    return shown


def question(seat: PaperSeat, kind: type[QDialog]) -> QWidget:
    (shown,) = (each for each in seat.window.findChildren(kind) if each.isVisible())
    return shown


def test_the_page_asks_when_it_is_opened_and_shows_the_answer(seat):
    assert seat.members_asked == [], "nobody looks"
    chosen_from_menu(seat, "&Members and devices…")
    (page,) = seat.window.findChildren(MembersPanel)
    assert seat.members_asked == [("look_over",)]
    assert "Asking the engine…" in names(page, TEXT)
    seat.answer()
    assert "Asking the engine…" not in names(page, TEXT)
    assert {"TOM-PC", "this computer", "laptop"} <= set(names(page, TEXT))
    page.bring_up(Section.PEOPLE)
    assert {"Mary", "mary"} <= set(names(page, TEXT))


def test_a_member_is_shown_nothing_of_others(seat):
    seat.connect_as(is_host=False)
    page = opened(seat, overview=Overview((TOM,)))
    assert names(page, TAB) == []


def test_after_each_deed_it_is_looked_over_again(seat):
    page = opened(seat, Section.INVITATIONS)
    press(page, BUTTON, "Revoke A new colleague")
    assert seat.did("revoke") == [("i1",)]
    assert "One moment…" in names(page, TEXT)
    before = len(seat.did("look_over"))
    seat.bridge.members.done.emit("revoke")
    assert len(seat.did("look_over")) == before + 1
    assert "Done" in names(page, TEXT)
    seat.answer(Overview((TOM,), health=HEALTH))
    assert "No invitation is open." in names(page, TEXT)
    assert len(seat.did("look_over")) == before + 1, "an answer asks for nothing"


def test_what_is_refused_is_said_where_it_was_asked(seat):
    page = opened(seat, Section.INVITATIONS)
    press(page, BUTTON, "Revoke A new colleague")
    seat.bridge.members.refused.emit("revoke", "unknown_invitation", "There is no such invitation.")
    assert "There is no such invitation." in names(page, TEXT)
    assert "One moment…" not in names(page, TEXT)


def test_a_closed_page_asks_for_nothing(seat):
    page = opened(seat)
    page.close()
    before = len(seat.members_asked)
    seat.bridge.members.requests.emit((EVE,))
    seat.bridge.members.done.emit("revoke")
    assert len(seat.members_asked) == before


def test_while_the_engine_is_away_what_was_known_stays_and_it_is_asked_once_it_is_back(seat):
    page = opened(seat)
    seat.lose()
    assert "TOM-PC" in names(page, TEXT)
    assert any(said.startswith("The engine is away") for said in names(page, TEXT))
    before = len(seat.did("look_over"))
    seat.connect_as(is_host=True)
    assert len(seat.did("look_over")) == before + 1
    assert not any(said.startswith("The engine is away") for said in names(page, TEXT))


# --- devices and the password -------------------------------------------------------------------------------------


def test_removing_a_device_says_what_is_lost_and_asks(seat):
    page = opened(seat)
    press(page, BUTTON, "Remove… TOM-PC")
    box = question(seat, QMessageBox)
    said = " ".join(names(box, TEXT))
    assert "Remove “TOM-PC” from your devices?" in said
    assert "This computer is signed out at once" in said
    assert "Nothing is lost" in said
    press(box, BUTTON, "Cancel")
    assert seat.did("remove_device") == []
    press(page, BUTTON, "Remove… laptop")
    assert "It is signed out at once" in " ".join(names(question(seat, QMessageBox), TEXT))
    press(question(seat, QMessageBox), BUTTON, "Remove device")
    assert seat.did("remove_device") == [("tom", "d2")]


def test_the_only_device_is_said_to_be_the_only_one(seat):
    page = opened(seat, overview=Overview((Member("tom", Role.HOST, 0, DEVICES[:1]),)))
    press(page, BUTTON, "Remove… TOM-PC")
    assert "your only device" in " ".join(names(question(seat, QMessageBox), TEXT))


def test_a_password_is_asked_for_and_the_fields_close_once_the_engine_has_it(seat):
    page = opened(seat)
    press(page, BUTTON, "Set a password…")
    for name in ("New password", "The same again"):
        QTest.keyClicks(widget(page, Kind.EditableText, name), "a good password")
    press(page, BUTTON, "Save password")
    assert seat.did("set_password") == [("a good password",)]
    seat.bridge.members.refused.emit("set_password", "bad_password", "Choose another.")
    assert "Choose another." in names(page, TEXT)
    press(page, BUTTON, "Save password")
    seat.bridge.members.done.emit("set_password")
    assert names(page, Kind.EditableText) == []


def test_a_link_for_a_device_of_ones_own(seat):
    page = opened(seat)
    press(page, BUTTON, "Add a device…")
    assert seat.did("link_device") == [("tom",)]
    assert any(each.isVisible() for each in seat.window.findChildren(InvitationPanel))


# --- people ---------------------------------------------------------------------------------------------------------


def test_removing_somebody_says_what_it_means_and_what_they_sent_goes_on_waiting(seat):
    id = seat.desk.send("mary", Draft("Hello", Preset.ONLINE)).id
    seat.tell(id, State.HELD)
    page = opened(seat, Section.PEOPLE)
    press(page, BUTTON, "Remove… Mary (mary)")
    asked = question(seat, RemovalQuestion)
    said = names(asked, TEXT)
    assert "Remove Mary (mary)?" in said
    assert any("What waits for Mary will fail, 1 of yours among it" in each for each in said)
    press(asked, BUTTON, "Cancel")
    assert seat.did("remove_person") == []
    press(page, BUTTON, "Remove… Mary (mary)")
    press(question(seat, RemovalQuestion), BUTTON, "Remove")
    assert seat.did("remove_person") == [("mary", False)]


def test_what_they_sent_can_be_taken_back(seat):
    page = opened(seat, Section.PEOPLE)
    press(page, BUTTON, "Remove… Mary (mary)")
    asked = question(seat, RemovalQuestion)
    press(asked, RADIO, "Take it back: nobody receives it")
    press(asked, BUTTON, "Remove")
    assert seat.did("remove_person") == [("mary", True)]


def test_enter_removes_nobody_and_escape_cancels(seat):
    page = opened(seat, Section.PEOPLE)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        press(page, BUTTON, "Remove… Mary (mary)")
        asked = question(seat, RemovalQuestion)
        widget(asked, RADIO, "Take it back: nobody receives it").setFocus()
        QTest.keyClick(asked, key)
        assert not asked.isVisible()
    assert seat.did("remove_person") == []


def test_one_leaves_oneself(seat):
    page = opened(seat)
    press(page, BUTTON, "Leave this office…")
    asked = question(seat, RemovalQuestion)
    assert "Leave this office?" in names(asked, TEXT)
    press(asked, BUTTON, "Leave this office")
    assert seat.did("remove_person") == [("tom", False)]


def test_who_was_removed_comes_back_by_a_link(seat):
    page = opened(seat, Section.PEOPLE)
    press(page, BUTTON, "Let back in… zoe")
    assert seat.did("link_device") == [("zoe",)]
    link = shown_one(seat, InvitationPanel)
    assert link.windowTitle() == "Let zoe back in"
    seat.bridge.members.made.emit(Made(Invitation("e" * 64, "Office", "h", 1, b"t" * 16, "zoe"), 2**41))
    assert any(said.startswith("Give this link to zoe. On the computer where") for said in names(link, TEXT))


# --- the devices of somebody else -----------------------------------------------------------------------------------


def devices_of_mary(seat: Host) -> DevicesPanel:
    """The page with her two devices, opened from her row."""
    press(opened(seat, Section.PEOPLE, LOST), BUTTON, "Devices… Mary (mary)")
    return shown_one(seat, DevicesPanel)


def test_a_host_removes_a_device_that_somebody_has_lost(seat):
    page = devices_of_mary(seat)
    assert page.windowTitle() == "Devices of Mary"
    assert {"MARY-PC", "phone"} <= set(names(page, TEXT))
    press(page, BUTTON, "Remove… phone")
    said = " ".join(names(question(seat, QMessageBox), TEXT))
    assert "Remove “phone” from the devices of Mary?" in said
    assert "Messages for Mary come to their other devices." in said
    press(question(seat, QMessageBox), BUTTON, "Cancel")
    assert seat.did("remove_device") == []
    press(page, BUTTON, "Remove… phone")
    press(question(seat, QMessageBox), BUTTON, "Remove device")
    assert seat.did("remove_device") == [("mary", "m2")]
    assert "One moment…" in names(page, TEXT)
    seat.bridge.members.done.emit("remove_device")
    seat.answer(Overview((TOM, replace(LOST.members[1], devices=LOST.members[1].devices[:1]))))
    assert {"MARY-PC", "Done"} <= set(names(page, TEXT))
    assert "phone" not in names(page, TEXT)
    press(page, BUTTON, "Remove… MARY-PC")
    assert "Mary has no other device" in " ".join(names(question(seat, QMessageBox), TEXT))


def test_a_device_that_cannot_be_removed_is_said_where_it_was_wanted(seat):
    page = devices_of_mary(seat)
    seat.bridge.members.refused.emit("remove_device", "unknown_device", "There is no such device.")
    assert "There is no such device." in names(page, TEXT)
    seat.lose()
    assert any(said.startswith("The engine is away") for said in names(page, TEXT))
    assert not widget(page, BUTTON, "Remove… phone").isEnabled()


def test_a_link_for_a_new_device_of_somebody_else(seat):
    press(devices_of_mary(seat), BUTTON, "Link for a new device…")
    assert seat.did("link_device") == [("mary",)]
    assert shown_one(seat, InvitationPanel).windowTitle() == "A new device for Mary"


def test_the_devices_of_whoever_is_removed_are_shown_no_more(seat):
    page = devices_of_mary(seat)
    seat.answer(Overview((TOM, replace(MARY, removed_at=1))))
    assert not page.isVisible()


def test_without_a_device_there_is_still_the_way_to_a_new_one(seat):
    press(opened(seat, Section.PEOPLE), BUTTON, "Devices… Mary (mary)")
    page = shown_one(seat, DevicesPanel)
    assert "No device is left. With a link for a new one they are back." in names(page, TEXT)


# --- what happens while one looks -----------------------------------------------------------------------------------


def test_who_comes_or_goes_is_looked_up_at_once(seat):
    opened(seat, Section.PEOPLE)
    before = len(seat.did("look_over"))
    seat.bridge.people.emit((person("zoe"),))
    assert len(seat.did("look_over")) == before + 1
    seat.bridge.gone.emit(("zoe",))
    assert len(seat.did("look_over")) == before + 2
    seat.bridge.people.emit((person("mary", 2),))
    assert len(seat.did("look_over")) == before + 2, "how somebody is changes nobody's place"


def test_a_page_that_was_left_is_looked_up_when_somebody_is_back(seat):
    page = opened(seat)
    before = len(seat.did("look_over"))
    QApplication.sendEvent(page, QEvent(QEvent.Type.WindowDeactivate))
    assert len(seat.did("look_over")) == before
    for _ in range(2):
        QApplication.sendEvent(page, QEvent(QEvent.Type.WindowActivate))
        assert len(seat.did("look_over")) == before + 1


def test_a_link_that_was_used_meanwhile_makes_place_for_a_new_one(seat):
    chosen_from_menu(seat, "&Invite a colleague…")
    made = Made(Invitation("e" * 64, "Office", "h", 1, b"t" * 16), 2**41)
    seat.bridge.members.made.emit(made)
    token = OpenInvitation(id_of(hash_of(b"t" * 16)), Purpose.MEMBER, "tom", 0, 2**41)
    seat.answer(Overview((TOM,), (token,)))
    page = shown_one(seat, InvitationPanel)
    page.close()
    chosen_from_menu(seat, "&Invite a colleague…")
    assert seat.did("invite") == [()], "it may still be open"
    seat.answer(Overview((TOM,)))
    assert seat.did("invite") == [(), ()]
    seat.bridge.members.made.emit(made)
    seat.answer(Overview((TOM,), (token,)))
    seat.answer(Overview((TOM,)))
    assert seat.did("invite") == [(), ()], "used before one's eyes: one may want no other"
    assert any(said.startswith("This link works no more") for said in names(page, TEXT))


def test_the_six_words_stand_beside_who_asks(seat):
    page = opened(seat, Section.REQUESTS)
    words = "  ".join(six_words("e" * 64))
    assert words not in names(page, TEXT)
    seat.bridge.members.requests.emit((EVE,))
    assert words in names(page, TEXT)


# --- who asks to join -----------------------------------------------------------------------------------------------


def test_who_asks_is_named_above_everything_and_looked_at_on_the_page(seat):
    focused = seat.window.focusWidget()
    seat.bridge.members.requests.emit((EVE,))
    assert strip(seat) == ["Eve Adams (eve) asks to join."]
    assert seat.window.focusWidget() is focused
    press(seat.window.requests, BUTTON, "Look")
    (page,) = seat.window.findChildren(MembersPanel)
    press(page, BUTTON, "Let in Eve Adams (eve)")
    assert seat.did("approve") == [(EVE,)]
    seat.bridge.members.requests.emit(())
    assert strip(seat) == []
    assert "Nobody asks to join." in names(page, TEXT)


def test_who_is_not_wanted_is_declined(seat):
    page = opened(seat)
    seat.bridge.members.requests.emit((EVE, BEN))
    page.bring_up(Section.REQUESTS)
    press(page, BUTTON, "Decline ben")
    assert seat.did("decline") == [(BEN,)]
    assert seat.did("approve") == []


def test_a_strip_that_was_put_away_comes_back_for_somebody_new_alone(seat):
    seat.bridge.members.requests.emit((EVE,))
    press(seat.window.requests, BUTTON, "Dismiss")
    seat.bridge.people.emit((person("mary", 2),))
    assert strip(seat) == []
    seat.lose()
    seat.connect_as(is_host=True)
    seat.bridge.members.requests.emit((EVE,))
    assert strip(seat) == [], "a lost link makes nobody new"
    seat.bridge.members.requests.emit((EVE, BEN))
    assert strip(seat) == ["Eve Adams (eve) and 1 other ask to join."]
    press(seat.window.requests, BUTTON, "Dismiss")
    seat.bridge.members.requests.emit((BEN,))
    assert strip(seat) == []
    seat.bridge.members.requests.emit((BEN, EVE))
    assert strip(seat) == ["ben and 1 other ask to join."], "she asks again"


def test_without_the_engine_nobody_asks(seat):
    seat.bridge.members.requests.emit((EVE,))
    seat.lose()
    assert strip(seat) == []
