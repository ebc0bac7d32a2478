import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QRadioButton

from tact_desktop.panels.welcome import Field, WelcomePanel
from tact_desktop.state import wording_welcome as words
from tact_desktop.state.welcome import Address, FoundEngine
from tests.support.by_role import names, press, unnamed, widget
from tests.support.heard import heard

RADIO, BUTTON, TEXT = QAccessible.Role.RadioButton, QAccessible.Role.Button, QAccessible.Role.EditableText
STATIC = QAccessible.Role.StaticText
OFFICE, LAB = FoundEngine("a", "Office", "PC-ANNA", 1), FoundEngine("b", "Lab", "LAB-3", 1)
HERE = "None of these — start one on this computer"


@pytest.fixture
def page(qtbot) -> WelcomePanel:
    made = WelcomePanel()
    qtbot.addWidget(made)
    made.resize(683, 560)
    made.show_engines([OFFICE, LAB], {"a": "key 7F-3A-91 · new"})
    made.show_search("")
    made.show()
    qtbot.waitExposed(made)
    return made


def field(page: WelcomePanel, name: str) -> QLineEdit:
    return widget(page, TEXT, name, QLineEdit)


def test_the_handle_is_made_while_writing(page, qtbot):
    qtbot.keyClicks(field(page, "Your name"), "Anna Berg")
    assert "Your short name will be anna.berg" in names(page, STATIC)


@pytest.mark.parametrize(
    ("choice", "told"), [("Office — on PC-ANNA", OFFICE), ("Lab — on LAB-3", LAB), (HERE, None)]
)
def test_a_choice_starts(page, qtbot, choice, told):
    started = heard(page.started)
    qtbot.keyClicks(field(page, "Your name"), " Anna  Berg")
    press(page, RADIO, choice)
    qtbot.keyClick(field(page, "Your name"), Qt.Key.Key_Return)
    assert started == [("Anna Berg", "anna.berg", told)]


def test_an_address_starts_and_can_be_checked(page, qtbot):
    started, checked = heard(page.started), heard(page.check_requested)
    qtbot.keyClicks(field(page, "Your name"), "Anna")
    qtbot.keyClicks(field(page, "Address"), "pc-anna:7000")
    qtbot.keyClick(field(page, "Address"), Qt.Key.Key_Return)
    press(page, BUTTON, "Check")
    press(page, BUTTON, "Continue")
    assert checked == [(Address("pc-anna", 7000),)] * 2
    assert started == [("Anna", "anna", Address("pc-anna", 7000))]


@pytest.mark.parametrize(
    ("name", "address", "button", "problem"),
    [
        ("", None, "Continue", words.WRITE_NAME),
        ("! ?", None, "Continue", words.NAME_WITHOUT_HANDLE),
        ("Anna", "a b", "Continue", words.BAD_ADDRESS),
        ("Anna", "a b", "Check", words.BAD_ADDRESS),
    ],
)
def test_what_is_missing_is_said(page, qtbot, name, address, button, problem):
    started, checked = heard(page.started), heard(page.check_requested)
    qtbot.keyClicks(field(page, "Your name"), name)
    if address is not None:
        qtbot.keyClicks(field(page, "Address"), address)
    press(page, BUTTON, button)
    assert problem in names(page, STATIC)
    assert (started, checked) == ([], [])
    qtbot.keyClicks(field(page, "Your name"), "x")
    assert problem not in names(page, STATIC)


def test_an_engine_must_be_chosen(page, qtbot):
    page.show_engines([])
    qtbot.keyClicks(field(page, "Your name"), "Anna")
    press(page, BUTTON, "Continue")
    assert words.CHOOSE_ENGINE in names(page, STATIC)


def test_the_choice_stays_while_engines_come_and_go(page):
    press(page, RADIO, "Lab — on LAB-3")
    page.show_engines([LAB])
    page.show_engines([OFFICE, LAB])
    listed = ["Office — on PC-ANNA", "Lab — on LAB-3", HERE, "Enter an address"]
    assert names(page, RADIO) == listed
    assert widget(page, RADIO, "Lab — on LAB-3", QRadioButton).isChecked()


def test_it_says_why_nobody_is_listed(page):
    page.show_engines([])
    page.show_search(words.NO_ANSWER)
    assert words.NO_ANSWER in names(page, STATIC)
    assert "Start one on this computer" in names(page, RADIO)


def test_a_problem_from_outside_stands_at_its_field(page):
    page.show_problem("This name is taken.", Field.NAME)
    assert "This name is taken." in names(page, STATIC)
    assert field(page, "Your name").property("invalid")
    page.show_problem("It does not answer.", Field.ENGINE)
    assert not field(page, "Your name").property("invalid")
    assert "It does not answer." in names(page, STATIC)


def test_busy_means_hands_off(page):
    page.set_busy(True)
    assert not field(page, "Your name").isEnabled()
    assert "Connecting…" in names(page, BUTTON)
    page.set_busy(False)
    assert field(page, "Your name").isEnabled()


def test_details_can_be_asked_for(page, qtbot):
    with qtbot.waitSignal(page.details_requested):
        press(page, BUTTON, "Show details")


def test_everything_the_keyboard_reaches_has_a_name(page):
    assert unnamed(page) == []
