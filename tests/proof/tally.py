"""What the shards of a campaign met, added up over all workers of one test run."""

import json

import pytest

from tests.proof.campaigns import CAMPAIGNS, Verdict

PROPERTY = "verdict"

_verdicts: dict[str, list[Verdict]] = {}


def hand_in(record_property: object, name: str, verdict: Verdict) -> None:
    """Let the verdict of one shard of campaign `name` travel to whoever adds up."""
    assert callable(record_property)
    record_property(PROPERTY, json.dumps({"name": name, "runs": verdict.runs, "met": dict(verdict.met)}))


def gather(report: pytest.TestReport) -> None:
    """Take in what a shard handed in."""
    if report.when == "call":
        for name, text in report.user_properties:
            if name == PROPERTY:
                said = json.loads(str(text))
                _verdicts.setdefault(said["name"], []).append(Verdict(said["runs"], met=said["met"]))


def incomplete(config: pytest.Config) -> list[str]:
    """What was to be met and was not, by campaigns of which every shard was run here; empty in a worker."""
    if hasattr(config, "workerinput"):
        return []
    lines: list[str] = []
    for campaign in CAMPAIGNS:
        verdicts = _verdicts.get(campaign.name, [])
        if len(verdicts) == campaign.shards:
            lines += [f"{campaign.name}: never met {name}" for name in sum(verdicts, Verdict(0)).missed]
    return lines


def table(config: pytest.Config) -> list[str]:
    """One line a campaign, then all that they met, then what was missed."""
    lines: list[str] = []
    for campaign in CAMPAIGNS:
        if verdicts := _verdicts.get(campaign.name):
            verdict = sum(verdicts, Verdict(0))
            lines.append(f"{campaign.name:12}{verdict.runs:>10,} {campaign.unit:16} {campaign.proves}")
            met = [f"{name} {times:,}" for name, times in sorted(verdict.met.items())]
            lines += [f"{'':12}{'; '.join(met[start : start + 6])}" for start in range(0, len(met), 6)]
    return lines + incomplete(config)
