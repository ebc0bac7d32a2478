"""Presets of one's own: they are kept, and a store that cannot keep them is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tact_desktop.local.errors import LocalStoreError
from tact_desktop.state.own_presets import PRESETS_SETTING
from tact_engine.core.conditions import PRESETS, canonical
from tests.support.by_role import Role, names
from tests.support.heard import heard
from tests.support.paper_seat import PaperSeat, paper_seat

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")
AVAILABLE = PRESETS["available"]


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[PaperSeat]:
    """Tom at his wide window, writing to Mary."""
    with paper_seat(tmp_path) as seat:
        seat.meet("mary")
        seat.window.resize(1700, 760)
        seat.window.show()
        seat.window.flow.open("mary")
        yield seat


def test_a_preset_is_kept_renamed_and_deleted(seat):
    composer = seat.window.composer
    composer.preset_saved.emit("There", AVAILABLE)
    assert "There" in names(seat.window, Role.RadioButton)
    composer.preset_renamed.emit("There", "Here")
    assert seat.history.setting(PRESETS_SETTING, []) == [["Here", canonical(AVAILABLE)]]
    seat.reopen()
    seat.meet("mary")
    seat.window.resize(1700, 760)
    seat.window.show()
    seat.window.flow.open("mary")
    assert "Here" in names(seat.window, Role.RadioButton)
    seat.window.composer.preset_deleted.emit("Here")
    assert "Here" not in names(seat.window, Role.RadioButton)
    assert seat.history.setting(PRESETS_SETTING, []) == []


def test_what_cannot_be_kept_is_told_and_not_shown(seat, monkeypatch):
    def full(*_: object) -> None:
        raise LocalStoreError("The disk is full.")

    monkeypatch.setattr(seat.desk.history, "set_setting", full)
    told = heard(seat.desk.complained)
    seat.window.composer.preset_saved.emit("There", AVAILABLE)
    assert told == [("The disk is full.",)]
    assert "There" not in names(seat.window, Role.RadioButton)
