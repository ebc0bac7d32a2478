from typing import TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.changes import PREVIOUS_MAX
from tact_engine.core.envelope import (
    BODY_BYTES_MAX,
    CONTENT_TYPE_LENGTH_MAX,
    RECIPIENTS_MAX,
    Delivery,
    Receipt,
    State,
)
from tact_engine.core.members import (
    Device,
    Health,
    JoinRequest,
    Member,
    OpenInvitation,
    Overview,
    Purpose,
    Role,
)
from tact_engine.core.presence import ATTRIBUTES, Presence, Reading
from tact_engine.core.privacy import VERSION_OF_OTHERS
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import FRAME_BYTES_MAX, Deliver, Frame, News, OverviewFrame, People
from tact_engine.wire.pages import Written, overview_frames, pages, written

F = TypeVar("F", bound=Frame)


def receipt(length):
    return Receipt("m" * length, "mary", State.HELD, 1, 2, 3, 4)


def as_written(values):
    return tuple(map(written, values))


def read(frame: Frame, kind: type[F]) -> F:
    """`frame` as it is read at the other end."""
    return msgspec.json.decode(encode(frame), type=kind)


def test_nothing_is_one_empty_page():
    assert list(pages((), 1000)) == [()]


def test_what_fits_is_one_page():
    values = tuple(receipt(5) for _ in range(4))
    assert list(pages(values, FRAME_BYTES_MAX)) == [as_written(values)]


def test_one_that_is_too_large_has_a_page_to_itself():
    small, large = receipt(1), receipt(2_000)
    made = [as_written([each]) for each in (small, large, small)]
    assert list(pages((small, large, small), 1_000)) == made


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(1_000, 3_000))
def test_pages_keep_the_order_and_each_fits(lengths, most):
    values = tuple(receipt(length) for length in lengths)
    made = list(pages(values, most))
    assert tuple(value for page in made for value in page) == as_written(values)
    assert all(made) or made == [()]
    assert all(len(encode(News(page))) <= most for page in made)


def test_a_page_is_not_turned_without_need():
    values = tuple(receipt(10) for _ in range(1_000))
    made = list(pages(values, FRAME_BYTES_MAX))
    assert all(len(encode(News(page))) > FRAME_BYTES_MAX - 1_024 for page in made[:-1])


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_the_largest_messages_fit_their_frames(count):
    members = tuple("x" * 32 for _ in range(RECIPIENTS_MAX + 1))
    largest = Delivery(
        "é" * 64, "x" * 32, "direct-" + "f" * 32, members, b"x" * BODY_BYTES_MAX, "\x01" * CONTENT_TYPE_LENGTH_MAX,
        2**63, 2**63, 2**63, enc="\x01" * CONTENT_TYPE_LENGTH_MAX, delayed=True,
        revision=2**53,
    )  # fmt: skip
    for page in pages((largest,) * count, FRAME_BYTES_MAX):
        assert len(encode(Deliver(2**63, page, more=True))) <= FRAME_BYTES_MAX


def test_the_longest_presence_fits_its_frame():
    text = "\U0010ffff" * 280
    readings = {name: longest(text[: row.length_max or 20], PREVIOUS_MAX) for name, row in ATTRIBUTES.items()}
    names = tuple(ATTRIBUTES)
    for page in pages((Presence("x" * 32, 2**60, readings, names, names),) * 60, FRAME_BYTES_MAX):
        assert len(encode(People(page))) <= FRAME_BYTES_MAX


def longest(text, depth):
    """A reading that is followed by as many as there may be."""
    return Reading(text, 2**60, 2**60, previous=longest(text, depth - 1) if depth else None)


def test_an_overview_takes_as_many_frames_as_it_needs():
    members = tuple(
        Member(f"m{n}", Role.MEMBER, n, (Device("0" * 16, 1, 2, "x" * 64),) * 20) for n in range(60)
    )
    invitations = (OpenInvitation("1" * 16, Purpose.MEMBER, "anna", 1, 2),)
    requests = (JoinRequest("eve", "2" * 16, 3),)
    health = Health("1", 2, 3, 4, 5, 6, 7, 8, disk_is_low=False)
    made = [
        read(frame, OverviewFrame)
        for frame in overview_frames(9, Overview(members, invitations, requests, health))
    ]
    assert all(len(encode(frame)) <= FRAME_BYTES_MAX and frame.request == 9 for frame in made)
    assert len(made) > 3
    assert tuple(each for frame in made for each in frame.members) == members
    assert tuple(each for frame in made for each in frame.invitations) == invitations
    assert (made[-1].requests, made[-1].health) == (requests, health)


def test_an_empty_overview_is_told_as_well():
    assert [frame.health for frame in overview_frames(1, Overview())] == [None] * 3


def test_names_are_paged_as_well():
    gone = tuple(f"person-number-{n:018}" for n in range(5_000))
    made = list(pages(gone, FRAME_BYTES_MAX))
    assert len(made) > 1
    assert tuple(each for page in made for each in page) == as_written(gone)
    assert all(len(encode(People((), page))) <= FRAME_BYTES_MAX for page in made)


def test_what_others_see_of_somebody_is_written_once():
    remembered = Written()
    seen = Presence("mary", VERSION_OF_OTHERS, {})
    first = remembered(seen)
    assert first == written(seen)
    assert remembered(seen) is first
    equal = Presence("mary", VERSION_OF_OTHERS, {})
    assert remembered(equal) is not first, "another document is looked at, however alike it is"
    assert remembered(seen) is not first
    other = Presence("mary", VERSION_OF_OTHERS, {}, hidden=("UserMood",))
    assert remembered(other) == written(other)


def test_what_only_its_owner_sees_is_not_kept_for_others():
    remembered = Written()
    seen, own = Presence("mary", VERSION_OF_OTHERS, {}), Presence("mary", 3, {})
    first = remembered(seen)
    assert remembered(own) == written(own)
    assert remembered(seen) is first


def test_nothing_is_remembered_of_who_is_gone():
    remembered = Written()
    seen = Presence("mary", VERSION_OF_OTHERS, {})
    first = remembered(seen)
    remembered.forget("mary")
    remembered.forget("nobody")
    assert remembered(seen) is not first
