"""Lists to choose from inside a form: one value from a drop-down, or several from a menu that stays open."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QMenu, QPushButton, QWidget, QWidgetAction

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.condition_choices import Choice
from tact_desktop.widgets.emoji import emoji_icon
from tact_desktop.widgets.text import button_text, label, plain_tooltip
from tact_engine.core.presence import Value


class LabelledList(QWidget):
    """A drop-down with a name that only a screen reader needs: what it is shows from where it stands.

    An emoji stands beside its word and not in it, so that letters choose words.
    """

    chosen = Signal(object)

    def __init__(self, width: int) -> None:
        super().__init__()
        self.list = QComboBox()
        self.list.setMinimumWidth(width)
        self.list.setIconSize(QSize(theme.SPACE_4, theme.SPACE_4))
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.list.activated.connect(self._tell)
        self._title = label()
        self._title.setVisible(False)
        self._title.setBuddy(self.list)
        self._choices: Sequence[Choice[str] | Choice[Value]] = ()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._title)
        line.addWidget(self.list)

    def set_title(self, title: str) -> None:
        """What a screen reader calls it."""
        self._title.setText(title)

    def show_choices(self, choices: Sequence[Choice[str]] | Sequence[Choice[Value]], value: object) -> None:
        """Offers `choices`, `value` being chosen, silently."""
        with QSignalBlocker(self.list):
            if list(choices) != list(self._choices):
                self._choices = choices
                self.list.clear()
                self._add(choices)
            places = [place for place, choice in enumerate(choices) if choice.value == value]
            self.list.setCurrentIndex(places[0] if places else -1)

    def _add(self, choices: Sequence[Choice[str]] | Sequence[Choice[Value]]) -> None:
        model = cast(QStandardItemModel, self.list.model())
        for place, choice in enumerate(choices):
            if choice.emoji:
                self.list.addItem(emoji_icon(choice.emoji), choice.text)
            else:
                self.list.addItem(choice.text)
            model.item(place).setEnabled(not choice.why_not)
            model.item(place).setToolTip(plain_tooltip(choice.why_not))

    def _tell(self, place: int) -> None:
        self.chosen.emit(self._choices[place].value)


class SeveralButton(QPushButton):
    """Several values at once: a button that names them, over a menu of check boxes that stays open."""

    chosen = Signal(object)

    def __init__(self, width: int) -> None:
        super().__init__()
        self._title = self._said = ""
        self._boxes: list[tuple[Value, QCheckBox]] = []
        self._choices: Sequence[Choice[Value]] = ()
        self.setMinimumWidth(width)
        self.setMenu(QMenu(self))

    def set_title(self, title: str) -> None:
        """What a screen reader calls it, before the values."""
        self._title = title
        self.setAccessibleName(words.named(title, self._said))

    def show_choices(self, choices: Sequence[Choice[Value]], values: Sequence[Value]) -> None:
        """Offers `choices`, `values` being checked, silently."""
        if list(choices) != list(self._choices):
            self._rebuild(choices)
        for value, box in self._boxes:
            with QSignalBlocker(box):
                box.setChecked(value in values)
        self._said = words.several([choice.label for choice in choices if choice.value in values])
        self.setText(button_text(self._said))
        self.set_title(self._title)

    def _rebuild(self, choices: Sequence[Choice[Value]]) -> None:
        self._choices = choices
        self._boxes = []
        self.menu().clear()
        for choice in choices:
            box = QCheckBox(button_text(choice.label))
            box.toggled.connect(self._tell)
            action = QWidgetAction(self.menu())
            action.setDefaultWidget(box)
            self.menu().addAction(action)
            self._boxes.append((choice.value, box))

    def _tell(self) -> None:
        self.chosen.emit(tuple(value for value, box in self._boxes if box.isChecked()))
