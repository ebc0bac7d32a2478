"""The first page while engines come and go."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QRadioButton

from tact_desktop.bridge import Address, Finder, FoundEngine, Invitation
from tact_desktop.flows.welcome_flow import Choice, WelcomeFlow
from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.state import wording_welcome as words
from tact_desktop.state.welcome import SEARCH_MS
from tact_engine.accounts.invitation import NOT_AN_INVITATION
from tact_engine.core.addresses import DEFAULT_PORT
from tests.support.by_role import Role, names, press, widget
from tests.support.heard import heard
from tests.support.office import HandClock
from tests.support.starts import is_there

TEXT, BUTTON, RADIO = Role.StaticText, Role.Button, Role.RadioButton
UPSTAIRS = FoundEngine("Upstairs", "7f3a91" + "0" * 58, ("10.0.0.7", "172.17.0.1"), 8228, 1, "pc-anna")
NAMELESS = FoundEngine("Lab", "b" * 64, (), 9000, 1, "lab-3")
ATTIC = "a" * 64
INVITATION = Invitation(UPSTAIRS.engine, "Upstairs", "10.0.0.7", 8228, b"t" * 16)
THERE = Address("10.0.0.7", 8228, UPSTAIRS.engine)
FOR_TOM = Invitation(UPSTAIRS.engine, "Upstairs", "10.0.0.7", 8228, b"t" * 16, "tom")


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
        self.flow = WelcomeFlow(self.panel, self.finder, self.clock, {ATTIC: "Attic"})
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
    assert page.chosen == [(Choice("Anna Berg", "anna.berg", THERE, "Upstairs"),)]
    assert "Connecting…" in names(page.panel, BUTTON)


@pytest.mark.parametrize(
    ("typed", "address"),
    [("pc-anna", Address("pc-anna", DEFAULT_PORT)), ("10.0.0.7:9", Address("10.0.0.7", 9))],
)
def test_an_address_without_a_port_means_the_usual_one(page, typed, address):
    page.write("Your name", "Anna")
    page.write("Address", typed)
    typed_host = address.host
    press(page.panel, BUTTON, "Check")
    press(page.panel, BUTTON, "Continue")
    assert page.finder.asked == [address, address]
    assert page.chosen == [], "first it says who it is"
    page.finder.checked.emit(address, "Office", "c" * 64, "")
    assert page.chosen == [(Choice("Anna", "anna", Address(typed_host, address.port, "c" * 64), "Office"),)]


def test_an_engine_on_this_computer_is_no_address(page):
    page.write("Your name", "Anna")
    press(page.panel, RADIO, "Start one on this computer")
    press(page.panel, BUTTON, "Continue")
    assert page.chosen == [(Choice("Anna", "anna", None),)]


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


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("bad_value", "Your name"),
        ("bad_handle", "Short name"),
        ("wrong_password", "Password"),
        ("declined", ""),
    ],
)
def test_a_refusal_stands_where_it_can_be_mended(page, code, title):
    page.write("Your name", "Anna")
    press(page.panel, RADIO, "Start one on this computer")
    press(page.panel, BUTTON, "Continue")
    page.flow.refuse(code, "This is why not.")
    assert page.says("This is why not.")
    assert widget(page.panel, Role.EditableText, "Your name", QLineEdit).isEnabled()
    if title:
        assert widget(page.panel, Role.EditableText, title, QLineEdit).property("invalid")
    if title != "Password":
        press(page.panel, BUTTON, "Continue")
        assert len(page.chosen) == 2
        assert not page.says("This is why not.")


def test_a_name_that_is_taken_offers_ways_on(page):
    page.write("Your name", "Anna")
    page.flow.refuse("handle_taken", "It is taken.")
    assert [name for name in names(page.panel, BUTTON) if "I am" in name or "It is me" in name] == [
        words.SOMEBODY_ELSE,
        words.ME_BY_LINK,
        words.ME_BY_PASSWORD,
    ]


def test_an_engine_under_a_known_name_with_another_key_is_no_way_in(page):
    false = FoundEngine("Attic", "c" * 64, ("10.0.0.9",), 8228, 1, "pc-eve")
    page.finder.engines.emit((false,))
    row = widget(page.panel, RADIO, "Attic — on 10.0.0.9", QRadioButton)
    assert (row.isEnabled(), row.isChecked()) == (False, False)
    assert page.says("another key than the “Attic” you know")
    page.write("Your name", "Anna")
    page.write("Address", "10.0.0.9")
    press(page.panel, BUTTON, "Continue")
    page.finder.checked.emit(page.finder.asked[-1], "Attic", "c" * 64, "")
    assert page.says(words.not_that_one("Attic", "c" * 64))
    assert page.chosen == []
    page.finder.engines.emit((FoundEngine("Attic", ATTIC, ("10.0.0.9",), 8228, 1, "pc-eve"),))
    assert widget(page.panel, RADIO, "Attic — on 10.0.0.9", QRadioButton).isEnabled()


def test_an_invitation_says_all_but_the_name(page):
    page.flow.open_text(f"Come in:\n{INVITATION.link()}\nBye")
    assert page.says("You are invited to “Upstairs”")
    page.write("Your name", "Anna Berg")
    press(page.panel, BUTTON, "Continue")
    assert page.chosen == [(Choice("Anna Berg", "anna.berg", THERE, "Upstairs", INVITATION),)]
    assert page.flow.invitation_engine == UPSTAIRS.engine


def test_an_invitation_for_this_computer_brings_no_name(page):
    page.write("Your name", "Somebody Else")
    page.flow.open_text(FOR_TOM.link())
    press(page.panel, BUTTON, "Continue")
    assert page.chosen == [(Choice("", "tom", THERE, "Upstairs", FOR_TOM),)]


def test_a_known_person_brings_a_password_and_leaves_the_invitation_unused(page):
    page.flow.open_text(INVITATION.link())
    page.write("Your name", "Anna Berg")
    press(page.panel, BUTTON, "Continue")
    page.flow.refuse("handle_taken", "It is taken.")
    press(page.panel, BUTTON, words.ME_BY_PASSWORD)
    page.write("Password", "secret")
    press(page.panel, BUTTON, "Continue")
    assert page.chosen[1:] == [(Choice("", "anna.berg", THERE, "Upstairs", None, "secret"),)]


def test_what_is_no_invitation_is_said_when_all_of_it_is_there(page):
    field = widget(page.panel, Role.EditableText, "Invitation", QLineEdit)
    QTest.keyClicks(field, "tact://join?engine")
    assert not page.says(NOT_AN_INVITATION)
    page.flow.open_text("tact://join?engine")
    assert page.says(NOT_AN_INVITATION)
    field.clear()
    field.insert(INVITATION.link()[:-1])
    QTest.keyClicks(field, INVITATION.link()[-1])
    assert page.says("You are invited to “Upstairs”")


def test_one_can_join_another_way_after_all(page):
    page.flow.open_text(INVITATION.link())
    press(page.panel, BUTTON, "Join another way")
    assert not page.says("You are invited to “Upstairs”")
    assert page.flow.invitation_engine == ""
    assert is_there(page.panel, "Invitation")


def test_an_invitation_that_is_over_is_taken_away_and_said(page):
    page.flow.open_text(INVITATION.link())
    page.flow.refuse("invitation_over", "It is over.")
    assert page.says("It is over.")
    assert is_there(page.panel, "Invitation")
    assert page.flow.invitation_engine == ""


def test_a_file_is_read(page, tmp_path):
    file = tmp_path / "office.tact"
    file.write_text(INVITATION.as_file())
    press(page.panel, BUTTON, "Open file…")
    dialog = page.panel.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    assert page.says("You are invited to “Upstairs”")


def test_a_file_that_cannot_be_read_is_said(page, tmp_path):
    page.panel.opened.emit(str(tmp_path / "gone.tact"))
    assert any("gone.tact cannot be read" in text for text in names(page.panel, TEXT))


def test_what_an_earlier_start_asked_goes_on(page):
    choice = Choice("Anna Berg", "berg", Address("::1", 9, UPSTAIRS.engine), "Upstairs")
    page.flow.resume(choice)
    assert page.chosen == [(choice,)]
    page.flow.give_up()
    state = page.panel.state()
    assert (state.name, state.handle, state.address) == ("Anna Berg", "berg", "[::1]:9")
    assert "Continue" in names(page.panel, BUTTON)


def test_details_say_how_engines_are_found(page):
    page.finder.engines.emit((UPSTAIRS,))
    press(page.panel, BUTTON, "Show details")
    box = page.panel.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "Upstairs, 10.0.0.7:8228, key 7F-3A-91" in box.text()
    box.close()
