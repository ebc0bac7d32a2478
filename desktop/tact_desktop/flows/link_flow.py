"""The link to the engine: status bar, banner, and the sentences for what was not accepted."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox

from tact_desktop.desk import Desk
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.panels.status_bar import StatusBar
from tact_desktop.state.link import Link, LinkPhase
from tact_desktop.state.trust import is_removed, is_stopped
from tact_desktop.state.wording import clock_differs, unreachable
from tact_desktop.state.wording_trust import (
    BACK_TO_STOP,
    CLOSE,
    READING_ONLY,
    REMOVED_MEANING,
    removed,
    removed_meaning,
)
from tact_desktop.state.wording_window import SIGN_IN_WORD, START_ANEW
from tact_desktop.widgets.banner import BannerKind
from tact_desktop.widgets.text import message_box

SKEW_MS_MAX = 60_000
SIGN_IN = "sign in"
ANEW = "start anew"
STOP = "stop"
MEANING = "meaning"


class LinkFlow(QObject):
    """Says how the engine stands.

    `start_anew_requested` is the way out where it will not let this computer in, `stop_requested` the way back to the
    page about an engine that is another one.
    """

    start_anew_requested = Signal()
    stop_requested = Signal()

    def __init__(self, desk: Desk, panel: ConversationPanel, status: StatusBar) -> None:
        super().__init__(panel)
        self._desk, self._panel, self._status = desk, panel, status
        desk.link_changed.connect(self.refresh)
        desk.people_changed.connect(self._show_status)
        desk.counted.connect(self._show_waiting)
        desk.changed.connect(self._on_changed)
        desk.complained.connect(self._complain)
        panel.banner_action.connect(self._act)
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now."""
        link = self._desk.link
        self._show_status()
        sentence = self._sentence(link)
        kind = BannerKind.DANGER if link.phase is LinkPhase.REFUSED else BannerKind.WARNING
        self._panel.show_banner(sentence, kind, self._actions())

    def _sentence(self, link: Link) -> str:
        if is_stopped(link):
            return READING_ONLY
        if is_removed(link):
            return removed(link.engine)
        if link.phase in (LinkPhase.REFUSED, LinkPhase.SIGNED_OUT, LinkPhase.ASKING):
            return link.problem
        if link.phase is LinkPhase.AWAY or link.problem:
            return unreachable(link.engine or "Tact", len(self._desk.history.unsent()))
        minutes = abs(link.skew_ms) // 60_000
        return clock_differs(minutes) if abs(link.skew_ms) > SKEW_MS_MAX else ""

    def _show_status(self) -> None:
        people = sum(not person.gone for person in self._desk.people.values())
        self._status.show_link(self._desk.link, people)
        self._show_waiting()

    def _show_waiting(self, _: str = "") -> None:
        self._status.show_waiting(sum(not entry.alert for entry in self._desk.staying()))

    def _act(self, action: str) -> None:
        if action == SIGN_IN:
            self._desk.bridge.sign_in()
        if action == ANEW:
            self.start_anew_requested.emit()
        if action == STOP:
            self.stop_requested.emit()
        if action == MEANING:
            self._explain_removed()

    def _on_changed(self, conversation: str) -> None:
        """While the engine is away the banner counts what is kept for it."""
        del conversation
        if self._desk.link.phase is LinkPhase.AWAY:
            self.refresh()

    def _actions(self) -> tuple[tuple[str, str], ...]:
        """The way back, where one is needed, whatever else the banner says."""
        if is_stopped(self._desk.link):
            return ((STOP, BACK_TO_STOP),)
        if is_removed(self._desk.link):
            return ((MEANING, REMOVED_MEANING),)
        ways = {LinkPhase.SIGNED_OUT: (SIGN_IN, SIGN_IN_WORD), LinkPhase.REFUSED: (ANEW, START_ANEW)}
        way = ways.get(self._desk.link.phase)
        return (way,) if way else ()

    def _explain_removed(self) -> None:
        text = removed_meaning(self._desk.link.engine, str(self._desk.bridge.profile))
        box = message_box(self._panel, REMOVED_MEANING, text)
        anew = box.addButton(START_ANEW, QMessageBox.ButtonRole.AcceptRole)
        anew.clicked.connect(self.start_anew_requested)
        box.addButton(CLOSE, QMessageBox.ButtonRole.RejectRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _complain(self, sentence: str) -> None:
        self._panel.show_banner(sentence, BannerKind.DANGER, self._actions())
