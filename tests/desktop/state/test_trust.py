from dataclasses import replace

import pytest

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.link import Link, LinkPhase, connected, lost
from tact_desktop.state.trust import (
    LeftBehind,
    Standing,
    is_for,
    is_removed,
    is_stopped,
    left_behind,
    standing,
    to_compare,
)

TAKEN = connected("Office", "10.0.0.7", 8228, 0, here=False, engine_id="e" * 64, verified=False)
ENTRY = Entry("1", "mary|tom", "tom", True, "Hello", Stage.HELD, ("mary",), 0)


@pytest.mark.parametrize(
    ("link", "known", "compare"),
    [
        (Link(), Standing.NOBODY, False),
        (TAKEN, Standing.UNCOMPARED, True),
        (replace(TAKEN, verified=True), Standing.KNOWN, False),
        (replace(TAKEN, here=True), Standing.HERE, False),
        (lost(TAKEN, "Gone.", "", again=True), Standing.UNCOMPARED, False),
    ],
)
def test_what_may_be_known_of_an_engine(link, known, compare):
    assert (standing(link), to_compare(link)) == (known, compare)


@pytest.mark.parametrize(
    ("link", "stopped"),
    [
        (TAKEN, False),
        (lost(TAKEN, "Another one.", "changed_key", again=False), True),
        (lost(Link(), "Another one.", "changed_key", again=False), True),
        (lost(TAKEN, "Not you.", "handle_taken", again=False), False),
        (replace(TAKEN, phase=LinkPhase.AWAY, code="changed_key"), False),
    ],
)
def test_another_engine_is_a_stop(link, stopped):
    assert is_stopped(link) is stopped


def test_what_was_never_handed_over_is_told_from_what_waits_there():
    unsent = replace(ENTRY, stage=Stage.UNSENT)
    assert left_behind([]) == LeftBehind(0, 0)
    assert left_behind([unsent, ENTRY, unsent]) == LeftBehind(unsent=2, waiting=1)


def test_an_invitation_is_for_anybody_or_for_one_person():
    assert [is_for(handle, "tom") for handle in ("", "tom", "mary")] == [True, True, False]


def test_who_was_removed_is_told_from_who_is_not_let_in_for_another_reason():
    out = lost(TAKEN, "Not you.", "removed", again=False)
    assert is_removed(out)
    assert not is_removed(lost(TAKEN, "Not you.", "bad_name", again=False))
    assert not is_removed(TAKEN)
