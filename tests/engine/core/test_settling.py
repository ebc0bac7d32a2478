"""What arrived, what did not, and what has waited its validity out."""

import pytest
from msgspec.structs import replace

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, one_group
from tact_engine.core.envelope import Otherwise, State, Submission, weight_of
from tact_engine.core.privacy import Privacy
from tact_engine.core.settling import ended, held_again
from tact_engine.core.view import Decision
from tests.support.heart import DAY, NOON_MS, code, states

AVAILABLE = PRESETS["available"]
BUSY = {"UserAvailability": "NOT_AVAILABLE"}
SILENCE_SECONDS = 10


@pytest.fixture
def tom(office):
    office.away("mary", "john", "ann")
    return office.sign_in("tom")


# --- expiry


@pytest.mark.rule("C1", "C3", "V4")
def test_it_waits_until_its_last_millisecond(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.after(59.999)
    assert office.state(id) is State.HELD
    assert office.sign_in("mary").ids == [id]


@pytest.mark.rule("V4", "I3")
def test_at_the_same_instant_expiry_wins(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.asleep(60)
    mary = office.sign_in("mary")
    assert mary.arrived == [], "nobody woke the engine, and still it may not go"
    office.wake()
    assert office.state(id) is State.EXPIRED
    assert mary.arrived == []


@pytest.mark.rule("U7", "V4", "I3")
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


@pytest.mark.rule("M10", "N1", "I6")
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


@pytest.mark.rule("V4")
def test_what_got_lost_after_its_validity_expires_and_does_not_leave_again(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.after(55)
    mary = office.sign_in("mary")
    office.after(SILENCE_SECONDS)
    assert mary.ids == [id]
    assert office.state(id) is State.EXPIRED
    assert tom.heard[-1] == (id, State.EXPIRED)


@pytest.mark.rule("M10")
def test_many_expire_in_several_sweeps(office, tom):
    office.restart(sweep_max=3)
    tom = office.sign_in("tom")
    ids = [tom.submit("mary", valid_for=60 + turn // 4) for turn in range(10)]
    office.after(62)
    assert [office.state(id) for id in ids] == [State.EXPIRED] * 10
    assert tom.heard == [(id, State.EXPIRED) for id in ids]


@pytest.mark.rule("M10", "I3")
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


@pytest.mark.rule("T3")
def test_a_clock_that_jumps_back_resurrects_nothing(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.after(60)
    office.now = facts.Moment(NOON_MS, office.now.ticks_ms)
    assert office.sign_in("mary").arrived == []
    assert office.state(id) is State.EXPIRED


@pytest.mark.rule("T2")
def test_expiry_goes_by_utc_and_not_by_the_monotonic_clock(office, tom):
    id = tom.submit("mary", valid_for=60)
    office.now = facts.Moment(office.now.utc_ms + 59_999, office.now.ticks_ms + DAY * 1000)
    office.wake()
    assert office.state(id) is State.HELD
    office.now = facts.Moment(office.now.utc_ms + 1, office.now.ticks_ms)
    office.wake()
    assert office.state(id) is State.EXPIRED


# --- acknowledgements


@pytest.mark.rule("M13", "N1", "N3")
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


@pytest.mark.rule("M14")
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


@pytest.mark.rule("M14", "T2")
def test_the_silence_goes_by_the_monotonic_clock(office, tom):
    mary = office.sign_in("mary")
    tom.submit("mary")
    office.now = facts.Moment(office.now.utc_ms + 3_600_000, office.now.ticks_ms + 9_999)
    office.wake()
    assert len(mary.arrived) == 1
    office.now = facts.Moment(office.now.utc_ms, office.now.ticks_ms + 1)
    office.wake()
    assert len(mary.arrived) == 2


@pytest.mark.rule("M14")
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


@pytest.mark.rule("M22", "I2")
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


@pytest.mark.rule("M14", "O1")
def test_what_was_live_once_is_delayed_the_second_time(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    mary.lose_link()
    again = office.sign_in("mary")
    assert [(each.id, each.delayed) for each in mary.arrived + again.arrived] == [(id, False), (id, True)]
    assert tom.heard == [(id, State.HELD), (id, State.RELEASED)]


@pytest.mark.rule("M16")
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


@pytest.mark.rule("M16")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_a_late_acknowledgement_is_believed_after_a_restart(office, tom, way):
    office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE)
    getattr(office, way)()
    mary = office.sign_in("mary", **BUSY)
    mary.acknowledge(id)
    assert (office.state(id), mary.arrived) == (State.DELIVERED, [])


@pytest.mark.rule("M16")
def test_an_acknowledgement_of_what_never_left_is_nothing(office, tom):
    mary = office.sign_in("mary", **BUSY)
    waiting, expiring = tom.submit("mary", when=AVAILABLE), tom.submit("mary", when=AVAILABLE, valid_for=60)
    mary.acknowledge(waiting, expiring)
    office.after(60)
    mary.acknowledge(expiring)
    assert (office.state(waiting), office.state(expiring)) == (State.HELD, State.EXPIRED)


@pytest.mark.rule("M17", "M25")
def test_an_acknowledgement_of_what_was_withdrawn_is_believed_where_a_copy_had_left(office, tom):
    mary = office.sign_in("mary")
    gone, kept = tom.submit("mary"), tom.submit("mary", when=PRESETS["not angry"])
    mary.lose_link()
    mary = office.sign_in("mary", UserMood="ANGRY")
    never = tom.submit("mary", when=PRESETS["not angry"])
    for id in (kept, never):
        tom.withdraw(id)
    mary.acknowledge(kept, never)
    assert (office.state(kept), office.state(never)) == (State.DELIVERED, State.WITHDRAWN)
    assert tom.heard[-1] == (kept, State.DELIVERED), "what its sender was told is corrected"
    assert office.state(gone) is State.RELEASED
    assert states(tom.withdraw(never)) == [State.WITHDRAWN]


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


@pytest.mark.rule("M18", "N1")
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


@pytest.mark.rule("M18")
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


# --- what becomes of it at the end of its validity

HAPPY = one_group(("UserMood", "eq", "HAPPY"))


def later(tom, *to, valid_for=60, when=HAPPY, **rest):
    return tom.submit(*(to or ("mary",)), when=when, valid_for=valid_for, otherwise=Otherwise.DELIVER, **rest)


@pytest.mark.rule("M10", "M11", "N4")
@pytest.mark.parametrize("otherwise", [Otherwise.EXPIRE, Otherwise.DRAFTS])
def test_it_expires_and_no_clause_is_named(office, tom, otherwise):
    id = tom.submit("mary", when=HAPPY, valid_for=60, otherwise=otherwise)
    office.after(60)
    assert tom.heard == [(id, State.EXPIRED)]
    assert "UserMood" not in repr(tom.news)
    assert office.sign_in("mary", UserMood="HAPPY").arrived == []


@pytest.mark.rule("M12", "N1", "O1")
def test_a_second_life_has_no_condition_and_the_same_validity_once_more(office, tom):
    mary = office.sign_in("mary")
    there, away = later(tom), later(tom, "john")
    office.after(59.999)
    assert mary.arrived == []
    office.after(0.001)
    assert mary.ids == [there], "when next online is now"
    assert mary.arrived[0].delayed
    mary.acknowledge(there)
    envelope = office.envelope(away)
    assert (envelope.condition, envelope.revision, envelope.second) == (WHEN_ONLINE, 2, True)
    assert envelope.expires_at == NOON_MS + 120_000
    told = [(each.id, each.state, each.second) for each in tom.news]
    assert told == [
        (there, State.HELD, True),
        (there, State.RELEASED, True),
        (away, State.HELD, True),
        (there, State.DELIVERED, True),
    ]
    office.after(60)
    assert tom.heard[-1] == (away, State.EXPIRED)
    assert office.state(away) is State.EXPIRED, "once only"


@pytest.mark.rule("M12")
@pytest.mark.parametrize(("days", "more"), [(1, 1), (7, 7), (8, 7), (30, 7)])
def test_the_second_life_lasts_seven_days_at_most(office, tom, days, more):
    id = later(tom, valid_for=days * DAY)
    office.after(days * DAY)
    assert office.envelope(id).expires_at == office.now.utc_ms + more * DAY * 1000
    office.after(more * DAY - 0.001)
    assert office.state(id) is State.HELD
    office.after(0.001)
    assert office.state(id) is State.EXPIRED


@pytest.mark.rule("M12")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_a_second_life_outlives_a_restart_and_is_no_third(office, tom, way):
    id = later(tom)
    office.after(60)
    getattr(office, way)()
    assert office.envelope(id).second
    office.after(60)
    assert office.state(id) is State.EXPIRED


@pytest.mark.rule("M12", "M7")
def test_an_edit_in_the_second_life(office, tom):
    mary = office.sign_in("mary", UserMood="SAD")
    mary.sign_out()
    text, anew = later(tom), later(tom)
    office.after(60)
    assert tom.edit(text, 2, body=b"new").receipts[0].second
    assert not tom.edit(anew, 2, when=HAPPY, valid_for=60).receipts[0].second
    mary = office.sign_in("mary", UserMood="SAD")
    assert [each.body for each in mary.arrived] == [b"new"]
    office.after(60)
    assert office.envelope(anew).second, "with a condition of its own it has an end of its own"
    assert mary.ids[-1] == anew


@pytest.mark.rule("M12", "M16")
def test_a_second_life_of_several_of_whom_one_has_it_on_the_way(office, tom):
    mary = office.sign_in("mary", UserMood="HAPPY")
    id = later(tom, "mary", "john")
    mary.acknowledge(id)
    on_its_way = later(tom, "mary", "john", "ann")
    office.after(55)
    mary.set(UserMood="SAD")
    mary.lose_link()
    mary = office.sign_in("mary", UserMood="HAPPY")
    assert mary.ids == [on_its_way]
    office.after(5)
    assert [each.state for each in office.store.view.envelopes(id)] == [State.DELIVERED, State.HELD]
    ends = [(each.state, each.revision, each.second) for each in office.store.view.envelopes(on_its_way)]
    assert ends == [(State.RELEASED, 2, True), (State.HELD, 2, True), (State.HELD, 2, True)]
    assert office.sign_in("john").ids == [id, on_its_way]
    mary.acknowledge(on_its_way)
    assert tom.news[-1].revision == 1, "what arrived is the first one"
    office.after(60)
    assert [office.state(on_its_way, who) for who in ("mary", "ann")] == [State.DELIVERED, State.EXPIRED]


@pytest.mark.rule("M12", "M8")
def test_a_second_life_waits_for_the_editor(office, tom):
    mary = office.sign_in("mary")
    id = later(tom, valid_for=660)
    office.after(300)
    tom.pause(id)
    office.after(360)
    assert (office.envelope(id).second, mary.arrived) == (True, [])
    tom.resume(id)
    assert mary.ids == [id]


@pytest.mark.rule("M12", "O10")
def test_a_second_life_keeps_its_place_in_the_order(office, tom):
    mary = office.sign_in("mary")
    head = tom.submit("mary", when=HAPPY, valid_for=120)
    id = later(tom, keep_order=True)
    office.after(60)
    assert (office.envelope(id).second, mary.arrived) == (True, [])
    office.after(59.999)
    assert mary.arrived == []
    mary.set(UserMood="HAPPY")
    assert mary.ids == [head]


@pytest.mark.rule("M12", "S13")
def test_a_second_life_of_what_a_blocked_person_sent_ends_as_well(office, tom):
    mary = office.sign_in("mary")
    mary.allow(Privacy(blocked=("tom",)))
    id = later(tom)
    office.after(120)
    assert [(each.state, each.second) for each in tom.news] == [(State.HELD, True), (State.EXPIRED, True)]
    assert (office.state(id), mary.arrived) == (State.EXPIRED, [])


# --- which revision arrived


@pytest.mark.rule("M25", "M16")
def test_a_late_acknowledgement_is_about_the_revision_that_was_received(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE, body="old")
    mary.lose_link()
    mary = office.sign_in("mary", **BUSY)
    tom.edit(id, body=b"new")
    mary.acknowledge(id, revision=1)
    (receipt,) = tom.news[-1:]
    assert (receipt.state, receipt.revision) == (State.DELIVERED, 1)
    assert office.envelope(id).revision == 1
    assert code(tom.edit(id, 2, body=b"newer")) == "already_ended"


@pytest.mark.rule("M25", "I7")
def test_what_was_answered_is_answered_again_though_an_earlier_revision_arrived(office, tom):
    first = Submission("m1", ("mary",), b"old", when=AVAILABLE)
    mary = office.sign_in("mary")
    tom.submit_as(first)
    mary.lose_link()
    mary = office.sign_in("mary", **BUSY)
    tom.edit("m1", body=b"new", when=PRESETS["not angry"])
    mary.acknowledge("m1", revision=1)
    assert states(tom.submit_as(first)) == [State.DELIVERED]
    assert states(tom.edit("m1", body=b"new", when=PRESETS["not angry"])) == [State.DELIVERED]
    assert code(tom.edit("m1", 2, body=b"newer")) == "already_ended"


@pytest.mark.rule("I7")
def test_an_edit_that_came_too_late_is_not_taken_for_the_second_life_that_came_first(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE, valid_for=60, otherwise=Otherwise.DELIVER, body="old")
    office.after(60)
    mary.acknowledge(id)
    assert code(tom.edit(id, 1, body=b"new", when=WHEN_ONLINE)) == "already_ended"


@pytest.mark.rule("M25")
@pytest.mark.parametrize("revision", [0, -1, 3, 10**30])
def test_an_acknowledgement_of_a_revision_that_never_was_is_of_the_present_one(office, tom, revision):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    tom.edit(id, when=WHEN_ONLINE)
    mary.acknowledge(id, revision=revision)
    assert (office.state(id), office.envelope(id).revision) == (State.DELIVERED, 2)


@pytest.mark.rule("M17", "M25")
def test_what_was_withdrawn_and_edited_before_arrived_in_its_first_revision(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE)
    mary.lose_link()
    mary = office.sign_in("mary", **BUSY)
    tom.edit(id, body=b"new")
    tom.withdraw(id)
    mary.acknowledge(id, revision=1)
    assert (tom.news[-1].state, tom.news[-1].revision) == (State.DELIVERED, 1)
    mary.mark_read(id)
    assert (tom.news[-1].state, tom.news[-1].revision) == (State.READ, 1)


@pytest.mark.rule("R3")
def test_a_recipient_cannot_acknowledge_or_read_an_alert(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", body=b"", alert=True, when=HAPPY)
    mary.acknowledge(id)
    mary.mark_read(id)
    assert office.state(id) is State.HELD
    mary.set(UserMood="HAPPY")
    mary.mark_read(id)
    assert office.state(id) is State.DELIVERED


@pytest.mark.rule("S13")
def test_whom_one_blocks_does_not_learn_that_one_has_read(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    mary.acknowledge(id)
    mary.allow(Privacy(blocked=("tom",)))
    mary.mark_read(id)
    assert (office.state(id), tom.heard) == (State.DELIVERED, [(id, State.DELIVERED)])
    mary.allow(Privacy())
    mary.mark_read(id)
    assert tom.heard[-1] == (id, State.READ)


# --- room for what follows


@pytest.mark.rule("L6")
@pytest.mark.parametrize(("most", "first"), [(2, 1), (4, 2), (5, 3)])
def test_more_follows_when_half_of_what_may_be_on_its_way_has_arrived(office, tom, most, first):
    office.restart(unacknowledged_max=most)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    ids = [tom.submit("mary") for _ in range(9)]
    for id in ids[: first - 1]:
        mary.acknowledge(id)
        assert mary.ids == ids[:most]
    mary.acknowledge(ids[first - 1])
    assert mary.ids == ids[: most + first]


@pytest.mark.rule("L6")
def test_more_follows_when_half_of_the_bytes_have_arrived(office, tom):
    room = 4 * weight_of(b"x" * 500, ("tom", "mary"))
    office.restart(unacknowledged_bytes_max=room)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    ids = [tom.submit("mary", body="x" * 500) for _ in range(9)]
    mary.acknowledge(ids[0])
    assert mary.ids == ids[:4]
    mary.acknowledge(ids[1])
    assert mary.ids == ids[:6]


def test_a_session_that_is_none_settles_nothing(office, tom):
    office.sign_in("mary")
    id = tom.submit("mary")
    assert office.feed(facts.Acknowledged(999, {id: 1}), facts.MarkedRead(999, (id,))) == []
    assert office.state(id) is State.RELEASED


def test_nothing_lost_is_nothing_told(office):
    assert held_again((), office.store.view, office.now) == Decision()


@pytest.mark.rule("O12")
@pytest.mark.parametrize("state", [State.DELIVERED, State.EXPIRED, State.FAILED, State.READ])
def test_every_end_frees_what_waits_behind_it_and_only_once(office, tom, state):
    head, free = tom.submit("mary", "john"), tom.submit("mary", "john", keep_order=True)
    others = [tom.submit("mary", keep_order=True) for _ in range(2)]
    envelope = office.envelope(head, "mary")
    decision = ended([envelope], state, office.store.view, office.now)
    assert decision.then == (facts.Consider(free, "mary", fresh=False),)
    over = replace(envelope, state=State.EXPIRED)
    assert ended([over], state, office.store.view, office.now).then == ()
    assert tom.why(others[1]).standings[0].behind == others[0]


# --- freed or let go after the end, before anybody woke the engine

LATE = pytest.mark.parametrize("late", [0, 0.001, 3600])


@pytest.mark.rule("V4", "I3")
@LATE
def test_what_is_freed_after_its_end_does_not_go(office, late):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    first = tom.submit("mary", keep_order=True)
    second = tom.submit("mary", keep_order=True, valid_for=60)
    office.asleep(60 + late)
    mary.acknowledge(first)
    assert mary.ids == [first]
    office.wake()
    assert office.state(second) is State.EXPIRED


@pytest.mark.rule("V4", "I3")
@LATE
def test_what_leaves_its_editor_after_its_end_does_not_go(office, late):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    mary.sign_out()
    id = tom.submit("mary", valid_for=60)
    tom.pause(id)
    mary = office.sign_in("mary")
    office.asleep(60 + late)
    tom.sign_out()
    assert mary.arrived == []
    office.wake()
    assert office.state(id) is State.EXPIRED
