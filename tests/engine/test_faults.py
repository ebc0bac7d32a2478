"""Fault points: free while none is armed, and where a process ends that was told to."""

import os
import signal

import pytest

from tact_engine import faults
from tact_engine.core.errors import LocalError
from tests.support.house import sources


@pytest.fixture
def killed(monkeypatch):
    """The signals that were sent to this process, which survives them here."""
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    yield sent
    faults.arm(None)


def test_a_point_that_nobody_armed_does_nothing(killed):
    faults.point("after_commit")
    assert killed == []


def test_the_process_ends_at_the_named_point_the_named_time(killed):
    faults.arm(faults.killer("after_commit:3"))
    for name in ("after_commit", "before_commit", "after_commit", "before_commit"):
        faults.point(name)
    assert killed == []
    faults.point("after_commit")
    assert killed == [(os.getpid(), signal.SIGKILL)]


def test_without_a_time_it_is_the_first_one(killed):
    faults.arm(faults.killer("before_begin"))
    faults.point("before_begin")
    assert len(killed) == 1


@pytest.mark.parametrize(
    "order", ["", "nowhere", "nowhere:3", "before_begin:0", "before_begin:x", "before_begin:-1", ":2"]
)
def test_an_order_that_names_no_point_is_told(order):
    with pytest.raises(LocalError, match="is no fault point"):
        faults.killer(order)


def test_every_point_stands_in_the_code_once():
    texts = [source.text for source in sources() if source.path.startswith("engine/")]
    assert {name: sum(text.count(f'point("{name}")') for text in texts) for name in faults.POINTS} == (
        dict.fromkeys(faults.POINTS, 1)
    )
