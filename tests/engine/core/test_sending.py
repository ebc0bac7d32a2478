"""The sender's side: hand over, hand over again, change, send now, take back."""

import pytest
from msgspec.structs import replace

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, one_group
from tact_engine.core.effects import Answer
from tact_engine.core.envelope import State, Submission, conversation_of, weight_of
from tests.support.heart import DAY, NOON_MS, code, states

AVAILABLE = PRESETS["available"]
BUSY = {"UserAvailability": "NOT_AVAILABLE"}


@pytest.fixture
def tom(office):
    office.away("mary", "john", "ann")
    return office.sign_in("tom")


# --- handing over


def test_for_somebody_who_is_offline_it_is_held(office, tom):
    reply = tom.try_submit("mary", body="hello", id="m1", valid_for=3600)
    (receipt,) = reply.receipts
    assert (receipt.id, receipt.recipient, receipt.state) == ("m1", "mary", State.HELD)
    assert (receipt.revision, receipt.serial) == (1, 0)
    assert receipt.accepted_at == receipt.since == NOON_MS
    assert receipt.expires_at == NOON_MS + 3_600_000
    assert office.envelope("m1").condition == WHEN_ONLINE


def test_it_arrives_when_they_come_online_as_it_was_handed_over(office, tom):
    body = bytes(range(256))
    tom.submit_as(Submission("m1", ("mary",), body, content_type="text/x", enc="e", when=AVAILABLE))
    office.asleep(100)
    mary = office.sign_in("mary")
    (delivery,) = mary.arrived
    assert (delivery.id, delivery.sender, delivery.body) == ("m1", "tom", body)
    assert (delivery.content_type, delivery.enc) == ("text/x", "e")
    assert delivery.members == ("tom", "mary")
    assert delivery.conversation == conversation_of(("tom", "mary"))
    assert (delivery.written_at, delivery.released_at) == (NOON_MS, NOON_MS + 100_000)


def test_the_condition_is_in_nothing_that_the_recipient_gets(office, tom):
    mary = office.sign_in("mary", UserMood="ANGRY", StatusText="Quokka")
    secret = one_group(("UserMood", "ne", "ANGRY"), ("StatusText", "contains", "quokka"))
    tom.submit("mary", when=secret)
    mary.set(UserMood="HAPPY")
    assert len(mary.arrived) == 1
    said = repr(mary.batches)
    assert not any(word in said for word in ("UserMood", "ANGRY", "quokka", "condition"))


def test_what_is_true_at_acceptance_is_live(office, tom):
    mary = office.sign_in("mary", UserAvailability="AVAILABLE")
    reply = tom.try_submit("mary", when=AVAILABLE)
    assert states(reply) == [State.RELEASED]
    (delivery,) = mary.arrived
    assert not delivery.delayed
    assert delivery.written_at == delivery.released_at == NOON_MS
    assert tom.heard == [], "the answer said it already"


def test_what_is_not_true_at_acceptance_is_held_then_delayed(office, tom):
    mary = office.sign_in("mary", **BUSY)
    assert states(tom.try_submit("mary", when=AVAILABLE)) == [State.HELD]
    assert mary.arrived == []
    mary.set(UserAvailability="AVAILABLE")
    (delivery,) = mary.arrived
    assert delivery.delayed, "though no time has passed"


def test_discreet_is_not_available_and_not_not_available(office, tom):
    mary = office.sign_in("mary", UserAvailability="DISCREET")
    assert states(tom.try_submit("mary", when=AVAILABLE)) == [State.HELD]
    not_busy = one_group(("UserAvailability", "ne", "NOT_AVAILABLE"))
    assert states(tom.try_submit("mary", when=not_busy)) == [State.RELEASED]
    assert len(mary.arrived) == 1


def test_several_recipients_are_served_one_by_one(office, tom):
    mary, john = office.sign_in("mary"), office.sign_in("john", **BUSY)
    reply = tom.try_submit("mary", "john", "ann", when=AVAILABLE, id="m1")
    assert [(each.recipient, each.state) for each in reply.receipts] == [
        ("mary", State.RELEASED), ("john", State.HELD), ("ann", State.HELD),
    ]  # fmt: skip
    assert (mary.ids, john.ids) == (["m1"], [])
    john.set(UserAvailability="AVAILABLE")
    assert john.ids == ["m1"]
    assert office.state("m1", "ann") is State.HELD
    members = ("tom", "mary", "john", "ann")
    assert [each.members for each in mary.arrived + john.arrived] == [members] * 2
    assert {each.conversation for each in mary.arrived + john.arrived} == {conversation_of(members)}
    assert [each.delayed for each in mary.arrived + john.arrived] == [False, True]


