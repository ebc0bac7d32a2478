"""Devices and people are removed, and what becomes of their messages."""

import pytest

from tact_engine.core import effects as out
from tact_engine.core import facts
from tact_engine.core.conditions import one_group
from tact_engine.core.effects import Answer
from tact_engine.core.envelope import State
from tact_engine.core.members import Purpose, id_of
from tact_engine.core.privacy import Audience, Privacy, Rule
from tests.support.heart import code, states

CLAIM, TOKEN = b"c" * 16, b"t" * 16
ANGRY = one_group(("UserMood", "eq", "ANGRY"))


@pytest.fixture
def anna(office):
    """A host."""
    office.feed(facts.HostSought(CLAIM))
    return office.knock("anna", token=CLAIM)


def gone(desk):
    return [each.handle for each in desk.told if isinstance(each, out.TellGone)]


def remove(desk, handle, *, withdraw=False):
    return desk.request(facts.PersonRemoved, handle, withdraw=withdraw)


@pytest.mark.rule("J8")
def test_a_removed_device_is_cut_off_at_once_and_does_not_come_back(office, anna):
    mary, phone = office.sign_in("mary"), None
    mary.request(facts.Invited, TOKEN, Purpose.DEVICE)
    phone = office.knock("mary", device="phone", token=TOKEN)
    assert isinstance(mary.request(facts.DeviceRemoved, "mary", id_of("phone")), Answer)
    assert (phone.refused, mary.refused) == ("removed", "")
    assert office.store.view.sessions_of("mary") == (mary.session,)
    assert office.knock("mary", device="phone").refused == "handle_taken"
    assert office.feed(facts.PresenceSet(phone.session, 1, {"UserMood": "SAD"})) == []
    assert code(mary.request(facts.DeviceRemoved, "mary", id_of("phone"))) == "unknown_device"


def test_with_the_last_device_a_person_is_offline_and_what_waits_for_them_goes_on(office, anna):
    mary = office.sign_in("mary")
    id = anna.submit("mary", when=ANGRY)
    anna.request(facts.DeviceRemoved, "mary", id_of("device of mary"))
    assert mary.refused == "removed"
    assert not office.presence("mary").online
    assert office.state(id) is State.HELD
    anna.request(facts.Invited, TOKEN, Purpose.DEVICE, "mary")
    assert office.knock("mary", device="new", token=TOKEN).welcomed


def test_devices_and_people_are_removed_by_themselves_or_a_host(office, anna):
    mary, tom = office.sign_in("mary"), office.sign_in("tom")
    assert code(tom.request(facts.DeviceRemoved, "mary", id_of("device of mary"))) == "not_host"
    assert code(remove(tom, "mary")) == "not_host"
    assert code(remove(anna, "nobody")) == "unknown_person"
    assert code(remove(anna, "anna")) == "last_host"
    assert isinstance(remove(mary, "mary"), Answer)
    assert isinstance(remove(anna, "tom"), Answer)
    assert gone(anna) == ["mary", "tom"]
    assert code(remove(anna, "tom")) == "unknown_person"
    assert office.feed(facts.PersonRemoved(99, 1, "anna", withdraw=False)) != []


@pytest.mark.rule("J9")
def test_what_waits_for_a_removed_person_has_failed_and_its_senders_are_told(office, anna):
    mary, tom = office.sign_in("mary"), office.sign_in("tom")
    held, away, both = (
        tom.submit("mary", when=ANGRY),
        tom.submit("mary"),
        tom.submit("mary", "anna", when=ANGRY),
    )
    alert = tom.submit("mary", body="", when=ANGRY, alert=True)
    assert office.state(away) is State.RELEASED
    tom.forget()
    remove(anna, "mary")
    assert mary.refused == "removed"
    for id in (held, away, alert):
        assert office.state(id) is State.FAILED
    assert states(tom.why(both)) == [State.FAILED, State.HELD]
    assert sorted(tom.heard) == sorted((id, State.FAILED) for id in (held, away, both, alert))
    assert code(tom.try_submit("mary")) == "unknown_person"


@pytest.mark.rule("J9")
def test_what_a_removed_person_sent_goes_on_or_is_taken_back(office, anna):
    for withdraw in (False, True):
        handle = f"mary{withdraw:d}"
        mary, tom = office.sign_in(handle), office.sign_in("tom")
        waits, alert = mary.submit("tom", when=ANGRY), mary.submit("tom", body="", when=ANGRY, alert=True)
        edited = mary.submit("tom", when=ANGRY)
        mary.pause(edited)
        remove(anna, handle, withdraw=withdraw)
        tom.set(UserMood="ANGRY")
        assert tom.ids == ([] if withdraw else [waits, edited])
        assert office.state(alert) is State.WITHDRAWN
        assert office.state(waits) is (State.WITHDRAWN if withdraw else State.RELEASED)
        tom.acknowledge(*tom.ids)
        tom.set(UserMood="NONE")
        tom.sign_out()


def test_what_stood_behind_a_message_taken_back_goes(office, anna):
    office.sign_in("mary")
    tom = office.sign_in("tom")
    first = tom.submit("mary", "anna", when=ANGRY)
    second = tom.submit("mary", "anna", keep_order=True)
    remove(anna, "mary")
    assert (office.state(first, "anna"), office.state(second, "anna")) == (State.HELD, State.HELD)
    assert (office.state(first, "mary"), office.state(second, "mary")) == (State.FAILED, State.FAILED)


