"""Notices that somebody turns to a window again, which may show what was true when they left."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget


class CameBack(QObject):
    """`came_back` when a window that stayed open is in front again; not when it is opened."""

    came_back = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._left = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: object, /) -> bool:
        """Let everything through, and notice who comes and goes."""
        kind = event.type() if isinstance(event, QEvent) else QEvent.Type.None_
        if kind == QEvent.Type.WindowDeactivate:
            self._left = True
        elif kind in (QEvent.Type.Hide, QEvent.Type.Show):
            self._left = False
        elif kind == QEvent.Type.WindowActivate and self._left:
            self._left = False
            self.came_back.emit()
        return False
