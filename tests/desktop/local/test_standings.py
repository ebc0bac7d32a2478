from dataclasses import replace
from typing import Any

import pytest

from tact_desktop.local.standings import Standing, advanced, shown, taken_back
from tact_desktop.state.entry import Entry, Stage
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import Receipt, State

WEEK = 7 * 24 * 3600
ENTRY = Entry("1", "c", "anna", True, "Hello", Stage.UNSENT, ("bob", "carla"), 5, problem="old")


def receipt(
    state: State, since: int = 10, revision: int = 1, serial: int = 0, to: str = "bob", **fields
) -> Receipt:
    told: dict[str, Any] = {"accepted_at": 10, "expires_at": 99} | fields
    return Receipt("1", to, state, revision, since, serial=serial, **told)


def after(*receipts: Receipt) -> Standing:
    """The part after `receipts`, of which stale ones are passed over."""
    part = None
    for each in receipts:
        part = advanced(part, each) or part
    assert part is not None
    return part


def test_the_first_receipt_is_always_news():
    assert advanced(None, receipt(State.HELD)) == Standing("bob", State.HELD, 1, 10, 10, 0, 99, True, 0)


def test_a_message_that_went_at_once_has_not_waited():
    part = after(
        receipt(State.RELEASED), receipt(State.DELIVERED, 11, serial=1), receipt(State.READ, 12, serial=2)
    )
    assert (part.state, part.waited, part.released_at, part.since) == (State.READ, False, 10, 12)


@pytest.mark.parametrize(
    "receipts",
    [
        [receipt(State.HELD), receipt(State.RELEASED, 20, serial=1)],
        [receipt(State.RELEASED, 20, serial=1)],
        [receipt(State.HELD), receipt(State.DELIVERED, 20, serial=2)],
    ],
)
def test_a_message_that_was_held_has_waited(receipts):
    part = after(*receipts)
    assert part.waited
    assert part.released_at == 20


@pytest.mark.parametrize(
    ("known", "stale"),
    [
        (receipt(State.HELD, revision=2), receipt(State.HELD, 20, revision=1, serial=5)),
        (receipt(State.RELEASED, 20, serial=5), receipt(State.HELD, 30, serial=5)),
        (receipt(State.RELEASED, 20, serial=5), receipt(State.HELD, 30, serial=4)),
        (receipt(State.RELEASED, 20, serial=5), receipt(State.HELD, 10)),
        (receipt(State.HELD, 10), receipt(State.HELD, 10)),
        (receipt(State.RELEASED, 20, serial=5), receipt(State.RELEASED, 20)),
        (receipt(State.EXPIRED, 20, serial=5), receipt(State.HELD, 30, serial=6)),
        (receipt(State.EXPIRED, 20, serial=5), receipt(State.EXPIRED, 30, serial=6)),
        (receipt(State.DELIVERED, 20, serial=5), receipt(State.RELEASED, 30, serial=6)),
        (receipt(State.DELIVERED, 20, revision=2), receipt(State.READ, 30, revision=1, serial=6)),
        (receipt(State.READ, 20, serial=5), receipt(State.DELIVERED, 30, serial=6)),
        (receipt(State.WITHDRAWN, 20), receipt(State.HELD, 30)),
        (receipt(State.FAILED, 20), receipt(State.HELD, 30)),
    ],
)
def test_a_stale_receipt_says_nothing(known, stale):
    assert advanced(advanced(None, known), stale) is None


@pytest.mark.rule("M16", "M17", "M25")
@pytest.mark.parametrize(
    ("known", "news"),
    [
        (receipt(State.EXPIRED, 20, serial=5), receipt(State.DELIVERED, 30, serial=6)),
        (receipt(State.EXPIRED, 20, serial=5), receipt(State.READ, 30, serial=6)),
        (receipt(State.RELEASED, 20), receipt(State.HELD, 20, serial=6)),
        (receipt(State.HELD, 20, serial=5), receipt(State.RELEASED, 15, serial=6)),
        (receipt(State.HELD, 20), receipt(State.HELD, 20, revision=2)),
        (receipt(State.HELD, 20), receipt(State.HELD, 20, expires_at=120)),
        (receipt(State.HELD, 20), receipt(State.HELD, 20, second=True)),
        (receipt(State.HELD, 20, second=True), receipt(State.HELD, 20)),
        (receipt(State.HELD, 20, revision=3), receipt(State.DELIVERED, 30, revision=1, serial=6)),
        (receipt(State.EXPIRED, 20, revision=3, serial=5), receipt(State.READ, 30, revision=1, serial=6)),
        (receipt(State.DELIVERED, 20), receipt(State.READ, 20)),
        (receipt(State.WITHDRAWN, 20), receipt(State.DELIVERED, 30, serial=6)),
        (receipt(State.WITHDRAWN, 20), receipt(State.READ, 30, serial=6)),
    ],
)
def test_news_is_believed(known, news):
    part = advanced(advanced(None, known), news)
    assert part is not None
    assert (part.state, part.revision, part.expires_at, part.second) == (
        news.state,
        news.revision,
        news.expires_at,
        news.second,
    )


