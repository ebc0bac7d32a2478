from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tact_desktop.state.draft import Draft, Preset, condition_of
from tact_desktop.state.mark import Mark
from tact_desktop.state.preview import Preview, preview
from tact_desktop.state.recipient import Recipient, recipient_of
from tact_engine.core.conditions import PRESETS, Clause, Condition, Group, evaluate, one_group
from tact_engine.core.envelope import Otherwise
from tact_engine.core.presence import AVAILABILITIES, MOODS, Presence, Reading
from tact_engine.core.window import Window

NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
HOUR = 3_600_000
AVAILABLE = PRESETS["available"]


def bob(online: bool = True, hidden=(), unusable=(), **values) -> Recipient:
    values = {"Alias": "Bob", "OnlineStatus": online, "TimeZone": "Europe/Helsinki"} | values
    readings = {name: Reading(value, 0) for name, value in values.items() if name not in hidden}
    return recipient_of(Presence("bob", 1, readings, tuple(hidden), tuple(unusable)), NOW_MS, UTC)


AWAY = bob(online=False)
BUSY = bob(UserAvailability="NOT_AVAILABLE")


def custom(condition: Condition, **parts) -> Draft:
    return Draft("Hi", Preset.CUSTOM, condition, **parts)


def said(draft: Draft, whom: Recipient, connected: bool = True, ahead: int = 0):
    found = preview(draft, whom, connected, ahead)
    return found.sentence, found.button, found.can_send


LIMIT = "given up in 1 week."


@pytest.mark.rule("W28")
@pytest.mark.parametrize(
    ("draft", "whom", "sentence", "button"),
    [
        (Draft("Hi"), bob(), "● Bob is online — goes at once.", "Send"),
        (
            Draft("Hi"),
            AWAY,
            f"○ Bob is offline — delivered when Bob is online; {LIMIT}",
            "Send when online",
        ),
        (
            Draft("Hi", Preset.ONLINE),
            bob(),
            "● True now — goes at once. (Bob is online.)",
            "Send",
        ),
        (
            Draft("Hi", Preset.AVAILABLE),
            BUSY,
            f"○ Not yet — waits until Bob is Available (now: Not available); {LIMIT}",
            "Send when available",
        ),
        (
            Draft("Hi", Preset.NOT_ANGRY),
            bob(online=False, UserMood="ANGRY"),
            f"○ Not yet — waits until Bob is online and not Angry (now: offline, Angry); {LIMIT}",
            "Send when not angry",
        ),
        (
            custom(one_group(("Idle", "lt", 300))),
            bob(Idle=0),
            "○ Not yet — waits until Bob is idle for less than 5 minutes (now: idle for 498706 hours); "
            + LIMIT,
            "Send when…",
        ),
        (
            custom(replace(AVAILABLE, not_before=NOW_MS + 4 * HOUR, window=Window("13:00", "17:00"))),
            bob(),
            "○ Not yet — waits until Bob is Available, not before 14:00 today, between 13:00 and 17:00 "
            f"(Bob's time) (now: too early, outside these hours); {LIMIT}",
            "Send when…",
        ),
    ],
)
def test_the_composer_says_what_send_would_do(draft, whom, sentence, button):
    assert said(draft, whom) == (sentence, button, True)


@pytest.mark.rule("W9")
def test_what_is_so_already_waits_for_the_next_time():
    next_time = custom(replace(AVAILABLE, edge=True))
    assert said(next_time, bob())[0] == (
        f"○ True now, but that does not count — waits for the next time that Bob is Available; {LIMIT}"
    )
    assert preview(next_time, bob(), True).mark is Mark.FALSE
    assert "the next time that becomes so" in said(next_time, BUSY)[0]


