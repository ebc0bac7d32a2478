import pytest

from tact_desktop.state.draft import Draft, Preset, condition_of, sent
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import Otherwise


@pytest.mark.parametrize(
    ("draft", "condition"),
    [
        (Draft(preset=Preset.NOW), WHEN_ONLINE),
        (Draft(preset=Preset.ONLINE), WHEN_ONLINE),
        (Draft(preset=Preset.AVAILABLE), PRESETS["available"]),
        (Draft(preset=Preset.NOT_ANGRY), PRESETS["not angry"]),
        (Draft(preset=Preset.CUSTOM, custom=PRESETS["available"]), PRESETS["available"]),
        (Draft(preset=Preset.CUSTOM), WHEN_ONLINE),
        (Draft(preset=Preset.NOW, custom=PRESETS["available"]), WHEN_ONLINE),
    ],
)
def test_each_preset_is_a_condition(draft, condition):
    assert condition_of(draft) == condition


def test_after_sending_the_preset_is_back_at_now_unless_it_is_pinned():
    draft = Draft("Hi", Preset.CUSTOM, PRESETS["available"], valid_for=3600, otherwise=Otherwise.DRAFTS)
    assert sent(draft) == Draft()
    pinned = Draft("Hi", Preset.AVAILABLE, valid_for=3600, pinned=True, keep_order=True, alert=True)
    assert sent(pinned) == Draft("", Preset.AVAILABLE, valid_for=3600, pinned=True)
