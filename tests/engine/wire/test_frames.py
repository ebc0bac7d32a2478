"""The table of frames: complete, and each frame crosses the wire unchanged."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.conditions import PRESETS
from tact_engine.core.envelope import Delivery, Otherwise, Receipt, Submission
from tact_engine.core.facts import Amendment
from tact_engine.wire import frames
from tact_engine.wire.codec import decode, encode
from tact_engine.wire.frames import ACKNOWLEDGEMENTS_MAX, FRAMES, NUMBER_MAX, Frame, Phase, Side, signed_text
from tests.support.frames import EXAMPLES


def side_of(frame: Frame) -> Side:
    return FRAMES[str(frame.__struct_config__.tag)].side


def test_every_frame_has_an_example_here():
    assert {type(frame) for frame in EXAMPLES} == {row.frame for row in FRAMES.values()}


def test_every_frame_is_in_the_table_under_its_type():
    assert set(Frame.__subclasses__()) == {row.frame for row in FRAMES.values()}
    assert all(row.frame.__struct_config__.tag == tag for tag, row in FRAMES.items())


@pytest.mark.parametrize("frame", EXAMPLES, ids=lambda frame: type(frame).__name__)
def test_it_crosses_the_wire_unchanged(frame):
    data = encode(frame)
    assert decode(data, side_of(frame)) == frame
    assert decode(data.decode(), side_of(frame)) == frame
    assert msgspec.json.decode(data)["type"] == frame.__struct_config__.tag


@pytest.mark.parametrize("row", FRAMES.values(), ids=lambda row: row.frame.__name__)
def test_no_frame_has_a_field_that_the_head_of_all_frames_needs(row):
    assert "type" not in row.frame.__struct_fields__


@pytest.mark.parametrize("row", FRAMES.values(), ids=lambda row: row.frame.__name__)
def test_every_frame_can_say_that_it_may_be_skipped_and_by_itself_does_not(row):
    (field,) = [field for field in msgspec.structs.fields(row.frame) if field.name == "optional"]
    assert (field.type, field.default) == (bool, False)


@pytest.mark.parametrize("frame", EXAMPLES, ids=lambda frame: type(frame).__name__)
def test_a_known_frame_that_may_be_skipped_is_read_all_the_same(frame):
    optional = msgspec.structs.replace(frame, optional=True)
    data = encode(optional)
    assert msgspec.json.decode(data)["optional"] is True
    assert decode(data, side_of(frame)) == optional


def test_the_limits_of_the_wire():
    assert (NUMBER_MAX, ACKNOWLEDGEMENTS_MAX) == (2**53 - 1, 900)


def test_each_frame_is_allowed_somewhere_and_nothing_after_the_end():
    assert all(row.phases and Phase.CLOSED not in row.phases for row in FRAMES.values())


def test_only_a_sign_in_is_allowed_to_strangers():
    early = [row.frame for row in FRAMES.values() if row.side is Side.CLIENT and Phase.GREETED in row.phases]
    assert early == [frames.SignIn]


@pytest.mark.rule("S1")
def test_what_a_recipient_gets_has_no_place_for_a_condition():
    for struct in (Delivery, Receipt, frames.Deliver, frames.News):
        assert not {"when", "condition", "edge", "dwell"} & set(struct.__struct_fields__)


names = st.text(max_size=20)
numbers = st.integers(0, NUMBER_MAX)
submissions = st.builds(
    Submission,
    id=names,
    to=st.lists(names, max_size=3).map(tuple),
    body=st.binary(max_size=50),
    content_type=names,
    enc=names,
    when=st.sampled_from(list(PRESETS.values())),
    valid_for=st.integers(),
    otherwise=st.sampled_from(Otherwise),
    keep_order=st.booleans(),
    alert=st.booleans(),
)
values = st.none() | st.booleans() | st.integers() | names
changes = st.dictionaries(names, values, max_size=4)
ends = st.dictionaries(names, numbers, max_size=4)


@given(
    st.builds(frames.Submit, numbers, submissions, optional=st.booleans())
    | st.builds(frames.SetPresence, numbers, changes, ends)
    | st.builds(frames.Edit, numbers, names, numbers, st.builds(Amendment))
    | st.builds(frames.Note, numbers)
    | st.builds(frames.Acknowledge, ends)
    | st.builds(frames.MarkRead, st.lists(names, max_size=4).map(tuple))
    | st.builds(
        frames.SignIn, st.integers(), names, st.binary(max_size=40), st.binary(max_size=70), changes, ends
    )
)
def test_whatever_is_in_it_crosses_the_wire_unchanged(frame):
    assert decode(encode(frame), Side.CLIENT) == frame


# --- what a device signs


def test_a_signature_fits_one_engine_one_challenge_and_one_handle():
    base = ("engine-1", b"challenge", "tom")
    others = [
        ("engine-2", b"challenge", "tom"),
        ("engine-1", b"challengf", "tom"),
        ("engine-1", b"challenge", "tim"),
    ]
    assert len({signed_text(*parts) for parts in (base, *others)}) == 4
    assert signed_text(*base).startswith(b"tact sign-in 1\n")
