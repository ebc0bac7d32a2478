"""The engine of this computer: found, started and watched as a process of its own, which may outlive the window."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tact_engine.accounts.invitation import Invitation
from tact_engine.core.addresses import DEFAULT_PORT
from tact_engine.core.errors import LocalError, TactError

if TYPE_CHECKING:
    from tact_engine.service import Running

READY_SECONDS = 20
STOP_SECONDS = 10
RESTARTS_MAX = 5
WATCH_SECONDS = 0.5
DETACHED_PROCESS = 0x00000008  # Windows: no console of ours
CREATE_NEW_PROCESS_GROUP = 0x00000200  # Windows: not ended together with us


class EngineProcess:
    """One engine on this computer, in `folder`.

    With `outlives` it goes on when this process ends, however that happens; without, it ends then. With `driven` its
    clock can be moved by `advance`. `is_open` lets anybody in who reaches it: for a demonstration.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        host: str = "",
        port: int = DEFAULT_PORT,
        beacon: bool = True,
        limits: tuple[str, ...] = (),
        outlives: bool = True,
        driven: bool = False,
        is_open: bool = False,
    ) -> None:
        self._driven, self._is_open = driven, is_open
        self._folder, self._name, self._host, self._port, self._beacon = folder, name, host, port, beacon
        self._limits, self._outlives = limits, outlives
        self._process: subprocess.Popen[bytes] | None = None
        self.running: Running | None = None

    def host_invitation(self) -> Invitation | None:
        """The invitation that makes whoever sits at this computer the engine's host; None where it has one."""
        from tact_engine.service import HOST_INVITATION  # noqa: PLC0415 - the whole engine: most windows start none

        try:
            return Invitation.parsed((self._folder / HOST_INVITATION).read_text("utf-8"))
        except (OSError, ValueError, LocalError):
            return None

    @property
    def ours(self) -> bool:
        """Whether an engine runs in the folder, started by this window or by an earlier one."""
        return self.running is not None

    async def start(self) -> "Running":
        """The engine in the folder, started unless it runs already; LocalError with the engine's own sentence."""
        self.running = await running_in(self._folder)
        if self.running is not None:
            self._port = self.running.port
        else:
            try:
                self.running = await self._launch(self._port)
            except PortInUse:
                self.running = await self._launch(0)
        return self.running

    async def watch(self, restarted: "Callable[[Running], None]") -> None:
        """Start the engine again when it dies by itself, on the port it had; give up after RESTARTS_MAX times."""
        for _ in range(RESTARTS_MAX):
            while await self._lives():  # noqa: ASYNC110 - a process that is not our child has no event
                await asyncio.sleep(WATCH_SECONDS)
            if self.running is None:
                return
            self._process = None
            restarted(await self.start())

    async def stop(self) -> None:
        """End the engine, and wait until it has let go of its data."""
        process, running = self._process, self.running
        self._process = self.running = None
        if process is not None:
            await ended(process)
        elif running is not None:
            with suppress(OSError):  # it has ended by itself
                os.kill(running.pid, signal.SIGTERM)
            for _ in range(round(STOP_SECONDS / WATCH_SECONDS)):
                if await running_in(self._folder) is None:
                    return
                await asyncio.sleep(WATCH_SECONDS)

    def advance(self, seconds: int) -> None:
        """Let `seconds` pass at once for the engine; only for one that is driven."""
        told = self._process.stdin if self._process else None
        assert told is not None, "a driven engine is our child"
        told.write(f"advance {seconds}\n".encode())
        told.flush()

    async def _lives(self) -> bool:
        """Whether the engine runs; one that an earlier window started is asked, since it is no child of ours."""
        if self._process is not None:
            return self._process.poll() is None
        return self.running is not None and await running_in(self._folder) is not None

    def kill(self) -> None:
        """End the engine as a power cut would. `watch` starts it again."""
        if self._process is not None:
            _kill(self._process)

    async def _launch(self, port: int) -> "Running":
        # -P: whatever folder this program was started in, no module is taken from there.
        command = [sys.executable, "-P", "-m", "tact_engine", "serve"]
        command += [
            "--data",
            str(self._folder),
            "--name",
            self._name,
            "--host",
            self._host,
            "--port",
            str(port),
        ]
        command += [] if self._beacon else ["--no-beacon"]
        command += [f"--limit={limit}" for limit in self._limits]
        command += [] if self._outlives else ["--with-stdin"]
        command += ["--driven-clock"] if self._driven else []
        command += ["--open"] if self._is_open else []
        try:
            process, errors = _started(
                command, self._folder, subprocess.DEVNULL if self._outlives else subprocess.PIPE
            )
        except OSError as error:
            raise LocalError(
                f"The data folder {self._folder} cannot be used: {error.strerror or error}."
                " Give yourself the right to write it, then start Tact again."
            ) from error
        try:
            line = await asyncio.wait_for(asyncio.to_thread(_first_line, process), READY_SECONDS)
            running = _told(line)
        except asyncio.CancelledError:
            _kill(process)
            raise
        except (TimeoutError, ValueError, TypeError) as error:
            _kill(process)
            sentence = errors.read_text("utf-8", "replace").strip().removeprefix("tact-engine: ")
            if "is in use" in sentence:
                raise PortInUse(sentence) from error
            raise LocalError(
                sentence or "The engine did not start. Its log is in the data folder."
            ) from error
        self._process, self._port = process, running.port  # clients know the port: the next start keeps it
        return running


class PortInUse(LocalError):
    """Another program has the engine's port."""


async def running_in(folder: Path) -> "Running | None":
    """The engine that runs in `folder` right now; None where there is none."""
    from tact_engine.client import Address, greet  # noqa: PLC0415 - most windows start no engine

    try:
        running = _told((folder / "running.json").read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return None
    try:
        await greet(Address(running.host or "127.0.0.1", running.port, running.engine))
    except TactError:
        return None  # it was killed, and whoever has its port now is another program
    return running


def _told(text: str | bytes) -> "Running":
    """What an engine says of itself; ValueError or TypeError where that is something else."""
    from tact_engine.service import Running  # noqa: PLC0415 - the whole engine: most windows start none

    return Running(**json.loads(text))


async def ended(process: "subprocess.Popen[bytes]") -> int:
    """Ask `process` to stop, insist after STOP_SECONDS; its exit code."""
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        return await asyncio.to_thread(process.wait, STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return await asyncio.to_thread(process.wait)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _first_line(process: "subprocess.Popen[bytes]") -> bytes:
    """The ready line; nothing where the process ended without one. The pipe is closed then: nothing more is said."""
    assert process.stdout is not None, "it was started with a pipe"
    with process.stdout as said:
        return said.readline()


def _started(command: list[str], folder: Path, stdin: int) -> "tuple[subprocess.Popen[bytes], Path]":
    """The process of `command`, apart from this one so that it can outlive it, and the file of what it complains."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    errors = folder / "engine.err"
    windows = os.name == "nt"
    with open(errors, "wb") as said:
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=not windows,
            creationflags=DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP if windows else 0,
        )
    return process, errors
