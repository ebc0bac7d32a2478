import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.errors import Refused
from tact_engine.core.presence import (
    ACTIVITIES,
    ALIAS,
    ATTRIBUTES,
    AVAILABILITIES,
    MOODS,
    ONLINE_STATUS,
    STATUS_TEXT,
    USER_AVAILABILITY,
    USER_MOOD,
    Kind,
    Presence,
    Reading,
    SetBy,
    checked,
    nobody,
    seen,
    updated,
)

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
        "FreeTextLocation", "Activity", "Idle", "Alias",
    }  # fmt: skip
    assert all(name == row.name for name, row in ATTRIBUTES.items())


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
    assert new.value("Idle") is None


def test_what_was_set_is_read_back():
    assert MARY.value(USER_MOOD) == "ANGRY"
    assert MARY.online


def test_an_attribute_that_nobody_knows_is_kept_and_shown():
    strange = Presence("ann", 1, {"Weather": Reading("fog", 0)})
    assert strange.value("Weather") == "fog"
    assert seen(strange, "tom")["Weather"] == "fog"
    assert strange.value("Tide") is None


def test_a_viewer_sees_defaults_and_what_was_set_and_nothing_that_was_not():
    values = seen(MARY, "tom")
    assert values[USER_MOOD] == "ANGRY"
    assert values[USER_AVAILABILITY] == "AVAILABLE"
    assert values[ALIAS] == ""
    assert "Idle" not in values


# --- one update is one version


def test_several_changes_are_one_version():
    after = updated(MARY, {USER_MOOD: "HAPPY", STATUS_TEXT: "free", "Activity": "LUNCH"}, 900)
    assert after.version == MARY.version + 1
    assert [after.value(name) for name in (USER_MOOD, STATUS_TEXT, "Activity")] == ["HAPPY", "free", "LUNCH"]


def test_an_update_leaves_the_old_document_as_it_was():
    updated(MARY, {USER_MOOD: "HAPPY"}, 900)
    assert MARY.value(USER_MOOD) == "ANGRY"
    assert MARY.version == 7


@pytest.mark.parametrize("changes", [{}, {USER_MOOD: "ANGRY"}, {STATUS_TEXT: " busy "}])
def test_an_update_that_says_nothing_new_is_no_version(changes):
    assert updated(MARY, changes, 900) is MARY


def test_since_moves_only_with_the_value():
    after = updated(MARY, {USER_MOOD: "ANGRY", STATUS_TEXT: "free"}, 900)
    assert after.readings[USER_MOOD] == MARY.readings[USER_MOOD]
    assert after.readings[STATUS_TEXT] == Reading("free", 900)
    assert after.readings[ONLINE_STATUS] is MARY.readings[ONLINE_STATUS]


def test_who_set_it_is_kept():
    after = updated(MARY, {ONLINE_STATUS: False}, 900, SetBy.ENGINE)
    assert after.readings[ONLINE_STATUS] == Reading(False, 900, source="engine")


@pytest.mark.parametrize(
    "wrong",
    [{USER_MOOD: "FINE"}, {ONLINE_STATUS: True}, {"Weather": "fog"}, {STATUS_TEXT: "x" * 281}],
    ids=str,
)
@pytest.mark.parametrize("first", [True, False])
def test_an_update_with_one_wrong_value_is_refused_whole(wrong, first):
    right = {"Activity": "LUNCH"}
    with pytest.raises(Refused):
        updated(MARY, wrong | right if first else right | wrong, 900)


# --- what an attribute can hold


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
    ],
)
def test_it_can_hold(name, value):
    assert checked(name, value, SetBy.ENGINE) == value


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


def test_a_person_cannot_say_that_they_are_online():
    with pytest.raises(Refused) as caught:
        checked(ONLINE_STATUS, True)
    assert caught.value.code == "not_yours_to_set"


# --- text has one form


# All that turns the direction of writing (Unicode's Bidi_Control).
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


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
