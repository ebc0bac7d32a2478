"""What can go wrong with this computer's own store, as one error with a sentence that says what to do."""

import sqlite3
from pathlib import Path

from tact_engine.core.errors import StoreError


class LocalStoreError(StoreError):
    """The store cannot be opened, read or written; the sentence says what to do."""


_NOT_READABLE = (
    "“{path}” is damaged, or is not a history of Tact. Move it to another place; Tact then starts a new one."
)
_NOT_WRITABLE = (
    "“{path}” cannot be written. Give yourself the right to write it and its folder, then start Tact again."
)
_FULL = "The disk with “{path}” is full. Free some space, then try again."
_BUSY = "“{path}” is in use by another program. Close that program, then start Tact again."
_NEWER = "“{path}” was written by a newer Tact. Update Tact on this computer, then start it again."
_OTHER = (
    "“{path}” could not be used: {detail}. Start Tact again; if it stays so, move the file to another place."
)

_BY_NAME = {
    "SQLITE_NOTADB": _NOT_READABLE,
    "SQLITE_CORRUPT": _NOT_READABLE,
    "SQLITE_READONLY": _NOT_WRITABLE,
    "SQLITE_CANTOPEN": _NOT_WRITABLE,
    "SQLITE_PERM": _NOT_WRITABLE,
    "SQLITE_FULL": _FULL,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
}


def not_ours(path: Path) -> LocalStoreError:
    """The file is something else, or too damaged to be told from it."""
    return LocalStoreError(_NOT_READABLE.format(path=path))


def not_writable(path: Path) -> LocalStoreError:
    """The file or its folder cannot be made or written."""
    return LocalStoreError(_NOT_WRITABLE.format(path=path))


def too_new(path: Path) -> LocalStoreError:
    """The file has a form that only a later version knows."""
    return LocalStoreError(_NEWER.format(path=path))


def store_error(error: sqlite3.Error, path: Path) -> LocalStoreError:
    """The error for what SQLite said about the file at `path`."""
    name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
    return LocalStoreError(_BY_NAME.get(name, _OTHER).format(path=path, detail=error))
