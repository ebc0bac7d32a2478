"""The first run: who I am, and how I join my office."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state.welcome import Address, Field, FoundEngine, Invited, Problem, Welcome, missing
from tact_desktop.state.wording_welcome import (
    HOW_TO_JOIN,
    PASTE_THE_LINK,
    adds_computer,
    engine_note,
    invited_to,
)
from tact_desktop.widgets.asking_card import AskingCard
from tact_desktop.widgets.engine_list import EngineList
from tact_desktop.widgets.invitation_field import InvitationField
from tact_desktop.widgets.person_fields import PersonFields
from tact_desktop.widgets.problem_line import ProblemLine
from tact_desktop.widgets.text import label

_WIDTH_MAX = 600
_OF_A_PERSON = (Field.NAME, Field.HANDLE, Field.PASSWORD)


class WelcomePanel(QWidget):
    """`started` carries the whole page as a Welcome, with nothing missing.

    `invitation_given` is a text that may be an invitation, and whether all of it is there; `opened` is the path of a
    file or a link that was dropped here. `invitation_dropped` wants to join another way.
    """

    started = Signal(object)
    check_requested = Signal(Address)
    details_requested = Signal()
    invitation_given = Signal(str, bool)
    invitation_dropped = Signal()
    file_requested = Signal()
    opened = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._invited: Invited | None = None
        self._person, self._invitation, self._engines = PersonFields(), InvitationField(), EngineList()
        self._problem, self._asking = ProblemLine(), AskingCard()
        self._details, self._go = QPushButton(words.SHOW_DETAILS), QPushButton(words.CONTINUE)
        self._details.setProperty("role", "link")
        self._go.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        for field in self.findChildren(QLineEdit):
            field.setAcceptDrops(False)  # whatever is dropped here is an invitation, not a part of a name
        self.show_form()

    # --- what the page shows -----------------------------------------------------------------------------------

    def show_engines(
        self,
        engines: Sequence[FoundEngine],
        notes: Mapping[str, str] | None = None,
        warnings: Mapping[str, str] | None = None,
    ) -> None:
        """The engines that answered; by their ids `notes` says more of one, `warnings` why it cannot be chosen."""
        self._engines.show_engines(engines, notes or {}, warnings or {})

    def show_search(self, sentence: str) -> None:
        """Why no engine is listed, and what to do; "" where one is."""
        self._engines.show_search(sentence)

    def show_invitation(self, invited: Invited | None) -> None:
        """A valid invitation, which leaves nothing to choose; None where there is none any more."""
        self.show_problem("")
        self._invited = invited
        what = ""
        if invited is not None:
            mine = bool(invited.handle)
            what = adds_computer(invited.handle, invited.name) if mine else invited_to(invited.name)
        self._invitation.show_invitation(what, engine_note(invited.engine) if invited else "")
        self._person.setVisible(not (invited and invited.handle))
        self._engines.setVisible(invited is None)
        self._details.setVisible(invited is None)
        if invited is not None:
            self._focus_next()

    def show_problem(self, sentence: str, field: Field | None = None) -> None:
        """What is in the way, at the field it is about; "" takes it away."""
        if sentence and field in _OF_A_PERSON and self._person.isHidden():
            field = Field.INVITATION  # that alone names the person
        if sentence and field in (Field.ENGINE, Field.ADDRESS) and self._engines.isHidden():
            field = None
        self._person.show_problem(sentence, field)
        self._invitation.show_problem(sentence if field is Field.INVITATION else "")
        here = field in (Field.ENGINE, Field.ADDRESS)
        self._engines.show_problem(sentence if here else "", field is Field.ADDRESS)
        self._problem.tell(sentence if field is None else "")
        if not sentence or field is not Field.HANDLE:
            self._person.offer_ways("")

    def offer_ways(self, handle: str, by_name: bool) -> None:
        """Where `handle` is taken: another one, with `by_name` another name too, or that it is one's own."""
        self._person.offer_ways(handle, by_name)

    def show_asking(
        self, engine: str, who: str, six_words: Sequence[str], asked_at: str, problem: str
    ) -> None:
        """A host is asked; in the place of the form."""
        self._asking.show_request(engine, who, six_words, asked_at)
        self._asking.show_problem(problem)
        if self._asking.isHidden():
            self._card.hide()
            self._asking.show()
            self._asking.focus()

    def show_form(self) -> None:
        """Back to the form."""
        self._asking.hide()
        self._card.show()

    def set_busy(self, busy: bool) -> None:
        """True while the engine is asked: nothing can be changed meanwhile."""
        self._card.setEnabled(not busy)
        self._go.setText(words.BUSY if busy else words.CONTINUE)

    def fill(self, name: str, handle: str = "", address: str = "") -> None:
        """Write what was written before."""
        self._person.fill(name, handle)
        if address:
            self._engines.write_address(address)

    def state(self) -> Welcome:
        """What stands on the page."""
        engines = self._engines
        return Welcome(
            name=self._person.name(),
            engines=engines.engines(),
            chosen=engines.chosen(),
            own=engines.is_own(),
            address=engines.address(),
            handle=self._person.handle(),
            invited=self._invited,
            written=self._invitation.text(),
            password=None if self._person.isHidden() else self._person.password(),
        )

    # --- Qt ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter goes on from wherever the keyboard is; the fields have their own Enter."""
        typing = any(each.has_keyboard() for each in (self._person, self._invitation, self._engines))
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self._card.isVisible() and self._card.isEnabled() and not typing:
            self._start()
        elif event.key() == Qt.Key.Key_Escape and self._asking.isVisible():
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """A text, a link or a file may be dropped anywhere on the page."""
        if self._card.isVisible() and self._card.isEnabled() and _dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """A file or a link is opened, a text looked into."""
        kind, text = _dropped(event.mimeData()) or ("", "")
        if kind:
            event.acceptProposedAction()
        if kind == "opened":
            self.opened.emit(text)
        elif kind == "text":
            self.invitation_given.emit(text, True)

    # --- the parts ---------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._person.edited.connect(self._edited)
        self._person.submitted.connect(self._start)
        self._person.link_wanted.connect(self._want_link)
        self._engines.edited.connect(self._edited)
        self._engines.check_requested.connect(self.check_requested)
        self._invitation.given.connect(self.invitation_given)
        self._invitation.dropped.connect(self.invitation_dropped)
        self._invitation.file_requested.connect(self.file_requested)
        self._asking.cancelled.connect(self.cancelled)
        self._details.clicked.connect(self.details_requested)
        self._go.clicked.connect(self._start)

    def _lay_out(self) -> None:
        self._card = QFrame()
        self._card.setProperty("role", "popover")
        rows = QVBoxLayout(self._card)
        rows.setContentsMargins(2 * theme.SPACE_3, 2 * theme.SPACE_3, 2 * theme.SPACE_3, 2 * theme.SPACE_3)
        rows.setSpacing(theme.SPACE_2)
        rows.addWidget(label(words.WELCOME, "title"))
        rows.addWidget(label(words.WELCOME_HINT, "quiet"))
        rows.addSpacing(theme.SPACE_2)
        rows.addWidget(self._person)
        rows.addSpacing(theme.SPACE_2)
        rows.addWidget(label(HOW_TO_JOIN, "heading"))
        rows.addWidget(self._invitation)
        rows.addWidget(self._engines)
        rows.addWidget(self._problem)
        rows.addSpacing(theme.SPACE_2)
        last = QHBoxLayout()
        last.addWidget(self._details)
        last.addStretch(1)
        last.addWidget(self._go)
        rows.addLayout(last)
        self._frame()

    def _frame(self) -> None:
        """Puts the cards in the middle, and lets them be scrolled where the window is low."""
        held = QWidget()
        middle = QVBoxLayout(held)
        middle.setContentsMargins(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        middle.addStretch(1)
        for card in (self._card, self._asking):
            card.setMaximumWidth(_WIDTH_MAX)
            across = QHBoxLayout()
            across.addStretch(1)
            across.addWidget(card, 100)
            across.addStretch(1)
            middle.addLayout(across)
        middle.addStretch(2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(held)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    # --- what somebody does ------------------------------------------------------------------------------------

    def _edited(self) -> None:
        self.show_problem("")

    def _focus_next(self) -> None:
        """With an invitation only a name may still be missing."""
        if self._person.isHidden() or self._person.name().strip():
            self._go.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._person.focus()

    def _want_link(self) -> None:
        """The invitation of this engine is no use then: the link for the computer is one of its own."""
        self.invitation_dropped.emit()
        self._invitation.show_problem(PASTE_THE_LINK)
        self._invitation.focus()

    def _start(self) -> None:
        state = self.state()
        problem: Problem | None = missing(state)
        if problem is not None and problem.field is Field.INVITATION:
            self.invitation_given.emit(state.written, True)
        elif problem is not None:
            self.show_problem(problem.sentence, problem.field)
        else:
            self.started.emit(state)


def _dropped(data: QMimeData) -> tuple[str, str] | None:
    """What is dropped: ("opened", the address of a file or a link), or ("text", it); None for anything else."""
    if data.hasUrls():
        url = data.urls()[0]
        return "opened", bytes(url.toEncoded().data()).decode()
    return ("text", data.text()) if data.hasText() else None
