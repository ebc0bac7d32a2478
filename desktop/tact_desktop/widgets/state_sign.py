"""The mark of a row or of a whole condition, as high as a control."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state.mark import Mark
from tact_desktop.state.wording import MARK_WORDS
from tact_desktop.widgets import chip
from tact_desktop.widgets.icon_button import show_icon
from tact_desktop.widgets.text import explain, label


class StateSign(QWidget):
    """● ○ ? or a warning; nothing where there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = chip.MarkSign()
        self._warning = label()
        self.setFixedSize(theme.SPACE_4, theme.CONTROL_HEIGHT)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._mark)
        line.addWidget(self._warning)
        theme.theme().changed.connect(self._draw)
        self._draw()

    def show_mark(self, mark: Mark | None) -> None:
        """Shows `mark`; its word is its name and its tool tip."""
        known = mark is not None and mark is not Mark.IMPOSSIBLE
        self._mark.setVisible(known)
        self._warning.setVisible(mark is Mark.IMPOSSIBLE)
        if mark is None:
            self.setAccessibleName("")
            explain(self, "")
            return
        if known:
            self._mark.set_mark(mark)
        self.setAccessibleName(MARK_WORDS[mark])
        explain(self, MARK_WORDS[mark])

    def _draw(self) -> None:
        show_icon(self._warning, "warning", "warning", theme.SPACE_4)
