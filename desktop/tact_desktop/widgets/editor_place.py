"""Where the rows of the condition editor stand: as high as they are, and scrolled where the window has no room."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

_HEIGHT_MIN = 140
_ELSEWHERE = 540
"""How many pixels of the window are for other things."""


class EditorPlace(QScrollArea):
    """Holds one widget."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = inside
        self._window: QWidget | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        if self._window is not self.window():
            self._window = self.window()
            self._window.installEventFilter(self)
        self._fit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        wanted = QEvent.Type.LayoutRequest if watched is self._inside else QEvent.Type.Resize
        if event.type() == wanted and self.isVisible():
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        room = max(_HEIGHT_MIN, self.window().height() - _ELSEWHERE)
        wanted = self._inside.heightForWidth(self.width())
        height = min(wanted, room)
        if height != self.height() or self.maximumHeight() != height:
            self.setFixedHeight(height)
        self.setMinimumWidth(self._inside.minimumSizeHint().width())
