"""Handing over, and handing over again."""

import msgspec
import pytest
from msgspec.structs import replace

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Condition, one_group
from tact_engine.core.effects import Answer
from tact_engine.core.envelope import Otherwise, State, Submission, conversation_of
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.window import Window
from tests.support.heart import DAY, NOON_MS, code, states

AVAILABLE = PRESETS["available"]
BUSY = {"UserAvailability": "NOT_AVAILABLE"}


@pytest.fixture
def tom(office):
    office.away("mary", "john", "ann")
    return office.sign_in("tom")


# --- handing over


@pytest.mark.rule("C2", "V3")
def test_for_somebody_who_is_offline_it_is_held(office, tom):
    reply = tom.try_submit("mary", body="hello", id="m1", valid_for=3600)
    (receipt,) = reply.receipts
    assert (receipt.id, receipt.recipient, receipt.state) == ("m1", "mary", State.HELD)
    assert (receipt.revision, receipt.serial) == (1, 0)
    assert receipt.accepted_at == receipt.since == NOON_MS
    assert receipt.expires_at == NOON_MS + 3_600_000
    assert office.envelope("m1").condition == WHEN_ONLINE


@pytest.mark.rule("C3", "C4", "O1")
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


@pytest.mark.rule("S1", "I9")
def test_the_condition_is_in_nothing_that_the_recipient_gets(office, tom):
    mary = office.sign_in("mary", UserMood="ANGRY", StatusText="Quokka")
    secret = one_group(("UserMood", "ne", "ANGRY"), ("StatusText", "contains", "quokka"))
    tom.submit("mary", when=secret)
    mary.set(UserMood="HAPPY")
    assert len(mary.arrived) == 1
    said = repr(mary.batches)
    assert not any(word in said for word in ("UserMood", "ANGRY", "quokka", "condition"))


@pytest.mark.rule("W8", "M5", "O2")
def test_what_is_true_at_acceptance_is_live(office, tom):
    mary = office.sign_in("mary", UserAvailability="AVAILABLE")
    reply = tom.try_submit("mary", when=AVAILABLE)
    assert states(reply) == [State.RELEASED]
    (delivery,) = mary.arrived
    assert not delivery.delayed
    assert delivery.written_at == delivery.released_at == NOON_MS
    assert tom.heard == [], "the answer said it already"


@pytest.mark.rule("U1", "U2", "U3", "U6", "M5", "O1")
def test_what_is_not_true_at_acceptance_is_held_then_delayed(office, tom):
    mary = office.sign_in("mary", **BUSY)
    assert states(tom.try_submit("mary", when=AVAILABLE)) == [State.HELD]
    assert mary.arrived == []
    mary.set(UserAvailability="AVAILABLE")
    (delivery,) = mary.arrived
    assert delivery.delayed, "though no time has passed"


@pytest.mark.rule("W15")
def test_discreet_is_not_available_and_not_not_available(office, tom):
    mary = office.sign_in("mary", UserAvailability="DISCREET")
    assert states(tom.try_submit("mary", when=AVAILABLE)) == [State.HELD]
    not_busy = one_group(("UserAvailability", "ne", "NOT_AVAILABLE"))
    assert states(tom.try_submit("mary", when=not_busy)) == [State.RELEASED]
    assert len(mary.arrived) == 1


@pytest.mark.rule("O3")
@pytest.mark.parametrize("claim", ["delayed", "written_at", "released_at", "sequence", "accepted_at"])
def test_a_sender_cannot_say_anything_about_the_mark(claim):
    written = msgspec.to_builtins(Submission("m1", ("mary",), b"hello"))
    assert msgspec.convert(written, Submission).id == "m1"
    with pytest.raises(msgspec.ValidationError, match=claim):
        msgspec.convert({**written, claim: 0}, Submission)


@pytest.mark.rule("O3")
def test_a_retry_does_not_make_a_live_message_of_one_that_waited(office, tom):
    submission = Submission("m1", ("mary",), b"hello")
    tom.submit_as(submission)
    mary = office.sign_in("mary")
    tom.submit_as(submission)
    assert [each.delayed for each in mary.arrived] == [True]


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


@pytest.mark.rule("O7")
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


def test_nobody_is_told_of_what_a_session_that_is_over_hands_over(office, tom):
    tom.sign_out()
    assert office.feed(facts.Submitted(tom.session, 1, Submission("m1", ("mary",), b"x"))) == []
    assert office.store.view.envelopes("m1") == ()


# --- handing over again


@pytest.mark.rule("M4", "I5")
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


