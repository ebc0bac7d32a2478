"""One's own messages without an engine: what is asked, what answers change, and what a closed window keeps."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tact_desktop.local.changes import Change
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.outbox import waiting
from tact_desktop.state.wording import refusal_text
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Verdict
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import SECOND_LIFE_SECONDS_MAX, VALIDITY_SECONDS_MAX, Otherwise, State
from tests.support.heard import heard
from tests.support.paper_seat import PaperSeat, paper_seat

HOUR = 3600
AVAILABLE, NOT_ANGRY = PRESETS["available"], PRESETS["not angry"]
TOLD = Draft("Ask her for the key", Preset.AVAILABLE, None, HOUR, alert=True)
"""An alert: its text is a note to oneself."""


@pytest.fixture
def tom(qtbot, tmp_path):
    with paper_seat(tmp_path) as seat:
        seat.meet("mary")
        yield seat


def held(tom: PaperSeat, draft: Draft | None = None) -> str:
    """A message of Tom's to Mary that the engine has accepted and that waits."""
    id = tom.desk.send("mary", draft or Draft("Before", Preset.AVAILABLE, None, HOUR)).id
    tom.settle(id)
    return id


def kept(tom: PaperSeat, id: str) -> Entry:
    """The message as this computer has it."""
    entry = tom.history.entry(id)
    assert entry is not None, "it was written here"
    return entry


def come_back(tom: PaperSeat) -> None:
    """Close the window, open it again, and start."""
    tom.reopen()
    tom.desk.start()


def refuse(tom: PaperSeat, id: str, code: str) -> None:
    tom.bridge.refused.emit(id, code, f"No: {code}.")


# --- sending -------------------------------------------------------------------------------------------------


def test_a_message_is_in_the_history_as_unsent_when_it_is_handed_over(tom):
    stages: list[Stage | None] = []
    tom.bridge.submit = lambda id, *rest: stages.append(tom.stage(id))  # pyright: ignore
    tom.desk.send("mary", Draft("First kept, then sent"))
    assert stages == [Stage.UNSENT]


@pytest.mark.rule("M11", "M12", "O10")
def test_everything_that_was_chosen_is_asked_for_and_kept(tom):
    draft = Draft("All of it", Preset.NOT_ANGRY, None, HOUR, otherwise=Otherwise.DELIVER, keep_order=True)
    id = tom.desk.send("mary", draft).id
    asked = (id, ("mary",), "All of it", NOT_ANGRY, HOUR, Otherwise.DELIVER, True)
    assert tom.bridge.intents("submit") == [asked]
    come_back(tom)
    assert tom.bridge.intents("submit") == [asked], "it was not confirmed"
    assert (kept(tom, id).otherwise, kept(tom, id).keep_order) == (Otherwise.DELIVER, True)


def test_an_expired_message_is_sent_again_with_its_condition_and_its_whole_time(tom):
    id = held(tom, Draft("Coffee now?", Preset.NOT_ANGRY, None, HOUR, otherwise=Otherwise.DRAFTS))
    tom.tell(id, State.EXPIRED, after_ms=3_600_000)
    assert tom.stage(id) is Stage.EXPIRED
    assert tom.desk.people["mary"].waiting == 0
    tom.desk.send_again(id)
    (again,) = tom.desk.waiting()
    assert (again.text, again.condition, again.valid_for) == ("Coffee now?", NOT_ANGRY, HOUR)
    assert again.otherwise is Otherwise.DRAFTS
    assert tom.stage(id) is None
    assert [asked[0] for asked in tom.bridge.intents("submit")] == [id, again.id]


def test_what_is_sent_again_begins_anew(tom):
    id = held(tom, Draft("Old", Preset.AVAILABLE, None, HOUR, otherwise=Otherwise.DELIVER))
    tom.desk.edit(id, Draft("New", Preset.AVAILABLE, None, HOUR, otherwise=Otherwise.DELIVER))
    tom.settle(id, revision=2)
    tom.tell(id, State.EXPIRED, revision=3, after_ms=9, second=True)
    ended = kept(tom, id)
    assert (ended.revision, ended.text_revision, ended.second) == (3, 2, True)
    tom.desk.send_again(id)
    (again,) = tom.desk.waiting()
    assert (again.revision, again.text_revision, again.second, again.expires_at) == (1, 1, False, 0)


