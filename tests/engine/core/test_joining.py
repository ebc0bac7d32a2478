"""Who is let in: hosts, invitations, requests, further devices, passwords."""

import pytest

from tact_engine.core import effects as out
from tact_engine.core import facts
from tact_engine.core.effects import Answer
from tact_engine.core.members import (
    INVITATION_DAYS,
    LINK_DEVICE_MINUTES,
    REQUEST_HOURS,
    JoinRequest,
    Overview,
    Purpose,
    Role,
    hash_of,
    id_of,
)
from tests.support.heart import Desk, code

CLAIM, TOKEN, OTHER = b"c" * 16, b"t" * 16, b"o" * 16
DAY = 24 * 3600


@pytest.fixture
def anna(office) -> Desk:
    """The host of an engine that lets nobody in by itself."""
    office.feed(facts.HostSought(CLAIM))
    host = office.knock("anna", token=CLAIM, Alias="Anna")
    assert host.welcomed
    return host


def invite(desk, token=TOKEN, purpose=Purpose.MEMBER, handle=""):
    """An invitation with `token`, as its maker gets it."""
    reply = desk.request(facts.Invited, token, purpose, handle)
    assert isinstance(reply, Answer), reply
    assert reply.invitation is not None
    return reply.invitation


def seen(desk) -> Overview:
    """What somebody sees who looks over the members."""
    reply = desk.request(facts.LookedOver)
    assert isinstance(reply, Answer), reply
    assert reply.overview is not None
    return reply.overview


def told(desk) -> list[tuple[str, ...]]:
    """Who asks, each time a host was told."""
    return [
        tuple(r.handle for r in each.requests) for each in desk.told if isinstance(each, out.TellRequests)
    ]


# --- hosts


@pytest.mark.rule("J1")
def test_the_first_who_can_read_the_claim_becomes_the_host_and_nobody_after_them(office, anna):
    assert [each.host for each in anna.told if isinstance(each, out.Welcome)] == [True]
    assert office.store.view.hosts() == ("anna",)
    assert office.knock("eve", token=CLAIM).refused == "invitation_over"
    assert office.store.view.account("eve") is None


def test_a_claim_makes_a_host_of_a_member_who_was_there_before_there_were_hosts(office):
    office.sign_in("tom").sign_out()
    office.feed(facts.HostSought(CLAIM))
    assert not office.knock("tom", device="another", token=CLAIM).welcomed
    tom = office.knock("tom", token=CLAIM)
    assert [each.host for each in tom.told if isinstance(each, out.Welcome)] == [True]
    assert office.store.view.hosts() == ("tom",)


def test_an_engine_with_a_host_seeks_none_unless_it_is_told_to(office, anna):
    office.feed(facts.HostSought(OTHER))
    assert office.knock("eve", token=OTHER).refused == "invitation_over"
    office.feed(facts.HostSought(TOKEN, anew=True))
    office.feed(facts.HostSought(OTHER, anew=True))
    assert office.knock("eve", token=TOKEN).refused == "invitation_over", "the newer claim counts"
    assert office.knock("bert", token=OTHER).welcomed
    assert office.store.view.hosts() == ("anna", "bert")


def test_who_looks_after_an_engine_is_known_after_a_restart(office, anna):
    invite(anna)
    office.restart()
    anna = office.knock("anna")
    assert [each.host for each in anna.told if isinstance(each, out.Welcome)] == [True]
    assert [each.id for each in seen(anna).invitations] == [id_of(hash_of(TOKEN))]
    assert office.knock("mary", token=TOKEN).welcomed


# --- invitations


