"""How links are driven: what goes out, and when."""

import asyncio
from collections.abc import Callable
from typing import cast

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side, State

from tests.bench.bystanders import Felt
from tests.bench.driving import Arrivals, Pipeline
from tests.bench.fast_link import FastLink, message, on_the_wire


class PaperLink:
    """A link that only notes what is written."""

    def __init__(self) -> None:
        self.on_done: Callable[[], None] = lambda: None
        self.on_delivered: Callable[[int], None] = lambda count: None
        self.written: list[bytes] = []

    def write(self, wire: bytes) -> None:
        self.written.append(wire)


def heard(wire: bytes) -> list[bytes]:
    """The texts that a server reads in `wire`."""
    server = Protocol(Side.SERVER, state=State.OPEN, max_size=None)
    server.receive_data(wire)
    frames = [event for event in server.events_received() if isinstance(event, Frame)]
    assert [frame.opcode for frame in frames] == [Opcode.TEXT] * len(frames)
    return [bytes(frame.data) for frame in frames]


@pytest.mark.parametrize("size", [0, 125, 126, 127, 0xFFFF, 0x10000])
def test_a_frame_on_the_wire_is_a_message_of_a_client(size: int):
    assert heard(on_the_wire(b"x" * size)) == [b"x" * size]


def test_every_message_has_an_id_of_its_own():
    assert len({message("mary") for _ in range(3)}) == 3


async def test_a_pipeline_keeps_so_many_unanswered_and_sends_what_may_go_in_one_write():
    link, frames = PaperLink(), [b"frame %d" % number for number in range(7)]
    running = asyncio.create_task(Pipeline(cast(FastLink, link), frames, window=3).run())
    await asyncio.sleep(0)
    assert [heard(wire) for wire in link.written] == [frames[:3]]
    link.on_done()
    link.on_done()
    await asyncio.sleep(0)
    assert [heard(wire) for wire in link.written[1:]] == [frames[3:5]]
    for _ in range(3):
        link.on_done()
    await asyncio.sleep(0)
    assert [heard(wire) for wire in link.written[2:]] == [frames[5:]]
    link.on_done()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not running.done()
    link.on_done()
    await running


async def test_arrivals_are_over_with_the_last_message():
    link = PaperLink()
    there = Arrivals(cast(FastLink, link), 3)
    waiting = asyncio.ensure_future(there.all())
    link.on_delivered(1)
    await asyncio.sleep(0)
    assert not waiting.done()
    link.on_delivered(2)
    await waiting
    assert there.first < there.last


def test_bystanders_feel_what_lies_partly_within():
    felt = Felt()
    felt.messages = [(0, 1), (1.5, 2.5), (3, 3.25), (3.5, 8), (9, 9.5)]
    assert felt.during(2, 4) == [1, 0.25, 4.5]


def test_nobody_who_chatted_is_no_answer():
    with pytest.raises(AssertionError, match="nobody chatted"):
        Felt().during(0, 1)
