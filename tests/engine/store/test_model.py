"""The heart against a small oracle: a dict of messages and the law in few lines, over random days in the office.

The oracle shares nothing with the heart. After every step both must agree on where each envelope stands and on who
was told what; what is counted must equal a recount.
"""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tact_engine.core.conditions import WHEN_ONLINE, one_group
from tact_engine.core.effects import Answer
from tests.support.heart import Desk, Office, code, miscounted, misplaced, states

PEOPLE = ("tom", "mary", "john")
QUOTA = 4
MOODS = ("NONE", "ANGRY", "HAPPY")
CONDITIONS = {
    "online": None,
    "not angry": ("UserMood", "ne", "ANGRY"),
    "happy": ("UserMood", "eq", "HAPPY"),
}
"""Conditions by name, for the heart."""
MET = {
    "online": lambda mood: True,
    "not angry": lambda mood: mood != "ANGRY",
    "happy": lambda mood: mood == "HAPPY",
}
"""The same, for the oracle."""


LETTERS = st.tuples(
    st.sampled_from(sorted(CONDITIONS)), st.sampled_from([1, 2, 60]), st.sampled_from([1, 100, 5_000])
)
"""What it waits for, how many minutes, and how many bytes it has."""


@dataclass
class Copy:
    """One recipient's part of a message, as the oracle sees it."""

    state: str = "held"
    tried: bool = False
    left_at: int = 0
    revision: int = 1
    ends_at: int = 0
    """Of the message; what has ended keeps what it ended with."""


@dataclass
class Message:
    sender: str
    when: str
    ends_at: int
    body: bytes
    revision: int = 1
    copies: dict[str, Copy] = field(default_factory=dict)


def condition(name):
    clause = CONDITIONS[name]
    return {} if clause is None else {"when": one_group(clause)}


