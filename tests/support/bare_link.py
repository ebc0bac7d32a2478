"""A link to an engine with nothing on it: for saying what a good client never says."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tact_engine.accounts.device import DeviceKey
from tact_engine.client import Address
from tact_engine.net.certificate import client_context
from tact_engine.wire.frames import PROTOCOL_VERSION, signed_text
from tests.support.engine_process import EngineProcess

HEAR_SECONDS_MAX = 20


class BareLink:
    """One connection; frames are dictionaries, and nothing is checked."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.hello: dict[str, Any] = {}
        self._requests = 0

    async def say(self, frame: dict[str, Any] | str | bytes) -> None:
        """Send `frame`, or the very text or bytes."""
        await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def hear(self, *types: str) -> dict[str, Any]:
        """The next frame; the next of one of `types` where any are named, passing over others."""
        async with asyncio.timeout(HEAR_SECONDS_MAX):
            while True:
                frame = json.loads(await self.socket.recv())
                if not types or frame["type"] in types:
                    return frame

    async def ask(self, frame: dict[str, Any]) -> dict[str, Any]:
        """The answer to `frame`, which gets the next request number."""
        self._requests += 1
        await self.say(frame | {"request": self._requests})
        while True:
            answer = await self.hear("done", "refused")
            if answer["request"] == self._requests:
                return answer

    async def acknowledge(self, deliveries: list[dict[str, Any]]) -> None:
        """Say that these copies are stored."""
        copies = {each["id"]: each.get("revision", 1) for each in deliveries}
        await self.say({"type": "acknowledge", "copies": copies})

    async def sign_in(self, handle: str, key: DeviceKey | None = None, **changed: object) -> dict[str, Any]:
        """The answer to signing in; `changed` are fields to send as given."""
        key = key or new_key()
        text = signed_text(self.hello["engine"], base64.b64decode(self.hello["challenge"]), handle)
        frame = {
            "type": "sign_in",
            "version": PROTOCOL_VERSION,
            "handle": handle,
            "device_key": in_base64(key.public),
            "signature": in_base64(key.sign(text)),
            "presence": {},
        }
        await self.say(frame | changed)
        return await self.hear("welcome", "refused")

    async def rest(self) -> list[dict[str, Any]]:
        """All that comes until the engine closes the link."""
        frames: list[dict[str, Any]] = []
        async with asyncio.timeout(HEAR_SECONDS_MAX):
            with suppress(ConnectionClosed):
                while True:
                    frames.append(json.loads(await self.socket.recv()))
        return frames

    async def closed(self) -> tuple[int, str]:
        """How the engine closed the link: code and reason."""
        async with asyncio.timeout(HEAR_SECONDS_MAX):
            await self.socket.wait_closed()
        return self.socket.close_code or 0, self.socket.close_reason or ""


@asynccontextmanager
async def bare_link(address: Address, **options: Any) -> AsyncGenerator[BareLink]:
    """A connected link that has been greeted and has not signed in; `options` are those of the websockets library."""
    socket = await connect(
        f"wss://{address.host}:{address.port}/",
        ssl=client_context(),
        server_hostname="tact",
        compression=None,
        proxy=None,
        max_size=None,
        close_timeout=1,
        **options,
    )
    async with socket:
        link = BareLink(socket)
        link.hello = await link.hear("hello")
        yield link


async def let_pass(engine: EngineProcess, seconds: float) -> None:
    """Drive the clock of `engine`, until whatever it hears next comes after that."""
    begun = await _engine_ms(engine)
    engine.advance(seconds)
    while await _engine_ms(engine) < begun + seconds * 1000:
        pass


async def _engine_ms(engine: EngineProcess) -> int:
    async with bare_link(engine.address) as link:
        return (await link.sign_in(f"clock-{uuid4().hex[:20]}"))["now"]


def new_key() -> DeviceKey:
    """A key that is on no disk."""
    return DeviceKey(Ed25519PrivateKey.generate())


def in_base64(data: bytes) -> str:
    """`data` as it travels in a frame."""
    return base64.b64encode(data).decode()


def submission(to: str, body: str = "hello", /, **changed: object) -> dict[str, Any]:
    """A submit frame to `to`; `changed` are fields of the submission to send as given."""
    fields: dict[str, object] = {"id": f"{to}-{body}", "to": [to], "body": in_base64(body.encode())}
    return {"type": "submit", "submission": fields | changed}
