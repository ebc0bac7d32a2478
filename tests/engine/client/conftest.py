"""What the tests of the client share: a real engine, and names that nobody had before."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.support.engine_process import EngineProcess, engine_running

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """An engine for all tests of a module, whose graces are short."""
    with engine_running(tmp_path_factory.mktemp("engine"), "--limit", "grace_ms=300") as running:
        yield running


@pytest.fixture
def name() -> Callable[[str], str]:
    """Makes a handle of a word, such as tom-17, that no test used before."""
    return lambda word: f"{word}-{next(_NUMBERS)}"
