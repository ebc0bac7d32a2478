"""What waits is changed, sent now, taken back, or kept while it is edited."""

import pytest
from msgspec.structs import replace

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, one_group
from tact_engine.core.effects import Answer
from tact_engine.core.envelope import Otherwise, State, weight_of
from tact_engine.core.privacy import Audience, Privacy, Rule
from tests.support.heart import DAY, NOON_MS, code, states

AVAILABLE = PRESETS["available"]
BUSY = {"UserAvailability": "NOT_AVAILABLE"}


@pytest.fixture
def tom(office):
    office.away("mary", "john", "ann")
    return office.sign_in("tom")


# --- changing


@pytest.mark.rule("M7")
def test_an_edit_changes_what_it_names_and_nothing_else(office, tom):
    id = tom.submit("mary", body="old", when=AVAILABLE, valid_for=3600)
    office.asleep(100)
    before = office.envelope(id)
    (receipt,) = tom.edit(id, body=b"newer").receipts
    weight = weight_of(b"newer", ("tom", "mary"))
    assert (receipt.state, receipt.revision, receipt.since) == (State.HELD, 2, NOON_MS)
    assert office.envelope(id) == replace(before, revision=2, latest=2, edited=True, weight=weight)
    tom.edit(id, 2, when=PRESETS["not angry"])
    assert office.envelope(id) == replace(
        before, revision=3, latest=3, edited=True, weight=weight, condition=PRESETS["not angry"]
    )
    tom.edit(id, 3, valid_for=60)
    changed = office.envelope(id)
    assert (changed.revision, changed.expires_at) == (4, office.now.utc_ms + 60_000)
    assert changed.accepted_at == NOON_MS
    (delivery,) = office.sign_in("mary").arrived
    assert (delivery.body, delivery.written_at) == (b"newer", NOON_MS)


def test_an_edit_of_nothing_is_a_revision(office, tom):
    id = tom.submit("mary")
    assert tom.edit(id).receipts[0].revision == 2


@pytest.mark.rule("M7")
@pytest.mark.parametrize("revision", [0, 2, -1, 10**30])
def test_an_edit_of_another_revision_is_refused(office, tom, revision):
    id = tom.submit("mary", body="old")
    reply = tom.edit(id, revision, body=b"new")
    assert code(reply) == "revision_mismatch"
    assert "revision 1" in reply.refused.text
    assert office.envelope(id).revision == 1
    assert [each.body for each in office.sign_in("mary").arrived] == [b"old"]


