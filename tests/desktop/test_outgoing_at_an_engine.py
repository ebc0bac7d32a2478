"""One's own messages at a real engine: what is kept, what is handed over, and what is told."""

import asyncio

import pytest

from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage
from tact_desktop.state.wording import refusal_text
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import BODY_BYTES_MAX
from tests.support.heard import heard
from tests.support.office import Seat, frozen, office_at
from tests.support.office import own_engine as own_engine
from tests.support.office import shared_engine as shared_engine
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


@pytest.mark.rule("M4", "I5")
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


@pytest.mark.rule("U5", "N1", "S1")
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


@pytest.mark.rule("M9")
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


@pytest.mark.rule("M7")
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


@pytest.mark.rule("M6")
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


@pytest.mark.rule("M15", "I7")
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
