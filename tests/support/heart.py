"""A small office around the real heart: a store in a folder, a clock that the test moves, and desks that are told."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from tact_engine.core import effects as out
from tact_engine.core import facts
from tact_engine.core.changes import next_end
from tact_engine.core.conditions import WHEN_ONLINE, Condition
from tact_engine.core.effects import Answer, Effect, Refuse
from tact_engine.core.envelope import (
    VALIDITY_SECONDS_DEFAULT,
    Delivery,
    Envelope,
    Receipt,
    State,
    Submission,
    weight_of,
)
from tact_engine.core.facts import Amendment, Fact, Moment
from tact_engine.core.members import Ticket, hash_of
from tact_engine.core.presence import Presence, Value
from tact_engine.core.privacy import Privacy
from tact_engine.core.releasing import considered
from tact_engine.core.view import Limits
from tact_engine.core.writes import Release
from tact_engine.store.known import Known
from tact_engine.store.ledger import Ledger
from tact_engine.store.store import Store
from tact_engine.store.view import StoreView

NOON_MS = 1_800_000_000_000
OPEN_DOOR = Ticket(open=True)
"""What a sign-in brings to an engine that lets anybody in."""
UNHURRIED = Limits(
    messages_per_second=0,
    presence_per_second=0,
    requests_per_second=0,
    notes_per_second=0,
    sign_ins_per_second=0,
    sessions_max=10**6,
)
"""The limits of an engine of which one may ask as much as one likes at once."""
DAY = 24 * 3600

Reply = Answer | Refuse


class Office:
    """The engine's heart without an engine: facts go in by `feed`, and every desk keeps what it was told.

    Time moves by `after`, which wakes the heart as its timer would, or by `asleep`, which does not.
    """

    def __init__(self, folder: Path, **limits: int):
        self.limits = Limits(**limits)
        self.now = Moment(NOON_MS, 5_000)
        self.path = folder / "engine.db"
        self.store = Store.open(self.path, self.limits, self.now)
        self.desks: dict[int, Desk] = {}
        self._sessions, self._ids = count(1), count(1)

    # --- in --------------------------------------------------------------------------------------------------

    def feed(self, *what: Fact) -> list[Effect]:
        """One batch of facts; what follows is told to the desks, and returned."""
        effects = self.store.apply(what, self.now)
        for effect in effects:
            self._tell(effect)
        return effects

    def sign_in(self, handle: str, device: str = "", **presence: Value) -> "Desk":
        """A new desk of `handle`; its `welcomed` says whether it was let in."""
        desk = Desk(self, handle, next(self._sessions))
        self.desks[desk.session] = desk
        device = device or f"device of {handle}"
        self.feed(facts.SignedIn(desk.session, handle, device, {**presence}, ticket=OPEN_DOOR))
        if not desk.welcomed:
            del self.desks[desk.session]
        return desk

    def knock(
        self,
        handle: str,
        device: str = "",
        token: bytes = b"",
        *,
        vouched: bool = False,
        address: str = "10.0.0.9",
        **presence: Value,
    ) -> "Desk":
        """The same at the door of a closed engine, with an invitation's token or a right password, or neither."""
        desk = Desk(self, handle, next(self._sessions))
        self.desks[desk.session] = desk
        ticket = Ticket(hash_of(token) if token else "", vouched, False, "pc", address)
        device = device or f"device of {handle}"
        self.feed(facts.SignedIn(desk.session, handle, device, {**presence}, ticket=ticket))
        if not desk.welcomed:
            del self.desks[desk.session]
        return desk

    def away(self, *handles: str):
        """People who have been here once."""
        for handle in handles:
            self.sign_in(handle).sign_out()

    def asleep(self, seconds: float):
        """Time passes and nobody is woken."""
        passed = round(seconds * 1000)
        self.now = Moment(self.now.utc_ms + passed, self.now.ticks_ms + passed)

    def wake(self):
        """The timer fires, and again for as long as something is due at this moment."""
        for _ in range(100):
            self.feed(facts.TimePassed())
            if self.store.next_wake(self.now) != 0:
                return
        raise AssertionError("the heart wants to be woken for ever")

    def after(self, seconds: float):
        """Time passes, and whatever is due meanwhile happens when it is due; at the end nothing is overdue."""
        end = self.now.ticks_ms + round(seconds * 1000)
        while (wait := self.store.next_wake(self.now)) is not None and self.now.ticks_ms + wait <= end:
            self.asleep(wait / 1000)
            self.wake()
        self.asleep((end - self.now.ticks_ms) / 1000)
        assert overdue(self) == []

    def restart(self, **limits: int):
        """The engine stops in good order and starts again; its monotonic clock starts anew."""
        self.store.close()
        self._reopen(**limits)

    def crash(self):
        """The engine is killed: what the next one finds are the files as they are at this moment."""
        folder = self.path.parent
        left = folder.with_name(f"{folder.name}-left")
        shutil.copytree(folder, left)
        self.store.close()
        shutil.rmtree(folder)
        left.rename(folder)
        self._reopen()

    def close(self):
        """The end."""
        self.store.close()

    # --- how things stand --------------------------------------------------------------------------------------

    def envelope(self, id: str, recipient: str = "") -> Envelope:
        """The one envelope of message `id`, or the one for `recipient`."""
        found = [each for each in self.store.view.envelopes(id) if recipient in ("", each.recipient)]
        assert len(found) == 1, found
        return found[0]

    def state(self, id: str, recipient: str = "") -> State:
        """Where that envelope stands."""
        return self.envelope(id, recipient).state

    def presence(self, handle: str) -> Presence:
        """The document of a person."""
        found = self.store.view.person(handle)
        assert found is not None
        return found

    def new_id(self) -> str:
        """An id that no message has."""
        return f"message-{next(self._ids)}"

    def _reopen(self, **limits: int):
        self.limits = replace(self.limits, **limits)
        self.now = Moment(self.now.utc_ms, 0)
        self.desks.clear()
        self.store = Store.open(self.path, self.limits, self.now)

    def _tell(self, effect: Effect):
        for desk in tuple(self.desks.values()):
            if _is_for(effect, desk):
                desk.told.append(effect)


