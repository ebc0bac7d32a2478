"""Where a workload runs: a folder of its own, and engines that nobody used before."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.prepared import Past, copied
from tests.support.engine_process import EngineProcess

LIMITS = tuple(
    part
    for limit in ("held_per_pair_max=10000000", "held_per_sender_max=10000000")
    for part in ("--limit", limit)
)
"""How much may wait is no matter here."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One run of one workload: `folder` is its own; `past` makes engines that have one.

    `quick`: less of everything. `tls`: as users have it.
    """

    folder: Path
    past: Past
    quick: bool = False
    tls: bool = True

    @asynccontextmanager
    async def engine(self, name: str = "engine", data: Path | None = None) -> AsyncGenerator[EngineProcess]:
        """An engine that runs meanwhile, on the folder `name`: a copy of `data`, or a new one."""
        with self.stopped_engine(name, data) as engine:
            yield engine.start()

    @contextmanager
    def stopped_engine(self, name: str = "engine", data: Path | None = None) -> Generator[EngineProcess]:
        """An engine that can be started, and is gone afterwards."""
        folder = self.folder / name
        if data is not None:
            copied(data, folder)
        engine = EngineProcess(folder, *LIMITS, tls=self.tls)
        try:
            yield engine
        finally:
            engine.clean_up()
