"""What else one says of oneself: doing what, where, and until when; folded away below the presence buttons."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import partial

from PySide6.QtCore import QDateTime, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_me as words
from tact_desktop.state.presence_ends import PICK_MINUTES, TIMED, EndChoice, Ending, end_choices
from tact_desktop.state.wording_panels import MOMENT_FORMAT
from tact_desktop.state.wording_person import until_word
from tact_desktop.state.wording_words import attribute_word, value_word
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.own_text import OwnText
from tact_desktop.widgets.pill import Pill
from tact_desktop.widgets.text import label
from tact_engine.core.presence import ACTIVITY, ATTRIBUTES, FREE_TEXT_LOCATION, Value

_FOR_GOOD, _PICK = "for good", "pick"


class AboutMe(QWidget):
    """`chosen` tells an attribute and its value; `end_chosen` a moment (UTC milliseconds, None for no end) and which
    attributes were changed while this was open, since those end along with the availability.
    """

    chosen = Signal(str, str)
    end_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now, self._zone = 0, None
        self._choices: Sequence[EndChoice] = ()
        self._together: set[str] = set()
        self._end: int | None = None
        self._activity = QComboBox()
        for value in ATTRIBUTES[ACTIVITY].words:
            self._activity.addItem(value_word(ACTIVITY, value), value)
        self._activity.activated.connect(self._choose_activity)
        self._activity.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._place = OwnText(FREE_TEXT_LOCATION, words.LOCATION_HINT, words.CLEAR_LOCATION)
        self._place.settled.connect(partial(self.chosen.emit, FREE_TEXT_LOCATION))
        self._pills: dict[str, Pill] = {}
        self._ends = QWidget()
        self._ends.setAccessibleName(words.UNTIL)
        self._flow = FlowLayout(self._ends, theme.SPACE_1)
        self._moment = QDateTimeEdit()
        self._moment.setCalendarPopup(True)
        self._moment.setKeyboardTracking(False)
        self._moment.setDisplayFormat(MOMENT_FORMAT)
        self._moment.setAccessibleName(words.PICKED)
        self._moment.setVisible(False)
        self._moment.dateTimeChanged.connect(self._pick_moment)
        self._sentence = label(role="foot", wrap=True)
        self._lay_out()

    def show_now(self, now_ms: int, zone: tzinfo) -> None:
        """What time it is (UTC milliseconds) and where; the moments on offer stay while this is open."""
        self._now, self._zone = now_ms, zone
        if not self.isVisible():
            self._offer()

    def show_presence(
        self, values: Mapping[str, Value], endings: Mapping[str, Ending], can_end: bool
    ) -> None:
        """What holds, what of it ends by itself, and whether an end would mean anything now."""
        activity = values.get(ACTIVITY, ATTRIBUTES[ACTIVITY].default)
        self._activity.setCurrentIndex(self._activity.findData(activity))
        self._place.show_text(str(values.get(FREE_TEXT_LOCATION, "")))
        self._mark(min((endings[name].at for name in TIMED if name in endings), default=None))
        self._ends.setEnabled(can_end or bool(endings))
        self._moment.setEnabled(can_end or bool(endings))
        self._sentence.setText(self._said(values, endings, can_end))

    def focus_ends(self) -> None:
        """Puts the keyboard on the moments."""
        chosen = next((pill for pill in self._pills.values() if pill.isChecked()), None)
        (chosen or self._activity).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent, /) -> None:
        self._together.clear()
        self._end = None
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        self._offer()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_2)
        grid.setVerticalSpacing(theme.SPACE_1 + 2)
        grid.setColumnStretch(1, 1)
        for row, (name, field) in enumerate(((ACTIVITY, self._activity), (FREE_TEXT_LOCATION, self._place))):
            title = label(attribute_word(name), "quiet")
            title.setBuddy(field)
            grid.addWidget(title, row, 0)
            grid.addWidget(field, row, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.SPACE_1 + 2)
        rows.addLayout(grid)
        rows.addWidget(label(words.UNTIL, "quiet"))
        for part in (self._ends, self._moment, self._sentence):
            rows.addWidget(part)

    def _offer(self) -> None:
        """A pill for each moment, made anew where they are others."""
        if self._zone is None:
            return
        self._choices = end_choices(self._now, self._zone)
        texts = {
            _FOR_GOOD: words.FOR_GOOD,
            **{f"{place}": choice.text for place, choice in enumerate(self._choices)},
            _PICK: words.PICK,
        }
        if {key: pill.text() for key, pill in self._pills.items()} == texts:
            return
        for pill in self._pills.values():
            self._flow.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self._pills = {}
        for key, text in texts.items():
            pill = self._pills[key] = Pill(text, self._ends)
            pill.clicked.connect(partial(self._choose_end, key))
            self._flow.addWidget(pill)
            pill.setVisible(True)  # what is made while its parent folds in stays hidden otherwise

    def _mark(self, at: int | None) -> None:
        """Shows the end that holds: as one of the pills, or as a moment."""
        known = next((f"{place}" for place, choice in enumerate(self._choices) if choice.at == at), _PICK)
        key = _FOR_GOOD if at is None else known
        if key in self._pills:
            self._pills[key].setChecked(True)
        if at is not None:
            self._show_moment(at)
        self._moment.setVisible(key == _PICK)

    def _show_moment(self, at: int) -> None:
        with QSignalBlocker(self._moment):
            self._moment.setMinimumDateTime(QDateTime.fromMSecsSinceEpoch(self._now + 60_000))
            self._moment.setDateTime(QDateTime.fromMSecsSinceEpoch(at))

    def _choose_activity(self, place: int) -> None:
        self._together.add(ACTIVITY)
        self.chosen.emit(ACTIVITY, str(self._activity.itemData(place)))
        if self._end is not None:
            self._tell_end()

    def _choose_end(self, key: str) -> None:
        if key == _PICK:
            self._show_moment(self._now + PICK_MINUTES * 60_000)
            self._moment.setVisible(True)
            self._moment.setFocus(Qt.FocusReason.OtherFocusReason)
            self._moment.setSelectedSection(QDateTimeEdit.Section.HourSection)
            self._pick_moment()
            return
        self._end = None if key == _FOR_GOOD else self._choices[int(key)].at
        self._tell_end()

    def _pick_moment(self) -> None:
        self._end = self._moment.dateTime().toMSecsSinceEpoch() // 60_000 * 60_000
        self._tell_end()

    def _tell_end(self) -> None:
        self.end_chosen.emit(self._end, tuple(sorted(self._together)))

    def note_changed(self, name: str) -> None:
        """Another control changed attribute `name` while this is open: it belongs to what ends together."""
        if self.isVisible():
            self._together.add(name)
            if self._end is not None:
                self._tell_end()

    def _said(self, values: Mapping[str, Value], endings: Mapping[str, Ending], can_end: bool) -> str:
        if self._zone is None or not endings:
            return words.STAYS if can_end else words.NO_END_NOW
        lines = [
            words.ends(
                value_word(name, values.get(name, "")),
                until_word(endings[name].at, self._now, self._zone),
                name,
                endings[name].back,
            )
            for name in TIMED
            if name in endings
        ]
        return "\n".join(lines)
