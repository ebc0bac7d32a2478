"""The one connection to the file of the store: questions, and changes that are one transaction each."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tact_desktop.local.errors import store_error
from tact_desktop.local.opening import opened


class StoreFile:
    """The file. Every method may raise LocalStoreError; a change that raises has changed nothing."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """The store in the file at `path`, made where there is none."""
        return cls(opened(path), path)

    def close(self) -> None:
        """Nothing is asked of it any more."""
        self._connection.close()

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        with self._reading() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        try:
            yield self._connection
        except sqlite3.Error as error:
            raise store_error(error, self._path) from error

    @contextmanager
    def _change(self) -> Generator[sqlite3.Connection]:
        """One transaction: all of it is on the disk when this ends, or nothing is."""
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise
