"""Six words stand for an engine: always the same ones, and others for another engine."""

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from tact_engine.accounts.words import six_words


def engines():
    return st.binary(min_size=32, max_size=32).map(bytes.hex)


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ("0123456789abcdef" * 4, "film region chunk stairs trip cube"),  # the example in engine/PROTOCOL.md
        ("0" * 64, "labor genuine pigeon task aspect tail"),
        ("f" * 64, "onion link fish ecology drill shove"),
    ],
)
def test_other_clients_find_the_same_words(engine, words):
    assert six_words(engine) == tuple(words.split())


@given(engines())
def test_66_bits_of_the_hash_are_in_them(engine):
    found = [places()[word] for word in six_words(engine)]
    number = sum(place << 11 * (5 - at) for at, place in enumerate(found))
    assert number == int.from_bytes(sha256(b"tact words 1\n" + engine.encode()).digest()[:9], "big") >> 6


@given(engines())
def test_words_are_easy_to_say_and_to_hear(engine):
    assert all(word.isascii() and word.islower() and 3 <= len(word) <= 8 for word in six_words(engine))


@given(engines(), st.integers(0, 63))
def test_another_engine_has_other_words(engine, at):
    other = engine[:at] + ("0" if engine[at] != "0" else "1") + engine[at + 1 :]
    assert six_words(other) != six_words(engine)


@cache
def places():
    return {word: place for place, word in enumerate(Mnemonic("english").wordlist)}
