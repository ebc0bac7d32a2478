"""The bridge on a real engine: intents return at once, and what follows is told by signals."""

import asyncio
import os
import subprocess
import sys
import time

import pytest

from tact_desktop import bridge
from tact_desktop.bridge import Address, Bridge, Connected, Finder, new_id
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, one_group
from tact_engine.core.envelope import Otherwise, State
from tact_engine.core.privacy import Privacy
from tests.support.engine_process import HERE, engine_running
from tests.support.heard import heard
from tests.support.office import GRACE, office_at
from tests.support.office import own_engine as own_engine
from tests.support.office import shared_engine as shared_engine
from tests.support.qt_loop import on_qt, turns, until

UPSTAIRS = f"Upstairs {os.getpid()}"
"""No other test that runs at the same time has an engine of that name."""

WEEK = 7 * 24 * 3600


@on_qt
async def test_what_happens_is_told(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        connected, settled = heard(tom.bridge.connected), heard(tom.bridge.settled)
        receipts, delivered, people = (
            heard(signal) for signal in (tom.bridge.receipts, mary.bridge.delivered, tom.bridge.people)
        )
        assert tom.bridge.is_connected
        id = new_id()
        tom.bridge.submit(id, (mary.handle,), "Hello", PRESETS["online"], WEEK)
        tom.bridge.submit(id, (mary.handle,), "Hello", PRESETS["online"], WEEK)  # a second press is the same
        await until(lambda: settled)
        await until(lambda: any(r.state is State.DELIVERED for (news,) in receipts for r in news))
        await turns()
        assert [told[0] for told in settled] == [id]
        assert [each.body for _, deliveries, _ in delivered for each in deliveries] == [b"Hello"]
        mary.bridge.mark_read((id,))
        await until(lambda: any(r.state is State.READ for (news,) in receipts for r in news))
        mary.bridge.set_presence({"UserMood": "HAPPY"})
        await until(lambda: any(each.value("UserMood") == "HAPPY" for (found,) in people for each in found))
        tom.bridge.sign_out()
        await until(lambda: not tom.bridge.is_connected)
        tom.bridge.sign_in()
        await until(lambda: connected)
        (event,) = connected[0]
        assert isinstance(event, Connected)
        assert (event.host, event.port) == (HERE, shared_engine.port)


@on_qt
async def test_what_is_not_accepted_is_told_with_its_code_and_sentence(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        refused = heard(tom.bridge.refused)
        never = one_group(("UserMood", "eq", "ANGRY"), ("UserMood", "eq", "SAD"))
        tom.bridge.submit("empty", (mary.handle,), "", WHEN_ONLINE, WEEK)
        tom.bridge.submit("never", (mary.handle,), "Hello", never, WEEK)
        tom.bridge.submit("soon", (mary.handle,), "Hello", WHEN_ONLINE, 1)
        tom.bridge.withdraw("unknown")
        tom.bridge.edit("unknown", 1, "Hello", WHEN_ONLINE, None)
        tom.bridge.send_now("unknown")
        tom.bridge.set_presence({"UserMood": "FURIOUS"})
        await until(lambda: len(refused) == 7)
        codes = sorted((id, code) for id, code, _ in refused)
        assert codes == [
            ("", "bad_value"),
            ("empty", "body_empty"),
            ("never", "condition_impossible"),
            ("soon", "validity_out_of_range"),
            *[("unknown", "unknown_message")] * 3,
        ]
        assert all(sentence.endswith(".") for _, _, sentence in refused)


@on_qt
async def test_what_is_taken_back_before_it_was_handed_over_is_not_handed_over(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        refused, delivered = heard(tom.bridge.refused), heard(mary.bridge.delivered)
        tom.bridge.lose_link()
        await until(lambda: not tom.bridge.is_connected)
        tom.bridge.submit("mistake", (mary.handle,), "Oh no", WHEN_ONLINE, WEEK)
        await turns()
        tom.bridge.withdraw("mistake")
        tom.bridge.submit("meant", (mary.handle,), "Hello", WHEN_ONLINE, WEEK)
        tom.bridge.find_link()
        await until(lambda: delivered and refused)
        assert [each.id for _, deliveries, _ in delivered for each in deliveries] == ["meant"]
        assert [(id, code) for id, code, _ in refused] == [("mistake", "unknown_message")]


@pytest.mark.rule("R1", "R4", "M7", "S1")
@on_qt
async def test_an_alert_becomes_a_message_and_all_that_was_chosen_goes_along(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        settled, refused = heard(tom.bridge.settled), heard(tom.bridge.refused)
        delivered = heard(mary.bridge.delivered)
        sad = one_group(("UserMood", "eq", "SAD"))
        tom.bridge.alert("told", mary.handle, sad, WEEK)
        await until(lambda: settled)
        tom.bridge.edit("told", 1, "Cheer up", None, None, Otherwise.DRAFTS, False)
        tom.bridge.edit("told", 2, None, None, 3600)
        await until(lambda: len(settled) == 3)
        states = [(receipt.state, receipt.revision) for _, (receipt,) in settled]
        assert states == [(State.HELD, 1), (State.HELD, 2), (State.HELD, 3)]
        (last,) = settled[-1][1]
        (first,) = settled[0][1]
        assert last.expires_at < first.expires_at
        mary.bridge.set_presence({"UserMood": "SAD"})
        await until(lambda: delivered)
        assert [each.body for _, deliveries, _ in delivered for each in deliveries] == [b"Cheer up"]
        assert refused == []


@pytest.mark.rule("M8", "M20")
@on_qt
async def test_a_message_in_an_editor_says_so_and_goes_when_it_is_closed(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        explained, refused = heard(tom.bridge.explained), heard(tom.bridge.refused)
        delivered = heard(mary.bridge.delivered)
        sad = one_group(("UserMood", "eq", "SAD"))
        tom.bridge.submit("edited", (mary.handle,), "Hello", sad, WEEK)
        tom.bridge.pause("edited")
        mary.bridge.set_presence({"UserMood": "SAD"})
        await until(lambda: tom.desk.presence_of(mary.handle).value("UserMood") == "SAD")
        tom.bridge.explain("edited")
        await until(lambda: explained)
        ((id, (standing,)),) = explained
        assert (id, standing.recipient, standing.paused) == ("edited", mary.handle, True)
        assert standing.verdict.truth is True
        assert delivered == []
        tom.bridge.resume("edited")
        await until(lambda: delivered)
        for ask in (tom.bridge.pause, tom.bridge.resume, tom.bridge.explain):
            ask("edited")
            ask("unknown")
        tom.bridge.withdraw("unknown")  # what is asked after them is answered after them
        await until(lambda: refused)
        assert [(id, code) for id, code, _ in refused] == [("unknown", "unknown_message")]
        assert [(id, standings) for id, standings in explained[1:]] == [("edited", ())]


@pytest.mark.rule("O10", "M12")
@on_qt
async def test_order_and_end_are_handed_over_with_a_message(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        explained, refused = heard(tom.bridge.explained), heard(tom.bridge.refused)
        sad = one_group(("UserMood", "eq", "SAD"))
        tom.bridge.submit("ahead", (mary.handle,), "One", sad, WEEK, Otherwise.DELIVER)
        tom.bridge.submit("behind", (mary.handle,), "Two", WHEN_ONLINE, WEEK, keep_order=True)
        tom.bridge.explain("behind")
        await until(lambda: explained)
        ((_, (standing,)),) = explained
        assert standing.behind == "ahead"
        tom.bridge.edit(
            "ahead", 1, None, None, None, None, True
        )  # what is to be delivered cannot be only told
        await until(lambda: refused)
        assert [(id, code) for id, code, _ in refused] == [("ahead", "alert_without_text")]


@pytest.mark.rule("S4", "S12")
@on_qt
async def test_who_may_see_what_is_told_once_the_engine_has_it(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        told, refused = heard(mary.bridge.privacy), heard(mary.bridge.refused)
        mary.bridge.set_privacy(Privacy(blocked=(tom.handle,)))
        await until(lambda: told)
        assert told == [(Privacy(blocked=(tom.handle,)),)]
        await tom.sees(mary, online=False)
        mary.bridge.set_privacy(Privacy(blocked=(mary.handle,)))
        await until(lambda: refused)
        assert refused[0][0] == ""


@pytest.mark.rule("T6")
@on_qt
async def test_the_engines_time_is_known(tmp_path):
    with engine_running(tmp_path / "engine", GRACE, "--driven-clock") as engine:
        engine.advance(7_200)
        async with office_at(tmp_path, engine) as office:
            (tom,) = await office.people("Tom")
            await until(lambda: abs(tom.bridge.engine_ms - time.time_ns() // 1_000_000 - 7_200_000) < 60_000)


@on_qt
async def test_it_ends_with_everything_it_began(tmp_path, own_engine):
    before = asyncio.all_tasks()
    async with office_at(tmp_path, own_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        own_engine.kill()
        await until(lambda: not tom.bridge.is_connected)
        tom.bridge.submit("later", (mary.handle,), "Hello", WHEN_ONLINE, WEEK)
        tom.bridge.set_presence({"UserMood": "HAPPY"})
        await mary.bridge.stop()
        await tom.bridge.stop()
        assert asyncio.all_tasks() == before
        own_engine.start()


def test_a_bridge_that_never_started_can_be_stopped(qapp, tmp_path):
    asyncio.run(Bridge("tom", tmp_path, {}).stop())


@on_qt
async def test_engines_are_found_and_looked_at(tmp_path):
    with engine_running(tmp_path / "engine", "--name", UPSTAIRS, beacon=True) as engine:
        finder = Finder(HERE)
        engines, checked = heard(finder.engines), heard(finder.checked)
        finder.start()
        finder.check(Address(HERE, engine.port))
        finder.check(Address(HERE, 9))
        await until(lambda: any(each.engine == engine.engine for (found,) in engines for each in found))
        await until(lambda: len(checked) == 2)
        answers = {address.port: told for address, *told in checked}
        assert answers[engine.port] == [UPSTAIRS, engine.engine, ""]
        assert answers[9][:2] == ["", ""]
        assert "No engine is running" in answers[9][2]
        await finder.stop()


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # of zeroconf's
@on_qt
async def test_where_there_is_no_network_that_is_told():
    finder = Finder("203.0.113.1")  # an address that no interface here has
    failed = heard(finder.failed)
    finder.start()
    await until(lambda: failed)
    await finder.stop()


@on_qt
async def test_a_finder_that_never_started_can_be_stopped():
    await Finder().stop()


def test_a_start_up_to_the_window_loads_no_client():
    look = "print([name for name in sys.modules if name in ('tact_engine.client', 'tact_engine.service')])"
    code = f"import sys; import tact_desktop.app; from tact_desktop.bridge import Bridge; {look}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_what_is_no_part_of_it_is_missing():
    with pytest.raises(AttributeError, match="has no attribute 'Nobody'"):
        _ = bridge.Nobody