class Desk:
    """One session of a person: what they do, and all that they were told, in order."""

    def __init__(self, office: Office, handle: str, session: int):
        self.office, self.handle, self.session = office, handle, session
        self.told: list[Effect] = []
        self._requests = count(1)

    # --- a sender's side ---------------------------------------------------------------------------------------

    def try_submit(self, *to: str, body: str | bytes = "hello", id: str = "", **rest) -> Reply:
        """Hand over a message; `rest` as in Submission."""
        content = body.encode() if isinstance(body, str) else body
        return self.submit_as(Submission(id or self.office.new_id(), to, content, **rest))

    def submit_as(self, submission: Submission) -> Reply:
        """Hand over exactly this."""
        return self.ask(facts.Submitted(self.session, next(self._requests), submission))

    def submit(
        self,
        *to: str,
        body: str | bytes = "hello",
        when: Condition = WHEN_ONLINE,
        valid_for: int = VALIDITY_SECONDS_DEFAULT,
        id: str = "",
        **rest,
    ) -> str:
        """Hand over a message that must be accepted; its id."""
        reply = self.try_submit(*to, body=body, when=when, valid_for=valid_for, id=id, **rest)
        assert isinstance(reply, Answer), reply
        return reply.receipts[0].id

    def edit(self, id: str, revision: int = 1, **change) -> Reply:
        """Change a waiting message; `change` as in Amendment."""
        return self.ask(facts.Edited(self.session, next(self._requests), id, revision, Amendment(**change)))

    def send_now(self, id: str) -> Reply:
        """Drop the condition of a waiting message."""
        return self.ask(facts.SentNow(self.session, next(self._requests), id))

    def withdraw(self, id: str) -> Reply:
        """Take a waiting message back."""
        return self.ask(facts.Withdrawn(self.session, next(self._requests), id))

    def pause(self, id: str) -> Reply:
        """Open a waiting message in an editor."""
        return self.ask(facts.Paused(self.session, next(self._requests), id))

    def resume(self, id: str) -> Reply:
        """Close the editor without a change."""
        return self.ask(facts.Resumed(self.session, next(self._requests), id))

    def why(self, id: str) -> Reply:
        """Ask why a message waits."""
        return self.ask(facts.Asked(self.session, next(self._requests), id))

    def note(self, serial: int):
        """Say that the news up to `serial` are kept."""
        self.office.feed(facts.Noted(self.session, serial))

    # --- a recipient's side ------------------------------------------------------------------------------------

    def set(self, until: int | dict[str, int] | None = None, **changes: Value | None) -> Reply:
        """Change one's presence, as one version; `until` is when (UTC milliseconds) all of it, or some, ends."""
        ends = dict.fromkeys(changes, until) if isinstance(until, int) else until or {}
        return self.ask(facts.PresenceSet(self.session, next(self._requests), changes, ends))

    def allow(self, privacy: Privacy) -> Reply:
        """Change who may see what."""
        return self.ask(facts.PrivacySet(self.session, next(self._requests), privacy))

    def acknowledge(self, *ids: str, revision: int | None = None):
        """Say that these messages are kept, in this revision or in the one that arrived last."""
        arrived = {each.id: each.revision for each in self.arrived}
        copies = {id: arrived.get(id, 1) if revision is None else revision for id in ids}
        self.office.feed(facts.Acknowledged(self.session, copies))

    def mark_read(self, *ids: str):
        """Say that these messages were shown."""
        self.office.feed(facts.MarkedRead(self.session, ids))

    # --- leaving -----------------------------------------------------------------------------------------------

    def sign_out(self):
        """Leave on purpose."""
        del self.office.desks[self.session]
        self.office.feed(facts.SignedOut(self.session))

    def lose_link(self):
        """Drop off."""
        del self.office.desks[self.session]
        self.office.feed(facts.LinkLost(self.session))

    # --- what was told -----------------------------------------------------------------------------------------

    def ask(self, fact: Fact) -> Reply:
        """The one reply to a request."""
        before = len(self.told)
        self.office.feed(fact)
        replies = [effect for effect in self.told[before:] if isinstance(effect, Answer | Refuse)]
        assert len(replies) == 1, replies
        return replies[0]

    def request(self, make: Callable[..., Fact], *values: object, **named: object) -> Reply:
        """Ask what `make` builds for this session and a new request number."""
        return self.ask(make(self.session, next(self._requests), *values, **named))

    @property
    def refused(self) -> str:
        """The code with which this session was rejected; "" where it was not."""
        return next((each.refused.code for each in self.told if isinstance(each, out.Reject)), "")

    def forget(self):
        """What was told so far is of no interest to what follows."""
        self.told.clear()

    @property
    def welcomed(self) -> bool:
        """Whether the sign-in was accepted."""
        return any(isinstance(effect, out.Welcome) for effect in self.told)

    @property
    def batches(self) -> list[out.Deliver]:
        """Every batch that arrived."""
        return [effect for effect in self.told if isinstance(effect, out.Deliver)]

    @property
    def arrived(self) -> list[Delivery]:
        """Every copy that arrived."""
        return [delivery for batch in self.batches for delivery in batch.deliveries]

    @property
    def ids(self) -> list[str]:
        """The ids of every copy that arrived."""
        return [delivery.id for delivery in self.arrived]

    @property
    def news(self) -> list[Receipt]:
        """Every receipt that was told unasked."""
        return [
            receipt for effect in self.told if isinstance(effect, out.TellNews) for receipt in effect.receipts
        ]

    @property
    def heard(self) -> list[tuple[str, State]]:
        """The news in short: which message, and how it stands."""
        return [(receipt.id, receipt.state) for receipt in self.news]


