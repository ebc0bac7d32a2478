import pytest

from tact_desktop.state.condition_choices import (
    Choice,
    attribute_choices,
    default_value,
    fitted,
    operator_choices,
    takes_seconds,
    takes_several,
    value_choices,
)
from tact_desktop.state.recipient import Recipient
from tact_engine.core.presence import ATTRIBUTES


@pytest.mark.rule("U8")
def test_every_attribute_that_can_be_compared_is_offered():
    offered = [choice.value for choice in attribute_choices()]
    assert set(ATTRIBUTES) - set(offered) == {"OnlineStatus", "TimeZone"}
    assert Choice("UserMood", "Mood") in attribute_choices()


@pytest.mark.parametrize(
    ("attr", "words"),
    [
        ("UserMood", ["is", "is not", "is one of", "is none of"]),
        ("StatusText", ["contains", "does not contain"]),
        ("Idle", ["less than", "at least"]),
        ("TimeZone", []),
    ],
)
def test_the_operators_fit_the_attribute(attr, words):
    assert [choice.text for choice in operator_choices(attr)] == words


def test_the_values_are_those_of_the_table():
    assert value_choices("UserAvailability")[2] == Choice("NOT_AVAILABLE", "Not available")
    assert value_choices("OnlineStatus") == (Choice(True, "Online"), Choice(False, "Offline"))
    assert value_choices("StatusText") == ()
    assert value_choices("Idle") == ()


def test_an_emoji_stands_beside_its_word():
    angry = value_choices("UserMood")[1]
    assert (angry.text, angry.emoji, angry.label) == ("Angry", "😠", "😠 Angry")
    assert value_choices("UserAvailability")[0].label == "Available"


@pytest.mark.rule("S9")
def test_what_is_not_offered_says_why():
    whom = Recipient("Bob", hidden=("UserMood",), unusable=("FreeTextLocation",))
    reasons = {choice.value: choice.why_not for choice in attribute_choices(whom)}
    assert reasons["UserMood"] == "Bob's mood is not shared with you."
    assert reasons["FreeTextLocation"] == "Bob's location is shown to you, but no message may wait for it."
    assert reasons["StatusText"] == ""


def test_only_idle_time_is_a_length():
    assert [choice.value for choice in attribute_choices() if takes_seconds(choice.value)] == ["Idle"]


@pytest.mark.parametrize(
    ("attr", "value"), [("UserMood", "NONE"), ("StatusText", ""), ("OnlineStatus", True), ("Idle", 300)]
)
def test_a_row_begins_with_a_value(attr, value):
    assert default_value(attr) == value


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("in", "ANGRY", ("ANGRY",)),
        ("in", ("ANGRY", "SAD"), ("ANGRY", "SAD")),
        ("eq", "ANGRY", "ANGRY"),
        ("eq", ("ANGRY", "SAD"), "ANGRY"),
        ("eq", (), ""),
    ],
)
def test_a_value_is_made_to_fit_the_operator(op, value, expected):
    assert fitted(op, value) == expected
    assert takes_several(op) is isinstance(expected, tuple)
