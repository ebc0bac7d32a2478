"""My own presence: availability and mood one click away, and what I say about myself."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.state import wording_me
from tact_desktop.state import wording_panels as words
from tact_desktop.state.presence_ends import Ending
from tact_desktop.state.wording_person import until_short, until_word
from tact_desktop.state.wording_words import attribute_word, value_label, value_word
from tact_desktop.widgets.about_me import AboutMe
from tact_desktop.widgets.avatar import Avatar
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.icon_button import icon_button
from tact_desktop.widgets.own_text import OwnText
from tact_desktop.widgets.presence_glyph import Glyph, glyph_icon
from tact_desktop.widgets.text import Elided, button_text, explain
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
    """Shows my presence as the engine has it; a choice is told as the attributes it changes, which then have no end.

    `end_chosen` tells when (UTC milliseconds, None for never) it is to end, and which attributes were changed along.
    """

    presence_chosen = Signal(dict)
    end_chosen = Signal(object, object)
    sign_out_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._handle, self._name = "", ""
        self._values: Mapping[str, Value] = {}
        self._endings: Mapping[str, Ending] = {}
        self._now, self._zone = 0, UTC
        self._compact = False
        self._avatar = Avatar()
        self._alias = Elided(role="strong")
        self._availability = _ChoiceButton(USER_AVAILABILITY)
        self._mood = _ChoiceButton(USER_MOOD)
        self._status = OwnText(STATUS_TEXT, words.STATUS_HINT, words.CLEAR_STATUS)
        self._more = icon_button("chevron-down", wording_me.MORE)
        self._more.setCheckable(True)
        self._about = AboutMe()
        self._shutter = _Shutter(self._about)
        self._shutter.setVisible(False)
        for choice in (self._availability, self._mood):
            choice.chosen.connect(self._choose)
        self._status.settled.connect(partial(self._choose, STATUS_TEXT))
        self._availability.add_action(wording_me.UNTIL_MENU, "clock").triggered.connect(self._open_ends)
        self._availability.add_action(words.SIGN_OUT, "log-out").triggered.connect(self.sign_out_requested)
        self._more.toggled.connect(self._unfold)
        self._about.chosen.connect(self._choose)
        self._about.end_chosen.connect(self.end_chosen)
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

    def show_now(self, now_ms: int, zone: tzinfo) -> None:
        """What time it is (UTC milliseconds) and where: ends are chosen and shown by it."""
        self._now, self._zone = now_ms, zone
        self._about.show_now(now_ms, zone)

    def show_presence(
        self, values: Mapping[str, Value], endings: Mapping[str, Ending] | None = None, can_end: bool = False
    ) -> None:
        """My presence, attribute name → value; a text being written stays as it is.

        `endings` says what of it ends by itself, `can_end` whether there is anything that could.
        """
        self._values, self._endings = values, endings or {}
        self._status.show_text(str(values.get(STATUS_TEXT, "")))
        self._about.show_presence(values, self._endings, can_end)
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
        head.addWidget(self._more)
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
        self._rows.addWidget(self._shutter)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Esc folds in what was unfolded."""
        if event.key() == Qt.Key.Key_Escape and self._more.isChecked():
            self._more.setChecked(False)
            self._more.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _choose(self, name: str, value: str) -> None:
        self.presence_chosen.emit({name: value})
        if name in (USER_AVAILABILITY, USER_MOOD):
            self._about.note_changed(name)

    def _unfold(self, unfolded: bool) -> None:
        self._shutter.setVisible(unfolded)
        theme.set_icon(self._more, "chevron-up" if unfolded else "chevron-down", "text_quiet")

    def _open_ends(self) -> None:
        self._more.setChecked(True)
        self._about.focus_ends()

    def _draw(self) -> None:
        availability = self._value(USER_AVAILABILITY)
        glyph = Glyph[availability] if self._values.get(ONLINE_STATUS, True) else Glyph.OFFLINE
        for button, name in ((self._availability, USER_AVAILABILITY), (self._mood, USER_MOOD)):
            ending = self._endings.get(name)
            button.show_value(self._value(name), *(self._ends_at(ending.at) if ending else ()))
        needed = self._availability.sizeHint().width() + theme.SPACE_1 + self._mood.sizeHint().width()
        self._buttons.setMinimumWidth(needed if self._compact else 0)
        spoken = value_word(USER_AVAILABILITY, availability)
        self._avatar.set_person(self._handle, self._name, glyph, spoken)

    def _ends_at(self, at_ms: int) -> tuple[str, str]:
        """When something ends, in full and short."""
        return until_word(at_ms, self._now, self._zone), until_short(at_ms, self._now, self._zone)

    def _value(self, name: str) -> str:
        return str(self._values.get(name, ATTRIBUTES[name].default))


