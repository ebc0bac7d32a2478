import pytest
from msgspec import structs

from tact_desktop.state.people import (
    Glyph,
    Person,
    announced,
    called,
    caller,
    counted,
    glyph_of,
    left,
    listed,
    recounted,
    welcomed,
    wished,
)
from tact_engine.core.envelope import conversation_of
from tact_engine.core.presence import Presence, Reading, nobody
from tact_engine.core.privacy import NO_WISHES, Privacy


def presence(handle: str, version: int = 1, **values) -> Presence:
    return Presence(handle, version, {name: Reading(value, 0) for name, value in values.items()})


def person(handle: str, alias: str = "", online: bool = False, **fields) -> Person:
    return Person(handle, presence(handle, Alias=alias, OnlineStatus=online), **fields)


def office(*people: Person) -> dict[str, Person]:
    return {each.handle: each for each in people}


def test_a_person_goes_by_alias_or_handle():
    assert person("bob", "Bob Okafor").name == "Bob Okafor"
    assert Person("bob", nobody("bob")).name == "bob"


def test_a_name_or_handle_that_nobody_can_see_shows_nothing_hidden():
    assert person("bob", "\u3164\u200b").name == "bob"
    assert person("b\u202eob", "").name == "bob"
    assert person("dana", "דנה").name == "\u2068דנה\u2069"


def test_the_handle_tells_people_of_one_name_apart():
    people = office(person("bob", "Bob Okafor"), person("bob2", "bob okafor"), person("carla", "Carla"))
    assert [called(people, handle) for handle in (*people, "gone\n")] == [
        "Bob Okafor (bob)",
        "bob okafor (bob2)",
        "Carla",
        "gone",
    ]


@pytest.mark.parametrize(
    ("online", "availability", "glyph"),
    [
        (True, "AVAILABLE", Glyph.AVAILABLE),
        (True, "DISCREET", Glyph.DISCREET),
        (True, "NOT_AVAILABLE", Glyph.NOT_AVAILABLE),
        (True, "BRAND_NEW", Glyph.AVAILABLE),
        (False, "AVAILABLE", Glyph.OFFLINE),
    ],
)
def test_the_glyph_says_how_reachable_somebody_is(online, availability, glyph):
    assert glyph_of(presence("bob", OnlineStatus=online, UserAvailability=availability)) is glyph


def test_who_is_gone_comes_last_whatever_is_unread():
    known = office(person("bob", gone=True, unread=3), person("zoe"), person("ann", unread=1))
    assert [each.handle for each in listed(known, "me")] == ["ann", "zoe", "bob"]


def test_who_left_stays_to_be_read_without_a_presence_or_is_forgotten():
    known = office(person("bob", "Bob Okafor", online=True, unread=2), person("zoe"))
    kept = left(known, "bob", kept=True)
    assert (kept["bob"].gone, kept["bob"].name, kept["bob"].unread) == (True, "Bob Okafor", 2)
    assert not kept["bob"].presence.online
    assert sorted(left(known, "bob", kept=False)) == ["zoe"]
    assert left(office(Person("bob", nobody("bob"))), "bob", kept=True)["bob"].name == "bob"


def test_who_was_removed_and_is_back_is_there_again_whatever_the_version():
    gone = left(office(person("bob", "Bob")), "bob", kept=True)
    back = announced(gone, presence("bob", 1, OnlineStatus=True))
    assert (back["bob"].gone, back["bob"].presence.online) == (False, True)


def test_somebody_new_is_added():
    assert announced({}, presence("bob"))["bob"] == Person("bob", presence("bob"))


def test_a_newer_document_is_taken_and_counts_stay():
    before = office(person("bob", unread=2, waiting=1))
    after = announced(before, presence("bob", 2, OnlineStatus=True))
    assert after["bob"] == Person("bob", presence("bob", 2, OnlineStatus=True), unread=2, waiting=1)
    assert not before["bob"].presence.online


def test_an_older_or_equal_document_changes_nothing():
    before = announced({}, presence("bob", 3, OnlineStatus=True))
    assert announced(before, presence("bob", 2)) is before
    assert announced(before, presence("bob", 3, OnlineStatus=True)) is before


