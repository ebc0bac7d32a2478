"""How much waits is counted when it is asked for; that the counts are true is checked after every test of the heart."""

import pytest

from tact_engine.core.conditions import PRESETS
from tact_engine.store import held
from tact_engine.store.held import FEW

AVAILABLE = PRESETS["available"]


@pytest.fixture
def tom(office):
    office.away("mary", "john")
    return office.sign_in("tom")


def test_a_start_counts_nobody_and_whoever_is_asked_for_is_counted(office, tom):
    tom.submit("mary", "john")
    tom.submit("mary", when=AVAILABLE)
    office.restart()
    counts = office.store._live.held
    assert (counts.by_recipient, counts.by_pair, counts.totals) == ({}, {}, {"tom": 3})
    assert office.store.view.held_count("tom", "mary") == 2
    assert list(counts.by_recipient) == ["mary"]
    assert sorted(counts.of("mary").values()) == [1, 1]
    assert counts.of("nobody") == {}


@pytest.mark.parametrize("other", [0, 1, FEW])
def test_where_much_waits_only_ones_own_is_counted(office, tom, other):
    ann = office.sign_in("ann")
    for _ in range(other):
        ann.submit("mary")
    tom.submit("mary")
    tom.submit("mary", when=AVAILABLE)
    office.restart()
    assert office.store.view.held_count("tom", "mary") == 2
    counts = office.store._live.held
    assert ("mary" in counts.by_recipient) == (other + 2 <= FEW)
    office.sign_in("tom").submit("mary")
    assert office.store.view.held_count("tom", "mary") == 3
    assert len(list(office.store.view.waiting("mary"))) == (3 if other else 2)
    assert office.store.view.held_count("ann", "mary") == other
    assert office.store.view.held_count("john", "mary") == 0


def test_what_waits_goes_to_whoever_comes_after_a_start(office, tom):
    ids = [tom.submit("mary"), tom.submit("mary", when=PRESETS["not angry"])]
    office.restart()
    mary = office.sign_in("mary", UserMood="ANGRY")
    assert mary.ids == ids[:1]
    mary.set(UserMood="HAPPY")
    assert mary.ids == ids


@pytest.mark.parametrize("way", ["withdraw", "edit", "send_now", "pause"])
def test_a_change_to_what_waits_for_somebody_who_is_not_counted_counts(office, tom, way):
    id = tom.submit("mary", when=AVAILABLE)
    tom.submit("mary", when=AVAILABLE)
    office.restart()
    tom = office.sign_in("tom")
    match way:
        case "edit":
            tom.edit(id, when=PRESETS["not angry"])
        case _:
            getattr(tom, way)(id)
    assert office.store.view.held_count("tom", "mary") == (1 if way == "withdraw" else 2)


def test_where_many_are_away_the_latest_of_them_and_those_who_are_here_stay_counted(office, tom, monkeypatch):
    monkeypatch.setattr(held, "PEOPLE_MAX", 2)
    monkeypatch.setattr(held, "PAIRS_MAX", 2)
    office.sign_in("ann", UserAvailability="DISCREET")
    for to in ("mary", "john", "ann"):
        tom.submit(to, when=AVAILABLE)
    counts = office.store._live.held
    assert "mary" not in counts.by_recipient
    assert {"john", "ann"} <= counts.by_recipient.keys()
    assert list(counts.by_pair) == [("john", "tom"), ("ann", "tom")]
    assert [office.store.view.held_count("tom", to) for to in ("mary", "john", "ann")] == [1, 1, 1]
    assert office.store.view.held_total("tom") == 3


def test_limits_hold_over_a_start(office, tom):
    office.restart(held_per_pair_max=2, held_per_sender_max=3)
    tom = office.sign_in("tom")
    tom.submit("mary")
    tom.submit("mary")
    office.restart(held_per_pair_max=2, held_per_sender_max=3)
    tom = office.sign_in("tom")
    assert tom.try_submit("mary").refused.code == "too_many_held"
    tom.submit("john")
    assert tom.try_submit("john").refused.code == "too_many_held_in_all"
