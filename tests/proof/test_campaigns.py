"""Each campaign, as far as there is time for it at every change."""

import pytest

from tests.proof.campaigns import CAMPAIGNS, Campaign
from tests.proof.tally import hand_in

SHARDS = [
    pytest.param(campaign, shard, id=f"{campaign.name}-{shard + 1}-of-{campaign.shards}")
    for campaign in CAMPAIGNS
    for shard in range(campaign.shards)
]


@pytest.mark.rule("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10")
@pytest.mark.parametrize(("campaign", "shard"), SHARDS)
def test_campaign(campaign: Campaign, shard: int, record_property: object):
    verdict = campaign.run_shard(shard)
    hand_in(record_property, campaign.name, verdict)
    assert "\n".join(verdict.failures) == ""
    assert verdict.runs > 0
