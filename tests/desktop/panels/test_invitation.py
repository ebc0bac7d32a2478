"""The page with a link to give away."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from tact_desktop.panels.invitation import InvitationPanel
from tact_desktop.state.members import Item
from tact_desktop.state.wording_members import Deed
from tests.support.by_role import Role, names, press, unnamed, widget
from tests.support.heard import heard

TEXT, BUTTON, EDIT = Role.StaticText, Role.Button, Role.EditableText
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LINK = "tact://join?engine=ee&token=tt"
OPEN = Item("i1", "A new colleague", ("Made today",), (Deed.REVOKE,))


@pytest.fixture
def page(qtbot) -> InvitationPanel:
    made = InvitationPanel()
    qtbot.addWidget(made)
    made.show_title("Invite a colleague")
    made.show_link("Give this link to one colleague.", LINK, "Office.tact")
    made.show_open((OPEN,), enabled=True)
    made.bring_up()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_the_link_can_be_selected_and_copied_and_not_changed(page):
    field = widget(page, EDIT, "Link", QLineEdit)
    assert (field.text(), field.isReadOnly(), field.cursorPosition()) == (LINK, True, 0)
    press(page, BUTTON, "Copy")
    assert QApplication.clipboard().text() == LINK
    assert field.selectedText() == LINK
    assert "Copied." in names(page, TEXT)


def test_a_file_is_asked_for_without_stopping_the_window(page, tmp_path: Path):
    wanted = heard(page.save_wanted)
    press(page, BUTTON, "Save as file…")
    (asking,) = page.findChildren(QFileDialog)
    assert Path(asking.selectedFiles()[0]).name == "Office.tact"
    assert asking.defaultSuffix() == "tact"
    asking.fileSelected.emit(str(tmp_path / "Office.tact"))
    asking.close()
    assert wanted == [(str(tmp_path / "Office.tact"),)]


def test_open_invitations_are_listed_and_can_be_revoked(page):
    revoked = heard(page.revoked)
    press(page, BUTTON, "Revoke A new colleague")
    assert revoked == [("i1",)]
    page.show_open((), enabled=False)
    assert "None of your invitations is open." in names(page, TEXT)
    assert not widget(page, BUTTON, "Make another link").isEnabled()


def test_without_a_link_there_is_a_sentence_and_a_way_to_a_new_one(page, qtbot):
    another = heard(page.another_wanted)
    page.show_no_link("This link works no more.")
    assert "This link works no more." in names(page, TEXT)
    assert (names(page, EDIT), "Copy" in names(page, BUTTON)) == ([], False)
    press(page, BUTTON, "Make a new link")
    assert len(another) == 1
    page.bring_up()
    page.show_link("Give this link to one colleague.", LINK, "Office.tact")
    assert widget(page, BUTTON, "Copy").hasFocus(), "what is next is under the keyboard"


def test_a_device_link_stands_alone(qtbot):
    alone = InvitationPanel(lists=False)
    qtbot.addWidget(alone)
    alone.show_open((), enabled=True)
    alone.bring_up()
    assert "Your open invitations" not in names(alone, TEXT)
    assert "None of your invitations is open." not in names(alone, TEXT)


def test_the_keyboard_is_enough(page, qtbot):
    assert unnamed(page) == []
    qtbot.keyClick(widget(page, BUTTON, "Copy"), Qt.Key.Key_Escape)
    assert not page.isVisible()
