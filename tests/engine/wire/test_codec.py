"""What is not a frame is refused with a reason, whatever it is; nothing crashes and nothing is guessed."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import astuple

from tact_engine.core.presence import Presence, Reading
from tact_engine.wire import frames
from tact_engine.wire.codec import DEPTH_MAX, Unreadable, decode, encode
from tact_engine.wire.frames import ACKNOWLEDGEMENTS_MAX, FRAME_BYTES_MAX, FRAMES, NUMBER_MAX, Side
from tests.support.frames import EXAMPLES

WITHDRAW = b'{"type":"withdraw","request":7,"id":"m1"}'


def refused(data, side=Side.CLIENT):
    with pytest.raises(Unreadable) as caught:
        decode(data, side)
    assert str(caught.value) == caught.value.text
    return caught.value.code, caught.value.request


def limits(number):
    """A frame for every place of a number on the wire, with `number` there."""
    said = str(number).encode()
    return [
        b'{"type":"withdraw","request":' + said + b',"id":"m1"}',
        b'{"type":"edit","request":1,"id":"m1","revision":' + said + b',"amendment":{}}',
        b'{"type":"pause","request":' + said + b',"id":"m1"}',
        b'{"type":"set_privacy","request":' + said + b',"privacy":{}}',
        b'{"type":"note","serial":' + said + b"}",
        b'{"type":"set_presence","request":' + said + b',"changes":{}}',
        b'{"type":"submit","request":' + said + b',"submission":{"id":"m1","to":[],"body":""}}',
        b'{"type":"send_now","request":' + said + b',"id":"m1"}',
    ]


# --- the size


def test_at_the_limit_and_past():
    room = FRAME_BYTES_MAX - len(WITHDRAW)
    assert FRAME_BYTES_MAX == 64 * 1024
    assert decode(WITHDRAW + b" " * room, Side.CLIENT) == frames.Withdraw(7, "m1")
    assert refused(WITHDRAW + b" " * (room + 1)) == ("malformed_frame", 0)


def test_what_is_too_large_is_not_even_looked_at():
    with pytest.raises(Unreadable, match=str(FRAME_BYTES_MAX)):
        decode(b"[" * 50_000_000, Side.CLIENT)


def test_the_limit_of_a_text_is_in_bytes_as_well():
    id = "x" + "é" * 32_748
    whole = '{"type":"withdraw","request":7,"id":"' + id + '"}'
    size = len(whole.encode())
    assert size == FRAME_BYTES_MAX
    assert decode(whole, Side.CLIENT) == frames.Withdraw(7, id)
    assert refused(whole + " ") == ("malformed_frame", 0)


@pytest.mark.parametrize("number", [0, NUMBER_MAX])
def test_a_number_at_the_limit_is_read(number):
    for data in limits(number):
        frame = decode(data, Side.CLIENT)
        assert frame is not None
        assert number in astuple(frame)


@pytest.mark.parametrize("number", [-1, NUMBER_MAX + 1, 2**63, 2**64, 10**40])
def test_a_number_past_the_limit_is_refused(number):
    """Neither every peer nor the database could hold it."""
    assert {refused(data)[0] for data in limits(number)} == {"malformed_frame"}


@pytest.mark.parametrize(
    "kind",
    [frames.MarkRead, lambda ids: frames.Acknowledge(dict.fromkeys(ids, 1))],
    ids=["mark_read", "acknowledge"],
)
def test_as_many_ids_as_there_may_be_and_one_more(kind):
    ids = tuple(f"m{number}" for number in range(ACKNOWLEDGEMENTS_MAX + 1))
    most = kind(ids[1:])
    assert decode(encode(most), Side.CLIENT) == most
    assert refused(encode(kind(ids))) == ("malformed_frame", 0)


def test_as_many_ids_of_the_usual_length_as_there_may_be_fit_one_frame():
    copies = {f"{number:064}": 1_000 for number in range(ACKNOWLEDGEMENTS_MAX)}
    assert len(encode(frames.Acknowledge(copies))) <= FRAME_BYTES_MAX


# --- not JSON, or not our JSON


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"\x00", b"\xff\xfe", b"{", b"}", b"[]", b"null", b"true", b"5", b'"withdraw"', b"{]",
        b"\xef\xbb\xbf" + WITHDRAW,
        WITHDRAW + b"x", WITHDRAW + WITHDRAW, WITHDRAW + b"\x00", WITHDRAW[:-1],
        WITHDRAW.replace(b'"', b"'"),
        b'{"type":"note","serial":NaN}',
        b'{"type":"note","serial":Infinity}',
        b'{"type":"note","serial":-Infinity}',
        b'{"type":"note","serial":01}',
        b'{"type":"note","serial":1,}',
        b'{"type":5}', b'{"type":null}', b'{"type":["note"]}', b'{"type":{"type":"note"}}',
        b'{"type":"not\xffe","serial":1}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"type":"note","serial":' + b"[" * 60_000,
        b'{"type":"submit","request":1,"submission":' + b'{"when":' * 7_000,
        b'{"type":"note","serial":' + b"9" * 60_000 + b"}",
        b'{"type":"note","serial":1e999999}',
    ],
    ids=lambda data: repr(data[:40]),
)  # fmt: skip
def test_it_is_refused_and_nothing_crashes(data):
    assert refused(data)[0] == "malformed_frame"


@pytest.mark.parametrize(
    "data",
    [
        b'{"type":"withdraw","request":7}',
        b'{"type":"withdraw","request":7,"id":5}',
        b'{"type":"withdraw","request":7,"id":null}',
        b'{"type":"withdraw","request":7,"id":"\xff"}',
        b'{"type":"withdraw","request":7,"id":"m1","more":1}',
        b'{"type":"withdraw","request":7,"id":"m1","more":1,"optional":true}',
        b'{"type":"edit","request":7,"id":"m","revision":-1,"amendment":{}}',
        b'{"type":"edit","request":7,"id":"m","revision":9007199254740992,"amendment":{}}',
        b'{"type":"withdraw","id":["m1"],"request":7}',
        b'{"type":"submit","request":7,"submission":{}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":"mary","body":""}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"@"}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","later":1}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","valid_for":60.5}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","valid_for":true}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","when":{"and":[]}}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","when":null}}',
        b'{"type":"set_presence","request":7,"changes":{},"until":{"UserMood":null}}',
        b'{"type":"set_presence","request":7,"changes":{},"until":{"UserMood":-1}}',
        b'{"type":"set_presence","request":7,"changes":{},"until":5}',
        b'{"type":"set_privacy","request":7,"privacy":null}',
        b'{"type":"set_privacy","request":7,"privacy":{"rules":{"Alias":{"see":"friends"}}}}',
        b'{"type":"set_privacy","request":7,"privacy":{"rules":{"Alias":{"hide":true}}}}',
        b'{"type":"set_privacy","request":7,"privacy":{"blocked":"tom"}}',
        b'{"type":"pause","request":7}',
        b'{"type":"resume","request":7,"id":["m1"]}',
        b'{"type":"explain","request":7,"id":"m1","revision":1}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","otherwise":"burn"}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","alert":null}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","when":{"window":{}}}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":[],"body":"","when":{"dwell":"60"}}}',
        b'{"type":"set_presence","request":7,"changes":{"UserMood":1.5}}',
        b'{"type":"set_presence","request":7,"changes":{"UserMood":["SAD"]}}',
        b'{"type":"set_presence","request":7,"changes":[]}',
        b'{"type":"edit","request":7,"id":"m","revision":"1","amendment":{}}',
        b'{"type":"edit","request":7,"id":"m","revision":1,"amendment":{"to":["mary"]}}',
        b'{"type":"edit","request":7,"id":"m","revision":1,"amendment":{"keep_order":true}}',
    ],
    ids=lambda data: repr(data[18:70]),
)
def test_a_known_frame_with_something_wrong_is_refused_under_its_request(data):
    assert refused(data) == ("malformed_frame", 7)


@pytest.mark.parametrize("second", [b"withdraw", b"hello", b"dance"])
def test_a_frame_of_two_types_is_neither(second):
    refused(b'{"type":"note","type":"' + second + b'","serial":1}')


@pytest.mark.parametrize(
    "request_", [b'"7"', b"7.5", b"null", b"true", b"[7]", b"-1", b"9007199254740992", b"9" * 40]
)
def test_a_request_that_is_no_number_is_answered_under_none(request_):
    assert refused(b'{"type":"withdraw","request":' + request_ + b',"id":"m"}') == ("malformed_frame", 0)


# Half a surrogate pair, where a text may be cut by somebody careless.
@pytest.mark.parametrize(
    "escape", [rb"\ud800", rb"\udc00", rb"\ud800\ud800", rb"\udc00\ud800", rb"\ud800x", rb"\ud83d\u0041"]
)
def test_half_a_surrogate_pair_is_refused(escape):
    assert refused(b'{"type":"withdraw","request":7,"id":"' + escape + b'"}') == ("malformed_frame", 0)


@pytest.mark.parametrize("half", ["\ud800", "\udc00\ud800"])
def test_so_is_one_in_a_text_frame(half):
    assert refused('{"type":"withdraw","request":7,"id":"' + half + '"}') == ("malformed_frame", 7)
    assert refused('{"type":"note","' + half + '":1}') == ("malformed_frame", 0)


def test_what_is_no_text_is_refused_also_where_nobody_reads_it():
    data = b'{"type":"dance","optional":true,"%s":0}'
    assert decode(data % b"later", Side.ENGINE) is None
    assert refused(data % b"\xc0\x80", Side.ENGINE) == ("malformed_frame", 0)


def test_a_whole_surrogate_pair_is_one_character():
    assert decode(rb'{"type":"withdraw","request":7,"id":"\ud83d\ude00"}', Side.CLIENT) == frames.Withdraw(
        7, "😀"
    )


# --- how deep


def remembering(values: int) -> frames.People:
    """A frame in which objects and lists lie 5 deep, and one deeper for each value that a reading remembers."""
    reading = Reading("SAD", 1)
    for _ in range(values):
        reading = Reading("SAD", 1, 2, previous=reading)
    return frames.People(people=(Presence("mary", 7, {"UserMood": reading}),))


def depth_of(value: Any) -> int:
    """How deep objects and lists lie in `value`, counted another way."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if children is None else 1 + max(map(depth_of, children), default=0)


