import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.state import draft as module
from tact_desktop.state.draft import Draft, Mark, Preset, condition_of, preview, sent
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Clause, Condition, Group, evaluate, one_group
from tact_engine.core.presence import AVAILABILITIES, MOODS, Presence, Reading, seen


def bob(online: bool = True, **values) -> Presence:
    values = {"Alias": "Bob", "OnlineStatus": online} | values
    return Presence("bob", 1, {name: Reading(value, 0) for name, value in values.items()})


def looked_at(draft: Draft, recipient: Presence, connected: bool = True):
    found = preview(draft, recipient, "anna", connected)
    return found.mark, found.sentence, found.button, found.can_send


def chosen(preset: Preset, custom: Condition | None = None, text: str = "Hi") -> Draft:
    return Draft(text, preset, custom)


@pytest.fixture
def mood_hidden(monkeypatch):
    """Bob's mood is not shared with anybody."""

    def without_mood(presence: Presence, viewer: str):
        return {name: value for name, value in seen(presence, viewer).items() if name != "UserMood"}

    monkeypatch.setattr(module, "seen", without_mood)


@pytest.mark.parametrize(
    ("draft", "condition"),
    [
        (chosen(Preset.NOW), WHEN_ONLINE),
        (chosen(Preset.ONLINE), WHEN_ONLINE),
        (chosen(Preset.AVAILABLE), PRESETS["available"]),
        (chosen(Preset.NOT_ANGRY), PRESETS["not angry"]),
        (chosen(Preset.CUSTOM, PRESETS["available"]), PRESETS["available"]),
        (chosen(Preset.CUSTOM), WHEN_ONLINE),
        (chosen(Preset.NOW, PRESETS["available"]), WHEN_ONLINE),
    ],
)
def test_each_preset_is_a_condition(draft, condition):
    assert condition_of(draft) == condition


@pytest.mark.parametrize(
    ("draft", "recipient", "expected"),
    [
        (chosen(Preset.NOW), bob(), (Mark.TRUE, "● Bob is online — goes at once.", "Send", True)),
        (
            chosen(Preset.NOW),
            bob(online=False),
            (
                Mark.FALSE,
                "○ Bob is offline — delivered when Bob is online; given up in 1 week.",
                "Send when online",
                True,
            ),
        ),
        (
            chosen(Preset.ONLINE),
            bob(),
            (Mark.TRUE, "● True now — goes at once. (Bob is online.)", "Send", True),
        ),
        (
            chosen(Preset.ONLINE),
            bob(online=False),
            (
                Mark.FALSE,
                "○ Not yet — waits until Bob is online (now: offline); given up in 1 week.",
                "Send when online",
                True,
            ),
        ),
        (
            chosen(Preset.AVAILABLE),
            bob(),
            (Mark.TRUE, "● True now — goes at once. (Bob is Available.)", "Send", True),
        ),
        (
            chosen(Preset.AVAILABLE),
            bob(UserAvailability="NOT_AVAILABLE"),
            (
                Mark.FALSE,
                "○ Not yet — waits until Bob is Available (now: Not available); given up in 1 week.",
                "Send when available",
                True,
            ),
        ),
        (
            chosen(Preset.NOT_ANGRY),
            bob(online=False, UserMood="ANGRY"),
            (
                Mark.FALSE,
                "○ Not yet — waits until Bob is online and not Angry (now: offline, Angry); given up in 1 week.",
                "Send when not angry",
                True,
            ),
        ),
        (
            chosen(Preset.CUSTOM, one_group(("Activity", "eq", "LUNCH"))),
            bob(),
            (
                Mark.FALSE,
                "○ Not yet — waits until Bob is at lunch (now: No activity); given up in 1 week.",
                "Send when…",
                True,
            ),
        ),
        (
            chosen(Preset.CUSTOM, one_group(("UserMood", "eq", "ANGRY"), ("UserMood", "eq", "HAPPY"))),
            bob(),
            (Mark.IMPOSSIBLE, "⚠ Can never be true: mood is both Angry and Happy.", "Send when…", False),
        ),
    ],
)
def test_the_composer_says_what_send_would_do(draft, recipient, expected):
    assert looked_at(draft, recipient) == expected


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_cannot_be_sent(text):
    assert not preview(Draft(text), bob(), "anna", True).can_send
    assert not preview(Draft(text), bob(), "anna", False).can_send


