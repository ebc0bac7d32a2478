"""What may go goes: as one batch, in the order of acceptance, as far as there is room."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Condition, one_group
from tact_engine.core.envelope import State, weight_of
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.releasing import considered, reconsidered
from tact_engine.core.view import Decision
from tact_engine.core.window import Window
from tact_engine.core.writes import Release
from tests.support.heart import DAY, NOON_MS, code, states

AVAILABLE = PRESETS["available"]
BUSY = {"UserAvailability": "NOT_AVAILABLE"}
SILENCE_SECONDS = 10


@pytest.fixture
def tom(office):
    office.away("mary", "john")
    return office.sign_in("tom")


# --- the order of a batch


@pytest.mark.rule("O7", "I8")
def test_a_batch_is_in_the_order_of_acceptance_whatever_the_conditions(office, tom):
    whens = [AVAILABLE, PRESETS["online"], PRESETS["not angry"]]
    ids = [tom.submit("mary", when=whens[(turn * 2) % 3]) for turn in range(12)]
    mary = office.sign_in("mary")
    (batch,) = mary.batches
    assert [each.id for each in batch.deliveries] == ids
    assert batch.batch == batch.deliveries[0].sequence == 1
    assert not batch.more
    assert all(each.delayed for each in batch.deliveries)


@pytest.mark.rule("O7")
def test_an_edit_does_not_change_the_place_in_the_order(office, tom):
    ids = [tom.submit("mary") for _ in range(3)]
    tom.edit(ids[0], body=b"new")
    tom.send_now(ids[1])
    assert office.sign_in("mary").ids == ids


@pytest.mark.rule("O4")
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


@pytest.mark.rule("C4", "O2", "O6", "I8")
def test_the_held_batch_comes_after_the_welcome_and_before_live_traffic(office, tom):
    held = tom.submit("mary")
    mary = office.sign_in("mary")
    live = tom.submit("mary")
    assert [type(effect).__name__ for effect in mary.told][:3] == ["Welcome", "Announce", "Deliver"]
    assert mary.ids == [held, live]
    assert [each.delayed for each in mary.arrived] == [True, False]


@pytest.mark.rule("O9")
def test_a_later_message_may_overtake_one_that_waits_for_more(office, tom):
    mary = office.sign_in("mary", **BUSY)
    first = tom.submit("mary", when=AVAILABLE)
    second = tom.submit("mary")
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [second, first]


# --- the flow window


@pytest.mark.rule("L6")
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


@pytest.mark.rule("L4", "L6")
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


@pytest.mark.rule("M22")
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


@pytest.mark.rule("L7")
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
    decision = reconsidered(facts.Reconsider(handle), office.store.view, office.now)
    assert not any(isinstance(write, Release) for write in decision.writes)
    assert (decision.effects, decision.then) == ((), ())


# --- the next time it becomes true


def edge(*clauses):
    """The condition that all of these become true, the next time."""
    return replace(one_group(*clauses), edge=True)


NEXT_AVAILABLE = replace(AVAILABLE, edge=True)


@pytest.mark.rule("W9")
def test_what_is_true_at_acceptance_waits_for_the_next_time(office, tom):
    mary = office.sign_in("mary", UserAvailability="AVAILABLE")
    id = tom.submit("mary", when=NEXT_AVAILABLE)
    mary.set(StatusText="still available")
    office.after(3600)
    assert office.state(id) is State.HELD
    mary.set(**BUSY)
    assert mary.arrived == []
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [id]
    assert mary.arrived[0].delayed


@pytest.mark.rule("W9")
def test_what_is_false_at_acceptance_goes_the_first_time(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=NEXT_AVAILABLE)
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [id]


@pytest.mark.rule("W9")
@pytest.mark.parametrize("seconds", [0, 10])
def test_offline_is_false_but_a_lost_link_is_not_before_its_grace_is_over(office, tom, seconds):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=replace(WHEN_ONLINE, edge=True))
    mary.lose_link()
    office.after(seconds)
    mary = office.sign_in("mary")
    assert mary.ids == ([id] if seconds else [])


@pytest.mark.rule("W9")
def test_for_somebody_offline_the_next_time_is_when_they_come(office, tom):
    id = tom.submit("mary", when=replace(WHEN_ONLINE, edge=True))
    assert office.sign_in("mary").ids == [id]


@pytest.mark.rule("W9", "S9")
def test_being_unknown_is_not_being_false(office, tom):
    mary = office.sign_in("mary", UserMood="HAPPY")
    id = tom.submit("mary", when=edge(("UserMood", "eq", "HAPPY")))
    mary.allow(Privacy(rules={"UserMood": Rule(Audience.NOBODY)}))
    mary.set(UserMood="SAD")
    mary.set(UserMood="HAPPY")
    mary.allow(Privacy())
    assert office.state(id) is State.HELD
    mary.set(UserMood="SAD")
    mary.set(UserMood="HAPPY")
    assert mary.ids == [id]


@pytest.mark.rule("W9", "W24")
def test_a_window_that_closes_is_a_false_moment_though_nothing_else_happens(office, tom):
    mary = office.sign_in("mary", TimeZone="UTC")  # it is 08:00
    id = tom.submit("mary", when=Condition(window=Window("08:00", "09:00"), edge=True))
    office.after(3600)
    assert office.state(id) is State.HELD
    office.after(23 * 3600 - 0.001)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id], "the next morning"


@pytest.mark.rule("W10")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_after_a_restart_everybody_was_offline_so_the_next_time_is_now(office, tom, way):
    office.sign_in("mary")
    id = tom.submit("mary", when=NEXT_AVAILABLE)
    getattr(office, way)()
    assert office.sign_in("mary").ids == [id]


@pytest.mark.rule("W12")
@pytest.mark.parametrize("lost", ["lose_link", "silence"])
def test_what_has_fired_stays_fired(office, tom, lost):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=NEXT_AVAILABLE)
    mary.set(UserAvailability="AVAILABLE")
    if lost == "silence":
        office.after(SILENCE_SECONDS)
        assert mary.ids == [id, id]
    else:
        mary.lose_link()
        assert office.sign_in("mary").ids == [id], "the level form is true again"


# --- for so long without a break

AVAILABLE_A_MINUTE = replace(AVAILABLE, dwell=60)


@pytest.mark.rule("W16", "W17", "I4")
def test_it_goes_once_it_has_held_so_long_and_the_engine_is_woken_exactly_then(office, tom):
    office.after(5)
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    assert office.store.next_wake(office.now) == 60_000
    office.after(59.999)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]
    assert mary.arrived[0].released_at == office.now.utc_ms


@pytest.mark.rule("W17")
def test_the_time_begins_after_acceptance_however_long_it_was_true_before(office, tom):
    mary = office.sign_in("mary")
    first = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.after(30)
    second = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.after(30)
    assert mary.ids == [first]
    mary.acknowledge(first)
    office.after(30)
    assert mary.ids == [first, second]


@pytest.mark.rule("W17")
def test_the_time_begins_with_its_being_true(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.after(100)
    mary.set(UserAvailability="AVAILABLE")
    office.after(59.999)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]


@pytest.mark.rule("W16", "W18")
@pytest.mark.parametrize("how", ["busy", "sign_out", "grace over", "hidden"])
def test_a_break_lets_it_begin_anew(office, tom, how):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.after(50)
    match how:
        case "busy":
            mary.set(**BUSY)
            mary.set(UserAvailability="AVAILABLE")
        case "sign_out":
            mary.sign_out()
            mary = office.sign_in("mary")
        case "grace over":
            mary.lose_link()
            office.after(10)
            mary = office.sign_in("mary")
        case _:
            mary.allow(Privacy(rules={"UserAvailability": Rule(usable=False)}))
            mary.allow(Privacy())
    office.after(59.999)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]


@pytest.mark.rule("W18", "P16", "P17", "I4")
@pytest.mark.parametrize("back", [0.001, 5, 9.999])
def test_a_lost_link_is_no_break_within_its_grace(office, tom, back):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.after(55)
    mary.lose_link()
    office.after(back)
    mary = office.sign_in("mary")
    assert mary.ids == ([id] if back >= 5 else []), "and nothing went to the lost link"
    office.after(5)
    assert mary.ids == [id]


@pytest.mark.rule("W19")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_a_restart_is_a_break(office, tom, way):
    office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.after(59)
    getattr(office, way)()
    mary = office.sign_in("mary")
    office.after(59.999)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]


@pytest.mark.rule("W17", "T2")
def test_the_time_goes_by_the_monotonic_clock(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.now = facts.Moment(office.now.utc_ms + 3_600_000, office.now.ticks_ms + 59_999)
    office.wake()
    assert office.state(id) is State.HELD
    office.now = facts.Moment(office.now.utc_ms, office.now.ticks_ms + 1)
    office.wake()
    assert mary.ids == [id]


@pytest.mark.rule("W12", "W18", "M22")
def test_a_copy_that_got_lost_goes_again_at_once_where_there_was_no_break(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.after(60)
    mary.lose_link()
    assert office.sign_in("mary").ids == [id]


@pytest.mark.rule("W16", "M22", "I2")
@pytest.mark.parametrize("lost", ["lose_link", "silence"])
def test_a_copy_that_got_lost_waits_anew_where_there_was_a_break(office, tom, lost):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE)
    office.after(60)
    mary.set(**BUSY)
    mary.set(UserAvailability="AVAILABLE")
    again = office.now.ticks_ms + 60_000
    if lost == "lose_link":
        mary.lose_link()
        mary = office.sign_in("mary")
        assert mary.arrived == []
    else:
        office.after(SILENCE_SECONDS)
        assert mary.ids == [id]
    mary.forget()
    office.after((again - office.now.ticks_ms) / 1000 - 0.001)
    assert mary.arrived == []
    office.after(0.001)
    assert mary.ids == [id]


@pytest.mark.rule("W9", "W16")
def test_the_next_time_and_for_so_long(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=replace(AVAILABLE, edge=True, dwell=60))
    assert office.store.next_wake(office.now) == 7 * DAY * 1000, "nothing to wake up for"
    office.after(61)
    mary.set(**BUSY)
    mary.set(UserAvailability="AVAILABLE")
    office.after(59.999)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]


@pytest.mark.rule("W17", "I4")
@pytest.mark.parametrize("order", [(300, 60, 120), (60, 120, 300)])
def test_of_several_times_each_is_woken_for(office, tom, order):
    mary = office.sign_in("mary")
    ids = {seconds: tom.submit("mary", when=replace(AVAILABLE, dwell=seconds)) for seconds in order}
    mary.set(StatusText="still here")
    for seconds, passed in ((60, 60), (120, 60), (300, 180)):
        office.after(passed - 0.001)
        assert office.state(ids[seconds]) is State.HELD
        office.after(0.001)
        mary.acknowledge(ids[seconds])
        assert office.state(ids[seconds]) is State.DELIVERED


def test_a_dwell_that_is_as_long_as_what_is_left_expires(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE_A_MINUTE, valid_for=61)
    office.after(1)
    mary.set(UserAvailability="AVAILABLE")
    office.after(60)
    assert office.state(id) is State.EXPIRED, "at the very instant expiry wins"
    assert mary.arrived == []


@pytest.mark.rule("O7", "O8")
def test_what_is_ripe_at_one_moment_is_one_batch_in_the_order_of_acceptance(office, tom):
    john, mary = office.sign_in("john"), office.sign_in("mary")
    ids = [desk.submit("mary", when=AVAILABLE_A_MINUTE) for desk in (tom, john, tom)]
    plain = tom.submit("mary", when=Condition(not_before=office.now.utc_ms + 60_000))
    office.after(60)
    assert [[each.id for each in batch.deliveries] for batch in mary.batches] == [[*ids, plain]]


# --- not before


@pytest.mark.rule("W20", "W24", "I4")
def test_it_does_not_go_before_its_instant_and_goes_then(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=Condition(not_before=NOON_MS + 5_000))
    assert office.store.next_wake(office.now) == 5_000
    office.after(4.999)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]
    assert mary.arrived[0].delayed


@pytest.mark.rule("W20")
def test_an_instant_that_has_passed_is_no_hindrance(office, tom):
    office.sign_in("mary")
    assert states(tom.try_submit("mary", when=Condition(not_before=NOON_MS))) == [State.RELEASED]


@pytest.mark.rule("W24")
def test_nobody_is_woken_for_whom_nothing_could_go(office, tom):
    tom.submit("mary", when=Condition(not_before=NOON_MS + 5_000), valid_for=3600)
    tom.submit("mary", when=AVAILABLE_A_MINUTE, valid_for=3600)
    assert office.store.next_wake(office.now) == 3_600_000, "mary is not here"
    mary = office.sign_in("mary")
    assert office.store.next_wake(office.now) == 5_000
    mary.sign_out()
    assert office.store.next_wake(office.now) == 3_600_000


@pytest.mark.rule("W24")
@pytest.mark.parametrize("order", [(5, 9), (9, 5)])
def test_a_new_message_brings_the_timer_forward_and_never_back(office, tom, order):
    office.sign_in("mary", **BUSY)
    for seconds in order:
        tom.submit("mary", when=Condition(not_before=NOON_MS + seconds * 1000), valid_for=3600)
        tom.submit("mary", when=replace(WHEN_ONLINE, dwell=seconds + 1), valid_for=3600)
    assert office.store.view.wake("mary") == (NOON_MS + 5_000, office.now.ticks_ms + 6_000)
    tom.submit("mary", when=replace(AVAILABLE, dwell=1), valid_for=3600)
    assert office.store.view.wake("mary")[1] == office.now.ticks_ms + 6_000, "nothing ripens that is not true"


@pytest.mark.rule("L2", "I4", "O7")
def test_a_batch_of_many_pages_is_whole_and_in_order(office, tom):
    desks = [tom, *(office.sign_in(f"person-{n}") for n in range(40))]
    ids = [tom.submit("mary") for _ in range(30)]
    ids += [desk.submit("mary") for desk in desks]
    ids += [tom.submit("mary") for _ in range(30)]
    assert office.sign_in("mary").ids == ids


@pytest.mark.rule("W24", "P16")
def test_an_instant_within_a_grace_releases_to_whoever_is_back(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=Condition(not_before=NOON_MS + 5_000))
    mary.lose_link()
    office.after(6)
    assert office.state(id) is State.HELD
    assert office.sign_in("mary").ids == [id]


# --- a window by the recipient's clock


def utc_ms(text):
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def at(office, text):
    """Let the time be this one, without anything in between."""
    office.asleep((utc_ms(text) - office.now.utc_ms) / 1000)
    office.wake()


MORNING = Window("09:00", "12:00", (1, 2, 3, 4, 5))


@pytest.mark.rule("W21", "W23", "W24", "I4")
def test_it_goes_within_the_window_by_the_clock_on_the_recipients_wall(office, tom):
    at(office, "2027-02-01T05:00:00+00:00")  # a Monday
    mary = office.sign_in("mary", TimeZone="Europe/Helsinki")  # 07:00
    id = tom.submit("mary", when=Condition(window=MORNING))
    assert office.store.next_wake(office.now) == 2 * 3_600_000
    office.after(2 * 3600 - 0.001)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]


@pytest.mark.rule("W21")
@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2027-02-01T09:00:00+00:00", True),
        ("2027-02-01T11:59:59.999+00:00", True),
        ("2027-02-01T12:00:00+00:00", False),
        ("2027-02-06T10:00:00+00:00", False),
    ],
)
def test_from_its_start_until_before_its_end_on_its_days(office, tom, moment, goes):
    at(office, moment)
    office.sign_in("mary", TimeZone="UTC")
    reply = tom.try_submit("mary", when=Condition(window=MORNING))
    assert states(reply) == [State.RELEASED if goes else State.HELD]


@pytest.mark.rule("W21", "W24")
def test_over_the_weekend_it_waits_for_monday(office, tom):
    at(office, "2027-02-05T12:00:00+00:00")  # a Friday
    mary = office.sign_in("mary", TimeZone="UTC")
    tom.submit("mary", when=Condition(window=MORNING))
    office.after(2 * DAY + 21 * 3600 - 0.001)
    assert mary.arrived == []
    office.after(0.001)
    assert len(mary.arrived) == 1


@pytest.mark.rule("W22", "W24")
def test_a_window_over_midnight_belongs_to_the_day_on_which_it_starts(office, tom):
    at(office, "2027-02-01T03:00:00+00:00")  # a Monday, and it is the tail of Sunday's
    mary = office.sign_in("mary", TimeZone="UTC")
    night = Condition(window=Window("22:00", "06:00", (1,)))
    id = tom.submit("mary", when=night)
    office.after(19 * 3600 - 0.001)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]
    mary.acknowledge(id)
    office.after(7.999 * 3600)
    assert states(tom.try_submit("mary", when=night)) == [State.RELEASED], (
        "Tuesday, nearly six in the morning"
    )


@pytest.mark.rule("W23")
def test_without_a_time_zone_the_window_is_unknown(office, tom):
    at(office, "2027-02-01T10:00:00+00:00")
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=Condition(window=MORNING))
    assert office.state(id) is State.HELD
    mary.set(TimeZone="Europe/Helsinki")  # noon is over there
    assert office.state(id) is State.HELD
    mary.set(TimeZone="Europe/London")
    assert mary.ids == [id]


# --- as long as nobody touches a computer

IDLE_TO_ALL = Privacy(rules={"Idle": Rule()})
IDLE_FIVE = one_group(("Idle", "ge", 300))
ACTIVE = one_group(("Idle", "lt", 300))


@pytest.mark.rule("W5", "P10", "I4")
def test_what_grows_by_itself_becomes_true_in_time(office, tom):
    mary = office.sign_in("mary", Idle=60)
    mary.allow(IDLE_TO_ALL)
    version = office.presence("mary").version
    id = tom.submit("mary", when=IDLE_FIVE)
    assert office.store.next_wake(office.now) == 240_000, "woken once, and exactly when it is due"
    office.after(239.999)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert mary.ids == [id]
    assert office.presence("mary").version == version, "without a new version"
    assert office.envelope(id).matched == version


@pytest.mark.rule("W5", "W9", "P10")
def test_what_grows_by_itself_becomes_false_in_time(office, tom):
    mary = office.sign_in("mary", Idle=60)
    mary.allow(IDLE_TO_ALL)
    id = tom.submit("mary", when=replace(ACTIVE, edge=True))
    office.after(1_000)
    assert office.state(id) is State.HELD
    mary.set(Idle=0)
    assert mary.ids == [id], "it was false in between, though nothing had happened"


@pytest.mark.rule("W5", "W16")
def test_so_long_without_input_and_for_so_long(office, tom):
    mary = office.sign_in("mary", Idle=60)
    mary.allow(IDLE_TO_ALL)
    gone = tom.submit("mary", when=replace(IDLE_FIVE, dwell=30))
    late = tom.submit("mary", when=replace(ACTIVE, dwell=300))
    office.after(269.999)
    assert (office.state(gone), office.state(late)) == (State.HELD, State.HELD)
    office.after(0.001)
    assert mary.ids == [gone]
    mary.acknowledge(gone)
    office.after(600)
    assert office.state(late) is State.HELD, "the time was over before it had held so long"


@pytest.mark.rule("P27", "W5")
def test_with_several_sessions_one_is_idle_only_while_all_are(office, tom):
    desk, laptop = office.sign_in("mary", Idle=600), office.sign_in("mary")
    desk.allow(IDLE_TO_ALL)
    id = tom.submit("mary", when=IDLE_FIVE)
    assert office.state(id) is State.HELD, "somebody is at the laptop"
    laptop.set(Idle=120)
    assert office.store.next_wake(office.now) == 180_000, "the least idle of them"
    office.after(100)
    laptop.sign_out()
    assert desk.ids == [id], "and now the desk alone counts"


# --- in the order in which they were written


@pytest.mark.rule("O10", "O12", "I8")
def test_it_waits_behind_the_last_of_its_sender(office, tom):
    mary = office.sign_in("mary", **BUSY)
    head = tom.submit("mary", when=AVAILABLE)
    second = tom.submit("mary", keep_order=True)
    free = tom.submit("mary")
    assert mary.ids == [free]
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [free, head]
    office.after(5)
    assert office.state(second) is State.HELD, "released is not arrived"
    mary.acknowledge(head)
    assert mary.ids == [free, head, second]
    assert mary.arrived[-1].delayed


@pytest.mark.rule("O10")
def test_where_nothing_is_ahead_it_is_like_any_other(office, tom):
    john, mary = office.sign_in("john"), office.sign_in("mary", **BUSY)
    john.submit("mary", when=AVAILABLE)
    tom.submit("mary", "john", when=AVAILABLE)
    mary.submit("tom", when=one_group(("UserMood", "eq", "SAD")))
    assert states(tom.try_submit("mary", keep_order=True)) == [State.RELEASED], "of others, or for others"


@pytest.mark.rule("O12")
@pytest.mark.parametrize("end", ["expired", "withdrawn", "delivered", "edited away"])
def test_the_end_of_the_one_in_front_frees_the_next(office, tom, end):
    mary = office.sign_in("mary", **BUSY)
    head = tom.submit("mary", when=AVAILABLE, valid_for=60)
    next_one = tom.submit("mary", keep_order=True)
    match end:
        case "expired":
            office.after(60)
        case "withdrawn":
            tom.withdraw(head)
        case "edited away":
            tom.edit(head, when=WHEN_ONLINE)
            mary.acknowledge(head)
        case _:
            mary.set(UserAvailability="AVAILABLE")
            mary.acknowledge(head)
    assert mary.ids[-1:] == [next_one]


@pytest.mark.rule("O12")
def test_its_own_condition_still_counts(office, tom):
    mary = office.sign_in("mary", **BUSY)
    head = tom.submit("mary", when=PRESETS["not angry"])
    assert mary.ids == [head]
    next_one = tom.submit("mary", when=AVAILABLE, keep_order=True)
    mary.acknowledge(head)
    assert office.state(next_one) is State.HELD
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [head, next_one]


@pytest.mark.rule("O12")
def test_several_recipients_are_freed_independently(office, tom):
    mary, john = office.sign_in("mary"), office.sign_in("john", **BUSY)
    head = tom.submit("mary", "john", when=AVAILABLE)
    next_one = tom.submit("john", "mary", keep_order=True)
    mary.acknowledge(head)
    assert (mary.ids, john.ids) == ([head, next_one], [])
    john.set(UserAvailability="AVAILABLE")
    assert john.ids == [head]
    john.acknowledge(head)
    assert john.ids == [head, next_one]


@pytest.mark.rule("O10", "O11", "I8")
def test_a_whole_chain_arrives_one_behind_the_other(office, tom):
    ids = [tom.submit("mary", keep_order=True) for _ in range(20)]
    mary = office.sign_in("mary")
    for count in range(1, 21):
        assert mary.ids == ids[:count]
        mary.acknowledge(ids[count - 1])
    assert [each.sequence for each in mary.arrived] == list(range(1, 21))


@pytest.mark.rule("O10")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_a_chain_outlives_a_restart(office, tom, way):
    head = tom.submit("mary", when=AVAILABLE)
    next_one = tom.submit("mary", keep_order=True)
    getattr(office, way)()
    mary = office.sign_in("mary", **BUSY)
    assert mary.arrived == []
    mary.set(UserAvailability="AVAILABLE")
    mary.acknowledge(head)
    assert mary.ids == [head, next_one], "one that was made behind it before the restart, too"


@pytest.mark.rule("O12")
def test_one_in_front_that_is_forgotten_is_no_hindrance(office, tom):
    head = tom.submit("mary", when=AVAILABLE, valid_for=60)
    next_one = tom.submit("mary", keep_order=True, valid_for=30 * DAY)
    tom.withdraw(head)
    office.asleep(29 * DAY)
    tom.edit(next_one, valid_for=30 * DAY)
    office.asleep(2 * DAY)
    office.store.housekeep(office.now)
    assert office.store.view.envelopes(head) == ()
    assert office.store.view.head(office.envelope(next_one)) == ""
    assert tom.why(next_one).standings[0].behind == ""
    assert office.sign_in("mary").ids == [next_one]


# --- told when


HAPPY = one_group(("UserMood", "eq", "HAPPY"))


def alert(tom, **rest):
    return tom.submit("mary", body=b"", alert=True, **{"when": HAPPY} | rest)


@pytest.mark.rule("R1", "R2", "R3")
def test_an_alert_is_told_once_to_whoever_asked_and_to_nobody_else(office, tom):
    john, mary = office.sign_in("john"), office.sign_in("mary")
    id = alert(tom)
    for desk in (mary, john, tom):
        desk.forget()
    mary.set(UserMood="HAPPY")
    assert tom.heard == [(id, State.DELIVERED)]
    mary.set(UserMood="SAD")
    mary.set(UserMood="HAPPY")
    office.after(3600)
    assert len(tom.news) == 1
    assert mary.batches == mary.news == john.news == john.batches == []
    assert id not in repr(mary.told) + repr(john.told)


@pytest.mark.rule("R1")
def test_an_alert_that_is_true_now_is_told_now(office, tom):
    office.sign_in("mary", UserMood="HAPPY")
    assert states(tom.try_submit("mary", body=b"", alert=True, when=HAPPY)) == [State.DELIVERED]
    assert states(tom.try_submit("john", body=b"", alert=True)) == [State.HELD]


@pytest.mark.rule("R2", "R3", "N2")
@pytest.mark.parametrize("way", ["restart", "crash", "sign_out"])
def test_an_alert_is_told_to_whoever_was_away(office, tom, way):
    id = alert(tom)
    getattr(tom if way == "sign_out" else office, way)()
    office.sign_in("mary", UserMood="HAPPY")
    assert office.sign_in("tom").heard == [(id, State.DELIVERED)]


@pytest.mark.rule("R1")
def test_an_alert_takes_the_same_conditions(office, tom):
    mary = office.sign_in("mary", UserMood="HAPPY")
    next_time = alert(tom, when=replace(HAPPY, edge=True))
    long = alert(tom, when=replace(HAPPY, dwell=60))
    later = alert(tom, when=Condition(not_before=NOON_MS + 30_000))
    tom.forget()
    office.after(30)
    assert tom.heard == [(later, State.DELIVERED)]
    office.after(30)
    assert tom.heard == [(later, State.DELIVERED), (long, State.DELIVERED)]
    mary.set(UserMood="SAD")
    mary.set(UserMood="HAPPY")
    assert tom.heard[2:] == [(next_time, State.DELIVERED)]


@pytest.mark.rule("R5", "S3")
def test_an_alert_waits_while_its_sender_may_not_see_who_is_online(office, tom):
    mary = office.sign_in("mary")
    id = alert(tom, when=replace(HAPPY, dwell=60))
    plain = alert(tom)
    mary.set(UserMood="HAPPY")
    assert office.state(plain) is State.DELIVERED
    other = alert(tom, when=one_group(("UserMood", "eq", "SAD")))
    mary.allow(Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)}))
    office.after(30)
    mary.set(UserMood="SAD")
    mary.set(UserMood="HAPPY")
    office.after(600)
    assert (office.state(id), office.state(other)) == (State.HELD, State.HELD)
    mary.allow(Privacy())
    assert office.state(id) is State.HELD, "what was not seen does not count"
    office.after(59.999)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert office.state(id) is State.DELIVERED


@pytest.mark.rule("R5")
def test_an_edit_does_not_tell_an_alert_that_may_not_be_told(office, tom):
    mary = office.sign_in("mary", UserMood="SAD")
    id = alert(tom, when=replace(HAPPY, dwell=60))
    mary.allow(Privacy(rules={"OnlineStatus": Rule(usable=False)}))
    mary.set(UserMood="HAPPY")
    tom.edit(id, valid_for=600)
    office.after(100)
    assert office.state(id) is State.HELD


@pytest.mark.rule("M10", "N4")
def test_an_alert_expires_like_a_message(office, tom):
    id = alert(tom, valid_for=60)
    office.after(60)
    assert tom.heard == [(id, State.EXPIRED)]
    office.sign_in("mary", UserMood="HAPPY")
    assert tom.heard == [(id, State.EXPIRED)]


@pytest.mark.rule("I4", "I6", "L6")
def test_many_alerts_and_one_message_are_all_served(office, tom):
    office.restart(held_per_pair_max=1_000)
    tom = office.sign_in("tom")
    ids = [alert(tom) for _ in range(300)]
    message = tom.submit("mary", when=HAPPY)
    mary = office.sign_in("mary", UserMood="HAPPY")
    assert {office.state(id) for id in ids} == {State.DELIVERED}
    assert mary.ids == [message]
    assert [id for id, state in tom.heard if state is State.DELIVERED] == ids


@pytest.mark.rule("I4", "R2")
@pytest.mark.parametrize("dwell", [0, 60])
def test_an_alert_does_not_wait_for_somebody_to_read_what_is_ahead_of_it(office, tom, dwell):
    """It takes no room on the way to anybody."""
    office.restart(unacknowledged_max=2)
    tom = office.sign_in("tom")
    when = replace(HAPPY, dwell=dwell)
    ids = [tom.submit("mary", when=when) for _ in range(5)]
    told = [alert(tom, when=when) for _ in range(7)]
    mary = office.sign_in("mary", UserMood="HAPPY")
    office.after(dwell)
    assert mary.ids == ids[:2]
    assert {office.state(id) for id in told} == {State.DELIVERED}
    assert drained(mary) == ids


# --- one batch over several windows


@pytest.mark.rule("O7", "O8", "L6")
def test_one_batch_goes_on_under_its_number_as_acknowledgements_come(office, tom):
    office.restart(unacknowledged_max=4)
    tom = office.sign_in("tom")
    ids = [tom.submit("mary") for _ in range(11)]
    mary = office.sign_in("mary")
    assert drained(mary, take=2) == ids
    numbers = [(batch.batch, batch.more) for batch in mary.batches]
    assert {number for number, _ in numbers} == {1}
    assert [more for _, more in numbers] == [True] * (len(numbers) - 1) + [False]
    live = tom.submit("mary")
    assert mary.ids[-1] == live
    assert (mary.batches[-1].batch, mary.batches[-1].more) == (12, False), "the next is another"


@pytest.mark.rule("O8")
def test_what_is_written_meanwhile_joins_the_batch_it_has_to_wait_with(office, tom):
    office.restart(unacknowledged_max=2)
    tom = office.sign_in("tom")
    ids = [tom.submit("mary") for _ in range(3)]
    mary = office.sign_in("mary")
    ids.append(tom.submit("mary"))
    assert drained(mary) == ids
    assert {batch.batch for batch in mary.batches} == {1}
    assert [batch.more for batch in mary.batches] == [True, True, False]


def test_batches_of_one_recipient_have_different_numbers(office, tom):
    mary = office.sign_in("mary", **BUSY)
    for _ in range(3):
        tom.submit("mary")
        tom.submit("mary", when=AVAILABLE)
        mary.set(UserAvailability="AVAILABLE")
        mary.set(**BUSY)
    numbers = [batch.batch for batch in mary.batches]
    assert numbers == sorted(set(numbers))


# --- what is kept of the match


@pytest.mark.rule("W31", "W30")
@pytest.mark.parametrize("way", ["restart", "crash", "lose_link"])
def test_the_version_that_matched_is_kept_with_the_message(office, tom, way):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    assert office.envelope(id).matched == 0
    mary.set(UserMood="SAD")
    mary.set(UserAvailability="AVAILABLE")
    matched = office.presence("mary").version
    assert office.envelope(id).matched == matched
    getattr(mary if way == "lose_link" else office, way)()
    assert (office.state(id), office.envelope(id).matched) == (State.HELD, matched)
    office.sign_in("tom").edit(id, valid_for=600)
    mary = office.sign_in("mary", **BUSY)
    mary.acknowledge(id)
    mary.mark_read(id)
    assert (office.state(id), office.envelope(id).matched) == (State.READ, matched)


# --- privacy, when something may go


@pytest.mark.rule("S2", "S3", "S9", "W14")
@pytest.mark.parametrize(
    "rule", [Rule(Audience.NOBODY), Rule(usable=False), Rule(Audience.CHOSEN, ("john",))], ids=repr
)
def test_a_permission_that_is_taken_away_makes_it_wait_silently(office, tom, rule):
    mary = office.sign_in("mary", UserMood="ANGRY")
    id = tom.submit("mary", when=PRESETS["not angry"], valid_for=600)
    back = tom.submit("mary", when=PRESETS["not angry"])
    tom.forget()
    mary.allow(Privacy(rules={"UserMood": rule}))
    mary.set(UserMood="HAPPY")
    office.after(600)
    assert mary.arrived == []
    assert tom.heard == [(id, State.EXPIRED)]
    mary.allow(Privacy())
    assert mary.ids == [back]


@pytest.mark.rule("S7", "W7")
def test_the_silent_clause_goes_by_the_truth(office, tom):
    mary = office.sign_in("mary")
    mary.allow(Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)}))
    id = tom.submit("mary")
    assert mary.ids == [id]
    written = one_group(("OnlineStatus", "eq", True), ("UserMood", "eq", "NONE"))
    assert code(tom.try_submit("mary", when=written)) == "not_offered"


@pytest.mark.rule("S5", "S4")
def test_chosen_people_may_and_others_may_not(office, tom):
    john, mary = office.sign_in("john"), office.sign_in("mary", UserMood="ANGRY")
    ids = [desk.submit("mary", when=PRESETS["not angry"]) for desk in (tom, john)]
    mary.allow(Privacy(rules={"UserMood": Rule(Audience.CHOSEN, ("john",))}))
    mary.set(UserMood="NONE")
    assert mary.ids == ids[1:]
