import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from tact_desktop import theme
from tact_desktop.widgets.toast import Toast
from tests.support.by_role import names

BUTTON = QAccessible.Role.Button


@pytest.fixture
def timer() -> QTimer:
    return QTimer()


@pytest.fixture
def window(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


@pytest.fixture
def toast(window, timer) -> Toast:
    return Toast(window, timer)


def test_undo_tells_the_deed(toast, qtbot, by_role):
    toast.offer("message-1", "Cancelled.")
    with qtbot.waitSignal(toast.undone) as told:
        qtbot.mouseClick(by_role(toast, BUTTON, "Undo: Cancelled."), Qt.MouseButton.LeftButton)
    assert told.args == ["message-1"]
    assert not toast.isVisible()


def test_it_goes_after_six_seconds(toast, timer, qtbot):
    toast.offer("message-1", "Cancelled.")
    assert timer.isActive()
    assert timer.interval() == theme.UNDO_MS == 6000
    with qtbot.waitSignal(toast.passed) as told:
        timer.timeout.emit()
    assert told.args == ["message-1"]
    assert not toast.isVisible()


def test_it_keeps_clear_of_what_stands_below(qtbot, window, timer):
    below = [40]
    toast = Toast(window, timer, lambda: below[0])
    toast.offer("message-1", "Cancelled.")
    assert toast.geometry().bottom() == 300 - 40 - 1
    below[0] = 100
    QApplication.sendEvent(window, QEvent(QEvent.Type.LayoutRequest))
    qtbot.waitUntil(lambda: toast.geometry().bottom() == 300 - 100 - 1)


def test_a_second_deed_settles_the_first(toast, qtbot):
    toast.offer("message-1", "Cancelled.")
    with qtbot.waitSignal(toast.passed) as told:
        toast.offer("message-2", "Cancelled.")
    assert told.args == ["message-1"]
    assert toast.isVisible()


def test_it_stays_in_the_lower_middle(toast, window):
    toast.offer("message-1", "Cancelled.")
    window.resize(800, 600)
    assert abs(toast.geometry().center().x() - 400) <= 1
    assert toast.geometry().bottom() < 600


def test_time_stands_still_under_the_keyboard(toast, timer, by_role):
    toast.offer("message-1", "Cancelled.")
    button = by_role(toast, BUTTON, "Undo: Cancelled.")
    button.setFocus()
    assert not timer.isActive()
    button.clearFocus()
    assert timer.isActive()


def test_what_happened_waits_until_what_can_be_undone_is_over(toast, timer, qtbot, by_role):
    toast.offer("message-1", "Cancelled.")
    toast.tell("open mary", "Mary is there.", "Open")
    toast.tell("open john", "John is there.")
    assert by_role(toast, BUTTON, "Undo: Cancelled.").isVisible()
    timer.timeout.emit()
    with qtbot.waitSignal(toast.undone) as told:
        by_role(toast, BUTTON, "Open: Mary is there.").click()
    assert told.args == ["open mary"]
    assert names(toast, QAccessible.Role.StaticText) == ["John is there."]
    assert names(toast, BUTTON) == []
    timer.timeout.emit()
    assert not toast.isVisible()


def test_a_deed_comes_before_what_is_waiting_to_be_told(toast, timer):
    toast.tell("a", "One.")
    toast.tell("b", "Two.")
    toast.offer("message-1", "Cancelled.")
    assert names(toast, QAccessible.Role.StaticText) == ["Cancelled."]
    timer.timeout.emit()
    assert names(toast, QAccessible.Role.StaticText) == ["Two."]
