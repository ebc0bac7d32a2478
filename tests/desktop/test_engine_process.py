"""The engine of this computer as a process: started, found, watched, stopped."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tact_desktop import engine_process
from tact_desktop.engine_process import EngineProcess, running_in
from tact_engine.client import Address, greet
from tact_engine.core.errors import LocalError
from tact_engine.service import Running
from tests.support.engine_process import HERE, is_running
from tests.support.qt_loop import on_qt, until

Make = Callable[..., EngineProcess]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes engines of a folder; what still runs at the end is killed."""
    made: list[EngineProcess] = []

    def make(folder: Path = tmp_path / "engine", port: int = 0, **options: object) -> EngineProcess:
        made.append(EngineProcess(folder, "Here", HERE, port, beacon=False, **options))  # pyright: ignore
        return made[-1]

    yield make
    for each in made:
        each.kill()


@on_qt
async def test_it_starts_answers_and_stops(make, tmp_path):
    engine = make()
    assert not engine.ours
    running = await engine.start()
    assert (running.name, running.host, engine.ours, engine.running) == ("Here", HERE, True, running)
    greeting = await greet(Address(HERE, running.port, running.engine))
    assert greeting.name == "Here"
    assert await running_in(tmp_path / "engine") == running
    await engine.stop()
    assert not is_running(running.pid)
    assert (engine.ours, engine.running) == (False, None)
    assert await running_in(tmp_path / "engine") is None
    await engine.stop()


@on_qt
async def test_what_runs_already_is_used_watched_and_stopped(make):
    """A window that is opened again looks after the engine that it started the last time."""
    first, second = make(), make()
    running = await first.start()
    assert await second.start() == running
    assert second.ours
    again: asyncio.Future[Running] = asyncio.get_running_loop().create_future()
    watching = asyncio.create_task(second.watch(again.set_result))
    first.kill()
    fresh = await again
    assert (fresh.pid != running.pid, fresh.port) == (True, running.port)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await second.stop()
    assert not is_running(fresh.pid)


@on_qt
async def test_an_adopted_engine_can_be_stopped(make):
    first, second = make(), make()
    running = await first.start()
    await second.start()
    await second.stop()
    assert not second.ours
    fresh = await second.start()
    assert fresh.pid != running.pid
    await second.stop()
    await first.stop()


@on_qt
async def test_where_the_port_is_taken_another_one_is(make):
    with socket.create_server((HERE, 0)) as other:
        taken = other.getsockname()[1]
        engine = make(port=taken)
        running = await engine.start()
        assert running.port != taken
    await engine.stop()


@on_qt
async def test_one_that_dies_is_started_again_on_its_port_with_its_data(make, monkeypatch):
    monkeypatch.setattr(engine_process, "WATCH_SECONDS", 0.01)
    engine, again = make(), list[Running]()
    first = await engine.start()
    watching = asyncio.create_task(engine.watch(again.append))
    engine.kill()
    await until(lambda: again, "it runs again")
    assert (again[0].port, again[0].engine) == (first.port, first.engine)
    assert again[0].pid != first.pid
    assert engine.running == again[0]
    assert (await greet(Address(HERE, first.port, first.engine))).engine == first.engine
    await engine.stop()
    await watching
    assert len(again) == 1, "what was stopped stays so"


@on_qt
async def test_one_that_dies_again_and_again_is_given_up(make, monkeypatch):
    monkeypatch.setattr(engine_process, "WATCH_SECONDS", 0.01)
    monkeypatch.setattr(engine_process, "RESTARTS_MAX", 1)
    engine, again = make(), list[Running]()
    await engine.start()
    engine.kill()
    await engine.watch(again.append)
    assert len(again) == 1
    await engine.stop()


@on_qt
async def test_a_start_that_is_given_up_leaves_no_process(make, monkeypatch):
    started: list[int] = []
    launch = subprocess.Popen

    def noted(*arguments, **options):
        process = launch(*arguments, **options)
        started.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", noted)
    engine = make()
    starting = asyncio.create_task(engine.start())
    await until(lambda: started)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert starting.cancelled()
    assert not is_running(started[0])
    assert not engine.ours


@on_qt
async def test_a_place_that_is_no_folder_is_said(make, tmp_path):
    (tmp_path / "engine").write_text("no folder")
    engine = make()
    with pytest.raises(LocalError, match=r"data folder .* cannot be used"):
        await engine.start()
    assert not engine.ours


@on_qt
async def test_what_the_engine_says_when_it_cannot_start_is_the_sentence(make, tmp_path):
    (tmp_path / "engine").mkdir(mode=0o700)
    (tmp_path / "engine" / "engine.db").write_text("This is no database, it is a letter. " * 50)
    (tmp_path / "engine" / "engine.db").chmod(0o600)
    with pytest.raises(LocalError) as error:
        await make().start()
    assert "engine.db" in str(error.value)
    assert not str(error.value).startswith("tact-engine")
    assert "Traceback" not in str(error.value)


@on_qt
async def test_an_engine_that_says_nothing_is_not_waited_for(make, monkeypatch):
    monkeypatch.setattr(engine_process, "READY_SECONDS", 0.1)
    with pytest.raises(LocalError, match="did not start"):
        await make().start()


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"engine": 1}'])
@on_qt
async def test_a_damaged_note_of_an_engine_is_no_engine(tmp_path, told):
    (tmp_path / "running.json").write_text(told)
    assert await running_in(tmp_path) is None


@on_qt
async def test_another_program_on_the_port_of_a_killed_engine_is_no_engine(make, tmp_path):
    engine = make()
    running = await engine.start()
    engine.kill()
    async with await asyncio.start_server(lambda _, out: out.close(), HERE, running.port):
        assert await running_in(tmp_path / "engine") is None
        second = make(port=running.port)
        again = await second.start()
        assert again.port != running.port
        await second.stop()


@pytest.mark.parametrize("outlives", [True, False])
def test_it_outlives_the_window_only_where_it_should(tmp_path, outlives):
    """The window's process ends without a word: an office's engine goes on, a demo's ends."""
    script = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from tact_desktop.engine_process import EngineProcess\n"
        "engine = EngineProcess(Path(sys.argv[1]), 'Here', '127.0.0.1', 0, False, outlives=sys.argv[2] == 'True')\n"
        "print(asyncio.run(engine.start()).pid, flush=True)\n"
        "os._exit(1)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "engine"), str(outlives)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=60).stdout
    pid = int(said)
    try:
        if outlives:
            assert is_running(pid)
            assert json.loads((tmp_path / "engine" / "running.json").read_text())["pid"] == pid
        else:
            with open(f"/proc/{pid}/status", encoding="utf-8"):
                pass
    except FileNotFoundError:
        assert not outlives
    finally:
        if is_running(pid):
            os.kill(pid, 9 if outlives else 15)
