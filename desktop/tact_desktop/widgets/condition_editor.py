"""The condition editor: rows that must hold, alternatives to them, and at once what that means and how it stands."""

from dataclasses import replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QRadioButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import condition_rows as rows
from tact_desktop.state import wording_editor
from tact_desktop.state import wording_panels as words
from tact_desktop.state.condition_rows import EditorState
from tact_desktop.state.condition_times import Times, time_views
from tact_desktop.state.deliver_choices import editor_verdict
from tact_desktop.state.draft import Draft, condition_of
from tact_desktop.state.own_presets import Presets, why_no_more, why_not_named
from tact_desktop.state.recipient import Recipient
from tact_desktop.widgets.condition_card import ConditionCard
from tact_desktop.widgets.editor_place import EditorPlace
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.icon_button import allow, quiet_button
from tact_desktop.widgets.name_line import NameLine
from tact_desktop.widgets.state_sign import StateSign
from tact_desktop.widgets.text import Elided, button_text, explain, label
from tact_desktop.widgets.time_line import TimeLine
from tact_desktop.widgets.time_section import TimeSection
from tact_engine.core.conditions import Condition


class ConditionEditor(QFrame):
    """Not modal: Esc or Cancel tells `cancelled`, "Use this" tells the condition. Marks follow `show_recipient`.

    `saved` tells a name and the condition that shall be a preset under it.
    """

    used = Signal(Condition)
    saved = Signal(str, Condition)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "popover")
        self._state = EditorState()
        self._draft, self._whom = Draft(), Recipient()
        self._presets: Presets = ()
        self._cards: list[ConditionCard] = []
        self._title, self._needed = Elided(role="strong"), Elided(role="foot")
        self._all, self._any = QRadioButton(words.ALL_OF_THESE), QRadioButton(words.ANY_OF_THESE)
        self._else = quiet_button("plus", words.ADD_ALTERNATIVE)
        self._present = quiet_button("refresh", "")
        self._times = TimeSection()
        self._edge = QCheckBox(wording_editor.WAIT_NEXT)
        self._edge_line = TimeLine("", (self._edge,))
        self._sentence = label(wrap=True)
        self._sign, self._verdict = StateSign(), label(role="quiet", wrap=True)
        self._save, self._naming = quiet_button("plus", wording_editor.SAVE_PRESET), NameLine()
        self._cancel, self._use = QPushButton(words.CANCEL), QPushButton(words.USE_THIS)
        self._use.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self.begin(Draft(), Recipient())

    def begin(self, draft: Draft, whom: Recipient) -> None:
        """Starts with the condition of `draft`, which is for `whom`."""
        self._draft, self._whom = draft, whom
        state = rows.from_condition(condition_of(draft))
        self._state = state if state.rows or state.times != Times() else rows.add_row(state, whom=whom)
        self._title.setText(words.editor_title(whom.name))
        self._needed.setText(words.always_needed(whom.name))
        short = wording_editor.short_name(whom.name)
        self._present.setText(button_text(words.present_state(short)))
        self._times.begin(state.times)
        self._naming.setVisible(False)
        self._draw()

    def show_recipient(self, whom: Recipient) -> None:
        """The recipient's presence or the time is another one: every mark is looked at again."""
        self._whom = whom
        self._draw()

    def show_draft(self, draft: Draft) -> None:
        """Something else about the draft was changed, such as how long it is valid."""
        self._draft = draft
        self._draw()

    def show_presets(self, presets: Presets) -> None:
        """The presets of one's own that there are already."""
        self._presets = presets
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
        foot, standing = QHBoxLayout(), QHBoxLayout()
        for part in (standing, foot):
            part.setSpacing(theme.SPACE_2)
        standing.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        standing.addWidget(self._verdict, 1)
        foot.addWidget(self._save)
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._use)
        line = QFrame()
        line.setProperty("role", "hairline")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.SPACE_4, theme.SPACE_3, theme.SPACE_3, theme.SPACE_3)
        whole.setSpacing(theme.SPACE_2)
        self._place = EditorPlace(self._inside())
        for part in (self._place, line, self._sentence):
            whole.addWidget(part)
        whole.addLayout(standing)
        whole.addWidget(self._naming)
        whole.addLayout(foot)

    def _inside(self) -> QWidget:
        """What is scrolled where it is too high: all but what it means and the buttons."""
        inside = QWidget()
        head, match = QHBoxLayout(), FlowLayout()
        head.addWidget(self._title)
        head.addWidget(self._needed)
        for part in (self._all, self._any, self._edge):
            part.setMinimumHeight(theme.CONTROL_HEIGHT)
        for part in (self._all, self._any, self._present):
            match.addWidget(part)
        self._held = QVBoxLayout()
        self._held.setSpacing(theme.SPACE_2)
        parts = QVBoxLayout(inside)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(theme.SPACE_2)
        for each in (head, match, self._held):
            parts.addLayout(each)
        parts.addWidget(self._times)
        parts.addWidget(self._edge_line)
        return inside

    def _connect(self) -> None:
        self._all.toggled.connect(self._match)
        self._else.clicked.connect(self._add_alternative)
        self._present.clicked.connect(self._take_present)
        self._times.changed.connect(self._time)
        self._times.unfolded.connect(self._show_times)
        self._edge.toggled.connect(self._wait_next)
        self._save.clicked.connect(self._ask_name)
        self._naming.named.connect(self._save_as)
        self._naming.left.connect(self._back_to_save)
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
        views = rows.editor_rows(state, self._whom)
        for place, (card, drafts) in enumerate(zip(self._cards, state.cards, strict=True)):
            card.show_rows(first, drafts, views[place], self._whom)
            card.show_room(rows.why_no_row(state, place), state.match_all)
            first += len(drafts)
        self._set_focus_order()
        with QSignalBlocker(self._all):
            (self._all if state.match_all else self._any).setChecked(True)
        allow(self._else, rows.why_no_alternative(state))
        self._present.setEnabled(bool(rows.present_state(self._whom.values)))
        self._draw_times()
        self._draw_foot()

    def _draw_times(self) -> None:
        shown = self._state.times
        views = time_views(self.condition(), self._whom)
        self._times.show_times(shown, views, self._whom)
        with QSignalBlocker(self._edge):
            self._edge.setChecked(shown.edge)
        self._edge_line.show_view(views.edge)

    def _draw_foot(self) -> None:
        verdict = editor_verdict(self._state, self._whom, self._draft)
        self._sentence.setText(verdict.sentence)
        self._sentence.setVisible(bool(verdict.sentence))
        self._sign.show_mark(verdict.mark)
        self._verdict.setText(verdict.standing)
        self._use.setEnabled(verdict.usable)
        full = why_no_more(self._presets) or ("" if verdict.usable else wording_editor.NOT_IN_A_PRESET)
        allow(self._save, full)
        if not full and self._state.times.not_before is not None:
            explain(self._save, wording_editor.NO_DATE_KEPT)

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
        times = [*self._times.focus_order(), self._edge]
        order = [self._all, self._any, self._present, *inside, self._else, *times]
        order += [self._save, self._cancel, self._use]
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _become(self, state: EditorState) -> None:
        self._state = state
        self._draw()

    def _match(self, match_all: bool) -> None:
        self._become(rows.matched(self._state, match_all))

    def _add_row(self, card: int) -> None:
        self._become(rows.add_row(self._state, card, whom=self._whom))
        self._cards[card].focus_row(len(self._state.cards[card]) - 1)

    def _remove_row(self, card: int, index: int) -> None:
        self._become(rows.remove_row(self._state, card, index))
        self._cards[min(card, len(self._cards) - 1)].focus_remove(index)

    def _change_row(self, card: int, index: int, changes: dict[str, object]) -> None:
        self._become(rows.change_row(self._state, card, index, **changes))  # pyright: ignore[reportArgumentType]

    def _add_alternative(self) -> None:
        self._become(rows.add_alternative(self._state, self._whom))
        self._cards[-1].focus_row(0)

    def _remove_alternative(self, card: int) -> None:
        self._become(rows.remove_alternative(self._state, card))
        self._else.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_present(self) -> None:
        now = rows.present_state(self._whom.values)
        named = {row.attr for row in now}
        others = tuple(row for row in self._state.rows if row.attr not in named)
        state = replace(self._state, rows=())
        for row in (*now, *others):
            state = rows.add_row(state, 0, row)
        self._become(state)

    def _time(self, times: Times) -> None:
        self._become(replace(self._state, times=replace(times, edge=self._state.times.edge)))

    def _show_times(self) -> None:
        self._place.reveal(self._times)

    def _wait_next(self, edge: bool) -> None:
        self._become(replace(self._state, times=replace(self._state.times, edge=edge)))

    def _ask_name(self) -> None:
        self._naming.ask(wording_editor.PRESET_NAME, "", self._why_not_named)

    def _why_not_named(self, name: str) -> str:
        return why_not_named(self._presets, name)

    def _save_as(self, name: str) -> None:
        self.saved.emit(name, self.condition())
        self._back_to_save()

    def _back_to_save(self) -> None:
        (self._save if self._save.isEnabled() else self._use).setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirm(self) -> None:
        if self._use.isEnabled():
            self.used.emit(self.condition())
