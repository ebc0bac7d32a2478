"""Who belongs to the office: one's own devices; for a host everybody, who asks to join, how the engine fares."""

from enum import StrEnum
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.state import wording_members as words
from tact_desktop.state.members import Item, Page, found
from tact_desktop.widgets.banner import Banner, BannerKind
from tact_desktop.widgets.password_form import PasswordForm
from tact_desktop.widgets.record_list import RecordList
from tact_desktop.widgets.text import button_text, label

_WIDTH, _HEIGHT, _WIDTH_MIN = 720, 680, 520
SEARCHED_FROM = 8
"""So many people are found faster by their names."""


class Section(StrEnum):
    """A tab of the page, by its words; only the first is for everybody."""

    YOU = words.YOU
    PEOPLE = words.PEOPLE
    REQUESTS = words.requests_title(0)
    INVITATIONS = words.INVITATIONS
    ENGINE = words.ENGINE


class MembersPanel(QWidget):
    """A window of its own; Esc closes it. `acted` carries a Deed and the key of its row.

    `password_chosen` carries a new password, "" for none.
    """

    acted = Signal(str, str)
    device_wanted = Signal()
    invite_wanted = Signal()
    password_chosen = Signal(str)
    leave_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(words.MEMBERS)
        self.setMinimumWidth(_WIDTH_MIN)
        self.resize(_WIDTH, _HEIGHT)
        self._page, self._up = Page(), False
        self._state = label(role="foot")
        self._banner, self._low = Banner(), Banner()
        self._devices, self._own, self._people = RecordList(), RecordList(), RecordList()
        self._requests, self._invitations = RecordList(), RecordList()
        self._words = label(role="strong", wrap=True, selectable=True)
        self._words_card = _card("", words.WORDS_HINT, self._words)
        self._no_devices, self._no_own = (
            label(text, "quiet", wrap=True) for text in (words.NO_DEVICES, words.NO_OPEN_LINKS)
        )
        self._no_requests, self._no_invitations, self._no_health = (
            label(text, "quiet", wrap=True)
            for text in (words.NO_REQUESTS, words.NO_INVITATIONS, words.NO_HEALTH)
        )
        self._add = QPushButton(words.ADD_DEVICE)
        self._invites = [QPushButton(button_text(f"{words.INVITE}…")) for _ in range(2)]
        self._leave = QPushButton(words.LEAVE)
        self._password = PasswordForm()
        self._find = QLineEdit()
        self._health = QFormLayout()
        self._numbers: dict[str, QWidget] = {}
        self._tabs = QTabWidget()
        self._lay_out()
        self._connect()
        self.show_page(Page(), up=False)

    def show_page(self, page: Page, up: bool, state: str = "", problem: str = "") -> None:
        """Shows who belongs; `up`: the engine can be asked. `state` is a word on the last deed, `problem` says more."""
        self._page, self._up = page, up
        self._state.setText(state)
        self._warn(problem if up else words.AWAY)
        for rows, none, items in (
            (self._devices, self._no_devices, page.devices),
            (self._own, self._no_own, page.own_invitations),
            (self._requests, self._no_requests, page.requests),
            (self._invitations, self._no_invitations, page.invitations),
        ):
            rows.show_items(items, up)
            none.setVisible(not items)
        self._show_people()
        self._show_health()
        self._words.setText("  ".join(page.words))
        self._words_card.setVisible(bool(page.words))
        self._password.show_state(page.has_password, up)
        for button in (self._add, self._leave, *self._invites):
            button.setEnabled(up)
        self._show_tabs()
        self._put_in_order()

    def password_taken(self) -> None:
        """The engine has the new password, or has none any more."""
        self._password.close_fields()

    def password_refused(self, sentence: str) -> None:
        """The engine did not take it."""
        self._password.show_problem(sentence)

    def bring_up(self, section: Section | None = None) -> None:
        """Shows it in front, with `section` where one is named and there for this person."""
        self.show()
        self.raise_()
        self.activateWindow()
        if section is not None and self._tabs.isTabVisible(list(Section).index(section)):
            self._tabs.setCurrentIndex(list(Section).index(section))
        bar = self._tabs.tabBar()
        (bar if bar.isVisible() else self._add).setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent, /) -> None:
        """A password that was not saved is not kept."""
        self._password.close_fields()
        super().closeEvent(event)

    # --- the steps ---------------------------------------------------------------------------------------------

    def _warn(self, sentence: str) -> None:
        if sentence:
            self._banner.tell(sentence, BannerKind.WARNING, dismissable=False)
        else:
            self._banner.clear()

    def _show_tabs(self) -> None:
        self._tabs.setTabText(
            list(Section).index(Section.REQUESTS), button_text(words.requests_title(len(self._page.requests)))
        )
        for place in range(1, len(Section)):
            self._tabs.setTabVisible(place, self._page.is_host)
        self._tabs.tabBar().setVisible(self._page.is_host)

    def _put_in_order(self) -> None:
        """The Tab key visits what the eye sees, in that order, whenever rows were made."""
        order = (
            self._tabs.tabBar(),
            *self._devices.buttons(),
            self._add,
            *self._password.fields(),
            *self._own.buttons(),
            self._invites[0],
            self._leave,
            self._find,
            *self._people.buttons(),
            *self._requests.buttons(),
            *self._invitations.buttons(),
            self._invites[1],
        )
        for before, after in pairwise(order):
            self.setTabOrder(before, after)

    def _show_people(self) -> None:
        self._find.setVisible(len(self._page.people) >= SEARCHED_FROM)
        shown: tuple[Item, ...] = self._page.people
        if not self._find.isHidden():
            shown = found(shown, self._find.text())
        self._people.show_items(shown, self._up)

    def _show_health(self) -> None:
        numbers = dict(self._page.health)
        for title in [title for title in self._numbers if title not in numbers]:
            self._health.removeRow(self._numbers.pop(title))
        for title, value in numbers.items():
            if title in self._numbers:
                self._health.removeRow(self._numbers[title])
            self._numbers[title] = label(value, wrap=True, selectable=True)
            self._health.addRow(label(title, "quiet"), self._numbers[title])
        self._no_health.setVisible(not numbers)
        if self._page.disk_is_low:
            self._low.tell(words.DISK_IS_LOW, BannerKind.DANGER, dismissable=False)
        else:
            self._low.clear()

    def _connect(self) -> None:
        for rows in (self._devices, self._own, self._people, self._requests, self._invitations):
            rows.acted.connect(self.acted)
        for button in self._invites:
            button.clicked.connect(self.invite_wanted)
        self._add.clicked.connect(self.device_wanted)
        self._leave.clicked.connect(self.leave_wanted)
        self._password.chosen.connect(self.password_chosen)
        self._find.textChanged.connect(lambda: self._show_people())
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self, self.close)

    def _lay_out(self) -> None:
        self._leave.setProperty("role", "danger")
        for button in (self._add, *self._invites):
            button.setProperty("role", "link")
        self._find.setPlaceholderText(words.FIND_PEOPLE)
        self._find.setAccessibleName(words.FIND_PEOPLE)
        self._health.setHorizontalSpacing(theme.SPACE_4)
        for part in (self._tabs, self._tabs.tabBar()):  # the one hands the keyboard on to the other
            part.setAccessibleName(words.MEMBERS)
        for section, page in (
            (Section.YOU, self._you()),
            (Section.PEOPLE, _section(words.PEOPLE_HINT, self._find, self._people)),
            (
                Section.REQUESTS,
                _section(words.REQUESTS_HINT, self._no_requests, self._requests, self._words_card),
            ),
            (
                Section.INVITATIONS,
                _section(
                    words.INVITATIONS_HINT, self._no_invitations, self._invitations, _left(self._invites[1])
                ),
            ),
            (Section.ENGINE, _section(words.PEOPLE_HINT, self._low, self._no_health, _holding(self._health))),
        ):
            self._tabs.addTab(page, button_text(section.value))
        head = QHBoxLayout()
        head.addWidget(label(words.MEMBERS, "title"), 1)
        head.addWidget(self._state)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_4, 0, 0)
        rows.setSpacing(theme.SPACE_2)
        upper = QVBoxLayout()
        upper.setContentsMargins(0, 0, theme.SPACE_4, 0)
        upper.addLayout(head)
        upper.addWidget(self._banner)
        rows.addLayout(upper)
        rows.addWidget(self._tabs, 1)

    def _you(self) -> QWidget:
        """What is for everybody."""
        return _section(
            "",
            _card(words.DEVICES, words.DEVICES_HINT, self._no_devices, self._devices, _left(self._add)),
            _card(words.PASSWORD, words.PASSWORD_HINT, self._password),
            _card(words.OPEN_LINKS, "", self._no_own, self._own, _left(self._invites[0])),
            _card(words.LEAVE_TITLE, words.LEAVE_HINT, _left(self._leave)),
        )


def _section(hint: str, *parts: QWidget) -> QWidget:
    """A tab whose parts stand below one another and can be scrolled."""
    page = QWidget()
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, theme.SPACE_2, theme.SPACE_4, theme.SPACE_4)
    rows.setSpacing(theme.SPACE_2)
    if hint:
        rows.addWidget(label(hint, "quiet", wrap=True))
    for part in parts:
        rows.addWidget(part)
    rows.addStretch(1)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


def _card(title: str, hint: str, *parts: QWidget) -> QWidget:
    """Parts under a heading."""
    made = QWidget()
    rows = QVBoxLayout(made)
    rows.setContentsMargins(0, 0, 0, theme.SPACE_3)
    rows.setSpacing(theme.SPACE_1 + 2)
    if title:
        rows.addWidget(label(title, "strong"))
    if hint:
        rows.addWidget(label(hint, "quiet", wrap=True))
    for part in parts:
        rows.addWidget(part)
    return made


def _left(button: QPushButton) -> QWidget:
    """A button as wide as its words."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(button)
    row.addStretch(1)
    return made


def _holding(layout: QFormLayout) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    return made
