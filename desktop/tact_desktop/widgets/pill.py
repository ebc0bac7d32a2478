"""One choice out of a few, all in sight: a row of pills, or one drop-down where there is no room.

Between the two, choices of one's own are gathered behind one pill, and the others stay in sight.
"""

from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state.wording_panels import named
from tact_desktop.widgets.own_menu import offer_own
from tact_desktop.widgets.text import button_text, explain, label, plain_tooltip

Option = tuple[str, str, bool, str]
"""(key, text, enabled, why not or "")"""

_ARROW = 20  # the sign of a menu beside the text
_SIDES = 2 * (10 + 2)  # padding and border of a pill in the style sheet


class Pill(QPushButton):
    """A button of which exactly one in its row is chosen; screen readers call it a radio button."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(button_text(text), parent)
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


class MorePill(QPushButton):
    """The pill behind which the choices of one's own are gathered; it says which of them is chosen."""

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(button_text(title), parent)
        self._title, self._options, self._key = title, tuple[Option, ...](), ""
        self.setProperty("role", "pill")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMenu(QMenu(self))

    def show_options(self, options: Sequence[Option], key: str) -> None:
        """Offers `options`, `key` being chosen if it is among them."""
        if (tuple(options), key) == (self._options, self._key):
            return
        self._options, self._key = tuple(options), key
        self.menu().clear()
        self.menu().setToolTipsVisible(True)
        for place, text, enabled, reason in options:
            action = QAction(
                button_text(text), self.menu(), checkable=True, checked=place == key, enabled=enabled
            )
            action.setToolTip(plain_tooltip(reason))
            action.triggered.connect(partial(self._choose, place))
            self.menu().addAction(action)
        mine = next((text for place, text, _, _ in options if place == key), "")
        self.setText(button_text(mine or self._title))
        self.setAccessibleName(named(self._title, mine) if mine else self._title)
        theme.set_role(self, "pill", "chosen" if mine else None)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(strong=True))
        return QSize(metrics.horizontalAdvance(self.text()) + _SIDES + _ARROW, theme.PILL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _choose(self, key: str, _checked: bool = False) -> None:
        self.chosen.emit(key)


class Shape(Enum):
    """How the choices stand: all as pills, those of one's own behind one pill, or all in a drop-down."""

    WIDE = 0
    GATHERED = 1
    COMPACT = 2


class PillRow(QWidget):
    """A titled row of pills; `chosen` tells the key that a person chose, never one that `set_chosen` set.

    The options after the first `common` are of one's own: `rename_wanted` and `delete_wanted` tell their keys.
    """

    chosen = Signal(str)
    pressed_again = Signal(str)
    rename_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(
        self, title: str, parent: QWidget | None = None, common: int | None = None, more: str = ""
    ) -> None:
        super().__init__(parent)
        self._common = common
        self._shape = Shape.WIDE
        self._options: tuple[Option, ...] = ()
        self._pills: dict[str, Pill] = {}
        self._key = ""
        self._refreshing = self._just_chosen = False
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
        self._more = MorePill(more, self)
        self._more.chosen.connect(self._choose_elsewhere)
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        for where in (self._more, self._list):
            offer_own(where, self._own_key, self.rename_wanted.emit, self.delete_wanted.emit)
        self.set_shape(Shape.WIDE)

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

    def set_shape(self, shape: Shape) -> None:
        """Folds the pills into a drop-down with the same choices, or some behind one pill, or unfolds them."""
        self._shape = shape
        own = self._own()
        for key, pill in self._pills.items():
            pill.setVisible(shape is Shape.WIDE or (shape is Shape.GATHERED and key not in own))
        self._more.setVisible(shape is Shape.GATHERED and bool(own))
        self._list.setVisible(shape is Shape.COMPACT)

    def shape_now(self) -> Shape:
        """How the choices stand now."""
        return self._shape

    def width_as(self, shape: Shape) -> int:
        """The width in pixels that the row needs in that shape."""
        parts: list[QWidget] = [self._list]
        if shape is not Shape.COMPACT:
            gathered = self._own() if shape is Shape.GATHERED else {}
            parts = [pill for key, pill in self._pills.items() if key not in gathered]
            parts += [self._more] if gathered else []
        return self._title.sizeHint().width() + sum(
            part.sizeHint().width() + self._row.spacing() for part in parts
        )

    def _own(self) -> dict[str, Option]:
        """The options of one's own, by their key."""
        return {} if self._common is None else {option[0]: option for option in self._options[self._common :]}

    def _own_key(self) -> str:
        """The key chosen, where it is one of one's own."""
        return self._key if self._key in self._own() else ""

    def _choose_elsewhere(self, key: str) -> None:
        """A choice that was made in a list: it is always a new act."""
        self._pills[key].setChecked(True)
        self._choose(key)
        self._just_chosen = False

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
            if key in self._own():
                offer_own(pill, partial(str, key), self.rename_wanted.emit, self.delete_wanted.emit)
            self._row.insertWidget(1 + place, pill)
            self._pills[key] = pill
            self._list.addItem(text, key)
        self.set_shape(self._shape)

    def _refresh(self) -> None:
        model = cast(QStandardItemModel, self._list.model())
        for place, (key, _, enabled, reason) in enumerate(self._options):
            pill = self._pills[key]
            pill.setEnabled(enabled)
            explain(pill, reason)
            self._refreshing = True
            pill.setChecked(key == self._key)
            self._refreshing = False
            item = model.item(place)
            item.setEnabled(enabled)
            item.setToolTip(plain_tooltip(reason))
        self._list.setCurrentIndex(self._list.findData(self._key))
        self._more.show_options(tuple(self._own().values()), self._key)

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
        self._choose_elsewhere(self._options[place][0])
