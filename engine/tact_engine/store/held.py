"""How much waits for whom: counted when it is first asked for, so that a start reads nothing of it and memory does not
grow with what waits for people who are away.

Whoever writes to somebody who is away only has to know how much of their own waits there; so where much waits, no more
than that is counted. How much of a sender waits in all is written with their account, since nothing that is clustered
by recipient tells it.
"""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TypeVar

from tact_engine.core.view import Waiting
from tact_engine.store.ledger import Ledger

K = TypeVar("K")
V = TypeVar("V")
FEW = 64
"""So many are counted at once, whosever they are."""
PEOPLE_MAX = 4_096
PAIRS_MAX = 16_384
"""Where it is counted for more than these, it is forgotten for some who are away."""

_FEW = "SELECT count(*) FROM (SELECT 1 FROM waiting WHERE recipient = ? LIMIT ?)"
_OF_PAIR = (
    "SELECT count(*) FROM waiting WHERE recipient = ?"
    " AND condition IN (SELECT key FROM condition WHERE sender = ?)"
)


class Held:
    """The numbers of held envelopes. `conditions` tells by its key whose each is; `totals` is by sender."""

    def __init__(self, ledger: Ledger, conditions: Mapping[int, Waiting]) -> None:
        self._ledger, self._conditions = ledger, conditions
        self.totals: dict[str, int] = {}
        self.by_recipient: dict[str, dict[int, int]] = {}
        """recipient → condition → how many; what is nought is left out"""
        self.by_pair: dict[tuple[str, str], int] = {}
        """(recipient, sender) → how many"""

    def of(self, recipient: str) -> Mapping[int, int]:
        """How many wait for `recipient` under which condition."""
        counts = self.by_recipient.get(recipient)
        if counts is None:
            query = "SELECT condition, count(*) FROM waiting WHERE recipient = ? GROUP BY condition"
            counts = self.by_recipient[recipient] = dict(self._ledger.all(query, recipient))
        return counts

    def of_pair(self, recipient: str, sender: str) -> int:
        """How many of `sender` wait for `recipient`."""
        pair = recipient, sender
        count = self.by_pair.get(pair)
        if count is None:
            if recipient not in self.by_recipient and self._ledger.all(_FEW, recipient, FEW + 1) > [(FEW,)]:
                count = self._ledger.all(_OF_PAIR, recipient, sender)[0][0]
            else:
                whose = self._conditions
                count = sum(n for key, n in self.of(recipient).items() if whose[key].sender == sender)
            self.by_pair[pair] = count
        return count

    def change(self, recipient: str, key: int, by: int) -> str:
        """Count `by` more under condition `key`, before their rows are written; whose they are."""
        sender = self._conditions[key].sender
        pair = recipient, sender
        if pair in self.by_pair:
            self.by_pair[pair] += by
        if recipient in self.by_recipient:
            _count(self.by_recipient[recipient], key, by)
        _count(self.totals, sender, by)
        return sender

    def end_batch(self, is_here: Callable[[str], bool]) -> None:
        """Keep the counts of everybody who is here; of the others, where they are many, forget the older half."""
        if len(self.by_recipient) > PEOPLE_MAX:
            _forget_half([who for who in self.by_recipient if not is_here(who)], self.by_recipient)
        if len(self.by_pair) > PAIRS_MAX:
            _forget_half(list(self.by_pair), self.by_pair)


def _count(counts: dict[K, int], key: K, by: int) -> None:
    count = counts.get(key, 0) + by
    if count:
        counts[key] = count
    else:
        del counts[key]


def _forget_half(keys: list[K], values: dict[K, V]) -> None:
    for key in islice(keys, len(keys) // 2):
        del values[key]
