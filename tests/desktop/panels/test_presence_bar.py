from datetime import UTC

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDateTimeEdit,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
)

from tact_desktop.panels.presence_bar import PresenceBar
from tact_desktop.state.presence_ends import Ending
from tests.support.by_role import choose, labelled, names, press, unnamed, widget
from tests.support.heard import heard

MENU, TEXT = QAccessible.Role.ButtonMenu, QAccessible.Role.EditableText
RADIO, LABEL, MORE = QAccessible.Role.RadioButton, QAccessible.Role.StaticText, QAccessible.Role.CheckBox
TEN_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
HOUR_MS = 3_600_000
FIVE_MS = TEN_MS + 7 * HOUR_MS
SHOWN = {"OnlineStatus": True, "UserAvailability": "DISCREET", "UserMood": "HAPPY", "StatusText": "till 17"}


@pytest.fixture
def bar(qtbot) -> PresenceBar:
    made = PresenceBar()
    qtbot.addWidget(made)
    made.show_me("anna", "Anna Berg")
    made.show_now(TEN_MS, UTC)
    made.show_presence(SHOWN, can_end=True)
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


# --- doing what, where, and until when ------------------------------------------------------------------------


def unfold(bar: PresenceBar) -> None:
    press(bar, MORE, "More about me")


def ends(bar: PresenceBar) -> dict[str, bool]:
    """The ends on offer, and which of them is chosen."""
    return {name: widget(bar, RADIO, name, QAbstractButton).isChecked() for name in names(bar, RADIO)}


def test_the_rest_is_one_click_away_and_out_of_sight(bar):
    assert names(bar, RADIO) == []
    unfold(bar)
    assert ends(bar) == {
        "I change it": True,
        "30 min": False,
        "1 h": False,
        "12:00": False,
        "17:00": False,
        "Pick a time…": False,
    }
    assert "Stays so until you change it." in names(bar, LABEL)
    unfold(bar)
    assert names(bar, RADIO) == []


def test_escape_folds_it_in_again(bar, qtbot):
    unfold(bar)
    labelled(bar, "Activity").setFocus()
    qtbot.keyClick(labelled(bar, "Activity"), Qt.Key.Key_Escape)
    assert names(bar, RADIO) == []
    assert widget(bar, MORE, "More about me").hasFocus()


@pytest.mark.rule("P8", "P9")
def test_activity_and_location_are_said_there(bar, qtbot):
    chosen = heard(bar.presence_chosen)
    unfold(bar)
    choose(bar, "Activity", "Lunch")
    place = widget(bar, TEXT, "Location", QLineEdit)
    place.setFocus()
    qtbot.keyClicks(place, "Room  4")
    qtbot.keyClick(place, Qt.Key.Key_Return)
    assert chosen == [({"Activity": "LUNCH"},), ({"FreeTextLocation": "Room 4"},)]
    bar.show_presence(SHOWN | {"Activity": "TRAVEL", "FreeTextLocation": "Train"})
    assert (labelled(bar, "Activity").currentText(), place.text()) == ("Travel", "Train")


