"""How a model of messages hands out its rows; what a row is stands in `state.row`."""

from PySide6.QtCore import Qt

from tact_desktop.state.row import MessageRow

ROW = int(Qt.ItemDataRole.UserRole) + 1
"""The item role under which a model gives its `MessageRow`."""


def row_data(row: MessageRow, role: int) -> object:
    """The answer of a model's `data` for `row`."""
    if role == ROW:
        return row
    if role == Qt.ItemDataRole.DisplayRole:
        return row.text
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return row.accessible or row.text
    return None
