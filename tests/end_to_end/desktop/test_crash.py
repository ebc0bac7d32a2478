"""The engine dies by SIGKILL in the middle of a conversation between two windows."""

import pytest
from PySide6.QtCore import QRect

from tact_desktop.demo.stage import Stage
from tact_desktop.state.draft import Preset
from tact_desktop.state.entry import Stage as Standing
from tests.support.qt_loop import on_qt

AREA = QRect(0, 0, 1366, 660)


@pytest.mark.rule("I1", "I5", "I8")
@on_qt
async def test_kill_loses_nothing_that_was_shown_as_waiting_and_shows_nothing_twice():
    async with Stage() as stage:
        tom, mary = stage["tom"], stage["mary"]
        await stage.show("tom", "mary", AREA)
        mary.set_presence("Angry")
        await stage.until(lambda: tom.desk.presence_of("mary").value("UserMood") == "ANGRY", "Tom sees it")
        live = tom.write("Good morning!")
        await stage.until(lambda: mary.sees(live), "a live message arrives")
        waiting = [tom.write(f"Number {number}", Preset.NOT_ANGRY) for number in range(5)]
        await stage.until(lambda: all(tom.stage_of(id) is Standing.HELD for id in waiting), "five wait")
        in_flight = tom.write("In flight", Preset.NOT_ANGRY)
        await stage.restart_engine()
        away = tom.write("Written while nobody knows whether the engine lives", Preset.NOT_ANGRY)
        await stage.until(lambda: tom.desk.link.up and mary.desk.link.up, "both are back")
        everything = [*waiting, in_flight, away]
        await stage.until(
            lambda: all(tom.stage_of(id) is Standing.HELD for id in everything), "all wait again"
        )
        assert not [id for id in everything if mary.sees(id)], "Mary is still angry"
        mary.set_presence("Happy")
        await stage.until(lambda: all(mary.sees(id) for id in everything), "all arrive")
        told = (Standing.DELIVERED, Standing.READ)
        await stage.until(lambda: all(tom.stage_of(id) in told for id in everything), "Tom is told")
        shown = [row.key for row in mary.rows() if row.key in everything]
        assert shown == everything, "each once, in the order of acceptance"


@on_qt
async def test_what_is_written_while_the_engine_is_away_is_handed_over_once_it_is_back():
    async with Stage() as stage:
        tom, mary = stage["tom"], stage["mary"]
        await stage.show("tom", "mary", AREA)
        tom.lose_link()
        await stage.until(lambda: not tom.desk.link.up, "Tom's link is gone")
        id = tom.write("Kept here until then")
        assert tom.stage_of(id) is Standing.UNSENT
        row = tom.row(id)
        assert row is not None
        assert "kept on this computer" in row.foot
        tom.come_back()
        await stage.until(lambda: mary.sees(id), "Mary gets it")
        assert [row.key for row in mary.rows()].count(id) == 1
