"""What senders learn of their messages, now or when they are back, and what they do not."""

import pytest
from msgspec.structs import replace

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Condition, one_group
from tact_engine.core.effects import TellNews
from tact_engine.core.envelope import Otherwise, State, Submission
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.telling import more_news
from tact_engine.core.window import Window
from tests.support.heart import NOON_MS, code, states

AVAILABLE = PRESETS["available"]
BUSY = {"UserAvailability": "NOT_AVAILABLE"}


@pytest.fixture
def tom(office):
    office.away("mary", "john")
    return office.sign_in("tom")


# --- news


@pytest.mark.rule("N2")
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


@pytest.mark.rule("N2", "N3")
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


@pytest.mark.rule("N2", "N3")
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


@pytest.mark.rule("N1")
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


def test_a_session_that_is_none_has_noted_nothing(office, tom):
    mary = office.sign_in("mary")
    mary.acknowledge(tom.submit("mary"))
    assert office.feed(facts.Noted(999, 10**6)) == []
    tom.sign_out()
    assert len(office.sign_in("tom").news) == 1
    assert more_news("mary", 0, office.store.view).effects == ()


# --- what is told only with "read", or when the validity is over

HAPPY = one_group(("UserMood", "eq", "HAPPY"))
HIDE = {
    "online": Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)}),
    "mood": Privacy(rules={"UserMood": Rule(Audience.CHOSEN, ("john",))}),
    "zone": Privacy(rules={"TimeZone": Rule(Audience.NOBODY)}),
}
WHENS = {
    "online": WHEN_ONLINE,
    "mood": HAPPY,
    "zone": Condition(window=Window("00:00", "24:00")),
}


@pytest.fixture
def quietly(office, tom):
    """A message that has arrived while its sender may not see what it waited for; its recipient."""
    mary = office.sign_in("mary")
    mary.allow(HIDE["online"])
    id = tom.submit("mary", valid_for=600)
    assert mary.ids == [id]
    mary.acknowledge(id)
    assert office.state(id) is State.DELIVERED
    return mary, id


@pytest.mark.rule("S8", "S3", "I9")
@pytest.mark.parametrize("what", list(HIDE))
def test_what_left_and_arrived_is_not_told_where_its_sender_may_not_see_it(office, tom, what):
    mary = office.sign_in("mary", UserMood="HAPPY", TimeZone="UTC")
    id = tom.submit("mary", when=WHENS[what], valid_for=600)
    assert office.state(id) is State.RELEASED
    mary.allow(HIDE[what])
    mary.acknowledge(id)
    assert (office.state(id), tom.heard) == (State.DELIVERED, [])
    mary.mark_read(id)
    assert tom.heard == [(id, State.READ)]
    office.after(3600)
    assert tom.heard == [(id, State.READ)], "and that is all"


@pytest.mark.rule("S8")
def test_what_does_not_concern_the_condition_is_told_as_ever(office, tom):
    mary = office.sign_in("mary", UserMood="HAPPY")
    id = tom.submit("mary", when=HAPPY)
    mary.allow(HIDE["zone"])
    mary.acknowledge(id)
    assert tom.heard == [(id, State.DELIVERED)]


@pytest.mark.rule("S8")
def test_until_then_every_answer_says_held(office, tom):
    mary = office.sign_in("mary")
    mary.allow(HIDE["online"])
    submission = Submission("m1", ("mary",), b"x")
    seen = [tom.submit_as(submission).receipts[0]]
    office.after(5)
    seen.append(tom.submit_as(submission).receipts[0])
    mary.acknowledge("m1")
    office.after(5)
    seen += [tom.submit_as(submission).receipts[0], tom.why("m1").receipts[0]]
    assert {(each.state, each.since, each.revision) for each in seen} == {(State.HELD, NOON_MS, 1)}
    assert tom.heard == []
    mary.mark_read("m1")
    assert tom.why("m1").receipts[0].state is State.READ


