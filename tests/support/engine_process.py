"""A real engine in a process of its own, started as its users start it, and surely gone afterwards."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tact_engine.client import Address
from tests.support.house import ROOT, clean_environment

START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30
HERE = "127.0.0.1"
EASY = (
    "--open",
    *(
        f"--limit={name}=0"
        for name in (
            "strangers_max",
            "strangers_per_address_max",
            "messages_per_second",
            "presence_per_second",
            "requests_per_second",
            "notes_per_second",
            "sign_ins_per_second",
        )
    ),
    "--limit=sessions_max=1000000",
)
"""The options of an engine that lets anybody in, from wherever, and lets them ask as much as they like at once."""


class EngineProcess:
    """`tact-engine serve` on the folder `data`, listening on this computer alone.

    It is open and unhurried, for tests that are not about that; `as_in_an_office` it is what users get. `start` returns
    once it listens. `stop` and `kill` wait for its end; `said` is what it wrote to standard error. Without `tls`, which
    no user can have, it is one to compare with.
    """

    def __init__(
        self,
        data: Path,
        *options: str,
        host: str = HERE,
        port: int = 0,
        beacon: bool = False,
        prefix: tuple[str, ...] = (),
        stdin: bool | None = None,
        as_in_an_office: bool = False,
        tls: bool = True,
    ) -> None:
        self.data, self.host, self.port, self.tls = data, host, port, tls
        self.engine, self.name = "", ""
        self.said = ""
        # Unless a test is about that, the engine ends with the tests that started it, however they end.
        bound = ("--with-stdin",) if stdin is None else ()
        easy = () if as_in_an_office else EASY
        self._options = (*easy, *options, *bound, "--beacon" if beacon else "--no-beacon")
        self._prefix = prefix
        self._stdin = subprocess.DEVNULL if stdin is False else subprocess.PIPE
        self._process: subprocess.Popen[str] | None = None
        self._errors: IO[str] | None = None

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None, "the engine was not started"
        return self._process.pid

    @property
    def address(self) -> Address:
        """Where it listens, with the id that it must prove."""
        return Address(self.host, self.port, self.engine)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> "EngineProcess":
        """Run it, until its first line says where it listens; at a restart it takes the same port."""
        process = self._launch()
        line = _within(START_SECONDS_MAX, process, _output(process).readline)
        if not line.strip():
            self.ended()
            raise AssertionError(f"the engine did not start: {self.said}")
        ready = json.loads(line)
        self.port, self.engine, self.name = ready["port"], ready["engine"], ready["name"]
        return self

    def fails(self) -> tuple[int, str]:
        """Run it where it cannot start: its exit code and what it says."""
        self._launch()
        return self.ended(START_SECONDS_MAX), self.said

    def stop(self) -> int:
        """Ask it to stop, as a service manager does; its exit code."""
        self.signal(signal.SIGTERM)
        return self.ended()

    def kill(self) -> None:
        """End it without a word, as a power cut does."""
        self.signal(signal.SIGKILL)
        self.ended()

    def write_input(self, text: str) -> None:
        """Say something on its standard input."""
        assert self._process is not None, "the engine was not started"
        assert self._process.stdin is not None
        self._process.stdin.write(text)
        self._process.stdin.flush()

    def advance(self, seconds: float) -> None:
        """Let time pass at once; it must have been started with --driven-clock."""
        self.write_input(f"advance {seconds}\n")

    def end_input(self) -> None:
        """End its standard input, as the end of whoever started it does."""
        assert self._process is not None, "the engine was not started"
        assert self._process.stdin is not None
        self._process.stdin.close()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process is not None, "the engine was not started"
        self._process.send_signal(number)

    def ended(self, seconds: float = STOP_SECONDS_MAX) -> int:
        """Wait for its end; its exit code. Past `seconds` it is killed, and that is a failure."""
        assert self._process is not None, "the engine was not started"
        assert self._errors is not None
        process, self._process = self._process, None
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the engine did not end within {seconds} s") from None
        finally:
            _output(process).close()
            if process.stdin is not None:
                process.stdin.close()
            self._errors.seek(0)
            self.said = self._errors.read()
            self._errors.close()

    def clean_up(self) -> None:
        """See that nothing of it is left."""
        if self._process is not None:
            if self.alive:
                self.signal(signal.SIGKILL)
            self.ended()

    def log(self) -> list[dict[str, object]]:
        """The lines of its log."""
        return [json.loads(line) for line in (self.data / "logs" / "engine.log").read_text().splitlines()]

    def _launch(self) -> "subprocess.Popen[str]":
        assert not self.alive, "the engine runs already"
        where = ("--host", self.host, "--port", str(self.port))
        program = "tact_engine" if self.tls else "tests.support.plain_engine"
        command = (sys.executable, "-W", "error", "-m", program, "serve", "--data", str(self.data))
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by `ended`
        self._process = subprocess.Popen(
            [*self._prefix, *command, *where, *self._options],
            cwd=ROOT,
            env=clean_environment(),
            stdin=self._stdin,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        return self._process


@contextmanager
def engine_running(data: Path, *options: str, beacon: bool = False) -> Generator[EngineProcess]:
    """An engine that runs meanwhile, then stops cleanly without having complained."""
    engine = EngineProcess(data, *options, beacon=beacon)
    try:
        yield engine.start()
        if engine.alive:
            assert (engine.stop(), engine.said) == (0, "")
    finally:
        engine.clean_up()


def is_running(pid: int) -> bool:
    """Whether there is a process with this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _output(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _within(seconds: float, process: "subprocess.Popen[str]", read: Callable[[], str]) -> str:
    """What `read` returns; the process is killed where that takes longer than `seconds`, which ends the reading."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        return read()
    finally:
        timer.cancel()
        timer.join()
