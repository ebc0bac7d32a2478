"""Pages: many values cut into runs that each fit one frame. Each value is written once, and goes into its frame so."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Raw

from tact_engine.core.members import Overview
from tact_engine.core.presence import Presence
from tact_engine.core.privacy import VERSION_OF_OTHERS
from tact_engine.wire.frames import FRAME_BYTES_MAX, OverviewFrame

_ENCODER = msgspec.json.Encoder()
_ENVELOPE_BYTES = 512


def written(value: object) -> Raw:
    """`value` as it stands in a frame."""
    return Raw(_ENCODER.encode(value))


def pages(
    values: Iterable[Any], bytes_max: int, written: Callable[[Any], Raw] = written
) -> Iterator[tuple[Any, ...]]:
    """`values` as they are written, in order, in runs whose frame has at most `bytes_max` bytes.

    There is one empty run where there are none.
    """
    run: list[Raw] = []
    size = _ENVELOPE_BYTES
    for value in values:
        raw = written(value)
        length = len(raw) + 1
        if run and size + length > bytes_max:
            yield tuple(run)
            run, size = [], _ENVELOPE_BYTES
        run.append(raw)
        size += length
    yield tuple(run)


def overview_frames(request: int, overview: Overview) -> Iterator[OverviewFrame]:
    """What was asked for by `request`, in as many frames as it takes; the last one brings how the engine fares."""
    for members in pages(overview.members, FRAME_BYTES_MAX):
        yield OverviewFrame(request, members=members)
    for invitations in pages(overview.invitations, FRAME_BYTES_MAX):
        yield OverviewFrame(request, invitations=invitations)
    yield OverviewFrame(request, requests=overview.requests, health=overview.health)


class Written:
    """What others see of people, as it is written: everybody who comes is told of everybody, mostly of the same."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Presence, Raw]] = {}

    def __call__(self, presence: Presence) -> Raw:
        """`presence` as it stands in a frame; remembered for the next who is told of the very same document."""
        if presence.version != VERSION_OF_OTHERS:
            return written(presence)
        kept = self._kept.get(presence.handle)
        if kept is None or kept[0] is not presence:
            kept = self._kept[presence.handle] = presence, written(presence)
        return kept[1]

    def forget(self, handle: str) -> None:
        """Nobody is told of `handle` any more."""
        self._kept.pop(handle, None)
