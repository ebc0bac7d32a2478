from itertools import permutations, product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tact_engine.core.conditions import PRESETS
from tact_engine.core.envelope import (
    BODY_BYTES_MAX,
    CONTENT_TYPE_LENGTH_MAX,
    COPY_BYTES,
    ENDED,
    SECOND_LIFE_SECONDS_MAX,
    TEXT_PLAIN,
    TRANSITIONS,
    VALIDITY_SECONDS_DEFAULT,
    VALIDITY_SECONDS_MAX,
    VALIDITY_SECONDS_MIN,
    Delivery,
    Envelope,
    Move,
    Otherwise,
    Receipt,
    State,
    Submission,
    conversation_of,
    envelopes_of,
    next_state,
    receipt_of,
    weight_of,
)

# The law's section 4, written down a second time.
LAW = {
    "submit": {None: "held"},
    "release": {"held": "released"},
    "tell": {"held": "delivered"},
    "amend": {"held": "held"},
    "withdraw": {"held": "withdrawn", "withdrawn": "withdrawn"},
    "expire": {"held": "expired"},
    "acknowledge": {
        "released": "delivered", "held": "delivered", "expired": "delivered",
        "delivered": "delivered", "read": "read", "withdrawn": "delivered",
    },
    "lose": {"released": "held"},
    "mark_read": {"delivered": "read", "read": "read"},
    "fail": {"held": "failed", "released": "failed"},
}  # fmt: skip


@pytest.mark.rule("M2")
@pytest.mark.parametrize(("state", "move"), list(product([None, *State], Move)))
def test_a_move_is_in_the_law_or_impossible(state, move):
    expected = LAW[move].get(state)
    assert next_state(state, move) == expected
    assert ((state, move) in TRANSITIONS) is (expected is not None)


def test_every_state_but_those_that_wait_is_an_end():
    assert set(State) - ENDED == {State.HELD, State.RELEASED}


@pytest.mark.rule("M16", "M17")
def test_an_acknowledgement_counts_in_every_state_that_a_copy_can_have_left():
    assert {state for state in State if next_state(state, Move.ACKNOWLEDGE) is None} == {State.FAILED}


@pytest.mark.rule("R2")
def test_what_was_told_is_over_and_is_not_told_again():
    assert [state for state in State if next_state(state, Move.TELL)] == [State.HELD]


@pytest.mark.rule("I7", "M15")
def test_withdrawing_editing_and_releasing_exclude_each_other():
    for one in (Move.WITHDRAW, Move.AMEND, Move.RELEASE):
        assert next_state(State.HELD, one)
    for other in (Move.WITHDRAW, Move.AMEND):
        assert next_state(State.RELEASED, other) is None


@pytest.mark.rule("M2")
def test_what_has_ended_never_waits_or_travels_again():
    assert all(after in ENDED for (before, _), after in TRANSITIONS.items() if before in ENDED)


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached(state):
    assert state in TRANSITIONS.values()


@pytest.mark.rule("L3", "M12", "V1", "V2")
def test_the_limits_of_the_law():
    assert SECOND_LIFE_SECONDS_MAX == 7 * 86_400
    assert BODY_BYTES_MAX == 16 * 1024
    assert (VALIDITY_SECONDS_MIN, VALIDITY_SECONDS_MAX) == (60, 30 * 86_400)
    assert VALIDITY_SECONDS_DEFAULT == 7 * 86_400
    assert CONTENT_TYPE_LENGTH_MAX == 100
    plain = Submission("1", ("mary",), b"x")
    assert (plain.valid_for, plain.otherwise) == (VALIDITY_SECONDS_DEFAULT, Otherwise.EXPIRE)
    assert (plain.keep_order, plain.alert, plain.when) == (False, False, PRESETS["online"])


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


ENVELOPE = Envelope(
    number=5, id="m", sender="tom", recipient="mary", conversation="c", condition=PRESETS["available"],
    state=State.EXPIRED, revision=3, accepted_at=10, expires_at=20, since=21, tried=True, weight=99,
    otherwise=Otherwise.DELIVER, behind=4, matched=17,
)  # fmt: skip


