from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tact_desktop.state import members
from tact_desktop.state.members import Item, Reading, page
from tact_desktop.state.people import Person
from tact_desktop.state.wording_members import Deed
from tact_engine.accounts import invitation, passwords
from tact_engine.core.members import (
    FOR_EVER_MS,
    Device,
    Health,
    JoinRequest,
    Member,
    OpenInvitation,
    Overview,
    Purpose,
    Role,
    hash_of,
    id_of,
)
from tact_engine.core.presence import ALIAS, ONLINE_STATUS, Presence
from tact_engine.core.presence import Reading as Value

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = int(datetime(2026, 11, 23, 12, 0, tzinfo=UTC).timestamp()) * 1000  # a Monday


def person(handle: str, name: str, **values: Value) -> Person:
    return Person(handle, Presence(handle, 1, {ALIAS: Value(name, 0), **values}))


PEOPLE = {
    "tom": person("tom", "Tom Hale", OnlineStatus=Value(True, NOW)),
    "mary": person("mary", "Mary Okafor", OnlineStatus=Value(False, NOW - HOUR)),
    "john": person("john", "john"),
}
READING = Reading("tom", "d2", PEOPLE, NOW, UTC)
DEVICES = (
    Device("d1", NOW - DAY, NOW - 2 * HOUR, "laptop"),
    Device("d2", NOW - 3 * DAY, NOW - 5 * HOUR, "TOM-PC"),
    Device("d3", NOW - DAY, NOW - HOUR),
)
TOM = Member("tom", Role.HOST, NOW - 30 * DAY, DEVICES, has_password=True)
MARY = Member("mary", Role.MEMBER, NOW - DAY, DEVICES[:1], "tom")
JOHN = Member("john", Role.MEMBER, NOW, ())
ZOE = Member("zoe", Role.MEMBER, NOW - DAY, (), removed_at=NOW - HOUR)
HEALTH = Health("0.1.0", NOW - 26 * HOUR, 4, 2, 34, 1, 12_345, 80, False)


def shown(overview: Overview, host: bool = True, *requests: JoinRequest, **reading: Any) -> members.Page:
    return page(overview, requests, host, replace(READING, **reading))


def by_key(items: tuple[Item, ...]) -> dict[str, Item]:
    return {item.key: item for item in items}


def test_before_the_engine_has_answered_nothing_is_known():
    assert shown(Overview(), host=False) == members.Page()
    assert shown(Overview()) == members.Page(is_host=True)


def test_the_device_in_use_comes_first_and_is_marked():
    devices = shown(Overview((TOM,)), host=False).devices
    assert [(item.key, item.title, item.marks) for item in devices] == [
        ("d2", "TOM-PC", ("this computer",)),
        ("d3", "A computer without a name", ()),
        ("d1", "laptop", ()),
    ]
    assert devices[2].lines == ("Added yesterday 12:00 · last signed in 10:00",)
    assert {item.deeds for item in devices} == {(Deed.REMOVE_DEVICE,)}


def test_whether_there_is_a_password_is_known():
    assert shown(Overview((TOM,)), host=False).has_password
    assert not shown(Overview((MARY,)), host=False, me="mary").has_password


def test_open_invitations_the_youngest_first_and_ones_own_for_everybody():
    overview = Overview(
        invitations=(
            OpenInvitation("i1", Purpose.MEMBER, "tom", NOW - HOUR, NOW + 6 * DAY),
            OpenInvitation("i2", Purpose.DEVICE, "mary", NOW - 60_000, NOW + HOUR, "john"),
            OpenInvitation("i3", Purpose.HOST, "", NOW - DAY, FOR_EVER_MS),
        )
    )
    whole = shown(overview)
    assert [(item.key, item.title, item.lines) for item in whole.invitations] == [
        ("i2", "A new device", ("For john", "Made by Mary Okafor (mary) 11:59 · can be used until 13:00")),
        ("i1", "A new colleague", ("Made 11:00 · can be used until Sunday 29 November",)),
        ("i3", "Whoever is to be host", ("Made yesterday 12:00 · can be used until it is used",)),
    ]
    assert [item.key for item in whole.own_invitations] == ["i1"]
    assert shown(overview, host=False).invitations == ()


def test_people_by_name_and_who_was_removed_last():
    people = shown(Overview((ZOE, TOM, MARY, JOHN))).people
    assert [item.said for item in people] == ["john", "Mary Okafor (mary)", "Tom Hale (tom)", "zoe"]
    john, mary, tom, zoe = people
    assert mary.lines == ("1 device · last seen 11:00 · here since yesterday, invited by Tom Hale (tom)",)
    assert (mary.beside, mary.deeds) == ("mary", (Deed.DEVICES, Deed.REMOVE_PERSON))
    assert john.lines == ("No devices · here since today",), "who shares nothing is not said to be away"
    assert (tom.beside, tom.deeds) == ("tom · you · host", ()), "one leaves on the page about oneself"
    assert "online" in tom.lines[0]
    assert (zoe.quiet, zoe.beside, zoe.deeds) == (True, "removed", (Deed.BRING_BACK,))
    assert zoe.lines == ("Removed 11:00. The handle stays theirs.",)


