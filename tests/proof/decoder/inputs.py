"""What the decoder is given: real frames, and what becomes of them by mutation."""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from tact_engine.wire.codec import encode
from tact_engine.wire.frames import FRAME_BYTES_MAX, FRAMES, Acknowledge, Frame, MarkRead, Side
from tests.support.frames import EXAMPLES

Span = tuple[int, int]


class Seed(NamedTuple):
    """A real frame, and where its parts are: numbers, strings, fields with plain values, whole values."""

    side: Side
    kind: str
    data: bytes
    numbers: tuple[Span, ...]
    strings: tuple[Span, ...]
    fields: tuple[Span, ...]
    values: tuple[Span, ...]


NUMBERS = (
    b"0", b"-0", b"-1", b"1", b"0.0", b"-0.0", b"1.0", b"1.5", b"1e3", b"1e400", b"-1e400", b"1e-400", b"00", b"01",
    b"+1", b"1.", b".5", b"0x10", b"1_000", b"NaN", b"-NaN", b"Infinity", b"-Infinity", b"true", b"null", b'"1"',
    b"2147483648", b"9007199254740991", b"9007199254740992", b"9223372036854775807", b"9223372036854775808",
    b"-9223372036854775809", b"18446744073709551615", b"18446744073709551616", b"9" * 40, b"-" + b"9" * 310,
    b"9" * 4300, b"9" * 4301, b"9" * 20_000, b"0." + b"1" * 400, b"1e" + b"9" * 30,
)  # fmt: skip
STRINGS = (
    b"", rb"\ud800", rb"\udc00", rb"\ud800\ud800", rb"\ud83d\ude00", rb"\ud83d", rb"\u0000", rb"\u", rb"\u12", rb"\x00",
    rb"\'", b"\\", b"\x00", b"\x01\x1f", b"\n", b"\x7f", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf", "\u2028\u202e\u200b".encode(), "e\u0301".encode(), b"a" * 70, b"a" * 5_000, b"A===", b"====",
    b"AA\n=", b"hello", b"sign_in", b"fireworks", b"type", b"optional", b"request", b"expire", b"\\/\\b\\f\\n\\r\\t",
)  # fmt: skip
VALUES = (
    b"null", b"true", b"false", b"0", b'""', b"[]", b"{}", b"[[]]", b"[null]", b'{"":0}', b'{"type":"note","serial":1}',
    b"[" * 30 + b"]" * 30, b'{"a":' * 30 + b"1" + b"}" * 30, b"", b",", b":", b"//", b"nul", b"True", b"undefined",
    b"[0" + b",0" * 200 + b"]", b"{" + b",".join(b'"%d":0' % number for number in range(60)) + b"}",
)  # fmt: skip
FIELDS = (
    b'"optional":true', b'"optional":false', b'"optional":1', b'"type":"fireworks"', b'"type":"withdraw"', b'"type":7',
    b'"request":1', b'"request":-1', b'"request":9007199254740992', b'"request":"1"', b'"more":true', b'"":0',
    b'"id":"x"', b'"\\ud800":1', b'"why":{"a":[1,2,{}]}',
)  # fmt: skip


def _seed(frame: Frame) -> Seed:
    kind, data = str(frame.__struct_config__.tag), encode(frame)
    text = r'"(?:[^"\\]|\\.)*"'
    plain = rf"(?:true|false|null|-?\d+|{text})"
    return Seed(
        FRAMES[kind].side,
        kind,
        data,
        _spans(r"(?<=[:\[,])-?\d+(?=[,\]}])", data),
        _spans(text, data),
        _spans(rf'"\w+":{plain}(?=[,}}])', data),
        (*_spans(rf"(?<=[:\[,]){plain}(?=[,\]}}])", data), *_containers(data)),
    )


def _spans(pattern: str, data: bytes) -> tuple[Span, ...]:
    return tuple(match.span() for match in re.finditer(pattern.encode(), data))


def _containers(data: bytes) -> tuple[Span, ...]:
    """Where the objects and lists are; brackets within strings only make some of them less whole."""
    opened: list[int] = []
    found: list[Span] = []
    for place, byte in enumerate(data):
        if byte in b"{[":
            opened.append(place)
        elif byte in b"}]" and opened:
            found.append((opened.pop(), place + 1))
    return tuple(found)


