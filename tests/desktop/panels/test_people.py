from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QContextMenuEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMenu, QWidget

from tact_desktop import theme
from tact_desktop.panels.people import PeoplePanel
from tact_desktop.state.people import Person
from tact_desktop.widgets.people_delegate import PersonRole
from tact_engine.core.presence import Presence, Reading
from tests.support.by_role import names, press, unnamed, widget
from tests.support.heard import heard

FIELD, LIST, BUTTON = QAccessible.Role.EditableText, QAccessible.Role.List, QAccessible.Role.Button
ROW, TEXT = QAccessible.Role.ListItem, QAccessible.Role.StaticText


def person(name: str, unread: int = 0, **values) -> Person:
    shown = {"Alias": name.title(), "OnlineStatus": True} | values
    return Person(name, Presence(name, 1, {key: Reading(value, 0) for key, value in shown.items()}), unread)


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # there is no screen
OFFICE = (person("bob", UserMood="ANGRY"), person("carla", 2), person("dmitri"))


@pytest.fixture
def panel(qtbot, qapp: QApplication) -> PeoplePanel:
    theme.apply(qapp, theme.Scheme.LIGHT)
    made = PeoplePanel()
    qtbot.addWidget(made)
    made.show_people(OFFICE, 0, UTC)
    # As the window does: who fits what is typed.
    made.filter_changed.connect(
        lambda text: made.show_people(tuple(one for one in OFFICE if text.casefold() in one.handle), 0, UTC)
    )
    made.resize(280, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def field(panel: PeoplePanel) -> QLineEdit:
    return widget(panel, FIELD, "Find people", QLineEdit)


def marked(panel: PeoplePanel) -> str | None:
    return widget(panel, LIST, "People", QListView).currentIndex().data(PersonRole.HANDLE)


def test_rows_are_read_in_plain_words(panel):
    assert names(panel, ROW) == [
        "Bob, available, mood angry",
        "Carla, available, 2 unread",
        "Dmitri, available",
    ]


def test_a_click_chooses(panel, qtbot):
    shown = widget(panel, LIST, "People", QListView)
    place = shown.visualRect(shown.model().index(1, 0)).center()
    with qtbot.waitSignal(panel.chosen) as told:
        qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == ["carla"]


def test_finding_somebody_with_the_keyboard_alone(panel, qtbot):
    chosen, filtered = heard(panel.chosen), heard(panel.filter_changed)
    panel.select("bob")
    panel.focus_list()
    qtbot.keyClick(panel, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(field(panel).hasFocus)
    qtbot.keyClicks(field(panel), "r")
    assert filtered == [("r",)]
    assert marked(panel) == "carla"
    qtbot.keyClick(field(panel), Qt.Key.Key_Down)
    qtbot.keyClick(field(panel), Qt.Key.Key_Return)
    assert chosen == [("dmitri",)]
    assert field(panel).text() == ""
    assert marked(panel) == "dmitri"
    assert len(names(panel, ROW)) == 3


def test_escape_leaves_the_search_and_chooses_nobody(panel, qtbot):
    chosen = heard(panel.chosen)
    panel.select("bob")
    panel.focus_search()
    qtbot.keyClicks(field(panel), "carla")
    qtbot.keyClick(field(panel), Qt.Key.Key_Escape)
    assert (field(panel).text(), marked(panel), chosen) == ("", "bob", [])
    assert widget(panel, LIST, "People").hasFocus()


def test_enter_in_the_list_chooses_who_is_marked(panel, qtbot):
    panel.select("bob")
    panel.focus_list()
    shown = widget(panel, LIST, "People")
    qtbot.keyClick(shown, Qt.Key.Key_Down)
    assert marked(panel) == "carla"
    with qtbot.waitSignal(panel.chosen) as told:
        qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert told.args == ["carla"]


def test_steps_stop_at_the_ends(panel):
    chosen = heard(panel.chosen)
    for places in (1, 1, -1, -1):
        panel.step(places)
    assert chosen == [("bob",), ("carla",), ("bob",)]
    panel.select("")
    panel.step(-1)
    assert chosen[-1] == ("dmitri",)


def test_selecting_is_silent(panel, qtbot):
    with qtbot.assertNotEmitted(panel.chosen):
        panel.select("carla")
    assert marked(panel) == "carla"
    panel.select("")
    assert marked(panel) is None


def test_news_about_people_do_not_move_who_is_marked(panel, qtbot):
    panel.select("bob")
    qtbot.keyClick(widget(panel, LIST, "People"), Qt.Key.Key_Down)
    panel.show_people((OFFICE[2], OFFICE[0], person("carla", 3)))
    assert marked(panel) == "carla"
    panel.show_people((OFFICE[2], OFFICE[0]))
    assert marked(panel) == "bob"


def test_an_empty_office_says_what_to_do(panel, qtbot):
    panel.show_people(())
    assert any(said.startswith("Nobody here yet — ") for said in names(panel, TEXT))
    with qtbot.waitSignal(panel.invite_requested):
        press(panel, BUTTON, "Invite a colleague…")
    panel.step(1)
    panel.focus_list()
    assert field(panel).hasFocus()


def test_a_search_without_result_says_so(panel, qtbot):
    panel.focus_search()
    qtbot.keyClicks(field(panel), "zed")
    assert "Nobody here is called “zed”." in names(panel, TEXT)
    assert "Invite a colleague…" not in names(panel, BUTTON)
    with qtbot.assertNotEmitted(panel.chosen):
        qtbot.keyClick(field(panel), Qt.Key.Key_Return)


@pytest.mark.parametrize("scheme", [theme.Scheme.LIGHT, theme.Scheme.DARK])
def test_it_works_at_200_pixels(panel, qapp, scheme):
    theme.apply(qapp, scheme)
    panel.resize(200, 400)
    assert panel.width() == 200
    assert all(part.geometry().right() < 200 for part in panel.findChildren(QWidget) if part.isVisible())
    assert not panel.grab().isNull()


def test_everything_the_keyboard_reaches_has_a_name(panel):
    assert unnamed(panel) == []


def test_the_search_can_be_cleared_with_the_mouse(panel):
    assert "Clear the search" not in names(panel, BUTTON)
    field(panel).setText("carla")
    press(panel, BUTTON, "Clear the search")
    assert field(panel).text() == ""
    assert len(names(panel, ROW)) == 3


# --- what can be done about somebody --------------------------------------------------------------------------


def menu_at(panel: PeoplePanel, row: int, by_key: bool = False) -> QMenu:
    """The menu of a row, asked for as a person does."""
    shown = widget(panel, LIST, "People", QListView)
    index = shown.model().index(row, 0)
    place = shown.visualRect(index).center()
    if by_key:
        shown.setCurrentIndex(index)
    reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, place, shown.viewport().mapToGlobal(place))
    QApplication.sendEvent(shown.viewport(), event)
    (menu,) = (each for each in panel.findChildren(QMenu) if each.isVisible())
    return menu


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if action.text()}


