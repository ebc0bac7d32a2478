"""The campaigns' own bookkeeping: parts add up, a failure is one, and what was never met is said."""

from pathlib import Path

import pytest

from tests.proof.campaigns import CAMPAIGNS, Campaign, Verdict
from tests.simulation.world import World


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda each: each.name)
def test_the_shards_of_a_campaign_are_all_of_it(campaign: Campaign, monkeypatch: pytest.MonkeyPatch):
    parts: list[tuple[int, int]] = []

    def run(count: int, seed: int) -> Verdict:
        parts.append((count, seed))
        return Verdict(count)

    monkeypatch.setattr(Campaign, "run", property(lambda self: run))
    total = sum((campaign.run_shard(shard) for shard in range(campaign.shards)), Verdict(0))
    assert total.runs == campaign.in_tests
    assert len({seed for _, seed in parts}) == campaign.shards


def test_every_campaign_has_its_module():
    folder = Path(__file__).parent
    assert [each.name for each in CAMPAIGNS if not (folder / each.name / "campaign.py").exists()] == []


def test_verdicts_add_up():
    both = Verdict(2, ("one",), {"a": 1, "b": 0}) + Verdict(3, ("two",), {"b": 0, "c": 4})
    assert (both.runs, both.failures, dict(both.met)) == (5, ("one", "two"), {"a": 1, "b": 0, "c": 4})
    assert both.missed == ("b",)


@pytest.mark.parametrize("seed", [3, 338])
def test_a_seed_is_played_the_same_way_again(seed: int):
    first, again = World(seed), World(seed)
    assert (first.run(), again.run()) == ([], [])
    assert (first.met, first.now) == (again.met, again.now)
