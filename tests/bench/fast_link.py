"""A link for measuring: no checks, little decoding, frames made before the clock runs."""

import asyncio
import base64
import os
import ssl
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from tact_engine.accounts.device import DeviceKey
from tact_engine.core.conditions import WHEN_ONLINE, Condition
from tact_engine.core.envelope import Submission
from tact_engine.net.certificate import client_context
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import (
    PROTOCOL_VERSION,
    Acknowledge,
    Frame,
    Note,
    SignIn,
    SignOut,
    Submit,
    signed_text,
)
from tests.support.engine_process import EngineProcess

DONE, DELIVER, NEWS, PEOPLE, WELCOME, REFUSED = (
    b'{"type":"%s"' % name for name in (b"done", b"deliver", b"news", b"people", b"welcome", b"refused")
)
SECONDS_MAX = 120
BODY = b"x" * 100
_MASKED_TEXT, _NO_MASK = 0x81, bytes(4)
_SHORT_MAX, _MIDDLE_MAX = 125, 0xFFFF


class _Told(msgspec.Struct):
    """Of a delivery, what is needed to acknowledge it."""

    id: str
    revision: int = 1


class _Deliver(msgspec.Struct):
    deliveries: list[_Told]


class _Receipt(msgspec.Struct):
    serial: int = 0


class _News(msgspec.Struct):
    receipts: list[_Receipt]


_DELIVER, _NEWS = msgspec.json.Decoder(_Deliver), msgspec.json.Decoder(_News)


class FastLink(WSListener):
    """One connection for `handle`. `on_done`, `on_delivered` and `on_people` are called as frames come in.

    It does what any client does: deliveries are acknowledged, once `on_delivered` knows of them, and news noted.
    The loop's exception handler hears of it when it is lost although `should_last` says that it should not be.
    """

    def __init__(self, handle: str) -> None:
        self.handle = handle
        self.on_done: Callable[[], None] = lambda: None
        self.on_delivered: Callable[[int], None] = lambda count: None
        self.on_people: Callable[[bytes], None] | None = None
        self.should_last: Callable[[], bool] = lambda: False
        self._transport: WSTransport | None = None
        self._soon: list[bytes] = []
        self._hello: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._welcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Called by picows."""
        self._transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Called by picows."""
        if self.should_last():
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"the link of {self.handle} was lost"}
            )

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Called by picows for each frame."""
        data = frame.get_payload_as_bytes()
        if data.startswith(DONE):
            self.on_done()
        elif data.startswith(PEOPLE):
            if self.on_people is not None:
                self.on_people(data)
        elif data.startswith(DELIVER):
            copies = {each.id: each.revision for each in _DELIVER.decode(data).deliveries}
            self.on_delivered(len(copies))
            self._say_soon(encode(Acknowledge(copies)))
        elif data.startswith(NEWS):
            self._say_soon(encode(Note(_NEWS.decode(data).receipts[-1].serial)))
        elif data.startswith(REFUSED):
            raise AssertionError(data.decode())
        elif data.startswith(WELCOME):
            self._welcome.set_result(None)
        elif frame.msg_type == WSMsgType.TEXT and not self._hello.done():
            self._hello.set_result(data)

    def say(self, frame: bytes) -> None:
        """Send an encoded frame."""
        self.write(on_the_wire(frame))

    def _say_soon(self, frame: bytes) -> None:
        """Send an encoded frame with all others that answer what came in together."""
        if not self._soon:
            asyncio.get_running_loop().call_soon(self._say_all)
        self._soon.append(on_the_wire(frame))

    def _say_all(self) -> None:
        self.write(b"".join(self._soon))
        self._soon.clear()

    def write(self, wire: bytes) -> None:
        """Send frames that are as they go over the wire, however many."""
        assert self._transport is not None
        self._transport.underlying_transport.write(wire)

    def stop_reading(self) -> None:
        """Leave what comes from now on where it is; the engine may not bear that for ever."""
        self.should_last = lambda: False
        assert self._transport is not None
        self._transport.underlying_transport.pause_reading()

    async def sign_in(self, key: DeviceKey, **presence: Any) -> None:
        """Wait for the greeting, answer it, wait for the welcome."""
        self.say(await self.sign_in_frame(key, **presence))
        await asyncio.wait_for(self._welcome, SECONDS_MAX)

    async def sign_in_frame(self, key: DeviceKey, **presence: Any) -> bytes:
        """The frame that signs in, once greeted."""
        hello = msgspec.json.decode(await self._hello)
        text = signed_text(hello["engine"], base64.b64decode(hello["challenge"]), self.handle)
        return encode(SignIn(PROTOCOL_VERSION, self.handle, key.public, key.sign(text), presence))

    async def leave(self) -> None:
        """Sign out and close."""
        self.should_last = lambda: False
        assert self._transport is not None
        self.say(encode(SignOut()))
        self._transport.send_close()
        self._transport.disconnect()
        await self._transport.wait_disconnected()

    def abort(self) -> None:
        """Hang up without a word."""
        self.should_last = lambda: False
        assert self._transport is not None
        self._transport.disconnect(False)


@cache
def _context() -> ssl.SSLContext:
    return client_context()


class Deaf(FastLink):
    """A link that, once it is signed in, lets everything pass by."""

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Called by picows for each frame."""
        if not self._welcome.done():
            super().on_ws_frame(transport, frame)


