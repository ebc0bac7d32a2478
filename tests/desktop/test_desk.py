"""The desk on a real engine: what is kept, what is handed over, and what is told."""

import asyncio

import pytest

from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage
from tact_desktop.state.link import LinkPhase
from tact_desktop.state.wording import refusal_text
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import BODY_BYTES_MAX, State
from tests.support.heard import heard
from tests.support.office import Seat, frozen, office_at
from tests.support.office import own_engine as own_engine
from tests.support.office import shared_engine as shared_engine
from tests.support.paper_seat import paper_seat
from tests.support.qt_loop import on_qt, until

ARRIVED = (Stage.DELIVERED, Stage.READ)
AWAY = {"UserAvailability": "NOT_AVAILABLE"}
BACK = {"UserAvailability": "AVAILABLE"}


async def busy(tom: Seat, mary: Seat) -> None:
    """Mary is not available, and Tom knows."""
    mary.desk.set_presence(AWAY)
    await until(lambda: tom.desk.presence_of(mary.handle).value("UserAvailability") == "NOT_AVAILABLE")


async def waiting(tom: Seat, mary: Seat, text: str = "When you can") -> str:
    """A message of Tom's that waits for Mary to be available."""
    await busy(tom, mary)
    id = tom.write(mary, text, Preset.AVAILABLE)
    await tom.stands(id, Stage.HELD)
    return id


# --- sending -------------------------------------------------------------------------------------------------


