"""My own presence: availability and mood one click away, and what I say about myself."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QIcon, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.wording_words import attribute_word, value_label, value_word
from tact_desktop.widgets.avatar import Avatar
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.presence_glyph import Glyph, glyph_icon
from tact_desktop.widgets.text import Elided
from tact_engine.core.presence import (
    ATTRIBUTES,
    ONLINE_STATUS,
    STATUS_TEXT,
    USER_AVAILABILITY,
    USER_MOOD,
    Value,
)

_GLYPH = 14
_SIDES = 41  # padding and border of the role "presence" in the style sheet, and a little air


class PresenceBar(QWidget):
    """Shows my presence as the engine has it; a choice is told as the attributes it changes."""

    presence_chosen = Signal(dict)
    sign_out_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._handle, self._name = "", ""
        self._values: Mapping[str, Value] = {}
        self._compact = False
        self._avatar = Avatar()
        self._alias = Elided(role="strong")
        self._availability = _ChoiceButton(USER_AVAILABILITY)
        self._mood = _ChoiceButton(USER_MOOD)
        self._status = _StatusField()
        for choice in (self._availability, self._mood):
            choice.chosen.connect(self._choose)
        self._status.settled.connect(partial(self._choose, STATUS_TEXT))
        self._availability.add_action(words.SIGN_OUT, "log-out").triggered.connect(self.sign_out_requested)
        self._lay_out()
        for keys, button in (("Ctrl+Shift+A", self._availability), ("Ctrl+Shift+M", self._mood)):
            QShortcut(QKeySequence(keys), self, button.open_menu)
        theme.theme().changed.connect(self._draw)
        self._draw()

    def show_me(self, handle: str, name: str) -> None:
        """Who I am."""
        self._handle, self._name = handle, name
        self._alias.setText(name)
        self._draw()

    def show_presence(self, values: Mapping[str, Value]) -> None:
        """My presence, attribute name → value; a status text being written stays as it is."""
        self._values = values
        self._status.show_text(str(values.get(STATUS_TEXT, "")))
        self._draw()

    def set_compact(self, compact: bool) -> None:
        """One line instead of three, without my name."""
        self._compact = compact
        self._alias.setVisible(not compact)
        direction = QBoxLayout.Direction
        self._rows.setDirection(direction.LeftToRight if compact else direction.TopToBottom)
        middle = Qt.AlignmentFlag.AlignVCenter if compact else Qt.AlignmentFlag(0)
        self._rows.setAlignment(self._buttons, middle)
        self._draw()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_3)
        head.addWidget(self._avatar)
        head.addWidget(self._alias, 1)
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons, theme.SPACE_1)
        flow.addWidget(self._availability)
        flow.addWidget(self._mood)
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(theme.SPACE_3, theme.SPACE_3, theme.SPACE_3, theme.SPACE_2)
        self._rows.setSpacing(theme.SPACE_1 + 2)
        self._rows.addLayout(head)
        self._rows.addWidget(self._buttons)
        self._rows.addWidget(self._status)

    def _choose(self, name: str, value: str) -> None:
        self.presence_chosen.emit({name: value})

    def _draw(self) -> None:
        availability = self._value(USER_AVAILABILITY)
        glyph = Glyph[availability] if self._values.get(ONLINE_STATUS, True) else Glyph.OFFLINE
        self._availability.show_value(availability)
        self._mood.show_value(self._value(USER_MOOD))
        needed = self._availability.sizeHint().width() + theme.SPACE_1 + self._mood.sizeHint().width()
        self._buttons.setMinimumWidth(needed if self._compact else 0)
        spoken = value_word(USER_AVAILABILITY, availability)
        self._avatar.set_person(self._handle, self._name, glyph, spoken)

    def _value(self, name: str) -> str:
        return str(self._values.get(name, ATTRIBUTES[name].default))


class _ChoiceButton(QPushButton):
    """One attribute of few words: shows the word that holds, and offers all of them in a menu."""

    chosen = Signal(str, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._title, self._attribute = attribute_word(name), name
        self._value = str(ATTRIBUTES[name].default)
        self.setProperty("role", "presence")
        self.setIconSize(QSize(_GLYPH, _GLYPH))
        menu = QMenu(self)
        menu.setAccessibleName(self._title)
        self._actions = {value: self._offer(menu, value) for value in ATTRIBUTES[name].words}
        self.setMenu(menu)

    def add_action(self, text: str, icon: str) -> QAction:
        """One more entry below a line, such as "Sign out"."""
        self.menu().addSeparator()
        action = self.menu().addAction(text)
        theme.set_icon(action, icon, "text_quiet")
        return action

    def show_value(self, value: str) -> None:
        """Shows `value` on the button and marks it in the menu."""
        self._value = value
        self.setText(value_label(self._attribute, value))
        self.setIcon(_icon(self._attribute, value))
        self.setAccessibleName(words.named(self._title, value_word(self._attribute, value)))
        for offered, action in self._actions.items():
            action.setIcon(_icon(self._attribute, offered))
            action.setChecked(offered == value)
            action.setFont(theme.font(strong=offered == value))

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text())
        icon = 0 if self.icon().isNull() else _GLYPH + theme.SPACE_1
        return QSize(text + icon + _SIDES, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def open_menu(self) -> None:
        """Opens the menu below the button, its present value marked."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def _offer(self, menu: QMenu, value: str) -> QAction:
        action = menu.addAction(value_label(self._attribute, value))
        action.setCheckable(True)
        action.triggered.connect(partial(self._pick, value))
        return action

    def _pick(self, value: str) -> None:
        self.show_value(self._value)  # a pick is a wish: what holds is shown to us
        self.chosen.emit(self._attribute, value)


class _StatusField(QLineEdit):
    """What I say about myself: Enter or leaving the field settles it, Esc takes the writing back."""

    settled = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName(attribute_word(STATUS_TEXT))
        self.setPlaceholderText(words.STATUS_HINT)
        self.setMaxLength(ATTRIBUTES[STATUS_TEXT].length_max)
        self._clear = self.addAction(QIcon(), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setText(words.CLEAR_STATUS)
        self._clear.setVisible(False)
        theme.set_icon(self._clear, "x", "text_quiet")
        self._clear.triggered.connect(self._empty)
        self.textChanged.connect(self._offer_clear)
        self.editingFinished.connect(self._settle)

    def show_text(self, text: str) -> None:
        """Shows what holds, unless it is being changed right now."""
        writing = self.hasFocus() and self.text() != self._shown
        self._shown = text
        if not writing and text != self.text():
            self.setText(text)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def _offer_clear(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    def _empty(self) -> None:
        self.clear()
        self._settle()

    def _settle(self) -> None:
        text = " ".join(self.text().split())
        if text != self._shown:
            self._shown = text
            self.settled.emit(text)


def _icon(name: str, value: str) -> QIcon:
    return glyph_icon(Glyph[value]) if name == USER_AVAILABILITY else QIcon()
