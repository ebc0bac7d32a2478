"""One card of the condition editor: rows that hold together, or those of an alternative."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.condition_rows import RowDraft, RowView
from tact_desktop.state.recipient import Recipient
from tact_desktop.widgets.condition_row import ConditionRow
from tact_desktop.widgets.icon_button import allow, icon_button, quiet_button
from tact_desktop.widgets.text import label


class ConditionCard(QFrame):
    """The rows that hold together; an alternative has a head of its own, and can go as a whole."""

    row_added = Signal()
    row_removed = Signal(int)
    row_changed = Signal(int, dict)
    removed = Signal()
    confirmed = Signal()

    def __init__(self, alternative: bool) -> None:
        super().__init__()
        self._alternative = alternative
        self._made: list[ConditionRow] = []
        self._add = quiet_button("plus", words.AND)
        self._add.clicked.connect(self.row_added)
        self._held = QVBoxLayout()
        self._held.setSpacing(theme.SPACE_1 + 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.SPACE_1 + 2)
        self._drop = icon_button("x", words.REMOVE_ALTERNATIVE)
        if alternative:
            whole.addLayout(self._head())
        whole.addLayout(self._held)
        self._tools = QHBoxLayout()
        self._tools.setContentsMargins(theme.SPACE_4, 0, 0, 0)
        self._tools.addWidget(self._add)
        self._tools.addStretch(1)
        whole.addLayout(self._tools)

    def show_rows(
        self, first: int, drafts: tuple[RowDraft, ...], views: tuple[RowView, ...], whom: Recipient
    ) -> None:
        """Shows the rows, numbered from `first`, as they stand with `whom`."""
        while len(self._made) > len(drafts):
            gone = self._made.pop()
            gone.hide()
            gone.deleteLater()
        while len(self._made) < len(drafts):
            self._add_row()
        for place, row in enumerate(self._made):
            row.show_row(first + place, drafts[place], views[place], whom)

    def show_room(self, full: str, match_all: bool) -> None:
        """`full` says why there cannot be one more row; "" where there can."""
        self._add.setText(words.AND if match_all or self._alternative else words.OR)
        allow(self._add, full)

    def focus_row(self, index: int) -> None:
        """Puts the focus on row `index`."""
        if self._made:
            self._made[min(index, len(self._made) - 1)].focus_first()

    def focus_remove(self, index: int) -> None:
        """Puts the focus where row `index` could be dropped, or where one can be added."""
        if self._made:
            self._made[min(index, len(self._made) - 1)].focus_remove()
        else:
            self._add.setFocus(Qt.FocusReason.OtherFocusReason)

    def host(self, button: QPushButton) -> None:
        """Takes `button` beside its own, from wherever it was."""
        if button.parentWidget() is not self:
            self._tools.insertWidget(1, button)

    def focus_order(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        inside = [part for row in self._made for part in row.focus_order()]
        return [*([self._drop] if self._alternative else []), *inside, self._add]

    def _head(self) -> QHBoxLayout:
        self._drop.clicked.connect(self.removed)
        line = QFrame()
        line.setProperty("role", "hairline")
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_2)
        head.addWidget(label(words.OR_ELSE_WHEN, "heading"))
        head.addWidget(line, 1)
        head.addWidget(self._drop)
        return head

    def _add_row(self) -> None:
        row, place = ConditionRow(), len(self._made)
        row.attr_chosen.connect(partial(self._tell, place, "attr"))
        row.op_chosen.connect(partial(self._tell, place, "op"))
        row.value_chosen.connect(partial(self._tell, place, "value"))
        row.removed.connect(partial(self.row_removed.emit, place))
        row.confirmed.connect(self.confirmed)
        self._made.append(row)
        self._held.addWidget(row)
        row.show()  # a layout would show it later, and the focus goes there now

    def _tell(self, place: int, what: str, value: object) -> None:
        self.row_changed.emit(place, {what: value})
