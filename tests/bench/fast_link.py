"""A link for measuring: no checks, no decoding, frames made before the clock runs."""

import asyncio
import base64
from collections.abc import Callable
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from tact_engine.accounts.device import DeviceKey
from tact_engine.core.conditions import WHEN_ONLINE, Condition
from tact_engine.core.envelope import Submission
from tact_engine.net.certificate import client_context
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import PROTOCOL_VERSION, Acknowledge, Frame, SignIn, SignOut, Submit, signed_text
from tests.support.engine_process import EngineProcess

DONE, DELIVER, WELCOME, REFUSED = (
    b'{"type":"%s"' % name for name in (b"done", b"deliver", b"welcome", b"refused")
)
SECONDS_MAX = 120


class _Told(msgspec.Struct):
    """Of a delivery, what is needed to acknowledge it."""

    id: str
    revision: int = 1


class _Deliver(msgspec.Struct):
    deliveries: list[_Told]


_DELIVER = msgspec.json.Decoder(_Deliver)


class FastLink(WSListener):
    """One connection for `handle`. `on_done` and `on_delivered` are called as frames come in; deliveries are
    acknowledged before."""

    def __init__(self, handle: str) -> None:
        self.handle = handle
        self.on_done: Callable[[], None] = lambda: None
        self.on_delivered: Callable[[int], None] = lambda count: None
        self._transport: WSTransport | None = None
        self._hello: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._welcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Called by picows."""
        self._transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Called by picows for each frame."""
        if frame.msg_type != WSMsgType.TEXT:
            return
        data = frame.get_payload_as_bytes()
        if data.startswith(DONE):
            self.on_done()
        elif data.startswith(DELIVER):
            copies = {each.id: each.revision for each in _DELIVER.decode(data).deliveries}
            self.on_delivered(len(copies))
            self.say(encode(Acknowledge(copies)))
        elif data.startswith(REFUSED):
            raise AssertionError(data.decode())
        elif data.startswith(WELCOME):
            self._welcome.set_result(None)
        elif not self._hello.done():
            self._hello.set_result(data)

    def say(self, frame: bytes) -> None:
        """Send an encoded frame."""
        assert self._transport is not None
        self._transport.send(WSMsgType.TEXT, frame)

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
        assert self._transport is not None
        self.say(encode(SignOut()))
        self._transport.send_close()
        self._transport.disconnect()
        await self._transport.wait_disconnected()


async def dialled(engine: EngineProcess, handle: str) -> FastLink:
    """A connection that is not signed in."""
    url = f"wss://{engine.host}:{engine.port}/"
    link = FastLink(handle)
    await ws_connect(lambda: link, url, ssl_context=client_context(), server_hostname="tact")
    return link


async def signed_in(
    engine: EngineProcess, handle: str, key: DeviceKey | None = None, **presence: Any
) -> FastLink:
    """A connection that is signed in."""
    link = await dialled(engine, handle)
    await link.sign_in(key or new_key(), **presence)
    return link


async def accounts(engine: EngineProcess, handles: list[str]) -> None:
    """Make people who then are offline."""
    for first in range(0, len(handles), 20):
        links = await asyncio.gather(*(signed_in(engine, handle) for handle in handles[first : first + 20]))
        await asyncio.gather(*(link.leave() for link in links))


def new_key() -> DeviceKey:
    """A key that is on no disk."""
    return DeviceKey(Ed25519PrivateKey.generate())


def message(id: str, to: str, when: Condition = WHEN_ONLINE) -> bytes:
    """A frame that submits about a hundred bytes of text."""
    frame: Frame = Submit(1, Submission(id, (to,), b"x" * 100, when=when))
    return encode(frame)
