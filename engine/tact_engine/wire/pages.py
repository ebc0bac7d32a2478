"""Pages: many values cut into runs that each fit one frame."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

_ENCODER = msgspec.json.Encoder()
_ENVELOPE_BYTES = 512

T = TypeVar("T", bound=Struct)


def pages(values: tuple[T, ...], bytes_max: int) -> Iterator[tuple[T, ...]]:
    """`values` in order, in runs whose frame has at most `bytes_max` bytes; one empty run where there are none."""
    run: list[T] = []
    size = _ENVELOPE_BYTES
    for value in values:
        length = len(_ENCODER.encode(value)) + 1
        if run and size + length > bytes_max:
            yield tuple(run)
            run, size = [], _ENVELOPE_BYTES
        run.append(value)
        size += length
    yield tuple(run)
