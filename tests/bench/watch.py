"""What two processes spend while something is measured: time, CPU, memory."""

import gc
import os
import time
from pathlib import Path
from types import TracebackType

from tests.bench.figures import Load
from tests.support.engine_process import EngineProcess

_CLOCK_OF_PROCESS = 2
"""How Linux numbers the CPU clock of a process: the id's complement, shifted, and this."""


class Watch:
    """`with Watch(engine) as watch:` around what is measured: when it began (`since`, by `time.perf_counter`), and
    afterwards the `seconds` it took and the `load`. This process collects no garbage meanwhile.
    """

    def __init__(self, engine: EngineProcess | None) -> None:
        self.since = self.seconds = 0.0
        self.load = Load(0, 0)
        self._pid = None if engine is None else engine.pid

    def __enter__(self) -> "Watch":
        gc.collect()
        gc.disable()
        self._spent = self._so_far()
        self.since = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self.since
        engine, own, busy = (
            after - before for after, before in zip(self._so_far(), self._spent, strict=True)
        )
        others = max(busy - engine - own, 0)
        self.load = Load(engine / self.seconds, own / self.seconds, others / self.seconds)
        gc.enable()

    def _so_far(self) -> tuple[float, float, float]:
        """The seconds of CPU that the engine, this process and all of the computer have had."""
        return cpu_seconds(self._pid), time.process_time(), busy_seconds()


def cpu_seconds(pid: int | None) -> float:
    """The seconds of CPU, in user and system, that a process has had; 0 where there is none, or nobody tells."""
    if pid is None:
        return 0.0
    try:
        return time.clock_gettime(~pid << 3 | _CLOCK_OF_PROCESS)
    except (AttributeError, OSError):
        return 0.0


def busy_seconds() -> float:
    """The seconds of CPU that all processes have had; 0 where the system does not tell."""
    path = Path("/proc/stat")
    if not path.exists():
        return 0.0
    user, nice, system, _idle, _waiting, *rest = map(int, path.read_text().split("\n", 1)[0].split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def busy_elsewhere() -> float:
    """The seconds of CPU that all processes have had but this one and its children that are over."""
    times = os.times()
    own = times.user + times.system + times.children_user + times.children_system
    return max(busy_seconds() - own, 0)


def resident_mib(pid: int) -> float:
    """The memory of a process in MiB; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    rows = status.read_text().splitlines() if status.exists() else []
    return next((int(row.split()[1]) / 1024 for row in rows if row.startswith("VmRSS")), 0.0)
