"""The main window: people on the left, the conversation in the middle, what waits on the right."""

from contextlib import suppress
from datetime import tzinfo

from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from tact_desktop.desk import Desk
from tact_desktop.flows.conversation_flow import ConversationFlow
from tact_desktop.flows.link_flow import LinkFlow
from tact_desktop.flows.members_flow import MembersFlow
from tact_desktop.flows.notice_flow import NoticeFlow
from tact_desktop.flows.people_flow import PeopleFlow
from tact_desktop.flows.privacy_flow import PrivacyFlow
from tact_desktop.flows.trust_flow import TrustFlow
from tact_desktop.flows.waiting_flow import WaitingFlow
from tact_desktop.menus import Menus, add_appearance, fill_menus, tell
from tact_desktop.panels.composer import Composer
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.panels.help import HelpPanel
from tact_desktop.panels.people import PeoplePanel
from tact_desktop.panels.presence_bar import PresenceBar
from tact_desktop.panels.status_bar import StatusBar
from tact_desktop.panels.waiting import WaitingPanel
from tact_desktop.state import wording_help, wording_members
from tact_desktop.state import wording_window as words
from tact_desktop.state.entry import Entry
from tact_desktop.state.wording_trust import MENU_SAFE
from tact_desktop.widgets.request_strip import RequestStrip
from tact_desktop.widgets.toast import Toast
from tact_engine.core.errors import StoreError

COMPACT_BELOW = 1040
TICK_MS = 15_000
LEFT_WIDTH = 264
LEFT_WIDTH_COMPACT = 216
RIGHT_WIDTH = 300
GEOMETRY_SETTING = "window geometry"


