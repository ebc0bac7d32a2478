import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QRadioButton

from tact_desktop.panels.welcome import WelcomePanel
from tact_desktop.state import wording_welcome as words
from tact_desktop.state.welcome import Address, Field, FoundEngine, Invited, Welcome
from tests.support.by_role import names, press, unnamed, widget
from tests.support.heard import heard
from tests.support.starts import BUTTON, RADIO, TEXT, fill, is_there, line, write

OFFICE, LAB = FoundEngine("a", "Office", "PC-ANNA", 1), FoundEngine("b", "Lab & Co", "LAB-3", 1)
HERE = "None of these — start one on this computer"
SIX = ("entry", "february", "cost", "narrow", "clinic", "spend")


@pytest.fixture
def page(qtbot) -> WelcomePanel:
    made = WelcomePanel()
    qtbot.addWidget(made)
    made.resize(683, 560)
    made.show_engines([OFFICE, LAB], {"a": "key 7F-3A-91"})
    made.show_search("")
    made.show()
    qtbot.waitExposed(made)
    return made


def test_the_handle_is_made_while_writing(page):
    fill(page, "Anna Berg")
    assert "Your short name will be anna.berg" in names(page, TEXT)


@pytest.mark.parametrize(
    ("choice", "chosen", "own"),
    [("Office — on PC-ANNA", "a", False), ("Lab && Co — on LAB-3", "b", False), (HERE, "", True)],
)
def test_a_choice_starts(page, choice, chosen, own):
    started = heard(page.started)
    fill(page, " Anna  Berg")
    press(page, RADIO, choice.replace("&&", "&"))
    QTest.keyClick(line(page, "Your name"), Qt.Key.Key_Return)
    assert started == [(Welcome(" Anna  Berg", (OFFICE, LAB), chosen, own),)]


@pytest.mark.parametrize(
    ("choice", "meaning"), [("Office — on PC-ANNA", words.HOST_IS_ASKED), (HERE, words.BE_HOST)]
)
def test_what_a_choice_means_is_said_beforehand(page, choice, meaning):
    press(page, RADIO, choice)
    assert [each for each in names(page, TEXT) if each in (words.HOST_IS_ASKED, words.BE_HOST)] == [meaning]


def test_an_address_starts_and_can_be_checked(page):
    started, checked = heard(page.started), heard(page.check_requested)
    fill(page, "Anna", "pc-anna:7000")
    QTest.keyClick(line(page, "Address"), Qt.Key.Key_Return)
    press(page, BUTTON, "Check")
    press(page, BUTTON, "Continue")
    assert checked == [(Address("pc-anna", 7000),)] * 2
    assert started[0][0].address == "pc-anna:7000"
    assert started[0][0].chosen == ""


@pytest.mark.parametrize(
    ("name", "address", "button", "problem"),
    [
        ("", "", "Continue", words.WRITE_NAME),
        ("! ?", "", "Continue", "it has no letter and no digit"),
        ("X", "", "Continue", words.NAME_WITHOUT_HANDLE),
        ("Anna", "a b", "Continue", words.BAD_ADDRESS),
        ("Anna", "a b", "Check", words.BAD_ADDRESS),
    ],
)
def test_what_is_missing_is_said(page, name, address, button, problem):
    started, checked = heard(page.started), heard(page.check_requested)
    fill(page, name, address)
    press(page, BUTTON, button)
    assert any(problem in each for each in names(page, TEXT))
    assert (started, checked) == ([], [])
    QTest.keyClicks(line(page, "Your name"), "x")
    assert not any(problem in each for each in names(page, TEXT))


def test_an_engine_must_be_chosen(page):
    page.show_engines([])
    fill(page, "Anna")
    press(page, BUTTON, "Continue")
    assert words.CHOOSE_ENGINE in names(page, TEXT)


def test_the_choice_stays_while_engines_come_and_go(page):
    press(page, RADIO, "Lab & Co — on LAB-3")
    page.show_engines([LAB])
    page.show_engines([OFFICE, LAB])
    listed = ["Office — on PC-ANNA", "Lab & Co — on LAB-3", HERE, "Enter an address"]
    assert names(page, RADIO) == listed
    assert widget(page, RADIO, "Lab & Co — on LAB-3", QRadioButton).isChecked()


def test_an_engine_that_is_warned_of_cannot_be_chosen_and_is_not_any_more(page):
    office, lab = (widget(page, RADIO, f"{name}", QRadioButton) for name in names(page, RADIO)[:2])
    assert office.isChecked()
    page.show_engines([OFFICE, LAB], {}, {"a": "another key than the “Office” you know"})
    assert "another key than the “Office” you know" in names(page, TEXT)
    assert "another key" in office.accessibleDescription()
    assert (office.isEnabled(), office.isChecked(), lab.isChecked()) == (False, False, True)


