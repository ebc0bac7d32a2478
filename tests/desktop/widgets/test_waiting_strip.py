from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from tact_desktop.widgets.waiting_strip import WaitingStrip
from tests.support.by_role import names, press

BUTTON = QAccessible.Role.Button


def test_it_counts_what_waits_and_leads_there(qtbot):
    around = QWidget()
    qtbot.addWidget(around)
    strip = WaitingStrip(around)
    around.show()
    strip.show_count(2)
    with qtbot.waitSignal(strip.pressed):
        press(around, BUTTON, "2 waiting here")
    strip.show_count(0)
    assert names(around, BUTTON) == []
