"""What became of one's own messages, said once: beside the conversation it is about, or in a toast that leads there."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from tact_desktop.desk import Desk
from tact_desktop.flows.conversation_flow import ConversationFlow
from tact_desktop.local.changes import Change
from tact_desktop.panels.composer import Composer
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.state import wording_waiting as words
from tact_desktop.state.draft import Draft
from tact_desktop.state.entry import Entry
from tact_desktop.state.wording_conditions import phrase
from tact_desktop.widgets.banner import BannerKind
from tact_desktop.widgets.toast import Toast
from tact_engine.core.envelope import Receipt, State

RETRACT = "retract"
_OPEN = "open "
"""Begins the key of a toast that leads to somebody's conversation."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about one conversation; `retract` is the text of a message that one may ask to ignore."""

    sentence: str
    kind: BannerKind = BannerKind.INFO
    retract: str = ""


class NoticeFlow(QObject):
    """Tells of drafts that came back, alerts, late arrivals, and of what came too late to be changed.

    Signals: handled() when a refusal is said here, so that it need not be said elsewhere.
    """

    handled = Signal()

    def __init__(
        self, desk: Desk, panel: ConversationPanel, composer: Composer, flow: ConversationFlow, toast: Toast
    ) -> None:
        super().__init__(panel)
        self._desk, self._panel, self._composer, self._flow, self._toast = desk, panel, composer, flow, toast
        self._notices: dict[str, Notice] = {}
        self._back: list[Entry] = []
        self._after_all: set[str] = set()
        self._late: list[tuple[Entry, str]] = []
        self._settling = QTimer(self, singleShot=True, interval=0)
        self._settling.timeout.connect(self._tell_late)
        self._connect()

    def _connect(self) -> None:
        desk, panel = self._desk, self._panel
        desk.drafted.connect(self._on_drafted)
        desk.alerted.connect(self._on_alerted)
        desk.refused_change.connect(self._on_refused_change)
        desk.bridge.receipts.connect(self._on_receipts)
        desk.bridge.settled.connect(self._on_settled)
        self._flow.opened.connect(self._show)
        self._flow.too_late.connect(self._on_too_late)
        self._flow.left_before.connect(self._on_left_before)
        self._composer.draft_changed.connect(self._on_draft)
        self._composer.send_requested.connect(self._on_sent)
        panel.notice_action.connect(self._act)
        panel.notice_dismissed.connect(self._forget)
        self._toast.undone.connect(self._go)

    # --- what happened -----------------------------------------------------------------------------------------

    def _on_drafted(self, entry: Entry) -> None:
        """Its time was up: its text goes back to where it was written, and only then the message is deleted."""
        if entry.text:  # an alert may have none
            self._back.append(entry)
            self._put_back()

    def _on_draft(self, _: Draft) -> None:
        if not self._composer.editing():
            self._put_back()
            notice = self._notices.get(self._flow.handle)
            if notice is not None and not notice.retract and not self._composer.draft().text.strip():
                self._forget()  # what it was about is thrown away

    def _on_sent(self, _: Draft) -> None:
        self._forget()

    def _put_back(self) -> None:
        for entry in tuple(self._back):
            handle, editing = entry.recipients[0], self._composer.editing()
            if editing and editing != entry.id and handle == self._flow.handle:
                continue  # that editor comes first
            self._back.remove(entry)
            text = entry.text
            if editing == entry.id:
                text = self._composer.draft().text.strip() or text
                self._composer.end_edit()
            if self._flow.write(handle, text):
                self._desk.dismiss(entry.id)
                self._say(handle, Notice(words.drafted(self._name(handle))))

    def _on_alerted(self, entry: Entry) -> None:
        """In its own conversation the line of the alert says it."""
        handle = entry.recipients[0]
        if handle != self._flow.handle:
            self._lead(handle, words.told(phrase(self._name(handle), entry.condition)))

    def _on_receipts(self, receipts: tuple[Receipt, ...]) -> None:
        """The desk has stored them by now."""
        for receipt in receipts:
            if receipt.state is State.DELIVERED:
                self._look_at(receipt.id)

    def _on_settled(self, id: str, receipts: tuple[Receipt, ...]) -> None:
        del id
        self._on_receipts(receipts)

    def _look_at(self, id: str) -> None:
        entry = self._desk.history.entry(id)
        if entry is not None and entry.corrected and id not in self._after_all:
            self._after_all.add(id)
            handle = entry.recipients[0]
            self._lead(handle, words.did_arrive(self._name(handle)))

    def _on_too_late(self, entry: Entry) -> None:
        notice = Notice(words.too_late(entry.text), BannerKind.WARNING, retract=entry.text)
        self._say(entry.recipients[0], notice)
        self.handled.emit()

    def _on_left_before(self, entry: Entry, written: Draft) -> None:
        self._keep_late(entry, written.text)

    def _on_refused_change(self, entry: Entry, change: Change) -> None:
        now = self._desk.history.entry(entry.id)
        if now is not None and not now.waiting and not change.alert:
            self._keep_late(now, change.text)

    def _keep_late(self, entry: Entry, text: str) -> None:
        if entry.alert or text.strip() != entry.text:
            self._late.append((entry, text))
            self._settling.start()

    def _tell_late(self) -> None:
        """What was written for a message that has left is not lost: it stands in the composer, to be sent anew."""
        late, self._late = self._late, []
        for entry, text in late:
            handle = entry.recipients[0]
            self._flow.write(handle, text)
            went = entry.released_at > 0 and not entry.alert
            sentence = words.change_too_late(self._name(handle)) if went else words.CHANGE_TOO_LATE
            self._say(handle, Notice(sentence, BannerKind.WARNING))
            self.handled.emit()

    # --- saying it ---------------------------------------------------------------------------------------------

    def _say(self, handle: str, notice: Notice) -> None:
        self._notices[handle] = notice
        if handle == self._flow.handle:
            self._show()
        else:
            self._toast.tell(_OPEN + handle, notice.sentence, words.OPEN)

    def _lead(self, handle: str, sentence: str) -> None:
        """A toast for what a conversation tells by itself."""
        here = handle == self._flow.handle
        self._toast.tell(_OPEN + handle, sentence, "" if here else words.OPEN)

    def _show(self, _: str = "") -> None:
        notice = self._notices.get(self._flow.handle)
        if notice is None:
            self._panel.show_notice("")
        else:
            actions = ((RETRACT, words.RETRACT),) if notice.retract else ()
            self._panel.show_notice(notice.sentence, notice.kind, actions)

    def _act(self, action: str) -> None:
        notice = self._notices.get(self._flow.handle)
        if action == RETRACT and notice is not None:
            self._forget()
            self._composer.cancel_edit()
            self._flow.write(self._flow.handle, words.please_ignore(notice.retract))
            self._composer.focus_text()

    def _forget(self) -> None:
        self._notices.pop(self._flow.handle, None)
        self._show()

    def _go(self, key: str) -> None:
        if key.startswith(_OPEN):
            self._flow.open(key.removeprefix(_OPEN))

    def _name(self, handle: str) -> str:
        person = self._desk.people.get(handle)
        return person.name if person else handle
