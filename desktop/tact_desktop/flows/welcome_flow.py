"""The first run: engines as they are found, and why none is."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface

from tact_desktop.bridge import Address, Finder, FoundEngine
from tact_desktop.panels.welcome import Field, WelcomePanel
from tact_desktop.state import welcome
from tact_desktop.state.wording_welcome import DETAILS, answered, details, engine_note
from tact_desktop.widgets.text import message_box

LOOK_AGAIN_MS = 1_000
_NAME_CODES = frozenset({"handle_taken", "bad_handle", "bad_value"})
"""At the first run a name is all that the engine is told of a person."""


class WelcomeFlow(QObject):
    """Keeps the page true and says `chosen(name, handle, Address or None)`; None is an engine on this computer."""

    chosen = Signal(str, str, object)

    def __init__(self, panel: WelcomePanel, finder: Finder, now_ms: Callable[[], int]) -> None:
        super().__init__(panel)
        self._panel, self._finder, self._now_ms = panel, finder, now_ms
        self._began_ms, self._network_up = now_ms(), True
        self._engines: tuple[welcome.FoundEngine, ...] = ()
        self._answered = ""
        finder.engines.connect(self._on_engines)
        finder.failed.connect(self._on_failed)
        finder.checked.connect(self._on_checked)
        panel.check_requested.connect(self._check)
        panel.started.connect(self._on_started)
        panel.details_requested.connect(self._tell_details)
        self._looking = QTimer(self, interval=LOOK_AGAIN_MS)
        self._looking.timeout.connect(self._show)
        self._looking.start()
        self._show()

    def refuse(self, code: str, sentence: str) -> None:
        """The engine did not let this person in, or did not answer."""
        self._panel.set_busy(False)
        self._panel.show_problem(sentence, Field.NAME if code in _NAME_CODES else Field.ENGINE)

    def _check(self, place: welcome.Address) -> None:
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
        self._answered = "" if problem else answered(name, engine, address.host, address.port)
        self._panel.show_problem(problem, Field.ADDRESS if problem else None)
        self._show()

    def _on_started(self, name: str, handle: str, choice: object) -> None:
        self._panel.show_problem("")
        self._panel.set_busy(True)
        self.chosen.emit(name, handle, _address_of(choice))

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
        self._panel.show_engines(
            self._engines, {each.engine: engine_note(each.engine) for each in self._engines}
        )
        self._panel.show_search(self._answered or welcome.why_nothing(state, self._now_ms()))


def _address_of(choice: object) -> Address | None:
    match choice:
        case welcome.FoundEngine():
            return Address(choice.host, choice.port, choice.engine)
        case welcome.Address():
            return _full(choice)
        case _:
            return None


def _full(place: welcome.Address) -> Address:
    """An address as it was typed; without a port it means the usual one."""
    return Address(place.host, place.port) if place.port else Address(place.host)
