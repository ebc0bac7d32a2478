"""The conversation in the middle: rows, drafts, the composer and what is done with a row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tact_desktop.flows.conversation_flow import DRAFT_SAVE_MS
from tact_desktop.page import PAGE_ENTRIES, PAGE_ENTRIES_MORE
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage
from tact_desktop.state.row import RowKind
from tact_desktop.window import MainWindow
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import State
from tests.support.by_role import Role, names, press
from tests.support.heard import heard
from tests.support.paper_seat import PaperSeat, paper_seat, person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom at his window; Mary and John are there."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary", "john")
        seat.window.resize(1240, 760)
        seat.window.show()
        seat.window.activateWindow()
        qtbot.waitUntil(seat.window.isActiveWindow)
        yield seat


def texts(window: MainWindow) -> list[str]:
    """What the rows say, lines between them included."""
    return [row.text for row in window.conversation.rows() if row.kind is not RowKind.DAY]


def held(seat: PaperSeat, text: str, preset: Preset = Preset.NOT_ANGRY, to: str = "mary") -> str:
    """A message that waits."""
    id = seat.desk.send(to, Draft(text, preset)).id
    seat.bridge.settled.emit(id, (seat.receipt(id, State.HELD, to=to),))
    return id


def test_nobody_is_shown_until_somebody_is_chosen(seat):
    assert "Choose somebody on the left" in names(seat.window, Role.StaticText)
    seat.window.flow.refresh()
    seat.window.flow.save_draft()
    for signal in (
        seat.window.conversation.near_top,
        seat.window.conversation.near_bottom,
        seat.window.conversation.newest_wanted,
        seat.window.conversation.focused_seen,
        seat.window.composer.edit_last_requested,
    ):
        signal.emit()
    seat.window.composer.send_requested.emit(Draft("To whom?"))
    assert seat.desk.waiting() == []


def test_what_is_new_stands_behind_a_line(seat):
    seat.receive("Old", by="mary")
    seat.desk.mark_read("mary", seat.desk.page("mary").last_position)
    seat.receive("New", "Newer", by="mary")
    seat.window.flow.open("mary")
    assert texts(seat.window) == ["Old", "New messages", "New", "Newer"]
    seat.type("I see")
    seat.enter()
    assert texts(seat.window)[:3] == ["Old", "New", "Newer"]


@pytest.mark.rule("M18")
def test_what_was_seen_is_told_and_what_was_not_is_not(seat, qtbot):
    ids = seat.receive("One", "Two")
    assert seat.bridge.intents("mark_read") == []
    seat.window.flow.open("mary")
    qtbot.waitUntil(lambda: seat.bridge.intents("mark_read") == [(tuple(ids),)])
    others = seat.receive("Elsewhere", by="john")
    assert seat.desk.people["john"].unread == 1
    assert (tuple(others),) not in seat.bridge.intents("mark_read")


def test_older_messages_come_when_they_are_wanted(seat):
    seat.receive(*map(str, range(PAGE_ENTRIES + PAGE_ENTRIES_MORE)))
    seat.window.flow.open("mary")
    assert "0" not in texts(seat.window)
    seat.window.conversation.near_top.emit()
    assert "0" in texts(seat.window)
    seat.window.conversation.newest_wanted.emit()
    assert "0" not in texts(seat.window)
    assert texts(seat.window)[-1] == str(PAGE_ENTRIES + PAGE_ENTRIES_MORE - 1)


def test_enter_sends_what_was_chosen_and_the_choice_is_back_at_now(seat):
    seat.window.flow.open("mary")
    seat.window.composer.choose(Preset.AVAILABLE)
    seat.type("One")
    seat.enter()
    seat.type("Two")
    seat.enter()
    submitted = [(text, when) for _, _, text, when, *_ in seat.bridge.intents("submit")]
    assert submitted == [("One", PRESETS["available"]), ("Two", WHEN_ONLINE)]


def test_a_pinned_choice_stays(seat):
    seat.window.flow.open("mary")
    seat.window.composer.choose(Preset.AVAILABLE)
    seat.window.composer.draft_changed.emit(Draft("x", Preset.AVAILABLE, pinned=True))
    seat.window.composer.send_requested.emit(Draft("x", Preset.AVAILABLE, pinned=True))
    assert seat.window.composer.draft() == Draft("", Preset.AVAILABLE, pinned=True)


def test_control_enter_sends_now_whatever_is_chosen(seat):
    seat.window.flow.open("mary")
    pinned = Draft("", Preset.AVAILABLE, pinned=True)
    seat.window.composer.show_draft(pinned)
    seat.window.composer.draft_changed.emit(pinned)
    seat.type("Now")
    for _ in range(2):
        QTest.keyClick(seat.window.composer.text_field(), Qt.Key.Key_Return, CONTROL)
    assert seat.window.composer.draft() == pinned
    assert [when for _, _, _, when, *_ in seat.bridge.intents("submit")] == [WHEN_ONLINE]


def test_a_draft_is_kept_after_a_moment_and_at_once_when_another_conversation_opens(seat, qtbot):
    seat.window.flow.open("mary")
    conversation = seat.desk.conversation_with("mary")
    seat.type("Half a sente")
    assert seat.history.draft(conversation) == Draft()
    qtbot.waitUntil(
        lambda: seat.history.draft(conversation).text == "Half a sente", timeout=5 * DRAFT_SAVE_MS
    )
    seat.type("nce")
    seat.window.flow.open("john")
    assert seat.history.draft(conversation).text == "Half a sentence"
    assert seat.window.composer.draft() == Draft()


def test_arrow_up_in_an_empty_message_edits_the_last_one_that_waits(seat):
    held(seat, "First")
    last = held(seat, "Last")
    held(seat, "Elsewhere", to="john")
    seat.window.flow.open("mary")
    QTest.keyClick(seat.window.composer.text_field(), Qt.Key.Key_Up)
    assert seat.window.composer.editing() == last
    assert seat.window.composer.draft().text == "Last"


def test_while_one_edits_the_draft_of_the_conversation_is_left_alone(seat):
    id = held(seat, "Waits")
    seat.window.flow.open("mary")
    seat.type("My draft")
    seat.window.flow.begin_edit(id)
    seat.type(" longer")
    seat.window.flow.open("john")
    assert seat.window.composer.editing() == ""
    assert seat.history.draft(seat.desk.conversation_with("mary")).text == "My draft"
    seat.window.flow.begin_edit(id)
    assert seat.window.flow.handle == "mary"
    seat.window.flow.begin_edit("unknown")
    assert seat.window.composer.editing() == id


@pytest.mark.rule("M7")
def test_a_change_is_asked_for_with_the_revision_it_was_made_on(seat):
    id = held(seat, "Waits")
    seat.window.flow.begin_edit(id)
    seat.window.composer.choose(Preset.AVAILABLE)
    press(seat.window, Role.Button, "Save change")
    assert seat.bridge.intents("edit") == [(id, 1, "Waits", PRESETS["available"], None, None, None)]
    assert seat.window.composer.editing() == ""
    entry = seat.history.entry(id)
    assert entry is not None
    assert entry.condition == PRESETS["not angry"], "shown changed once the engine has it"


@pytest.mark.parametrize(
    ("action", "intent"), [("send_now", "send_now"), ("withdraw", "withdraw"), ("edit", None)]
)
def test_what_is_done_with_a_row_that_waits(seat, action, intent):
    id = held(seat, "Waits")
    seat.window.flow.open("mary")
    seat.window.conversation.row_action.emit(action, id)
    if intent is None:
        assert seat.window.composer.editing() == id
    else:
        assert seat.bridge.intents(intent) == [(id,)]


def test_what_is_done_with_a_row_that_has_ended(seat):
    first, second = held(seat, "Coffee now?"), held(seat, "Tea?")
    for id in (first, second):
        seat.tell(id, State.EXPIRED, after_ms=1000)
    seat.window.flow.open("mary")
    assert texts(seat.window) == ["Coffee now?", "Tea?"]
    seat.clock.ms += 60_000
    seat.window.conversation.row_action.emit("send_again", first)
    (again,) = seat.desk.waiting()
    assert (again.text, again.condition, again.stage) == ("Coffee now?", PRESETS["not angry"], Stage.UNSENT)
    assert again.written_at == seat.clock.ms
    seat.window.conversation.row_action.emit("delete", second)
    assert texts(seat.window) == ["Coffee now?"]


def test_withdrawing_what_is_edited_ends_the_editing_and_undo_waits_for_the_answer(seat):
    id = held(seat, "Waits")
    told = heard(seat.window.flow.withdrawn)
    seat.window.flow.begin_edit(id)
    seat.window.flow.withdraw(id)
    assert (seat.window.composer.editing(), told) == ("", [])
    seat.bridge.settled.emit(id, (seat.receipt(id, State.WITHDRAWN, after_ms=1),))
    assert [entry.text for (entry,) in told] == ["Waits"]
    seat.window.flow.withdraw(id)
    seat.desk.withdraw("unknown")
    assert len(told) == 1


@pytest.mark.parametrize("code", ["already_released", "already_ended"])
def test_what_could_not_be_taken_back_is_not_offered_for_undoing(seat, code):
    id = held(seat, "Gone")
    told = heard(seat.window.flow.withdrawn)
    seat.window.flow.open("mary")
    seat.window.flow.withdraw(id)
    seat.bridge.refused.emit(id, code, "Too late.")
    assert (told, [sentence[:8] for (sentence,) in seat.complaints]) == ([], ["Too late"])
    assert texts(seat.window) == ["Gone"]


def test_the_preview_follows_the_other_and_the_link(seat):
    seat.window.flow.open("mary")
    seat.type("Hello")
    composer = seat.window.composer
    assert composer.preview_sentence() == "● Mary is online — goes at once."
    seat.bridge.people.emit((person("mary", 2, online=False),))
    assert "Mary is offline — delivered when Mary is online" in composer.preview_sentence()
    seat.lose()
    assert "Not connected — kept on this computer" in composer.preview_sentence()


def test_somebody_who_is_not_known_is_not_shown_under_another_name(seat):
    seat.window.flow.open("mary")
    seat.window.flow.open("stranger")
    assert "Mary" not in names(seat.window.conversation, Role.StaticText)


@pytest.mark.rule("O9", "O10")
def test_what_waits_here_may_be_overtaken_or_waited_for(seat):
    held(seat, "First")
    held(seat, "Elsewhere", to="john")
    seat.window.flow.open("mary")
    seat.type("Second")
    assert "It may overtake the message that waits here." in seat.window.composer.preview_sentence()
    press(seat.window, Role.CheckBox, "after the one that waits")
    assert seat.window.composer.preview_sentence().startswith("○ In turn")
    press(seat.window, Role.Button, "Send in turn")
    assert seat.desk.waiting()[-1].keep_order


def refused(seat: PaperSeat, id: str, text: str) -> None:
    """A change of a message that the engine does not take."""
    seat.desk.edit(id, Draft(text, Preset.AVAILABLE))
    seat.bridge.refused.emit(id, "revision_mismatch", "Changed elsewhere.")


@pytest.mark.rule("M7")
def test_a_change_that_was_not_accepted_is_in_the_editor_again(seat):
    id = held(seat, "First")
    seat.window.flow.open("mary")
    seat.type("Half a thought")
    refused(seat, id, "First, better")
    assert seat.window.composer.editing() == id
    assert seat.window.composer.draft().text == "First, better"
    assert seat.window.composer.draft().preset is Preset.AVAILABLE
    seat.window.flow.leave_editor()
    assert seat.window.composer.draft().text == "Half a thought"


def test_it_waits_until_its_conversation_and_its_turn_come(seat):
    id, other = held(seat, "First"), held(seat, "To John", to="john")
    seat.window.flow.open("john")
    refused(seat, id, "First, better")
    assert (seat.window.flow.handle, seat.window.composer.editing()) == ("john", "")
    seat.window.flow.begin_edit(other)
    refused(seat, other, "To John, better")
    assert seat.window.composer.draft().text == "To John"
    seat.window.flow.leave_editor()
    assert (seat.window.composer.editing(), seat.window.composer.draft().text) == (other, "To John, better")
    seat.window.flow.open("mary")
    assert (seat.window.composer.editing(), seat.window.composer.draft().text) == (id, "First, better")


def test_what_has_gone_meanwhile_is_not_opened(seat):
    id = held(seat, "First")
    seat.window.flow.open("john")
    refused(seat, id, "First, better")
    seat.tell(id, State.DELIVERED, after_ms=1000)
    seat.window.flow.open("mary")
    assert seat.window.composer.editing() == ""


def test_who_does_not_belong_here_any_more_reads_and_writes_nothing(seat):
    seat.receive("Goodbye")
    seat.window.flow.open("mary")
    seat.lose("This device may not sign in as “tom” any more.", "removed", again=False)
    said = "Nothing can be sent from here any more. You can still read what was written."
    assert said in names(seat.window, Role.StaticText)
    assert "Message: Mary" not in names(seat.window, Role.EditableText)
    seat.meet("mary")
    assert said not in names(seat.window, Role.StaticText)
    assert "Message: Mary" in names(seat.window, Role.EditableText)


def test_who_was_removed_can_be_read_and_not_written_to(seat):
    seat.receive("Goodbye")
    seat.window.flow.open("mary")
    id = held(seat, "Shall we talk?")
    seat.tell(id, State.FAILED, after_ms=5)
    seat.bridge.gone.emit(("mary",))
    said = names(seat.window, Role.StaticText)
    assert "No longer in this office" in said
    assert "Mary is no longer in this office. You can still read what you wrote to each other." in said
    assert "Mary was removed: it could not be delivered." in said, "on its card"
    assert [row.foot for row in seat.window.conversation.rows() if row.key == id] == [
        "⚠ Mary was removed: it could not be delivered."
    ]
    assert "Message: Mary" not in names(seat.window, Role.EditableText)
    assert names(seat.window.people, Role.ListItem)[-1] == "Mary, no longer in this office, 1 unread"
    assert "2 people" in said
    seat.window.flow.open("john")
    assert "Message: John" in names(seat.window, Role.EditableText)
    seat.window.flow.open("mary")
    seat.bridge.people.emit((person("mary", 1),))
    assert "Message: Mary" in names(seat.window, Role.EditableText), "she is back"