@pytest.mark.rule("J2")
def test_an_invitation_lets_one_person_in_once(office, anna):
    issued = invite(anna)
    assert issued.token == TOKEN
    assert issued.expires_at == office.now.utc_ms + INVITATION_DAYS * DAY * 1000
    mary = office.knock("mary", token=TOKEN)
    assert [each.host for each in mary.told if isinstance(each, out.Welcome)] == [False]
    account = office.store.view.account("mary")
    assert account is not None
    assert (account.role, account.invited_by) == (Role.MEMBER, "anna")
    assert office.knock("eve", token=TOKEN).refused == "invitation_over"
    assert office.knock("mary", token=TOKEN).welcomed, "whose welcome was lost comes again"


@pytest.mark.rule("J2")
def test_an_invitation_ends_after_seven_days(office, anna):
    invite(anna)
    office.asleep(INVITATION_DAYS * DAY - 1)
    assert [each.made_by for each in seen(anna).invitations] == ["anna"]
    office.asleep(1)
    assert office.knock("mary", token=TOKEN).refused == "invitation_over"
    assert seen(anna).invitations == ()
    invite(anna, OTHER)
    assert set(office.store._live.invitations) == {hash_of(OTHER)}, "what is out of date is forgotten"


def test_whoever_made_an_invitation_can_revoke_it_and_so_can_a_host(office, anna):
    invite(anna, OTHER)
    office.knock("mary", token=OTHER)
    mary, eve = office.knock("mary"), office.sign_in("eve")
    invite(mary)
    (mine,) = seen(mary).invitations
    assert code(eve.request(facts.Revoked, mine.id)) == "unknown_invitation"
    assert isinstance(anna.request(facts.Revoked, mine.id), Answer)
    assert code(mary.request(facts.Revoked, mine.id)) == "unknown_invitation"
    assert office.knock("john", token=TOKEN).refused == "invitation_over"
    invite(mary)
    assert isinstance(mary.request(facts.Revoked, mine.id), Answer)


def test_one_member_has_so_many_open_invitations_and_no_more(office, anna):
    office.limits = office.store.view.limits = type(office.limits)(invitations_max=2)
    invite(anna, TOKEN)
    invite(anna, OTHER)
    assert code(anna.request(facts.Invited, b"third", Purpose.MEMBER)) == "too_many_invitations"
    office.knock("mary", token=TOKEN)
    invite(anna, b"third")


def test_only_a_claim_makes_hosts(anna):
    assert code(anna.request(facts.Invited, TOKEN, Purpose.HOST)) == "not_host"


def test_an_invitation_is_not_used_up_by_a_name_that_cannot_be(office, anna):
    invite(anna)
    assert office.knock("anna", device="another", token=TOKEN).refused == "handle_taken"
    assert office.knock("mary", token=TOKEN, Alias="Anna").refused == "name_taken"
    assert office.knock("m\u0430ry", token=TOKEN).refused == "bad_handle"
    assert office.knock("mary", token=TOKEN, Alias="Mary").welcomed


# --- further devices


@pytest.mark.rule("J3")
def test_a_person_adds_a_device_of_their_own_within_the_hour(office, anna):
    issued = invite(anna, TOKEN, Purpose.DEVICE)
    assert (issued.handle, issued.expires_at) == ("anna", office.now.utc_ms + LINK_DEVICE_MINUTES * 60_000)
    assert office.knock("mary", token=TOKEN).refused == "invitation_over", "it is for one person alone"
    assert office.knock("anna", device="phone", token=TOKEN).welcomed
    assert len(office.store.view.devices("anna")) == 2
    assert office.knock("anna", device="tablet", token=TOKEN).refused == "invitation_over"
    invite(anna, OTHER, Purpose.DEVICE)
    office.asleep(LINK_DEVICE_MINUTES * 60)
    assert office.knock("anna", device="tablet", token=OTHER).refused == "invitation_over"


def test_a_host_makes_links_for_devices_of_others_and_nobody_else_does(office, anna):
    mary = office.sign_in("mary")
    assert code(mary.request(facts.Invited, TOKEN, Purpose.DEVICE, "anna")) == "not_host"
    assert code(anna.request(facts.Invited, TOKEN, Purpose.DEVICE, "nobody")) == "unknown_person"
    assert invite(anna, TOKEN, Purpose.DEVICE, "mary").handle == "mary"
    assert office.knock("mary", device="new phone", token=TOKEN).welcomed


