"""What is planted is found again, in whatever way it was written down; else finding nothing would say nothing."""

import json
from base64 import b64encode, urlsafe_b64encode
from random import Random

import pytest

from tests.proof.canaries.nest import Nest

SECRET = bytes(range(240, 256))


@pytest.mark.rule("J13")
@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        SECRET.hex().encode(),
        b64encode(SECRET),
        urlsafe_b64encode(SECRET),
        repr(SECRET).encode(),
        json.dumps({"token": b64encode(SECRET).decode()}).encode(),
    ],
)
def test_a_secret_is_found_however_it_is_written(written):
    nest = Nest(Random(1))
    nest.secret("a code", SECRET)
    nest.secret("another", bytes(16))
    assert nest.found(b"x" + written + b"y") == ["a code"]


@pytest.mark.rule("J13")
def test_a_word_is_found_where_it_is_and_nowhere_else(tmp_path):
    nest = Nest(Random(1))
    word, other = nest.word("a text"), nest.word("another", for_ever=True)
    assert nest.found(b64encode(f"{word}...".encode())) == ["a text"]
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "engine.log").write_text(json.dumps({"event": f"“{other}”"}))
    assert nest.in_files(tmp_path, nest.forms) == ["another in engine.log"]
    assert nest.in_files(tmp_path, nest.for_ever) == ["another in engine.log"]
    assert nest.found(word[:-1].encode()) == []
