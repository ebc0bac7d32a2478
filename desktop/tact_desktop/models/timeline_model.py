"""The rows of one conversation for a view, and the fading light on those that have just come."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tact_desktop.models.difference import runs
from tact_desktop.models.keyed_list import Index, KeyedList
from tact_desktop.state.row import MessageRow
from tact_desktop.widgets.message_row import ROW, row_data

ROWS_MAX = 400
"""A view asks every row for its size at each change, so rows must be few."""


class TimelineModel(KeyedList[MessageRow]):
    """Of more than ROWS_MAX rows the newest are shown; who pages up hands over the rows to be read."""

    def __init__(self) -> None:
        super().__init__()
        self._lit: dict[str, float] = {}

    def rows(self) -> tuple[MessageRow, ...]:
        """What is shown, without any light."""
        return tuple(self._rows)

    def show(self, rows: Sequence[MessageRow]) -> None:
        """Shows `rows`; those whose key is known stay the same rows."""
        self.show_rows(rows[-ROWS_MAX:])

    def reset(self, rows: Sequence[MessageRow]) -> None:
        """Shows another conversation, all at once and without light."""
        self._lit = {}
        self.reset_rows(rows[-ROWS_MAX:])

    def set_highlight(self, keys: Iterable[str], value: float) -> None:
        """Puts light on rows: 1 just arrived … 0 calm. Keys that are not shown do no harm."""
        wanted = set(keys)
        for key in wanted:
            self._lit[key] = value
            if value <= 0:
                del self._lit[key]
        for first, last in runs(place for place, key in enumerate(self._keys) if key in wanted):
            self.dataChanged.emit(self.index(first), self.index(last), [ROW])

    def key_of(self, row: MessageRow) -> str:
        return row.key

    def data(self, index: Index, role: int = 0, /) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW and row.key in self._lit:
            row = replace(row, highlight=self._lit[row.key])
        return row_data(row, role)
