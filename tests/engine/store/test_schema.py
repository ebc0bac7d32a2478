"""The tables: made once, in one transaction, and never made again."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlite_utils import Database

from tact_engine.core.conditions import one_group
from tact_engine.core.envelope import Otherwise, State, Submission, conversation_of, weight_of
from tact_engine.core.privacy import Privacy
from tact_engine.store.schema import APPLICATION_ID, migrations
from tests.support.heart import NOON_MS, Office, miscounted, misplaced, states


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
        "account", "clock", "device", "password", "invitation", "presence", "condition",
        "message", "body", "waiting", "released", "ended", "news", "privacy", "quiet",
    }  # fmt: skip


def test_what_is_asked_often_is_found_without_a_scan(office):
    """Releasing, expiring and settling cost what they move, however much waits."""
    queries = {
        "SELECT * FROM waiting WHERE recipient = 'a' AND condition = 1 ORDER BY number LIMIT 9": "waiting",
        "SELECT * FROM waiting WHERE expires_at <= 5 ORDER BY expires_at, number LIMIT 9": "waiting",
        "SELECT min(expires_at) FROM waiting": "waiting",
        "SELECT condition, count(*) FROM waiting WHERE recipient = 'a' GROUP BY condition": "waiting",
        "SELECT * FROM released WHERE recipient = 'a' AND number = 1": "released",
        "SELECT * FROM message WHERE id = 'a'": "message",
        "SELECT * FROM ended WHERE number = 1": "ended",
        "SELECT * FROM message WHERE behind = 1": "message",
        "SELECT * FROM quiet WHERE expires_at <= 5 ORDER BY expires_at, number LIMIT 9": "quiet",
        "SELECT DISTINCT condition FROM released WHERE recipient = 'a'": "released",
        "SELECT 1 FROM ended WHERE since < 5 LIMIT 1": "ended",
        "SELECT * FROM news WHERE sender = 'a' AND serial > 1 ORDER BY serial LIMIT 9": "news",
        "DELETE FROM news WHERE sender = 'a' AND serial <= 1": "news",
    }
    for query, table in queries.items():
        plan = " / ".join(row[3] for row in office.store._db.execute(f"EXPLAIN QUERY PLAN {query}"))
        assert f"SEARCH {table}" in plan, (query, plan)
        assert "TEMP B-TREE FOR ORDER BY" not in plan, (query, plan)


# --- the data of the first version


def as_the_first_version_left_it(path: Path) -> None:
    """A database with the tables of the first version and a day's data, written as that version wrote them."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(Database(connection), stop_before="m002_the_law_in_full")
    for handle, sequence, serial in (("tom", 0, 2), ("mary", 3, 0)):
        connection.execute("INSERT INTO account VALUES (?, ?, ?, ?)", (handle, NOON_MS, sequence, serial))
        connection.execute("INSERT INTO device VALUES (?, ?, ?)", (f"device of {handle}", handle, NOON_MS))
    readings = (
        '{"OnlineStatus":{"value":true,"since":1,"source":"engine"},"UserMood":{"value":"ANGRY","since":1}}'
    )
    connection.execute("INSERT INTO presence VALUES ('mary', 7, ?)", (readings,))
    connection.execute("INSERT INTO presence VALUES ('tom', 3, '{}')")
    conversation = conversation_of(("tom", "mary"))
    connection.execute("INSERT INTO conversation VALUES (?, 'direct')", (conversation,))
    for handle in ("tom", "mary"):
        connection.execute("INSERT INTO member VALUES (?, ?)", (conversation, handle))
    connection.execute("INSERT INTO condition VALUES (1, 'tom', '{}')")
    form = '{"any":[{"all":[{"attr":"UserMood","op":"ne","value":"ANGRY"}]}]}'
    connection.execute("INSERT INTO condition VALUES (2, 'tom', ?)", (form,))
    for number, id, key in (
        (1, "waiting", 2),
        (2, "plain", 1),
        (3, "out", 1),
        (4, "read", 1),
        (5, "gone", 2),
    ):
        row = (
            number,
            id,
            "tom",
            conversation,
            "mary",
            key,
            "text/plain",
            "",
            NOON_MS,
            weight_of(id.encode(), ("tom", "mary")),
        )
        connection.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        if number < 4:
            connection.execute("INSERT INTO body VALUES (?, ?)", (number, id.encode()))
    end = NOON_MS + 3_600_000
    connection.execute("INSERT INTO waiting VALUES ('mary', 2, 1, 1, ?, ?, 0)", (end, NOON_MS))
    connection.execute("INSERT INTO waiting VALUES ('mary', 1, 2, 3, ?, ?, 1)", (end, NOON_MS))
    connection.execute("INSERT INTO released VALUES ('mary', 3, 1, 1, ?, ?, 3)", (end, NOON_MS))
    connection.execute("INSERT INTO ended VALUES (4, 'mary', 'read', 1, ?, ?, 1)", (end, NOON_MS))
    connection.execute("INSERT INTO ended VALUES (5, 'mary', 'expired', 1, ?, ?, 1)", (end, NOON_MS))
    for serial, number in ((1, 4), (2, 5)):
        connection.execute("INSERT INTO news VALUES ('tom', ?, ?, 'mary')", (serial, number))
    connection.close()


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Office]:
    """An office that goes on with what the first version left."""
    folder = tmp_path / "old"
    folder.mkdir()
    as_the_first_version_left_it(folder / "engine.db")
    office = Office(folder)
    yield office
    assert miscounted(office.store) == []
    assert misplaced(office.store) == []
    office.close()


