"""The composer: when the message goes, the message, and a Send button that says what it will do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.deliver_choices import draft_of, preset_options
from tact_desktop.state.draft import Draft, Preset, Preview, condition_of
from tact_desktop.state.entry import Entry
from tact_desktop.state.mark import Mark
from tact_desktop.widgets.banner import Banner
from tact_desktop.widgets.condition_editor import ConditionEditor
from tact_desktop.widgets.deliver_row import DeliverRow
from tact_desktop.widgets.grow_edit import GrowingEdit
from tact_desktop.widgets.writing_line import WritingLine
from tact_engine.core.conditions import Condition
from tact_engine.core.presence import Value


class Composer(QWidget):
    """Shows one draft and its preview; every change a person makes is told as a whole new draft.

    While a waiting message is edited (`editing` tells its id), its drafts are told by `draft_changed` too, and
    Send tells `change_requested` instead of `send_requested`.
    """

    draft_changed = Signal(Draft)
    send_requested = Signal(Draft)
    send_now_requested = Signal(Draft)
    change_requested = Signal(str, Draft)
    edit_cancelled = Signal(str)
    edit_last_requested = Signal()
    custom_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._draft, self._kept = Draft(), Draft()
        self._entry: Entry | None = None
        self._preview: Preview | None = None
        self._enabled = True
        self._recipient = ""
        self._values: Mapping[str, Value] = {}
        self._banner = Banner()
        self._banner.acted.connect(self.cancel_edit)
        self._deliver = DeliverRow()
        self._editor = ConditionEditor()
        self._editor.setVisible(False)
        self._line = WritingLine()
        self._lay_out()
        self._connect()
        self.show_draft(self._draft)

    def show_presence(self, values: Mapping[str, Value]) -> None:
        """The recipient's presence as the sender sees it: what can be chosen, and the marks of the editor."""
        self._values = values
        self._deliver.show_options(preset_options(self._recipient, values))
        self._editor.show_presence(values)

    def show_draft(self, draft: Draft) -> None:
        """Shows `draft`, silently; the cursor stays where the text is the same."""
        self._draft = draft
        self._line.show_text(draft.text)
        self._show_choice(draft.preset)
        self._draw()

    def draft(self) -> Draft:
        """What stands in the composer."""
        return self._draft

    def show_preview(self, preview: Preview) -> None:
        """What pressing Send would do right now."""
        self._preview = preview
        self._draw()

    def show_now(self, now_ms: int, zone: tzinfo) -> None:
        """What time it is (UTC milliseconds) and where; wanted about once a minute."""
        self._deliver.show_now(now_ms, zone)

    def set_recipient(self, name: str) -> None:
        """Whom the message is for; an editor that is open for somebody else closes."""
        if name != self._recipient:
            self.close_editor()
        self._recipient = name
        self._line.set_recipient(name)

    def set_compact(self, compact: bool) -> None:
        """True folds the presets into a drop-down; where there is no room they fold by themselves."""
        self._deliver.set_compact(compact)

    def set_send_with_control(self, control: bool) -> None:
        """True: Ctrl+Enter sends and Enter breaks the line."""
        self._line.send_with_control(control)

    def set_enabled_with_reason(self, enabled: bool, reason: str = "") -> None:
        """False: nothing can be written here, and `reason` says why in its place."""
        self._enabled = enabled
        if not enabled:
            self.close_editor()
        self._deliver.setVisible(enabled)
        self._line.show_reason("" if enabled else reason)
        self._draw()

    def editing(self) -> str:
        """The id of the waiting message that is being edited, or ""."""
        return self._entry.id if self._entry else ""

    def begin_edit(self, entry: Entry) -> None:
        """Puts a waiting message into the composer; what stood there comes back at the end."""
        if self._entry is None:
            self._kept = self._draft
        self._entry = entry
        self._banner.tell(words.EDITING, actions=(("cancel", words.CANCEL),), dismissable=False)
        self.show_draft(draft_of(entry))
        self.focus_text()
        self.draft_changed.emit(self._draft)

    def end_edit(self) -> None:
        """Leaves the edit mode without a word: the change was taken, or the message is gone."""
        if self._entry is not None:
            self._entry = None
            self._banner.clear()
            self.show_draft(self._kept)
            self.draft_changed.emit(self._draft)

    def cancel_edit(self) -> None:
        """Leaves the edit mode and tells that the message stays as it was."""
        changed = self.editing()
        self.end_edit()
        if changed:
            self.edit_cancelled.emit(changed)

    def open_editor(self) -> None:
        """Opens the condition editor under the deliver row, filled with what is chosen now."""
        self._editor.begin(condition_of(self._draft), self._recipient, self._values)
        self._editor.setVisible(True)
        self._deliver.set_sentence_visible(False)
        self._show_choice(Preset.CUSTOM)
        self._editor.focus_first()

    def close_editor(self) -> None:
        """Takes the condition editor away; the draft stays as it is."""
        if not self._editor.isHidden():
            self._editor.setVisible(False)
            self._deliver.set_sentence_visible(True)
            self.show_draft(self._draft)
            self.focus_text()

    def choose(self, key: str) -> None:
        """Choose one of the presets; Custom opens the editor."""
        if key == Preset.CUSTOM:
            self._customise()
        else:
            self.close_editor()
            self._change(replace(self._draft, preset=Preset(key)))
            self._show_choice(self._draft.preset)

    def preview_sentence(self) -> str:
        """What is said of the draft right now."""
        return self._preview.sentence if self._preview else ""

    def text_field(self) -> GrowingEdit:
        """The field the message is written in."""
        return self._line.field

    def focus_text(self) -> None:
        """Puts the cursor into the message."""
        self._line.focus_text()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self._entry is not None:
            self.cancel_edit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_3)
        rows.setSpacing(theme.SPACE_2)
        for part in (self._banner, self._deliver, self._editor, self._line):
            rows.addWidget(part)

    def _connect(self) -> None:
        self._deliver.preset_chosen.connect(self.choose)
        self._deliver.change_requested.connect(self._customise)
        self._editor.used.connect(self._use)
        self._editor.cancelled.connect(self.close_editor)
        self._deliver.pinned.connect(self._pin)
        self._deliver.validity_chosen.connect(self._limit)
        self._line.written.connect(self._write)
        self._line.submitted.connect(self._submit)
        self._line.submitted_now.connect(self._submit_now)
        self._line.up_in_empty.connect(self.edit_last_requested)
        for place, preset in enumerate(Preset, 1):
            QShortcut(QKeySequence(f"Alt+{place}"), self, partial(self._choose_by_key, preset))

    def _choose_by_key(self, preset: Preset) -> None:
        if self._deliver.offers(preset):
            self.choose(preset)

    def _customise(self) -> None:
        self.open_editor()
        self.custom_requested.emit()

    def _use(self, condition: Condition) -> None:
        self._change(replace(self._draft, preset=Preset.CUSTOM, custom=condition))
        self.close_editor()

    def _pin(self, pinned: bool) -> None:
        self._change(replace(self._draft, pinned=pinned))
        self._show_choice(self._draft.preset)

    def _limit(self, seconds: int) -> None:
        self._change(replace(self._draft, valid_for=seconds))

    def _write(self, text: str) -> None:
        self._change(replace(self._draft, text=text))

    def _show_choice(self, preset: Preset) -> None:
        self._deliver.show_choice(preset, self._draft.pinned, self._draft.valid_for)

    def _change(self, draft: Draft) -> None:
        if draft != self._draft:
            self._draft = draft
            self._draw()
            self.draft_changed.emit(draft)

    def _submit(self) -> None:
        if self._entry is not None:
            self.change_requested.emit(self._entry.id, self._draft)
        else:
            self.send_requested.emit(self._draft)

    def _submit_now(self) -> None:
        if self._enabled and self._draft.text.strip():
            self.send_now_requested.emit(self._draft)

    def _draw(self) -> None:
        preview = self._preview
        custom = self._draft.preset is Preset.CUSTOM
        if preview is not None:
            self._deliver.show_sentence(preview.mark, preview.sentence, custom)
        says = preview.button if preview is not None else words.SEND
        usable = self._enabled and preview is not None and preview.can_send and bool(self._draft.text.strip())
        at_once = preview is None or preview.mark is Mark.TRUE
        self._line.show_button(words.SAVE_CHANGE if self._entry is not None else says, usable, at_once)
