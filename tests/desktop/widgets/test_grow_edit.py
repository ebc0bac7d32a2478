import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAccessible

from tact_desktop.widgets.grow_edit import GrowingEdit

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def field(qtbot, by_role) -> GrowingEdit:
    made = GrowingEdit("Message to Bob", "Message Bob…")
    qtbot.addWidget(made)
    made.resize(300, made.height())
    made.show()
    assert by_role(made, QAccessible.Role.EditableText, "Message to Bob") is made
    return made


@pytest.fixture
def said(field) -> list[str]:
    heard: list[str] = []
    field.submitted.connect(lambda: heard.append("submitted"))
    field.submitted_now.connect(lambda: heard.append("now"))
    field.up_in_empty.connect(lambda: heard.append("up"))
    return heard


def test_enter_submits_and_shift_enter_breaks_the_line(field, said, qtbot):
    qtbot.keyClicks(field, "one")
    qtbot.keyClick(field, Qt.Key.Key_Return, SHIFT)
    qtbot.keyClicks(field, "two")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    assert said == ["submitted", "submitted", "now"]
    assert field.text() == "one\ntwo"


def test_control_enter_can_be_the_one_that_submits(field, said, qtbot):
    field.send_with_control(True)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL | SHIFT)
    assert said == ["submitted", "now"]
    assert field.toPlainText() == "\n"


def test_up_tells_only_in_an_empty_field(field, said, qtbot):
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert said == ["up"]


def test_it_grows_to_six_lines_and_shrinks_again(field):
    heights = []
    for lines in (1, 2, 6, 7, 30):
        field.set_text("\n".join("x" * lines))
        heights.append(field.height())
    assert heights[0] < heights[1] < heights[2] == heights[3] == heights[4]
    field.set_text("")
    assert field.height() == heights[0]


def test_it_grows_with_wrapped_lines_when_it_gets_narrow(field):
    field.set_text("word " * 12)
    wide = field.height()
    field.resize(160, field.height())
    assert field.height() > wide


def test_what_is_pasted_becomes_plain_text(field):
    rich = QMimeData()
    rich.setHtml("<b>bold</b>")
    rich.setText("bold")
    field.insertFromMimeData(rich)
    assert field.text() == "bold"
    assert not field.canInsertFromMimeData(QMimeData())
