"""Who asks too much at once waits and asks again, one by one: nothing is lost, and nothing overtakes."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tact_engine.client.dialogue import Dialogue
from tact_engine.wire.frames import Acknowledge, Done, RefusedFrame, Withdraw


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue()


def too_fast(dialogue: Dialogue, number: int, wait_ms: int = 200) -> None:
    dialogue.received(RefusedFrame(number, "too_fast", "Wait.", retry_after=wait_ms))


def several(dialogue: Dialogue, ids: str) -> tuple[list[int], list[tuple[str, object]]]:
    """Ask about each of `ids`, sent; their numbers, and all answers with what they are about."""
    answers: list[tuple[str, object]] = []
    numbers = [
        dialogue.ask(
            lambda number, id=id: Withdraw(number, id), lambda result, id=id: answers.append((id, result))
        )
        for id in ids
    ]
    dialogue.to_send()
    return numbers, answers


@pytest.mark.rule("J10")
def test_what_was_too_much_is_asked_again_later_and_nobody_is_told(dialogue):
    dialogue.welcomed()
    (number,), answers = several(dialogue, "a")
    too_fast(dialogue, number)
    assert (dialogue.to_send(), dialogue.wait_ms, answers) == ([], 200, [])
    dialogue.go_on()
    assert (dialogue.to_send(), dialogue.wait_ms) == ([Withdraw(number, "a")], 0)
    dialogue.received(Done(number))
    assert answers == [("a", Done(number))]
    assert dialogue.to_send() == []


@pytest.mark.rule("J10")
def test_what_is_asked_meanwhile_stands_behind_and_goes_one_by_one(dialogue):
    dialogue.welcomed()
    (a, b), _ = several(dialogue, "ab")
    too_fast(dialogue, a)
    too_fast(dialogue, b, 100)
    (c,), _ = several(dialogue, "c")
    assert (dialogue.to_send(), dialogue.wait_ms) == ([], 200)
    dialogue.go_on()
    for number, id in ((a, "a"), (b, "b"), (c, "c")):
        assert dialogue.to_send() == [Withdraw(number, id)]
        dialogue.received(Done(number))
    (d, e), _ = several(dialogue, "de")
    dialogue.lost()
    dialogue.welcomed()
    assert dialogue.to_send() == [Withdraw(d, "d"), Withdraw(e, "e")]


def test_who_is_still_too_fast_waits_again(dialogue):
    dialogue.welcomed()
    (a, b), _ = several(dialogue, "ab")
    too_fast(dialogue, a)
    too_fast(dialogue, b)
    dialogue.go_on()
    dialogue.to_send()
    too_fast(dialogue, a, 50)
    assert (dialogue.to_send(), dialogue.wait_ms) == ([], 50)
    dialogue.go_on()
    assert dialogue.to_send() == [Withdraw(a, "a")]


def test_a_refusal_without_a_time_is_waited_for_as_well(dialogue):
    dialogue.welcomed()
    (a,), _ = several(dialogue, "a")
    too_fast(dialogue, a, 0)
    assert dialogue.wait_ms == 1


def test_what_is_refused_for_another_reason_lets_the_next_one_go(dialogue):
    dialogue.welcomed()
    (a, b), answers = several(dialogue, "ab")
    too_fast(dialogue, a)
    too_fast(dialogue, b)
    dialogue.go_on()
    dialogue.to_send()
    dialogue.received(RefusedFrame(a, "unknown_message", "No."))
    assert [(id, getattr(each, "code", "")) for id, each in answers] == [("a", "unknown_message")]
    assert dialogue.to_send() == [Withdraw(b, "b")]


@pytest.mark.parametrize("sent", [False, True])
def test_what_was_forgotten_keeps_nobody_in_line_waiting(dialogue, sent):
    dialogue.welcomed()
    (a, b, c), _ = several(dialogue, "abc")
    for number in (a, b, c):
        too_fast(dialogue, number)
    if sent:
        dialogue.go_on()
        dialogue.to_send()
    dialogue.forget(a)
    dialogue.forget(b)
    if sent:
        too_fast(dialogue, a)  # the answer to what was on its way
    else:
        dialogue.go_on()
    assert dialogue.to_send() == [Withdraw(c, "c")]


def test_too_much_about_what_was_forgotten_is_nothing(dialogue):
    dialogue.welcomed()
    (a,), answers = several(dialogue, "a")
    dialogue.forget(a)
    too_fast(dialogue, a)
    assert (dialogue.wait_ms, dialogue.to_send(), answers) == (0, [], [])


def test_another_link_is_asked_everything_at_once_again(dialogue):
    dialogue.welcomed()
    (a, b), _ = several(dialogue, "ab")
    too_fast(dialogue, a)
    too_fast(dialogue, b)
    dialogue.lost()
    assert dialogue.wait_ms == 0
    (c,), _ = several(dialogue, "c")
    dialogue.welcomed()
    assert dialogue.to_send() == [Withdraw(a, "a"), Withdraw(b, "b"), Withdraw(c, "c")]


def test_what_was_told_is_not_held_up(dialogue):
    dialogue.welcomed()
    (a,), _ = several(dialogue, "a")
    too_fast(dialogue, a)
    dialogue.tell(Acknowledge({"m": 1}))
    assert dialogue.to_send() == [Acknowledge({"m": 1})]


class Talk(RuleBasedStateMachine):
    """A client, and an engine that finds some of it too much, over a wire that takes its time and breaks."""

    def __init__(self) -> None:
        super().__init__()
        self.dialogue = Dialogue()
        self.asked: list[int] = []
        self.forgotten: set[int] = set()
        self.accepted: list[int] = []
        self.answered: list[int] = []
        self.to_engine: list[Withdraw] = []
        self.to_client: list[Done | RefusedFrame] = []

    @rule(times=st.integers(1, 4))
    def ask(self, times):
        for _ in range(times):
            number = self.dialogue.ask(lambda request: Withdraw(request, "m"), self._answered)
            self.asked.append(number)

    def _answered(self, result):
        assert isinstance(result, Done), "that it was too much is told to nobody"
        assert result.request not in self.answered
        self.answered.append(result.request)

    @precondition(lambda self: set(self.asked) - set(self.answered) - self.forgotten)
    @rule(data=st.data())
    def forget(self, data):
        open_ones = sorted(set(self.asked) - set(self.answered) - self.forgotten)
        number = data.draw(st.sampled_from(open_ones))
        self.forgotten.add(number)
        self.dialogue.forget(number)

    @precondition(lambda self: not self.dialogue.signed_in)
    @rule()
    def sign_in(self):
        self.dialogue.welcomed()

    @precondition(lambda self: self.dialogue.signed_in)
    @rule()
    def lose(self):
        self.to_engine, self.to_client = [], []
        self.dialogue.lost()

    @rule()
    def write(self):
        frames = self.dialogue.to_send()
        assert all(isinstance(each, Withdraw) for each in frames)
        self.to_engine += [each for each in frames if isinstance(each, Withdraw)]

    @precondition(lambda self: self.to_engine)
    @rule(enough=st.booleans())
    def judge(self, enough):
        """The engine takes the next request, or finds it too much; so is whatever comes behind such a one."""
        frame = self.to_engine.pop(0)
        if frame.request not in self.accepted:
            if enough or self._overtakes(frame.request):
                self.to_client.append(RefusedFrame(frame.request, "too_fast", "Wait.", retry_after=9))
                return
            self.accepted.append(frame.request)
        self.to_client.append(Done(frame.request))

    def _overtakes(self, number: int) -> bool:
        """Whether something that was asked earlier, and that somebody wants to know, was not taken yet."""
        return any(each < number for each in set(self.asked) - set(self.accepted) - self.forgotten)

    @precondition(lambda self: self.to_client)
    @rule()
    def read(self):
        self.dialogue.received(self.to_client.pop(0))

    @precondition(lambda self: self.dialogue.wait_ms)
    @rule()
    def go_on(self):
        self.dialogue.go_on()

    @invariant()
    def nothing_overtakes(self):
        kept = [each for each in self.accepted if each not in self.forgotten]
        assert kept == [each for each in self.asked if each in set(kept)]
        first_missing = next(
            (n for n in self.asked if n not in self.accepted and n not in self.forgotten), None
        )
        assert first_missing is None or all(each < first_missing for each in kept)

    def teardown(self):
        """In the end, with a good wire, everything somebody still wants to know is answered, each once."""
        if not self.dialogue.signed_in:
            self.dialogue.welcomed()
        for _ in range(3 * len(self.asked) + 3):
            self.write()
            while self.to_engine:
                self.judge(enough=False)
            while self.to_client:
                self.read()
            if self.dialogue.wait_ms:
                self.dialogue.go_on()
        self.nothing_overtakes()
        wanted = [each for each in self.asked if each not in self.forgotten]
        assert [each for each in self.answered if each not in self.forgotten] == wanted


TestNothingOvertakes = pytest.mark.rule("J10")(Talk.TestCase)
TestNothingOvertakes.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
