"""The campaign of power cuts can fail: a store that does not wait for the disk is caught."""

import pytest

from tests.proof.power.campaign import cut


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_store_that_does_not_wait_for_the_disk_is_caught(synchronous: str):
    found = cut(40, 0, synchronous).failures
    assert any("I1 durable" in each for each in found)
    assert any("does not stand as after a whole batch" in each for each in found)


def test_each_cut_can_be_seen_again_alone():
    found = cut(12, 100, "OFF")
    assert found.runs == 12
    again = cut(1, 105, "OFF")
    assert again.runs == 1
    assert sum(again.met[name] for name in again.met if name.startswith("during ")) == 1