class Days(RuleBasedStateMachine):
    """Random days of three people."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.office = Office(self.folder / "engine", held_per_pair_max=QUOTA)
        self.desks: dict[str, Desk] = {}
        self.messages: dict[str, Message] = {}
        self.moods: dict[str, str] = dict.fromkeys(PEOPLE, "NONE")
        self.graces: dict[str, int] = {}
        self.told: dict[tuple[str, str], str] = {}
        """(message, recipient) → the last thing its sender was told."""
        self.serials: dict[str, int] = dict.fromkeys(PEOPLE, 0)
        self.office.away(*PEOPLE)

    def teardown(self):
        self.office.close()
        shutil.rmtree(self.folder)

    # --- the law, once more

    @property
    def utc(self):
        return self.office.now.utc_ms

    @property
    def ticks(self):
        return self.office.now.ticks_ms

    def settle(self):
        """What may go goes."""
        for message in self.messages.values():
            for recipient, copy in message.copies.items():
                met = recipient in self.desks and MET[message.when](self.moods[recipient])
                if copy.state == "held" and met and self.utc < message.ends_at:
                    copy.state, copy.tried, copy.left_at = "released", True, self.ticks

    def lose(self, recipient):
        """What was on its way to somebody waits again."""
        for message in self.messages.values():
            copy = message.copies.get(recipient)
            if copy and copy.state == "released":
                copy.state = "held"

    def wake(self):
        """What time brings, now."""
        for handle in [handle for handle, end in self.graces.items() if end <= self.ticks]:
            del self.graces[handle]
        for _ in range(2):
            for message in self.messages.values():
                for copy in message.copies.values():
                    if copy.state == "held" and self.utc >= message.ends_at:
                        copy.state = "expired"
                    if copy.state == "released" and self.ticks >= copy.left_at + 10_000:
                        copy.state = "held"
        self.settle()

    def held(self, sender, recipient):
        mine = [message for message in self.messages.values() if message.sender == sender]
        return Counter(message.copies[recipient].state for message in mine if recipient in message.copies)[
            "held"
        ]

    # --- what people do

    def anybody(self, data):
        """Somebody who is here."""
        return data.draw(st.sampled_from(sorted(self.desks)))

    @initialize(data=st.data(), mood=st.sampled_from(MOODS))
    def begin(self, data, mood):
        self.arrive("tom", "NONE")
        self.arrive("mary", mood)
        self.submit(data)

    @precondition(lambda self: len(self.desks) < len(PEOPLE))
    @rule(data=st.data(), mood=st.sampled_from(MOODS))
    def sign_in(self, data, mood):
        self.arrive(data.draw(st.sampled_from(sorted(set(PEOPLE) - set(self.desks)))), mood)

    def arrive(self, handle, mood):
        self.desks[handle] = desk = self.office.sign_in(handle, UserMood=mood)
        assert desk.welcomed
        self.graces.pop(handle, None)
        self.moods[handle] = mood
        self.settle()

    @precondition(lambda self: self.desks)
    @rule(data=st.data(), clean=st.booleans())
    def leave(self, data, clean):
        handle = self.anybody(data)
        desk = self.desks.pop(handle)
        self.lose(handle)
        if clean:
            desk.sign_out()
        else:
            desk.lose_link()
            self.graces[handle] = self.ticks + 10_000

    @precondition(lambda self: self.desks)
    @rule(data=st.data(), mood=st.sampled_from(MOODS))
    def set_mood(self, data, mood):
        handle = self.anybody(data)
        assert isinstance(self.desks[handle].set(UserMood=mood), Answer)
        if self.moods[handle] != mood:
            self.moods[handle] = mood
            self.settle()

    @precondition(lambda self: self.desks)
    @rule(data=st.data())
    def submit(self, data):
        for when, minutes, size in data.draw(st.lists(LETTERS, min_size=1, max_size=4)):
            sender = self.anybody(data)
            others = [each for each in PEOPLE if each != sender]
            self.hand_over(
                sender, data.draw(st.sets(st.sampled_from(others), min_size=1)), when, minutes, size
            )

    def hand_over(self, sender, to, when, minutes, size):
        id, body = self.office.new_id(), b"x" * size
        full = any(self.held(sender, recipient) >= QUOTA for recipient in to)
        recipients = tuple(sorted(to))
        reply = self.desks[sender].try_submit(
            *recipients, id=id, body=body, valid_for=minutes * 60, **condition(when)
        )
        if full:
            assert code(reply) == "too_many_held"
            return
        ends_at = self.utc + minutes * 60_000
        copies = {recipient: Copy(ends_at=ends_at) for recipient in recipients}
        self.messages[id] = Message(sender, when, ends_at, body, copies=copies)
        self.settle()
        assert states(reply) == [copy.state for copy in copies.values()]
        for recipient, copy in copies.items():
            self.told[id, recipient] = copy.state

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
        waits = ("held", "withdrawn") if self.utc < message.ends_at else ("withdrawn",)
        able = [copy for copy in message.copies.values() if copy.state in waits]
        reply = desk.withdraw(id)
        if not able:
            assert code(reply) in ("already_released", "already_ended")
            return
        for copy in able:
            copy.state = "withdrawn"
        assert states(reply) == [copy.state for copy in message.copies.values()]
        for recipient, copy in message.copies.items():
            self.told[id, recipient] = copy.state

    @precondition(lambda self: self.mine)
    @rule(
        data=st.data(),
        when=st.sampled_from([None, *CONDITIONS]),
        minutes=st.sampled_from([None, 1, 5]),
        size=st.sampled_from([None, 7, 9_000]),
        again=st.booleans(),
    )
    def edit(self, data, when, minutes, size, again):
        id, message, desk = self.some(data)
        copies = message.copies.values()
        waits = self.utc < message.ends_at and any(copy.state == "held" for copy in copies)
        went = all(copy.state in ("released", "delivered", "read") for copy in copies)
        change = condition(when) if when not in (None, "online") else {}
        if when == "online":
            reply = desk.send_now(id)
            minutes = size = None
        else:
            if minutes:
                change["valid_for"] = minutes * 60
            if size:
                change["body"] = b"y" * size
            reply = desk.edit(id, message.revision, **change)
        if when == message.when == "online" and message.revision > 1 and went:
            assert states(reply) == [copy.state for copy in copies], "sent now already"
            return
        if not waits:
            assert code(reply) in ("already_released", "already_ended")
            return
        message.revision += 1
        message.when = when or message.when
        message.ends_at = self.utc + minutes * 60_000 if minutes else message.ends_at
        message.body = b"y" * size if size else message.body
        for copy in copies:
            if copy.state in ("held", "released"):
                copy.revision, copy.ends_at = message.revision, message.ends_at
        self.settle()
        assert states(reply) == [copy.state for copy in copies]
        if again and when != "online":
            repeated = desk.edit(id, message.revision - 1, **change)
            assert isinstance(repeated, Answer)
            assert isinstance(reply, Answer)
            assert repeated.receipts == reply.receipts
        for recipient, copy in message.copies.items():
            self.told[id, recipient] = copy.state

    @precondition(lambda self: self.desks and self.messages)
    @rule(data=st.data(), read=st.booleans())
    def acknowledge(self, data, read):
        handle = self.anybody(data)
        ids = data.draw(st.lists(st.sampled_from(list(self.messages)[::-1]), min_size=1, max_size=6))
        (self.desks[handle].mark_read if read else self.desks[handle].acknowledge)(*ids)
        for id in ids:
            copy = self.messages[id].copies.get(handle)
            if copy is None:
                continue
            if read and copy.state == "delivered":
                copy.state = "read"
            if not read and copy.tried and copy.state in ("released", "held", "expired"):
                copy.state = "delivered"

    @rule(seconds=st.sampled_from([0.5, 5, 9.999, 10, 30, 60, 60.001, 3600]))
    def wait(self, seconds):
        """Time passes in the steps in which something is due, for both."""
        end = self.ticks + round(seconds * 1000)
        while (due := self.office.store.next_wake(self.office.now)) is not None and self.ticks + due <= end:
            self.office.asleep(due / 1000)
            self.office.wake()
            self.wake()
            if self.ticks + 3_000_000 < end:
                self.acknowledge_all()
        self.office.asleep((end - self.ticks) / 1000)

    @precondition(lambda self: self.desks)
    @rule(data=st.data())
    def note(self, data):
        handle = self.anybody(data)
        self.desks[handle].note(self.serials[handle])

    @rule(clean=st.booleans())
    def stop(self, clean):
        for handle in PEOPLE:
            self.lose(handle)
        self.hear()
        self.desks.clear()
        self.graces.clear()
        (self.office.restart if clean else self.office.crash)()

    def acknowledge_all(self):
        """In a long time everybody who is here acknowledges."""
        for handle, desk in self.desks.items():
            desk.acknowledge(*self.messages)
            for message in self.messages.values():
                copy = message.copies.get(handle)
                if copy and copy.tried and copy.state in ("released", "held", "expired"):
                    copy.state = "delivered"

    # --- what must hold after every step

    def hear(self):
        """Whatever a sender was told, the newest last."""
        for handle, desk in self.desks.items():
            for receipt in desk.news:
                assert self.messages[receipt.id].sender == handle
                self.told[receipt.id, receipt.recipient] = receipt.state
                self.serials[handle] = max(self.serials[handle], receipt.serial)
            desk.told = [effect for effect in desk.told if isinstance(effect, Answer)]

    @invariant()
    def both_agree(self):
        for id, message in self.messages.items():
            for envelope in self.office.store.view.envelopes(id):
                copy = message.copies[envelope.recipient]
                assert (envelope.state, envelope.revision) == (copy.state, copy.revision), (id, envelope)
                assert envelope.expires_at == copy.ends_at
                assert envelope.condition == condition(message.when).get("when", WHEN_ONLINE)

    @invariant()
    def counts_are_right(self):
        assert miscounted(self.office.store) == []
        assert misplaced(self.office.store) == []
        for sender in PEOPLE:
            for recipient in PEOPLE:
                assert self.office.store.view.held_count(sender, recipient) == self.held(sender, recipient)

    @invariant()
    def bodies_are_there_exactly_while_somebody_may_need_them(self):
        bodies = [content for (content,) in self.office.store._db.execute("SELECT content FROM body")]
        needed = [
            message.body
            for message in self.messages.values()
            if any(copy.state in ("held", "released") for copy in message.copies.values())
        ]
        assert Counter(bodies) == Counter(needed)

    @invariant()
    def who_is_here_shows_online(self):
        for handle in PEOPLE:
            assert self.office.presence(handle).online is (handle in self.desks or handle in self.graces)

    @invariant()
    def what_arrived_was_meant_and_is_whole(self):
        for handle, desk in self.desks.items():
            for delivery in desk.arrived:
                message = self.messages[delivery.id]
                assert handle in message.copies
                assert delivery.released_at < message.ends_at or message.revision > 1
            for delivery in desk.arrived[-1:]:
                if self.messages[delivery.id].revision == 1:
                    assert delivery.body == self.messages[delivery.id].body

    @invariant()
    def a_sender_who_is_here_knows_how_each_message_stands(self):
        self.hear()
        for id, message in self.messages.items():
            if message.sender in self.desks:
                for recipient, copy in message.copies.items():
                    assert self.told[id, recipient] == copy.state, (id, recipient)


TestDays = Days.TestCase
TestDays.settings = settings(max_examples=60, stateful_step_count=30, report_multiple_bugs=False)
