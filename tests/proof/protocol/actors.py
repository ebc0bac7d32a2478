"""Who speaks to the engine: people who say anything at all, and two who only want to talk to each other."""

import json
import random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from tact_engine.accounts.device import DeviceKey
from tact_engine.client import Address
from tact_engine.core.conditions import WHEN_ONLINE, one_group
from tact_engine.core.envelope import State, Submission
from tact_engine.core.privacy import Privacy
from tact_engine.wire import frames as wire
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import FRAME_BYTES_MAX
from tests.proof.protocol.frames import SHAPES, Words, encoded
from tests.proof.protocol.link import BookedLink, World, booked_link
from tests.support.raw_link import CLOSE, CONTINUATION, PING, TEXT, frame

ANNA, BEA = "anna", "bea"
"""The two who only want to talk to each other."""
AGAINST_THE_RULES = (
    frame(TEXT, b"{}", bits=0x40),
    frame(3, b"{}"),
    frame(11, b""),
    frame(TEXT, b"{}", masked=False),
    frame(CONTINUATION, b"{}"),
    frame(PING, b"x" * 200),
    frame(PING, b"x", last=False),
    frame(CLOSE, b"x"),
    frame(CLOSE, (999).to_bytes(2)),
    frame(CLOSE, (1000).to_bytes(2) + b"\xff"),
    frame(CLOSE, b""),
    frame(TEXT, b"{", last=False) + frame(TEXT, b"}"),
    b"\x81\xff" + b"\x7f" + b"\xff" * 7 + bytes(4),
    b"\x81\xff" + b"\xff" * 8 + bytes(4),
    b"GET / HTTP/1.1\r\n\r\n",
)
KINDS = [kind for kind in SHAPES if kind not in ("sign_in", "sign_out")] + ["submit"] * 3


class Talkers:
    """Anna writes to Bea. All of it must arrive once, whatever others do meanwhile."""

    def __init__(self, anna: BookedLink, bea: BookedLink) -> None:
        self.anna, self.bea = anna, bea
        self.held: list[str] = []
        self._sent: list[str] = []
        self._asked: list[int] = []

    def write(self, id: str, *, later: bool = False) -> None:
        """Anna writes something, for now or for when Bea is happy."""
        when = one_group(("UserMood", "eq", "HAPPY")) if later else WHEN_ONLINE
        message = Submission(id, (BEA,), f"text of {id}".encode(), when=when)
        self._asked.append(self.anna.number())
        self.anna.send(wire.Submit(self._asked[-1], message))
        (self.held if later else self._sent).append(id)

    async def heard(self) -> None:
        """What was written for now has arrived, and Anna knows."""
        await self.anna.settled()
        assert all(number in self.anna.done for number in self._asked), f"{ANNA} could not write to {BEA}"
        await self._arrived(self._sent)
        self._sent, self._asked = [], []

    async def happy(self) -> None:
        """What was kept for then arrives when Bea is happy, and not one message before."""
        early = [id for id in self.held if self.bea.arrived[id]]
        told = [each for each in self.anna.news if each.id in self.held]
        assert early == told == [], f"{BEA} got {early} too early, or {ANNA} heard so: {told}"
        self.bea.send(wire.SetPresence(self.bea.number(), {"UserMood": "HAPPY"}))
        await self._arrived(self.held)

    async def _arrived(self, ids: list[str]) -> None:
        await self.bea.until(lambda: all(self.bea.arrived[id] for id in ids), f"the messages {ids}")
        self.bea.send(wire.Acknowledge(dict.fromkeys(ids, 1)))
        await self.anna.until(lambda: self._knows(ids), f"news of {ids}")
        twice = [id for id, times in self.bea.arrived.items() if times != 1]
        assert not twice, f"{BEA} got these messages more than once: {twice}"
        self.anna.send(wire.Note(max((each.serial for each in self.anna.news), default=0)))
        self.anna.news.clear()
        assert not any(link.raw.gone for link in (self.anna, self.bea)), (
            "a link on which all was well was closed"
        )

    def _knows(self, ids: list[str]) -> bool:
        delivered = {each.id for each in self.anna.news if each.state is State.DELIVERED}
        return delivered.issuperset(ids)


