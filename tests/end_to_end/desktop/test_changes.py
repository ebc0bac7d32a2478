"""A message that waits is changed while its engine dies and its window is closed: it arrives once, and changed."""

import asyncio

import pytest

from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage
from tests.support.engine_process import EngineProcess
from tests.support.office import Seat, frozen, office_at
from tests.support.office import own_engine as own_engine
from tests.support.qt_loop import on_qt, until

ARRIVED = (Stage.DELIVERED, Stage.READ)
NEW = Draft("Lunch at one?", Preset.AVAILABLE)


async def changed_while_the_engine_is_dead(tom: Seat, engine: EngineProcess, id: str) -> None:
    engine.kill()
    await until(lambda: not tom.desk.link.up)
    tom.desk.edit(id, NEW)
    await tom.leave()
    engine.start()


async def changed_as_the_engine_dies(tom: Seat, engine: EngineProcess, id: str) -> None:
    with frozen(engine):
        tom.desk.edit(id, NEW)
        for _ in range(20):
            await asyncio.sleep(0)  # it is in the pipe now
        engine.kill()
    await tom.leave()
    engine.start()


async def made_without_an_answer(tom: Seat, engine: EngineProcess, id: str) -> None:
    with frozen(engine):
        tom.desk.edit(id, NEW)
        for _ in range(20):
            await asyncio.sleep(0)
        tom.bridge.lose_link()
        await until(lambda: not tom.desk.link.up)
    await tom.leave()


@pytest.mark.rule("I1", "I5", "M7")
@pytest.mark.parametrize(
    "changed", [changed_while_the_engine_is_dead, changed_as_the_engine_dies, made_without_an_answer]
)
@on_qt
async def test_a_change_survives_engine_and_window(tmp_path, own_engine, changed):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        mary.desk.set_presence({"UserAvailability": "NOT_AVAILABLE"})
        await until(lambda: tom.desk.presence_of(mary.handle).value("UserAvailability") == "NOT_AVAILABLE")
        id = tom.write(mary, "Lunch at noon?", Preset.AVAILABLE)
        await tom.stands(id, Stage.HELD)
        await changed(tom, own_engine, id)
        tom.open()
        assert tom.texts(mary) == ["Lunch at noon?"], "nobody said that it was changed"
        await tom.connect()
        await until(lambda: tom.texts(mary) == ["Lunch at one?"], "it is shown changed")
        await until(lambda: mary.desk.link.up)
        assert (tom.stage(id), mary.texts(tom)) == (Stage.HELD, [])
        mary.desk.set_presence({"UserAvailability": "AVAILABLE"})
        await tom.stands(id, *ARRIVED)
        assert mary.texts(tom) == ["Lunch at one?"]
        entry = tom.history.entry(id)
        assert entry is not None
        assert (entry.revision, entry.outdated, tom.complaints) == (2, False, [])
