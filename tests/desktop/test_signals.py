import asyncio

from PySide6.QtCore import QObject, Signal

from tact_desktop.signals import signalled
from tests.support.qt_loop import on_qt, turns


class Bell(QObject):
    rung = Signal(int, str)


@on_qt
async def test_a_coroutine_waits_for_a_signal_and_listens_no_longer(qapp):
    bell = Bell()
    waiting = asyncio.create_task(signalled(bell.rung))
    await turns()
    assert not waiting.done()
    bell.rung.emit(1, "one")
    bell.rung.emit(2, "two")
    await waiting
    assert bell.receivers("2rung(int,QString)") == 0


@on_qt
async def test_who_gives_up_listens_no_longer(qapp):
    bell = Bell()
    waiting = asyncio.create_task(signalled(bell.rung))
    await turns()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert bell.receivers("2rung(int,QString)") == 0
