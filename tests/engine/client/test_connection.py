"""Dialling: who answers is checked before anything is said, and every failure is a sentence."""

import asyncio
import socket
from pathlib import Path

import pytest

from tact_engine.client.connection import Connection, Proof, dial, greet
from tact_engine.client.places import Address, ChangedKey, NoEngine, UnknownEngine
from tact_engine.core.errors import Refused, RemoteError
from tact_engine.net.certificate import identity_in
from tact_engine.wire.codec import decode, encode
from tact_engine.wire.frames import (
    PROTOCOL_VERSION,
    Done,
    Hello,
    People,
    PrivacyFrame,
    RefusedFrame,
    Side,
    SignOut,
    Welcome,
    Withdraw,
)
from tests.support.bare_link import new_key
from tests.support.other_servers import tls_server, websocket_server

HERE = "127.0.0.1"
SECONDS_MAX = 20
KEY = new_key()


async def test_signing_in_says_who_answered(engine, name):
    tom = name("tom")
    async with await dial(engine.address, Proof(tom, KEY), {}, {}) as connection:
        assert (connection.greeting.engine, connection.greeting.name) == (engine.engine, engine.name)
        assert connection.greeting.now > 0
        assert isinstance(await connection.receive(), PrivacyFrame)
        assert isinstance(await connection.receive(), People)


async def test_a_greeting_needs_no_sign_in(engine):
    greeting = await greet(engine.address)
    assert (greeting.engine, greeting.name) == (engine.engine, engine.name)


async def test_frames_travel_both_ways(engine, name):
    async with await dial(engine.address, Proof(name("tom"), KEY), {}, {}) as connection:
        await connection.send(Withdraw(9, "none"))
        while isinstance(frame := await connection.receive(), People | PrivacyFrame):
            pass
        assert isinstance(frame, RefusedFrame)
        assert (frame.request, frame.code) == (9, "unknown_message")


async def test_a_link_that_was_cut_is_an_error_to_read_and_to_write(engine, name):
    connection = await dial(engine.address, Proof(name("tom"), KEY), {}, {})
    connection.cut()
    with pytest.raises(RemoteError, match="The link to the engine was lost"):
        await all_from(connection)
    with pytest.raises(RemoteError, match="The link to the engine was lost"):
        await connection.send(SignOut())
    await connection.close()


async def all_from(connection: Connection):
    """Read until that is not possible any more."""
    while True:
        await connection.receive()


@pytest.mark.rule("J12")
async def test_a_wrong_pin_is_a_hard_stop(engine):
    wrong, met = Address(engine.host, engine.port, "0" * 64), []
    with pytest.raises(ChangedKey, match=r"Another engine answered at .* Ask whoever runs it"):
        await dial(wrong, Proof("tom", KEY), {}, {}, met.append)
    with pytest.raises(ChangedKey):
        await greet(wrong)
    assert met == []


async def test_which_engine_it_is_is_told_before_it_lets_anybody_in(engine, name):
    met = []
    with pytest.raises(Refused, match="invitation is used") as refused:
        async with await dial(engine.address, Proof(name("tom"), KEY, b"t" * 16), {}, {}, met.append):
            pass
    assert (refused.value.code, met) == ("invitation_over", [engine.engine])


async def test_what_a_computer_is_called_is_cut_to_what_fits(tmp_path):
    heard = []

    async def listens(link):
        await link.send(greeting_of(tmp_path))
        heard.append(decode(await link.recv(decode=False), Side.CLIENT))
        await link.send(encode(RefusedFrame(0, "guessed_too_often", "Wait.", retry_after=7_000)).decode())
        await link.wait_closed()

    async with websocket_server(tmp_path, listens) as address:
        proof = Proof("tom", KEY, b"t" * 16, "a password", "c" * 100)
        with pytest.raises(Refused, match="Wait") as refused:
            await dial(address, proof, {}, {})
    assert refused.value.retry_after == 7_000
    (said,) = heard
    assert (said.token, said.password, said.computer) == (b"t" * 16, "a password", "c" * 64)


