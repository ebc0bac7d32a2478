from dataclasses import replace

from PySide6.QtCore import Qt

from tact_desktop.widgets.message_row import ROW, BubbleStyle, MessageRow, RowKind, row_data

LINE = MessageRow("1", 0, RowKind.BUBBLE, "Hello", author="Bob", foot="09:02", accessible="Bob, Hello, 09:02")


def test_a_model_answers_with_the_row_its_text_and_its_words():
    assert row_data(LINE, ROW) is LINE
    assert row_data(LINE, Qt.ItemDataRole.DisplayRole) == "Hello"
    assert row_data(LINE, Qt.ItemDataRole.AccessibleTextRole) == "Bob, Hello, 09:02"
    assert row_data(LINE, Qt.ItemDataRole.ToolTipRole) is None


def test_one_foot_a_group_but_every_waiting_message_says_so():
    inside = replace(LINE, last_in_group=False)
    assert LINE.shown_foot() == "09:02"
    assert inside.shown_foot() == ""
    assert replace(inside, style=BubbleStyle.HELD).shown_foot() == "09:02"


def test_the_author_stands_above_the_first_of_others_only():
    assert LINE.shown_author() == "Bob"
    assert replace(LINE, first_in_group=False).shown_author() == ""
    assert replace(LINE, own=True).shown_author() == ""