@pytest.mark.rule("M4", "I5")
def test_a_retry_in_the_same_batch_makes_no_second_message(office, tom):
    mary = office.sign_in("mary")
    submission = Submission("m1", ("mary",), b"hello")
    office.feed(*(facts.Submitted(tom.session, request, submission) for request in (1, 2, 3)))
    assert mary.ids == ["m1"]
    assert [effect.request for effect in tom.told if isinstance(effect, Answer)] == [1, 2, 3]


@pytest.mark.rule("M4", "I1", "I5")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_a_retry_after_a_restart_makes_no_second_message(office, tom, way):
    submission = Submission("m1", ("mary",), b"hello")
    tom.submit_as(submission)
    getattr(office, way)()
    assert states(office.sign_in("tom").submit_as(submission)) == [State.HELD]
    assert office.sign_in("mary").ids == ["m1"]


@pytest.mark.rule("M4")
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


@pytest.mark.rule("M4", "D4")
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


@pytest.mark.rule("W6", "W25", "W27", "V1", "L3", "L5")
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
        ({"when": replace(AVAILABLE, dwell=3_601)}, "dwell_out_of_range"),
        ({"when": replace(AVAILABLE, dwell=60), "valid_for": 60}, "dwell_too_long"),
        ({"when": Condition(not_before=NOON_MS + 60_000), "valid_for": 60}, "begins_too_late"),
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


@pytest.mark.rule("V1", "L3")
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


@pytest.mark.rule("W25")
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


@pytest.mark.rule("L1", "L4", "L5")
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


@pytest.mark.rule("L2", "L4", "L5")
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


@pytest.mark.rule("L5")
def test_a_quota_of_one_recipient_refuses_the_message_for_all(office, tom):
    office.restart(held_per_pair_max=1)
    tom = office.sign_in("tom")
    tom.submit("mary")
    assert code(tom.try_submit("john", "mary", id="over")) == "too_many_held"
    assert office.sign_in("john").arrived == []


@pytest.mark.rule("L1")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_quotas_hold_over_a_restart(office, tom, way):
    office.restart(held_per_pair_max=2)
    tom = office.sign_in("tom")
    tom.submit("mary")
    tom.submit("mary")
    getattr(office, way)()
    tom = office.sign_in("tom")
    assert code(tom.try_submit("mary")) == "too_many_held"


ALMOST_FULL = 2**60
"""So many free bytes no disk has."""


@pytest.mark.rule("L8", "L5")
def test_while_the_disk_is_almost_full_nothing_new_is_accepted(office, tom):
    known = Submission("known", ("mary",), b"hello")
    tom.submit_as(known)
    office.store.reserve.free_min_bytes = ALMOST_FULL
    for what in ({}, {"body": b"", "alert": True, "when": AVAILABLE}):
        reply = tom.try_submit("mary", id="new", **what)
        assert code(reply) == "disk_low"
        assert "Nothing accepted is lost" in reply.refused.text
        assert "free some space, then send this again" in reply.refused.text
    assert office.store.view.envelopes("new") == ()
    assert states(tom.submit_as(known)) == [State.HELD]
    assert code(tom.submit_as(Submission("known", ("mary",), b"other"))) == "id_taken"
    assert code(tom.try_submit("nobody")) == "unknown_person", "what is wrong with it is told first"
    assert office.sign_in("mary").ids == ["known"]
    office.store.reserve.free_min_bytes = 0
    assert states(tom.try_submit("mary", id="new")) == [State.RELEASED]


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


@pytest.mark.rule("L1", "L2")
def test_the_quotas_of_the_law(office):
    assert office.limits.held_per_pair_max == 200
    assert office.limits.held_per_sender_max == 2_000


# --- what the recipient does not offer

HIDDEN = Rule(Audience.NOBODY)
UNUSABLE = Rule(usable=False)
CHOSEN = Rule(Audience.CHOSEN, ("john",))
HAPPY = one_group(("UserMood", "eq", "HAPPY"))


@pytest.mark.rule("S2", "S5", "S10", "L5")
@pytest.mark.parametrize("rule", [HIDDEN, UNUSABLE, CHOSEN], ids=repr)
@pytest.mark.parametrize("present", [True, False])
def test_what_is_not_offered_is_refused_and_nothing_is_kept(office, tom, rule, present):
    mary = office.sign_in("mary", UserMood="HAPPY")
    mary.allow(Privacy(rules={"UserMood": rule}))
    if not present:
        mary.sign_out()
    assert code(tom.try_submit("mary", when=HAPPY, id="m1")) == "not_offered"
    assert office.store.view.envelopes("m1") == ()
    assert code(tom.try_submit("ann", "mary", when=HAPPY)) == "not_offered", "by one of several"
    assert isinstance(office.sign_in("john").try_submit("mary", when=HAPPY), Answer) is (rule is CHOSEN)


