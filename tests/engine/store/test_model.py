"""The heart against a small oracle, over random days in the office.

After every step both must agree on where each envelope stands and on what its sender was told; what is counted in
memory must equal a recount; what arrives comes in order. The oracle says when time brings something, so the heart must
have woken by then.
"""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tact_engine.core.effects import Answer
from tact_engine.core.envelope import Otherwise, State
from tests.simulation.forms import MOODS, PLAIN, RULES, form, privacy
from tests.support.heart import Desk, Office, code, miscounted, misplaced, overdue, states
from tests.support.oracle import CHAINED_MAX, LEASE_MS, OVER, QUOTA, Message, Oracle, When

PEOPLE: tuple[str, ...] = ("tom", "mary", "john")
conditions = st.one_of(
    st.builds(When, st.sampled_from(PLAIN)),
    st.builds(
        When,
        st.sampled_from(PLAIN),
        st.booleans(),
        st.sampled_from([0, 0, 20, 45]),
        st.sampled_from([0, 0, 30_000]),
    ),
)
"""Half of them without anything but a mood; `not_before` is from now."""

letters = st.fixed_dictionaries(
    {
        "when": conditions,
        "minutes": st.sampled_from([1, 2, 60]),
        "size": st.sampled_from([0, 1, 100, 5_000]),
        "deliver": st.booleans(),
        "keep_order": st.booleans(),
    }
)
"""A size of 0 is an alert."""


