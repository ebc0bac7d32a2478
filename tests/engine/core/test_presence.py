import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.errors import Refused
from tact_engine.core.presence import (
    ACTIVITIES,
    ALIAS,
    ATTRIBUTES,
    AVAILABILITIES,
    IDLE,
    MOODS,
    ONLINE_STATUS,
    SECONDS_MAX,
    STATUS_TEXT,
    TIME_ZONE,
    USER_AVAILABILITY,
    USER_MOOD,
    Kind,
    Presence,
    Reading,
    SetBy,
    checked,
    expected,
    nobody,
    offered,
    seen,
    settable,
    zone_named,
)

NOW_MS = 1_800_000_000_000
MARY = Presence(
    "mary",
    7,
    {
        ONLINE_STATUS: Reading(True, 100, source=SetBy.ENGINE),
        USER_MOOD: Reading("ANGRY", 200),
        STATUS_TEXT: Reading("busy", 300),
    },
)


# --- the table


def test_the_names_are_those_of_the_law():
    assert set(ATTRIBUTES) == {
        "OnlineStatus", "UserAvailability", "UserMood", "StatusText",
        "FreeTextLocation", "Activity", "Idle", "Alias", "TimeZone",
    }  # fmt: skip
    assert all(name == row.name for name, row in ATTRIBUTES.items())


@pytest.mark.rule("P5", "P6", "P9")
def test_the_words_are_those_of_the_law():
    assert AVAILABILITIES == ("AVAILABLE", "DISCREET", "NOT_AVAILABLE")
    assert set(MOODS) == {
        "NONE", "ANGRY", "ANXIOUS", "ASHAMED", "BORED", "EXCITED",
        "HAPPY", "IN_LOVE", "INVINCIBLE", "JEALOUS", "SAD", "SLEEPY",
    }  # fmt: skip
    assert set(ACTIVITIES) == {
        "NONE", "MEETING", "PRESENTATION", "ON_THE_PHONE", "WORKING",
        "LUNCH", "BREAK", "TRAVEL", "VACATION", "AWAY",
    }  # fmt: skip


@pytest.mark.rule("P4")
def test_only_the_engine_sets_who_is_online():
    assert [row.name for row in ATTRIBUTES.values() if row.set_by is SetBy.ENGINE] == [ONLINE_STATUS]


@pytest.mark.parametrize("row", ATTRIBUTES.values(), ids=lambda row: row.name)
def test_a_default_is_a_value_that_the_attribute_can_hold(row):
    assert row.default is None or checked(row.name, row.default, SetBy.ENGINE) == row.default


# --- reading a document


def test_somebody_new_is_at_every_default_and_offline():
    new = nobody("ann")
    assert (new.handle, new.version, new.online) == ("ann", 0, False)
    assert new.value(USER_MOOD) == "NONE"
    assert new.value(IDLE) == 0
    assert new.value(TIME_ZONE) is None
    assert TIME_ZONE not in seen(new, NOW_MS)


def test_what_was_set_is_read_back():
    assert MARY.value(USER_MOOD) == "ANGRY"
    assert MARY.online


@pytest.mark.rule("P3")
def test_an_attribute_that_nobody_knows_is_kept_and_shown():
    strange = Presence("ann", 1, {"Weather": Reading("fog", 0)})
    assert strange.value("Weather") == "fog"
    assert seen(strange, 5)["Weather"] == offered(strange, 5)["Weather"] == "fog"
    assert strange.value("Tide") is None
    assert "Tide" not in seen(strange, 5)


def test_a_viewer_sees_defaults_and_what_was_set_and_nothing_that_was_not():
    assert seen(MARY, NOW_MS) == {
        ONLINE_STATUS: True, USER_AVAILABILITY: "AVAILABLE", USER_MOOD: "ANGRY", STATUS_TEXT: "busy",
        "FreeTextLocation": "", "Activity": "NONE", IDLE: 0, ALIAS: "",
    }  # fmt: skip


