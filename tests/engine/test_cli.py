"""The command line: what it passes on, and what it says where it cannot."""

import json
import os
import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner

from tact_engine import cli
from tact_engine.accounts.invitation import Invitation
from tact_engine.client.discovery import FoundEngine
from tact_engine.clock import DrivenClock
from tact_engine.core.errors import StoreError
from tact_engine.core.view import Limits
from tact_engine.service import Running, Steering
from tact_engine.settings import Settings
from tact_engine.wire.frames import PROTOCOL_VERSION
from tests.support.house import clean_environment

SECONDS_MAX = 20
SELDOM_NEEDED = {
    "cryptography.x509",
    "importlib.metadata",
    "keyring",
    "mnemonic",
    "platformdirs",
    "sqlite_utils",
    "tact_engine.client",
    "tact_engine.client_cli",
    "tact_engine.net.beacon",
    "websockets",
    "zeroconf",
}
"""What only a first start needs, or a beacon, a window or a script. An engine would take longer to start."""


@pytest.fixture
def served(monkeypatch) -> list[Settings]:
    """The settings that an engine would have run with."""
    settings: list[Settings] = []

    async def serve(asked, ready, clock, steering):
        settings.append(asked)
        ready(Running("ab" * 32, asked.name, asked.host, 4711, 99))

    monkeypatch.setattr(cli, "serve", serve)
    monkeypatch.setattr("tact_engine.logs.begin", lambda folder, level: None)
    monkeypatch.setattr("faulthandler.enable", lambda: None)
    monkeypatch.setattr("gc.freeze", lambda: None)  # what a test leaves is still to be found
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


def test_what_is_there_at_the_start_is_not_looked_through_again_and_again(served, tmp_path, monkeypatch):
    frozen: list[int] = []
    monkeypatch.setattr("gc.freeze", lambda: frozen.append(len(served)))
    assert run("serve", "--data", str(tmp_path), "--no-beacon").exit_code == 0
    assert frozen == [1], "once, when all of it is there"


def test_serving_needs_no_option(served, profile):
    assert run("serve").exit_code == 0
    assert served[0].data == profile / "engine"
    assert (served[0].host, served[0].port, served[0].beacon) == ("", 8228, True)


@pytest.mark.parametrize(
    ("options", "is_open", "claim"),
    [((), False, False), (("--open",), True, False), (("--claim",), False, True)],
)
def test_an_engine_is_closed_unless_it_was_opened(served, options, is_open, claim):
    assert run("serve", *options).exit_code == 0
    assert (served[0].is_open, served[0].claim) == (is_open, claim)


@pytest.mark.rule("L4")
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


@pytest.mark.rule("T7")
@pytest.mark.parametrize(
    ("options", "driven", "followed"),
    [((), False, False), (("--with-stdin",), False, True), (("--driven-clock",), True, True)],
)
def test_standard_input_counts_only_where_that_was_asked_for(monkeypatch, options, driven, followed):
    asked = []

    async def serve(settings, ready, clock, steering):
        asked.append((isinstance(clock, DrivenClock), steering is not None))

    monkeypatch.setattr(cli, "serve", serve)
    monkeypatch.setattr("tact_engine.logs.begin", lambda folder, level: None)
    monkeypatch.setattr("faulthandler.enable", lambda: None)
    assert run("serve", *options).exit_code == 0
    assert asked == [(driven, followed)]


class Minutes:
    """A clock that only counts by how much it was moved."""

    def __init__(self):
        self.moved: list[float | tuple[str, float]] = []

    def advance(self, seconds):
        self.moved.append(seconds)

    def jump(self, seconds):
        self.moved.append(("jump", seconds))


class Listening:
    """Standard input that a test writes to, and what became of it."""

    def __init__(self, monkeypatch, clock=None, error=None):
        reading, self._writing = os.pipe()
        self.stopped, self.woken = threading.Event(), threading.Semaphore(0)
        self._stdin, self._error = open(reading), error  # noqa: SIM115 - closed by `end`
        monkeypatch.setattr("sys.stdin", self._stdin)
        cli._follow_stdin(clock, Steering(self._stop, self._wake))
        (self._thread,) = (each for each in threading.enumerate() if each.name == cli.STDIN_THREAD)

    def says(self, words: bytes):
        os.write(self._writing, words)

    def end(self):
        assert not self.stopped.is_set()
        os.close(self._writing)
        assert self.stopped.wait(SECONDS_MAX)
        self._thread.join(SECONDS_MAX)
        assert not self._thread.is_alive()
        self._stdin.close()

    def _stop(self):
        self.stopped.set()
        if self._error:
            raise self._error

    def _wake(self):
        self.woken.release()
        if self._error:
            raise self._error