@pytest.mark.rule("M7", "I7")
def test_of_two_edits_of_one_revision_the_second_is_refused(office, tom):
    id, laptop = tom.submit("mary"), office.sign_in("tom")
    assert states(tom.edit(id, 1, body=b"one")) == [State.HELD]
    assert code(laptop.edit(id, 1, body=b"two")) == "revision_mismatch"
    assert [each.body for each in office.sign_in("mary").arrived] == [b"one"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"body": b""}, "body_empty"),
        ({"body": b"x" * (16 * 1024 + 1)}, "body_too_large"),
        ({"valid_for": 59}, "validity_out_of_range"),
        ({"valid_for": 30 * DAY + 1}, "validity_out_of_range"),
        ({"when": one_group(("Weather", "eq", "fog"))}, "condition_unknown"),
        ({"when": one_group(("OnlineStatus", "ne", True))}, "condition_impossible"),
        ({"when": replace(AVAILABLE, v=2)}, "condition_unsupported"),
        ({"when": replace(AVAILABLE, dwell=60), "valid_for": 60}, "dwell_too_long"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_edit_is_refused_whole(office, tom, change, why):
    id = tom.submit("mary", body="old", when=AVAILABLE)
    before = office.envelope(id)
    assert code(tom.edit(id, **{"body": b"new"} | change)) == why
    assert office.envelope(id) == before
    assert [each.body for each in office.sign_in("mary").arrived] == [b"old"]


@pytest.mark.rule("L8", "L5")
def test_while_the_disk_is_almost_full_a_message_gets_no_new_text(office, tom):
    first, second = tom.submit("mary", body="old", when=AVAILABLE), tom.submit("mary", when=AVAILABLE)
    tom.edit(first, body=b"newer")
    office.store.reserve.free_min_bytes = 2**60
    assert code(tom.edit(first, 2, body=b"newest")) == "disk_low"
    assert states(tom.edit(first, body=b"newer")) == [State.HELD], "the edit from before, again"
    assert states(tom.edit(first, 2, valid_for=3600, when=PRESETS["not angry"])) == [State.HELD]
    assert states(tom.send_now(first)) == [State.HELD]
    assert [each.body for each in office.sign_in("mary", **BUSY).arrived] == [b"newer"]
    assert states(tom.edit(second, alert=True)) == [State.HELD], "it has less text than before"
    assert states(tom.withdraw(second)) == [State.WITHDRAWN]


@pytest.mark.rule("M7")
def test_an_edit_that_makes_it_true_releases_it_at_once_and_delayed(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    reply = tom.edit(id, body=b"new", when=one_group(("UserAvailability", "eq", "NOT_AVAILABLE")))
    assert states(reply) == [State.RELEASED]
    (delivery,) = mary.arrived
    assert (delivery.body, delivery.delayed) == (b"new", True)


@pytest.mark.rule("M7")
def test_an_edit_can_make_it_wait_for_something_else(office, tom):
    mary = office.sign_in("mary", **BUSY, UserMood="ANGRY")
    id = tom.submit("mary", when=AVAILABLE)
    tom.edit(id, when=PRESETS["not angry"])
    mary.set(UserAvailability="AVAILABLE")
    assert mary.arrived == []
    mary.set(UserMood="SAD")
    assert mary.ids == [id]


@pytest.mark.rule("M7")
def test_an_edited_validity_is_kept(office, tom):
    shorter, longer = tom.submit("mary"), tom.submit("mary", valid_for=60)
    tom.edit(shorter, valid_for=60)
    tom.edit(longer, valid_for=120)
    office.after(60)
    assert (office.state(shorter), office.state(longer)) == (State.EXPIRED, State.HELD)
    office.after(60)
    assert office.state(longer) is State.EXPIRED


@pytest.mark.rule("V4")
@pytest.mark.parametrize("late", [0, 0.001, 3600])
@pytest.mark.parametrize("act", ["edit", "send_now", "withdraw"])
def test_what_has_expired_is_over_though_it_was_not_swept_yet(office, tom, act, late):
    id = tom.submit("mary", valid_for=60)
    office.asleep(60 + late)
    reply = tom.edit(id, valid_for=60) if act == "edit" else getattr(tom, act)(id)
    assert code(reply) == "already_ended"
    assert "expired" in reply.refused.text
    office.wake()
    assert (office.state(id), office.envelope(id).revision) == (State.EXPIRED, 1)
    assert office.sign_in("mary").arrived == []


@pytest.mark.parametrize("act", ["edit", "send_now"])
def test_a_change_for_one_recipient_outlives_the_lost_link_of_another(office, tom, act):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", when=AVAILABLE)
    reply = tom.send_now(id) if act == "send_now" else tom.edit(id, when=PRESETS["not angry"])
    assert states(reply) == [State.RELEASED, State.HELD]
    assert [each.revision for each in reply.receipts] == [2, 2]
    mary.lose_link()
    when = WHEN_ONLINE if act == "send_now" else PRESETS["not angry"]
    for envelope in office.store.view.envelopes(id):
        assert (envelope.state, envelope.condition, envelope.revision) == (State.HELD, when, 2)
    tom.sign_out()
    assert office.sign_in("tom").welcomed
    assert office.sign_in("mary", **BUSY).ids == [id], "it falls under the new condition"


def test_a_copy_on_its_way_gets_the_new_end(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", when=AVAILABLE)
    tom.edit(id, valid_for=60)
    assert [each.expires_at for each in office.store.view.envelopes(id)] == [NOON_MS + 60_000] * 2
    mary.lose_link()
    office.after(60)
    assert [each.state for each in office.store.view.envelopes(id)] == [State.EXPIRED] * 2


@pytest.mark.rule("M25")
def test_the_revisions_of_one_message_agree(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", body="one")
    assert [each.revision for each in tom.edit(id, 1, body=b"two").receipts] == [2, 2]
    reply = tom.edit(id, 2, body=b"three")
    assert [(each.state, each.revision) for each in reply.receipts] == [(State.RELEASED, 3), (State.HELD, 3)]
    mary.acknowledge(id)
    reply = tom.edit(id, 3, body=b"four")
    assert [(each.state, each.revision) for each in reply.receipts] == [(State.DELIVERED, 1), (State.HELD, 4)]
    assert [each.body for each in mary.arrived + office.sign_in("john").arrived] == [b"one", b"four"]


# --- changing again, because the answer got lost


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("arrived", [False, True])
@pytest.mark.parametrize(
    "change",
    [{}, {"body": b"new"}, {"when": PRESETS["not angry"]}, {"body": b"new", "valid_for": 60}],
    ids=str,
)
def test_an_edit_again_is_answered_again(office, tom, change, gone, arrived):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", body="old")
    if arrived:
        mary.acknowledge(id)
    first = tom.edit(id, 1, **change)
    assert isinstance(first, Answer)
    if gone:
        office.sign_in("john")
    again = tom.edit(id, 1, **change)
    assert [each.revision for each in again.receipts] == [each.revision for each in first.receipts]
    states_now = [State.DELIVERED if arrived else State.RELEASED, State.RELEASED if gone else State.HELD]
    assert states(again) == states_now


def test_an_edit_again_is_answered_after_the_end(office, tom):
    id = tom.submit("mary", body="old")
    tom.edit(id, 1, body=b"new")
    office.sign_in("mary").acknowledge(id)
    assert states(tom.edit(id, 1, body=b"new")) == [State.DELIVERED]
    assert code(tom.edit(id, 2, body=b"newer")) == "already_ended"


@pytest.mark.parametrize("change", [{"body": b"other"}, {"when": AVAILABLE}], ids=str)
def test_an_edit_again_of_something_else_is_refused(office, tom, change):
    id = tom.submit("mary", body="old")
    tom.edit(id, 1, body=b"new", when=PRESETS["not angry"])
    assert code(tom.edit(id, 1, **change)) == "revision_mismatch"
    tom.edit(id, 2)
    assert code(tom.edit(id, 1, body=b"new", when=PRESETS["not angry"])) == "revision_mismatch"


def test_an_edit_again_by_somebody_else_is_of_an_unknown_message(office, tom):
    id = tom.submit("mary", body="old")
    tom.edit(id, 1, body=b"new")
    assert code(office.sign_in("ann").edit(id, 1, body=b"new")) == "unknown_message"


@pytest.mark.parametrize("far", [State.RELEASED, State.DELIVERED, State.READ])
def test_sending_now_again_is_answered_again(office, tom, far):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    tom.send_now(id)
    if far is not State.RELEASED:
        mary.acknowledge(id)
    if far is State.READ:
        mary.mark_read(id)
    (receipt,) = tom.send_now(id).receipts
    assert (receipt.state, receipt.revision) == (far, 2)
    assert mary.ids == [id]


def test_sending_now_again_is_answered_though_one_had_it_before(office, tom):
    mary, john = office.sign_in("mary"), office.sign_in("john", **BUSY)
    id = tom.submit("mary", "john", when=AVAILABLE)
    mary.acknowledge(id)
    assert states(tom.send_now(id)) == states(tom.send_now(id)) == [State.DELIVERED, State.RELEASED]
    assert john.ids == [id]


def test_sending_now_what_went_under_its_condition_is_too_late(office, tom):
    office.sign_in("mary")
    id = tom.submit("mary", when=AVAILABLE)
    assert code(tom.send_now(id)) == "already_released"
    edited = tom.submit("mary", when=PRESETS["not angry"], valid_for=60)
    assert code(tom.send_now(edited)) == "already_released"


# --- sending now


@pytest.mark.rule("M6")
def test_send_now_goes_at_once_where_they_are_online(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    assert states(tom.send_now(id)) == [State.RELEASED]
    (delivery,) = mary.arrived
    assert delivery.delayed
    assert office.envelope(id).revision == 2


@pytest.mark.rule("M6")
def test_send_now_waits_for_nothing_but_a_sign_in(office, tom):
    id = tom.submit("mary", when=AVAILABLE, valid_for=3600)
    assert states(tom.send_now(id)) == [State.HELD]
    assert office.envelope(id).expires_at == NOON_MS + 3_600_000
    assert office.sign_in("mary", **BUSY).ids == [id]


# --- taking back


@pytest.mark.rule("M9")
def test_what_is_withdrawn_never_arrives(office, tom):
    id = tom.submit("mary")
    (receipt,) = tom.withdraw(id).receipts
    assert (receipt.state, receipt.since) == (State.WITHDRAWN, NOON_MS)
    office.asleep(5)
    (again,) = tom.withdraw(id).receipts
    assert again == receipt, "withdrawing again repeats the answer"
    assert office.sign_in("mary").arrived == []
    office.after(30 * DAY)
    assert office.state(id) is State.WITHDRAWN


@pytest.mark.rule("M9", "I1")
def test_what_is_withdrawn_stays_so_over_a_restart(office, tom):
    id = tom.submit("mary")
    tom.withdraw(id)
    office.crash()
    assert states(office.sign_in("tom").withdraw(id)) == [State.WITHDRAWN]
    assert office.sign_in("mary").arrived == []


@pytest.mark.rule("M15")
@pytest.mark.parametrize("act", ["withdraw", "edit", "send_now"])
def test_it_is_too_late_once_it_was_handed_over(office, tom, act):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    reply = getattr(tom, act)(id)
    assert code(reply) == "already_released"
    assert "released" in reply.refused.text
    assert office.state(id) is State.RELEASED
    mary.acknowledge(id)
    assert office.state(id) is State.DELIVERED


@pytest.mark.parametrize("act", ["withdraw", "edit", "send_now"])
@pytest.mark.parametrize("end", ["delivered", "read", "expired", "withdrawn"])
def test_it_is_too_late_once_it_has_ended(office, tom, act, end):
    id = tom.submit("mary", valid_for=60)
    if end == "withdrawn":
        tom.withdraw(id)
    elif end == "expired":
        office.after(60)
    else:
        mary = office.sign_in("mary")
        mary.acknowledge(id)
        if end == "read":
            mary.mark_read(id)
    if (act, end) == ("withdraw", "withdrawn"):
        assert states(tom.withdraw(id)) == [State.WITHDRAWN]
    else:
        reply = getattr(tom, act)(id)
        assert code(reply) == "already_ended"
        assert end in reply.refused.text
    assert office.state(id) == end


@pytest.mark.rule("M9")
def test_it_is_taken_back_from_whoever_has_not_got_it(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", "ann")
    assert states(tom.withdraw(id)) == [State.RELEASED, State.WITHDRAWN, State.WITHDRAWN]
    assert office.sign_in("john").arrived == []
    mary.acknowledge(id)
    assert states(tom.withdraw(id)) == [State.DELIVERED, State.WITHDRAWN, State.WITHDRAWN]


@pytest.mark.parametrize("act", ["withdraw", "edit", "send_now"])
@pytest.mark.parametrize("exists", [True, False])
def test_somebody_elses_message_is_as_unknown_as_none_at_all(office, tom, act, exists):
    if exists:
        tom.submit("mary", id="m1", when=AVAILABLE)
    ann, mary = office.sign_in("ann"), office.sign_in("mary", **BUSY)
    for desk in (ann, mary):
        reply = getattr(desk, act)("m1")
        assert (code(reply), reply.refused.clause) == ("unknown_message", "")
        assert (
            reply.refused.text
            == "There is no such message of yours. It may have ended more than 30 days ago."
        )
    assert mary.arrived == []
    if exists:
        assert (office.state("m1"), office.envelope("m1").revision) == (State.HELD, 1)


@pytest.mark.rule("I7")
@pytest.mark.parametrize("act", ["withdraw", "edit"])
@pytest.mark.parametrize("sender_first", [True, False])
def test_a_change_and_a_release_in_one_batch_exclude_each_other(office, tom, act, sender_first):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", body="old", when=AVAILABLE)
    take = {
        "withdraw": facts.Withdrawn(tom.session, 7, id),
        "edit": facts.Edited(tom.session, 7, id, 1, facts.Amendment(body=b"new")),
    }[act]
    come = facts.PresenceSet(mary.session, 7, {"UserAvailability": "AVAILABLE"})
    office.feed(*((take, come) if sender_first else (come, take)))
    told = [effect for effect in tom.told if getattr(effect, "request", 0) == 7]
    bodies = [each.body for each in mary.arrived]
    if not sender_first:
        assert (code(told[0]), bodies) == ("already_released", [b"old"])
    elif act == "withdraw":
        assert (states(told[0]), bodies) == ([State.WITHDRAWN], [])
    else:
        assert (states(told[0]), bodies) == ([State.HELD], [b"new"])


# --- while it is in an editor


@pytest.mark.rule("M8", "M19", "M20")
def test_while_it_is_in_an_editor_it_does_not_leave(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    assert states(tom.pause(id)) == [State.HELD]
    mary.set(UserAvailability="AVAILABLE")
    mary.sign_out()
    mary = office.sign_in("mary")
    office.after(599.999)
    assert mary.arrived == []
    office.after(0.001)
    assert mary.ids == [id], "nothing was heard of the editor"
    assert mary.arrived[0].delayed
    assert office.envelope(id).revision == 1


@pytest.mark.rule("M19")
def test_each_time_the_editor_says_so_the_pause_begins_anew(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    tom.pause(id)
    mary.set(UserAvailability="AVAILABLE")
    for _ in range(3):
        office.after(400)
        tom.pause(id)
    office.after(599.999)
    assert mary.arrived == []
    office.after(0.001)
    assert mary.ids == [id]


@pytest.mark.rule("M19", "T2")
def test_the_pause_goes_by_the_monotonic_clock(office, tom):
    office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    tom.pause(id)
    office.now = facts.Moment(office.now.utc_ms + DAY * 1000, office.now.ticks_ms + 599_999)
    office.wake()
    assert tom.why(id).standings[0].paused
    office.now = facts.Moment(office.now.utc_ms, office.now.ticks_ms + 1)
    office.wake()
    assert not tom.why(id).standings[0].paused


@pytest.mark.rule("M20", "I4")
@pytest.mark.parametrize("end", ["resume", "edit", "send_now", "sign_out", "lose_link"])
def test_what_ends_the_pause(office, tom, end):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    tom.pause(id)
    mary.set(UserAvailability="AVAILABLE")
    assert mary.arrived == []
    match end:
        case "edit":
            tom.edit(id, body=b"new")
        case "sign_out":
            tom.sign_out()
        case "lose_link":
            tom.lose_link()
            assert mary.arrived == [], "the link may come back, and the editor with it"
            office.after(10)
        case _:
            assert states(getattr(tom, end)(id)) == [State.RELEASED]
    assert mary.ids == [id]
    assert mary.arrived[0].body == (b"new" if end == "edit" else b"hello")


@pytest.mark.rule("M20")
def test_the_last_session_counts_and_no_other_person(office, tom):
    laptop, ann, mary = office.sign_in("tom"), office.sign_in("ann"), office.sign_in("mary", **BUSY)
    mine, hers = tom.submit("mary", when=AVAILABLE), ann.submit("mary", when=AVAILABLE)
    tom.pause(mine)
    ann.pause(hers)
    mary.set(UserAvailability="AVAILABLE")
    tom.lose_link()
    office.after(10)
    assert mary.arrived == [], "it may be the laptop where he edits it"
    laptop.sign_out()
    assert mary.ids == [mine]


@pytest.mark.rule("M20")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_after_a_restart_nothing_is_in_an_editor(office, tom, way):
    id = tom.submit("mary")
    tom.pause(id)
    getattr(office, way)()
    assert office.sign_in("mary").ids == [id]


@pytest.mark.rule("M20")
def test_what_is_withdrawn_is_in_no_editor(office, tom):
    id = tom.submit("mary")
    tom.pause(id)
    assert states(tom.withdraw(id)) == [State.WITHDRAWN]
    assert office.store.next_wake(office.now) is None


@pytest.mark.rule("M21")
def test_the_validity_runs_on_in_an_editor(office, tom):
    id = tom.submit("mary", valid_for=60)
    tom.pause(id)
    office.after(60)
    assert office.state(id) is State.EXPIRED
    assert code(tom.pause(id)) == code(tom.resume(id)) == "already_ended"


@pytest.mark.rule("M8", "W17")
def test_the_time_for_which_it_must_hold_runs_on_in_an_editor(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=replace(AVAILABLE, dwell=60))
    tom.pause(id)
    office.after(100)
    assert mary.arrived == []
    tom.resume(id)
    assert mary.ids == [id]


@pytest.mark.rule("M8", "M15")
def test_one_of_several_that_has_it_does_not_end_the_pause_for_the_others(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john")
    assert states(tom.pause(id)) == [State.RELEASED, State.HELD]
    mary.acknowledge(id)
    mary.mark_read(id)
    john = office.sign_in("john")
    assert john.arrived == [], "it is being changed for him"
    tom.edit(id, body=b"better")
    assert [each.body for each in john.arrived] == [b"better"]


@pytest.mark.rule("M15")
@pytest.mark.parametrize("act", ["pause", "resume"])
def test_it_is_too_late_to_edit_what_was_handed_over(office, tom, act):
    mary = office.sign_in("mary")
    id = tom.submit("mary")
    assert code(getattr(tom, act)(id)) == "already_released"
    mary.acknowledge(id)
    assert code(getattr(tom, act)(id)) == "already_ended"
    assert code(getattr(office.sign_in("ann"), act)(id)) == "unknown_message"


@pytest.mark.rule("M8")
def test_what_is_in_an_editor_stands_in_nobodys_way(office, tom):
    mary = office.sign_in("mary", **BUSY)
    ids = [tom.submit("mary", when=AVAILABLE) for _ in range(3)]
    tom.pause(ids[0])
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == ids[1:]


# --- another condition, and what is remembered of it


@pytest.mark.rule("W11")
def test_another_condition_lets_its_edge_begin_anew(office, tom):
    mary = office.sign_in("mary", **BUSY, UserMood="HAPPY")
    id = tom.submit("mary", when=replace(AVAILABLE, edge=True))
    tom.edit(id, when=replace(one_group(("UserMood", "eq", "HAPPY")), edge=True))
    assert office.state(id) is State.HELD, "it was false under the old one only"
    mary.set(UserMood="SAD")
    mary.set(UserMood="HAPPY")
    assert mary.ids == [id]


@pytest.mark.rule("W11")
def test_an_edit_of_something_else_leaves_it_as_it_is(office, tom):
    mary = office.sign_in("mary", **BUSY)
    armed = tom.submit("mary", when=replace(AVAILABLE, edge=True))
    held = tom.submit("mary", when=replace(one_group(("UserAvailability", "ne", "AVAILABLE")), dwell=60))
    office.after(30)
    for id in (armed, held):
        tom.edit(id, body=b"new", valid_for=600)
    office.after(30)
    assert mary.ids == [held]
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [held, armed]


@pytest.mark.rule("W11", "W17", "I2")
def test_another_condition_begins_anew_for_a_copy_on_its_way_as_well(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", when=replace(AVAILABLE, dwell=60))
    office.after(60)
    assert mary.ids == [id]
    tom.edit(id, when=replace(PRESETS["not angry"], dwell=300))
    mary.lose_link()
    mary = office.sign_in("mary")
    assert mary.arrived == []
    office.after(299.999)
    assert mary.arrived == []
    office.after(0.001)
    assert mary.ids == [id]


@pytest.mark.rule("S10", "S2")
def test_an_edit_cannot_ask_for_what_is_not_offered(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    mary.allow(Privacy(rules={"UserMood": Rule(Audience.NOBODY)}))
    assert code(tom.edit(id, when=PRESETS["not angry"])) == "not_offered"
    mary.allow(Privacy(rules={"UserAvailability": Rule(Audience.NOBODY)}))
    assert states(tom.edit(id, body=b"new")) == [State.HELD], (
        "what it asks for already is not looked at again"
    )


@pytest.mark.rule("S13", "M9")
def test_a_blocked_person_can_change_and_take_back_what_waits(office, tom):
    mary = office.sign_in("mary")
    mary.allow(Privacy(blocked=("tom",)))
    ids = [tom.submit("mary") for _ in range(3)]
    assert states(tom.edit(ids[0], body=b"new", when=AVAILABLE)) == [State.HELD]
    assert (
        states(tom.send_now(ids[1]))
        == states(tom.pause(ids[1]))
        == states(tom.resume(ids[1]))
        == [State.HELD]
    )
    assert states(tom.withdraw(ids[2])) == [State.WITHDRAWN]
    mary.allow(Privacy())
    assert [(each.id, each.body) for each in mary.arrived] == [(ids[0], b"new"), (ids[1], b"hello")]


@pytest.mark.rule("M7")
@pytest.mark.parametrize("otherwise", list(Otherwise))
def test_what_becomes_of_it_can_be_changed(office, tom, otherwise):
    id = tom.submit(
        "mary", when=one_group(("UserMood", "eq", "SAD")), valid_for=60, otherwise=Otherwise.DRAFTS
    )
    tom.edit(id, otherwise=otherwise)
    tom.edit(id, 2, body=b"new")
    assert office.envelope(id).otherwise is otherwise
    office.after(60)
    assert office.state(id) is (State.HELD if otherwise is Otherwise.DELIVER else State.EXPIRED)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"otherwise": Otherwise.DRAFTS}, {"otherwise": Otherwise.DELIVER}),
        ({"valid_for": 600}, {"valid_for": 660}),
        ({"valid_for": 600}, {"alert": True}),
    ],
    ids=str,
)
@pytest.mark.rule("M7", "I7")
def test_another_change_under_an_old_revision_is_never_taken_for_the_one_that_was_made(
    office, tom, first, second
):
    id = tom.submit("mary", valid_for=900)
    assert isinstance(tom.edit(id, 1, **first), Answer)
    assert code(tom.edit(id, 1, **second)) == "revision_mismatch"
    assert isinstance(tom.edit(id, 1, **first), Answer), "but that one is answered again"


# --- a message that becomes an alert, and the other way round


@pytest.mark.rule("R4", "R3")
def test_a_message_becomes_an_alert_and_its_text_is_gone(office, tom):
    id = tom.submit("mary", body="secret")
    tom.edit(id, alert=True)
    number = office.envelope(id).number
    assert office.store.view.contents([number])[number].body == b""
    mary = office.sign_in("mary")
    assert mary.arrived == []
    assert tom.heard == [(id, State.DELIVERED)]


@pytest.mark.rule("R4")
def test_an_alert_becomes_a_message(office, tom):
    id = tom.submit("mary", body=b"", alert=True)
    assert code(tom.edit(id, alert=False)) == "body_empty"
    assert code(tom.edit(id, body=b"hello")) == "alert_without_text"
    assert states(tom.edit(id, alert=False, body=b"hello")) == [State.HELD]
    mary = office.sign_in("mary")
    assert [(each.id, each.body, each.revision) for each in mary.arrived] == [(id, b"hello", 2)]
    assert (id, State.DELIVERED) not in tom.heard


@pytest.mark.rule("R4", "R5")
def test_what_becomes_an_alert_must_be_one(office, tom):
    later = tom.submit("mary", otherwise=Otherwise.DELIVER)
    assert code(tom.edit(later, alert=True)) == "alert_without_text"
    assert states(tom.edit(later, alert=True, otherwise=Otherwise.EXPIRE)) == [State.HELD]
    assert code(tom.edit(later, 2, otherwise=Otherwise.DELIVER)) == "alert_without_text"
    assert code(tom.send_now(later)) == "alert_without_text"
    office.sign_in("mary").allow(Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)}))
    id = tom.submit("john")
    office.sign_in("john").allow(Privacy(rules={"OnlineStatus": Rule(usable=False)}))
    assert code(tom.edit(id, alert=True)) == "already_released"


@pytest.mark.rule("R4", "R5", "S11")
def test_no_alert_of_what_its_sender_may_not_see(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", body="hello", when=AVAILABLE)
    mary.allow(Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)}))
    assert code(tom.edit(id, alert=True)) == "not_offered"
    mary.set(UserAvailability="AVAILABLE")
    assert [each.body for each in mary.arrived] == [b"hello"]


@pytest.mark.rule("R4", "M15")
def test_a_text_that_is_on_its_way_to_somebody_becomes_no_alert(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", body="hello")
    assert code(tom.edit(id, alert=True)) == "already_released"
    mary.acknowledge(id)
    assert states(tom.edit(id, alert=True)) == [State.DELIVERED, State.HELD]
    assert office.sign_in("john").arrived == []
    assert tom.heard[-1] == (id, State.DELIVERED)


@pytest.mark.rule("R4", "O12")
def test_what_becomes_an_alert_leaves_its_place_in_the_order(office, tom):
    mary = office.sign_in("mary", **BUSY)
    tom.submit("mary", when=AVAILABLE)
    id = tom.submit("mary", keep_order=True)
    assert states(tom.edit(id, alert=True)) == [State.DELIVERED]
    assert mary.arrived == []


# --- what waits behind it


@pytest.mark.rule("M6", "O12")
def test_sending_now_does_not_wait_behind_anything(office, tom):
    mary = office.sign_in("mary", **BUSY)
    head = tom.submit("mary", when=AVAILABLE)
    middle, last = tom.submit("mary", keep_order=True), tom.submit("mary", keep_order=True)
    assert states(tom.send_now(middle)) == [State.RELEASED]
    assert mary.ids == [middle]
    mary.acknowledge(middle)
    assert mary.ids == [middle, last]
    assert office.state(head) is State.HELD


@pytest.mark.rule("O10")
def test_an_edit_keeps_the_place_in_the_order(office, tom):
    office.sign_in("mary", **BUSY)
    head = tom.submit("mary", when=AVAILABLE)
    id = tom.submit("mary", when=AVAILABLE, keep_order=True)
    assert states(tom.edit(id, when=WHEN_ONLINE)) == [State.HELD]
    assert tom.why(id).standings[0].behind == head


@pytest.mark.rule("O12", "M9")
def test_withdrawing_for_some_frees_for_them_alone(office, tom):
    mary = office.sign_in("mary", **BUSY)
    head = tom.submit("mary", "john", when=AVAILABLE)
    id = tom.submit("mary", "john", keep_order=True)
    assert mary.arrived == []
    john = office.sign_in("john")
    assert john.ids == [head]
    tom.withdraw(head)
    assert (mary.ids, john.ids) == ([id], [head]), "john's copy is on its way"
    john.acknowledge(head)
    assert john.ids == [head, id]


@pytest.mark.rule("O10", "O12")
def test_what_waits_behind_one_that_is_taken_back_moves_up(office, tom):
    mary = office.sign_in("mary", **BUSY)
    first = tom.submit("mary", when=AVAILABLE)
    middle, last = (tom.submit("mary", keep_order=True) for _ in range(2))
    tom.withdraw(middle)
    assert mary.arrived == [], "the first one still waits"
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [first]
    mary.acknowledge(first)
    assert mary.ids == [first, last]