# --- changing ------------------------------------------------------------------------------------------------


@pytest.mark.rule("M7")
def test_a_change_that_the_engine_has_is_shown_also_where_it_waits_on(tom):
    id = held(tom)
    tom.desk.edit(id, Draft(" After\n", Preset.NOT_ANGRY, None, 2 * HOUR, otherwise=Otherwise.DRAFTS))
    assert tom.bridge.intents("edit") == [(id, 1, "After", NOT_ANGRY, 2 * HOUR, Otherwise.DRAFTS, None)]
    assert kept(tom, id).text == "Before"
    tom.settle(id, revision=2, expires_at=777)
    entry = kept(tom, id)
    assert (entry.text, entry.revision, entry.stage, entry.condition) == ("After", 2, Stage.HELD, NOT_ANGRY)
    assert (entry.valid_for, entry.expires_at, entry.otherwise) == (2 * HOUR, 777, Otherwise.DRAFTS)


def test_what_stays_is_not_asked_for(tom):
    id = held(tom)
    tom.desk.edit(id, Draft("After", Preset.AVAILABLE, None, HOUR))
    assert tom.bridge.intents("edit") == [(id, 1, "After", AVAILABLE, None, None, None)]


@pytest.mark.parametrize("now", [False, True])
def test_a_change_without_an_answer_survives_the_window_and_is_made_once(tom, now):
    id = held(tom)
    if now:
        tom.desk.send_now(id)
    else:
        tom.desk.edit(id, Draft("After", Preset.NOT_ANGRY, None, HOUR))
    name, other = ("send_now", "edit") if now else ("edit", "send_now")
    asked = tom.bridge.intents(name)
    assert len(asked) == 1
    come_back(tom)
    assert tom.bridge.intents(name) == asked
    assert tom.bridge.intents(other) == []
    tom.settle(id, revision=2)
    entry = kept(tom, id)
    wanted = ("Before", WHEN_ONLINE) if now else ("After", NOT_ANGRY)
    assert (entry.text, entry.condition, entry.revision) == (*wanted, 2)
    come_back(tom)
    assert tom.bridge.intents(name) == []
    tom.settle(id, revision=3)
    assert (kept(tom, id).text, kept(tom, id).condition) == wanted


def test_of_a_message_that_left_before_the_answer_the_engine_is_asked_whether_it_left_changed(tom):
    id = held(tom)
    tom.desk.edit(id, Draft("After", Preset.NOT_ANGRY, None, HOUR))
    asked = tom.bridge.intents("edit")
    tom.tell(id, State.RELEASED, revision=2, after_ms=5, serial=1)
    come_back(tom)
    assert tom.bridge.intents("edit") == asked
    tom.settle(id, State.RELEASED, revision=2, after_ms=5)
    assert (kept(tom, id).text, kept(tom, id).stage) == ("After", Stage.RELEASED)


@pytest.mark.parametrize("state", [State.EXPIRED, State.FAILED, State.WITHDRAWN])
def test_a_change_of_what_has_ended_is_not_asked_again(tom, state):
    id = held(tom)
    tom.desk.edit(id, Draft("After", Preset.NOT_ANGRY, None, HOUR))
    tom.tell(id, state, after_ms=5, serial=1)
    come_back(tom)
    assert tom.bridge.intents("edit") == []
    come_back(tom)
    assert tom.bridge.intents("edit") == []


@pytest.mark.parametrize("code", ["already_released", "revision_mismatch"])
def test_a_change_that_is_refused_is_handed_back_and_dropped(tom, code):
    id = held(tom)
    refused = heard(tom.desk.refused_change)
    tom.desk.edit(id, Draft("After", Preset.NOT_ANGRY, None, 2 * HOUR, otherwise=Otherwise.DRAFTS))
    refuse(tom, id, code)
    change = Change("After", NOT_ANGRY, 2 * HOUR, Otherwise.DRAFTS, revision=1)
    assert refused == [(kept(tom, id), change)]
    assert (kept(tom, id).text, kept(tom, id).stage) == ("Before", Stage.HELD)
    assert tom.complaints == [(refusal_text(code, f"No: {code}."),)]
    come_back(tom)
    assert tom.bridge.intents("edit") == []
    tom.settle(id, revision=2)
    assert kept(tom, id).text == "Before"


