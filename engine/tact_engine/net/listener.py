"""The listener: one port, WebSocket over TLS; it makes links and knows nothing of what they say.

It accepts connections by itself: so whoever is turned away costs no handshake, and the time to sign in runs from the
first moment. A handshake with an Origin header is refused: web pages are not clients.
"""

import asyncio
import errno
import logging
import socket
import ssl
from collections import Counter
from functools import partial
from http import HTTPStatus
from itertools import count
from typing import Any

import aiofastnet
from picows import (
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,  # pyright: ignore[reportUnknownVariableType]
)

from tact_engine.core.addresses import plain_address
from tact_engine.core.errors import LocalError
from tact_engine.net.link import CLOSE_STOPPING, Link, Receiver
from tact_engine.net.strangers import STRANGERS_MAX, STRANGERS_PER_ADDRESS_MAX, Strangers
from tact_engine.net.visit import Visit
from tact_engine.net.websocket import CLOSE_WITHIN_SECONDS, WebSocket
from tact_engine.wire.frames import FRAME_BYTES_MAX

SIGN_IN_WITHIN_SECONDS = 10
LET_GO_WITHIN_SECONDS = 3
COUNTED_FOR_SECONDS = 60
WAITING_MAX = 512
ACCEPTED_AT_ONCE_MAX = 64
ACCEPT_AGAIN_SECONDS = 0.2
KERNEL_BYTES_MAX = 128 * 1024
"""What the system may keep for a link whose other side does not read; it would take megabytes."""
TLS_BUFFER_BYTES = 16 * 1024 + 64
"""One record; the least that the library takes."""
READ_BUFFER_BYTES = 2 * 1024
"""What a link reads into; it grows with the largest message that comes in."""
CLOSE_TOO_LATE = 4002
_SCARCE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_NO_SUCH_FAMILY = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)

_log = logging.getLogger(__name__)


class _BugsOnly(logging.LoggerAdapter[logging.Logger]):
    """Leaves out what the library logs of every link, which could fill a disk, and keeps what is a bug of ours."""

    def log(self, level: int, msg: object, *args: object, **options: Any) -> None:
        """Log an exception, and nothing else."""
        if options.get("exc_info"):
            super().log(level, msg, *args, **options)


