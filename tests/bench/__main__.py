"""Measure an engine over loopback: python3 dev bench [--quick] [--plain] [--only A,R] [--repeats N] [--json FILE]"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.figures import Figures, Runs, gathered, medians, table
from tests.bench.goals import GOALS
from tests.bench.guard import Judged, is_quiet, judged, missing, verdict
from tests.bench.prepared import Past
from tests.bench.scene import Scene
from tests.bench.watch import busy_elsewhere
from tests.bench.workloads import WORKLOADS

WORKLOAD_SECONDS_MAX = 400


def main() -> int:
    """Run what is asked for, print the table; the exit code."""
    if sys.argv[1:2] == ["window"]:
        from tests.bench import window

        window.main(sys.argv[2:])
        return 0
    options = parsed()
    print(f"machine  {machine()}\ncommand  python3 dev bench {' '.join(sys.argv[1:])}\n", flush=True)
    before, since = busy_elsewhere(), time.perf_counter()
    runs = gathered(measured(options))
    others = (busy_elsewhere() - before) / (time.perf_counter() - since)
    if not options.quick and set(options.only) == set(WORKLOADS):
        assert not (lost := missing(runs, GOALS)), f"nobody measures {', '.join(lost)}"
    judgements = judged(medians(runs))
    print(table(runs, GOALS))
    print(f"\nguard: {verdict(judgements, others)}")
    if options.json:
        said = {"machine": machine(), "command": sys.argv[1:], "others": others, **as_json(runs, judgements)}
        Path(options.json).write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(is_quiet(others) and any(each.worse for each in judgements))


def as_json(runs: Runs, judgements: tuple[Judged, ...]) -> dict[str, Any]:
    """All that was found, for machines."""
    return {
        "figures": {name: [asdict(figure) for figure in figures] for name, figures in runs.items()},
        "goals": {name: asdict(goal) for name, goal in GOALS.items()},
        "guard": [asdict(each) | {"worse": each.worse} for each in judgements],
    }


def measured(options: argparse.Namespace) -> list[Figures]:
    """What every repeat of every workload gave."""
    repeats: list[Figures] = []
    with tempfile.TemporaryDirectory(prefix="tact-bench-") as folder:
        past = Past(Path(folder))
        for name in options.only:
            for turn in range(options.repeats):
                told(f"{name} {turn + 1}/{options.repeats}")
                with tempfile.TemporaryDirectory(prefix="tact-bench-") as own:
                    scene = Scene(Path(own), past, options.quick, not options.plain)
                    repeats.append(asyncio.run(_in_time(WORKLOADS[name](scene))))
    told("")
    return repeats


async def _in_time(work: Awaitable[Figures]) -> Figures:
    """What `work` gives; TimeoutError where something hangs, RuntimeError where a link was lost."""
    task = asyncio.ensure_future(work)

    def failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        loop.default_exception_handler(context)
        task.cancel()

    asyncio.get_running_loop().set_exception_handler(failed)
    try:
        return await asyncio.wait_for(task, WORKLOAD_SECONDS_MAX)
    except asyncio.CancelledError as error:
        raise RuntimeError("the bench failed, as it says above") from error


def told(progress: str) -> None:
    """Say how far it is where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{progress:12}\r", end="", file=sys.stderr, flush=True)


def parsed() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser("python3 dev bench", description="Measure an engine over loopback.")
    parser.add_argument("--quick", action="store_true", help="less of everything, once")
    parser.add_argument("--plain", action="store_true", help="without TLS, which no user can have")
    parser.add_argument("--only", default=",".join(WORKLOADS), help=f"some of {','.join(WORKLOADS)}")
    parser.add_argument("--repeats", type=int, default=0, help="how often; 3, with --quick 1")
    parser.add_argument("--json", metavar="FILE", help="write every figure of every run there")
    options = parser.parse_args()
    options.only = options.only.upper().split(",")
    if unknown := set(options.only) - set(WORKLOADS):
        parser.error(f"there is no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")
    options.repeats = options.repeats or (1 if options.quick else 3)
    return options


def machine() -> str:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo")
    rows = info.read_text().splitlines() if info.exists() else []
    model = next((row.split(": ")[1] for row in rows if row.startswith("model name")), platform.processor())
    return f"{platform.system()} {platform.release()}, {os.cpu_count()} × {model}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
