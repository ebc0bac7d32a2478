"""The composer: when the message goes, the message, and a Send button that says what it will do."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_composer
from tact_desktop.state import wording_panels as words
from tact_desktop.state.deliver_choices import draft_of, preset_options
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry
from tact_desktop.state.own_presets import Presets, chosen_key, own_options, preset_of
from tact_desktop.state.preview import Preview
from tact_desktop.state.recipient import Recipient
from tact_desktop.widgets.banner import Banner, BannerKind
from tact_desktop.widgets.deliver_row import DeliverRow
from tact_desktop.widgets.grow_edit import GrowingEdit
from tact_desktop.widgets.writing_line import WritingLine
from tact_engine.core.conditions import Condition
from tact_engine.core.envelope import Otherwise

if TYPE_CHECKING:
    from tact_desktop.widgets.condition_editor import ConditionEditor

_ASKED = "send now"


class Composer(QWidget):
    """Shows one draft and its preview; every change a person makes is told as a whole new draft.

    While a waiting message is edited (`editing` tells its id), its drafts are told by `draft_changed` too, and
    Send tells `change_requested` instead of `send_requested`. Presets of one's own are told by their names.
    """

    draft_changed = Signal(Draft)
    send_requested = Signal(Draft)
    send_now_requested = Signal(Draft)
    change_requested = Signal(str, Draft)
    edit_cancelled = Signal(str)
    edit_last_requested = Signal()
    custom_requested = Signal()
    preset_saved = Signal(str, Condition)
    preset_renamed = Signal(str, str)
    preset_deleted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._draft, self._kept = Draft(), Draft()
        self._entry: Entry | None = None
        self._preview: Preview | None = None
        self._enabled, self._reason = True, ""
        self._whom = Recipient()
        self._presets: Presets = ()
        self._ahead = 0
        self._banner, self._question = Banner(), Banner()
        self._deliver = DeliverRow()
        self._made_editor: ConditionEditor | None = None
        self._line = WritingLine()
        self._lay_out()
        self._connect()
        self.show_draft(self._draft)

    def show_recipient(self, whom: Recipient) -> None:
        """Whom the message is for, as they are now; an editor that is open for somebody else closes.

        Wanted about once a minute too, for what depends on the time.
        """
        if whom.name != self._whom.name:
            self.close_editor()
            self._question.clear()
        self._whom = whom
        self._line.set_recipient(whom.name)
        self._show_options()
        if self._made_editor is not None:
            self._made_editor.show_recipient(whom)
        self._deliver.show_now(whom.now_ms, whom.zone)

    def show_presets(self, presets: Presets) -> None:
        """The presets of one's own."""
        self._presets = presets
        self._deliver.show_presets(presets)
        if self._made_editor is not None:
            self._made_editor.show_presets(presets)
        self._show_options()
        self._show_choice()

    def show_ahead(self, ahead: int) -> None:
        """How many of one's own messages wait in this conversation."""
        self._ahead = ahead
        self._show_ahead()

    def show_draft(self, draft: Draft) -> None:
        """Shows `draft`, silently; the cursor stays where the text is the same."""
        self._draft = draft
        self._line.show_text(draft.text)
        self._show_choice()
        self._show_ahead()
        self._draw()

    def draft(self) -> Draft:
        """What stands in the composer."""
        return self._draft

    def show_preview(self, preview: Preview) -> None:
        """What pressing Send would do right now."""
        self._preview = preview
        self._draw()

    def set_compact(self, compact: bool) -> None:
        """True folds the presets into a drop-down; where there is no room they fold by themselves."""
        self._deliver.set_compact(compact)

    def set_enabled_with_reason(self, enabled: bool, reason: str = "") -> None:
        """False: nothing can be written here, and `reason` says why in its place."""
        if (enabled, reason) == (self._enabled, self._reason):
            return
        self._enabled, self._reason = enabled, reason
        if not enabled:
            self.close_editor()
        self._deliver.setVisible(enabled)
        self._line.show_reason("" if enabled else reason)
        self._draw()

    def editing(self) -> str:
        """The id of the waiting message that is being edited, or ""."""
        return self._entry.id if self._entry else ""

    def begin_edit(self, entry: Entry, wanted: Draft | None = None, why: str = "") -> None:
        """Puts a waiting message into the composer; what stood there comes back at the end.

        `wanted` is a change that was not accepted, which is shown instead, and `why` says so.
        """
        if self._entry is None:
            self._kept = self._draft
        self._entry = entry
        self._question.clear()
        self._banner.tell(
            why or words.EDITING, BannerKind.PAUSED, (("cancel", words.RESUME),), dismissable=False
        )
        self.show_draft(wanted or draft_of(entry))
        self.focus_text()
        self.draft_changed.emit(self._draft)

    def end_edit(self) -> None:
        """Leaves the edit mode without a word: the change was taken, or the message is gone."""
        if self._entry is not None:
            self._entry = None
            self._banner.clear()
            self._question.clear()
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
        editor = self._editor()
        editor.begin(self._draft, self._whom)
        editor.setVisible(True)
        self._deliver.set_sentence_visible(False)
        self._show_choice()
        self._show_ahead()
        editor.focus_first()

    def close_editor(self) -> None:
        """Takes the condition editor away; the draft stays as it is."""
        if self._is_editor_open():
            self._editor().setVisible(False)
            self._deliver.set_sentence_visible(True)
            self.show_draft(self._draft)
            self.focus_text()

    def choose(self, key: str) -> None:
        """Choose one of the presets, or one of one's own; Custom opens the editor."""
        own = preset_of(self._presets, key)
        if own is not None:
            self._use(own.condition)
        elif key == Preset.CUSTOM:
            self._customise()
        else:
            self.close_editor()
            self._change(replace(self._draft, preset=Preset(key)))
            self._show_choice()

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
        if event.key() == Qt.Key.Key_Escape and not self._question.isHidden():
            self._question.clear()
        elif event.key() == Qt.Key.Key_Escape and self._entry is not None:
            self.cancel_edit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_3)
        rows.setSpacing(theme.SPACE_2)
        for part in (self._banner, self._deliver, self._question, self._line):
            rows.addWidget(part)
        self._rows = rows

    def _editor(self) -> "ConditionEditor":
        """The condition editor, made when it is first opened: many a start does without its many parts."""
        if self._made_editor is None:
            from tact_desktop.widgets.condition_editor import ConditionEditor  # noqa: PLC0415 - see above

            self._made_editor = made = ConditionEditor()
            made.setVisible(False)
            made.show_presets(self._presets)
            self._rows.insertWidget(self._rows.indexOf(self._question), made)
            _follow(self._question, made)
            made.saved.connect(self.preset_saved)
            made.used.connect(self._use)
            made.cancelled.connect(self.close_editor)
        return self._made_editor

    def _is_editor_open(self) -> bool:
        return self._made_editor is not None and not self._made_editor.isHidden()

    def _connect(self) -> None:
        self._banner.acted.connect(self.cancel_edit)
        self._question.acted.connect(self._answer)
        self._deliver.preset_chosen.connect(self.choose)
        self._deliver.preset_renamed.connect(self.preset_renamed)
        self._deliver.preset_deleted.connect(self.preset_deleted)
        self._deliver.alert_chosen.connect(self._alert)
        self._deliver.otherwise_chosen.connect(self._end)
        self._deliver.order_chosen.connect(self._order)
        self._deliver.change_requested.connect(self._customise)
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
        self._show_choice()

    def _pin(self, pinned: bool) -> None:
        self._change(replace(self._draft, pinned=pinned))
        self._show_choice()

    def _alert(self, alert: bool) -> None:
        self._change(replace(self._draft, alert=alert))
        self._show_choice()
        self._show_ahead()

    def _end(self, otherwise: Otherwise) -> None:
        self._change(replace(self._draft, otherwise=otherwise))

    def _order(self, in_turn: bool) -> None:
        self._change(replace(self._draft, keep_order=in_turn))

    def _limit(self, seconds: int) -> None:
        self._change(replace(self._draft, valid_for=seconds))

    def _write(self, text: str) -> None:
        self._change(replace(self._draft, text=text))

    def _show_choice(self) -> None:
        key = Preset.CUSTOM if self._is_editor_open() else chosen_key(self._draft, self._presets)
        self._deliver.show_choice(key, self._draft)

    def _show_options(self) -> None:
        why_no_alert = "" if self._whom.shows_online else wording_composer.no_alert(self._whom.name)
        own = own_options(self._presets, self._whom)
        self._deliver.show_options((*preset_options(self._whom), *own), why_no_alert)

    def _show_ahead(self) -> None:
        """A message that is edited keeps its place, and an alert has none; an open condition editor needs the room."""
        takes_place = self._entry is None and not self._draft.alert and not self._is_editor_open()
        self._deliver.show_ahead(self._ahead if takes_place else 0)

    def _change(self, draft: Draft) -> None:
        if draft != self._draft:
            self._draft = draft
            self._question.clear()
            if self._made_editor is not None:
                self._made_editor.show_draft(draft)
            self._draw()
            self.draft_changed.emit(draft)

    def _submit(self) -> None:
        if self._entry is not None:
            self.change_requested.emit(self._entry.id, self._draft)
        else:
            self.send_requested.emit(self._draft)

    def _submit_now(self) -> None:
        """Whatever was chosen; where that is to wait, it is asked once whether it shall not."""
        if not self._enabled or not self._draft.text.strip():
            return
        waits = self._draft.preset is not Preset.NOW or self._draft.alert or self._draft.keep_order
        if waits and self._question.isHidden():
            actions = ((_ASKED, wording_composer.SEND_NOW), ("wait", wording_composer.KEEP_WAITING))
            self._question.tell(wording_composer.SEND_NOW_QUESTION, actions=actions, dismissable=False)
            return
        self._question.clear()
        now = replace(self._draft, preset=Preset.NOW, custom=None, keep_order=False, alert=False)
        if self._entry is not None:
            self.change_requested.emit(self._entry.id, now)
        else:
            self.send_now_requested.emit(now)

    def _answer(self, key: str) -> None:
        if key == _ASKED:
            self._submit_now()
        self._question.clear()
        self.focus_text()

    def _draw(self) -> None:
        preview = self._preview
        custom = self._draft.preset is Preset.CUSTOM
        self._line.set_note(self._draft.alert)
        if preview is not None:
            self._deliver.show_sentence(preview.mark, preview.sentence, custom)
        says = preview.button if preview is not None else words.SEND
        something = self._draft.alert or bool(self._draft.text.strip())
        usable = self._enabled and preview is not None and preview.can_send and something
        icon = "send" if preview is None or preview.at_once else "hourglass"
        self._line.show_button(
            words.SAVE_CHANGE if self._entry is not None else says,
            usable,
            "bell" if self._draft.alert else icon,
        )


def _follow(place: QWidget, late: QWidget) -> None:
    """Lets the Tab key come to `late`, which was put in above `place`, before `place`, and not last of all."""
    before = place.previousInFocusChain()
    while before is not None and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
        before = before.previousInFocusChain()
    for part in late.findChildren(QWidget):
        inside = part.window() is late.window()  # a list opens in a window of its own
        if before is not None and inside and part.focusPolicy() != Qt.FocusPolicy.NoFocus:
            QWidget.setTabOrder(before, part)
            before = part
