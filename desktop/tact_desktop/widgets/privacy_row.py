"""One question of the privacy page with its answer: who may see it, and whether they may wait for it."""

from collections.abc import Mapping
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_privacy as words
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.pill import Pill
from tact_desktop.widgets.text import button_text, label
from tact_engine.core.privacy import Audience, Rule


class PrivacyRow(QFrame):
    """Tells what a person does: audience_chosen(Audience), usable_chosen(bool), removed(handle).

    people_wanted(place) asks for the people to choose from, at a place on the screen.
    """

    audience_chosen = Signal(object)
    usable_chosen = Signal(bool)
    removed = Signal(str)
    people_wanted = Signal(QPoint)

    def __init__(self, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question = question
        self.setProperty("role", "card")
        self._pills = {audience: Pill(text) for audience, text in words.AUDIENCES.items()}
        self._usable = QCheckBox(words.MAY_WAIT)
        self._usable.setAccessibleName(words.wait_for(question))
        self._usable.toggled.connect(self.usable_chosen)
        self._people = NameChips(question)
        self._people.removed.connect(self.removed)
        self._choose = QPushButton(words.CHOOSE_PEOPLE)
        self._choose.setProperty("role", "link")
        self._choose.setAccessibleName(words.people_for(question))
        self._choose.clicked.connect(self._want_people)
        self._nobody = label(words.NOBODY_CHOSEN, "quiet", wrap=True)
        self._lay_out()

    def show_rule(self, rule: Rule, names: Mapping[str, str], enabled: bool) -> None:
        """Shows `rule`, silently; `names` are those of the people by handle."""
        self._pills[rule.see].setChecked(True)
        with QSignalBlocker(self._usable):
            self._usable.setChecked(rule.usable)
        chosen = rule.see is Audience.CHOSEN
        self._people.show_people(rule.people if chosen else (), names)
        self._chosen.setVisible(chosen)
        self._nobody.setVisible(chosen and not rule.people)
        for part in (*self._pills.values(), self._choose, self._people):
            part.setEnabled(enabled)
        self._usable.setEnabled(enabled and rule.see is not Audience.NOBODY)

    def _lay_out(self) -> None:
        pills = QWidget()
        pills.setAccessibleName(self._question)
        row = QHBoxLayout(pills)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_1)
        for audience, pill in self._pills.items():
            pill.clicked.connect(partial(self.audience_chosen.emit, audience))
            row.addWidget(pill)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(label(self._question, "strong", wrap=True))
        said.addWidget(self._usable)
        upper = QHBoxLayout()
        upper.setSpacing(theme.SPACE_3)
        upper.addLayout(said, 1)
        upper.addWidget(pills, 0, Qt.AlignmentFlag.AlignTop)
        self._chosen = QWidget()
        lower = QHBoxLayout(self._chosen)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.addWidget(self._people, 1)
        lower.addWidget(self._nobody, 1)
        lower.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_2)
        rows.setSpacing(theme.SPACE_1 + 2)
        rows.addLayout(upper)
        rows.addWidget(self._chosen)
        order = (*self._pills.values(), self._usable, self._choose)
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def focus_answer(self) -> None:
        """Puts the keyboard on what is chosen."""
        chosen = next(pill for pill in self._pills.values() if pill.isChecked())
        chosen.setFocus(Qt.FocusReason.TabFocusReason)

    def _want_people(self) -> None:
        corner = self._choose.mapToGlobal(QPoint(self._choose.width(), self._choose.height()))
        self.people_wanted.emit(corner)


class NameChips(QWidget):
    """Some people by name, each with a way out of this list called `title`."""

    removed = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._shown: tuple[tuple[str, str], ...] = ()
        self._chips: list[QPushButton] = []
        self._flow = FlowLayout(self, theme.SPACE_1)
        size = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        size.setHeightForWidth(True)
        self.setSizePolicy(size)

    def show_people(self, people: tuple[str, ...], names: Mapping[str, str]) -> None:
        """Shows `people` in their order; who is not known goes by the handle."""
        shown = tuple((handle, names.get(handle, handle)) for handle in people)
        self.setVisible(bool(shown))
        if shown == self._shown:
            return
        self._shown = shown
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [self._chip(handle, name) for handle, name in shown]
        for chip in self._chips:
            self._flow.addWidget(chip)
            chip.setVisible(True)
        self.updateGeometry()

    def _chip(self, handle: str, name: str) -> QPushButton:
        chip = QPushButton(button_text(name), self)
        chip.setProperty("role", "pill")
        theme.set_icon(chip, "x", "text_quiet", 14)
        chip.setIconSize(QSize(14, 14))
        chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        chip.setAccessibleName(words.remove(name, self._title))
        chip.clicked.connect(partial(self.removed.emit, handle))
        return chip
