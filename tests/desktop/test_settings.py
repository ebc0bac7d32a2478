import json
from datetime import UTC, datetime

import pytest

from tact_desktop import settings
from tact_desktop.settings import (
    Joining,
    Seat,
    forget_joining,
    joining,
    keep,
    keep_joining,
    known_engines,
    local_zone,
    now_ms,
    profile_folder,
    profile_for,
    remember,
    remembered,
    seat_of,
)


def test_nobody_sat_here_at_the_first_run():
    assert remembered() is None


@pytest.mark.parametrize("seat", [Seat("anna", "Anna Berg"), Seat("bob", "Bob “Ø” 🙂", True, "dark")])
def test_who_sat_here_is_remembered(profile, seat):
    remember(Seat("somebody", "Somebody"))
    remember(seat)
    assert remembered() == seat
    assert sorted(path.name for path in profile.iterdir()) == ["profiles", "window.json"]
    assert (profile / "window.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '"anna"',
        "{}",
        '{"handle": "anna"}',
        '{"handle": 7, "name": "Anna"}',
        '{"handle": "anna", "name": null}',
        '{"handle": "anna", "name": "Anna", "own_engine": "yes"}',
        '{"handle": "anna", "name": "Anna", "scheme": null}',
        '{"handle": "anna", "name": "\\ud800',
        "\\xff",
    ],
)
def test_a_damaged_file_is_a_first_run(profile, text):
    profile.mkdir()
    (profile / "window.json").write_text(text)
    assert remembered() is None


def test_what_a_newer_version_added_is_passed_over(profile):
    profile.mkdir()
    (profile / "window.json").write_text(json.dumps({"handle": "anna", "name": "Anna", "brand_new": 1}))
    assert remembered() == Seat("anna", "Anna")


def test_a_look_that_is_not_known_is_the_systems(profile):
    remember(Seat("anna", "Anna", scheme="purple"))
    assert remembered() == Seat("anna", "Anna", scheme="system")


def test_each_person_has_a_folder(profile):
    assert profile_folder("anna") == profile / "profiles" / "anna"


def test_who_sits_in_front_of_a_profile_is_kept_besides_who_sat_here_last():
    anna = Seat("anna", "Anna", engine="7f", engine_name="Office", profile="anna@7f")
    remember(anna)
    remember(Seat("bob", "Bob"))
    assert (remembered(), seat_of("anna@7f"), seat_of("anna")) == (Seat("bob", "Bob"), anna, None)
    keep(Seat("carl", "Carl"))
    assert (remembered(), seat_of("carl")) == (Seat("bob", "Bob"), Seat("carl", "Carl"))
    assert (anna.place, Seat("bob", "Bob").place) == ("anna@7f", "bob")


def test_the_engines_of_everybody_here_are_known_by_name(profile):
    assert known_engines() == {}
    remember(Seat("anna", "Anna", engine="7f", engine_name="Office"))
    keep(Seat("bob", "Bob", engine="c2", engine_name="Lab"))
    keep(Seat("carl", "Carl"))
    (profile / "window.json").unlink()
    assert known_engines() == {"7f": "Office", "c2": "Lab"}


def test_the_same_short_name_at_two_engines_is_two_profiles(profile):
    office, lab = "7f" * 32, "c2" * 32
    assert profile_for("anna", office) == "anna"
    known = profile_folder("anna") / "engines.json"
    known.parent.mkdir(parents=True)
    known.write_text(json.dumps([{"engine": office, "host": "pc", "port": 1}]))
    assert profile_for("anna", office) == "anna"
    assert profile_for("anna", lab) == "anna@c2c2c2c2"


def test_who_asks_to_be_let_in_is_kept_until_that_is_over(profile):
    asked = Joining("anna", "Anna", "pc-tom", 8228, "7f", "Office")
    keep_joining(asked)
    assert joining() == asked
    assert (profile / "joining.json").stat().st_mode & 0o777 == 0o600
    forget_joining()
    forget_joining()
    assert joining() is None


def test_the_clock_counts_milliseconds_of_utc():
    before = datetime.now().astimezone().timestamp()
    assert abs(now_ms() / 1000 - before) < 5


@pytest.mark.parametrize(("name", "hours"), [(b"Asia/Tokyo", 9), (b"Nowhere/At_All", None), (b"", None)])
def test_the_zone_is_the_computers_or_its_present_offset(monkeypatch, name, hours):
    class Zone:
        @staticmethod
        def systemTimeZoneId():
            return type("Bytes", (), {"data": staticmethod(lambda: name)})

    monkeypatch.setattr(settings, "QTimeZone", Zone)
    offset = local_zone().utcoffset(datetime(2025, 7, 1, tzinfo=UTC).replace(tzinfo=None))
    assert offset is not None
    if hours is not None:
        assert offset.total_seconds() == hours * 3600
