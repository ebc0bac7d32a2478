"""Requests are answered once, over however many links."""

import pytest

from tact_engine.client.dialogue import Dialogue
from tact_engine.client.events import Delivered, PeopleChanged, PrivacyChanged, Receipts, RequestsChanged
from tact_engine.core.errors import Refused
from tact_engine.core.members import JoinRequest, Member, Role
from tact_engine.core.presence import Value, nobody
from tact_engine.wire.frames import (
    Acknowledge,
    Deliver,
    Done,
    Hello,
    LookOver,
    News,
    OverviewFrame,
    People,
    PrivacyFrame,
    RefusedFrame,
    Requests,
    SendNow,
    SetPresence,
    Withdraw,
)
from tests.support.frames import DELIVERY, PRIVACY, RECEIPT, STANDING

MEMBER = Member("mary", Role.MEMBER, 1, ())


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue()


def ask(dialogue: Dialogue, id: str = "m") -> tuple[int, list]:
    answers: list = []
    return dialogue.ask(lambda number: Withdraw(number, id), answers.append), answers


def test_nothing_is_sent_before_signing_in(dialogue):
    ask(dialogue)
    assert dialogue.to_send() == []


def test_what_was_asked_before_goes_after_signing_in(dialogue):
    first, _ = ask(dialogue, "a")
    second, _ = ask(dialogue, "b")
    dialogue.welcomed()
    assert dialogue.to_send() == [Withdraw(first, "a"), Withdraw(second, "b")]


def test_what_was_sent_is_not_sent_twice_on_one_link(dialogue):
    dialogue.welcomed()
    ask(dialogue)
    assert len(dialogue.to_send()) == 1
    assert dialogue.to_send() == []


def test_what_was_not_answered_is_asked_again_in_order_under_the_same_number(dialogue):
    dialogue.welcomed()
    numbers = [ask(dialogue, id)[0] for id in "abc"]
    dialogue.to_send()
    dialogue.received(Done(numbers[1]))
    dialogue.lost()
    assert dialogue.to_send() == []
    dialogue.welcomed()
    assert dialogue.to_send() == [Withdraw(numbers[0], "a"), Withdraw(numbers[2], "c")]


@pytest.mark.rule("P13", "I2")
def test_what_was_chosen_and_taken_back_meanwhile_is_asked_as_it_is_in_the_end(dialogue):
    first = dialogue.ask(
        lambda number: SetPresence(
            request=number,
            changes={"UserAvailability": "AVAILABLE", "UserMood": "SAD"},
            until={"UserMood": 9, "UserAvailability": 8},
        ),
        lambda _: None,
    )
    second = dialogue.ask(
        lambda number: SetPresence(request=number, changes={"UserAvailability": "NOT_AVAILABLE"}),
        lambda _: None,
    )
    ask(dialogue)
    dialogue.welcomed()
    last: dict[str, Value | None] = {"UserAvailability": "NOT_AVAILABLE", "UserMood": "SAD"}
    *asked, withdraw = dialogue.to_send()
    assert asked == [
        SetPresence(request=number, changes=last, until={"UserMood": 9}) for number in (first, second)
    ]
    assert isinstance(withdraw, Withdraw)


def test_an_answer_is_told_once(dialogue):
    dialogue.welcomed()
    number, answers = ask(dialogue)
    assert dialogue.received(Done(number, (RECEIPT,), (STANDING,))) is None
    assert dialogue.received(Done(number)) is None
    assert answers == [Done(number, (RECEIPT,), (STANDING,))]


def test_a_refusal_is_told_with_its_clause(dialogue):
    dialogue.welcomed()
    number, answers = ask(dialogue)
    dialogue.received(RefusedFrame(number, "condition_unknown", "Choose.", "0.1"))
    (refused,) = answers
    assert isinstance(refused, Refused)
    assert (refused.code, refused.text, refused.clause) == ("condition_unknown", "Choose.", "0.1")


def test_a_refusal_of_the_link_answers_no_request(dialogue):
    dialogue.welcomed()
    _, answers = ask(dialogue)
    assert dialogue.received(RefusedFrame(0, "unknown_frame", "Update.")) is None
    assert answers == []


def test_what_was_forgotten_is_not_asked_again_nor_answered(dialogue):
    number, answers = ask(dialogue)
    dialogue.forget(number)
    dialogue.forget(number)
    dialogue.welcomed()
    assert dialogue.to_send() == []
    dialogue.received(Done(number))
    assert answers == []


