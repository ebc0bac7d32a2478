"""The workloads: each runs once on engines that nobody used before, and gives its figures by name."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from tests.bench.accept import accept
from tests.bench.announce import announce
from tests.bench.driving import pipelined as pipelined
from tests.bench.fairness import fairness
from tests.bench.figures import Figures
from tests.bench.flush import flush
from tests.bench.growth import growth
from tests.bench.idle import idle
from tests.bench.kill import kill
from tests.bench.relay import relay
from tests.bench.release import release
from tests.bench.scene import Scene

Workload = Callable[[Scene], Awaitable[Figures]]

WORKLOADS: Mapping[str, Workload] = MappingProxyType(
    {
        "A": accept,
        "B": flush,
        "C": relay,
        "D": announce,
        "E": idle,
        "F": growth,
        "R": release,
        "K": kill,
        "X": fairness,
    }
)
"""Every workload by its letter."""
