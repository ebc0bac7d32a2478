"""The engines of this network to choose from, one on this computer, or an address: joining without an invitation."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.state import wording_panels
from tact_desktop.state import wording_welcome as words
from tact_desktop.state.welcome import Address, FoundEngine, address_of
from tact_desktop.widgets.problem_line import ProblemLine, mark_invalid
from tact_desktop.widgets.text import button_text, label


class EngineList(QWidget):
    """`edited` follows every choice; `check_requested` asks who answers at an address."""

    edited = Signal()
    check_requested = Signal(Address)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engines: Sequence[FoundEngine] = ()
        self._rows: dict[str, _EngineRow] = {}
        self._group = QButtonGroup(self)
        self._search, self._means = label(role="foot", wrap=True), label(role="foot", wrap=True)
        self._own = QRadioButton(wording_panels.START_HERE_FIRST)
        self._typed = QRadioButton(wording_panels.ENTER_ADDRESS)
        self._address, self._check = QLineEdit(), QPushButton(wording_panels.CHECK)
        self._problem = ProblemLine()
        self._address.setAccessibleName(wording_panels.ADDRESS)
        self._address.setPlaceholderText(wording_panels.ADDRESS_HINT)
        for choice in (self._own, self._typed):
            self._group.addButton(choice)
        self._lay_out()
        self._group.buttonToggled.connect(self._chosen)
        self._address.textEdited.connect(self._address_edited)
        self._address.returnPressed.connect(self._ask)
        self._check.clicked.connect(self._ask)
        self.show_engines((), {}, {})
        self._show_meaning()

    def show_engines(
        self, engines: Sequence[FoundEngine], notes: Mapping[str, str], warnings: Mapping[str, str]
    ) -> None:
        """The engines that answered; by their ids `notes` says more of one, and `warnings` why it cannot be chosen."""
        self._engines = engines
        keys = [engine.engine for engine in engines]
        for gone in [key for key in self._rows if key not in keys]:
            self._remove(gone)
        for place, engine in enumerate(engines):
            row = self._rows.get(engine.engine) or self._add(engine.engine)
            row.show_engine(engine, notes.get(engine.engine, ""), warnings.get(engine.engine, ""))
            if self._list.indexOf(row) != place:
                self._list.insertWidget(place, row)
                row.show()
        self._keep_order()
        self._listed.setVisible(bool(engines))
        usable = [self._rows[key] for key in keys if key not in warnings]
        if usable and self._group.checkedButton() is None:
            usable[0].choice.setChecked(True)
        self._own.setText(wording_panels.START_HERE if engines else wording_panels.START_HERE_FIRST)

    def show_search(self, sentence: str) -> None:
        """Why no engine is listed, and what to do; "" where one is."""
        self._search.setText(sentence)
        self._search.setVisible(bool(sentence))

    def show_problem(self, sentence: str, at_address: bool) -> None:
        """What is wrong with the choice, or with the address alone; "" takes it away."""
        self._problem.tell(sentence)
        mark_invalid(self._address, bool(sentence) and at_address)
        if sentence and at_address:
            self._address.setFocus(Qt.FocusReason.OtherFocusReason)

    def engines(self) -> tuple[FoundEngine, ...]:
        """All that are listed."""
        return tuple(self._engines)

    def chosen(self) -> str:
        """The id of the listed engine that is chosen, else ""."""
        return next((key for key, row in self._rows.items() if row.choice.isChecked()), "")

    def is_own(self) -> bool:
        """Whether one on this computer is chosen."""
        return self._own.isChecked()

    def address(self) -> str:
        """The address, where that is chosen, else ""."""
        return self._address.text() if self._typed.isChecked() else ""

    def has_keyboard(self) -> bool:
        """Whether somebody types here."""
        return self._address.hasFocus()

    def write_address(self, address: str) -> None:
        """Choose this address."""
        self._address.setText(address)
        self._typed.setChecked(True)

    def _lay_out(self) -> None:
        self._listed = QWidget()
        self._list = QVBoxLayout(self._listed)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(theme.SPACE_1)
        typed = QHBoxLayout()
        typed.setSpacing(theme.SPACE_2)
        typed.addWidget(self._typed)
        typed.addWidget(self._address, 1)
        typed.addWidget(self._check)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(label(words.WITHOUT_INVITATION, "heading"))
        for part in (self._listed, self._search, self._own):
            rows.addWidget(part)
        rows.addLayout(typed)
        rows.addWidget(self._means)
        rows.addWidget(self._problem)

    def _add(self, engine: str) -> "_EngineRow":
        row = self._rows[engine] = _EngineRow()
        self._group.addButton(row.choice)
        return row

    def _remove(self, engine: str) -> None:
        row = self._rows.pop(engine)
        self._group.removeButton(row.choice)
        row.hide()
        row.deleteLater()
        self._show_meaning()

    def _keep_order(self) -> None:
        """The keyboard and a screen reader go through the engines as they stand."""
        order = [self._rows[engine.engine] for engine in self._engines]
        for row in order:
            row.raise_()
        for before, after in pairwise([*(row.choice for row in order), self._own]):
            self.setTabOrder(before, after)

    def _chosen(self) -> None:
        self._show_meaning()
        self.edited.emit()

    def _address_edited(self) -> None:
        self._typed.setChecked(True)
        self.edited.emit()

    def _ask(self) -> None:
        self._typed.setChecked(True)
        address = address_of(self._address.text())
        if address is None:
            self.show_problem(words.BAD_ADDRESS, at_address=True)
        else:
            self.check_requested.emit(address)

    def _show_meaning(self) -> None:
        """What will happen then, said beforehand."""
        choice = self._group.checkedButton()
        self._means.setText(words.BE_HOST if choice is self._own else words.HOST_IS_ASKED)
        self._means.setVisible(choice is not None)


class _EngineRow(QWidget):
    """One engine to choose, and quietly what is known of it; not quietly, what speaks against it."""

    def __init__(self) -> None:
        super().__init__()
        self.choice = QRadioButton()
        self._note, self._warning = label(role="foot"), label(role="danger", wrap=True)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.choice, 1)
        line.addWidget(self._note)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(line)
        rows.addWidget(self._warning)
        self._warning.setContentsMargins(30, 0, 0, theme.SPACE_1)

    def show_engine(self, engine: FoundEngine, note: str, warning: str) -> None:
        """Shows where it runs, `note`, and why it cannot be chosen, if so."""
        self.choice.setText(button_text(wording_panels.engine_on(engine.name, engine.host)))
        self.choice.setAccessibleDescription(", ".join(filter(None, (note, warning))))
        self.choice.setEnabled(not warning)
        if warning and self.choice.isChecked():
            group = self.choice.group()
            group.setExclusive(False)
            self.choice.setChecked(False)
            group.setExclusive(True)
        self._note.setText(note)
        self._warning.setText(warning)
        self._warning.setVisible(bool(warning))