def test_what_is_sent_today_is_not_nearly_too_deep():
    assert max(depth_of(json.loads(encode(frame))) for frame in [*EXAMPLES, remembering(4)]) == 9 < DEPTH_MAX


def test_as_deep_as_it_may_be_and_one_more():
    deepest = remembering(DEPTH_MAX - 5)
    assert decode(encode(deepest), Side.ENGINE) == deepest
    with pytest.raises(Unreadable, match=f"it nests deeper than {DEPTH_MAX}"):
        decode(encode(remembering(DEPTH_MAX - 4)), Side.ENGINE)


def test_what_is_too_deep_to_be_written_again_is_not_read():
    reading = b'{"value":1,"since":1,"previous":' * 900 + b"null" + b"}" * 900
    data = (
        b'{"type":"people","people":[{"handle":"mary","version":1,"readings":{"UserMood":' + reading + b"}}]}"
    )
    assert refused(data, Side.ENGINE) == ("malformed_frame", 0)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
def test_what_is_skipped_may_not_be_deeper_either(opening, closing):
    dance = b'{"type":"dance","optional":true,"steps":%s1%s}'
    levels = (DEPTH_MAX - 1) // len(closing)
    assert decode(dance % (opening * levels, closing * levels), Side.CLIENT) is None
    assert refused(dance % (opening * (levels + 1), closing * (levels + 1))) == ("malformed_frame", 0)


