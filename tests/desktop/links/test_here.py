"""When Tact registers itself, and what a person decides by hand."""

import pytest

from tact_desktop.links.freedesktop import Freedesktop
from tact_desktop.links.here import PACKAGE, by_hand, is_checkout, register_by_itself, registration
from tact_desktop.links.macos import Mac
from tact_desktop.links.registration import State
from tact_desktop.links.windows import Windows
from tact_engine.core.errors import LocalError


class Noting:
    """A registration that notes what it is told; `failure` is what it raises then."""

    def __init__(self, state: State, failure: str = "") -> None:
        self.now: State = state
        self.failure = failure
        self.told: list[str] = []

    def state(self) -> State:
        return self.now

    def register(self) -> str:
        return self._tell("registered")

    def unregister(self) -> str:
        return self._tell("unregistered")

    def _tell(self, what: str) -> str:
        if self.failure:
            raise LocalError(self.failure)
        self.told.append(what)
        return f"It is {what}."


@pytest.mark.parametrize(
    ("state", "told"),
    [("none", ["registered"]), ("moved", ["registered"]), ("ours", []), ("other", []), ("impossible", [])],
)
def test_only_where_nobody_else_is(tmp_path, state, told):
    place = Noting(state)
    register_by_itself(place, tmp_path / "declined", checkout=False)
    assert place.told == told


def test_never_from_a_checkout(tmp_path):
    place = Noting("none")
    register_by_itself(place, tmp_path / "declined", checkout=True)
    assert place.told == []


def test_a_failure_is_only_noted(tmp_path, caplog):
    caplog.set_level("INFO")
    register_by_itself(Noting("none", "The disk is full."), tmp_path / "declined", checkout=False)
    assert "The disk is full." in caplog.text


def test_what_was_undone_by_hand_stays_undone(tmp_path):
    place, declined = Noting("none"), tmp_path / "new" / "declined"
    assert by_hand(place, declined, remove=True) == "It is unregistered."
    register_by_itself(place, declined, checkout=False)
    assert place.told == ["unregistered"]
    assert by_hand(place, declined, remove=False) == "It is registered."
    register_by_itself(place, declined, checkout=False)
    assert place.told == ["unregistered", "registered", "registered"]


def test_by_hand_a_failure_is_told(tmp_path):
    with pytest.raises(LocalError, match="full"):
        by_hand(Noting("none", "The disk is full."), tmp_path / "declined", remove=False)


def test_what_cannot_be_kept_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LocalError, match=r"It is unregistered\. The next start does it again"):
        by_hand(Noting("ours"), tmp_path / "file" / "declined", remove=True)


def test_the_tests_run_from_a_checkout(tmp_path):
    assert is_checkout()
    assert PACKAGE.name == "tact_desktop"
    assert not is_checkout(tmp_path / "lib/site-packages/tact_desktop")


@pytest.mark.parametrize(
    ("platform", "kind"),
    [("linux", Freedesktop), ("freebsd14", Freedesktop), ("darwin", Mac), ("win32", Windows)],
)
def test_each_platform_has_its_own(platform, kind):
    assert type(registration(platform)) is kind