@pytest.mark.rule("P19")
def test_an_end_is_chosen_with_one_click_and_taken_back_with_another(bar):
    chosen = heard(bar.end_chosen)
    unfold(bar)
    press(bar, RADIO, "17:00")
    press(bar, RADIO, "30 min")
    press(bar, RADIO, "I change it")
    assert chosen == [(FIVE_MS, ()), (TEN_MS + HOUR_MS // 2, ()), (None, ())]


def test_what_is_changed_along_ends_along(bar):
    chosen = heard(bar.end_chosen)
    unfold(bar)
    choose(bar, "Activity", "Meeting")
    assert chosen == [], "nobody asked for an end"
    press(bar, RADIO, "17:00")
    pick(bar, "Mood: Happy", "😠 Angry")
    assert chosen == [(FIVE_MS, ("Activity",)), (FIVE_MS, ("Activity", "UserMood"))]
    unfold(bar)
    unfold(bar)
    press(bar, RADIO, "12:00")
    assert chosen[-1] == (TEN_MS + 2 * HOUR_MS, ()), "another time, another choice"


def test_any_moment_can_be_picked(bar, qtbot):
    chosen = heard(bar.end_chosen)
    unfold(bar)
    press(bar, RADIO, "Pick a time…")
    field = next(each for each in bar.findChildren(QDateTimeEdit) if each.isVisible())
    assert (field.accessibleName(), field.hasFocus()) == ("End", True)
    assert field.currentSection() is QDateTimeEdit.Section.HourSection, "what is typed first"
    field.setDateTime(QDateTime.fromMSecsSinceEpoch(TEN_MS + 26 * HOUR_MS))
    assert chosen == [(TEN_MS + 90 * 60_000, ()), (TEN_MS + 26 * HOUR_MS, ())]


@pytest.mark.rule("P2", "P19")
def test_an_end_is_shown_with_what_comes_then(bar):
    busy = SHOWN | {"UserAvailability": "NOT_AVAILABLE", "Activity": "MEETING"}
    both = {"UserAvailability": Ending(FIVE_MS, "AVAILABLE"), "Activity": Ending(FIVE_MS, "NONE")}
    unfold(bar)
    bar.show_presence(busy, both, can_end=True)
    assert "Availability: Not available until 17:00" in names(bar, MENU)
    assert ends(bar)["17:00"]
    said = "Not available until 17:00, then back to ●\N{NO-BREAK SPACE}Available.\nMeeting until 17:00."
    assert said in names(bar, LABEL)
    bar.show_presence(SHOWN, {}, can_end=True)
    assert "Availability: Discreet" in names(bar, MENU), "it has come, or somebody else changed it"
    assert ends(bar)["I change it"]


def test_an_end_that_was_chosen_elsewhere_is_shown_as_a_moment(bar):
    unfold(bar)
    bar.show_presence(SHOWN, {"UserMood": Ending(TEN_MS + 26 * HOUR_MS, None)}, can_end=True)
    assert ends(bar)["Pick a time…"]
    field = next(each for each in bar.findChildren(QDateTimeEdit) if each.isVisible())
    assert field.dateTime().toMSecsSinceEpoch() == TEN_MS + 26 * HOUR_MS
    assert "Mood: Happy until tomorrow 12:00" in names(bar, MENU)


def test_where_nothing_could_end_there_is_nothing_to_choose(bar):
    unfold(bar)
    bar.show_presence({"UserAvailability": "AVAILABLE"}, can_end=False)
    assert not widget(bar, RADIO, "17:00").isEnabled()
    assert "Nothing to end: say first how you are." in names(bar, LABEL)


def test_the_moments_on_offer_do_not_change_under_the_hand(bar):
    unfold(bar)
    bar.show_now(TEN_MS + 3 * HOUR_MS, UTC)
    assert "12:00" in names(bar, RADIO)
    unfold(bar)
    unfold(bar)
    assert "12:00 tomorrow" in names(bar, RADIO)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_first_menu_leads_to_the_ends(bar, qtbot):
    pick(bar, "Availability: Discreet", "Until…")
    qtbot.waitUntil(widget(bar, RADIO, "I change it").hasFocus)


@pytest.mark.parametrize("width", [192, 240, 400])
def test_a_long_end_never_makes_it_wider_than_its_place(bar, width):
    bar.show_presence(SHOWN, {"UserAvailability": Ending(FIVE_MS, None)}, can_end=True)
    unfold(bar)
    bar.resize(width + 24, 500)
    QApplication.processEvents()
    assert bar.width() == width + 24
    shown = widget(bar, MENU, "Availability: Discreet until 17:00", QPushButton)
    assert shown.geometry().right() <= width
    assert shown.sizeHint().width() <= shown.width() or shown.text() != "Discreet until 17:00"
    assert unnamed(bar) == []


@pytest.mark.parametrize(("height", "scrolls"), [(900, False), (300, True)])
def test_unfolding_never_makes_it_higher_than_its_place(bar, height, scrolls):
    unfold(bar)
    bar.resize(264, height)
    QApplication.processEvents()
    assert bar.height() == height
    (area,) = bar.findChildren(QScrollArea)
    assert (area.verticalScrollBar().maximum() > 0) is scrolls