@pytest.mark.rule("N4")
@pytest.mark.parametrize("serial", [0, 7])
@pytest.mark.parametrize("second", [False, True])
def test_a_receipt_tells_how_an_envelope_stands_and_no_more(serial, second):
    envelope = replace(ENVELOPE, second=second)
    expected = Receipt(
        "m", "mary", State.EXPIRED, revision=3, since=21, accepted_at=10, expires_at=20,
        serial=serial, second=second,
    )  # fmt: skip
    assert (receipt_of(envelope, serial) if serial else receipt_of(envelope)) == expected
    assert not {"condition", "body", "sender", "matched"} & set(Receipt.__struct_fields__)


@pytest.mark.rule("S1")
def test_a_copy_says_nothing_of_its_condition_and_of_what_its_sender_chose():
    assert set(Delivery.__struct_fields__) == {
        "id", "sender", "conversation", "members", "body", "content_type", "enc", "sequence", "written_at",
        "released_at", "delayed", "revision",
    }  # fmt: skip


# --- over the wire and back


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("state", State)
def test_a_receipt_is_read_back_as_it_was_written(state, second):
    receipt = receipt_of(replace(ENVELOPE, state=state, second=second), 9)
    assert msgspec.json.decode(msgspec.json.encode(receipt), type=Receipt) == receipt


@pytest.mark.parametrize("revision", [1, 2])
@pytest.mark.parametrize("delayed", [False, True])
def test_a_copy_is_read_back_as_it_was_written(delayed, revision):
    delivery = Delivery(
        "m", "tom", "c", ("mary", "tom"), b"\0\xff", TEXT_PLAIN, 1, 2, 3, "", delayed, revision
    )
    assert msgspec.json.decode(msgspec.json.encode(delivery), type=Delivery) == delivery


@pytest.mark.parametrize(
    "submission",
    [
        Submission("1", ("mary",), b"x"),
        Submission(
            "1", ("mary", "john"), b"", "text/html", "none", PRESETS["available"], 60, Otherwise.DRAFTS,
            keep_order=True, alert=True,
        ),
    ],
    ids=str,
)  # fmt: skip
def test_a_submission_is_read_back_as_it_was_written(submission):
    assert msgspec.json.decode(msgspec.json.encode(submission), type=Submission) == submission


@pytest.mark.rule("W6")
@pytest.mark.parametrize(
    "part",
    [
        '"otherwise":"forever"', '"otherwise":null', '"alert":1', '"keep_order":"yes"', '"valid_for":60.5',
        '"valid_for":true', '"to":"mary"', '"body":"%"', '"delayed":true', '"when":null', '"when":{"any":[{}]}',
    ],
)  # fmt: skip
def test_a_submission_with_a_part_that_is_not_understood_is_not_read(part):
    text = '{"id":"1","to":["mary"],"body":"eA=="}'
    assert msgspec.json.decode(text, type=Submission) == Submission("1", ("mary",), b"x")
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text[:-1] + "," + part + "}", type=Submission)


# --- the weight of a copy


@pytest.mark.parametrize("to", [("mary",), ("mary", "john", "ann")])
def test_a_new_message_waits_for_each_of_its_recipients_in_their_order(to):
    when, body = PRESETS["available"], b"hello"
    submission = Submission("m1", to, body, when=when, valid_for=60, otherwise=Otherwise.DRAFTS)
    envelopes = envelopes_of(submission, 7, "tom", 1_000, 61_000, 5)
    assert [each.recipient for each in envelopes] == list(to)
    for each in envelopes:
        assert each == Envelope(
            number=7, id="m1", sender="tom", recipient=each.recipient, conversation=conversation_of(("tom", *to)),
            condition=when, state=State.HELD, revision=1, accepted_at=1_000, expires_at=61_000, since=1_000,
            weight=weight_of(body, ("tom", *to)), valid_for=60, otherwise=Otherwise.DRAFTS, behind=5,
        )  # fmt: skip


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
        2**53 - 1, 2**53 - 1, 2**53 - 1, delayed=True, revision=2**53 - 1,
    )  # fmt: skip
    assert len(msgspec.json.encode(delivery)) <= weight_of(body, members)