@pytest.mark.rule("J4")
def test_a_password_adds_a_device_and_does_nothing_else(office, anna):
    assert isinstance(anna.request(facts.PasswordSet, "a hash"), Answer)
    assert office.store.password_of("anna") == "a hash"
    assert [each.has_password for each in seen(anna).members] == [True]
    assert office.knock("anna", device="phone", vouched=True).welcomed
    assert office.knock("nobody", vouched=True).refused == "invitation_over"
    office.restart()
    assert office.store.password_of("anna") == "a hash"
    anna = office.knock("anna")
    anna.request(facts.PasswordSet, "")
    assert office.store.password_of("anna") is None
    office.restart()
    assert office.store.password_of("anna") is None


def test_nobody_has_more_than_so_many_devices(office, anna):
    office.limits = office.store.view.limits = type(office.limits)(devices_max=2)
    assert office.knock("anna", device="phone", vouched=True).welcomed
    assert office.knock("anna", device="tablet", vouched=True).refused == "too_many_devices"


def test_a_stranger_takes_nobodys_handle(office, anna):
    for token in (b"", OTHER):
        assert not office.knock("anna", device="eve's", token=token).welcomed
    assert len(office.store.view.devices("anna")) == 1


# --- requests


@pytest.mark.rule("J5")
def test_a_stranger_asks_and_a_host_lets_them_in(office, anna):
    anna.forget()
    assert office.knock("mary", Alias=" Mary  Wood ").refused == "asked_to_join"
    assert office.store.view.account("mary") is None
    asked = JoinRequest("mary", id_of("device of mary"), office.now.utc_ms, "Mary Wood", "pc", "10.0.0.9")
    assert [each.requests for each in anna.told if isinstance(each, out.TellRequests)] == [(asked,)]
    office.asleep(60)
    office.knock("mary", Alias="Mary Wood")
    assert told(anna) == [("mary",)], "who asks again is not told again"
    assert seen(anna).requests == (asked,)
    assert isinstance(anna.request(facts.Approved, "mary", asked.device), Answer)
    assert told(anna)[1:] == [()]
    assert isinstance(anna.request(facts.Approved, "mary", asked.device), Answer), "twice is the same as once"
    mary = office.knock("mary")
    assert mary.welcomed
    account = office.store.view.account("mary")
    assert account is not None
    assert account.invited_by == "anna"


@pytest.mark.rule("J5")
def test_whoever_was_declined_stays_so_for_a_day(office, anna):
    office.knock("eve")
    device = id_of("device of eve")
    assert isinstance(anna.request(facts.Declined, "eve", device), Answer)
    assert office.knock("eve").refused == "declined"
    assert code(anna.request(facts.Approved, "eve", device)) == "unknown_request"
    office.asleep(REQUEST_HOURS * 3600)
    assert office.knock("eve").refused == "asked_to_join"


def test_a_request_lasts_a_day_after_it_was_last_made(office, anna):
    office.knock("mary")
    office.asleep(REQUEST_HOURS * 3600 - 1)
    office.knock("mary")
    office.asleep(REQUEST_HOURS * 3600 - 1)
    assert [each.handle for each in seen(anna).requests] == ["mary"]
    office.asleep(1)
    assert seen(anna).requests == ()


def test_only_a_host_decides_and_is_told(office, anna):
    mary = office.sign_in("mary")
    office.knock("eve")
    device = id_of("device of eve")
    assert told(mary) == []
    assert code(mary.request(facts.Approved, "eve", device)) == "not_host"
    assert code(mary.request(facts.Declined, "eve", device)) == "not_host"
    assert code(anna.request(facts.Declined, "eve", "another")) == "unknown_request"
    anna.sign_out()
    assert told(office.knock("anna")) == [("eve",)], "a host who comes is told who waits"


