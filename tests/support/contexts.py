"""A pytest plug-in for coverage: what runs belongs to the test file that made it run, its fixtures included."""

from collections.abc import Iterator

import coverage
import pytest

from tests.support.house import ROOT


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    current = coverage.Coverage.current()
    if current is not None:
        current.switch_context(item.path.relative_to(ROOT).as_posix())
    return (yield)
