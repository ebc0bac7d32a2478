from datetime import UTC

import pytest
from msgspec.structs import replace

from tact_desktop.state.condition_rows import EditorState, RowDraft, from_condition
from tact_desktop.state.deliver_choices import EditorVerdict, draft_of, editor_verdict, preset_options
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.mark import Mark
from tact_desktop.state.recipient import Recipient
from tact_engine.core.conditions import PRESETS, one_group
from tact_engine.core.envelope import Otherwise
from tact_engine.core.window import Window

NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
HAPPY = one_group(("UserMood", "eq", "HAPPY"))
ANGRY = one_group(("UserMood", "eq", "ANGRY"))


def bob(hidden=(), **values) -> Recipient:
    shown = {"OnlineStatus": True, "UserAvailability": "AVAILABLE", "UserMood": "ANGRY", "TimeZone": "UTC"}
    seen = {name: value for name, value in (shown | values).items() if name not in hidden}
    return Recipient("Bob", seen, hidden, (), NOW_MS, UTC)


def test_all_presets_can_be_chosen_where_all_is_shared():
    options = preset_options(bob())
    assert [option[0] for option in options] == list(Preset)
    assert all(option[2] and not option[3] for option in options)


def test_a_preset_over_what_is_hidden_says_why():
    options = preset_options(bob(hidden=("UserMood",)))
    assert options[3] == ("not angry", "When not angry", False, "Bob's mood is not shared with you.")
    assert [option[2] for option in options] == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("state", "whom", "draft", "verdict"),
    [
        (
            from_condition(HAPPY),
            bob(),
            Draft(),
            EditorVerdict(
                Mark.FALSE, "Deliver when Bob is Happy; give up after 1 week.", "Not yet: 0 of 1 true", True
            ),
        ),
        (
            EditorState(),
            bob(OnlineStatus=False),
            Draft(alert=True),
            EditorVerdict(
                Mark.FALSE,
                "Tell me when Bob is online; give up after 1 week.",
                "Not yet: Bob is offline",
                True,
            ),
        ),
        (
            EditorState(rows=(RowDraft("StatusText", "contains", ""),)),
            bob(),
            Draft(),
            EditorVerdict(Mark.UNKNOWN, "", "Write what to look for in the status text.", False),
        ),
    ],
)
def test_the_foot_of_the_editor(state, whom, draft, verdict):
    assert editor_verdict(state, whom, draft) == verdict


@pytest.mark.parametrize(
    ("condition", "draft", "mark", "standing"),
    [
        (ANGRY, Draft(), Mark.TRUE, "True now — this goes at once."),
        (ANGRY, Draft(alert=True), Mark.TRUE, "True now — you will be told at once."),
        (replace(ANGRY, edge=True), Draft(), Mark.FALSE, "True now, and waits for the next time"),
        (replace(ANGRY, dwell=60), Draft(), Mark.FALSE, "True now, and has to stay so"),
        (replace(ANGRY, not_before=NOW_MS + 1), Draft(), Mark.FALSE, "Not yet: 1 of 2 true"),
        (replace(HAPPY, window=Window("09:00", "11:00")), Draft(), Mark.FALSE, "Not yet: 1 of 2 true"),
    ],
)
def test_how_it_stands(condition, draft, mark, standing):
    verdict = editor_verdict(from_condition(condition), bob(), draft)
    assert (verdict.mark, verdict.standing, verdict.usable) == (mark, standing, True)


def test_all_parts_are_said():
    whole = replace(
        PRESETS["available"],
        dwell=300,
        not_before=NOW_MS + 4 * 3_600_000,
        window=Window("09:00", "17:00", (1, 2, 3, 4, 5)),
        edge=True,
    )
    assert editor_verdict(from_condition(whole), bob(), Draft(otherwise=Otherwise.DRAFTS)).sentence == (
        "Deliver when Bob has been Available for 5 minutes, not before 14:00 today, between 09:00 and 17:00 "
        "on weekdays (Bob's time), the next time that becomes so; after 1 week back to your drafts."
    )


@pytest.mark.rule("W28", "S10")
def test_what_can_never_be_true_or_is_not_offered_cannot_be_used():
    both = from_condition(one_group(("UserMood", "eq", "HAPPY"), ("UserMood", "eq", "SAD")))
    verdict = editor_verdict(both, bob(), Draft())
    assert (verdict.mark, verdict.usable) == (Mark.IMPOSSIBLE, False)
    assert verdict.standing == "Can never be true: mood is both Happy and Sad."
    secret = editor_verdict(from_condition(HAPPY), bob(hidden=("UserMood",)), Draft())
    assert (secret.mark, secret.usable) == (Mark.UNKNOWN, False)
    assert secret.standing == "Can't tell — Bob's mood is not shared with you. This would only expire."


@pytest.mark.parametrize(
    ("condition", "preset", "custom"),
    [
        (PRESETS["online"], Preset.ONLINE, None),
        (PRESETS["not angry"], Preset.NOT_ANGRY, None),
        (HAPPY, Preset.CUSTOM, HAPPY),
    ],
)
def test_an_entry_as_a_draft(condition, preset, custom):
    entry = Entry("1", "c", "me", True, "Hi", Stage.HELD, ("bob",), 0, condition=condition, valid_for=60)
    assert draft_of(entry) == Draft("Hi", preset, custom, 60)


def test_all_that_was_chosen_is_in_the_draft():
    entry = Entry(
        "1", "c", "me", True, "Hi", Stage.HELD, ("bob",), 0,
        valid_for=60, otherwise=Otherwise.DELIVER, keep_order=True, alert=True,
    )  # fmt: skip
    draft = draft_of(entry)
    assert (draft.otherwise, draft.keep_order, draft.alert) == (Otherwise.DELIVER, True, True)
