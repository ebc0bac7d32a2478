from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from tact_desktop.panels.waiting import WaitingPanel
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.outbox import waiting
from tact_desktop.state.people import Person
from tact_desktop.state.wording_panels import undelivered
from tact_desktop.widgets.chip import Chip
from tact_desktop.widgets.waiting_card import Card, WaitingCard
from tact_engine.core.conditions import PRESETS, Clause, Condition, Group
from tact_engine.core.presence import Presence, Reading
from tests.support.by_role import names, press, tree, unnamed
from tests.support.heard import heard

BUTTON, STATIC = QAccessible.Role.Button, QAccessible.Role.StaticText
HOUR_MS = 3_600_000
NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC


def people(mood="ANGRY", online=True):
    readings = {"Alias": "Bob", "OnlineStatus": online, "UserMood": mood}
    return {
        "bob": Person(
            "bob", Presence("bob", 1, {name: Reading(value, 0) for name, value in readings.items()})
        )
    }


def entry(key: str, text: str, condition=PRESETS["not angry"], hours_left=20) -> Entry:
    return Entry(
        key, "c", "me", True, text, Stage.HELD, ("bob",), NOW_MS,
        condition=condition, valid_for=86_400, expires_at=NOW_MS + hours_left * HOUR_MS,
    )  # fmt: skip


PRINTER, INVOICE = entry("1", "The printer"), entry("2", "Invoice", hours_left=22)
COFFEE = replace(entry("3", "Coffee?"), stage=Stage.EXPIRED, since=NOW_MS - HOUR_MS)


@pytest.fixture
def panel(qtbot) -> WaitingPanel:
    made = WaitingPanel()
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def show(panel, *entries, bad=(), today=0, **presence):
    cards = [undelivered(each, "Bob", NOW_MS, UTC) for each in bad]
    panel.show_items(waiting(entries, people(**presence), NOW_MS), cards, today)


def cards(panel) -> list[Card]:
    return [made for item in tree(panel) if isinstance(made := item.object(), Card)]


def chips(panel) -> list[str]:
    return [made.accessibleName() for made in panel.findChildren(Chip) if made.isVisible()]


def test_nothing_waits(panel):
    show(panel)
    assert {"Waiting", "Nothing is waiting", "Delivered today: 0"} <= set(names(panel, STATIC))


def test_a_card_says_it_all(panel):
    show(panel, PRINTER, today=3)
    assert [card.accessibleName() for card in cards(panel)] == ["Bob: The printer. 20 h left"]
    assert chips(panel) == ["Mood is not Angry: not yet, now: Angry"]
    assert {"Waiting (1)", "20 h left", "Delivered today: 3"} <= set(names(panel, STATIC))
    show(panel, PRINTER, mood="HAPPY", online=False)
    assert chips(panel) == ["Online: not yet", "Mood is not Angry: true now, now: Happy"]


def test_alternatives_are_told_apart(panel):
    either = (Group((Clause("UserMood", "eq", "HAPPY"),)), Group((Clause("UserMood", "eq", "SAD"),)))
    show(panel, entry("1", "x", Condition(any=either)))
    assert len(chips(panel)) == 2
    assert "or else" in names(panel, STATIC)


@pytest.mark.parametrize(
    ("button", "signal"), [("Send now", "send_now"), ("Edit", "edit"), ("Withdraw", "withdraw")]
)
def test_actions_are_always_reachable(panel, button, signal):
    show(panel, PRINTER)
    told = heard(getattr(panel, signal))
    press(panel, BUTTON, button)
    assert told == [("1",)]


def test_actions_are_seen_with_the_focus(panel, qtbot):
    show(panel, PRINTER, INVOICE)
    first, second = cards(panel)
    assert isinstance(first, WaitingCard)
    assert isinstance(second, WaitingCard)
    first.setFocus()
    assert first.actions_in_sight()
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert first.actions_in_sight()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert (first.actions_in_sight(), second.actions_in_sight()) == (False, True)


def test_keys_on_a_card(panel, qtbot):
    show(panel, PRINTER, bad=[COFFEE])
    opened, taken_back = heard(panel.open_conversation), heard(panel.withdraw)
    dismissed = heard(panel.dismiss)
    for card in cards(panel):
        qtbot.keyClick(card, Qt.Key.Key_Return)
        qtbot.keyClick(card, Qt.Key.Key_Delete)
    assert (opened, taken_back, dismissed) == ([("1",), ("3",)], [("1",)], [("3",)])


def test_a_click_opens_the_conversation(panel, qtbot):
    show(panel, PRINTER)
    opened = heard(panel.open_conversation)
    qtbot.mouseClick(cards(panel)[0], Qt.MouseButton.LeftButton)
    assert opened == [("1",)]


def test_what_did_not_arrive(panel):
    show(panel, bad=[COFFEE, replace(COFFEE, id="4", stage=Stage.FAILED, problem="Too long.")])
    assert {"Not delivered (2)", "Its time ran out 09:00", "Too long."} <= set(names(panel, STATIC))
    again, dismissed = heard(panel.send_again), heard(panel.dismiss)
    show(panel, bad=[COFFEE])
    press(panel, BUTTON, "Send again")
    press(panel, BUTTON, "Delete")
    assert (again, dismissed) == ([("3",)], [("3",)])


def test_cards_change_in_place(panel):
    show(panel, PRINTER, INVOICE)
    before = cards(panel)
    before[1].setFocus()
    show(panel, PRINTER, replace(INVOICE, text="Invoice 4711"), bad=[COFFEE])
    assert cards(panel)[:2] == before
    assert before[1].hasFocus()
    assert "Invoice 4711" in names(panel, STATIC)


def test_the_focus_goes_to_the_next_card(panel):
    show(panel, PRINTER, INVOICE)
    cards(panel)[0].setFocus()
    show(panel, INVOICE)
    assert [card.hasFocus() for card in cards(panel)] == [True]


def test_cards_follow_the_order(panel, qtbot):
    show(panel, PRINTER, INVOICE)
    show(panel, INVOICE, replace(PRINTER, expires_at=NOW_MS + 23 * HOUR_MS))
    first, second = cards(panel)
    assert (first.key, second.key) == ("2", "1")
    first.setFocus()
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert second.hasFocus()


def test_the_engine_away_is_said(panel, qtbot):
    panel.show_unreachable("“Office” cannot be reached.")
    assert "“Office” cannot be reached." in names(panel, STATIC)
    panel.show_unreachable("")
    assert "“Office” cannot be reached." not in names(panel, STATIC)


def test_it_can_be_closed_only_in_a_window(panel, qtbot):
    with qtbot.waitSignal(panel.close_requested):
        press(panel, BUTTON, "Close the list of waiting messages")
    panel.set_closable(False)
    assert names(panel, BUTTON) == []


def test_everything_the_keyboard_reaches_has_a_name(panel):
    show(panel, PRINTER, bad=[COFFEE])
    assert unnamed(panel) == []
