"""The pointer over links in messages: a hand, a tool tip that says where each leads, and the click."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QListView, QToolTip

from tact_desktop.state.links import WebLink
from tact_desktop.state.row import MessageRow
from tact_desktop.state.wording_links import leads_to
from tact_desktop.widgets.message_delegate import MessageDelegate
from tact_desktop.widgets.message_row import ROW
from tact_desktop.widgets.text import plain_tooltip

_BUTTONS = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


class LinkPointer(QObject):
    """Watches `view`, whose rows `delegate` draws; `pressed` tells what is to be opened.

    A click is a press and a release on the same link, without a key that selects; a double click opens once.
    """

    pressed = Signal(str)

    def __init__(self, view: QListView, delegate: MessageDelegate) -> None:
        super().__init__(view)
        self._view, self._delegate = view, delegate
        self._held: WebLink | None = None
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if isinstance(event, QMouseEvent):
            self._follow(event)
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._tell(event)
        return super().eventFilter(watched, event)

    def link_at(self, place: QPoint) -> WebLink | None:
        """The link at a place of the viewport."""
        index = self._view.indexAt(place)
        row = index.data(ROW)
        if not isinstance(row, MessageRow):
            return None
        return self._delegate.link_at(self._view.visualRect(index), row, QPointF(place))

    def _follow(self, event: QMouseEvent) -> None:
        link = self.link_at(event.position().toPoint())
        self._show_hand(link is not None)
        if event.type() not in _BUTTONS or event.button() != Qt.MouseButton.LeftButton:
            return
        held, self._held = self._held, None
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.type() == QEvent.Type.MouseButtonPress and plain:
            self._held = link
        elif event.type() == QEvent.Type.MouseButtonRelease and link is not None and link is held:
            self.pressed.emit(link.url)

    def _show_hand(self, wanted: bool) -> None:
        viewport = self._view.viewport()
        if wanted:
            viewport.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            viewport.unsetCursor()

    def _tell(self, event: QHelpEvent) -> None:
        link = self.link_at(event.pos())
        text = plain_tooltip(leads_to(link)) if link is not None else ""
        QToolTip.showText(event.globalPos(), text, self._view.viewport())
