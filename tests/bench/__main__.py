"""Measure an engine over loopback TLS: python3 dev bench [--quick] [--only A,R] [--repeats N] [--json FILE]"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.bench.workloads import WORKLOADS, Figures, fresh_engine

# What a figure shall reach at least (+) or exceed at most (-).
GOALS = {
    "E start-up, s": -0.4,
    "E RSS after start-up, MB": -45,
    "A accepted /s": +40_000,
    "A closed, 20 in flight, p50 ms": -1.0,
    "A closed, 20 in flight, p99 ms": -5,
    "B 1,000 stored, first, ms": -3,
    "B 1,000 stored, last, ms": -20,
    "C ping-pong, durable, p50 ms": -0.6,
    "C ping-pong, durable, p99 ms": -3,
    "C relayed /s": +40_000,
    "R 1 of 10 waiting, p50 ms": -1,
    "R 1 of 10 waiting, p99 ms": -5,
    "R 1 of 1,000 waiting, p50 ms": -1,
    "R 1 of 1,000 waiting, p99 ms": -5,
}


def main() -> None:
    """Run what is asked for, print the table."""
    options = parsed()
    print(f"machine  {machine()}\ncommand  python3 dev bench {' '.join(sys.argv[1:])}\n", flush=True)
    runs: dict[str, list[float]] = {}
    for name in options.only:
        for turn in range(options.repeats):
            told(f"{name} {turn + 1}/{options.repeats}")
            for figure, value in asyncio.run(once(name, options.quick)).items():
                runs.setdefault(figure, []).append(value)
    told("")
    print(table(runs))
    if options.json:
        said = {"machine": machine(), "command": sys.argv[1:], "goals": GOALS, "runs": runs}
        Path(options.json).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def told(progress: str) -> None:
    """Say how far it is where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{progress:12}\r", end="", file=sys.stderr, flush=True)


def parsed() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser("python3 dev bench", description="Measure an engine over loopback TLS.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, once")
    parser.add_argument("--only", default=",".join(WORKLOADS), help=f"some of {','.join(WORKLOADS)}")
    parser.add_argument("--repeats", type=int, default=0, help="how often; 3, with --quick 1")
    parser.add_argument("--json", metavar="FILE", help="write every figure of every run there")
    options = parser.parse_args()
    options.only = options.only.upper().split(",")
    if unknown := set(options.only) - set(WORKLOADS):
        parser.error(f"there is no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")
    options.repeats = options.repeats or (1 if options.quick else 3)
    return options


async def once(name: str, quick: bool) -> Figures:
    """One run of a workload on an engine of its own."""
    with tempfile.TemporaryDirectory(prefix="tact-bench-") as folder:
        async with fresh_engine(Path(folder)) as engine:
            return await WORKLOADS[name](engine, quick)


def table(runs: dict[str, list[float]]) -> str:
    """The figures, one a line, beside their goals."""
    lines = [f"{'':38}{'goal':>10}{'min':>11}{'median':>11}{'max':>11}"]
    for figure, values in runs.items():
        goal = GOALS.get(figure)
        middle = median(values)
        missed = goal is not None and (middle < goal if goal > 0 else middle > -goal)
        wanted = "" if goal is None else f"{'≥' if goal > 0 else '≤'} {abs(goal):,}"
        numbers = "".join(f"{shown(value):>11}" for value in (min(values), middle, max(values)))
        lines.append(f"{figure:38}{wanted:>10}{numbers}{'  missed' if missed else ''}")
    return "\n".join(lines)


def shown(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def machine() -> str:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo")
    rows = info.read_text().splitlines() if info.exists() else []
    model = next((row.split(": ")[1] for row in rows if row.startswith("model name")), platform.processor())
    return f"{platform.system()} {platform.release()}, {os.cpu_count()} × {model}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
