"""Turning to a window again: told once, and not for a window that was opened."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from tact_desktop.widgets.came_back import CameBack
from tests.support.heard import heard

LEFT, BACK = QEvent.Type.WindowDeactivate, QEvent.Type.WindowActivate


def test_it_tells_of_who_was_away_and_not_of_who_opens_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    told = heard(CameBack(window).came_back)
    for events, times in (((BACK,), 0), ((LEFT,), 0), ((BACK, BACK), 1), ((LEFT, QEvent.Type.Hide, BACK), 1)):
        for event in events:
            QApplication.sendEvent(window, QEvent(event))
        assert len(told) == times
