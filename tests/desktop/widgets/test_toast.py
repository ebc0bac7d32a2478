import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from tact_desktop import theme
from tact_desktop.widgets.toast import Toast

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
