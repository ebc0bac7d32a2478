"""A link sends in order, never waits, drops a reader that is too slow, and hears no nonsense for long."""

from typing import Any

import pytest

from tact_engine.net.link import (
    BUFFER_BYTES_MAX,
    CLOSE_BROKEN,
    CLOSE_STOPPING,
    CLOSE_TOO_SLOW,
    REFERENCE_BYTES,
    WRITE_BYTES_MAX,
    Link,
)
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import Done, Note, SignOut
from tact_engine.wire.session import BROKEN_FRAMES_MAX, EARLY_FRAME_BYTES_MAX


class Wire:
    """A channel whose other side is the test, which reads until it says otherwise.

    `full_after` texts it is full by itself, as a real one is.
    """

    def __init__(self):
        self.is_full = False
        self.full_after = -1
        self.sent: list[str] = []
        self.pieces: list[list[bytes]] = []
        self.closed: list[tuple[int, str]] = []

    def write(self, messages: list[bytes]):
        self.pieces.append(messages)
        self.sent += [message.decode() for message in messages]
        self.full_after -= len(messages)
        self.is_full = self.is_full or self.full_after == 0

    def close(self, code: int, reason: str):
        self.closed.append((code, reason))


class Desk:
    """Remembers what a link brought."""

    def __init__(self):
        self.heard: list[Any] = []

    def opened(self, link):
        self.heard.append("opened")

    def received(self, link, frame):
        self.heard.append(frame)

    def lost(self, link):
        self.heard.append("lost")


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def link(wire, desk) -> Link:
    link = Link(7, wire, "192.168.1.7")
    link.begin(desk)
    return link


def read(link: Link, wire: Wire):
    """The other side reads everything."""
    wire.is_full = False
    link.flow()


def text(number: int) -> str:
    return encode(Done(number)).decode()


# --- in


def test_a_link_tells_of_its_life(link, desk):
    link.session.welcomed("tom")
    link.take(b'{"type":"note","serial":3}')
    link.take(b'{"type":"fireworks","optional":true}')
    link.take(b'{"type":"sign_out"}')
    link.end()
    assert desk.heard == ["opened", Note(3), SignOut(), "lost"]
    assert (link.number, link.address) == (7, "192.168.1.7")


def test_what_cannot_be_read_is_answered_and_the_link_lives(link, wire, desk):
    link.take(b"hello")
    link.take(b'{"type":"note","serial":3}')
    assert ['"malformed_frame"' in wire.sent[0], '"misplaced_frame"' in wire.sent[1]] == [True, True]
    assert (desk.heard, wire.closed) == (["opened"], [])


def test_who_sends_nothing_but_nonsense_is_answered_so_often_and_then_closed(link, wire, desk):
    link.session.welcomed("tom")
    for _ in range(BROKEN_FRAMES_MAX):
        link.take(b"{")
    assert wire.closed == []
    link.take(b"{")
    assert wire.closed == [(CLOSE_BROKEN, "too many broken frames")]
    for _ in range(100):
        link.take(b"{")
    link.take(b'{"type":"note","serial":3}')
    assert len(wire.sent) == BROKEN_FRAMES_MAX + 1, "nobody answers any more"
    assert desk.heard == ["opened"], "nor listens"


def test_a_large_frame_before_signing_in_is_answered_and_the_end(link, wire):
    link.take(b" " * (EARLY_FRAME_BYTES_MAX + 1))
    assert '"malformed_frame"' in wire.sent[0]
    assert wire.closed == [(CLOSE_BROKEN, "too large a frame before signing in")]


def test_a_link_that_closes_hears_nothing_any_more(link, desk):
    link.session.welcomed("tom")
    link.close(CLOSE_STOPPING, "the engine stops")
    link.take(b'{"type":"note","serial":3}')
    assert desk.heard == ["opened"]


# --- out


def test_what_is_kept_leaves_together_in_pieces_of_about_one_size(link, wire):
    for number in range(3):
        link.queue(text(number).encode())
    assert wire.sent == []
    link.flow()
    assert wire.pieces == [[text(number).encode() for number in range(3)]]
    half = b"x" * (WRITE_BYTES_MAX // 2)
    for _ in range(5):
        link.queue(half)
    link.flow()
    assert wire.pieces[1:] == [[half, half], [half, half], [half]]


def test_nothing_is_written_where_nothing_is_left(link, wire):
    link.send_lazily(iter([]))
    link.flow()
    assert wire.pieces == []


def test_frames_leave_in_order(link, wire):
    wire.is_full = True
    link.send(Done(1))
    link.queue(text(2).encode())
    link.send_lazily(iter([Done(3), Done(4)]))
    link.send(Done(5))
    assert wire.sent == []
    read(link, wire)
    link.send(Done(6))
    assert wire.sent == [text(number) for number in range(1, 7)]


def test_frames_that_are_made_lazily_are_made_as_they_are_read(link, wire):
    made = []

    def frames():
        for number in range(5):
            made.append(number)
            yield Done(number)

    wire.full_after = 1
    link.send_lazily(frames())
    assert made == [0]
    wire.full_after = 2
    read(link, wire)
    assert made == [0, 1, 2]
    read(link, wire)
    assert wire.sent == [text(number) for number in range(5)]


def test_what_was_sent_leaves_before_the_link_closes_and_nothing_after(link, wire):
    wire.is_full = True
    link.send(Done(1))
    link.close(CLOSE_STOPPING, "the engine stops")
    link.close(CLOSE_TOO_SLOW, "another reason")
    link.send(Done(2))
    assert wire.closed == []
    read(link, wire)
    link.flow()
    assert wire.sent == [text(1)]
    assert wire.closed == [(CLOSE_STOPPING, "the engine stops")]


def test_a_link_with_nothing_left_to_say_closes_at_once(link, wire):
    wire.is_full = True
    link.close(CLOSE_STOPPING, "the engine stops")
    assert wire.closed == [(CLOSE_STOPPING, "the engine stops")]


def test_a_slow_reader_is_dropped_at_the_limit_and_not_before(link, wire):
    wire.is_full = True
    half = b"x" * (BUFFER_BYTES_MAX // 2)
    link.queue(half)
    link.queue(half)
    assert wire.closed == []
    read(link, wire)
    assert len(wire.sent) == 2
    wire.is_full = True
    link.queue(half)
    link.queue(half)
    link.queue(b"x")
    assert wire.closed == [(CLOSE_TOO_SLOW, "too slow a reader")]
    read(link, wire)
    assert len(wire.sent) == 2, "what it did not read is not kept for it"


def test_a_shared_text_costs_a_reference_only(link, wire):
    most = BUFFER_BYTES_MAX // REFERENCE_BYTES
    shared = b"x" * 10_000
    wire.is_full = True
    for _ in range(most):
        link.queue(shared, shared=True)
    assert wire.closed == []
    read(link, wire)
    assert len(wire.sent) == most
    wire.is_full = True
    for _ in range(most + 1):  # what was read is free again, and no more than that
        assert wire.closed == []
        link.queue(shared, shared=True)
    assert wire.closed == [(CLOSE_TOO_SLOW, "too slow a reader")]


def test_one_frame_over_the_limit_is_not_a_slow_reader(link, wire):
    wire.is_full = True
    link.queue(b"x" * (BUFFER_BYTES_MAX + 1))
    assert wire.closed == []
    read(link, wire)
    assert len(wire.sent) == 1