def test_signing_in_tells_who_is_there_whatever_the_versions():
    before = office(Person("bob", presence("bob", 9), unread=2), person("gone"))
    after = welcomed(before, [presence("bob", 1), presence("carla")])
    assert after == {
        "bob": Person("bob", presence("bob", 1), unread=2),
        "carla": Person("carla", presence("carla")),
    }


def test_counts_come_by_conversation_and_leave_others_alone():
    before = office(person("bob"), person("carla"))
    key = conversation_of(("anna", "bob"))
    after = counted(before, "anna", {key: 2}, {key: 3}, {key: 1000})
    assert (after["bob"].unread, after["bob"].waiting, after["bob"].last_at) == (2, 3, 1000)
    assert after["carla"] is before["carla"]
    assert counted(after, "anna", {}, {}, {}) == before


def test_the_list_puts_unread_first_then_recent_then_online_then_names():
    everybody = office(
        person("zoe", "Zoe"),
        person("yan", "Yan", online=True),
        person("bob", "bob", online=True),
        person("old", "Old", last_at=5),
        person("new", "New", last_at=9),
        person("urgent", "Urgent", unread=1),
        person("anna", "Anna", unread=9),
    )
    assert [each.handle for each in listed(everybody, "anna")] == [
        "urgent",
        "new",
        "old",
        "bob",
        "yan",
        "zoe",
    ]


@pytest.mark.parametrize(
    ("needle", "found"), [(" OKA", ["bob"]), ("BO", ["bob"]), ("straße", ["ss"]), ("nobody", [])]
)
def test_the_list_is_filtered_by_name_or_handle_whatever_the_case(needle, found):
    everybody = office(person("bob", "Mr Okafor"), person("ss", "Strasse 7"), person("eve", "Eve"))
    assert [each.handle for each in listed(everybody, "anna", needle)] == found


@pytest.mark.rule("S4")
def test_who_does_not_share_being_online_has_a_mark_of_their_own():
    hidden = Presence("bob", 1, {"UserAvailability": Reading("DISCREET", 0)}, hidden=("OnlineStatus",))
    assert glyph_of(hidden) is Glyph.UNKNOWN


def test_everybody_is_shown_with_what_one_wishes_about_them():
    bob, carla, dora = person("bob"), person("carla"), person("dora", vip=True)
    shown = wished((bob, carla, dora), Privacy(blocked=("bob",), vips=("carla",)))
    assert [(each.handle, each.blocked, each.vip) for each in shown] == [
        ("bob", True, False),
        ("carla", False, True),
        ("dora", False, False),
    ]


def test_several_documents_at_once_and_who_does_not_change_is_the_same():
    before = office(person("bob"), person("zoe"))
    after = announced(before, presence("bob", 2, OnlineStatus=True), presence("carla"), presence("zoe", 0))
    assert (after["bob"].presence.version, after["carla"].handle) == (2, "carla")
    assert after["zoe"] is before["zoe"]


def test_one_is_counted_anew_and_the_others_stay():
    before = office(person("bob"), person("zoe"))
    after = recounted(before, "bob", 2, 1, 9)
    assert (after["bob"].unread, after["bob"].waiting, after["bob"].last_at) == (2, 1, 9)
    assert after["zoe"] is before["zoe"]
    assert recounted(after, "bob", 2, 1, 9) is after
    assert recounted(after, "nobody", 1, 1, 1) is after


def test_who_is_wished_nothing_new_stays_the_same_object():
    ann, bob = person("ann"), person("bob")
    found = wished((ann, bob), structs.replace(NO_WISHES, vips=("bob",)))
    assert found[0] is ann
    assert found[1].vip
    assert wished(found, NO_WISHES)[1] == bob


def test_many_are_called_by_what_tells_them_apart():
    name_of = caller(office(person("bob", "Bob"), person("bob2", "BOB"), person("zoe", "Zoe")))
    assert [name_of(each) for each in ("bob", "bob2", "zoe", "stranger")] == [
        "Bob (bob)",
        "BOB (bob2)",
        "Zoe",
        "stranger",
    ]
