"""The page on who belongs to the office: what it shows to whom, and what it tells when a person decides."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from tact_desktop.panels.members import SEARCHED_FROM, MembersPanel, Section
from tact_desktop.state.members import Item, Page
from tact_desktop.state.wording_members import Deed
from tests.support.by_role import Role, names, press, unnamed, widget
from tests.support.heard import heard

TEXT, BUTTON, TAB, EDIT = Role.StaticText, Role.Button, Role.PageTab, Role.EditableText
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DEVICES = (
    Item("d1", "TOM-PC", ("Added today",), (Deed.REMOVE_DEVICE,), ("this computer",)),
    Item("d2", "laptop", ("Added today",), (Deed.REMOVE_DEVICE,)),
)
MARY = Item("mary", "Mary", ("1 device",), (Deed.DEVICES, Deed.REMOVE_PERSON), handle="mary")
ZOE = Item("zoe", "Zoe", ("Removed today",), (Deed.BRING_BACK,), ("removed",), quiet=True, handle="zoe")
EVE = Item("eve x1", "Eve", ("Computer “PC”",), (Deed.DECLINE, Deed.LET_IN), handle="eve")
OPEN = Item("i1", "A new colleague", ("Made today",), (Deed.REVOKE,))
MEMBER = Page(devices=DEVICES, own_invitations=(OPEN,))
HOST = Page(
    DEVICES,
    (OPEN,),
    is_host=True,
    people=(MARY, ZOE),
    requests=(EVE,),
    invitations=(OPEN,),
    words=("paddle", "follow"),
    health=(("Version", "0.1.0"), ("Free disk", "80.0 MB")),
    disk_is_low=True,
)


@pytest.fixture
def page(qtbot) -> MembersPanel:
    made = MembersPanel()
    qtbot.addWidget(made)
    made.resize(720, 900)
    made.show_page(HOST, up=True)
    made.bring_up()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_a_member_sees_what_is_their_own_and_no_tabs(page, qtbot):
    page.show_page(MEMBER, up=True)
    page.bring_up(Section.PEOPLE)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert names(page, TAB) == []
    said = names(page, TEXT)
    assert {"TOM-PC", "this computer", "laptop", "No password is set.", "A new colleague"} <= set(said)
    assert "Mary" not in said


def test_a_host_has_a_tab_for_each_concern(page):
    assert names(page, TAB) == ["You", "People", "Requests to join (1)", "Invitations", "Engine"]
    page.bring_up(Section.PEOPLE)
    assert names(page, BUTTON) == [
        "Devices… Mary (mary)",
        "Remove… Mary (mary)",
        "Let back in… Zoe (zoe)",
    ]
    assert any("never see messages" in said for said in names(page, TEXT))
    page.bring_up(Section.ENGINE)
    said = names(page, TEXT)
    assert {"Version", "0.1.0", "80.0 MB"} <= set(said)
    assert any("disk of the engine's computer is almost full" in each for each in said)
    page.bring_up(Section.REQUESTS)
    assert any(each.startswith("These are their own words") for each in names(page, TEXT))


def test_what_is_pressed_is_told_with_its_row(page):
    acted = heard(page.acted)
    press(page, BUTTON, "Remove… laptop")
    page.bring_up(Section.REQUESTS)
    press(page, BUTTON, "Let in Eve (eve)")
    press(page, BUTTON, "Decline Eve (eve)")
    assert acted == [("remove device", "d2"), ("let in", "eve x1"), ("decline", "eve x1")]


def test_the_other_wishes_are_told(page):
    told = [heard(each) for each in (page.device_wanted, page.invite_wanted, page.leave_wanted)]
    for button in ("Add a device…", "Invite a colleague…", "Leave this office…"):
        press(page, BUTTON, button)
    page.bring_up(Section.INVITATIONS)
    press(page, BUTTON, "Invite a colleague…")
    assert [len(each) for each in told] == [1, 2, 1]


def test_a_row_that_changes_stays_under_the_keyboard(page):
    widget(page, BUTTON, "Remove… laptop").setFocus()
    later = Item("d2", "laptop", ("Added yesterday",), (Deed.REMOVE_DEVICE,))
    page.show_page(Page((later,), is_host=True), up=True)
    assert widget(page, BUTTON, "Remove… laptop").hasFocus()
    assert "Added yesterday" in names(page, TEXT)
    assert "TOM-PC" not in names(page, TEXT)


def test_without_the_engine_all_is_shown_and_nothing_can_be_done(page):
    page.show_page(HOST, up=False)
    assert any(said.startswith("The engine is away") for said in names(page, TEXT))
    assert "TOM-PC" in names(page, TEXT)
    for section in Section:
        page.bring_up(section)
        assert [each for each in names(page, BUTTON) if widget(page, BUTTON, each).isEnabled()] == []
    page.show_page(HOST, up=True, state="Done", problem="Only the host can do that.")
    assert {"Done", "Only the host can do that."} <= set(names(page, TEXT))
    page.show_page(HOST, up=True)
    assert "Only the host can do that." not in names(page, TEXT)


def test_where_nothing_is_there_it_says_so(page):
    page.show_page(Page(is_host=True), up=True)
    empty = {
        Section.YOU: "None of your invitations is open.",
        Section.REQUESTS: "Nobody asks to join.",
        Section.INVITATIONS: "No invitation is open.",
        Section.ENGINE: "The engine has not said yet how it fares.",
    }
    for section, sentence in empty.items():
        page.bring_up(section)
        assert sentence in names(page, TEXT)


def test_many_people_are_found_by_name(page, qtbot):
    many = tuple(Item(f"p{n}", f"Person {n}", (), handle=f"p{n}") for n in range(SEARCHED_FROM))
    page.bring_up(Section.PEOPLE)
    assert names(page, EDIT) == [], "two are found by looking"
    page.show_page(Page(is_host=True, people=many), up=True)
    qtbot.keyClicks(widget(page, EDIT, "Find people in this list", QLineEdit), "son 7")
    assert [each for each in names(page, TEXT) if each.startswith("Person")] == ["Person 7"]


def test_a_password_is_typed_twice_and_only_a_good_one_is_told(page, qtbot):
    chosen = heard(page.password_chosen)
    assert names(page, EDIT) == []
    press(page, BUTTON, "Set a password…")
    first, again = (widget(page, EDIT, each, QLineEdit) for each in ("New password", "The same again"))
    assert first.hasFocus()
    assert first.echoMode() == again.echoMode() == QLineEdit.EchoMode.Password
    qtbot.keyClicks(first, "short")
    press(page, BUTTON, "Save password")
    assert any(said.startswith("Use at least 8 characters") for said in names(page, TEXT))
    qtbot.keyClicks(first, " and more")
    qtbot.keyClick(first, Qt.Key.Key_Return)
    qtbot.keyClicks(again, "short and more")
    qtbot.keyClick(again, Qt.Key.Key_Return)
    assert chosen == [("short and more",)]
    page.password_refused("A password has 8 to 256 characters.")
    assert "A password has 8 to 256 characters." in names(page, TEXT)
    page.password_taken()
    assert (names(page, EDIT), first.text()) == ([], "")


def test_a_password_is_changed_and_removed_in_words_of_its_own(page):
    chosen = heard(page.password_chosen)
    page.show_page(Page(DEVICES, has_password=True), up=True)
    assert "A password is set." in names(page, TEXT)
    press(page, BUTTON, "Remove password")
    assert chosen == [("",)]
    press(page, BUTTON, "Change the password…")
    press(page, BUTTON, "Cancel")
    assert names(page, EDIT) == []


def test_a_password_that_was_not_saved_is_not_kept(page, qtbot):
    press(page, BUTTON, "Set a password…")
    field = widget(page, EDIT, "New password", QLineEdit)
    qtbot.keyClicks(field, "almost secret")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not page.isVisible()
    page.bring_up()
    assert (names(page, EDIT), field.text()) == ([], "")


def test_the_keyboard_is_enough(page, qtbot):
    for section in Section:
        page.bring_up(section)
        assert unnamed(page) == []
    page.bring_up(Section.YOU)
    bar = QApplication.focusWidget()
    assert bar is not None
    assert bar.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert "Mary" in names(page, TEXT)


def test_tab_and_ear_come_by_in_the_order_of_the_eye(page, qtbot):
    first = Item("d0", "tablet", (), (Deed.REMOVE_DEVICE,))
    page.show_page(Page((first, *DEVICES), (OPEN,), is_host=True), up=True)
    assert [each for each in names(page, TEXT) if each in ("tablet", "TOM-PC", "laptop")] == [
        "tablet",
        "TOM-PC",
        "laptop",
    ]
    page.bring_up(Section.YOU)
    visited: list[str] = []
    while "Leave this office…" not in visited and len(visited) < 20:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached = QApplication.focusWidget()
        assert isinstance(reached, QAbstractButton)
        visited.append(reached.accessibleName() or reached.text())
    assert visited == [
        "Remove… tablet",
        "Remove… TOM-PC",
        "Remove… laptop",
        "Add a device…",
        "Set a password…",
        "Revoke A new colleague",
        "Invite a colleague…",
        "Leave this office…",
    ]


@pytest.mark.parametrize("width", [520, 900])
def test_nothing_is_cut_and_a_long_name_leaves_the_handle(page, width):
    long = Item("eve x1", "Eve " * 15, ("Computer “PC”",), (Deed.DECLINE, Deed.LET_IN), handle="e" * 32)
    page.show_page(Page(is_host=True, requests=(long,)), up=True)
    page.bring_up(Section.REQUESTS)
    page.resize(width, 700)
    QApplication.processEvents()
    assert page.width() == width
    handle = widget(page, TEXT, "e" * 32)
    assert handle.width() >= handle.sizeHint().width()
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_the_words_of_the_engine_stand_by_those_who_ask(page):
    page.bring_up(Section.REQUESTS)
    assert "paddle  follow" in names(page, TEXT)
    page.show_page(Page(is_host=True), up=True)
    page.bring_up(Section.REQUESTS)
    assert not any("six words" in said for said in names(page, TEXT))
