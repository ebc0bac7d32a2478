"""A link to give away: asked for once, shown until it was used, saved for nobody else to read."""

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from tact_desktop.flows.invitation_flow import InvitationFlow
from tact_desktop.panels.invitation import InvitationPanel
from tact_engine.accounts.invitation import Invitation
from tact_engine.client.membership import Made
from tact_engine.core.members import OpenInvitation, Overview, Purpose, hash_of, id_of
from tests.support.by_role import Role, names, press, widget
from tests.support.paper_members import noted
from tests.support.paper_seat import PaperSeat, paper_seat

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # there is no screen
TEXT, BUTTON, EDIT = Role.StaticText, Role.Button, Role.EditableText
HOUR = 3_600_000


class Inviting:
    """Tom at his window, and what his window asked about members."""

    def __init__(self, seat: PaperSeat) -> None:
        self.seat = seat
        self.asked: list[tuple[Any, ...]] = noted(seat.bridge.members)
        seat.meet("mary")
        seat.window.resize(1240, 760)
        seat.window.show()

    @property
    def page(self) -> InvitationPanel:
        (shown,) = (each for each in self.seat.window.findChildren(InvitationPanel) if each.isVisible())
        return shown

    def made(self, token: bytes = b"t" * 16, handle: str = "") -> Made:
        """The engine has made a link."""
        invitation = Invitation("e" * 64, "Office", "10.0.0.5", 8228, token, handle)
        made = Made(invitation, self.seat.clock.ms + HOUR)
        self.seat.bridge.members.made.emit(made)
        self.seat.bridge.members.done.emit("link_device" if handle else "invite")
        return made

    def overview(self, *tokens: bytes) -> None:
        """The engine says which invitations are open."""
        now = self.seat.clock.ms
        opened = (
            OpenInvitation(id_of(hash_of(each)), Purpose.MEMBER, "tom", now, now + HOUR) for each in tokens
        )
        self.seat.bridge.members.overview.emit(Overview(invitations=tuple(opened)))

    def link(self) -> str:
        """The link on the page, "" where there is none."""
        if "Link" not in names(self.page, EDIT):
            return ""
        return widget(self.page, EDIT, "Link", QLineEdit).text()

    def count(self, intent: str) -> int:
        return sum(each[0] == intent for each in self.asked)


@pytest.fixture
def tom(qtbot, tmp_path: Path) -> Iterator[Inviting]:
    with paper_seat(tmp_path) as seat:
        yield Inviting(seat)


def test_a_link_is_asked_for_and_shown(tom):
    press(tom.seat.window.people, BUTTON, "Invite a colleague")
    assert tom.count("invite") == 1
    assert "Making a link…" in names(tom.page, TEXT)
    made = tom.made()
    assert tom.link() == made.invitation.link()
    assert any(said.startswith("Give this link to one colleague.") for said in names(tom.page, TEXT))


def test_an_empty_office_leads_there_too(tom):
    tom.seat.window.people.show_people(())
    press(tom.seat.window.people, BUTTON, "Invite a colleague…")
    assert tom.count("invite") == 1


def test_a_link_that_is_open_is_shown_again_and_none_is_made_in_vain(tom):
    tom.seat.window.members_flow.invite()
    made = tom.made()
    tom.page.close()
    tom.seat.window.members_flow.invite()
    assert (tom.count("invite"), tom.link()) == (1, made.invitation.link())
    press(tom.page, BUTTON, "Make another link")
    assert (tom.count("invite"), tom.link()) == (2, "")


def test_a_link_that_was_used_is_shown_no_more(tom):
    tom.seat.window.members_flow.invite()
    tom.made()
    tom.overview(b"o" * 16)
    assert tom.link(), "this overview may be older than the link"
    tom.overview(b"t" * 16)
    assert tom.link()
    assert "A new colleague" in names(tom.page, TEXT)
    tom.overview()
    assert tom.link() == ""
    assert any(said.startswith("This link works no more") for said in names(tom.page, TEXT))
    press(tom.page, BUTTON, "Make a new link")
    assert tom.count("invite") == 2