def test_there_is_nothing_to_hand_back_of_a_send_now_that_is_refused(tom):
    id = held(tom)
    refused = heard(tom.desk.refused_change)
    tom.desk.send_now(id)
    refuse(tom, id, "already_released")
    assert (refused, len(tom.complaints), kept(tom, id).condition) == ([], 1, AVAILABLE)


def test_the_answer_to_what_was_asked_before_is_no_answer_to_the_change(tom):
    id = tom.desk.send("mary", Draft("Before", Preset.AVAILABLE, None, HOUR)).id
    tom.desk.edit(id, Draft("After", Preset.AVAILABLE, None, HOUR))
    tom.settle(id)  # to the submit
    assert (kept(tom, id).text, kept(tom, id).stage) == ("Before", Stage.HELD)
    come_back(tom)
    assert len(tom.bridge.intents("edit")) == 1
    tom.settle(id, revision=2)
    assert kept(tom, id).text == "After"


def test_a_second_change_is_asked_once_the_first_is_made(tom):
    id = held(tom)
    tom.desk.edit(id, Draft("Second", Preset.AVAILABLE, None, HOUR))
    tom.desk.edit(id, Draft("Third", Preset.NOT_ANGRY, None, HOUR))
    assert [asked[1:3] for asked in tom.bridge.intents("edit")] == [(1, "Second")]
    come_back(tom)
    assert [asked[1:3] for asked in tom.bridge.intents("edit")] == [(1, "Second")]
    tom.settle(id, revision=2)
    assert (kept(tom, id).text, kept(tom, id).revision) == ("Second", 2)
    assert [asked[1:3] for asked in tom.bridge.intents("edit")] == [(1, "Second"), (2, "Third")]
    tom.settle(id, revision=3)
    assert (kept(tom, id).text, kept(tom, id).revision) == ("Third", 3)
    assert kept(tom, id).condition == NOT_ANGRY


def test_send_now_of_what_is_being_changed_sends_what_it_becomes(tom):
    id = held(tom)
    tom.desk.edit(id, Draft("After", Preset.NOT_ANGRY, None, HOUR))
    tom.desk.send_now(id)
    assert tom.bridge.intents("send_now") == []
    tom.settle(id, revision=2)
    assert (kept(tom, id).text, kept(tom, id).condition) == ("After", NOT_ANGRY)
    assert tom.bridge.intents("send_now") == [(id,)]
    tom.settle(id, revision=3)
    assert (kept(tom, id).text, kept(tom, id).condition) == ("After", WHEN_ONLINE)


def test_where_one_change_is_refused_those_behind_it_are_too_and_the_last_words_are_handed_back(tom):
    id = held(tom)
    refused = heard(tom.desk.refused_change)
    tom.desk.edit(id, Draft("Second", Preset.AVAILABLE, None, HOUR))
    tom.desk.edit(id, Draft("Third", Preset.AVAILABLE, None, HOUR))
    tom.desk.send_now(id)
    refuse(tom, id, "already_released")
    assert [change.text for _, change in refused] == ["Third"]
    assert len(tom.bridge.intents("edit")) == 1
    assert tom.bridge.intents("send_now") == []


def test_a_message_that_is_not_accepted_says_why_also_where_it_was_changed_meanwhile(tom):
    id = tom.desk.send("mary", Draft("Before", Preset.AVAILABLE, None, HOUR)).id
    refused = heard(tom.desk.refused_change)
    tom.desk.edit(id, Draft("After", Preset.AVAILABLE, None, HOUR))
    refuse(tom, id, "too_many_held")
    assert (kept(tom, id).stage, kept(tom, id).problem) == (
        Stage.FAILED,
        refusal_text("too_many_held", "No: too_many_held."),
    )
    refuse(tom, id, "unknown_message")  # the answer to the change
    assert [change.text for _, change in refused] == ["After"]
    assert kept(tom, id).problem == refusal_text("too_many_held", "No: too_many_held.")


