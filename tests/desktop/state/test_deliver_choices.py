import pytest

from tact_desktop.state.condition_rows import EditorState, RowDraft, from_condition
from tact_desktop.state.deliver_choices import EditorVerdict, draft_of, editor_verdict, preset_options
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.mark import Mark
from tact_engine.core.conditions import PRESETS, one_group

HAPPY = one_group(("UserMood", "eq", "HAPPY"))
VALUES = {"OnlineStatus": True, "UserAvailability": "AVAILABLE", "UserMood": "ANGRY"}


def test_all_presets_can_be_chosen_where_all_is_shared():
    options = preset_options("Bob", VALUES)
    assert [option[0] for option in options] == list(Preset)
    assert all(option[2] and not option[3] for option in options)


def test_a_preset_over_what_is_hidden_says_why():
    options = preset_options("Bob", {"OnlineStatus": True, "UserAvailability": "AVAILABLE"})
    assert options[3] == ("not angry", "When not angry", False, "Bob's mood is not shared with you.")
    assert [option[2] for option in options] == [True, True, True, False, True]


@pytest.mark.parametrize(
    ("state", "values", "verdict"),
    [
        (
            from_condition(HAPPY),
            VALUES,
            EditorVerdict(Mark.FALSE, "Deliver when Bob is Happy.", "Not yet: 0 of 1 true", True),
        ),
        (
            EditorState(),
            {"OnlineStatus": False},
            EditorVerdict(Mark.FALSE, "Deliver when Bob is online.", "Not yet: Bob is offline", True),
        ),
        (
            EditorState(rows=(RowDraft("StatusText", "contains", ""),)),
            VALUES,
            EditorVerdict(Mark.UNKNOWN, "", "Write what to look for in the status text.", False),
        ),
    ],
)
def test_the_foot_of_the_editor(state, values, verdict):
    assert editor_verdict(state, "Bob", values) == verdict


def test_what_can_never_be_true_cannot_be_used():
    both = from_condition(one_group(("UserMood", "eq", "HAPPY"), ("UserMood", "eq", "SAD")))
    verdict = editor_verdict(both, "Bob", VALUES)
    assert (verdict.mark, verdict.usable) == (Mark.IMPOSSIBLE, False)
    assert verdict.standing == "Can never be true: mood is both Happy and Sad."


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
