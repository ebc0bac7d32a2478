"""What a script may say for "when"."""

import pytest

from tact_engine.client.when import condition_named
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, one_group
from tact_engine.core.errors import LocalError


@pytest.mark.parametrize("name", PRESETS)
def test_a_name_means_its_condition(name):
    assert condition_named(name) == PRESETS[name]


def test_nothing_means_when_online():
    assert condition_named(None) == WHEN_ONLINE


def test_a_condition_means_itself():
    condition = one_group(("UserMood", "ne", "ANGRY"))
    assert condition_named(condition) is condition


@pytest.mark.parametrize("name", ["angry", "", "Online"])
def test_another_name_gets_a_sentence(name):
    names = "online, available, not angry"
    with pytest.raises(LocalError, match=rf"no condition called “{name}”\. Choose one of {names}, or build"):
        condition_named(name)
