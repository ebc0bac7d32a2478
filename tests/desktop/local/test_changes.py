from pathlib import Path

import pytest

from tact_desktop.local.changes import Change, Changes
from tact_desktop.local.history import History
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import Otherwise

FIRST = Change("Grüße", PRESETS["not angry"], 3600, Otherwise.DRAFTS, alert=True, revision=4)
SECOND = Change("", WHEN_ONLINE, 60, now=True, revision=5)


@pytest.fixture
def history(tmp_path: Path):
    history = History.open(tmp_path / "history.db")
    yield history
    history.close()


def test_what_is_asked_of_each_message_is_there_again_in_its_order(history):
    changes = Changes(history)
    changes.keep("1", [FIRST, SECOND])
    changes.keep("2", [SECOND])
    again = Changes(history)
    assert again.ids == ("1", "2")
    assert again.of("1") == changes.of("1") == (FIRST, SECOND)
    assert again.of("2") == (SECOND,)
    assert again.of("3") == ()


def test_a_message_of_which_nothing_is_asked_is_not_there(history):
    changes = Changes(history)
    changes.keep("1", [FIRST])
    changes.keep("2", [FIRST])
    changes.keep("1", [])
    changes.keep("unknown", [])
    assert changes.ids == Changes(history).ids == ("2",)