def test_the_sender_hears_after_the_copies_have_gone(office, tom):
    office.sign_in("mary")
    effects = office.feed(facts.Submitted(tom.session, 9, Submission("m1", ("mary",), b"x")))
    assert [type(effect).__name__ for effect in effects] == ["Deliver", "Answer"]


def test_messages_of_one_batch_are_accepted_in_their_order(office, tom):
    ann = office.sign_in("ann")
    office.feed(
        *(
            facts.Submitted(desk.session, 1, Submission(f"{desk.handle}{turn}", ("mary",), b"x"))
            for turn in range(5)
            for desk in (tom, ann)
        )
    )
    assert office.sign_in("mary").ids == [f"{who}{turn}" for turn in range(5) for who in ("tom", "ann")]


# --- handing over again


def test_a_retry_repeats_the_answer_and_makes_no_second_message(office, tom):
    submission = Submission("m1", ("mary", "john"), b"hello", when=AVAILABLE)
    first = tom.submit_as(submission)
    office.asleep(30)
    again = tom.submit_as(submission)
    assert isinstance(first, Answer)
    assert again == replace(first, request=again.request)
    assert again.request != first.request
    assert office.store.view.held_total("tom") == 2
    assert office.sign_in("mary").ids == ["m1"]


def test_a_retry_in_the_same_batch_makes_no_second_message(office, tom):
    mary = office.sign_in("mary")
    submission = Submission("m1", ("mary",), b"hello")
    office.feed(*(facts.Submitted(tom.session, request, submission) for request in (1, 2, 3)))
    assert mary.ids == ["m1"]
    assert [effect.request for effect in tom.told if isinstance(effect, Answer)] == [1, 2, 3]


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_a_retry_after_a_restart_makes_no_second_message(office, tom, way):
    submission = Submission("m1", ("mary",), b"hello")
    tom.submit_as(submission)
    getattr(office, way)()
    assert states(office.sign_in("tom").submit_as(submission)) == [State.HELD]
    assert office.sign_in("mary").ids == ["m1"]


def test_a_retry_tells_how_the_message_stands_by_now(office, tom):
    mary = office.sign_in("mary")
    submission = Submission("m1", ("mary",), b"hello")
    seen = [states(tom.submit_as(submission))]
    mary.acknowledge("m1")
    seen.append(states(tom.submit_as(submission)))
    mary.mark_read("m1")
    seen.append(states(tom.submit_as(submission)))
    assert seen == [[State.RELEASED], [State.DELIVERED], [State.READ]]
    assert mary.ids == ["m1"]


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_a_retry_never_revives_what_has_ended(office, tom, end):
    submission = Submission("m1", ("mary",), b"hello", valid_for=60)
    tom.submit_as(submission)
    if end == "withdrawn":
        tom.withdraw("m1")
    office.after(60)
    assert states(tom.submit_as(submission)) == [State(end)]
    assert office.sign_in("mary").arrived == []


def test_a_retry_is_answered_over_a_quota(office, tom):
    submission = Submission("m1", ("mary",), b"hello")
    office.restart(held_per_pair_max=1)
    tom = office.sign_in("tom")
    assert states(tom.submit_as(submission)) == [State.HELD]
    assert states(tom.submit_as(submission)) == [State.HELD]
    assert code(tom.try_submit("mary")) == "too_many_held"


def test_a_retry_of_what_was_edited_is_answered(office, tom):
    submission = Submission("m1", ("mary",), b"hello")
    tom.submit_as(submission)
    tom.edit("m1", body=b"changed")
    assert states(tom.submit_as(submission)) == [State.HELD]
    assert [each.body for each in office.sign_in("mary").arrived] == [b"changed"]


def test_another_text_under_the_same_id_is_refused(office, tom):
    tom.submit_as(Submission("m1", ("mary",), b"hello"))
    assert code(tom.submit_as(Submission("m1", ("mary",), b"Hello"))) == "id_taken"
    assert [each.body for each in office.sign_in("mary").arrived] == [b"hello"]


@pytest.mark.parametrize(
    "change",
    [
        {"to": ("john",)},
        {"to": ("mary", "john")},
        {"when": AVAILABLE},
        {"valid_for": 60},
        {"content_type": "text/x"},
        {"enc": "x"},
    ],
    ids=str,
)
def test_something_else_under_the_same_id_is_refused(office, tom, change):
    submission = Submission("m1", ("mary",), b"hello")
    tom.submit_as(submission)
    assert code(tom.submit_as(replace(submission, **change))) == "id_taken"
    assert states(tom.submit_as(submission)) == [State.HELD]


