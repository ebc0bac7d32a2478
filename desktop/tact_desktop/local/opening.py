"""Opening the file of the store: only for its owner to read, ours, sound, durable, and of the newest form."""

import os
import sqlite3
from pathlib import Path

from tact_desktop.local.errors import not_ours, not_writable, store_error, too_new

APPLICATION_ID = 0x54616374
"""Stands in the header of the file and says that it is ours ("Tact")."""
NEWEST = ("m001_messages", "m002_drafts_and_settings", "m003_the_law_in_full")
"""The migrations of `schema`, whose module an ordinary start does without."""
_BUSY_SECONDS = 5.0


def opened(path: Path) -> sqlite3.Connection:
    """The file at `path`, made where there is none; LocalStoreError where it cannot be ours to write."""
    unclean = _prepare(path)
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    except sqlite3.Error as error:
        raise store_error(error, path) from error
    try:
        _check(connection, path, unclean)
        _make_durable(connection)
        if _applied(connection) != NEWEST:
            _migrate(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise store_error(error, path) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(path: Path) -> bool:
    """Makes file and folder, private to their owner; whether the file was not closed in order the last time."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
        log = path.with_name(path.name + "-wal")
        return log.exists() and log.stat().st_size > 0
    except OSError as error:
        raise not_writable(path) from error


def _check(connection: sqlite3.Connection, path: Path, unclean: bool) -> None:
    """Raises unless the file is ours, which an empty one becomes; after an unclean end it is looked through whole."""
    is_ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not is_ours:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise not_ours(path)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    if unclean and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise not_ours(path)


def _make_durable(connection: sqlite3.Connection) -> None:
    """What is committed survives a power cut: an acknowledgement promises just that. Deleted text is overwritten."""
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON").fetchone()


def _applied(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The migrations that the file has had, in their order; none where it is new."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return ()
    return tuple(name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id"))


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Brings the tables to the newest form; raises where the file has been brought further than we know."""
    from sqlite_utils import Database  # noqa: PLC0415 - a tenth of a second, for the first start of a version only

    from tact_desktop.local.schema import migrations  # noqa: PLC0415 - the same

    database = Database(connection, execute_plugins=False)
    known = {migration.name for migration in migrations.pending(Database(memory=True, execute_plugins=False))}
    if any(migration.name not in known for migration in migrations.applied(database)):
        raise too_new(path)
    migrations.apply(database)