@pytest.mark.rule("W14")
@pytest.mark.parametrize("name", [USER_MOOD, USER_AVAILABILITY, ONLINE_STATUS, IDLE, "Weather"])
def test_what_is_hidden_has_no_value_at_all_neither_as_it_is_nor_its_default(name):
    told = Presence("mary", 7, MARY.readings | {"Weather": Reading("fog", 1)}, hidden=(name,))
    for values in (seen(told, NOW_MS), offered(told, NOW_MS)):
        assert set(values) == {*seen(MARY, NOW_MS), "Weather"} - {name}
    assert told.value(name) is None


def test_whether_somebody_is_online_can_be_hidden():
    assert not Presence("mary", 7, MARY.readings, hidden=(ONLINE_STATUS,)).online


@pytest.mark.rule("S5")
def test_what_may_be_seen_and_not_used_is_seen_and_not_offered():
    told = Presence("mary", 7, MARY.readings, hidden=(ALIAS,), unusable=(USER_MOOD, IDLE))
    assert seen(told, NOW_MS)[USER_MOOD] == told.value(USER_MOOD) == "ANGRY"
    assert offered(told, NOW_MS) == {
        name: value for name, value in seen(MARY, NOW_MS).items() if name not in (ALIAS, USER_MOOD, IDLE)
    }


# --- what grows by itself


@pytest.mark.rule("P10", "W5")
@pytest.mark.parametrize(
    ("since", "at_ms", "seconds"),
    [
        (5_000, 5_000, 0),
        (5_000, 5_999, 0),
        (5_000, 6_000, 1),
        (5_000, 305_000, 300),
        (5_400, 305_400, 300),
        (5_400, 305_999, 300),
        (5_400, 306_000, 301),
        (9_000, 5_000, 0),  # an input that is still to come: the clocks do not agree
    ],
)
def test_being_idle_grows_by_whole_seconds_of_the_clock_and_is_never_below_nought(since, at_ms, seconds):
    resting = Presence("mary", 7, {IDLE: Reading(77, since, source=SetBy.CLIENT)})
    assert seen(resting, at_ms)[IDLE] == seconds


@given(st.integers(0, 10**7), st.integers(0, 10**5), st.integers(0, 10**6))
def test_who_has_rested_so_many_seconds_is_seen_so_and_one_more_within_each_second(at_ms, seconds, later):
    resting = Presence("mary", 7, {IDLE: Reading(seconds, at_ms - seconds * 1000, source=SetBy.CLIENT)})
    assert seen(resting, at_ms)[IDLE] == seconds
    assert later - 1000 < (seen(resting, at_ms + later)[IDLE] - seconds) * 1000 < later + 1000


def test_nothing_else_grows():
    assert seen(Presence("mary", 7, {"Steps": Reading(5, 0)}), NOW_MS)["Steps"] == 5


# --- over the wire and into a database and back


readings = st.recursive(
    st.builds(Reading, st.booleans() | st.integers(-5, 2**53) | st.text(max_size=5), st.integers(0, 2**53)),
    lambda inner: st.builds(
        Reading,
        st.sampled_from(["HAPPY", "", 0, False, True]),
        st.integers(0, 2**53),
        st.none() | st.integers(0, 2**53),
        st.sampled_from(SetBy).map(str),
        st.none() | inner,
    ),
    max_leaves=5,
)
documents = st.builds(
    Presence,
    st.text("abc", min_size=2),
    st.integers(0, 9),
    st.dictionaries(st.sampled_from([*ATTRIBUTES, "Weather"]), readings),
    st.lists(st.sampled_from([*ATTRIBUTES]), max_size=2).map(tuple),
    st.lists(st.sampled_from([*ATTRIBUTES]), max_size=2).map(tuple),
)


