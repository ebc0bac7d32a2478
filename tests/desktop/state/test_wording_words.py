import pytest

from tact_desktop.state import wording_words as words
from tact_engine.core.conditions import OPERATORS
from tact_engine.core.presence import ATTRIBUTES, USER_MOOD


def test_every_attribute_value_and_operator_has_words():
    for name, row in ATTRIBUTES.items():
        assert words.attribute_word(name) != name or name in ("Activity", "Idle")
        assert words.attribute_said(name).islower()
        assert [value for value in row.words if words.value_word(name, value) == value] == []
    assert [op for op in OPERATORS if words.operator_word(op) == op] == ["contains"] * (
        "contains" in OPERATORS
    )


def test_every_mood_but_none_has_an_emoji_of_its_own():
    emojis = [words.mood_emoji(mood) for mood in ATTRIBUTES[USER_MOOD].words if mood != "NONE"]
    assert "" not in emojis
    assert len(set(emojis)) == len(emojis)
    assert words.mood_emoji("NONE") == ""


@pytest.mark.rule("P3")
def test_what_is_unknown_is_shown_plainly():
    assert words.attribute_word("Weather") == words.attribute_said("Weather") == "Weather"
    assert words.operator_word("near") == "near"
    assert words.value_word("Weather", "RAIN") == "RAIN"


@pytest.mark.parametrize(
    ("attr", "value", "label"), [("UserMood", "ANGRY", "😠 Angry"), ("UserMood", "NONE", "No mood")]
)
def test_a_menu_shows_emoji_and_word(attr, value, label):
    assert words.value_label(attr, value) == label


@pytest.mark.parametrize(
    ("attr", "value", "text"),
    [
        ("UserAvailability", "NOT_AVAILABLE", "Not available"),
        ("OnlineStatus", False, "Offline"),
        ("StatusText", "at lunch", "“at lunch”"),
        ("StatusText", "", "empty"),
        ("Weather", "RAIN", "RAIN"),
        ("Idle", 0, "active"),
        ("Idle", 40, "idle for 40 seconds"),
        ("Idle", 190, "idle for 3 minutes"),
        ("Idle", "odd", "idle for 0 seconds"),
    ],
)
def test_a_present_value_in_words(attr, value, text):
    assert words.now_word(attr, value) == text
