"""The tables: made once, in one transaction, and never made again."""

import sqlite3

from sqlite_utils import Database

from tact_engine.store.schema import migrations


def made(connection: sqlite3.Connection) -> dict[str, str]:
    """Every table and index with the statement that made it."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '@_%' ESCAPE '@'"
    )
    return dict(found.fetchall())


def test_migrating_twice_changes_nothing():
    connection = sqlite3.connect(":memory:")
    migrations.apply(Database(connection))
    once = made(connection)
    migrations.apply(Database(connection))
    assert made(connection) == once
    assert migrations.pending(Database(connection)) == []
    connection.close()


def test_a_new_store_has_these_tables_and_no_other(office):
    assert {name for name, sql in made(office.store._db).items() if sql.startswith("CREATE TABLE")} == {
        "account", "device", "presence", "conversation", "member", "condition",
        "message", "body", "waiting", "released", "ended", "news",
    }  # fmt: skip


def test_what_is_asked_often_is_found_without_a_scan(office):
    """Releasing, expiring and settling cost what they move, however much waits."""
    queries = {
        "SELECT * FROM waiting WHERE recipient = 'a' AND condition = 1 ORDER BY number LIMIT 9": "waiting",
        "SELECT * FROM waiting WHERE expires_at <= 5 ORDER BY expires_at, number LIMIT 9": "waiting",
        "SELECT min(expires_at) FROM waiting": "waiting",
        "SELECT * FROM released WHERE recipient = 'a' AND number = 1": "released",
        "SELECT * FROM message WHERE id = 'a'": "message",
        "SELECT * FROM ended WHERE number = 1": "ended",
        "SELECT 1 FROM ended WHERE since < 5 LIMIT 1": "ended",
        "SELECT * FROM news WHERE sender = 'a' AND serial > 1 ORDER BY serial LIMIT 9": "news",
        "DELETE FROM news WHERE sender = 'a' AND serial <= 1": "news",
    }
    for query, table in queries.items():
        plan = " / ".join(row[3] for row in office.store._db.execute(f"EXPLAIN QUERY PLAN {query}"))
        assert f"SEARCH {table}" in plan, (query, plan)
        assert "TEMP B-TREE FOR ORDER BY" not in plan, (query, plan)
