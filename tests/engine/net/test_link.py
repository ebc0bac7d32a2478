"""A link sends in order, never waits, and drops a reader that is too slow."""

import asyncio
from typing import Any

import pytest
from picows.websockets import ConnectionClosed
from picows.websockets.exceptions import ConnectionClosedOK

from tact_engine.net.link import BUFFER_BYTES_MAX, CLOSE_STOPPING, CLOSE_TOO_SLOW, REFERENCE_BYTES, Link
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import Done, Note, SignOut


class Wire:
    """A connection whose other side is the test: it says what is in `coming`, and reads while `reading` is set."""

    def __init__(self):
        self.coming: asyncio.Queue[str | None] = asyncio.Queue()
        self.sent: list[str] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.closed: tuple[int, str] | None = None

    async def recv(self, decode: bool = True) -> bytes:
        assert not decode, "bytes that are no text are for the codec to refuse"
        words = await self.coming.get()
        if words is None:
            raise ConnectionClosedOK(None, None)
        return words.encode()

    async def send(self, text: str):
        await self.reading.wait()
        self.sent.append(text)

    async def close(self, code: int, reason: str):
        self.closed = (code, reason)
        self.coming.put_nowait(None)


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
async def link(wire, desk):
    link = Link(7, wire)
    task = asyncio.create_task(link.serve(desk))
    await quiet()
    yield link
    wire.reading.set()
    wire.coming.put_nowait(None)
    await task


async def quiet():
    """Let everything happen that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def text(number: int) -> str:
    return encode(Done(number)).decode()


async def test_a_link_tells_of_its_life(wire, desk):
    link = Link(7, wire)
    task = asyncio.create_task(link.serve(desk))
    link.session.welcomed("tom")
    wire.coming.put_nowait('{"type":"note","serial":3}')
    wire.coming.put_nowait('{"type":"fireworks","optional":true}')
    wire.coming.put_nowait('{"type":"sign_out"}')
    wire.coming.put_nowait(None)
    await task
    assert desk.heard == ["opened", Note(3), SignOut(), "lost"]
    assert link.number == 7


async def test_what_cannot_be_read_is_answered_and_the_link_lives(link, wire, desk):
    wire.coming.put_nowait("hello")
    wire.coming.put_nowait('{"type":"note","serial":3}')
    await quiet()
    assert ['"malformed_frame"' in wire.sent[0], '"misplaced_frame"' in wire.sent[1]] == [True, True]
    assert desk.heard == ["opened"]


async def test_frames_leave_in_order(link, wire):
    link.send(Done(1))
    link.send_encoded(text(2))
    link.send_lazily(iter([Done(3), Done(4)]))
    link.send(Done(5))
    await quiet()
    assert wire.sent == [text(number) for number in range(1, 6)]


async def test_frames_that_are_made_lazily_are_made_as_they_are_read(link, wire):
    made = []

    def frames():
        for number in range(3):
            made.append(number)
            yield Done(number)

    wire.reading.clear()
    link.send_lazily(frames())
    await quiet()
    assert made == [0]
    wire.reading.set()
    await quiet()
    assert made == [0, 1, 2]


async def test_what_was_sent_leaves_before_the_link_closes_and_nothing_after(link, wire):
    wire.reading.clear()
    link.send(Done(1))
    link.close(CLOSE_STOPPING, "the engine stops")
    link.close(CLOSE_TOO_SLOW, "another reason")
    link.send(Done(2))
    await quiet()
    assert wire.closed is None
    wire.reading.set()
    await quiet()
    assert wire.sent == [text(1)]
    assert wire.closed == (CLOSE_STOPPING, "the engine stops")


async def test_a_slow_reader_is_dropped_at_the_limit_and_not_before(link, wire):
    wire.reading.clear()
    link.send_encoded("x")  # this one is being written
    await quiet()
    half = "x" * (BUFFER_BYTES_MAX // 2)
    link.send_encoded(half)
    link.send_encoded(half[:-1])
    wire.reading.set()
    await quiet()
    assert len(wire.sent) == 3
    assert wire.closed is None
    wire.reading.clear()
    for _ in range(3):
        link.send_encoded(half)
        await quiet()
    wire.reading.set()
    await quiet()
    assert wire.closed == (CLOSE_TOO_SLOW, "too slow a reader")


async def test_a_shared_text_costs_a_reference_only(link, wire):
    most = BUFFER_BYTES_MAX // REFERENCE_BYTES
    wire.reading.clear()
    link.send_encoded("x", shared=True)  # this one is being written
    await quiet()
    shared = "x" * 10_000
    for _ in range(most - 1):
        link.send_encoded(shared, shared=True)
    wire.reading.set()
    for _ in range(most):
        await quiet()
    assert len(wire.sent) == most
    wire.reading.clear()
    for _ in range(2):  # what was read is free again, and no more than that
        link.send_encoded("x", shared=True)
        await quiet()
    for _ in range(most):
        link.send_encoded(shared, shared=True)
    wire.reading.set()
    await quiet()
    assert wire.closed == (CLOSE_TOO_SLOW, "too slow a reader")


async def test_one_frame_over_the_limit_is_not_a_slow_reader(link, wire):
    link.send_encoded("x" * (BUFFER_BYTES_MAX + 1))
    await quiet()
    assert wire.closed is None
    assert len(wire.sent) == 1


async def test_a_connection_that_breaks_while_writing_is_no_error(wire, desk):
    async def broken(text):
        raise ConnectionClosed(None, None)

    wire.send = broken
    link = Link(7, wire)
    task = asyncio.create_task(link.serve(desk))
    link.send(Done(1))
    await quiet()
    wire.coming.put_nowait(None)
    await task
    assert desk.heard == ["opened", "lost"]


async def test_a_bug_in_the_receiver_still_says_that_the_link_is_lost(wire, desk):
    link = Link(7, wire)

    def received(link, frame):
        raise ZeroDivisionError

    desk.received = received
    link.session.welcomed("tom")
    wire.coming.put_nowait('{"type":"note","serial":3}')
    with pytest.raises(ZeroDivisionError):
        await link.serve(desk)
    assert desk.heard == ["opened", "lost"]
