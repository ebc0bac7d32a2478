"""The conversation in the middle: who is chosen, what is shown, what stands in the composer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo

from PySide6.QtCore import QObject, QTimer, Signal

from tact_desktop.desk import Desk
from tact_desktop.flows.editing_flow import EditingFlow
from tact_desktop.flows.preset_flow import PresetFlow
from tact_desktop.local.changes import Change
from tact_desktop.page import Page
from tact_desktop.panels.composer import Composer
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.state.deliver_choices import draft_of
from tact_desktop.state.draft import Draft, sent
from tact_desktop.state.entry import Entry
from tact_desktop.state.outbox import followed_by, told_instead
from tact_desktop.state.people import Person
from tact_desktop.state.preview import preview
from tact_desktop.state.recipient import recipient_of
from tact_desktop.state.timeline import Kept, rows
from tact_desktop.state.trust import is_removed
from tact_desktop.state.wording_composer import CHANGE_REFUSED, NOT_HERE_ANY_MORE, cannot_write
from tact_desktop.state.wording_conversation import RowAction
from tact_engine.core.errors import StoreError

DRAFT_SAVE_MS = 400
OPEN_SETTING = "open conversation"
ALREADY_RELEASED = "already_released"


class ConversationFlow(QObject):
    """Shows the conversation with one person and sends what is written to them.

    Signals: opened(handle), withdrawn(entry) so that it can be undone, too_late(entry) where it had left already,
    left_before(entry, what stood in the editor) when a message left although somebody was changing it.
    """

    opened = Signal(str)
    withdrawn = Signal(object)
    too_late = Signal(object)
    left_before = Signal(object, object)

    def __init__(self, desk: Desk, panel: ConversationPanel, composer: Composer, zone: tzinfo) -> None:
        super().__init__(panel)
        self._desk, self._panel, self._composer, self._zone = desk, panel, composer, zone
        self.handle = ""
        self._page: Page | None = None
        self._kept: Kept = {}
        self._shown: Person | None = None
        """The other one, as the header and the preview show them."""
        self._draft = Draft()
        self._new_from: int | None = None
        self._withdrawing: set[str] = set()
        self._saving = QTimer(self, singleShot=True, interval=DRAFT_SAVE_MS)
        self._saving.timeout.connect(self.save_draft)
        self._refused: dict[str, tuple[str, Draft]] = {}
        self._editing = EditingFlow(desk, composer, self)
        self._presets = PresetFlow(desk, composer, self)
        self._connect()

    def open(self, handle: str) -> None:
        """Show the conversation with `handle`, with the draft that was left in it."""
        if handle != self.handle:
            self._composer.cancel_edit()
            self.save_draft()
            self.handle = handle
            self._desk.history.set_setting(OPEN_SETTING, handle)
            self._page = self._desk.page(handle)
            self._draft = self._desk.history.draft(self._page.conversation)
            self._new_from = next((each.position for each in self._page.entries() if each.unread), None)
            self._show_person()
            self._composer.show_draft(self._draft)
            self.refresh()
            self.opened.emit(handle)
            self._reopen()
        self._composer.focus_text()

    def refresh(self) -> None:
        """Show what is true now: rows, header, preview."""
        if self._page is not None:
            self._show_person()
            self._show_messages(self._page)

    def save_draft(self) -> None:
        """Keep what stands in the composer for the next time."""
        self._saving.stop()
        if self._page is not None and not self._composer.editing():
            self._desk.history.set_draft(self._page.conversation, self._draft)

    def begin_edit(self, id: str) -> None:
        """Put a waiting message into the composer; an alert goes there as the message that it can become."""
        entry = self._desk.history.entry(id)
        if entry is not None and entry.waiting:
            self.open(entry.recipients[0])
            self._composer.begin_edit(replace(entry, alert=False))

    def leave_editor(self) -> None:
        """Close the editor of a waiting message, if it is open; the message waits on as it was."""
        self._composer.cancel_edit()

    def tell_only(self, id: str) -> None:
        """Make an alert of a waiting message: nothing is sent, and its text stays here as a note."""
        entry = self._desk.history.entry(id)
        if entry is not None and entry.waiting:
            self._desk.edit(id, told_instead(entry))

    def write(self, handle: str, text: str) -> bool:
        """Put `text` behind what is being written to `handle`; False, and a complaint, where it cannot be kept."""
        page = self._page if handle == self.handle else None
        conversation = self._desk.conversation_with(handle)
        draft = followed_by(self._draft if page else self._desk.history.draft(conversation), text)
        try:
            self._desk.history.set_draft(conversation, draft)
        except StoreError as error:
            self._desk.complained.emit(str(error))
            return False
        if page:
            self._draft = draft
            self._composer.show_draft(draft)
            self._preview()
        return True

    def withdraw(self, id: str) -> None:
        """Take a waiting message back; `withdrawn` tells once it is gone, for it may have left already."""
        self._withdrawing.add(id)
        if self._desk.withdraw(id) is not None and self._composer.editing() == id:
            self._editing.changed(id)
            self._composer.end_edit()

    # --- the steps ---------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        desk, panel, composer = self._desk, self._panel, self._composer
        desk.changed.connect(self._on_changed)
        desk.people_changed.connect(self._on_people)
        desk.counted.connect(self._on_counted)
        desk.presence_changed.connect(self._on_people)
        desk.link_changed.connect(self._on_link)
        desk.taken_back.connect(self._on_taken_back)
        desk.refused_change.connect(self._on_refused_change)
        desk.bridge.refused.connect(self._on_refused)
        panel.near_top.connect(self._older)
        panel.near_bottom.connect(self._newer)
        panel.newest_wanted.connect(self._newest)
        panel.focused_seen.connect(self._seen)
        panel.row_action.connect(self._act)
        composer.draft_changed.connect(self._on_draft)
        composer.send_requested.connect(self._send)
        composer.send_now_requested.connect(self._send_now)
        composer.change_requested.connect(self._change)
        composer.edit_last_requested.connect(self._edit_last)

    def _on_changed(self, conversation: str) -> None:
        if self._page is not None and conversation == self._page.conversation:
            self._show_messages(self._page)
            editing = self._composer.editing()
            entry = self._desk.history.entry(editing) if editing else None
            if editing and (entry is None or not entry.waiting):
                written = self._composer.draft()
                self._composer.end_edit()
                if entry is not None and (entry.alert or written.text.strip() != entry.text):
                    self.left_before.emit(entry, written)

    def _on_taken_back(self, entry: Entry) -> None:
        if entry.id in self._withdrawing:
            self._withdrawing.discard(entry.id)
            self.withdrawn.emit(entry)

    def _on_refused_change(self, entry: Entry, change: Change) -> None:
        """What was written is not lost: it stands in the editor of its message again, now or once that is opened."""
        now = self._desk.history.entry(entry.id)
        if now is not None and now.waiting:
            asked = replace(
                now,
                text=change.text,
                condition=change.condition,
                valid_for=change.valid_for,
                otherwise=change.otherwise,
                alert=change.alert,
            )
            self._refused[now.recipients[0]] = now.id, draft_of(asked)
            self._reopen()

    def _reopen(self) -> None:
        """Another message in the editor comes first."""
        if self.handle in self._refused and not self._composer.editing():
            id, wanted = self._refused.pop(self.handle)
            entry = self._desk.history.entry(id)
            if entry is not None and entry.waiting:
                self._composer.begin_edit(replace(entry, alert=False), wanted, CHANGE_REFUSED)

    def _on_refused(self, id: str, code: str, sentence: str) -> None:
        del sentence
        entry = self._desk.history.entry(id) if id in self._withdrawing else None
        self._withdrawing.discard(id)
        if entry is not None and code == ALREADY_RELEASED:
            self.too_late.emit(entry)

    def _on_people(self) -> None:
        last = self._desk.history.setting(OPEN_SETTING, "") if not self.handle else ""
        if last in self._desk.people:
            self.open(last)
        person, shown = self._desk.people.get(self.handle), self._shown
        if self._page is None or person is shown:
            return
        if person and shown and (person.presence, person.gone) == (shown.presence, shown.gone):
            self._show_head(person)  # its counts are others: nothing for who writes
        else:
            self._show_person()
            self._preview()

    def _on_counted(self, handle: str) -> None:
        if handle == self.handle:
            self._on_people()

    def _on_draft(self, draft: Draft) -> None:
        if not self._composer.editing():
            self._draft = draft
            self._saving.start()
            self._reopen()
        self._preview()

    def _send(self, draft: Draft, chosen: Draft | None = None) -> None:
        """Send `draft`; `chosen` is what stands in the composer where that is another one."""
        if self._page is None:
            return
        self._page.to_end()
        self._new_from = None
        try:
            self._desk.send(self.handle, draft)
        except StoreError as error:
            self._desk.complained.emit(str(error))  # what was written stays where it is
            return
        self._draft = sent(chosen or draft)
        self._composer.show_draft(self._draft)
        self.save_draft()
        self._preview()

    def _send_now(self, draft: Draft) -> None:
        self._send(draft, chosen=self._draft)

    def _change(self, id: str, draft: Draft) -> None:
        self._desk.edit(id, draft)
        self._editing.changed(id)
        self._composer.end_edit()
        self.refresh()

    def _edit_last(self) -> None:
        if self._page is not None:
            mine = [each for each in self._page.entries() if each.waiting and not each.alert]
            if mine:
                self.begin_edit(mine[-1].id)

    def _act(self, action: str, id: str) -> None:
        acts: dict[RowAction, Callable[[str], None]] = {
            RowAction.SEND_NOW: self._desk.send_now,
            RowAction.EDIT: self.begin_edit,
            RowAction.TELL_ONLY: self.tell_only,
            RowAction.WRITE_NOW: self._write_now,
            RowAction.WITHDRAW: self.withdraw,
            RowAction.SEND_AGAIN: self._desk.send_again,
            RowAction.DELETE: self._desk.dismiss,
        }
        acts[RowAction(action)](id)

    def _write_now(self, id: str) -> None:
        """What was noted for the moment that an alert told of becomes what is being written."""
        entry = self._desk.history.entry(id)
        if entry is not None:
            self._composer.cancel_edit()
            self.write(entry.recipients[0], entry.text)
            self._composer.focus_text()

    def _seen(self) -> None:
        if self._page is not None:
            self._desk.mark_read(self.handle, self._page.last_position)

    def _older(self) -> None:
        if self._page is not None and self._page.older():
            self._show_rows(paged=True)

    def _newer(self) -> None:
        if self._page is not None and self._page.newer():
            self._show_rows(paged=True)

    def _newest(self) -> None:
        if self._page is not None:
            self._page.to_end()
            self._show_rows(paged=True)
            self._panel.jump_to_bottom()

    def _show_messages(self, page: Page) -> None:
        """Who they are with is shown when that changes, and not for every message."""
        page.refresh()
        self._show_rows()
        self._preview()

    def _show_rows(self, paged: bool = False) -> None:
        assert self._page is not None, "there are rows of a conversation only"
        entries: list[Entry] = self._page.entries()
        desk = self._desk
        shown = rows(
            entries, desk.people, desk.me, desk.now_ms(), self._zone, self._new_from, desk.paused, self._kept
        )
        self._panel.show_rows(shown, paged)
        self._panel.show_waiting(
            sum(entry.waiting and not entry.alert and not desk.is_leaving(entry) for entry in entries)
        )

    def _on_link(self) -> None:
        if self._page is not None:
            self._show_person()
            self._preview()

    def _show_person(self) -> None:
        found = self._desk.people.get(self.handle)
        person = found or Person(self.handle, self._desk.presence_of(self.handle))
        self._show_head(person)
        self._shown = found
        outside = is_removed(self._desk.link)
        why_not = NOT_HERE_ANY_MORE if outside else cannot_write(person.name)
        self._composer.set_enabled_with_reason(not (outside or person.gone), why_not)
        self._composer.show_recipient(recipient_of(person.presence, self._desk.now_ms(), self._zone))

    def _show_head(self, person: Person) -> None:
        self._shown = person
        self._panel.show_person(person, self._desk.now_ms(), self._zone)

    def _preview(self, draft: Draft | None = None) -> None:
        if self._page is not None:
            shown = draft or self._composer.draft()
            presence = self._desk.presence_of(self.handle)
            whom = recipient_of(presence, self._desk.now_ms(), self._zone)
            ahead = 0 if self._composer.editing() else self._ahead()
            self._composer.show_ahead(ahead)
            self._composer.show_preview(preview(shown, whom, self._desk.link.up, ahead))

    def _ahead(self) -> int:
        """How many of one's own messages wait in this conversation."""
        conversation = self._desk.conversation_with(self.handle)
        waiting = self._desk.staying()
        return sum(each.conversation == conversation and not each.alert for each in waiting)
