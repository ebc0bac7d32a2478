"""The list of people and one's own presence above it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView

from tests.support.by_role import Role, names, widget
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
    assert seat.bridge.intents("set_presence") == [({"UserMood": "HAPPY"},)]
    assert seat.desk.own_presence()["UserMood"] == "HAPPY"