class Office:
    """The links that are there, kept from one sequence to the next as far as they live."""

    def __init__(self, address: Address, handles: list[str]) -> None:
        self.address, self.world, self.handles = address, World(), handles
        makes = random.Random(0)  # the same keys in each office
        self.keys = self.world.keys = {
            handle: DeviceKey(Ed25519PrivateKey.from_private_bytes(makes.randbytes(32)))
            for handle in (*handles, ANNA, BEA)
        }
        self.leftover: dict[str, set[str]] = {handle: set() for handle in handles}
        self._links: list[BookedLink] = []

    async def stranger(self) -> BookedLink:
        """A link on which nobody is signed in."""
        link = await booked_link(self.address, self.world)
        self._links.append(link)
        return link

    async def link_of(self, handle: str) -> BookedLink:
        """A link on which somebody is signed in."""
        for link in self._links:
            if link.handle == handle and link.phase == "after" and not link.raw.gone and not link.ending:
                return link
        link = await self.stranger()
        link.send(link.sign_in_frame(handle, self.keys[handle]))
        await link.until(lambda: link.phase == "after", "a welcome")
        return link

    async def drop(self, link: BookedLink) -> None:
        """Nothing is said on this link any more."""
        if link in self._links:
            self._links.remove(link)
        await link.raw.leave()

    async def tidy(self, handle: str) -> None:
        """Ask why what waits does so, take it back, acknowledge what came, and let everybody see everything."""
        link = await self.link_of(handle)
        link.send(wire.SetPrivacy(link.number(), Privacy()))
        for id in sorted(self.leftover[handle]):
            link.send(wire.Explain(link.number(), id))
            link.send(wire.Withdraw(link.number(), id))
        self.leftover[handle].clear()
        if link.deliveries:
            link.send(wire.Acknowledge(dict(link.deliveries)))
            link.deliveries.clear()
        if link.news:
            link.send(wire.Note(max(each.serial for each in link.news)))
            link.news.clear()
        await link.settled()

    async def close(self) -> None:
        """Everybody goes."""
        for link in tuple(self._links):
            await self.drop(link)


class Chatter:
    """What one link says in one go: frames of all sorts, in messages of all sorts."""

    def __init__(
        self, rng: random.Random, office: Office, link: BookedLink, ids: list[str], name: str
    ) -> None:
        self._rng, self._office, self._link, self._name = rng, office, link, name
        own = sorted(office.leftover.get(link.handle, ())) * 3
        self._ids = ids
        self._words = Words(rng, office.handles, [*ids, *own], link.number)
        self._made = 0

    def speak(self) -> None:
        """Write some messages at once, and a last one that is always answered where the link lives."""
        said: list[bytes] = []
        for _ in range(self._rng.randrange(1, 8)):
            if self._link.phase in ("out", "rejected"):
                break
            said.append(self._one())
        said.append(self._link.say(encode(wire.SetPresence(self._link.number(), {}))))
        self._link.raw.write(b"".join(said))

    def _one(self) -> bytes:
        rng, link = self._rng, self._link
        how = rng.random()
        if how < 0.01:
            link.break_rules(b"")
            return rng.choice(AGAINST_THE_RULES)
        if how < 0.02:
            return link.say(b" " * (FRAME_BYTES_MAX + 1), places=[9] if rng.random() < 0.5 else None)
        payload = self._payload(how)
        places = (
            [rng.randrange(len(payload) + 1) for _ in range(rng.randrange(1, 4))]
            if rng.random() < 0.15
            else None
        )
        return link.say(payload, text=rng.random() < 0.8, places=places)

    def _payload(self, how: float) -> bytes:
        if how < 0.03:
            return encode(wire.SignOut())
        if how < 0.2:
            return self._words.garbage()
        if self._link.phase == "before" and how < 0.5:
            return self._sign_in()
        kind = self._rng.choice(KINDS if how < 0.95 else list(SHAPES))
        if how < 0.45:
            return encoded(self._words.nearly(kind), self._rng)
        made = self._words.frame(kind)
        if kind == "submit" and self._rng.random() < 0.8:
            self._made += 1
            made["submission"]["id"] = id = f"{self._name}-{self._made}"
            self._ids.append(id)
            self._words.ids.append(id)
            if self._link.handle in self._office.leftover:
                self._office.leftover[self._link.handle].add(id)
        return encoded(made, self._rng)

    def _sign_in(self) -> bytes:
        """A sign-in that is right, or wrong in one thing."""
        rng, office, link = self._rng, self._office, self._link
        handle = rng.choice(office.handles)
        right = link.sign_in_frame(handle, office.keys[handle])
        how = rng.randrange(8)
        if how == 0:
            return encode(link.sign_in_frame(ANNA, office.keys[handle]))
        if how == 1:
            assert link.hello is not None
            return encode(
                link.sign_in_frame(handle, office.keys[handle], replace(link.hello, challenge=bytes(32)))
            )
        if how == 2:
            return encode(replace(right, version=rng.choice((0, 1, 3, 2**64, -1))))
        if how == 3:
            return encode(
                replace(right, handle=rng.choice(("", "A", "x" * 33, "tom\n", "tom\u0000", "../x", "ö" * 9)))
            )
        if how == 4:
            made: dict[str, Any] = json.loads(encode(right)) | {"presence": self._words.presence()}
            return encoded(made, rng)
        if how == 5:
            return encode(replace(right, device_key=rng.randbytes(rng.choice((0, 31, 32, 33)))))
        return encode(right)
