"""One conversation: who it is with, the messages, what waits here, and a place for the composer."""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.models.news import News, news, without_arrivals
from tact_desktop.models.timeline_model import ROWS_MAX, TimelineModel
from tact_desktop.opening import open_link
from tact_desktop.state import wording_conversation as words
from tact_desktop.state.people import Person, glyph_of
from tact_desktop.state.row import MessageRow, RowKind
from tact_desktop.state.wording_conversation import RowAction
from tact_desktop.state.wording_links import NOT_OPENED
from tact_desktop.state.wording_person import person_header
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.banner import Banner, BannerKind
from tact_desktop.widgets.empty_state import EmptyState
from tact_desktop.widgets.fade import Fade
from tact_desktop.widgets.message_list import MessageList
from tact_desktop.widgets.person_header import PersonHeader
from tact_desktop.widgets.row_menu import popup, row_keys, row_menu
from tact_desktop.widgets.waiting_strip import WaitingStrip


class ConversationPanel(QWidget):
    """Shows one person and the rows between us; `show_person` comes first, the rows of that person after it."""

    near_top = Signal()
    """Older rows are wanted."""
    near_bottom = Signal()
    newest_wanted = Signal()
    """The newest rows are wanted, in place of those that are shown."""
    row_action = Signal(str, str)
    """(a RowAction, the message's id)"""
    focused_seen = Signal()
    """There is something unread, and a person looks at the newest of it."""
    banner_action = Signal(str)
    banner_dismissed = Signal()
    notice_action = Signal(str)
    notice_dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._person: Person | None = None
        self._opening = False
        self._model = TimelineModel()
        self._header, self._banner, self._notice = PersonHeader(), Banner(), Banner()
        self._strip, self._nobody = WaitingStrip(), EmptyState("message")
        self._nobody.tell(words.CHOOSE_SOMEBODY, words.CHOOSE_SOMEBODY_HINT)
        self._parts, self._told, self._noticed = QWidget(), QWidget(), QWidget()
        around = QWidget()
        self._list = MessageList(words.CONVERSATION, parent=around)
        self._list.setModel(self._model)
        self._composer = QVBoxLayout()
        self._seen = QTimer(self, singleShot=True, interval=0)
        self._lay_out(around)
        self._connect()
        self.show_person(None)

    def show_person(self, person: Person | None, now_ms: int = 0, zone: tzinfo = UTC) -> None:
        """Whose conversation this is and how they are, read at `now_ms` (UTC milliseconds) in `zone`; None: nobody."""
        other = (person.handle if person else "") != (self._person.handle if self._person else "")
        self._person = person
        self._parts.setVisible(person is not None)
        self._nobody.setVisible(person is None)
        if other:
            self._opening = True
            self._model.reset(())
            self.show_waiting(0)
        if person is not None:
            line, said = person_header(person, now_ms, zone)
            self._header.show_person(person.handle, person.name, glyph_of(person.presence), line, said)
            self._list.setAccessibleName(words.conversation_with(person.name))
            self._list.set_empty_text(words.no_messages(person.name))
        self._describe()
        self._seen.start()

    def show_rows(self, rows: Sequence[MessageRow], paged: bool = False) -> None:
        """Shows the newest of `rows`; where one reads stays in place. `paged`: none of them has just come."""
        before, rows = self._model.rows(), tuple(rows[-ROWS_MAX:])
        if self._opening:
            self._opening = False
            self._model.reset(rows)
            self._list.jump_to_bottom()
        else:
            settled = rows if paged else without_arrivals(before, rows)
            if settled != before:
                with self._list.keep_anchor():
                    self._model.show(settled)
            self._model.show(rows)
            self._list.lay_out()
            if not paged:
                self._tell(news(before, rows))
        self._describe()
        self._seen.start()

    def rows(self) -> tuple[MessageRow, ...]:
        """The rows that are shown."""
        return self._model.rows()

    def show_waiting(self, count: int) -> None:
        """How many of my messages to this person wait; the strip is away where none does."""
        self._strip.show_count(count)

    def show_banner(
        self, sentence: str, kind: BannerKind = BannerKind.INFO, actions: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Says how the engine stands, also where nobody is chosen, with at most two actions (key, text); "" ends it."""
        self._told.setVisible(bool(sentence))
        if sentence:
            self._banner.tell(sentence, kind, actions)
        else:
            self._banner.clear()

    def show_notice(
        self,
        sentence: str,
        kind: BannerKind = BannerKind.INFO,
        actions: Sequence[tuple[str, str]] = (),
        dismissable: bool = True,
    ) -> None:
        """Says something about this conversation above the composer, in the same way."""
        self._noticed.setVisible(bool(sentence))
        if sentence:
            self._notice.tell(sentence, kind, actions, dismissable)
        else:
            self._notice.clear()

    def set_composer(self, composer: QWidget) -> None:
        """Puts `composer` below the messages, once."""
        self._composer.addWidget(composer)

    def show_row(self, key: str) -> bool:
        """Scrolls to one message and puts the keyboard on it; False if it is not among the rows."""
        found = self._list.show_row(key)
        if found:
            self.focus_list()
        return found

    def jump_to_bottom(self) -> None:
        """Shows the newest row, and stays there."""
        self._list.jump_to_bottom()

    def below_messages(self) -> int:
        """How high all that stands below the messages is, in pixels; a toast keeps clear of it."""
        bottom = self._list.mapTo(self, self._list.rect().bottomLeft()).y()
        return self.height() - bottom + theme.SPACE_2

    def focus_list(self) -> None:
        """Puts the keyboard onto the messages."""
        self._list.setFocus(Qt.FocusReason.TabFocusReason)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._seen.start()

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._seen.start()

    def _lay_out(self, around: QWidget) -> None:
        line = QFrame()
        line.setProperty("role", "hairline")
        for place, banner in ((self._told, self._banner), (self._noticed, self._notice)):
            place.setVisible(False)
            room = QVBoxLayout(place)
            room.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_2)
            room.addWidget(banner)
        # The jump button lies beside the list, in a plain widget, where a screen reader finds it.
        inside = QVBoxLayout(around)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._list)
        # What stands below may be high, and the messages give way to it.
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        parts = QVBoxLayout(self._parts)
        for part in (self._header, line):
            parts.addWidget(part)
        parts.addWidget(around, 1)
        for part in (self._strip, self._noticed):
            parts.addWidget(part)
        parts.addLayout(self._composer)
        rows = QVBoxLayout(self)
        rows.addWidget(self._told)
        rows.addWidget(self._parts, 1)
        rows.addWidget(self._nobody, 1)
        for layout in (parts, rows):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    def _connect(self) -> None:
        self._list.near_top.connect(self.near_top)
        self._list.near_bottom.connect(self.near_bottom)
        self._list.jumped.connect(self.newest_wanted)
        self._list.menu_wanted.connect(self._open_menu)
        self._list.activated_row.connect(self._activate)
        self._list.link_pressed.connect(self._follow)
        self._list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._strip.pressed.connect(self._show_waiting_rows)
        self._banner.acted.connect(self.banner_action)
        self._banner.dismissed.connect(self._told.hide)
        self._banner.dismissed.connect(self.banner_dismissed)
        self._notice.acted.connect(self.notice_action)
        self._notice.dismissed.connect(self._noticed.hide)
        self._notice.dismissed.connect(self.notice_dismissed)
        self._seen.timeout.connect(self._look)
        row_keys(self._list, self._current, self._act)

    def _describe(self) -> None:
        """Where nothing was said yet, the words drawn into the list are there for the ear too."""
        person = self._person if not self._model.rowCount() else None
        said = words.no_messages(person.name) if person is not None else ""
        self._list.setAccessibleDescription(said)

    def _tell(self, what: News) -> None:
        if not what.keys:
            return
        announce(self._list, what.said)
        if not theme.reduced_motion():
            fade = Fade(self)
            fade.stepped.connect(partial(self._model.set_highlight, what.keys))
            fade.start()

    def _scrolled(self, _value: int) -> None:
        self._seen.start()

    def _look(self) -> None:
        unread = self._person is not None and self._person.unread > 0
        if unread and self.isVisible() and self.isActiveWindow() and self._list.at_bottom():
            self.focused_seen.emit()

    def _current(self) -> MessageRow | None:
        return self._row(self._list.current_key())

    def _row(self, key: str) -> MessageRow | None:
        return next((row for row in self._model.rows() if row.key == key), None)

    def _act(self, action: RowAction, key: str) -> None:
        self.row_action.emit(action.value, key)

    def _activate(self, key: str) -> None:
        row = self._row(key)
        if row is None:
            return
        if words.is_waiting(row):
            self._act(RowAction.EDIT, key)
        elif RowAction.WRITE_NOW in words.row_actions(row):
            self._act(RowAction.WRITE_NOW, key)

    def _open_menu(self, key: str, place: QPoint) -> None:
        row = self._row(key)
        if row is not None and (row.kind is RowKind.BUBBLE or words.row_actions(row)):
            popup(row_menu(self, row, self._act, self._copy, self._follow), place)

    def _copy(self) -> None:
        row = self._current()
        QGuiApplication.clipboard().setText(self._list.selected_text() or (row.text if row else ""))

    def _follow(self, url: str) -> None:
        if not open_link(url):
            self.show_notice(NOT_OPENED, BannerKind.WARNING)

    def _show_waiting_rows(self) -> None:
        first = next((row.key for row in self._model.rows() if words.is_waiting(row)), "")
        if not self.show_row(first):
            self.newest_wanted.emit()
