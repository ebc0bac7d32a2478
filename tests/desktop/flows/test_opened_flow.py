"""An invitation that is opened while a window is there: what is asked, and that nothing changes unasked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from tact_desktop.bridge import Invitation
from tact_desktop.flows.opened_flow import OpenedFlow
from tact_desktop.settings import Seat, profile_folder
from tact_desktop.state import wording_welcome as words
from tact_engine.accounts.invitation import NOT_AN_INVITATION
from tact_engine.client import Engines
from tests.support.by_role import Role, names, press
from tests.support.heard import heard
from tests.support.paper_seat import NOWHERE, PaperSeat

HERE, LAB = "e" * 64, "1ab" + "0" * 61
BUTTON, TEXT = Role.Button, Role.StaticText


class Opening:
    """Anna's window on paper, and what is opened with it."""

    def __init__(self, folder: Path) -> None:
        self.seat = PaperSeat(folder, "anna", "Anna", NOWHERE)
        self.flow = OpenedFlow(
            self.seat.desk, Seat("anna", "Anna", engine=HERE, engine_name="Office"), self.seat.window
        )
        self.back, self.elsewhere = heard(self.flow.way_back), heard(self.flow.elsewhere)
        self.seat.window.show()

    def open(self, engine: str, handle: str = "") -> Invitation:
        invitation = Invitation(engine, "Lab" if engine == LAB else "Office", "pc", 1, b"t" * 16, handle)
        self.flow.open_text(invitation.link())
        return invitation

    def box(self) -> QMessageBox:
        (found,) = self.seat.window.findChildren(QMessageBox)
        assert isinstance(found, QMessageBox)
        return found


@pytest.fixture
def opening(qapp, tmp_path) -> Iterator[Opening]:
    made = Opening(tmp_path)
    yield made
    made.seat.close()


def test_it_waits_until_the_engine_has_answered(opening):
    opening.open(HERE)
    assert not opening.seat.window.findChildren(QMessageBox)
    opening.seat.meet()
    assert opening.box().text() == words.belongs_already("Office")
    opening.box().accept()
    assert (opening.back, opening.elsewhere) == ([], [])


def test_or_until_it_is_known_to_be_away(opening):
    opening.open(HERE, "anna")
    opening.seat.lose()
    assert opening.box().text() == words.is_this_computer("anna", "Office")


def test_what_is_no_invitation_is_said(opening):
    opening.seat.meet()
    opening.flow.open_text("tact://join?no")
    assert opening.box().text() == NOT_AN_INVITATION


@pytest.mark.parametrize(("answer", "goes"), [(words.JOIN_THERE, True), ("Cancel", False)])
def test_for_another_engine_one_joins_anew_or_not_at_all(opening, answer, goes):
    opening.seat.meet()
    invitation = opening.open(LAB)
    assert opening.box().text() == words.is_for_another("Office", "Lab", "")
    assert any("tact --profile anna" in text for text in names(opening.box(), TEXT))
    press(opening.box(), BUTTON, answer)
    assert opening.elsewhere == ([(invitation.link(),)] if goes else [])
    assert opening.back == []


@pytest.mark.parametrize(("answer", "goes"), [(words.USE_IT, True), ("Cancel", False)])
def test_who_was_removed_comes_back_by_a_link_for_them(opening, answer, goes):
    opening.seat.lose("You were removed.", "removed", again=False)
    invitation = opening.open(HERE, "anna")
    press(opening.box(), BUTTON, answer)
    assert opening.back == ([(invitation,)] if goes else [])


def test_where_another_engine_answers_the_page_about_that_is_asked(opening):
    invited = heard(opening.seat.window.invited)
    opening.seat.lose("Another engine answered.", "changed_key", again=False)
    invitation = opening.open(LAB)
    press(opening.box(), BUTTON, words.USE_IT)
    assert invited == [(invitation,)]
    assert opening.back == []


def test_an_engine_of_an_earlier_version_is_known_by_what_it_left(qapp, tmp_path):
    Engines(profile_folder("anna") / "engines.json").remember(type(NOWHERE)("pc", 1, HERE))
    opening = Opening(tmp_path)
    opening.flow = OpenedFlow(opening.seat.desk, Seat("anna", "Anna"), opening.seat.window)
    opening.seat.lose()
    opening.open(HERE)
    assert opening.box().text() == words.belongs_already("Tact")
    opening.seat.close()
