from PySide6.QtCore import Qt

from tact_desktop.state.row import MessageRow, RowKind
from tact_desktop.widgets.message_row import ROW, row_data

LINE = MessageRow("1", 0, RowKind.BUBBLE, "Hello", author="Bob", foot="09:02", accessible="Bob, Hello, 09:02")


def test_a_model_answers_with_the_row_its_text_and_its_words():
    assert row_data(LINE, ROW) is LINE
    assert row_data(LINE, Qt.ItemDataRole.DisplayRole) == "Hello"
    assert row_data(LINE, Qt.ItemDataRole.AccessibleTextRole) == "Bob, Hello, 09:02"
    assert row_data(LINE, Qt.ItemDataRole.ToolTipRole) is None
