"""Engines with a past: a small real database, of which people and messages are then multiplied.

Handing a million messages over would take longer than all that is measured. So a real engine makes two people and two
messages, and SQL writes the rest in their image: who, to whom and when differ, everything else is as the engine wrote
it. It is done once in a run, and every engine that is measured gets a copy.
"""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from tact_engine.core.conditions import WHEN_ONLINE, one_group
from tact_engine.core.envelope import conversation_of
from tests.bench.driving import pipelined
from tests.bench.fast_link import message, signed_in
from tests.support.engine_process import EngineProcess

PARTNERS = 20
"""To so many others everybody has written."""
LATER = one_group(("UserMood", "eq", "HAPPY"), ("UserAvailability", "eq", "AVAILABLE"))
"""Of what everybody has written, half waits for this, the other half for their return."""


class Past:
    """Data folders to copy, each made when it is first asked for, under `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def of(self, people: int, stored: int = 0) -> Path:
        """The data of an engine with so many `people`, all offline, for whom `stored` messages wait.

        They are called as `person` says, and everybody's device has the key of all links of this process.
        """
        path = self._folder / f"{people}-{stored}"
        if not path.exists():
            unfinished = path.with_suffix(".new")
            await _seed(unfinished)
            with closing(sqlite3.connect(unfinished / "engine.db", isolation_level=None)) as database:
                _multiply(database, people, stored)
            unfinished.rename(path)
        return path


def person(number: int) -> str:
    """What the people of a prepared engine are called."""
    return f"person-{number:04}"


def copied(data: Path, to: Path) -> None:
    """Copy a data folder, all the way to the disk: nothing of it is left to be written while something is measured."""
    shutil.copytree(data, to)
    os.sync()


async def _seed(folder: Path) -> None:
    """Two people, and two messages of the first to the second, made by an engine."""
    engine = EngineProcess(folder, "--limit", "ballast_mib=0").start()
    try:
        for handle in (person(1), person(0)):
            link = await signed_in(engine, handle)
            if handle == person(0):
                await pipelined(link, [message(person(1), WHEN_ONLINE), message(person(1), LATER)])
            await link.leave()
        assert (engine.stop(), engine.said) == (0, "")
    finally:
        engine.clean_up()


def _multiply(database: sqlite3.Connection, people: int, stored: int) -> None:
    """More people, and, where any are to be `stored`, more messages; else none at all."""
    for pragma in (
        "journal_mode = DELETE",
        "journal_mode = OFF",
        "synchronous = OFF",
        "cache_size = -400000",
    ):
        database.execute(f"PRAGMA {pragma}").fetchall()
    database.execute("BEGIN")
    database.execute("CREATE TEMP TABLE another (i INTEGER PRIMARY KEY, handle TEXT)")
    database.executemany("INSERT INTO another VALUES (?, ?)", ((i, person(i)) for i in range(2, people)))
    for table in ("account", "device", "presence"):
        _copy(database, table, {"handle": "another.handle"}, f"another WHERE t.handle = '{person(1)}'")
    if stored:
        _multiply_messages(database, people, stored)
    else:
        for table in ("message", "body", "waiting", "condition"):
            database.execute(f"DELETE FROM {table}")
    database.execute(
        "UPDATE account SET held = (SELECT ifnull(sum(more.held), 0) FROM"
        " (SELECT m.sender, count(*) AS held FROM waiting JOIN message m USING (number) GROUP BY m.sender) more"
        " WHERE more.sender = account.handle)"
    )
    database.execute("COMMIT")


def _multiply_messages(database: sqlite3.Connection, people: int, stored: int) -> None:
    """Everybody has written to those who come next, in turns, and under two conditions."""
    (first,) = database.execute("SELECT min(key) FROM condition").fetchone()
    another = f"another WHERE t.sender = '{person(0)}'"
    sender = {"key": "t.key + 2 * another.i", "sender": "another.handle"}
    _copy(database, "condition", sender, another)
    _copy(
        database,
        "condition",
        {"key": "t.key + 2", "sender": f"'{person(1)}'"},
        f"(SELECT 1) WHERE t.sender = '{person(0)}'",
    )
    database.execute(
        "CREATE TEMP TABLE pair (i, d, sender, recipient, conversation, PRIMARY KEY (i, d)) WITHOUT ROWID"
    )
    ends = ((i, d, person(i), person((i + 1 + d) % people)) for i in range(people) for d in range(PARTNERS))
    database.executemany(
        "INSERT INTO pair VALUES (?, ?, ?, ?, ?)", ((*each, conversation_of(each[2:])) for each in ends)
    )
    database.execute("CREATE TEMP TABLE more (j INTEGER PRIMARY KEY, i, d, key, ago)")
    database.execute(
        "WITH RECURSIVE n (j) AS (SELECT 2 UNION ALL SELECT j + 1 FROM n WHERE j < ? - 1)"
        " INSERT INTO more SELECT j, j % ?, j / ? % ?, ? + 2 * (j % ?) + j / ? / ? % 2, ? - j FROM n",
        (stored, people, people, PARTNERS, first, people, people, PARTNERS, stored),
    )
    number = {"number": "more.j + 1"}
    _copy(database, "body", number, "more WHERE t.number = 1 ORDER BY more.j")
    line = "more CROSS JOIN pair USING (i, d) WHERE t.number = 1"
    head = {
        "id": "printf('019b8d3e-0000-7c55-8a11-%012x', more.j)",
        "sender": "pair.sender",
        "recipients": "pair.recipient",
        "conversation": "pair.conversation",
        "condition": "more.key",
        "accepted_at": "t.accepted_at - more.ago",
    }
    _copy(database, "message", number | head, f"{line} ORDER BY more.j")
    place = {
        "recipient": "pair.recipient",
        "condition": "more.key",
        "expires_at": "t.expires_at - more.ago",
        "since": "t.since - more.ago",
    }
    _copy(database, "waiting", number | place, f"{line} ORDER BY pair.recipient, more.key, more.j")
    _age(database, stored)


def _age(database: sqlite3.Connection, milliseconds: int) -> None:
    """The first two messages were accepted before all the others."""
    shift = {"message": ("accepted_at",), "waiting": ("since", "expires_at")}
    for table, columns in shift.items():
        for column in columns:
            database.execute(f"UPDATE {table} SET {column} = {column} - ? WHERE number <= 2", (milliseconds,))


def _copy(database: sqlite3.Connection, table: str, other: Mapping[str, str], source: str) -> None:
    """Write rows of `table` (`t`) again for each row of `source`, with `other` expressions in some columns."""
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    assert set(other) <= set(names), f"{table} has other columns than it had"
    values = ", ".join(other.get(name, f"t.{name}") for name in names)
    database.execute(f"INSERT INTO {table} SELECT {values} FROM {table} t CROSS JOIN {source}")
