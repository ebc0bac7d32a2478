import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from tact_desktop.local import errors, opening, schema
from tact_desktop.local.errors import LocalStoreError, store_error
from tact_desktop.local.history import History
from tact_desktop.local.opening import opened
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, canonical
from tact_engine.core.envelope import Otherwise, Receipt, State

OLD_ENTRY = {
    "number": 1,
    "id": "1",
    "conversation": "c",
    "author": "anna",
    "own": 1,
    "text": "Lunch at noon?",
    "stage": "held",
    "recipients": '["bob"]',
    "written_at": 5,
    "position": None,
    "since": 5,
    "released_at": 0,
    "delayed": 0,
    "batch": 0,
    "unread": 0,
    "revision": 3,
    "condition": canonical(PRESETS["available"]),
    "valid_for": 60,
    "expires_at": 65,
    "problem": "",
}
"""A row as it was before a message could do more at its end than expire."""
OLD_STANDING = {
    "entry_id": "1",
    "recipient": "bob",
    "state": "held",
    "revision": 3,
    "since": 5,
    "accepted_at": 5,
    "released_at": 0,
    "expires_at": 65,
    "waited": 1,
    "serial": 7,
}

posix = pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "history.db"


def pragma(connection: sqlite3.Connection, name: str):
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_it_is_durable_and_erases(path):
    connection = opened(path)
    assert (pragma(connection, "journal_mode"), pragma(connection, "synchronous")) == ("wal", 2)
    assert (pragma(connection, "secure_delete"), pragma(connection, "application_id")) == (
        1,
        opening.APPLICATION_ID,
    )
    connection.close()