@pytest.mark.parametrize("change", [{"to": ("john",)}, {"when": AVAILABLE}, {"valid_for": 61}], ids=str)
def test_something_else_is_refused_after_the_end_as_well(office, tom, change):
    """As far as it is still known: the text is erased."""
    submission = Submission("m1", ("mary",), b"hello", valid_for=60)
    tom.submit_as(submission)
    tom.withdraw("m1")
    assert code(tom.submit_as(replace(submission, **change))) == "id_taken"
    assert states(tom.submit_as(submission)) == [State.WITHDRAWN]


def test_other_recipients_are_refused_after_an_edit_as_well(office, tom):
    submission = Submission("m1", ("mary",), b"hello")
    tom.submit_as(submission)
    tom.edit("m1", body=b"changed")
    assert code(tom.submit_as(replace(submission, to=("john",)))) == "id_taken"


@pytest.mark.parametrize("arrived", [False, True])
def test_a_retry_of_what_was_edited_for_some_is_answered(office, tom, arrived):
    mary = office.sign_in("mary")
    submission = Submission("m1", ("mary", "john"), b"hello")
    tom.submit_as(submission)
    if arrived:
        mary.acknowledge("m1")
    tom.edit("m1", body=b"changed", when=AVAILABLE, valid_for=60)
    first = State.DELIVERED if arrived else State.RELEASED
    assert states(tom.submit_as(submission)) == [first, State.HELD]


@pytest.mark.parametrize("ended", [False, True])
def test_somebody_elses_id_is_refused_and_nothing_said_of_their_message(office, tom, ended):
    tom.submit("mary", id="m1", body="secret")
    if ended:
        tom.withdraw("m1")
    ann = office.sign_in("ann")
    for body in (b"secret", b"other"):
        reply = ann.submit_as(Submission("m1", ("mary",), body))
        assert code(reply) == "id_taken"
        assert "tom" not in repr(reply)


