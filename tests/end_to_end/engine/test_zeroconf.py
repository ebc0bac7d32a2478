"""An engine is found by zeroconf, on this computer and from another one, and does without where it must."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from tact_engine.client import Client, Connected, find, watch
from tests.support.bare_link import bare_link
from tests.support.engine_process import HERE, EngineProcess, engine_running
from tests.support.house import ROOT, clean_environment
from tests.support.watcher import watched

SECONDS_MAX = 30


async def until_found(engine: str):
    """The engine with this id, once it is listed."""
    found = asyncio.get_running_loop().create_future()

    def look(engines):
        for each in engines:
            if each.engine == engine and not found.done():
                found.set_result(each)

    async with asyncio.timeout(SECONDS_MAX), watch(look, HERE):
        return await found


async def test_an_engine_is_found_and_needs_no_address(tmp_path):
    with engine_running(tmp_path / "engine", "--name", f"Büro {uuid4().hex[:6]}", beacon=True) as engine:
        found = await until_found(engine.engine)
        assert (found.name, found.addresses, found.port) == (engine.name, (HERE,), engine.port)
        # Its address is out of date, its id is known: zeroconf tells where it is now.
        async with Client("tom", engine.address):
            pass
        port = engine.port
        engine.stop()
        engine.port = 0
        engine.start()
        await until_found(engine.engine)
        async with watched(Client("tom", interface=HERE, wait=False)) as tom:
            found = await tom.until(Connected)
            assert (found.engine, found.host, found.port) == (engine.engine, HERE, engine.port)
            assert engine.port != port
    assert engine.engine not in {each.engine for each in await find(0.1, HERE)}


def until_listed(line: str, *options: str, prefix: tuple[str, ...] = ()) -> None:
    """Run the command that lists engines until it lists `line`; a busy computer may need a second try."""
    command = (*prefix, sys.executable, "-m", "tact_engine", "find", "--seconds", "4", *options)
    said: list[str] = []
    for _ in range(5):
        done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True)
        if line in done.stdout:
            assert done.returncode == 0
            return
        said.append(done.stdout + done.stderr)
    raise AssertionError(f"{line!r} is never in {said}")


def test_the_command_lists_what_is_found(tmp_path):
    ours = f"test-{os.getpid()}"  # another engine in the network may have the computer's name
    with engine_running(tmp_path / "engine", "--name", ours, beacon=True) as engine:
        asyncio.run(until_found(engine.engine))
        until_listed(f"{engine.name}\t{HERE}:{engine.port}\t{engine.engine}\n", "--host", HERE)


async def test_an_engine_does_without_zeroconf(tmp_path):
    """A name is no address to send multicast from, so the beacon fails; nobody minds."""
    engine = EngineProcess(tmp_path, host="localhost", beacon=True).start()
    try:
        async with asyncio.timeout(SECONDS_MAX):
            while not any(line["event"] == "not advertised" for line in engine.log()):
                async with bare_link(engine.address):
                    pass
        async with bare_link(engine.address) as link:
            assert (await link.sign_in("tom"))["type"] == "welcome"
        assert engine.stop() == 0
        assert "Error" not in engine.said  # zeroconf leaves a socket to the collector, which says so
    finally:
        engine.clean_up()


# --- two computers -----------------------------------------------------------------------------------------------


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@contextmanager
def two_hosts() -> Generator[tuple[str, str]]:
    """Two network namespaces joined by one cable; skips where that is not possible."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("needs Linux, root and the command ip")
    mark = f"{os.getpid()}{uuid4().hex[:4]}"
    hosts = (f"tact-a-{mark}", f"tact-b-{mark}")
    cable = (f"ta{mark}"[:15], f"tb{mark}"[:15])
    made: list[str] = []
    try:
        try:
            for host in hosts:
                ip("netns", "add", host)
                made.append(host)
            ip("link", "add", cable[0], "type", "veth", "peer", "name", cable[1])
            for number, (host, end) in enumerate(zip(hosts, cable, strict=True), 1):
                ip("link", "set", end, "netns", host)
                ip("-n", host, "addr", "add", f"10.77.0.{number}/24", "dev", end)
                ip("-n", host, "link", "set", end, "up")
                ip("-n", host, "link", "set", "lo", "up")
                ip("-n", host, "route", "add", "224.0.0.0/4", "dev", end)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no namespaces here: {error.stderr.strip()}")
        yield hosts
    finally:
        for host in made:  # the cable goes with them
            ip("netns", "delete", host)


VISITOR = """
import asyncio, sys
from tact_engine.client import Address, Client, Connected, Delivered, find

async def main():
    (there,) = await find(5)
    async with Client("mary", Address(there.addresses[0], there.port), wait=False) as mary:
        async for event in mary.events():
            if isinstance(event, Connected):
                print("connected", flush=True)
            elif isinstance(event, Delivered):
                print(event.deliveries[0].body.decode(), flush=True)
                await mary.submit("tom", "I hear you", id="answer")
                break
        async for event in mary.events():
            pass

asyncio.run(main())
"""

RESIDENT = """
import asyncio, sys
from tact_engine.client import Client, Delivered, PeopleChanged

async def main():
    async with Client("tom", sys.argv[1]) as tom:
        asked = False
        async for event in tom.events():
            if isinstance(event, PeopleChanged) and "mary" in tom.people and not asked:
                asked = True
                await tom.submit("mary", "do you hear me?", id="question")
            elif isinstance(event, Delivered):
                print(event.deliveries[0].body.decode(), flush=True)
                break

asyncio.run(main())
"""


def started(host: str, script: str, folder, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        ["ip", "netns", "exec", host, sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env=clean_environment(TACT_DATA=str(folder)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_another_computer_finds_the_engine_and_chats(tmp_path):
    with two_hosts() as (first, second):
        inside = ("ip", "netns", "exec", first)
        engine = EngineProcess(tmp_path / "engine", host="10.77.0.1", beacon=True, prefix=inside).start()
        talkers: list[subprocess.Popen[str]] = []
        try:
            outside = ("ip", "netns", "exec", second)
            until_listed(f"\t10.77.0.1:{engine.port}\t{engine.engine}\n", prefix=outside)
            talkers.append(started(second, VISITOR, tmp_path / "second"))
            talkers.append(started(first, RESIDENT, tmp_path / "first", f"10.77.0.1:{engine.port}"))
            said, _ = talkers[1].communicate(timeout=SECONDS_MAX)
            assert said == "I hear you\n"
            assert talkers[1].returncode == 0
            talkers[0].terminate()
            said, _ = talkers[0].communicate(timeout=SECONDS_MAX)
            assert said == "connected\ndo you hear me?\n"
            assert (engine.stop(), engine.said) == (0, "")
        finally:
            for talker in talkers:
                if talker.poll() is None:
                    talker.kill()
                    talker.communicate()
            engine.clean_up()
