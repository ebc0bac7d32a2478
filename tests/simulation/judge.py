"""The judge: hears what became durable and what was said, and compares it with what the oracle knows must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tact_engine.core import effects as out
from tact_engine.core import facts
from tests.simulation.forms import RULES, privacy
from tests.support.heart import miscounted, misplaced
from tests.support.oracle import OVER, Message, Oracle, When

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tact_engine.core.conditions import Condition
    from tact_engine.core.effects import Effect
    from tact_engine.core.envelope import Delivery
    from tact_engine.core.facts import Fact, Moment
    from tests.simulation.device import Device
    from tests.simulation.world import World

PLACES = (
    "SELECT number, recipient, 'held', revision, expires_at FROM waiting UNION ALL"
    " SELECT number, recipient, 'released', revision, expires_at FROM released UNION ALL"
    " SELECT number, recipient, state, revision, expires_at FROM ended"
)


class Judge:
    """Keeps the oracle in step with what the engine made durable. `wrong` says what was not as it must be."""

    def __init__(self, world: World, handles: Sequence[str]) -> None:
        self._world = world
        self.wrong: list[str] = []
        self.oracle = Oracle(tuple(handles))
        self.whens: dict[Condition, When] = {}
        self._rules = {repr(privacy(kind, whom)): (kind, whom) for kind in RULES for whom in handles}
        self._sessions: dict[int, str] = {}
        self._known: set[str] = set()
        self._edits: dict[str, tuple[int, facts.Amendment]] = {}
        self._heard: dict[tuple[str, str], str] = {}
        self._sequences: dict[str, int] = {}
        self._numbers: dict[int, str] = {}
        self._ends: dict[str, int] = {}
        self._is_closed = False

    def blame(self, what: str) -> None:
        """Something is wrong."""
        self.wrong.append(f"at {self._world.now / 1000:.3f} s: {what}")

    # --- what the world tells

    def restarted(self, now: Moment) -> None:
        """The engine begins again, after whatever time: nobody is there, and what was on its way waits."""
        self._sessions.clear()
        if self._is_closed:
            return
        self.oracle.stop()
        self.oracle.utc, self.oracle.ticks = now.utc_ms, now.ticks_ms

    def committed(self, batch: list[Fact], effects: list[Effect], now: Moment, *, rests: bool) -> None:
        """A batch is durable, and this follows from it; unless it `rests` the engine looks again at this instant."""
        if self._is_closed:
            return
        self._listen(effects)
        if self._world.options.late:
            return
        self._let_time_pass(now)
        replies: dict[tuple[int, int], out.Answer | out.Refuse] = {
            (each.session, each.request): each
            for each in effects
            if isinstance(each, out.Answer | out.Refuse)
        }
        for place, fact in enumerate(batch):
            if place and isinstance(fact, facts.TimePassed):  # what the facts before it have made due
                self.oracle.pass_time(0, once=True)
            self._follow(fact, replies, effects)
        if rests:
            self._compare()
        self._check_texts(effects)

    def shown(self, device: Device, copy: Delivery) -> None:
        """A device shows a message for the first time."""
        if self._world.options.late:
            ends_at = self._ends.get(copy.id)
            if ends_at is None or copy.released_at >= ends_at:
                self.blame(
                    f"{copy.id} left at {copy.released_at} for {device.handle}, and ended at {ends_at}"
                )
        else:
            part = self.oracle.messages[copy.id].copies.get(device.handle)
            if part is None or not part.tried:
                self.blame(f"{copy.id} was shown to {device.handle}, to whom it never left")

    # --- time

    def _let_time_pass(self, now: Moment) -> None:
        """In the steps in which something is due; what follows at this very instant is for the next turn."""
        oracle = self.oracle
        while (left := now.ticks_ms - oracle.ticks) > (
            step := min((wait for wait in oracle.dues() if wait < left), default=left)
        ):
            oracle.pass_time(step)
        oracle.pass_time(left, jump=max(0, now.utc_ms - oracle.utc - left), once=True)

    # --- facts

    def _follow(
        self, fact: Fact, replies: dict[tuple[int, int], out.Answer | out.Refuse], effects: list[Effect]
    ) -> None:
        handler = _HANDLERS.get(type(fact))
        if handler is None:
            return
        if isinstance(fact, facts.SignedIn):
            self._signed_in(fact, effects)
            return
        handle = self._sessions.get(getattr(fact, "session", 0))
        if handle is None:
            return
        reply = replies.get((fact.session, getattr(fact, "request", 0)))  # pyright: ignore[reportAttributeAccessIssue]
        handler(self, fact, handle, reply)

    def _signed_in(self, fact: facts.SignedIn, effects: list[Effect]) -> None:
        handle, oracle = fact.handle, self.oracle
        self._sessions[fact.session] = handle
        self._known.add(handle)
        for effect in effects:
            if isinstance(effect, out.TellNews) and effect.handle == handle:
                # Told again, as it stands by now; what is accepted later in the same batch is told when it is.
                for receipt in (each for each in effect.receipts if each.id in oracle.messages):
                    message = oracle.messages[receipt.id]
                    message.copies[receipt.recipient].told = oracle.visible(message, receipt.recipient)
        oracle.arrive(handle, str(fact.presence.get("UserMood", oracle.moods[handle]) or "NONE"))

    def left(self, fact: facts.SignedOut | facts.LinkLost, handle: str, _: object) -> None:
        """A session ended; with the last one its person leaves."""
        del self._sessions[fact.session]
        if handle not in self._sessions.values():
            self.oracle.leave(handle, clean=isinstance(fact, facts.SignedOut))

    def presence_set(self, fact: facts.PresenceSet, handle: str, reply: object) -> None:
        """Somebody is in another mood."""
        self._must_answer(fact, reply)
        self.oracle.moods[handle] = str(fact.changes.get("UserMood", self.oracle.moods[handle]) or "NONE")
        self.oracle.settle()

    def privacy_set(self, fact: facts.PrivacySet, handle: str, reply: object) -> None:
        """Somebody has other rules."""
        self._must_answer(fact, reply)
        kind, whom = self._rules[repr(fact.privacy)]
        self.oracle.privacy[handle] = (kind, whom if kind == "blocks" else "")
        self.oracle.settle()

    def submitted(self, fact: facts.Submitted, handle: str, reply: object) -> None:
        """A message is handed over."""
        what = fact.submission
        self._count(what.id, "submit")
        if not self._known.issuperset(what.to):
            self._replied(what.id, reply, ["unknown_person"])
            return
        problems = self.oracle.submitted(
            what.id, handle, list(what.to), self.whens[what.when], what.valid_for, what.body,
            deliver=what.otherwise == "deliver", keep_order=what.keep_order,
        )  # fmt: skip
        self._replied(what.id, reply, problems)

    def edited(self, fact: facts.Edited, handle: str, reply: object) -> None:
        """A message is changed; the same change again is answered as it was."""
        message = self._own(fact, handle, reply, "edit")
        if message is None:
            return
        change = fact.amendment
        if fact.revision != message.revision:
            made = (
                self._edits.get(fact.id) == (fact.revision, change) and fact.revision + 1 == message.revision
            )
            by_edit = self._edits.get(fact.id, (0, None))[0] + 1 == message.revision
            if made or isinstance(reply, out.Answer):
                self._replied(fact.id, reply, [])
            if isinstance(reply, out.Answer) and not by_edit:
                self.blame(f"I7: an edit of {fact.id} was answered that nobody made: {fact}")
            return
        when = None if change.when is None else self.whens[change.when]
        convert = change.alert is not None and change.alert != message.alert
        problems = self.oracle.edited(message, when, change.valid_for, change.body, convert=convert)
        if not problems:
            self._edits[fact.id] = fact.revision, change
        self._replied(fact.id, reply, problems)

    def sent_now(self, fact: facts.SentNow, handle: str, reply: object) -> None:
        """A message shall go without its condition."""
        if message := self._own(fact, handle, reply, "send now"):
            self._replied(fact.id, reply, self.oracle.sent_now(message))

    def paused(self, fact: facts.Paused | facts.Resumed, handle: str, reply: object) -> None:
        """A message is opened in an editor, or closed."""
        resume = isinstance(fact, facts.Resumed)
        if message := self._own(fact, handle, reply, "resume" if resume else "pause"):
            self._replied(fact.id, reply, self.oracle.leased(message, resume=resume))

    def withdrawn(self, fact: facts.Withdrawn, handle: str, reply: object) -> None:
        """A message is taken back."""
        if message := self._own(fact, handle, reply, "withdraw"):
            self._replied(fact.id, reply, self.oracle.withdrawn(message))

    def asked(self, fact: facts.Asked, handle: str, reply: object) -> None:
        """Somebody asks why a message waits."""
        message = self._own(fact, handle, reply, "explain")
        if message is not None:
            self._replied(fact.id, reply, [])

    def acknowledged(self, fact: facts.Acknowledged, handle: str, _: object) -> None:
        """Messages are in somebody's own store."""
        for id, revision in fact.copies.items():
            self._count(id, "acknowledge", handle)
            message = self.oracle.messages.get(id)
            if message is not None and handle in message.copies:
                self.oracle.settled(message, handle, revision)

    def marked_read(self, fact: facts.MarkedRead, handle: str, _: object) -> None:
        """Messages were looked at."""
        for id in fact.ids:
            self._count(id, "mark read", handle)
            message = self.oracle.messages.get(id)
            if message is not None and handle in message.copies:
                self.oracle.read(message, handle)

    # --- replies

    def _own(self, fact: Any, handle: str, reply: object, event: str) -> Message | None:
        """The message that a request is about; one that is not there is refused."""
        self._count(fact.id, event)
        message = self.oracle.messages.get(fact.id)
        if message is None or message.sender != handle:
            self._replied(fact.id, reply, ["unknown_message"])
            return None
        return message

    def _must_answer(self, fact: Fact, reply: object) -> None:
        if not isinstance(reply, out.Answer):
            self.blame(f"{fact} was answered by {reply}")

    def _replied(self, id: str, reply: object, problems: list[str]) -> None:
        """A reply refuses for one of these reasons, or says what the sender may know."""
        if problems:
            if not isinstance(reply, out.Refuse) or reply.refused.code not in problems:
                self.blame(f"{id} should be refused for {problems}, and the reply was {reply}")
            return
        message = self.oracle.messages[id]
        seen = [self.oracle.visible(message, recipient) for recipient in message.copies]
        if not isinstance(reply, out.Answer) or [each.state for each in reply.receipts] != seen:
            self.blame(f"{id} should be answered by {seen}, and the reply was {reply}")
            return
        self.oracle.answered(message)

    def _count(self, id: str, event: str, only: str = "") -> None:
        message = self.oracle.messages.get(id)
        for recipient, copy in message.copies.items() if message else ():
            if only in ("", recipient):
                self._world.met[f"{copy.state} × {event}"] += 1

    # --- what must hold

    def _listen(self, effects: list[Effect]) -> None:
        """What senders are told, and in which order copies leave."""
        for effect in effects:
            receipts = effect.receipts if isinstance(effect, out.Answer | out.TellNews) else ()
            for receipt in receipts:
                self._heard[receipt.id, receipt.recipient] = receipt.state.value
                self._ends[receipt.id] = max(receipt.expires_at, self._ends.get(receipt.id, 0))
            if isinstance(effect, out.Deliver):
                for each in effect.deliveries:
                    if each.sequence <= self._sequences.get(effect.handle, 0):
                        self.blame(f"I8: {each.id} leaves for {effect.handle} out of order")
                    self._sequences[effect.handle] = each.sequence
                    if self._heard.get((each.id, effect.handle)) in (
                        "withdrawn",
                        "expired",
                        "delivered",
                        "read",
                    ):
                        self.blame(f"I3, I5, I7: {each.id} leaves for {effect.handle} after its end was told")

    def _compare(self) -> None:
        """Everything stands where it must, and was told as far as it may be; whose link is gone has no session."""
        dead = self._sessions.keys() & self._world.node.dead
        if dead:
            self.blame(f"the links {sorted(dead)} are gone, and their sessions are not")
        database, oracle = self._world.node.store._db, self.oracle
        found: dict[tuple[str, str], tuple[str, int, int]] = {}
        for number, recipient, *place in database.execute(PLACES):
            if number not in self._numbers:
                row = database.execute("SELECT id FROM message WHERE number = ?", (number,)).fetchone()
                self._numbers[number] = row[0]
            found[self._numbers[number], recipient] = tuple(place)
        wanted = {
            (id, recipient): (copy.state, copy.revision, copy.ends_at)
            for id, message in oracle.messages.items()
            for recipient, copy in message.copies.items()
        }
        for key in sorted(found.keys() | wanted.keys()):
            if found.get(key) != wanted.get(key):
                self.blame(f"{key} is {found.get(key)} and should be {wanted.get(key)}")
        for id, message in oracle.messages.items():
            for recipient, copy in message.copies.items() if message.sender in oracle.here else ():
                if self._heard.get((id, recipient)) != copy.told:
                    heard = self._heard.get((id, recipient))
                    self.blame(f"I6: of {id} to {recipient} was told {heard}, not {copy.told}")

    def _check_texts(self, effects: list[Effect]) -> None:
        """What leaves is what its sender wrote last, unless it is an older revision."""
        for effect in effects:
            for each in effect.deliveries if isinstance(effect, out.Deliver) else ():
                message = self.oracle.messages[each.id]
                if each.body != message.body and each.revision >= message.revision:
                    self.blame(f"I7: {each.id} left with the text of another revision")

    def closing(self) -> None:
        """After the last event: everything has come to its one end, and everybody knows."""
        store, devices = self._world.node.store, self._world.devices
        places = {
            (id, recipient): state
            for id, recipient, state in store._db.execute(
                "SELECT m.id, p.column2, p.column3 FROM message m JOIN"
                " (SELECT number AS column1, recipient AS column2, 'held' AS column3 FROM waiting UNION ALL"
                " SELECT number, recipient, 'released' FROM released UNION ALL"
                " SELECT number, recipient, state FROM ended) p ON p.column1 = m.number"
            )
        }
        for key, state in places.items():
            if state not in OVER:
                self.blame(f"I4, I6: {key} is still {state}")
        for what in (*miscounted(store), *misplaced(store)):
            self.blame(f"I6: {what}")
        if store._db.execute("SELECT count(*) FROM body").fetchone() != (0,):
            self.blame("I10: a body is left")
        for device in devices:
            self._close(device, places)
        self._is_closed = True

    def forgotten(self) -> None:
        """A month later nothing is left of any message."""
        for table in ("message", "ended", "news", "quiet", "condition"):
            (left,) = self._world.node.store._db.execute(f"SELECT count(*) FROM {table}").fetchone()
            if left:
                self.blame(f"{left} rows are left in {table} after a month")

    def _close(self, device: Device, places: dict[tuple[str, str], str]) -> None:
        """What one device knows agrees with what became of its messages."""
        kept, same = device.kept, [each for each in self._world.devices if each.handle == device.handle]
        if kept.outbox or device.dialogue._asked:
            self.blame(f"{device.handle} was not answered: {sorted(kept.outbox)} {device.dialogue._asked}")
        accepted = {id for id, _ in places}
        for id in sorted(kept.accepted - accepted):
            self.blame(f"I1: {id} was accepted and is lost")
        for (id, recipient), state in places.items():
            if id not in kept.accepted:
                continue
            if not any(each.kept.stands.get((id, recipient)) == state for each in same):
                heard = [each.kept.stands.get((id, recipient)) for each in same]
                self.blame(f"I6: {id} to {recipient} is {state}, and its sender heard {heard}")
        # Who had a copy of what is now an alert has nothing to acknowledge; a crash may take an acknowledgement along.
        alerts = self._alerts()
        for id in () if kept.crashed else kept.shown.keys() - alerts:
            if places.get((id, device.handle)) not in ("delivered", "read"):
                self.blame(
                    f"truth: {id} was shown to {device.handle} and is {places.get((id, device.handle))}"
                )

    def _alerts(self) -> set[str]:
        """The messages that are alerts by now."""
        query = "SELECT id FROM message m JOIN condition c ON c.key = m.condition WHERE c.form LIKE '!%'"
        return {id for (id,) in self._world.node.store._db.execute(query)}


_HANDLERS: dict[type, Callable[[Judge, Any, str, object], None]] = {
    facts.SignedIn: lambda judge, fact, handle, reply: None,
    facts.SignedOut: Judge.left,
    facts.LinkLost: Judge.left,
    facts.PresenceSet: Judge.presence_set,
    facts.PrivacySet: Judge.privacy_set,
    facts.Submitted: Judge.submitted,
    facts.Edited: Judge.edited,
    facts.SentNow: Judge.sent_now,
    facts.Paused: Judge.paused,
    facts.Resumed: Judge.paused,
    facts.Withdrawn: Judge.withdrawn,
    facts.Asked: Judge.asked,
    facts.Acknowledged: Judge.acknowledged,
    facts.MarkedRead: Judge.marked_read,
}