@posix
def test_only_its_owner_can_read_it(path):
    old = os.umask(0)
    try:
        connection = opened(path)
        connection.execute("INSERT INTO setting VALUES ('a', '1')")
        connection.commit()
        files = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    finally:
        os.umask(old)
    assert files == dict.fromkeys(("history.db", "history.db-wal", "history.db-shm"), 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    connection.close()


@posix
def test_rights_that_were_too_wide_are_narrowed(path):
    opened(path).close()
    path.chmod(0o644)
    opened(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_it_is_opened_again(path):
    opened(path).close()
    opened(path).close()


def test_something_else_is_not_touched(path):
    path.parent.mkdir()
    path.write_text("a letter " * 1000)
    with pytest.raises(LocalStoreError, match="not a history of Tact"):
        opened(path)
    assert path.read_text() == "a letter " * 1000


def test_the_database_of_another_program_is_not_touched(path):
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs(x)")
    other.close()
    with pytest.raises(LocalStoreError, match="not a history of Tact"):
        opened(path)
    assert path.read_bytes().count(b"entry") == 0


def test_a_damaged_file_is_told(path):
    connection = opened(path)
    connection.executemany("INSERT INTO setting VALUES (?, ?)", [(f"{n}", "x" * 500) for n in range(200)])
    connection.commit()
    connection.close()
    content = bytearray(path.read_bytes())
    content[4096 * 20 :] = b"\xff" * (len(content) - 4096 * 20)
    path.write_bytes(content)
    path.with_name(path.name + "-wal").write_bytes(b"left behind by a crash")
    with pytest.raises(LocalStoreError, match="damaged"):
        opened(path)


def test_the_file_of_a_newer_version_is_told(path):
    connection = opened(path)
    Database(connection).table("_sqlite_migrations").insert(
        {"migration_set": "tact-history", "name": "m999_later", "applied_at": ""}
    )
    connection.close()
    with pytest.raises(LocalStoreError, match="newer Tact"):
        opened(path)


def test_a_folder_in_the_place_of_the_file_is_told(path):
    path.mkdir(parents=True)
    with pytest.raises(LocalStoreError, match="cannot be written"):
        opened(path)


def test_a_file_in_the_place_of_the_folder_is_told(path):
    path.parent.write_text("")
    with pytest.raises(LocalStoreError, match="cannot be written"):
        opened(path)


def test_a_file_that_cannot_be_written_is_told(path, monkeypatch):
    opened(path).close()
    real = os.open

    def refusing(name, flags, *rest):
        if Path(name) == path and flags & os.O_RDWR:
            raise PermissionError(13, "Permission denied")
        return real(name, flags, *rest)

    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(LocalStoreError, match="cannot be written"):
        opened(path)


def test_a_file_in_use_is_told(path, monkeypatch):
    monkeypatch.setattr("tact_desktop.local.opening._BUSY_SECONDS", 0.0)
    opened(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LocalStoreError, match="in use by another program"):
        opened(path)
    other.close()


def test_a_migration_that_fails_changes_nothing(path, monkeypatch):
    def failing(db: Database) -> None:
        raise sqlite3.OperationalError("no")

    monkeypatch.setattr(schema, "_index_text", failing)
    with pytest.raises(LocalStoreError):
        opened(path)
    left = sqlite3.connect(path)
    assert left.execute("SELECT name FROM sqlite_master WHERE name = 'entry'").fetchall() == []
    left.close()
    monkeypatch.undo()
    opened(path).close()


def test_the_file_of_the_first_version_is_brought_to_the_newest_form(path):
    path.parent.mkdir()
    database = Database(path)
    database.execute(f"PRAGMA application_id = {opening.APPLICATION_ID}")
    schema.migrations.apply(database, stop_before="m003_the_law_in_full")
    database.table("entry").insert_all([OLD_ENTRY, {**OLD_ENTRY, "number": 2, "id": "2", "stage": "unsent"}])
    database.table("standing").insert(OLD_STANDING)
    database.table("draft").insert(
        {
            "conversation": "c",
            "text": "Half a",
            "preset": "available",
            "custom": "",
            "valid_for": 60,
            "pinned": 1,
        }
    )
    database.close()
    history = History.open(path)
    entry = Entry(
        "1", "c", "anna", True, "Lunch at noon?", Stage.HELD, ("bob",), 5, revision=3, expires_at=65,
        condition=PRESETS["available"], valid_for=60, since=5,
    )  # fmt: skip
    assert history.entry("1") == entry
    assert history.draft("c") == Draft("Half a", Preset.AVAILABLE, None, 60, pinned=True)
    assert [found.id for found in history.search("noon", 9)] == ["2", "1"]
    (second,) = history.learned([Receipt("1", "bob", State.HELD, 4, 5, 5, 125, 8, second=True)])
    assert (second.second, second.condition, second.expires_at) == (True, WHEN_ONLINE, 125)
    assert history.entry("1") == second
    history.remember([replace(entry, id="3", alert=True, otherwise=Otherwise.DRAFTS, keep_order=True)])
    assert [each.alert for each in history.unsent()] == [False, True]
    history.close()


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("SQLITE_FULL", "is full"),
        ("SQLITE_READONLY_DBMOVED", "cannot be written"),
        ("SQLITE_BUSY_SNAPSHOT", "in use"),
        ("SQLITE_CORRUPT_VTAB", "damaged"),
        ("SQLITE_IOERR_FSYNC", "could not be used: disk"),
        ("", "could not be used"),
    ],
)
def test_what_sqlite_says_becomes_a_sentence(name, part):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    told = str(store_error(error, Path("history.db")))
    assert part in told
    assert "history.db" in told
    assert "  " not in told


def test_an_error_without_a_name_becomes_a_sentence():
    assert isinstance(errors.store_error(sqlite3.ProgrammingError("closed"), Path("x")), LocalStoreError)


def test_the_newest_migrations_are_those_of_the_schema():
    names = tuple(migration.name for migration in schema.migrations.pending(Database(memory=True)))
    assert names == opening.NEWEST


def test_an_ordinary_start_does_without_the_library_that_migrates(path):
    opened(path).close()
    code = f"from pathlib import Path; from tact_desktop.local.opening import opened; opened(Path({str(path)!r}))"
    look = "import sys; print('sqlite_utils' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", f"{code}.close(); {look}"], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")
