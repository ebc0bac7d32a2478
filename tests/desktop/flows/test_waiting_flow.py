"""The list of what waits follows the desk."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QScrollArea

from tact_desktop.flows.waiting_flow import ASK_MS
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.widgets.chip import Chip
from tact_engine.core.conditions import PRESETS, Condition, Verdict
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import State
from tests.support.by_role import Role, names, press
from tests.support.paper_seat import PaperSeat, paper_seat, person

TEXT, BUTTON = Role.StaticText, Role.Button
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom, who has a message waiting for Mary."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary", "john")
        seat.window.resize(1240, 760)
        seat.window.show()
        yield seat


def held(seat: PaperSeat, text: str = "The roadmap", to: str = "mary", **chosen) -> str:
    draft = replace(Draft(text, Preset.AVAILABLE), **chosen)
    id = seat.desk.send(to, draft).id
    seat.bridge.settled.emit(id, (seat.receipt(id, State.HELD, to=to),))
    return id


def shown(seat: PaperSeat) -> list[str]:
    return names(seat.window.waiting, TEXT)


def test_nothing_waits(seat):
    assert {"Waiting", "Nothing is waiting"} <= {*shown(seat)}


def test_a_card_says_whom_it_is_for_what_for_and_how_long_still(seat):
    held(seat)
    assert {"Waiting (1)", "Mary", "The roadmap"} <= {*shown(seat)}
    assert any("6 d 23 h" in text or "7 d" in text or "1 week" in text for text in shown(seat))
    seat.clock.ms += 6 * DAY_MS + 23 * 3600 * 1000
    seat.window.refresh()
    assert any("1 h" in text or "60 min" in text for text in shown(seat))


def test_the_marks_follow_the_other(seat):
    held(seat)
    before = shown(seat)
    seat.bridge.people.emit((person("mary", 2, UserAvailability="NOT_AVAILABLE"),))
    assert shown(seat) != before


def test_what_did_not_arrive_says_why_and_goes_again(seat):
    id = held(seat)
    seat.tell(id, State.EXPIRED, after_ms=1000)
    assert "Not delivered (1)" in shown(seat)
    assert any("Its time ran out" in text for text in shown(seat))
    press(seat.window.waiting, BUTTON, "Send again")
    assert not any("Not delivered" in text for text in shown(seat))
    (again,) = seat.desk.waiting()
    seat.settle(again.id)
    assert "Waiting (1)" in shown(seat)


def test_what_is_just_being_handed_over_does_not_wait_yet(seat):
    """The engine says in a moment whether it does; a card for each message would come and go."""
    id = seat.desk.send("mary", Draft("The roadmap", Preset.AVAILABLE)).id
    assert ("Nothing is waiting" in shown(seat), seat.desk.people["mary"].waiting) == (True, 0)
    seat.settle(id)
    assert ("Waiting (1)" in shown(seat), seat.desk.people["mary"].waiting) == (True, 1)


def test_what_cannot_be_handed_over_waits_until_the_engine_is_there_again(seat):
    seat.desk.send("mary", Draft("The roadmap", Preset.AVAILABLE))
    seat.lose()
    assert {"Waiting (1)", "Not handed over yet"} <= {*shown(seat)}
    assert seat.desk.people["mary"].waiting == 1
    seat.meet("mary", "john")
    assert ("Nothing is waiting" in shown(seat), seat.desk.people["mary"].waiting) == (True, 0)


def test_what_arrived_today_is_counted_until_the_day_is_over(seat):
    id = held(seat)
    seat.clock.ms += 1000
    seat.tell(id, State.RELEASED, after_ms=1000)
    seat.tell(id, State.DELIVERED, after_ms=1001)
    assert "Delivered today: 1" in shown(seat)
    seat.clock.ms += DAY_MS
    seat.window.refresh()
    assert "Delivered today: 0" in shown(seat)


def test_it_says_that_the_engine_is_away_and_what_is_kept(seat):
    seat.lose()
    assert any("“Office” cannot be reached" in text for text in shown(seat))
    seat.desk.send("mary", Draft("Later"))
    assert any("1 message is kept" in text for text in shown(seat))
    seat.meet("mary")
    assert not any("cannot be reached" in text for text in shown(seat))


def test_a_card_opens_its_conversation(seat):
    held(seat, to="john")
    seat.window.waiting.open_conversation.emit(seat.desk.waiting()[0].id)
    assert seat.window.flow.handle == "john"
    seat.window.waiting.open_conversation.emit("unknown")
    assert seat.window.flow.handle == "john"


# --- why it waits ------------------------------------------------------------------------------------------------


def chips(seat: PaperSeat) -> list[str]:
    """What the chips say, from the top."""
    return [chip.accessibleName() for chip in seat.window.waiting.findChildren(Chip) if chip.isVisible()]


def asked(seat: PaperSeat, qtbot) -> list[str]:
    """What the engine is asked to explain, once what was gathered has been asked; forgotten for the next time."""
    timer = seat.window.waiting_flow._asking
    qtbot.waitUntil(lambda: not timer.isActive(), timeout=10 * ASK_MS)
    ids = [id for (id,) in seat.bridge.intents("explain")]
    seat.bridge.asked.clear()
    return ids


def explain(seat: PaperSeat, id: str, truth: bool | None = None, clauses=((None,),), **fields):
    """The engine's answer."""
    seat.bridge.explained.emit(id, (Standing("mary", Verdict(truth, True, clauses), **fields),))