async def test_a_port_without_an_engine_gets_a_sentence():
    with socket.create_server((HERE, 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NoEngine, match=rf"No engine is running at {HERE}:{port}"):
        await dial(Address(HERE, port), Proof("tom", KEY), {}, {})


async def test_a_host_that_is_none_gets_a_sentence():
    with pytest.raises(NoEngine, match=r"No engine can be reached at a\.\.b:1"):
        await dial(Address("a..b", 1), Proof("tom", KEY), {}, {})
    with pytest.raises(NoEngine, match="No engine can be reached at a#b:1"):
        await dial(Address("a#b", 1), Proof("tom", KEY), {}, {})


async def test_a_server_that_is_silent_before_tls_gets_a_sentence(monkeypatch):
    monkeypatch.setattr("tact_engine.client.connection.OPEN_SECONDS", 0.2)
    with (
        socket.create_server((HERE, 0)) as silent,
        pytest.raises(NoEngine, match=r"Nothing answered at .* Check the address"),
    ):
        await dial(Address(HERE, silent.getsockname()[1]), Proof("tom", KEY), {}, {})


async def test_a_server_without_tls_gets_a_sentence():
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, HERE, 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(NoEngine, match="No engine can be reached at"):
            await dial(Address(HERE, port), Proof("tom", KEY), {}, {})


async def test_a_web_server_gets_a_sentence(tmp_path):
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

    async with tls_server(tmp_path, web) as address:
        with pytest.raises(NoEngine, match="No engine can be reached at"):
            await dial(address, Proof("tom", KEY), {}, {})


async def test_a_server_that_is_silent_after_tls_gets_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("tact_engine.client.connection.OPEN_SECONDS", 0.2)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        await reader.read()

    async with tls_server(tmp_path, silent) as address:
        with pytest.raises(NoEngine, match="Nothing answered at"):
            await dial(address, Proof("tom", KEY), {}, {})


@pytest.mark.parametrize("words", ["hello there", "{}", b"\xff\x00", '{"type":"welcome"}', "[" * 10_000])
async def test_another_websocket_server_is_no_engine(tmp_path, words):
    async def talk(link):
        await link.send(words)
        await link.wait_closed()

    async with websocket_server(tmp_path, talk) as address:
        with pytest.raises(UnknownEngine, match="is not a Tact engine"):
            await dial(address, Proof("tom", KEY), {}, {})


async def test_a_websocket_server_that_says_nothing_gets_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("tact_engine.client.connection.OPEN_SECONDS", 0.2)

    async def silent(link):
        await link.wait_closed()

    async with websocket_server(tmp_path, silent) as address, asyncio.timeout(SECONDS_MAX):
        with pytest.raises(NoEngine, match="Nothing answered at"):
            await dial(address, Proof("tom", KEY), {}, {})


async def test_one_who_repeats_the_id_of_another_engine_is_found_out(tmp_path, engine):
    async def pretend(link):
        await link.send(encode(Hello(PROTOCOL_VERSION, engine.engine, engine.name, b"c" * 32, True)).decode())
        await link.wait_closed()

    async with websocket_server(tmp_path, pretend) as address:
        with pytest.raises(UnknownEngine, match="is not a Tact engine"):
            await dial(address, Proof("tom", KEY), {}, {})


def greeting_of(folder: Path, version: int = PROTOCOL_VERSION) -> str:
    return encode(Hello(version, identity_in(folder).engine, "Old", b"c" * 32, True)).decode()


async def test_another_protocol_version_is_refused_before_signing_in(tmp_path):
    heard = []

    async def old(link):
        await link.send(greeting_of(tmp_path, version=1))
        heard.extend([frame async for frame in link])

    async with websocket_server(tmp_path, old) as address:
        with pytest.raises(
            Refused, match=f"The engine speaks protocol 1, the client {PROTOCOL_VERSION}"
        ) as refused:
            await dial(address, Proof("tom", KEY), {}, {})
    assert refused.value.code == "version_unsupported"
    assert heard == []


async def test_an_engine_that_answers_out_of_turn_is_none(tmp_path):
    async def confused(link):
        await link.send(greeting_of(tmp_path))
        await link.recv()
        await link.send(encode(Done(1)).decode())
        await link.wait_closed()

    async with websocket_server(tmp_path, confused) as address:
        with pytest.raises(UnknownEngine, match="answered out of turn"):
            await dial(address, Proof("tom", KEY), {}, {})


async def test_an_engine_that_dies_while_signing_in_is_a_lost_link(tmp_path):
    async def dies(link):
        await link.send(greeting_of(tmp_path))
        link.transport.abort()

    async with websocket_server(tmp_path, dies) as address:
        for _ in range(5):  # the loss is seen while sending or while reading
            with pytest.raises(RemoteError, match="The link to the engine was lost"):
                await dial(address, Proof("tom", KEY), {}, {})


async def test_why_an_engine_closes_is_passed_on(tmp_path):
    async def full(link):
        await link.send(greeting_of(tmp_path))
        await link.recv()
        await link.close(4999, "the house is full")

    async with websocket_server(tmp_path, full) as address:
        with pytest.raises(RemoteError, match=r"The engine closed the link: the house is full\."):
            await dial(address, Proof("tom", KEY), {}, {})


async def test_an_optional_frame_from_a_newer_engine_is_passed_over(tmp_path):
    async def newer(link):
        await link.send(greeting_of(tmp_path))
        await link.recv()
        await link.send(encode(Welcome("tom", 1)).decode())
        await link.send('{"type": "fireworks", "optional": true, "colour": "red"}')
        await link.send(encode(Done(7)).decode())
        await link.wait_closed()

    async with (
        websocket_server(tmp_path, newer) as address,
        await dial(address, Proof("tom", KEY), {}, {}) as connection,
    ):
        assert await connection.receive() == Done(7)


@pytest.mark.parametrize("words", ["hello", b"\xff\x00", "{}", '{"type": "fireworks"}', '{"type": "done"}'])
async def test_what_cannot_be_read_after_signing_in_is_a_lost_link(tmp_path, words):
    async def odd(link):
        await link.send(greeting_of(tmp_path))
        await link.recv()
        await link.send(encode(Welcome("tom", 1)).decode())
        await link.send(words)
        await link.wait_closed()

    async with (
        websocket_server(tmp_path, odd) as address,
        await dial(address, Proof("tom", KEY), {}, {}) as connection,
    ):
        with pytest.raises(RemoteError, match="The engine said something unreadable") as lost:
            await connection.receive()
        assert not isinstance(lost.value, Refused | UnknownEngine)