def test_the_handle_stands_beside_the_name_however_long_that_is():
    people = {"mary": person("mary", "Mary " * 12)}
    (mary,) = shown(Overview((MARY,)), people=people).people
    assert mary.beside == "mary"


def test_who_asks_is_shown_by_their_own_words_made_harmless():
    asked = JoinRequest("eve", "x1", NOW - HOUR, "Eve\u202e <b>Adams</b>", "PC\n2", "10.0.0.9")
    whole = shown(Overview((TOM,)), True, asked, replace_name(asked))
    first, second = whole.requests
    assert (first.key, first.said) == ("eve x1", "Eve <b>Adams</b> (eve)")
    assert first.lines == ("Computer “PC 2” · 10.0.0.9", "Asked 11:00")
    assert first.deeds == (Deed.DECLINE, Deed.LET_IN)
    assert (second.key, second.said) == ("eve x2", "eve")
    assert members.name_of(asked) == first.said
    assert shown(Overview((TOM,)), False, asked).requests == ()


def replace_name(asked: JoinRequest) -> JoinRequest:
    return JoinRequest(asked.handle, "x2", asked.asked_at)


def test_health_is_numbers_alone_and_the_disk_is_a_warning():
    whole = shown(Overview((TOM,), health=HEALTH))
    assert whole.health == (
        ("Running", "since yesterday 10:00 (1 d 2 h)"),
        ("Version", "0.1.0"),
        ("People", "4, 2 of them online"),
        ("Messages", "34 wait, 1 on its way"),
        ("Database", "12.1 MB"),
        ("Free disk", "80.0 MB"),
    )
    assert not whole.disk_is_low
    low = Health("0.1.0", NOW, 4, 2, 34, 1, 12_345, 80, True)
    assert shown(Overview(health=low)).disk_is_low
    assert shown(Overview(health=low), host=False).health == ()


def test_whether_a_link_can_still_be_used_is_known_by_its_token():
    token = b"t" * 16
    open_one = OpenInvitation(id_of(hash_of(token)), Purpose.MEMBER, "tom", NOW, NOW + DAY)
    assert members.is_open(Overview(invitations=(open_one,)), token)
    assert not members.is_open(Overview(invitations=(open_one,)), b"u" * 16)


@pytest.mark.parametrize(
    ("engine", "name"),
    [
        ("Office", "Office.tact"),
        ("../../etc: Büro 3\n", "etc Büro 3.tact"),
        ("\u202e//", "Tact.tact"),
        ("x" * 99, "x" * 40 + ".tact"),
    ],
)
def test_a_file_is_called_like_the_engine_wherever_it_is_kept(engine, name):
    assert members.file_name(engine) == name
    assert members.FILE_SUFFIX == invitation.FILE_SUFFIX


@pytest.mark.parametrize(
    ("password", "again", "problem"),
    [
        ("seven77", "seven77", "Use at least 8 characters; a sentence is easy to remember."),
        ("x" * 257, "x" * 257, "Use at most 256 characters."),
        ("eight888", "eight889", "The two are not the same. Type both again."),
        ("eight888", "eight888", ""),
        ("x" * 256, "x" * 256, ""),
    ],
)
def test_what_can_be_a_password(password, again, problem):
    assert members.password_problem(password, again) == problem


def test_the_limits_of_a_password_are_those_of_the_engine():
    limits = (members.PASSWORD_LENGTH_MIN, members.PASSWORD_LENGTH_MAX)
    assert limits == (passwords.LENGTH_MIN, passwords.LENGTH_MAX)


def test_people_are_found_by_name_and_handle():
    people = shown(Overview((TOM, MARY, JOHN))).people
    assert [item.key for item in members.found(people, " OKAF")] == ["mary"]
    assert [item.key for item in members.found(people, "(tom)")] == ["tom"]
    assert members.found(people, "") == people


def test_somebody_is_found_by_handle():
    assert members.member_of(Overview((TOM, MARY)), "mary") == MARY
    assert members.member_of(Overview((TOM,)), "mary") is None


def test_online_is_not_said_of_who_hides_it():
    hidden = {"mary": Person("mary", Presence("mary", 1, {}, hidden=(ONLINE_STATUS,)))}
    (mary,) = shown(Overview((MARY,)), people=hidden).people
    assert mary.lines == ("1 device · here since yesterday, invited by tom",)


def test_the_words_of_the_engine_are_shown_to_a_host_while_somebody_asks():
    words = ("paddle", "follow")
    eve = JoinRequest("eve", "x1", NOW)
    assert shown(Overview((TOM,)), True, eve, words=words).words == words
    assert shown(Overview((TOM,)), True, words=words).words == ()
    assert shown(Overview((TOM,)), False, eve, words=words).words == ()
