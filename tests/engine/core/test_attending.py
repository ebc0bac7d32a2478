"""Who comes and who goes: sign-in, the grace of a lost link, and presence as one version."""

import pytest

from tact_engine.core import effects as out
from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, one_group
from tact_engine.core.envelope import State
from tact_engine.core.presence import ONLINE_STATUS, Presence, Reading
from tests.support.heart import NOON_MS, Desk, Office, code, states

GRACE_SECONDS = 10


def announced(desk: Desk, handle: str) -> list[Presence]:
    """The versions of `handle` that a desk was told of."""
    versions = [effect.presence for effect in desk.told if isinstance(effect, out.Announce)]
    return [presence for presence in versions if presence.handle == handle]


def online(office: Office, handle: str) -> bool:
    return office.presence(handle).online


# --- signing in


def test_a_free_handle_is_taken_by_the_first_device(office):
    tom = office.sign_in("tom", device="laptop")
    assert tom.welcomed
    assert online(office, "tom")
    assert office.presence("tom").version == 1
    assert office.store.view.devices("tom") == {"laptop"}


def test_the_bound_device_comes_back(office):
    office.sign_in("tom", device="laptop").sign_out()
    assert office.sign_in("tom", device="laptop").welcomed


@pytest.mark.parametrize("present", [True, False])
def test_another_device_is_rejected_and_nothing_changes(office, present):
    tom = office.sign_in("tom", device="laptop")
    if not present:
        tom.sign_out()
    before = office.presence("tom")
    thief = office.sign_in("tom", device="phone", UserMood="HAPPY")
    (told,) = thief.told
    assert isinstance(told, out.Reject)
    assert (told.session, told.refused.code) == (thief.session, "handle_taken")
    assert "tom" in told.refused.text
    assert office.presence("tom") == before
    assert office.store.view.handle_of(thief.session) is None


def test_of_two_devices_in_one_batch_the_first_gets_the_handle(office):
    effects = office.feed(facts.SignedIn(101, "tom", "laptop", {}), facts.SignedIn(102, "tom", "phone", {}))
    said = [(type(effect), effect.session) for effect in effects if not isinstance(effect, out.Announce)]
    assert said == [(out.Welcome, 101), (out.Reject, 102)]
    assert office.store.view.handle_of(101) == "tom"
    assert office.store.view.handle_of(102) is None


@pytest.mark.parametrize("handle", ["to", "tom", "t" * 32, "a.b-c_9", "007"])
def test_a_good_handle(office, handle):
    assert office.sign_in(handle).welcomed


@pytest.mark.parametrize(
    "handle",
    ["", "t", "t" * 33, "Tom", "to m", "tom\n", "törn", "tom!", "../tom", "тom", "a\x00b", "t" * 60_000],
)
def test_a_bad_handle_is_rejected_with_what_is_allowed(office, handle):
    effects = office.feed(facts.SignedIn(101, handle, "laptop", {}))
    (told,) = effects
    assert told.refused.code == "bad_handle"
    assert "2 to 32" in told.refused.text
    assert len(told.refused.text) < 200
    assert office.store.view.person(handle) is None


def test_whoever_signs_in_learns_of_everybody_themselves_first(office):
    office.sign_in("tom", UserMood="SAD")
    office.away("john")
    mary = office.sign_in("mary", StatusText="hello")
    (welcome,) = [effect for effect in mary.told if isinstance(effect, out.Welcome)]
    assert welcome.people[0].handle == "mary"
    assert {person.handle: person for person in welcome.people} == {
        handle: office.presence(handle) for handle in ("mary", "tom", "john")
    }


def test_everybody_learns_of_whoever_signs_in(office):
    tom = office.sign_in("tom")
    tom.forget()
    office.sign_in("mary", UserMood="SAD")
    assert announced(tom, "mary") == [office.presence("mary")]


def test_the_presence_of_a_sign_in_is_one_version(office):
    tom = office.sign_in("tom")
    office.sign_in("mary", UserAvailability="AVAILABLE").sign_out()
    before = office.presence("mary").version
    tom.forget()
    office.sign_in("mary", UserAvailability="NOT_AVAILABLE", UserMood="ANGRY", StatusText="no")
    (version,) = announced(tom, "mary")
    assert version.version == before + 1
    assert version.online
    assert (version.value("UserAvailability"), version.value("UserMood")) == ("NOT_AVAILABLE", "ANGRY")