@on_qt
async def test_a_message_is_kept_before_it_is_handed_over_and_told_as_it_goes(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        changed = heard(tom.desk.changed)
        id = tom.write(mary, "  Good morning!\n")
        assert (tom.stage(id), tom.texts(mary)) == (Stage.UNSENT, ["Good morning!"])
        assert changed == [(tom.desk.conversation_with(mary.handle),)]
        await tom.stands(id, *ARRIVED)
        assert mary.texts(tom) == ["Good morning!"]
        entry = mary.entries(tom)[0]
        assert (entry.own, entry.unread, entry.delayed, entry.condition) == (False, True, False, WHEN_ONLINE)


@on_qt
async def test_what_is_written_while_the_engine_is_away_survives_the_window_and_goes_once(
    tmp_path, own_engine
):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        own_engine.kill()
        await until(lambda: not tom.desk.link.up and not mary.desk.link.up)
        ids = [tom.write(mary, text) for text in ("One", "Two", "Three")]
        await asyncio.sleep(0)
        assert [tom.stage(id) for id in ids] == [Stage.UNSENT] * 3
        await tom.leave()
        tom.open()
        assert [entry.id for entry in tom.history.unsent()] == ids
        own_engine.start()
        tom.desk.start(own_engine.address)
        for id in ids:
            await tom.stands(id, *ARRIVED)
        assert mary.texts(tom) == ["One", "Two", "Three"]
        assert tom.history.unsent() == []


@on_qt
async def test_a_message_whose_answer_was_lost_goes_exactly_once(tmp_path, own_engine):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        fresh = heard(mary.desk.arrived)
        with frozen(own_engine):
            id = tom.write(mary, "Did you get this?")
            for _ in range(20):
                await asyncio.sleep(0)  # it is in the pipe now
            tom.bridge.lose_link()
            await until(lambda: not tom.desk.link.up)
        assert tom.stage(id) is Stage.UNSENT
        await until(lambda: mary.texts(tom) == ["Did you get this?"])
        assert tom.stage(id) is Stage.UNSENT, "nobody told Tom"
        tom.bridge.find_link()
        await tom.stands(id, *ARRIVED)
        again = tom.write(mary, "Yes?")
        await tom.stands(again, *ARRIVED)
        assert mary.texts(tom) == ["Did you get this?", "Yes?"]
        assert len(fresh) == 2


@on_qt
async def test_a_held_message_goes_when_its_moment_comes_and_the_sender_is_told(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = await waiting(tom, mary)
        held = tom.history.entry(id)
        assert held is not None
        assert held.expires_at == held.written_at + held.valid_for * 1000
        assert tom.desk.people[mary.handle].waiting == 1
        assert mary.texts(tom) == []
        mary.desk.set_presence(BACK)
        await tom.stands(id, *ARRIVED)
        assert tom.desk.people[mary.handle].waiting == 0
        got, kept = mary.history.entry(id), tom.history.entry(id)
        assert got is not None
        assert kept is not None
        assert (got.delayed, kept.delayed) == (True, True)
        assert got.condition == WHEN_ONLINE, "the condition is the sender's secret"


@on_qt
async def test_what_the_engine_does_not_accept_has_failed_with_its_sentence(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        long = tom.write(mary, "x" * (BODY_BYTES_MAX + 1))
        nobody = tom.desk.send("nobody.here", Draft("Hello?")).id
        await tom.stands(long, Stage.FAILED)
        await tom.stands(nobody, Stage.FAILED)
        problems = [entry.problem for entry in tom.history.undelivered()]
        assert "at most 16384 are possible" in problems[0]
        assert "Nobody here is called “nobody.here”" in problems[1]
        assert [sentence for (sentence,) in tom.complaints] == problems
        tom.desk.dismiss(nobody)
        assert tom.stage(nobody) is None


# --- taking back, changing -----------------------------------------------------------------------------------


@on_qt
async def test_a_held_message_is_taken_back_and_can_be_restored(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = await waiting(tom, mary, "May I take Friday off?")
        before = tom.history.entry(id)
        taken = tom.desk.withdraw(id)
        assert taken == before
        await tom.stands(id, Stage.WITHDRAWN)
        assert (tom.desk.waiting(), tom.complaints) == ([], [])
        assert taken is not None
        tom.clock.ms += 60_000
        tom.desk.restore(taken)
        again = tom.desk.waiting()[0]
        assert again.id != id
        assert (again.text, again.condition, again.valid_for) == (
            taken.text,
            taken.condition,
            taken.valid_for,
        )
        assert (again.revision, again.expires_at, again.written_at) == (1, 0, tom.clock.ms)
        await tom.stands(again.id, Stage.HELD)
        mary.desk.set_presence(BACK)
        await tom.stands(again.id, *ARRIVED)
        assert mary.texts(tom) == ["May I take Friday off?"]


@on_qt
async def test_what_does_not_wait_cannot_be_taken_back_or_changed(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = tom.write(mary, "Gone")
        await tom.stands(id, *ARRIVED)
        assert tom.desk.withdraw(id) is None
        assert tom.desk.withdraw("unknown") is None
        tom.desk.edit(id, Draft("Changed"))
        tom.desk.edit("unknown", Draft("Changed"))
        tom.desk.send_again("unknown")
        tom.desk.dismiss("unknown")
        assert tom.texts(mary) == ["Gone"]
        assert tom.complaints == []


@on_qt
async def test_a_held_message_is_changed_and_shown_changed_once_the_engine_has_it(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = await waiting(tom, mary, "Lunch at noon?")
        expired_at = tom.desk.waiting()[0].expires_at
        tom.desk.edit(id, Draft("Lunch at one?", Preset.NOT_ANGRY, None, 3600))
        assert tom.texts(mary) == ["Lunch at noon?"]
        await until(lambda: tom.texts(mary) == ["Lunch at one?"])
        await tom.stands(id, *ARRIVED)  # she is not angry
        entry = tom.history.entry(id)
        assert entry is not None
        assert (entry.revision, entry.condition, entry.valid_for) == (2, PRESETS["not angry"], 3600)
        assert entry.expires_at < expired_at
        assert mary.texts(tom) == ["Lunch at one?"]


@on_qt
async def test_send_now_drops_the_condition(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = await waiting(tom, mary)
        tom.desk.send_now(id)
        await tom.stands(id, *ARRIVED)
        entry = tom.history.entry(id)
        assert entry is not None
        assert (entry.condition, entry.revision) == (WHEN_ONLINE, 2)
        assert mary.texts(tom) == ["When you can"]


@pytest.mark.parametrize("intent", ["edit", "send_now", "withdraw"])
@on_qt
async def test_what_comes_too_late_is_said_and_changes_nothing(tmp_path, own_engine, intent):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = await waiting(tom, mary, "The original")
        with frozen(own_engine):
            mary.desk.set_presence(BACK)
            for _ in range(20):
                await asyncio.sleep(0)
            match intent:
                case "edit":
                    tom.desk.edit(id, Draft("The change", Preset.AVAILABLE))
                case "send_now":
                    tom.desk.send_now(id)
                case _:
                    assert tom.desk.withdraw(id) is not None
        await tom.stands(id, *ARRIVED)
        await until(lambda: tom.complaints)
        assert tom.complaints[0][0] in (
            refusal_text("already_released", ""),
            refusal_text("already_ended", ""),
        )
        assert (tom.texts(mary), mary.texts(tom)) == (["The original"], ["The original"])
        entry = tom.history.entry(id)
        assert entry is not None
        assert (entry.condition, entry.revision) == (PRESETS["available"], 1)


# --- while the engine is away ----------------------------------------------------------------------------------


@on_qt
async def test_what_is_taken_back_before_it_was_handed_over_never_goes(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        tom.bridge.lose_link()
        await until(lambda: not tom.desk.link.up)
        id, kept = tom.write(mary, "A mistake"), tom.write(mary, "This is meant")
        taken = tom.desk.withdraw(id)
        assert taken is not None
        assert taken.text == "A mistake"
        tom.bridge.find_link()
        await tom.stands(kept, *ARRIVED)
        await tom.stands(id, Stage.WITHDRAWN)
        assert mary.texts(tom) == ["This is meant"]
        assert tom.complaints == []


@on_qt
async def test_what_was_taken_back_stays_so_when_the_window_is_closed_meanwhile(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        tom.bridge.lose_link()
        await until(lambda: not tom.desk.link.up)
        tom.write(mary, "A mistake")
        tom.desk.withdraw(tom.desk.waiting()[0].id)
        await tom.leave()
        tom.open()
        await tom.connect()
        marker = tom.write(mary, "This is meant")
        await tom.stands(marker, *ARRIVED)
        assert mary.texts(tom) == ["This is meant"]


@on_qt
async def test_what_is_changed_before_it_was_handed_over_arrives_changed(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        tom.bridge.lose_link()
        await until(lambda: not tom.desk.link.up)
        id = tom.write(mary, "Lunch at noon?")
        tom.desk.edit(id, Draft("Lunch at one?"))
        tom.bridge.find_link()
        marker = tom.write(mary, "Or at two?")
        await tom.stands(marker, *ARRIVED)
        assert mary.texts(tom) == ["Lunch at one?", "Or at two?"]
        assert tom.texts(mary) == ["Lunch at one?", "Or at two?"]


@on_qt
async def test_send_now_of_what_was_not_handed_over_goes_without_its_condition(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        await busy(tom, mary)
        tom.bridge.lose_link()
        await until(lambda: not tom.desk.link.up)
        id = tom.write(mary, "It burns", Preset.AVAILABLE)
        tom.desk.send_now(id)
        assert tom.stage(id) is Stage.WITHDRAWN
        (instead,) = tom.desk.waiting()
        assert (instead.text, instead.condition) == ("It burns", WHEN_ONLINE)
        tom.bridge.find_link()
        await tom.stands(instead.id, *ARRIVED)
        assert mary.texts(tom) == ["It burns"]
        tom.desk.send_now(instead.id)
        tom.desk.send_now("unknown")
        assert tom.complaints == []


@on_qt
async def test_a_held_message_that_is_taken_back_while_the_engine_is_away_is_so_after_a_restart(
    tmp_path, shared_engine
):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = await waiting(tom, mary)
        tom.bridge.lose_link()
        await until(lambda: not tom.desk.link.up)
        tom.desk.withdraw(id)
        assert tom.stage(id) is Stage.HELD, "it may have left"
        await tom.leave()
        tom.open()
        await tom.connect()
        await tom.stands(id, Stage.WITHDRAWN)
        mary.desk.set_presence(BACK)
        marker = tom.write(mary, "Nothing else")
        await tom.stands(marker, *ARRIVED)
        assert mary.texts(tom) == ["Nothing else"]


# --- receiving, reading ---------------------------------------------------------------------------------------------


@on_qt
async def test_what_is_received_is_stored_before_it_is_acknowledged_and_copies_are_dropped(
    tmp_path, shared_engine
):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        stored_then: list[list[bool]] = []
        deliveries = heard(mary.bridge.delivered)
        arrived = heard(mary.desk.arrived)
        acknowledge = mary.bridge.acknowledge

        def watched(ids: tuple[str, ...]) -> None:
            stored_then.append([mary.history.entry(id) is not None for id in ids])
            acknowledge(ids)

        mary.bridge.acknowledge = watched
        ids = [tom.write(mary, text) for text in ("One", "Two")]
        for id in ids:
            await tom.stands(id, *ARRIVED)
        assert [stored for each in stored_then for stored in each] == [True, True]
        before, known = len(arrived), list(deliveries)
        for batch, copies in known:
            mary.bridge.delivered.emit(batch, copies)
        assert len(arrived) == before, "copies are no news"
        assert mary.texts(tom) == ["One", "Two"]
        assert len(stored_then) == 2 * len(known), "a copy is acknowledged again, or it would come for ever"


@on_qt
async def test_what_is_unread_is_counted_until_it_is_shown_and_its_sender_is_told(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        ids = [tom.write(mary, text) for text in ("One", "Two", "Three")]
        await until(lambda: mary.desk.people[tom.handle].unread == 3)
        mary.desk.mark_read(tom.handle, mary.entries(tom)[1].position or 0)
        assert mary.desk.people[tom.handle].unread == 1
        for id in ids[:2]:
            await tom.stands(id, Stage.READ)
        await tom.stands(ids[2], Stage.DELIVERED)
        await mary.leave()
        mary.open()
        await mary.connect()
        await mary.sees(tom)
        assert mary.desk.people[tom.handle].unread == 1


@on_qt
async def test_what_is_read_while_the_engine_is_away_is_told_later(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = tom.write(mary, "Read me")
        await tom.stands(id, Stage.DELIVERED)
        mary.bridge.lose_link()
        await until(lambda: not mary.desk.link.up)
        mary.desk.mark_read(tom.handle, mary.desk.page(tom.handle).last_position)
        await mary.leave()
        mary.open()
        await mary.connect()
        await tom.stands(id, Stage.READ)


# --- presence, drafts ------------------------------------------------------------------------------------------------


@on_qt
async def test_presence_is_kept_and_goes_along_with_the_next_sign_in_as_one_version(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        mary.desk.set_presence({"UserAvailability": "DISCREET", "StatusText": "in the lab"})
        await until(lambda: tom.desk.presence_of(mary.handle).value("StatusText") == "in the lab")
        await mary.leave()
        await tom.sees(mary, online=False)
        mary.open()
        assert mary.desk.own_presence()["UserAvailability"] == "DISCREET"
        mary.desk.set_presence({"UserMood": "HAPPY"})  # before anybody is connected
        told = heard(tom.bridge.people)
        await mary.connect()
        await tom.sees(mary)
        first = next(each for (each,) in told if each[0].handle == mary.handle)[0]
        assert {
            name: first.value(name) for name in ("UserAvailability", "StatusText", "UserMood", "Alias")
        } == {
            "UserAvailability": "DISCREET",
            "StatusText": "in the lab",
            "UserMood": "HAPPY",
            "Alias": mary.name,
        }
        assert tom.desk.presence_of("nobody.here").online is False


@on_qt
async def test_drafts_are_kept_for_each_conversation_on_this_computer(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = office.seat("Tom"), office.seat("Mary")
        conversation = tom.desk.conversation_with(mary.handle)
        draft = Draft("Half a sente", Preset.NOT_ANGRY, None, 3600, pinned=True)
        tom.history.set_draft(conversation, draft)
        await tom.leave()
        tom.open()
        assert tom.history.draft(conversation) == draft
        assert tom.history.draft(tom.desk.conversation_with("john")) == Draft()


@on_qt
async def test_what_is_wrong_with_the_link_is_told_by_its_phase(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        (tom,) = await office.people("Tom")
        assert (tom.desk.link.phase, tom.desk.link.here) == (LinkPhase.CONNECTED, True)
        tom.bridge.sign_out()
        await until(lambda: tom.desk.link.phase is LinkPhase.SIGNED_OUT)
        tom.bridge.sign_in()
        await until(lambda: tom.desk.link.up)
        other = office.seat("Other")
        await other.leave()
        other.handle = tom.handle  # the name of somebody else's device
        other.open()
        other.desk.start(other.address)
        await until(lambda: other.desk.link.phase is LinkPhase.REFUSED)
        assert other.desk.link.code == "handle_taken"
        assert "belongs to another device" in other.desk.link.problem


def test_a_message_is_in_the_history_as_unsent_when_it_is_handed_over(qtbot, tmp_path):
    with paper_seat(tmp_path) as tom:
        tom.meet("mary")
        stages: list[Stage | None] = []
        tom.bridge.submit = lambda id, *rest: stages.append(tom.stage(id))  # pyright: ignore
        tom.desk.send("mary", Draft("First kept, then sent"))
        assert stages == [Stage.UNSENT]


def test_a_change_that_the_engine_has_is_shown_also_where_it_waits_on(qtbot, tmp_path):
    with paper_seat(tmp_path) as tom:
        tom.meet("mary")
        id = tom.desk.send("mary", Draft("Before", Preset.AVAILABLE)).id
        tom.bridge.settled.emit(id, (tom.receipt(id, State.HELD),))
        tom.desk.edit(id, Draft("After", Preset.AVAILABLE))
        tom.bridge.settled.emit(id, (tom.receipt(id, State.HELD, revision=2),))
        entry = tom.history.entry(id)
        assert entry is not None
        assert (entry.text, entry.revision, entry.stage) == ("After", 2, Stage.HELD)


def test_an_expired_message_is_sent_again_with_its_condition_and_its_whole_time(qtbot, tmp_path):
    with paper_seat(tmp_path) as tom:
        tom.meet("mary")
        id = tom.desk.send("mary", Draft("Coffee now?", Preset.NOT_ANGRY, None, 3600)).id
        tom.bridge.settled.emit(id, (tom.receipt(id, State.HELD),))
        tom.tell(id, State.EXPIRED, after_ms=3_600_000)
        assert tom.stage(id) is Stage.EXPIRED
        assert tom.desk.people["mary"].waiting == 0
        tom.desk.send_again(id)
        (again,) = tom.desk.waiting()
        assert (again.text, again.condition, again.valid_for) == ("Coffee now?", PRESETS["not angry"], 3600)
        assert tom.stage(id) is None
        assert [asked[0] for asked in tom.bridge.intents("submit")] == [id, again.id]


def test_an_acknowledgement_that_comes_after_the_expiry_corrects_it(qtbot, tmp_path):
    with paper_seat(tmp_path) as tom:
        tom.meet("mary")
        id = tom.desk.send("mary", Draft("Truth wins")).id
        for state, after_ms in (
            (State.RELEASED, 0),
            (State.HELD, 1),
            (State.EXPIRED, 2),
            (State.DELIVERED, 3),
        ):
            tom.tell(id, state, after_ms=after_ms)
        assert tom.stage(id) is Stage.DELIVERED
        tom.tell(id, State.EXPIRED, after_ms=4)
        assert tom.stage(id) is Stage.DELIVERED
