from itertools import permutations, product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.conditions import PRESETS
from tact_engine.core.envelope import (
    BODY_BYTES_MAX,
    CONTENT_TYPE_LENGTH_MAX,
    COPY_BYTES,
    ENDED,
    TEXT_PLAIN,
    TRANSITIONS,
    VALIDITY_SECONDS_DEFAULT,
    VALIDITY_SECONDS_MAX,
    VALIDITY_SECONDS_MIN,
    Delivery,
    Envelope,
    Move,
    Receipt,
    State,
    Submission,
    conversation_of,
    next_state,
    receipt_of,
    weight_of,
)

# The law's section 4, written down a second time.
LAW = {
    "submit": {None: "held"},
    "release": {"held": "released"},
    "amend": {"held": "held"},
    "withdraw": {"held": "withdrawn", "withdrawn": "withdrawn"},
    "expire": {"held": "expired"},
    "acknowledge": {
        "released": "delivered", "held": "delivered", "expired": "delivered",
        "delivered": "delivered", "read": "read",
    },
    "lose": {"released": "held"},
    "mark_read": {"delivered": "read", "read": "read"},
    "fail": {"held": "failed", "released": "failed"},
}  # fmt: skip


@pytest.mark.parametrize(("state", "move"), list(product([None, *State], Move)))
def test_a_move_is_in_the_law_or_impossible(state, move):
    expected = LAW[move].get(state)
    assert next_state(state, move) == expected
    assert ((state, move) in TRANSITIONS) is (expected is not None)


def test_every_state_but_those_that_wait_is_an_end():
    assert set(State) - ENDED == {State.HELD, State.RELEASED}


def test_what_has_ended_never_waits_or_travels_again():
    assert all(after in ENDED for (before, _), after in TRANSITIONS.items() if before in ENDED)


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached(state):
    assert state in TRANSITIONS.values()


def test_the_limits_of_the_law():
    assert BODY_BYTES_MAX == 16 * 1024
    assert (VALIDITY_SECONDS_MIN, VALIDITY_SECONDS_MAX) == (60, 30 * 86_400)
    assert VALIDITY_SECONDS_DEFAULT == 7 * 86_400
    assert CONTENT_TYPE_LENGTH_MAX == 100
    assert Submission("1", ("mary",), b"x").valid_for == VALIDITY_SECONDS_DEFAULT


# --- conversations


def test_a_conversation_is_the_same_for_all_its_members():
    assert len({conversation_of(order) for order in permutations(("tom", "mary", "john"))}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("tom", "mary"), ("tom", "john")),
        (("tom", "mary"), ("tom", "mary", "john")),
        (("ab", "c"), ("a", "bc")),
        (("a", "b"), ("a.b", "a")),
    ],
)
def test_other_members_have_another_conversation(one, other):
    assert conversation_of(one) != conversation_of(other)


def test_naming_somebody_twice_changes_nothing():
    assert conversation_of(("tom", "mary", "tom")) == conversation_of(("tom", "mary"))


def test_the_id_of_a_conversation_names_nobody():
    assert conversation_of(("tom", "mary")).startswith("direct-")
    assert "tom" not in conversation_of(("tom", "mary"))


# --- receipts


@pytest.mark.parametrize("serial", [0, 7])
def test_a_receipt_tells_how_an_envelope_stands_and_no_more(serial):
    envelope = Envelope(
        number=5, id="m", sender="tom", recipient="mary", conversation="c", condition=PRESETS["available"],
        state=State.EXPIRED, revision=3, accepted_at=10, expires_at=20, since=21, tried=True, weight=99,
    )  # fmt: skip
    expected = Receipt(
        "m", "mary", State.EXPIRED, revision=3, since=21, accepted_at=10, expires_at=20, serial=serial
    )
    assert (receipt_of(envelope, serial) if serial else receipt_of(envelope)) == expected
    assert not {"condition", "body", "sender"} & set(Receipt.__struct_fields__)


# --- the weight of a copy


@pytest.mark.parametrize(
    ("body", "members", "weight"),
    [
        (b"", (), COPY_BYTES),
        (b"x" * 3, (), COPY_BYTES + 4),
        (b"x" * 300, ("tom", "mary"), COPY_BYTES + 400 + 6 + 7),
    ],
)
def test_a_copy_weighs_its_text_as_it_travels_and_its_members(body, members, weight):
    assert weight_of(body, members) == weight


@given(
    st.binary(max_size=2_000),
    st.lists(st.text("abc.-_9", min_size=2, max_size=32), min_size=2, max_size=65).map(tuple),
)
def test_a_copy_on_its_way_takes_no_more_than_its_weight(body, members):
    delivery = Delivery(
        "m" * 64, "t" * 32, conversation_of(members), members, body, TEXT_PLAIN,
        2**53 - 1, 2**53 - 1, 2**53 - 1, delayed=True,
    )  # fmt: skip
    assert len(msgspec.json.encode(delivery)) <= weight_of(body, members)