def test_nothing_fires_on_the_presence_of_yesterday(office):
    office.sign_in("mary", UserAvailability="AVAILABLE").sign_out()
    tom = office.sign_in("tom")
    waiting = tom.submit("mary", when=PRESETS["available"])
    office.after(3600)
    mary = office.sign_in("mary", UserAvailability="NOT_AVAILABLE")
    assert mary.arrived == []
    assert office.state(waiting) is State.HELD
    mary.set(UserAvailability="AVAILABLE")
    assert mary.ids == [waiting]


@pytest.mark.parametrize(
    "presence", [{"UserMood": "FINE"}, {"Weather": "fog"}, {ONLINE_STATUS: False}], ids=str
)
def test_a_sign_in_with_a_wrong_presence_is_rejected_whole(office, presence):
    mary = office.sign_in("mary", **{"StatusText": "hello"} | presence)
    assert [type(effect) for effect in mary.told] == [out.Reject]
    assert office.store.view.person("mary") is None
    assert office.store.view.sessions("mary") == 0
    assert office.sign_in("mary", device="another").welcomed, "the handle is still free"


# --- several sessions


def test_a_second_session_that_says_nothing_new_is_no_version(office):
    tom = office.sign_in("tom")
    office.sign_in("mary")
    before = office.presence("mary")
    tom.forget()
    assert office.sign_in("mary").welcomed
    assert office.presence("mary") is before
    assert announced(tom, "mary") == []


@pytest.mark.parametrize("leave", ["sign_out", "lose_link"])
@pytest.mark.parametrize("first", [True, False])
def test_a_second_session_keeps_one_online(office, leave, first):
    tom = office.sign_in("tom")
    desks = [office.sign_in("mary"), office.sign_in("mary")]
    if not first:
        desks.reverse()
    on_its_way = tom.submit("mary")
    before = office.presence("mary")
    getattr(desks[0], leave)()
    office.after(GRACE_SECONDS - 1)
    assert office.presence("mary") is before
    assert office.state(on_its_way) is State.RELEASED, "the other session has its copy"
    office.after(60)
    assert online(office, "mary")
    getattr(desks[1], leave)()
    office.after(GRACE_SECONDS)
    assert not online(office, "mary")


def test_both_sessions_get_every_message(office):
    tom = office.sign_in("tom")
    desks = [office.sign_in("mary"), office.sign_in("mary")]
    sent = tom.submit("mary")
    assert [desk.ids for desk in desks] == [[sent], [sent]]


def test_the_last_word_of_any_session_counts(office):
    one, other = office.sign_in("mary"), office.sign_in("mary")
    one.set(UserMood="SAD")
    other.set(UserMood="HAPPY")
    one.sign_out()
    assert office.presence("mary").value("UserMood") == "HAPPY"


# --- leaving


