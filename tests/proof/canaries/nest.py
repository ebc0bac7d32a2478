"""Texts and secrets that exist nowhere else, and the search for them in everything an engine writes."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from string import ascii_letters

WORD_LETTERS = 24
"""A multiple of three, so that it is the same in base64 wherever it begins a text."""


@dataclass
class Nest:
    """Every canary by what it was planted as. `for_ever` must be in no file at any time; others may be in the database.

    `gone` must be in no file from some time on.
    """

    chance: Random
    forms: dict[str, tuple[bytes, ...]] = field(default_factory=dict[str, tuple[bytes, ...]])
    for_ever: set[str] = field(default_factory=set[str])
    gone: set[str] = field(default_factory=set[str])

    def word(self, what: str, *, for_ever: bool = False) -> str:
        """A new word, planted as `what`."""
        word = "".join(self.chance.choices(ascii_letters, k=WORD_LETTERS))
        self.forms[what] = (word.encode(), b64encode(word.encode()), word.encode().hex().encode())
        if for_ever:
            self.for_ever.add(what)
        return word

    def secret(self, what: str, secret: bytes) -> bytes:
        """A secret that the engine made, in every way in which it could be written down."""
        shown = repr(secret)[2:-1].encode()
        encoded = (b64encode(secret), urlsafe_b64encode(secret).rstrip(b"="), secret.hex().encode())
        self.forms[what] = (secret, *encoded, shown)
        self.for_ever.add(what)
        return secret

    def found(self, content: bytes, whats: Iterable[str] | None = None) -> list[str]:
        """What of all canaries, or of these, is in `content`."""
        return [
            what for what in (self.forms if whats is None else whats) if _holds(content, self.forms[what])
        ]

    def in_files(self, folder: Path, whats: Iterable[str]) -> list[str]:
        """Where in `folder` these are: “what in file”."""
        files = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
        return [
            f"{what} in {path.name}"
            for what in sorted(whats)
            for path, content in files.items()
            if _holds(content, self.forms[what])
        ]


def _holds(content: bytes, forms: Iterable[bytes]) -> bool:
    return any(each in content for each in forms)
