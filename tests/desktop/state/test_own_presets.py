import pytest
from msgspec.structs import replace

from tact_desktop.state import own_presets as module
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.own_presets import NAME_LENGTH_MAX, PRESETS_MAX, OwnPreset
from tact_desktop.state.recipient import Recipient
from tact_engine.core.conditions import canonical, one_group

HAPPY = one_group(("UserMood", "eq", "HAPPY"))
BACK = one_group(("Activity", "ne", "LUNCH"))
TWO = (OwnPreset("Happy", HAPPY), OwnPreset("Back", BACK))


def test_what_is_kept_comes_back():
    assert module.known(module.kept(TWO)) == TWO


@pytest.mark.parametrize("text", ["nonsense", canonical(one_group(("Weather", "eq", "RAIN")))])
def test_what_cannot_be_read_or_sent_is_left_out(text):
    assert module.known([["Odd", text], *module.kept(TWO)]) == TWO


def test_saving_adds_or_replaces_and_drops_the_date():
    dated = replace(BACK, not_before=5, dwell=60)
    assert module.saved(TWO[:1], "Back", dated) == (TWO[0], OwnPreset("Back", replace(BACK, dwell=60)))
    assert module.saved(TWO, "Happy", BACK) == (OwnPreset("Happy", BACK), TWO[1])


def test_renaming_and_deleting():
    assert module.renamed(TWO, "Back", "Fed") == (TWO[0], OwnPreset("Fed", BACK))
    assert module.deleted(TWO, "Happy") == TWO[1:]


@pytest.mark.parametrize(
    ("name", "before", "why"),
    [
        ("Lunch", "", ""),
        ("  ", "", "Write a name first."),
        ("x" * NAME_LENGTH_MAX, "", ""),
        ("x" * (NAME_LENGTH_MAX + 1), "", "A name has at most 24 characters."),
        ("HAPPY", "", "“HAPPY” is taken. Choose another name."),
        ("HAPPY", "Happy", ""),
    ],
)
def test_names_are_short_and_differ(name, before, why):
    assert module.why_not_named(TWO, name, before) == why


def test_there_are_at_most_eight():
    many = tuple(OwnPreset(str(place), HAPPY) for place in range(PRESETS_MAX))
    assert module.why_no_more(many[1:]) == ""
    assert "8 presets" in module.why_no_more(many)


def test_a_draft_stands_at_the_preset_with_its_condition():
    own = Draft(preset=Preset.CUSTOM, custom=BACK)
    key = module.chosen_key(own, TWO)
    assert module.preset_of(TWO, key) == TWO[1]
    assert module.chosen_key(own, TWO[:1]) == Preset.CUSTOM
    assert module.chosen_key(Draft(preset=Preset.NOW, custom=BACK), TWO) == Preset.NOW
    assert module.preset_of(TWO, Preset.NOW) is None


def test_what_is_not_offered_says_why():
    happy, back = module.own_options(TWO, Recipient("Bob", hidden=("UserMood",)))
    assert happy == (module.key_of("Happy"), "Happy", False, "Bob's mood is not shared with you.")
    assert back[1:] == ("Back", True, "")