def test_a_clean_sign_out_is_offline_at_once(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary", UserMood="SAD")
    before = office.presence("mary")
    office.asleep(5)
    tom.forget()
    mary.sign_out()
    (version,) = announced(tom, "mary")
    assert (version.online, version.version) == (False, before.version + 1)
    assert version.readings[ONLINE_STATUS] == Reading(False, NOON_MS + 5_000, source="engine")
    assert version.readings["UserMood"] == before.readings["UserMood"]
    assert office.store.next_wake(office.now) is None, "there is no grace to wait for"


def test_a_clean_sign_out_holds_again_what_was_on_its_way(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    sent = tom.submit("mary")
    mary.sign_out()
    assert office.state(sent) is State.HELD
    assert tom.heard == [(sent, State.HELD)]


def test_a_lost_link_shows_offline_after_the_grace_and_not_before(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    tom.forget()
    mary.lose_link()
    office.after(GRACE_SECONDS - 0.001)
    assert online(office, "mary")
    assert announced(tom, "mary") == []
    office.after(0.001)
    assert not online(office, "mary")
    (version,) = announced(tom, "mary")
    assert version.readings[ONLINE_STATUS].since == NOON_MS + 10_000
    office.after(3600)
    assert len(announced(tom, "mary")) == 1


def test_a_lost_link_holds_again_what_was_on_its_way(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    sent = tom.submit("mary")
    mary.lose_link()
    assert office.state(sent) is State.HELD
    assert tom.heard == [(sent, State.HELD)]


def test_meanwhile_nothing_is_released_to_a_lost_link(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    before = tom.submit("mary")
    mary.lose_link()
    during = tom.submit("mary")
    conditional = tom.submit("mary", when=PRESETS["available"])
    tom.send_now(conditional)
    office.after(GRACE_SECONDS - 1)
    assert online(office, "mary"), "she still shows online"
    assert [office.state(id) for id in (before, during, conditional)] == [State.HELD] * 3


def test_a_link_that_resumes_within_the_grace_is_looked_at_again_though_the_version_did_not_change(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    first = tom.submit("mary")
    mary.lose_link()
    second = tom.submit("mary")
    before = office.presence("mary")
    office.after(GRACE_SECONDS - 1)
    tom.forget()
    mary = office.sign_in("mary")
    assert office.presence("mary") is before
    assert announced(tom, "mary") == []
    assert mary.ids == [first, second]
    assert all(delivery.delayed for delivery in mary.arrived)
    office.after(3600)
    assert online(office, "mary"), "the grace is over for good"


def test_the_grace_of_one_is_not_the_grace_of_another(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    tom.lose_link()
    office.after(5)
    mary.lose_link()
    office.after(5)
    assert (online(office, "tom"), online(office, "mary")) == (False, True)
    office.after(5)
    assert not online(office, "mary")


def test_the_grace_goes_by_the_monotonic_clock(office):
    mary = office.sign_in("mary")
    mary.lose_link()
    office.now = facts.Moment(office.now.utc_ms + 3_600_000, office.now.ticks_ms + 9_999)
    office.wake()
    assert online(office, "mary")
    office.now = facts.Moment(office.now.utc_ms, office.now.ticks_ms + 1)
    office.wake()
    assert not online(office, "mary")


def test_a_second_lost_link_begins_a_grace_of_its_own(office):
    office.sign_in("mary").lose_link()
    office.after(6)
    office.sign_in("mary").lose_link()
    office.after(6)
    assert online(office, "mary")
    office.after(4)
    assert not online(office, "mary")


def test_after_the_grace_a_sign_in_is_a_new_version(office):
    office.sign_in("mary").lose_link()
    office.after(GRACE_SECONDS)
    gone = office.presence("mary").version
    office.sign_in("mary")
    assert office.presence("mary").version == gone + 1


# --- after the end of a session


def test_a_session_that_is_over_says_nothing_any_more(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    sent = tom.submit("mary")
    mary.sign_out()
    before = office.presence("mary")
    late = (
        facts.SignedOut(mary.session),
        facts.LinkLost(mary.session),
        facts.PresenceSet(mary.session, 1, {"UserMood": "HAPPY"}),
        facts.Acknowledged(mary.session, (sent,)),
        facts.MarkedRead(mary.session, (sent,)),
        facts.Noted(mary.session, 5),
    )
    assert office.feed(*late) == []
    assert office.presence("mary") is before
    assert office.state(sent) is State.HELD


def test_requests_of_a_session_that_is_over_are_refused_whoever_it_was(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary", UserAvailability="NOT_AVAILABLE")
    waiting = tom.submit("mary", when=PRESETS["available"])
    tom.sign_out()
    for late in (
        facts.Edited(tom.session, 1, waiting, 1, facts.Amendment(body=b"changed")),
        facts.SentNow(tom.session, 1, waiting),
        facts.Withdrawn(tom.session, 1, waiting),
    ):
        (told,) = office.feed(late)
        assert told.refused.code == "unknown_message"
    assert mary.arrived == []
    assert office.envelope(waiting).revision == 1


# --- setting one's presence


def test_several_changes_are_one_version_and_one_announcement(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    before = office.presence("mary").version
    tom.forget()
    reply = mary.set(UserMood="HAPPY", StatusText="hello", Activity="LUNCH")
    assert states(reply) == []
    (version,) = announced(tom, "mary")
    assert version.version == before + 1
    assert version == office.presence("mary")


def test_a_change_that_says_nothing_new_is_answered_and_announced_to_nobody(office):
    mary = office.sign_in("mary", UserMood="HAPPY")
    before = office.presence("mary")
    mary.forget()
    assert states(mary.set(UserMood="HAPPY")) == []
    assert announced(mary, "mary") == []
    assert office.presence("mary") is before


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"UserMood": "FINE"}, "bad_value"),
        ({"Weather": "fog"}, "unknown_attribute"),
        ({ONLINE_STATUS: False}, "not_yours_to_set"),
        ({"StatusText": "x" * 281}, "bad_value"),
    ],
)
def test_a_wrong_change_is_refused_whole_and_nobody_hears_of_it(office, changes, why):
    tom, mary = office.sign_in("tom"), office.sign_in("mary", UserAvailability="NOT_AVAILABLE")
    waiting = tom.submit("mary", when=PRESETS["available"])
    before = office.presence("mary")
    tom.forget()
    assert code(mary.set(**{"UserAvailability": "AVAILABLE"} | changes)) == why
    assert office.presence("mary") is before
    assert tom.told == []
    assert office.state(waiting) is State.HELD


def test_a_refusal_does_not_carry_back_what_was_sent(office):
    reply = office.sign_in("mary").set(**{"x" * 50_000: "a"})
    assert code(reply) == "unknown_attribute"
    assert len(reply.refused.text) < 1_000


def test_a_text_is_found_however_it_was_composed(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary", StatusText="cafe\u0301")
    sent = tom.submit("mary", when=one_group(("StatusText", "contains", "cafe\u0301")))
    assert mary.ids == [sent]


def test_one_change_releases_all_that_it_makes_true_as_one_batch(office):
    """Many conditions, one version, one batch, in the order of acceptance."""
    tom, john = office.sign_in("tom"), office.sign_in("john")
    mary = office.sign_in("mary", UserAvailability="NOT_AVAILABLE", UserMood="ANGRY", StatusText="no")
    conditions = [
        one_group(("UserMood", "ne", "ANGRY")),
        one_group(("UserAvailability", "ne", "NOT_AVAILABLE")),
        one_group(("StatusText", "contains", "yes")),
        one_group(("UserMood", "eq", "HAPPY"), ("UserAvailability", "eq", "AVAILABLE")),
    ]
    never = tom.submit("mary", when=one_group(("UserMood", "eq", "SAD")))
    sent = [(tom if turn % 2 else john).submit("mary", when=conditions[turn % 4]) for turn in range(3, 23)]
    assert mary.arrived == []
    mary.set(UserMood="HAPPY", UserAvailability="AVAILABLE", StatusText="Yes!")
    (batch,) = mary.batches
    assert batch.batch == office.presence("mary").version
    assert [delivery.id for delivery in batch.deliveries] == sent
    assert [delivery.sequence for delivery in batch.deliveries] == list(range(1, 21))
    assert office.state(never) is State.HELD


def test_a_change_that_concerns_no_condition_releases_nothing(office):
    tom = office.sign_in("tom")
    mary = office.sign_in("mary", UserMood="ANGRY")
    waiting = tom.submit("mary", when=PRESETS["not angry"])
    mary.set(StatusText="still angry")
    assert mary.arrived == []
    mary.set(UserMood="NONE")
    assert mary.ids == [waiting], "nothing in particular is a mood as well"


def test_nobody_else_gets_it(office):
    tom, john = office.sign_in("tom"), office.sign_in("john")
    mary = office.sign_in("mary", UserMood="ANGRY")
    tom.submit("mary", when=PRESETS["not angry"])
    john.set(UserMood="HAPPY")
    mary.set(UserMood="HAPPY")
    assert len(mary.ids) == 1
    assert tom.ids == john.ids == []


# --- a restart


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_after_a_restart_everybody_is_offline_until_they_sign_in(office, way):
    office.sign_in("tom")
    mary = office.sign_in("mary", UserMood="SAD")
    mary.lose_link()
    office.away("john")
    before = {handle: office.presence(handle) for handle in ("tom", "mary", "john")}
    office.asleep(100)
    getattr(office, way)()
    for handle, old in before.items():
        assert not online(office, handle)
        assert office.presence(handle).version == old.version + old.online
        assert office.presence(handle).value("UserMood") == old.value("UserMood")
    assert office.presence("tom").readings[ONLINE_STATUS].since == NOON_MS + 100_000
    assert office.store.next_wake(office.now) is None


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_after_a_restart_nothing_is_released_from_remembered_presence(office, way):
    tom = office.sign_in("tom")
    office.sign_in("mary", UserMood="HAPPY")
    on_its_way = tom.submit("mary")
    getattr(office, way)()
    assert office.state(on_its_way) is State.HELD
    tom = office.sign_in("tom")
    later = tom.submit("mary", when=PRESETS["not angry"])
    office.after(3600)
    assert office.state(later) is State.HELD
    mary = office.sign_in("mary", UserMood="ANGRY")
    assert mary.ids == [on_its_way]
    mary.set(UserMood="SAD")
    assert mary.ids == [on_its_way, later]
