from datetime import UTC

import pytest
from msgspec.structs import replace

from tact_desktop.state import wording_conditions as words
from tact_desktop.state.recipient import Recipient
from tact_engine.core.conditions import WHEN_ONLINE, Clause, Condition, Group, evaluate, one_group, problems
from tact_engine.core.window import Window

AVAILABLE = ("UserAvailability", "eq", "AVAILABLE")
NOT_ANGRY = ("UserMood", "ne", "ANGRY")
LUNCH = ("StatusText", "contains", "lunch")
NOW = {
    "OnlineStatus": True,
    "UserAvailability": "NOT_AVAILABLE",
    "UserMood": "ANGRY",
    "StatusText": "at lunch",
    "Idle": 90,
}
SHUT = Window("09:00", "17:00")


def any_of(*clauses) -> Condition:
    return Condition(any=tuple(Group((Clause(*clause),)) for clause in clauses))


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (WHEN_ONLINE, "until online"),
        (one_group(AVAILABLE), "until available"),
        (one_group(NOT_ANGRY), "until not angry"),
        (one_group(AVAILABLE, NOT_ANGRY), "until available and not angry"),
        (any_of(AVAILABLE, NOT_ANGRY), "until available, or else not angry"),
        (one_group(LUNCH), "until the status text contains “lunch”"),
        (one_group(("Activity", "ne", "MEETING")), "until not in a meeting"),
    ],
)
def test_what_a_message_waits_for(condition, text):
    assert words.until(condition) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ({"dwell": 300}, "until available for 5 minutes"),
        ({"edge": True}, "until available, the next time"),
        ({"not_before": 7_200_000}, "until available, not before 02:00 today"),
        (
            {"window": Window("09:00", "17:00", (1, 2, 3, 4, 5))},
            "until available, between 09:00 and 17:00 on weekdays (Bob's time)",
        ),
        ({"dwell": 60, "edge": True}, "until available for 1 minute, the next time"),
    ],
    ids=lambda value: "" if isinstance(value, str) else "+".join(value),
)
def test_for_how_long_and_from_when_it_waits(part, text):
    assert words.until(replace(one_group(AVAILABLE), **part), Recipient("Bob")) == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (WHEN_ONLINE, "Bob is online"),
        (one_group(AVAILABLE, NOT_ANGRY), "Bob is Available and not Angry"),
        (one_group(("UserMood", "in", ("HAPPY", "EXCITED"))), "Bob is either Happy or Excited"),
        (one_group(("UserMood", "in", ("HAPPY", "SAD", "BORED"))), "Bob is one of Happy, Sad, Bored"),
        (one_group(("UserMood", "not_in", ("SAD", "BORED"))), "Bob is not Sad and not Bored"),
        (one_group(("UserAvailability", "ne", "NOT_AVAILABLE")), "Bob is either Available or Discreet"),
        (one_group(LUNCH, AVAILABLE), "Bob is Available and Bob's status text contains “lunch”"),
        (one_group(("StatusText", "not_contains", "x")), "Bob's status text does not contain “x”"),
        (one_group(("StatusText", "near", "{x}")), "Status text near “{x}”"),
        (one_group(("Weather", "eq", "RAIN")), "Bob is “RAIN”"),
        (one_group(("Idle", "ge", 600), NOT_ANGRY), "Bob is idle for at least 10 minutes and not Angry"),
        (one_group(("Idle", "lt", "soon")), "Bob is idle for less than soon"),
        (one_group(("Idle", "lt", (60, 90))), "Bob is either “60” or “90”"),
        (any_of(AVAILABLE, NOT_ANGRY), "Bob is Available, or else Bob is not Angry"),
    ],
)
def test_a_condition_in_a_sentence(condition, text):
    assert words.phrase("Bob", condition) == text


def test_online_is_said_where_it_is_missing_and_only_once():
    assert words.phrase("Bob", one_group(AVAILABLE), online=True) == "Bob is online and Available"
    assert words.phrase("Bob", one_group(("OnlineStatus", "eq", True)), online=True) == "Bob is online"


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (WHEN_ONLINE, "Bob is online"),
        (one_group(AVAILABLE, NOT_ANGRY), "Bob is Not available and Angry"),
        (one_group(LUNCH), "Bob's status text contains “at lunch”"),
        (one_group(("FreeTextLocation", "not_contains", "x")), "Bob is online"),
        (one_group(("Idle", "ge", 60)), "Bob is idle for 1 minute 30 seconds"),
        (one_group(("Weather", "eq", "RAIN")), "Bob is online"),
    ],
)
def test_what_is_so_now(condition, text):
    assert words.present("Bob", condition, NOW) == text