def test_it_says_why_nobody_is_listed(page):
    page.show_engines([])
    page.show_search(words.NO_ANSWER)
    assert words.NO_ANSWER in names(page, TEXT)
    assert "Start one on this computer" in names(page, RADIO)


@pytest.mark.parametrize(
    ("field", "title"),
    [
        (Field.NAME, "Your name"),
        (Field.HANDLE, "Short name"),
        (Field.PASSWORD, "Password"),
        (Field.INVITATION, "Invitation"),
        (Field.ADDRESS, "Address"),
    ],
)
def test_a_problem_from_outside_stands_at_its_field(page, field, title):
    page.show_problem("This is so.", field)
    assert "This is so." in names(page, TEXT)
    assert line(page, title).property("invalid")
    assert line(page, title).hasFocus()
    page.show_problem("It does not answer.", Field.ENGINE)
    assert not line(page, title).property("invalid")
    assert "This is so." not in names(page, TEXT)
    assert "It does not answer." in names(page, TEXT)
    page.show_problem("")
    assert "It does not answer." not in names(page, TEXT)


def test_a_short_name_can_be_another_one(page):
    fill(page, "Anna Berg")
    press(page, BUTTON, "Change")
    assert line(page, "Short name").text() == "anna.berg"
    write(page, "Short name", "berg")
    assert page.state().handle == "berg"


def test_where_the_name_is_taken_too_something_is_added_to_it(page):
    fill(page, "Anna Berg")
    page.show_problem("It is taken.", Field.HANDLE)
    page.offer_ways("anna.berg", by_name=True)
    press(page, BUTTON, words.SOMEBODY_ELSE)
    assert words.add_to_name("Anna Berg (Sales)") in names(page, TEXT)
    assert not is_there(page, "Short name")
    assert words.ME_BY_LINK not in names(page, BUTTON)
    QTest.keyClicks(line(page, "Your name"), " II")
    assert page.state().name == "Anna Berg II"


def test_where_only_the_short_name_is_taken_the_next_one_starts(page):
    started = heard(page.started)
    page.fill("Anna Berg", "berg")
    page.show_problem("It is taken.", Field.HANDLE)
    page.offer_ways("berg", by_name=False)
    press(page, BUTTON, "Join as berg2")
    assert [each.handle for (each,) in started] == ["berg2"]
    assert "Join as berg2" not in names(page, BUTTON)


def test_whom_it_is_can_prove_it_by_a_password(page):
    started = heard(page.started)
    page.fill("Anna Berg", "berg")
    page.show_problem("It is taken.", Field.HANDLE)
    page.offer_ways("berg", by_name=False)
    assert page.state().password is None
    press(page, BUTTON, words.ME_BY_PASSWORD)
    assert "Password of berg" in names(page, TEXT)
    press(page, BUTTON, "Continue")
    assert words.WRITE_PASSWORD in names(page, TEXT)
    QTest.keyClicks(line(page, "Password"), "secret")
    QTest.keyClick(line(page, "Password"), Qt.Key.Key_Return)
    assert [(each.handle, each.password) for (each,) in started] == [("berg", "secret")]
    write(page, "Short name", "other")
    assert not is_there(page, "Password"), "it was the password of another one"


def test_whom_it_is_can_paste_the_link_for_this_computer(page):
    dropped = heard(page.invitation_dropped)
    page.offer_ways("berg", by_name=False)
    press(page, BUTTON, words.ME_BY_LINK)
    assert dropped == [()]
    assert words.PASTE_THE_LINK in names(page, TEXT)
    assert line(page, "Invitation").hasFocus()


def test_an_invitation_leaves_nothing_to_choose(page):
    fill(page, "Anna")
    page.show_invitation(Invited("7f3a91", "Office"))
    assert {"You are invited to “Office”", "key 7F-3A-91"} <= set(names(page, TEXT))
    assert names(page, RADIO) == []
    assert not is_there(page, "Invitation")
    assert widget(page, BUTTON, "Continue", QPushButton).hasFocus()
    started = heard(page.started)
    press(page, BUTTON, "Continue")
    assert started[0][0].invited == Invited("7f3a91", "Office")
    page.show_invitation(None)
    assert HERE in names(page, RADIO)
    assert is_there(page, "Invitation")