@pytest.mark.rule("W17")
def test_what_is_so_already_has_to_stay_so():
    lasting = custom(replace(AVAILABLE, dwell=300))
    found = preview(lasting, bob(), True)
    assert found.sentence == (
        f"○ True now (Bob is Available) — has to stay so for 5 minutes from now; {LIMIT}"
    )
    assert (found.at_once, found.button) == (False, "Send when…")
    assert "Bob has been Available for 5 minutes" in said(lasting, BUSY)[0]


@pytest.mark.rule("W26", "W28")
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (replace(AVAILABLE, dwell=3600), "It cannot hold for 3600 seconds"),
        (replace(AVAILABLE, not_before=NOW_MS + HOUR), "The message ends before it may go."),
    ],
)
def test_what_cannot_come_true_in_time_is_not_sent(condition, words):
    sentence, _, can_send = said(custom(condition, valid_for=3600), bob())
    assert sentence.startswith(f"⚠ {words}")
    assert not can_send
    assert said(custom(condition, valid_for=3601), bob())[2]


@pytest.mark.rule("W25", "W28")
@pytest.mark.parametrize("connected", [True, False])
def test_what_can_never_be_is_said_with_and_without_an_engine(connected):
    never = custom(one_group(("UserMood", "eq", "ANGRY"), ("UserMood", "eq", "HAPPY")))
    found = preview(never, bob(), connected)
    assert (found.mark, found.can_send) == (Mark.IMPOSSIBLE, False)
    assert found.sentence == "⚠ Can never be true: mood is both Angry and Happy."


@pytest.mark.rule("S10", "S11")
@pytest.mark.parametrize(
    ("draft", "whom", "why"),
    [
        (Draft("Hi", Preset.NOT_ANGRY), bob(hidden=["UserMood"]), "Bob's mood is not shared with you"),
        (
            custom(one_group(("FreeTextLocation", "contains", "b"))),
            bob(unusable=["FreeTextLocation"]),
            "Bob's location is shown to you, but no message may wait for it",
        ),
        (
            custom(replace(AVAILABLE, window=Window("09:00", "17:00"))),
            bob(hidden=["TimeZone"]),
            "Bob's time zone is not shared with you",
        ),
    ],
)
def test_what_is_not_offered_cannot_be_sent(draft, whom, why):
    sentence, _, can_send = said(draft, whom)
    assert (sentence, can_send) == (f"? Can't tell — {why}. This would only expire.", False)


def test_an_alternative_that_is_offered_may_be_waited_for():
    either = Condition(
        any=(
            Group((Clause("UserMood", "ne", "ANGRY"),)),
            Group((Clause("UserAvailability", "eq", "DISCREET"),)),
        )
    )
    assert said(custom(either), bob(hidden=["UserMood"])) == (
        "? Can't tell — Bob's mood is not shared with you. "
        f"Waits until Bob is not Angry, or else Bob is Discreet; {LIMIT}",
        "Send when…",
        True,
    )
    seen = bob(hidden=["UserMood"], UserAvailability="DISCREET")
    assert preview(custom(either), seen, True).at_once


@pytest.mark.rule("S8")
def test_where_being_online_is_hidden_one_hears_late():
    secret = bob(hidden=["OnlineStatus"])
    assert said(Draft("Hi"), secret)[0] == (
        f"? Can't tell whether Bob is online — goes when Bob is online; you will hear late; {LIMIT}"
    )
    busy = bob(hidden=["OnlineStatus"], UserAvailability="DISCREET")
    assert said(Draft("Hi", Preset.AVAILABLE), busy)[0].endswith(
        f"; {LIMIT} You will hear late whether it arrived."
    )


def test_where_nobody_knows_the_time_there():
    hours = custom(replace(AVAILABLE, window=Window("09:00", "17:00")))
    assert "their time zone is not known yet" in said(hours, bob(TimeZone=""))[0]


@pytest.mark.parametrize(
    ("otherwise", "end"),
    [
        (Otherwise.DRAFTS, "after 1 week back to your drafts."),
        (Otherwise.DELIVER, "after 1 week delivered anyway when Bob is next online."),
    ],
)
def test_what_becomes_of_it_is_said(otherwise, end):
    assert said(Draft("Hi", otherwise=otherwise), AWAY)[0].endswith(f"; {end}")