def test_a_link_whose_time_is_over_is_shown_no_more(tom):
    tom.seat.window.members_flow.invite()
    tom.made()
    tom.seat.clock.ms += HOUR
    tom.seat.window.members_flow.refresh()
    assert tom.link() == ""


def test_a_refusal_stands_in_place_of_the_link(tom):
    tom.seat.window.members_flow.invite()
    tom.seat.bridge.members.refused.emit("invite", "too_many_invitations", "10 of your invitations are open.")
    assert "10 of your invitations are open." in names(tom.page, TEXT)
    press(tom.page, BUTTON, "Make a new link")
    assert tom.count("invite") == 2


def test_without_the_engine_no_link_is_made(tom):
    tom.seat.lose()
    tom.seat.window.members_flow.invite()
    assert tom.asked == []
    assert "The engine is away: a link can be made once it is back." in names(tom.page, TEXT)
    assert not widget(tom.page, BUTTON, "Make a new link").isEnabled()
    tom.seat.meet("mary")
    press(tom.page, BUTTON, "Make a new link")
    assert tom.count("invite") == 1


def test_a_lost_question_can_be_asked_again(tom):
    tom.seat.window.members_flow.invite()
    tom.seat.lose()
    tom.seat.bridge.members.refused.emit("invite", "", "The link was lost.")
    tom.seat.meet("mary")
    press(tom.page, BUTTON, "Make a new link")
    assert tom.count("invite") == 2


def test_an_open_invitation_is_revoked_there(tom):
    tom.seat.window.members_flow.invite()
    tom.overview(b"o" * 16)
    press(tom.page, BUTTON, "Revoke A new colleague")
    assert tom.asked[-1] == ("revoke", id_of(hash_of(b"o" * 16)))


@pytest.fixture
def devices(tom) -> InvitationFlow:
    """Links for devices."""
    return tom.seat.window.members_flow.device_link


def test_a_link_for_a_device_says_whose_it_is(tom, devices):
    devices.open("mary")
    tom.made(handle="mary")
    assert "A new device for Mary" in names(tom.page, TEXT)
    assert any(said.startswith("Give this link to Mary") for said in names(tom.page, TEXT))
    tom.page.close()
    devices.open("tom")
    assert tom.link() == "", "the link was for Mary"
    tom.made(b"u" * 16, "tom")
    assert any(said.startswith("Open this link on your other computer.") for said in names(tom.page, TEXT))


def test_a_link_for_somebody_else_than_is_shown_by_now_is_not_shown(tom, devices):
    devices.open("mary")
    devices.open("tom")
    tom.made(handle="mary")
    assert tom.link() == ""
    assert tom.made(b"u" * 16, "tom").invitation.link() == tom.link()


def test_a_file_is_for_nobody_else_to_read(tom, tmp_path):
    tom.seat.window.members_flow.invite()
    made = tom.made()
    path = tmp_path / "Office.tact"
    tom.page.save_wanted.emit(str(path))
    assert path.read_text(encoding="utf-8") == made.invitation.as_file()
    assert Invitation.parsed(path.read_text(encoding="utf-8")) == made.invitation
    assert "Saved. Give the file to nobody else." in names(tom.page, TEXT)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_saved_is_said(tom, tmp_path):
    tom.seat.window.members_flow.invite()
    tom.made()
    tom.page.save_wanted.emit(str(tmp_path / "no such folder" / "Office.tact"))
    assert "The file could not be saved there. Choose another place." in names(tom.page, TEXT)


def test_a_link_that_is_over_by_then_is_not_saved(tom, tmp_path):
    tom.seat.window.members_flow.invite()
    tom.page.save_wanted.emit(str(tmp_path / "Office.tact"))
    assert not (tmp_path / "Office.tact").exists()
