"""A process that opens a database and stops before one statement: for good, or until it is told to go on."""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from tact_engine.core.errors import StoreError
from tact_engine.core.facts import Moment
from tact_engine.core.view import Limits
from tact_engine.store.store import Store

READS = (
    "SELECT",
    "BEGIN",
    "SAVEPOINT",
    "RELEASE",
    *tuple(
        f"PRAGMA {name}"
        for name in ("TABLE_INFO", "RECURSIVE", "QUICK_CHECK", "SYNCHRONOUS", "SECURE_DELETE")
    ),
)
"""After these the files are as they were before."""


@contextmanager
def watched(path: Path, act: Callable[[int, str], None]) -> Generator[None]:
    """Whoever opens the database `path` meanwhile: `act` is called before each of its statements that may change it."""
    connect, count = sqlite3.connect, 0

    def told(statement: str):
        nonlocal count
        if not verb(statement).startswith(READS):
            count += 1
            act(count, statement)

    def connected(database: object, *rest, **options) -> sqlite3.Connection:
        connection = connect(str(database), *rest, **options)
        if str(database) == str(path):
            connection.set_trace_callback(told)
        return connection

    with mock.patch("sqlite3.connect", connected):
        yield


def verb(statement: str) -> str:
    """What a statement does: its first two words, without comments."""
    lines = [line for line in statement.splitlines() if line.strip() and not line.strip().startswith("--")]
    return " ".join(" ".join(lines).upper().split()[:2])


def main(path: Path, number: int, way: str) -> None:
    """Open `path` up to its statement `number`; there `die`, or `wait` for a line on standard input."""

    def act(count: int, statement: str):
        del statement
        if count != number:
            return
        if way == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        _wait("waiting")

    with watched(path, act):
        try:
            store = Store.open(path, Limits(), Moment(1_800_000_001_000, 0))
            if way == "wait":
                _wait("open")
            store.close()
            print("done", flush=True)
        except StoreError as error:
            print(error, flush=True)


def _wait(where: str) -> None:
    """Say where this process is, and wait until it is told to go on."""
    print(where, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