@pytest.mark.rule("M9")
def test_what_is_taken_back_while_it_is_changed_can_be_restored_as_it_was_last(tom):
    id = held(tom)
    taken = heard(tom.desk.taken_back)
    tom.desk.edit(id, Draft("After", Preset.AVAILABLE, None, HOUR))
    tom.desk.withdraw(id)
    tom.settle(id, revision=2)
    tom.settle(id, State.WITHDRAWN, revision=2, after_ms=1)
    assert [entry.text for (entry,) in taken] == ["After"]


def test_nothing_is_left_of_a_change_of_what_was_taken_back(tom):
    id = held(tom)
    tom.desk.edit(id, Draft("Something", Preset.AVAILABLE, None, HOUR))
    tom.desk.edit(id, Draft("xyzzysecret", Preset.AVAILABLE, None, HOUR))
    assert files_with(tom.folder, "xyzzysecret")
    tom.desk.withdraw(id)
    tom.settle(id, State.WITHDRAWN, after_ms=1)
    assert files_with(tom.folder, "xyzzysecret") == []
    come_back(tom)
    assert (tom.bridge.intents("edit"), tom.bridge.intents("withdraw")) == ([], [])


def test_of_a_change_that_is_refused_because_it_is_taken_back_nothing_is_said(tom):
    id = held(tom)
    refused, taken = heard(tom.desk.refused_change), heard(tom.desk.taken_back)
    tom.desk.edit(id, Draft("After", Preset.AVAILABLE, None, HOUR))
    tom.desk.withdraw(id)
    refuse(tom, id, "revision_mismatch")
    assert (refused, tom.complaints, taken) == ([], [], [])
    tom.settle(id, State.WITHDRAWN, after_ms=1)
    assert [entry.id for (entry,) in taken] == [id]


def test_after_a_restart_it_is_asked_in_the_order_of_then(tom):
    id, unsent = held(tom), tom.desk.send("mary", Draft("Not answered yet")).id
    tom.desk.edit(id, Draft("After", Preset.AVAILABLE, None, HOUR))
    tom.desk.withdraw(id)
    come_back(tom)
    assert [asked[:2] for asked in tom.bridge.asked if asked[0] != "start"] == [
        ("submit", unsent),
        ("edit", id),
        ("withdraw", id),
    ]


def files_with(folder: Path, text: str) -> list[str]:
    """The files in `folder` that hold `text`."""
    return [file.name for file in folder.iterdir() if text.encode() in file.read_bytes()]


# --- alerts --------------------------------------------------------------------------------------------------


@pytest.mark.rule("R1")
def test_an_alert_is_asked_for_without_its_text(tom):
    draft = replace(TOLD, keep_order=True, otherwise=Otherwise.DELIVER)
    id = tom.desk.send("mary", draft).id
    assert tom.bridge.intents("alert") == [(id, "mary", AVAILABLE, HOUR)]
    come_back(tom)
    assert tom.bridge.intents("alert") == [(id, "mary", AVAILABLE, HOUR)]
    assert TOLD.text not in repr(tom.bridge.asked)
    entry = kept(tom, id)
    assert (entry.alert, entry.text) == (True, TOLD.text)
    assert (entry.keep_order, entry.otherwise) == (False, Otherwise.EXPIRE), "there is nothing to deliver"


def test_an_alert_is_nothing_that_waits_for_the_other(tom):
    held(tom, TOLD)
    assert tom.desk.people["mary"].waiting == 0
    held(tom)
    assert tom.desk.people["mary"].waiting == 1


@pytest.mark.rule("R2", "R3")
@pytest.mark.parametrize("at_once", [True, False])
def test_an_alert_that_comes_true_is_told_once(tom, at_once):
    alerted = heard(tom.desk.alerted)
    id = tom.desk.send("mary", TOLD).id
    if not at_once:
        tom.settle(id)
        assert alerted == []
    tom.tell(id, State.DELIVERED, after_ms=5, serial=1)
    tom.settle(id, State.DELIVERED, after_ms=5)
    tom.tell(id, State.DELIVERED, after_ms=5, serial=1)
    assert [(entry.id, entry.text) for (entry,) in alerted] == [(id, TOLD.text)]
    assert tom.history.delivered(0) == [], "nobody got anything"


def test_a_message_that_arrives_alerts_nobody(tom):
    alerted = heard(tom.desk.alerted)
    tom.tell(held(tom), State.DELIVERED, after_ms=5)
    tom.tell(held(tom, TOLD), State.EXPIRED, after_ms=5)
    assert alerted == []


