"""The view of one conversation: a window of at most a few hundred rows that stays where the reader is."""

from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QListView, QPushButton, QSplitter, QWidget

from tact_desktop import theme
from tact_desktop.state.row import MessageRow, RowKind
from tact_desktop.widgets.link_pointer import LinkPointer
from tact_desktop.widgets.message_delegate import MessageDelegate
from tact_desktop.widgets.message_row import ROW
from tact_desktop.widgets.text import explain

_NEAR_SCREENS = 2
_BOTTOM_SLACK = 4


class MessageList(QListView):
    """Shows a model whose rows answer ROW with a `MessageRow`.

    At the bottom it stays at the bottom; elsewhere what comes is counted on the jump button, also above waiting rows.
    Rows put in above, or taken from either end, belong inside `with keep_anchor():`.
    """

    activated_row = Signal(str)
    menu_wanted = Signal(str, QPoint)
    """(key, place on the screen)"""
    link_pressed = Signal(str)
    """A link in a message was clicked: what is to be opened."""
    near_top = Signal()
    near_bottom = Signal()
    jumped = Signal()
    """The reader wants the newest; a window that does not reach it must be laid anew."""

    def __init__(self, name: str, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = empty
        self._shown: QAbstractItemModel | None = None
        self._stays = True
        self._holding = False
        self._sunk = 0
        self._asked: tuple[str, str] = ("", "")
        self._new = 0
        self._rows = MessageDelegate(self)
        self.setItemDelegate(self._rows)
        self._pointer = LinkPointer(self, self._rows)
        self._pointer.pressed.connect(self.link_pressed)
        self.setAccessibleName(name)
        self.setProperty("role", "conversation")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self._jump = self._make_jump()
        bar = self.verticalScrollBar()
        bar.setSingleStep(24)
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._scrolled)
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self._ask_for_more)
        self.doubleClicked.connect(self._activate)
        theme.theme().changed.connect(self._theme_changed)
        if parent is not None:
            self._move_jump()

    # what a panel calls

    def set_empty_text(self, text: str) -> None:
        """What stands here while there are no rows."""
        if text != self._empty:
            self._empty = text
            self.viewport().update()

    def lay_out(self) -> None:
        """Gives what came its place at once: the view does that while it paints, and then paints all of it again."""
        self.executeDelayedItemsLayout()

    @contextmanager
    def keep_anchor(self) -> Generator[None]:
        """While rows come or go inside, the uppermost row in sight keeps its place; nothing counts as new."""
        key, offset = self._anchor()
        self._holding = True
        try:
            yield
            # At the bottom it goes along when it is laid out, once for all that comes.
            if not self._stays:
                self.executeDelayedItemsLayout()
                self._restore(key, offset)
        finally:
            self._holding = False
        self._look.start()

    def jump_to_bottom(self) -> None:
        """Shows the newest row, and stays there."""
        self._stays = True
        self.executeDelayedItemsLayout()
        self.scrollToBottom()
        self._count_new(0)

    def show_row(self, key: str) -> bool:
        """Makes the row current and scrolls to it; False if the window does not hold it."""
        index = self._index_of(key)
        if not index.isValid():
            return False
        self.executeDelayedItemsLayout()
        self.setCurrentIndex(index)
        self.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
        return True

    def at_bottom(self) -> bool:
        """Whether the newest row is in sight."""
        return self._stays

    def current_key(self) -> str:
        """The key of the row the keyboard is on, or ""."""
        row = self.currentIndex().data(ROW)
        return row.key if isinstance(row, MessageRow) else ""

    def selected_text(self) -> str:
        """The text of the selected bubbles, from the top, a line each."""
        places = sorted(index.row() for index in self.selectedIndexes())
        rows = (self._row(place) for place in places)
        return "\n".join(row.text for row in rows if row is not None and row.kind is RowKind.BUBBLE)

    # model

    def setModel(self, model: QAbstractItemModel | None, /) -> None:
        if self._shown is not None:
            self._shown.rowsInserted.disconnect(self._rows_came)
            self._shown.modelReset.disconnect(self._model_reset)
        super().setModel(model)
        self._shown = model
        if model is not None:
            model.rowsInserted.connect(self._rows_came)
            model.modelReset.connect(self._model_reset)
        self._model_reset()

    def _model_reset(self) -> None:
        self._asked = ("", "")
        if not self._holding:
            self._stays = True
            self._count_new(0)

    def _rows_came(self, _parent: QModelIndex, first: int, last: int) -> None:
        if self._holding:
            return
        came = [self._row(place) for place in range(first, last + 1)]
        if any(row is not None and row.own for row in came):
            self._stays = True
        elif not self._stays:
            self._count_new(self._new + sum(row is not None and row.kind is RowKind.BUBBLE for row in came))
        self._look.start()

    def _count(self) -> int:
        return self._shown.rowCount() if self._shown is not None else 0

    def _row(self, place: int) -> MessageRow | None:
        row = self.model().index(place, 0).data(ROW)
        return row if isinstance(row, MessageRow) else None

    def _index_of(self, key: str) -> QModelIndex:
        for place in range(self._count()):
            row = self._row(place)
            if row is not None and row.key == key:
                return self.model().index(place, 0)
        return QModelIndex()

    # place

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        width = self.viewport().width()
        if width != self._rows.width:
            # The view itself lays out anew only when its height changes.
            key, offset = self._anchor()
            self._rows.width = width
            self.doItemsLayout()
            if not self._stays:
                self._restore(key, offset)
        super().resizeEvent(event)
        self._sink()
        if self._stays:
            self.scrollToBottom()
        self._place_jump()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._sink()

    def _sink(self) -> None:
        """Lets few rows stand at the bottom, near where one writes."""
        free = self.height() - self.contentsSize().height()
        sunk = max(0, free) if self._count() else 0
        if sunk != self._sunk:
            self._sunk = sunk
            self.setViewportMargins(0, sunk, 0, 0)

    def _anchor(self) -> tuple[str, int]:
        """The uppermost row in sight, and how far its top is from the view's, in pixels."""
        for y in (1, 24, 60):
            index = self.indexAt(QPoint(self.viewport().width() // 2, y))
            row = index.data(ROW)
            if isinstance(row, MessageRow):
                return row.key, self.visualRect(index).top()
        return "", 0

    def _restore(self, key: str, offset: int) -> None:
        index = self._index_of(key)
        if index.isValid():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).top() - offset)

    def _range_changed(self, _least: int, most: int) -> None:
        if self._stays and not self._holding:
            self.verticalScrollBar().setValue(most)
        self._look.start()

    def _scrolled(self, value: int) -> None:
        if not self._holding:
            self._stays = value >= self.verticalScrollBar().maximum() - _BOTTOM_SLACK
            if self._stays:
                self._count_new(0)
            self._place_jump()
        self._look.start()

    def _ask_for_more(self) -> None:
        """Asks once for each end of the window, however often it is scrolled over."""
        if not self._count():
            return
        bar, near = self.verticalScrollBar(), _NEAR_SCREENS * self.viewport().height()
        top, bottom = (
            self._message_key(range(self._count())),
            self._message_key(range(self._count() - 1, -1, -1)),
        )
        asked = self._asked
        wants_top = bar.value() < near and asked[0] != top
        wants_bottom = bar.maximum() - bar.value() < near and asked[1] != bottom
        self._asked = (top if wants_top else asked[0], bottom if wants_bottom else asked[1])
        if wants_top:
            self.near_top.emit()
        if wants_bottom:
            self.near_bottom.emit()

    def _message_key(self, places: range) -> str:
        """The key of the first message at `places`. A line for a day is none: it may stand above any of them."""
        rows = map(self._row, places)
        return next((row.key for row in rows if row and row.kind in (RowKind.BUBBLE, RowKind.NOTE)), "")

    # jump button

    def _make_jump(self) -> QPushButton:
        button = QPushButton(self)
        theme.set_icon(button, "arrow-down", "accent_text")
        button.setProperty("role", "jump")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setVisible(False)
        button.clicked.connect(self._jump_pressed)
        return button

    def _jump_pressed(self) -> None:
        self.jumped.emit()
        self.jump_to_bottom()
        self.setFocus()

    def _count_new(self, count: int) -> None:
        self._new = count
        words = self.tr("Jump to the newest message")
        self._jump.setText(str(count) if count else "")
        self._jump.setAccessibleName(f"{words}, {self.tr('%n new', '', count)}" if count else words)
        explain(self._jump, words)
        self._place_jump()

    def _place_jump(self) -> None:
        wanted = not self._stays and self._count() > 0 and not self.isHidden()
        self._jump.setVisible(wanted)
        if wanted:
            self._jump.adjustSize()
            inset = QPoint(self._jump.width() + theme.SPACE_4, self._jump.height() + theme.SPACE_3)
            corner = QPoint(self.width(), self.height()) - inset
            beside = self._jump.parent() is not self
            self._jump.move(self.pos() + corner if beside else corner)
            self._jump.raise_()

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ParentChange:
            self._move_jump()

    def _move_jump(self) -> None:
        """Beside the view, not in it: a screen reader finds only rows in a view. A splitter would take it in."""
        parent = self.parentWidget()
        self._jump.setParent(self if parent is None or isinstance(parent, QSplitter) else parent)
        QWidget.setTabOrder(self, self._jump)
        self._place_jump()

    def moveEvent(self, event: QMoveEvent, /) -> None:
        super().moveEvent(event)
        self._place_jump()

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._place_jump()

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        self._place_jump()

    # keyboard, mouse, paint

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        self._rows.ring = True
        if event.matches(QKeySequence.StandardKey.Copy):
            if text := self.selected_text():
                QGuiApplication.clipboard().setText(text)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self._rows.ring = False
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        self._rows.ring = event.reason() != Qt.FocusReason.MouseFocusReason
        if self._count() and not self.currentIndex().isValid():  # the view itself would take the first
            last = self.model().index(self._count() - 1, 0)
            self.selectionModel().setCurrentIndex(last, QItemSelectionModel.SelectionFlag.NoUpdate)
        super().focusInEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        under = self.viewport().mapFromGlobal(event.globalPos())
        index = self.currentIndex() if by_key else self.indexAt(under)
        row = index.data(ROW)
        if isinstance(row, MessageRow):
            chosen = self.selectionModel().isSelected(index)
            keep = QItemSelectionModel.SelectionFlag.NoUpdate
            only = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, keep if chosen else only)
            middle = self.viewport().mapToGlobal(self.visualRect(index).center())
            self.menu_wanted.emit(row.key, middle if by_key else event.globalPos())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if not self._count() and self._empty:
            painter = QPainter(self.viewport())
            painter.setFont(theme.font())
            painter.setPen(QColor(theme.palette().text_quiet))
            area = self.viewport().rect().adjusted(theme.SPACE_4, 0, -theme.SPACE_4, 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)

    def _activate(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if isinstance(row, MessageRow):
            self.activated_row.emit(row.key)

    def _theme_changed(self) -> None:
        self._rows.forget()
        self.scheduleDelayedItemsLayout()