@pytest.mark.rule("I1", "U2")
def test_what_the_first_version_kept_is_all_there(old):
    found = {id: old.envelope(id) for id in ("waiting", "plain", "out", "read", "gone")}
    assert {id: each.state for id, each in found.items()} == {
        "waiting": State.HELD, "plain": State.HELD, "out": State.HELD, "read": State.READ, "gone": State.EXPIRED,
    }  # fmt: skip
    assert found["waiting"].condition == one_group(("UserMood", "ne", "ANGRY"))
    assert [each.valid_for for each in found.values()] == [3_600] * 5
    assert {(each.otherwise, each.second, each.alert, each.behind) for each in found.values()} == {
        (Otherwise.EXPIRE, False, False, None)
    }
    assert not old.presence("mary").online
    assert old.store.view.privacy("mary") == Privacy()


@pytest.mark.rule("U3", "I4", "N2")
def test_and_goes_on_as_if_nothing_had_happened(old):
    tom = old.sign_in("tom")
    assert set(tom.heard) == {("read", State.READ), ("gone", State.EXPIRED), ("out", State.HELD)}
    same = Submission("waiting", ("mary",), b"waiting", "text/plain", when=old.envelope("waiting").condition)
    assert states(tom.submit_as(replace(same, valid_for=3_600))) == [State.HELD], "a retry is one"
    mary = old.sign_in("mary", UserMood="ANGRY")
    assert mary.ids == ["plain", "out"]
    assert [each.sequence for each in mary.arrived] == [4, 5]
    assert [each.revision for each in mary.arrived] == [3, 1]
    mary.acknowledge("plain", "out", "gone")
    assert old.state("gone") is State.DELIVERED, "a late acknowledgement is believed"
    follower = tom.submit("mary", keep_order=True)
    tom.edit("waiting", otherwise=Otherwise.DELIVER)
    old.after(3_600)
    assert old.envelope("waiting").second
    assert mary.ids[2:] == ["waiting"]
    mary.acknowledge("waiting")
    assert mary.ids[2:] == ["waiting", follower]


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_and_is_migrated_once(old, way):
    once = made(old.store._db)
    getattr(old, way)()
    assert made(old.store._db) == once
    assert old.sign_in("mary", UserMood="SAD").ids == ["waiting", "plain", "out"]


def test_a_new_database_and_a_migrated_one_are_the_same(old, office):
    def columns(store):
        tables = [name for name, sql in made(store._db).items() if sql.startswith("CREATE TABLE")]
        return {
            name: set(store._db.execute(f"SELECT name FROM pragma_table_info('{name}')")) for name in tables
        }

    assert columns(old.store) == columns(office.store)
