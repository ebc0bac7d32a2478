"""The first run: invitations as they are given, engines as they are found, and why none is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface
from PySide6.QtWidgets import QFileDialog

from tact_desktop.bridge import Address, Finder, FoundEngine, Invitation
from tact_desktop.links.opened import opened_text
from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.state import welcome
from tact_desktop.state.welcome import Field, Invited
from tact_desktop.state.wording_welcome import (
    DETAILS,
    INVITATIONS,
    another_key,
    answered,
    details,
    engine_note,
    not_that_one,
)
from tact_desktop.widgets.text import message_box
from tact_engine.accounts.invitation import FILE_SUFFIX
from tact_engine.core.errors import LocalError
from tact_engine.core.names import canonical

LOOK_AGAIN_MS = 1_000


@dataclass(frozen=True)
class Choice:
    """What was chosen on the first-run page; `address` None is an engine on this computer.

    `name` is "" for somebody whom the engine knows already. `invitation` and `password` are what lets them in.
    """

    name: str
    handle: str
    address: Address | None
    engine_name: str = ""
    invitation: Invitation | None = None
    password: str = ""


class WelcomeFlow(QObject):
    """Keeps the page true and says `chosen(Choice)`; its address names the engine that must answer there.

    `known` has the names of the engines that are known on this computer, by their ids.
    """

    chosen = Signal(object)

    def __init__(
        self, panel: WelcomePanel, finder: Finder, now_ms: Callable[[], int], known: Mapping[str, str]
    ) -> None:
        super().__init__(panel)
        self._panel, self._finder, self._now_ms, self._known = panel, finder, now_ms, known
        self._began_ms, self._network_up = now_ms(), True
        self._engines: tuple[welcome.FoundEngine, ...] = ()
        self._answered = ""
        self._invitation: Invitation | None = None
        self._greeting: Choice | None = None
        finder.engines.connect(self._on_engines)
        finder.failed.connect(self._on_failed)
        finder.checked.connect(self._on_checked)
        self._follow(panel)
        self._looking = QTimer(self, interval=LOOK_AGAIN_MS)
        self._looking.timeout.connect(self._show)
        self._looking.start()
        self._show()

    @property
    def invitation_engine(self) -> str:
        """The id of the engine that the invitation on the page names; "" where there is none."""
        return self._invitation.engine if self._invitation else ""

    def refuse(self, code: str, sentence: str) -> None:
        """The engine did not let this person in, or did not answer."""
        self._panel.set_busy(False)
        self._panel.show_form()
        state = self._panel.state()
        problem = welcome.refused(code, sentence, state)
        if problem.field is Field.INVITATION and self._invitation is not None:
            self._take(None)  # it lets nobody in any more
        self._panel.show_problem(problem.sentence, problem.field)
        if code == "handle_taken":
            self._panel.offer_ways(welcome.handle_of(state), welcome.is_in_the_name(state))

    def open_text(self, text: str) -> None:
        """A link, or the text of a file, is to be the invitation; what is wrong with it is said."""
        self._on_given(text, whole=True)

    def tell(self, sentence: str) -> None:
        """What was opened cannot be read."""
        self._panel.show_problem(sentence, Field.INVITATION)

    def resume(self, choice: Choice) -> None:
        """Go on with what was chosen in an earlier start."""
        address = choice.address
        place = f"[{address.host}]" if address and ":" in address.host else address.host if address else ""
        self._panel.fill(choice.name, choice.handle, f"{place}:{address.port}" if address else "")
        self._choose(choice)

    def give_up(self) -> None:
        """Back to the page as it was."""
        self._panel.set_busy(False)
        self._panel.show_form()

    # --- the invitation ----------------------------------------------------------------------------------------

    def _on_given(self, text: str, whole: bool) -> None:
        try:
            self._take(Invitation.parsed(text))
        except LocalError as error:
            if whole:
                self._panel.show_problem(str(error), Field.INVITATION)

    def _take(self, invitation: Invitation | None) -> None:
        self._invitation = invitation
        invited = Invited(invitation.engine, invitation.name, invitation.handle) if invitation else None
        self._panel.show_invitation(invited)

    def _on_opened(self, argument: str) -> None:
        try:
            self.open_text(opened_text(argument))
        except LocalError as error:
            self.tell(str(error))

    def _choose_file(self) -> None:
        dialog = QFileDialog(self._panel, INVITATIONS, "", f"{INVITATIONS} (*{FILE_SUFFIX})")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_opened)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # --- engines -----------------------------------------------------------------------------------------------

    def _check(self, place: welcome.Address) -> None:
        self._panel.show_problem("")
        self._finder.check(_full(place))

    def _on_engines(self, engines: tuple[FoundEngine, ...]) -> None:
        state = welcome.Welcome()
        for each in engines:
            host = each.addresses[0] if each.addresses else each.computer
            state = welcome.found(state, welcome.FoundEngine(each.engine, each.name, host, each.port))
        self._engines = state.engines
        self._show()

    def _on_failed(self, sentence: str) -> None:
        del sentence
        self._network_up = False
        self._show()

    def _on_checked(self, address: Address, name: str, engine: str, problem: str) -> None:
        choice, self._greeting = self._greeting, None
        known = "" if problem else welcome.known_by_name(name, engine, self._known)
        problem = not_that_one(known, engine) if known else problem
        self._answered = "" if problem else answered(name, engine, address.host, address.port)
        if choice is not None:
            self._panel.set_busy(False)
        self._panel.show_problem(problem, Field.ADDRESS if problem else None)
        self._show()
        if choice is not None and not problem:
            there = Address(address.host, address.port, engine)
            self._choose(replace(choice, address=there, engine_name=name))

    def _tell_details(self) -> None:
        """What somebody who looks after the network wants to know."""
        ours = [
            address.toString()
            for address in QNetworkInterface.allAddresses()
            if address.protocol() is QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
        ]
        found = [
            f"{each.name}, {each.host}:{each.port}, {engine_note(each.engine)}" for each in self._engines
        ]
        message_box(self._panel, DETAILS, details(ours, found)).open()

    def _show(self) -> None:
        state = welcome.Welcome(
            engines=self._engines, search_began_ms=self._began_ms, network_up=self._network_up
        )
        others = {
            each.engine: welcome.known_by_name(each.name, each.engine, self._known) for each in self._engines
        }
        self._panel.show_engines(
            self._engines,
            {each.engine: engine_note(each.engine) for each in self._engines},
            {engine: another_key(name) for engine, name in others.items() if name},
        )
        self._panel.show_search(self._answered or welcome.why_nothing(state, self._now_ms()))

    # --- going on ----------------------------------------------------------------------------------------------

    def _on_started(self, state: welcome.Welcome) -> None:
        """Somebody whom the engine knows brings no name: the one that it knows stays."""
        invitation, known = self._invitation, state.password is not None
        known = known or (state.invited is not None and bool(state.invited.handle))
        choice = Choice(
            "" if known else canonical(state.name),
            welcome.handle_of(state),
            None,
            password=state.password or "",
        )
        found = next((engine for engine in state.engines if engine.engine == state.chosen), None)
        if invitation is not None:
            place = Address(invitation.host, invitation.port, invitation.engine)
            # One for somebody new is not used up by somebody who is known: they bring a password.
            used = None if state.password else invitation
            self._choose(replace(choice, address=place, engine_name=invitation.name, invitation=used))
        elif state.own:
            self._choose(choice)
        elif found is not None:
            place = Address(found.host, found.port, found.engine)
            self._choose(replace(choice, address=place, engine_name=found.name))
        else:
            self._greet(choice, state.address)

    def _greet(self, choice: Choice, written: str) -> None:
        """First see who answers at a written address: it is that engine then, or none."""
        place = welcome.address_of(written)
        assert place is not None, "the page says what is missing"
        self._panel.show_problem("")
        self._panel.set_busy(True)
        self._greeting = choice
        self._finder.check(_full(place))

    def _choose(self, choice: Choice) -> None:
        self._panel.show_problem("")
        self._panel.set_busy(True)
        self.chosen.emit(choice)

    def _follow(self, panel: WelcomePanel) -> None:
        panel.check_requested.connect(self._check)
        panel.started.connect(self._on_started)
        panel.details_requested.connect(self._tell_details)
        panel.invitation_given.connect(self._on_given)
        panel.invitation_dropped.connect(lambda: self._take(None))
        panel.file_requested.connect(self._choose_file)
        panel.opened.connect(self._on_opened)


def _full(place: welcome.Address) -> Address:
    """An address as it was typed; without a port it means the usual one."""
    return Address(place.host, place.port) if place.port else Address(place.host)
