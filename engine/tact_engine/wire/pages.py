"""Pages: many values cut into runs that each fit one frame."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from tact_engine.core.members import Overview
from tact_engine.wire.frames import FRAME_BYTES_MAX, OverviewFrame

_ENCODER = msgspec.json.Encoder()
_ENVELOPE_BYTES = 512

T = TypeVar("T")


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


def overview_frames(request: int, overview: Overview) -> Iterator[OverviewFrame]:
    """What was asked for by `request`, in as many frames as it takes; the last one brings how the engine fares."""
    for members in pages(overview.members, FRAME_BYTES_MAX):
        yield OverviewFrame(request, members=members)
    for invitations in pages(overview.invitations, FRAME_BYTES_MAX):
        yield OverviewFrame(request, invitations=invitations)
    yield OverviewFrame(request, requests=overview.requests, health=overview.health)