@pytest.mark.rule("O9", "O10")
def test_a_message_may_overtake_or_wait_in_turn():
    assert said(Draft("Hi"), bob(), ahead=2)[:2] == (
        "● Bob is online — goes at once. It may overtake the 2 messages that wait here.",
        "Send",
    )
    behind = preview(Draft("Hi", keep_order=True), bob(), True, 2)
    assert behind.sentence.startswith("○ In turn — goes after the 2 messages that wait here")
    assert (behind.button, behind.at_once, behind.mark) == ("Send in turn", False, Mark.FALSE)
    assert said(Draft("Hi", keep_order=True), bob())[1] == "Send"


@pytest.mark.rule("R1", "R3")
@pytest.mark.parametrize(
    ("draft", "whom", "sentence", "button"),
    [
        (
            Draft(preset=Preset.AVAILABLE, alert=True),
            BUSY,
            f"○ You will be told once when Bob is Available (now: Not available); nothing is sent to Bob; {LIMIT}",
            "Tell me when available",
        ),
        (
            Draft(alert=True, otherwise=Otherwise.DELIVER),
            bob(),
            "● True already — you will be told at once. (Bob is online.) Nothing is sent to Bob.",
            "Tell me now",
        ),
        (
            Draft(preset=Preset.CUSTOM, custom=replace(AVAILABLE, edge=True), alert=True, keep_order=True),
            bob(),
            "○ True now, but that does not count — you will be told once, the next time that Bob is Available; "
            f"nothing is sent to Bob; {LIMIT}",
            "Tell me when…",
        ),
        (
            Draft(preset=Preset.CUSTOM, custom=replace(AVAILABLE, dwell=60), alert=True),
            bob(),
            f"○ You will be told once when Bob has been Available for 1 minute; nothing is sent to Bob; {LIMIT}",
            "Tell me when…",
        ),
    ],
)
def test_an_alert_needs_no_text_and_sends_nothing(draft, whom, sentence, button):
    assert said(draft, whom, ahead=2) == (sentence, button, True)


@pytest.mark.rule("R5")
def test_an_alert_needs_to_see_who_is_online():
    sentence, _, can_send = said(Draft(alert=True), bob(hidden=["OnlineStatus"]))
    assert sentence == "? Bob does not show you when they are online, so you cannot ask to be told."
    assert not can_send


@pytest.mark.parametrize("text", ["", " \n\t"])
@pytest.mark.parametrize("connected", [True, False])
def test_nothing_cannot_be_sent(text, connected):
    assert not preview(Draft(text), bob(), connected).can_send


def test_without_an_engine_all_is_kept_on_this_computer():
    found = preview(Draft("Hi", Preset.AVAILABLE), bob(), False)
    assert (found.mark, found.button, found.can_send) == (Mark.UNKNOWN, "Send when available", True)
    assert "kept on this computer and handed over once the engine is back" in found.sentence
    alert = preview(Draft(preset=Preset.AVAILABLE, alert=True), BUSY, False)
    assert (alert.mark, "(now:" in alert.sentence) == (Mark.UNKNOWN, False)


@pytest.mark.rule("W29")
@given(st.sampled_from(Preset), st.booleans(), st.sampled_from(AVAILABILITIES), st.sampled_from(MOODS))
def test_what_the_composer_promises_is_what_the_engine_decides(preset, online, availability, mood):
    whom = bob(online, UserAvailability=availability, UserMood=mood)
    draft = Draft("Hi", preset, PRESETS["not angry"])
    found: Preview = preview(draft, whom, True)
    assert found.verdict == evaluate(condition_of(draft), whom.values, NOW_MS)
    assert found.at_once == (found.verdict.truth is True) == (found.button == "Send")
    assert found.can_send