@pytest.mark.rule("S8", "I9")
def test_nor_does_the_time_in_an_answer_say_that_it_left_and_came_back(office, tom):
    mary = office.sign_in("mary")
    mary.allow(HIDE["online"])
    id = tom.submit("mary")
    office.after(5)
    mary.lose_link()
    assert (office.state(id), office.envelope(id).since) == (State.HELD, NOON_MS + 5_000)
    assert tom.why(id).receipts[0].since == NOON_MS


@pytest.mark.rule("S8", "M25", "I9")
def test_nor_does_the_revision_of_what_was_edited_for_others_meanwhile(office, tom):
    mary = office.sign_in("mary")
    mary.allow(HIDE["online"])
    id = tom.submit("mary", "john", valid_for=600)
    tom.edit(id, body=b"two")
    mary.acknowledge(id, revision=1)
    tom.edit(id, 2, body=b"three", valid_for=900)
    hers, his = tom.why(id).receipts
    assert office.envelope(id, "mary").revision == 1
    assert (hers.state, hers.revision, hers.expires_at) == (State.HELD, his.revision, his.expires_at)


@pytest.mark.rule("S8")
@pytest.mark.parametrize("way", ["", "restart", "crash"])
def test_at_the_end_of_the_validity_the_truth_is_told(office, tom, quietly, way):
    _, id = quietly
    office.after(300)
    if way:
        getattr(office, way)()
        tom = office.sign_in("tom")
        office.sign_in("mary")
    office.after(299.999)
    assert tom.heard == []
    assert tom.why(id).receipts[0].state is State.HELD
    office.after(0.001)
    assert tom.heard == [(id, State.DELIVERED)]
    assert tom.why(id).receipts[0].state is State.DELIVERED
    assert office.store.next_wake(office.now) is None


@pytest.mark.rule("S8", "N2")
def test_the_truth_waits_for_whoever_is_away(office, tom, quietly):
    _, id = quietly
    tom.sign_out()
    office.after(700)
    assert office.sign_in("tom").heard == [(id, State.DELIVERED)]


@pytest.mark.rule("S8")
def test_being_read_after_a_restart_breaks_the_silence(office, tom, quietly):
    _, id = quietly
    office.crash()
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    mary.mark_read(id)
    assert tom.heard == [(id, State.READ)]
    office.after(700)
    assert tom.heard == [(id, State.READ)]


@pytest.mark.rule("S8", "I9")
def test_news_that_were_not_noted_do_not_break_the_silence(office, tom):
    """They say how it stands by now, when they are told again."""
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=HAPPY, valid_for=60, otherwise=Otherwise.DELIVER)
    released = tom.submit("mary", when=PRESETS["not angry"], valid_for=3600)
    mary.lose_link()
    mary = office.sign_in("mary")
    assert tom.heard == [(released, State.HELD), (released, State.RELEASED)]
    mary.allow(HIDE["online"])
    mary.acknowledge(released)
    office.after(60)
    mary.acknowledge(id)
    tom.sign_out()
    assert office.state(id) is office.state(released) is State.DELIVERED
    tom = office.sign_in("tom")
    assert set(tom.heard) == {(released, State.HELD), (id, State.HELD)}
    office.after(60)
    assert tom.heard[-1] == (id, State.DELIVERED)


@pytest.mark.rule("S8", "M14")
def test_that_it_got_lost_is_not_told_either(office, tom):
    mary = office.sign_in("mary")
    mary.allow(HIDE["online"])
    id = tom.submit("mary", valid_for=60)
    mary.lose_link()
    assert (office.state(id), tom.heard) == (State.HELD, [])
    office.after(60)
    assert tom.heard == [(id, State.EXPIRED)]
    office.sign_in("mary").acknowledge(id)
    office.wake()
    assert tom.heard[-1] == (id, State.DELIVERED), "and the truth counts at the end"


