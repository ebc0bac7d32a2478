from dataclasses import replace
from datetime import UTC

import pytest

from tact_desktop.state import wording_panels as words
from tact_desktop.state.draft import Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.link import Link, LinkPhase

NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC


def entry(stage: Stage, problem: str = "") -> Entry:
    return Entry(
        "1", "c", "me", True, "Hi", stage, ("bob",), 0, since=NOW_MS - 24 * 3_600_000, problem=problem
    )


def test_every_preset_has_words():
    assert list(words.PRESET_WORDS) == list(Preset)


@pytest.mark.parametrize(
    ("stage", "problem", "reason"),
    [
        (Stage.EXPIRED, "", "Its time ran out Yesterday 10:00"),
        (Stage.FAILED, "Too long.", "Too long."),
        (Stage.FAILED, "", "Bob was removed: it could not be delivered."),
    ],
)
def test_why_it_did_not_arrive(stage, problem, reason):
    card = words.undelivered(entry(stage, problem), "Bob", NOW_MS, UTC)
    assert card == words.Undelivered("1", "Bob", "Hi", reason)


@pytest.mark.rule("R2", "N4")
def test_why_one_was_not_told():
    ended = replace(entry(Stage.EXPIRED, ""), alert=True)
    card = words.undelivered(ended, "Bob", NOW_MS, UTC)
    assert (card.alert, card.reason) == (True, "Nothing to tell: its time ran out Yesterday 10:00")
    about_nobody = words.undelivered(replace(ended, stage=Stage.FAILED), "Bob", NOW_MS, UTC)
    assert about_nobody.reason == "Nothing to tell: Bob was removed."


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (Link(), "Connecting…"),
        (Link(engine="Office"), "Connecting to “Office”…"),
        (Link(LinkPhase.CONNECTED, "Office", "127.0.0.1", here=True), "Engine “Office” on this computer"),
        (Link(LinkPhase.CONNECTED, "Office", "pc-anna"), "Engine “Office”"),
        (Link(LinkPhase.CONNECTED, "Demo", "pc", is_open=True), "Engine “Demo”, open to anybody"),
        (Link(LinkPhase.ASKING, "Office"), "Waiting to be let in to “Office”"),
        (Link(LinkPhase.ASKING), "Waiting to be let in"),
        (Link(LinkPhase.AWAY, "Office"), "Engine “Office” cannot be reached"),
        (Link(LinkPhase.AWAY), "The engine cannot be reached"),
        (Link(LinkPhase.REFUSED, problem="Too old."), "Too old."),
        (Link(LinkPhase.REFUSED), "The engine does not let this computer in"),
        (Link(LinkPhase.SIGNED_OUT, "Office"), "Signed out"),
    ],
)
def test_the_status_bar(link, said):
    assert words.link_state(link) == said


@pytest.mark.parametrize(
    ("truth", "offline", "of", "said"),
    [
        (True, "", 2, "True now — this goes at once."),
        (False, "", 2, "Not yet: 1 of 2 true"),
        (None, "", 2, "Can't tell: 1 of 2 true"),
        (False, "Bob", 2, "Not yet: Bob is offline; 1 of 2 true"),
        (False, "Bob", 0, "Not yet: Bob is offline"),
    ],
)
def test_how_the_rows_stand(truth, offline, of, said):
    assert words.standing(truth, 1, of, offline) == said


def test_counts():
    assert [words.people_count(count) for count in (0, 1, 4)] == ["0 people", "1 person", "4 people"]
    assert [words.waiting_count(count) for count in (0, 3)] == ["Nothing waiting", "3 waiting"]
    assert [words.waiting_title(count) for count in (0, 3)] == ["Waiting", "Waiting (3)"]
    assert words.undelivered_title(2) == "Not delivered (2)"
    assert words.delivered_today(4) == "Delivered today: 4"


def test_several_values_on_a_button():
    assert words.several([]) == "choose…"
    assert words.several(["Angry", "Sad"]) == "Angry, Sad"
    assert words.several(["Angry", "Sad", "Bored", "Happy"]) == "Angry, Sad and 2 more"


def test_what_fits_beside_a_clause():
    assert words.beside("Mood is not Angry", "now: Angry") == "now: Angry"
    assert words.beside("Status text contains “lunch”", "now: “in a meeting”") == ""


def test_names_for_a_screen_reader():
    assert words.card_name("Bob", "Hi", "1 h left") == "Bob: Hi. 1 h left"
    assert words.card_name("Bob", "Hi") == "Bob: Hi"
    assert words.row_part("Value", 2) == "Value, row 2"
    assert words.named("Mood", "Happy") == "Mood: Happy"
    assert words.clause_now("Mood is Angry", "now: Happy") == "Mood is Angry (now: Happy)"


def test_sentences_with_a_name():
    assert words.message_to("Bob") == "Message Bob…"
    assert words.editor_title("Bob") == "Deliver to Bob when …"
    assert words.always_needed("Bob") == "Bob is online — always needed"
    assert words.present_state("Bob") == "Bob's present state"
    assert words.engine_on("Office", "PC-ANNA") == "Office — on PC-ANNA"
    assert words.handle_preview("anna") == "Your short name will be anna"
    assert words.handle_preview("") == "A short name is made from it."
