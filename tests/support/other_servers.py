"""Servers that are not Tact engines, for clients that were led to the wrong place."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from websockets.asyncio.server import ServerConnection, serve

from tact_engine.client import Address
from tact_engine.net.certificate import identity_in, server_context

HERE = "127.0.0.1"


@asynccontextmanager
async def tls_server(
    folder: Path, handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> AsyncGenerator[Address]:
    """A TLS server with a certificate of its own that is no WebSocket server."""

    async def handled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        await handle(reader, writer)
        writer.close()

    server = await asyncio.start_server(handled, HERE, 0, ssl=_context(folder))
    async with server:
        yield Address(HERE, server.sockets[0].getsockname()[1])


@asynccontextmanager
async def websocket_server(
    folder: Path, handle: Callable[[ServerConnection], Awaitable[None]]
) -> AsyncGenerator[Address]:
    """A WebSocket server over TLS that is no engine; a link ends when `handle` returns."""
    async with serve(handle, HERE, 0, ssl=_context(folder), close_timeout=1) as server:
        yield Address(HERE, next(iter(server.sockets)).getsockname()[1])


def _context(folder: Path) -> ssl.SSLContext:
    return server_context(identity_in(folder))
