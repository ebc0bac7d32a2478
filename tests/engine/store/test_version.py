"""What a database says of its version, without the module that makes its tables."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from tact_engine.store.schema import migrations
from tact_engine.store.version import NEWEST, applied


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """An empty database."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def test_every_migration_is_known_by_name():
    assert tuple(each.name for each in migrations.pending(Database(memory=True))) == NEWEST


def test_a_new_database_has_had_none(connection):
    assert applied(connection) == ()


@pytest.mark.parametrize("before", NEWEST)
def test_an_older_one_has_had_some(connection, before):
    migrations.apply(Database(connection), stop_before=before)
    assert applied(connection) == NEWEST[: NEWEST.index(before)]


def test_one_that_is_up_to_date_has_had_all_and_only_its_own_count(connection):
    migrations.apply(Database(connection))
    record = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, '')"
    connection.execute(record, ("another", "m001_first_light_of_another"))
    assert applied(connection) == NEWEST
    connection.execute(record, ("tact-engine", "m999_later"))
    assert applied(connection) == (*NEWEST, "m999_later")
