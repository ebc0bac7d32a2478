import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

from tact_desktop.panels.presence_bar import PresenceBar
from tests.support.by_role import names, unnamed, widget
from tests.support.heard import heard

MENU, TEXT = QAccessible.Role.ButtonMenu, QAccessible.Role.EditableText
SHOWN = {"OnlineStatus": True, "UserAvailability": "DISCREET", "UserMood": "HAPPY", "StatusText": "till 17"}


@pytest.fixture
def bar(qtbot) -> PresenceBar:
    made = PresenceBar()
    qtbot.addWidget(made)
    made.show_me("anna", "Anna Berg")
    made.show_presence(SHOWN)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def menu(bar: PresenceBar, name: str) -> QMenu:
    return widget(bar, MENU, name, QPushButton).menu()


def pick(bar: PresenceBar, button: str, entry: str) -> None:
    next(action for action in menu(bar, button).actions() if action.text() == entry).trigger()


def field(bar: PresenceBar) -> QLineEdit:
    return widget(bar, TEXT, "Status text", QLineEdit)


def test_it_shows_how_i_am(bar):
    assert names(bar, MENU) == ["Availability: Discreet", "Mood: Happy"]
    assert "Anna Berg" in names(bar, QAccessible.Role.StaticText)
    assert field(bar).text() == "till 17"


def test_before_anything_is_known(qtbot):
    bar = PresenceBar()
    qtbot.addWidget(bar)
    bar.show()
    assert names(bar, MENU) == ["Availability: Available", "Mood: No mood"]


@pytest.mark.parametrize(
    ("button", "entry", "told"),
    [
        ("Availability: Discreet", "Not available", {"UserAvailability": "NOT_AVAILABLE"}),
        ("Mood: Happy", "😠 Angry", {"UserMood": "ANGRY"}),
        ("Mood: Happy", "No mood", {"UserMood": "NONE"}),
    ],
)
def test_one_click_in_a_menu_tells(bar, button, entry, told):
    chosen = heard(bar.presence_chosen)
    pick(bar, button, entry)
    assert chosen == [(told,)]


def test_the_menu_marks_what_holds_not_what_is_wished(bar):
    pick(bar, "Mood: Happy", "😠 Angry")
    pick(bar, "Mood: Happy", "🙂 Happy")
    marked = [action.text() for action in menu(bar, "Mood: Happy").actions() if action.isChecked()]
    assert marked == ["🙂 Happy"]


def test_signing_out_is_in_the_first_menu(bar, qtbot):
    with qtbot.waitSignal(bar.sign_out_requested):
        pick(bar, "Availability: Discreet", "Sign out")


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize(
    ("key", "button"), [(Qt.Key.Key_A, "Availability: Discreet"), (Qt.Key.Key_M, "Mood: Happy")]
)
def test_keys_open_the_menus(bar, qtbot, key, button):
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(bar, key, both)
    opened = menu(bar, button)
    qtbot.waitUntil(opened.isVisible)
    opened.close()


@pytest.mark.parametrize("way", ["enter", "leave"])
def test_a_status_text_is_settled_once(bar, qtbot, way):
    chosen = heard(bar.presence_chosen)
    field(bar).setFocus()
    qtbot.keyClicks(field(bar), " in  a call ")
    bar.show_presence(SHOWN | {"StatusText": "from elsewhere"})
    if way == "enter":
        qtbot.keyClick(field(bar), Qt.Key.Key_Return)
    widget(bar, MENU, "Mood: Happy").setFocus()
    assert chosen == [({"StatusText": "in a call"},)]


def test_escape_takes_the_writing_back(bar, qtbot):
    chosen = heard(bar.presence_chosen)
    field(bar).setFocus()
    qtbot.keyClicks(field(bar), "oops")
    qtbot.keyClick(field(bar), Qt.Key.Key_Escape)
    qtbot.keyClick(field(bar), Qt.Key.Key_Return)
    assert field(bar).text() == "till 17"
    assert chosen == []


def test_the_status_text_can_be_cleared(bar):
    chosen = heard(bar.presence_chosen)
    (clear,) = (action for action in field(bar).actions() if action.text() == "Clear status text")
    assert clear.isVisible()
    clear.trigger()
    assert chosen == [({"StatusText": ""},)]
    assert not clear.isVisible()


def test_one_line_where_there_is_no_room(bar):
    tall = bar.sizeHint().height()
    bar.set_compact(True)
    assert bar.sizeHint().height() < tall
    assert "Anna Berg" not in names(bar, QAccessible.Role.StaticText)


def test_everything_the_keyboard_reaches_has_a_name(bar):
    assert unnamed(bar) == []
    assert QApplication.focusWidget() is not None