@pytest.mark.rule("W29")
def test_the_engine_is_asked_once_and_its_answer_wins(seat, qtbot):
    id = held(seat)
    assert chips(seat)[1].startswith("Availability is Available: true now")
    seat.window.refresh()
    assert asked(seat, qtbot) == [id]
    explain(seat, id)
    assert chips(seat)[1].startswith("Availability is Available: can't tell")
    seat.window.refresh()
    assert asked(seat, qtbot) == []


def test_another_presence_is_judged_here_until_the_engine_answers_again(seat, qtbot):
    id, other = held(seat), held(seat, to="john")
    assert asked(seat, qtbot) == sorted([id, other])
    explain(seat, id)
    seat.bridge.people.emit((person("mary", 2, UserAvailability="NOT_AVAILABLE"),))
    seat.bridge.people.emit((person("mary", 3, UserAvailability="DISCREET"),))
    assert "Availability is Available: not yet" in chips(seat)
    assert asked(seat, qtbot) == [id]


@pytest.mark.rule("W24")
def test_when_a_moment_has_come_the_engine_is_asked_again(seat, qtbot):
    later = Condition(not_before=seat.clock.ms + 60_000)
    id = held(seat, preset=Preset.CUSTOM, custom=later)
    asked(seat, qtbot)
    seat.bridge.explained.emit(id, (Standing("mary", Verdict(False, True, (), not_before=False)),))
    seat.window.refresh()
    assert asked(seat, qtbot) == []
    seat.clock.ms += 60_000
    seat.window.refresh()
    assert asked(seat, qtbot) == [id]


@pytest.mark.rule("M7", "W11")
def test_what_was_explained_before_a_change_is_forgotten(seat, qtbot):
    id = held(seat)
    asked(seat, qtbot)
    explain(seat, id)
    seat.tell(id, State.HELD, revision=2)
    assert chips(seat)[1].startswith("Availability is Available: true now")
    assert asked(seat, qtbot) == [id]


def test_only_the_cards_in_sight_are_asked_about_and_the_others_once_they_are_seen(seat, qtbot):
    ids = [held(seat, str(number), valid_for=3600 * (number + 1)) for number in range(20)]
    first = asked(seat, qtbot)
    assert ids[0] in first
    assert ids[-1] not in first
    last = seat.window.waiting.findChild(QScrollArea).verticalScrollBar()
    last.setValue(last.maximum())
    qtbot.waitUntil(lambda: ids[-1] in seat.window.waiting.in_sight())
    assert ids[-1] in asked(seat, qtbot)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_list_out_of_sight_asks_nothing_until_it_is_shown(seat, qtbot):
    seat.window.show_waiting(False)
    id = held(seat)
    assert asked(seat, qtbot) == []
    seat.window.show_waiting(True)
    qtbot.waitUntil(lambda: id in seat.window.waiting.in_sight())
    assert asked(seat, qtbot) == [id]


def test_the_card_one_comes_to_is_asked_about_again(seat, qtbot):
    id = held(seat)
    asked(seat, qtbot)
    explain(seat, id)
    seat.window.waiting.card_noticed.emit(id)
    seat.window.waiting.card_noticed.emit("gone")
    assert asked(seat, qtbot) == [id]


def test_what_the_engine_does_not_have_is_not_asked_about(seat, qtbot):
    seat.desk.send("mary", Draft("Unsent"))
    assert asked(seat, qtbot) == []


@pytest.mark.rule("O10", "O12")
def test_which_message_is_in_front_is_asked_again_when_the_conversation_has_changed(seat, qtbot):
    front, id = held(seat, "Lunch?"), held(seat, keep_order=True)
    asked(seat, qtbot)
    explain(seat, id, behind=front)
    assert "After “Lunch?”: not yet" in chips(seat)
    seat.tell(front, State.RELEASED, after_ms=1000)
    assert "In its turn: can't tell" in chips(seat)
    assert asked(seat, qtbot) == [id]
    explain(seat, id, behind="forgotten")
    assert "After an earlier message: not yet" in chips(seat)


