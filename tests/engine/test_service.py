"""One engine put together: it says where it is, stops when told, and lets go of everything."""

import asyncio
import json
import os
import signal
import stat
import sys
import time

import pytest
from msgspec.structs import replace

from tact_engine.client import Address, Client, Invitation, State
from tact_engine.clock import Clock, DrivenClock, SystemClock
from tact_engine.core.errors import LocalError, Refused, StoreError
from tact_engine.core.facts import Moment
from tact_engine.core.view import Limits
from tact_engine.service import HOST_INVITATION, Running, Steering, serve
from tact_engine.settings import Settings
from tact_engine.store.store import Store
from tests.support.bare_link import bare_link
from tests.support.watcher import watched

HERE = "127.0.0.1"
SECONDS_MAX = 20
SMALL = Limits(ballast_mib=1)


class Served:
    """An engine in this process."""

    def __init__(self, settings: Settings, clock: Clock | None = None):
        self._ready: asyncio.Future[Running] = asyncio.get_running_loop().create_future()
        self.steering: list[Steering] = []
        self.task = asyncio.create_task(serve(settings, self._ready.set_result, clock, self.steering.append))

    async def ready(self) -> Running:
        async with asyncio.timeout(SECONDS_MAX):
            await asyncio.wait((self.task, self._ready), return_when=asyncio.FIRST_COMPLETED)
            if self.task.done():
                self.task.result()
            return await self._ready

    async def end(self):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def settings(folder, limits: Limits = SMALL, port: int = 0) -> Settings:
    return Settings(folder, "Office", HERE, port, beacon=False, limits=limits, is_open=True)


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
    assert sorted(each.name for each in tmp_path.iterdir()) == ["ballast", "engine.db", "engine.pem"]


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


@pytest.mark.rule("L4", "L8", "L9")
async def test_the_reserve_is_as_the_limits_say(tmp_path, alone):
    some = settings(tmp_path, Limits(ballast_mib=2, disk_free_min_mib=2**40))
    (tmp_path / "ballast").write_bytes(bytes(2 * 1024 * 1024))
    served = Served(some)
    address = address_of(await served.ready())
    assert (tmp_path / "ballast").exists()
    async with Client("mary", address), Client("tom", address) as tom:
        with pytest.raises(Refused, match="disk is almost full"):
            await tom.submit("mary", "hello")
    await served.end()
    served = Served(settings(tmp_path, Limits(ballast_mib=0, disk_free_min_mib=0)))
    address = address_of(await served.ready())
    assert not (tmp_path / "ballast").exists()
    async with Client("tom", address) as tom:
        await tom.submit("mary", "hello")
    await served.end()


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


# --- the first host


def closed(folder, *, claim: bool = False, name: str = "Office") -> Settings:
    return Settings(folder, name, HERE, 0, beacon=False, limits=SMALL, claim=claim)


def claim_in(folder) -> Invitation:
    return Invitation.parsed((folder / HOST_INVITATION).read_text())


@pytest.mark.rule("J1")
async def test_an_engine_without_a_host_leaves_its_claim_until_somebody_is_it(tmp_path, alone):
    served = Served(closed(tmp_path))
    running = await served.ready()
    first, path = claim_in(tmp_path), tmp_path / HOST_INVITATION
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (first.engine, first.name, first.at) == (running.engine, "Office", f"{HERE}:{running.port}")
    await served.end()
    served = Served(closed(tmp_path, name="x" * 150))
    await served.ready()
    second = claim_in(tmp_path)
    assert (second.name, second.token != first.token) == ("x" * 100, True)
    stale = replace(first, port=second.port)
    with pytest.raises(Refused, match="used, revoked or out of date"):
        async with Client("eve", invitation=stale):
            pass
    async with Client("anna", invitation=second) as anna:
        assert anna.is_host
        await anna.look_over()
        assert not path.exists()
    await served.end()
    served = Served(closed(tmp_path))
    await served.ready()
    assert not path.exists()
    await served.end()


