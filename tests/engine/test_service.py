"""One engine put together: it says where it is, stops when told, and lets go of everything."""

import asyncio
import json
import os
import signal
import stat
import sys

import pytest

from tact_engine.client import Address
from tact_engine.core.errors import LocalError, StoreError
from tact_engine.service import Running, serve
from tact_engine.settings import Settings
from tact_engine.store.store import Store
from tests.support.bare_link import bare_link

HERE = "127.0.0.1"
SECONDS_MAX = 20


class Served:
    """An engine in this process."""

    def __init__(self, settings: Settings):
        self._ready: asyncio.Future[Running] = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(serve(settings, self._ready.set_result))

    async def ready(self) -> Running:
        async with asyncio.timeout(SECONDS_MAX):
            await asyncio.wait((self.task, self._ready), return_when=asyncio.FIRST_COMPLETED)
            if self.task.done():
                self.task.result()
            return await self._ready


def settings(folder, port: int = 0) -> Settings:
    return Settings(folder, "Office", HERE, port, beacon=False)


async def test_it_says_where_it_is_until_it_is_told_to_stop(tmp_path):
    served = Served(settings(tmp_path))
    running = await served.ready()
    path = tmp_path / "running.json"
    assert json.loads(path.read_text()) == {
        "engine": running.engine,
        "name": "Office",
        "host": HERE,
        "port": running.port,
        "pid": os.getpid(),
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(SECONDS_MAX):
        await served.task
    assert not path.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["engine.db", "engine.pem"]


async def test_cancelling_stops_it_as_well(tmp_path):
    served = Served(settings(tmp_path))
    await served.ready()
    served.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await served.task
    assert not (tmp_path / "running.json").exists()
    again = Served(settings(tmp_path))  # the database is free again
    await again.ready()
    again.task.cancel()
    await asyncio.gather(again.task, return_exceptions=True)


async def test_a_port_in_use_leaves_nothing_open(tmp_path):
    first = Served(settings(tmp_path / "first"))
    port = (await first.ready()).port
    with pytest.raises(LocalError, match=f"Port {port} is in use"):
        await Served(settings(tmp_path / "second", port=port)).ready()
    second = Served(settings(tmp_path / "second"))
    await second.ready()
    for each in (first, second):
        each.task.cancel()
        await asyncio.gather(each.task, return_exceptions=True)


async def test_a_disk_that_fails_later_ends_it_with_the_sentence(tmp_path, monkeypatch):
    served = Served(settings(tmp_path))
    running = await served.ready()

    def full(store, facts, now):
        raise StoreError("The disk is full.")

    monkeypatch.setattr(Store, "apply", full)
    async with bare_link(address_of(running)) as link:
        await asyncio.gather(link.sign_in("tom"), return_exceptions=True)
    with pytest.raises(StoreError, match="The disk is full"):
        async with asyncio.timeout(SECONDS_MAX):
            await served.task
    assert not (tmp_path / "running.json").exists()


def address_of(running: Running):
    return Address(running.host, running.port, running.engine)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
async def test_afterwards_it_hears_no_signal_any_more(tmp_path):
    served = Served(settings(tmp_path))
    await served.ready()
    served.task.cancel()
    await asyncio.gather(served.task, return_exceptions=True)
    loop = asyncio.get_running_loop()
    assert [loop.remove_signal_handler(number) for number in (signal.SIGTERM, signal.SIGINT)] == [
        False,
        False,
    ]
