"""One link: a connection with its phase, and one funnel through which everything leaves it."""

from collections import deque
from collections.abc import Iterator
from typing import Protocol

from tact_engine.wire.codec import Unreadable, encode
from tact_engine.wire.frames import Frame, RefusedFrame
from tact_engine.wire.session import Session

BUFFER_BYTES_MAX = 256 * 1024
REFERENCE_BYTES = 64
WRITE_BYTES_MAX = 16 * 1024
"""About so much is written at once: what one record of TLS holds."""
CLOSE_SIGNED_OUT = 1000
CLOSE_TOO_SLOW = 4001
CLOSE_REJECTED = 4003
CLOSE_BROKEN = 4004
CLOSE_STOPPING = 1001
CLOSE_GONE = 1006


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


class Channel(Protocol):
    """What a link says its words through."""

    is_full: bool
    """The other side does not read; `flow` is called once it does."""

    def write(self, messages: list[bytes]) -> None:
        """Send messages, each as one of its own."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Say goodbye."""
        ...


class Link:
    """One connection to a client at the IP address `address`.

    `send` never waits. What the other side does not read is kept up to BUFFER_BYTES_MAX, then the link is closed: a
    slow reader slows only itself, and loses nothing, since what it did not acknowledge is still the engine's.
    """

    def __init__(self, number: int, channel: Channel, address: str = "") -> None:
        self.session = Session(number)
        self.address = address
        self._channel = channel
        self._receiver: Receiver
        self._queue: deque[tuple[bytes, int] | Iterator[Frame]] = deque()
        self._queued_bytes = 0
        self._closing: tuple[int, str] | None = None
        self._is_closed = False

    @property
    def number(self) -> int:
        """The session's number."""
        return self.session.number

    # --- out -----------------------------------------------------------------------------------------------------

    def send(self, frame: Frame) -> None:
        """Send `frame` as soon as the other side reads."""
        self.queue(encode(frame))
        self.flow()

    def queue(self, data: bytes, shared: bool = False) -> None:
        """Keep one encoded frame for the next `flow`, which sends all that were kept together.

        One that goes to many links is `shared`: it costs this one a reference only.
        """
        if self._closing is not None:
            return
        cost = REFERENCE_BYTES if shared else len(data)
        self._queue.append((data, cost))
        self._queued_bytes += cost
        if self._queued_bytes > BUFFER_BYTES_MAX:
            self.flow()
            if self._queued_bytes > BUFFER_BYTES_MAX and len(self._queue) > 1:
                self._queue.clear()
                self.close(CLOSE_TOO_SLOW, "too slow a reader")

    def send_lazily(self, frames: Iterator[Frame]) -> None:
        """Send `frames` one by one, each made only when the ones before have left."""
        if self._closing is None:
            self._queue.append(frames)
            self.flow()

    def close(self, code: int, reason: str) -> None:
        """Send what is queued, then close; from now on nothing that comes in is heard."""
        self._closing = self._closing or (code, reason)
        self.flow()

    def flow(self) -> None:
        """Send what is queued, as far as the other side reads; the last word is the goodbye."""
        while self._queue and not self._channel.is_full:
            if messages := self._next_messages():
                self._channel.write(messages)
        if self._closing is not None and not self._queue and not self._is_closed:
            self._is_closed = True
            self._channel.close(*self._closing)

    def _next_messages(self) -> list[bytes]:
        """The next of the queue, as many as are written at once; of frames that are made lazily, one."""
        taken: list[bytes] = []
        size = 0
        while self._queue and size < WRITE_BYTES_MAX:
            item = self._queue[0]
            if isinstance(item, tuple):
                data, cost = item
                self._queue.popleft()
                self._queued_bytes -= cost
            elif taken:
                break
            elif (frame := next(item, None)) is None:
                self._queue.popleft()
                continue
            else:
                return [encode(frame)]
            taken.append(data)
            size += len(data)
        return taken

    # --- in ------------------------------------------------------------------------------------------------------

    def begin(self, receiver: Receiver) -> None:
        """The link is there; `receiver` acts on what it brings."""
        self._receiver = receiver
        receiver.opened(self)

    def take(self, data: bytes) -> None:
        """One message came in: a frame, or something to be refused."""
        if self._closing is not None:
            return
        try:
            frame = self.session.receive(data)
        except Unreadable as refused:
            self.send(RefusedFrame(refused.request, refused.code, refused.text))
            if self.session.unbearable:
                self.close(CLOSE_BROKEN, self.session.unbearable)
            return
        if frame is not None:
            self._receiver.received(self, frame)

    def end(self) -> None:
        """The link is gone: nothing is said through it any more."""
        self._closing, self._is_closed = (CLOSE_GONE, ""), True
        self._queue.clear()
        self._receiver.lost(self)
