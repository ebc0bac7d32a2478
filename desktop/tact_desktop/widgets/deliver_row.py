"""When the message goes: presets, a pin, what else can be said, and one sentence that says what follows."""

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_editor
from tact_desktop.state import wording_panels as words
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.mark import Mark
from tact_desktop.state.own_presets import Presets, preset_of, why_not_named
from tact_desktop.widgets.deliver_options import DeliverOptions
from tact_desktop.widgets.deliver_sentence import DeliverSentence
from tact_desktop.widgets.icon_button import icon_button
from tact_desktop.widgets.name_line import NameLine
from tact_desktop.widgets.pill import Option, PillRow, Shape
from tact_desktop.widgets.text import explain


class DeliverRow(QWidget):
    """Folds its pills by itself where there is no room. Tells choices; what they mean is shown to it."""

    preset_chosen = Signal(str)
    pinned = Signal(bool)
    alert_chosen = Signal(bool)
    validity_chosen = Signal(int)
    otherwise_chosen = Signal(object)
    order_chosen = Signal(bool)
    change_requested = Signal()
    preset_renamed = Signal(str, str)
    preset_deleted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forced, self._beside = False, False
        self._renaming = ""
        self._options: tuple[Option, ...] = ()
        self._presets: Presets = ()
        self._pills = PillRow(words.DELIVER, common=len(Preset), more=wording_editor.MY_PRESETS)
        self._pin = icon_button("pin", words.PIN)
        self._pin.setCheckable(True)
        self._naming = NameLine()
        self._more = DeliverOptions()
        self._says = DeliverSentence()
        self._lay_out()
        self._connect()
        self._arrange()

    def show_options(self, options: Sequence[Option], why_no_alert: str = "") -> None:
        """The choices with the reasons of those that cannot be chosen; `why_no_alert` is why none can be told."""
        self._options = tuple(options)
        self._pills.set_options(options)
        self._more.show_why_no_alert(why_no_alert)
        self._arrange()

    def show_presets(self, presets: Presets) -> None:
        """The presets of one's own, whose names must differ."""
        self._presets = presets

    def offers(self, key: str) -> bool:
        """Whether `key` can be chosen now."""
        return any(option[0] == key and option[2] for option in self._options) and self.isEnabled()

    def show_choice(self, key: str, draft: Draft) -> None:
        """Which choice `draft` stands at, and what else it says."""
        self._pills.set_chosen(key)
        with QSignalBlocker(self._pin):
            self._pin.setChecked(draft.pinned)
        explain(self._pin, words.UNPIN if draft.pinned else words.PIN)
        theme.set_icon(self._pin, "pin", "accent_text" if draft.pinned else "text_quiet")
        self._more.show_draft(draft)
        self._arrange()

    def show_ahead(self, ahead: int) -> None:
        """How many of one's own messages wait here, behind which this one could wait."""
        self._more.show_ahead(ahead)

    def show_now(self, now_ms: int, zone: tzinfo) -> None:
        """What time it is, for choices that end at a time of day."""
        self._more.show_now(now_ms, zone)

    def show_sentence(self, mark: Mark, sentence: str, changeable: bool) -> None:
        """What pressing Send would do; `changeable` offers to change the condition behind it."""
        self._says.tell(mark, sentence, changeable)

    def set_sentence_visible(self, visible: bool) -> None:
        """False while something else says what the condition means."""
        self._says.setVisible(visible)

    def set_compact(self, compact: bool) -> None:
        """True folds the pills into a drop-down whatever the width."""
        self._forced = compact
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        folded = self._pills.width_as(Shape.COMPACT) + self._tools_width()
        needed = max(folded, self._more.minimumSizeHint().width())
        return QSize(needed, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        self._top.setSpacing(theme.SPACE_1)
        for part in (self._pills, self._pin):
            self._top.addWidget(part)
        self._top.addStretch(1)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(theme.SPACE_1)
        self._rows.addLayout(self._top)
        for part in (self._naming, self._more, self._says):
            self._rows.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _connect(self) -> None:
        self._pills.chosen.connect(self.preset_chosen)
        self._pills.pressed_again.connect(self.preset_chosen)
        self._pills.rename_wanted.connect(self._ask_name)
        self._pills.delete_wanted.connect(self._delete)
        self._pin.toggled.connect(self.pinned)
        self._more.alert_chosen.connect(self.alert_chosen)
        self._more.validity_chosen.connect(self.validity_chosen)
        self._more.otherwise_chosen.connect(self.otherwise_chosen)
        self._more.order_chosen.connect(self.order_chosen)
        self._more.reshaped.connect(self._arrange)
        self._naming.named.connect(self._rename)
        self._says.change_requested.connect(self.change_requested)

    def _ask_name(self, key: str) -> None:
        preset = preset_of(self._presets, key)
        if preset is None:
            return
        self._renaming = key
        name = preset.name

        def why_not(new: str) -> str:
            return why_not_named(self._presets, new, before=name)

        self._naming.ask(wording_editor.NEW_NAME, name, why_not)

    def _rename(self, new: str) -> None:
        preset = preset_of(self._presets, self._renaming)
        if preset is not None:
            self.preset_renamed.emit(preset.name, new)

    def _delete(self, key: str) -> None:
        preset = preset_of(self._presets, key)
        if preset is not None:
            self.preset_deleted.emit(preset.name)

    def _arrange(self) -> None:
        """Folds or unfolds the pills, and finds a place for the rest."""
        room = self.width() - self._tools_width()
        fitting = (shape for shape in (Shape.WIDE, Shape.GATHERED) if self._pills.width_as(shape) <= room)
        shape = Shape.COMPACT if self._forced else next(fitting, Shape.COMPACT)
        if shape is not self._pills.shape_now():
            self._pills.set_shape(shape)
        needed = self._pills.width_as(shape) + theme.SPACE_2 + self._more.natural_width()
        self._place(beside=needed <= room)
        self.updateGeometry()

    def _place(self, beside: bool) -> None:
        """Puts the rest at the end of the first line, or under it."""
        if beside == self._beside:
            return
        self._beside = beside
        (self._rows if beside else self._top).removeWidget(self._more)
        if beside:
            self._top.addWidget(self._more)
        else:
            self._rows.insertWidget(2, self._more)

    def _tools_width(self) -> int:
        """How wide the pin is, with the space before it."""
        return theme.CONTROL_HEIGHT + theme.SPACE_1
