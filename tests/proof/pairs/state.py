"""Two worlds in step, and what is hidden in them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from msgspec.structs import replace

from tact_engine.core.envelope import Submission
from tact_engine.core.presence import Value
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.wire import frames as wire
from tact_engine.wire.frames import Frame
from tests.proof.pairs import wishes
from tests.proof.pairs.world import Line, World

MARY, TOM, SAM, EVE, BOB = "mary", "tom", "sam", "eve", "bob"
STEPS = (16, 34)

OPEN = Privacy(rules={"Idle": Rule(), "FreeTextLocation": Rule()})
"""The rules of the observed person as long as nothing is hidden: all can be seen and used."""


@dataclass(frozen=True)
class Secret:
    """What is hidden, and from whom: attributes, or whether somebody is there at all, or everything."""

    kind: str
    names: tuple[str, ...]
    observers: tuple[str, ...]
    privacy: Privacy

    @property
    def may_come_and_go(self) -> bool:
        """Whether coming and going is hidden as well."""
        return self.kind != "attributes"


def secret(chance: Random) -> Secret:
    """What this pair of worlds is about."""
    kind = chance.choice(("attributes", "presence", "everything"))
    if kind == "everything":
        blocked = chance.choice(((TOM,), (TOM, SAM)))
        return Secret(kind, tuple(wishes.VALUES), blocked, replace(OPEN, blocked=blocked))
    names = tuple(chance.sample(tuple(wishes.VALUES), chance.choice((1, 2, 4))))
    if kind == "presence":
        names = (*(name for name in names if name != "Idle"), "Idle")
    hidden = (*names, "OnlineStatus") if kind == "presence" else names
    to_eve = chance.random() < 0.4
    rule = Rule(Audience.CHOSEN, (EVE,)) if to_eve else Rule(Audience.NOBODY)
    rules = {**OPEN.rules, **dict.fromkeys(hidden, rule)}
    observers = (TOM, SAM, BOB) if to_eve else (TOM, SAM, BOB, EVE)
    return Secret(kind, names, observers, Privacy(rules=rules))


class Pair:
    """Two worlds in step. All that both have in common comes from `chance`, what is hidden from one stream for each."""

    def __init__(self, seed: int):
        self.chance = Random(f"{seed} both")
        self.alone = Random(f"{seed} one"), Random(f"{seed} other")
        self.worlds = World(), World()
        self.secret = secret(self.chance)
        self.steps = self.chance.randrange(*STEPS)
        self.hides_at = self.chance.choice((0, self.chance.randrange(self.steps // 2)))
        self.hidden = False
        self.sent: dict[str, Submission] = {}
        self.sender_of: dict[str, str] = {}
        self.edits: dict[str, wire.Edit] = {}
        self.acts: list[str] = []
        self.truths: list[dict[str, Value | None]] = [{}, {}]
        """What the observed person really let the engine know, in each world."""
        self._request = self._session = 0

    @property
    def now_ms(self) -> int:
        """The time in both worlds."""
        return self.worlds[0].now_ms

    # --- both worlds -------------------------------------------------------------------------------------------

    def arrive(self):
        """All are there for the first time."""
        for handle in (BOB, EVE, SAM, TOM, MARY):
            self.sign_in(handle)
        self.tell(MARY, wire.SetPrivacy(request=self.request(), privacy=OPEN))
        self.tell(MARY, wire.SetPresence(request=self.request(), changes={"Alias": "Mary"}))
        self.each(World.turn)

    def each(self, act: Callable[[World], object]):
        """The same in both worlds."""
        for world in self.worlds:
            act(world)

    def tell(self, handle: str, frame: Frame):
        """The same frame comes from the first link of `handle` in both worlds."""
        self.each(lambda world: world.say(world.lines_of(handle)[0], frame))

    def sign_in(self, handle: str, presence: Mapping[str, Value | None] | None = None):
        """The same sign-in in both worlds."""
        self._session += 1
        self.each(lambda world, number=self._session: world.sign_in(handle, presence, number))
        self.each(World.turn)

    def is_here(self, handle: str) -> bool:
        """Whether somebody is signed in, in both worlds."""
        return all(world.lines_of(handle) for world in self.worlds)

    def request(self) -> int:
        """A number for a request."""
        self._request += 1
        return self._request

    def hide(self):
        """The observed person, if there in both worlds, changes her rules; from now on the worlds may differ."""
        if self.is_here(MARY):
            self.tell(MARY, wire.SetPrivacy(request=self.request(), privacy=self.secret.privacy))
            self.each(World.turn)
            self.hidden = True

    # --- who may touch what ------------------------------------------------------------------------------------

    def touchable(self, handle: str, *, taking_back: bool) -> list[str]:
        """The own messages of `handle` about which a request meets the same truth in both worlds.

        That is so where no copy has left for the observed one, or where she has kept the same at the same times; and
        where the message still waits for somebody else, unless it is to be taken back.
        """
        return [id for id in self.mine(handle) if self.is_as_far(id) or (not taking_back and self.waits(id))]

    def mine(self, handle: str) -> list[str]:
        """The messages of `handle`."""
        return [id for id, sender in self.sender_of.items() if sender == handle]

    def is_as_far(self, id: str) -> bool:
        """Whether a message has surely come as far in one world as in the other for the observed one."""
        is_here = any((id, MARY) in world.copies for world in self.worlds)
        is_kept = any((id, MARY) in world.kept for world in self.worlds)
        return self.first_apart(id) is None and is_here is is_kept

    def first_apart(self, id: str) -> int | None:
        """When (UTC milliseconds) a copy of a message, or its acknowledgement, came in one world only; or None."""
        one, other = (
            {*world.copies.get((id, MARY), ()), *world.kept.get((id, MARY), ())} for world in self.worlds
        )
        return min((at for at, _ in one ^ other), default=None)

    def revision(self, id: str) -> int:
        """The newest revision of a message that its sender was told; the same in both worlds."""
        told = self.worlds[0].receipts[self.sender_of[id]]
        return max((each["revision"] for each in told if each["id"] == id), default=1)

    def is_done(self, handle: str, request: int) -> bool:
        """Whether a request of `handle` was answered with success."""
        sign = f'{{"type":"done","request":{request},'
        return any(text.startswith(sign) for line in self.worlds[0].ever_of(handle) for _, text in line.heard)

    def waits(self, id: str) -> bool:
        """Whether a message is also for somebody whom it has not reached in any world."""
        others = [handle for handle in self.sent[id].to if handle != MARY]
        return any((id, handle) not in world.copies for handle in others for world in self.worlds)


def endable(changes: Mapping[str, Value | None]) -> list[str]:
    """Which of these changes may have an end."""
    return [name for name, value in changes.items() if value is not None and name not in ("Idle", "TimeZone")]


def all_leave(world: World, leave: Callable[[World, Line], None]):
    """Every link of the observed person ends."""
    for line in world.lines_of(MARY):
        leave(world, line)
