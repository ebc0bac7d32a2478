"""Whether a folder with secrets is its owner's alone."""

import os
import shlex
import stat
from pathlib import Path

from tact_engine.core.errors import StoreError

SECRETS = ("engine.pem", "engine.db", "engine.db-wal", "engine.db-shm", "host-invitation.tact")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_private(folder: Path) -> None:
    """StoreError with a sentence where anybody else has a right on `folder` or on a secret in it, or owns one.

    What is not there yet is fine. Windows is not asked: there the rights on a user's profile keep others out.
    """
    if os.name == "nt":
        return
    _check(folder)
    for name in SECRETS:
        _check(folder / name)


def _check(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(
            f"Cannot look at {path}: {error.strerror}. Run the engine as who owns it."
        ) from error
    if stat.S_ISLNK(found.st_mode):
        raise StoreError(
            f"{path} is a link to another place. Put what it leads to there, or name that with --data."
        )
    if found.st_uid != os.geteuid():
        raise StoreError(
            f"{path} belongs to another user. Run the engine as that user, or choose another --data."
        )
    if found.st_mode & _OTHERS:
        rights = "700" if stat.S_ISDIR(found.st_mode) else "600"
        raise StoreError(
            f"Other users of this computer may look into {path}. Run: chmod {rights} {shlex.quote(str(path))}"
        )
