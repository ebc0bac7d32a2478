"""What a clock may do to what waits: worked out from this computer's own clocks, with nothing of the engine.

Of every moment only bounds are known: the engine reads its clocks between a question and its answer, and a clock is set
between the telling and the proof that it was heard. Whatever is checked here holds however slow a computer is.
"""

import time
from dataclasses import dataclass, field
from enum import StrEnum

ACKNOWLEDGE_MS = 10_000
GRACE_MS = 10_000
LEASE_MS = 600_000


@dataclass(frozen=True)
class Moment:
    """One moment of the engine: the bounds of its monotonic clock and of its UTC clock, in milliseconds."""

    ticks_lo: int
    ticks_hi: int
    utc_lo: int
    utc_hi: int


class Clocks:
    """What the engine's clocks must show."""

    def __init__(self) -> None:
        self._told = self._done = (0, 0)
        self._before_ms = 0
        self._floor_lo = self._floor_hi = 0

    def now(self) -> Moment:
        """This moment."""
        wall, ticks = time.time_ns() // 1_000_000, time.monotonic_ns() // 1_000_000
        passed = sorted((self._told[0], self._done[0]))
        walls = sorted(wall + passed + wrong for passed, wrong in (self._told, self._done))
        ticks += self._before_ms
        return Moment(
            ticks + passed[0], ticks + passed[1], max(self._floor_lo, walls[0]), max(self._floor_hi, walls[1])
        )

    def tell(self, passes: float, jumps: float) -> None:
        """The engine is being told that time passes, or that its wall clock jumps; in seconds."""
        passed, wrong = self._told
        self._told = (passed + round(passes * 1000), wrong + round(jumps * 1000))

    def heard(self) -> None:
        """It has certainly heard it: from now on its wall clock stands no higher than it did."""
        self._floor_hi = self.now().utc_hi
        self._done = self._told

    def stamped(self, utc_ms: int) -> None:
        """The engine has told this time, and kept it: it never tells an earlier one."""
        self._floor_lo = max(self._floor_lo, utc_ms)

    def restarted(self) -> None:
        """A process that knows nothing of how its clock was moved, but what its store knows.

        No waiting time survives that, so here its monotonic clock may go on as if it were the same one.
        """
        self._floor_hi = self.now().utc_hi
        self._before_ms += self._told[0]
        self._told = self._done = (0, 0)


class Kind(StrEnum):
    """What holds a message back."""

    MOOD = "a mood that comes last of all"
    NOT_BEFORE = "not_before"
    DWELL = "dwell"
    LEASE = "an open editor"
    SILENCE = "an acknowledgement"


@dataclass
class Item:
    """One message: what it waits for, and what was heard of it.

    It was accepted not before `asked` and not after `answered`. Its wait counts from then on; after a restart that is
    somewhere in `anew`.
    """

    id: str
    kind: Kind
    asked: Moment
    answered: Moment
    accepted_at: int
    expires_at: int
    wait_ms: int = 0
    opens_at: int = 0
    is_open: bool = False
    anew: tuple[Moment, Moment] | None = None
    copies: list[tuple[Moment, int]] = field(default_factory=list[tuple[Moment, int]])
    told: list[tuple[Moment, str, int]] = field(default_factory=list[tuple[Moment, str, int]])

    def must_go(self, now: Moment) -> bool:
        """Whether by now it has surely left."""
        if now.utc_hi >= self.expires_at:
            return False
        if self.kind is Kind.MOOD:
            return self.is_open
        if self.kind in (Kind.NOT_BEFORE, Kind.SILENCE):
            return now.utc_lo >= self.opens_at
        return now.ticks_lo >= self.waits[1].ticks_hi + self.wait_ms

    @property
    def waits(self) -> tuple[Moment, Moment]:
        """From when on its wait counts: not before the one, and not after the other."""
        return self.anew or (self.asked, self.answered)

    def must_come_again(self, now: Moment) -> bool:
        """Whether its last copy has been unacknowledged for too long, and it may still go."""
        last, _ = self.copies[-1]
        return now.utc_hi < self.expires_at and now.ticks_lo >= last.ticks_hi + ACKNOWLEDGE_MS

    def must_expire(self, now: Moment) -> bool:
        """Whether by now it has surely expired."""
        if now.utc_lo < self.expires_at:
            return False
        if self.kind is Kind.SILENCE and self.copies:
            return now.ticks_lo >= self.copies[-1][0].ticks_hi + ACKNOWLEDGE_MS
        return not self.copies

    def states(self) -> list[str]:
        """What its sender was told, in order."""
        return [state for _, state, _ in self.told]


