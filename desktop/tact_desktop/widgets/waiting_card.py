"""One message that waits, or that did not arrive: what it waits for, how long still, and what can be done."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state import wording_waiting
from tact_desktop.state.entry import Stage
from tact_desktop.state.outbox import ClauseMark, Waiting
from tact_desktop.state.wording_panels import Undelivered
from tact_desktop.widgets import chip
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.icon_button import icon_button, show_icon
from tact_desktop.widgets.text import Elided, explain, label

_BAR_STEPS = 1000
_ICON, _SIGN = 18, 16


class Card(QFrame):
    """A card the keyboard can reach: Enter opens its conversation, Delete does the last of its actions.

    `acted` carries the key of an action and the message's id; `noticed` that the keyboard has come to the card.
    """

    acted = Signal(str, str)
    noticed = Signal(str)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._name = Elided(role="strong")
        self._text = Elided()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(theme.SPACE_3, theme.SPACE_2 + 2, theme.SPACE_2, theme.SPACE_2)
        self._rows.setSpacing(theme.SPACE_1)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.acted.emit(words.OPEN, self.key)
            case Qt.Key.Key_Delete:
                self.acted.emit(self._last_action(), self.key)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        super().focusInEvent(event)
        self.noticed.emit(self.key)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.acted.emit(words.OPEN, self.key)
        super().mouseReleaseEvent(event)

    def focus_order(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        return [self, *self.findChildren(QPushButton)]

    def _last_action(self) -> str:
        raise NotImplementedError

    def _act(self, action: str) -> None:
        self.acted.emit(action, self.key)


class WaitingCard(Card):
    """A message that waits. Its actions are seen while the pointer or the keyboard is on it, and always reachable."""

    deeds: tuple[tuple[str, str], ...] = (
        ("send", words.SEND_NOW),
        ("pencil", words.EDIT),
        ("bell", wording_waiting.TELL_ONLY),
        ("undo", words.WITHDRAW),
    )
    """(icon, words) of each, the one that ends the waiting last."""
    sign = ""
    """The icon beside the title of this kind of card."""

    def __init__(self, item: Waiting, parent: QWidget | None = None) -> None:
        super().__init__(item.entry.id, parent)
        self._item: Waiting | None = None
        self._shape: tuple[int, tuple[int, ...], int] | None = None
        self._chips = QWidget()
        self._made: list[chip.Chip] = []
        self._flow = FlowLayout(self._chips)
        self._sign = label()
        self._note = label(role="foot", wrap=True)
        self._left = label(role="foot")
        self._bar = QProgressBar()
        self._bar.setRange(0, _BAR_STEPS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(words.TIME_LEFT)
        self._buttons = [self._button(icon, action) for icon, action in self.deeds]
        theme.theme().changed.connect(self._draw_sign)
        self._lay_out()
        self._reveal()
        self.show_item(item)

    def show_item(self, item: Waiting) -> None:
        """Shows how the message stands now, in place."""
        if item == self._item:
            return
        self._item = item
        self._name.setText(item.title)
        self._text.setText(item.entry.text)
        self._text.setVisible(bool(item.entry.text))
        self._note.setText(item.note)
        self._note.setVisible(bool(item.note))
        self._draw_sign()
        self._left.setText(item.time_left_text)
        theme.set_role(self._left, "warning" if item.urgent else "foot")
        self._left.setFont(theme.font(theme.FONT_FOOT, strong=item.urgent))
        self._bar.setVisible(item.entry.stage is not Stage.UNSENT)
        self._bar.setValue(round(item.fraction_left * _BAR_STEPS))
        self._bar.setAccessibleDescription(item.time_left_text)
        self._show_clauses(item)
        self.setAccessibleName(words.card_name(item.title, item.entry.text, item.time_left_text))
        self.setAccessibleDescription(item.note)
        for button in self._buttons:
            button.setAccessibleDescription(words.card_name(item.title, item.entry.text))

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._reveal()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent, /) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._reveal()
        return done

    def actions_in_sight(self) -> bool:
        """Whether the actions are drawn now."""
        return not self._veil.isEnabled()

    def _last_action(self) -> str:
        return self.deeds[-1][1]

    def _button(self, icon: str, action: str) -> QPushButton:
        button = icon_button(icon, action, _ICON)
        button.clicked.connect(partial(self._act, action))
        button.installEventFilter(self)
        return button

    def _lay_out(self) -> None:
        actions = QWidget()
        self._veil = QGraphicsOpacityEffect(actions)
        self._veil.setOpacity(0)
        actions.setGraphicsEffect(self._veil)
        held = QHBoxLayout(actions)
        held.setContentsMargins(0, 0, 0, 0)
        held.setSpacing(0)
        for button in self._buttons:
            held.addWidget(button)
        foot = QHBoxLayout()
        foot.addWidget(self._left, 1)
        foot.addWidget(actions)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_1 + 2)
        head.addWidget(self._sign)
        head.addWidget(self._name, 1)
        self._rows.addLayout(head)
        self._rows.addWidget(self._text)
        self._rows.addSpacing(theme.SPACE_1)
        self._rows.addWidget(self._chips)
        self._rows.addWidget(self._note)
        self._rows.addLayout(foot)
        self._rows.addWidget(self._bar)

    def _reveal(self) -> None:
        within = self.underMouse() or self.hasFocus() or any(button.hasFocus() for button in self._buttons)
        self._veil.setEnabled(not within)

    def _draw_sign(self) -> None:
        paused = self._item is not None and self._item.paused
        sign, colour = ("pencil", "warning") if paused else (self.sign, "text_quiet")
        self._sign.setVisible(bool(sign))
        if sign:
            show_icon(self._sign, sign, colour, _SIGN)

    def _show_clauses(self, item: Waiting) -> None:
        shape = (
            len(item.always),
            tuple(clause.alternative for clause in item.marks),
            len(item.besides),
        )
        if shape != self._shape:
            self._rebuild(*shape)
        for made, clause in zip(self._made, (*item.always, *item.marks, *item.besides), strict=True):
            self._show_clause(made, clause, item.stale)

    def _show_clause(self, made: chip.Chip, clause: ClauseMark, stale: bool) -> None:
        beside = words.beside(clause.text, clause.now_text)
        made.set_clause(clause.text, clause.mark, beside, stale)
        whole = words.clause_now(clause.text, clause.now_text) if clause.now_text else ""
        explain(made, whole)

    def _rebuild(self, always: int, alternatives: tuple[int, ...], besides: int) -> None:
        """Makes the chips anew: what is always needed, the alternatives, and what is needed besides."""
        while (held := self._flow.takeAt(0)) is not None:
            old = held.widget()
            if old is not None:
                old.setParent(None)
                old.deleteLater()
        self._made = [self._add_chip() for _ in range(always)]
        for before, alternative in zip((0, *alternatives), alternatives, strict=False):
            if alternative != before:
                self._add_word(words.OR_ELSE)
            self._made.append(self._add_chip())
        if besides and any(alternatives):
            self._add_word(wording_waiting.AND)
        self._made += [self._add_chip() for _ in range(besides)]
        self._shape = (always, alternatives, besides)

    def _add_word(self, word: str) -> None:
        made = label(word, "foot")
        self._flow.addWidget(made)
        made.show()

    def _add_chip(self) -> chip.Chip:
        made = chip.Chip("", chip.Mark.UNKNOWN)
        self._flow.addWidget(made)
        made.show()
        return made


class UndeliveredCard(Card):
    """A message that did not arrive, with the reason and what can be done about it."""

    def __init__(self, item: Undelivered, parent: QWidget | None = None) -> None:
        super().__init__(item.id, parent)
        self._reason = label(role="danger", wrap=True)
        self._reason.setFont(theme.font(theme.FONT_FOOT))
        self._again = again = QPushButton(wording_waiting.ASK_AGAIN if item.alert else words.SEND_AGAIN)
        delete = QPushButton(words.DELETE)
        for button, action in ((again, words.SEND_AGAIN), (delete, words.DELETE)):
            button.clicked.connect(partial(self._act, action))
        delete.setProperty("role", "quiet")
        theme.set_icon(again, "refresh", "text_quiet", _ICON)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_1)
        foot.addWidget(again)
        foot.addWidget(delete)
        foot.addStretch(1)
        for part in (self._name, self._text, self._reason):
            self._rows.addWidget(part)
        self._rows.addSpacing(theme.SPACE_1)
        self._rows.addLayout(foot)
        self.show_item(item)

    def show_item(self, item: Undelivered) -> None:
        """Shows `item`, in place."""
        self._name.setText(item.name)
        self._text.setText(item.text)
        self._text.setVisible(bool(item.text))
        self._reason.setText(item.reason)
        self._again.setVisible(item.repeatable)
        self.setAccessibleName(words.card_name(item.name, item.text, item.reason))

    def _last_action(self) -> str:
        return words.DELETE
