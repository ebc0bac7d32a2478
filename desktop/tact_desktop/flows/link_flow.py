"""The link to the engine: status bar, banner, and the sentences for what was not accepted."""

from PySide6.QtCore import QObject, Signal

from tact_desktop.desk import Desk
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.panels.status_bar import StatusBar
from tact_desktop.state.link import Link, LinkPhase
from tact_desktop.state.wording import clock_differs, unreachable
from tact_desktop.state.wording_window import SIGN_IN_WORD, START_ANEW
from tact_desktop.widgets.banner import BannerKind

SKEW_MS_MAX = 60_000
SIGN_IN = "sign in"
ANEW = "start anew"


class LinkFlow(QObject):
    """Says how the engine stands; `start_anew_requested` is the way out where it will not let this computer in."""

    start_anew_requested = Signal()

    def __init__(self, desk: Desk, panel: ConversationPanel, status: StatusBar) -> None:
        super().__init__(panel)
        self._desk, self._panel, self._status = desk, panel, status
        desk.link_changed.connect(self.refresh)
        desk.people_changed.connect(self._show_status)
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
        if link.phase in (LinkPhase.REFUSED, LinkPhase.SIGNED_OUT):
            return link.problem
        if link.phase is LinkPhase.AWAY or link.problem:
            return unreachable(link.engine or "Tact", len(self._desk.history.unsent()))
        minutes = abs(link.skew_ms) // 60_000
        return clock_differs(minutes) if abs(link.skew_ms) > SKEW_MS_MAX else ""

    def _show_status(self) -> None:
        self._status.show_link(self._desk.link, len(self._desk.people))
        self._status.show_waiting(sum(not entry.alert for entry in self._desk.waiting()))

    def _act(self, action: str) -> None:
        if action == SIGN_IN:
            self._desk.bridge.sign_in()
        if action == ANEW:
            self.start_anew_requested.emit()

    def _on_changed(self, conversation: str) -> None:
        """While the engine is away the banner counts what is kept for it."""
        del conversation
        if self._desk.link.phase is LinkPhase.AWAY:
            self.refresh()

    def _actions(self) -> tuple[tuple[str, str], ...]:
        """The way back, where one is needed, whatever else the banner says."""
        ways = {LinkPhase.SIGNED_OUT: (SIGN_IN, SIGN_IN_WORD), LinkPhase.REFUSED: (ANEW, START_ANEW)}
        way = ways.get(self._desk.link.phase)
        return (way,) if way else ()

    def _complain(self, sentence: str) -> None:
        self._panel.show_banner(sentence, BannerKind.DANGER, self._actions())
