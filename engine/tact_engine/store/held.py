"""How much waits for whom: counted when it is first asked for, so that a start reads nothing of it and memory does not
grow with what waits for people who are away.

How much of a sender waits in all is written with their account, since nothing that is clustered by recipient tells it.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from tact_engine.core.view import Waiting
from tact_engine.store.ledger import Ledger

K = TypeVar("K")
KEPT_MAX = 4_096
"""Where it is counted for more people than that, it is forgotten for some who are away."""


class Counts(Struct, frozen=True):
    """How many envelopes wait for one recipient, under which condition and of whom; what is nought is left out."""

    by_key: dict[int, int]
    by_sender: dict[str, int]


class Held:
    """The numbers of held envelopes. `conditions` tells by its key whose each is; `totals` is by sender."""

    def __init__(self, ledger: Ledger, conditions: Mapping[int, Waiting]) -> None:
        self._ledger, self._conditions = ledger, conditions
        self.totals: dict[str, int] = {}
        self.counted: dict[str, Counts] = {}

    def of(self, recipient: str) -> Counts:
        """What waits for `recipient`."""
        counts = self.counted.get(recipient)
        if counts is None:
            query = "SELECT condition, count(*) FROM waiting WHERE recipient = ? GROUP BY condition"
            counts = Counts(dict(self._ledger.all(query, recipient)), {})
            for key, count in counts.by_key.items():
                _count(counts.by_sender, self._conditions[key].sender, count)
            self.counted[recipient] = counts
        return counts

    def change(self, recipient: str, key: int, by: int) -> str:
        """Count `by` more under condition `key`, before their rows are written; whose they are."""
        counts, sender = self.of(recipient), self._conditions[key].sender
        _count(counts.by_key, key, by)
        _count(counts.by_sender, sender, by)
        _count(self.totals, sender, by)
        return sender

    def end_batch(self, is_here: Callable[[str], bool]) -> None:
        """Keep the counts of everybody who is here; of the others, where they are many, forget the older half."""
        if len(self.counted) > KEPT_MAX:
            away = [who for who in self.counted if not is_here(who)]
            for who in away[: len(away) // 2]:
                del self.counted[who]


def _count(counts: dict[K, int], key: K, by: int) -> None:
    count = counts.get(key, 0) + by
    if count:
        counts[key] = count
    else:
        del counts[key]
