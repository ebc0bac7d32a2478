"""When the message goes: five presets, a pin, how long it may wait, and one sentence that says what follows."""

from collections.abc import Sequence
from datetime import tzinfo
from enum import Enum

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.mark import Mark
from tact_desktop.state.wording import marked
from tact_desktop.widgets import chip
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.icon_button import icon_button, show_icon
from tact_desktop.widgets.pill import Option, PillRow
from tact_desktop.widgets.text import label, plain_tooltip
from tact_desktop.widgets.validity_chooser import ValidityChooser


class _Shape(Enum):
    """Where the validity chooser stands."""

    BESIDE_PRESETS = 0
    BESIDE_SENTENCE = 1
    BETWEEN = 2
    OWN_LINE = 3


_SENTENCE_WIDTH_MIN = 300
_FREE, _END, _START = Qt.AlignmentFlag(0), Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
_PLACES = {
    _Shape.BESIDE_PRESETS: ((0, 0, 1, _FREE), (0, 1, 1, _START), (0, 3, 1, _END), (1, 0, 4, _FREE)),
    _Shape.BESIDE_SENTENCE: ((0, 0, 4, _FREE), (1, 2, 1, _FREE), (1, 3, 1, _END), (1, 0, 2, _FREE)),
    _Shape.BETWEEN: ((0, 0, 1, _FREE), (0, 1, 1, _START), (1, 0, 4, _START), (2, 0, 4, _FREE)),
    _Shape.OWN_LINE: ((0, 0, 4, _FREE), (1, 2, 1, _FREE), (1, 3, 1, _END), (2, 0, 4, _FREE)),
}
"""For each shape, where pills, pin, validity and sentence stand: line, column, columns, side."""


class DeliverRow(QWidget):
    """Folds its pills by itself where there is no room. Tells choices; what they mean is shown to it."""

    preset_chosen = Signal(str)
    pinned = Signal(bool)
    validity_chosen = Signal(int)
    change_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forced = False
        self._options: tuple[Option, ...] = ()
        self._shape: _Shape | None = None
        self._pills = PillRow(words.DELIVER)
        self._pills.chosen.connect(self.preset_chosen)
        self._pills.pressed_again.connect(self.preset_chosen)
        self._pin = icon_button("pin", words.PIN)
        self._pin.setCheckable(True)
        self._pin.toggled.connect(self.pinned)
        self._validity = ValidityChooser()
        self._validity.changed.connect(self.validity_chosen)
        self._validity.shape_changed.connect(self._arrange)
        self._says = _Sentence()
        self._says.change_requested.connect(self.change_requested)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_2)
        self._grid.setVerticalSpacing(theme.SPACE_1)
        self._grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._arrange()

    def show_options(self, options: Sequence[Option]) -> None:
        """The presets with the reasons of those that cannot be chosen."""
        self._options = tuple(options)
        self._pills.set_options(options)
        self._arrange()

    def offers(self, key: str) -> bool:
        """Whether `key` can be chosen now."""
        return any(option[0] == key and option[2] for option in self._options) and self.isEnabled()

    def show_choice(self, key: str, pinned: bool, seconds: int) -> None:
        """Which preset is chosen, whether it stays after sending, how long the message may wait."""
        self._pills.set_chosen(key)
        with QSignalBlocker(self._pin):
            self._pin.setChecked(pinned)
        self._pin.setToolTip(plain_tooltip(words.UNPIN if pinned else words.PIN))
        theme.set_icon(self._pin, "pin", "accent_text" if pinned else "text_quiet")
        self._validity.show_seconds(seconds)

    def show_now(self, now_ms: int, zone: tzinfo) -> None:
        """What time it is, for choices that end at a time of day."""
        self._validity.show_now(now_ms, zone)

    def show_sentence(self, mark: Mark, sentence: str, changeable: bool) -> None:
        """What pressing Send would do; `changeable` offers to change the condition behind it."""
        self._says.tell(mark, sentence, changeable)

    def set_sentence_visible(self, visible: bool) -> None:
        """False while something else says what the condition means."""
        self._says.setVisible(visible)

    def set_compact(self, compact: bool) -> None:
        """True folds the pills into a drop-down whatever the width."""
        self._forced = compact
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        folded = max(
            self._folded_pills_width() + self._pin.sizeHint().width() + theme.SPACE_2,
            self._validity.sizeHint().width(),
        )
        return QSize(folded, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Folds or unfolds the pills, and finds a place for the validity chooser."""
        pin = self._pin.sizeHint().width() + theme.SPACE_2
        room = self.width()
        folded = self._forced or self._pills.wide_width() > room
        if folded != self._pills.is_compact():
            self._pills.set_compact(folded)
        needed = self._folded_pills_width() if folded else self._pills.wide_width()
        bare = needed + pin + self._bare_validity_width() + theme.SPACE_2
        titled = bare + self._validity.title_width() <= room
        self._validity.set_titled(titled or not folded or bare > room)
        if titled or (folded and bare <= room):
            shape = _Shape.BESIDE_PRESETS
        else:
            shape = _Shape.BETWEEN if folded else self._tight_shape(room - pin)
        if shape is not self._shape:
            self._shape = shape
            self._place(shape)
        self.updateGeometry()

    def _bare_validity_width(self) -> int:
        """How wide the validity chooser is without its title."""
        return self._validity.sizeHint().width() - self._validity.title_width() * self._validity.titled()

    def _tight_shape(self, room: int) -> _Shape:
        left = room - self._validity.sizeHint().width()
        return _Shape.BESIDE_SENTENCE if left >= _SENTENCE_WIDTH_MIN else _Shape.OWN_LINE

    def _place(self, shape: _Shape) -> None:
        parts = (self._pills, self._pin, self._validity, self._says)
        for part in parts:
            self._grid.removeWidget(part)
        for part, (line, column, columns, side) in zip(parts, _PLACES[shape], strict=True):
            self._grid.addWidget(part, line, column, 1, columns, side)

    def _folded_pills_width(self) -> int:
        title, drop_down = self._pills.findChild(QLabel), self._pills.findChild(QComboBox)
        return sum(part.sizeHint().width() + theme.SPACE_2 for part in (title, drop_down) if part)


class _Sentence(QWidget):
    """A mark and what it means; a change is read out politely."""

    change_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mark = chip.MarkSign()
        self._warning = label()
        self._text = label(role="foot", wrap=True)
        self._change = QPushButton(words.CHANGE_CONDITION)
        self._change.setProperty("role", "link")
        self._change.clicked.connect(self.change_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(theme.SPACE_1 + 2)
        row.addWidget(self._mark)
        row.addWidget(self._warning)
        row.addWidget(self._text, 1)
        row.addWidget(self._change)
        theme.theme().changed.connect(self._draw)
        self._draw()

    def tell(self, mark: Mark, sentence: str, changeable: bool) -> None:
        """Shows `sentence` with its mark; an impossible condition has a warning sign."""
        known = mark is not Mark.IMPOSSIBLE
        self._mark.setVisible(known)
        self._warning.setVisible(not known)
        if known:
            self._mark.set_mark(chip.Mark[mark.name])
        self._change.setVisible(changeable)
        sentence = sentence.removeprefix(marked(mark, ""))  # the mark is drawn
        if sentence != self._text.text():
            self._text.setText(sentence)
            announce(self, sentence)

    def _draw(self) -> None:
        show_icon(self._warning, "warning", "warning", 16)