@pytest.mark.parametrize("error", [None, RuntimeError("Event loop is closed")])
def test_whatever_standard_input_says_only_its_end_counts(monkeypatch, error):
    listening = Listening(monkeypatch, error=error)
    listening.says(b"hello\nadvance 60\n" * 500)
    listening.end()
    assert not listening.woken.acquire(blocking=False)


@pytest.mark.rule("T7")
@pytest.mark.parametrize("error", [None, RuntimeError("Event loop is closed")])
def test_a_driven_clock_is_moved_as_standard_input_says(monkeypatch, error):
    clock = Minutes()
    listening = Listening(monkeypatch, clock, error)
    listening.says(b"advance 60\n adv")
    assert listening.woken.acquire(timeout=SECONDS_MAX)
    assert clock.moved == [60.0]
    listening.says(
        b"ance 0.5 \r\n\nadvance -5\nadvance 1e3\nadvance\nADVANCE 5\nadvance 999999999.999\n"
        b"jump -90\njump --1\njump 3600\nadvance 7"
    )
    for _ in range(4):
        assert listening.woken.acquire(timeout=SECONDS_MAX)
    listening.end()
    moves = [60.0, 0.5, 999999999.999, ("jump", -90.0), ("jump", 3600.0)]
    assert clock.moved == moves, "the last line was not finished"


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
    async def fails(settings, ready, clock, steering):
        raise error

    monkeypatch.setattr(cli, "serve", fails)
    done = run("serve")
    assert done.exit_code == 2
    assert sentence in done.output


# --- claim

CLAIM = Invitation("ab" * 32, "Office", "10.0.0.7", 8228, b"t" * 16)


def test_the_claim_of_this_computers_engine_is_printed_as_one_line(tmp_path):
    (tmp_path / "host-invitation.tact").write_text(CLAIM.as_file())
    done = run("claim", "--data", str(tmp_path))
    assert (done.exit_code, done.output) == (0, f"{CLAIM.link()}\n")


def test_the_engine_of_this_user_is_claimed_where_no_folder_is_named(profile):
    (profile / "engine").mkdir(parents=True)
    (profile / "engine" / "host-invitation.tact").write_text(CLAIM.as_file())
    assert run("claim").output == f"{CLAIM.link()}\n"


def test_where_no_host_is_sought_it_says_how_to_make_one_possible(tmp_path):
    done = run("claim", "--data", str(tmp_path))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "No host is sought" in done.stderr
    assert "restart it with --claim" in done.stderr


def test_a_claim_that_is_somebody_elses_is_told(tmp_path):
    (tmp_path / "host-invitation.tact").mkdir()
    done = run("claim", "--data", str(tmp_path))
    assert done.exit_code == 2
    assert "cannot be read: Is a directory. Ask as the user whom the engine runs as." in done.stderr


def test_a_damaged_claim_is_told(tmp_path):
    (tmp_path / "host-invitation.tact").write_text("tact://join?engine=")
    done = run("claim", "--data", str(tmp_path))
    assert (done.exit_code, "This is not an invitation to Tact." in done.stderr) == (2, True)


# --- find


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
    assert f", protocol {PROTOCOL_VERSION}\n" in run("--version").output


# --- the commands of a client


def test_all_commands_are_listed():
    said = run("--help").output
    assert [line.split()[0] for line in said.partition("Commands:\n")[2].splitlines()] == [
        "admit", "claim", "find", "invite", "join", "members", "people", "remove", "send", "serve", "watch",
    ]  # fmt: skip


def test_a_command_that_is_none_is_told():
    done = run("dance")
    assert (done.exit_code, "No such command 'dance'" in done.output) == (2, True)


def test_an_engine_starts_without_reading_what_most_starts_do_not_need():
    code = (
        "import json, sys; from tact_engine.cli import main\n"
        "try: main(['serve', '--limit', 'shoes'])\n"
        "except SystemExit: print(json.dumps(list(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(), capture_output=True, text=True
    )
    assert SELDOM_NEEDED & set(json.loads(done.stdout)) == set(), done.stderr


@pytest.mark.parametrize("arguments", [("people", "--as", "tom", "--host", "a b"), ("watch", "--as", "Tom!")])
def test_what_a_client_is_refused_is_one_sentence_on_standard_error(arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("tact-engine: “")
    assert done.stderr.count("\n") == 1
