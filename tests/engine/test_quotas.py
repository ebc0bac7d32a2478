"""Quotas: a burst, then a rate; who asks too much is told when to come again, and nobody else notices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tact_engine.core.envelope import Submission
from tact_engine.core.errors import Refused
from tact_engine.core.privacy import Privacy
from tact_engine.core.view import Limits
from tact_engine.quotas import Quotas, spent
from tact_engine.wire import frames as wire
from tact_engine.wire.frames import FRAMES, Phase, Side
from tests.support.frames import EXAMPLES

LIMITS = Limits(
    messages_burst=4,
    messages_per_second=2,
    presence_burst=3,
    presence_per_second=1,
    requests_burst=5,
    requests_per_second=4,
)
SUBMIT = wire.Submit(1, Submission("m", ("mary",), b"x"))
PRESENCE = wire.SetPresence(1, {})

RATES = st.integers(1, 50)
BURSTS = st.integers(1, 30)
PAUSES = st.lists(st.integers(0, 700), max_size=120)


@pytest.fixture
def quotas() -> Quotas:
    return Quotas(LIMITS)


def asked(quotas: Quotas, frame: wire.Frame, times: int, at_ms: int = 0, handle: str = "tom") -> list[int]:
    """Ask so often at one moment: for each time 0, or how long to wait."""
    waits: list[int] = []
    for _ in range(times):
        try:
            quotas.spend(handle, frame, at_ms)
            waits.append(0)
        except Refused as refused:
            waits.append(refused.retry_after)
    return waits


# --- the reckoning -----------------------------------------------------------------------------------------------


@pytest.mark.rule("J10")
@given(RATES, BURSTS, PAUSES, st.integers(0, 10**9))
def test_no_span_has_more_than_the_burst_and_the_rate(rate, burst, pauses, begin_ms):
    used, now_ms, passed = 0, begin_ms, []
    for pause in pauses:
        now_ms += pause
        used, wait_ms = spent(used, now_ms, rate, burst)
        if not wait_ms:
            passed.append(now_ms)
    for first, begun in enumerate(passed):
        for last in range(first, len(passed)):
            span_ms = passed[last] - begun
            assert last - first + 1 <= burst + span_ms * rate / 1000 + 1e-6


@pytest.mark.rule("J10")
@given(RATES, BURSTS, PAUSES)
def test_whoever_waits_as_long_as_they_were_told_is_let_through_and_a_millisecond_sooner_is_not(
    rate, burst, pauses
):
    used, now_ms = 0, 1_000
    for pause in pauses:
        now_ms += pause
        before, (used, wait_ms) = used, spent(used, now_ms, rate, burst)
        if wait_ms:
            assert used == before, "asking in vain costs nothing"
            assert spent(used, now_ms + wait_ms, rate, burst)[1] == 0
            assert spent(used, now_ms + wait_ms - 1, rate, burst)[1] == 1


@given(RATES, BURSTS, st.integers(0, 10**6))
def test_after_a_rest_the_whole_burst_is_there(rate, burst, begin_ms):
    used, refused = 0, 0
    for moment_ms in (begin_ms, begin_ms + 1000 * burst):
        for _ in range(burst):
            used, wait_ms = spent(used, moment_ms, rate, burst)
            refused += wait_ms > 0
        assert refused == 0
        assert spent(used, moment_ms, rate, burst)[1] > 0


# --- what counts as what -----------------------------------------------------------------------------------------


@pytest.mark.rule("J10")
def test_the_burst_passes_then_one_after_the_other(quotas):
    assert asked(quotas, SUBMIT, 6) == [0, 0, 0, 0, 500, 500]
    assert asked(quotas, SUBMIT, 2, 499) == [1, 1]
    assert asked(quotas, SUBMIT, 2, 500) == [0, 500]
    assert asked(quotas, SUBMIT, 3, 1_500) == [0, 0, 500]


def test_messages_presence_requests_and_notes_are_counted_apart(quotas):
    assert asked(quotas, SUBMIT, 5)[-1] == 500
    assert asked(quotas, PRESENCE, 4) == [0, 0, 0, 1_000]
    assert asked(quotas, wire.Withdraw(1, "m"), 6) == [0, 0, 0, 0, 0, 250]
    assert asked(quotas, wire.Note(1), 1) == [0]


@pytest.mark.parametrize(
    "frame", [wire.Note(1), wire.Acknowledge({}), wire.MarkRead(())], ids=lambda each: type(each).__name__
)
def test_what_is_not_answered_has_one_generous_quota(quotas, frame):
    assert set(asked(quotas, wire.Note(1), LIMITS.notes_burst - 1)) == {0}
    assert asked(quotas, frame, 2) == [0, 1000 // LIMITS.notes_per_second]


def test_every_other_request_has_one_quota_together(quotas):
    frames = [wire.Invite(1), wire.LookOver(1), wire.SetPassword(1, ""), wire.Pause(1, "m")]
    frames += [wire.Explain(1, "m")]
    assert [asked(quotas, frame, 1)[0] for frame in frames] == [0] * 5
    assert [asked(quotas, frame, 1)[0] for frame in frames] == [250] * 5


def test_other_rules_about_who_sees_what_are_a_change_of_presence(quotas):
    assert 0 not in asked(quotas, PRESENCE, 99)[-1:]
    assert asked(quotas, wire.SetPrivacy(1, Privacy()), 1) != [0]


def test_who_comes_and_goes_all_the_time_is_to_wait_and_trying_in_vain_does_not_count():
    quotas = Quotas(Limits())
    for _ in range(60):
        quotas.check_coming("tom", 0)
        quotas.check_coming("tom", 0)
        quotas.came("tom", 0)
    with pytest.raises(Refused, match="60 sign-ins, then 2 a second") as refused:
        quotas.check_coming("tom", 0)
    assert refused.value.retry_after == 500
    quotas.check_coming("mary", 0)
    quotas.check_coming("tom", 500)
    unhurried = Quotas(replace(Limits(), sign_ins_per_second=0))
    for _ in range(99):
        unhurried.came("tom", 0)
    unhurried.check_coming("tom", 0)


def test_nothing_that_somebody_says_goes_without_a_quota(quotas):
    late = {type(each) for each in EXAMPLES if Phase.SIGNED_IN in FRAMES[tag_of(each)].phases}
    said = [each for each in EXAMPLES if type(each) in late and FRAMES[tag_of(each)].side is Side.CLIENT]
    for frame in said:
        assert asked(Quotas(LIMITS), frame, LIMITS.notes_burst + 1)[-1] > 0


def tag_of(frame: wire.Frame) -> str:
    return str(frame.__struct_config__.tag)


@pytest.mark.rule("J10")
def test_one_person_does_not_slow_another(quotas):
    assert asked(quotas, SUBMIT, 50)[-1] == 500
    assert asked(quotas, SUBMIT, 4, handle="mary") == [0, 0, 0, 0]


def test_no_rate_is_no_limit():
    free = Quotas(Limits(messages_per_second=0, presence_per_second=0, requests_per_second=0))
    for frame in (SUBMIT, PRESENCE, wire.LookOver(1)):
        assert set(asked(free, frame, 500)) == {0}


@pytest.mark.rule("J10")
def test_the_refusal_names_the_limit_and_when_to_try_again(quotas):
    asked(quotas, PRESENCE, 3)
    with pytest.raises(Refused) as refused:
        quotas.spend("tom", PRESENCE, 250)
    assert (refused.value.code, refused.value.retry_after) == ("too_fast", 750)
    said = "That was too much at once: 3 changes of presence, then 1 a second. Try again in 1 s."
    assert refused.value.text == said


def test_the_limits_are_those_of_an_office():
    office = Quotas(Limits())
    said = ((SUBMIT, 21), (PRESENCE, 11), (wire.LookOver(1), 101), (wire.Note(1), 5_001))
    waits = [asked(office, frame, times) for frame, times in said]
    assert [each.count(0) for each in waits] == [20, 10, 100, 5_000]
    assert [each[-1] for each in waits] == [200, 1_000, 50, 1]
