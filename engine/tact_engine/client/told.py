"""What a client said that gets no answer: kept until an answer to something said later shows that it arrived.

A link that is lost takes what was on its way with it, and nobody knows how much that was. All of it is harmless twice,
so it is simply said again on the next link. Without this a message that was shown could end as expired for its sender.
Notes are left out: news that were not noted are told again, and are noted then, by the engine that told them.
"""

from collections import deque
from collections.abc import Iterator
from typing import TypeVar

from tact_engine.wire.frames import Acknowledge, Frame, MarkRead

FRAMES_MAX = 2_000
IDS_AT_ONCE = 150
"""So many ids fit one frame whatever characters their senders chose for them."""


T = TypeVar("T")


class Told:
    """Acknowledgements and marks, each with its place among all that was said."""

    def __init__(self) -> None:
        self._said: deque[tuple[int, Frame]] = deque(maxlen=FRAMES_MAX)

    def say(self, place: int, frame: Frame) -> None:
        """Keep `frame`, which is said as number `place`, if it is one of those."""
        if isinstance(frame, Acknowledge | MarkRead):
            self._said.append((place, frame))

    def arrived(self, place: int) -> None:
        """All that was said before `place` is known to have arrived."""
        while self._said and self._said[0][0] < place:
            self._said.popleft()

    def taken(self) -> list[Frame]:
        """What may not have arrived, in few frames, the last word about each thing; forgotten here."""
        frames = [frame for _, frame in self._said]
        self._said.clear()
        copies = {
            id: each
            for frame in frames
            if isinstance(frame, Acknowledge)
            for id, each in frame.copies.items()
        }
        ids = dict.fromkeys(id for frame in frames if isinstance(frame, MarkRead) for id in frame.ids)
        again: list[Frame] = [Acknowledge(dict(run)) for run in runs(tuple(copies.items()))]
        again += [MarkRead(run) for run in runs(tuple(ids))]
        return again


def runs(values: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    """`values` in order, so many at a time as fit one frame."""
    for start in range(0, len(values), IDS_AT_ONCE):
        yield values[start : start + IDS_AT_ONCE]
