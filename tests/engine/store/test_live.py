"""What is counted in memory is what a recount of the tables gives, whatever happened."""

import pytest
from msgspec.structs import replace

from tact_engine.core.conditions import PRESETS, Condition
from tact_engine.core.envelope import weight_of
from tact_engine.core.patience import Patience
from tact_engine.core.privacy import Audience, Privacy, Rule
from tests.support.heart import miscounted, overdue

AVAILABLE = PRESETS["available"]


@pytest.fixture
def tom(office):
    office.away("mary", "john")
    return office.sign_in("tom")


def test_the_recount_can_disagree(office, tom):
    tom.submit("mary")
    assert miscounted(office.store) == []
    office.store._live.held.by_pair["mary", "tom"] += 1
    assert [each.partition(":")[0] for each in miscounted(office.store)] == ["held for a pair"]
    office.store._live.held.by_pair["mary", "tom"] -= 1


def test_a_recount_finds_a_copy_of_another_weight(office, tom):
    office.sign_in("mary")
    tom.submit("mary")
    ((key, (ticks, weight)),) = office.store._live.departed.items()
    office.store._live.departed[key] = ticks, weight + 1
    assert [each.partition(":")[0] for each in miscounted(office.store)] == [
        "bytes of a copy",
        "bytes on their way",
        "known of messages",
    ]
    office.store._live.departed[key] = ticks, weight


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_counts_outlive_a_restart(office, tom, way):
    mary = office.sign_in("mary")
    tom.submit("mary", "john")
    tom.submit("mary", when=PRESETS["not angry"], body="x" * 500)
    tom.submit("john", when=AVAILABLE)
    mary.acknowledge(mary.ids[0])
    getattr(office, way)()
    assert miscounted(office.store) == []
    view = office.store.view
    assert (view.held_count("tom", "mary"), view.held_count("tom", "john"), view.held_total("tom")) == (
        1,
        2,
        3,
    )
    assert (view.unacknowledged("mary"), view.unacknowledged_bytes("mary")) == (0, 0)


def weight(size):
    return weight_of(b"x" * size, ("tom", "mary"))


def test_counts_follow_every_move(office, tom):
    view = office.store.view

    def counts():
        assert miscounted(office.store) == []
        return view.held_count("tom", "mary"), view.unacknowledged("mary"), view.unacknowledged_bytes("mary")

    first = tom.submit("mary", body="x" * 10)
    tom.submit("mary", body="x" * 7, valid_for=60)
    assert counts() == (2, 0, 0)
    tom.edit(first, body=b"x" * 20, when=AVAILABLE)
    assert counts() == (2, 0, 0)
    mary = office.sign_in("mary", UserAvailability="NOT_AVAILABLE")
    assert counts() == (1, 1, weight(7))
    mary.set(UserAvailability="AVAILABLE")
    assert counts() == (0, 2, weight(7) + weight(20))
    mary.lose_link()
    assert counts() == (2, 0, 0)
    tom.withdraw(first)
    assert counts() == (1, 0, 0)
    office.after(60)
    assert counts() == (0, 0, 0)


def test_equal_conditions_of_one_sender_are_kept_once(office, tom):
    ann = office.sign_in("ann")
    for desk in (tom, tom, ann):
        desk.submit("mary", when=AVAILABLE)
        desk.submit("mary")
    waiting = list(office.store.view.waiting("mary"))
    assert sorted((each.sender, each.condition == AVAILABLE) for each in waiting) == [
        ("ann", False), ("ann", True), ("tom", False), ("tom", True),
    ]  # fmt: skip
    assert list(office.store.view.waiting("john")) == []


def test_nothing_is_kept_for_whom_nothing_waits(office, tom):
    tom.withdraw(tom.submit("mary"))
    assert list(office.store.view.waiting("mary")) == []


# --- what else is kept in memory


def test_the_recount_sees_what_should_have_been_forgotten(office, tom):
    live = office.store._live
    id = tom.submit("mary", valid_for=60)
    number = office.envelope(id).number
    tom.withdraw(id)
    live.leases[number] = 5
    live.patience["mary"][number] = Patience(armed=False)
    live.quiet.add((number, "mary"))
    live.wakes["mary"] = (5, None)
    found = {each.partition(":")[0] for each in miscounted(office.store)}
    assert found == {
        "in an editor though over",
        "remembering though over",
        "quiet",
        "quiet though not delivered",
        "woken for nobody",
    }
    live.leases.clear()
    live.patience.clear()
    live.quiet.clear()
    live.wakes.clear()


def test_what_is_overdue_is_seen(office, tom):
    mary = office.sign_in("mary", Idle=0)
    tom.submit("mary", when=Condition(not_before=office.now.utc_ms + 5_000), id="m1")
    tom.pause(tom.submit("john", valid_for=600, id="m2"))
    mary.set(until=office.now.utc_ms + 300_000, UserMood="SAD")
    office.asleep(4)
    assert overdue(office) == []
    office.asleep(596)
    assert overdue(office) == ["lease of 2", "presence of mary", "end of m2", "m1 to mary"]
    office.wake()
    assert overdue(office) == []


@pytest.mark.rule("W19")
@pytest.mark.parametrize("end", ["acknowledge", "withdraw", "expire"])
def test_what_a_message_remembers_ends_with_it(office, tom, end):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=replace(AVAILABLE, edge=end != "acknowledge", dwell=5), valid_for=60)
    assert office.store._live.patience["mary"]
    if end == "withdraw":
        tom.withdraw(id)
    office.after(60 if end == "expire" else 5)
    mary.acknowledge(id)
    assert not office.store._live.patience["mary"]


def test_rules_ends_and_silences_outlive_a_restart(office, tom):
    mary = office.sign_in("mary")
    rules = Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)})
    mary.allow(rules)
    mary.acknowledge(tom.submit("mary"))
    mary.set(until=office.now.utc_ms + 60_000, UserMood="SAD")
    live = office.store._live
    before = (live.privacy, live.quiet, live.ends)
    office.crash()
    live = office.store._live
    assert (live.privacy, live.quiet, live.ends) == before
    assert (live.leases, live.wakes, live.idle, dict(live.patience)) == ({}, {}, {}, {})
