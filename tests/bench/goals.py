"""The goals: what the engine is to reach on a computer with two cores, every message on disk, TLS on."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.bench.figures import Goal

GOALS: Mapping[str, Goal] = MappingProxyType(
    {
        "A-1000 accepted /s": Goal(least=40_000),
        "A-one accepted /s": Goal(least=40_000),
        "A closed, 20 in flight, p50 ms": Goal(most=1),
        "A closed, 20 in flight, p99 ms": Goal(most=5),
        "B 1,000 stored, first ms": Goal(most=3),
        "B 1,000 stored, last ms": Goal(most=20),
        "B 10,000 stored, first ms": Goal(most=5),
        "B 10,000 stored, last ms": Goal(most=150),
        "B 10,000 stored, bystander's worst ms": Goal(most=15),
        "C ping-pong, p50 ms": Goal(most=0.6),
        "C ping-pong, p99 ms": Goal(most=3),
        "C relayed /s": Goal(least=40_000),
        "D 1,000 watchers, last ms": Goal(most=20),
        "E start-up s": Goal(most=0.4),
        "E memory after start-up MiB": Goal(most=45),
        "E KiB per connection, 1,000 of them": Goal(most=60),
        "E logins /s, 1,000 who all see one another": Goal(least=1_000),
        "E logins /s, few people": Goal(least=1_000),
        "R 10 waiting, 1 matches, p50 ms": Goal(most=1),
        "R 10 waiting, 1 matches, p99 ms": Goal(most=5),
        "R 1,000 waiting, 1 matches, p50 ms": Goal(most=1),
        "R 1,000 waiting, 1 matches, p99 ms": Goal(most=5),
        "R 100,000 waiting, 1 matches, p50 ms": Goal(most=1),
        "R 100,000 waiting, 1 matches, p99 ms": Goal(most=5),
        "R 100,000 waiting, none matches, p50 ms": Goal(most=2),
        "F A, 1,000,000 others stored, times": Goal(most=1.2),
        "F B, 1,000,000 others stored, times": Goal(most=1.2),
        "F R, 1,000,000 others stored, times": Goal(most=1.2),
        "F start-up, 1,000,000 stored, s": Goal(most=0.6),
        "K survivors": Goal(least=5_000),
    }
)
