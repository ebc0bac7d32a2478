import pytest

from tact_desktop.state import wording_waiting as words
from tact_engine.core.window import Window


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (Window("09:00", "17:00"), "Only 09:00–17:00 Bob's time"),
        (Window("09:00", "17:00", (5, 1, 2, 3, 4)), "Only 09:00–17:00, Mon–Fri, Bob's time"),
        (Window("22:00", "06:00", (6, 7)), "Only 22:00–06:00, Sat, Sun, Bob's time"),
        (Window("22:00", "06:00", (1, 3, 5)), "Only 22:00–06:00, Mon, Wed, Fri, Bob's time"),
    ],
)
def test_certain_hours(window: Window, said: str):
    assert words.window_words(window, "Bob") == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (45, "45 s"), (60, "1 min"), (200, "3 min 20 s"), (3599, "59 min 59 s"), (3600, "1 h")],
)
def test_a_short_length_of_time_to_the_second(seconds: int, said: str):
    assert words.precisely(seconds) == said
    assert words.stays_so(seconds) == f"Stays so for {said}"


@pytest.mark.parametrize(("ms", "said"), [(1, "1 s left"), (1000, "1 s left"), (1001, "2 s left")])
def test_what_is_left_is_never_said_to_be_less(ms: int, said: str):
    assert words.still_to_stay(ms) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lunch?", "“Lunch?”"),
        ("two\n lines", "“two lines”"),
        ("exactly four and twenty!", "“exactly four and twenty!”"),
        ("a little more than four and twenty", "“a little more than four…”"),
    ],
)
def test_a_message_is_quoted_by_its_beginning(text: str, said: str):
    assert words.quoted(text) == said
    assert words.after(text) == f"After {said}"


def test_a_message_without_words_is_an_earlier_one():
    assert words.after(" ") == "After an earlier message"


def test_an_alert_tells_what_was_noted_for_it():
    assert (
        words.told_note("10:02", "Bob is Available", "") == "🔔 10:02 Bob is Available — you asked to be told"
    )
    assert words.told_note("10:02", "Bob is Available", "Call").endswith("told\nCall")


@pytest.mark.rule("N4", "S1")
@pytest.mark.parametrize("say", [words.not_told, words.not_told_note])
def test_that_time_ran_out_is_said_plainly(say):
    assert say("18:00").endswith("ran out 18:00")


@pytest.mark.rule("M24", "S1")
def test_what_is_written_to_the_other_names_the_message_and_nothing_else():
    assert words.please_ignore("Lunch at one?") == "Please ignore my message “Lunch at one?”."


@pytest.mark.parametrize(
    "say",
    [
        words.drafted, words.did_arrive, words.change_too_late, words.then_online, words.not_before,
        words.arrived_after_all, words.nobody_to_tell_of, words.refused_note, words.foot_paused, words.too_late,
        words.tell_me_when, words.told, lambda name: words.second_life("18:00", name),
    ],
)  # fmt: skip
def test_each_sentence_says_what_it_is_about(say):
    assert "Bob" in say("Bob")


def test_what_stands_above_the_alerts_counts_them():
    assert words.alerts_title(2) == "To be told (2)"


def test_a_draft_is_not_said_to_go():
    assert "draft" in words.then_draft()