@pytest.mark.rule("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "M2", "O4")
class Days(RuleBasedStateMachine):
    """Random days of three people."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        limits = {"held_per_pair_max": QUOTA, "chained_max": CHAINED_MAX, "lease_ms": LEASE_MS}
        self.office = Office(self.folder / "engine", **limits)
        self.desks: dict[str, Desk] = {}
        self.heard: dict[tuple[str, str], str] = {}
        """(message, recipient) → the last thing its sender was told."""
        self.serials: dict[str, int] = dict.fromkeys(PEOPLE, 0)
        self.sequences: dict[str, int] = dict.fromkeys(PEOPLE, 0)
        self.office.away(*PEOPLE)
        self.oracle = Oracle(PEOPLE)
        self.oracle.utc, self.oracle.ticks = self.office.now.utc_ms, self.office.now.ticks_ms

    def teardown(self):
        self.office.close()
        shutil.rmtree(self.folder)

    @property
    def messages(self) -> dict[str, Message]:
        return self.oracle.messages

    # --- people

    def anybody(self, data):
        """Somebody who is here."""
        return data.draw(st.sampled_from(sorted(self.desks)))

    @initialize(data=st.data(), mood=st.sampled_from(MOODS), kind=st.sampled_from(list(RULES)))
    def begin(self, data, mood, kind):
        for handle in PEOPLE:
            self.arrive(handle, mood)
        self.rule_for("mary", kind, "tom")
        for _ in range(3):
            self.submit(data)

    @precondition(lambda self: len(self.desks) < len(PEOPLE))
    @rule(data=st.data(), mood=st.sampled_from(MOODS))
    def sign_in(self, data, mood):
        self.arrive(data.draw(st.sampled_from(sorted(set(PEOPLE) - set(self.desks)))), mood)

    def arrive(self, handle, mood):
        self.desks[handle] = desk = self.office.sign_in(handle, UserMood=mood)
        assert desk.welcomed
        for receipt in desk.news:  # told again, as it stands by now and as far as they may know it
            message = self.messages[receipt.id]
            message.copies[receipt.recipient].told = self.oracle.visible(message, receipt.recipient)
        self.oracle.arrive(handle, mood)

    @precondition(lambda self: self.desks)
    @rule(data=st.data(), clean=st.booleans())
    def leave(self, data, clean):
        handle = self.anybody(data)
        desk = self.desks.pop(handle)
        (desk.sign_out if clean else desk.lose_link)()
        self.oracle.leave(handle, clean=clean)

    @precondition(lambda self: self.desks)
    @rule(data=st.data(), mood=st.sampled_from(MOODS))
    def set_mood(self, data, mood):
        handle = self.anybody(data)
        assert isinstance(self.desks[handle].set(UserMood=mood), Answer)
        self.oracle.moods[handle] = mood
        self.oracle.settle()

    @precondition(lambda self: self.desks)
    @rule(data=st.data(), kind=st.sampled_from(["open", *RULES]))
    def allow(self, data, kind):
        handle = self.anybody(data)
        self.rule_for(handle, kind, data.draw(st.sampled_from([each for each in PEOPLE if each != handle])))

    def rule_for(self, handle, kind, whom):
        assert isinstance(self.desks[handle].allow(privacy(kind, whom)), Answer)
        self.oracle.privacy[handle] = (kind, whom if kind == "blocks" else "")
        self.oracle.settle()

    # --- senders

    @precondition(lambda self: self.desks)
    @rule(data=st.data())
    def submit(self, data):
        for letter in data.draw(st.lists(letters, min_size=1, max_size=4)):
            sender = self.anybody(data)
            others = [each for each in PEOPLE if each != sender]
            self.hand_over(sender, sorted(data.draw(st.sets(st.sampled_from(others), min_size=1))), **letter)

    def hand_over(self, sender, to, when, minutes, size, deliver, keep_order):
        id, body, when = self.office.new_id(), b"x" * size, self.from_now(when)
        keep_order, deliver = keep_order and size > 0, deliver and size > 0
        problems = self.oracle.submitted(
            id, sender, to, when, minutes * 60, body, deliver=deliver, keep_order=keep_order
        )
        reply = self.desks[sender].try_submit(
            *to, id=id, body=body, valid_for=minutes * 60, when=form(when), alert=not body, keep_order=keep_order,
            otherwise=Otherwise.DELIVER if deliver else Otherwise.EXPIRE,
        )  # fmt: skip
        self.replied(reply, id, problems)

    def from_now(self, when: When) -> When:
        """A condition with an instant in place of a distance."""
        begins = when.not_before and self.oracle.utc + when.not_before
        return When(when.mood, when.edge, when.dwell, begins)

    def replied(self, reply, id, problems):
        """The reply refuses for one of these reasons, or says what the sender may know."""
        if problems:
            assert code(reply) in problems
        else:
            self.answered(reply, self.messages[id])

    def answered(self, reply, message):
        """The answer says what the sender may know."""
        seen = [self.oracle.visible(message, recipient) for recipient in message.copies]
        assert states(reply) == seen
        self.oracle.answered(message)
        for receipt in reply.receipts:
            self.heard[receipt.id, receipt.recipient] = receipt.state

    @property
    def mine(self):
        """The messages whose sender is here, the newest last."""
        return [id for id, message in self.messages.items() if message.sender in self.desks]

    def some(self, data):
        """One of them, mostly a new one, and its sender."""
        id = data.draw(st.sampled_from(self.mine[::-1]))
        return id, self.messages[id], self.desks[self.messages[id].sender]

    @precondition(lambda self: self.mine)
    @rule(data=st.data())
    def withdraw(self, data):
        id, message, desk = self.some(data)
        self.hear()
        reply = desk.withdraw(id)
        self.replied(reply, id, self.oracle.withdrawn(message))

    @precondition(lambda self: self.mine)
    @rule(data=st.data(), resume=st.booleans())
    def edit_in_a_window(self, data, resume):
        id, message, desk = self.some(data)
        self.hear()
        reply = desk.resume(id) if resume else desk.pause(id)
        self.replied(reply, id, self.oracle.leased(message, resume=resume))

    @precondition(lambda self: self.mine)
    @rule(data=st.data())
    def send_now(self, data):
        id, message, desk = self.some(data)
        self.hear()
        reply = desk.send_now(id)
        self.replied(reply, id, self.oracle.sent_now(message))

    @precondition(lambda self: self.mine)
    @rule(
        data=st.data(),
        when=st.none() | conditions,
        minutes=st.sampled_from([None, 1, 5]),
        size=st.sampled_from([None, 7, 9_000]),
        convert=st.sampled_from([False, False, True]),
    )
    def edit(self, data, when, minutes, size, convert):
        id, message, desk = self.some(data)
        self.hear()
        alert, revision = message.alert is not convert, message.revision
        new, body = when and self.from_now(when), b"y" * size if size else None
        change = {"body": body, "valid_for": minutes and minutes * 60, "alert": alert if convert else None}
        change["when"] = new and form(new)
        reply = desk.edit(id, revision, **change)
        problems = self.oracle.edited(message, new, change["valid_for"], body, convert=convert)
        self.replied(reply, id, problems)
        if problems:
            return
        repeated = desk.edit(id, revision, **change)
        assert isinstance(repeated, Answer)
        assert isinstance(reply, Answer)
        assert repeated.receipts == reply.receipts

    # --- recipients

    @precondition(lambda self: self.desks and self.messages)
    @rule(data=st.data(), read=st.booleans(), old=st.booleans())
    def acknowledge(self, data, read, old):
        handle = self.anybody(data)
        stands = {
            id: each.copies[handle].state for id, each in self.messages.items() if handle in each.copies
        }
        likely = [id for id, state in stands.items() if state == ("delivered" if read else "released")]
        some = data.draw(st.sampled_from([likely, likely, list(self.messages)])) or list(self.messages)
        ids = data.draw(st.lists(st.sampled_from(some[::-1]), min_size=1, max_size=6, unique=True))
        self.have(handle, ids, read, old)

    def have(self, handle, ids, read=False, old=False):
        """Somebody has these messages, in the present revision or in the first; one after the other."""
        for id in ids:
            message = self.messages[id]
            copy = message.copies.get(handle)
            revision = 1 if old or copy is None else copy.revision
            if read:
                self.desks[handle].mark_read(id)
            else:
                self.desks[handle].acknowledge(id, revision=revision)
            if copy is not None and read:
                self.oracle.read(message, handle)
            elif copy is not None:
                self.oracle.settled(message, handle, revision)

    @precondition(lambda self: self.desks)
    @rule(data=st.data())
    def note(self, data):
        handle = self.anybody(data)
        self.hear()
        self.desks[handle].note(self.serials[handle])

    # --- time

    @rule(seconds=st.sampled_from([0.5, 5, 9.999, 10, 15, 20, 30, 40, 45, 60, 60.001, 3600]))
    def wait(self, seconds):
        """Time passes in the steps in which something is due, for either of both."""
        end = self.oracle.ticks + round(seconds * 1000)
        while True:
            woken = self.office.store.next_wake(self.office.now)
            step = min((wait for wait in (*self.oracle.dues(), woken) if wait is not None), default=end)
            if self.oracle.ticks + step > end:
                break
            self.step(step, wakes=woken == step)
            if self.oracle.ticks + 3_000_000 < end:
                for handle in sorted(self.desks):  # in a long time everybody who is here has what arrives
                    self.have(handle, [id for id, each in self.messages.items() if handle in each.alive])
        self.step(end - self.oracle.ticks, wakes=False)
        assert overdue(self.office) == []

    def step(self, milliseconds, *, wakes):
        self.office.asleep(milliseconds / 1000)
        if wakes:
            self.office.wake()
        self.oracle.pass_time(milliseconds)
        self.both_agree()

    @rule(clean=st.booleans())
    def stop(self, clean):
        self.hear()
        self.desks.clear()
        (self.office.restart if clean else self.office.crash)()
        self.oracle.stop()

    @rule()
    def holidays(self):
        """After a long time without anybody every message has come to an end, and its sender finds out."""
        for handle in sorted(self.desks):
            self.have(handle, [id for id, each in self.messages.items() if handle in each.alive])
            self.desks.pop(handle).sign_out()
            self.oracle.leave(handle, clean=True)
        self.wait(3 * 3600)
        assert {copy.state for message in self.messages.values() for copy in message.copies.values()} <= set(
            OVER
        )

    # --- what must hold after every step

    def hear(self):
        """Whatever a sender was told, the newest last; and whatever arrived came in order and was meant."""
        for handle, desk in self.desks.items():
            for receipt in desk.news:
                assert self.messages[receipt.id].sender == handle
                self.heard[receipt.id, receipt.recipient] = receipt.state
                self.serials[handle] = max(self.serials[handle], receipt.serial)
            for batch in desk.batches:
                numbers = [self.office.envelope(each.id, handle).number for each in batch.deliveries]
                assert numbers == sorted(numbers)
            for delivery in desk.arrived:
                message = self.messages[delivery.id]
                assert delivery.sequence > self.sequences[handle]
                self.sequences[handle] = delivery.sequence
                assert message.copies[handle].tried
                assert delivery.body == message.body or delivery.revision < message.revision
            desk.forget()

    @invariant()
    def both_agree(self):
        for id, message in self.messages.items():
            for envelope in self.office.store.view.envelopes(id):
                copy = message.copies[envelope.recipient]
                assert (envelope.state, envelope.revision) == (copy.state, copy.revision), (id, envelope)
                assert (envelope.expires_at, envelope.second) == (copy.ends_at, message.second)
                assert envelope.condition == form(message.when)
                assert self.office.store.view.is_quiet(envelope) == copy.quiet

    @invariant()
    def counts_are_right(self):
        assert miscounted(self.office.store) == []
        assert misplaced(self.office.store) == []

    @invariant()
    def bodies_are_there_exactly_while_somebody_may_need_them(self):
        bodies = [content for (content,) in self.office.store._db.execute("SELECT content FROM body")]
        assert Counter(bodies) == Counter(message.body for message in self.messages.values() if message.alive)

    @invariant()
    def who_is_here_shows_online(self):
        for handle in PEOPLE:
            here = handle in self.desks or handle in self.oracle.graces
            assert self.office.presence(handle).online is here

    @invariant()
    def a_sender_who_is_here_was_told_what_they_may_know(self):
        self.hear()
        for id, message in self.messages.items():
            if message.sender in self.desks:
                for recipient, copy in message.copies.items():
                    assert self.heard[id, recipient] == State(copy.told), (id, recipient)


TestDays = Days.TestCase
TestDays.settings = settings(max_examples=100, stateful_step_count=40, report_multiple_bugs=False)
