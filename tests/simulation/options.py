"""What a seed stands for: how many people, how bad the network, how often the engine dies, how wrong the clock."""

from dataclasses import asdict, dataclass
from random import Random


@dataclass(frozen=True)
class Options:
    """The circumstances of one schedule. Times are in milliseconds.

    `cuts`, `stalls`, `crashes` and `forgetful` say how likely each is, whenever it may happen. `late`: the engine's
    timer is up to so late, and its clock is set wrong now and then. Then nobody can say what must stand where at every
    instant, and only the history as a whole is judged.
    """

    people: int
    devices: int
    deeds: int
    pause: int
    delay: int
    jitter: int
    cuts: float
    stalls: float
    crashes: float
    forgetful: float
    late: int

    def __str__(self) -> str:
        """All of them on one line."""
        return " ".join(f"{name}={value}" for name, value in asdict(self).items())


def options_of(random: Random) -> Options:
    """The circumstances that `random` draws: mostly small worlds, which say more plainly what went wrong in them."""
    return Options(
        people=random.choice((2, 2, 3, 3, 4)),
        devices=random.choice((1, 1, 2)),
        deeds=random.choice((8, 12, 16, 24)),
        pause=random.choice((20, 400, 3_000, 12_000)),
        delay=random.choice((1, 10, 500, 3_000)),
        jitter=random.choice((0, 0, 30)),
        cuts=random.choice((0, 0.02, 0.15)),
        stalls=random.choice((0, 0, 0.05)),
        crashes=random.choice((0.01, 0.03, 0.1)),
        forgetful=random.choice((0, 0, 0.3, 0.8)),
        late=random.choice((0, 0, 0, 0, 400)),
    )
