"""One connection from the moment it is accepted until it is gone, whether it ever becomes a link or not."""

import asyncio
import socket
from contextlib import suppress
from typing import Any, cast

from tact_engine.net.link import Link


class Visit(asyncio.BufferedProtocol):
    """Stands between a connection and `inner`, the library's end of it; `link` is there after both handshakes.

    The library does not survive a connection that breaks in the very moment of being made, as some systems show it by
    refusing an option of the socket; so it never hears of such a one.
    """

    def __init__(self, number: int, address: str, sock: socket.socket, inner: Any) -> None:
        self.number, self.address, self.sock = number, address, sock
        self.transport: asyncio.Transport | None = None  # until TLS is spoken
        self.link: Link | None = None
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.task: asyncio.Task[None]
        self.timer: asyncio.TimerHandle
        self._inner: Any = inner
        self._is_made = False

    def abort(self) -> None:
        """Hang up, whatever it is about."""
        if self.transport is not None:
            self.transport.abort()
            return
        with suppress(
            OSError
        ):  # which makes the library let go of all it has, not only when its own time is over
            self.sock.shutdown(socket.SHUT_RDWR)

    def forget(self) -> None:
        """Let go of what holds much memory: nothing more comes. Else it would be found to be of no use much later."""
        self._inner = self.transport = self.link = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there, after the handshake of TLS."""
        try:
            self._inner.connection_made(transport)
            self._is_made = True
        except OSError:
            # Not at once: who called this is not done with the connection yet.
            asyncio.get_running_loop().call_soon(cast("asyncio.Transport", transport).abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        if self._is_made:
            self._inner.connection_lost(exc)
        if not self.gone.done():
            self.gone.set_result(None)

    def get_buffer(self, sizehint: int) -> Any:
        """Where the next bytes go."""
        return self._inner.get_buffer(sizehint)

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes are there."""
        self._inner.buffer_updated(nbytes)

    def eof_received(self) -> bool:
        """The other side says nothing more."""
        return False

    def pause_writing(self) -> None:
        """The other side does not read."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The other side reads again."""
        self._inner.resume_writing()
