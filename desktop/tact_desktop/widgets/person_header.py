"""The head of a conversation: who it is with, and how they are right now."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state.people import Glyph
from tact_desktop.widgets.avatar import Avatar
from tact_desktop.widgets.text import Elided

_AVATAR = 36


class PersonHeader(QWidget):
    """Round, name, and one quiet line; both lines end in "…" where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._avatar = Avatar(_AVATAR)
        self._name, self._line = Elided(role="title"), Elided(role="quiet")
        self._line.setFont(theme.font(theme.FONT_FOOT + 0.5))
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._name)
        lines.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        row.setSpacing(theme.SPACE_3)
        row.addWidget(self._avatar)
        row.addLayout(lines, 1)

    def show_person(self, handle: str, name: str, glyph: Glyph, line: str, said: str) -> None:
        """`line` says how they are to the eye, `said` to the ear."""
        self._avatar.set_person(handle, name, glyph, said)
        self._name.setText(name)
        self._line.setText(line)
