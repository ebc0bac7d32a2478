"""What became of one's own messages is said once, where it belongs."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtWidgets import QApplication

from tact_desktop.local.errors import LocalStoreError
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage
from tact_engine.core.envelope import Otherwise, State
from tests.support.by_role import Role, names, press
from tests.support.paper_seat import PaperSeat, paper_seat

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TEXT, BUTTON = Role.StaticText, Role.Button
BACK = "The time of your message to Mary was up. It is a draft again."
TOO_LATE = "Too late: “Waits” has already been handed over. You can ask to ignore it."
CHANGE_LATE = "Too late: it went to Mary before your change. What you wrote can go as a new message."


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom at his window, in the conversation with Mary; John is there too."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary", "john")
        seat.window.resize(1240, 760)
        seat.window.show()
        seat.window.flow.open("mary")
        yield seat


def held(seat: PaperSeat, text: str = "Waits", **chosen) -> str:
    """A message to Mary that waits."""
    id = seat.desk.send("mary", Draft(text, Preset.NOT_ANGRY, **chosen)).id
    seat.bridge.settled.emit(id, (seat.receipt(id, State.HELD),))
    return id


def says(seat: PaperSeat) -> list[str]:
    return names(seat.window.conversation, TEXT)


def written(seat: PaperSeat) -> str:
    return seat.window.composer.draft().text


def toasts(seat: PaperSeat) -> list[str]:
    """What the toast offers."""
    return [name for name in names(seat.window.conversation, BUTTON) if name.startswith("Open: ")]


# --- back to the drafts ------------------------------------------------------------------------------------------


@pytest.mark.rule("M11")
def test_a_message_whose_time_was_up_is_a_draft_again(seat):
    id = held(seat, otherwise=Otherwise.DRAFTS)
    seat.type("Half a sente")
    seat.tell(id, State.EXPIRED, after_ms=1000)
    assert written(seat) == "Half a sente\n\nWaits"
    assert BACK in says(seat)
    assert seat.history.entry(id) is None
    assert seat.history.draft(seat.desk.conversation_with("mary")).text == "Half a sente\n\nWaits"
    seat.window.flow.open("john")
    assert BACK not in says(seat)
    seat.window.flow.open("mary")
    assert BACK in says(seat)
    seat.enter()
    assert BACK not in says(seat)


@pytest.mark.rule("M10")
def test_a_message_that_simply_expires_is_no_draft(seat):
    id = held(seat)
    seat.tell(id, State.EXPIRED, after_ms=1000)
    assert written(seat) == ""
    assert seat.stage(id) is Stage.EXPIRED


@pytest.mark.rule("M11")
def test_in_another_conversation_it_is_said_and_leads_there(seat):
    id = held(seat, otherwise=Otherwise.DRAFTS)
    seat.window.flow.open("john")
    seat.tell(id, State.EXPIRED, after_ms=1000)
    assert written(seat) == ""
    press(seat.window.conversation, BUTTON, f"Open: {BACK}")
    assert seat.window.flow.handle == "mary"
    assert written(seat) == "Waits"
    assert BACK in says(seat)


@pytest.mark.rule("M11", "M21")
def test_what_was_changed_in_the_editor_comes_back_changed(seat):
    id = held(seat, otherwise=Otherwise.DRAFTS)
    seat.window.flow.begin_edit(id)
    seat.type(" and more")
    seat.tell(id, State.EXPIRED, after_ms=1000)
    assert seat.window.composer.editing() == ""
    assert written(seat) == "Waits and more"
    assert [sentence for sentence in says(seat) if "Too late" in sentence] == []


@pytest.mark.rule("M11")
def test_several_come_back_at_once_while_one_of_them_is_in_the_editor(seat):
    first, other = (
        held(seat, "First", otherwise=Otherwise.DRAFTS),
        held(seat, "Other", otherwise=Otherwise.DRAFTS),
    )
    seat.window.flow.begin_edit(first)
    seat.window.composer.text_field().clear()
    seat.bridge.receipts.emit(tuple(seat.receipt(id, State.EXPIRED, after_ms=1000) for id in (other, first)))
    assert sorted(written(seat).split("\n\n")) == ["First", "Other"]
    assert seat.history.undelivered() == []


@pytest.mark.rule("M11")
def test_a_draft_that_comes_back_waits_for_the_editor_of_another_message(seat):
    other, id = held(seat, "Other"), held(seat, otherwise=Otherwise.DRAFTS)
    seat.window.flow.begin_edit(other)
    seat.tell(id, State.EXPIRED, after_ms=1000)
    assert (seat.window.composer.editing(), written(seat)) == (other, "Other")
    assert seat.history.entry(id) is not None
    seat.window.flow.leave_editor()
    assert written(seat) == "Waits"
    assert seat.history.entry(id) is None
    assert BACK in says(seat)


@pytest.mark.rule("M11")
def test_what_could_not_be_kept_as_a_draft_is_not_deleted(seat):
    id = held(seat, otherwise=Otherwise.DRAFTS)
    with patch.object(seat.history, "set_draft", side_effect=LocalStoreError("The disk is full.")):
        seat.tell(id, State.EXPIRED, after_ms=1000)
    assert seat.stage(id) is Stage.EXPIRED
    assert ("The disk is full.",) in seat.complaints


@pytest.mark.rule("M11", "R1")
def test_an_alert_without_a_note_is_no_draft(seat):
    id = held(seat, "", alert=True, otherwise=Otherwise.DRAFTS)
    seat.tell(id, State.EXPIRED, after_ms=1000)
    assert (written(seat), BACK in says(seat)) == ("", False)
    assert seat.stage(id) is Stage.EXPIRED


def test_a_draft_that_is_thrown_away_takes_its_notice_with_it(seat):
    seat.tell(held(seat, otherwise=Otherwise.DRAFTS), State.EXPIRED, after_ms=1000)
    seat.window.composer.text_field().clear()
    assert BACK not in says(seat)


def test_a_notice_can_be_dismissed(seat):
    seat.tell(held(seat, otherwise=Otherwise.DRAFTS), State.EXPIRED, after_ms=1000)
    press(seat.window.conversation, BUTTON, "Dismiss")
    seat.window.flow.open("john")
    seat.window.flow.open("mary")
    assert BACK not in says(seat)


# --- alerts ------------------------------------------------------------------------------------------------------


@pytest.mark.rule("R1", "R2", "R3")
def test_an_alert_that_came_true_is_a_line_in_its_conversation(seat):
    id = held(seat, "Ask about Friday", alert=True)
    assert seat.window.conversation.rows() == ()
    seat.tell(id, State.DELIVERED, after_ms=1000)
    (line,) = [row for row in seat.window.conversation.rows() if row.key == id]
    assert line.text.endswith("Mary is not Angry — you asked to be told\nAsk about Friday")
    assert toasts(seat) == []
    seat.window.conversation.row_action.emit("write_now", id)
    assert written(seat) == "Ask about Friday"


@pytest.mark.rule("R1", "R2")
def test_elsewhere_it_is_told_and_leads_there(seat):
    id = held(seat, alert=True)
    seat.window.flow.open("john")
    seat.tell(id, State.DELIVERED, after_ms=1000)
    press(seat.window.conversation, BUTTON, "Open: Mary is not Angry — you asked to be told.")
    assert seat.window.flow.handle == "mary"


def test_what_was_noted_is_written_after_the_editor_is_left(seat):
    alert, other = held(seat, "Noted", alert=True), held(seat, "Other")
    seat.tell(alert, State.DELIVERED, after_ms=1000)
    seat.window.flow.begin_edit(other)
    seat.window.conversation.row_action.emit("write_now", alert)
    assert (seat.window.composer.editing(), written(seat)) == ("", "Noted")
    seat.window.conversation.row_action.emit("write_now", "unknown")
    assert written(seat) == "Noted"


# --- after all ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("M16", "M17")
@pytest.mark.parametrize("end", [State.EXPIRED, State.WITHDRAWN])
def test_what_arrived_after_all_is_said_once(seat, end):
    id = held(seat)
    seat.tell(id, end, after_ms=1000)
    seat.tell(id, State.DELIVERED, after_ms=2000)
    assert "Your message to Mary did arrive after all." in says(seat)
    seat.window._toast.passed.emit("")
    seat.window._toast._timer.timeout.emit()
    seat.tell(id, State.READ, after_ms=3000)
    seat.tell(id, State.DELIVERED, after_ms=2000)
    assert "Your message to Mary did arrive after all." not in says(seat)


@pytest.mark.rule("M16")
def test_the_answer_to_a_request_can_tell_it_too(seat):
    id = held(seat)
    seat.tell(id, State.EXPIRED, after_ms=1000)
    seat.window.flow.open("john")
    seat.bridge.settled.emit(id, (seat.receipt(id, State.DELIVERED, after_ms=2000),))
    assert toasts(seat) == ["Open: Your message to Mary did arrive after all."]


def test_what_arrives_as_it_should_needs_no_words(seat):
    id = held(seat)
    seat.tell(id, State.DELIVERED, after_ms=2000)
    assert not any("after all" in sentence for sentence in says(seat))


# --- too late ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("M15", "M24")
def test_what_cannot_be_taken_back_one_may_ask_to_ignore(seat):
    id = held(seat)
    seat.window.flow.withdraw(id)
    seat.bridge.refused.emit(id, "already_released", "Too late.")
    assert [sentence for sentence in says(seat) if "Too late" in sentence] == [TOO_LATE]
    press(seat.window.conversation, BUTTON, "Ask to ignore it")
    assert written(seat) == "Please ignore my message “Waits”."
    assert TOO_LATE not in says(seat)


@pytest.mark.rule("M24")
def test_the_offer_is_gone_with_the_next_message(seat):
    id = held(seat)
    seat.window.flow.withdraw(id)
    seat.bridge.refused.emit(id, "already_released", "Too late.")
    seat.type("Well")
    assert TOO_LATE in says(seat)
    seat.enter()
    assert TOO_LATE not in says(seat)


def test_what_was_refused_for_another_reason_is_only_said(seat):
    id = held(seat)
    seat.window.flow.withdraw(id)
    seat.bridge.refused.emit(id, "already_ended", "Too late.")
    assert "Ask to ignore it" not in names(seat.window.conversation, BUTTON)
    assert any("already ended" in sentence for sentence in says(seat))


@pytest.mark.rule("M15", "M24")
def test_a_message_that_leaves_before_its_change_leaves_the_change_as_a_draft(seat, qtbot):
    id = held(seat)
    seat.window.flow.begin_edit(id)
    seat.type(" and more")
    seat.tell(id, State.RELEASED, after_ms=1000)
    qtbot.waitUntil(lambda: CHANGE_LATE in says(seat))
    assert (seat.window.composer.editing(), written(seat)) == ("", "Waits and more")


def test_a_message_that_leaves_an_editor_unchanged_says_nothing(seat):
    id = held(seat)
    seat.window.flow.begin_edit(id)
    seat.tell(id, State.RELEASED, after_ms=1000)
    QApplication.processEvents()
    assert (written(seat), CHANGE_LATE in says(seat)) == ("", False)


@pytest.mark.rule("M15", "M24")
def test_a_change_that_came_too_late_is_kept_once(seat, qtbot):
    id = held(seat)
    seat.window.flow.begin_edit(id)
    seat.type(" and more")
    press(seat.window, BUTTON, "Save change")
    seat.tell(id, State.RELEASED, after_ms=1000)
    seat.bridge.refused.emit(id, "already_released", "Too late.")
    qtbot.waitUntil(lambda: CHANGE_LATE in says(seat))
    assert written(seat) == "Waits and more"
    assert [sentence for sentence in says(seat) if "Too late" in sentence] == [CHANGE_LATE]


@pytest.mark.rule("M21", "M24")
def test_a_change_after_the_end_of_its_time_is_kept_too(seat, qtbot):
    id = held(seat)
    seat.window.flow.begin_edit(id)
    seat.type(" and more")
    seat.tell(id, State.EXPIRED, after_ms=1000)
    over = "Too late: its time was over before your change. What you wrote can go as a new message."
    qtbot.waitUntil(lambda: over in says(seat))
    assert written(seat) == "Waits and more"


@pytest.mark.rule("R4")
def test_the_message_that_one_was_making_of_an_alert_is_kept_where_the_alert_was_first(seat, qtbot):
    id = held(seat, "Noted", alert=True)
    seat.window.flow.begin_edit(id)
    seat.tell(id, State.DELIVERED, after_ms=1000)
    qtbot.waitUntil(lambda: written(seat) == "Noted")
    assert CHANGE_LATE not in says(seat)


def test_in_another_conversation_a_late_change_waits_for_its_writer(seat, qtbot):
    id = held(seat)
    seat.window.flow.begin_edit(id)
    seat.type(" and more")
    press(seat.window, BUTTON, "Save change")
    seat.window.flow.open("john")
    seat.tell(id, State.RELEASED, after_ms=1000)
    seat.bridge.refused.emit(id, "already_released", "Too late.")
    qtbot.waitUntil(lambda: toasts(seat) == [f"Open: {CHANGE_LATE}"])
    assert seat.history.draft(seat.desk.conversation_with("mary")).text == "Waits and more"
