"""One WebSocket of the engine: whole messages in, texts out, and nothing that grows without a limit.

The library reads the frames; what it leaves open is decided here. Reserved bits are refused; a message comes in few
pieces; only the latest ping is answered, and only when the other side reads; a link on which nobody answers is cut.
"""

import asyncio
import logging
from collections.abc import Callable

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSProtocolError, WSTransport

from tact_engine.net.link import Link, Receiver
from tact_engine.wire.frames import FRAME_BYTES_MAX

PIECES_MAX = 64
WRITE_BYTES_MAX = 32 * 1024
PING_EVERY_SECONDS = 5
PONG_WITHIN_SECONDS = 8
CLOSE_WITHIN_SECONDS = 2
_WHOLE_TEXT = 0x81

_log = logging.getLogger(__name__)


class WebSocket(WSListener):
    """What a link says through and hears from; `is_full` while the other side does not read.

    `link_of` makes the link once it is there.
    """

    def __init__(self, link_of: Callable[["WebSocket", WSTransport], Link], receiver: Receiver) -> None:
        self.is_full = False
        self._link_of, self._receiver = link_of, receiver
        self._link: Link
        self._pieces: list[bytes] = []
        self._asked: bytes | None = None
        self._awaits_pong = False
        self._timer: asyncio.TimerHandle | None = None
        self._transport: WSTransport

    # --- what the link says --------------------------------------------------------------------------------------

    def write(self, messages: list[bytes]) -> None:
        """Send messages, each in one frame of its own, and all of them in one piece."""
        if not self._transport.is_disconnected:
            self._transport.underlying_transport.write(b"".join(map(_framed, messages)))

    def close(self, code: int, reason: str) -> None:
        """Say goodbye, and hang up where no goodbye comes back in time."""
        self._transport.send_close(code, reason.encode())  # pyright: ignore[reportArgumentType] # any code will do
        self._after(CLOSE_WITHIN_SECONDS, self.abort)

    def abort(self) -> None:
        """Hang up."""
        self._transport.disconnect(False)

    # --- called by the library -----------------------------------------------------------------------------------

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The handshake is over."""
        self._transport = transport
        transport.underlying_transport.set_write_buffer_limits(WRITE_BYTES_MAX)
        self._after(PING_EVERY_SECONDS, self._ping)
        self._link = self._link_of(self, transport)
        try:
            self._link.begin(self._receiver)
        except Exception:
            _log.exception("a link could not begin")  # the library would not say where
            raise

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The link is gone."""
        self._cancel()
        self._link.end()
        del self._transport  # nobody says anything any more, and it holds much memory

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """One frame came in; WSProtocolError makes the library close the link with this code and reason."""
        kind = frame.msg_type
        if kind == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code() or WSCloseCode.OK, frame.get_close_message())
            transport.disconnect()
            self._after(CLOSE_WITHIN_SECONDS, self.abort)
        elif transport.is_close_frame_sent:
            return
        elif frame.rsv1 or frame.rsv2 or frame.rsv3:
            raise WSProtocolError(WSCloseCode.PROTOCOL_ERROR, "a reserved bit is set")
        elif kind == WSMsgType.PING:
            self._asked = frame.get_payload_as_bytes()
            self._answer()
        elif kind == WSMsgType.PONG:
            self._heard_pong()
        else:
            self._take(frame)

    def pause_writing(self) -> None:
        """The other side does not read."""
        self.is_full = True

    def resume_writing(self) -> None:
        """The other side reads again."""
        self.is_full = False
        self._answer()
        self._link.flow()

    # --- messages ------------------------------------------------------------------------------------------------

    def _take(self, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if (frame.msg_type == WSMsgType.CONTINUATION) != bool(self._pieces):
            raise WSProtocolError(WSCloseCode.PROTOCOL_ERROR, "a piece out of place")
        if frame.fin and not self._pieces:
            self._link.take(payload)
            return
        self._pieces.append(payload)
        if len(self._pieces) > PIECES_MAX or sum(map(len, self._pieces)) > FRAME_BYTES_MAX:
            self._pieces.clear()
            raise WSProtocolError(WSCloseCode.MESSAGE_TOO_BIG, "too large a message, or too many pieces")
        if frame.fin:
            whole = b"".join(self._pieces)
            self._pieces.clear()
            self._link.take(whole)

    # --- pings ---------------------------------------------------------------------------------------------------

    def _answer(self) -> None:
        if self._asked is not None and not self.is_full:
            asked, self._asked = self._asked, None
            self._transport.send_pong(asked)

    def _ping(self) -> None:
        self._awaits_pong = True
        self._transport.send_ping()
        self._after(PONG_WITHIN_SECONDS, self._give_up)

    def _heard_pong(self) -> None:
        if self._awaits_pong:
            self._awaits_pong = False
            self._after(PING_EVERY_SECONDS, self._ping)

    def _give_up(self) -> None:
        self.close(WSCloseCode.INTERNAL_ERROR.value, "no answer to a ping")

    # --- the one timer -------------------------------------------------------------------------------------------

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        self._cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, act)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _framed(payload: bytes) -> bytes:
    """One unmasked text frame (RFC 6455, section 5.2): it is whole, so a byte, its length, and itself."""
    size = len(payload)
    if size < 126:
        return bytes((_WHOLE_TEXT, size)) + payload
    if size < 65_536:
        return bytes((_WHOLE_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_WHOLE_TEXT, 127)) + size.to_bytes(8, "big") + payload