def test_while_the_engine_is_away_the_marks_are_as_last_known_and_then_asked_anew(seat, qtbot):
    id = held(seat)
    asked(seat, qtbot)
    explain(seat, id)
    seat.lose()
    assert "The marks below are as last known." in shown(seat)
    assert all("as last known" in chip for chip in chips(seat))
    seat.window.waiting.card_noticed.emit(id)
    assert asked(seat, qtbot) == []
    seat.meet("mary", "john")
    assert not any("as last known" in chip for chip in chips(seat))
    assert asked(seat, qtbot) == [id]


@pytest.mark.rule("W16")
def test_what_must_hold_still_is_counted_down_while_it_is_seen(seat, qtbot):
    id = held(seat, preset=Preset.CUSTOM, custom=Condition(any=PRESETS["available"].any, dwell=300))
    explain(seat, id, True, ((True,),), dwell_left_ms=200_000)
    assert "Stays so for 5 min: not yet, 3 min 20 s left" in chips(seat)
    counting = seat.window.waiting_flow._counting
    assert counting.isActive()
    seat.clock.ms += 20_000
    counting.timeout.emit()
    assert "Stays so for 5 min: not yet, 3 min left" in chips(seat)
    explain(seat, id, False, ((False,),))
    assert not counting.isActive()


def test_an_answer_about_what_waits_no_more_is_nothing(seat):
    explain(seat, "gone")
    assert chips(seat) == []


# --- to be told --------------------------------------------------------------------------------------------------


@pytest.mark.rule("R1", "R4")
def test_a_message_becomes_an_alert_and_keeps_its_text_here(seat):
    id = held(seat)
    press(seat.window.waiting, BUTTON, "Only tell me instead")
    ((asked_id, _, text, *_, alert),) = seat.bridge.intents("edit")
    assert (asked_id, text, alert) == (id, None, True)
    seat.bridge.settled.emit(id, (seat.receipt(id, State.HELD, revision=2),))
    assert {"To be told (1)", "Tell me when Mary is Available", "The roadmap"} <= {*shown(seat)}
    assert "Waiting" in shown(seat)
    seat.window.flow.tell_only("gone")
    assert len(seat.bridge.intents("edit")) == 1


@pytest.mark.rule("R4")
def test_an_alert_becomes_a_message_in_the_composer(seat):
    id = held(seat, "Ask her", alert=True)
    press(seat.window.waiting, BUTTON, "Make it a message…")
    composer = seat.window.composer
    assert (composer.editing(), composer.draft().text, composer.draft().alert) == (id, "Ask her", False)
    press(seat.window, BUTTON, "Save change")
    ((_, _, text, *_, alert),) = seat.bridge.intents("edit")
    assert (text, alert) == ("Ask her", False)


@pytest.mark.rule("R1")
def test_an_alert_is_no_message_that_waits(seat):
    held(seat, "Ask her", alert=True)
    seat.window.flow.open("mary")
    assert {"Waiting", "To be told (1)"} <= {*shown(seat)}
    assert "1 waiting" not in [button.text() for button in seat.window.status.findChildren(QPushButton)]
    assert "1 waiting here" not in names(seat.window, BUTTON)
    seat.window.composer.edit_last_requested.emit()
    assert seat.window.composer.editing() == ""


@pytest.mark.rule("R1")
def test_an_alert_is_stopped_and_can_be_asked_for_again(seat):
    id = held(seat, "Ask her", alert=True)
    press(seat.window.waiting, BUTTON, "Stop")
    seat.bridge.settled.emit(id, (seat.receipt(id, State.WITHDRAWN, after_ms=1),))
    assert not any("To be told" in text for text in shown(seat))
    press(seat.window, BUTTON, "Undo: Withdrawn.")
    ((_, about, *_),) = seat.bridge.intents("alert")[1:]
    assert about == "mary"


def test_what_somebody_who_was_removed_did_not_get_is_not_sent_again(seat):
    id = held(seat)
    seat.bridge.gone.emit(("mary",))
    seat.tell(id, State.FAILED, after_ms=1000)
    assert "Not delivered (1)" in shown(seat)
    assert [name for name in names(seat.window.waiting, BUTTON) if name in ("Send again", "Delete")] == [
        "Delete"
    ]
    seat.bridge.people.emit((person("mary", 9),))
    assert "Send again" in names(seat.window.waiting, BUTTON), "she is back"


def test_an_engine_that_lets_one_in_no_more_is_not_called_away(seat):
    seat.lose("Not you.", "removed", again=False)
    assert "You or this computer was removed from “Office”." in shown(seat)
    seat.lose("The short name is bad.", "bad_handle", again=False)
    assert "The short name is bad." in shown(seat)
    seat.lose()
    assert any("cannot be reached" in said for said in shown(seat))
