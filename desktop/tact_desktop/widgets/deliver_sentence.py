"""The sentence under the deliver row: a mark and what pressing Send would do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.mark import Mark
from tact_desktop.state.wording import marked
from tact_desktop.widgets import chip
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.icon_button import show_icon
from tact_desktop.widgets.text import label


class DeliverSentence(QWidget):
    """A mark and what it means; a change is read out politely."""

    change_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mark = chip.MarkSign()
        self._warning = label()
        self._text = label(role="foot", wrap=True)
        self._change = QPushButton(words.CHANGE_CONDITION)
        self._change.setProperty("role", "link")
        self._change.clicked.connect(self.change_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(theme.SPACE_1 + 2)
        row.addWidget(self._mark)
        row.addWidget(self._warning)
        row.addWidget(self._text, 1)
        row.addWidget(self._change)
        theme.theme().changed.connect(self._draw)
        self._draw()

    def tell(self, mark: Mark, sentence: str, changeable: bool) -> None:
        """Shows `sentence` with its mark; an impossible condition has a warning sign."""
        known = mark is not Mark.IMPOSSIBLE
        self._mark.setVisible(known)
        self._warning.setVisible(not known)
        if known:
            self._mark.set_mark(mark)
        self._change.setVisible(changeable)
        sentence = sentence.removeprefix(marked(mark, ""))  # the mark is drawn
        if sentence != self._text.text():
            self._text.setText(sentence)
            announce(self, sentence)

    def _draw(self) -> None:
        show_icon(self._warning, "warning", "warning", 16)
