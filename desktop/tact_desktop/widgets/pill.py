"""One choice out of a few, all in sight: a row of pills, or one drop-down where there is no room."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.widgets.text import label, plain_tooltip

Option = tuple[str, str, bool, str]
"""(key, text, enabled, why not or "")"""

_SIDES = 2 * (10 + 2)  # padding and border of a pill in the style sheet


class Pill(QPushButton):
    """A button of which exactly one in its row is chosen; screen readers call it a radio button."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setProperty("role", "pill")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        # Chosen text is bold: room for that always, so that nothing moves and nothing is cut.
        metrics = QFontMetrics(theme.font(strong=True))
        return QSize(metrics.horizontalAdvance(self.text()) + _SIDES + 2, theme.PILL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class PillRow(QWidget):
    """A titled row of pills; `chosen` tells the key that a person chose, never one that `set_chosen` set."""

    chosen = Signal(str)
    pressed_again = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options: tuple[Option, ...] = ()
        self._pills: dict[str, Pill] = {}
        self._key = ""
        self._refreshing = self._just_chosen = False
        self._compact = False
        self._title = label(title, "quiet")
        self._list = QComboBox()
        self._list.setAccessibleName(title)
        self._list.setVisible(False)
        self._list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._list.activated.connect(self._list_activated)
        self._title.setBuddy(self._list)
        self.setAccessibleName(title)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.SPACE_1 + 2)
        self._row.addWidget(self._title)
        self._row.addWidget(self._list)
        self._row.addStretch(1)

    def set_options(self, options: Sequence[Option]) -> None:
        """All choices, in order; the chosen key is kept if it is still among them."""
        if tuple(options) == self._options:
            return
        same = [option[:2] for option in options] == [option[:2] for option in self._options]
        self._options = tuple(options)
        if not same:
            self._rebuild()
        self._refresh()

    def set_chosen(self, key: str) -> None:
        """Marks `key` as the chosen one, silently."""
        self._key = key
        self._refresh()

    def chosen_key(self) -> str:
        """The key of the chosen option."""
        return self._key

    def set_compact(self, compact: bool) -> None:
        """Folds the pills into a drop-down with the same choices, or unfolds them."""
        self._compact = compact
        for pill in self._pills.values():
            pill.setVisible(not compact)
        self._list.setVisible(compact)

    def is_compact(self) -> bool:
        """Whether the choices stand in a drop-down now."""
        return self._compact

    def wide_width(self) -> int:
        """The width in pixels that the row needs when it is not compact."""
        pills = sum(pill.sizeHint().width() + self._row.spacing() for pill in self._pills.values())
        return self._title.sizeHint().width() + pills

    def _rebuild(self) -> None:
        for pill in self._pills.values():
            self._row.removeWidget(pill)
            pill.setParent(None)
            pill.deleteLater()
        self._pills = {}
        self._list.clear()
        for place, (key, text, _, _) in enumerate(self._options):
            pill = Pill(text, self)
            self._listen(pill, key)
            self._row.insertWidget(1 + place, pill)
            self._pills[key] = pill
            self._list.addItem(text, key)
        self.set_compact(self._compact)

    def _refresh(self) -> None:
        model = cast(QStandardItemModel, self._list.model())
        for place, (key, _, enabled, reason) in enumerate(self._options):
            pill = self._pills[key]
            pill.setEnabled(enabled)
            pill.setToolTip(plain_tooltip(reason))
            pill.setAccessibleDescription(reason)
            self._refreshing = True
            pill.setChecked(key == self._key)
            self._refreshing = False
            item = model.item(place)
            item.setEnabled(enabled)
            item.setToolTip(plain_tooltip(reason))
        self._list.setCurrentIndex(self._list.findData(self._key))

    def _listen(self, pill: Pill, key: str) -> None:
        """A choice is the pill's toggling, by hand or by a screen reader; what `_refresh` sets is none.

        Pressing what is chosen already is told apart: a choice that opens something opens it again.
        """

        def toggled(checked: bool) -> None:
            if checked and not self._refreshing:
                self._choose(key)

        def pressed() -> None:
            if key == self._key and not self._just_chosen:
                self.pressed_again.emit(key)
            self._just_chosen = False

        pill.toggled.connect(toggled)
        pill.clicked.connect(pressed)

    def _choose(self, key: str) -> None:
        self._list.setCurrentIndex(self._list.findData(key))
        if key != self._key:
            self._key, self._just_chosen = key, True
            self.chosen.emit(key)

    def _list_activated(self, place: int) -> None:
        key = self._options[place][0]
        self._pills[key].setChecked(True)
        self._choose(key)
        self._just_chosen = False
