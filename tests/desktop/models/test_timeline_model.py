from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex

from tact_desktop.models.timeline_model import ROWS_MAX, TimelineModel
from tact_desktop.state.row import MessageRow, RowKind
from tact_desktop.widgets.message_row import ROW


def row(number: int, revision: int = 0) -> MessageRow:
    return MessageRow(str(number), revision, RowKind.BUBBLE, f"message {number}")


def rows(*numbers: int) -> list[MessageRow]:
    return [row(number) for number in numbers]


@pytest.fixture
def model(qtmodeltester) -> TimelineModel:
    made = TimelineModel()
    qtmodeltester.check(made)  # and at each change that follows
    made.show(rows(1, 2, 3))
    return made


def test_rows_come_above_and_below_and_go_without_a_reset(model, qtbot):
    held = QPersistentModelIndex(model.index(1))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show(rows(-1, 0, 1, 2, 3, 4))
        assert held.row() == 3
        model.show(rows(2, 4, 5))
    assert held.data(ROW) == row(2)
    assert [shown.key for shown in model.rows()] == ["2", "4", "5"]


def test_what_was_released_moves_to_its_place(model):
    waiting = QPersistentModelIndex(model.index(2))
    model.show([row(1), row(3, revision=1), row(2)])
    assert waiting.row() == 1
    assert waiting.data(ROW).revision == 1


def test_a_changed_row_is_announced_alone(model, qtbot):
    with qtbot.waitSignal(model.dataChanged) as told:
        model.show([row(1), row(2, revision=1), row(3)])
    assert [told.args[0].row(), told.args[1].row()] == [1, 1]
    with qtbot.assertNotEmitted(model.dataChanged):
        model.show([row(1), row(2, revision=1), row(3)])


def test_at_most_so_many_rows_and_the_newest_of_them(model):
    model.show(rows(*range(ROWS_MAX)))
    assert model.rowCount() == ROWS_MAX
    model.show(rows(*range(ROWS_MAX + 1)))
    assert model.rowCount() == ROWS_MAX
    assert model.index(0).data(ROW).key == "1"


def test_light_is_put_on_rows_and_taken_away(model, qtbot):
    with qtbot.waitSignal(model.dataChanged) as told:
        model.set_highlight(["2", "3", "not shown"], 0.5)
    assert [told.args[0].row(), told.args[1].row()] == [1, 2]
    assert [model.index(place).data(ROW).highlight for place in range(3)] == [0, 0.5, 0.5]
    assert model.rows() == tuple(rows(1, 2, 3))
    model.set_highlight(["2", "3"], 0)
    assert model.index(1).data(ROW) == row(2)


def test_another_conversation_starts_anew(model, qtbot):
    model.set_highlight(["1"], 1)
    with qtbot.waitSignal(model.modelReset):
        model.reset([replace(row(1), text="elsewhere")])
    assert [shown.text for shown in model.rows()] == ["elsewhere"]
    assert model.index(0).data(ROW).highlight == 0
    assert model.data(model.index(9)) is None
