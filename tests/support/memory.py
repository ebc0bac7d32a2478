"""The real store over a database in memory: made in a fraction of a millisecond, for worlds by the thousand."""

import sqlite3
from functools import cache
from pathlib import Path

from sqlite_utils import Database

from tact_engine.core.facts import Moment, Started
from tact_engine.core.view import Limits
from tact_engine.store.reserve import Reserve
from tact_engine.store.schema import migrations
from tact_engine.store.store import Store

NOWHERE = Path("nowhere")
"""Where a database in memory stands: in no file, on no disk."""


def empty_database() -> sqlite3.Connection:
    """A database in memory with the newest tables and nothing in them."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(_newest())
    return connection


def store_over(connection: sqlite3.Connection, limits: Limits, now: Moment) -> Store:
    """A store that starts at `now` over what `connection` holds, as `Store.open` starts it; everybody is offline."""
    store = Store(connection, NOWHERE, limits, Reserve(NOWHERE))
    store._load()
    store.apply([Started()], now)
    store._started = True
    return store


@cache
def _newest() -> bytes:
    """The bytes of a database with the newest tables."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(Database(connection))
    data = connection.serialize()
    connection.close()
    return data