# --- what is refused, whole


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": ""}, "bad_id"),
        ({"id": "x" * 65}, "bad_id"),
        ({"body": b""}, "body_empty"),
        ({"body": b"x" * (16 * 1024 + 1)}, "body_too_large"),
        ({"valid_for": 59}, "validity_out_of_range"),
        ({"valid_for": 0}, "validity_out_of_range"),
        ({"valid_for": -60}, "validity_out_of_range"),
        ({"valid_for": 30 * DAY + 1}, "validity_out_of_range"),
        ({"valid_for": 10**30}, "validity_out_of_range"),
        ({"content_type": "x" * 101}, "content_type_too_long"),
        ({"enc": "x" * 101}, "content_type_too_long"),
        ({"to": ()}, "no_recipient"),
        ({"to": ("mary", "john", "mary")}, "no_recipient"),
        ({"to": tuple(f"p{number}" for number in range(65))}, "no_recipient"),
        ({"to": ("tom",)}, "to_oneself"),
        ({"to": ("mary", "tom")}, "to_oneself"),
        ({"to": ("nobody",)}, "unknown_person"),
        ({"to": ("mary", "nobody")}, "unknown_person"),
        ({"to": ("",)}, "unknown_person"),
        ({"to": ("mary john",)}, "unknown_person"),
        ({"when": one_group(("Weather", "eq", "fog"))}, "condition_unknown"),
        ({"when": one_group(("OnlineStatus", "eq", False))}, "condition_impossible"),
        ({"when": replace(AVAILABLE, dwell=5)}, "condition_unsupported"),
        ({"when": replace(AVAILABLE, v=2)}, "condition_unsupported"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(office, tom, change, why):
    mary = office.sign_in("mary")
    good = Submission("m1", ("mary",), b"hello")
    assert code(tom.submit_as(replace(good, **change))) == why
    assert mary.arrived == []
    assert office.store.view.envelopes("m1") == ()
    assert office.store.view.next_number() == 1
    assert states(tom.submit_as(good)) == [State.RELEASED], "the id is still free"


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"}, {"id": "é" * 64}, {"body": b"x"}, {"body": b"x" * (16 * 1024)},
        {"valid_for": 60}, {"valid_for": 30 * DAY}, {"content_type": "é" * 100, "enc": "é" * 100},
        {"content_type": ""},
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_at_the_limit_it_is_accepted(office, tom, change):
    submission = replace(Submission("m1", ("mary",), b"hello"), **change)
    assert states(tom.submit_as(submission)) == [State.HELD]
    assert [each.body for each in office.sign_in("mary").arrived] == [submission.body]


def test_as_many_recipients_as_there_may_be(office, tom):
    crowd = tuple(f"p{number}" for number in range(64))
    office.away(*crowd)
    assert states(tom.try_submit(*crowd)) == [State.HELD] * 64


def test_the_clause_that_is_refused_is_named(office, tom):
    reply = tom.try_submit("mary", when=one_group(("UserMood", "ne", "ANGRY"), ("UserMood", "eq", "ANGRY")))
    assert reply.refused.clause == "0.1"


@pytest.mark.parametrize(
    ("to", "when", "why"),
    [
        ("x" * 50_000, WHEN_ONLINE, "unknown_person"),
        ("mary", one_group(("UserMood", "eq", "\U0010ffff" * 15_000)), "condition_unknown"),
        ("mary", one_group(("x" * 50_000, "eq", "a")), "condition_unknown"),
    ],
    ids=["to", "value", "attribute"],
)
def test_a_refusal_does_not_carry_back_what_was_sent(tom, to, when, why):
    reply = tom.try_submit(to, when=when)
    assert code(reply) == why
    assert len(reply.refused.text) < 1_000


# --- quotas


def test_held_for_one_recipient_at_the_limit_and_past(office, tom):
    office.restart(held_per_pair_max=3)
    tom, ann = office.sign_in("tom"), office.sign_in("ann")
    kept = [tom.submit("mary") for _ in range(3)]
    reply = tom.try_submit("mary", id="over")
    assert code(reply) == "too_many_held"
    assert "3 messages" in reply.refused.text
    assert "mary" in reply.refused.text
    assert office.store.view.envelopes("over") == ()
    tom.submit("john")
    ann.submit("mary")
    tom.withdraw(kept[0])
    tom.submit("mary", id="over")
    assert code(tom.try_submit("mary")) == "too_many_held"


def test_held_in_all_at_the_limit_and_past(office, tom):
    office.restart(held_per_sender_max=3)
    tom = office.sign_in("tom")
    tom.submit("mary")
    assert code(tom.try_submit("mary", "john", "ann", id="over")) == "too_many_held_in_all"
    tom.submit("mary", "john")
    reply = tom.try_submit("ann")
    assert code(reply) == "too_many_held_in_all"
    assert "3 of your messages" in reply.refused.text
    assert office.store.view.held_total("tom") == 3


def test_a_quota_of_one_recipient_refuses_the_message_for_all(office, tom):
    office.restart(held_per_pair_max=1)
    tom = office.sign_in("tom")
    tom.submit("mary")
    assert code(tom.try_submit("john", "mary", id="over")) == "too_many_held"
    assert office.sign_in("john").arrived == []


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_quotas_hold_over_a_restart(office, tom, way):
    office.restart(held_per_pair_max=2)
    tom = office.sign_in("tom")
    tom.submit("mary")
    tom.submit("mary")
    getattr(office, way)()
    tom = office.sign_in("tom")
    assert code(tom.try_submit("mary")) == "too_many_held"


def test_what_has_left_or_ended_does_not_count(office, tom):
    office.restart(held_per_pair_max=1)
    tom = office.sign_in("tom")
    tom.submit("mary", valid_for=60)
    office.after(60)
    tom.submit("mary")
    mary = office.sign_in("mary")
    released = [tom.submit("mary") for _ in range(5)]
    mary.acknowledge(*released)
    tom.submit("mary")
    assert office.store.view.held_count("tom", "mary") == 0


def test_the_quotas_of_the_law(office):
    assert office.limits.held_per_pair_max == 200
    assert office.limits.held_per_sender_max == 2_000


# --- changing


def test_an_edit_changes_what_it_names_and_nothing_else(office, tom):
    id = tom.submit("mary", body="old", when=AVAILABLE, valid_for=3600)
    office.asleep(100)
    before = office.envelope(id)
    (receipt,) = tom.edit(id, body=b"newer").receipts
    weight = weight_of(b"newer", ("tom", "mary"))
    assert (receipt.state, receipt.revision, receipt.since) == (State.HELD, 2, NOON_MS)
    assert office.envelope(id) == replace(before, revision=2, weight=weight)
    tom.edit(id, 2, when=PRESETS["not angry"])
    assert office.envelope(id) == replace(before, revision=3, weight=weight, condition=PRESETS["not angry"])
    tom.edit(id, 3, valid_for=60)
    changed = office.envelope(id)
    assert (changed.revision, changed.expires_at) == (4, office.now.utc_ms + 60_000)
    assert changed.accepted_at == NOON_MS
    (delivery,) = office.sign_in("mary").arrived
    assert (delivery.body, delivery.written_at) == (b"newer", NOON_MS)


def test_an_edit_of_nothing_is_a_revision(office, tom):
    id = tom.submit("mary")
    assert tom.edit(id).receipts[0].revision == 2


@pytest.mark.parametrize("revision", [0, 2, -1, 10**30])
def test_an_edit_of_another_revision_is_refused(office, tom, revision):
    id = tom.submit("mary", body="old")
    reply = tom.edit(id, revision, body=b"new")
    assert code(reply) == "revision_mismatch"
    assert "revision 1" in reply.refused.text
    assert office.envelope(id).revision == 1
    assert [each.body for each in office.sign_in("mary").arrived] == [b"old"]


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
        ({"when": replace(AVAILABLE, edge=True)}, "condition_unsupported"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_edit_is_refused_whole(office, tom, change, why):
    id = tom.submit("mary", body="old", when=AVAILABLE)
    before = office.envelope(id)
    assert code(tom.edit(id, **{"body": b"new"} | change)) == why
    assert office.envelope(id) == before
    assert [each.body for each in office.sign_in("mary").arrived] == [b"old"]


def test_an_edit_that_makes_it_true_releases_it_at_once_and_delayed(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    reply = tom.edit(id, body=b"new", when=one_group(("UserAvailability", "eq", "NOT_AVAILABLE")))
    assert states(reply) == [State.RELEASED]
    (delivery,) = mary.arrived
    assert (delivery.body, delivery.delayed) == (b"new", True)


def test_an_edit_can_make_it_wait_for_something_else(office, tom):
    mary = office.sign_in("mary", **BUSY, UserMood="ANGRY")
    id = tom.submit("mary", when=AVAILABLE)
    tom.edit(id, when=PRESETS["not angry"])
    mary.set(UserAvailability="AVAILABLE")
    assert mary.arrived == []
    mary.set(UserMood="SAD")
    assert mary.ids == [id]


def test_an_edited_validity_is_kept(office, tom):
    shorter, longer = tom.submit("mary"), tom.submit("mary", valid_for=60)
    tom.edit(shorter, valid_for=60)
    tom.edit(longer, valid_for=120)
    office.after(60)
    assert (office.state(shorter), office.state(longer)) == (State.EXPIRED, State.HELD)
    office.after(60)
    assert office.state(longer) is State.EXPIRED


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


def test_the_revisions_of_one_message_agree(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", body="one")
    assert [each.revision for each in tom.edit(id, 1, body=b"two").receipts] == [2, 2]
    reply = tom.edit(id, 2, body=b"three")
    assert [(each.state, each.revision) for each in reply.receipts] == [(State.RELEASED, 3), (State.HELD, 3)]
    mary.acknowledge(id)
    reply = tom.edit(id, 3, body=b"four")
    assert [(each.state, each.revision) for each in reply.receipts] == [(State.DELIVERED, 3), (State.HELD, 4)]
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


def test_send_now_goes_at_once_where_they_are_online(office, tom):
    mary = office.sign_in("mary", **BUSY)
    id = tom.submit("mary", when=AVAILABLE)
    assert states(tom.send_now(id)) == [State.RELEASED]
    (delivery,) = mary.arrived
    assert delivery.delayed
    assert office.envelope(id).revision == 2


def test_send_now_waits_for_nothing_but_a_sign_in(office, tom):
    id = tom.submit("mary", when=AVAILABLE, valid_for=3600)
    assert states(tom.send_now(id)) == [State.HELD]
    assert office.envelope(id).expires_at == NOON_MS + 3_600_000
    assert office.sign_in("mary", **BUSY).ids == [id]


# --- taking back


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


def test_what_is_withdrawn_stays_so_over_a_restart(office, tom):
    id = tom.submit("mary")
    tom.withdraw(id)
    office.crash()
    assert states(office.sign_in("tom").withdraw(id)) == [State.WITHDRAWN]
    assert office.sign_in("mary").arrived == []


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


def test_nobody_is_told_of_what_a_session_that_is_over_hands_over(office, tom):
    tom.sign_out()
    assert office.feed(facts.Submitted(tom.session, 1, Submission("m1", ("mary",), b"x"))) == []
    assert office.store.view.envelopes("m1") == ()
