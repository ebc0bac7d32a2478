"""One link: a connection with its phase, and one funnel through which everything leaves it."""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Protocol

from picows.websockets import ConnectionClosed, ServerConnection

from tact_engine.wire.codec import Unreadable, encode
from tact_engine.wire.frames import Frame, RefusedFrame
from tact_engine.wire.session import Session

BUFFER_BYTES_MAX = 256 * 1024
REFERENCE_BYTES = 64
CLOSE_SIGNED_OUT = 1000
CLOSE_TOO_SLOW = 4001
CLOSE_REJECTED = 4003
CLOSE_STOPPING = 1001


class Receiver(Protocol):
    """Who acts on what links bring."""

    def opened(self, link: "Link") -> None:
        """A link is there."""
        ...

    def received(self, link: "Link", frame: Frame) -> None:
        """A frame that is allowed in the link's phase came in."""
        ...

    def lost(self, link: "Link") -> None:
        """The link is gone."""
        ...


class Link:
    """One connection to a client.

    `send` never waits. What the other side does not read is kept up to BUFFER_BYTES_MAX, then the link is closed: a
    slow reader slows only itself, and loses nothing, since what it did not acknowledge is still the engine's.
    """

    def __init__(self, number: int, connection: ServerConnection) -> None:
        self.session = Session(number)
        self._connection = connection
        self._queue: deque[tuple[str, int] | Iterator[Frame]] = deque()
        self._queued_bytes = 0
        self._filled = asyncio.Event()
        self._closing: tuple[int, str] | None = None

    @property
    def number(self) -> int:
        """The session's number."""
        return self.session.number

    def send(self, frame: Frame) -> None:
        """Send `frame` as soon as the other side reads."""
        self.send_encoded(encode(frame).decode())

    def send_encoded(self, text: str, shared: bool = False) -> None:
        """Send one encoded frame. A text that goes to many links is `shared`: it costs this one a reference only."""
        if self._closing is not None:
            return
        cost = REFERENCE_BYTES if shared else len(text)
        self._queue.append((text, cost))
        self._queued_bytes += cost
        self._filled.set()
        if self._queued_bytes > BUFFER_BYTES_MAX and len(self._queue) > 1:
            self._queue.clear()
            self.close(CLOSE_TOO_SLOW, "too slow a reader")

    def send_lazily(self, frames: Iterator[Frame]) -> None:
        """Send `frames` one by one, each made only when the ones before have left."""
        self._queue.append(frames)
        self._filled.set()

    def close(self, code: int, reason: str) -> None:
        """Send what is queued, then close."""
        self._closing = self._closing or (code, reason)
        self._filled.set()

    async def serve(self, receiver: Receiver) -> None:
        """Bring what comes in to `receiver` until the link is gone."""
        writer = asyncio.create_task(self._write())
        receiver.opened(self)
        try:
            await self._read(receiver)
        except ConnectionClosed:
            pass
        finally:
            receiver.lost(self)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _read(self, receiver: Receiver) -> None:
        while True:
            data = await self._connection.recv(decode=False)
            try:
                frame = self.session.receive(data)
            except Unreadable as refused:
                self.send(RefusedFrame(refused.request, refused.code, refused.text))
                continue
            if frame is not None:
                receiver.received(self, frame)

    async def _write(self) -> None:
        try:
            while self._queue or self._closing is None:
                await self._filled.wait()
                self._filled.clear()
                while self._queue:
                    await self._write_item(self._queue.popleft())
            await self._connection.close(*self._closing)
        except ConnectionClosed:
            pass

    async def _write_item(self, item: tuple[str, int] | Iterator[Frame]) -> None:
        if isinstance(item, tuple):
            await self._connection.send(item[0])
            self._queued_bytes -= item[1]
        else:
            for frame in item:
                await self._connection.send(encode(frame).decode())