_FULL = tuple(f"m{number}" for number in range(900))
SEEDS = tuple(map(_seed, EXAMPLES))
"""A frame of every kind, with all that may be left out and without it."""
LONG_SEEDS = tuple(_seed(frame) for frame in (Acknowledge(dict.fromkeys(_FULL, 1)), MarkRead(_FULL)))
"""Frames that are as full as they may be."""


def mutated(rng: random.Random) -> tuple[bytes | str, Side]:
    """One input, and from which side it comes."""
    seed = SEEDS[int(rng.random() * len(SEEDS))]
    side, data, how = seed.side, seed.data, rng.random()
    if how < 0.004:
        data = _LONG[int(rng.random() * len(_LONG))](seed, rng)
    elif how < 0.7:
        data = _BY_PART[int(rng.random() * len(_BY_PART))](seed, rng)
    if how > 0.5:
        data = damaged(data, rng)
    if how > 0.95:
        side = Side.ENGINE if side is Side.CLIENT else Side.CLIENT
    return (data.decode("utf-8", "surrogateescape") if rng.random() < 0.1 else data), side


def damaged(data: bytes, rng: random.Random) -> bytes:
    """`data` with some bytes changed, cut out, doubled or put in."""
    return _BY_BYTE[int(rng.random() * len(_BY_BYTE))](data, rng)


# --- a part for another part ---------------------------------------------------------------------------------------


def _put(data: bytes, spans: tuple[Span, ...], rng: random.Random, new: bytes) -> bytes:
    if not spans:
        return data
    start, end = spans[int(rng.random() * len(spans))]
    return data[:start] + new + data[end:]


def _other_number(seed: Seed, rng: random.Random) -> bytes:
    return _put(seed.data, seed.numbers, rng, NUMBERS[int(rng.random() * len(NUMBERS))])


def _other_string(seed: Seed, rng: random.Random) -> bytes:
    return _put(seed.data, seed.strings, rng, b'"' + STRINGS[int(rng.random() * len(STRINGS))] + b'"')


def _other_value(seed: Seed, rng: random.Random) -> bytes:
    return _put(seed.data, seed.values, rng, VALUES[int(rng.random() * len(VALUES))])


def _value_of_another(seed: Seed, rng: random.Random) -> bytes:
    other = SEEDS[int(rng.random() * len(SEEDS))]
    if not other.values:
        return other.data
    start, end = other.values[int(rng.random() * len(other.values))]
    return _put(seed.data, seed.values, rng, other.data[start:end])


def _field_twice(seed: Seed, rng: random.Random) -> bytes:
    start, end = seed.fields[int(rng.random() * len(seed.fields))]
    return _field_put(seed.data, rng, seed.data[start:end])


def _field_more(seed: Seed, rng: random.Random) -> bytes:
    return _field_put(seed.data, rng, FIELDS[int(rng.random() * len(FIELDS))])


def _field_put(data: bytes, rng: random.Random, field: bytes) -> bytes:
    """`data` with `field` as the first or last one of the frame, or in front of some inner object's."""
    where = rng.random()
    if where < 0.4:
        return b"{" + field + b"," + data[1:]
    if where < 0.8:
        return data[:-1] + b"," + field + b"}"
    place = data.find(b"{", int(rng.random() * len(data))) + 1
    return data[:place] + field + b"," + data[place:]


def _field_gone(seed: Seed, rng: random.Random) -> bytes:
    start, end = seed.fields[int(rng.random() * len(seed.fields))]
    return seed.data[:start] + seed.data[end + (seed.data[end : end + 1] == b",") :]


def _value_again(seed: Seed, rng: random.Random) -> bytes:
    """A value that stands there several times, as in a longer list."""
    if not seed.values:
        return seed.data
    start, end = seed.values[int(rng.random() * len(seed.values))]
    return seed.data[:end] + (b"," + seed.data[start:end]) * int(1 + rng.random() * 8) + seed.data[end:]


_BY_PART: tuple[Callable[[Seed, random.Random], bytes], ...] = (
    _other_number, _other_number, _other_string, _other_string, _other_value, _value_of_another,
    _field_twice, _field_more, _field_gone, _value_again,
)  # fmt: skip


# --- bytes for other bytes -----------------------------------------------------------------------------------------


