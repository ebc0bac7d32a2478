import pytest

from tact_desktop.state.entry import Entry, Stage


def entry(stage: Stage, own: bool = True) -> Entry:
    return Entry("1", "direct-1", "anna", own, "Hello", stage, ("bob",), 0)


@pytest.mark.parametrize(
    ("stage", "waits", "ended"),
    [
        (Stage.UNSENT, True, False),
        (Stage.HELD, True, False),
        (Stage.RELEASED, False, False),
        (Stage.DELIVERED, False, False),
        (Stage.EXPIRED, False, True),
        (Stage.FAILED, False, True),
        (Stage.WITHDRAWN, False, False),
    ],
)
def test_an_own_entry_waits_or_has_ended_by_its_stage(stage, waits, ended):
    assert (entry(stage).waiting, entry(stage).undelivered) == (waits, ended)
    assert not entry(stage, own=False).waiting
    assert not entry(stage, own=False).undelivered
