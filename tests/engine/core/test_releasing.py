"""The recipient's side: what may go goes, what arrived is settled, what got lost waits again, and news of it all."""

import pytest

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS
from tact_engine.core.effects import TellNews
from tact_engine.core.envelope import State, weight_of
from tact_engine.core.releasing import considered, held_again, more_news, reconsidered
from tact_engine.core.view import Decision
from tests.support.heart import DAY, NOON_MS, code, states

AVAILABLE = PRESETS["available"]
BUSY = {"UserAvailability": "NOT_AVAILABLE"}
SILENCE_SECONDS = 10


@pytest.fixture
def tom(office):
    office.away("mary", "john")
    return office.sign_in("tom")


# --- expiry


def test_it_waits_until_its_last_millisecond(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.after(59.999)
    assert office.state(id) is State.HELD
    assert office.sign_in("mary").ids == [id]


def test_at_the_same_instant_expiry_wins(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.asleep(60)
    mary = office.sign_in("mary")
    assert mary.arrived == [], "nobody woke the engine, and still it may not go"
    office.wake()
    assert office.state(id) is State.EXPIRED
    assert mary.arrived == []


@pytest.mark.parametrize("late", [0, 0.001, 3600])
@pytest.mark.parametrize("how", ["set", "send_now", "edit"])
def test_nothing_leaves_once_its_validity_has_ended(office, tom, how, late):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE, valid_for=60)
    office.asleep(60 + late)
    if how == "set":
        mary.set(UserAvailability="AVAILABLE")
    elif how == "send_now":
        tom.send_now(id)
    else:
        tom.edit(id, when=PRESETS["online"])
    office.wake()
    assert mary.arrived == []
    assert office.state(id) is State.EXPIRED


def test_it_expires_by_itself_and_its_sender_is_told(office, tom):
    id = tom.submit("mary", "john", valid_for=60)
    office.after(3600)
    assert tom.heard == [(id, State.EXPIRED)] * 2
    assert {receipt.recipient for receipt in tom.news} == {"mary", "john"}
    assert {receipt.since for receipt in tom.news} == {NOON_MS + 60_000}
    assert office.store.next_wake(office.now) is None


def test_what_was_released_in_time_does_not_expire(office, tom):
    office.after(0.5)
    id = tom.submit("mary", valid_for=60)
    office.after(59.9)
    mary = office.sign_in("mary")
    office.after(5)
    assert office.state(id) is State.RELEASED
    mary.acknowledge(id)
    assert office.state(id) is State.DELIVERED
    assert (id, State.EXPIRED) not in tom.heard


def test_what_got_lost_after_its_validity_expires_and_does_not_leave_again(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.after(55)
    mary = office.sign_in("mary")
    office.after(SILENCE_SECONDS)
    assert mary.ids == [id]
    assert office.state(id) is State.EXPIRED
    assert tom.heard[-1] == (id, State.EXPIRED)


def test_many_expire_in_several_sweeps(office, tom):
    office.restart(sweep_max=3)
    tom = office.sign_in("tom")
    ids = [tom.submit("mary", valid_for=60 + turn // 4) for turn in range(10)]
    office.after(62)
    assert [office.state(id) for id in ids] == [State.EXPIRED] * 10
    assert tom.heard == [(id, State.EXPIRED) for id in ids]


def test_it_expires_while_the_engine_is_down(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.asleep(DAY)
    office.restart()
    mary = office.sign_in("mary")
    office.wake()
    assert mary.arrived == []
    assert office.state(id) is State.EXPIRED


def test_what_has_expired_does_not_stand_in_the_way_of_what_has_not(office, tom):
    office.restart(unacknowledged_max=2)
    tom = office.sign_in("tom")
    old = [tom.submit("mary", valid_for=60) for _ in range(3)]
    good = tom.submit("mary")
    office.asleep(60)
    mary = office.sign_in("mary")
    assert mary.ids == [good]
    assert not office.store.view.backlog("mary")
    office.wake()
    assert [office.state(id) for id in old] == [State.EXPIRED] * 3


def test_nor_does_it_with_the_limits_of_the_law(office, tom):
    john = office.sign_in("john")
    for _ in range(130):
        tom.submit("mary", valid_for=60)
        john.submit("mary", valid_for=60)
    good = tom.submit("mary")
    office.asleep(60)
    assert office.sign_in("mary").ids == [good]


def test_a_clock_that_jumps_back_resurrects_nothing(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.after(60)
    office.now = facts.Moment(NOON_MS, office.now.ticks_ms)
    assert office.sign_in("mary").arrived == []
    assert office.state(id) is State.EXPIRED


def test_expiry_goes_by_utc_and_not_by_the_monotonic_clock(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.now = facts.Moment(office.now.utc_ms + 59_999, office.now.ticks_ms + DAY * 1000)
    office.wake()
    assert office.state(id) is State.HELD
    office.now = facts.Moment(office.now.utc_ms + 1, office.now.ticks_ms)
    office.wake()
    assert office.state(id) is State.EXPIRED


# --- the order of a batch


def test_a_batch_is_in_the_order_of_acceptance_whatever_the_conditions(office, tom):
    whens = [AVAILABLE, PRESETS["online"], PRESETS["not angry"]]
    ids = [tom.submit("mary", when=whens[(turn * 2) % 3]) for turn in range(12)]
    mary = office.sign_in("mary")
    (batch,) = mary.batches
    assert [each.id for each in batch.deliveries] == ids
    assert batch.batch == office.presence("mary").version
    assert all(each.delayed for each in batch.deliveries)


def test_an_edit_does_not_change_the_place_in_the_order(office, tom):
    ids = [tom.submit("mary") for _ in range(3)]
    tom.edit(ids[0], body=b"new")
    tom.send_now(ids[1])
    assert office.sign_in("mary").ids == ids


def test_the_sequence_of_a_recipient_only_grows(office, tom):
    mary = office.sign_in("mary")
    tom.submit("mary")
    mary.lose_link()
    tom.submit("mary")
    again = office.sign_in("mary")
    again.sign_out()
    office.restart()
    last = office.sign_in("mary")
    sequences = [each.sequence for desk in (mary, again, last) for each in desk.arrived]
    assert sequences == [1, 2, 3, 4, 5]


def test_recipients_count_for_themselves(office, tom):
    mary, john = office.sign_in("mary"), office.sign_in("john")
    tom.submit("mary")
    tom.submit("mary", "john")
    assert [each.sequence for each in mary.arrived] == [1, 2]
    assert [each.sequence for each in john.arrived] == [1]


def test_the_held_batch_comes_after_the_welcome_and_before_live_traffic(office, tom):
    held = tom.submit("mary")
    mary = office.sign_in("mary")
    live = tom.submit("mary")
    assert [type(effect).__name__ for effect in mary.told][:3] == ["Welcome", "Announce", "Deliver"]
    assert mary.ids == [held, live]
    assert [each.delayed for each in mary.arrived] == [True, False]


def test_a_later_message_may_overtake_one_that_waits_for_more(office, tom):
    mary = office.sign_in("mary", **BUSY)
    first = tom.submit("mary", when=AVAILABLE)
    second = tom.submit("mary")
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [second, first]


# --- acknowledgements


def test_the_first_acknowledgement_delivers(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    office.asleep(3)
    mary.acknowledge(id)
    assert office.state(id) is State.DELIVERED
    (receipt,) = tom.news
    assert (receipt.id, receipt.recipient, receipt.state) == (id, "mary", State.DELIVERED)
    assert (receipt.since, receipt.accepted_at) == (NOON_MS + 3_000, NOON_MS)
    mary.acknowledge(id, id)
    assert len(tom.news) == 1, "told once"
    assert office.envelope(id).since == NOON_MS + 3_000


def test_many_at_once_and_one_named_twice(office, tom):
    mary = office.sign_in("mary")
    ids = [tom.submit("mary") for _ in range(3)]
    mary.acknowledge(ids[2], ids[0], ids[2], "no such id", ids[1])
    assert tom.heard == [(ids[turn], State.DELIVERED) for turn in (2, 0, 1)]
    assert [receipt.serial for receipt in tom.news] == [1, 2, 3]


def test_without_an_acknowledgement_it_is_released_again(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    office.after(SILENCE_SECONDS - 0.001)
    assert (mary.ids, tom.heard) == ([id], [])
    office.after(0.001)
    assert mary.ids == [id, id]
    assert office.state(id) is State.RELEASED
    first, second = mary.arrived
    assert (first.delayed, second.delayed) == (False, True)
    assert (first.sequence, second.sequence) == (1, 2)
    assert second.released_at == NOON_MS + 10_000
    office.after(SILENCE_SECONDS * 3)
    assert mary.ids == [id] * 5
    mary.acknowledge(id)
    office.after(3600)
    assert mary.ids == [id] * 5


def test_the_silence_goes_by_the_monotonic_clock(office, tom):
    mary = office.sign_in("mary")
    tom.submit("mary")
    office.now = facts.Moment(office.now.utc_ms + 3_600_000, office.now.ticks_ms + 9_999)
    office.wake()
    assert len(mary.arrived) == 1
    office.now = facts.Moment(office.now.utc_ms, office.now.ticks_ms + 1)
    office.wake()
    assert len(mary.arrived) == 2


def test_only_what_is_silent_is_released_again(office, tom):
    mary = office.sign_in("mary")
    first = tom.submit("mary")
    office.after(5)
    second = tom.submit("mary")
    office.after(5)
    assert mary.ids == [first, second, first]
    mary.acknowledge(first)
    office.after(5)
    assert mary.ids == [first, second, first, second]


def test_a_match_is_not_latched(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE)
    mary.set(**BUSY)
    assert office.state(id) is State.RELEASED
    office.after(SILENCE_SECONDS)
    assert office.state(id) is State.HELD
    office.after(3600)
    assert mary.ids == [id]
    assert tom.heard == [(id, State.HELD)]
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [id, id]
    assert mary.arrived[1].delayed


def test_what_was_live_once_is_delayed_the_second_time(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    mary.lose_link()
    again = office.sign_in("mary")
    assert [(each.id, each.delayed) for each in mary.arrived + again.arrived] == [(id, False), (id, True)]
    assert tom.heard == [(id, State.HELD), (id, State.RELEASED)]


@pytest.mark.parametrize("state", ["held", "expired"])
def test_a_late_acknowledgement_is_believed_and_the_news_corrected(office, tom, state):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE, valid_for=60)
    mary.set(**BUSY)
    office.after(SILENCE_SECONDS if state == "held" else 100)
    assert office.state(id) == state
    assert tom.heard[-1] == (id, State(state))
    mary.acknowledge(id)
    assert office.state(id) is State.DELIVERED
    assert tom.heard[-1] == (id, State.DELIVERED)
    mary.set(UserAvailability="AVAILABLE")
    office.after(3600)
    assert mary.ids == [id], "and it does not leave again"
    assert office.state(id) is State.DELIVERED


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_a_late_acknowledgement_is_believed_after_a_restart(office, tom, way):
    office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE)
    getattr(office, way)()
    mary = office.sign_in("mary", **BUSY)
    mary.acknowledge(id)
    assert (office.state(id), mary.arrived) == (State.DELIVERED, [])


def test_an_acknowledgement_of_what_never_left_is_nothing(office, tom):
    mary = office.sign_in("mary", **BUSY)
    waiting, expiring = tom.submit("mary", when=AVAILABLE), tom.submit("mary", when=AVAILABLE, valid_for=60)
    mary.acknowledge(waiting, expiring)
    office.after(60)
    mary.acknowledge(expiring)
    assert (office.state(waiting), office.state(expiring)) == (State.HELD, State.EXPIRED)


def test_an_acknowledgement_of_what_was_withdrawn_is_nothing(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    mary.lose_link()
    tom.withdraw(id)
    mary = office.sign_in("mary")
    mary.acknowledge(id)
    assert office.state(id) is State.WITHDRAWN


@pytest.mark.parametrize("act", ["acknowledge", "mark_read"])
def test_somebody_elses_message_is_passed_over_without_a_word(office, tom, act):
    mary, john = office.sign_in("mary"), office.sign_in("john")
    id = tom.submit("mary")
    if act == "mark_read":
        mary.acknowledge(id)
    before = office.state(id)
    for desk in (john, tom):
        desk.forget()
        getattr(desk, act)(id, "no such id")
        assert desk.told == []
    assert office.state(id) is before


def test_of_a_message_to_several_each_acknowledges_their_own(office, tom):
    mary, john = office.sign_in("mary"), office.sign_in("john")
    id = tom.submit("mary", "john")
    mary.acknowledge(id)
    assert (office.state(id, "mary"), office.state(id, "john")) == (State.DELIVERED, State.RELEASED)
    john.acknowledge(id)
    assert [(each.recipient, each.state) for each in tom.news] == [
        ("mary", State.DELIVERED), ("john", State.DELIVERED),
    ]  # fmt: skip


# --- read marks


def test_read_comes_after_delivered_and_only_then(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    mary.mark_read(id)
    assert (office.state(id), tom.heard) == (State.RELEASED, [])
    mary.acknowledge(id)
    office.asleep(5)
    mary.mark_read(id)
    assert (office.state(id), office.envelope(id).since) == (State.READ, NOON_MS + 5_000)
    mary.mark_read(id, id)
    mary.acknowledge(id)
    assert tom.heard == [(id, State.DELIVERED), (id, State.READ)]
    assert office.state(id) is State.READ


@pytest.mark.parametrize("end", ["held", "expired", "withdrawn"])
def test_what_did_not_arrive_cannot_be_read(office, tom, end):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE, valid_for=60)
    if end == "withdrawn":
        tom.withdraw(id)
    if end == "expired":
        office.after(60)
    mary.mark_read(id)
    assert office.state(id) == end


# --- news


def test_while_they_are_away_only_how_it_stands_by_now_is_kept(office, tom):
    mary = office.sign_in("mary", **BUSY)
    arrived, expired = tom.submit("mary", when=AVAILABLE), tom.submit("mary", valid_for=60)
    mary.sign_out()
    tom.sign_out()
    office.after(60)
    mary = office.sign_in("mary", UserAvailability="AVAILABLE")
    mary.acknowledge(arrived)
    mary.mark_read(arrived)
    tom = office.sign_in("tom")
    assert tom.heard == [(expired, State.EXPIRED), (arrived, State.READ)]
    serials = [receipt.serial for receipt in tom.news]
    assert serials == sorted(set(serials))


def test_news_are_told_again_until_they_are_noted(office, tom):
    mary = office.sign_in("mary")
    first, second = tom.submit("mary"), tom.submit("mary")
    mary.acknowledge(first, second)
    told = tom.news
    for way in ("sign_out", "lose_link"):
        getattr(tom, way)()
        tom = office.sign_in("tom")
        assert tom.news == told
    tom.note(told[0].serial)
    tom.sign_out()
    tom = office.sign_in("tom")
    assert tom.news == told[1:]
    tom.note(told[1].serial)
    tom.sign_out()
    assert office.sign_in("tom").news == []


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_news_outlive_a_restart_and_stay_noted(office, tom, way):
    mary = office.sign_in("mary")
    mary.acknowledge(tom.submit("mary"))
    noted = tom.news[-1].serial
    mary.acknowledge(tom.submit("mary"))
    tom.note(noted)
    (kept,) = [receipt for receipt in tom.news if receipt.serial > noted]
    getattr(office, way)()
    tom = office.sign_in("tom")
    assert tom.news == [kept]
    mary = office.sign_in("mary")
    mary.acknowledge(tom.submit("mary"))
    assert tom.news[-1].serial > kept.serial, "serials are not given twice"


def test_noting_the_news_of_one_leaves_those_of_another(office, tom):
    john, mary = office.sign_in("john"), office.sign_in("mary")
    for desk in (tom, john):
        mary.acknowledge(desk.submit("mary"))
    tom.note(10**6)
    john.sign_out()
    assert len(office.sign_in("john").news) == 1


def test_the_news_go_to_their_sender_alone(office, tom):
    john, mary = office.sign_in("john"), office.sign_in("mary")
    laptop = office.sign_in("tom")
    id = tom.submit("mary")
    mary.acknowledge(id)
    assert tom.heard == laptop.heard == [(id, State.DELIVERED)]
    assert john.news == mary.news == []


def test_a_release_later_on_is_news(office, tom):
    mary = office.sign_in("mary", **BUSY)
    ids = [tom.submit("mary", when=AVAILABLE) for _ in range(3)]
    mary.set(UserAvailability="AVAILABLE")
    (told,) = [effect for effect in tom.told if isinstance(effect, TellNews)]
    assert [(each.id, each.state) for each in told.receipts] == [(id, State.RELEASED) for id in ids]


def test_too_many_news_are_told_in_parts_as_they_are_noted(office, tom):
    office.restart(untold_news_max=3)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    ids = [tom.submit("mary") for _ in range(8)]
    tom.sign_out()
    mary.acknowledge(*ids)
    tom = office.sign_in("tom")
    assert [id for id, _ in tom.heard] == ids[:3]
    fresh = tom.submit("mary")
    mary.acknowledge(fresh)
    assert [id for id, _ in tom.heard] == ids[:3], "newer news do not overtake older ones"
    heard = list(tom.heard)
    for _ in range(2):
        tom.note(tom.news[-1].serial)
    assert [id for id, _ in tom.heard] == [*ids, fresh]
    assert len(heard) == 3
    tom.note(tom.news[-1].serial)
    last = tom.submit("mary")
    mary.acknowledge(last)
    assert tom.heard[-1] == (last, State.DELIVERED), "what is new is told at once again"
    tom.note(tom.news[-1].serial)
    tom.sign_out()
    assert office.sign_in("tom").news == []


# --- the flow window


def test_the_window_of_the_law(office):
    assert office.limits.unacknowledged_max == 256
    assert office.limits.unacknowledged_bytes_max == 192 * 1024
    assert office.limits.acknowledge_within_ms == 10_000
    assert office.limits.grace_ms == 10_000


def drained(mary, take=1):
    """Everything that arrives while Mary acknowledges `take` at a time, oldest first."""
    done = 0
    while done < len(mary.ids):
        ids = mary.ids[done : done + take]
        mary.acknowledge(*ids)
        done += len(ids)
    return mary.ids


@pytest.mark.parametrize("most", [1, 2, 5])
@pytest.mark.parametrize("take", [1, 2, 7])
def test_by_count_the_rest_follows_as_acknowledgements_come(office, tom, most, take):
    office.restart(unacknowledged_max=most)
    tom = office.sign_in("tom")
    ids = [tom.submit("mary") for _ in range(12)]
    mary = office.sign_in("mary")
    assert mary.ids == ids[:most]
    assert [office.state(id) for id in ids] == [State.RELEASED] * most + [State.HELD] * (12 - most)
    assert drained(mary, take) == ids
    assert not office.store.view.backlog("mary")
    fresh = tom.submit("mary")
    assert mary.ids[-1] == fresh
    assert not mary.arrived[-1].delayed


def weight(size):
    """What a copy from Tom to Mary weighs on its way."""
    return weight_of(b"x" * size, ("tom", "mary"))


@pytest.mark.parametrize(
    ("sizes", "room", "first"),
    [
        ([60, 40, 1], weight(60) + weight(40), 2),
        ([60, 40, 1], weight(60) + weight(40) - 1, 1),
        ([60, 40, 1], weight(60) + weight(40) + weight(1), 3),
        ([100, 1], weight(100), 1),
        ([100, 1], weight(100) - 1, 1),
    ],
)
def test_by_bytes_at_the_limit_and_past(office, tom, sizes, room, first):
    office.restart(unacknowledged_bytes_max=room)
    tom = office.sign_in("tom")
    ids = [tom.submit("mary", body=b"x" * size) for size in sizes]
    mary = office.sign_in("mary")
    assert mary.ids == ids[:first], "and nothing small overtakes"
    assert drained(mary) == ids


@pytest.mark.parametrize("room", [100, 1_000, 1_500, 4_000])
def test_by_bytes_the_rest_follows_as_acknowledgements_come(office, tom, room):
    office.restart(unacknowledged_bytes_max=room)
    tom = office.sign_in("tom")
    ids = [tom.submit("mary", body=b"x" * size) for size in (60, 50, 40, 99, 250, 10, 100, 1, 30, 30, 30, 30)]
    assert drained(office.sign_in("mary")) == ids
    assert not office.store.view.backlog("mary")


def test_the_members_count_as_well(office):
    """A short message to many is a large copy."""
    crowd = tuple(f"somebody-with-a-long-name-{number}" for number in range(60))
    office.away(*crowd)
    office.restart(unacknowledged_bytes_max=4_000)
    tom = office.sign_in("tom")
    ids = [tom.submit(*crowd, body="x") for _ in range(3)]
    assert office.sign_in(crowd[0]).ids == ids[:1]


def test_an_edit_for_one_recipient_does_not_shrink_the_window_of_another(office, tom):
    office.restart(unacknowledged_bytes_max=1_000)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    id = tom.submit("mary", "john", body="x" * 900)
    assert states(tom.edit(id, body=b"y")) == [State.RELEASED, State.HELD]
    assert office.store.view.unacknowledged_bytes("mary") == weight_of(b"x" * 900, ("tom", "mary", "john"))
    mary.acknowledge(id)
    assert office.store.view.unacknowledged_bytes("mary") == 0
    ids = [tom.submit("mary", body="z" * 200) for _ in range(4)]
    for _ in range(5):
        mary.acknowledge(*mary.ids)
    assert mary.ids == [id, *ids]


@pytest.mark.parametrize(("old", "new"), [(900, 1), (1, 900)])
def test_an_edit_for_one_recipient_does_not_stop_the_backlog_of_another(office, tom, old, new):
    """The place of a copy is free again in the size in which it was taken."""
    office.restart(unacknowledged_bytes_max=1_000)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    id = tom.submit("mary", "john", body="x" * old)
    ids = [tom.submit("mary", body="z" * 200) for _ in range(3)]
    assert mary.ids == [id]
    tom.edit(id, body=b"y" * new)
    assert drained(mary) == [id, *ids]


def test_an_edited_copy_that_got_lost_has_its_new_weight(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", body="x" * 900)
    tom.edit(id, body=b"y")
    mary.lose_link()
    mary = office.sign_in("mary")
    assert [each.body for each in mary.arrived] == [b"y"]
    assert office.store.view.unacknowledged_bytes("mary") == weight_of(b"y", ("tom", "mary", "john"))


def test_one_that_is_larger_than_the_window_goes_alone(office, tom):
    office.restart(unacknowledged_bytes_max=1_000)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    large = tom.submit("mary", body=b"x" * 5_000)
    small = tom.submit("mary", body=b"x")
    assert mary.ids == [large]
    mary.acknowledge(large)
    assert mary.ids == [large, small]


def test_a_fresh_message_does_not_overtake_the_backlog(office, tom):
    office.restart(unacknowledged_max=4)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    ids = [tom.submit("mary") for _ in range(5)]
    assert mary.ids == ids[:4]
    mary.acknowledge(ids[0])  # there is room for one, but somebody waits for it already
    reply = tom.try_submit("mary", id="fresh")
    assert states(reply) == [State.HELD]
    assert mary.ids == ids[:4]
    mary.acknowledge(ids[1])
    assert mary.ids == [*ids, "fresh"]
    assert [each.delayed for each in mary.arrived] == [False] * 4 + [True] * 2


def test_sending_now_does_not_overtake_the_backlog(office, tom):
    office.restart(unacknowledged_max=2)
    tom, mary = office.sign_in("tom"), office.sign_in("mary", **BUSY)
    ids = [tom.submit("mary") for _ in range(4)]
    waiting = tom.submit("mary", when=AVAILABLE)
    assert states(tom.send_now(waiting)) == [State.HELD]
    assert drained(mary) == [*ids, waiting]


def test_a_backlog_is_looked_at_again_when_something_gets_lost(office, tom):
    office.restart(unacknowledged_max=2)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    ids = [tom.submit("mary") for _ in range(4)]
    office.after(SILENCE_SECONDS)
    assert mary.ids == ids[:2] * 2
    mary.lose_link()
    mary = office.sign_in("mary")
    assert mary.ids == ids[:2]
    assert drained(mary) == ids


def test_a_backlog_that_may_not_go_any_more_is_none(office, tom):
    office.restart(unacknowledged_max=2)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    ids = [tom.submit("mary", when=AVAILABLE) for _ in range(4)]
    mary.set(**BUSY)
    mary.acknowledge(*ids[:2])
    assert mary.ids == ids[:2]
    live = tom.submit("mary")
    assert mary.ids == [*ids[:2], live]
    mary.acknowledge(live)
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [*ids[:2], live, *ids[2:]]


def test_a_late_acknowledgement_helps_a_backlog_along(office, tom):
    office.restart(unacknowledged_max=2)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    ids = [tom.submit("mary") for _ in range(5)]
    mary.lose_link()
    mary = office.sign_in("mary")
    mary.acknowledge(ids[0], ids[4], ids[1])
    assert mary.ids == ids[:4]
    assert office.state(ids[4]) is State.HELD, "it never left"


def test_one_slow_reader_slows_nobody_else(office, tom):
    office.restart(unacknowledged_max=1)
    tom, mary, john = office.sign_in("tom"), office.sign_in("mary"), office.sign_in("john")
    first, second, third = (tom.submit("mary", "john") for _ in range(3))
    john.acknowledge(first)
    john.acknowledge(second)
    assert (mary.ids, john.ids) == ([first], [first, second, third])


# --- the steps by themselves


@pytest.mark.parametrize(("id", "recipient"), [("m1", "nobody"), ("m1", "john"), ("m2", "mary")])
def test_nothing_is_considered_for_somebody_or_something_unknown(office, tom, id, recipient):
    tom.submit("mary", id="m1")
    assert considered(facts.Consider(id, recipient, fresh=True), office.store.view, office.now) == Decision()


@pytest.mark.parametrize("handle", ["mary", "john", "nobody"])
def test_nothing_is_reconsidered_without_a_session(office, tom, handle):
    tom.submit("mary")
    office.sign_in("mary").lose_link()
    assert reconsidered(facts.Reconsider(handle), office.store.view, office.now) == Decision()


def test_nothing_lost_is_nothing_told(office, tom):
    assert held_again((), office.store.view, office.now).writes == ()
    assert more_news("tom", 0, office.store.view).effects == ()


def test_a_wrong_session_decides_nothing(office, tom):
    office.sign_in("mary")
    id = tom.submit("mary")
    strangers = (facts.Acknowledged(999, (id,)), facts.MarkedRead(999, (id,)), facts.Noted(999, 9))
    assert office.feed(*strangers) == []
    assert office.state(id) is State.RELEASED
    assert code(tom.withdraw(id)) == "already_released"