@pytest.mark.rule("R4")
def test_an_alert_becomes_a_message_with_its_text(tom):
    id = held(tom, TOLD)
    tom.desk.edit(id, replace(TOLD, alert=False, text="The key, please", otherwise=Otherwise.DELIVER))
    asked = (id, 1, "The key, please", AVAILABLE, None, Otherwise.DELIVER, False)
    assert tom.bridge.intents("edit") == [asked]
    assert kept(tom, id).alert
    come_back(tom)
    assert tom.bridge.intents("edit") == [asked]
    tom.settle(id, revision=2)
    assert (kept(tom, id).alert, kept(tom, id).text) == (False, "The key, please")


def test_the_engine_learns_what_becomes_of_an_alert_at_its_end_once_it_is_a_message(tom):
    id = held(tom, replace(TOLD, otherwise=Otherwise.DRAFTS))
    tom.desk.edit(id, replace(TOLD, alert=False, otherwise=Otherwise.DRAFTS))
    assert [asked[5] for asked in tom.bridge.intents("edit")] == [Otherwise.DRAFTS]


@pytest.mark.rule("R4")
def test_a_message_becomes_an_alert_and_its_text_stays_here(tom):
    id = held(tom, Draft("The key, please", Preset.AVAILABLE, None, HOUR, otherwise=Otherwise.DELIVER))
    tom.desk.edit(id, replace(TOLD, otherwise=Otherwise.DELIVER))
    assert tom.bridge.intents("edit") == [(id, 1, None, AVAILABLE, None, Otherwise.EXPIRE, True)]
    tom.settle(id, revision=2)
    assert (kept(tom, id).alert, kept(tom, id).text) == (True, TOLD.text)
    tom.desk.edit(id, replace(TOLD, text="Ask her for the other key"))
    assert tom.bridge.intents("edit")[1:] == [(id, 2, None, AVAILABLE, None, None, None)]
    tom.settle(id, revision=3)
    assert kept(tom, id).text == "Ask her for the other key"
    assert "Ask her" not in repr(tom.bridge.asked)


@pytest.mark.parametrize("away", [True, False])
def test_an_alert_has_nothing_that_could_be_sent_now(tom, away):
    if away:
        tom.lose()
        id = tom.desk.send("mary", TOLD).id
    else:
        id = held(tom, TOLD)
    tom.desk.send_now(id)
    assert tom.bridge.intents("send_now") == tom.bridge.intents("submit") == []
    assert kept(tom, id).waiting
    assert TOLD.text not in repr(tom.bridge.asked)


def test_an_alert_that_is_changed_before_it_was_handed_over_stays_one(tom):
    tom.lose()
    id = tom.desk.send("mary", TOLD).id
    tom.desk.edit(id, replace(TOLD, text="Ask her for the other key"))
    (instead,) = tom.desk.waiting()
    assert (instead.alert, instead.text) == (True, "Ask her for the other key")
    assert [asked[0] for asked in tom.bridge.intents("alert")] == [id, instead.id]
    assert tom.bridge.intents("submit") == []


# --- the end of the time -------------------------------------------------------------------------------------


@pytest.mark.rule("M11")
def test_what_was_to_be_a_draft_again_is_one_once(tom):
    drafted = heard(tom.desk.drafted)
    id = held(tom, Draft("For later", Preset.AVAILABLE, None, HOUR, otherwise=Otherwise.DRAFTS))
    tom.tell(id, State.EXPIRED, after_ms=5, serial=1)
    tom.tell(id, State.EXPIRED, after_ms=5, serial=1)
    assert [(entry.id, entry.text) for (entry,) in drafted] == [(id, "For later")]


@pytest.mark.parametrize(
    ("otherwise", "state"),
    [
        (Otherwise.EXPIRE, State.EXPIRED),
        (Otherwise.DELIVER, State.EXPIRED),
        (Otherwise.DRAFTS, State.DELIVERED),
        (Otherwise.DRAFTS, State.WITHDRAWN),
    ],
)
def test_nothing_else_is_a_draft_again(tom, otherwise, state):
    drafted = heard(tom.desk.drafted)
    id = held(tom, Draft("For later", Preset.AVAILABLE, None, HOUR, otherwise=otherwise))
    tom.tell(id, state, after_ms=5)
    assert drafted == []