@pytest.mark.rule("J9")
def test_what_arrived_quietly_is_told_once_its_recipient_is_gone(office, anna):
    mary, tom = office.sign_in("mary"), office.sign_in("tom")
    mary.allow(Privacy({"OnlineStatus": Rule(Audience.NOBODY)}))
    id = tom.submit("mary")
    mary.acknowledge(id)
    assert states(tom.why(id)) == [State.HELD]
    tom.forget()
    remove(anna, "mary")
    assert tom.heard == [(id, State.DELIVERED)]
    assert states(tom.why(id)) == [State.DELIVERED]


def test_nothing_of_a_removed_person_lives_on_and_their_handle_stays_taken(office, anna):
    mary = office.sign_in("mary", UserMood="SAD")
    mary.set(until=office.now.utc_ms + 60_000, UserMood="HAPPY")
    mary.request(facts.PasswordSet, "a hash")
    mary.request(facts.Invited, TOKEN, Purpose.MEMBER)
    mary.allow(Privacy(blocked=("anna",)))
    mary.lose_link()
    remove(anna, "mary")
    view = office.store.view
    assert (view.person("mary"), view.devices("mary"), view.has_password("mary")) == (
        None,
        frozenset(),
        False,
    )
    assert (view.privacy("mary"), view.invitations(office.now.utc_ms)) == (Privacy(), ())
    assert office.sign_in("mary").refused == "removed", "also at an open engine"
    assert office.knock("mary").refused == "removed"
    office.after(120)
    office.restart()
    assert office.store.view.gone() == ("mary",)
    assert [each.gone for each in office.knock("anna").told if isinstance(each, out.Welcome)] == [("mary",)]


def test_a_removed_person_does_not_come_back_by_an_older_link(office, anna):
    office.sign_in("mary")
    anna.request(facts.Invited, TOKEN, Purpose.DEVICE, "mary")
    remove(anna, "mary")
    assert office.knock("mary", device="new", token=TOKEN).refused == "invitation_over"


@pytest.mark.rule("J8")
def test_a_host_lets_somebody_back_in(office, anna):
    office.sign_in("mary", UserMood="SAD")
    remove(anna, "mary")
    anna.request(facts.Invited, TOKEN, Purpose.DEVICE, "mary")
    mary = office.knock("mary", device="new", token=TOKEN)
    assert mary.welcomed
    assert office.presence("mary").value("UserMood") == "NONE"
    assert office.store.view.gone() == ()
    assert anna.submit("mary")
    office.restart()
    assert office.knock("mary", device="new").welcomed


def test_one_of_two_hosts_may_go_and_is_a_member_when_they_are_back(office, anna):
    office.feed(facts.HostSought(TOKEN, anew=True))
    bert = office.knock("bert", token=TOKEN)
    assert isinstance(remove(bert, "anna"), Answer)
    assert code(remove(bert, "bert")) == "last_host"
    bert.request(facts.Invited, CLAIM, Purpose.DEVICE, "anna")
    back = office.knock("anna", token=CLAIM)
    assert [each.host for each in back.told if isinstance(each, out.Welcome)] == [False]


@pytest.mark.rule("J8")
def test_with_a_device_go_the_links_and_the_password_that_it_may_have_made(office, anna):
    mary = office.sign_in("mary")
    mary.request(facts.Invited, TOKEN, Purpose.DEVICE)
    mary.request(facts.Invited, CLAIM, Purpose.MEMBER)
    mary.request(facts.PasswordSet, "a hash")
    anna.request(facts.DeviceRemoved, "mary", id_of("device of mary"))
    assert office.knock("mary", token=TOKEN).refused == "invitation_over"
    assert office.knock("mallory", token=CLAIM).refused == "invitation_over"
    assert office.store.password_of("mary") is None


def test_the_only_host_keeps_a_device(office, anna):
    assert code(anna.request(facts.DeviceRemoved, "anna", id_of("device of anna"))) == "last_host"
    anna.request(facts.Invited, TOKEN, Purpose.DEVICE)
    office.knock("anna", device="phone", token=TOKEN)
    assert isinstance(anna.request(facts.DeviceRemoved, "anna", id_of("phone")), Answer)


def test_somebody_let_in_by_mistake_is_removed_before_they_come(office, anna):
    office.knock("eve")
    anna.request(facts.Approved, "eve", id_of("device of eve"))
    assert isinstance(remove(anna, "eve"), Answer)
    assert office.knock("eve").refused == "removed"


@pytest.mark.rule("J9")
def test_what_is_on_its_way_is_taken_back_too_and_truth_wins_over_that(office, anna):
    mary, tom = office.sign_in("mary"), office.sign_in("tom")
    ids = mary.submit("tom"), mary.submit("tom")
    assert [office.state(id) for id in ids] == [State.RELEASED] * 2
    remove(anna, "mary", withdraw=True)
    assert [office.state(id) for id in ids] == [State.WITHDRAWN] * 2
    tom.acknowledge(ids[0])
    office.after(60)
    assert [office.state(id) for id in ids] == [State.DELIVERED, State.WITHDRAWN]
    assert tom.ids == [*ids], "nothing came a second time"
