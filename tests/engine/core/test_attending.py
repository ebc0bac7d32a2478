"""Who comes and who goes: sign-in, the grace of a lost link, and presence as one version."""

import pytest
from msgspec.structs import replace

from tact_engine.core import effects as out
from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, one_group
from tact_engine.core.envelope import State
from tact_engine.core.presence import ONLINE_STATUS, Presence, Reading, Value, seen
from tact_engine.core.privacy import Audience, Privacy, Rule, shown
from tests.support.heart import NOON_MS, OPEN_DOOR, Desk, Office, code, states

GRACE_SECONDS = 10


def announced(desk: Desk, handle: str) -> list[Presence]:
    """The versions of `handle` that a desk was told of, as it was shown them."""
    told = [effect for effect in desk.told if isinstance(effect, out.Announce)]
    versions = [effect.special.get(desk.handle, effect.common) for effect in told]
    return [presence for presence in versions if presence is not None and presence.handle == handle]


def sight(office: Office, handle: str, viewer: str) -> Presence:
    """What `viewer` is shown of `handle`."""
    return shown(office.presence(handle), office.store.view.privacy(handle), viewer)


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
    effects = office.feed(
        facts.SignedIn(101, "tom", "laptop", {}, ticket=OPEN_DOOR),
        facts.SignedIn(102, "tom", "phone", {}, ticket=OPEN_DOOR),
    )
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
    effects = office.feed(facts.SignedIn(101, handle, "laptop", {}, ticket=OPEN_DOOR))
    (told,) = effects
    assert told.refused.code == "bad_handle"
    assert "2 to 32" in told.refused.text
    assert len(told.refused.text) < 200
    assert office.store.view.person(handle) is None


@pytest.mark.rule("P18")
def test_whoever_signs_in_learns_of_everybody_themselves_first(office):
    office.sign_in("tom", UserMood="SAD")
    office.away("john")
    mary = office.sign_in("mary", StatusText="hello")
    (welcome,) = [effect for effect in mary.told if isinstance(effect, out.Welcome)]
    assert welcome.people[0].handle == "mary"
    assert {person.handle: person for person in welcome.people} == {
        handle: sight(office, handle, "mary") for handle in ("mary", "tom", "john")
    }
    assert welcome.people[0] == office.presence("mary"), "of oneself one sees everything"


@pytest.mark.rule("P18")
def test_everybody_learns_of_whoever_signs_in(office):
    tom = office.sign_in("tom")
    tom.forget()
    office.sign_in("mary", UserMood="SAD")
    assert announced(tom, "mary") == [sight(office, "mary", "tom")]


@pytest.mark.rule("P1", "P13")
def test_the_presence_of_a_sign_in_is_one_version(office):
    tom = office.sign_in("tom")
    office.sign_in("mary", UserAvailability="AVAILABLE").sign_out()
    before = office.presence("mary").version
    tom.forget()
    office.sign_in("mary", UserAvailability="NOT_AVAILABLE", UserMood="ANGRY", StatusText="no")
    (version,) = announced(tom, "mary")
    assert office.presence("mary").version == before + 1
    assert version.online
    assert (version.value("UserAvailability"), version.value("UserMood")) == ("NOT_AVAILABLE", "ANGRY")


@pytest.mark.rule("P13", "W30", "I2")
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


@pytest.mark.rule("P1")
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


@pytest.mark.rule("P12", "W23")
@pytest.mark.parametrize(("zone", "kept"), [("Europe/Helsinki", True), ("Mars/Olympus", False)])
def test_nobody_is_kept_out_because_their_time_zone_is_newer_than_the_engine(office, zone, kept):
    mary = office.sign_in("mary", TimeZone=zone, UserMood="HAPPY")
    assert mary.welcomed
    assert ("TimeZone" in office.presence("mary").readings) is kept
    assert office.presence("mary").value("UserMood") == "HAPPY"


def test_a_second_session_that_says_nothing_new_is_no_version(office):
    tom = office.sign_in("tom")
    office.sign_in("mary")
    before = office.presence("mary")
    tom.forget()
    assert office.sign_in("mary").welcomed
    assert office.presence("mary") is before
    assert announced(tom, "mary") == []


