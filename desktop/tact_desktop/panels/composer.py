"""The composer: when the message goes, the message, and a Send button that says what it will do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.draft import Draft, Preset, Preview
from tact_desktop.state.entry import Entry
from tact_desktop.state.mark import Mark
from tact_desktop.widgets.banner import Banner
from tact_desktop.widgets.deliver_row import DeliverRow
from tact_desktop.widgets.grow_edit import GrowingEdit
from tact_desktop.widgets.pill import Option
from tact_engine.core.conditions import PRESETS


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
        self._draft, self._kept = Draft(), Draft()
        self._entry: Entry | None = None
        self._preview: Preview | None = None
        self._enabled = True
        self._recipient = ""
        self._banner = Banner()
        self._banner.acted.connect(self.cancel_edit)
        self._deliver = DeliverRow()
        self._editor_place = QVBoxLayout()
        self._text = GrowingEdit(words.MESSAGE)
        self._send = QPushButton(words.SEND)
        self._send.setProperty("role", "primary")
        self._send.setDefault(True)
        self._lay_out()
        self._connect()
        self.show_draft(self._draft)

    def show_options(self, options: Sequence[Option]) -> None:
        """The presets, with a reason for each that cannot be chosen for this recipient."""
        self._deliver.show_options(options)

    def show_draft(self, draft: Draft) -> None:
        """Shows `draft`, silently; the cursor stays where the text is the same."""
        self._draft = draft
        if draft.text != self._text.toPlainText():
            with QSignalBlocker(self._text):
                self._text.set_text(draft.text)
        self._deliver.show_choice(draft.preset, draft.pinned, draft.valid_for)
        self._draw()

    def show_preview(self, preview: Preview) -> None:
        """What pressing Send would do right now."""
        self._preview = preview
        self._draw()

    def show_now(self, now_ms: int, zone: tzinfo) -> None:
        """What time it is (UTC milliseconds) and where; wanted about once a minute."""
        self._deliver.show_now(now_ms, zone)

    def set_recipient(self, name: str) -> None:
        """Whom the message is for."""
        self._recipient = name
        self._text.setPlaceholderText(words.message_to(name))
        self._text.setAccessibleName(words.named(words.MESSAGE, name))

    def set_compact(self, compact: bool) -> None:
        """True folds the presets into a drop-down; where there is no room they fold by themselves."""
        self._deliver.set_compact(compact)

    def set_send_with_control(self, control: bool) -> None:
        """True: Ctrl+Enter sends and Enter breaks the line."""
        self._text.send_with_control(control)

    def set_enabled_with_reason(self, enabled: bool, reason: str = "") -> None:
        """False: nothing can be written here, and `reason` says why in the place of the hint."""
        self._enabled = enabled
        self._text.setEnabled(enabled)
        self._deliver.setVisible(enabled)
        self._text.setPlaceholderText(words.message_to(self._recipient) if enabled else reason)
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
        self.show_draft(_draft_of(entry))
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

    def set_editor(self, editor: QWidget | None) -> None:
        """Puts `editor` between the deliver row and the text, or takes it away; the caller owns it."""
        while (item := self._editor_place.takeAt(0)) is not None:
            held = item.widget()
            if held is not None and held is not editor:
                held.hide()
        if editor is not None:
            self._editor_place.addWidget(editor)
            editor.show()

    def focus_text(self) -> None:
        """Puts the cursor into the message."""
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self._entry is not None:
            self.cancel_edit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE_2)
        line.addWidget(self._text, 1, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._send, 0, Qt.AlignmentFlag.AlignBottom)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_3)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(self._banner)
        rows.addWidget(self._deliver)
        rows.addLayout(self._editor_place)
        rows.addLayout(line)

    def _connect(self) -> None:
        self._deliver.preset_chosen.connect(self._choose)
        self._deliver.change_requested.connect(self.custom_requested)
        self._deliver.pinned.connect(self._pin)
        self._deliver.validity_chosen.connect(self._limit)
        self._text.textChanged.connect(self._write)
        self._text.submitted.connect(self._submit)
        self._text.submitted_now.connect(self._submit_now)
        self._text.up_in_empty.connect(self.edit_last_requested)
        self._send.clicked.connect(self._submit)
        for place, preset in enumerate(Preset, 1):
            QShortcut(QKeySequence(f"Alt+{place}"), self, partial(self._choose_by_key, preset))

    def _choose_by_key(self, preset: Preset) -> None:
        if self._deliver.offers(preset):
            self._choose(preset)

    def _choose(self, key: str) -> None:
        if key == Preset.CUSTOM:
            self.custom_requested.emit()
        else:
            self._change(replace(self._draft, preset=Preset(key)))
            self._deliver.show_choice(self._draft.preset, self._draft.pinned, self._draft.valid_for)

    def _pin(self, pinned: bool) -> None:
        self._change(replace(self._draft, pinned=pinned))

    def _limit(self, seconds: int) -> None:
        self._change(replace(self._draft, valid_for=seconds))

    def _write(self) -> None:
        self._change(replace(self._draft, text=self._text.toPlainText()))

    def _change(self, draft: Draft) -> None:
        if draft != self._draft:
            self._draft = draft
            self._draw()
            self.draft_changed.emit(draft)

    def _submit(self) -> None:
        if not self._send.isEnabled():
            return
        if self._entry is not None:
            self.change_requested.emit(self._entry.id, self._draft)
        else:
            self.send_requested.emit(self._draft)

    def _submit_now(self) -> None:
        if self._enabled and self._text.text():
            self.send_now_requested.emit(self._draft)

    def _draw(self) -> None:
        preview = self._preview
        custom = self._draft.preset is Preset.CUSTOM
        if preview is not None:
            self._deliver.show_sentence(preview.mark, preview.sentence, custom)
        can_send = preview is not None and preview.can_send
        self._send.setEnabled(self._enabled and can_send and bool(self._draft.text.strip()))
        says = preview.button if preview is not None else words.SEND
        self._send.setText(words.SAVE_CHANGE if self._entry is not None else says)
        at_once = preview is None or preview.mark is Mark.TRUE
        theme.set_icon(self._send, "send" if at_once else "hourglass", "on_accent", 18)


def _draft_of(entry: Entry) -> Draft:
    """The draft that would send `entry` again as it is."""
    named = {condition: Preset(name) for name, condition in PRESETS.items()}
    preset = named.get(entry.condition, Preset.CUSTOM)
    custom = entry.condition if preset is Preset.CUSTOM else None
    return Draft(entry.text, preset, custom, entry.valid_for)