L = TypeVar("L", bound=FastLink)


async def dialled(engine: EngineProcess, handle: str, kind: Callable[[str], L] = FastLink) -> L:
    """A connection that is not signed in."""
    link = kind(handle)
    if engine.tls:
        url = f"wss://{engine.host}:{engine.port}/"
        await ws_connect(lambda: link, url, ssl_context=_context(), server_hostname="tact")
    else:
        await ws_connect(lambda: link, f"ws://{engine.host}:{engine.port}/")
    link.should_last = _lives_on(engine)
    return link


def _lives_on(engine: EngineProcess) -> Callable[[], bool]:
    """Whether `engine` is still the process that it is now; never, where another process has it."""
    if not engine.alive:
        return lambda: False
    pid = engine.pid
    return lambda: engine.alive and engine.pid == pid


async def signed_in(
    engine: EngineProcess, handle: str, key: DeviceKey | None = None, **presence: Any
) -> FastLink:
    """A connection that is signed in, by the key of this process unless another is given."""
    link = await dialled(engine, handle)
    await link.sign_in(key or own_key(), **presence)
    return link


async def accounts(engine: EngineProcess, handles: list[str]) -> None:
    """Make people who then are offline."""
    for first in range(0, len(handles), 20):
        links = await asyncio.gather(*(signed_in(engine, handle) for handle in handles[first : first + 20]))
        await asyncio.gather(*(link.leave() for link in links))


@cache
def own_key() -> DeviceKey:
    """The key of everybody whose links are in this process."""
    return new_key()


def new_key() -> DeviceKey:
    """A key that is on no disk."""
    return DeviceKey(Ed25519PrivateKey.generate())


_numbers = count(1)


def message(to: str, when: Condition = WHEN_ONLINE) -> bytes:
    """A frame that submits a hundred bytes of text under an id as clients make them: long, the next one greater."""
    number = next(_numbers)
    id = f"019b8d3e-1f00-7c55-{os.getpid() & 0xFFFF:04x}-{number:012x}"
    frame: Frame = Submit(number, Submission(id, (to,), BODY, when=when))
    return encode(frame)


def on_the_wire(frame: bytes) -> bytes:
    """`frame` as one WebSocket message of a client. The mask is of zeros, which costs the sender no work."""
    size = len(frame)
    if size <= _SHORT_MAX:
        head = bytes((_MASKED_TEXT, 0x80 | size))
    elif size <= _MIDDLE_MAX:
        head = bytes((_MASKED_TEXT, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((_MASKED_TEXT, 0xFF)) + size.to_bytes(8, "big")
    return head + _NO_MASK + frame
