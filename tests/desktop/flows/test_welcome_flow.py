"""The first page while engines come and go."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tact_desktop.bridge import Address, Finder, FoundEngine
from tact_desktop.flows.welcome_flow import WelcomeFlow
from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.state import wording_welcome as words
from tact_desktop.state.welcome import SEARCH_MS
from tact_engine.net.listener import DEFAULT_PORT
from tests.support.by_role import Role, names, press, widget
from tests.support.heard import heard
from tests.support.office import HandClock

TEXT, BUTTON, RADIO = Role.StaticText, Role.Button, Role.RadioButton
UPSTAIRS = FoundEngine("Upstairs", "7f3a91" + "0" * 58, ("10.0.0.7", "172.17.0.1"), 8228, 1, "pc-anna")
NAMELESS = FoundEngine("Lab", "b" * 64, (), 9000, 1, "lab-3")


class PaperFinder(Finder):
    """Looks nowhere; what it was asked to look at is in `asked`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Address] = []

    def check(self, address: Address) -> None:
        self.asked.append(address)


class Page:
    """The page, its finder and the time."""

    def __init__(self) -> None:
        self.panel, self.finder, self.clock = WelcomePanel(), PaperFinder(), HandClock()
        self.flow = WelcomeFlow(self.panel, self.finder, self.clock)
        self.chosen = heard(self.flow.chosen)
        self.panel.resize(720, 600)
        self.panel.show()

    def says(self, sentence: str) -> bool:
        return sentence in names(self.panel, TEXT)

    def look_again(self, after_ms: int = 0) -> None:
        self.clock.ms += after_ms
        self.flow._looking.timeout.emit()

    def write(self, field: str, text: str) -> None:
        edit = widget(self.panel, Role.EditableText, field, QLineEdit)
        edit.clear()
        QTest.keyClicks(edit, text)


@pytest.fixture
def page(qtbot) -> Page:
    made = Page()
    qtbot.addWidget(made.panel)
    return made


def test_silence_means_something_only_after_a_while(page):
    assert page.says(words.SEARCHING)
    page.look_again(SEARCH_MS - 1)
    assert page.says(words.SEARCHING)
    page.look_again(1)
    assert page.says(words.NO_ANSWER)
    page.finder.engines.emit((UPSTAIRS,))
    assert not page.says(words.NO_ANSWER)
    page.finder.engines.emit(())
    assert page.says(words.NO_ANSWER)


def test_no_network_is_said_at_once(page):
    page.finder.failed.emit("Network is unreachable")
    assert page.says(words.NO_NETWORK)


def test_a_found_engine_is_listed_with_its_key_and_chosen_with_it(page):
    page.finder.engines.emit((UPSTAIRS, NAMELESS))
    assert names(page.panel, RADIO)[:2] == ["Lab — on lab-3", "Upstairs — on 10.0.0.7"]
    assert page.says("key 7F-3A-91")
    page.write("Your name", "Anna Berg")
    press(page.panel, RADIO, "Upstairs — on 10.0.0.7")
    press(page.panel, BUTTON, "Continue")
    assert page.chosen == [("Anna Berg", "anna.berg", Address("10.0.0.7", 8228, UPSTAIRS.engine))]
    assert "Connecting…" in names(page.panel, BUTTON)


@pytest.mark.parametrize(
    ("typed", "address"),
    [("pc-anna", Address("pc-anna", DEFAULT_PORT)), ("10.0.0.7:9", Address("10.0.0.7", 9))],
)
def test_an_address_without_a_port_means_the_usual_one(page, typed, address):
    page.write("Your name", "Anna")
    page.write("Address", typed)
    press(page.panel, BUTTON, "Check")
    press(page.panel, BUTTON, "Continue")
    assert page.finder.asked == [address]
    assert page.chosen == [("Anna", "anna", address)]


def test_an_engine_on_this_computer_is_no_address(page):
    page.write("Your name", "Anna")
    press(page.panel, RADIO, "Start one on this computer")
    press(page.panel, BUTTON, "Continue")
    assert page.chosen == [("Anna", "anna", None)]


def test_who_answered_at_an_address_stays_to_be_read(page):
    page.look_again(SEARCH_MS)
    page.finder.checked.emit(Address("pc-anna", 8228), "Office", UPSTAIRS.engine, "")
    sentence = "“Office” answers at pc-anna:8228, key 7F-3A-91."
    assert page.says(sentence)
    page.look_again(2000)
    assert page.says(sentence)
    page.finder.checked.emit(Address("pc-bob", 8228), "", "", "No engine is running at pc-bob:8228.")
    assert page.says("No engine is running at pc-bob:8228.")
    page.look_again(2000)
    assert not page.says(sentence)


@pytest.mark.parametrize("code", ["handle_taken", "bad_handle", "bad_value", "", "sign_in_failed"])
def test_a_refusal_stands_where_it_can_be_mended(page, code):
    page.write("Your name", "Anna")
    press(page.panel, RADIO, "Start one on this computer")
    press(page.panel, BUTTON, "Continue")
    page.flow.refuse(code, "This is why not.")
    assert page.says("This is why not.")
    field = widget(page.panel, Role.EditableText, "Your name", QLineEdit)
    assert field.isEnabled()
    assert bool(field.property("invalid")) is (code in ("handle_taken", "bad_handle", "bad_value"))
    press(page.panel, BUTTON, "Continue")
    assert len(page.chosen) == 2
    assert not page.says("This is why not.")
