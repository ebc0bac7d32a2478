"""One link as the engine sees it, without the link: which frame is allowed when.

    GREETED ──sign_in──▶ (the courier decides) ──welcome──▶ SIGNED_IN ──sign_out──▶ CLOSED

The row of a frame in FRAMES names the phases it is allowed in; a frame out of place is refused by the look-up, before
anybody acts on it. Sending `sign_in` twice before the answer is out of place as well.
"""

from tact_engine.core.errors import refusal
from tact_engine.wire.codec import Unreadable, decode
from tact_engine.wire.frames import FRAMES, Frame, Phase, Side, SignIn, SignOut


class Session:
    """The phases of one link. `handle` is whom it speaks for once it is signed in."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.phase = Phase.GREETED
        self.handle = ""
        self._asked = False

    def receive(self, data: bytes | str) -> Frame | None:
        """The frame in `data` if it is allowed now; None to skip it; Unreadable otherwise."""
        frame = decode(data, Side.CLIENT)
        if frame is None:
            return None
        tag = str(frame.__struct_config__.tag)
        if self.phase not in FRAMES[tag].phases or self._asked:
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

    def closed(self) -> bool:
        """End the session; True if a person was signed in on it until now."""
        lived = self.phase is Phase.SIGNED_IN
        self.phase = Phase.CLOSED
        return lived
