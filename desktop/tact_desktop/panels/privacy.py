"""Who may see what of oneself: one question a row, whom one never and always hears, what others see."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import privacy as deeds
from tact_desktop.state import wording_privacy as words
from tact_desktop.state.shown import known_as
from tact_desktop.state.wording_person import header_line
from tact_desktop.widgets.banner import Banner, BannerKind
from tact_desktop.widgets.people_picker import PeoplePicker
from tact_desktop.widgets.privacy_row import NameChips, PrivacyRow
from tact_desktop.widgets.text import label
from tact_engine.core.presence import Presence, nobody
from tact_engine.core.privacy import NO_WISHES, STRANGER, Audience, Privacy, rule_of

_WIDTH, _HEIGHT = 640, 700


class PrivacyPanel(QWidget):
    """A window of its own; Esc closes it. `changed` tells the whole of what is wanted, at each change."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(words.PRIVACY)
        self.setMinimumWidth(520)
        self.resize(_WIDTH, _HEIGHT)
        self._privacy, self._me = NO_WISHES, nobody("")
        self._names: Mapping[str, str] = {}
        self._now, self._zone = 0, UTC
        self._rows = {name: PrivacyRow(words.QUESTIONS[name]) for name in deeds.ROWS}
        self._blocked, self._vips = NameChips(words.BLOCKED), NameChips(words.VIPS)
        self._no_blocked, self._no_vips = (
            label(text, "quiet", wrap=True) for text in (words.NOBODY_BLOCKED, words.NO_VIPS)
        )
        self._banner = Banner()
        self._state = label(role="foot")
        self._viewer = QComboBox()
        self._viewer.activated.connect(self._preview)
        self._sees, self._waits = label(role="strong", wrap=True), label(role="foot", wrap=True)
        self._picker = PeoplePicker(self)
        self._asked = ""
        self._lay_out()
        self._connect()
        self.show_privacy(NO_WISHES, enabled=False)

    def show_me(self, me: Presence, people: Mapping[str, str], now_ms: int, zone: tzinfo) -> None:
        """Who I am now, and everybody else (handle → name) as they are offered; `show_privacy` follows."""
        self._me, self._now, self._zone = me, now_ms, zone
        if people != self._names or not self._viewer.count():
            self._names = people
            self._offer_viewers()

    def show_privacy(self, privacy: Privacy, enabled: bool, state: str = "") -> None:
        """Shows these rules, silently; `state` says how far they are in force."""
        self._privacy = privacy
        self._state.setText(state)
        if enabled:
            self._banner.clear()
        elif not self._banner.sentence():
            self._banner.tell(words.AWAY, BannerKind.WARNING, dismissable=False)
        for name, row in self._rows.items():
            row.show_rule(rule_of(privacy, name), self._names, enabled)
        for chips, none, people in (
            (self._blocked, self._no_blocked, privacy.blocked),
            (self._vips, self._no_vips, privacy.vips),
        ):
            chips.show_people(people, self._names)
            chips.setEnabled(enabled)
            none.setVisible(not people)
        self._preview()

    def bring_up(self) -> None:
        """Shows it in front, the keyboard on the first answer."""
        self.show()
        self.raise_()
        self.activateWindow()
        next(iter(self._rows.values())).focus_answer()

    def _connect(self) -> None:
        for name, row in self._rows.items():
            row.audience_chosen.connect(partial(self._set_audience, name))
            row.usable_chosen.connect(partial(self._set_usable, name))
            row.removed.connect(partial(self._remove, name))
            row.people_wanted.connect(partial(self._pick, name))
        self._picker.picked.connect(self._picked)
        self._blocked.removed.connect(self._unblock)
        self._vips.removed.connect(self._quieten)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self, self.close)

    def _set_audience(self, name: str, audience: Audience) -> None:
        self.changed.emit(deeds.with_audience(self._privacy, name, audience))

    def _set_usable(self, name: str, usable: bool) -> None:
        self.changed.emit(deeds.with_usable(self._privacy, name, usable))

    def _set_people(self, name: str, people: tuple[str, ...]) -> None:
        self.changed.emit(deeds.with_people(self._privacy, name, people))

    def _remove(self, name: str, handle: str) -> None:
        people = rule_of(self._privacy, name).people
        self._set_people(name, tuple(each for each in people if each != handle))

    def _unblock(self, handle: str) -> None:
        self.changed.emit(deeds.with_blocked(self._privacy, handle, False))

    def _quieten(self, handle: str) -> None:
        self.changed.emit(deeds.with_vip(self._privacy, handle, False))

    def _pick(self, name: str, corner: QPoint) -> None:
        self._asked = name
        place = corner - QPoint(self._picker.width(), 0)
        self._picker.open_at(place, words.QUESTIONS[name], self._names, rule_of(self._privacy, name).people)

    def _picked(self, people: tuple[str, ...]) -> None:
        self._set_people(self._asked, people)

    def _offer_viewers(self) -> None:
        chosen = self._viewer.currentData()
        self._viewer.clear()
        for handle, name in self._names.items():
            self._viewer.addItem(known_as(name, handle), handle)
        self._viewer.addItem(words.STRANGER, STRANGER)
        self._viewer.setCurrentIndex(max(0, self._viewer.findData(chosen)))

    def _preview(self) -> None:
        viewer = str(self._viewer.currentData() or STRANGER)
        shown, usable = deeds.sight(self._me, self._privacy, viewer, self._now)
        name = self._names.get(viewer, words.STRANGER)
        self._sees.setText(words.sees(name, header_line(shown, self._now, self._zone)))
        self._waits.setText(words.waits_for(usable))

    def _lay_out(self) -> None:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        rows.setSpacing(theme.SPACE_2)
        head = QHBoxLayout()
        head.addWidget(label(words.PRIVACY, "title"), 1)
        head.addWidget(self._state)
        rows.addLayout(head)
        rows.addWidget(label(words.PRIVACY_HINT, "quiet", wrap=True))
        rows.addWidget(self._banner)
        for row in self._rows.values():
            rows.addWidget(row)
        for title, chips, none in (
            (words.BLOCKED, self._blocked, self._no_blocked),
            (words.VIPS, self._vips, self._no_vips),
        ):
            card = QFrame()
            card.setProperty("role", "card")
            inside = QVBoxLayout(card)
            inside.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_2)
            inside.setSpacing(theme.SPACE_1 + 2)
            inside.addWidget(label(title, "strong"))
            inside.addWidget(none)
            inside.addWidget(chips)
            rows.addWidget(card)
        rows.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(0)
        around.addWidget(area, 1)
        around.addWidget(self._mirror())

    def _mirror(self) -> QWidget:
        """The end of the page, always in sight: oneself in another's eyes."""
        made = QWidget()
        made.setProperty("role", "pane")
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = label(words.SEE_YOURSELF, "quiet")
        title.setBuddy(self._viewer)
        chooser = QHBoxLayout()
        chooser.setSpacing(theme.SPACE_2)
        chooser.addWidget(title)
        chooser.addWidget(self._viewer)
        chooser.addStretch(1)
        rows = QVBoxLayout(made)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_3, theme.SPACE_4, theme.SPACE_3)
        rows.setSpacing(theme.SPACE_1)
        rows.addLayout(chooser)
        rows.addWidget(self._sees)
        rows.addWidget(self._waits)
        return made