@pytest.mark.rule("S11", "I9")
def test_hidden_and_not_to_be_used_are_one_refusal_to_the_last_byte(office, tom):
    mary = office.sign_in("mary")
    said = set()
    for rules in (
        {"UserMood": HIDDEN},
        {"UserMood": UNUSABLE},
        {"UserMood": CHOSEN},
        {"UserMood": Rule(Audience.NOBODY, usable=False)},
    ):
        for mood in ("HAPPY", "SAD"):
            mary.set(UserMood=mood)
            mary.allow(Privacy(rules=rules))
            refused = tom.try_submit("mary", when=HAPPY).refused
            said.add((refused.code, refused.text, refused.clause))
    assert len(said) == 1


@pytest.mark.rule("S6")
def test_what_nobody_has_decided_about(office, tom):
    office.sign_in("mary", FreeTextLocation="here", Idle=600, StatusText="here")
    for name, refused in (("FreeTextLocation", True), ("StatusText", False)):
        reply = tom.try_submit("mary", when=one_group((name, "contains", "here")))
        assert isinstance(reply, Answer) is not refused
    assert code(tom.try_submit("mary", when=one_group(("Idle", "ge", 300)))) == "not_offered"


@pytest.mark.rule("S10")
def test_a_group_that_needs_nothing_hidden_is_enough(office, tom):
    mary = office.sign_in("mary", UserMood="HAPPY", UserAvailability="NOT_AVAILABLE")
    mary.allow(Privacy(rules={"UserMood": HIDDEN}))
    either = Condition(any=(*HAPPY.any, *AVAILABLE.any))
    id = tom.submit("mary", when=either)
    assert office.state(id) is State.HELD, "the hidden one is unknown"
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [id]


@pytest.mark.rule("W23", "S10")
def test_a_window_needs_a_time_zone_that_is_offered(office, tom):
    mary = office.sign_in("mary", TimeZone="UTC")
    when = Condition(window=Window("00:00", "24:00"))
    mary.allow(Privacy(rules={"TimeZone": UNUSABLE}))
    reply = tom.try_submit("mary", when=when)
    assert code(reply) == "not_offered"
    assert "TimeZone" in reply.refused.text
    mary.allow(Privacy())
    assert states(tom.try_submit("mary", when=when)) == [State.RELEASED]


@pytest.mark.rule("S12", "S13")
def test_what_a_blocked_person_sends_is_accepted_and_waits(office, tom):
    mary = office.sign_in("mary", UserMood="HAPPY")
    mary.allow(Privacy(blocked=("tom",)))
    for when in (WHEN_ONLINE, AVAILABLE, HAPPY, replace(AVAILABLE, dwell=5)):
        assert states(tom.try_submit("mary", when=when)) == [State.HELD]
    assert mary.arrived == []


# --- alerts, and what is to become of it


@pytest.mark.rule("R1", "R5")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"body": b"x"}, "alert_without_text"),
        ({"keep_order": True}, "alert_without_text"),
        ({"otherwise": Otherwise.DELIVER}, "alert_without_text"),
    ],
    ids=str,
)
def test_an_alert_carries_nothing(office, tom, change, why):
    good = Submission("m1", ("mary",), b"", alert=True)
    assert code(tom.submit_as(replace(good, **change))) == why
    assert office.store.view.envelopes("m1") == ()
    assert states(tom.submit_as(replace(good, otherwise=Otherwise.DRAFTS))) == [State.HELD]


@pytest.mark.rule("R5", "S11")
@pytest.mark.parametrize("rule", [HIDDEN, UNUSABLE, CHOSEN], ids=repr)
def test_an_alert_needs_an_online_status_that_is_offered(office, tom, rule):
    office.sign_in("mary").allow(Privacy(rules={"OnlineStatus": rule}))
    reply = tom.try_submit("mary", body=b"", alert=True, when=AVAILABLE)
    assert code(reply) == "not_offered"
    assert "OnlineStatus" in reply.refused.text
    assert states(tom.try_submit("mary", when=replace(AVAILABLE, dwell=5))) == [State.HELD], (
        "a message does not"
    )


@pytest.mark.rule("L1", "L2")
def test_an_alert_counts_like_a_message(office, tom):
    office.restart(held_per_pair_max=2)
    tom = office.sign_in("tom")
    tom.submit("mary", body=b"", alert=True)
    tom.submit("mary")
    assert code(tom.try_submit("mary", body=b"", alert=True)) == "too_many_held"
    assert code(tom.try_submit("mary")) == "too_many_held"
    office.sign_in("mary")
    assert states(tom.try_submit("mary", body=b"", alert=True)) == [State.DELIVERED]


