"""The courier decides about every fact, and about the same fact in the same way."""

from typing import get_args

import pytest

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, Condition
from tact_engine.core.courier import HANDLERS, decide
from tact_engine.core.envelope import State, Submission
from tact_engine.core.facts import Fact
from tact_engine.core.members import Purpose
from tact_engine.core.presence import Value
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.view import Decision
from tact_engine.core.writes import Write
from tests.support.heart import NOON_MS, OPEN_DOOR

SESSION, MARYS = 501, 502
AWAY: dict[str, Value | None] = {"UserAvailability": "NOT_AVAILABLE", "TimeZone": "Europe/Helsinki"}
EVERY = {
    type(fact): fact
    for fact in (
        facts.Started(),
        facts.SignedIn(900, "ann", "laptop", {"UserMood": "SAD"}, ticket=OPEN_DOOR),
        facts.HostSought(b"0" * 16),
        facts.Invited(SESSION, 1, b"1" * 16, Purpose.MEMBER),
        facts.Revoked(SESSION, 1, "nothing"),
        facts.Approved(SESSION, 1, "nobody", "0"),
        facts.Declined(SESSION, 1, "nobody", "0"),
        facts.PasswordSet(SESSION, 1, "a hash"),
        facts.LookedOver(SESSION, 1),
        facts.DeviceRemoved(SESSION, 1, "tom", "laptop"),
        facts.PersonRemoved(SESSION, 1, "tom", withdraw=True),
        facts.RecipientGone("mary"),
        facts.SignedOut(SESSION),
        facts.LinkLost(SESSION),
        facts.PresenceSet(SESSION, 1, {"UserMood": "SAD"}),
        facts.Submitted(SESSION, 1, Submission("new", ("mary", "john"), b"x")),
        facts.Edited(SESSION, 1, "held", 1, facts.Amendment(body=b"y")),
        facts.SentNow(SESSION, 1, "held"),
        facts.Withdrawn(SESSION, 1, "held"),
        facts.PrivacySet(SESSION, 1, Privacy(blocked=("mary",))),
        facts.Paused(SESSION, 1, "held"),
        facts.Resumed(SESSION, 1, "edited"),
        facts.Asked(SESSION, 1, "held"),
        facts.Acknowledged(MARYS, {"out": 1}),
        facts.MarkedRead(MARYS, ("arrived",)),
        facts.Noted(SESSION, 1),
        facts.TimePassed(),
        facts.GracesOver(),
        facts.ReadingsOver(),
        facts.ValidityOver(),
        facts.SecondLife("for john"),
        facts.LeasesOver(),
        facts.SilenceOver(),
        facts.WakesOver(),
        facts.SilentEndsOver(),
        facts.Consider("late", "mary", fresh=False),
        facts.Tell("alert", "mary"),
        facts.Reconsider("mary"),
        facts.Reply(SESSION, 1, "held"),
    )
}


@pytest.fixture
def busy(office):
    """An office where every fact above has something to decide about."""
    office.away("john")
    office.feed(
        facts.SignedIn(SESSION, "tom", "laptop", {}, ticket=OPEN_DOOR),
        facts.SignedIn(MARYS, "mary", "phone", AWAY, ticket=OPEN_DOOR),
    )
    for submission in (
        Submission("held", ("mary",), b"x", when=PRESETS["available"]),
        Submission("edited", ("mary",), b"x", when=PRESETS["available"]),
        Submission("out", ("mary",), b"x"),
        Submission("arrived", ("mary",), b"x"),
        Submission("quiet", ("mary",), b"x", valid_for=60),
        Submission("late", ("mary",), b"x", when=Condition(not_before=NOON_MS + 50_000)),
        Submission("for john", ("john",), b"x", valid_for=60),
        Submission("alert", ("mary",), b"", when=PRESETS["available"], alert=True),
    ):
        office.feed(facts.Submitted(SESSION, 1, submission))
    gone = office.sign_in("eve")
    office.feed(
        facts.Acknowledged(MARYS, {"arrived": 1}),
        facts.PresenceSet(MARYS, 1, {"UserMood": "HAPPY"}, {"UserMood": NOON_MS + 50_000}),
        facts.PrivacySet(MARYS, 2, Privacy({"OnlineStatus": Rule(Audience.NOBODY)})),
        facts.Acknowledged(MARYS, {"quiet": 1}),
        facts.Paused(SESSION, 2, "edited"),
        facts.LinkLost(gone.session),
    )
    office.asleep(1_000)
    return office


def test_every_fact_is_decided_about():
    assert set(HANDLERS) == set(get_args(Fact)) == set(EVERY)


@pytest.mark.parametrize("fact", EVERY.values(), ids=lambda fact: type(fact).__name__)
def test_in_that_office_something_follows_from_every_fact(busy, fact):
    assert decide(fact, busy.store.view, busy.now) != Decision()


@pytest.mark.parametrize("fact", EVERY.values(), ids=lambda fact: type(fact).__name__)
def test_the_same_fact_over_the_same_view_is_the_same_decision(busy, fact):
    first, second = (decide(fact, busy.store.view, busy.now) for _ in range(2))
    assert isinstance(first, Decision)
    assert repr(first) == repr(second)  # refusals are exceptions, which compare by identity


@pytest.mark.parametrize("fact", EVERY.values(), ids=lambda fact: type(fact).__name__)
def test_deciding_changes_nothing(busy, fact):
    def standing():
        people = sorted(busy.store.view.people(), key=lambda person: person.handle)
        return (
            people,
            [
                busy.envelope(id)
                for id in ("held", "edited", "out", "arrived", "quiet", "late", "for john", "alert")
            ],
            busy.store.view.next_serial("tom"),
        )

    before, changes = standing(), busy.store._db.total_changes
    decision = decide(fact, busy.store.view, busy.now)
    assert (standing(), busy.store._db.total_changes) == (before, changes)
    assert all(isinstance(write, get_args(Write)) for write in decision.writes)


def test_what_time_brings_is_decided_in_one_order(busy):
    """Presence first, so that nothing goes over what has just ended; then what is over; then what waits again."""
    decision = decide(facts.TimePassed(), busy.store.view, busy.now)
    assert decision == Decision(
        then=(
            facts.GracesOver(),
            facts.ReadingsOver(),
            facts.ValidityOver(),
            facts.LeasesOver(),
            facts.SilenceOver(),
            facts.WakesOver(),
            facts.SilentEndsOver(),
        )
    )


def test_at_one_instant_the_grace_ends_before_anything_is_looked_at_again(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    id = tom.submit("mary")
    mary.lose_link()
    office.asleep(10)
    office.wake()
    assert (office.state(id), office.presence("mary").online) == (State.HELD, False)


def test_a_fact_that_nobody_knows_is_a_bug(busy):
    with pytest.raises(KeyError):
        decide(PRESETS["online"], busy.store.view, busy.now)  # pyright: ignore[reportArgumentType]
