"""Is it the right engine: comparing its words, the hard stop where it is another one, and what is said about safety."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from tact_desktop.desk import Desk
from tact_desktop.local.changes import Changes
from tact_desktop.panels.help import HelpPanel
from tact_desktop.panels.status_bar import StatusBar
from tact_desktop.panels.trust import ConnectionPage, Engine
from tact_desktop.settings import local_addresses
from tact_desktop.state import wording_help, wording_trust
from tact_desktop.state.trust import Standing, is_for, is_stopped, left_behind, standing
from tact_desktop.state.wording_window import connection_text
from tact_engine.accounts.invitation import Invitation
from tact_engine.accounts.words import six_words
from tact_engine.core.errors import LocalError, StoreError

if TYPE_CHECKING:
    from tact_desktop.panels.changed_key import ChangedKeyPage

Write = Callable[[str, str], bool]
"""Puts a text behind what is being written to a handle; False where it cannot be kept."""


class TrustFlow(QObject):
    """Covers the window while another engine answers than the one that is known.

    `invited(Invitation)` is the only way on from there; `start_anew_requested` leaves an engine whose words differ;
    `stopped(bool)` says that nothing may be done in the window but reading, or that this is over.
    """

    invited = Signal(object)
    start_anew_requested = Signal()
    quit_requested = Signal()
    stopped = Signal(bool)

    def __init__(self, desk: Desk, pages: QStackedWidget, status: StatusBar, write: Write) -> None:
        super().__init__(pages)
        self._desk, self._pages, self._write = desk, pages, write
        self._connection: ConnectionPage | None = None
        self._safety: HelpPanel | None = None
        self._stop: ChangedKeyPage | None = None
        self._is_stopped = False
        status.compare_requested.connect(self.open_connection)
        desk.link_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now."""
        stopped = is_stopped(self._desk.link)
        if stopped != self._is_stopped:
            self._is_stopped = stopped
            self.stopped.emit(stopped)
            self.show_stop() if stopped else self._pages.setCurrentIndex(0)
        if self._connection is not None:
            self._connection.show_engine(self._engine())

    def open_connection(self) -> None:
        """Show which engine this is, and its six words."""
        if self._connection is None:
            self._connection = ConnectionPage(self._pages.window())
            self._connection.same.connect(self._desk.verify_engine)
            self._connection.left.connect(self._leave)
        self._connection.show_engine(self._engine())
        self._connection.bring_up()

    def explain_safety(self) -> None:
        """Show who can read what."""
        if self._safety is None:
            title, sections = wording_help.SAFETY_TITLE, wording_help.SAFETY
            self._safety = HelpPanel(title, sections, self._pages.window())
        self._safety.bring_up()

    def show_stop(self) -> None:
        """Cover the window with the page about an engine that is another one."""
        if self._stop is None:
            from tact_desktop.panels.changed_key import ChangedKeyPage  # noqa: PLC0415 - few starts ever need it

            self._stop = ChangedKeyPage()
            self._stop.offered.connect(self._go_on)
            self._stop.read_wanted.connect(lambda: self._pages.setCurrentIndex(0))
            self._stop.quit_wanted.connect(self.quit_requested)
            self._pages.addWidget(self._stop)
        left = left_behind(self._desk.waiting())
        behind, question = wording_trust.stays_behind(left), wording_trust.hand_over(left)
        self._stop.show_stop(self._desk.link.problem, behind, question)
        self._pages.setCurrentWidget(self._stop)
        self._stop.bring_up()

    def _engine(self) -> Engine:
        link = self._desk.link
        known = standing(link)
        key_file = self._desk.bridge.key_file
        key = wording_trust.key_in_file(key_file) if key_file else ""
        if known is Standing.NOBODY:
            return Engine(known, key=key)
        hosts = [each for each in local_addresses() if each[0].isdigit() and each != "127.0.0.1"]
        places = [f"{host}:{link.port}" for host in (hosts if link.here else [link.host])]
        title = wording_trust.reached_at(link.engine, "" if link.here else places[0])
        return Engine(known, title, six_words(link.engine_id), connection_text(link.engine, places), key)

    def _leave(self) -> None:
        """The words differ: nothing goes to that engine any more."""
        self._desk.sign_out()
        self.start_anew_requested.emit()

    def _go_on(self, text: str, hand_over: bool) -> None:
        """An invitation was pasted: if it is one, and for whoever sits here, it names the engine from now on."""
        assert self._stop is not None, "the page asked"
        try:
            invitation = Invitation.parsed(text)
            if not is_for(invitation.handle, self._desk.me):
                raise LocalError(wording_trust.for_somebody_else(invitation.handle, self._desk.me))
            if not hand_over:
                self._keep_here()
        except (LocalError, StoreError) as error:
            self._stop.show_problem(str(error))
            return
        self.invited.emit(invitation)

    def _keep_here(self) -> None:
        """What was meant for the engine that was known goes to no other by itself: neither messages nor changes."""
        desk, changes = self._desk, Changes(self._desk.history)
        for entry in desk.history.unsent():
            desk.history.refused(entry.id, wording_trust.WRITTEN_FOR_ANOTHER, desk.now_ms())
            desk.changed.emit(entry.conversation)
        for id in changes.ids:
            entry, texts = desk.history.entry(id), [each.text for each in changes.of(id) if not each.now]
            written = texts[-1] if entry is not None and texts and texts[-1] != entry.text else ""
            if entry is not None and written and not self._write(entry.recipients[0], written):
                raise StoreError(wording_trust.NOT_KEPT)
            changes.keep(id, ())
