"""The first run: who I am, and which engine my office has."""

from collections.abc import Mapping, Sequence
from enum import Enum
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.welcome import Address, FoundEngine, Welcome, address_of, handle_from_name, missing
from tact_desktop.state.wording_welcome import BAD_ADDRESS
from tact_desktop.widgets.text import label

_WIDTH_MAX = 600


class Field(Enum):
    """What a problem is about."""

    NAME = "name"
    ENGINE = "engine"
    ADDRESS = "address"


class WelcomePanel(QWidget):
    """`started` carries the name, the handle made from it, and a FoundEngine, an Address, or None for an own engine."""

    started = Signal(str, str, object)
    check_requested = Signal(Address)
    details_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._engines: Sequence[FoundEngine] = ()
        self._rows: dict[str, _EngineRow] = {}
        self._group = QButtonGroup(self)
        self._name, self._handle = QLineEdit(), label(role="foot")
        self._search = label(role="foot", wrap=True)
        self._own, self._typed = QRadioButton(words.START_HERE_FIRST), QRadioButton(words.ENTER_ADDRESS)
        self._address, self._check = QLineEdit(), QPushButton(words.CHECK)
        self._problem = label(role="danger", wrap=True)
        self._details, self._go = QPushButton(words.SHOW_DETAILS), QPushButton(words.CONTINUE)
        self._prepare()
        self._lay_out()
        self._connect()
        self.show_engines(())

    def show_engines(self, engines: Sequence[FoundEngine], notes: Mapping[str, str] | None = None) -> None:
        """The engines that answered; `notes` says more of one by its id, such as its key and "new"."""
        self._engines = engines
        keys = [engine.engine for engine in engines]
        for gone in [key for key in self._rows if key not in keys]:
            row = self._rows.pop(gone)
            self._group.removeButton(row.choice)
            row.hide()
            row.deleteLater()
        for place, engine in enumerate(engines):
            if engine.engine not in self._rows:
                self._rows[engine.engine] = _EngineRow()
                self._group.addButton(self._rows[engine.engine].choice)
            row = self._rows[engine.engine]
            row.show_engine(engine, (notes or {}).get(engine.engine, ""))
            if self._list.indexOf(row) != place:
                self._list.insertWidget(place, row)
                row.show()
        self._keep_order()
        self._listed.setVisible(bool(engines))
        if engines and self._group.checkedButton() is None:
            self._rows[keys[0]].choice.setChecked(True)
        self._own.setText(words.START_HERE if engines else words.START_HERE_FIRST)

    def show_search(self, sentence: str) -> None:
        """Why no engine is listed, and what to do; "" where one is."""
        self._search.setText(sentence)
        self._search.setVisible(bool(sentence))

    def show_problem(self, sentence: str, field: Field | None = None) -> None:
        """What is in the way, at the field it is about; "" takes it away."""
        at_name = bool(sentence) and field is Field.NAME
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence) and not at_name)
        self._handle.setText(
            sentence if at_name else words.handle_preview(handle_from_name(self._name.text()))
        )
        theme.set_role(self._handle, "danger" if at_name else "foot")
        for own, edit in ((Field.NAME, self._name), (Field.ADDRESS, self._address)):
            edit.setProperty("invalid", bool(sentence) and field is own)
            edit.style().unpolish(edit)
            edit.style().polish(edit)
            if sentence and field is own:
                edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, busy: bool) -> None:
        """True while the engine is asked: nothing can be changed meanwhile."""
        self._card.setEnabled(not busy)
        self._go.setText(words.BUSY if busy else words.CONTINUE)

    def state(self) -> Welcome:
        """What stands on the page."""
        key = next((key for key, row in self._rows.items() if row.choice.isChecked()), "")
        typed = self._address.text() if self._typed.isChecked() else ""
        return Welcome(self._name.text(), tuple(self._engines), key, self._own.isChecked(), typed)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter goes on from wherever the keyboard is; the fields have their own Enter."""
        typing = self._name.hasFocus() or self._address.hasFocus()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._card.isEnabled() and not typing:
            self._start()
        else:
            super().keyPressEvent(event)

    def _prepare(self) -> None:
        self._name.setAccessibleName(words.YOUR_NAME)
        self._name.setPlaceholderText(words.YOUR_NAME_HINT)
        self._address.setAccessibleName(words.ADDRESS)
        self._address.setPlaceholderText(words.ADDRESS_HINT)
        self._details.setProperty("role", "link")
        self._go.setProperty("role", "primary")
        self.show_problem("")
        for choice in (self._own, self._typed):
            self._group.addButton(choice)

    def _connect(self) -> None:
        self._name.textEdited.connect(self._name_edited)
        self._name.returnPressed.connect(self._start)
        self._address.textEdited.connect(self._address_edited)
        self._address.returnPressed.connect(self._ask)
        self._check.clicked.connect(self._ask)
        self._details.clicked.connect(self.details_requested)
        self._go.clicked.connect(self._start)

    def _lay_out(self) -> None:
        self._card = QFrame()
        self._card.setProperty("role", "popover")
        self._card.setMaximumWidth(_WIDTH_MAX)
        rows = QVBoxLayout(self._card)
        rows.setContentsMargins(2 * theme.SPACE_3, 2 * theme.SPACE_3, 2 * theme.SPACE_3, 2 * theme.SPACE_3)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(label(words.WELCOME, "title"))
        rows.addWidget(label(words.WELCOME_HINT, "quiet"))
        rows.addSpacing(theme.SPACE_3)
        for part in (label(words.YOUR_NAME, "heading"), self._name, self._handle):
            rows.addWidget(part)
        rows.addSpacing(theme.SPACE_2)
        rows.addWidget(label(words.YOUR_ENGINE, "heading"))
        self._listed = QWidget()
        self._list = QVBoxLayout(self._listed)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(theme.SPACE_1)
        for part in (self._listed, self._search, self._own):
            rows.addWidget(part)
        rows.addLayout(_line(self._typed, self._address, self._check))
        rows.addWidget(self._problem)
        rows.addSpacing(theme.SPACE_2)
        rows.addLayout(_line(self._details, None, self._go))
        self._frame()

    def _frame(self) -> None:
        """Puts the card in the middle, and lets it be scrolled where the window is low."""
        held = QWidget()
        middle = QVBoxLayout(held)
        middle.setContentsMargins(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        middle.addStretch(1)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._card, 100)
        across.addStretch(1)
        middle.addLayout(across)
        middle.addStretch(2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(held)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _keep_order(self) -> None:
        """The keyboard and a screen reader go through the engines as they stand."""
        order = [self._rows[engine.engine] for engine in self._engines]
        for row in order:
            row.raise_()
        for before, after in pairwise([self._name, *(row.choice for row in order), self._own]):
            self.setTabOrder(before, after)

    def _name_edited(self) -> None:
        self.show_problem("")

    def _address_edited(self) -> None:
        self._typed.setChecked(True)
        self.show_problem("")

    def _ask(self) -> None:
        self._typed.setChecked(True)
        address = address_of(self._address.text())
        if address is None:
            self.show_problem(BAD_ADDRESS, Field.ADDRESS)
        else:
            self.check_requested.emit(address)

    def _start(self) -> None:
        state = self.state()
        handle, open_thing = handle_from_name(state.name), missing(state)
        if open_thing:
            where = Field.ADDRESS if self._typed.isChecked() else Field.ENGINE
            self.show_problem(open_thing, where if handle else Field.NAME)
            return
        found = next((engine for engine in state.engines if engine.engine == state.chosen), None)
        choice = None if state.own else found or address_of(state.address)
        self.started.emit(" ".join(state.name.split()), handle, choice)


class _EngineRow(QWidget):
    """One engine to choose, and quietly what is known of it."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = QRadioButton()
        self._note = label(role="foot")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.choice, 1)
        row.addWidget(self._note)

    def show_engine(self, engine: FoundEngine, note: str) -> None:
        """Shows where it runs, and `note`."""
        self.choice.setText(words.engine_on(engine.name, engine.host))
        self.choice.setAccessibleDescription(note)
        self._note.setText(note)


def _line(first: QWidget, middle: QWidget | None, last: QWidget) -> QHBoxLayout:
    """Three things side by side, the middle one taking the room."""
    line = QHBoxLayout()
    line.setSpacing(theme.SPACE_2)
    line.addWidget(first)
    if middle is None:
        line.addStretch(1)
    else:
        line.addWidget(middle, 1)
    line.addWidget(last)
    return line
