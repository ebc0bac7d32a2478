"""One signed-in connection to an engine: dial, check who it is, prove who we are."""

import asyncio
from collections.abc import Callable, Mapping
from types import TracebackType

from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidURI

from tact_engine.accounts.device import DeviceKey
from tact_engine.client.places import Address, ChangedKey, NoEngine, UnknownEngine
from tact_engine.core.errors import Refused, RemoteError, refusal
from tact_engine.core.members import DEVICE_NAME_LENGTH_MAX
from tact_engine.core.presence import Value
from tact_engine.net.certificate import client_context, engine_of
from tact_engine.wire.codec import Unreadable, decode, encode
from tact_engine.wire.frames import (
    PROTOCOL_VERSION,
    Frame,
    Hello,
    RefusedFrame,
    Side,
    SignIn,
    Welcome,
    signed_text,
)

OPEN_SECONDS = 5
PING_EVERY_SECONDS = 5
PONG_WITHIN_SECONDS = 8


class Greeting(Struct, frozen=True):
    """Who answered, and what the engine's clock said at the welcome (UTC milliseconds)."""

    engine: str
    name: str
    now: int
    is_host: bool = False
    is_open: bool = False


class Proof(Struct, frozen=True):
    """How a device shows that it may speak for `handle`: its key, and once a token or a password where it is new."""

    handle: str
    key: DeviceKey
    token: bytes = b""
    password: str = ""
    computer: str = ""


class Connection:
    """A link on which `handle` is signed in. Use `dial` to make one, and close it."""

    def __init__(self, socket: ClientConnection, greeting: Greeting) -> None:
        self._socket = socket
        self.greeting = greeting

    async def send(self, frame: Frame) -> None:
        """Send `frame`; RemoteError where the link is gone."""
        await _send(self._socket, frame)

    async def receive(self) -> Frame:
        """The next frame that is known; RemoteError where the link is gone, or brings what cannot be read."""
        while True:
            try:
                frame = await _received(self._socket)
            except Unreadable as unreadable:
                raise RemoteError(f"The engine said something unreadable. {unreadable.text}") from unreadable
            if frame is not None:
                return frame

    async def close(self) -> None:
        """Close the link politely."""
        await self._socket.close()

    def cut(self) -> None:
        """Drop the link without a word, as a pulled cable would."""
        self._socket.transport.abort()

    async def __aenter__(self) -> "Connection":
        """The connection itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the link."""
        await self.close()


async def dial(
    address: Address,
    proof: Proof,
    presence: Mapping[str, Value | None],
    until: Mapping[str, int],
    met: Callable[[str], object] = str,
) -> Connection:
    """Connect to `address` and sign in; `met` is told which engine it is before that one has let anybody in.

    NoEngine where nothing answers, ChangedKey where another key answers than `address` names, UnknownEngine where it is
    no engine, Refused where the engine does not let this device in.
    """
    socket = await _open(address)
    try:
        hello = await _checked_hello(socket, address)
        met(hello.engine)
        return Connection(socket, await _sign_in(socket, address, hello, proof, presence, until))
    except BaseException:
        await socket.close()
        raise


async def _open(address: Address) -> ClientConnection:
    try:
        return await connect(
            f"wss://{_in_url(address.host)}:{address.port}/",
            ssl=client_context(),
            server_hostname="tact",
            compression=None,
            open_timeout=OPEN_SECONDS,
            ping_interval=PING_EVERY_SECONDS,
            ping_timeout=PONG_WITHIN_SECONDS,
            close_timeout=1,
            max_size=None,
            user_agent_header=None,
            proxy=None,
        )
    except (
        OSError,
        TimeoutError,
        InvalidHandshake,
        InvalidMessage,
        InvalidURI,
        EOFError,
        UnicodeError,
    ) as error:
        raise NoEngine(_unreachable(address, error)) from error


async def greet(address: Address) -> Greeting:
    """Who answers at `address`, without signing in. NoEngine or UnknownEngine as in `dial`."""
    socket = await _open(address)
    try:
        hello = await _checked_hello(socket, address)
    finally:
        await socket.close()
    return Greeting(hello.engine, hello.name, 0, is_open=hello.open)


async def _sign_in(
    socket: ClientConnection,
    address: Address,
    hello: Hello,
    proof: Proof,
    presence: Mapping[str, Value | None],
    until: Mapping[str, int],
) -> Greeting:
    key, engine = proof.key, hello.engine
    signature = key.sign(signed_text(engine, hello.challenge, proof.handle))
    frame = SignIn(
        PROTOCOL_VERSION,
        proof.handle,
        key.public,
        signature,
        dict(presence),
        dict(until),
        proof.token,
        proof.password,
        proof.computer[:DEVICE_NAME_LENGTH_MAX],
    )
    await _send(socket, frame)
    answer = await _answer(socket, address)
    if isinstance(answer, RefusedFrame):
        raise Refused(answer.code, answer.text, answer.clause, answer.retry_after)
    if not isinstance(answer, Welcome):
        raise UnknownEngine(f"The engine at {address.host}:{address.port} answered out of turn.")
    return Greeting(engine, hello.name, answer.now, answer.host, hello.open)


async def _checked_hello(socket: ClientConnection, address: Address) -> Hello:
    """The greeting of the engine that `address` names, on a certificate that proves it."""
    engine = engine_of(socket.transport.get_extra_info("ssl_object").getpeercert(binary_form=True))
    if address.engine and engine != address.engine:
        raise ChangedKey(
            f"Another engine answered at {address.host}:{address.port} than the one this computer knows."
            " Ask whoever runs it before you trust it."
        )
    hello = await _answer(socket, address)
    if not isinstance(hello, Hello) or not engine or hello.engine != engine:
        raise UnknownEngine(f"What answered at {address.host}:{address.port} is not a Tact engine.")
    if hello.version != PROTOCOL_VERSION:
        raise refusal("version_unsupported", version=hello.version, offered=PROTOCOL_VERSION)
    return hello


async def _answer(socket: ClientConnection, address: Address) -> Frame | None:
    """The next frame from a stranger: NoEngine where none comes in time, UnknownEngine where it is none of ours."""
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            return await _received(socket)
    except TimeoutError as error:
        raise NoEngine(_unreachable(address, error)) from error
    except Unreadable as error:
        raise UnknownEngine(
            f"What answered at {address.host}:{address.port} is not a Tact engine."
        ) from error


async def _send(socket: ClientConnection, frame: Frame) -> None:
    try:
        await socket.send(encode(frame).decode())
    except ConnectionClosed as closed:
        raise RemoteError(_why(closed)) from closed


async def _received(socket: ClientConnection) -> Frame | None:
    try:
        return decode(await socket.recv(decode=False), Side.ENGINE)
    except ConnectionClosed as closed:
        raise RemoteError(_why(closed)) from closed


def _why(closed: ConnectionClosed) -> str:
    said = closed.rcvd.reason if closed.rcvd else ""
    return f"The engine closed the link: {said}." if said else "The link to the engine was lost."


def _unreachable(address: Address, error: Exception) -> str:
    place = f"{address.host}:{address.port}"
    if isinstance(error, ConnectionRefusedError):
        return f"No engine is running at {place}."
    if isinstance(error, TimeoutError):
        return f"Nothing answered at {place}. Check the address, and that both computers are on the same network."
    return f"No engine can be reached at {place} ({error})."


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
