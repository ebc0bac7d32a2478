"""Frames to bytes and back, strictly; what cannot be read becomes a refusal that says where."""

import json
from typing import Any

import msgspec

from tact_engine.core.errors import Refused, refusal
from tact_engine.wire.frames import FRAME_BYTES_MAX, FRAMES, PROTOCOL_VERSION, Frame, Number, Side

DEPTH_MAX = 16
"""So deep may objects and lists of a frame lie in each other. The deepest that is sent today is 9: a presence that
remembers four earlier values."""

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
        raise malformed(f"it has more than {FRAME_BYTES_MAX} bytes")
    try:
        frame = _DECODERS[sender].decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        frame = _unknown(data, sender, str(error))
    if wrong := _wrong_form(data, frame):
        raise malformed(wrong, getattr(frame, "request", 0))
    return frame


def malformed(detail: str, request: int = 0) -> Unreadable:
    """The refusal of a frame that cannot be read: `detail` says why."""
    return Unreadable(refusal("malformed_frame", detail=detail), request)


def _unknown(data: bytes, sender: Side, detail: str) -> None:
    """None where the frame may be skipped, else the Unreadable that fits it."""
    try:
        head = _HEAD.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise malformed(detail) from None
    row = FRAMES.get(head.type)
    if row is not None and row.side is sender:
        raise malformed(detail, head.request)
    if not head.optional:
        raise Unreadable(
            refusal("unknown_frame", frame=head.type[:40], version=PROTOCOL_VERSION), head.request
        )


# --- what the decoder does not see: it passes over what it has no field for, and takes the last of two equal names


def _wrong_form(data: bytes, frame: Frame | None) -> str:
    """Why `data`, which the decoder took for the JSON of `frame`, is not strict; "" where it is."""
    if data.count(b"{") + data.count(b"[") > DEPTH_MAX and _is_too_deep(data):
        return f"it nests deeper than {DEPTH_MAX}"
    if frame is not None and _ENCODER.encode(frame) == data:
        return (
            ""  # it is just as it is written here, so there is nothing twice, and nothing but what was read
        )
    try:
        _STRICT.decode(data.decode())
    except ValueError as error:  # no text, no JSON, or a name twice
        return str(error)
    return ""


def _is_too_deep(data: bytes) -> bool:
    """Whether more than DEPTH_MAX pairs lie in each other: takes away the innermost ones, again and again."""
    outside = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]  # of all strings
    brackets = b"".join(outside).translate(_ROUND, _NO_BRACKET)
    for _ in range(DEPTH_MAX):
        brackets = brackets.replace(b"()", b"")
    return bool(brackets)


def _each_once(pairs: list[tuple[str, None]]) -> None:
    """ValueError where two members of an object have the same name. Nobody needs the object itself."""
    if len(dict(pairs)) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it names “{twice[:40]}” twice")


_STRICT = json.JSONDecoder(object_pairs_hook=_each_once, parse_int=len, parse_float=len)
_ROUND = bytes.maketrans(b"[{]}", b"(())")
_NO_BRACKET = bytes(set(range(256)) - set(b"[{]}"))
