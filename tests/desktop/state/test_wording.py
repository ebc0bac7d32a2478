import pytest

from tact_desktop.state import wording
from tact_desktop.state.entry import Stage
from tact_desktop.state.mark import Mark
from tact_desktop.state.wording import Notice


def test_every_mark_and_stage_has_words():
    assert set(wording.MARK_GLYPHS) == set(wording.MARK_WORDS) == set(Mark)
    assert set(wording.STAGE_WORDS) == set(Stage)


def test_a_sentence_stands_behind_its_mark():
    assert wording.marked(Mark.FALSE, "Not yet.") == "○ Not yet."


def test_the_feet():
    assert (
        wording.foot_offline_message("10:02", "11:31")
        == "⏱ Offline message · written 10:02 · delivered 11:31"
    )
    assert wording.foot_on_its_way("11:31") == "11:31 · On its way"
    assert wording.foot_arrived("11:31", False, "10:02") == "11:31 ✓ Delivered · written 10:02"
    assert wording.foot_arrived("09:05", True, "") == "09:05 ✓✓ Read"
    assert wording.foot_held("until not angry", "6 d 23 h left") == "⏳ until not angry · 6 d 23 h left"
    assert wording.foot_expired("10:00") == "⌛ Not delivered: its time ran out 10:00"
    assert wording.foot_failed("Too long.") == "⚠ Too long."
    assert wording.foot_failed("") == f"⚠ {wording.NOT_ACCEPTED}"
    assert wording.foot_failed("", "Tom") == "⚠ Tom was removed: it could not be delivered."
    assert wording.delivered_together("11:31") == "Delivered together 11:31"


def test_what_a_screen_reader_says():
    assert wording.accessible("Bob", "Hi", "10:02", "Read") == "Bob: Hi. 10:02. Read"
    assert wording.accessible("Bob", "Hi", "10:02", "") == "Bob: Hi. 10:02"
    assert wording.said_offline_message("10:02", "11:31") == "Offline message, written 10:02, delivered 11:31"
    assert wording.said_waiting("until not angry", "42 min left") == "Waiting until not angry, 42 min left"
    assert wording.said_expired("10:00") == "Not delivered, its time ran out 10:00"
    assert wording.said_failed("Too long.") == "Not accepted: Too long."
    assert wording.said_failed("") == f"Not accepted: {wording.NOT_ACCEPTED}"
    assert wording.said_failed("", "Tom") == "Not delivered: Tom was removed: it could not be delivered."
    assert wording.said_failed("Too long.", "Tom") == "Not accepted: Too long."
    assert wording.said_arrived("Delivered", "10:02") == "Delivered, written 10:02"
    assert wording.said_arrived("Delivered", "") == "Delivered"


@pytest.mark.parametrize(
    ("unsent", "part"), [(0, "What you write is kept"), (1, "1 message is kept"), (3, "3 messages are kept")]
)
def test_the_banner_while_the_engine_is_away(unsent, part):
    assert part in wording.unreachable("Office", unsent)


@pytest.mark.parametrize(("minutes", "part"), [(1, "by 1 minute."), (7, "by 7 minutes.")])
def test_the_banner_of_a_wrong_clock(minutes, part):
    assert part in wording.clock_differs(minutes)


def test_a_refusal_is_told_in_our_words_or_the_engines():
    assert wording.refusal_text("already_released", "x").startswith("Too late")
    assert wording.refusal_text("brand_new", "Do this.") == "Do this."
    assert wording.refusal_text("brand_new", "") == wording.NOT_ACCEPTED


@pytest.mark.parametrize(
    ("texts", "delayed", "preview", "expected"),
    [
        (["Hi\nthere"], False, True, Notice("Anna", "Hi")),
        (["Hi"], True, True, Notice("A message from Anna, written while you were away", "Hi")),
        (["Hi", "Yes"], False, True, Notice("2 messages from Anna", "Yes")),
        (["1", "2", "3"], True, False, Notice("3 messages from Anna, written while you were away", "")),
        ([" \n"], False, True, Notice("Anna", "")),
    ],
)
def test_one_notification_for_what_came_together(texts, delayed, preview, expected):
    assert wording.notice(["Anna"], texts, delayed, preview) == expected


@pytest.mark.rule("O8")
@pytest.mark.parametrize(
    ("authors", "title"),
    [
        (["Anna", "Bob"], "5 messages from Anna and Bob"),
        (["Anna", "Bob", "Eve"], "5 messages from Anna, Bob and 1 other"),
        (["Anna", "Bob", "Eve", "Tom"], "5 messages from Anna, Bob and 2 others"),
    ],
)
def test_one_notification_for_several_authors_quotes_nobody(authors, title):
    assert wording.notice(authors, ["Hi"] * 5, delayed=True) == Notice(title, "")


def test_the_places_that_links_hide_are_said():
    assert wording.with_places("Hello", ()) == "Hello"
    assert wording.with_places("Hello", ("a.example", "b")) == "Hello (link to a.example; link to b)"


def test_what_comes_from_elsewhere_is_one_harmless_line():
    assert wording.refusal_text("x", "No\u202e.\nNever\x1b.") == "No. Never␛."
    assert wording.notice(["Bob"], ["\u2067hi\x00\nmore"], delayed=False).body == "\u2067hi␀\u2069"
