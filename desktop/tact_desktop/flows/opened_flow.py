"""An invitation that is opened while somebody's window is there."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from tact_desktop.desk import Desk
from tact_desktop.settings import Seat, has_belonged
from tact_desktop.state import wording_welcome as words
from tact_desktop.state.link import LinkPhase
from tact_desktop.state.opened import Meaning, meaning
from tact_desktop.state.shown import bare
from tact_desktop.state.trust import is_stopped
from tact_desktop.state.welcome import Invited
from tact_desktop.widgets.text import button_text, message_box
from tact_engine.accounts.invitation import Invitation
from tact_engine.core.errors import LocalError


class OpenedFlow(QObject):
    """Says what the invitation means for this window, and never changes its engine unasked.

    `way_back(Invitation)`: this window is to go on with it. `elsewhere(text)`: somebody wants to join with it anew.
    """

    way_back = Signal(object)
    elsewhere = Signal(str)

    def __init__(self, desk: Desk, seat: Seat, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._seat, self._window = desk, seat, window
        self._text = ""
        desk.link_changed.connect(self._look)

    def open_text(self, text: str) -> None:
        """A link, or the text of a file, was opened; it is looked into once the engine has answered or is away."""
        self._text = text
        self._look()

    def _look(self) -> None:
        link = self._desk.link
        if not self._text or (link.phase is LinkPhase.CONNECTING and not link.problem):
            return
        text, self._text = self._text, ""
        try:
            self._say(Invitation.parsed(text), text)
        except LocalError as error:
            self.tell(str(error))

    def _say(self, invitation: Invitation, text: str) -> None:
        link, handle = self._desk.link, invitation.handle
        mine = bare(link.engine) or self._seat.engine_name or "Tact"
        engine = link.engine_id or self._seat.engine
        if not engine and has_belonged(self._seat.place, invitation.engine):
            engine = invitation.engine
        match meaning(Invited(invitation.engine, invitation.name, handle), self._desk.me, engine, link):
            case Meaning.BELONGS:
                self.tell(words.belongs_already(mine))
            case Meaning.THIS_COMPUTER:
                self.tell(words.is_this_computer(handle, mine))
            case Meaning.WAY_BACK:
                said = words.invited_to(invitation.name) + "."
                detail = words.brings_back(invitation.name, invitation.engine)
                box = self._ask(said, detail, words.USE_IT)
                box.accepted.connect(lambda: self._go_back(invitation, text))
            case Meaning.ELSEWHERE:
                said = words.is_for_another(mine, invitation.name, handle)
                box = self._ask(said, words.opens_again(self._seat.place), words.JOIN_THERE)
                box.accepted.connect(lambda: self.elsewhere.emit(text))

    def _go_back(self, invitation: Invitation, text: str) -> None:
        """Where another engine answers, the page about that sees to what was written for the right one."""
        from tact_desktop.panels.changed_key import ChangedKeyPage  # noqa: PLC0415 - few starts ever need it

        stop = self._window.findChild(ChangedKeyPage)
        if is_stopped(self._desk.link) and isinstance(stop, ChangedKeyPage):
            stop.offered.emit(text, False)
        else:
            self.way_back.emit(invitation)

    def tell(self, sentence: str) -> None:
        """Say it, over the window."""
        box = message_box(self._window, "Tact", sentence)
        box.finished.connect(box.deleteLater)
        box.open()

    def _ask(self, sentence: str, detail: str, yes: str) -> QMessageBox:
        """A question that is open already; `accepted` where the answer is `yes`."""
        box = message_box(self._window, "Tact", sentence, detail)
        box.addButton(button_text(yes), QMessageBox.ButtonRole.AcceptRole)
        box.setEscapeButton(box.addButton(words.CANCEL, QMessageBox.ButtonRole.RejectRole))
        box.finished.connect(box.deleteLater)
        box.open()
        return box