@pytest.mark.rule("P4", "P25")
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


@pytest.mark.rule("M5")
def test_both_sessions_get_every_message(office):
    tom = office.sign_in("tom")
    desks = [office.sign_in("mary"), office.sign_in("mary")]
    sent = tom.submit("mary")
    assert [desk.ids for desk in desks] == [[sent], [sent]]


@pytest.mark.rule("P26")
def test_the_last_word_of_any_session_counts(office):
    one, other = office.sign_in("mary"), office.sign_in("mary")
    one.set(UserMood="SAD")
    other.set(UserMood="HAPPY")
    one.sign_out()
    assert office.presence("mary").value("UserMood") == "HAPPY"


# --- leaving


@pytest.mark.rule("P2", "P14")
def test_a_clean_sign_out_is_offline_at_once(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary", UserMood="SAD")
    before = office.presence("mary")
    office.asleep(5)
    tom.forget()
    mary.sign_out()
    (version,) = announced(tom, "mary")
    assert not version.online
    assert version.readings[ONLINE_STATUS] == Reading(False, NOON_MS + 5_000, source="engine")
    assert version.readings["UserMood"] == before.readings["UserMood"]
    assert office.store.next_wake(office.now) is None, "there is no grace to wait for"


def test_a_clean_sign_out_holds_again_what_was_on_its_way(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    sent = tom.submit("mary")
    mary.sign_out()
    assert office.state(sent) is State.HELD
    assert tom.heard == [(sent, State.HELD)]


@pytest.mark.rule("P15")
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


@pytest.mark.rule("M14")
def test_a_lost_link_holds_again_what_was_on_its_way(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    sent = tom.submit("mary")
    mary.lose_link()
    assert office.state(sent) is State.HELD
    assert tom.heard == [(sent, State.HELD)]


@pytest.mark.rule("P16", "I2")
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


@pytest.mark.rule("P17", "I4")
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


@pytest.mark.rule("P15")
def test_the_grace_goes_by_the_monotonic_clock(office):
    mary = office.sign_in("mary")
    mary.lose_link()
    office.now = facts.Moment(office.now.utc_ms + 3_600_000, office.now.ticks_ms + 9_999)
    office.wake()
    assert online(office, "mary")
    office.now = facts.Moment(office.now.utc_ms, office.now.ticks_ms + 1)
    office.wake()
    assert not online(office, "mary")


@pytest.mark.rule("P15")
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
        facts.Acknowledged(mary.session, {sent: 1}),
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


@pytest.mark.rule("P1", "P18")
def test_several_changes_are_one_version_and_one_announcement(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    before = office.presence("mary").version
    tom.forget()
    reply = mary.set(UserMood="HAPPY", StatusText="hello", Activity="LUNCH")
    assert states(reply) == []
    (version,) = announced(tom, "mary")
    assert office.presence("mary").version == before + 1
    assert version == sight(office, "mary", "tom")


def test_a_change_that_says_nothing_new_is_answered_and_announced_to_nobody(office):
    mary = office.sign_in("mary", UserMood="HAPPY")
    before = office.presence("mary")
    mary.forget()
    assert states(mary.set(UserMood="HAPPY")) == []
    assert announced(mary, "mary") == []
    assert office.presence("mary") is before


@pytest.mark.rule("P1")
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


@pytest.mark.rule("U4", "O7", "I4", "I8")
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
    assert batch.batch == batch.deliveries[0].sequence
    assert [delivery.id for delivery in batch.deliveries] == sent
    assert [delivery.sequence for delivery in batch.deliveries] == list(range(1, 21))
    assert office.state(never) is State.HELD


@pytest.mark.rule("W13", "I2")
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


@pytest.mark.rule("P28")
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


@pytest.mark.rule("P28", "I2")
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


# --- until


def ends(office: Office, seconds: float) -> int:
    return office.now.utc_ms + round(seconds * 1000)


@pytest.mark.rule("P19", "P20", "U4", "I4")
def test_what_is_set_until_a_time_is_then_what_it_was_before(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    id = tom.submit("mary", when=replace(PRESETS["available"], edge=True))
    mary.set(until=ends(office, 60), UserAvailability="NOT_AVAILABLE")
    assert office.store.next_wake(office.now) == 60_000
    before = office.presence("mary").version
    tom.forget()
    office.after(59.999)
    assert (mary.arrived, announced(tom, "mary")) == ([], [])
    office.after(0.001)
    assert mary.ids == [id]
    (version,) = announced(tom, "mary")
    assert version.value("UserAvailability") == "AVAILABLE"
    assert office.presence("mary").version == before + 1


@pytest.mark.rule("P2")
def test_others_are_told_the_end_and_not_what_comes_after_it(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary", UserMood="SAD")
    tom.forget()
    mary.set(until=ends(office, 60), UserMood="HAPPY")
    (version,) = announced(tom, "mary")
    assert version.readings["UserMood"] == Reading("HAPPY", NOON_MS, NOON_MS + 60_000)
    own = announced(mary, "mary")[-1].readings["UserMood"]
    assert own.previous == Reading("SAD", NOON_MS)


@pytest.mark.rule("P21")
def test_ends_lie_within_one_another(office):
    mary = office.sign_in("mary")
    mary.set(until=ends(office, 120), UserAvailability="DISCREET")
    mary.set(until=ends(office, 60), UserAvailability="NOT_AVAILABLE")
    seen = []
    for _ in range(3):
        seen.append(office.presence("mary").value("UserAvailability"))
        office.after(60)
    assert seen == ["NOT_AVAILABLE", "DISCREET", "AVAILABLE"]


@pytest.mark.rule("P22")
def test_what_is_set_without_an_end_stays(office):
    mary = office.sign_in("mary")
    mary.set(until=ends(office, 60), UserMood="SAD")
    mary.set(UserMood="HAPPY")
    assert office.store.next_wake(office.now) is None
    office.after(3600)
    assert office.presence("mary").value("UserMood") == "HAPPY"


@pytest.mark.rule("P23")
@pytest.mark.parametrize("way", ["sign_out", "lose_link", "restart", "crash"])
def test_an_end_comes_also_while_one_is_not_there(office, way):
    tom, mary = office.sign_in("tom"), office.sign_in("mary", UserMood="HAPPY")
    mary.set(until=ends(office, 60), UserMood="ANGRY")
    getattr(mary if way in ("sign_out", "lose_link") else office, way)()
    tom = office.sign_in("tom")
    office.after(59)
    assert office.presence("mary").value("UserMood") == "ANGRY"
    tom.forget()
    office.after(1)
    assert office.presence("mary").value("UserMood") == "HAPPY"
    assert [each.value("UserMood") for each in announced(tom, "mary")] == ["HAPPY"]
    id = tom.submit("mary", when=PRESETS["not angry"])
    assert office.sign_in("mary").ids == [id]


@pytest.mark.rule("P23")
def test_an_end_comes_while_the_engine_is_down(office):
    office.sign_in("mary").set(until=ends(office, 60), UserMood="ANGRY")
    office.asleep(3600)
    office.restart()
    office.wake()
    assert office.presence("mary").value("UserMood") == "NONE"


@pytest.mark.rule("P13", "P19", "P23")
def test_a_sign_in_brings_its_ends_along_and_none_that_has_passed(office):
    presence: dict[str, Value | None] = {"UserMood": "SAD", "Activity": "LUNCH"}
    until = {"UserMood": ends(office, 0), "Activity": ends(office, 60)}
    office.feed(facts.SignedIn(900, "mary", "laptop", presence, until, OPEN_DOOR))
    assert office.presence("mary").version == 1
    assert office.presence("mary").value("UserMood") == "NONE", "the client slept over it"
    assert office.presence("mary").value("Activity") == "LUNCH"
    office.after(60)
    assert office.presence("mary").value("Activity") == "NONE"


@pytest.mark.rule("P19")
@pytest.mark.parametrize("end", [0, -1, 367 * 24 * 3600])
def test_an_end_that_has_passed_or_never_comes_is_refused_whole(office, end):
    mary = office.sign_in("mary")
    before = office.presence("mary")
    assert (
        code(mary.set(until={"UserMood": ends(office, end)}, UserMood="SAD", StatusText="x")) == "bad_until"
    )
    assert code(mary.set(until={"UserMood": ends(office, 60)}, StatusText="x")) == "bad_until"
    assert office.presence("mary") is before


@pytest.mark.rule("I2", "P20")
def test_at_one_instant_what_has_ended_does_not_release_what_another_end_frees(office):
    """A message is freed at the very moment at which its condition stops to be true."""
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    tom.submit("mary", when=one_group(("Activity", "eq", "LUNCH")), valid_for=60)
    tom.submit("mary", when=one_group(("UserMood", "eq", "HAPPY")), keep_order=True)
    mary.set(until=ends(office, 60), UserMood="HAPPY")
    office.after(60)
    assert mary.arrived == []


# --- idle


@pytest.mark.rule("P10", "P27")
def test_one_is_idle_as_the_least_idle_of_ones_sessions(office):
    desk, laptop = office.sign_in("mary", Idle=600), office.sign_in("mary", Idle=60)

    def rests() -> Reading | None:
        return office.presence("mary").readings.get("Idle")

    assert rests() == Reading(60, NOON_MS - 60_000, source="client")
    office.after(100)
    desk.set(Idle=0)
    assert rests() is None
    desk.set(Idle=10)
    assert rests() == Reading(10, office.now.utc_ms - 10_000, source="client")
    desk.sign_out()
    assert rests() == Reading(160, NOON_MS - 60_000, source="client")
    laptop.sign_out()
    assert rests() is None


@pytest.mark.rule("P24", "P10")
def test_what_is_noticed_by_itself_overwrites_nothing(office):
    mary = office.sign_in("mary", UserAvailability="AVAILABLE", Activity="WORKING")
    before = office.presence("mary")
    mary.set(Idle=600)
    after = office.presence("mary")
    assert {name: each for name, each in after.readings.items() if name != "Idle"} == before.readings
    version = after.version
    office.after(600)
    assert office.presence("mary").version == version, "it grows by itself"


def test_an_idle_time_that_is_none_is_refused_whole(office):
    mary = office.sign_in("mary")
    before = office.presence("mary")
    assert code(mary.set(Idle=-1, UserMood="SAD")) == "bad_value"
    assert office.presence("mary") is before
    assert [type(effect) for effect in office.sign_in("mary", Idle="long").told] == [out.Reject]


# --- who may see what


@pytest.mark.rule("S4", "P18")
def test_a_version_goes_exactly_to_those_whose_view_of_it_has_changed(office):
    tom, john, mary = office.sign_in("tom"), office.sign_in("john"), office.sign_in("mary")
    mary.allow(Privacy(rules={"UserMood": Rule(Audience.CHOSEN, ("john",))}))
    for desk in (tom, john, mary):
        desk.forget()
    mary.set(UserMood="HAPPY")
    assert [each.value("UserMood") for each in announced(john, "mary")] == ["HAPPY"]
    assert announced(tom, "mary") == [], "of a change in what is hidden not even that it was"
    assert announced(mary, "mary") == [office.presence("mary")]
    mary.set(UserMood="SAD", StatusText="hello")
    (version,) = announced(tom, "mary")
    assert (version.value("UserMood"), version.value("StatusText")) == (None, "hello")
    assert "UserMood" in version.hidden


@pytest.mark.rule("S4", "S5")
def test_other_rules_count_at_once(office):
    tom, john = office.sign_in("tom"), office.sign_in("john")
    mary, laptop = office.sign_in("mary", UserMood="SAD"), office.sign_in("mary")
    for desk in (tom, john, mary, laptop):
        desk.forget()
    rules = Privacy(rules={"UserMood": Rule(Audience.CHOSEN, ("john",))})
    assert states(mary.allow(rules)) == []
    assert [each.value("UserMood") for each in announced(tom, "mary")] == [None]
    assert announced(john, "mary") == [], "he sees what he saw"
    for desk in (mary, laptop):
        assert [each.privacy for each in desk.told if isinstance(each, out.TellPrivacy)] == [rules]
    assert not any(isinstance(each, out.TellPrivacy) for each in tom.told + john.told)
    mary.allow(Privacy(rules={"UserMood": Rule(usable=False)}))
    assert [each.unusable for each in announced(tom, "mary")][-1] == ("UserMood", "FreeTextLocation")


@pytest.mark.rule("S4")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_rules_outlive_a_restart(office, way):
    rules = Privacy(rules={"UserMood": Rule(Audience.NOBODY)}, blocked=("john",), vips=("tom",))
    office.away("john", "tom")
    office.sign_in("mary").allow(rules)
    getattr(office, way)()
    mary = office.sign_in("mary", UserMood="SAD")
    (welcome,) = [effect for effect in mary.told if isinstance(effect, out.Welcome)]
    assert welcome.privacy == rules
    (welcome,) = [effect for effect in office.sign_in("tom").told if isinstance(effect, out.Welcome)]
    assert "UserMood" not in next(each for each in welcome.people if each.handle == "mary").readings
    assert welcome.privacy == Privacy()


def test_rules_that_say_nothing_new_are_answered_and_no_more(office):
    mary = office.sign_in("mary")
    before = office.presence("mary")
    mary.forget()
    assert states(mary.allow(Privacy())) == []
    assert len(mary.told) == 1
    assert office.presence("mary") is before


def test_wrong_rules_are_refused_whole(office):
    mary = office.sign_in("mary")
    assert code(mary.allow(Privacy(rules={"Weather": Rule()}, blocked=("tom",)))) == "unknown_attribute"
    assert code(mary.allow(Privacy(blocked=("mary",)))) == "names_oneself"
    assert office.store.view.privacy("mary") == Privacy()
    mary.sign_out()
    assert office.feed(facts.PrivacySet(mary.session, 1, Privacy(blocked=("tom",)))) == []


@pytest.mark.rule("S12")
def test_whoever_is_blocked_sees_somebody_who_never_set_anything(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary", UserMood="SAD", Alias="Mary")
    nothing = office.sign_in("ann", Alias="Mary Too")
    nothing.sign_out()
    mary.allow(Privacy(blocked=("tom",)))
    version = announced(tom, "mary")[-1]
    assert not version.online
    assert set(version.readings) == {"Alias"}
    values, others = (seen(sight(office, who, "tom"), office.now.utc_ms) for who in ("mary", "ann"))
    assert values | {"Alias": "Mary Too"} == others
    tom.forget()
    mary.set(UserMood="HAPPY", UserAvailability="DISCREET")
    mary.sign_out()
    mary = office.sign_in("mary")
    assert announced(tom, "mary") == [], "comes and goes as she likes"
    mary.set(Alias="M.")
    assert [each.value("Alias") for each in announced(tom, "mary")] == ["M."]
    mary.allow(Privacy())
    assert announced(tom, "mary")[-1].value("UserMood") == "HAPPY"


@pytest.mark.rule("S13")
def test_what_waited_while_somebody_was_blocked_goes_when_they_no_longer_are(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    mary.allow(Privacy(blocked=("tom",)))
    gone, waiting = tom.submit("mary", valid_for=60), tom.submit("mary")
    office.after(60)
    assert tom.heard == [(gone, State.EXPIRED)], "like any other"
    mary.allow(Privacy())
    assert mary.ids == [waiting]
    mary.acknowledge(waiting)
    assert office.state(waiting) is State.DELIVERED


# --- a clock that only goes forward


@pytest.mark.rule("T3")
@pytest.mark.parametrize("trace", ["presence", "message", "end"])
def test_the_latest_time_is_known_after_a_restart(office, trace):
    tom = office.sign_in("tom")
    office.away("mary")
    id = tom.submit("mary", valid_for=60)
    office.after(50)
    match trace:
        case "presence":
            tom.set(UserMood="SAD")
        case "message":
            tom.submit("mary")
        case _:
            office.after(10)
            assert office.state(id) is State.EXPIRED
    latest = office.now.utc_ms
    office.crash()
    assert office.store.latest_ms == latest


@pytest.mark.rule("T3")
def test_a_clock_that_was_set_back_over_a_restart_makes_no_older_traces(office):
    tom = office.sign_in("tom")
    office.after(3600)
    tom.set(UserMood="SAD")
    latest = office.now.utc_ms
    office.now = facts.Moment(NOON_MS, 0)
    office.restart()
    assert office.presence("tom").readings[ONLINE_STATUS].since == latest


# --- another session of somebody who is here


@pytest.mark.rule("I4", "M14")
def test_what_is_on_its_way_goes_to_a_session_that_signs_in_meanwhile(office):
    tom, first = office.sign_in("tom"), office.sign_in("mary")
    id = tom.submit("mary")
    second = office.sign_in("mary")
    assert (first.ids, second.ids) == ([id, id], [id]), "the first link may be dead without anybody knowing"
    second.acknowledge(id)
    assert tom.heard[-1] == (id, State.DELIVERED)


# --- at the door of a closed engine: who is let in stands in test_joining


def test_who_brings_nothing_only_asks_and_a_host_who_comes_is_told(office):
    office.feed(facts.HostSought(b"c" * 16))
    assert office.knock("eve").refused == "asked_to_join"
    anna = office.knock("anna", token=b"c" * 16)
    told = [each for each in anna.told if isinstance(each, out.TellRequests)]
    assert [[request.handle for request in each.requests] for each in told] == [["eve"]]


def test_a_name_that_somebody_took_meanwhile_does_not_keep_its_old_owner_out(office):
    office.sign_in("mary", Alias="Mary").sign_out()
    office.sign_in("eve", Alias="Maria")
    mary = office.sign_in("mary", Alias="Maria", UserMood="SAD")
    assert mary.welcomed
    values = office.presence("mary")
    assert (values.value("Alias"), values.value("UserMood")) == ("Mary", "SAD")


def test_one_person_has_so_many_sessions_and_no_more(office):
    office.limits = office.store.view.limits = type(office.limits)(sessions_max=2)
    first = office.sign_in("mary")
    office.sign_in("mary")
    assert office.sign_in("mary").refused == "too_many_sessions"
    assert office.sign_in("tom").welcomed
    first.sign_out()
    assert office.sign_in("mary").welcomed


def test_whoever_comes_is_shown_everybody_as_they_may_see_them(office):
    for handle in ("john", "mary", "tom"):
        office.sign_in(handle, UserMood="HAPPY").allow(
            Privacy() if handle == "tom" else Privacy({"UserMood": Rule(Audience.CHOSEN, ("ann",))})
        )
    office.away("eve")
    for viewer in ("ann", "bob", "ann"):
        desk = office.sign_in(viewer)
        (welcome,) = (each for each in desk.told if isinstance(each, out.Welcome))
        own, *others = welcome.people
        assert own == office.presence(viewer)
        assert {each.handle for each in others} == {each.handle for each in office.store.view.people()} - {
            viewer
        }
        assert others == [sight(office, each.handle, viewer) for each in others]
        moods = {each.handle: "UserMood" in each.readings for each in others}
        assert (moods["john"], moods["tom"]) == (viewer == "ann", True)
        desk.set(UserMood="SAD")  # so that the next one is not shown what was true before


@pytest.mark.rule("S2")
def test_in_which_order_people_are_told_says_nothing_of_who_changed_lately(office):
    """Nor whether somebody changed what is hidden."""
    desks = [office.sign_in(handle) for handle in ("mary", "john", "tom")]
    desks[0].allow(Privacy({"UserMood": Rule(Audience.NOBODY)}))

    def told():
        desk = office.sign_in("ann")
        (welcome,) = (each for each in desk.told if isinstance(each, out.Welcome))
        desk.sign_out()
        return [each.handle for each in welcome.people]

    before = told()
    for changed in (0, 1, 2, 1, 0):
        desks[changed].set(
            UserMood="SAD" if office.presence(desks[changed].handle).value("UserMood") != "SAD" else "BORED"
        )
        assert told() == before
