"""A small window that explains: headings and paragraphs to read, with the keyboard as well."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state.shown import title_text
from tact_desktop.widgets.text import label

_WIDTH, _HEIGHT = 620, 680


class HelpPanel(QWidget):
    """A window of its own; Esc closes it."""

    def __init__(
        self, title: str, sections: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(title_text(title))
        self.resize(_WIDTH, _HEIGHT)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.SPACE_4 * 2, theme.SPACE_4, theme.SPACE_4 * 2, theme.SPACE_4 * 2)
        rows.setSpacing(theme.SPACE_1)
        rows.addWidget(label(title, "title"))
        for heading, text in sections:
            rows.addSpacing(theme.SPACE_3)
            rows.addWidget(label(heading, "strong", wrap=True))
            rows.addWidget(label(text, "quiet", wrap=True, selectable=True))
        rows.addStretch(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(title)
        self._area.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._area)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self, self.close)

    def bring_up(self) -> None:
        """Shows it in front, the keyboard on the text."""
        self.show()
        self.raise_()
        self.activateWindow()
        self._area.setFocus(Qt.FocusReason.OtherFocusReason)
