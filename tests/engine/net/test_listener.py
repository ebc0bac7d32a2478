"""The listener lets in, in time and in bounds, makes links, and lets go of them; here mostly without TLS."""

import asyncio
import contextlib
import errno
import gc
import logging
import socket

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, InvalidStatus

from tact_engine.core.addresses import plain_address
from tact_engine.core.errors import LocalError
from tact_engine.net import listener as module
from tact_engine.net.certificate import client_context, identity_in, server_context
from tact_engine.net.listener import Listener, listen
from tact_engine.net.strangers import STRANGERS_PER_ADDRESS_MAX
from tact_engine.net.visit import Visit
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import Note

HERE = "127.0.0.1"
SECONDS_MAX = 20
UPGRADE = (
    "GET / HTTP/1.1\r\nHost: tact\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: {version}\r\n{more}\r\n"
)


class Desk:
    """Knows the links that are there; those that come as one of `members` are signed in at once."""

    def __init__(self):
        self.links = []
        self.numbers = []
        self.members = set()
        self.heard = asyncio.Queue()
        self.changed = asyncio.Event()

    def opened(self, link):
        self.links.append(link)
        self.numbers.append(link.number)
        if len(self.numbers) in self.members:
            link.session.welcomed("tom")
        self.changed.set()

    def received(self, link, frame):
        self.heard.put_nowait(frame)

    def lost(self, link):
        self.links = [each for each in self.links if each is not link]
        self.changed.set()

    async def until(self, count: int):
        """Wait until there are `count` links."""
        async with asyncio.timeout(SECONDS_MAX):
            while len(self.links) != count:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture(autouse=True)
def short_goodbyes(monkeypatch):
    """Who opens a plain connection here never answers a goodbye."""
    monkeypatch.setattr("tact_engine.net.websocket.CLOSE_WITHIN_SECONDS", 0.05)


@pytest.fixture
async def listener(desk):
    listener = await listen(HERE, 0, None, desk)
    yield listener
    await listener.close()


@pytest.fixture
async def streams():
    """Opens plain connections, and closes what was opened."""
    writers = []

    async def opened(listener: Listener, words: str = "", source: str = HERE):
        reader, writer = await asyncio.open_connection(HERE, listener.port, local_addr=(source, 0))
        writers.append(writer)
        writer.write(words.encode("latin-1"))
        return reader, writer

    yield opened
    for writer in writers:
        writer.transport.abort()
    await asyncio.sleep(0)


def dialled(listener, **options):
    return connect(f"ws://{HERE}:{listener.port}/", proxy=None, compression=None, **options)


def upgrade(more: str = "", version: str = "13") -> str:
    return UPGRADE.format(more=more, version=version)


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """All that is said until the connection ends, however it ends."""
    async with asyncio.timeout(SECONDS_MAX):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def let_in(opened, listener: Listener, source: str = HERE) -> asyncio.StreamReader:
    """A connection that was let in: it was answered."""
    reader, _ = await opened(listener, upgrade(), source)
    async with asyncio.timeout(SECONDS_MAX):
        assert (await reader.readline()).startswith(b"HTTP/1.1 101 ")
    return reader


async def is_turned_away(opened, listener: Listener, source: str = HERE) -> bool:
    reader, _ = await opened(listener, upgrade(), source)
    return await rest_of(reader) == b""


# --- links


async def test_every_link_has_a_number_and_an_address(listener, desk):
    async with dialled(listener) as first, dialled(listener) as second:
        for each in (first, second):
            await (await each.ping())
        assert desk.numbers == [1, 2]
        assert [link.address for link in desk.links] == [HERE, HERE]