@pytest.mark.parametrize(
    "text", ["[{" * 50, "}]" * 50, '\\"[[' * 30, "\\\\", '\\\\\\"' + "[" * 50, "[]{}" * 90]
)
def test_brackets_in_a_text_are_no_brackets(text):
    frame = frames.SetPresence(request=1, changes={text: text, "also": text})
    assert decode(json.dumps(json.loads(encode(frame))), Side.CLIENT) == frame
    assert decode(encode(frame), Side.CLIENT) == frame


def test_many_brackets_side_by_side_are_not_deep():
    many = frames.People(people=tuple(Presence(f"mary{number}", 1, {}) for number in range(500)))
    assert decode(encode(many), Side.ENGINE) == many


# --- names twice


@pytest.mark.parametrize(
    "data",
    [
        b'{"type":"withdraw","request":7,"id":"m1","id":"m1"}',
        b'{"type":"withdraw","request":7,"id":"m1","request":7}',
        b'{"type":"withdraw","request":7,"id":"m1","\\u0069d":"m2"}',
        b'{"type":"withdraw","request":7,"id":"m1","optional":false,"optional":true}',
        b'{"type":"set_presence","request":7,"changes":{"UserMood":"SAD","UserMood":"HAPPY"}}',
        b'{"type":"set_presence","request":7,"changes":{"UserMood":"SAD","User\\u004dood":"HAPPY"}}',
        b'{"type":"submit","request":7,"submission":{"id":"m","to":["mary"],"to":["anna"],"body":""}}',
    ],
    ids=lambda data: repr(data[-40:]),
)
def test_a_name_twice_in_one_object_is_refused(data):
    """Two readers of such a frame need not agree on what it says."""
    assert refused(data) == ("malformed_frame", 7)


def test_it_says_which_name_comes_twice_and_no_more_than_that():
    with pytest.raises(Unreadable, match=r"it names “id” twice\."):
        decode(b'{"type":"withdraw","request":7,"id":"m1","id":"m2"}', Side.CLIENT)
    name = b"x" * 10_000
    with pytest.raises(Unreadable) as caught:
        decode(b'{"type":"set_presence","request":7,"changes":{"%s":1,"%s":1}}' % (name, name), Side.CLIENT)
    assert len(caught.value.text) < 200