def test_what_would_only_expire_cannot_be_sent(mood_hidden):
    expected = "? Can't tell — Bob's mood is not shared with you. This would only expire."
    for recipient in (bob(), bob(online=False)):
        assert looked_at(chosen(Preset.NOT_ANGRY), recipient) == (
            Mark.UNKNOWN, expected, "Send when not angry", False,
        )  # fmt: skip


def test_what_would_only_expire_is_told_even_if_another_part_is_false_now(mood_hidden):
    both = one_group(("UserMood", "ne", "ANGRY"), ("UserAvailability", "eq", "DISCREET"))
    found = preview(chosen(Preset.CUSTOM, both), bob(), "anna", True)
    assert found.verdict.truth is False
    assert (found.mark, found.can_send) == (Mark.UNKNOWN, False)


def test_an_alternative_that_can_be_seen_may_be_waited_for(mood_hidden):
    either = Condition(
        any=(
            Group((Clause("UserMood", "ne", "ANGRY"),)),
            Group((Clause("UserAvailability", "eq", "DISCREET"),)),
        )
    )
    mark, sentence, button, can_send = looked_at(chosen(Preset.CUSTOM, either), bob())
    assert (mark, button, can_send) == (Mark.UNKNOWN, "Send when…", True)
    assert sentence == (
        "? Can't tell — Bob's mood is not shared with you. "
        "Waits until Bob is not Angry, or else Bob is Discreet; given up in 1 week."
    )
    assert looked_at(chosen(Preset.CUSTOM, either), bob(UserAvailability="DISCREET"))[0] is Mark.TRUE


@pytest.mark.parametrize("recipient", [bob(), bob(online=False)])
def test_without_an_engine_a_message_is_kept_on_this_computer(recipient):
    mark, sentence, button, can_send = looked_at(chosen(Preset.AVAILABLE), recipient, connected=False)
    assert (mark, button, can_send) == (Mark.UNKNOWN, "Send when available", True)
    assert "kept on this computer and handed over once the engine is back" in sentence


def test_what_can_never_be_is_said_without_an_engine_too():
    never = chosen(Preset.CUSTOM, one_group(("OnlineStatus", "eq", False)))
    assert looked_at(never, bob(), connected=False)[::3] == (Mark.IMPOSSIBLE, False)


def test_somebody_without_a_name_goes_by_the_handle():
    assert "zoe is offline" in preview(Draft("Hi"), Presence("zoe", 0, {}), "anna", True).sentence


def test_after_sending_the_preset_is_back_at_now_unless_it_is_pinned():
    draft = Draft("Hi", Preset.CUSTOM, PRESETS["available"], valid_for=3600)
    assert sent(draft) == Draft()
    pinned = Draft("Hi", Preset.AVAILABLE, valid_for=3600, pinned=True)
    assert sent(pinned) == Draft("", Preset.AVAILABLE, valid_for=3600, pinned=True)


@given(st.sampled_from(Preset), st.booleans(), st.sampled_from(AVAILABILITIES), st.sampled_from(MOODS))
def test_what_the_composer_promises_is_what_the_engine_decides(preset, online, availability, mood):
    recipient = bob(online, UserAvailability=availability, UserMood=mood)
    draft = chosen(preset, PRESETS["not angry"])
    found = preview(draft, recipient, "anna", True)
    assert found.verdict == evaluate(condition_of(draft), seen(recipient, "anna"))
    assert (found.mark is Mark.TRUE) == (found.verdict.truth is True) == (found.button == "Send")
    assert found.can_send
