"""One row of the condition editor: attribute, operator, value; how that stands now; and a way to drop it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.condition_choices import (
    attribute_choices,
    operator_choices,
    takes_several,
    value_choices,
)
from tact_desktop.state.condition_rows import RowDraft, RowView
from tact_desktop.state.mark import Mark
from tact_desktop.state.wording import MARK_WORDS
from tact_desktop.widgets import chip
from tact_desktop.widgets.choice_lists import LabelledList, SeveralButton
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.icon_button import icon_button, show_icon
from tact_desktop.widgets.text import Elided, label, plain_tooltip
from tact_engine.core.presence import ATTRIBUTES

_ATTRIBUTE_WIDTH, _WIDTH = 128, 146


class ConditionRow(QWidget):
    """Shows one row and tells what a person changes in it; what follows from that is shown to it."""

    attr_chosen = Signal(object)
    op_chosen = Signal(object)
    value_chosen = Signal(object)
    removed = Signal()
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: RowDraft | None = None
        self._number = 0
        self._sign = StateSign()
        self._attr, self._op = LabelledList(_ATTRIBUTE_WIDTH), LabelledList(_WIDTH)
        self._value = LabelledList(_WIDTH)
        self._several = SeveralButton(_WIDTH)
        self._text = QLineEdit()
        self._text.setMinimumWidth(_WIDTH)
        self._now = Elided(role="foot")
        self._now.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._now.setMinimumHeight(theme.CONTROL_HEIGHT)
        self._remove = icon_button("minus", words.REMOVE_ROW)
        self._lay_out()
        self._connect()

    def show_row(self, number: int, row: RowDraft, view: RowView) -> None:
        """Shows `row` as number `number` (from 1), in place, and how it stands."""
        if (number, row) != (self._number, self._row):
            self._number, self._row = number, row
            self._show_parts(row)
            self._name_parts(number)
        self._sign.show_mark(view.mark)
        self._now.setText(view.now_text)

    def focus_order(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        return [self._attr.list, self._op.list, self._value.list, self._several, self._text, self._remove]

    def focus_first(self) -> None:
        """Puts the focus on the attribute."""
        self._attr.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_remove(self) -> None:
        """Puts the focus on the button that drops a row."""
        self._remove.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        flow = FlowLayout(gap=theme.SPACE_1 + 2)
        values = QWidget()
        held = QHBoxLayout(values)
        held.setContentsMargins(0, 0, 0, 0)
        for part in (self._value, self._several, self._text):
            held.addWidget(part)
        for part in (self._attr, self._op, values, self._now):
            flow.addWidget(part)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_2)
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(flow, 1)
        line.addWidget(self._remove, 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self._attr.chosen.connect(self.attr_chosen)
        self._op.chosen.connect(self.op_chosen)
        self._value.chosen.connect(self.value_chosen)
        self._several.chosen.connect(self.value_chosen)
        self._text.textEdited.connect(self.value_chosen.emit)
        self._text.returnPressed.connect(self.confirmed)
        self._remove.clicked.connect(self.removed)

    def _show_parts(self, row: RowDraft) -> None:
        self._attr.show_choices(attribute_choices(), row.attr)
        self._op.show_choices(operator_choices(row.attr), row.op)
        choices = value_choices(row.attr)
        several = takes_several(row.op)
        self._value.setVisible(bool(choices) and not several)
        self._several.setVisible(several)
        self._text.setVisible(not choices)
        if several:
            self._several.show_choices(choices, row.value if isinstance(row.value, tuple) else ())
        elif choices:
            self._value.show_choices(choices, row.value)
        elif self._text.text() != str(row.value):
            self._text.setText(str(row.value))
        self._text.setMaxLength(ATTRIBUTES[row.attr].length_max or 280)

    def _name_parts(self, number: int) -> None:
        self._attr.set_title(words.row_part(words.ATTRIBUTE, number))
        self._op.set_title(words.row_part(words.COMPARISON, number))
        self._value.set_title(words.row_part(words.VALUE, number))
        self._several.set_title(words.row_part(words.VALUE, number))
        self._text.setAccessibleName(words.row_part(words.VALUE, number))
        self._text.setPlaceholderText(words.TEXT_HINT)
        name = words.row_part(words.REMOVE_ROW, number)
        self._remove.setAccessibleName(name)
        self._remove.setToolTip(plain_tooltip(name))


class StateSign(QWidget):
    """The mark of a row or of a whole condition: ● ○ ? or a warning, as high as a control."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = chip.MarkSign()
        self._warning = label()
        self.setFixedSize(theme.SPACE_4, theme.CONTROL_HEIGHT)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._mark)
        line.addWidget(self._warning)
        theme.theme().changed.connect(self._draw)
        self._draw()

    def show_mark(self, mark: Mark) -> None:
        """Shows `mark`; its word is its name and its tool tip."""
        known = mark is not Mark.IMPOSSIBLE
        self._mark.setVisible(known)
        self._warning.setVisible(not known)
        if known:
            self._mark.set_mark(chip.Mark[mark.name])
        self.setAccessibleName(MARK_WORDS[mark])
        self.setToolTip(plain_tooltip(MARK_WORDS[mark]))

    def _draw(self) -> None:
        show_icon(self._warning, "warning", "warning", theme.SPACE_4)
