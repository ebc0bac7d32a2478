"""Where the rows of the condition editor stand: as high as they are, and scrolled where the window has no room."""

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from tact_desktop import theme

_HEIGHT_MIN = 140
_HEIGHT_LEAST = theme.CONTROL_HEIGHT + theme.SPACE_1
"""One row: where what stands below needs more lines, the rows give way before anything overlaps."""
_ELSEWHERE = 490
"""How many pixels of the window are for other things."""


class EditorPlace(QScrollArea):
    """Holds one widget, and keeps to be seen what in it has the keyboard. The wheel scrolls and changes nothing."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = inside
        self._window: QWidget | None = None
        self._wanted: QWidget | None = None
        self._height = _HEIGHT_MIN
        self._revealing = QTimer(self, singleShot=True, interval=0)
        self._revealing.timeout.connect(self._show_wanted)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        inside.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication), "widgets need one"
        application.focusChanged.connect(self._follow_focus)

    def reveal(self, part: QWidget) -> None:
        """Scrolls to `part`, once it has its place; where it is too high, its top is seen."""
        self._wanted = part
        self._revealing.start()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self.verticalScrollBar().setValue(0)
        if self._window is not self.window():
            self._window = self.window()
            self._window.installEventFilter(self)
        self._fit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._fit()
        self._follow_focus(None, QApplication.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, (QComboBox, QAbstractSpinBox)):
            event.ignore()  # so it goes on to what is scrolled
            return True
        wanted = QEvent.Type.LayoutRequest if watched is self._inside else QEvent.Type.Resize
        if event.type() == wanted and watched in (self._inside, self._window) and self.isVisible():
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self._still_the_wheel()
        room = max(_HEIGHT_MIN, self.window().height() - _ELSEWHERE)
        wanted = self._inside.heightForWidth(self.width())
        height = min(wanted, room)
        if height != self._height or self.maximumHeight() != height:
            self._height = height
            self.setMinimumHeight(min(height, _HEIGHT_LEAST))
            self.setMaximumHeight(height)
            self.updateGeometry()
        self.setMinimumWidth(self._inside.minimumSizeHint().width())

    def _still_the_wheel(self) -> None:
        """A list under the pointer would take another value while somebody only scrolls past it."""
        for field in (*self._inside.findChildren(QComboBox), *self._inside.findChildren(QAbstractSpinBox)):
            field.installEventFilter(self)
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._inside.isAncestorOf(now):
            self.reveal(now)

    def _show_wanted(self) -> None:
        part, self._wanted = self._wanted, None
        if part is None or not self._inside.isAncestorOf(part):
            return
        top = part.mapTo(self._inside, QPoint(0, 0)).y()
        bottom = top + part.height()
        bar, high = self.verticalScrollBar(), self.viewport().height()
        if bottom > bar.value() + high:
            bar.setValue(min(top, bottom - high))
        elif top < bar.value():
            bar.setValue(top)