def states(reply: Reply) -> list[State]:
    """How the message of an answered request stands for each recipient."""
    assert isinstance(reply, Answer), reply
    return [receipt.state for receipt in reply.receipts]


def code(reply: Reply) -> str:
    """What a request was refused with."""
    assert isinstance(reply, Refuse), reply
    return reply.refused.code


def miscounted(store: Store) -> list[str]:
    """What the store counts in memory and what a recount of its tables gives otherwise; empty where it all agrees."""
    db, live = store._db, store._live
    pairs: Counter[tuple[str, str]] = Counter()
    totals: Counter[str] = Counter()
    by_key: dict[str, Counter[int]] = {}
    for recipient, key, sender in db.execute(
        "SELECT w.recipient, w.condition, m.sender FROM waiting w JOIN message m ON m.number = w.number"
    ):
        pairs[sender, recipient] += 1
        totals[sender] += 1
        by_key.setdefault(recipient, Counter())[key] += 1
    away, unchanged = set[tuple[str, int]](), dict[tuple[str, int], int]()
    counts: Counter[str] = Counter()
    for recipient, number, revision, weight in db.execute(
        "SELECT w.recipient, w.number, w.revision, m.weight FROM released w JOIN message m ON m.number = w.number"
    ):
        away.add((recipient, number))
        counts[recipient] += 1
        if revision == 1:  # else the text may have changed under a copy that left with the old one
            unchanged[recipient, number] = weight
    sizes: Counter[str] = Counter()
    for (recipient, _), (_, weight) in live.departed.items():
        sizes[recipient] += weight
    rows = db.execute(
        "SELECT m.number, m.sender, m.recipients, m.weight, b.content FROM message m JOIN body b ON b.number = m.number"
    ).fetchall()
    written = dict(db.execute("SELECT handle, held FROM account WHERE held"))
    pieces = {
        "held for a pair": ({(to, who): pairs[who, to] for to, who in live.held.by_pair}, live.held.by_pair),
        "held of a sender": (dict(totals), live.held.totals),
        "held of a sender, as written": (dict(totals), written),
        "held under a condition": (
            {each: by_key.get(each, {}) for each in live.held.by_recipient},
            live.held.by_recipient,
        ),
        "on their way": (counts, live.unacknowledged),
        "departed": (away, set(live.departed)),
        "bytes of a copy": (
            unchanged,
            {key: live.departed[key][1] for key in unchanged if key in live.departed},
        ),
        "bytes on their way": (sizes, live.unacknowledged_bytes),
        "weights": (
            {number: weight_of(body, (sender, *to.split())) for number, sender, to, _, body in rows},
            {number: weight for number, _, _, weight, _ in rows},
        ),
    }
    pieces |= _remembered(store)
    fresh = StoreView(Ledger(db), live, Known(), store.view.limits, store.reserve)
    kept_envelopes = store._known._envelopes
    pieces["known of messages"] = ({id: fresh.envelopes(id) for id in kept_envelopes}, kept_envelopes)
    return [f"{what}: {true} is {kept}" for what, (true, kept) in pieces.items() if true != kept]