def broken_by(item: Item) -> list[str]:
    """The promises that were broken for one message, whatever else was to come."""
    return [*_accepted_out_of_time(item), *_gone_early(item), *_gone_late(item), *_told_wrongly(item)]


def _accepted_out_of_time(item: Item) -> list[str]:
    if item.asked.utc_lo <= item.accepted_at <= item.answered.utc_hi:
        return []
    bounds = f"{item.asked.utc_lo} and {item.answered.utc_hi}"
    return [f"T1: {item.id} was accepted at {item.accepted_at}, but it was between {bounds}"]


def _gone_early(item: Item) -> list[str]:
    problems: list[str] = []
    for place, (heard, released_at) in enumerate(item.copies):
        if released_at < item.accepted_at:
            problems.append(f"T3: {item.id} was released at {released_at}, before its acceptance")
        if released_at > heard.utc_hi:
            problems.append(f"T1: {item.id} was released at {released_at}, and it was {heard.utc_hi} at most")
        if min(released_at, heard.utc_hi) < item.opens_at:
            early = item.opens_at - min(released_at, heard.utc_hi)
            problems.append(f"W20: {item.id} went {early} ms before its not_before")
        waited = heard.ticks_hi - item.waits[0].ticks_lo
        least = ACKNOWLEDGE_MS * place if item.kind is Kind.SILENCE else item.wait_ms
        if waited < least:
            problems.append(f"T2: {item.id} ({item.kind}) went after {waited} ms of {least}")
    return problems


def _gone_late(item: Item) -> list[str]:
    problems: list[str] = []
    for heard, released_at in item.copies:
        if released_at >= item.expires_at:
            problems.append(f"I3: {item.id} was released {released_at - item.expires_at} ms after its end")
        if any(state == "expired" and when.ticks_hi < heard.ticks_lo for when, state, _ in item.told):
            problems.append(f"T3: {item.id} came although its sender was told that it had expired")
    if item.kind is not Kind.SILENCE and len(item.copies) > 1:
        problems.append(f"I5: {item.id} came {len(item.copies)} times")
    stamps = [released_at for _, released_at in item.copies]
    if stamps != sorted(stamps):
        problems.append(f"T3: the copies of {item.id} were released at {stamps}")
    return problems


def _told_wrongly(item: Item) -> list[str]:
    problems: list[str] = []
    for heard, state, since in item.told:
        if since > heard.utc_hi:
            problems.append(f"T1: {item.id} is {state} since {since}, and it was {heard.utc_hi} at most")
        if state == "expired" and min(since, heard.utc_hi) < item.expires_at:
            problems.append(f"I3: {item.id} expired before its end")
    ends = [state for state in item.states() if state in ("expired", "delivered")]
    if len(set(ends)) < len(ends):
        problems.append(f"N3: {item.id} was told as {ends}")
    if item.copies and "expired" in ends and item.kind is not Kind.SILENCE:
        problems.append(f"I6: {item.id} has arrived, and its sender was told {ends}")
    sinces = [since for _, _, since in item.told]
    if sinces != sorted(sinces):
        problems.append(f"T3: the news of {item.id} go back in time: {item.told}")
    return problems