@pytest.mark.rule("P2")
@given(documents)
def test_a_document_is_read_back_as_it_was_written(document):
    read = msgspec.json.decode(msgspec.json.encode(document), type=Presence)
    assert read == document
    assert [type(each.value) for each in read.readings.values()] == [
        type(each.value) for each in document.readings.values()
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{"value":null,"since":1}', '{"value":1.5,"since":1}', '{"value":[],"since":1}', '{"since":1}',
        '{"value":"SAD"}', '{"value":"SAD","since":true}', '{"value":"SAD","since":1,"until":"2"}',
        '{"value":"SAD","since":1,"previous":{}}', '{"value":"SAD","since":1,"source":5}',
    ],
)  # fmt: skip
def test_what_is_no_reading_is_not_read(text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Reading)


# --- time zones


@pytest.mark.rule("P12")
@pytest.mark.parametrize(
    "name",
    ["Europe/Helsinki", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC", "America/Indiana/Knox"],
)
def test_a_time_zone_is_known_by_its_name(name):
    zone = zone_named(name)
    assert zone is not None
    assert zone.key == name
    assert checked(TIME_ZONE, name, SetBy.CLIENT) == name


@pytest.mark.rule("P12")
@pytest.mark.parametrize(
    "name",
    [
        "", "Europe", "Europe/", "/", "//", ".", "..", "Europe/Turku", "Europe/Helsinki ", "Europe\\Helsinki",
        "../etc/passwd", "../../../../../../etc/passwd", "/etc/passwd", "/usr/share/zoneinfo/UTC",
        "Europe/../UTC", "./UTC", "Europe/Helsinki\n", "\0", "UTC\0", "\ud800", "zone.tab", "tzdata.zi",
        "__init__.py", "__pycache__", "+02:00", "x" * 65, "x" * 100_000,
        # What some computers have, and each has another one of: the wall of the engine is nobody's.
        "localtime", "posixrules", "Factory", "posix/UTC", "right/UTC",
    ],
)  # fmt: skip
def test_what_is_no_time_zone_is_refused_whatever_lies_behind_the_name(name):
    assert zone_named(name) is None
    with pytest.raises(Refused, match="Europe/Helsinki") as caught:
        checked(TIME_ZONE, name, SetBy.CLIENT)
    assert caught.value.code == "bad_value"


@given(st.text(max_size=70) | st.text("./\\aAUTCEurope_\0", max_size=12))
def test_no_name_of_a_time_zone_does_harm(name):
    zone = zone_named(name)
    assert zone is None or zone.key == name


@pytest.mark.parametrize("value", [0, True, 120])
def test_a_time_zone_is_a_name(value):
    with pytest.raises(Refused):
        checked(TIME_ZONE, value, SetBy.CLIENT)


# --- what an attribute can hold


@pytest.mark.rule("P5", "P6", "P7", "P8", "P9", "P11")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        (ONLINE_STATUS, True),
        (ONLINE_STATUS, False),
        *((USER_AVAILABILITY, word) for word in AVAILABILITIES),
        *((USER_MOOD, word) for word in MOODS),
        *(("Activity", word) for word in ACTIVITIES),
        (STATUS_TEXT, ""),
        (STATUS_TEXT, "x" * 280),
        ("FreeTextLocation", "x" * 80),
        (ALIAS, "x" * 60),
        ("Idle", 0),
        ("Idle", 86_400),
        ("Idle", SECONDS_MAX),
    ],
)
def test_it_can_hold(name, value):
    assert checked(name, value, SetBy.ENGINE) == value


