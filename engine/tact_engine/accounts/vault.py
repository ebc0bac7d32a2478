"""Where a computer keeps secrets: the keyring of its desktop where there is a real one, else a file of its owner's."""

import logging
import os
import shlex
from base64 import b64decode, b64encode
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import Literal, Protocol, TypeVar, cast

from tact_engine.core.errors import LocalError

KEYRING_WAIT_S = 60.0
Place = Literal["keyring", "file"]

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class KeyringFailed(LocalError):
    """The keyring is locked, was not unlocked when it asked, does not answer, or has gone."""


class Vault(Protocol):
    """Keeps small secrets by name. Its calls may block for long: a keyring may be asking for its password."""

    @property
    def place(self) -> Place:
        """Where secrets are, for people to be told."""
        ...

    def read(self, name: str) -> bytes | None:
        """The secret `name`, None where there is none; LocalError."""
        ...

    def keep(self, name: str, secret: bytes) -> None:
        """Keep `secret` as `name`; LocalError."""
        ...


class Keyring(Protocol):
    """As much of a backend of the library keyring as is used here. It may raise anything, or never come back."""

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept, None where nothing is."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep `password`."""
        ...


def vault_here(folder: Path, wait_s: float = KEYRING_WAIT_S) -> Vault:
    """The keyring of this desktop, or files in `folder` where it has none. Blocks, at most for `wait_s`.

    What it finds holds for the life of the process; finding it takes a sixth of a second.
    """
    try:
        backend = _within(wait_s, _keyring_here)
    except KeyringFailed as error:
        _log.warning("no keyring", extra={"reason": str(error)})
        backend = None
    return KeyringVault(backend, wait_s) if backend else FileVault(folder)


class KeyringVault:
    """Secrets in a keyring. KeyringFailed whenever it does not do as it should, at the latest after `wait_s`."""

    place: Place = "keyring"

    def __init__(self, backend: Keyring, wait_s: float = KEYRING_WAIT_S) -> None:
        self._backend = backend
        self._wait_s = wait_s

    def read(self, name: str) -> bytes | None:
        """The secret `name`, None where the keyring is open and has none."""
        text = _within(self._wait_s, lambda: self._backend.get_password(_service(name), name))
        try:
            return None if text is None else b64decode(text, validate=True)
        except ValueError as error:
            raise KeyringFailed(f"The entry “{name}” of the keyring is damaged. Restore it.") from error

    def keep(self, name: str, secret: bytes) -> None:
        """Keep `secret` as `name`, instead of what was there. Some keyrings fail without a word: read it back."""
        text = b64encode(secret).decode()
        _within(self._wait_s, lambda: self._backend.set_password(_service(name), name, text))


class FileVault:
    """Secrets in files of a folder, which nobody but their owner may read."""

    place: Place = "file"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes | None:
        """The secret `name`, None where there is none; LocalError where others may read it, or nobody can."""
        path = self._folder / name
        try:
            with path.open("rb") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                    raise LocalError(
                        f"Others on this computer can read {path}, which is a secret. Close it to them:"
                        f" chmod 600 {shlex.quote(str(path))}"
                    )
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LocalError(f"The secret at {path} cannot be read: {error}. Restore or move it.") from error

    def keep(self, name: str, secret: bytes) -> None:
        """Keep `secret` as `name`, on the disk when this returns; LocalError, also where there is one already."""
        path = self._folder / name
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                try:
                    file.write(secret)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    path.unlink()  # half a secret would be in the way of the next attempt
                    raise
            settle(self._folder)
        except OSError as error:
            raise LocalError(f"The secret at {path} cannot be kept: {error}. See to its folder.") from error


def settle(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk, where the system can say so."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _service(name: str) -> str:
    """The service in the keyring: one for each secret, since Windows has room for one name in a service."""
    return f"Tact {name}"


def _keyring_here() -> Keyring | None:
    """The keyring that this desktop recommends, or that PYTHON_KEYRING_BACKEND names; None where there is none."""
    from keyring import get_keyring  # noqa: PLC0415 - takes a tenth of a second, and only windows need it
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415 - the same

    backend = get_keyring()
    if isinstance(backend, ChainerBackend):  # several: the best of them, so that a secret is in one place
        backend = backend.backends[0] if backend.backends else backend
    return cast(Keyring, backend) if backend.priority >= 1 else None  # a decorator hides what type it has


def _within(wait_s: float, work: Callable[[], _T]) -> _T:
    """What `work` returns; KeyringFailed where it fails, or does not end within `wait_s`: then it is left to itself.

    The thread must not keep the process from ending, as a pool's would.
    """
    done: Future[_T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, name="keyring", daemon=True).start()
    try:
        return done.result(wait_s)
    except TimeoutError as error:
        reason = f"The keyring did not answer within {wait_s:g} seconds. Unlock it, then try again."
        raise KeyringFailed(reason) from error
    # What backends raise has no common root: errors of D-Bus and of Windows are among it, and assertions.
    except Exception as error:
        reason = f"The keyring failed ({type(error).__name__}). Unlock it, then try again."
        raise KeyringFailed(reason) from error
