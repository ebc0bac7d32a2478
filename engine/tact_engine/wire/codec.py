"""Frames to bytes and back, strictly; what cannot be read becomes a refusal that says where."""

from typing import Any

import msgspec

from tact_engine.core.errors import Refused, refusal
from tact_engine.wire.frames import FRAME_BYTES_MAX, FRAMES, PROTOCOL_VERSION, Frame, Number, Side

_ENCODER = msgspec.json.Encoder()


def _decoder_of(side: Side) -> msgspec.json.Decoder[Any]:
    union: Any = None
    for row in FRAMES.values():
        if row.side is side:
            union = row.frame if union is None else union | row.frame
    return msgspec.json.Decoder(union)


_DECODERS = {side: _decoder_of(side) for side in Side}


class _Head(msgspec.Struct, frozen=True):
    """What is still read of a frame that cannot be read whole."""

    type: str = ""
    request: Number = 0
    optional: bool = False


_HEAD = msgspec.json.Decoder(_Head)


class Unreadable(Refused):
    """A frame that is refused before its meaning is known; `request` is what it asked to be answered under."""

    def __init__(self, refused: Refused, request: int) -> None:
        super().__init__(refused.code, refused.text, refused.clause)
        self.request = request


def encode(frame: Frame) -> bytes:
    """`frame` as one JSON object in UTF-8."""
    return _ENCODER.encode(frame)


def decode(data: bytes | str, sender: Side) -> Frame | None:
    """The frame that `sender` sent; None for an optional one that is not known; Unreadable for anything else."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")  # what is no text is then refused as bytes are
    if len(data) > FRAME_BYTES_MAX:
        raise Unreadable(refusal("malformed_frame", detail=f"it has more than {FRAME_BYTES_MAX} bytes"), 0)
    try:
        data.decode()  # the decoder passes over what it has no field for without looking whether it is text
        return _DECODERS[sender].decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return _unknown(data, sender, str(error))


def _unknown(data: bytes, sender: Side, detail: str) -> None:
    """None where the frame may be skipped, else the Unreadable that fits it."""
    try:
        head = _HEAD.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Unreadable(refusal("malformed_frame", detail=detail), 0) from None
    row = FRAMES.get(head.type)
    if row is not None and row.side is sender:
        raise Unreadable(refusal("malformed_frame", detail=detail), head.request)
    if head.optional:
        return
    raise Unreadable(refusal("unknown_frame", frame=head.type[:40], version=PROTOCOL_VERSION), head.request)
