from datetime import UTC

import pytest

from tact_desktop.state import wording_moments as words
from tact_engine.core.window import Window

NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (10, "10 seconds"),
        (60, "1 minute"),
        (90, "1 minute 30 seconds"),
        (300, "5 minutes"),
        (3600, "1 hour"),
        (7260, "2 hours 1 minute"),
    ],
)
def test_a_length_in_full_words(seconds, text):
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("after_hours", "text"),
    [
        (4, "14:00 today"),
        (23, "09:00 tomorrow"),
        (23 + 24, "09:00 on Tuesday 24 November"),
        (24 * 60, "10:00 on Thursday 21 January 2027"),
    ],
)
def test_a_moment_to_come(after_hours, text):
    assert words.instant(NOW_MS + after_hours * HOUR, NOW_MS, UTC) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ((1, 2, 3, 4, 5, 6, 7), "between 09:00 and 17:00 (Bob's time)"),
        ((5, 4, 3, 2, 1), "between 09:00 and 17:00 on weekdays (Bob's time)"),
        ((6, 7), "between 09:00 and 17:00 at weekends (Bob's time)"),
        ((3,), "between 09:00 and 17:00 on Wednesday (Bob's time)"),
        ((1, 3, 5), "between 09:00 and 17:00 on Monday, Wednesday and Friday (Bob's time)"),
        ((), "between 09:00 and 17:00 on  (Bob's time)"),
    ],
)
def test_hours_of_certain_days(days, text):
    assert words.hours(Window("09:00", "17:00", days), "Bob") == text
