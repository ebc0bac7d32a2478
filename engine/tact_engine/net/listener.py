"""The listener: one port, WebSocket over TLS; it makes links and knows nothing of what they say."""

import asyncio
import errno
import logging
import ssl
from itertools import count

from picows.websockets import Server, ServerConnection, serve

from tact_engine.core.errors import LocalError
from tact_engine.net.link import CLOSE_STOPPING, Link, Receiver
from tact_engine.wire.frames import FRAME_BYTES_MAX, Phase

DEFAULT_PORT = 8228
SIGN_IN_WITHIN_SECONDS = 10
PING_EVERY_SECONDS = 5
PONG_WITHIN_SECONDS = 8
LET_GO_WITHIN_SECONDS = 3
CLOSE_TOO_LATE = 4002

_log = logging.getLogger(__name__)


class Listener:
    """Listens on one address until closed. `port` is the one it got."""

    def __init__(self, server: Server, links: set[Link]) -> None:
        self._server = server
        self._links = links
        self.port: int = server.server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Say goodbye to every link and let go of the port; who never became a link is not waited for."""
        for link in tuple(self._links):
            link.close(CLOSE_STOPPING, "the engine stops")
        self._server.close()
        try:
            await asyncio.wait_for(self._server.wait_closed(), LET_GO_WITHIN_SECONDS)
        except TimeoutError:
            self._server.server.abort_clients()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
            await self._server.wait_closed()


async def listen(host: str, port: int, context: ssl.SSLContext | None, receiver: Receiver) -> Listener:
    """Listen on `host` and `port` (0: any free one); LocalError with a sentence where that is not possible.

    A handshake with an Origin header is refused: web pages are not clients.
    """
    links: set[Link] = set()
    numbers = count(1)

    async def handle(connection: ServerConnection) -> None:
        link = Link(next(numbers), connection)
        links.add(link)
        deadline = asyncio.get_running_loop().call_later(
            SIGN_IN_WITHIN_SECONDS, _close_unless_signed_in, link
        )
        try:
            await link.serve(receiver)
        finally:
            deadline.cancel()
            links.discard(link)

    try:
        server = await serve(
            handle,
            host,
            port,
            ssl=context,
            origins=[None],
            compression=None,
            max_size=FRAME_BYTES_MAX,
            max_queue=None,  # a link's frames are taken at once; pausing would leave some in TLS until more come
            open_timeout=SIGN_IN_WITHIN_SECONDS,
            ssl_handshake_timeout=SIGN_IN_WITHIN_SECONDS if context else None,
            ssl_shutdown_timeout=LET_GO_WITHIN_SECONDS if context else None,
            ping_interval=PING_EVERY_SECONDS,
            ping_timeout=PONG_WITHIN_SECONDS,
            close_timeout=2,
            server_header=None,
            logger=_log,
        )
    except OSError as error:
        raise LocalError(_sentence(error, host, port)) from error
    return Listener(server, links)


def _close_unless_signed_in(link: Link) -> None:
    if link.session.phase is Phase.GREETED:
        link.close(CLOSE_TOO_LATE, "sign in within 10 s")


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop the program that has it, or choose another with --port (0: any free one)."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user. Choose one above 1023 with --port."
    return f"Cannot listen on {host}, port {port}: {error.strerror or error}. Choose another address with --host."