class Listener:
    """Listens until closed. `port` is the one it got."""

    def __init__(
        self,
        sockets: list[socket.socket],
        context: ssl.SSLContext | None,
        receiver: Receiver,
        strangers: Strangers,
    ) -> None:
        self.port: int = sockets[0].getsockname()[1]
        self._sockets = sockets
        self._tls = _tls(context) if context else {}
        self._receiver = receiver
        self._strangers = strangers
        self._numbers = count(1)
        self._visits: dict[int, Visit] = {}
        self._make_protocol: Any
        self._accepting: list[asyncio.Task[None]] = []
        self._counted: Counter[str] = Counter()
        self._telling: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        """Accept connections from now on."""
        server = await ws_create_server(
            self._answer,
            sock=self._sockets[0],
            start_serving=False,  # it only lends us what it would make for each connection
            use_aiofastnet=False,
            websocket_handshake_timeout=None,  # there is one limit for all of the way to the sign-in
            enable_auto_pong=False,
            max_frame_size=FRAME_BYTES_MAX,
            read_buffer_init_size=READ_BUFFER_BYTES,
            logger_name=_BugsOnly(_log),
        )
        self._make_protocol = server._protocol_factory  # pyright: ignore
        asyncio.get_running_loop().set_exception_handler(self._unhandled)
        self._accepting = [asyncio.create_task(self._accept(each)) for each in self._sockets]

    async def close(self) -> None:
        """Say goodbye to every link and let go of the port; who never became a link is not waited for."""
        for task in self._accepting:
            task.cancel()
        await asyncio.gather(*self._accepting, return_exceptions=True)
        for sock in self._sockets:
            sock.close()
        for visit in tuple(self._visits.values()):
            if visit.link is None:
                visit.abort()
            else:
                visit.link.close(CLOSE_STOPPING, "the engine stops")
        await self._all_gone(LET_GO_WITHIN_SECONDS)
        for visit in tuple(self._visits.values()):
            visit.abort()
        await self._all_gone(LET_GO_WITHIN_SECONDS)
        asyncio.get_running_loop().set_exception_handler(None)
        self._tell()

    async def _all_gone(self, within: float) -> None:
        tasks = [visit.task for visit in self._visits.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=within)
            await asyncio.sleep(0)  # for the last word of their transports

    # --- the door ------------------------------------------------------------------------------------------------

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for turn in count(1):
            try:
                sock, peer = await loop.sock_accept(listening)
            except OSError as error:  # they are gone already, or there is no room for one more file
                self._count("connections that could not be accepted")
                await asyncio.sleep(ACCEPT_AGAIN_SECONDS if error.errno in _SCARCE else 0)
                continue
            try:
                self._meet(sock, plain_address(peer[0]))
            except Exception:
                _log.exception("a newcomer could not be met")  # others still may
                sock.close()
            if turn % ACCEPTED_AT_ONCE_MAX == 0:
                await asyncio.sleep(0)  # others want to be heard as well

    def _meet(self, sock: socket.socket, address: str) -> None:
        """Let a newcomer in, or not; both are decided before anything is said."""
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        admission = self._strangers.arrive(number, address, loop.time())
        if not admission.admitted:
            self._count("strangers turned away")
            sock.close()
            return
        if admission.displaced is not None:
            self._count("strangers who made way")
            self._visits[admission.displaced].abort()
        visit = self._visits[number] = Visit(number, address, sock, self._make_protocol())
        visit.timer = loop.call_later(SIGN_IN_WITHIN_SECONDS, self._too_late, visit)
        visit.task = loop.create_task(self._host(visit))
        visit.task.add_done_callback(partial(self._left, visit))

    async def _host(self, visit: Visit) -> None:
        """See one connection through both handshakes, and on until it is gone."""
        try:
            visit.transport, _ = await aiofastnet.connect_accepted_socket(
                asyncio.get_running_loop(), lambda: visit, visit.sock, **self._tls
            )
            await visit.gone
        except OSError as error:  # no TLS, or gone
            error.__traceback__ = (
                None  # or it would go in a circle with all the library's memory of this visit
            )

    def _left(self, visit: Visit, task: asyncio.Task[None]) -> None:
        visit.timer.cancel()
        visit.forget()
        del self._visits[visit.number]
        self._strangers.leave(visit.number)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a connection failed", exc_info=error)

    def _too_late(self, visit: Visit) -> None:
        if visit.link is None:
            visit.abort()
        else:
            visit.link.close(CLOSE_TOO_LATE, f"sign in within {SIGN_IN_WITHIN_SECONDS} s")
            visit.timer = asyncio.get_running_loop().call_later(CLOSE_WITHIN_SECONDS, visit.abort)

    # --- from a connection to a link -----------------------------------------------------------------------------

    def _answer(self, request: WSUpgradeRequest) -> WSUpgradeResponseWithListener:
        """What a request to become a WebSocket is answered; the library looks at the rest of it."""
        if "Origin" in request.headers:
            return _refused(HTTPStatus.FORBIDDEN, b"Origin not allowed\n")
        if request.headers.get("Sec-WebSocket-Version") != "13":
            return _refused(HTTPStatus.BAD_REQUEST, b"Only version 13 of WebSocket is spoken here\n")
        response = WSUpgradeResponse.create_101_response()
        return WSUpgradeResponseWithListener(response, WebSocket(self._link_of, self._receiver))

    def _link_of(self, socket: WebSocket, transport: WSTransport) -> Link:
        visit = transport.underlying_transport.get_protocol()
        assert isinstance(visit, Visit)
        visit.link = Link(visit.number, socket, visit.address)
        visit.link.session.on_welcome = partial(self._welcomed, visit)
        return visit.link

    def _welcomed(self, visit: Visit) -> None:
        visit.timer.cancel()
        self._strangers.leave(visit.number)

    # --- the log -------------------------------------------------------------------------------------------------

    def _count(self, event: str) -> None:
        """Tell of `event` with the others of this minute: so many lines would help whoever wants to fill the disk."""
        self._counted[event] += 1
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(COUNTED_FOR_SECONDS, self._tell)

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What nobody else catches; the library makes an error of every handshake that breaks off."""
        if context["message"] == "SSL handshake failed":
            self._count("handshakes that broke off")
        else:
            loop.default_exception_handler(context)

    def _tell(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        for event, times in self._counted.items():
            _log.warning(event, extra={"times": times})
        self._counted.clear()


async def listen(
    host: str,
    port: int,
    context: ssl.SSLContext | None,
    receiver: Receiver,
    strangers_max: int = STRANGERS_MAX,
    strangers_per_address_max: int = STRANGERS_PER_ADDRESS_MAX,
) -> Listener:
    """Listen on `host` and `port` (0: any free one); LocalError with a sentence where that is not possible.

    The limits are on connections that are not signed in yet; 0 is no limit.
    """
    try:
        sockets = await _listening(host, port)
    except OSError as error:
        raise LocalError(_sentence(error, host, port)) from error
    listener = Listener(sockets, context, receiver, Strangers(strangers_max, strangers_per_address_max))
    await listener.begin()
    return listener


def _tls(context: ssl.SSLContext) -> dict[str, Any]:
    """How TLS is spoken: with buffers of one record, where the library would take sixteen for every connection."""
    return {
        "ssl": context,
        "ssl_handshake_timeout": SIGN_IN_WITHIN_SECONDS,
        "ssl_shutdown_timeout": LET_GO_WITHIN_SECONDS,
        "ssl_incoming_bio_size": TLS_BUFFER_BYTES,
        "ssl_outgoing_bio_size": TLS_BUFFER_BYTES,
    }


async def _listening(host: str, port: int) -> list[socket.socket]:
    """A socket for each address that `host` stands for; OSError where there is none."""
    found = await asyncio.get_running_loop().getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    sockets: list[socket.socket] = []
    problem = OSError(errno.EADDRNOTAVAIL, "there is no such address")
    for family, *_, address in dict.fromkeys(found):
        try:
            sockets.append(socket.create_server(address, family=family, backlog=WAITING_MAX))
            sockets[-1].setblocking(False)
            sockets[-1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES_MAX)  # of all it accepts
        except OSError as error:
            problem = error
            if error.errno not in _NO_SUCH_FAMILY:  # such as IPv6 where it is switched off
                for each in sockets:
                    each.close()
                raise
    if not sockets:
        raise problem
    return sockets


def _refused(status: HTTPStatus, body: bytes) -> WSUpgradeResponseWithListener:
    return WSUpgradeResponseWithListener(WSUpgradeResponse.create_error_response(status, body), None)


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop the program that has it, or choose another with --port (0: any free one)."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose one above 1023 with --port."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}. Choose another address with --host."
