from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QScrollArea

from tact_desktop.panels.waiting import WaitingPanel
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.outbox import Known, alerts, waiting
from tact_desktop.state.people import Person
from tact_desktop.state.wording_panels import undelivered
from tact_desktop.widgets.chip import Chip
from tact_desktop.widgets.waiting_card import Card, WaitingCard
from tact_engine.core.conditions import PRESETS, Clause, Condition, Group
from tact_engine.core.envelope import Otherwise
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
BELL = replace(entry("9", "Ask about Friday"), alert=True)
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


def show(panel, *entries, bad=(), today=0, known: Known | None = None, **presence):
    cards = [undelivered(each, "Bob", NOW_MS, UTC) for each in bad]
    people_now = people(**presence)
    held, asked = waiting(entries, people_now, NOW_MS, known), alerts(entries, people_now, NOW_MS, known)
    panel.show_items(held, cards, today, asked)


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
    assert chips(panel) == ["Online: true now", "Mood is not Angry: not yet, now: Angry"]
    assert {"Waiting (1)", "20 h left", "Delivered today: 3"} <= set(names(panel, STATIC))
    show(panel, PRINTER, mood="HAPPY", online=False)
    assert chips(panel) == ["Online: not yet", "Mood is not Angry: true now, now: Happy"]


def test_alternatives_are_told_apart(panel):
    either = (Group((Clause("UserMood", "eq", "HAPPY"),)), Group((Clause("UserMood", "eq", "SAD"),)))
    show(panel, entry("1", "x", Condition(any=either)))
    assert len(chips(panel)) == 3
    assert "or else" in names(panel, STATIC)
    assert "and" not in names(panel, STATIC)
    show(panel, entry("1", "x", Condition(any=either, not_before=NOW_MS)))
    assert chips(panel)[3] == "Not before 10:00: true now"
    assert "and" in names(panel, STATIC)


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("Send now", "send_now"),
        ("Edit", "edit"),
        ("Only tell me instead", "tell_only"),
        ("Withdraw", "withdraw"),
    ],
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
    for _ in range(4):
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


@pytest.mark.rule("R1")
def test_what_one_asked_to_be_told_has_a_section_of_its_own(panel):
    show(panel, PRINTER, BELL)
    assert {"Waiting (1)", "To be told (1)", "Tell me when Bob is not Angry", "Ask about Friday"} <= set(
        names(panel, STATIC)
    )
    assert [card.accessibleName() for card in cards(panel)] == [
        "Bob: The printer. 20 h left",
        "Tell me when Bob is not Angry: Ask about Friday. 20 h left",
    ]
    show(panel, PRINTER)
    assert not any("To be told" in name for name in names(panel, STATIC))


def test_an_alert_alone_is_not_nothing(panel):
    show(panel, replace(BELL, text=""))
    assert "Nothing is waiting" not in names(panel, STATIC)
    assert "Ask about Friday" not in names(panel, STATIC)


@pytest.mark.rule("R4")
@pytest.mark.parametrize(("button", "signal"), [("Make it a message…", "edit"), ("Stop", "withdraw")])
def test_what_can_be_made_of_an_alert(panel, button, signal):
    show(panel, BELL)
    told = heard(getattr(panel, signal))
    press(panel, BUTTON, button)
    assert told == [("9",)]


def test_delete_stops_an_alert(panel, qtbot):
    show(panel, BELL)
    told = heard(panel.withdraw)
    qtbot.keyClick(cards(panel)[0], Qt.Key.Key_Delete)
    assert told == [("9",)]


@pytest.mark.rule("R2")
def test_an_alert_that_ended_is_asked_for_again(panel):
    show(panel, bad=[replace(COFFEE, alert=True)])
    assert "Nothing to tell: its time ran out 09:00" in names(panel, STATIC)
    again = heard(panel.send_again)
    press(panel, BUTTON, "Ask again")
    assert again == [("3",)]


@pytest.mark.rule("M8")
def test_what_is_in_an_editor_is_paused(panel):
    show(panel, PRINTER, known=Known(paused={"1"}))
    assert chips(panel)[0] == "Paused while you edit: not yet"
    show(panel, PRINTER)
    assert chips(panel)[0] == "Online: true now"


def test_what_becomes_of_it_at_the_end_is_said_where_that_was_chosen(panel):
    show(panel, replace(PRINTER, otherwise=Otherwise.DRAFTS))
    assert "Then it is a draft again" in names(panel, STATIC)
    show(panel, PRINTER)
    assert "Then it is a draft again" not in names(panel, STATIC)


def test_while_the_engine_is_away_the_marks_are_as_last_known(panel):
    show(panel, PRINTER, BELL, known=Known(up=False))
    assert "The marks below are as last known." in names(panel, STATIC)
    assert all(chip.endswith("as last known") for chip in chips(panel))
    show(panel, PRINTER, BELL)
    assert "The marks below are as last known." not in names(panel, STATIC)
    assert not any("last known" in chip for chip in chips(panel))


def test_the_cards_in_sight_are_known_and_that_others_came(panel, qtbot):
    many = [entry(str(number), "Hello", hours_left=number) for number in range(1, 21)]
    show(panel, *many)
    qtbot.waitUntil(lambda: "1" in panel.in_sight())
    assert "20" not in panel.in_sight()
    looked = heard(panel.looked)
    bar = panel.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert looked
    qtbot.waitUntil(lambda: "20" in panel.in_sight())
    assert "1" not in panel.in_sight()
    panel.hide()
    assert panel.in_sight() == ()


def test_the_card_that_the_keyboard_comes_to_is_told(panel):
    show(panel, PRINTER, BELL)
    noticed = heard(panel.card_noticed)
    for card in cards(panel):
        card.setFocus()
    assert noticed == [("1",), ("9",)]


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
    for _ in range(5):
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
