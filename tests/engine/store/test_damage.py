"""Data that were moved, emptied or damaged: a sentence, never a guess."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from tact_engine.core import facts
from tact_engine.core.errors import StoreError
from tact_engine.core.view import Limits
from tact_engine.store.store import Store
from tests.support.heart import Office


def refused(office: Office) -> str:
    """Why the store cannot be opened."""
    with pytest.raises(StoreError) as caught:
        Store.open(office.path, Limits(), office.now)
    return str(caught.value)


# --- moved while the engine runs


@pytest.mark.rule("I1")
@pytest.mark.parametrize("way", ["removed", "moved", "another in its place"])
def test_what_nobody_would_find_again_is_not_accepted(office, way):
    office.away("mary")
    tom = office.sign_in("tom")
    kept = tom.submit("mary")
    folder, away = office.path.parent, office.path.parent.with_name("away")
    shutil.copytree(folder, away) if way == "removed" else folder.rename(away)
    if way == "removed":
        shutil.rmtree(folder)
    if way == "another in its place":
        shutil.copytree(away, folder)
    with pytest.raises(
        StoreError, match=r"engine\.db was moved or removed while the engine ran\. Put it back"
    ):
        tom.submit("mary", id="lost")
    assert [each for each in tom.told if getattr(each, "request", 0) == 2] == []
    office.store.close()
    shutil.rmtree(folder, ignore_errors=True)
    away.rename(folder)
    office.restart()
    assert office.sign_in("mary").ids == [kept]


# --- damaged while it does not


@pytest.mark.rule("I1")
def test_an_empty_database_with_a_log_is_not_taken_for_a_new_one(office):
    """SQLite would, and would remove the log, which may be the only copy of what was accepted."""
    office.away("mary")
    kept = office.sign_in("tom").submit("mary")
    log = office.path.with_name(office.path.name + "-wal")
    whole = office.path.read_bytes(), log.read_bytes()
    office.store.close()
    office.path.write_bytes(b"")
    log.write_bytes(whole[1])
    assert "is empty, but its log is not" in refused(office)
    assert log.read_bytes() == whole[1]
    office.path.write_bytes(whole[0])
    office.restart()
    assert office.sign_in("mary").ids == [kept]


@pytest.mark.parametrize("size", [1, 100, 511, 512, 5_000])
def test_what_is_too_short_for_a_database_is_not_written_over(office, size):
    office.store.close()
    whole = office.path.read_bytes()
    office.path.write_bytes(b"x" * size)
    assert "This file is not a database. Move it away" in refused(office)
    assert office.path.read_bytes() == b"x" * size
    office.path.write_bytes(whole)
    office.restart()


def test_a_damaged_table_is_told_in_one_line(office):
    office.store.close()
    whole = office.path.read_bytes()
    office.path.write_bytes(whole.replace(b"CREATE TABLE body (", b"CREATE TABLE\n`ody ("))
    said = refused(office)
    assert "The database is damaged" in said
    assert "\n" not in said
    office.path.write_bytes(whole)
    office.restart()


CHANGES = {
    "a condition": "UPDATE condition SET form = '?'",
    "a state": "UPDATE ended SET state = 'somewhere'",
    "a presence": "UPDATE presence SET readings = '[]'",
    "a name": "UPDATE account SET handle = CAST(x'ff' AS TEXT) WHERE handle = 'mary'",
    "a missing condition": "DELETE FROM condition",
    "a missing table": "DROP TABLE released",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_nobody_can_have_written_ends_the_start_with_a_sentence(office, change):
    mary, tom = office.sign_in("mary"), office.sign_in("tom")
    tom.submit("mary")
    tom.submit("mary", id="ended")
    mary.acknowledge("ended")
    office.store.close()
    whole = office.path.read_bytes()
    with closing(sqlite3.connect(office.path, isolation_level=None)) as db:
        db.execute(change)
    if change.startswith("UPDATE ended"):  # that is not read at a start
        Store.open(office.path, Limits(), office.now).close()
    else:
        assert f"{office.path}: The database " in refused(office)
    office.path.write_bytes(whole)
    office.restart()
    office.feed(facts.TimePassed())