@pytest.mark.parametrize(
    "change",
    [
        {"alert": True, "body": b""},
        {"otherwise": Otherwise.DRAFTS},
        {"when": replace(WHEN_ONLINE, edge=True)},
    ],
    ids=str,
)
def test_something_of_another_kind_under_the_same_id_is_refused(office, tom, change):
    submission = Submission("m1", ("mary",), b"hello")
    tom.submit_as(submission)
    assert code(tom.submit_as(replace(submission, **change))) == "id_taken"


@pytest.mark.rule("M4", "M12")
def test_a_retry_in_a_second_life_is_answered(office, tom):
    submission = Submission("m1", ("mary",), b"hello", when=HAPPY, valid_for=60, otherwise=Otherwise.DELIVER)
    tom.submit_as(submission)
    office.after(60)
    (receipt,) = tom.submit_as(submission).receipts
    assert (receipt.state, receipt.second) == (State.HELD, True)


@pytest.mark.rule("S8", "I9")
def test_a_retry_with_another_text_does_not_say_that_the_first_has_arrived(office, tom):
    mary = office.sign_in("mary")
    mary.allow(Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)}))
    id = tom.submit("mary", body="hello")
    replies = [tom.try_submit("mary", id=id, body="another")]
    mary.acknowledge(id)
    replies.append(tom.try_submit("mary", id=id, body="another"))
    assert replies[0].receipts == replies[1].receipts
    assert mary.arrived[0].body == b"hello"


# --- a chain


@pytest.mark.rule("O11", "L5")
def test_a_chain_has_at_most_twenty_messages(office, tom):
    ids = [tom.submit("mary", keep_order=True) for _ in range(20)]
    reply = tom.try_submit("mary", keep_order=True, id="over")
    assert code(reply) == "chain_too_long"
    assert "20" in reply.refused.text
    assert office.store.view.envelopes("over") == ()
    assert isinstance(tom.try_submit("john", keep_order=True), Answer), "of somebody else's there may be more"
    tom.withdraw(ids[0])
    assert isinstance(tom.try_submit("mary", keep_order=True, id="over"), Answer)
    assert code(tom.try_submit("mary", keep_order=True)) == "chain_too_long"
    free = tom.submit("mary")
    assert tom.why(tom.submit("mary", keep_order=True)).standings[0].behind == free, "a chain of its own"


@pytest.mark.rule("O11", "O12")
@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_one_that_ends_in_the_middle_makes_room_for_one(office, tom, end):
    ids = [tom.submit("mary", keep_order=True, valid_for=60 if n == 18 else 3600) for n in range(20)]
    if end == "withdrawn":
        tom.withdraw(ids[18])
    office.after(60)
    tom.submit("mary", keep_order=True)
    assert code(tom.try_submit("mary", keep_order=True)) == "chain_too_long"


@pytest.mark.rule("O11", "O12")
def test_what_has_gone_is_in_no_chain(office, tom):
    first, second = tom.submit("mary", keep_order=True), tom.submit("mary", keep_order=True)
    mary = office.sign_in("mary")
    mary.acknowledge(first)
    mary.sign_out()
    assert office.state(second) is State.HELD
    for _ in range(19):
        tom.submit("mary", keep_order=True)
    assert code(tom.try_submit("mary", keep_order=True)) == "chain_too_long"


@pytest.mark.rule("O10")
def test_it_stands_behind_the_last_and_says_so(office, tom):
    ids = [tom.submit("mary", keep_order=True) for _ in range(3)]
    assert [tom.why(id).standings[0].behind for id in ids] == ["", *ids[:2]]
    tom.submit("mary", body=b"", alert=True)
    assert tom.why(tom.submit("mary", keep_order=True)).standings[0].behind == ids[2], "not behind an alert"


@pytest.mark.rule("O10")
@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_it_stands_behind_nothing_that_has_ended(office, tom, end):
    first, second = tom.submit("mary"), tom.submit("mary", valid_for=60)
    if end == "withdrawn":
        tom.withdraw(second)
    office.after(60)
    assert tom.why(tom.submit("mary", keep_order=True)).standings[0].behind == first


@pytest.mark.rule("O11", "L4")
def test_a_retry_is_answered_with_a_full_chain(office, tom):
    office.restart(chained_max=1)
    tom = office.sign_in("tom")
    submission = Submission("m1", ("mary",), b"x", keep_order=True)
    assert states(tom.submit_as(submission)) == states(tom.submit_as(submission)) == [State.HELD]
    assert code(tom.try_submit("mary", keep_order=True)) == "chain_too_long"
