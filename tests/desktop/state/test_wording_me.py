from datetime import UTC, datetime

import pytest

from tact_desktop.state import wording_me as words

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_ends_to_choose_from():
    assert [words.in_minutes(minutes) for minutes in (30, 60, 120)] == ["30 min", "1 h", "2 h"]
    assert words.at_clock(NOON, tomorrow=False) == "12:00"
    assert words.at_clock(NOON, tomorrow=True) == "12:00 tomorrow"


@pytest.mark.parametrize(
    ("attribute", "back", "sentence"),
    [
        ("UserAvailability", "AVAILABLE", "Busy until 17:00, then back to ●\N{NO-BREAK SPACE}Available."),
        ("UserAvailability", "DISCREET", "Busy until 17:00, then back to ◐\N{NO-BREAK SPACE}Discreet."),
        ("UserAvailability", "BRAND_NEW", "Busy until 17:00, then back to BRAND_NEW."),
        ("UserMood", "HAPPY", "Busy until 17:00, then back to Happy."),
        ("Activity", "NONE", "Busy until 17:00."),
        ("UserAvailability", None, "Busy until 17:00."),
    ],
)
def test_what_ends_and_what_comes_then(attribute, back, sentence):
    assert words.ends("Busy", "until 17:00", attribute, back) == sentence