def test_what_is_skipped_has_no_name_twice_either():
    assert refused(b'{"type":"dance","optional":true,"steps":{"a":1,"a":1}}') == ("malformed_frame", 0)


def test_one_name_in_two_objects_is_not_twice():
    privacy = b'{"rules":{"Alias":{"see":"nobody"},"Idle":{"see":"nobody"}}}'
    assert decode(b'{"type":"set_privacy","request":7,"privacy":' + privacy + b"}", Side.CLIENT) is not None


@pytest.mark.parametrize("words", [b"9" * 10_000, b"-1.5e300", b"1E-9999", b'"\\ud83d\\ude00"'])
def test_whatever_else_is_skipped_is_skipped(words):
    assert decode(b'{"type":"dance","optional":true,"steps":' + words + b"}", Side.CLIENT) is None


@pytest.mark.parametrize("words", [b'"\x01"', b'"\xff"', b"NaN", b"-Infinity"])
def test_what_is_skipped_is_still_json(words):
    assert refused(b'{"type":"dance","optional":true,"steps":' + words + b"}")[0] == "malformed_frame"


# --- frames that are not known


def test_an_unknown_frame_is_refused_under_its_request_and_named():
    with pytest.raises(Unreadable, match="“dance”") as caught:
        decode(b'{"type":"dance","request":9,"steps":[1,2]}', Side.CLIENT)
    assert (caught.value.code, caught.value.request) == ("unknown_frame", 9)
    assert refused(b"{}") == ("unknown_frame", 0)
    assert refused(b'{"type":"Withdraw","request":7,"id":"m"}') == ("unknown_frame", 7)


def test_an_unknown_frame_may_be_skipped_where_it_says_so():
    assert decode(b'{"type":"dance","optional":true,"steps":[[[1]]]}', Side.CLIENT) is None
    assert refused(b'{"type":"dance","optional":false}') == ("unknown_frame", 0)
    assert refused(b'{"type":"dance","optional":1}')[0] == "malformed_frame"
    assert refused(b'{"type":"dance","optional":"true"}')[0] == "malformed_frame"


def test_a_known_frame_is_read_whether_or_not_it_may_be_skipped():
    whole = WITHDRAW[:-1] + b',"optional":'
    assert decode(whole + b"true}", Side.CLIENT) == frames.Withdraw(7, "m1", optional=True)
    assert decode(whole + b"false}", Side.CLIENT) == frames.Withdraw(7, "m1")
    assert refused(whole + b"1}") == ("malformed_frame", 0)


def test_the_sentence_does_not_carry_back_what_was_sent():
    with pytest.raises(Unreadable) as caught:
        decode(b'{"type":"note","' + b"x" * 60_000 + b'":1}', Side.CLIENT)
    assert len(caught.value.text) < 1_000


def test_a_long_name_is_cut_in_the_sentence():
    with pytest.raises(Unreadable) as caught:
        decode(b'{"type":"' + b"x" * 60_000 + b'"}', Side.CLIENT)
    assert len(caught.value.text) < 200


@pytest.mark.parametrize("row", FRAMES.values(), ids=lambda row: row.frame.__name__)
def test_a_frame_of_the_other_side_is_not_known(row):
    other = Side.ENGINE if row.side is Side.CLIENT else Side.CLIENT
    tag = str(row.frame.__struct_config__.tag).encode()
    assert refused(b'{"type":"' + tag + b'","request":3}', other) == ("unknown_frame", 3)


@pytest.mark.parametrize("row", FRAMES.values(), ids=lambda row: row.frame.__name__)
def test_a_frame_with_a_field_too_many_is_refused(row):
    tag = str(row.frame.__struct_config__.tag).encode()
    assert refused(b'{"type":"' + tag + b'","of_tomorrow":1}', row.side)[0] == "malformed_frame"


# --- anything at all


def read(data, side):
    """The frame, or None where it is refused or skipped; anything else is a crash."""
    try:
        return decode(data, side)
    except Unreadable:
        return None


@given(st.binary(max_size=200), st.sampled_from(Side))
@example(
    b'{"type":"people","people":[{"handle":"a","version":1,"readings":{"x":{"value":[],"since":1}}}]}',
    Side.ENGINE,
)
def test_any_bytes_are_a_frame_or_refused(data, side):
    read(data, side)


@given(st.data())
def test_a_damaged_frame_is_a_frame_or_refused(data):
    whole = bytearray(
        b'{"type":"submit","request":7,"submission":{"id":"m1","to":["mary"],"body":"eA==","valid_for":60,'
        b'"when":{"any":[{"all":[{"attr":"UserMood","op":"ne","value":"ANGRY"}]}]}}}'
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
        if not whole:
            break
    frame = read(bytes(whole), Side.CLIENT)
    assert frame is None or decode(encode(frame), Side.CLIENT) == frame
