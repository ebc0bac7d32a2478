"""The line in which hours of certain weekdays are chosen, by the recipient's own clock."""

from PySide6.QtCore import QSignalBlocker, Qt, QTime, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QTimeEdit, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_editor as words
from tact_desktop.state.condition_times import USUAL_HOURS, TimeViews, end_shown, hours_between
from tact_desktop.state.wording_moments import DAY_LETTERS
from tact_desktop.widgets.icon_button import allow
from tact_desktop.widgets.text import explain, label
from tact_desktop.widgets.time_line import TimeLine
from tact_engine.core.window import WEEK, Window


class HoursLine(QWidget):
    """A check box; with it two times of the day and the weekdays. `changed` tells a Window, or None for at any hour."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._window: Window | None = None
        self._last = USUAL_HOURS
        self._box = QCheckBox(words.ONLY_BETWEEN)
        self._start, self._end = _field(words.HOURS_START), _field(words.HOURS_END)
        self._hours, self._days = QWidget(), QWidget()
        self._toggles = [_day(number) for number in WEEK]
        self._line = TimeLine("", (self._box, self._hours, self._days))
        self._lay_out()
        self._box.toggled.connect(self._switch)
        for field in (self._start, self._end):
            field.timeChanged.connect(self._tell)
        for toggle in self._toggles:
            toggle.toggled.connect(self._tell)

    def show_window(self, window: Window | None, views: TimeViews) -> None:
        """Shows the hours and how they stand; where they cannot be chosen, it says why."""
        self._window = window
        self._last = window or self._last
        with QSignalBlocker(self._box):
            self._box.setChecked(window is not None)
        allow(self._box, views.hours_why_not if window is None else "")
        self._hours.setVisible(window is not None)
        self._days.setVisible(window is not None)
        self._fill(self._last)
        self._line.show_view(views.window)

    def focus_order(self) -> list[QWidget]:
        """What the Tab key visits, in order."""
        return [self._box, self._start, self._end, *self._toggles]

    def _lay_out(self) -> None:
        hours, days = QHBoxLayout(self._hours), QHBoxLayout(self._days)
        for part in (self._start, label(words.TO), self._end):
            hours.addWidget(part)
        for toggle in self._toggles:
            days.addWidget(toggle)
        for line in (hours, days):
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.SPACE_1)
        self._box.setMinimumHeight(theme.CONTROL_HEIGHT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._line)

    def _fill(self, window: Window) -> None:
        texts = ((self._start, window.start), (self._end, end_shown(window)))
        for field, text in texts:
            with QSignalBlocker(field):
                field.setTime(QTime.fromString(text, words.HOURS_FORMAT))
        for number, toggle in zip(WEEK, self._toggles, strict=True):
            with QSignalBlocker(toggle):
                toggle.setChecked(number in window.days)

    def _switch(self, is_on: bool) -> None:
        self.changed.emit((self._last if self._last.days else USUAL_HOURS) if is_on else None)

    def _tell(self) -> None:
        start, end = (field.time().toString(words.HOURS_FORMAT) for field in (self._start, self._end))
        days = tuple(number for number, toggle in zip(WEEK, self._toggles, strict=True) if toggle.isChecked())
        self.changed.emit(hours_between(start, end, days))


def _field(name: str) -> QTimeEdit:
    field = QTimeEdit()
    field.setDisplayFormat(words.HOURS_FORMAT)
    field.setAccessibleName(name)
    field.setKeyboardTracking(False)
    field.setFixedHeight(theme.CONTROL_HEIGHT)
    return field


def _day(number: int) -> QPushButton:
    name = words.weekday(number)
    toggle = QPushButton(DAY_LETTERS[number - 1])
    toggle.setCheckable(True)
    toggle.setProperty("role", "day")
    toggle.setFixedWidth(theme.CONTROL_HEIGHT)
    toggle.setAccessibleName(name)
    explain(toggle, name)
    toggle.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return toggle
