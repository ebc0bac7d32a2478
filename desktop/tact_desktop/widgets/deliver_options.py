"""What else can be said of a message: how long it may wait, what happens then, its turn, and whether it is one."""

from datetime import tzinfo

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_composer as words
from tact_desktop.state.draft import Draft
from tact_desktop.state.preview import otherwise_of
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.icon_button import allow, quiet_button
from tact_desktop.widgets.quiet_list import QuietList
from tact_desktop.widgets.text import button_text, explain, label
from tact_desktop.widgets.validity_chooser import ValidityChooser
from tact_engine.core.envelope import Otherwise


class DeliverOptions(QWidget):
    """Side by side where there is room, else in lines. `reshaped` tells that its width is a new one."""

    validity_chosen = Signal(int)
    otherwise_chosen = Signal(object)
    order_chosen = Signal(bool)
    alert_chosen = Signal(bool)
    reshaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._validity = ValidityChooser()
        self._validity.changed.connect(self.validity_chosen)
        self._validity.shape_changed.connect(self.reshaped)
        self._then = _Then()
        self._then.chosen.connect(self.otherwise_chosen)
        self._order = QCheckBox()
        self._order.toggled.connect(self.order_chosen)
        self._order.setVisible(False)
        self._order.setMinimumHeight(theme.CONTROL_HEIGHT)
        self._why_no_alert = ""
        self._bell = quiet_button("bell", words.TELL_ONLY)
        self._bell.setCheckable(True)
        self._bell.toggled.connect(self.alert_chosen)
        self._flow = FlowLayout(self, gap=theme.SPACE_2)
        for part in self._parts():
            self._flow.addWidget(part)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_draft(self, draft: Draft) -> None:
        """Shows what `draft` says, silently; an alert has nothing that could be delivered or wait in turn."""
        self._validity.show_seconds(draft.valid_for)
        self._then.show_choice(otherwise_of(draft), can_deliver=not draft.alert)
        self._flow.invalidate()
        with QSignalBlocker(self._order), QSignalBlocker(self._bell):
            self._order.setChecked(draft.keep_order)
            self._bell.setChecked(draft.alert)
        self.show_why_no_alert(self._why_no_alert)

    def show_why_no_alert(self, why_not: str) -> None:
        """Why one cannot ask to be told; "" where one can. What is on can be switched off."""
        self._why_no_alert = why_not
        on = self._bell.isChecked()
        allow(self._bell, "" if on else why_not)
        if on or not why_not:
            explain(self._bell, words.TELL_ONLY_HINT)
        theme.set_icon(self._bell, "bell", "accent_text" if on else "text_quiet", theme.SPACE_4)

    def show_ahead(self, ahead: int) -> None:
        """How many messages wait that this one could wait behind; none takes the choice away."""
        if ahead:
            self._order.setText(button_text(words.after_waiting(ahead)))
        if self._order.isHidden() == bool(ahead):
            self._order.setVisible(bool(ahead))
            self.reshaped.emit()

    def show_now(self, now_ms: int, zone: tzinfo) -> None:
        """What time it is, for choices that end at a time of day."""
        self._validity.show_now(now_ms, zone)

    def natural_width(self) -> int:
        """The width in pixels of all parts side by side."""
        shown = [part.sizeHint().width() for part in self._parts() if not part.isHidden()]
        return sum(shown) + theme.SPACE_2 * (len(shown) - 1)

    def sizeHint(self) -> QSize:
        return QSize(self.natural_width(), self.heightForWidth(max(self.width(), 1)))

    def _parts(self) -> tuple[QWidget, ...]:
        return self._validity, self._then, self._bell, self._order


class _Then(QWidget):
    """What becomes of a message at the end of its time."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._offered: tuple[Otherwise, ...] = ()
        title = label(words.THEN, "quiet")
        self._list = QuietList()
        self._list.activated.connect(self._tell)
        title.setBuddy(self._list)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_1 + 2)
        line.addWidget(title)
        line.addWidget(self._list)

    def show_choice(self, choice: Otherwise, can_deliver: bool) -> None:
        """Shows `choice`, silently."""
        offered = tuple(each for each in Otherwise if can_deliver or each is not Otherwise.DELIVER)
        if offered != self._offered:
            self._offered = offered
            self._list.clear()
            self._list.addItems([words.THEN_WORDS[each] for each in offered])
        self._list.setCurrentIndex(self._offered.index(choice))

    def _tell(self, place: int) -> None:
        self.chosen.emit(self._offered[place])
