"""How long a message may wait: four spans, the end of the working day, or a moment of one's own."""

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import QDateTime, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.wording_time import ValidityChoice, validity_choices
from tact_desktop.widgets.quiet_list import QuietList
from tact_desktop.widgets.text import label
from tact_engine.core.envelope import VALIDITY_SECONDS_DEFAULT, VALIDITY_SECONDS_MAX, VALIDITY_SECONDS_MIN


class ValidityChooser(QWidget):
    """A drop-down and, for "Until…", a moment. `changed` tells whole seconds: by a choice, or by time passing.

    The clock comes in by `show_now`; until then there is nothing to choose.
    """

    changed = Signal(int)
    shape_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = 0
        self._choices: Sequence[ValidityChoice] = ()
        self._told = VALIDITY_SECONDS_DEFAULT
        self._title = label(words.VALID_FOR, "quiet")
        self._list = QuietList()
        self._list.activated.connect(self._chosen)
        self._title.setBuddy(self._list)
        self._moment = QDateTimeEdit()
        self._moment.setCalendarPopup(True)
        self._moment.setKeyboardTracking(False)
        self._moment.setDisplayFormat(words.MOMENT_FORMAT)
        self._moment.setAccessibleName(words.VALID_UNTIL)
        self._moment.dateTimeChanged.connect(self._tell)
        self._moment.setFixedHeight(theme.CONTROL_HEIGHT)
        self._moment.setVisible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_1 + 2)
        for part in (self._title, self._list, self._moment):
            row.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_now(self, now_ms: int, zone: tzinfo) -> None:
        """What time it is (UTC milliseconds) and where: "Until 18:00" and a moment of one's own count from here."""
        self._now = now_ms // 1000
        with QSignalBlocker(self._moment):
            self._moment.setDateTimeRange(self._at(VALIDITY_SECONDS_MIN), self._at(VALIDITY_SECONDS_MAX))
        fresh = not self._choices
        self._offer(validity_choices(now_ms, zone))
        if fresh:
            self.show_seconds(self._told)
        self._tell()

    def show_seconds(self, seconds: int) -> None:
        """Shows this span, silently: as one of the choices, or as the moment at which it ends."""
        self._told = seconds
        place = next((i for i, choice in enumerate(self._choices) if choice.seconds == seconds), None)
        self._list.setCurrentIndex(self._list.count() - 1 if place is None else place)
        if place is None:
            self._show_moment()
        self._reshape()

    def seconds(self) -> int:
        """The span chosen, in whole seconds from the last `show_now`."""
        if not self._choices:
            return self._told
        chosen = self._choices[self._list.currentIndex()].seconds
        if chosen is not None:
            return chosen
        span = self._moment.dateTime().toSecsSinceEpoch() - self._now
        return min(max(VALIDITY_SECONDS_MIN, span), VALIDITY_SECONDS_MAX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _offer(self, choices: Sequence[ValidityChoice]) -> None:
        self._choices = choices
        for place, choice in enumerate(choices):
            if place < self._list.count():
                self._list.setItemText(place, choice.text)
            else:
                self._list.addItem(choice.text)

    def _chosen(self) -> None:
        if self._own():
            self._show_moment()
        self._reshape()
        if self._own():
            self._moment.setFocus(Qt.FocusReason.OtherFocusReason)
            self._moment.setSelectedSection(QDateTimeEdit.Section.HourSection)
        self._tell()

    def _own(self) -> bool:
        return bool(self._choices) and self._choices[self._list.currentIndex()].seconds is None

    def _show_moment(self) -> None:
        with QSignalBlocker(self._moment):
            self._moment.setDateTime(self._at(self._told))

    def _reshape(self) -> None:
        if self._own() == self._moment.isHidden():
            self._moment.setVisible(self._own())
            self.updateGeometry()
            self.shape_changed.emit()

    def _tell(self) -> None:
        seconds = self.seconds()
        if seconds != self._told:
            self._told = seconds
            self.changed.emit(seconds)

    def _at(self, seconds: int) -> QDateTime:
        return QDateTime.fromSecsSinceEpoch(self._now + seconds)