def test_an_invitation_for_this_computer_needs_no_name(page):
    page.show_invitation(Invited("7f3a91", "Office", "tom"))
    assert "Adds this computer to tom in “Office”" in names(page, TEXT)
    assert not is_there(page, "Your name")
    started = heard(page.started)
    press(page, BUTTON, "Continue")
    assert len(started) == 1
    page.show_problem("Somebody removed it.", Field.HANDLE)
    assert "Somebody removed it." in names(page, TEXT)


def test_with_an_invitation_what_is_wrong_with_its_engine_is_said_too(page):
    page.show_invitation(Invited("7f3a91", "Office"))
    page.show_problem("It does not answer.", Field.ENGINE)
    assert "It does not answer." in names(page, TEXT)


def test_without_a_name_an_invitation_asks_for_it(page):
    page.show_invitation(Invited("7f3a91", "Office"))
    assert line(page, "Your name").hasFocus()


def test_what_is_typed_is_looked_into_and_judged_only_when_somebody_goes_on(page):
    given, started = heard(page.invitation_given), heard(page.started)
    fill(page, "Anna")
    QTest.keyClicks(line(page, "Invitation"), "ta")
    assert given == [("t", False), ("ta", False)]
    press(page, BUTTON, "Continue")
    QTest.keyClick(line(page, "Invitation"), Qt.Key.Key_Return)
    assert given[2:] == [("ta", True), ("ta", True)]
    assert started == []


def test_pasting_takes_all_of_it(page):
    given = heard(page.invitation_given)
    QGuiApplication.clipboard().setText("Hello,\ntact://join?\n")
    press(page, BUTTON, "Paste")
    assert given == [("Hello,\ntact://join?\n", True)]
    QGuiApplication.clipboard().clear()
    press(page, BUTTON, "Paste")
    assert words.NOTHING_TO_PASTE in names(page, TEXT)


@pytest.mark.parametrize("kind", ["file", "link", "text", "picture"])
def test_an_invitation_can_be_dropped_on_the_page(page, kind):
    given, opened = heard(page.invitation_given), heard(page.opened)
    data = QMimeData()
    if kind in ("file", "link"):
        data.setUrls([QUrl("file:///tmp/a%20b.tact" if kind == "file" else "tact://join?name=a%20b")])
    elif kind == "text":
        data.setText("tact://join?")
    else:
        data.setData("image/png", b"x")
    over = line(page, "Your name")  # wherever it is let go
    none, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    coming = QDragEnterEvent(QPoint(9, 9), copy, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(over, coming)
    assert coming.isAccepted() is (kind != "picture")
    QApplication.sendEvent(over, QDropEvent(QPointF(9, 9), copy, data, Qt.MouseButton.LeftButton, none))
    expected = {"file": [("file:///tmp/a%20b.tact",)], "link": [("tact://join?name=a%20b",)]}
    assert opened == expected.get(kind, [])
    assert given == ([("tact://join?", True)] if kind == "text" else [])


def test_while_a_host_is_asked_the_words_are_there_to_compare(page):
    cancelled = heard(page.cancelled)
    page.show_asking("Office", "Its host sees you as Anna (anna).", SIX, "10:32", "")
    said = names(page, TEXT)
    assert {"“Office” was asked to let you in", words.SOON, "✓  Asked at 10:32", *SIX} <= set(said)
    assert said.index("entry") < said.index("spend")
    assert not is_there(page, "Your name")
    page.show_asking("Office", "", SIX, "10:32", "It is busy.")
    assert "It is busy." in names(page, TEXT)
    press(page, BUTTON, "Cancel")
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert cancelled == [(), ()]
    page.show_form()
    assert is_there(page, "Your name")
    assert "entry" not in names(page, TEXT)


def test_busy_means_hands_off(page):
    page.set_busy(True)
    assert not line(page, "Your name").isEnabled()
    assert "Connecting…" in names(page, BUTTON)
    page.set_busy(False)
    assert line(page, "Your name").isEnabled()


def test_details_and_files_can_be_asked_for(page):
    details, files = heard(page.details_requested), heard(page.file_requested)
    press(page, BUTTON, "Show details")
    press(page, BUTTON, "Open file…")
    assert (details, files) == ([()], [()])


def test_everything_the_keyboard_reaches_has_a_name(page):
    assert unnamed(page) == []
    page.show_problem("So.", Field.HANDLE)
    page.offer_ways("anna", by_name=False)
    press(page, BUTTON, words.ME_BY_PASSWORD)
    assert unnamed(page) == []
    page.show_asking("Office", "", SIX, "10:32", "")
    assert unnamed(page) == []
