"""Six words for an engine's id, for two people to compare aloud.

The words are those of BIP 39: 2,048 that are short, common and differ within their first four letters. The library
brings that list and nothing else that is used here.
"""

from functools import cache
from hashlib import sha256

from mnemonic import Mnemonic

WORDS = 6
WORD_BITS = 11


def six_words(engine: str) -> tuple[str, ...]:
    """The words for the id `engine`: the first 66 bits of SHA-256("tact words 1" LF id), 11 bits a word."""
    digest = sha256(b"tact words 1\n" + engine.encode("ascii")).digest()
    bits = f"{int.from_bytes(digest, 'big'):0256b}"
    return tuple(
        _list()[int(bits[start : start + WORD_BITS], 2)] for start in range(0, WORDS * WORD_BITS, WORD_BITS)
    )


@cache
def _list() -> tuple[str, ...]:
    return tuple(Mnemonic("english").wordlist)
