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
        self._places: dict[str, int] | None = None
        """Key → place; None until it is asked for after a change."""

    def key_of(self, row: Row) -> str:
        """What tells `row` from every other row."""
        raise NotImplementedError

    def rowCount(self, parent: Index = _ROOT, /) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def place_of(self, key: str) -> int:
        """Where the row with that key is, or -1."""
        if self._places is None:
            self._places = {each: place for place, each in enumerate(self._keys)}
        return self._places.get(key, -1)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Turns what is shown into `rows`, step by step."""
        keys = [self.key_of(row) for row in rows]
        if keys != self._keys:
            for step in steps(self._keys, keys):
                self._take(step, rows, keys)
        different = (
            place
            for place, (row, shown) in enumerate(zip(rows, self._rows, strict=True))
            if row is not shown and row != shown  # most are the very same, and to compare them takes long
        )
        for first, last in runs(different):
            self._rows[first : last + 1] = rows[first : last + 1]
            self.dataChanged.emit(self.index(first), self.index(last))

    def reset_rows(self, rows: Sequence[Row]) -> None:
        """Shows `rows` as something else than what was shown before: nothing is kept."""
        self.beginResetModel()
        self._rows, self._keys, self._places = list(rows), [self.key_of(row) for row in rows], None
        self.endResetModel()

    def _take(self, step: Step, rows: Sequence[Row], keys: Sequence[str]) -> None:
        self._places = None
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
