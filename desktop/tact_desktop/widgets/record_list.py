"""Rows with a title, a few words about it, and buttons for what can be done: devices, people, invitations."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state.members import Item
from tact_desktop.state.wording_members import DEED_WORDS, Deed, deed_on
from tact_desktop.widgets.text import Elided, button_text, label

_ROLES = {Deed.LET_IN: "primary", Deed.DECLINE: ""}
"""How the button of a deed looks where it is not a quiet one."""


class RecordList(QWidget):
    """Shows the rows it is given, in place; `acted` carries a Deed and the key of a row."""

    acted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, RecordCard] = {}
        self._items: tuple[Item, ...] = ()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.SPACE_1 + 2)

    def show_items(self, items: Iterable[Item], enabled: bool) -> None:
        """Shows `items` in their order; a row that stays keeps the keyboard. Without `enabled` nothing can be done."""
        wanted = {item.key: item for item in items}
        for key in [key for key in self._cards if key not in wanted]:
            card = self._cards.pop(key)
            self._rows.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, (key, item) in enumerate(wanted.items()):
            card = self._cards.get(key) or self._made(key)
            if self._rows.indexOf(card) != place:
                self._rows.insertWidget(place, card)
                card.show()
            card.show_item(item, enabled)
        self.setVisible(bool(wanted))
        if tuple(wanted.values()) != self._items:
            self._items = tuple(wanted.values())
            self._put_in_order()

    def buttons(self) -> tuple[QPushButton, ...]:
        """What the Tab key visits, in order."""
        return tuple(button for item in self._items for button in self._cards[item.key].buttons())

    def _put_in_order(self) -> None:
        """A screen reader comes by in the order that the eye sees, whenever a row was made."""
        for item in self._items:
            self._cards[item.key].raise_()

    def _made(self, key: str) -> "RecordCard":
        card = self._cards[key] = RecordCard(key)
        card.acted.connect(self.acted)
        return card


class RecordCard(QFrame):
    """One row."""

    acted = Signal(str, str)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._key = key
        self._item: Item | None = None
        self._buttons: list[QPushButton] = []
        self._title, self._marks = Elided(role="strong"), label(role="foot")
        self._lines = label(role="foot", wrap=True)
        upper = QHBoxLayout()
        upper.setSpacing(theme.SPACE_2)
        self._title.setSizePolicy(
            self._title.sizePolicy().Policy.Maximum, self._title.sizePolicy().Policy.Preferred
        )
        upper.addWidget(self._title)
        upper.addWidget(self._marks)
        upper.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(upper)
        words.addWidget(self._lines)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        self._row.setSpacing(theme.SPACE_2)
        self._row.addLayout(words, 1)

    def show_item(self, item: Item, enabled: bool) -> None:
        """Shows `item`, in place."""
        if item != self._item:
            before, self._item = self._item, item
            self._title.setText(item.title)
            theme.set_role(self._title, "quiet" if item.quiet else "strong")
            self._marks.setText(item.beside)
            self._marks.setVisible(bool(item.beside))
            self._lines.setText("\n".join(item.lines))
            self._lines.setVisible(bool(item.lines))
            if before is None or (before.deeds, before.said) != (item.deeds, item.said):
                self._offer(item)
        for button in self._buttons:
            button.setEnabled(enabled)

    def buttons(self) -> tuple[QPushButton, ...]:
        """What the Tab key visits, in order."""
        return tuple(self._buttons)

    def _offer(self, item: Item) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(deed, item.said) for deed in item.deeds]
        for button in self._buttons:
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            button.show()

    def _button(self, deed: Deed, what: str) -> QPushButton:
        button = QPushButton(button_text(DEED_WORDS[deed]), self)
        button.setProperty("role", _ROLES.get(deed, "link"))
        button.setAccessibleName(deed_on(deed, what))
        button.clicked.connect(partial(self.acted.emit, deed.value, self._key))
        return button
