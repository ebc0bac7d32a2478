import pytest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton

from tact_desktop import theme
from tact_desktop.panels.changed_key import ChangedKeyPage
from tact_desktop.state import wording_trust as words
from tests.support.by_role import Role, names, press, unnamed, widget
from tests.support.heard import heard

TEXT, BUTTON, BOX, FIELD = Role.StaticText, Role.Button, Role.CheckBox, Role.EditableText
QUESTION = "Hand over 2 messages"


@pytest.fixture
def page(qtbot) -> ChangedKeyPage:
    made = ChangedKeyPage()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show_stop("Another engine answered.", "", "")
    made.show()
    return made


def write(page: ChangedKeyPage, text: str) -> None:
    widget(page, FIELD, words.INVITATION, QLineEdit).setText(text)


def test_it_says_what_happened_what_was_sent_and_what_to_do(page):
    said = names(page, TEXT)
    for text in (words.CHANGED_TITLE, words.CHANGED_MEANING, words.CHANGED_SENT, words.CHANGED_DEED):
        assert text in said
    assert "Another engine answered." in said
    assert unnamed(page) == []


def test_no_button_leads_on_but_the_invitation(page):
    offered = heard(page.offered)
    assert names(page, BUTTON) == [words.GO_ON, words.READ_HERE, words.QUIT]
    assert not widget(page, BUTTON, words.GO_ON, QPushButton).isEnabled()
    write(page, "  ")
    widget(page, FIELD, words.INVITATION, QLineEdit).returnPressed.emit()
    assert offered == []
    write(page, "tact://join?…")
    press(page, BUTTON, words.GO_ON)
    widget(page, FIELD, words.INVITATION, QLineEdit).returnPressed.emit()
    assert offered == [("tact://join?…", False)] * 2


def test_what_was_not_sent_is_handed_over_only_where_one_says_so(page):
    offered = heard(page.offered)
    assert names(page, BOX) == []
    page.show_stop("", "3 messages stay behind.", QUESTION)
    assert "3 messages stay behind." in names(page, TEXT)
    assert words.HAND_OVER_HINT in names(page, TEXT)
    box = widget(page, BOX, QUESTION, QCheckBox)
    assert not box.isChecked()
    write(page, "link")
    box.click()
    press(page, BUTTON, words.GO_ON)
    page.show_stop("", "", "")
    press(page, BUTTON, words.GO_ON)
    assert offered == [("link", True), ("link", False)], "what is not asked is not agreed to"


def test_what_is_wrong_is_said_until_something_else_stands_there(page):
    write(page, "hello")
    page.show_problem("This is not an invitation.")
    assert "This is not an invitation." in names(page, TEXT)
    write(page, "hello!")
    assert "This is not an invitation." not in names(page, TEXT)


def test_one_reads_or_goes(page):
    read, quitting = heard(page.read_wanted), heard(page.quit_wanted)
    press(page, BUTTON, words.READ_HERE)
    press(page, BUTTON, words.QUIT)
    assert (read, quitting) == ([()], [()])


def test_it_is_red_all_over(page, qapp):
    theme.apply(qapp, theme.Scheme.LIGHT)
    shown = page.grab().toImage()
    assert shown.pixelColor(3, 2).name() == theme.palette().danger_fill
    for place in ((3, 300), (890, 690), (450, 690)):
        assert shown.pixelColor(*place).name() == theme.palette().danger_tint