def test_what_is_told_without_a_link_is_said_on_the_next_one(dialogue):
    dialogue.tell(Acknowledge({"m": 1}))
    assert dialogue.to_send() == []
    dialogue.welcomed()
    assert dialogue.to_send() == [Acknowledge({"m": 1})]


@pytest.mark.rule("M16")
def test_what_was_told_and_may_not_have_arrived_is_said_again_before_anything_is_asked(dialogue):
    dialogue.welcomed()
    dialogue.tell(Acknowledge({"m": 1}))
    number, _ = ask(dialogue)
    dialogue.to_send()
    for _ in range(2):
        dialogue.lost()
        dialogue.welcomed()
        assert dialogue.to_send() == [Acknowledge({"m": 1}), Withdraw(number, "m")]


def test_an_answer_shows_that_what_was_told_before_the_question_arrived(dialogue):
    dialogue.welcomed()
    dialogue.tell(Acknowledge({"m": 1}))
    number, _ = ask(dialogue)
    dialogue.tell(Acknowledge({"n": 2}))
    dialogue.to_send()
    dialogue.received(Done(number))
    dialogue.lost()
    dialogue.welcomed()
    assert dialogue.to_send() == [Acknowledge({"n": 2})]


def test_an_answer_on_a_later_link_shows_that_what_was_said_again_arrived(dialogue):
    dialogue.tell(Acknowledge({"m": 1}))
    number, _ = ask(dialogue)
    dialogue.welcomed()
    dialogue.to_send()
    dialogue.received(Done(number))
    dialogue.lost()
    dialogue.welcomed()
    assert dialogue.to_send() == []


def test_what_is_told_goes_in_its_turn(dialogue):
    dialogue.welcomed()
    number, _ = ask(dialogue)
    dialogue.tell(Acknowledge({"m": 1}))
    other = dialogue.ask(lambda request: SendNow(request, "n"), lambda answer: None)
    assert dialogue.to_send() == [Withdraw(number, "m"), Acknowledge({"m": 1}), SendNow(other, "n")]


def test_what_comes_becomes_events(dialogue):
    assert dialogue.received(People((nobody("tom"),))) == PeopleChanged((nobody("tom"),))
    assert dialogue.received(Deliver(7, (DELIVERY,))) == Delivered(7, (DELIVERY,))
    assert dialogue.received(Deliver(7, (), more=True)) == Delivered(7, (), more=True)
    assert dialogue.received(PrivacyFrame(PRIVACY)) == PrivacyChanged(PRIVACY)
    assert dialogue.received(News(())) == Receipts(())


def test_what_is_out_of_place_is_passed_over(dialogue):
    assert dialogue.received(Hello(1, "e", "n", b"", True)) is None


# --- answers in several parts ------------------------------------------------------------------------------------


def test_what_an_answer_is_made_of_is_told_as_it_comes(dialogue):
    dialogue.welcomed()
    parts, answers = [], []
    number = dialogue.ask(lambda request: LookOver(request), answers.append, parts.append)
    other, _ = ask(dialogue)
    first, last = OverviewFrame(number, members=(MEMBER,)), OverviewFrame(number)
    for part in (first, OverviewFrame(other), OverviewFrame(99), last):
        assert dialogue.received(part) is None
    assert (parts, answers) == ([first, last], [])
    dialogue.received(Done(number))
    dialogue.received(OverviewFrame(number))
    assert (parts, answers) == ([first, last], [Done(number)])


def test_nobody_is_told_parts_of_what_was_forgotten(dialogue):
    parts = []
    number = dialogue.ask(lambda request: LookOver(request), lambda _: None, parts.append)
    dialogue.forget(number)
    dialogue.received(OverviewFrame(number))
    assert parts == []


def test_a_link_that_was_lost_between_two_parts_leaves_the_question_asked(dialogue):
    dialogue.welcomed()
    parts = []
    number = dialogue.ask(lambda request: LookOver(request), lambda _: None, parts.append)
    dialogue.to_send()
    dialogue.received(OverviewFrame(number, members=(MEMBER,)))
    dialogue.lost()
    dialogue.welcomed()
    assert dialogue.to_send() == [LookOver(number)]


def test_who_is_gone_and_who_asks_is_told(dialogue):
    asks = JoinRequest("eve", "ab", 7, "Eve")
    assert dialogue.received(People((), ("tom", "mary"))) == PeopleChanged((), ("tom", "mary"))
    assert dialogue.received(Requests((asks,))) == RequestsChanged((asks,))