@pytest.mark.rule("M12")
@pytest.mark.parametrize("valid_for", [HOUR, VALIDITY_SECONDS_MAX])
def test_in_its_second_life_a_message_waits_for_nothing_but_its_recipient(tom, valid_for):
    id = held(tom, Draft("Sooner or later", Preset.AVAILABLE, None, valid_for, otherwise=Otherwise.DELIVER))
    begun_ms = kept(tom, id).written_at + valid_for * 1000
    seconds = min(valid_for, SECOND_LIFE_SECONDS_MAX)
    end_ms = begun_ms + seconds * 1000
    tom.tell(id, State.HELD, revision=2, serial=1, second=True, expires_at=end_ms)
    entry = kept(tom, id)
    assert (entry.second, entry.condition, entry.stage) == (True, WHEN_ONLINE, Stage.HELD)
    assert (entry.expires_at, entry.valid_for) == (end_ms, seconds)
    for at_ms, left in ((begun_ms, 1.0), (begun_ms + seconds * 500, 0.5), (end_ms, 0.0)):
        (card,) = waiting([entry], tom.desk.people, at_ms)
        assert card.fraction_left == left


def test_a_new_condition_begins_the_first_life_again(tom):
    id = held(tom, Draft("Sooner", Preset.AVAILABLE, None, HOUR, otherwise=Otherwise.DELIVER))
    tom.tell(id, State.HELD, revision=2, serial=1, second=True)
    tom.desk.edit(id, Draft("Later", Preset.NOT_ANGRY, None, HOUR, otherwise=Otherwise.DELIVER))
    assert tom.bridge.intents("edit") == [(id, 2, "Later", NOT_ANGRY, None, None, None)]
    tom.settle(id, revision=3)
    assert (kept(tom, id).second, kept(tom, id).condition) == (False, NOT_ANGRY)


# --- news that correct ---------------------------------------------------------------------------------------


@pytest.mark.rule("M16")
def test_an_acknowledgement_that_comes_after_the_expiry_corrects_it(tom):
    id = tom.desk.send("mary", Draft("Truth wins")).id
    for after_ms, state in enumerate((State.RELEASED, State.HELD, State.EXPIRED)):
        tom.tell(id, state, after_ms=after_ms)
    assert (kept(tom, id).stage, kept(tom, id).corrected) == (Stage.EXPIRED, False)
    tom.tell(id, State.DELIVERED, after_ms=3)
    assert (kept(tom, id).stage, kept(tom, id).corrected) == (Stage.DELIVERED, True)
    tom.tell(id, State.EXPIRED, after_ms=4)
    tom.tell(id, State.READ, after_ms=5)
    assert (kept(tom, id).stage, kept(tom, id).corrected) == (Stage.READ, True)


@pytest.mark.rule("M17")
def test_what_arrived_although_it_was_taken_back_is_told_and_stays_without_text(tom):
    id = held(tom, Draft("xyzzysecret", Preset.AVAILABLE, None, HOUR))
    tom.tell(id, State.RELEASED, after_ms=1, serial=1)
    tom.tell(id, State.HELD, after_ms=2, serial=2)
    tom.desk.withdraw(id)
    tom.settle(id, State.WITHDRAWN, after_ms=3)
    assert kept(tom, id).stage is Stage.WITHDRAWN
    tom.tell(id, State.DELIVERED, after_ms=4, serial=3)
    entry = kept(tom, id)
    assert (entry.stage, entry.corrected, entry.text) == (Stage.DELIVERED, True, "")
    assert entry.position is not None
    assert files_with(tom.folder, "xyzzysecret") == []


def test_what_arrives_in_the_ordinary_way_is_no_correction(tom):
    id = held(tom)
    tom.tell(id, State.RELEASED, after_ms=1)
    tom.tell(id, State.DELIVERED, after_ms=2)
    assert (kept(tom, id).corrected, kept(tom, id).outdated) == (False, False)


