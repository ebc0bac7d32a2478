"""What is left open by whoever reads WebSocket frames: decided here, without a network and with the test's own time."""

from types import SimpleNamespace
from typing import Any

import pytest
from picows import WSMsgType, WSProtocolError

from tact_engine.net import websocket
from tact_engine.net.link import Link
from tact_engine.net.websocket import (
    CLOSE_WITHIN_SECONDS,
    PIECES_MAX,
    PING_EVERY_SECONDS,
    PONG_WITHIN_SECONDS,
    WRITE_BYTES_MAX,
    WebSocket,
)
from tact_engine.wire.frames import FRAME_BYTES_MAX, Note

PAIR = b'{"type":"note","serial":3}'


class Timer:
    """One appointment."""

    def __init__(self, at: float, act):
        self.at, self.act, self.is_cancelled = at, act, False

    def cancel(self):
        self.is_cancelled = True


class Loop:
    """A loop whose time the test moves."""

    def __init__(self):
        self.now = 0.0
        self.timers: list[Timer] = []

    def call_later(self, seconds: float, act) -> Timer:
        self.timers.append(Timer(self.now + seconds, act))
        return self.timers[-1]

    @property
    def pending(self) -> list[Timer]:
        return [timer for timer in self.timers if not timer.is_cancelled]

    def advance(self, seconds: float):
        end = self.now + seconds
        while due := [timer for timer in self.pending if timer.at <= end]:
            timer = min(due, key=lambda each: each.at)
            timer.cancel()
            self.now = timer.at
            timer.act()
        self.now = end


class Transport:
    """Remembers what is said through it."""

    def __init__(self):
        self.said: list[tuple[str, Any]] = []
        self.is_close_frame_sent = False
        self.underlying_transport: Any = self
        self.is_disconnected = False

    def set_write_buffer_limits(self, high):
        self.said.append(("limit", high))

    def write(self, data):
        self.said.append(("bytes", data))

    def send_ping(self):
        self.said.append(("ping", b""))

    def send_pong(self, data):
        self.said.append(("pong", data))

    def send_close(self, code, reason):
        if not self.is_close_frame_sent:
            self.said.append(("close", (int(code), reason)))
        self.is_close_frame_sent = True

    def disconnect(self, graceful=True):
        self.said.append(("bye", graceful))


class Frame:
    """One WebSocket frame, as the library shows it."""

    def __init__(self, kind: WSMsgType, payload: bytes = b"", fin=True, bits=0):
        self.msg_type, self.payload, self.fin = kind, payload, fin
        self.rsv1, self.rsv2, self.rsv3 = bits & 4, bits & 2, bits & 1

    def get_payload_as_bytes(self) -> bytes:
        return self.payload

    def get_close_code(self) -> int:
        return int.from_bytes(self.payload[:2])

    def get_close_message(self) -> bytes:
        return self.payload[2:]


def text(payload: bytes = PAIR, fin=True) -> Frame:
    return Frame(WSMsgType.TEXT, payload, fin)


def more(payload: bytes = b"", fin=False) -> Frame:
    return Frame(WSMsgType.CONTINUATION, payload, fin)


class Desk:
    def __init__(self):
        self.heard: list[Any] = []

    def opened(self, link):
        link.session.welcomed("tom")
        self.heard.append("opened")

    def received(self, link, frame):
        self.heard.append(frame)

    def lost(self, link):
        self.heard.append("lost")


class Room:
    """One WebSocket that is connected."""

    def __init__(self):
        self.transport: Any = Transport()
        self.desk = Desk()
        self.socket = WebSocket(self.link_of, self.desk)
        self.link: Link
        self.socket.on_ws_connected(self.transport)
        assert self.transport.said.pop() == ("limit", WRITE_BYTES_MAX)

    def link_of(self, socket: WebSocket, transport) -> Link:
        assert transport is self.transport
        self.link = Link(7, socket)
        return self.link

    def hear(self, *frames: Frame):
        for frame in frames:
            self.socket.on_ws_frame(self.transport, frame)  # pyright: ignore[reportArgumentType]

    def refuses(self, *frames: Frame) -> int:
        """The code with which the last of `frames` is refused; the others are not."""
        self.hear(*frames[:-1])
        with pytest.raises(WSProtocolError) as refused:
            self.hear(frames[-1])
        return int(refused.value.code)

    @property
    def heard(self) -> list[Any]:
        return self.desk.heard

    @property
    def said(self) -> list[tuple[str, Any]]:
        return self.transport.said


@pytest.fixture
def loop(monkeypatch) -> Loop:
    loop = Loop()
    monkeypatch.setattr(websocket, "asyncio", SimpleNamespace(get_running_loop=lambda: loop))
    return loop


@pytest.fixture
def room(loop) -> Room:
    return Room()


# --- messages


def test_it_tells_of_its_life(room, loop):
    room.hear(text())
    room.link.queue(b"hello")
    room.link.queue(b"you")
    room.link.flow()
    room.socket.on_ws_disconnected(room.transport)
    assert room.heard == ["opened", Note(3), "lost"]
    assert room.said == [("bytes", b"\x81\x05hello\x81\x03you")]
    assert loop.pending == []


def test_bytes_are_heard_as_text_is(room):
    room.hear(Frame(WSMsgType.BINARY, PAIR))
    assert room.heard == ["opened", Note(3)]