def test_an_answer_keeps_the_serial():
    part = after(receipt(State.HELD, serial=5), receipt(State.RELEASED, 20))
    assert (part.state, part.serial) == (State.RELEASED, 5)


def test_what_is_held_again_has_not_been_released():
    part = after(receipt(State.RELEASED, 20), receipt(State.HELD, 25, serial=1))
    assert (part.released_at, part.waited) == (0, True)
    assert (
        after(
            receipt(State.RELEASED, 20),
            receipt(State.HELD, 25, serial=1),
            receipt(State.DELIVERED, 30, serial=2),
        ).released_at
        == 30
    )


@pytest.mark.parametrize(
    ("states", "stage"),
    [
        ([State.HELD, State.READ], Stage.HELD),
        ([State.RELEASED, State.DELIVERED], Stage.RELEASED),
        ([State.READ, State.DELIVERED], Stage.DELIVERED),
        ([State.EXPIRED, State.DELIVERED], Stage.EXPIRED),
        ([State.HELD, State.EXPIRED], Stage.HELD),
        ([State.WITHDRAWN, State.READ], Stage.READ),
        ([State.WITHDRAWN, State.WITHDRAWN], Stage.WITHDRAWN),
    ],
)
def test_a_message_shows_its_least_advanced_part(states, stage):
    parts = [after(receipt(state, to=to)) for state, to in zip(states, ("bob", "carla"), strict=True)]
    assert shown(ENTRY, parts).stage is stage
    assert shown(ENTRY, reversed(parts)).stage is stage


@pytest.mark.rule("T1")
def test_a_message_shows_the_engines_times():
    bob = after(receipt(State.RELEASED, 20, expires_at=50))
    carla = after(receipt(State.RELEASED, 30, revision=2, expires_at=60, to="carla"))
    entry = shown(ENTRY, [bob, carla])
    assert (entry.written_at, entry.since, entry.released_at, entry.expires_at) == (10, 30, 30, 60)
    assert (entry.revision, entry.delayed, entry.problem, entry.position) == (2, True, "", None)


def test_what_is_held_is_taken_back_and_nothing_else():
    assert taken_back(after(receipt(State.HELD))).state is State.WITHDRAWN
    assert taken_back(after(receipt(State.DELIVERED))).state is State.DELIVERED


@pytest.mark.rule("M12")
@pytest.mark.parametrize(("valid_for", "seconds"), [(3600, 3600), (WEEK, WEEK), (WEEK + 1, WEEK)])
def test_in_a_second_life_only_the_recipient_is_waited_for_and_for_a_week_at_most(valid_for, seconds):
    entry = replace(ENTRY, condition=PRESETS["available"], valid_for=valid_for)
    first, second = (after(receipt(State.HELD, expires_at=at, second=at > 99)) for at in (99, 200))
    assert shown(entry, [first]).condition == PRESETS["available"]
    assert shown(entry, [first]).valid_for == valid_for
    lives = shown(entry, [second])
    assert (lives.second, lives.condition, lives.valid_for, lives.expires_at) == (
        True,
        WHEN_ONLINE,
        seconds,
        200,
    )


@pytest.mark.rule("M16", "M17")
@pytest.mark.parametrize(
    ("stage", "state", "corrected"),
    [
        (Stage.EXPIRED, State.DELIVERED, True),
        (Stage.WITHDRAWN, State.READ, True),
        (Stage.RELEASED, State.DELIVERED, False),
        (Stage.HELD, State.DELIVERED, False),
        (Stage.EXPIRED, State.EXPIRED, False),
    ],
)
def test_what_was_thought_to_be_lost_and_arrived_is_a_correction(stage, state, corrected):
    entry = replace(ENTRY, stage=stage)
    assert shown(entry, [after(receipt(state))]).corrected is corrected
    assert shown(replace(entry, corrected=True), [after(receipt(state))]).corrected
