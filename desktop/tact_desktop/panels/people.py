"""The list of people, and the field that finds one of them."""

from collections.abc import Sequence
from datetime import UTC, tzinfo

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.models.keyed_list import Index
from tact_desktop.models.people_model import PeopleModel
from tact_desktop.state import wording_conversation as words
from tact_desktop.state.people import Person
from tact_desktop.state.wording_members import INVITE
from tact_desktop.widgets.empty_state import EmptyState
from tact_desktop.widgets.icon_button import icon_button
from tact_desktop.widgets.people_delegate import PeopleDelegate
from tact_desktop.widgets.person_menu import PersonDeed, person_menu

_FIND = QKeySequence("Ctrl+K")
_WIDTH_MIN = 200
_NEARER = 6  # Qt leaves more room behind the sign than it needs


class PeoplePanel(QWidget):
    """Shows the people it is given; what is typed is only told, whoever holds the people filters them."""

    chosen = Signal(str)
    """(handle) Somebody was chosen by a person."""
    filter_changed = Signal(str)
    invite_requested = Signal()
    tell_me_requested = Signal(str)
    """(handle) Somebody is to be asked after."""
    vip_wanted = Signal(str, bool)
    """(handle, whether) What somebody writes is to be always loud, or not any more."""
    block_wanted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_WIDTH_MIN)
        self._chosen = self._needle = ""
        self._model = PeopleModel()
        self._search = _Search()
        self._list = _List()
        # To lay out, Qt asks for the count of rows twice a row: of a large office, only C++ answers fast enough.
        self._rows = QSortFilterProxyModel(self)
        self._rows.setSourceModel(self._model)
        self._list.setModel(self._rows)
        self._nobody = EmptyState("users")
        self._invite = icon_button("user-plus", INVITE)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.SPACE_2, 0, 0)
        rows.setSpacing(theme.SPACE_2)
        field = QHBoxLayout()
        field.setContentsMargins(theme.SPACE_3, 0, theme.SPACE_2, 0)
        field.setSpacing(theme.SPACE_1)
        field.addWidget(self._search)
        field.addWidget(self._invite)
        rows.addLayout(field)
        rows.addWidget(self._list, 1)
        rows.addWidget(self._nobody, 1)
        self._connect()
        self.show_people(())

    def show_people(self, people: tuple[Person, ...], now_ms: int = 0, zone: tzinfo = UTC) -> None:
        """Shows `people` in their order, read at `now_ms` (UTC milliseconds) in `zone`; selection and place stay."""
        needle, self._needle = self._needle, self._search.text()
        marked = self._model.handle_at(self._list.currentIndex().row())
        self._model.show(people, now_ms, zone)
        self._list.setVisible(bool(people))
        self._nobody.setVisible(not people)
        if self._needle.strip():
            self._nobody.tell("", words.nobody_found(self._needle))
        else:
            self._nobody.tell("", words.NOBODY_HERE, words.INVITE)
        if needle != self._needle or self._model.place_of(marked) < 0:
            self._mark(0 if self._needle else self._model.place_of(self._chosen))

    def show_counts(self, person: Person, now_ms: int, zone: tzinfo) -> None:
        """Shows one person who has other counts, and may stand elsewhere now; who is not listed stays so."""
        self._model.show_counts(person, now_ms, zone)

    def select(self, handle: str) -> None:
        """Marks whose conversation is open, silently; "" marks nobody."""
        self._chosen = handle
        self._mark(self._model.place_of(handle))

    def step(self, places: int) -> None:
        """Chooses who is that many places below the one chosen now (above, where negative); ends stay ends."""
        now = self._model.place_of(self._chosen)
        first = 0 if places > 0 else self._model.rowCount() - 1
        wanted = now + places if now >= 0 else first
        place = max(0, min(wanted, self._model.rowCount() - 1))
        if place != now:
            self._choose(place)

    def focus_search(self) -> None:
        """Puts the cursor into the field, what stands there selected."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def focus_list(self) -> None:
        """Puts the keyboard onto the list, or where there is none into the field."""
        (self._list if self._model.rowCount() else self._search).setFocus(Qt.FocusReason.TabFocusReason)

    def _connect(self) -> None:
        self._search.textChanged.connect(self.filter_changed)
        self._search.moved.connect(self._move)
        self._search.accepted.connect(self._accept)
        self._search.left.connect(self._leave)
        self._list.clicked.connect(self._clicked)
        self._list.entered_key.connect(self._accept)
        self._list.menu_wanted.connect(self._open_menu)
        self._nobody.pressed.connect(self.invite_requested)
        self._invite.clicked.connect(lambda: self.invite_requested.emit())
        QShortcut(_FIND, self, self.focus_search)

    def _mark(self, place: int) -> None:
        index = self._rows.index(place, 0) if 0 <= place < self._model.rowCount() else QModelIndex()
        if index == self._list.currentIndex():
            return
        self._list.setCurrentIndex(index)
        if not index.isValid():
            self._list.clearSelection()

    def _move(self, places: int) -> None:
        last = self._model.rowCount() - 1
        self._mark(max(0, min(self._list.currentIndex().row() + places, last)))

    def _accept(self) -> None:
        self._choose(max(0, self._list.currentIndex().row()))

    def _leave(self) -> None:
        self._search.clear()
        self._mark(self._model.place_of(self._chosen))
        self.focus_list()

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())

    def _open_menu(self, place: int, at: QPoint) -> None:
        person = self._model.person_at(place)
        if person is not None:
            menu = person_menu(self, person, self._act)
            menu.popup(at)
            menu.setActiveAction(next(deed for deed in menu.actions() if deed.isEnabled() and deed.text()))

    def _act(self, deed: PersonDeed, person: Person) -> None:
        match deed:
            case PersonDeed.TELL_ME:
                self.tell_me_requested.emit(person.handle)
            case PersonDeed.VIP:
                self.vip_wanted.emit(person.handle, not person.vip)
            case PersonDeed.BLOCK:
                self.block_wanted.emit(person.handle, not person.blocked)

    def _choose(self, place: int) -> None:
        handle = self._model.handle_at(place)
        if not handle:
            return
        self.select(handle)
        self._search.clear()
        self.chosen.emit(handle)


class _Search(QLineEdit):
    """The field keeps the keyboard while ↑ and ↓ walk the list."""

    moved = Signal(int)
    accepted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "search")
        self.setAccessibleName(words.FIND_PEOPLE)
        shortcut = _FIND.toString(QKeySequence.SequenceFormat.NativeText)
        self.setPlaceholderText(f"{words.FIND_PEOPLE}   {shortcut}")
        self.setTextMargins(-_NEARER, 0, 0, 0)
        self._sign, self._clear = QAction(words.FIND_PEOPLE, self), QAction(words.CLEAR_SEARCH, self)
        self._sign.triggered.connect(self.selectAll)
        self._clear.triggered.connect(self.clear)
        self.textChanged.connect(self._typed)
        for action, icon, position in (
            (self._sign, "search", QLineEdit.ActionPosition.LeadingPosition),
            (self._clear, "x", QLineEdit.ActionPosition.TrailingPosition),
        ):
            theme.set_icon(action, icon, "text_quiet")
            self.addAction(action, position)
        self._clear.setVisible(False)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.accepted.emit()
            case Qt.Key.Key_Escape if self.text():
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))


class _List(QListView):
    entered_key = Signal()
    menu_wanted = Signal(int, QPoint)
    """(place, where on the screen)"""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(words.PEOPLE)
        self.setItemDelegate(PeopleDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        theme.theme().changed.connect(self.viewport().update)

    def dataChanged(self, topLeft: Index, bottomRight: Index, /, roles: Sequence[int] = ()) -> None:
        """All rows are of one height, so nothing moves: a list of Qt's own would lay out every row at each change."""
        QAbstractItemView.dataChanged(self, topLeft, bottomRight, roles)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.entered_key.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """By the mouse for who is under it, by the menu key for who is marked."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            below = self.viewport().mapToGlobal(self.visualRect(index).center())
            self.menu_wanted.emit(index.row(), event.globalPos() if by_mouse else below)
