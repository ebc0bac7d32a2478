from pathlib import Path

import pytest

from tact_desktop.local.history import History
from tact_desktop.state.draft import Draft, Preset
from tact_engine.core.conditions import PRESETS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def history(path):
    history = History.open(path)
    yield history
    history.close()


@pytest.mark.parametrize(
    "draft",
    [
        Draft("half a", Preset.AVAILABLE, None, 3600, True),
        Draft("", Preset.CUSTOM, PRESETS["not angry"]),
    ],
)
def test_a_draft_is_there_again(history, path, draft):
    assert history.draft("c") == Draft()
    history.set_draft("c", Draft("first"))
    history.set_draft("c", draft)
    history.close()
    again = History.open(path)
    assert again.draft("c") == draft
    assert again.draft("d") == Draft()
    again.close()


@pytest.mark.parametrize("value", [True, 7, "ü", ["a", None], {"a": 1.5}, None])
def test_a_setting_is_there_again(history, value):
    assert history.setting("key", "unset") == "unset"
    history.set_setting("key", 0)
    history.set_setting("key", value)
    assert history.setting("key", "unset") == value


def test_no_news_is_stored_yet(history):
    assert history.noted_serial() == 0
