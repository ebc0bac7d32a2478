from pathlib import Path

from tact_desktop.single import SingleWindow
from tests.support.heard import heard


def test_the_second_start_raises_the_first(qtbot, tmp_path):
    first, second = SingleWindow(tmp_path), SingleWindow(tmp_path)
    raised, none = heard(first.raised), heard(second.raised)
    assert not first.taken()
    assert second.taken()
    qtbot.waitUntil(lambda: bool(raised))
    assert second.taken()
    qtbot.waitUntil(lambda: len(raised) == 2)
    assert none == []
    first.release()
    assert not second.taken()
    second.release()


def test_each_profile_has_its_own(qtbot, tmp_path):
    anna, bob = SingleWindow(tmp_path / "anna"), SingleWindow(tmp_path / "bob")
    assert not anna.taken()
    assert not bob.taken()
    anna.release()
    bob.release()


def test_two_ways_to_the_same_profile_are_one(qtbot, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    first = SingleWindow(tmp_path / "real")
    assert not first.taken()
    assert SingleWindow(tmp_path / "link").taken()
    assert SingleWindow(Path(f"{tmp_path}/real/../real")).taken()
    first.release()
