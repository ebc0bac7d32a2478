"""How the window says that the engine is there, away, or does not let one in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from tests.support.by_role import Role, names, press
from tests.support.heard import heard
from tests.support.paper_seat import PaperSeat, paper_seat

TEXT, BUTTON = Role.StaticText, Role.Button
MINUTE_MS = 60_000


@pytest.fixture
def seat(qtbot, tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom, who talks to Mary."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary")
        seat.window.resize(1240, 760)
        seat.window.flow.open("mary")
        seat.window.show()
        yield seat


def banner(seat: PaperSeat) -> str:
    """What the banner says, "" where there is none."""
    found = [text for text in names(seat.window.conversation, TEXT) if text.endswith((".", "!"))]
    return found[0] if found and found[0] != seat.window.composer.preview_sentence()[2:] else ""


def test_all_is_well(seat):
    assert "Engine “Office” on this computer" in names(seat.window, TEXT)
    assert {"2 people", "encrypted"} <= {*names(seat.window, TEXT)}
    assert banner(seat) == ""


def test_before_an_engine_ever_answered(qtbot, tmp_path):
    with paper_seat(tmp_path, "anna") as seat:
        seat.window.show()
        assert "Connecting…" in names(seat.window, TEXT)
        seat.lose("No engine was found.")
        assert "Connecting…" in names(seat.window, TEXT)


def test_away_with_what_is_kept_and_back(seat):
    seat.lose()
    assert banner(seat).startswith("“Office” cannot be reached. What you write is kept")
    seat.type("One")
    seat.enter()
    assert "1 message is kept" in banner(seat)
    seat.type("Two")
    seat.enter()
    assert "2 messages are kept" in banner(seat)
    seat.meet("mary")
    assert banner(seat) == ""


def test_refused_says_why(seat):
    seat.lose("The name “tom” belongs to another device. Choose another name.", "handle_taken", again=False)
    assert "belongs to another device" in banner(seat)


def test_refused_for_good_there_is_a_way_back_to_the_first_page(seat):
    wanted = heard(seat.window.start_anew_requested)
    seat.lose("The name “tom” belongs to another device. Choose another name.", "handle_taken", again=False)
    press(seat.window, BUTTON, "Start anew…")
    assert wanted == [()]
    seat.meet("mary")
    assert "Start anew…" not in names(seat.window, BUTTON)


def test_whoever_is_asked_to_let_one_in_is_named(qtbot, tmp_path):
    with paper_seat(tmp_path, "anna") as seat:
        seat.window.show()
        seat.lose("The host of this engine was asked to let you in.", "asked_to_join")
        assert "The host of this engine was asked to let you in." in names(seat.window.conversation, TEXT)


def test_who_was_removed_learns_what_that_means_and_may_start_anew(seat):
    wanted = heard(seat.window.start_anew_requested)
    seat.lose("This device may not sign in as “tom” any more.", "removed", again=False)
    assert banner(seat) == "You or this computer was removed from “Office”."
    assert [name for name in names(seat.window.conversation, BUTTON) if name.endswith("…")] == [
        "What this means…"
    ]
    press(seat.window, BUTTON, "What this means…")
    (box,) = seat.window.findChildren(QMessageBox)
    assert str(seat.bridge.profile) in box.text()
    press(box, BUTTON, "Start anew…")
    assert wanted == [()]


def test_signed_out_offers_the_way_back(seat):
    seat.lose("You are signed out.", "signed_out", again=False)
    assert banner(seat) == "You are signed out."
    press(seat.window, BUTTON, "Sign in")
    assert seat.bridge.intents("sign_in") == [()]


@pytest.mark.rule("T6")
@pytest.mark.parametrize(
    ("skew_ms", "said"), [(MINUTE_MS, ""), (MINUTE_MS + 1, "by 1 minute."), (-7 * MINUTE_MS, "by 7 minutes.")]
)
def test_a_clock_that_is_wrong(seat, skew_ms, said):
    seat.meet("mary", skew_ms=skew_ms)
    assert (said in banner(seat)) if said else banner(seat) == ""


def test_what_was_not_accepted_is_said(seat):
    seat.bridge.refused.emit("", "bad_value", "“UserMood” cannot be that. It is one of these.")
    assert "cannot be that" in banner(seat)


def test_a_complaint_leaves_the_way_back_in_place(seat):
    seat.lose("You are signed out.", "signed_out", again=False)
    seat.bridge.refused.emit("", "bad_value", "Not so.")
    assert "Sign in" in names(seat.window.conversation, BUTTON)
