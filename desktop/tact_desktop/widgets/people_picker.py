"""Choosing some of the people: a field that finds them, and a box to check for each."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_privacy as words
from tact_desktop.state.shown import known_as
from tact_desktop.widgets.text import button_text

_SIZE = QSize(280, 320)


class PeoplePicker(QFrame):
    """Pops up over the page; `picked` tells everybody chosen at each change, in the order they stand in."""

    picked = Signal(tuple)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popover")
        self.setFixedSize(_SIZE)
        self._away: tuple[str, ...] = ()
        self._names: Mapping[str, str] = {}
        self._boxes: dict[str, QCheckBox] = {}
        self._search = QLineEdit()
        self._search.setProperty("role", "search")
        self._search.setAccessibleName(words.FIND)
        self._search.setPlaceholderText(words.FIND)
        self._search.textChanged.connect(self._filter)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_2, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(self._search)
        rows.addWidget(self._area, 1)

    def open_at(self, place: QPoint, title: str, people: Mapping[str, str], chosen: Sequence[str]) -> None:
        """Shows `people` (handle → name) at a place on the screen, those `chosen` being checked."""
        self.setAccessibleName(title)
        self._away = tuple(handle for handle in chosen if handle not in people)
        self._names = people
        self._boxes = {}
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.SPACE_1, 0, theme.SPACE_1, 0)
        rows.setSpacing(theme.SPACE_1)
        for handle, name in people.items():
            box = self._boxes[handle] = QCheckBox(button_text(known_as(name, handle)))
            box.setChecked(handle in chosen)
            box.toggled.connect(self._tell)
            rows.addWidget(box)
        rows.addStretch(1)
        self._area.setWidget(page)
        self._search.clear()
        self.move(place)
        self.show()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _filter(self, needle: str) -> None:
        wanted = needle.strip().casefold()
        for handle, box in self._boxes.items():
            box.setVisible(wanted in self._names[handle].casefold() or wanted in handle)

    def _tell(self) -> None:
        checked = (handle for handle, box in self._boxes.items() if box.isChecked())
        self.picked.emit((*self._away, *checked))
