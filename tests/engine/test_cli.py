"""The command line: what it passes on, and what it says where it cannot."""

import json
import os
import threading

import pytest
from click.testing import CliRunner

from tact_engine import cli
from tact_engine.client.discovery import FoundEngine
from tact_engine.core.errors import StoreError
from tact_engine.core.view import Limits
from tact_engine.service import Running
from tact_engine.settings import Settings

SECONDS_MAX = 20


@pytest.fixture
def served(monkeypatch) -> list[Settings]:
    """The settings that an engine would have run with."""
    settings: list[Settings] = []

    async def serve(asked, ready, **others):
        settings.append(asked)
        ready(Running("ab" * 32, asked.name, asked.host, 4711, 99))

    monkeypatch.setattr(cli, "serve", serve)
    monkeypatch.setattr("tact_engine.logs.begin", lambda folder, level: None)
    monkeypatch.setattr("faulthandler.enable", lambda: None)
    return settings


def run(*arguments: str):
    return CliRunner().invoke(cli.main, arguments)


def test_serving_says_where_on_the_first_line(served, tmp_path):
    done = run("serve", "--data", str(tmp_path), "--name", "Anna", "--host", "127.0.0.1", "--no-beacon")
    assert done.exit_code == 0
    assert json.loads(done.output) == {
        "engine": "ab" * 32,
        "name": "Anna",
        "host": "127.0.0.1",
        "port": 4711,
        "pid": 99,
    }
    assert served == [Settings(tmp_path, "Anna", "127.0.0.1", beacon=False)]


def test_serving_needs_no_option(served, profile):
    assert run("serve").exit_code == 0
    assert served[0].data == profile / "engine"
    assert (served[0].host, served[0].port, served[0].beacon) == ("", 8228, True)


def test_limits_can_be_changed(served):
    assert run("serve", "--limit", "grace_ms=1", "--limit", "sweep_max=2").exit_code == 0
    assert served[0].limits == Limits(grace_ms=1, sweep_max=2)


@pytest.mark.parametrize(
    "limit",
    [
        "grace_ms",
        "grace_ms=",
        "grace_ms=x",
        "grace_ms=-1",
        "grace_ms=²",
        "grace_ms=1.5",
        f"grace_ms={10**15}",
        "=1",
        "=",
        "shoes=1",
        "Grace_ms=1",
    ],
)
def test_a_limit_that_is_none_is_told(served, limit):
    done = run("serve", "--limit", limit)
    assert done.exit_code == 2
    assert f"“{limit}” is no limit. Write NAME=NUMBER with one of: held_per_pair_max" in done.output
    assert served == []


def test_one_bad_limit_among_good_ones_is_told(served):
    done = run("serve", "--limit", "grace_ms=1", "--limit", "shoes=1")
    assert done.exit_code == 2
    assert "“shoes=1” is no limit." in done.output
    assert served == []


@pytest.mark.parametrize("options", [(), ("--with-stdin",)])
def test_standard_input_counts_only_where_that_was_asked_for(monkeypatch, options):
    asked = []

    async def serve(settings, ready, until):
        asked.append(until)

    monkeypatch.setattr(cli, "serve", serve)
    monkeypatch.setattr("tact_engine.logs.begin", lambda folder, level: None)
    monkeypatch.setattr("faulthandler.enable", lambda: None)
    assert run("serve", *options).exit_code == 0
    assert asked == [cli._when_stdin_ends if options else None]


@pytest.mark.parametrize("error", [None, RuntimeError("Event loop is closed")])
def test_whatever_standard_input_says_only_its_end_counts(monkeypatch, error):
    reading, writing = os.pipe()
    stopped = threading.Event()

    def stop():
        stopped.set()
        if error:
            raise error

    with open(reading) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        cli._when_stdin_ends(stop)
        (thread,) = (each for each in threading.enumerate() if each.name == cli.STDIN_THREAD)
        os.write(writing, b"hello\n" * 1_000)
        assert not stopped.is_set()
        os.close(writing)
        assert stopped.wait(SECONDS_MAX)
        thread.join(SECONDS_MAX)
        assert not thread.is_alive()


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_a_port_that_is_none_is_told(served, port):
    done = run("serve", "--port", port)
    assert done.exit_code == 2
    assert "Invalid value for '--port'" in done.output


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (StoreError("The disk is full."), "tact-engine: The disk is full.\n"),
        (PermissionError(13, "Permission denied"), "cannot be used: Permission denied. Choose another with"),
    ],
)
def test_what_goes_wrong_is_one_sentence(served, monkeypatch, error, sentence):
    async def fails(settings, ready, **others):
        raise error

    monkeypatch.setattr(cli, "serve", fails)
    done = run("serve")
    assert done.exit_code == 2
    assert sentence in done.output


def test_what_is_found_is_listed(monkeypatch):
    async def find(seconds, host):
        assert (seconds, host) == (0.5, "127.0.0.1")
        return (FoundEngine("Anna", "ab" * 32, ("10.0.0.7",), 8228, 1, "pc-anna"),)

    monkeypatch.setattr("tact_engine.client.discovery.find", find)
    done = run("find", "--seconds", "0.5", "--host", "127.0.0.1")
    assert (done.exit_code, done.output) == (0, f"Anna\t10.0.0.7:8228\t{'ab' * 32}\n")


def test_finding_nothing_is_a_sentence(monkeypatch):
    async def find(seconds, host):
        return ()

    monkeypatch.setattr("tact_engine.client.discovery.find", find)
    done = run("find")
    assert done.exit_code == 2
    assert "No engine answered. Ask for its address" in done.output


def test_the_version_names_the_protocol():
    assert ", protocol 1\n" in run("--version").output
