from PySide6.QtWidgets import QPushButton, QWidget

from tact_desktop.widgets.flow import FlowLayout


def test_things_start_a_new_line_when_the_width_is_used_up(qtbot):
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box)
    buttons = [QPushButton(text) for text in ("first", "second", "third")]
    for button in buttons:
        flow.addWidget(button)
    widest = sum(button.sizeHint().width() for button in buttons) + 100
    box.resize(widest, 200)
    box.show()
    assert len({button.y() for button in buttons}) == 1
    one_line = flow.heightForWidth(widest)
    box.resize(max(button.sizeHint().width() for button in buttons) + 4, 200)
    assert len({button.y() for button in buttons}) == 3
    assert flow.heightForWidth(box.width()) > 2 * one_line


def test_an_item_can_be_taken_out(qtbot):
    box = QWidget()
    qtbot.addWidget(box)
    flow = FlowLayout(box)
    flow.addWidget(QPushButton("only", box))
    assert flow.takeAt(0) is not None
    assert flow.takeAt(0) is None
    assert flow.count() == 0
