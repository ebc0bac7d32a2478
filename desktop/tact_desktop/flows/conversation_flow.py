"""The conversation in the middle: who is chosen, what is shown, what stands in the composer."""

from collections.abc import Callable
from datetime import tzinfo

from PySide6.QtCore import QObject, QTimer, Signal

from tact_desktop.desk import Desk
from tact_desktop.page import Page
from tact_desktop.panels.composer import Composer
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.state.draft import Draft, Preset, preview, sent
from tact_desktop.state.entry import Entry
from tact_desktop.state.people import Person
from tact_desktop.state.timeline import rows
from tact_desktop.state.wording_conversation import RowAction
from tact_engine.core.errors import StoreError
from tact_engine.core.presence import seen

DRAFT_SAVE_MS = 400
OPEN_SETTING = "open conversation"


class ConversationFlow(QObject):
    """Shows the conversation with one person and sends what is written to them.

    Signals: opened(handle), withdrawn(entry) so that it can be undone.
    """

    opened = Signal(str)
    withdrawn = Signal(object)

    def __init__(self, desk: Desk, panel: ConversationPanel, composer: Composer, zone: tzinfo) -> None:
        super().__init__(panel)
        self._desk, self._panel, self._composer, self._zone = desk, panel, composer, zone
        self.handle = ""
        self._page: Page | None = None
        self._draft = Draft()
        self._new_from: int | None = None
        self._withdrawing: set[str] = set()
        self._saving = QTimer(self, singleShot=True, interval=DRAFT_SAVE_MS)
        self._saving.timeout.connect(self.save_draft)
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
        self._composer.focus_text()

    def refresh(self) -> None:
        """Show what is true now: rows, header, preview."""
        if self._page is None:
            return
        desk = self._desk
        self._show_person()
        self._page.refresh()
        self._show_rows()
        self._composer.show_now(desk.now_ms(), self._zone)
        self._preview()

    def save_draft(self) -> None:
        """Keep what stands in the composer for the next time."""
        self._saving.stop()
        if self._page is not None and not self._composer.editing():
            self._desk.history.set_draft(self._page.conversation, self._draft)

    def begin_edit(self, id: str) -> None:
        """Put a waiting message into the composer."""
        entry = self._desk.history.entry(id)
        if entry is not None and entry.waiting:
            self.open(entry.recipients[0])
            self._composer.begin_edit(entry)

    def withdraw(self, id: str) -> None:
        """Take a waiting message back; `withdrawn` tells once it is gone, for it may have left already."""
        self._withdrawing.add(id)
        if self._desk.withdraw(id) is not None and self._composer.editing() == id:
            self._composer.end_edit()

    # --- the steps ---------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        desk, panel, composer = self._desk, self._panel, self._composer
        desk.changed.connect(self._on_changed)
        desk.people_changed.connect(self._on_people)
        desk.link_changed.connect(self._preview)
        desk.taken_back.connect(self._on_taken_back)
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
            self.refresh()
            editing = self._composer.editing()
            entry = self._desk.history.entry(editing) if editing else None
            if editing and (entry is None or not entry.waiting):
                self._composer.end_edit()

    def _on_taken_back(self, entry: Entry) -> None:
        if entry.id in self._withdrawing:
            self._withdrawing.discard(entry.id)
            self.withdrawn.emit(entry)

    def _on_people(self) -> None:
        last = self._desk.history.setting(OPEN_SETTING, "") if not self.handle else ""
        if last in self._desk.people:
            self.open(last)
        if self._page is not None:
            self._show_person()
            self._preview()

    def _on_draft(self, draft: Draft) -> None:
        if not self._composer.editing():
            self._draft = draft
            self._saving.start()
        self._preview(draft)

    def _send(self, draft: Draft) -> None:
        if self._page is None:
            return
        self._page.to_end()
        self._new_from = None
        try:
            self._desk.send(self.handle, draft)
        except StoreError as error:
            self._desk.complained.emit(str(error))  # what was written stays where it is
            return
        self._draft = sent(draft)
        self._composer.show_draft(self._draft)
        self.save_draft()
        self._preview()

    def _send_now(self, draft: Draft) -> None:
        self._send(Draft(draft.text, Preset.NOW, None, draft.valid_for))

    def _change(self, id: str, draft: Draft) -> None:
        self._desk.edit(id, draft)
        self._composer.end_edit()

    def _edit_last(self) -> None:
        if self._page is not None:
            mine = [each for each in self._page.entries() if each.waiting]
            if mine:
                self.begin_edit(mine[-1].id)

    def _act(self, action: str, id: str) -> None:
        acts: dict[RowAction, Callable[[str], None]] = {
            RowAction.SEND_NOW: self._desk.send_now,
            RowAction.EDIT: self.begin_edit,
            RowAction.WITHDRAW: self.withdraw,
            RowAction.SEND_AGAIN: self._desk.send_again,
            RowAction.DELETE: self._desk.dismiss,
        }
        acts[RowAction(action)](id)

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

    def _show_rows(self, paged: bool = False) -> None:
        assert self._page is not None, "there are rows of a conversation only"
        entries: list[Entry] = self._page.entries()
        desk = self._desk
        self._panel.show_rows(
            rows(entries, desk.people, desk.me, desk.now_ms(), self._zone, new_from=self._new_from), paged
        )
        self._panel.show_waiting(sum(entry.waiting for entry in entries))

    def _show_person(self) -> None:
        person = self._desk.people.get(self.handle) or Person(
            self.handle, self._desk.presence_of(self.handle)
        )
        self._panel.show_person(person, self._desk.now_ms(), self._zone)
        self._composer.set_recipient(person.name)
        self._composer.show_presence(seen(person.presence, self._desk.me))

    def _preview(self, draft: Draft | None = None) -> None:
        if self._page is not None:
            shown = draft or self._composer.draft()
            presence = self._desk.presence_of(self.handle)
            self._composer.show_preview(preview(shown, presence, self._desk.me, self._desk.link.up))
