"""Whoever is not a client is turned away in time, and keeps nobody waiting."""

import asyncio
import socket
import ssl

import pytest
from websockets.exceptions import InvalidStatus

from tact_engine.net.certificate import client_context
from tact_engine.net.listener import SIGN_IN_WITHIN_SECONDS
from tests.support.bare_link import bare_link
from tests.support.engine_process import EngineProcess

SPARE_SECONDS = 20


async def connected(engine: EngineProcess, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    context = client_context() if tls else None
    name = "tact" if tls else None
    return await asyncio.open_connection(engine.host, engine.port, ssl=context, server_hostname=name)


async def end_of(engine: EngineProcess, tls: bool, words: bytes = b"") -> bytes:
    """All that the engine says to a stranger who says `words`, until it hangs up."""
    reader, writer = await connected(engine, tls)
    try:
        async with asyncio.timeout(SIGN_IN_WITHIN_SECONDS + SPARE_SECONDS):
            writer.write(words)
            try:
                return await reader.read()
            except (ConnectionError, ssl.SSLError):
                return b""
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("origin", ["https://example.org", "null", f"https://{'x' * 100}"])
async def test_a_web_page_is_no_client(engine, origin):
    with pytest.raises(InvalidStatus) as refused:
        async with bare_link(engine.address, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_http_without_tls_is_hung_up_on(engine):
    assert b"HTTP" not in await end_of(engine, False, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


async def test_http_that_is_no_websocket_is_refused(engine):
    said = await end_of(engine, True, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400")


async def test_an_older_tls_is_refused(engine):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection(engine.host, engine.port, ssl=context, server_hostname="tact")


async def test_whoever_does_not_sign_in_is_cut_off_in_time(engine, name):
    async def greeted() -> tuple[int, str]:
        async with bare_link(engine.address) as link:
            return await link.closed()

    async def dribbling() -> None:
        reader, writer = await connected(engine, True)
        for byte in b"GET / HTTP/1.1\r\n" * 1000:
            writer.write(bytes([byte]))
            try:
                async with asyncio.timeout(0.2):
                    assert await reader.read(1) == b""
                    break
            except TimeoutError:
                pass
        writer.transport.abort()

    async with bare_link(engine.address) as member, asyncio.timeout(SIGN_IN_WITHIN_SECONDS + SPARE_SECONDS):
        await member.sign_in(name("tom"))
        said = await asyncio.gather(end_of(engine, False), end_of(engine, True), greeted(), dribbling())
        assert said[2] == (4002, "sign in within 10 s")
        assert (await member.ask({"type": "set_presence", "changes": {}}))["type"] == "done"


async def test_strangers_do_not_keep_an_engine_from_stopping(tmp_path):
    engine = EngineProcess(tmp_path / "own").start()
    try:
        _, tcp = await connected(engine, False)
        _, tls = await connected(engine, True)
        async with bare_link(engine.address) as greeted:
            engine_stopped = asyncio.get_running_loop().run_in_executor(None, engine.stop)
            assert await greeted.closed() == (1001, "the engine stops")
            assert await engine_stopped == 0
        assert engine.said == ""
        tcp.transport.abort()
        tls.transport.abort()
    finally:
        engine.clean_up()


async def test_a_handshake_that_breaks_off_leaves_one_line_in_the_log_and_no_noise(tmp_path):
    engine = EngineProcess(tmp_path / "own").start()
    try:
        socket.create_connection((engine.host, engine.port)).close()
        async with bare_link(engine.address):
            pass
        assert (engine.stop(), engine.said) == (0, "")
        assert engine.log()
    finally:
        engine.clean_up()
