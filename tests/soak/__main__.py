"""python3 dev soak NAME: one campaign for as long as wanted, with its verdict; without a name, the list of them."""

import argparse
import sys
import time

from tests.proof.campaigns import CAMPAIGNS, Campaign, Verdict, fresh_seed
from tests.support.loopback import stay_on_this_computer

SECONDS_A_LINE = 60


def main() -> int:
    """Run what the command line names; 1 where something failed."""
    asked = _asked()
    if asked.name is None:
        for each in CAMPAIGNS:
            print(f"{each.name:12} {each.in_soak:>11,} {each.unit:20} {each.proves}")
        return 0
    campaign = next(each for each in CAMPAIGNS if each.name == asked.name)
    seed = fresh_seed() if asked.seed is None else asked.seed
    count = asked.count or campaign.in_soak
    stay_on_this_computer()
    print(f"{campaign.name}: {count:,} {campaign.unit} from seed {seed}", flush=True)
    started = time.monotonic()
    verdict = _run(campaign, count, seed, started)
    _say(campaign, verdict, time.monotonic() - started)
    return 1 if verdict.failures or verdict.missed else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev soak", description=__doc__)
    parser.add_argument("name", nargs="?", choices=[each.name for each in CAMPAIGNS])
    parser.add_argument("--count", type=int, help="how many; more than the tests run if left out")
    parser.add_argument("--seed", type=int, help="where to begin; printed with every failure")
    return parser.parse_args()


def _run(campaign: Campaign, count: int, seed: int, started: float) -> Verdict:
    """All of it, in parts of the size that the tests run, with a line now and then; ends at the first failure."""
    part = max(1, campaign.in_tests // campaign.shards)
    verdict, said = Verdict(0), started
    while verdict.runs < count and not verdict.failures:
        verdict += campaign.run(min(part, count - verdict.runs), seed + verdict.runs)
        if time.monotonic() - said > SECONDS_A_LINE:
            said = time.monotonic()
            print(f"  {verdict.runs:,} {campaign.unit} after {said - started:.0f} s", flush=True)
    return verdict


def _say(campaign: Campaign, verdict: Verdict, seconds: float) -> None:
    for name, times in sorted(verdict.met.items()):
        print(f"  {times:>12,} {name}")
    for failure in verdict.failures:
        print(failure)
    for name in verdict.missed:
        print(f"never met: {name}")
    result = "FAILED" if verdict.failures or verdict.missed else "passed"
    print(f"{campaign.name}: {result}; {verdict.runs:,} {campaign.unit} in {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
