from dataclasses import replace
from datetime import UTC
from random import Random

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QTextDocumentFragment

from tact_desktop.models.people_model import WORDS_KEPT_MAX, PeopleModel
from tact_desktop.state.people import Glyph, Person, listed
from tact_desktop.widgets.people_delegate import PersonRole
from tact_engine.core.presence import Presence, Reading

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def person(name: str, unread: int = 0, **values) -> Person:
    shown = {"Alias": name.title(), "OnlineStatus": True} | values
    return Person(name, Presence(name, 1, {key: Reading(value, 0) for key, value in shown.items()}), unread)


ANNA, BOB, CARLA = person("anna"), person("bob", UserMood="ANGRY"), person("carla")


@pytest.fixture
def model(qtmodeltester) -> PeopleModel:
    made = PeopleModel()
    qtmodeltester.check(made)  # and at each change that follows
    made.show((ANNA, BOB, CARLA), 0, UTC)
    return made


def handles(model: PeopleModel) -> list[str]:
    return [model.index(place).data(PersonRole.HANDLE) for place in range(model.rowCount())]


def test_a_row_answers_every_role(model):
    row = model.index(1)
    values = [row.data(role) for role in PersonRole]
    assert values == ["bob", "Bob", "Available · Angry", Glyph.AVAILABLE, 0, 0, "😠", False]
    assert row.data() == "Bob"
    assert row.data(SPOKEN) == "Bob, available, mood angry"
    assert row.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.data(model.index(9)) is None


def test_the_mood_of_who_is_away_is_not_shown(model):
    model.show((person("bob", UserMood="ANGRY", OnlineStatus=False),), 0, UTC)
    assert model.index(0).data(PersonRole.MOOD) == ""


def test_who_moves_stays_the_same_row(model):
    bob = QPersistentModelIndex(model.index(1))
    model.show((BOB, ANNA, CARLA))
    assert bob.row() == 0
    model.show((CARLA, person("dora"), BOB))
    assert bob.row() == 2
    assert handles(model) == ["carla", "dora", "bob"]


def test_nothing_is_announced_where_nothing_looks_different(model, qtbot):
    with (
        qtbot.assertNotEmitted(model.dataChanged),
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.assertNotEmitted(model.rowsMoved),
    ):
        model.show((ANNA, BOB, CARLA))


def test_only_what_changed_is_announced(model, qtbot):
    with qtbot.waitSignal(model.dataChanged) as told:
        model.show((ANNA, person("bob", 3), CARLA))
    assert [told.args[0].row(), told.args[1].row()] == [1, 1]
    assert model.index(1).data(PersonRole.UNREAD) == 3


def test_people_are_found_by_handle_and_by_place(model):
    assert model.place_of("carla") == 2
    assert model.place_of("zed") == -1
    assert model.handle_at(2) == "carla"
    assert model.handle_at(-1) == model.handle_at(3) == ""


def test_the_tool_tip_says_name_and_handle(model):
    tip = model.index(1).data(Qt.ItemDataRole.ToolTipRole)
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == "Bob (bob)\nAvailable · Angry"


def test_people_of_one_name_are_told_apart(model):
    model.show((BOB, person("bob2", Alias="BOB"), CARLA), 0, UTC)
    assert model.index(0).data(PersonRole.LINE) == "bob · Available · Angry"
    assert model.index(1).data(PersonRole.LINE) == "bob2 · Available"
    assert model.index(1).data(SPOKEN) == "BOB (bob2), available"
    assert model.index(2).data(PersonRole.LINE) == "Available"


def test_words_are_made_for_rows_that_are_looked_at_and_read_again_in_time(model, qtbot):
    left = person("bob", OnlineStatus=False)
    model.show((ANNA, left, CARLA), 0, UTC)
    assert model.index(1).data(PersonRole.LINE) == "Offline · seen 00:00"
    with qtbot.waitSignal(model.dataChanged) as told:
        model.show((ANNA, left, CARLA), 24 * 3_600_000, UTC)
    assert told.args[0].row() == told.args[1].row() == 1, "only what reads differently"
    assert model.index(1).data(PersonRole.LINE) != "Offline · seen 00:00"


def test_however_many_were_looked_at_what_time_has_changed_is_announced(model, qtbot):
    crowd = tuple(person(f"p{number:03}", OnlineStatus=False) for number in range(WORDS_KEPT_MAX + 1))
    model.show(crowd, 0, UTC)
    assert {model.index(place).data(PersonRole.LINE) for place in range(len(crowd))} == {
        "Offline · seen 00:00"
    }
    with qtbot.waitSignal(model.dataChanged) as told:
        model.show(crowd, 24 * 3_600_000, UTC)
    assert (told.args[0].row(), told.args[1].row()) == (0, WORDS_KEPT_MAX)


def test_who_takes_the_name_of_another_is_told_apart_from_then_on(model):
    model.show((ANNA, BOB, person("carla", Alias="Bob")), 0, UTC)
    assert [model.index(place).data(PersonRole.LINE) for place in (1, 2)] == [
        "bob · Available · Angry",
        "carla · Available",
    ]
    model.show((ANNA, BOB, CARLA), 0, UTC)
    assert model.index(1).data(PersonRole.LINE) == "Available · Angry"


def test_who_has_other_counts_stands_where_a_new_list_would_put_them(model, qtbot):
    random, people = Random(7), {f"p{number}": person(f"p{number}") for number in range(9)}
    model.show(listed(people, "me"))
    for _ in range(120):
        handle = f"p{random.randrange(9)}"
        people[handle] = replace(people[handle], unread=random.randrange(3), last_at=random.randrange(5))
        model.show_counts(people[handle], 0, UTC)
        assert handles(model) == [each.handle for each in listed(people, "me")]
        assert model.index(model.place_of(handle)).data(PersonRole.UNREAD) == people[handle].unread


def test_other_counts_are_announced_for_their_row_alone(model, qtbot):
    with (
        qtbot.waitSignal(model.dataChanged) as told,
        qtbot.assertNotEmitted(model.rowsMoved),
    ):
        model.show_counts(person("anna", 2), 0, UTC)
    assert [told.args[0].row(), told.args[1].row()] == [0, 0]
    with qtbot.assertNotEmitted(model.dataChanged):
        model.show_counts(person("anna", 2), 0, UTC)


def test_who_is_not_listed_stays_so(model):
    model.show_counts(person("zed", 3), 0, UTC)
    assert handles(model) == ["anna", "bob", "carla"]