@pytest.mark.parametrize("cut", [0, 1, len(PAIR) - 1, len(PAIR)])
def test_a_message_may_come_in_pieces_with_pings_between_them(room, cut):
    room.hear(text(PAIR[:cut], fin=False), Frame(WSMsgType.PING, b"?"), more(PAIR[cut:], fin=True), text())
    assert room.heard == ["opened", Note(3), Note(3)]
    assert room.said == [("pong", b"?")]


def test_as_many_pieces_as_there_may_be_and_one_more(room):
    room.hear(text(PAIR, fin=False), *[more()] * (PIECES_MAX - 2), more(fin=True))
    assert room.heard == ["opened", Note(3)]
    assert room.refuses(text(PAIR, fin=False), *[more()] * PIECES_MAX) == 1009


def test_as_many_bytes_in_pieces_as_there_may_be_and_one_more(room):
    half = PAIR.ljust(FRAME_BYTES_MAX // 2)
    room.hear(text(half, fin=False), more(b" " * (FRAME_BYTES_MAX // 2), fin=True))
    assert room.heard == ["opened", Note(3)]
    assert room.refuses(text(half, fin=False), more(b" " * (FRAME_BYTES_MAX // 2 + 1), fin=True)) == 1009
    assert room.heard == ["opened", Note(3)]


def test_pieces_out_of_place_are_refused(room):
    assert room.refuses(more(PAIR, fin=True)) == 1002
    assert room.refuses(text(b"", fin=False), text()) == 1002
    assert room.heard == ["opened"]


@pytest.mark.parametrize("bits", range(1, 8))
@pytest.mark.parametrize("kind", [WSMsgType.TEXT, WSMsgType.PING, WSMsgType.PONG])
def test_reserved_bits_are_refused(room, bits, kind):
    assert room.refuses(Frame(kind, b"", bits=bits)) == 1002


# --- writing


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, "8100"),
        (125, "817d"),
        (126, "817e007e"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
    ],
)
def test_a_message_says_how_long_it_is(room, size, head):
    room.link.queue(b"x" * size)
    room.link.flow()
    assert room.said == [("bytes", bytes.fromhex(head) + b"x" * size)]


def test_nothing_is_written_to_a_link_that_is_gone(room):
    room.transport.is_disconnected = True
    room.link.queue(b"hello")
    room.link.flow()
    assert room.said == []


def test_nothing_is_written_while_the_other_side_does_not_read(room):
    room.socket.pause_writing()
    room.link.queue(b"later")
    room.link.flow()
    assert room.said == []
    room.socket.resume_writing()
    assert room.said == [("bytes", b"\x81\x05later")]


def test_of_many_pings_the_latest_is_answered_once_the_other_side_reads(room):
    """Answers that nobody reads would pile up without an end."""
    room.socket.pause_writing()
    room.hear(*(Frame(WSMsgType.PING, b"%d" % number) for number in range(1_000)))
    assert room.said == []
    room.socket.resume_writing()
    room.socket.resume_writing()
    assert room.said == [("pong", b"999")]


# --- is anybody there


def test_it_asks_now_and_then_and_is_content_with_an_answer(room, loop):
    loop.advance(PING_EVERY_SECONDS - 0.1)
    assert room.said == []
    for asked in range(1, 4):
        loop.advance(PING_EVERY_SECONDS)
        assert room.said == [("ping", b"")] * asked
        room.hear(Frame(WSMsgType.PONG))


def test_whoever_does_not_answer_is_cut_off(room, loop):
    loop.advance(PING_EVERY_SECONDS + PONG_WITHIN_SECONDS - 0.1)
    assert room.said == [("ping", b"")]
    loop.advance(0.1)
    assert room.said[1:] == [("close", (1011, b"no answer to a ping"))]
    loop.advance(CLOSE_WITHIN_SECONDS)
    assert room.said[2:] == [("bye", False)]


def test_answers_that_nobody_asked_for_change_nothing(room, loop):
    room.hear(*[Frame(WSMsgType.PONG)] * 1_000)
    assert len(loop.timers) == 1
    loop.advance(PING_EVERY_SECONDS)
    assert room.said == [("ping", b"")]


# --- the end


def test_a_goodbye_is_said_and_not_waited_for_long(room, loop):
    room.link.close(4001, "too slow a reader")
    assert room.said == [("close", (4001, b"too slow a reader"))]
    room.hear(text(), Frame(WSMsgType.PING))
    loop.advance(CLOSE_WITHIN_SECONDS)
    assert room.said[1:] == [("bye", False)]
    assert room.heard == ["opened"], "what comes after the goodbye is not heard"


def test_a_goodbye_that_is_answered_is_the_end(room, loop):
    room.link.close(1001, "the engine stops")
    room.hear(Frame(WSMsgType.CLOSE, b"\x03\xe9"))
    assert room.said[1:] == [("bye", True)]


@pytest.mark.parametrize(("payload", "answer"), [(b"\x03\xe8bye", (1000, b"bye")), (b"", (1000, b""))])
def test_the_other_side_says_goodbye(room, loop, payload, answer):
    room.hear(Frame(WSMsgType.CLOSE, payload))
    assert room.said == [("close", answer), ("bye", True)]
    loop.advance(CLOSE_WITHIN_SECONDS)
    assert room.said[2:] == [("bye", False)], "also where it does not read what is still to be said"
