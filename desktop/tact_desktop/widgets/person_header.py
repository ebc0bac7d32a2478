"""The head of a conversation: who it is with, and how they are right now."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state.people import Glyph
from tact_desktop.state.shown import bare
from tact_desktop.widgets.avatar import Avatar
from tact_desktop.widgets.text import Elided

_AVATAR = 36
_HANDLE_MIN = 120
"""Pixels of the handle that even a long name leaves."""


class PersonHeader(QWidget):
    """Round, name with the handle beside it, and one quiet line; each ends in "…" where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown: tuple[str, str, Glyph, str, str] | None = None
        self._avatar = Avatar(_AVATAR)
        self._name, self._handle, self._line = (
            Elided(role="title"),
            Elided(role="quiet"),
            Elided(role="quiet"),
        )
        upper = QHBoxLayout()
        upper.setSpacing(theme.SPACE_2)
        for part in (self._name, self._handle):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            upper.addWidget(part)
        upper.addStretch(1)
        for part in (self._handle, self._line):
            part.setFont(theme.font(theme.FONT_FOOT + 0.5))
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addLayout(upper)
        lines.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        row.setSpacing(theme.SPACE_3)
        row.addWidget(self._avatar)
        row.addLayout(lines, 1)

    def show_person(self, handle: str, name: str, glyph: Glyph, line: str, said: str) -> None:
        """`line` says how they are to the eye, `said` to the ear."""
        shown = (handle, name, glyph, line, said)
        if shown == self._shown:  # it is said for each message, and to paint it anew takes long
            return
        self._shown = shown
        self._avatar.set_person(handle, name, glyph, said)
        self._name.setText(name)
        self._handle.setText(handle if handle != bare(name) else "")
        self._handle.setMinimumWidth(min(self._handle.sizeHint().width(), _HANDLE_MIN))
        self._line.setText(line)