class MainWindow(QMainWindow):
    """One person's window. `closing` asks what is to happen with the rest of the program; closing is never refused."""

    closing = Signal()
    painted = Signal()
    """It is in sight for the first time, with all that stands in it."""
    scheme_chosen = Signal(str)
    start_anew_requested = Signal()
    invited = Signal(object)
    """Go on with this Invitation: another engine answers than the one that was known."""

    def __init__(self, desk: Desk, zone: tzinfo, name: str) -> None:
        super().__init__()
        self.desk = desk
        self.presence_bar, self.people, self.conversation = PresenceBar(), PeoplePanel(), ConversationPanel()
        self.composer, self.waiting, self.status = Composer(), WaitingPanel(), StatusBar()
        self.requests = RequestStrip()
        self.conversation.set_composer(self.composer)
        self._pages, self._splitter = QStackedWidget(), QSplitter(Qt.Orientation.Horizontal)
        self._wants_waiting = True
        self._compact: bool | None = None
        self._was_painted = False
        self._undoable: dict[str, Entry] = {}
        self._help: HelpPanel | None = None
        self._lay_out()
        self._toast = Toast(self.conversation, clear_of=self.conversation.below_messages)
        self.flow = ConversationFlow(desk, self.conversation, self.composer, zone)
        self.people_flow = PeopleFlow(desk, self.people, self.presence_bar, self.flow, zone)
        self.waiting_flow = WaitingFlow(desk, self.waiting, self.flow, zone)
        self.privacy_flow = PrivacyFlow(desk, self.people, zone)
        self.members_flow = MembersFlow(desk, self.people, self.requests, zone)
        self.link_flow = LinkFlow(desk, self.conversation, self.status)
        self.trust_flow = TrustFlow(desk, self._pages, self.status, self.flow.write)
        self.notice_flow = NoticeFlow(desk, self.conversation, self.composer, self.flow, self._toast)
        self._connect()
        fill_menus(self, self._menus())
        add_appearance(self, words.MENU_VIEW, self.scheme_chosen.emit)
        self._retitle(name)
        for each in (desk.people_changed, desk.counted):
            each.connect(lambda: self._retitle(name))
        self._ticking = QTimer(self, interval=TICK_MS)
        self._ticking.timeout.connect(self.refresh)
        self._ticking.start()
        self._restore()

    # --- what others ask of it ---------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what time has changed: times left, days, who is idle, the preview."""
        self.flow.refresh()
        self.people_flow.refresh()
        self.waiting_flow.refresh()

    def show_waiting(self, wanted: bool | None = None) -> None:
        """Show or hide the list of what waits; the other way round without `wanted`."""
        self._wants_waiting = not self.waiting.isVisible() if wanted is None else wanted
        self._place_waiting()
        if self._wants_waiting:
            self.waiting.window().raise_()
            self.waiting.setFocus(Qt.FocusReason.OtherFocusReason)

    def bring_up(self, handle: str = "") -> None:
        """Come to the front, with the conversation with `handle` where one is named."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()
        if handle:
            self.flow.open(handle)

    def explain_delivery(self) -> None:
        """Show how delivery works."""
        if self._help is None:
            self._help = HelpPanel(wording_help.TITLE, wording_help.SECTIONS, self)
        self._help.bring_up()

    def next_pane(self, step: int) -> None:
        """Move the keyboard to the next pane, or the previous one."""
        panes: list[QWidget] = [self.people, self.conversation, self.composer, self.waiting]
        shown = [pane for pane in panes if pane.isVisible()]
        focus = QApplication.focusWidget()
        here = [
            index for index, pane in enumerate(shown) if focus and (pane is focus or pane.isAncestorOf(focus))
        ]
        target = shown[((here[-1] if here else 0) + step) % len(shown)]
        if target is self.composer:
            self.composer.focus_text()
        elif target is self.conversation:
            self.conversation.focus_list()
        else:
            inner = next((each for each in target.findChildren(QWidget) if _takes_keys(each)), target)
            inner.setFocus(Qt.FocusReason.TabFocusReason)

    # --- Qt ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fold below COMPACT_BELOW."""
        super().resizeEvent(event)
        self._fold(self.width() < COMPACT_BELOW)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Lay out for the width the window really has."""
        super().showEvent(event)
        self._fold(self.width() < COMPACT_BELOW)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """What stands in the window is painted right after it."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Esc that nothing else wanted leads back to the message."""
        if event.key() == Qt.Key.Key_Escape:
            self.composer.focus_text()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent, /) -> None:
        """Keep the draft and the place of the window."""
        self._ticking.stop()
        place = bytes(self.saveGeometry().toBase64().data()).decode()
        with suppress(StoreError):  # a full disk must not keep a window open
            self.flow.leave_editor()
            self.flow.save_draft()
            self.desk.history.set_setting(GEOMETRY_SETTING, place)
        self.waiting.close()
        self.closing.emit()
        super().closeEvent(event)

    # --- the parts ---------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left = QWidget()
        left.setProperty("role", "pane")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.presence_bar)
        column.addWidget(self.people, 1)
        self._left = left
        for place, pane in enumerate((left, self.conversation, self.waiting)):
            self._splitter.addWidget(pane)
            self._splitter.setStretchFactor(place, 1 if pane is self.conversation else 0)
            self._splitter.setCollapsible(place, False)
        self._splitter.setHandleWidth(1)
        frame = QWidget()
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.requests)
        rows.addWidget(self._splitter, 1)
        rows.addWidget(self.status)
        self._pages.addWidget(frame)
        self.setCentralWidget(self._pages)
        self.setMinimumSize(640, 480)

    def _connect(self) -> None:
        self.status.waiting_requested.connect(lambda: self.show_waiting())
        self.waiting.close_requested.connect(lambda: self.show_waiting(False))
        for keys in ("Esc", "Ctrl+Shift+W"):
            leave = QShortcut(
                QKeySequence(keys), self.waiting, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            leave.activated.connect(self._leave_waiting)
        self.presence_bar.sign_out_requested.connect(self.desk.sign_out)
        self.link_flow.start_anew_requested.connect(self.start_anew_requested)
        self.link_flow.stop_requested.connect(self.trust_flow.show_stop)
        self.trust_flow.start_anew_requested.connect(self.start_anew_requested)
        self.trust_flow.invited.connect(self.invited)
        self.trust_flow.quit_requested.connect(self.close)
        self.trust_flow.stopped.connect(self._only_read)
        self.flow.withdrawn.connect(self._offer_undo)
        self.notice_flow.handled.connect(self.link_flow.refresh)
        self._toast.undone.connect(self._undo)
        self._toast.passed.connect(self._forget_undo)

    def _menus(self) -> Menus:
        """The menus: words, keys, what it does."""
        return (
            (words.MENU_FILE, ((words.QUIT, "Ctrl+Q", self.close),)),
            (
                words.MENU_CONVERSATION,
                (
                    (words.FIND, "Ctrl+K", self.people.focus_search),
                    (words.NEXT, "Alt+Down", lambda: self.people.step(1)),
                    (words.PREVIOUS, "Alt+Up", lambda: self.people.step(-1)),
                    (words.WRITE, "Ctrl+J", self.composer.focus_text),
                    (words.EDIT_LAST, "", self.composer.edit_last_requested.emit),
                    (wording_members.INVITE_MENU, "", self.members_flow.invite),
                ),
            ),
            (
                words.MENU_PRESENCE,
                (
                    (words.SIGN_IN_WORD, "", self.desk.bridge.sign_in),
                    (words.SIGN_OUT, "", self.desk.sign_out),
                    (words.PRIVACY, "Ctrl+,", self.privacy_flow.open),
                    (wording_members.MEMBERS_MENU, "", self.members_flow.open),
                ),
            ),
            (
                words.MENU_VIEW,
                (
                    (words.WAITING, "Ctrl+Shift+W", lambda: self.show_waiting()),
                    (words.NEXT_PANE, "F6", lambda: self.next_pane(1)),
                    (words.PREVIOUS_PANE, "Shift+F6", lambda: self.next_pane(-1)),
                ),
            ),
            (
                words.MENU_HELP,
                (
                    (words.HOW, "F1", self.explain_delivery),
                    (words.SHORTCUTS, "Ctrl+/", lambda: tell(self, words.SHORTCUTS, words.shortcut_lines())),
                    (words.CONNECTION, "", self.trust_flow.open_connection),
                    (MENU_SAFE, "", self.trust_flow.explain_safety),
                    (words.ABOUT, "", lambda: tell(self, words.ABOUT, words.ABOUT_TEXT)),
                ),
            ),
        )

    def _only_read(self, stopped: bool) -> None:
        """While another engine answers than the one that is known, nothing is done here but reading."""
        for part in (self.presence_bar, self.waiting):
            part.setEnabled(not stopped)
        self.composer.setVisible(not stopped)
        for entry in self.menuBar().actions():
            entry.setVisible(not stopped or entry.text() in (words.MENU_FILE, words.MENU_HELP))
        self.show_waiting(not stopped and not self._compact)

    def _leave_waiting(self) -> None:
        """Back from the list of what waits: a window of its own closes, a pane gives the keyboard back."""
        if self._compact:
            self.show_waiting(False)
        self.activateWindow()
        self.composer.focus_text()

    def _offer_undo(self, entry: Entry) -> None:
        self._undoable[entry.id] = entry
        self._toast.offer(entry.id, words.WITHDRAWN, words.UNDO)
        self.composer.focus_text()

    def _undo(self, key: str) -> None:
        entry = self._undoable.pop(key, None)
        if entry is not None:
            self.desk.restore(entry)

    def _forget_undo(self, key: str) -> None:
        self._undoable.pop(key, None)

    def _fold(self, compact: bool) -> None:
        """Wide: three panes. Compact: two, and the list of what waits in a window of its own."""
        if compact == self._compact:
            return
        self._compact = compact
        self.composer.set_compact(compact)
        self._wants_waiting = not compact
        self._place_waiting()
        self._left.setMinimumWidth(LEFT_WIDTH_COMPACT if compact else LEFT_WIDTH)
        left = LEFT_WIDTH_COMPACT if compact else LEFT_WIDTH
        right = 0 if compact else RIGHT_WIDTH
        self._splitter.setSizes([left, self.width() - left - right, right])

    def _place_waiting(self) -> None:
        own_window = bool(self._compact)
        if own_window and self.waiting.parent() is not None:
            self.waiting.setParent(None)
            self.waiting.setWindowFlag(Qt.WindowType.Window)
            self.waiting.resize(420, 520)
            self.waiting.move(self.frameGeometry().topLeft() + QPoint(48, 64))
        elif not own_window and self.waiting.parent() is None:
            self._splitter.addWidget(self.waiting)
        self.waiting.set_closable(not own_window)
        self.waiting.setVisible(self._wants_waiting)

    def _retitle(self, name: str) -> None:
        unread = sum(person.unread for person in self.desk.people.values())
        me = self.desk.people.get(self.desk.me)
        self.setWindowTitle(words.window_title(me.name if me else name, unread))
        self.waiting.setWindowTitle(words.window_title(me.name if me else name, 0, waiting=True))

    def _restore(self) -> None:
        saved = self.desk.history.setting(GEOMETRY_SETTING, "")
        if not (saved and self.restoreGeometry(QByteArray.fromBase64(saved.encode()))):
            self.resize(1180, 720)


def _takes_keys(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()
