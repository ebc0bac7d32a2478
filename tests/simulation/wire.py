"""One link in the simulated network: in order, late by some delay, and cut at any moment, for both sides or for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tact_engine.net.link import Link
from tact_engine.wire.codec import Unreadable, encode
from tact_engine.wire.frames import RefusedFrame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from picows.websockets import ServerConnection

    from tact_engine.wire.frames import Frame
    from tests.simulation.device import Device
    from tests.simulation.world import World

SILENCE_MS = 13_000
"""How long either side may take to notice that the other is gone."""


class Wire:
    """A connection between a device and the engine; `near` and `far` say whether each of them still hears the other."""

    def __init__(self, world: World, device: Device) -> None:
        self._world, self.device = world, device
        self.link = WireLink(world.number(), self)
        self.near = self.far = True
        self._arrivals = {"near": 0, "far": 0}
        self._held_until = 0

    def to_device(self, text: str) -> None:
        """The engine says something."""
        self._world.at(self._arrival("near"), lambda: self.near and self.device.hears(self, text))

    def to_engine(self, text: str) -> None:
        """The device says something."""
        self._world.at(self._arrival("far"), lambda: self.far and self._bring(text))

    def stall(self, milliseconds: int) -> None:
        """Nothing gets through for a while; too long, and either side gives up."""
        self._held_until = self._world.now + milliseconds
        if milliseconds > SILENCE_MS:
            self._world.at(SILENCE_MS, self.cut)

    def cut(self) -> None:
        """The link breaks: what is on its way may still arrive at one side, and each side notices in its own time."""
        random = self._world.random
        survivor = random.choice(("near", "far", "neither"))
        if survivor != "near":
            self.near = False
        if survivor != "far":
            self.far = False
        self._world.at(random.choice((0, 40, SILENCE_MS)), self.lost_far)
        self._world.at(random.choice((0, 40, SILENCE_MS)), self.lost_near)

    def lost_far(self) -> None:
        """The engine notices."""
        if not self.link.is_lost:
            self.far = False
            self.link.is_lost = True
            self._world.node.lost(self.link)

    def lost_near(self) -> None:
        """The device notices."""
        self.near = False
        self.device.lost(self)

    def engine_died(self) -> None:
        """Nobody is at the other end any more."""
        self.link.is_lost = True
        self.far = False
        self._world.at(self._world.random.choice((1, 40, SILENCE_MS)), self.lost_near)

    def _bring(self, text: str) -> None:
        try:
            frame = self.link.session.receive(text)
        except Unreadable as refused:
            self.link.send(RefusedFrame(refused.request, refused.code, refused.text))
            return
        if frame is not None:
            self._world.node.received(self.link, frame)

    def _arrival(self, side: str) -> int:
        """In how many milliseconds what is sent now arrives: never before what was sent earlier."""
        world = self._world
        wanted = world.now + world.delay()
        arrival = max(wanted, self._arrivals[side], self._held_until)
        self._arrivals[side] = arrival
        return arrival - world.now


class WireLink(Link):
    """The engine's end: what it sends goes into the wire at once."""

    def __init__(self, number: int, wire: Wire) -> None:
        super().__init__(number, cast("ServerConnection", None))
        self.wire = wire
        self.is_lost = False
        self._is_closing = False
        self._kept: list[str] = []

    def queue(self, data: bytes, shared: bool = False) -> None:
        """Send one encoded frame."""
        del shared
        if not self._is_closing:
            self._kept.append(data.decode())

    def flow(self) -> None:
        """Send what was kept."""
        for text in self._kept:
            self.wire.to_device(text)
        self._kept.clear()

    def send_lazily(self, frames: Iterator[Frame]) -> None:
        """Send `frames` one by one."""
        for frame in frames:
            self.queue(encode(frame))
        self.flow()

    def close(self, code: int, reason: str) -> None:
        """Send what is on its way, then close: both sides notice."""
        del code, reason
        self.flow()
        if not self._is_closing:
            self._is_closing = True
            world = self.wire.device.world
            world.at(world.delay(), self.wire.lost_near)
            world.at(0, self.wire.lost_far)
