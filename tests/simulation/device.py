"""A device of a person: the client's real core, a store of its own that survives its crashes, and a will to connect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tact_engine.client.dialogue import Dialogue
from tact_engine.client.events import Delivered, PeopleChanged, Receipts
from tact_engine.client.own_presence import OwnPresence
from tact_engine.core.errors import Refused
from tact_engine.wire import frames as wire
from tact_engine.wire.codec import decode, encode
from tact_engine.wire.frames import PROTOCOL_VERSION, Side
from tests.simulation.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from tact_engine.core.envelope import Delivery, Receipt, Submission
    from tact_engine.core.presence import Presence, Value
    from tact_engine.wire.frames import Done, Frame
    from tests.simulation.world import World

ACKNOWLEDGES_MS = (11_000, 70_000)
READS_MS = (0, 10_500, 65_000)
"""After how long a forgetful device says that a message is kept, or was looked at."""
RETRY_MS = (200, 1_000, 5_000)


@dataclass
class Kept:
    """What a device has on its disk: what it has not heard of yet, what arrived, and what became of its messages."""

    outbox: dict[str, Submission] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    withdrawing: set[str] = field(default_factory=set)
    shown: dict[str, Delivery] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    stands: dict[tuple[str, str], str] = field(default_factory=dict)
    serials: set[tuple[int, str, str]] = field(default_factory=set)
    crashed: bool = False


class Device:
    """One computer of `handle`. It connects again by itself for as long as it `wants_up`."""

    def __init__(self, world: World, handle: str) -> None:
        self.world, self.handle = world, handle
        self.kept = Kept()
        self.wants_up = False
        self.wire: Wire | None = None
        self.sent: list[Submission] = []
        self._connecting = False
        self.begin()

    def begin(self) -> None:
        """The program starts: it knows what is on its disk, and asks again for what was not answered."""
        self.dialogue = Dialogue()
        self.own = OwnPresence({}, lambda: self.world.now, lambda: self.world.now / 1000)
        self.people: dict[str, Presence] = {}
        self.sequence = 0
        self.serial = 0
        for submission in self.kept.outbox.values():
            self.hand_over(submission)
        for id in sorted(self.kept.withdrawing):
            self._take_back(id)

    @property
    def is_up(self) -> bool:
        """Whether it is signed in, as far as it knows."""
        return self.dialogue.signed_in

    # --- coming and going

    def come(self) -> None:
        """Go online, and stay."""
        self.wants_up = True
        self.connect()

    def connect(self) -> None:
        """Connect unless it is or does already; where nobody answers, later again."""
        if self.wire is not None or self._connecting or not self.wants_up:
            return
        world = self.world
        if world.node.is_up:
            self.wire = Wire(world, self)
            world.node.opened(self.wire.link)
        else:
            self._connecting = True
            world.at(world.random.choice(RETRY_MS), self._again)

    def leave(self) -> None:
        """Sign out."""
        self.wants_up = False
        if self.wire is not None:
            if self.is_up:
                self._send(*self.dialogue.to_send(), wire.SignOut())
            self.wire.near = False
            self.wire.lost_near()

    def crash(self) -> None:
        """The program ends without a word, and begins again."""
        self.kept.crashed = True
        if self.wire is not None:
            self.wire.cut()
            self.wire.lost_near()
        self.begin()

    def lost(self, which: Wire) -> None:
        """A link is gone."""
        if which is self.wire:
            self.wire = None
            self.dialogue.lost()
            if self.wants_up and not self._connecting:
                self._connecting = True
                self.world.at(self.world.random.choice(RETRY_MS), self._again)

    def _again(self) -> None:
        self._connecting = False
        self.connect()

    # --- what comes

    def hears(self, which: Wire, text: str) -> None:
        """A frame of the engine arrives."""
        if which is not self.wire:
            return
        frame = decode(text, Side.ENGINE)
        match frame:
            case wire.Hello():
                values, until = self.own.to_sign_in()
                self._send(wire.SignIn(PROTOCOL_VERSION, self.handle, b"", b"", values, until))
            case wire.Welcome():
                self.sequence = 0
                self.dialogue.welcomed()
                self.flush()
            case None:
                pass
            case _:
                self._follow(frame)

    def _follow(self, frame: Frame) -> None:
        match self.dialogue.received(frame):
            case PeopleChanged(people=people):
                self.people |= {each.handle: each for each in people}
                self.own.learn(self.people.get(self.handle))
            case Delivered(deliveries=deliveries):
                self._arrived(deliveries)
            case Receipts(receipts=receipts):
                self._told(receipts)
            case _:
                pass

    def _arrived(self, deliveries: tuple[Delivery, ...]) -> None:
        """Keep what is new, and say so; what comes again is a copy, and was said already."""
        for each in deliveries:
            if each.sequence <= self.sequence:
                self.world.judge.blame(f"{each.id} came to {self.handle} out of order")
            self.sequence = each.sequence
            if each.id not in self.kept.shown:
                self.world.judge.shown(self, each)
            self.kept.shown.setdefault(each.id, each)
        copies = {each.id: self.kept.shown[each.id].revision for each in deliveries}
        if self.world.chance(self.world.options.forgetful):
            random = self.world.random
            self.world.at(random.choice(ACKNOWLEDGES_MS), lambda: self.tell(wire.Acknowledge(copies)))
            self.world.at(random.choice(READS_MS), lambda: self.tell(wire.MarkRead(tuple(copies))))
        else:
            self.tell(wire.Acknowledge(copies))

    def _told(self, receipts: tuple[Receipt, ...]) -> None:
        for each in receipts:
            self.kept.stands[each.id, each.recipient] = each.state.value
            self.kept.revisions[each.id] = max(each.revision, self.kept.revisions.get(each.id, 0))
            is_repeated = (each.serial, each.id, each.recipient) in self.kept.serials
            if each.serial <= self.serial and not is_repeated:
                self.world.judge.blame(f"news of {each.id} came to {self.handle} out of order")
            self.kept.serials.add((each.serial, each.id, each.recipient))
            self.serial = max(each.serial, self.serial)
        self.tell(wire.Note(self.serial))

    # --- what is asked

    def submit(self, submission: Submission) -> None:
        """Hand a message over; it is on the disk first, and is handed over until there is an answer."""
        self.kept.outbox[submission.id] = submission
        self.sent.append(submission)
        self.hand_over(submission)

    def hand_over(self, submission: Submission) -> None:
        """Hand it over once more; it is harmless twice."""

        def answered(result: Done | Refused) -> None:
            self.kept.outbox.pop(submission.id, None)
            if isinstance(result, Refused):
                self.kept.refused[submission.id] = result.code
            else:
                self.kept.accepted.add(submission.id)
            self._answered(result)

        self.ask(lambda request: wire.Submit(request, submission), answered)

    def ask(
        self, make: Callable[[int], Frame], answered: Callable[[Done | Refused], None] | None = None
    ) -> None:
        """Ask something; after a crash nobody remembers."""
        self.dialogue.ask(make, answered or self._answered)
        self.flush()

    def choose(self, changes: dict[str, Value | None]) -> None:
        """Change one's presence."""
        self.own.choose(changes, {})
        self.ask(lambda request: wire.SetPresence(request, changes))

    def withdraw(self, id: str) -> None:
        """Take a message back; that is on the disk first, as only an answer tells that it was."""
        self.kept.withdrawing.add(id)
        self._take_back(id)

    def _take_back(self, id: str) -> None:
        def answered(result: Done | Refused) -> None:
            self.kept.withdrawing.discard(id)
            self._answered(result)

        self.ask(lambda request: wire.Withdraw(request, id), answered)

    def tell(self, frame: Frame) -> None:
        """Say something that needs no answer."""
        self.dialogue.tell(frame)
        self.flush()

    def flush(self) -> None:
        """Send what there is to send."""
        if self.dialogue.signed_in:
            self._send(*self.dialogue.to_send())

    def _answered(self, result: Done | Refused) -> None:
        if isinstance(result, Refused):
            return
        for each in result.receipts:
            self.kept.stands[each.id, each.recipient] = each.state.value
            self.kept.revisions[each.id] = max(each.revision, self.kept.revisions.get(each.id, 0))

    def _send(self, *frames: Frame) -> None:
        if self.wire is not None:
            for frame in frames:
                self.wire.to_engine(encode(frame).decode())
