"""Engines that are not the right one: what they show, what they say, and everything they are told."""

import asyncio
import base64
import functools
import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tact_engine.client import Address
from tact_engine.net.certificate import client_context, engine_of
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import PROTOCOL_VERSION, Hello, People, Welcome

HERE = "127.0.0.1"
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
DATA_KINDS = (0, 1, 2)
CLOSES = 0x88
"""How a frame begins that says goodbye."""
EXPECTED_LINES = {"get", "host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version"}


class Impostor:
    """Answers at `address` with `certificate` (PEM with its key). `heard` is all that came out of TLS."""

    def __init__(self, certificate: bytes, **manners: Any) -> None:
        self.certificate = certificate
        self.manners = manners
        self.heard = b""
        self.address = Address(HERE, 0)

    @property
    def engine(self) -> str:
        """The id that its certificate proves."""
        found = x509.load_pem_x509_certificate(self.certificate[self.certificate.index(b"-----BEGIN CERT") :])
        return engine_of(found.public_bytes(Encoding.DER))

    def told(self) -> str:
        """What it was told beyond the request for a WebSocket; "" for nothing."""
        request, _, frames = self.heard.partition(b"\r\n\r\n")
        names = {line.partition(b":")[0].partition(b" ")[0].lower().decode() for line in request.splitlines()}
        if names - EXPECTED_LINES - {"sec-websocket-extensions"}:
            return f"lines in the request: {sorted(names - EXPECTED_LINES)}"
        while len(frames) >= 2:
            kind, size, start = frames[0] & 15, frames[1] & 127, 2
            if size > 125:
                start = 4 if size == 126 else 10
                size = int.from_bytes(frames[2:start])
            if kind in DATA_KINDS:
                return f"a frame of {size} bytes"
            frames = frames[start + 4 + size :]
        return ""

    @asynccontextmanager
    async def listening(self, folder: Path) -> AsyncGenerator["Impostor"]:
        """Listen on a free port meanwhile."""
        path = folder / f"impostor-{id(self)}.pem"
        path.write_bytes(self.certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        if self.manners.get("old_tls"):
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        links: set[asyncio.Task[Any]] = set()

        async def received(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            links.add(task)
            try:
                await self._talk(reader, writer)
            except (OSError, ssl.SSLError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(received, HERE, 0, ssl=context)
        async with server:
            self.address = Address(HERE, server.sockets[0].getsockname()[1])
            yield self
            await asyncio.wait(links, timeout=5) if links else None
            for each in links:
                each.cancel()
            await asyncio.gather(*links, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if target := self.manners.get("relays_to"):
            await self._relay(reader, writer, target)
            return
        request = await reader.readuntil(b"\r\n\r\n")
        self.heard += request
        writer.write(_switching(request))
        for frame in self.manners.get("says", lambda impostor: [])(self):
            payload = encode(frame)
            writer.write(b"\x81" + _length(len(payload)) + payload)
        while piece := await reader.read(65_536):
            self.heard += piece
            if piece[0] == CLOSES:
                writer.write(bytes([CLOSES, 0]))
                return

    async def _relay(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: Address
    ) -> None:
        """A man in the middle: all that comes from either side goes on to the other."""
        there, far = await asyncio.open_connection(
            target.host, target.port, ssl=client_context(), server_hostname="tact"
        )

        async def back() -> None:
            while piece := await there.read(65_536):
                writer.write(piece)
            writer.close()

        coming = asyncio.create_task(back())
        try:
            while piece := await reader.read(65_536):
                self.heard += piece
                far.write(piece)
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
            far.transport.abort()


def greets(
    id_of: Callable[[Impostor], str], version: int = PROTOCOL_VERSION
) -> Callable[[Impostor], list[Any]]:
    """What an engine says first, with an id of the test's choice."""
    return lambda impostor: [Hello(version, id_of(impostor), "Office", b"c" * 32, open=True)]


def welcomes(impostor: Impostor) -> list[Any]:
    """What an engine says only to whom it has let in."""
    del impostor
    return [Welcome("tom", 1_800_000_000_000), People(())]


def certificate(kind: str, like: bytes = b"") -> bytes:
    """A new certificate with its key, as PEM: of another kind of key, or `like` another one in all but that."""
    key = _KEYS[kind]()
    model = x509.load_pem_x509_certificate(like) if like else None
    name = model.subject if model else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tact engine")])
    begin = model.not_valid_before_utc if model else datetime.now(UTC) - timedelta(days=2)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(model.serial_number if model else x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(model.not_valid_after_utc if model else begin + timedelta(days=3_000))
        .sign(key, None if kind == "ed25519" else hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + made.public_bytes(Encoding.PEM)


@functools.cache
def _rsa() -> Any:
    return rsa.generate_private_key(65_537, 2_048)


_KEYS: dict[str, Callable[[], Any]] = {
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "rsa": _rsa,
}


def _switching(request: bytes) -> bytes:
    """The answer that makes a WebSocket of a connection."""
    lines = [line.partition(b": ") for line in request.split(b"\r\n")]
    key = next(value for name, _, value in lines if name.lower() == b"sec-websocket-key")
    accept = base64.b64encode(sha1(key + MAGIC).digest()).decode()
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n"
    ).encode()


def _length(size: int) -> bytes:
    return bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2)
