"""The condition editor: rows that must hold, alternatives to them, and at once what that means and how it stands."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import condition_rows as rows
from tact_desktop.state import wording_panels as words
from tact_desktop.state.condition_rows import EditorState
from tact_desktop.state.deliver_choices import editor_verdict
from tact_desktop.widgets.condition_card import ConditionCard, allow, quiet_button
from tact_desktop.widgets.condition_row import StateSign
from tact_desktop.widgets.text import label
from tact_engine.core.conditions import WHEN_ONLINE, Condition
from tact_engine.core.presence import Value


class ConditionEditor(QFrame):
    """Not modal: Esc or Cancel tells `cancelled`, "Use this" tells the condition. Marks follow `show_presence`."""

    used = Signal(Condition)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "popover")
        self._state = EditorState()
        self._name = ""
        self._values: Mapping[str, Value] = {}
        self._cards: list[ConditionCard] = []
        self._title, self._needed = label(role="strong"), label(role="foot")
        self._all, self._any = QRadioButton(words.ALL_OF_THESE), QRadioButton(words.ANY_OF_THESE)
        self._else = quiet_button("plus", words.ADD_ALTERNATIVE)
        self._present = quiet_button("refresh", "")
        self._sentence = label(wrap=True)
        self._sign, self._verdict = StateSign(), label(role="quiet", wrap=True)
        self._cancel, self._use = QPushButton(words.CANCEL), QPushButton(words.USE_THIS)
        self._use.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self.begin(WHEN_ONLINE, "", {})

    def begin(self, condition: Condition, name: str, values: Mapping[str, Value]) -> None:
        """Starts with `condition` for a message to `name`, whose presence as the sender sees it is `values`."""
        self._name, self._values = name, values
        state = rows.from_condition(condition)
        self._state = state if state.rows else rows.add_row(state)
        self._title.setText(words.editor_title(name))
        self._needed.setText(words.always_needed(name))
        self._present.setText(words.present_state(name))
        self._draw()

    def show_presence(self, values: Mapping[str, Value]) -> None:
        """The recipient's presence changed: every mark is looked at again."""
        self._values = values
        self._draw()

    def condition(self) -> Condition:
        """What the rows ask for as they stand."""
        return rows.to_condition(self._state)

    def focus_first(self) -> None:
        """Puts the focus on the first row."""
        self._cards[0].focus_row(0)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        head, match, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._needed)
        match.addWidget(self._all)
        match.addWidget(self._any)
        match.addStretch(1)
        match.addWidget(self._present)
        foot.setSpacing(theme.SPACE_2)
        foot.addWidget(self._sign)
        foot.addWidget(self._verdict, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._use)
        line = QFrame()
        line.setProperty("role", "hairline")
        self._held = QVBoxLayout()
        self._held.setSpacing(theme.SPACE_2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.SPACE_4, theme.SPACE_3, theme.SPACE_3, theme.SPACE_3)
        whole.setSpacing(theme.SPACE_2)
        for part in (head, match, self._held):
            whole.addLayout(part)
        for part in (line, self._sentence):
            whole.addWidget(part)
        whole.addLayout(foot)

    def _connect(self) -> None:
        self._all.toggled.connect(self._match)
        self._else.clicked.connect(self._add_alternative)
        self._present.clicked.connect(self._take_present)
        self._cancel.clicked.connect(self.cancelled)
        self._use.clicked.connect(self._confirm)

    def _draw(self) -> None:
        state = self._state
        while len(self._cards) > len(state.cards):
            gone = self._cards.pop()
            gone.hide()
            gone.deleteLater()
        while len(self._cards) < len(state.cards):
            self._add_card()
        self._cards[-1].host(self._else)
        first = 1
        views = rows.editor_rows(state, self._values)
        for place, (card, drafts) in enumerate(zip(self._cards, state.cards, strict=True)):
            card.show_rows(first, drafts, views[place], rows.why_no_row(state, place), state.match_all)
            first += len(drafts)
        self._set_focus_order()
        with QSignalBlocker(self._all):
            (self._all if state.match_all else self._any).setChecked(True)
        allow(self._else, rows.why_no_alternative(state))
        self._present.setEnabled(bool(rows.present_state(self._values)))
        verdict = editor_verdict(state, self._name, self._values)
        self._sentence.setText(verdict.sentence)
        self._sentence.setVisible(bool(verdict.sentence))
        self._sign.show_mark(verdict.mark)
        self._verdict.setText(verdict.standing)
        self._use.setEnabled(verdict.usable)

    def _add_card(self) -> None:
        place = len(self._cards)
        card = ConditionCard(alternative=place > 0)
        card.row_added.connect(partial(self._add_row, place))
        card.row_removed.connect(partial(self._remove_row, place))
        card.row_changed.connect(partial(self._change_row, place))
        card.removed.connect(partial(self._remove_alternative, place))
        card.confirmed.connect(self._confirm)
        self._cards.append(card)
        self._held.addWidget(card)
        card.show()  # a layout would show it later, and the focus goes there now

    def _set_focus_order(self) -> None:
        inside = [part for card in self._cards for part in card.focus_order()]
        order = [self._all, self._any, self._present, *inside, self._else, self._cancel, self._use]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _become(self, state: EditorState) -> None:
        self._state = state
        self._draw()

    def _match(self, match_all: bool) -> None:
        self._become(rows.matched(self._state, match_all))

    def _add_row(self, card: int) -> None:
        self._become(rows.add_row(self._state, card))
        self._cards[card].focus_row(len(self._state.cards[card]) - 1)

    def _remove_row(self, card: int, index: int) -> None:
        self._become(rows.remove_row(self._state, card, index))
        self._cards[min(card, len(self._cards) - 1)].focus_remove(index)

    def _change_row(self, card: int, index: int, changes: dict[str, object]) -> None:
        self._become(rows.change_row(self._state, card, index, **changes))  # pyright: ignore[reportArgumentType]

    def _add_alternative(self) -> None:
        self._become(rows.add_alternative(self._state))
        self._cards[-1].focus_row(0)

    def _remove_alternative(self, card: int) -> None:
        self._become(rows.remove_alternative(self._state, card))
        self._else.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_present(self) -> None:
        now = rows.present_state(self._values)
        named = {row.attr for row in now}
        others = tuple(row for row in self._state.rows if row.attr not in named)
        state = replace(self._state, rows=())
        for row in (*now, *others):
            state = rows.add_row(state, 0, row)
        self._become(state)

    def _confirm(self) -> None:
        if self._use.isEnabled():
            self.used.emit(self.condition())
