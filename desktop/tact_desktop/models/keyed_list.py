"""A list model whose rows have keys: it is shown a whole new list, and announces the smallest difference."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex

from tact_desktop.models.difference import Insert, Move, Remove, Step, runs, steps

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class KeyedList(QAbstractListModel, Generic[Row]):
    """Rows that keep their key keep selection, focus and place in every view."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._keys: list[str] = []

    def key_of(self, row: Row) -> str:
        """What tells `row` from every other row."""
        raise NotImplementedError

    def rowCount(self, parent: Index = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def place_of(self, key: str) -> int:
        """Where the row with that key is, or -1."""
        return self._keys.index(key) if key in self._keys else -1

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Turns what is shown into `rows`, step by step."""
        keys = [self.key_of(row) for row in rows]
        for step in steps(self._keys, keys):
            self._take(step, rows, keys)
        for first, last in runs(place for place, row in enumerate(rows) if row != self._rows[place]):
            self._rows[first : last + 1] = rows[first : last + 1]
            self.dataChanged.emit(self.index(first), self.index(last))

    def reset_rows(self, rows: Sequence[Row]) -> None:
        """Shows `rows` as something else than what was shown before: nothing is kept."""
        self.beginResetModel()
        self._rows, self._keys = list(rows), [self.key_of(row) for row in rows]
        self.endResetModel()

    def _take(self, step: Step, rows: Sequence[Row], keys: Sequence[str]) -> None:
        match step:
            case Remove(first, last):
                self.beginRemoveRows(_ROOT, first, last)
                del self._rows[first : last + 1], self._keys[first : last + 1]
                self.endRemoveRows()
            case Move(source, target):
                self.beginMoveRows(_ROOT, source, source, _ROOT, target)
                place = target - (source < target)
                self._rows.insert(place, self._rows.pop(source))
                self._keys.insert(place, self._keys.pop(source))
                self.endMoveRows()
            case Insert(first, last):
                self.beginInsertRows(_ROOT, first, last)
                self._rows[first:first] = rows[first : last + 1]
                self._keys[first:first] = keys[first : last + 1]
                self.endInsertRows()