@pytest.mark.rule("J1")
async def test_another_host_is_made_possible_where_that_is_asked_for(tmp_path, alone):
    served = Served(closed(tmp_path))
    await served.ready()
    async with Client("anna", invitation=claim_in(tmp_path)) as anna:
        made = await anna.invite()
        async with Client("mary", invitation=made.invitation) as mary:
            assert not mary.is_host
    await served.end()
    served = Served(closed(tmp_path, claim=True))
    await served.ready()
    again = claim_in(tmp_path)
    async with Client("mary", invitation=again) as mary:
        assert mary.is_host, "whom the engine knows brings the claim as well"
        assert {each.handle: each.role for each in (await mary.look_over()).members} == {
            "anna": "host",
            "mary": "host",
        }
    assert not (tmp_path / HOST_INVITATION).exists()
    await served.end()


async def test_a_claim_is_left_while_it_was_not_used(tmp_path, alone):
    served = Served(closed(tmp_path))
    await served.ready()
    async with Client("anna", invitation=claim_in(tmp_path)):
        pass
    await served.end()
    served = Served(closed(tmp_path, claim=True))
    address = address_of(await served.ready())
    async with Client("anna", address) as anna:
        assert anna.is_host
        await anna.look_over()
        assert (tmp_path / HOST_INVITATION).exists(), "a host who signs in has not used it"
    await served.end()


async def test_an_open_engine_seeks_no_host_and_leaves_no_claim(tmp_path):
    (tmp_path / HOST_INVITATION).write_text("an old one")
    (tmp_path / HOST_INVITATION).chmod(0o600)
    served = Served(settings(tmp_path))
    await served.ready()
    assert not (tmp_path / HOST_INVITATION).exists()
    await served.end()


# --- time, and who steers from outside


class Computer:
    """A computer whose clock somebody can put where they like; its ticks go on."""

    def __init__(self):
        self.put_back_ms = 0

    def __call__(self) -> Moment:
        utc_ms, ticks_ms = time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000
        return Moment(utc_ms - self.put_back_ms, ticks_ms)


@pytest.fixture
def alone(monkeypatch):
    """Nobody else is found on the network."""

    async def nobody_found(seconds: float, interface: str) -> tuple:
        return ()

    monkeypatch.setattr("tact_engine.client.discovery.find", nobody_found)


@pytest.mark.rule("T3")
async def test_over_a_restart_no_time_comes_back_though_the_computers_clock_is_put_back(
    tmp_path, alone, caplog
):
    computer = Computer()
    first = Served(settings(tmp_path), SystemClock(computer))
    address = address_of(await first.ready())
    async with Client("mary", address), Client("tom", address) as tom:
        (before,) = await tom.submit("mary", "first")
    await first.end()
    computer.put_back_ms = 24 * 3600 * 1000
    second = Served(settings(tmp_path), SystemClock(computer))
    address = address_of(await second.ready())
    assert "the computer's clock is behind" in [record.getMessage() for record in caplog.records]
    async with Client("tom", address) as tom:
        assert tom.engine_ms() >= before.accepted_at - 1  # this computer's clock is not the engine's
        (after,) = await tom.submit("mary", "second", valid_for=60)
    assert after.accepted_at >= before.since
    assert after.expires_at == after.accepted_at + 60_000
    await second.end()


@pytest.mark.rule("T7", "V4", "N1")
async def test_who_moves_the_clock_wakes_the_engine(tmp_path, alone):
    clock = DrivenClock()
    served = Served(settings(tmp_path), clock)
    address = address_of(await served.ready())
    (steering,) = served.steering
    async with Client("mary", address):
        pass
    async with watched(Client("tom", address)) as tom:
        (receipt,) = await tom.client.submit("mary", "hello", valid_for=3600)
        clock.advance(3600)
        await asyncio.to_thread(steering.wake)
        told = await tom.until_told(receipt.id, State.EXPIRED)
        assert told.since >= receipt.expires_at
    await asyncio.to_thread(steering.stop)
    async with asyncio.timeout(SECONDS_MAX):
        await served.task
