"""The real program with its real window, started as a child of the benchmark; tells what it measured in one line.

    python -m tests.bench.window_program SCENE STEPS

It starts as `tact` does, over what `window_office` has put onto this computer, and is used once it has painted.
"""

import json
import sys
import time
from datetime import tzinfo
from pathlib import Path

from tact_desktop import app, office
from tact_desktop.desk import Desk
from tact_desktop.window import MainWindow

Figures = dict[str, float]
AWAY = ("--interface", "127.0.0.1", "--address", "127.0.0.1:9")
"""Nobody answers there, so that the window alone is measured."""


def run(scene: str, steps: int) -> None:
    """Start the program, play the scene, end the program."""

    class Watched(MainWindow):
        def __init__(self, desk: Desk, zone: tzinfo, name: str) -> None:
            super().__init__(desk, zone, name)
            self.painted.connect(lambda: use(self, scene, steps))

    office.MainWindow = Watched  # pyright: ignore[reportPrivateImportUsage]  (the name that the program looks up)
    app.main(AWAY)


def use(window: MainWindow, scene: str, steps: int) -> None:
    """Tell when `window` was painted, or what is measured in it; then close it."""
    at, used = time.monotonic(), time.process_time()
    try:
        if scene == "start":
            told({"painted": at, "processor": used, "RSS, painted": rss_mib()})
        else:
            from tests.bench.window_scenes import play  # the start is measured without it

            told(play(scene, window, steps))
    finally:
        window.close()


def told(figures: Figures) -> None:
    """Tell the benchmark."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


def rss_mib() -> float:
    """What this process has in memory, where the system tells; else 0."""
    status = Path("/proc/self/status")
    rows = status.read_text().splitlines() if status.exists() else []
    return next((int(row.split()[1]) / 1024 for row in rows if row.startswith("VmRSS")), 0.0)


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]))