def test_two_ask_under_one_handle_and_one_gets_it(office, anna):
    office.knock("mary", device="hers")
    office.knock("mary", device="eve's")
    anna.forget()
    anna.request(facts.Approved, "mary", id_of("hers"))
    assert told(anna) == [()]
    assert office.knock("mary", device="eve's").refused == "handle_taken"
    assert office.knock("mary", device="hers").welcomed


def test_a_host_can_let_the_second_in_who_asked_under_one_handle(office, anna):
    office.knock("mary", device="eve's")
    office.knock("mary", device="hers")
    assert isinstance(anna.request(facts.Approved, "mary", id_of("hers")), Answer)
    assert office.knock("mary", device="hers").welcomed
    assert seen(anna).requests == ()


def test_a_request_that_is_made_again_after_its_time_is_told_again(office, anna):
    office.knock("mary")
    office.asleep(REQUEST_HOURS * 3600)
    anna.forget()
    office.knock("mary")
    assert told(anna) == [("mary",)]


def test_no_more_than_so_many_ask_at_once(office, anna):
    office.limits = office.store.view.limits = type(office.limits)(join_requests_max=1)
    office.knock("mary")
    assert office.knock("eve").refused == "too_many_requests"
    assert office.knock("mary").refused == "asked_to_join"
    invite(anna)
    assert office.knock("mary", token=TOKEN).welcomed
    assert seen(anna).requests == (), "whoever got in another way asks no more"


def test_one_address_does_not_keep_all_others_from_asking(office, anna):
    office.limits = office.store.view.limits = type(office.limits)(join_requests_per_address_max=2)
    codes = [office.knock(f"eve{n}").refused for n in range(3)]
    assert codes == ["asked_to_join", "asked_to_join", "too_many_requests"]
    assert office.knock("mary", address="10.0.0.10").refused == "asked_to_join"
    office.asleep(REQUEST_HOURS * 3600)
    assert office.knock("eve9").refused == "asked_to_join"
    assert len(office.store._live.requests) == 1, "whose time is over is forgotten"


@pytest.mark.parametrize("name", ["x\u202ey", "\u200b", "a" * 200])
def test_a_host_is_not_shown_a_name_that_hides_something(office, anna, name):
    anna.forget()
    assert office.knock("eve", Alias=name).refused == "bad_name"
    assert office.knock("eve!").refused == "bad_handle"
    assert told(anna) == []


# --- names


@pytest.mark.rule("J7")
def test_two_people_do_not_look_alike(office):
    office.sign_in("mary", Alias="Mary Wood").sign_out()
    assert office.sign_in("eve", Alias="M\u0430ry  Wood").refused == "name_taken"
    assert office.sign_in("rnary").refused == "name_taken"
    assert office.sign_in("admin").refused == "bad_name"
    eve = office.sign_in("eve", Alias="Eve")
    assert code(eve.set(Alias="Mary.Wood")) == "name_taken"
    assert code(eve.set(Alias="Tact")) == "bad_name"
    assert isinstance(eve.set(Alias="  Eve   Hill "), Answer)
    assert office.presence("eve").value("Alias") == "Eve Hill"
    assert isinstance(eve.set(Alias="Eve Hill", UserMood="SAD"), Answer), "one's own name is not in the way"
    assert isinstance(eve.set(Alias=""), Answer)


def test_nobody_is_kept_out_because_somebody_took_their_new_name_meanwhile(office):
    office.sign_in("mary", Alias="Mary").sign_out()
    office.sign_in("eve", Alias="Maria")
    mary = office.sign_in("mary", Alias="Maria", UserMood="SAD")
    assert mary.welcomed
    assert (office.presence("mary").value("Alias"), office.presence("mary").value("UserMood")) == (
        "Mary",
        "SAD",
    )


# --- looking


