"""Measure the window, offscreen: python3 dev bench window [--quick] [--only start,open] [--repeats N] [--json FILE]

Every run is the real program in a process of its own, over the data of somebody in a large office (`window_office`).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench.__main__ import machine, told
from tests.bench.figures import Figure, Figures, gathered, table
from tests.bench.window_goals import GOALS, NAMES, QUICK_STEPS, STEPS

REPEATS, QUICK_REPEATS = 5, 2
RUN_SECONDS_MAX = 120


def main(arguments: list[str]) -> None:
    """Run what is asked for, print the table."""
    options = parsed(arguments)
    print(f"machine  {machine()}\ncommand  python3 dev bench window {' '.join(arguments)}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="tact-bench-window-") as folder:
        runs = gathered(measured(options, Path(folder)))
    told("")
    print(table(runs, GOALS))
    if options.json:
        numbers = {name: [figure.value for figure in figures] for name, figures in runs.items()}
        goals = {name: str(goal) for name, goal in GOALS.items()}
        said = {"machine": machine(), "command": ["window", *arguments], "goals": goals, "runs": numbers}
        Path(options.json).write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def parsed(arguments: list[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser("python3 dev bench window", description="Measure the window, offscreen.")
    parser.add_argument("--quick", action="store_true", help="fewer steps, twice")
    parser.add_argument("--only", default=",".join(STEPS), help=f"some of {','.join(STEPS)}")
    parser.add_argument(
        "--repeats", type=int, default=0, help=f"how often; {REPEATS}, with --quick {QUICK_REPEATS}"
    )
    parser.add_argument("--json", metavar="FILE", help="write every figure of every run there")
    options = parser.parse_args(arguments)
    options.only = options.only.lower().split(",")
    if unknown := set(options.only) - set(STEPS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}")
    options.repeats = options.repeats or (QUICK_REPEATS if options.quick else REPEATS)
    return options


def measured(options: argparse.Namespace, folder: Path) -> Iterator[Figures]:
    """What every repeat of every scene gave; the first run of all only warms up what is cached."""
    told("making 100,000 messages")
    filled, environment = folder / "filled", variables(folder)
    _run(
        ["-c", "from tests.bench.window_office import fill; fill()"], environment | {"TACT_DATA": str(filled)}
    )
    once("start", 0, filled, environment)
    steps = QUICK_STEPS if options.quick else STEPS
    for name in options.only:
        for turn in range(options.repeats):
            told(f"{name} {turn + 1}/{options.repeats}")
            yield once(name, steps[name], filled, environment)


def once(scene: str, steps: int, filled: Path, environment: Mapping[str, str]) -> Figures:
    """One run of a scene, over a copy of the data."""
    data = filled.with_name("data")
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(filled, data)
    started = time.monotonic()
    said = _run(
        ["-m", "tests.bench.window_program", scene, str(steps)], {**environment, "TACT_DATA": str(data)}
    )
    figures: dict[str, float] = json.loads(said)
    if scene == "start":
        figures = {
            "painted": (figures["painted"] - started) * 1000,  # one clock for all processes
            "processor": figures["processor"] * 1000,
            "RSS, painted": figures["RSS, painted"],
        }
    return {NAMES[name]: Figure(value) for name, value in figures.items()}


def variables(folder: Path) -> dict[str, str]:
    """What the program finds around it: no screen, no keyring, a home of its own, and its modules compiled."""
    taken = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return taken | {
        "HOME": str(folder),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QPA_UPDATE_IDLE_TIME": "0",  # where no screen says when to paint, Qt would wait 5 ms each time
    }


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
    )
    if done.returncode or (command[0] == "-m" and not done.stdout):
        sys.exit(f"{' '.join(command)}: {done.stderr or done.returncode}")
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1:])
