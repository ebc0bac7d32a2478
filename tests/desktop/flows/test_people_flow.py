"""The list of people and one's own presence above it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QPushButton

from tact_desktop.local.errors import LocalStoreError
from tact_desktop.state.entry import Stage
from tact_engine.core.changes import restored, updated
from tact_engine.core.presence import Presence, Reading
from tests.support.by_role import Role, choose, names, press, widget
from tests.support.paper_seat import PaperSeat, paper_seat, person


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom, with three others."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary", "john", "anna")
        seat.window.resize(1240, 760)
        seat.window.show()
        yield seat


def listed(seat: PaperSeat) -> list[str]:
    """The first words of each row as it is read out."""
    people = widget(seat.window, Role.List, "People", QListView)
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(people.model().index(row, 0).data(role)) for row in range(people.model().rowCount())]


def test_everybody_but_oneself_by_name(seat):
    assert [row.split(",")[0] for row in listed(seat)] == ["Anna", "John", "Mary"]


def test_what_is_unread_comes_first_and_is_counted(seat):
    seat.receive("One", "Two", by="mary")
    assert listed(seat)[0].endswith("2 unread")
    assert listed(seat)[0].startswith("Mary")


def test_the_list_is_filtered_while_one_writes(seat):
    field = widget(seat.window, Role.EditableText, "Find people", QLineEdit)
    QTest.keyClicks(field, "AN")
    assert [row.split(",")[0] for row in listed(seat)] == ["Anna"]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert seat.window.flow.handle == "anna"
    assert len(listed(seat)) == 3


def test_whose_conversation_is_open_stays_marked_wherever_they_move(seat):
    seat.window.flow.open("mary")
    people = widget(seat.window, Role.List, "People", QListView)
    seat.receive("Hello", by="john")
    seat.bridge.people.emit((person("anna", 2, online=False),))
    assert str(people.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Mary")


def test_ones_own_presence_is_what_one_chose_also_before_the_engine_has_it(seat):
    seat.window.presence_bar.presence_chosen.emit({"UserMood": "HAPPY"})
    assert "Mood: Happy" in names(seat.window, Role.ButtonMenu)
    assert seat.bridge.intents("set_presence") == [({"UserMood": "HAPPY"}, {})]
    assert seat.desk.own_presence()["UserMood"] == "HAPPY"


# --- until when -----------------------------------------------------------------------------------------------

HOUR_MS = 3_600_000


def own(seat: PaperSeat) -> Presence:
    return seat.desk.presence_of("tom")


def engine_says(seat: PaperSeat, presence: Presence) -> None:
    seat.bridge.people.emit((presence,))


def pick(seat: PaperSeat, button: str, entry: str) -> None:
    menu = widget(seat.window.presence_bar, Role.ButtonMenu, button, QPushButton).menu()
    next(action for action in menu.actions() if action.text() == entry).trigger()


def asked(seat: PaperSeat) -> list[tuple[dict, dict]]:
    """What the engine was asked to change, with the ends; and it does so, as it would."""
    made: list[tuple[dict, dict]] = []
    for changes, *ends in seat.bridge.intents("set_presence"):
        until = ends[0] if ends and ends[0] else {}
        made.append((changes, until))
        engine_says(seat, updated(own(seat), changes, seat.clock.ms, until=until))
    seat.bridge.asked.clear()
    return made


@pytest.mark.rule("P19", "P20")
def test_what_ends_by_itself_is_said_shown_and_comes_back(seat):
    bar = seat.window.presence_bar
    press(bar, Role.CheckBox, "More about me")
    pick(seat, "Availability: Available", "Not available")
    choose(bar, "Activity", "Meeting")
    asked(seat)
    press(bar, Role.RadioButton, "1 h")
    end = seat.clock.ms + HOUR_MS
    both = {"UserAvailability": "NOT_AVAILABLE", "Activity": "MEETING"}
    assert asked(seat) == [(both, dict.fromkeys(both, end))]
    assert any("then back to ●" in text for text in names(bar, Role.StaticText))
    (shown,) = (name for name in names(bar, Role.ButtonMenu) if name.startswith("Availability"))
    assert shown.startswith("Availability: Not available until ")
    engine_says(seat, restored(own(seat), end))
    assert "Availability: Available" in names(bar, Role.ButtonMenu)
    assert seat.desk.own_ends() == {}


@pytest.mark.rule("P22")
def test_choosing_without_an_end_takes_the_end_away(seat):
    bar = seat.window.presence_bar
    press(bar, Role.CheckBox, "More about me")
    pick(seat, "Availability: Available", "Discreet")
    asked(seat)
    press(bar, Role.RadioButton, "30 min")
    asked(seat)
    press(bar, Role.RadioButton, "I change it")
    assert asked(seat) == [({"UserAvailability": "DISCREET"}, {})]
    assert "Availability: Discreet" in names(bar, Role.ButtonMenu)


@pytest.mark.rule("P26")
def test_what_was_said_in_another_window_is_shown(seat):
    engine_says(seat, updated(own(seat), {"UserMood": "SAD", "Activity": "LUNCH"}, seat.clock.ms))
    bar = seat.window.presence_bar
    assert "Mood: Sad" in names(bar, Role.ButtonMenu)
    assert not widget(bar, Role.CheckBox, "More about me", QAbstractButton).isChecked()


def test_an_end_for_nothing_asks_for_nothing(seat):
    seat.window.presence_bar.end_chosen.emit(seat.clock.ms + HOUR_MS, ())
    assert seat.bridge.intents("set_presence") == []


# --- others ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("P10")
def test_who_is_idle_is_shown_so_as_time_goes_by(seat):
    resting = Reading(300, seat.clock.ms - 300_000)
    engine_says(seat, replace(person("mary"), readings={**person("mary").readings, "Idle": resting}))
    assert "Mary, available, idle 5 min" in listed(seat)
    seat.clock.ms += 60_000
    seat.window.refresh()
    assert "Mary, available, idle 6 min" in listed(seat)


@pytest.mark.rule("R1", "R5")
def test_one_can_ask_to_be_told_when_somebody_is_available(seat):
    seat.window.people.tell_me_requested.emit("mary")
    (entry,) = seat.desk.waiting()
    assert (entry.alert, entry.stage, entry.recipients, entry.text) == (True, Stage.UNSENT, ("mary",), "")
    ((id, about, condition, _),) = seat.bridge.intents("alert")
    assert (id, about) == (entry.id, "mary")
    assert [clause.value for group in condition.any for clause in group.all] == ["AVAILABLE"]
    assert seat.window.flow.handle == "mary"


def test_where_it_cannot_be_kept_it_is_said(seat, monkeypatch):
    def full(*_: object) -> None:
        raise LocalStoreError("The disk is full.")

    monkeypatch.setattr(seat.history, "remember", full)
    seat.window.people.tell_me_requested.emit("mary")
    assert seat.complaints == [("The disk is full.",)]


def test_of_changes_that_follow_each_other_the_last_is_shown_in_a_moment(seat, qtbot):
    for version in (2, 3):
        seat.bridge.people.emit((person("anna", version, online=version == 2),))
    qtbot.waitUntil(lambda: any(row.startswith("Anna, offline") for row in listed(seat)))


def test_a_change_of_oneself_is_shown_while_the_list_rests(seat):
    seat.bridge.people.emit((person("anna", 2, online=False),))
    seat.bridge.people.emit((person("tom", 2, UserMood="HAPPY"),))
    assert "Mood: Happy" in names(seat.window, Role.ButtonMenu)
