"""The first run: engines as they are found, and why none is."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from tact_desktop.bridge import Address, Finder, FoundEngine
from tact_desktop.panels.welcome import Field, WelcomePanel
from tact_desktop.state import welcome
from tact_desktop.state.wording_welcome import answered, engine_note

LOOK_AGAIN_MS = 1_000
_NAME_CODES = frozenset({"handle_taken", "bad_handle"})


class WelcomeFlow(QObject):
    """Keeps the page true and says `chosen(name, handle, Address or None)`; None is an engine on this computer."""

    chosen = Signal(str, str, object)

    def __init__(self, panel: WelcomePanel, finder: Finder, now_ms: Callable[[], int]) -> None:
        super().__init__(panel)
        self._panel, self._finder, self._now_ms = panel, finder, now_ms
        self._began_ms, self._network_up = now_ms(), True
        self._engines: tuple[welcome.FoundEngine, ...] = ()
        finder.engines.connect(self._on_engines)
        finder.failed.connect(self._on_failed)
        finder.checked.connect(self._on_checked)
        panel.check_requested.connect(self._check)
        panel.started.connect(self._on_started)
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
        if problem:
            self._panel.show_problem(problem, Field.ADDRESS)
        else:
            self._panel.show_problem("")
            self._panel.show_search(answered(name, engine, address.host, address.port))

    def _on_started(self, name: str, handle: str, choice: object) -> None:
        self._panel.show_problem("")
        self._panel.set_busy(True)
        self.chosen.emit(name, handle, _address_of(choice))

    def _show(self) -> None:
        state = welcome.Welcome(
            engines=self._engines, search_began_ms=self._began_ms, network_up=self._network_up
        )
        self._panel.show_engines(
            self._engines, {each.engine: engine_note(each.engine) for each in self._engines}
        )
        self._panel.show_search(welcome.why_nothing(state, self._now_ms()))


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
