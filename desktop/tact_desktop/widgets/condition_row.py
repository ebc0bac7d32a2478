"""One row of the condition editor: attribute, operator, value; how that stands now; and a way to drop it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QSpinBox, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_editor
from tact_desktop.state import wording_panels as words
from tact_desktop.state.condition_choices import (
    attribute_choices,
    operator_choices,
    takes_seconds,
    takes_several,
    value_choices,
)
from tact_desktop.state.condition_rows import RowDraft, RowView
from tact_desktop.state.recipient import Recipient
from tact_desktop.widgets.choice_lists import LabelledList, SeveralButton
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.icon_button import icon_button
from tact_desktop.widgets.state_sign import StateSign
from tact_desktop.widgets.text import Elided, explain
from tact_engine.core.presence import ATTRIBUTES

_ATTRIBUTE_WIDTH, _WIDTH = 124, 132
_MINUTE, _MINUTES_MAX = 60, 24 * 60


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
        self._minutes = QSpinBox()
        self._minutes.setRange(1, _MINUTES_MAX)
        self._minutes.setSuffix(wording_editor.MINUTES_SUFFIX)
        self._minutes.setMinimumWidth(_WIDTH)
        self._now = Elided(role="foot")
        self._now.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._now.setMinimumHeight(theme.CONTROL_HEIGHT)
        self._remove = icon_button("minus", words.REMOVE_ROW)
        self._lay_out()
        self._connect()

    def show_row(self, number: int, row: RowDraft, view: RowView, whom: Recipient) -> None:
        """Shows `row` as number `number` (from 1), in place, and how it stands with `whom`."""
        self._attr.show_choices(attribute_choices(whom), row.attr)
        if (number, row) != (self._number, self._row):
            self._number, self._row = number, row
            self._show_parts(row)
            self._name_parts(number)
        self._sign.show_mark(view.mark)
        self._now.setText(view.now_text)

    def focus_order(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        values = [self._value.list, self._several, self._text, self._minutes]
        return [self._attr.list, self._op.list, *values, self._remove]

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
        for part in (self._value, self._several, self._text, self._minutes):
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
        self._minutes.valueChanged.connect(self._tell_minutes)
        self._remove.clicked.connect(self.removed)

    def _show_parts(self, row: RowDraft) -> None:
        self._op.show_choices(operator_choices(row.attr), row.op)
        choices = value_choices(row.attr)
        several = takes_several(row.op)
        self._value.setVisible(bool(choices) and not several)
        self._several.setVisible(several)
        lasts = takes_seconds(row.attr)
        self._text.setVisible(not choices and not lasts)
        self._minutes.setVisible(lasts)
        if several:
            self._several.show_choices(choices, row.value if isinstance(row.value, tuple) else ())
        elif choices:
            self._value.show_choices(choices, row.value)
        elif lasts:
            self._show_minutes(row.value)
        elif self._text.text() != str(row.value):
            self._text.setText(str(row.value))
        self._text.setMaxLength(ATTRIBUTES[row.attr].length_max or 280)

    def _show_minutes(self, seconds: object) -> None:
        minutes = round(seconds / _MINUTE) if isinstance(seconds, int) else 1
        with QSignalBlocker(self._minutes):
            self._minutes.setValue(minutes)

    def _tell_minutes(self, minutes: int) -> None:
        self.value_chosen.emit(minutes * _MINUTE)

    def _name_parts(self, number: int) -> None:
        self._attr.set_title(words.row_part(words.ATTRIBUTE, number))
        self._op.set_title(words.row_part(words.COMPARISON, number))
        self._value.set_title(words.row_part(words.VALUE, number))
        self._several.set_title(words.row_part(words.VALUE, number))
        self._text.setAccessibleName(words.row_part(words.VALUE, number))
        self._minutes.setAccessibleName(words.row_part(words.VALUE, number))
        self._text.setPlaceholderText(words.TEXT_HINT)
        name = words.row_part(words.REMOVE_ROW, number)
        self._remove.setAccessibleName(name)
        explain(self._remove, name)