@pytest.mark.parametrize("by_key", [False, True])
def test_a_persons_menu_tells_what_is_wanted(panel, by_key):
    told, vip, block = heard(panel.tell_me_requested), heard(panel.vip_wanted), heard(panel.block_wanted)
    menu = menu_at(panel, 1, by_key)
    assert menu.activeAction().text() == "Tell me when available"
    for text in ("Tell me when available", "Always notify me", "Block…"):
        entries(menu)[text].trigger()
    menu.close()
    assert (told, vip, block) == ([("carla",)], [("carla", True)], [("carla", True)])


def test_what_holds_is_undone_in_the_same_menu(panel):
    vip, block = heard(panel.vip_wanted), heard(panel.block_wanted)
    loud, blocked = (replace(OFFICE[0], vip=True), replace(OFFICE[1], blocked=True))
    panel.show_people((loud, blocked), 0, UTC)
    menu = menu_at(panel, 0)
    assert entries(menu)["Always notify me"].isChecked()
    entries(menu)["Always notify me"].trigger()
    menu.close()
    menu = menu_at(panel, 1)
    entries(menu)["Unblock"].trigger()
    assert not entries(menu)["Tell me when available"].isEnabled()
    menu.close()
    assert (vip, block) == ([("bob", False)], [("carla", False)])


@pytest.mark.rule("R5")
def test_nobody_is_asked_after_who_does_not_share_being_online(panel):
    hidden = Presence("bob", 1, {}, hidden=("OnlineStatus",))
    panel.show_people((Person("bob", hidden),), 0, UTC)
    menu = menu_at(panel, 0)
    assert not entries(menu)["Tell me when available"].isEnabled()
    menu.close()
    assert names(panel, ROW) == ["bob, online not shared"]


def test_where_nobody_is_there_is_no_menu(panel):
    panel.resize(280, 600)
    shown = widget(panel, LIST, "People", QListView)
    place = shown.viewport().rect().bottomLeft()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, shown.viewport().mapToGlobal(place))
    QApplication.sendEvent(shown.viewport(), event)
    assert not [each for each in panel.findChildren(QMenu) if each.isVisible()]


class Painted(QObject):
    """The areas of a widget that were painted since."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.areas: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(event.rect())
        return False


def test_of_somebody_who_changes_the_row_is_painted_and_no_other(panel, qtbot):
    rows = widget(panel, LIST, "People", QListView)
    QApplication.processEvents()
    seen = Painted(rows.viewport())
    panel.show_people((OFFICE[0], replace(OFFICE[1], unread=3), OFFICE[2]), 0, UTC)
    qtbot.waitUntil(lambda: bool(seen.areas))
    assert seen.areas == [rows.visualRect(rows.model().index(1, 0))]
