"""A past that was never lived is as an engine would have written it."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from tact_engine.core.envelope import conversation_of
from tact_engine.core.facts import Moment
from tact_engine.core.view import Limits
from tact_engine.store.store import Store
from tests.bench.prepared import PARTNERS, Past, person

PEOPLE, STORED = 30, 2_000
OF_PEOPLE, OF_MESSAGES = ("account", "device", "presence"), ("message", "body", "waiting")
MESSAGES = (
    "SELECT m.number, m.sender, m.recipients, w.recipient, c.sender, m.condition, w.condition, m.conversation,"
    " m.accepted_at, m.valid_for, w.since, w.expires_at, m.weight, b.content"
    " FROM message m JOIN waiting w USING (number) JOIN body b USING (number) JOIN condition c ON c.key = w.condition"
    " ORDER BY m.number"
)


class Row(NamedTuple):
    """One row of MESSAGES."""

    number: int
    sender: str
    to: str
    recipient: str
    owner: str
    condition: int
    held_under: int
    conversation: str
    accepted_at: int
    valid_for: int
    since: int
    expires_at: int
    weight: int
    content: bytes


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    return Past(tmp_path_factory.mktemp("past"))


@pytest.fixture(scope="module")
def lived(past) -> Path:
    return asyncio.run(past.of(PEOPLE, STORED)) / "engine.db"


def test_multiplied_people_and_messages_are_as_many_as_wanted(lived):
    with closing(sqlite3.connect(lived)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        counts = {table: _count(database, table) for table in (*OF_PEOPLE, *OF_MESSAGES)}
    assert counts == dict.fromkeys(OF_PEOPLE, PEOPLE) | dict.fromkeys(OF_MESSAGES, STORED)


def test_multiplied_messages_keep_what_always_holds(lived):
    with closing(sqlite3.connect(lived)) as database:
        rows = [Row(*row) for row in database.execute(MESSAGES)]
    assert [row.number for row in rows] == list(range(1, STORED + 1))
    for row in rows:
        assert (row.owner, row.recipient, row.held_under) == (row.sender, row.to, row.condition)
        assert row.sender != row.recipient
        assert row.conversation == conversation_of((row.sender, row.recipient))
        assert (row.since, row.expires_at) == (row.accepted_at, row.accepted_at + row.valid_for * 1000)
        assert (row.weight, row.content) == (rows[0].weight, rows[0].content)
    assert all(earlier.accepted_at <= later.accepted_at for earlier, later in pairwise(rows))
    pairs = Counter((row.sender, row.recipient) for row in rows)
    assert len(pairs) == PEOPLE * PARTNERS
    assert max(pairs.values()) <= min(pairs.values()) + 2


def test_a_store_reads_it_back(lived):
    store = Store.open(lived, Limits(), Moment(2**42, 0))
    try:
        counts = [store.view.held_total(person(number)) for number in range(PEOPLE)]
    finally:
        store.close()
    assert sum(counts) == STORED


def test_without_messages_there_are_people_alone(past):
    data = asyncio.run(past.of(PEOPLE))
    with closing(sqlite3.connect(data / "engine.db")) as database:
        assert {_count(database, table) for table in OF_PEOPLE} == {PEOPLE}
        assert {_count(database, table) for table in (*OF_MESSAGES, "condition")} == {0}


def _count(database: sqlite3.Connection, table: str) -> int:
    return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
