"""Engines are found by zeroconf, here on the loopback interface alone."""

import asyncio
import socket
from uuid import uuid4

import pytest
from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from tact_engine.client.discovery import FoundEngine, find, watch
from tact_engine.net.beacon import SERVICE_TYPE, Beacon
from tact_engine.wire.frames import PROTOCOL_VERSION

HERE = "127.0.0.1"
SECONDS_MAX = 20


class Lists:
    """The lists that a watch tells."""

    def __init__(self):
        self.latest: tuple[FoundEngine, ...] = ()
        self._changed = asyncio.Event()

    def __call__(self, found: tuple[FoundEngine, ...]):
        self.latest = found
        self._changed.set()

    async def until(self, question):
        async with asyncio.timeout(SECONDS_MAX):
            while not question(self.latest):
                await self._changed.wait()
                self._changed.clear()


def engine_id() -> str:
    return uuid4().hex * 2


async def test_an_engine_is_found_with_all_that_is_needed_and_leaves_the_list():
    engine, lists = engine_id(), Lists()
    async with watch(lists, HERE):
        beacon = asyncio.create_task(Beacon(f"Anna's PC {engine[:6]}", engine, HERE, 4711).run())
        await lists.until(lambda found: any(each.engine == engine for each in found))
        (mine,) = [each for each in lists.latest if each.engine == engine]
        assert mine == FoundEngine(
            name=f"Anna's PC {engine[:6]}",
            engine=engine,
            addresses=(HERE,),
            port=4711,
            version=PROTOCOL_VERSION,
            computer=socket.gethostname().split(".")[0],
        )
        beacon.cancel()
        await asyncio.gather(beacon, return_exceptions=True)
        await lists.until(lambda found: all(each.engine != engine for each in found))


async def test_two_engines_of_one_name_are_two():
    engines, lists = {engine_id(), engine_id()}, Lists()
    async with watch(lists, HERE):
        same = f"Office {uuid4().hex[:6]}"
        beacons: list[asyncio.Task[None]] = []
        for one in (
            engines
        ):  # the second sees the first, as in an office; at the same instant neither sees the other
            beacons.append(asyncio.create_task(Beacon(same, one, HERE, 4711).run()))
            await lists.until(lambda found, one=one: one in {each.engine for each in found})
        assert len({each.name for each in lists.latest if each.engine in engines}) == 2
        for beacon in beacons:
            beacon.cancel()
        await asyncio.gather(*beacons, return_exceptions=True)


async def test_records_that_are_not_ours_are_not_listed():
    strange = [{}, {"v": "1"}, {"v": "1", "id": "short"}, {"v": "x", "id": "0" * 64}, {"id": "0" * 64}]
    zeroconf = AsyncZeroconf(interfaces=[HERE], ip_version=IPVersion.V4Only)
    mark = f"stranger {uuid4().hex[:6]}"
    registering = [
        await zeroconf.async_register_service(
            AsyncServiceInfo(
                SERVICE_TYPE,
                f"{mark} {number}.{SERVICE_TYPE}",
                port=1,
                parsed_addresses=[HERE],
                properties=properties,
            )
        )
        for number, properties in enumerate(strange)
    ]
    engine, lists = engine_id(), Lists()
    beacon = asyncio.create_task(Beacon(f"ours {engine[:6]}", engine, HERE, 4711).run())
    try:
        await asyncio.gather(*registering)
        async with watch(lists, HERE):
            await lists.until(lambda found: any(each.engine == engine for each in found))
            assert [each for each in lists.latest if each.name.startswith(mark)] == []
    finally:
        beacon.cancel()
        await asyncio.gather(beacon, return_exceptions=True)
        await zeroconf.async_close()


# zeroconf leaves the sockets it had opened to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
async def test_no_network_is_an_empty_list():
    assert await find(0, "192.0.2.1") == ()