@pytest.mark.rule("S8")
def test_what_arrived_quietly_for_one_is_told_of_another(office, tom):
    mary, john = office.sign_in("mary"), office.sign_in("john")
    mary.allow(HIDE["online"])
    id = tom.submit("mary", "john")
    for desk in (mary, john):
        desk.acknowledge(id)
    assert [(each.recipient, each.state) for each in tom.news] == [("john", State.DELIVERED)]
    stands = tom.why(id).receipts
    assert [(each.recipient, each.state) for each in stands] == [
        ("mary", State.HELD),
        ("john", State.DELIVERED),
    ]


@pytest.mark.rule("S13", "S8")
def test_a_blocked_sender_hears_nothing_of_a_copy_that_was_on_its_way(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", valid_for=60)
    mary.allow(Privacy(blocked=("tom",)))
    mary.acknowledge(id)
    mary.mark_read(id)
    assert tom.heard == []
    assert tom.why(id).receipts[0].state is State.HELD
    office.after(60)
    assert tom.heard == [(id, State.DELIVERED)]


@pytest.mark.rule("S8")
def test_many_silences_end_in_several_sweeps(office, tom):
    office.restart(sweep_max=3)
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    mary.allow(HIDE["online"])
    ids = [tom.submit("mary", valid_for=60) for _ in range(10)]
    mary.acknowledge(*ids)
    office.after(60)
    assert tom.heard == [(id, State.DELIVERED) for id in ids]


# --- why it waits


def standing(tom, id):
    (found,) = tom.why(id).standings
    return found


@pytest.mark.rule("W29", "S2")
def test_it_is_said_clause_by_clause(office, tom):
    mary = office.sign_in("mary", UserMood="HAPPY", **BUSY)
    both = one_group(("UserMood", "eq", "HAPPY"), ("UserAvailability", "eq", "AVAILABLE"))
    id = tom.submit("mary", when=replace(both, not_before=NOON_MS + 60_000))
    found = standing(tom, id)
    assert found.recipient == "mary"
    assert (found.verdict.truth, found.verdict.online, found.verdict.clauses) == (
        False,
        True,
        ((True, False),),
    )
    assert found.verdict.not_before is False
    mary.allow(HIDE["mood"])
    assert standing(tom, id).verdict.clauses == ((None, False),)
    mary.allow(Privacy(blocked=("tom",)))
    found = standing(tom, id)
    assert (found.verdict.online, found.verdict.clauses) == (False, ((False, True),)), (
        "of nobody in particular"
    )


@pytest.mark.rule("W9", "W16")
def test_what_it_remembers_is_said(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", when=replace(AVAILABLE, edge=True, dwell=60))
    assert (standing(tom, id).armed, standing(tom, id).dwell_left_ms) == (False, None)
    mary.set(**BUSY)
    assert (standing(tom, id).armed, standing(tom, id).dwell_left_ms) == (True, None)
    mary.set(UserAvailability="AVAILABLE")
    office.after(20)
    assert standing(tom, id).dwell_left_ms == 40_000
    plain = tom.submit("mary", when=HAPPY)
    assert standing(tom, plain).dwell_left_ms is None


@pytest.mark.rule("W9", "W11")
def test_without_an_edge_any_more_there_is_nothing_to_wait_for_first(office, tom):
    office.sign_in("mary")
    id = tom.submit("mary", when=replace(AVAILABLE, edge=True))
    tom.edit(id, when=HAPPY)
    assert standing(tom, id).armed


@pytest.mark.rule("S2", "S8", "I9")
def test_what_it_remembers_is_not_said_of_what_its_sender_may_not_see(office, tom):
    mary = office.sign_in("mary")
    mary.allow(HIDE["online"])
    id = tom.submit("mary", when=replace(AVAILABLE, edge=True, dwell=60))
    there = standing(tom, id)
    mary.sign_out()
    away = standing(tom, id)
    mary = office.sign_in("mary")
    office.after(30)
    back = standing(tom, id)
    office.after(30)
    mary.acknowledge(id)
    assert office.state(id) is State.DELIVERED
    assert there == away == back == standing(tom, id)


@pytest.mark.rule("O10", "S8", "I9")
def test_nor_that_the_one_in_front_has_arrived(office, tom, quietly):
    mary, _ = quietly
    busy = tom.submit("mary", when=HAPPY, valid_for=900)
    mary.set(UserMood="HAPPY")
    behind = tom.submit("mary", when=one_group(("UserMood", "eq", "SAD")), keep_order=True)
    assert standing(tom, behind).behind == busy
    mary.acknowledge(busy)
    assert standing(tom, behind).behind == busy
    office.after(900)
    assert standing(tom, behind).behind == ""


def test_of_what_does_not_wait_there_is_nothing_to_say(office, tom):
    mary = office.sign_in("mary")
    id = tom.submit("mary", "john", valid_for=60)
    assert [each.recipient for each in tom.why(id).standings] == ["john"]
    mary.acknowledge(id)
    office.asleep(60)
    assert tom.why(id).standings == (), "at the end of its validity it waits no more"
    office.wake()
    assert [each.state for each in tom.why(id).receipts] == [State.DELIVERED, State.EXPIRED]


@pytest.mark.rule("S1")
def test_nobody_else_is_told_why_it_waits(office, tom):
    id = tom.submit("mary", when=HAPPY)
    for desk in (office.sign_in("mary"), office.sign_in("john")):
        assert code(desk.why(id)) == "unknown_message"
    assert code(tom.why("no such id")) == "unknown_message"


# --- what looks at what arrived quietly


@pytest.mark.rule("S8", "O11")
@pytest.mark.parametrize("arrived", [True, False])
def test_a_chain_does_not_tell_that_its_head_arrived_quietly(office, tom, arrived):
    hidden = Privacy({"OnlineStatus": Rule(Audience.NOBODY)})
    mary = office.sign_in("mary")
    mary.allow(hidden)
    if not arrived:
        mary.sign_out()
    first = tom.submit("mary")
    if arrived:
        mary.acknowledge(first)
        mary.sign_out()
    second = tom.submit("mary", keep_order=True)
    (standing,) = tom.why(second).standings
    assert (standing.behind, states(tom.try_submit("mary", id=first))) == (first, [State.HELD])


@pytest.mark.rule("S8", "S11")
@pytest.mark.parametrize("arrived", [True, False])
def test_a_refused_edit_does_not_tell_whom_the_message_reached_quietly(office, tom, arrived):
    hidden = Privacy({"OnlineStatus": Rule(Audience.NOBODY), "UserMood": Rule(Audience.NOBODY)})
    desks = [office.sign_in(handle) for handle in ("mary", "john")]
    for desk in desks:
        desk.allow(hidden)
        desk.sign_out()
    id = tom.submit("mary", "john")
    if arrived:
        mary = office.sign_in("mary")
        mary.acknowledge(id)
        mary.sign_out()
    reply = tom.edit(id, when=PRESETS["not angry"])
    assert (code(reply), "mary" in reply.refused.text) == ("not_offered", True)


@pytest.mark.rule("W24", "S13")
def test_nobody_is_woken_for_the_idleness_that_a_blocked_sender_waits_for(office, tom):
    mary = office.sign_in("mary", Idle=5)
    mary.allow(Privacy({"Idle": Rule(Audience.EVERYONE)}))
    tom.submit("mary", when=one_group(("Idle", "ge", 60)), valid_for=3600)
    mary.allow(Privacy({"Idle": Rule(Audience.EVERYONE)}, ("tom",)))
    assert office.store.next_wake(office.now) == 3_600_000, (
        "the end of the message is all there is to wait for"
    )


def test_what_arrived_quietly_is_told_when_its_recipient_is_gone(office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    mary.allow(Privacy({"OnlineStatus": Rule(Audience.NOBODY)}))
    id = tom.submit("mary")
    mary.acknowledge(id)
    tom.forget()
    office.feed(facts.RecipientGone("mary"))
    assert tom.heard == [(id, State.DELIVERED)]
    office.feed(facts.RecipientGone("mary"))
    assert tom.heard == [(id, State.DELIVERED)], "once"