@pytest.mark.rule("P5", "P6", "P7", "P8", "P11")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (ONLINE_STATUS, 1, "true or false"),
        (ONLINE_STATUS, "true", "true or false"),
        (USER_AVAILABILITY, "available", "AVAILABLE, DISCREET, NOT_AVAILABLE"),
        (USER_AVAILABILITY, "", "one of"),
        (USER_MOOD, "MEETING", "one of NONE, ANGRY"),
        (USER_MOOD, True, "one of"),
        (STATUS_TEXT, "x" * 281, "at most 280 characters"),
        (STATUS_TEXT, 5, "a text"),
        ("FreeTextLocation", "x" * 81, "at most 80"),
        (ALIAS, "x" * 61, "at most 60"),
        ("Idle", -1, "whole number of seconds"),
        ("Idle", True, "whole number of seconds"),
        ("Idle", SECONDS_MAX + 1, "at most a year"),
        ("Idle", 10**4000, "at most a year"),
        ("Idle", "5", "whole number of seconds"),
    ],
)
def test_it_cannot_hold(name, value, sentence):
    with pytest.raises(Refused) as caught:
        checked(name, value, SetBy.ENGINE)
    assert caught.value.code == "bad_value"
    assert name in caught.value.text
    assert sentence in caught.value.text


def test_every_kind_of_attribute_is_checked():
    assert {row.kind for row in ATTRIBUTES.values()} == set(Kind)


def test_a_long_wrong_value_is_cut_in_the_sentence():
    with pytest.raises(Refused) as caught:
        checked(USER_MOOD, "ANGRY" * 1000)
    assert len(caught.value.text) < 400


def test_an_unknown_attribute_is_refused_and_the_known_ones_are_named():
    with pytest.raises(Refused, match="Weather") as caught:
        checked("Weather", "fog")
    assert caught.value.code == "unknown_attribute"
    assert "UserMood" in caught.value.text


@pytest.mark.rule("P4")
@pytest.mark.parametrize("setter", [SetBy.PERSON, SetBy.CLIENT])
def test_a_person_cannot_say_that_they_are_online(setter):
    for attempt in (lambda: checked(ONLINE_STATUS, True, setter), lambda: settable(ONLINE_STATUS, setter)):
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.code == "not_yours_to_set"


def test_what_can_be_set_is_every_row_but_those_of_the_engine():
    assert [settable(name) for name in ATTRIBUTES if name != ONLINE_STATUS] == [
        row for row in ATTRIBUTES.values() if row.set_by is not SetBy.ENGINE
    ]
    assert settable(ONLINE_STATUS, SetBy.ENGINE) is ATTRIBUTES[ONLINE_STATUS]


@pytest.mark.parametrize("row", ATTRIBUTES.values(), ids=lambda row: row.name)
def test_what_fits_needs_no_sentence(row):
    fitting = {Kind.BOOLEAN: True, Kind.TEXT: "x", Kind.SECONDS: 5, Kind.ZONE: "UTC"}.get(row.kind)
    assert expected(row, row.words[0] if fitting is None else fitting) == ""
    assert expected(row, -1).startswith("It is ")


# --- text has one form


# All that turns the direction of writing (Unicode's Bidi_Control).
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.rule("P7")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  in a   meeting ", "in a meeting"),
        ("one\ntwo\tthree\r\n", "one two three"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\x00b\x1bc", "a b c"),
        ("left\u202eright", "left right"),  # it would turn what follows around
        ("a\ud800b", "a b"),
        ("\u200b", "\u200b"),  # no blank and no control: a place where a line may break
        ("👩\u200d💻", "👩\u200d💻"),  # one picture, joined
        ("\U0001fae8", "\U0001fae8"),  # newer than the tables of this Python may be
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),  # Persian
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),  # the flag of England
        *((f"a{letter}b", "a b") for letter in DIRECTIONS),
        ("\n \t", ""),
    ],
)
def test_text_is_kept_in_one_plain_line(typed, kept):
    assert checked(STATUS_TEXT, typed) == kept


def test_the_limit_is_counted_on_what_is_kept():
    assert checked(ALIAS, " " * 500 + "e\u0301" * 60) == "é" * 60


@given(st.text(max_size=90))  # composing can make a text three times as long
def test_the_form_of_a_text_is_final(text):
    kept = checked(STATUS_TEXT, text)
    assert checked(STATUS_TEXT, kept) == kept
    assert len(str(kept).splitlines()) <= 1
