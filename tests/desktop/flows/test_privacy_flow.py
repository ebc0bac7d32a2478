"""Deciding who may see what: asked for at once, shown as wanted, and as it is once the engine has answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QMessageBox

from tact_desktop.panels.privacy import PrivacyPanel
from tact_desktop.widgets.privacy_row import PrivacyRow
from tact_engine.core.privacy import Audience, Privacy, Rule
from tests.support.by_role import Role, names, press, widget
from tests.support.paper_seat import PaperSeat, paper_seat, person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # there is no screen
TEXT, BUTTON, RADIO = Role.StaticText, Role.Button, Role.RadioButton
MOOD, IDLE = "Who may see my mood?", "Who may see how long I am idle?"
HIDDEN_MOOD = Privacy({"UserMood": Rule(Audience.NOBODY)})


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom, with two others."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary", "john")
        seat.window.resize(1240, 760)
        seat.window.show()
        yield seat


def opened(seat: PaperSeat) -> PrivacyPanel:
    """The page, opened from the menu."""
    for bar in seat.window.menuBar().actions():
        menu = bar.menu()
        assert isinstance(menu, QMenu)
        for action in menu.actions():
            if action.text() == "&Privacy…":
                action.trigger()
    (page,) = seat.window.findChildren(PrivacyPanel)
    return page


def decide(page: PrivacyPanel, question: str, answer: str) -> None:
    row = next(each for each in page.findChildren(PrivacyRow) if question in names(each, TEXT))
    press(row, RADIO, answer)


def answers(page: PrivacyPanel, question: str) -> list[str]:
    row = next(each for each in page.findChildren(PrivacyRow) if question in names(each, TEXT))
    return [name for name in names(row, RADIO) if widget(row, RADIO, name, QAbstractButton).isChecked()]


def wanted(seat: PaperSeat) -> list[Privacy]:
    return [privacy for (privacy,) in seat.bridge.intents("set_privacy")]


@pytest.mark.rule("S4")
def test_a_decision_is_asked_for_at_once_and_said_to_be_saved_once_it_is(seat):
    page = opened(seat)
    decide(page, MOOD, "Nobody")
    assert wanted(seat) == [HIDDEN_MOOD]
    assert (answers(page, MOOD), "Saving…" in names(page, TEXT)) == (["Nobody"], True)
    seat.bridge.privacy.emit(HIDDEN_MOOD)
    assert (answers(page, MOOD), "Saved" in names(page, TEXT)) == (["Nobody"], True)


def test_two_decisions_in_a_row_are_both_kept(seat):
    page = opened(seat)
    decide(page, MOOD, "Nobody")
    decide(page, IDLE, "Everyone")
    assert {*wanted(seat)[-1].rules} == {"UserMood", "Idle"}
    seat.bridge.privacy.emit(wanted(seat)[0])
    assert "Saving…" in names(page, TEXT), "the second is still on its way"
    assert answers(page, IDLE) == ["Everyone"]
    seat.bridge.privacy.emit(wanted(seat)[1])
    assert "Saved" in names(page, TEXT)


def test_what_was_decided_in_another_window_is_shown(seat):
    page = opened(seat)
    seat.bridge.privacy.emit(HIDDEN_MOOD)
    assert answers(page, MOOD) == ["Nobody"]
    assert wanted(seat) == []
    decide(page, MOOD, "Nobody")
    assert wanted(seat) == [], "it is so already"


def test_what_is_not_accepted_is_taken_back_with_a_sentence(seat):
    page = opened(seat)
    decide(page, MOOD, "Nobody")
    seat.bridge.refused.emit("", "too_many_named", "At most 300 people can be named.")
    assert answers(page, MOOD) == ["Everyone"]
    assert "At most 300 people can be named." in names(page, TEXT)


def test_while_the_engine_is_away_nothing_can_be_decided(seat):
    page = opened(seat)
    decide(page, MOOD, "Nobody")
    seat.lose()
    assert answers(page, MOOD) == ["Everyone"]
    assert "The engine is away: this can be changed once it is back." in names(page, TEXT)
    seat.meet("mary", "john")
    assert "The engine is away: this can be changed once it is back." not in names(page, TEXT)


def test_a_closed_page_is_up_to_date_when_it_is_opened_again(seat, qtbot):
    page = opened(seat)
    qtbot.waitUntil(page.isActiveWindow)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
    seat.bridge.privacy.emit(HIDDEN_MOOD)
    assert opened(seat) is page
    assert answers(page, MOOD) == ["Nobody"]


def test_one_sees_oneself_as_one_is_now(seat):
    page = opened(seat)
    seat.bridge.people.emit((person("tom", 2, UserMood="HAPPY"),))
    assert "John sees: Available · 🙂 Happy" in names(page, TEXT)


# --- from the menu of a person --------------------------------------------------------------------------------


@pytest.mark.rule("N6")
def test_somebody_is_always_heard_until_further_notice(seat):
    seat.window.people.vip_wanted.emit("mary", True)
    assert wanted(seat) == [Privacy(vips=("mary",))]
    seat.bridge.privacy.emit(Privacy(vips=("mary",)))
    assert seat.desk.privacy.vips == ("mary",)
    seat.window.people.vip_wanted.emit("mary", False)
    assert wanted(seat)[-1] == Privacy()


def box(seat: PaperSeat) -> QMessageBox:
    (shown,) = (each for each in seat.window.findChildren(QMessageBox) if each.isVisible())
    return shown


@pytest.mark.rule("S12")
def test_blocking_says_what_it_means_and_asks(seat):
    seat.window.people.block_wanted.emit("mary", True)
    assert (
        box(seat).text().startswith("Block Mary?\n\nMary will see you as offline and will not learn of it.")
    )
    press(box(seat), BUTTON, "Cancel")
    assert wanted(seat) == []
    seat.window.people.block_wanted.emit("mary", True)
    press(box(seat), BUTTON, "Block")
    assert wanted(seat) == [Privacy(blocked=("mary",))]


def test_unblocking_does_not_ask(seat):
    seat.bridge.privacy.emit(Privacy(blocked=("mary",)))
    rows = seat.window.people
    assert any("Mary, blocked" in name for name in names(rows, Role.ListItem))
    rows.block_wanted.emit("mary", False)
    assert wanted(seat) == [Privacy()]
    seat.bridge.privacy.emit(Privacy())
    assert not any("blocked" in name for name in names(rows, Role.ListItem))


def test_somebody_who_is_not_known_goes_by_the_handle(seat):
    seat.window.people.block_wanted.emit("nobody.here", True)
    assert box(seat).text().startswith("Block nobody.here?")
    box(seat).close()


def test_its_key_opens_it(seat, qtbot):
    seat.window.activateWindow()
    qtbot.waitUntil(seat.window.isActiveWindow)
    QTest.keyClick(seat.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    (page,) = seat.window.findChildren(PrivacyPanel)
    assert page.isVisible()
