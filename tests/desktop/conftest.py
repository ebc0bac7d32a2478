"""Windows and the collector: it comes between two tests, as it comes between two events in the program."""

import gc
from collections.abc import Iterator
from itertools import count

import pytest

_TESTS = count(1)
THOROUGH_EVERY = 40


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Nothing is collected while Qt goes through its widgets: one that is deleted meanwhile would be a dangling one."""
    gc.disable()
    yield
    gc.collect(2 if next(_TESTS) % THOROUGH_EVERY == 0 else 1)
