"""The campaigns: each tries, many times over, to make one kind of promise fail.

A campaign is a folder beside this file with a function `run(count, seed)` in `campaign.py`, and one row of CAMPAIGNS.
The tests run the number `in_tests`, in so many `shards` that no test is long; `python3 dev soak NAME` runs the number
`in_soak`.
"""

import importlib
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

SHARDS_FRESH = 20
"""Every so many-th shard takes a seed that nobody has tried; the others take the same ones every time."""


@dataclass(frozen=True)
class Verdict:
    """What a campaign found: `runs` of them were made; each failure is a text that says how to see it again.

    `met` counts what was come across, such as each fault point. What must be met has a count, which may be 0.
    """

    runs: int
    failures: tuple[str, ...] = ()
    met: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def missed(self) -> tuple[str, ...]:
        """What was to be met and was not."""
        return tuple(sorted(name for name, times in self.met.items() if not times))

    def __add__(self, other: "Verdict") -> "Verdict":
        """Both together."""
        met = Counter(self.met)
        met.update(other.met)
        return Verdict(self.runs + other.runs, (*self.failures, *other.failures), met)


@dataclass(frozen=True)
class Campaign:
    """One row: `unit` is what is counted, `proves` what would be wrong otherwise.

    Its shards take seeds that lie far apart, or, `in_order`, all the numbers from 0 on.
    """

    name: str
    unit: str
    in_tests: int
    in_soak: int
    proves: str
    shards: int = 1
    in_order: bool = False

    @property
    def run(self) -> Callable[[int, int], Verdict]:
        """`run(count, seed)` of its module: the same twice for the same arguments, as far as real processes allow."""
        module = importlib.import_module(f"tests.proof.{self.name}.campaign")
        return cast("Callable[[int, int], Verdict]", module.run)

    def run_shard(self, shard: int) -> Verdict:
        """The part of what the tests run that falls to `shard`, counted from 0."""
        size, rest = divmod(self.in_tests, self.shards)
        count = size + (shard < rest)
        if self.in_order:
            return self.run(count, shard * size + min(shard, rest))
        is_fresh = self.shards >= SHARDS_FRESH and shard % SHARDS_FRESH == SHARDS_FRESH - 1
        return self.run(count, fresh_seed() if is_fresh else shard * 1_000_000)


CAMPAIGNS = (
    Campaign("simulation", "schedules", 10_000, 1_000_000, "nothing lost, early, late, twice or stuck", 20),
    Campaign("model", "random days", 500, 20_000, "engine and oracle agree at every step", 5),
    Campaign("pairs", "paired worlds", 2_000, 100_000, "what is hidden changes no byte that others see", 4),
    Campaign("day", "office days", 1, 30, "nothing grows that should not"),
    Campaign("kills", "kills", 200, 5_000, "a process that is killed loses nothing", 10),
    Campaign("power", "disk images", 10_000, 500_000, "a power cut loses nothing", 5),
    Campaign("disk", "disk failures", 25, 1_000, "a bad disk is told, and nothing accepted is lost", 5),
    Campaign("erasure", "canaries", 40, 1_000, "what is over is in no file"),
    Campaign("restart", "held messages", 10_000, 1_000_000, "what waited goes after a restart"),
    Campaign("migrations", "kills", 400, 4_000, "an update that is killed leaves a database that opens"),
    Campaign("decoder", "inputs", 1_000_000, 10_000_000, "whatever comes in is a frame or a refusal", 4),
    Campaign("protocol", "sequences", 2_000, 100_000, "every frame gets an answer or a clean close", 4),
    Campaign("cuts", "cut links", 300, 20_000, "a link cut at any byte loses and doubles nothing", 2),
    Campaign("partitions", "partitions", 3, 180, "a network that fails heals by itself", 3),
    Campaign("storm", "sign-ins", 2_000, 100_000, "all come back at once and nobody else waits long"),
    Campaign("readers", "stalled readers", 10, 200, "who stops reading slows only themselves"),
    Campaign(
        "locks",
        "false keys",
        99,
        990,
        "nobody gets in with what is nearly right, and a wrong engine is told nothing",
        in_order=True,
    ),
    Campaign(
        "rights",
        "cells",
        279,
        2_790,
        "nobody does to others' things what they have no right to",
        in_order=True,
    ),
    Campaign(
        "canaries",
        "days",
        5,
        200,
        "no secret is in a log, and of who is removed nothing is left",
        in_order=True,
    ),
    Campaign("strangers", "strangers", 600, 4_000, "whoever does not sign in disturbs nobody"),
    Campaign(
        "hostile", "hostile texts", 300, 20_000, "what colleagues write is shown as it is, and opens nothing"
    ),
    Campaign("clocks", "clock jumps", 6, 500, "a wrong clock makes nothing early or late"),
    Campaign("mutants", "planted bugs", 92, 92, "the proof can fail", 8, in_order=True),
)
"""Every campaign, in the order of the page beside this file."""


def fresh_seed() -> int:
    """A seed that was hardly ever tried."""
    return int.from_bytes(os.urandom(6), "big")