async def test_whoever_signed_in_may_stay(monkeypatch, desk):
    desk.members.add(2)
    monkeypatch.setattr(module, "SIGN_IN_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, None, desk)
    async with asyncio.timeout(SECONDS_MAX), dialled(listener) as late, dialled(listener) as member:
        await late.wait_closed()
        await (await member.ping())
        assert len(desk.links) == 1
        await listener.close()
        await member.wait_closed()
        assert (member.close_code, member.close_reason) == (1001, "the engine stops")


async def test_frames_that_come_all_at_once_are_all_taken_at_once(desk, tmp_path):
    """TLS hands over many frames in one piece; none of them may be left lying until something else comes."""
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


# --- the way to a link


async def test_a_foreign_origin_is_refused(listener, desk):
    with pytest.raises(InvalidStatus):
        await dialled(listener, origin="https://example.org")
    assert desk.numbers == []


@pytest.mark.parametrize("version", ["8", "12", "", "\xff", "13, 8"])
async def test_another_websocket_is_refused(listener, desk, streams, version):
    reader, _ = await streams(listener, upgrade(version=version))
    assert (await rest_of(reader)).startswith(b"HTTP/1.1 400 ")
    assert desk.numbers == []


@pytest.mark.parametrize(
    "words",
    [
        "GET / HTTP/1.1\r\n" + "X: " + "x" * 20_000,
        "GET / HTTP/1.1\r\n" + "X: x\r\n" * 10_000,
        "GET / HTTP/1.1\r\n" + "X: x\r\n" * 200 + "\r\n",
    ],
    ids=["one long line", "many lines", "many lines and an end"],
)
async def test_a_request_has_bounds(listener, desk, streams, words):
    reader, _ = await streams(listener, words)
    said = await rest_of(reader)
    assert said == b"" or said.startswith(b"HTTP/1.1 400 ")
    assert desk.numbers == []


async def test_nothing_is_compressed(listener):
    async with connect(f"ws://{HERE}:{listener.port}/", proxy=None, compression="deflate") as link:
        assert link.response is not None
        assert "Sec-WebSocket-Extensions" not in link.response.headers


# --- in time


@pytest.mark.rule("J11")
async def test_whoever_does_not_sign_in_is_closed(monkeypatch, desk):
    monkeypatch.setattr(module, "SIGN_IN_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, None, desk)
    async with asyncio.timeout(SECONDS_MAX), dialled(listener) as link:
        await link.wait_closed()
        assert (link.close_code, link.close_reason) == (4002, "sign in within 0.05 s")
    await listener.close()


@pytest.mark.parametrize("words", ["", "GET / HTTP/1.1\r\nHo"], ids=["silent", "half a request"])
@pytest.mark.parametrize("tls", [False, True])
async def test_the_time_runs_from_the_first_moment(monkeypatch, desk, streams, tmp_path, words, tls):
    monkeypatch.setattr(module, "SIGN_IN_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, server_context(identity_in(tmp_path)) if tls else None, desk)
    reader, _ = await streams(listener, words)
    assert len(await rest_of(reader)) < 100  # at most an alert of TLS
    await listener.close()


async def test_whoever_hears_no_goodbye_is_hung_up_on(monkeypatch, desk, streams):
    monkeypatch.setattr(module, "SIGN_IN_WITHIN_SECONDS", 0.05)
    monkeypatch.setattr(module, "CLOSE_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, None, desk)
    await streams(listener, upgrade())
    await desk.until(1)
    desk.links[0].send_lazily(Note(number) for number in range(10**9))  # it will never have said all
    await desk.until(0)
    await listener.close()


# --- in bounds


@pytest.mark.rule("J11")
async def test_one_address_has_so_many_strangers(listener, desk, streams):
    for _ in range(STRANGERS_PER_ADDRESS_MAX):
        await let_in(streams, listener)
    assert await is_turned_away(streams, listener)
    await let_in(streams, listener, source="127.0.0.2")
    assert len(desk.numbers) == STRANGERS_PER_ADDRESS_MAX + 1


async def test_whoever_signed_in_is_no_stranger(desk, streams):
    desk.members.update(range(1, 4))
    listener = await listen(HERE, 0, None, desk, strangers_max=2, strangers_per_address_max=1)
    for _ in range(3):
        await let_in(streams, listener)
    await let_in(streams, listener)
    assert await is_turned_away(streams, listener)
    await listener.close()


@pytest.mark.parametrize("words", ["", "GET / HTTP", upgrade()], ids=["silent", "half a request", "greeted"])
@pytest.mark.parametrize("tls", [False, True])
async def test_whoever_goes_leaves_a_place(desk, streams, tmp_path, words, tls):
    context = server_context(identity_in(tmp_path)) if tls else None
    listener = await listen(HERE, 0, context, desk, strangers_per_address_max=1)
    _, writer = await streams(listener, words)
    assert await is_turned_away(streams, listener)
    writer.transport.abort()
    async with asyncio.timeout(SECONDS_MAX):
        while True:
            with contextlib.suppress(InvalidHandshake, OSError, EOFError):
                async with connect(
                    f"{'wss' if tls else 'ws'}://{HERE}:{listener.port}/",
                    ssl=client_context() if tls else None,
                    proxy=None,
                ):
                    break
    await listener.close()


@pytest.mark.rule("J11")
async def test_the_oldest_makes_way(monkeypatch, desk, streams):
    monkeypatch.setattr("tact_engine.net.strangers.FAIR_SECONDS", -1)
    listener = await listen(HERE, 0, None, desk, strangers_max=2)
    silent, _ = await streams(listener)
    greeted = await let_in(streams, listener)
    third = await let_in(streams, listener)
    assert await rest_of(silent) == b""
    await let_in(streams, listener)
    assert b"\x88" not in await rest_of(greeted), "it is hung up on without a word"
    await desk.until(2)
    await listener.close()
    assert await rest_of(third)


async def test_whoever_makes_way_before_it_was_looked_at_is_gone(monkeypatch, desk, streams):
    """Many may come within one turn of the loop."""
    monkeypatch.setattr("tact_engine.net.strangers.FAIR_SECONDS", -1)
    listener = await listen(HERE, 0, None, desk, strangers_max=1)
    near, far = socket.socketpair()
    other, end = socket.socketpair()
    with near, end:
        listener._meet(far, "10.0.0.1")
        listener._meet(other, "10.0.0.2")
        await listener.close()
    assert (far.fileno(), other.fileno()) == (-1, -1)


async def test_a_connection_that_breaks_while_it_is_made_is_no_link(desk, streams):
    """Where an option of the socket cannot be set any more; the library itself would end the process."""
    listener = await listen(HERE, 0, None, desk)
    near, far = socket.socketpair()  # of a family that has no such options
    near.setblocking(False)
    listener._meet(far, HERE)
    reader, writer = await asyncio.open_connection(sock=near)
    assert await rest_of(reader) == b""
    writer.close()
    assert await let_in(streams, listener)
    await listener.close()


async def test_who_is_turned_away_costs_no_line_each(desk, streams, caplog):
    listener = await listen(HERE, 0, None, desk, strangers_per_address_max=1)
    await let_in(streams, listener)
    with caplog.at_level(logging.DEBUG, "tact_engine"):
        for _ in range(5):
            assert await is_turned_away(streams, listener)
        assert caplog.records == []
        await listener.close()
    assert [(record.getMessage(), vars(record)["times"]) for record in caplog.records] == [
        ("strangers turned away", 5)
    ]


async def test_who_is_turned_away_is_told_of_once_a_minute(monkeypatch, desk, streams):
    told = asyncio.Event()
    monkeypatch.setattr(module, "COUNTED_FOR_SECONDS", 0)
    monkeypatch.setattr(module._log, "warning", lambda event, extra: told.set())
    listener = await listen(HERE, 0, None, desk, strangers_per_address_max=1)
    await let_in(streams, listener)
    for _ in range(2):
        told.clear()
        assert await is_turned_away(streams, listener)
        await asyncio.wait_for(told.wait(), SECONDS_MAX)
    await listener.close()


async def test_what_strangers_do_is_not_logged(listener, desk, streams, caplog):
    with caplog.at_level(logging.DEBUG, "tact_engine"):
        for words in (
            "POST / HTTP/1.0\r\n\r\n",
            upgrade("Origin: x\r\n"),
            upgrade("X\r\n"),
            upgrade() + "\xff" * 9,
        ):
            reader, _ = await streams(listener, words)
            await rest_of(reader)
    assert caplog.records == []


@pytest.mark.parametrize("place", ["opened", "received", "lost"])
async def test_a_bug_of_ours_is_logged(desk, streams, caplog, place):
    def bug(*arguments):
        raise ZeroDivisionError

    desk.members.add(1)
    setattr(desk, place, bug)
    listener = await listen(HERE, 0, None, desk)
    reader, writer = await streams(listener, upgrade())
    writer.write(masked(encode(Note(1)).ljust(300)))
    writer.write_eof()
    await rest_of(reader)
    await listener.close()
    assert caplog.text.count("\nZeroDivisionError\n") == 1


async def test_a_newcomer_who_cannot_be_met_keeps_out_nobody_else(monkeypatch, listener, streams, caplog):
    def once(host):
        monkeypatch.setattr(module, "plain_address", plain_address)
        raise ZeroDivisionError

    monkeypatch.setattr(module, "plain_address", once)
    assert await is_turned_away(streams, listener)
    await let_in(streams, listener)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "words", ["", "no TLS", "GET / HTTP"], ids=["silent", "another language", "half a request"]
)
@pytest.mark.parametrize("tls", [False, True])
async def test_whoever_is_gone_leaves_nothing(monkeypatch, desk, streams, tmp_path, words, tls):
    """What only a search for garbage finds stays for long, and each has hundreds of KiB of the library's memory."""
    monkeypatch.setattr(module, "SIGN_IN_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, server_context(identity_in(tmp_path)) if tls else None, desk)
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            await rest_of((await streams(listener, words))[0])
        await listener.close()
        assert [each for each in gc.get_objects() if isinstance(each, Visit)] == []
    finally:
        gc.enable()


async def test_a_member_who_is_gone_leaves_nothing_much(desk, tmp_path):
    desk.members.add(1)
    listener = await listen(HERE, 0, server_context(identity_in(tmp_path)), desk)
    gc.collect()
    gc.disable()
    try:
        async with connect(f"wss://{HERE}:{listener.port}/", ssl=client_context(), proxy=None):
            await desk.until(1)
            assert [type(each).__name__ for each in gc.get_objects()].count("SSLTransport_Socket") == 1
        await desk.until(0)
        await listener.close()
        assert [type(each).__name__ for each in gc.get_objects()].count("SSLTransport_Socket") == 0
    finally:
        gc.enable()


async def test_a_computer_out_of_files_accepts_later(monkeypatch, listener, streams, caplog):
    loop = asyncio.get_running_loop()
    accept, errors = (
        loop.sock_accept,
        [OSError(errno.EMFILE, "too many"), OSError(errno.ECONNABORTED, "gone")],
    )

    async def sock_accept(listening):
        if errors:
            raise errors.pop()
        return await accept(listening)

    monkeypatch.setattr(loop, "sock_accept", sock_accept)
    monkeypatch.setattr(module, "ACCEPT_AGAIN_SECONDS", 0)
    await let_in(streams, listener)
    await let_in(streams, listener)
    assert errors == []


# --- the port


async def test_closing_lets_go_of_the_port_and_of_strangers(monkeypatch, desk):
    monkeypatch.setattr(module, "LET_GO_WITHIN_SECONDS", 0.05)
    listener = await listen(HERE, 0, None, desk)
    with socket.create_connection((HERE, listener.port)) as stranger:
        async with asyncio.timeout(SECONDS_MAX):
            await listener.close()
        stranger.settimeout(SECONDS_MAX)
        with contextlib.suppress(ConnectionResetError):
            assert stranger.recv(1) == b""
    again = await listen(HERE, listener.port, None, desk)
    await again.close()


async def test_closing_does_not_wait_for_who_does_not_listen(monkeypatch, desk, streams):
    monkeypatch.setattr(module, "LET_GO_WITHIN_SECONDS", 0.05)
    desk.members.add(1)
    listener = await listen(HERE, 0, None, desk)
    await streams(listener, upgrade())
    await desk.until(1)
    async with asyncio.timeout(SECONDS_MAX):
        await listener.close()
    assert desk.links == []


async def test_a_port_in_use_is_a_sentence(listener, desk):
    with pytest.raises(LocalError, match=rf"Port {listener.port} is in use\. Stop the program that has it"):
        await listen(HERE, listener.port, None, desk)


async def test_a_port_that_needs_rights_is_a_sentence(monkeypatch, desk):
    def forbidden(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", forbidden)
    with pytest.raises(LocalError, match=r"Port 80 may not be used by this user\. Choose one above 1023"):
        await listen(HERE, 80, None, desk)


async def test_a_foreign_address_is_a_sentence(desk):
    with pytest.raises(LocalError, match=r"Cannot listen on 192\.0\.2\.77, port 0: .* --host"):
        await listen("192.0.2.77", 0, None, desk)


async def test_a_computer_without_one_of_the_families_listens_on_the_other(monkeypatch, desk):
    create_server = socket.create_server

    def only_ipv4(address, *, family, backlog):
        if family is socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "no IPv6")
        return create_server((HERE, 0), family=family, backlog=backlog)

    monkeypatch.setattr(socket, "create_server", only_ipv4)
    listener = await listen("", 0, None, desk)
    async with dialled(listener):
        await desk.until(1)
    await listener.close()


async def test_what_was_bound_is_let_go_where_the_rest_cannot_be(monkeypatch, desk):
    bound: list[socket.socket] = []
    create_server = socket.create_server

    def once(address, *, family, backlog):
        if bound:
            raise OSError(errno.EADDRINUSE, "in use")
        bound.append(create_server((HERE, 0), backlog=backlog))
        return bound[0]

    async def two(*arguments, **options):
        return [(socket.AF_INET, 0, 0, "", (HERE, 1)), (socket.AF_INET6, 0, 0, "", ("::1", 1, 0, 0))]

    monkeypatch.setattr(socket, "create_server", once)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two)
    with pytest.raises(LocalError, match=r"Port 1 is in use"):
        await listen("localhost", 1, None, desk)
    assert bound[0].fileno() == -1
