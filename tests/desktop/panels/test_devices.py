"""The page with somebody else's devices, by the keyboard and in a narrow window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from tact_desktop.panels.devices import DevicesPanel
from tact_desktop.state.members import Item
from tact_desktop.state.wording_members import Deed
from tests.support.by_role import Role, names, press, unnamed, widget
from tests.support.heard import heard

TEXT, BUTTON = Role.StaticText, Role.Button
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PC = Item("m1", "MARY-PC", ("Added today",), (Deed.REMOVE_DEVICE,))
PHONE = Item("m2", "phone " * 20, ("Added yesterday",), (Deed.REMOVE_DEVICE,))


@pytest.fixture
def page(qtbot) -> DevicesPanel:
    made = DevicesPanel()
    qtbot.addWidget(made)
    made.show_devices("Mary", (PC, PHONE), up=True)
    made.bring_up()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_the_keyboard_begins_where_nothing_is_lost_and_escape_closes(page, qtbot):
    assert unnamed(page) == []
    assert QApplication.focusWidget() is widget(page, BUTTON, "Link for a new device…")
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_it_tells_what_is_wanted(page):
    removed, link = heard(page.removed), heard(page.link_wanted)
    press(page, BUTTON, "Remove… MARY-PC")
    press(page, BUTTON, "Link for a new device…")
    assert (removed, link) == ([("m1",)], [()])


def test_tab_goes_by_the_devices_first(page, qtbot):
    widget(page, BUTTON, "Remove… MARY-PC").setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is widget(page, BUTTON, "Link for a new device…")


def test_what_was_done_and_what_was_not_is_said(page):
    page.show_devices("Mary", (PC,), up=True, state="Done")
    assert "Done" in names(page, TEXT)
    page.show_devices("Mary", (PC,), up=True, problem="There is no such device.")
    assert {"Done", "There is no such device."} & set(names(page, TEXT)) == {"There is no such device."}
    page.show_devices("Mary", (), up=False)
    assert not widget(page, BUTTON, "Link for a new device…").isEnabled()


def test_nothing_is_cut_in_a_narrow_window(page):
    page.resize(420, 300)
    QApplication.processEvents()
    assert page.width() == 420
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
