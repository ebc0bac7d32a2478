"""A WebSocket over TLS whose every byte the test decides about: pieces, kinds of frames, what is against the rules."""

import asyncio
from itertools import pairwise
from typing import NamedTuple, cast

from tact_engine.client import Address
from tact_engine.net.certificate import client_context

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NO_CODE = 1006
"""How a link ended that nobody closed."""
HANDSHAKE = (
    "GET / HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
OPEN_SECONDS_MAX = 20
CLOSE_SECONDS_MAX = 5


class Closing(NamedTuple):
    """How a link ended: the code of its close frame, NO_CODE where none came, and the reason."""

    code: int
    reason: str


class RawLink(asyncio.Protocol):
    """What the other side says is in `heard`, each message whole; `closing` is set once it said goodbye or is gone."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.closing: Closing | None = None
        self.gone = False
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._upgraded = False
        self._changed = asyncio.Event()

    # --- what is said --------------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Send these very bytes."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def abort(self) -> None:
        """Drop the link without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def until_changed(self) -> None:
        """Wait until something comes in, or the link ends."""
        await self._changed.wait()
        self._changed.clear()

    async def leave(self) -> None:
        """Close the link and wait for its end."""
        self.write(frame(CLOSE, b"\x03\xe8"))
        try:
            async with asyncio.timeout(CLOSE_SECONDS_MAX):
                await self._until_gone()
        except TimeoutError:
            self.abort()
            await self._until_gone()

    async def _until_gone(self) -> None:
        while not self.gone:
            await self.until_changed()

    # --- called by asyncio ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TLS handshake is over."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """The link is gone."""
        self.closing = self.closing or Closing(NO_CODE, str(exc or ""))
        self.gone = True
        self._changed.set()

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        self._buffer += data
        if not self._upgraded:
            self._upgraded = self._buffer.startswith(b"HTTP/1.1 101 ") and b"\r\n\r\n" in self._buffer
            self._buffer = self._buffer.partition(b"\r\n\r\n")[2] if self._upgraded else self._buffer
        while self._upgraded and (taken := _taken(self._buffer)):
            kind, payload, length = taken
            self._buffer = self._buffer[length:]
            self._hear(kind, payload)
        self._changed.set()

    def _hear(self, kind: int, payload: bytes) -> None:
        if kind == TEXT:
            self.heard.append(payload)
        elif kind == PING:
            self.write(frame(PONG, payload))
        elif kind == CLOSE:
            code = int.from_bytes(payload[:2]) if len(payload) >= 2 else NO_CODE
            self.closing = self.closing or Closing(code, payload[2:].decode())
            self.write(frame(CLOSE, payload[:2]))
        elif kind != PONG:
            raise AssertionError(f"the engine sent a frame of kind {kind}")


async def raw_link(address: Address) -> RawLink:
    """A link that was not greeted yet; whoever opens it leaves it."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(OPEN_SECONDS_MAX):
        _, link = await loop.create_connection(
            RawLink, address.host, address.port, ssl=client_context(), server_hostname="tact"
        )
    link.write(HANDSHAKE.format(host=address.host, port=address.port).encode())
    return link


def frame(kind: int, payload: bytes, *, last: bool = True, bits: int = 0, masked: bool = True) -> bytes:
    """One WebSocket frame, masked with nought; `bits` are the reserved ones, which must not be set."""
    first, mask, size = (last << 7) | bits | kind, masked << 7, len(payload)
    if size < 126:
        head = bytes((first, mask | size))
    elif size < 65_536:
        head = bytes((first, mask | 126)) + size.to_bytes(2)
    else:
        head = bytes((first, mask | 127)) + size.to_bytes(8)
    return head + (bytes(4) if masked else b"") + payload


def in_pieces(kind: int, payload: bytes, places: list[int]) -> bytes:
    """One message of several frames, cut at `places`, with a ping between them."""
    cuts = [0, *sorted(places), len(payload)]
    pieces = [payload[start:end] for start, end in pairwise(cuts)]
    frames = [
        frame(CONTINUATION if number else kind, piece, last=number == len(pieces) - 1)
        for number, piece in enumerate(pieces)
    ]
    return frame(PING, b"between").join(frames)


def _taken(buffer: bytes) -> tuple[int, bytes, int] | None:
    """The first whole frame in `buffer`: its kind, its payload, and its length with its head; None where none is."""
    if len(buffer) < 2:
        return None
    size, start = buffer[1] & 127, 2
    if size > 125:
        start = 4 if size == 126 else 10
        size = int.from_bytes(buffer[2:start])
    whole = start + size
    return None if len(buffer) < whole else (buffer[0] & 15, buffer[start:whole], whole)