def test_the_present_value_beside_a_clause():
    assert words.now_text("UserMood", NOW) == "now: Angry"
    assert words.now_text("Alias", NOW) == "not shared with you"
    assert words.now_text("Idle", NOW) == "now: idle for 1 minute"


@pytest.mark.parametrize(
    ("condition", "values", "text"),
    [
        (one_group(AVAILABLE, LUNCH), NOW, "now: Not available"),
        (one_group(NOT_ANGRY), NOW | {"OnlineStatus": False}, "now: offline, Angry"),
        (one_group(LUNCH), NOW, ""),
        (one_group(("Alias", "contains", "B")), NOW, ""),
        (replace(one_group(AVAILABLE), not_before=10), NOW, "now: too early, Not available"),
        (replace(WHEN_ONLINE, window=SHUT), NOW | {"TimeZone": "UTC"}, "now: outside these hours"),
    ],
)
def test_the_present_values_of_what_is_not_so_yet(condition, values, text):
    assert words.now_all(condition, evaluate(condition, values, 0), values) == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (
            one_group(("UserMood", "eq", "ANGRY"), ("UserMood", "eq", "HAPPY")),
            "Can never be true: mood is both Angry and Happy.",
        ),
        (
            one_group(AVAILABLE, ("UserMood", "eq", "ANGRY"), NOT_ANGRY),
            "Can never be true: “Mood is Angry” and “Mood is not Angry” exclude each other.",
        ),
        (
            one_group(("UserAvailability", "not_in", ("AVAILABLE", "DISCREET", "NOT_AVAILABLE"))),
            "Can never be true: “Availability is none of Available, Discreet, Not available” leaves no value.",
        ),
        (
            one_group(("OnlineStatus", "eq", False)),
            "Can never be true: a message arrives only while Bob is online.",
        ),
        (one_group(("StatusText", "contains", "")), "Write what to look for in the status text."),
        (one_group(("UserMood", "in", ())), "Choose at least one value for the mood."),
    ],
)
def test_why_a_condition_cannot_be_sent(condition, text):
    assert words.problem_text(next(problems(condition)), condition, "Bob") == text


@pytest.mark.parametrize(
    "condition",
    [Condition(v=2), one_group(("UserMood", "eq", "FURIOUS")), one_group(("Weather", "eq", "RAIN"))],
)
def test_other_problems_are_told_in_the_engines_words(condition):
    problem = next(problems(condition))
    assert words.problem_text(problem, condition, "Bob") == problem.text


def test_what_to_fill_in_where_the_attribute_is_unknown():
    assert words.fill_in("Weather") == "Choose at least one value for the Weather."


def test_what_is_not_shared():
    assert words.not_shared("Bob", ["UserMood", "UserMood"]) == "Bob's mood is not shared with you"
    assert words.not_shared("Bob", ["UserMood", "Idle"]) == "Bob's mood and idle time are not shared with you"
    both = ["FreeTextLocation", "UserMood"]
    assert words.not_shared("Bob", both, unusable=both[:1]).endswith("are not shared with you")
    assert words.not_shared("Bob", both, unusable=both) == (
        "Bob's location and mood are shown to you, but no message may wait for them"
    )


BOB = Recipient("Bob", now_ms=1_795_341_600_000, zone=UTC)  # Sunday 22 November 2026, 10:00 UTC


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (one_group(AVAILABLE), "Bob is Available"),
        (replace(WHEN_ONLINE, dwell=10), "Bob has been online for 10 seconds"),
        (
            replace(one_group(AVAILABLE, NOT_ANGRY), dwell=60),
            "Bob has been Available and not Angry for 1 minute",
        ),
        (
            replace(one_group(LUNCH), dwell=60),
            "Bob's status text contains “lunch”, for 1 minute without a break",
        ),
        (
            replace(any_of(AVAILABLE, NOT_ANGRY), dwell=60),
            "Bob is Available, or else Bob is not Angry, for 1 minute without a break",
        ),
        (replace(WHEN_ONLINE, not_before=BOB.now_ms), "Bob is online, not before 10:00 today"),
        (replace(WHEN_ONLINE, window=SHUT), "Bob is online, between 09:00 and 17:00 (Bob's time)"),
        (replace(one_group(AVAILABLE), edge=True), "Bob is Available, the next time that becomes so"),
    ],
)
def test_a_condition_with_all_that_it_says_of_time(condition, text):
    assert words.full_phrase(condition, BOB) == text


def test_online_and_the_next_time_are_said_as_asked_for():
    lasting = replace(one_group(AVAILABLE), dwell=60, edge=True)
    assert words.full_phrase(lasting, BOB, online=True, again=False) == (
        "Bob has been online and Available for 1 minute"
    )
