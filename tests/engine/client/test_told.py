"""What needs no answer is kept until it is known to have arrived."""

import pytest

from tact_engine.client.told import FRAMES_MAX, IDS_AT_ONCE, Told, runs
from tact_engine.wire.frames import Acknowledge, MarkRead, Note


@pytest.fixture
def told() -> Told:
    return Told()


def test_nothing_said_is_nothing_to_say_again(told):
    assert told.taken() == []


def test_it_is_said_again_in_few_frames_with_the_last_word_about_each_thing(told):
    frames = [
        Acknowledge({"a": 1, "b": 1}),
        MarkRead(("a",)),
        Note(4),
        Acknowledge({"a": 2}),
        MarkRead(("b", "a")),
        Note(7),
    ]
    for place, frame in enumerate(frames):
        told.say(place, frame)
    assert told.taken() == [Acknowledge({"a": 2, "b": 1}), MarkRead(("a", "b"))], (
        "news are told again by themselves"
    )
    assert told.taken() == []


def test_what_arrived_is_forgotten_and_what_was_said_since_is_not(told):
    for place in range(4):
        told.say(place, MarkRead((f"m{place}",)))
    told.arrived(3)
    assert told.taken() == [MarkRead(("m3",))]


def test_no_frame_gets_too_large(told):
    copies = {f"m{number}": 1 for number in range(IDS_AT_ONCE + 1)}
    told.say(0, Acknowledge(copies))
    first, second = told.taken()
    assert (len(first.copies), second.copies) == (IDS_AT_ONCE, {f"m{IDS_AT_ONCE}": 1})


def test_of_very_much_the_oldest_is_left_out(told):
    for place in range(FRAMES_MAX + 1):
        told.say(place, MarkRead((f"m{place}",)))
    ids = [id for frame in told.taken() for id in frame.ids]
    assert ids == [f"m{place}" for place in range(1, FRAMES_MAX + 1)]


def test_runs_are_whole_and_in_order():
    assert list(runs(())) == []
    assert [len(run) for run in runs(tuple(range(2 * IDS_AT_ONCE)))] == [IDS_AT_ONCE, IDS_AT_ONCE]
