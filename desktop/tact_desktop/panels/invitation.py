"""A link to give away: to copy, or to save as a file; under it the invitations that are still open."""

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.state import wording_members as words
from tact_desktop.state.members import FILE_SUFFIX, Item
from tact_desktop.state.shown import title_text
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.record_list import RecordList
from tact_desktop.widgets.text import label

_WIDTH, _HEIGHT, _HEIGHT_ALONE = 560, 480, 280


class InvitationPanel(QWidget):
    """A window of its own; Esc closes it. `lists` says whether open invitations are shown under the link.

    `save_wanted` carries the path that was chosen, `revoked` the id of an open invitation.
    """

    another_wanted = Signal()
    save_wanted = Signal(str)
    revoked = Signal(str)

    def __init__(self, parent: QWidget | None = None, lists: bool = True) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(420)
        self.resize(_WIDTH, _HEIGHT if lists else _HEIGHT_ALONE)
        self._lists, self._file_name = lists, ""
        self._title, self._what = label(role="title", wrap=True), label(wrap=True)
        self._link = QLineEdit()
        self._link.setReadOnly(True)
        self._link.setAccessibleName(words.LINK)
        self._copy, self._save = QPushButton(words.COPY), QPushButton(words.SAVE_FILE)
        self._copy.setProperty("role", "primary")
        self._another = QPushButton(words.MAKE_ANOTHER)
        self._said = label(role="foot", wrap=True)
        self._open, self._none = RecordList(), label(words.NO_OPEN_LINKS, "quiet", wrap=True)
        self._open.acted.connect(self._revoke)
        self._copy.clicked.connect(self._take)
        self._save.clicked.connect(self._ask_where)
        self._another.clicked.connect(self.another_wanted)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self, self.close)
        self._lay_out()
        self.show_no_link("")

    def show_title(self, title: str) -> None:
        """What the link is for."""
        self.setWindowTitle(title_text(title))
        self._title.setText(title)

    def show_link(self, what: str, link: str, file_name: str) -> None:
        """A link that can be given away: what to do with it, and how its file is called."""
        if link != self._link.text():
            self._link.setText(link)
            self._link.setCursorPosition(0)
            self.say(words.KEEP_SECRET)
        self._file_name = file_name
        self._what.setText(what)
        self._another.setText(words.MAKE_ANOTHER)
        self._offer(True)

    def show_no_link(self, why: str) -> None:
        """There is none (yet), and `why`."""
        self._link.clear()
        self._what.setText(why)
        self._another.setText(words.MAKE_AGAIN)
        self.say("")
        self._offer(False)

    def show_open(self, items: Iterable[Item], enabled: bool) -> None:
        """The open invitations, and whether the engine can be asked now."""
        shown = tuple(items)
        self._open.show_items(shown, enabled)
        self._none.setVisible(self._lists and not shown)
        self._another.setEnabled(enabled)
        for before, after in pairwise(
            (self._link, self._copy, self._save, self._another, *self._open.buttons())
        ):
            self.setTabOrder(before, after)

    def say(self, sentence: str) -> None:
        """What came of it, read out politely."""
        self._said.setText(sentence)
        if sentence and self.isVisible():
            announce(self, sentence)

    def bring_up(self) -> None:
        """Shows it in front, the keyboard on what comes first."""
        self.show()
        self.raise_()
        self.activateWindow()
        (self._copy if self._copy.isVisible() else self._another).setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, there: bool) -> None:
        had_focus = self.focusWidget() is self._another
        for part in (self._link, self._copy, self._save):
            part.setVisible(there)
        if there and had_focus:
            self._copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _revoke(self, _deed: str, id: str) -> None:
        self.revoked.emit(id)

    def _take(self) -> None:
        QGuiApplication.clipboard().setText(self._link.text())
        self._link.selectAll()
        self.say(words.COPIED)

    def _ask_where(self) -> None:
        asking = QFileDialog(self, words.SAVE_FILE.rstrip("…"), self._file_name, words.FILES)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asking.setDefaultSuffix(FILE_SUFFIX.lstrip("."))
        asking.selectFile(self._file_name)
        asking.fileSelected.connect(self.save_wanted)
        asking.open()

    def _lay_out(self) -> None:
        deeds = QHBoxLayout()
        deeds.setSpacing(theme.SPACE_2)
        for part in (self._copy, self._save):
            deeds.addWidget(part)
        deeds.addStretch(1)
        deeds.addWidget(self._another)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(theme.SPACE_3, theme.SPACE_3, theme.SPACE_3, theme.SPACE_2)
        inside.setSpacing(theme.SPACE_2)
        for part in (self._what, self._link):
            inside.addWidget(part)
        inside.addLayout(deeds)
        inside.addWidget(self._said)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        rows.setSpacing(theme.SPACE_2)
        for part in (self._title, card):
            rows.addWidget(part)
        if self._lists:
            rows.addSpacing(theme.SPACE_2)
            for part in (label(words.OPEN_LINKS, "strong"), self._none, self._open):
                rows.addWidget(part)
        rows.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(area)
