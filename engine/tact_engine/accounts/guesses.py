"""How many wrong guesses at passwords and tokens are let through: few for an account, an address, the whole engine.

Each of the three is counted by a tally of its own:

    OPEN     fewer than `most` wrong guesses within `span_ms`; one more may be made
    BLOCKED  from the guess that made them `most`, for `span_ms` doubled for every block before it, at most an hour
    OPEN     again when that is over, with nothing counted; the next block is twice as long
    quiet    an hour without a wrong guess after the last one, or after the end of the last block: as if none had been

So no span ever sees more than `most` wrong guesses, nothing is locked for good, and waiting for the quiet gains
nothing over waiting for the longest block.

A guess counts as wrong from its beginning and is taken back when it was right: those that are looked at at the same
time cannot slip through together. A right guess takes back itself alone at the address and the engine, so somebody
with an account of their own cannot wash away wrong guesses at others.

A block only keeps passwords and tokens waiting. Device keys never pass here: whoever blocks an account, or the whole
engine, on purpose keeps nobody from working, only new devices and new people from joining for a while.

What is kept is bounded: the tally touched longest ago is forgotten first. To push one out, so many wrong guesses are
needed that the engine's own tally stands in the way for a day.

Pure: the time comes with every call, as milliseconds of a clock that never goes back.
"""

from collections import OrderedDict
from collections.abc import Iterator

from msgspec import Struct

SECOND_MS = 1_000
HOUR_MS = 3_600_000
TALLIES_MAX = 4_096


class Limit(Struct, frozen=True):
    """How many wrong guesses within which time lead to a block, whose first length is the same time."""

    most: int
    span_ms: int


ACCOUNT = Limit(5, HOUR_MS // 4)
ADDRESS = Limit(20, HOUR_MS // 60)
ENGINE = Limit(100, HOUR_MS // 60)


class Guesses:
    """All tallies of one engine."""

    def __init__(self) -> None:
        self._engine = _Tallies(ENGINE)
        self._addresses = _Tallies(ADDRESS)
        self._accounts = _Tallies(ACCOUNT)

    def begin(self, account: str, address: str, ticks_ms: int) -> int:
        """0: guess; it counts as wrong until `right` or `untried` says otherwise. Else the whole seconds to wait.

        `account` is a handle, of somebody or of nobody; "" for a token, which belongs to no account.
        """
        wait_ms = max(tallies.wait_ms(name, ticks_ms) for tallies, name in self._all(account, address))
        if not wait_ms:
            for tallies, name in self._all(account, address):
                tallies.count(name, ticks_ms)
        return -(-wait_ms // SECOND_MS)

    def right(self, account: str, address: str) -> None:
        """The guess that was begun is right: it is taken back, and the account begins anew."""
        self.untried(account, address)
        self._accounts.forget(account)

    def untried(self, account: str, address: str) -> None:
        """The guess that was begun was never looked at: it is taken back."""
        for tallies, name in self._all(account, address):
            tallies.take_back(name)

    def _all(self, account: str, address: str) -> Iterator[tuple["_Tallies", str]]:
        yield self._engine, ""
        yield self._addresses, address
        if account:
            yield self._accounts, account


class _Tally:
    """The wrong guesses that count, and how many blocks there were before."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.times: list[int] = []
        self.blocks = 0
        self.calm_from = 0

    def block_ms(self) -> int:
        """How long the block lasts that begins, or would begin, with the latest guess; 0 where there is none."""
        if len(self.times) < self.limit.most:
            return 0
        return min(self.limit.span_ms << min(self.blocks, 10), HOUR_MS)

    def wait_ms(self, ticks_ms: int) -> int:
        """How long no guess may be made yet."""
        block_ms = self.block_ms()
        return max(self.times[-1] + block_ms - ticks_ms, 0) if block_ms else 0

    def count(self, ticks_ms: int) -> None:
        """A guess is made, which was allowed."""
        if self.block_ms():
            self.blocks += 1
        if ticks_ms - self.calm_from >= HOUR_MS:
            self.blocks = 0
        self.times = [each for each in self.times if ticks_ms - each < self.limit.span_ms] + [ticks_ms]
        self.calm_from = ticks_ms + self.block_ms()


class _Tallies:
    """The tallies of one kind, by name, the one touched last at the end."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._by_name: OrderedDict[str, _Tally] = OrderedDict()

    def wait_ms(self, name: str, ticks_ms: int) -> int:
        tally = self._by_name.get(name)
        return tally.wait_ms(ticks_ms) if tally else 0

    def count(self, name: str, ticks_ms: int) -> None:
        tally = self._by_name.setdefault(name, _Tally(self._limit))
        tally.count(ticks_ms)
        self._by_name.move_to_end(name)
        if len(self._by_name) > TALLIES_MAX:
            self._by_name.popitem(last=False)

    def take_back(self, name: str) -> None:
        tally = self._by_name.get(name)
        if tally and tally.times:
            tally.times.pop()
            if not tally.times and not tally.blocks:
                self.forget(name)

    def forget(self, name: str) -> None:
        self._by_name.pop(name, None)