def _flipped(data: bytes, rng: random.Random) -> bytes:
    if not data:
        return data
    place, bits = int(rng.random() * len(data)), 1 << int(rng.random() * 8)
    return data[:place] + bytes((data[place] ^ bits,)) + data[place + 1 :]


def _put_in(data: bytes, rng: random.Random) -> bytes:
    place = int(rng.random() * (len(data) + 1))
    return data[:place] + _MARKS[int(rng.random() * len(_MARKS))] + data[place:]


def _cut(data: bytes, rng: random.Random) -> bytes:
    start, end = int(rng.random() * len(data)), int(rng.random() * len(data))
    return data[:start] if start > end else data[:start] + data[end:]


def _spliced(data: bytes, rng: random.Random) -> bytes:
    other = SEEDS[int(rng.random() * len(SEEDS))].data
    return data[: int(rng.random() * len(data))] + other[int(rng.random() * len(other)) :]


def _doubled(data: bytes, rng: random.Random) -> bytes:
    start, end = int(rng.random() * len(data)), int(rng.random() * len(data))
    return data[:end] + data[start:] if start < end else data + data


def _recoded(data: bytes, rng: random.Random) -> bytes:
    """The same in another encoding, behind a byte order mark, or with blanks that mean nothing."""
    how = rng.random()
    if how < 0.2:
        return data.decode("latin-1").encode("utf-16" if how < 0.1 else "utf-32-be")
    if how < 0.4:
        return b"\xef\xbb\xbf" + data
    return b" \n\t" + data.replace(b":", b" : \r\n", 3) + b"\n"


_MARKS = (
    b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"/*", b"e", b"-",
    b".", b"0", b" ", b"\xef\xbb\xbf", b"null",
)  # fmt: skip
_BY_BYTE: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flipped, _flipped, _flipped, _put_in, _put_in, _cut, _spliced, _doubled, _recoded,
)  # fmt: skip


# --- what is long --------------------------------------------------------------------------------------------------


def _padded(seed: Seed, rng: random.Random) -> bytes:
    """A frame about as long as one may be, by blanks, which change nothing."""
    length = FRAME_BYTES_MAX + int(rng.random() * 5) - 2
    return seed.data + b" " * (length - len(seed.data))


def _endless(seed: Seed, rng: random.Random) -> bytes:
    """A value as long or as deep as fits, or longer."""
    piece, end = (
        (b"[", b""), (b'{"a":', b""), (b"[{", b""), (b"[0" + b",0" * 15_000, b"]"), (b'["' + b'","' * 15_000, b'"]'),
        (b'{"":0' + b',"a":0' * 9_000, b"}"), (b'"' + b"x" * 40_000, b'"'), (b'"' + b"\\u00e9" * 9_000, b'"'),
        (b"9" * 50_000, b""), (b'{"x":{}' + b',"y":{}' * 8_000, b"}"), (b"[[]" + b",[]" * 15_000, b"]"),
    )[int(rng.random() * 11)]  # fmt: skip
    times = int(rng.random() * 40_000) if len(piece) < 6 else 1
    return _put(seed.data, seed.values, rng, piece * times + end)[: FRAME_BYTES_MAX + 1]


def _closed(seed: Seed, rng: random.Random) -> bytes:
    """Something deep that is closed again."""
    times = int(rng.random() * 8_000)
    value = b"[" * times + b"]" * times if rng.random() < 0.5 else b'{"a":' * times + b"0" + b"}" * times
    return _put(seed.data, seed.values, rng, value)


def _own_readings(seed: Seed, rng: random.Random) -> bytes:
    """Readings that hold readings, as deep as fits."""
    times = int(rng.random() * 1_600)
    inner = b'{"value":1,"since":1,"previous":' * times + b"null" + b"}" * times
    return b'{"type":"people","people":[{"handle":"a","version":1,"readings":{"A":%s}}]}' % inner


def _full(seed: Seed, rng: random.Random) -> bytes:
    """A frame with as many ids as it may have, or one more."""
    data = LONG_SEEDS[int(rng.random() * len(LONG_SEEDS))].data
    if rng.random() < 0.5:
        return data
    return data.replace(b'{"m0":1', b'{"m":1,"m0":1').replace(b'["m0"', b'["m","m0"')


_LONG: tuple[Callable[[Seed, random.Random], bytes], ...] = (
    _padded, _endless, _endless, _closed, _own_readings, _full,
)  # fmt: skip
