"""Rows to values: how an envelope is read back from whichever of its three tables it stands in."""

import sqlite3
from typing import Any

from tact_engine.core.envelope import Envelope, State
from tact_engine.core.view import Waiting

HEAD = "m.number, m.id, m.sender, m.conversation, m.accepted_at, m.weight"
"""The columns of `message m` that every envelope needs, in the order `envelope_of` takes them."""

WAITING = (
    f"SELECT {HEAD}, w.recipient, w.condition, w.revision, w.expires_at, w.since, w.tried FROM waiting w"
)
RELEASED = f"SELECT {HEAD}, w.recipient, w.condition, w.revision, w.expires_at, w.since, 1 FROM released w"
ENDED = f"SELECT {HEAD}, w.recipient, m.condition, w.revision, w.expires_at, w.since, w.tried, w.state FROM ended w"
JOIN = " JOIN message m ON m.number = w.number "


def envelope_of(row: tuple[Any, ...], state: State, conditions: dict[int, Waiting]) -> Envelope:
    """The envelope in one row of WAITING, RELEASED or ENDED."""
    return Envelope(
        number=row[0],
        id=row[1],
        sender=row[2],
        conversation=row[3],
        accepted_at=row[4],
        weight=row[5],
        recipient=row[6],
        condition=conditions[row[7]].condition,
        state=state,
        revision=row[8],
        expires_at=row[9],
        since=row[10],
        tried=bool(row[11]),
    )


def all_of(connection: sqlite3.Connection, query: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows of `query`."""
    return connection.execute(query, values).fetchall()


def one_of(connection: sqlite3.Connection, query: str, *values: object) -> tuple[Any, ...] | None:
    """The first row of `query`, or None."""
    return connection.execute(query, values).fetchone()
