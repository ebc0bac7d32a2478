import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from tact_desktop.panels.help import HelpPanel
from tests.support.by_role import Role, names, unnamed


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_it_is_read_with_the_keyboard_and_left_with_escape(qtbot):
    page = HelpPanel("How", [(f"Heading {number}", "Some words. " * 40) for number in range(9)])
    qtbot.addWidget(page)
    page.bring_up()
    qtbot.waitUntil(page.isActiveWindow)
    assert (page.windowTitle(), names(page, Role.StaticText)[:2]) == ("How", ["How", "Heading 0"])
    assert unnamed(page) == []
    area = page.focusWidget()
    assert isinstance(area, QScrollArea)
    bar = area.verticalScrollBar()
    qtbot.keyClick(area, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    qtbot.keyClick(area, Qt.Key.Key_Escape)
    assert not page.isVisible()
