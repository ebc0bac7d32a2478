"""The part of the condition editor that is about time; it can be folded, and opens by itself where something is set."""

from dataclasses import replace

from PySide6.QtCore import QDateTime, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDateTimeEdit, QSpinBox, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import condition_times as times
from tact_desktop.state import wording_editor as words
from tact_desktop.state import wording_panels
from tact_desktop.state.condition_choices import Choice
from tact_desktop.state.condition_times import DWELLS, Offer, Times, TimeViews
from tact_desktop.state.recipient import Recipient
from tact_desktop.state.wording_moments import duration
from tact_desktop.widgets.choice_lists import LabelledList
from tact_desktop.widgets.hours_line import HoursLine
from tact_desktop.widgets.icon_button import quiet_button
from tact_desktop.widgets.text import button_text
from tact_desktop.widgets.time_line import TimeLine
from tact_engine.core.conditions import DWELL_SECONDS_MAX
from tact_engine.core.window import Window

_LIST_WIDTH = 150
_OWN = -1


class TimeSection(QWidget):
    """Shows what a condition says of time, but for "the next time", and tells what a person changes in it.

    `unfolded`: a person opened it, and wants to see what is in it.
    """

    changed = Signal(object)
    unfolded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._times, self._offers = Times(), tuple[Offer, ...]()
        self._now_ms, self._own_length = 0, False
        self._fold = quiet_button("chevron-right", words.TIME)
        self._fold.setCheckable(True)
        self._begin = LabelledList(_LIST_WIDTH)
        self._begin.set_title(words.NOT_BEFORE)
        self._moment = _moment_field()
        self._hours = HoursLine()
        self._dwell = LabelledList(_LIST_WIDTH)
        self._dwell.set_title(words.STAYS_SO)
        self._seconds = _seconds_field()
        self._not_before = TimeLine(words.NOT_BEFORE, (self._begin, self._moment))
        self._stays = TimeLine(words.STAYS_SO, (self._dwell, self._seconds))
        self._inside = QWidget()
        self._lay_out()
        self._connect()
        self._show_fold(False)

    def begin(self, shown: Times) -> None:
        """A condition is opened: open where it says something of time, else folded."""
        self._own_length = shown.dwell not in DWELLS
        self._fold.setChecked(shown.is_set)

    def show_times(self, shown: Times, views: TimeViews, whom: Recipient) -> None:
        """Shows `shown` and how each part stands."""
        self._times = shown
        self._show_begin(shown, whom)
        self._hours.show_window(shown.window, views)
        self._show_dwell(shown.dwell)
        self._not_before.show_view(views.not_before)
        self._stays.show_view(views.dwell)
        told = words.TIME if self._fold.isChecked() else words.set_so([*times.set_parts(shown)])
        self._fold.setText(button_text(told))

    def focus_order(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        hours = self._hours.focus_order()
        return [self._fold, self._begin.list, self._moment, *hours, self._dwell.list, self._seconds]

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(theme.SPACE_1 + 2)
        for part in (self._not_before, self._hours, self._stays):
            inside.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.SPACE_1)
        whole.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addWidget(self._inside)

    def _connect(self) -> None:
        self._fold.toggled.connect(self._show_fold)
        self._fold.clicked.connect(self._tell_unfolded)
        self._begin.chosen.connect(self._choose_begin)
        self._moment.dateTimeChanged.connect(self._choose_moment)
        self._hours.changed.connect(self._choose_window)
        self._dwell.chosen.connect(self._choose_dwell)
        self._seconds.valueChanged.connect(self._choose_seconds)

    def _show_fold(self, is_open: bool) -> None:
        self._inside.setVisible(is_open)
        theme.set_icon(
            self._fold, "chevron-down" if is_open else "chevron-right", "text_quiet", theme.SPACE_4
        )
        told = words.TIME if is_open else words.set_so([*times.set_parts(self._times)])
        self._fold.setText(button_text(told))

    def _tell_unfolded(self, is_open: bool) -> None:
        if is_open:
            self.unfolded.emit()

    def _show_begin(self, shown: Times, whom: Recipient) -> None:
        self._now_ms = whom.now_ms
        self._offers = times.offers(whom.now_ms, whom.zone)
        own = shown.not_before is not None
        choices = [Choice(str(place), offer.text) for place, offer in enumerate(self._offers)]
        self._begin.show_choices(choices, str(len(choices) - 1 if own else 0))
        self._moment.setVisible(own)
        with QSignalBlocker(self._moment):
            if shown.not_before is not None:
                self._moment.setDateTime(QDateTime.fromMSecsSinceEpoch(shown.not_before))

    def _choose_begin(self, place: object) -> None:
        offer = self._offers[int(str(place))]
        at_ms = times.in_an_hour(self._now_ms) if offer.own else offer.at_ms
        self._become(replace(self._times, not_before=at_ms))
        if offer.own:
            self._moment.setFocus(Qt.FocusReason.OtherFocusReason)
            self._moment.setSelectedSection(QDateTimeEdit.Section.HourSection)

    def _choose_moment(self, at: QDateTime) -> None:
        self._become(replace(self._times, not_before=at.toMSecsSinceEpoch()))

    def _choose_window(self, window: Window | None) -> None:
        self._become(replace(self._times, window=window))

    def _choose_seconds(self, seconds: int) -> None:
        self._become(replace(self._times, dwell=seconds))

    def _show_dwell(self, seconds: int) -> None:
        own = self._own_length or seconds not in DWELLS
        named = [Choice(str(each), duration(each) if each else words.AT_ONCE) for each in DWELLS]
        self._dwell.show_choices([*named, Choice(str(_OWN), words.OWN_LENGTH)], str(_OWN if own else seconds))
        self._seconds.setVisible(own)
        with QSignalBlocker(self._seconds):
            self._seconds.setValue(seconds)

    def _choose_dwell(self, seconds: object) -> None:
        wanted = int(str(seconds))
        self._own_length = wanted == _OWN
        self._become(replace(self._times, dwell=self._times.dwell if self._own_length else wanted))
        if self._own_length:
            self._seconds.setFocus(Qt.FocusReason.OtherFocusReason)

    def _become(self, shown: Times) -> None:
        self.changed.emit(shown)


def _moment_field() -> QDateTimeEdit:
    field = QDateTimeEdit()
    field.setCalendarPopup(True)
    field.setKeyboardTracking(False)
    field.setDisplayFormat(wording_panels.MOMENT_FORMAT)
    field.setAccessibleName(words.NOT_BEFORE_AT)
    field.setFixedHeight(theme.CONTROL_HEIGHT)
    return field


def _seconds_field() -> QSpinBox:
    field = QSpinBox()
    field.setRange(0, DWELL_SECONDS_MAX)
    field.setSuffix(words.SECONDS_SUFFIX)
    field.setAccessibleName(words.OWN_SECONDS)
    field.setMinimumWidth(_LIST_WIDTH)
    return field
