"""A waiting message in the editor is held back, and goes on waiting once the editor is left."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tact_desktop.flows.editing_flow import RENEW_MS, EditingFlow
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.row import BubbleStyle
from tact_engine.core.envelope import State
from tests.support.by_role import Role, names, press
from tests.support.paper_seat import PaperSeat, paper_seat

pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.rule("M8", "M19", "M20")]
LEASE_MS = 600_000


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom at his window; Mary and John are there."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary", "john")
        seat.window.resize(1240, 760)
        seat.window.show()
        yield seat


@pytest.fixture
def editing(seat: PaperSeat) -> str:
    """The id of a message that waits for Mary and is in the editor."""
    id = held(seat)
    seat.window.flow.begin_edit(id)
    return id


def held(seat: PaperSeat, text: str = "Waits", to: str = "mary") -> str:
    id = seat.desk.send(to, Draft(text, Preset.NOT_ANGRY)).id
    seat.bridge.settled.emit(id, (seat.receipt(id, State.HELD, to=to),))
    return id


def told(seat: PaperSeat) -> list[str]:
    """What the engine was told of pauses, in order."""
    return [name for name, *_ in seat.bridge.asked if name in ("pause", "resume", "edit", "withdraw")]


def styles(seat: PaperSeat) -> list[BubbleStyle]:
    return [row.style for row in seat.window.conversation.rows() if row.own]


def renew(seat: PaperSeat):
    flow = seat.window.flow.findChild(EditingFlow)
    assert isinstance(flow, EditingFlow)
    flow.renew()


def test_the_editor_holds_the_message_back_and_says_so(seat, editing):
    assert seat.bridge.intents("pause") == [(editing,)]
    assert "Paused while you edit — its time runs on." in names(seat.window.composer, Role.StaticText)
    assert styles(seat) == [BubbleStyle.PAUSED]
    assert any(
        name.startswith("Paused while you edit") for name in names(seat.window.waiting, Role.StaticText)
    )


def test_it_is_said_again_in_time_while_the_editor_is_open(seat, editing):
    renew(seat)
    assert seat.bridge.intents("pause") == [(editing,)] * 2
    assert 2 * RENEW_MS < LEASE_MS
    press(seat.window.composer, Role.Button, "Resume")
    renew(seat)
    assert len(seat.bridge.intents("pause")) == 2


@pytest.mark.parametrize(
    "leave",
    [
        lambda seat: press(seat.window.composer, Role.Button, "Resume"),
        lambda seat: QTest.keyClick(seat.window.composer.text_field(), Qt.Key.Key_Escape),
        lambda seat: seat.window.flow.open("john"),
        lambda seat: seat.window.close(),
    ],
    ids=["resume", "escape", "other conversation", "window closes"],
)
def test_an_editor_that_is_left_lets_the_message_go(seat, editing, leave):
    leave(seat)
    assert told(seat) == ["pause", "resume"]
    assert seat.bridge.intents("resume") == [(editing,)]
    assert seat.window.composer.editing() == ""
    assert seat.desk.paused == set()


def test_another_message_in_the_editor_lets_the_first_go(seat, editing):
    other = held(seat, "Other")
    seat.window.flow.begin_edit(other)
    assert seat.bridge.intents("resume") == [(editing,)]
    assert seat.bridge.intents("pause") == [(editing,), (other,)]


def test_a_change_ends_the_pause_by_itself(seat, editing):
    seat.type(" no more")
    press(seat.window, Role.Button, "Save change")
    assert told(seat) == ["pause", "edit"]
    assert styles(seat) == [BubbleStyle.HELD]


def test_taking_it_back_ends_the_pause_by_itself(seat, editing):
    seat.window.flow.withdraw(editing)
    assert told(seat) == ["pause", "withdraw"]


def test_a_message_that_has_left_needs_no_resuming(seat, editing):
    seat.tell(editing, State.RELEASED, after_ms=1000)
    assert told(seat) == ["pause"]
    assert (seat.window.composer.editing(), seat.desk.paused) == ("", set())


def test_over_another_link_it_is_said_again(seat, editing):
    seat.lose()
    assert seat.bridge.intents("pause") == [(editing,)]
    seat.meet("mary", "john")
    assert seat.bridge.intents("pause") == [(editing,)] * 2


def test_what_the_engine_gets_only_now_is_held_back_then(seat):
    seat.lose()
    id = seat.desk.send("mary", Draft("Later", Preset.NOT_ANGRY)).id
    seat.window.flow.begin_edit(id)
    seat.meet("mary", "john")
    before = len(seat.bridge.intents("pause"))
    seat.bridge.settled.emit(id, (seat.receipt(id, State.HELD),))
    assert len(seat.bridge.intents("pause")) == before + 1
    seat.bridge.settled.emit(id, (seat.receipt(id, State.HELD),))
    assert len(seat.bridge.intents("pause")) == before + 1


def refuse_a_change(seat: PaperSeat, id: str, reopened_for: str = "") -> None:
    seat.type(" no more")
    press(seat.window, Role.Button, "Save change")
    if reopened_for:
        seat.window.flow.begin_edit(reopened_for)
    seat.bridge.refused.emit(id, "revision_mismatch", "Changed elsewhere.")
    QApplication.processEvents()


def test_a_change_that_was_refused_is_in_the_editor_again_and_holds_the_message_back(seat, editing):
    refuse_a_change(seat, editing)
    assert seat.window.composer.editing() == editing
    assert (told(seat), seat.desk.paused) == (["pause", "edit", "pause"], {editing})
    seat.window.flow.leave_editor()
    assert seat.bridge.intents("resume") == [(editing,)]


def test_where_another_message_is_in_the_editor_what_was_refused_is_let_go(seat, editing):
    other = held(seat, "Other")
    refuse_a_change(seat, editing, reopened_for=other)
    assert seat.window.composer.editing() == other
    assert seat.bridge.intents("resume") == [(editing,)]


def test_what_has_left_before_its_change_needs_no_resuming(seat, editing):
    seat.type(" no more")
    press(seat.window, Role.Button, "Save change")
    seat.tell(editing, State.RELEASED, after_ms=1000)
    seat.bridge.refused.emit(editing, "already_released", "Too late.")
    QApplication.processEvents()
    assert told(seat) == ["pause", "edit"]