@pytest.mark.rule("M25")
@pytest.mark.parametrize(("arrived", "outdated"), [(1, True), (2, False)])
def test_a_text_that_arrived_as_it_was_before_the_change_is_told_to_be_so(tom, arrived, outdated):
    id = held(tom)
    tom.desk.edit(id, Draft("After", Preset.AVAILABLE, None, HOUR))
    tom.settle(id, revision=2)
    tom.tell(id, State.DELIVERED, revision=arrived, after_ms=5, serial=1)
    assert (kept(tom, id).stage, kept(tom, id).outdated) == (Stage.DELIVERED, outdated)


def asked_to_go_now(tom: PaperSeat, id: str) -> None:
    tom.desk.send_now(id)
    tom.settle(id, revision=2)


def lives_again(tom: PaperSeat, id: str) -> None:
    tom.tell(id, State.HELD, revision=2, second=True)


def other_condition(tom: PaperSeat, id: str) -> None:
    tom.desk.edit(id, Draft("Before", Preset.NOT_ANGRY, None, HOUR))
    tom.settle(id, revision=2)


@pytest.mark.rule("M25")
@pytest.mark.parametrize("changed", [asked_to_go_now, lives_again, other_condition])
def test_where_the_text_is_the_same_nothing_is_outdated(tom, changed):
    id = held(tom)
    changed(tom, id)
    assert kept(tom, id).revision == 2
    tom.tell(id, State.DELIVERED, revision=1, after_ms=5, serial=1)
    assert (kept(tom, id).stage, kept(tom, id).outdated) == (Stage.DELIVERED, False)


# --- in the editor, and why it waits -------------------------------------------------------------------------


@pytest.mark.rule("M8")
def test_what_is_in_the_editor_is_held_back_until_it_is_closed(tom):
    id = held(tom)
    changed = heard(tom.desk.changed)
    tom.desk.pause(id)
    tom.desk.pause(id)
    assert (tom.desk.paused, tom.bridge.intents("pause")) == ({id}, [(id,), (id,)])
    tom.desk.resume(id)
    tom.desk.resume(id)
    assert (tom.desk.paused, tom.bridge.intents("resume")) == (set(), [(id,)])
    assert changed == [(kept(tom, id).conversation,)] * 3


def test_what_does_not_wait_is_not_held_back(tom):
    gone = held(tom)
    tom.tell(gone, State.DELIVERED, after_ms=1)
    for id in (gone, "unknown"):
        tom.desk.pause(id)
        tom.desk.resume(id)
    assert (tom.desk.paused, tom.bridge.intents("pause"), tom.bridge.intents("resume")) == (set(), [], [])


@pytest.mark.rule("M20")
@pytest.mark.parametrize("how", ["edited", "refused", "released"])
def test_what_has_left_the_editor_is_not_resumed(tom, how):
    id = held(tom)
    tom.desk.pause(id)
    if how == "released":
        tom.tell(id, State.RELEASED, after_ms=1)
    else:
        tom.desk.edit(id, Draft("After", Preset.AVAILABLE, None, HOUR))
        assert tom.desk.paused == {id}
        if how == "edited":
            tom.settle(id, revision=2)
        else:
            refuse(tom, id, "revision_mismatch")
    assert tom.desk.paused == set()
    tom.desk.resume(id)
    assert tom.bridge.intents("resume") == []


def test_why_it_waits_is_asked_and_forgotten_when_the_message_moves_on(tom):
    id, told = held(tom), heard(tom.desk.explained)
    standings = (Standing("mary", Verdict(False, False, (), None, None), paused=True),)
    tom.desk.explain(id)
    assert tom.bridge.intents("explain") == [(id,)]
    tom.bridge.explained.emit(id, standings)
    assert (told, tom.desk.standings) == ([(id,)], {id: standings})
    tom.settle(id)
    assert tom.desk.standings == {id: standings}, "nothing is new"
    tom.tell(id, State.RELEASED, after_ms=1)
    assert tom.desk.standings == {}


def test_nobody_is_asked_why_it_waits_while_nobody_is_there(tom):
    id = held(tom)
    tom.lose()
    tom.desk.explain(id)
    assert tom.bridge.intents("explain") == []


def test_news_are_stored_before_they_are_noted(tom):
    id = held(tom)
    then: list[Any] = []
    tom.bridge.note = lambda receipts: then.append((receipts[0].serial, tom.stage(id)))  # pyright: ignore
    tom.tell(id, State.RELEASED, after_ms=1, serial=7)
    assert then == [(7, Stage.RELEASED)]
