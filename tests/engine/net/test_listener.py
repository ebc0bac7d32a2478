"""The listener makes links, in time, and lets go of them; here without TLS."""

import asyncio
import contextlib
import socket

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tact_engine.core.errors import LocalError
from tact_engine.net.certificate import client_context, identity_in, server_context
from tact_engine.net.listener import listen
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import Note

HERE = "127.0.0.1"
SECONDS_MAX = 20


class Desk:
    """Knows the links that are there."""

    def __init__(self):
        self.links = []
        self.numbers = []
        self.members = set()
        self.heard = asyncio.Queue()

    def opened(self, link):
        self.links.append(link)
        self.numbers.append(link.number)
        if link.number in self.members:
            link.session.welcomed("tom")

    def received(self, link, frame):
        self.heard.put_nowait(frame)

    def lost(self, link):
        self.links.remove(link)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
async def listener(desk):
    listener = await listen(HERE, 0, None, desk)
    yield listener
    await listener.close()


def dialled(listener, **options):
    return connect(f"ws://{HERE}:{listener.port}/", proxy=None, compression=None, **options)


async def test_every_link_has_a_number_of_its_own(listener, desk):
    async with dialled(listener) as first, dialled(listener) as second:
        for each in (first, second):
            await (await each.ping())
        assert desk.numbers == [1, 2]
        assert len(desk.links) == 2


async def test_a_foreign_origin_is_refused(listener, desk):
    with pytest.raises(InvalidStatus):
        await dialled(listener, origin="https://example.org")
    assert desk.numbers == []


async def test_whoever_does_not_sign_in_is_closed(monkeypatch, desk):
    monkeypatch.setattr("tact_engine.net.listener.SIGN_IN_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, None, desk)
    async with asyncio.timeout(SECONDS_MAX), dialled(listener) as link:
        await link.wait_closed()
        assert (link.close_code, link.close_reason) == (4002, "sign in within 10 s")
    await listener.close()


async def test_whoever_signed_in_may_stay(monkeypatch, desk):
    desk.members.add(2)
    monkeypatch.setattr("tact_engine.net.listener.SIGN_IN_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, None, desk)
    async with asyncio.timeout(SECONDS_MAX), dialled(listener) as late, dialled(listener) as member:
        await late.wait_closed()
        await (await member.ping())
        assert len(desk.links) == 1
        await listener.close()
        await member.wait_closed()
        assert (member.close_code, member.close_reason) == (1001, "the engine stops")


async def test_closing_lets_go_of_the_port_and_of_strangers(monkeypatch, desk):
    monkeypatch.setattr("tact_engine.net.listener.LET_GO_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, None, desk)
    with socket.create_connection((HERE, listener.port)) as stranger:
        async with asyncio.timeout(SECONDS_MAX):
            await listener.close()
        stranger.settimeout(SECONDS_MAX)
        with contextlib.suppress(ConnectionResetError):
            assert stranger.recv(1) == b""
    again = await listen(HERE, listener.port, None, desk)
    await again.close()


async def test_a_port_in_use_is_a_sentence(listener, desk):
    with pytest.raises(LocalError, match=rf"Port {listener.port} is in use\. Stop the program that has it"):
        await listen(HERE, listener.port, None, desk)


async def test_a_port_that_needs_rights_is_a_sentence(monkeypatch, desk):
    def forbidden(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tact_engine.net.listener.serve", forbidden)
    with pytest.raises(LocalError, match=r"Port 80 may not be used by this user\. Choose one above 1023"):
        await listen(HERE, 80, None, desk)


async def test_a_foreign_address_is_a_sentence(desk):
    with pytest.raises(LocalError, match=r"Cannot listen on 192\.0\.2\.77, port 0: .* --host"):
        await listen("192.0.2.77", 0, None, desk)


async def test_frames_that_come_all_at_once_are_all_taken_at_once(monkeypatch, desk, tmp_path):
    """TLS hands over many frames in one piece; none of them may be left lying until something else comes."""
    monkeypatch.setattr("tact_engine.net.listener.PING_EVERY_SECONDS", 3600)
    desk.members.add(1)
    listener = await listen(HERE, 0, server_context(identity_in(tmp_path)), desk)
    notes = [Note(number) for number in range(100)]
    link = connect(
        f"wss://{HERE}:{listener.port}/",
        ssl=client_context(),
        proxy=None,
        compression=None,
        ping_interval=None,
    )
    async with asyncio.timeout(SECONDS_MAX), link as member:
        member.transport.write(b"".join(masked(encode(note).ljust(300)) for note in notes))
        assert [await desk.heard.get() for _ in notes] == notes
    await listener.close()


def masked(payload: bytes) -> bytes:
    """A WebSocket text frame of 126 to 65,535 bytes, as a client writes it; masked with zeros."""
    return bytes([0x81, 0x80 | 126]) + len(payload).to_bytes(2, "big") + bytes(4) + payload
