"""A wire between a client and an engine that is cut after exactly so many bytes, and hands bytes on in any pieces."""

import asyncio
import random
import socket
import struct
from typing import NamedTuple, cast

from tact_engine.client import Address
from tests.support.engine_process import HERE


class Cut(NamedTuple):
    """Where to cut: after so many bytes on the way to the engine (`up`) or back; `rude`: with a reset, else an end."""

    up: bool
    after: int
    rude: bool


class CuttingProxy:
    """Listens on this computer and connects to `target`. `cut` is for the next connection alone, and then forgotten.

    `passed` counts the bytes of the latest connection, up and down.
    """

    def __init__(self, target: Address, rng: random.Random) -> None:
        self.target, self.rng = target, rng
        self.cut: Cut | None = None
        self.cuts = 0
        self.passed = [0, 0]
        self._server: asyncio.Server | None = None
        self._wires: set[_Wire] = set()

    @property
    def address(self) -> Address:
        """Where to connect to instead of the target."""
        assert self._server is not None, "it was started"
        return Address(HERE, self._server.sockets[0].getsockname()[1], self.target.engine)

    async def __aenter__(self) -> "CuttingProxy":
        """Listen."""
        self._server = await asyncio.get_running_loop().create_server(lambda: self._wired().near, HERE, 0)
        return self

    async def __aexit__(self, *error: object) -> None:
        """Cut what is left, and let go of the port."""
        assert self._server is not None
        self._server.close()
        for wire in tuple(self._wires):
            wire.drop()
        await asyncio.gather(*(wire.over.wait() for wire in tuple(self._wires)))
        await self._server.wait_closed()

    def _wired(self) -> "_Wire":
        cut, self.cut = self.cut, None
        wire = _Wire(self, cut)
        self.passed = wire.passed
        self._wires.add(wire)
        return wire

    def ended(self, wire: "_Wire") -> None:
        """A connection is over at both ends."""
        self._wires.discard(wire)


class _Wire:
    """One connection through the proxy: the end that is near the client, and the far one at the engine."""

    def __init__(self, proxy: CuttingProxy, cut: Cut | None) -> None:
        self.proxy, self.cut = proxy, cut
        self.passed = [0, 0]
        self.over = asyncio.Event()
        self.near, self.far = _End(self, up=True), _End(self, up=False)
        self._dialling: asyncio.Task[None] | None = None

    def dial(self) -> None:
        """Connect to the engine."""
        self._dialling = asyncio.create_task(self._dialled())

    async def _dialled(self) -> None:
        target = self.proxy.target
        try:
            await asyncio.get_running_loop().create_connection(lambda: self.far, target.host, target.port)
        except OSError:
            self.far.gone = True
            self.drop()
            self.settle()

    def size_of(self, waiting: int, *, up: bool) -> int:
        """How many of the bytes that wait go now: some or all of them, and none past the cut."""
        rng = self.proxy.rng
        size = waiting if rng.random() < 0.6 else 1 + int(rng.random() * waiting)
        if self.cut and self.cut.up is up:
            size = min(size, self.cut.after - self.passed[not up])
        return size

    def reached(self, *, up: bool) -> bool:
        """Whether the cut is here; then both ends are cut."""
        if self.cut is None or self.cut.up is not up or self.passed[not up] < self.cut.after:
            return False
        self.proxy.cuts += 1
        self.drop(rude=self.cut.rude)
        return True

    def drop(self, *, rude: bool = False) -> None:
        """Cut both ends."""
        for end in (self.near, self.far):
            end.drop(rude=rude)

    def settle(self) -> None:
        """Notice when nothing is left."""
        if self.near.gone and self.far.gone:
            self.over.set()
            self.proxy.ended(self)


class _End(asyncio.Protocol):
    """One end; what comes in here goes out at the other one."""

    def __init__(self, wire: _Wire, *, up: bool) -> None:
        self._wire, self._up = wire, up
        self._transport: asyncio.Transport | None = None
        self._waiting = b""
        self._ended = self._scheduled = False
        self.gone = False
        self._doomed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """This end is there."""
        self._transport = cast("asyncio.Transport", transport)
        if self._doomed:
            self._transport.abort()
        elif self._up:
            self._wire.dial()
            if self._wire.reached(up=True):
                return
        else:
            self._wire.near.schedule()

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        self._waiting += data
        self.schedule()

    def connection_lost(self, exc: Exception | None) -> None:
        """This end is gone; the other one hears what waits, and then its end."""
        self.gone = self._ended = True
        self.schedule()
        self._wire.settle()

    def schedule(self) -> None:
        """Hand on what waits, in the next turn."""
        if not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._hand_on)

    def drop(self, *, rude: bool = False) -> None:
        """Cut this end."""
        self._doomed, self._waiting = True, b""
        if self._transport is None or self.gone:
            return
        if rude:
            no_linger = struct.pack("ii", 1, 0)
            self._transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, no_linger
            )
        self._transport.abort()

    def _hand_on(self) -> None:
        self._scheduled = False
        other = self._wire.far if self._up else self._wire.near
        if other._transport is None or other._transport.is_closing() or self._doomed:
            return
        if self._waiting:
            size = self._wire.size_of(len(self._waiting), up=self._up)
            piece, self._waiting = self._waiting[:size], self._waiting[size:]
            other._transport.write(piece)
            self._wire.passed[not self._up] += size
            if self._wire.reached(up=self._up):
                return
        if self._waiting:
            self.schedule()
        elif self._ended:
            other._transport.close()
