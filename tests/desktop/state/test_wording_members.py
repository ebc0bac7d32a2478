from datetime import UTC, datetime

import pytest

from tact_desktop.state import wording_members as words

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = int(datetime(2026, 11, 23, 12, 0, tzinfo=UTC).timestamp()) * 1000  # a Monday


@pytest.mark.parametrize(
    ("ago", "said"), [(2 * HOUR, "10:00"), (DAY, "yesterday 12:00"), (3 * DAY, "Friday 20 November 12:00")]
)
def test_a_moment_that_is_over(ago, said):
    assert words.at(NOW - ago, NOW, UTC) == said


@pytest.mark.parametrize(("ago", "said"), [(0, "today"), (DAY, "yesterday"), (3 * DAY, "Friday 20 November")])
def test_a_day_that_is_over(ago, said):
    assert words.on_day(NOW - ago, NOW, UTC) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (HOUR, "13:00"),
        (13 * HOUR, "Tuesday 24 November 01:00"),
        (2 * DAY, "Wednesday 25 November"),
        (6 * DAY, "Sunday 29 November"),
    ],
)
def test_an_end_has_its_time_where_it_is_near(ahead, said):
    assert words.until(NOW + ahead, NOW, UTC) == said


def test_what_to_do_with_a_link():
    until = words.until(NOW + 6 * DAY, NOW, UTC)
    assert (
        words.give_link(until) == "Give this link to one colleague. It works once, until Sunday 29 November."
    )
    assert words.give_device_link("", "13:00").startswith("Open this link on your other computer.")
    assert words.give_device_link("Mary", "13:00").startswith("Give this link to Mary, ")
    assert words.device_link_for("Mary") == "A new device for Mary"
    assert words.device_link_for("Mary", back=True) == "Let Mary back in"
    assert words.give_way_back("Mary", "13:00").endswith("they are back. It works once, until 13:00.")


def test_how_an_open_invitation_reads():
    assert words.invitation_line("Mary", "10:00", "13:00") == "Made by Mary 10:00 · can be used until 13:00"
    assert words.invitation_line("", "10:00", "") == "Made 10:00 · can be used until it is used"
    assert words.invitation_whose("Mary (mary)") == "For Mary (mary)"


def test_how_a_device_and_a_person_read():
    assert words.device_line("10:00", "11:00") == "Added 10:00 · last signed in 11:00"
    assert [words.device_count(count) for count in (0, 1, 2)] == ["no devices", "1 device", "2 devices"]
    assert words.member_since("today", "Tom") == "here since today, invited by Tom"
    assert words.member_since("today", "") == "here since today"
    assert words.last_seen("10:00") == "last seen 10:00"
    assert words.removed_at("10:00") == "Removed 10:00. The handle stays theirs."
    assert words.deed_on(words.Deed.REVOKE, "A new colleague") == "Revoke A new colleague"


@pytest.mark.parametrize(
    ("own", "among"),
    [(0, "fail, and"), (1, "fail, 1 of yours among it, and"), (3, "fail, 3 of yours among it, and")],
)
def test_removing_says_what_becomes_of_what_waits(own, among):
    said = words.remove_meaning("Tom", own)
    assert said.startswith("Tom is signed out everywhere at once. What waits for Tom will ")
    assert among in said
    assert words.remove_question("Tom") == "Remove Tom?"
    assert words.what_they_sent("Tom") == "What Tom sent and still waits:"


@pytest.mark.parametrize(
    ("here", "only", "said"),
    [
        (True, False, "This computer is signed out at once"),
        (False, False, "It is signed out at once"),
        (False, False, "Nothing is lost"),
        (True, True, "your only device"),
    ],
)
def test_removing_a_device_says_what_it_means(here, only, said):
    assert said in words.remove_device_meaning(here, only)
    assert ("Nothing is lost" in words.remove_device_meaning(here, only)) is not only
    assert words.remove_device_question("PC") == "Remove “PC” from your devices?"


def test_the_device_of_somebody_else_is_removed_from_theirs():
    assert words.devices_of("Mary") == "Devices of Mary"
    assert words.remove_device_question("PC", "Mary") == "Remove “PC” from the devices of Mary?"
    assert words.remove_device_meaning(False, False, "Mary").endswith("come to their other devices.")
    assert "Mary has no other device." in words.remove_device_meaning(False, True, "Mary")
    assert "their open invitations and password end" in words.remove_device_meaning(False, True, "Mary")
    assert "your open invitations and password end" in words.remove_device_meaning(True, False)


def test_who_asks_is_named_once():
    assert words.asks_to_join(("Eve (eve)",)) == "Eve (eve) asks to join."
    assert words.asks_to_join(("Eve", "Ben")) == "Eve and 1 other ask to join."
    assert words.asks_to_join(("Eve", "Ben", "Zoe")) == "Eve and 2 others ask to join."
    assert [words.requests_title(count) for count in (0, 2)] == ["Requests to join", "Requests to join (2)"]


def test_from_where_somebody_asks():
    assert words.request_lines("PC", "10.0.0.9", "10:00") == ("Computer “PC” · 10.0.0.9", "Asked 10:00")
    assert words.request_lines("", "", "10:00") == ("Asked 10:00",)


def test_what_is_wrong_with_a_password():
    assert words.password_too_short(8).startswith("Use at least 8 characters")
    assert words.password_too_long(256) == "Use at most 256 characters."


def test_how_the_engine_fares():
    assert words.running("10:00", "2 h") == "since 10:00 (2 h)"
    assert words.people_online(12, 5) == "12, 5 of them online"
    assert words.messages(34, 2) == "34 wait, 2 on their way"
    assert words.messages(1, 1) == "1 waits, 1 on its way"


@pytest.mark.parametrize(
    ("kib", "said"),
    [(840, "840 KB"), (1000, "1.0 MB"), (12_345, "12.1 MB"), (1024 * 1000, "1.0 GB"), (5 << 20, "5.0 GB")],
)
def test_an_amount_of_data(kib, said):
    assert words.size(kib) == said
