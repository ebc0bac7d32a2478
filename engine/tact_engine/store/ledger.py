"""The ledger: the database as of all changes of a batch, of which the many small ones are written together.

A batch of a thousand messages writes to the same few tables over and over, and takes some of it back before it ends: a
message that goes at once never waits. So rows of TABLES are gathered under their keys and written by one statement for
each table, at the latest before the commit. Whoever reads sees all of them, since nothing is read before they are
written.
"""

import sqlite3
from typing import Any

import msgspec
from msgspec import Struct

Row = tuple[Any, ...]


class Table(Struct, frozen=True, eq=False):
    """A table whose rows are gathered: its name, the columns of the key they are gathered under, how many it has."""

    name: str
    key: tuple[str, ...]
    width: int


MESSAGE = Table("message", ("number",), 16)
BODY = Table("body", ("number",), 2)
WAITING = Table("waiting", ("recipient", "condition", "number"), 8)
RELEASED = Table("released", ("recipient", "number"), 8)
ENDED = Table("ended", ("number", "recipient"), 8)
NEWS = Table("news", ("number", "recipient"), 4)
TABLES = (MESSAGE, BODY, WAITING, RELEASED, ENDED, NEWS)


class _Gathered:
    """The changes of one table that are not written yet; what is dropped is so before what is put."""

    def __init__(self, table: Table) -> None:
        # In `ended` and `news` a row takes the place of an older one; in the others none ever does, and must not.
        verb = "REPLACE" if table in (ENDED, NEWS) else "INSERT"
        self.insert = f"{verb} INTO {table.name} VALUES ({', '.join('?' * table.width)})"
        self.delete = f"DELETE FROM {table.name} WHERE {' AND '.join(f'{name} = ?' for name in table.key)}"
        self.put: dict[Row, Row] = {}
        self.dropped: dict[Row, None] = {}


class Ledger:
    """Reads and writes `connection`, inside the transaction that whoever has it began."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._gathered = {table: _Gathered(table) for table in TABLES}
        self._is_clean = True

    def put(self, table: Table, key: Row, row: Row) -> None:
        """Write `row`, in place of what `table` had under `key`."""
        self._gathered[table].put[key] = row
        self._is_clean = False

    def drop(self, table: Table, key: Row) -> None:
        """Remove the row under `key`; one that was not written yet never is."""
        gathered = self._gathered[table]
        if gathered.put.pop(key, None) is None:
            gathered.dropped[key] = None
            self._is_clean = False

    def flush(self) -> None:
        """Write what was gathered."""
        if self._is_clean:
            return
        for each in self._gathered.values():
            if each.dropped:
                self._db.executemany(each.delete, each.dropped)
                each.dropped.clear()
            if each.put:
                self._db.executemany(each.insert, each.put.values())
                each.put.clear()
        self._is_clean = True

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Do one statement, after everything that was gathered."""
        self.flush()
        return self._db.execute(statement, values)

    def executemany(self, statement: str, rows: list[Row]) -> None:
        """Do one statement for each of `rows`, after everything that was gathered."""
        self.flush()
        self._db.executemany(statement, rows)

    def all(self, query: str, *values: object) -> list[Row]:
        """All rows of `query`."""
        return self.execute(query, *values).fetchall()

    def one(self, query: str, *values: object) -> Row | None:
        """The first row of `query`, or None."""
        return self.execute(query, *values).fetchone()


def listed(values: list[Any]) -> str:
    """`values` as one parameter, which json_each takes apart."""
    return msgspec.json.encode(values).decode()
