"""Passwords: kept as argon2id hashes, hashed on a thread of their own. A password only adds a device to a person."""

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tact_engine.core.errors import Refused, refusal

LENGTH_MIN = 8
LENGTH_MAX = 256
SALT_BYTES = 16
HASH_BYTES = 32
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
WAITING_MAX = 8

DUMMY = f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"
"""A hash that takes as long to compare with as one of ours, and of no known password."""

_T = TypeVar("_T")
_KEPT = re.compile(
    r"\$argon2id\$v=19\$m=([1-9][0-9]{3,5}),t=([1-9]),p=([1-9])"
    r"\$[A-Za-z0-9+/]{22,64}\$[A-Za-z0-9+/]{43,86}"
)
_MOST = (64 * 1024, 4, 4)  # KiB, passes and lanes that a kept hash may ask for: a later version's, perhaps
_NO_CHARACTERS = {"Cc", "Cs", "Cn"}


def hashed(password: str, salt: bytes) -> str:
    """What is kept of `password`: parameters, `salt` and hash as one PHC string; refusal bad_password.

    Takes a few hundredths of a second and lets other threads run meanwhile.
    """
    work = Argon2id(salt=salt, length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    return work.derive_phc_encoded(_prepared(password))


def right(password: str, kept: str) -> bool:
    """Whether `kept` was made of `password`, compared in constant time.

    False as well where it could not be a password, and where `kept` is nothing that `hashed` makes or might make:
    a damaged record lets nobody in, and cannot ask for much more memory or time than ours do.
    """
    found = _KEPT.fullmatch(kept)
    if not found or any(int(asked) > most for asked, most in zip(found.groups(), _MOST, strict=True)):
        return False
    try:
        Argon2id.verify_phc_encoded(_prepared(password), kept)
    except (InvalidKey, Refused):
        return False
    return True


def _prepared(password: str) -> bytes:
    """The password as RFC 8265 (OpaqueString) compares it: NFC, every kind of space as a plain one; UTF-8.

    Unlike there, invisible joiners may be part of it: one key types an emoji that has them.
    """
    if len(password) <= 4 * LENGTH_MAX:  # long runs of accents would take long to put in order
        spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in password)
        text = unicodedata.normalize("NFC", spaced)
        whole = not any(unicodedata.category(each) in _NO_CHARACTERS for each in text)
        if whole and LENGTH_MIN <= len(text) <= LENGTH_MAX:
            return text.encode()
    raise refusal("bad_password", least=LENGTH_MIN, most=LENGTH_MAX)


class Hasher:
    """One thread that hashes; the loop goes on meanwhile. Few may wait for it: refusal busy_signing_in."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "passwords")
        self._places = BoundedSemaphore(1 + WAITING_MAX)

    async def hash(self, password: str) -> str:
        """`hashed` with a new salt; refusal bad_password or busy_signing_in."""
        return await self._on_thread(lambda: hashed(password, secrets.token_bytes(SALT_BYTES)))

    async def verify(self, password: str, kept: str | None) -> bool:
        """`right`; None, for somebody unknown or without a password, takes the same time. Refusal busy_signing_in."""
        return await self._on_thread(lambda: right(password, kept or DUMMY)) and kept is not None

    def close(self) -> None:
        """Drop what waits and end the thread, once nobody asks any more. Takes as long as one hash at most."""
        self._thread.shutdown(cancel_futures=True)

    async def _on_thread(self, work: Callable[[], _T]) -> _T:
        if not self._places.acquire(blocking=False):
            raise refusal("busy_signing_in")
        future = self._thread.submit(work)
        future.add_done_callback(self._leave)  # also where whoever asked has gone, but not before its end
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[_T]) -> None:
        self._places.release()