@pytest.mark.rule("J6")
def test_a_host_sees_who_is_there_and_never_what_they_write(office, anna):
    mary = office.sign_in("mary", Alias="Mary")
    mary.submit("anna", body="the secret", when=_never())
    invite(mary)
    overview = seen(anna)
    assert [(each.handle, each.role, len(each.devices)) for each in overview.members] == [
        ("anna", Role.HOST, 1), ("mary", Role.MEMBER, 1),
    ]  # fmt: skip
    assert [each.made_by for each in overview.invitations] == ["mary"]
    assert overview.health is not None
    assert (overview.health.people, overview.health.online, overview.health.held) == (2, 2, 1)
    assert overview.health.database_kib > 0
    assert "secret" not in repr(overview)
    assert "ANGRY" not in repr(overview)


@pytest.mark.rule("J6")
def test_a_member_sees_themselves(office, anna):
    mary = office.sign_in("mary")
    office.knock("eve")
    invite(anna)
    overview = seen(mary)
    assert [each.handle for each in overview.members] == ["mary"]
    assert (overview.invitations, overview.requests, overview.health) == ((), (), None)


def test_what_is_asked_on_a_link_that_is_over_leads_nowhere(office):
    for fact in (
        facts.Invited(99, 1, TOKEN, Purpose.MEMBER),
        facts.Revoked(99, 1, "x"),
        facts.Approved(99, 1, "x", "y"),
        facts.PasswordSet(99, 1, "x"),
        facts.LookedOver(99, 1),
    ):
        assert office.feed(fact) == []


def _never():
    from tact_engine.core.conditions import one_group

    return one_group(("UserMood", "eq", "ANGRY"))


def test_a_removed_person_needs_a_host(office, anna):
    office.sign_in("mary")
    anna.request(facts.PersonRemoved, "mary", withdraw=False)
    assert office.knock("mary", device="new").refused == "removed"
    assert office.knock("mary", device="new", vouched=True).refused == "removed"


def test_a_claim_ends_where_no_host_is_sought_any_more(office):
    office.feed(facts.HostSought(CLAIM))
    office.feed(facts.HostSought(b""))
    assert office.knock("eve", token=CLAIM).refused == "invitation_over"


def test_what_a_stranger_says_first_stays(office, anna):
    office.knock("eve", Alias="Eve")
    office.knock("eve", Alias="Eve Hill")
    assert [each.name for each in seen(anna).requests] == ["Eve"]
    assert told(anna) == [("eve",)], "hosts are told once"


def test_one_computer_has_all_addresses_of_an_ipv6_network(office, anna):
    office.limits = office.store.view.limits = type(office.limits)(join_requests_per_address_max=1)
    assert office.knock("eve", address="2001:db8::1").refused == "asked_to_join"
    assert office.knock("eva", address="2001:db8::2").refused == "too_many_requests"
    assert office.knock("mary", address="2001:db8:0:1::2").refused == "asked_to_join"


@pytest.mark.parametrize(("handle", "name"), [("helpdesk", ""), ("anna_", ""), ("eve", "Anna")])
def test_nobody_is_let_in_whose_name_could_be_taken_for_another(office, anna, handle, name):
    anna.set(Alias="Anna")
    office.knock(handle, **({"Alias": name} if name else {}))
    reply = anna.request(facts.Approved, handle, id_of(f"device of {handle}"))
    assert code(reply) in {"bad_name", "name_taken"}
    assert office.store.view.account(handle) is None


def test_who_was_let_in_in_a_week_counts_as_invited_but_not_for_a_host(office, anna):
    office.limits = office.store.view.limits = type(office.limits)(invitations_max=1)
    mary = office.sign_in("mary")
    invite(mary, OTHER)
    office.knock("eve", token=OTHER)
    assert code(mary.request(facts.Invited, TOKEN, Purpose.MEMBER)) == "too_many_invitations"
    office.asleep(7 * DAY + 1)
    invite(mary, TOKEN)
    invite(anna, CLAIM)
    office.knock("john", token=CLAIM)
    invite(anna, CLAIM)
