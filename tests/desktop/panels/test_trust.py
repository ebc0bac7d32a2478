import pytest
from PySide6.QtCore import Qt

from tact_desktop.panels.trust import ConnectionPage, Engine
from tact_desktop.state import wording_trust as words
from tact_desktop.state.trust import Standing
from tests.support.by_role import Role, names, press, unnamed
from tests.support.heard import heard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")
TEXT, BUTTON = Role.StaticText, Role.Button
SIX = ("float", "dose", "observe", "boy", "beauty", "neglect")
TAKEN = Engine(Standing.UNCOMPARED, "Engine “Office”", SIX, "Choose “Office”.", "It is in a file.")
KNOWN = Engine(Standing.KNOWN, "Engine “Office”", SIX)


@pytest.fixture
def page(qtbot) -> ConnectionPage:
    made = ConnectionPage()
    qtbot.addWidget(made)
    made.bring_up()
    return made


def test_six_words_are_read_in_their_order(page):
    page.show_engine(TAKEN)
    said = names(page, TEXT)
    assert [text for text in said if text in SIX] == list(SIX)
    assert {words.STANDING[Standing.UNCOMPARED], words.ASK_HOST, "Choose “Office”.", "It is in a file."} <= {
        *said
    }
    assert unnamed(page) == []


def test_what_is_not_there_has_no_heading(page):
    page.show_engine(Engine(Standing.NOBODY))
    assert names(page, TEXT) == [words.CONNECTION, words.STANDING[Standing.NOBODY]]
    assert names(page, BUTTON) == [words.CLOSE]


def test_they_are_the_same(page):
    same, left = heard(page.same), heard(page.left)
    page.show_engine(TAKEN)
    press(page, BUTTON, words.THE_SAME)
    assert (same, left) == ([()], [])
    page.show_engine(KNOWN)
    assert names(page, BUTTON) == [words.CLOSE]
    assert {words.STANDING[Standing.KNOWN], words.READ_ALOUD} <= {*names(page, TEXT)}


def test_they_differ_and_one_leaves(page):
    same, left = heard(page.same), heard(page.left)
    page.show_engine(TAKEN)
    press(page, BUTTON, words.DIFFERENT)
    assert words.THEY_DIFFER in names(page, TEXT)
    assert words.ASK_HOST not in names(page, TEXT)
    assert names(page, BUTTON) == [words.LEAVE, words.NOT_YET, words.CLOSE]
    page.show_engine(TAKEN)
    press(page, BUTTON, words.LEAVE)
    assert (same, left) == ([], [()])


def test_one_may_have_misheard(page):
    page.show_engine(TAKEN)
    press(page, BUTTON, words.DIFFERENT)
    press(page, BUTTON, words.NOT_YET)
    assert names(page, BUTTON) == [words.THE_SAME, words.DIFFERENT, words.CLOSE]


def test_what_differed_is_not_held_against_another_engine(page):
    page.show_engine(TAKEN)
    press(page, BUTTON, words.DIFFERENT)
    page.show_engine(Engine(Standing.UNCOMPARED, "Engine “Lab”", SIX[::-1]))
    assert words.THEY_DIFFER not in names(page, TEXT)
    assert words.THE_SAME in names(page, BUTTON)


def test_a_key_pressed_by_chance_compares_nothing_and_escape_leaves(page, qtbot):
    same = heard(page.same)
    page.show_engine(TAKEN)
    page.bring_up()
    qtbot.waitUntil(page.isActiveWindow)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        qtbot.keyClick(page.focusWidget(), key)
    assert same == []
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    assert not page.isVisible()