class _Shutter(QScrollArea):
    """As high as what is in it where there is room; else it scrolls, and no window grows for it."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._inside = inside
        self.setWidget(inside)
        inside.installEventFilter(self)

    def sizeHint(self) -> QSize:
        inside = self._inside
        return QSize(inside.sizeHint().width(), inside.heightForWidth(self.viewport().width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._inside.minimumSizeHint().width(), theme.CONTROL_HEIGHT)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """What is inside became higher or lower."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class _ChoiceButton(QPushButton):
    """One attribute of few words: shows the word that holds, and offers all of them in a menu."""

    chosen = Signal(str, str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._title, self._attribute = attribute_word(name), name
        self._value = str(ATTRIBUTES[name].default)
        self._until: tuple[str, str] | tuple[()] = ()
        self._texts: tuple[str, ...] = ()
        self.setProperty("role", "presence")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(_GLYPH, _GLYPH))
        menu = QMenu(self)
        menu.setAccessibleName(self._title)
        self._actions = {value: self._offer(menu, value) for value in ATTRIBUTES[name].words}
        self.setMenu(menu)

    def add_action(self, text: str, icon: str) -> QAction:
        """One more entry below a line, such as "Sign out"."""
        self.menu().addSeparator()
        action = self.menu().addAction(button_text(text))
        theme.set_icon(action, icon, "text_quiet")
        return action

    def show_value(self, value: str, until: str = "", short: str = "") -> None:
        """Shows `value` on the button, with its end where it has one, and marks it in the menu."""
        self._value, self._until = value, (until, short) if until else ()
        text, word = value_label(self._attribute, value), value_word(self._attribute, value)
        self._texts = (f"{text} {until}", f"{text} – {short}", f"{text} …") if until else (text,)
        self._fit()
        self.updateGeometry()
        self.setIcon(_icon(self._attribute, value))
        self.setAccessibleName(words.named(self._title, f"{word} {until}" if until else word))
        for offered, action in self._actions.items():
            action.setIcon(_icon(self._attribute, offered))
            action.setChecked(offered == value)
            action.setFont(theme.font(strong=offered == value))

    def sizeHint(self) -> QSize:
        return QSize(self._width(self._texts[0]), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(self._texts[-1]), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()

    def open_menu(self) -> None:
        """Opens the menu below the button, its present value marked."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def _offer(self, menu: QMenu, value: str) -> QAction:
        action = menu.addAction(button_text(value_label(self._attribute, value)))
        action.setCheckable(True)
        action.triggered.connect(partial(self._pick, value))
        return action

    def _pick(self, value: str) -> None:
        self.show_value(self._value, *self._until)  # a pick is a wish: what holds is shown to us
        self.chosen.emit(self._attribute, value)

    def _fit(self) -> None:
        """The longest text there is room for; one that is cut says all of itself in its tool tip."""
        fitting = next((text for text in self._texts if self._width(text) <= self.width()), self._texts[-1])
        self.setText(button_text(fitting))
        explain(self, "" if fitting == self._texts[0] else self._texts[0])

    def _width(self, text: str) -> int:
        icon = 0 if self._attribute != USER_AVAILABILITY else _GLYPH + theme.SPACE_1
        return self.fontMetrics().horizontalAdvance(text) + icon + _SIDES


def _icon(name: str, value: str) -> QIcon:
    return glyph_icon(Glyph[value]) if name == USER_AVAILABILITY else QIcon()
