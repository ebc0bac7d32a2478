"""An office of some hundred people over the real store, in virtual time, with a client for each and a ledger for all.

The ledger knows of each message what its sender was told and whom it has reached. It forgets what has ended and was
told, as otherwise it would be what grows.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random

from tact_engine.core import effects as out
from tact_engine.core import facts
from tact_engine.core.envelope import Receipt, State
from tact_engine.core.facts import Fact, Moment
from tact_engine.core.presence import Value
from tact_engine.core.view import Limits
from tact_engine.store.store import Store
from tests.support.heart import OPEN_DOOR

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MIDNIGHT_MS = 1_799_971_200_000
HOUSEKEEPING = 5 * MINUTE
OVER = (State.DELIVERED, State.READ, State.EXPIRED, State.WITHDRAWN)
LATER = {
    State.EXPIRED: (State.DELIVERED,),
    State.WITHDRAWN: (State.DELIVERED,),
    State.DELIVERED: (State.READ,),
}
"""What may still be told of a message after what was an end."""


class Person:
    """Somebody with a client: who they are, where they sit (0: nowhere), what is to be kept, read and noted there."""

    def __init__(self, handle: str):
        self.handle = handle
        self.session = 0
        self.to_keep: dict[str, int] = {}
        self.to_read: list[str] = []
        self.serial = self.noted = 0
        self.is_noting = False
        self.mine: list[str] = []
        """The last messages of theirs, of which they may still think."""


class Office:
    """The store, the clock, everybody, and what is going to happen."""

    def __init__(self, folder: Path, people: int, chance: Random):
        self.chance = chance
        self.now = Moment(MIDNIGHT_MS, 0)
        self.path = folder / "engine.db"
        self.store = Store.open(self.path, Limits(), self.now)
        self.people = {f"person-{number:03}": Person(f"person-{number:03}") for number in range(people)}
        self.at: dict[int, Person] = {}
        self.met: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.open: dict[tuple[str, str], State] = {}
        """(message, recipient) → what its sender was last told, until that is an end."""
        self.over: list[dict[tuple[str, str], State]] = [{}, {}]
        """Those that ended today, and those that ended yesterday."""
        self.reached: list[set[tuple[str, str]]] = [set(), set()]
        """Those that reached a client today, and yesterday."""
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._order, self._sessions, self._requests = count(1), count(1), count(1)
        self._wake_ms: int | None = None
        self._house_ms = self.now.utc_ms + HOUSEKEEPING

    # --- time --------------------------------------------------------------------------------------------------

    def then(self, at_ms: float, act: Callable[[], None]):
        """Do `act` at this time (UTC milliseconds)."""
        heapq.heappush(self._events, (max(round(at_ms), self.now.utc_ms), next(self._order), act))

    def soon(self, low: int, high: int, act: Callable[[], None]):
        """Do `act` in so many milliseconds."""
        self.then(self.now.utc_ms + self.chance.randint(low, high), act)

    def until(self, end_ms: int):
        """Let everything happen until then."""
        while (at := self._next()) <= end_ms:
            self._go_to(at)
            if self._events and self._events[0][0] <= at:
                heapq.heappop(self._events)[2]()
            elif self._house_ms <= at:
                self.store.housekeep(self.now)
                self.met["housekeeping"] += 1
                self._house_ms = at + HOUSEKEEPING
            else:
                self.feed(facts.TimePassed())
        self._go_to(end_ms)

    def sleep(self, days: int):
        """Nobody comes for so many days; the house is kept once a day."""
        for _ in range(days):
            self._house_ms = self.now.utc_ms + DAY
            self.until(self.now.utc_ms + DAY)
        self._house_ms = self.now.utc_ms + HOUSEKEEPING

    def new_day(self):
        """What the ledger knows of the day before yesterday is forgotten."""
        self.over = [{}, self.over[0]]
        self.reached = [set(), self.reached[0]]

    def _next(self) -> int:
        times = [self._house_ms, *(event[0] for event in self._events[:1])]
        return min([*times, self._wake_ms] if self._wake_ms is not None else times)

    def _go_to(self, at_ms: int):
        passed = max(0, at_ms - self.now.utc_ms)
        self.now = Moment(self.now.utc_ms + passed, self.now.ticks_ms + passed)

    # --- what is done ------------------------------------------------------------------------------------------

    def feed(self, *what: Fact):
        """Facts come in, and everybody hears what follows."""
        for effect in self.store.apply(what, self.now):
            self._hear(effect)
        wait = self.store.next_wake(self.now)
        self._wake_ms = None if wait is None else self.now.utc_ms + wait
        self.met["facts"] += len(what)

    def ask(self, person: Person, make: Callable[[int, int], Fact]):
        """A request of somebody who is here; `make` takes the session and a request number."""
        if person.session:
            self.feed(make(person.session, next(self._requests)))

    def sign_in(self, person: Person, **presence: Value | None):
        """Somebody comes."""
        if person.session:
            return
        person.session = next(self._sessions)
        self.at[person.session] = person
        self.met["comings"] += 1
        self.feed(
            facts.SignedIn(
                person.session, person.handle, f"device of {person.handle}", presence, ticket=OPEN_DOOR
            )
        )

    def leave(self, person: Person, *, cleanly: bool = True):
        """Somebody goes, or drops off."""
        if person.session:
            session, person.session = person.session, 0
            person.to_keep.clear()
            person.is_noting = False
            del self.at[session]
            self.feed(facts.SignedOut(session) if cleanly else facts.LinkLost(session))

    # --- what is heard -----------------------------------------------------------------------------------------

    def _hear(self, effect: out.Effect):
        match effect:
            case out.Deliver():
                self._arrive(self.people[effect.handle], effect)
            case out.TellNews():
                self._news(self.people[effect.handle], effect.receipts)
            case out.Answer():
                self._told(effect.receipts)
                self.met["asked why"] += bool(effect.standings)
            case out.Refuse():
                self.met[f"refused: {effect.refused.code}"] += 1
            case out.Reject():
                self.wrong.append(f"C4: somebody may not sign in: {effect.refused.text}")
            case _:
                self.met["presence told"] += isinstance(effect, out.Announce)

    def _arrive(self, person: Person, effect: out.Deliver):
        """A client keeps what comes and says so a moment later; it is read when there is time for it."""
        if not person.to_keep:
            self.soon(100, 900, lambda: self._keep(person))
        for each in effect.deliveries:
            person.to_keep[each.id] = each.revision
            place = (each.id, person.handle)
            is_new = not any(place in day for day in self.reached)
            self.met["delayed" if each.delayed else "live"] += is_new
            if is_new and each.released_at >= each.written_at + 30 * DAY:
                self.wrong.append(f"V4, I3: {each.id} left after its end")

    def _keep(self, person: Person):
        if not person.session or not person.to_keep:
            return
        copies, person.to_keep = person.to_keep, {}
        self.reached[0].update((id, person.handle) for id in copies)
        self.feed(facts.Acknowledged(person.session, copies))
        if self.chance.random() < 0.8:
            ids = tuple(copies)
            self.soon(5 * SECOND, 20 * MINUTE, lambda: self._read(person, ids))

    def _read(self, person: Person, ids: tuple[str, ...]):
        if person.session:
            self.feed(facts.MarkedRead(person.session, ids))

    def _news(self, person: Person, receipts: tuple[Receipt, ...]):
        self._told(receipts)
        person.serial = max(each.serial for each in receipts)
        if not person.is_noting:
            person.is_noting = True
            self.soon(SECOND, 3 * SECOND, lambda: self._note(person))

    def _note(self, person: Person):
        person.is_noting = False
        if person.session:
            person.noted = person.serial
            self.feed(facts.Noted(person.session, person.serial))

    def _told(self, receipts: tuple[Receipt, ...]):
        """A sender learns how messages stand: that goes into the ledger, and has to follow from what it says."""
        for each in receipts:
            place = (each.id, each.recipient)
            before = next((day[place] for day in self.over if place in day), None)
            if each.state is State.DELIVERED or each.state is State.READ:
                self._check_arrived(place)
            if before is not None:
                if each.state is not before and each.state not in LATER.get(before, ()):
                    self.wrong.append(f"I6: {place} was {before} and is told to be {each.state}")
                self.met["read after that"] += each.state is State.READ
                self._close(place, each.state)
            elif each.state in OVER:
                self.met[f"ended: {each.state}"] += 1
                self.open.pop(place, None)
                self._close(place, each.state)
            else:
                self.open[place] = each.state

    def _close(self, place: tuple[str, str], state: State):
        self.over[1].pop(place, None)
        self.over[0][place] = state

    def _check_arrived(self, place: tuple[str, str]):
        """What is told to have arrived did so: an alert reaches nobody."""
        if (
            place in self.open
            and not place[0].startswith("alert")
            and not any(place in day for day in self.reached)
        ):
            self.wrong.append(f"I6: {place} is told to be delivered and has reached nobody")