def _remembered(store: Store) -> dict[str, tuple[object, object]]:
    """What else the live side keeps: as it should be by the tables, and as it is."""
    db, live = store._db, store._live
    alive = set(
        db.execute("SELECT number, recipient FROM waiting UNION SELECT number, recipient FROM released")
    )
    numbers = {number for number, _ in alive}
    delivered = set(db.execute("SELECT number, recipient FROM ended WHERE state = 'delivered'"))
    heads = {number for (number,) in db.execute("SELECT behind FROM message WHERE behind IS NOT NULL")}
    patient = {(number, who) for who, memories in live.patience.items() for number in memories}
    ends = {handle: next_end(person) for handle, person in live.people.items()}
    here = {handle for handle, person in live.people.items() if person.online}
    return {
        "quiet": (set(db.execute("SELECT number, recipient FROM quiet")), live.quiet),
        "quiet though not delivered": (set(), live.quiet - delivered),
        "in an editor though over": (set(), live.leases.keys() - numbers),
        "remembering though over": (set(), patient - alive),
        "heads": (set(), heads - live.heads),
        "ends of presence": ({handle: end for handle, end in ends.items() if end is not None}, live.ends),
        "woken for nobody": (set(), live.wakes.keys() - here),
        "idle without a session": (set(), live.idle.keys() - live.sessions.keys()),
        "sessions": (
            {session for sessions in live.sessions_of.values() for session in sessions},
            set(live.sessions),
        ),
    }


def overdue(office: Office) -> list[str]:
    """What should have happened by now and has not, each held envelope looked at by itself."""
    store, now = office.store, office.now
    late = [f"lease of {number}" for number in store.view.leases_over(now.ticks_ms)]
    late += [f"presence of {handle}" for handle in store.view.readings_over(now.utc_ms)]
    late += [f"grace of {handle}" for handle in store.view.graces_over(now.ticks_ms)]
    late += [
        f"end of {each.id}" for each in (*store.view.due(now.utc_ms, 9), *store.view.quiet(now.utc_ms, 9))
    ]
    query = "SELECT m.id, w.recipient FROM waiting w JOIN message m ON m.number = w.number"
    for id, recipient in store._db.execute(query).fetchall():
        decision = considered(facts.Consider(id, recipient, fresh=False), store.view, now)
        if any(isinstance(each, Release | facts.Tell) for each in (*decision.writes, *decision.then)):
            late.append(f"{id} to {recipient}")
    return late


def misplaced(store: Store) -> list[tuple[int, str]]:
    """The envelopes that do not stand in exactly one of the three tables."""
    rows = store._db.execute(
        "SELECT number, recipient FROM waiting UNION ALL SELECT number, recipient FROM released"
        " UNION ALL SELECT number, recipient FROM ended"
    )
    places = Counter((number, recipient) for number, recipient in rows)
    wanted = [
        (number, recipient)
        for number, recipients in store._db.execute("SELECT number, recipients FROM message")
        for recipient in recipients.split()
    ]
    return [each for each in {*places, *wanted} if places[each] != 1 or each not in wanted]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office that nobody has entered yet; whatever a test does there, nothing is miscounted at its end."""
    opened = Office(tmp_path / "engine")
    yield opened
    assert miscounted(opened.store) == []
    assert misplaced(opened.store) == []
    opened.close()


def _is_for(effect: Effect, desk: Desk) -> bool:
    match effect:
        case out.Announce(common=common, special=special):
            return special.get(desk.handle, common) is not None
        case out.TellRequests(hosts=hosts):
            return desk.handle in hosts
        case out.TellGone():
            return True
        case out.Deliver() | out.TellNews() | out.TellPrivacy():
            return effect.handle == desk.handle
        case _:
            return effect.session == desk.session
