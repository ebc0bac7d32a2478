import pytest

from tact_desktop.state import wording_composer as words
from tact_engine.core.envelope import Otherwise


@pytest.mark.parametrize(
    ("otherwise", "end", "wish"),
    [
        (Otherwise.EXPIRE, "given up in 1 week.", "give up after 1 week."),
        (Otherwise.DRAFTS, "after 1 week back to your drafts.", "after 1 week back to your drafts."),
        (
            Otherwise.DELIVER,
            "after 1 week delivered anyway when Bob is next online.",
            "after 1 week deliver anyway when Bob is next online.",
        ),
    ],
)
def test_the_end_of_its_time_is_said(otherwise, end, wish):
    assert words.ends("X", "1 week", otherwise, "Bob") == f"X; {end}"
    assert words.asked("Y", "1 week", otherwise, "Bob", alert=False) == f"Deliver when Y; {wish}"
    assert words.asked("Y", "1 week", otherwise, "Bob", alert=True) == f"Tell me when Y; {wish}"


def test_one_message_or_several():
    assert "the message that waits" in words.waits_in_turn(1, "x")
    assert "the 3 messages that wait" in words.waits_in_turn(3, "x")
    assert words.may_overtake("Goes.", 1) == "Goes. It may overtake the message that waits here."
    assert words.may_overtake("Goes.", 3) == "Goes. It may overtake the 3 messages that wait here."
    assert (words.after_waiting(1), words.after_waiting(2)) == (
        "after the one that waits",
        "after the 2 that wait",
    )


def test_the_present_values_stand_in_brackets_where_there_are_any():
    assert words.waits("Bob is Happy", "now: Sad") == "Not yet — waits until Bob is Happy (now: Sad)"
    assert words.waits("Bob is Happy", "") == "Not yet — waits until Bob is Happy"
    assert words.tells_when("Bob is Happy", "now: Sad", "Bob") == (
        "You will be told once when Bob is Happy (now: Sad); nothing is sent to Bob"
    )
    assert words.tells_when("x", "", "Bob") == "You will be told once when x; nothing is sent to Bob"


def test_every_end_has_words():
    assert set(words.THEN_WORDS) == set(Otherwise)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (words.goes_at_once("Bob is Happy"), "True now — goes at once. (Bob is Happy.)"),
        (words.goes_now("Bob"), "Bob is online — goes at once."),
        (words.goes_when_online("Bob"), "Bob is offline — delivered when Bob is online"),
        (
            words.waits_next_time("x"),
            "True now, but that does not count — waits for the next time that x",
        ),
        (
            words.has_to_stay("Bob is Happy", "1 minute"),
            "True now (Bob is Happy) — has to stay so for 1 minute from now",
        ),
        (words.cannot_tell("hidden", "x"), "Can't tell — hidden. Waits until x"),
        (
            words.cannot_tell_online("Bob", "x"),
            "Can't tell whether Bob is online — goes when x; you will hear late",
        ),
        (words.cannot_tell_hours("x"), "Can't tell — their time zone is not known yet. Waits until x"),
        (words.would_only_expire("hidden"), "Can't tell — hidden. This would only expire."),
        (
            words.kept_here("x"),
            "Not connected — kept on this computer and handed over once the engine is back; then it waits until x",
        ),
        (words.heard_late("Waits."), "Waits. You will hear late whether it arrived."),
        (
            words.tells_at_once("Bob is Happy", "Bob"),
            "True already — you will be told at once. (Bob is Happy.) Nothing is sent to Bob.",
        ),
        (
            words.tells_next_time("x", "Bob"),
            "True now, but that does not count — you will be told once, the next time that x; nothing is sent to Bob",
        ),
        (words.no_alert("Bob"), "Bob does not show you when they are online, so you cannot ask to be told."),
    ],
)
def test_the_sentences_of_the_composer(sentence, text):
    assert sentence == text


def test_why_nothing_can_be_written_to_somebody_who_is_gone():
    assert words.cannot_write("Bob").startswith("Bob ")
