"""One link as the engine sees it, without the link: which frame is allowed when.

    GREETED ──sign_in──▶ (the courier decides) ──welcome──▶ SIGNED_IN ──sign_out──▶ CLOSED

The row of a frame in FRAMES names the phases it is allowed in; a frame out of place is refused by the look-up, before
anybody acts on it. Sending `sign_in` twice before the answer is out of place as well.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tact_engine.core.errors import refusal
from tact_engine.wire.codec import Unreadable, decode, malformed
from tact_engine.wire.frames import FRAMES, Frame, Phase, Side, SignIn, SignOut

EARLY_FRAME_BYTES_MAX = 12 * 1024
"""Before signing in. The largest `sign_in`, with every letter of its presence as an escape, has under 10 KiB."""
BROKEN_FRAMES_MAX = 20
"""So many frames of one link are refused unread; a good client never sends one."""


_PHASES: Mapping[type[Frame], tuple[Phase, ...]] = MappingProxyType(
    {row.frame: tuple(row.phases) for row in FRAMES.values()}
)


class Session:
    """The phases of one link. `handle` is whom it speaks for once it is signed in.

    `unbearable` says why the link is to be closed, once what it sends is not worth an answer any more; "" until then.
    `on_welcome` is called when it is signed in.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.phase = Phase.GREETED
        self.handle = ""
        self.unbearable = ""
        self.on_welcome: Callable[[], object] = lambda: None
        self._asked = False
        self._broken = self._skipped = 0

    def receive(self, data: bytes | str) -> Frame | None:
        """The frame in `data` if it is allowed now; None to skip it; Unreadable otherwise."""
        try:
            return self._allowed(data)
        except Unreadable:
            self._broken += 1
            if self._broken > BROKEN_FRAMES_MAX:
                self.unbearable = self.unbearable or "too many broken frames"
            raise

    def _allowed(self, data: bytes | str) -> Frame | None:
        if self.phase is Phase.GREETED and len(data) > EARLY_FRAME_BYTES_MAX:
            self.unbearable = "too large a frame before signing in"
            raise malformed(f"it has more than {EARLY_FRAME_BYTES_MAX} bytes before signing in")
        frame = decode(data, Side.CLIENT)
        if frame is None:
            self._skipped += 1
            if self.phase is Phase.GREETED and self._skipped > BROKEN_FRAMES_MAX:
                self.unbearable = "too many optional frames before signing in"
                raise malformed(self.unbearable)
            return None
        if self._asked or self.phase not in _PHASES[type(frame)]:
            tag = str(frame.__struct_config__.tag)
            raise Unreadable(
                refusal("misplaced_frame", frame=tag, phase=self.phase.value), getattr(frame, "request", 0)
            )
        self._asked = isinstance(frame, SignIn)
        if isinstance(frame, SignOut):
            self.phase = Phase.CLOSED
        return frame

    def welcomed(self, handle: str) -> None:
        """The courier accepted the sign-in."""
        self.phase, self.handle, self._asked = Phase.SIGNED_IN, handle, False
        self.on_welcome()

    def closed(self) -> bool:
        """End the session; True if a person was signed in on it until now."""
        lived = self.phase is Phase.SIGNED_IN
        self.phase = Phase.CLOSED
        return lived
