"""Strangers: who is connected and has not signed in yet, and who must make way when there are too many of them.

    there is room                                    come in
    the own address has as many as it may have       the oldest of them makes way, if it had its time
    there are as many as there may be in all         the oldest of the address with the most of them makes way, if it
                                                     had its time, or if that address has more than its share
    else                                             go away, and come again

So whoever only sits there keeps nobody out for longer than FAIR_SECONDS, and one address keeps out no other at all;
while of many honest people who come at once, those who are about to sign in can do so.
"""

from collections import Counter

from msgspec import Struct

from tact_engine.core.addresses import network_of

STRANGERS_MAX = 64
STRANGERS_PER_ADDRESS_MAX = 8
FAIR_SECONDS = 1
"""So long a stranger is left alone; to sign in takes a few hundredths of that."""


class Stranger(Struct, frozen=True):
    """Whose network it comes from, and since when (seconds of any clock that does not go back) it is there."""

    network: str
    since: float


class Admission(Struct, frozen=True):
    """Whether a newcomer may come in, and the number of who makes way for it."""

    admitted: bool
    displaced: int | None = None


class Strangers:
    """Those who are there, by number; at most `most` of them, and `most_of_one` of one network (0: no limit)."""

    def __init__(self, most: int = STRANGERS_MAX, most_of_one: int = STRANGERS_PER_ADDRESS_MAX) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._here: dict[int, Stranger] = {}  # in the order in which they came
        self._count: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._here)

    def arrive(self, number: int, address: str, now: float) -> Admission:
        """Somebody new comes from `address` at `now`. Who makes way is counted no more."""
        newcomer = Stranger(network_of(address), now)
        displaced = None
        if crowd := self._crowd_before(newcomer):
            displaced = next(number for number, each in self._here.items() if each.network == crowd)
            if not self._may_displace(self._here[displaced], newcomer):
                return Admission(False)
            self.leave(displaced)
        self._here[number] = newcomer
        self._count[newcomer.network] += 1
        return Admission(True, displaced)

    def leave(self, number: int) -> None:
        """Somebody is no stranger any more, or gone; may be said twice."""
        stranger = self._here.pop(number, None)
        if stranger is not None:
            self._count[stranger.network] -= 1
            if not self._count[stranger.network]:
                del self._count[stranger.network]

    def _crowd_before(self, newcomer: Stranger) -> str:
        """The network of which one must make way before `newcomer` can come in; "" where there is room."""
        if self._most_of_one and self._count[newcomer.network] >= self._most_of_one:
            return newcomer.network
        if self._most and len(self._here) >= self._most:
            return max(self._here.values(), key=lambda each: self._count[each.network]).network
        return ""

    def _may_displace(self, stranger: Stranger, newcomer: Stranger) -> bool:
        more = self._count[stranger.network] - self._count[newcomer.network]
        return newcomer.since - stranger.since > FAIR_SECONDS or more >= 2
