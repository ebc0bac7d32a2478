"""Which version a database is of: looked at cheaply, since nearly every start finds the newest."""

import sqlite3

APPLICATION_ID = 0x54616374
"""Stands in the header of the file and says that it is ours ("Tact")."""
NEWEST = ("m001_first_light", "m002_the_law_in_full", "m003_the_proof", "m004_trust", "m005_speed")
"""The migrations of `schema`, whose module a start does without where all of them are done."""


def applied(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The migrations that a database has had, in their order, also those of a newer Tact; none where it is new."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return ()
    names = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'tact-engine' ORDER BY rowid"
    return tuple(name for (name,) in connection.execute(names).fetchall())
