"""Registration in a registry; here a file stands for it, and on Windows the real one is looked at."""

import shlex
import sys

import pytest
from PySide6.QtCore import QSettings

from tact_desktop.links.windows import Windows, command_line
from tact_engine.core.errors import LocalError

COMMAND = (r"C:\Program Files\Tact\pythonw.exe", "-P", "-m", "tact_desktop.app")
LINE = r'"C:\Program Files\Tact\pythonw.exe" -P -m tact_desktop.app -- "%1"'


@pytest.fixture
def registry(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "registry.ini"), QSettings.Format.IniFormat)


def test_from_nothing_to_ours_and_back(registry):
    windows = Windows(COMMAND, registry, registry)
    assert windows.state() == "none"
    assert r"C:\Program Files\Tact\pythonw.exe" in windows.register()
    assert windows.state() == "ours"
    assert "no longer" in windows.unregister()
    assert windows.state() == "none"
    assert registry.allKeys() == []


def test_what_is_written(registry):
    Windows(COMMAND, registry, registry).register()
    assert {key: registry.value(key) for key in registry.allKeys()} == {
        "tact/.": "URL:Tact invitation",
        "tact/URL Protocol": "",
        "tact/shell/open/command/.": LINE,
        ".tact/.": "Tact.Invitation",
        ".tact/Content Type": "application/x-tact-invitation",
        "Tact.Invitation/.": "Tact invitation",
        "Tact.Invitation/shell/open/command/.": LINE,
    }


@pytest.mark.parametrize("link", ["tact://join?a=b", 'tact:" --address "evil'])
def test_no_link_becomes_an_option(link):
    arguments = shlex.split(command_line(("tact.exe",)).replace("%1", link))
    assert arguments.index("--") == 1
    assert arguments[2].startswith("tact:")


def test_one_that_has_moved(registry):
    Windows(COMMAND, registry, registry).register()
    assert Windows(("D:\\tact.exe", "-m", "tact_desktop.app"), registry, registry).state() == "moved"


def test_a_part_that_is_gone_counts_as_moved(registry):
    windows = Windows(COMMAND, registry, registry)
    windows.register()
    registry.remove(".tact")
    assert windows.state() == "moved"


def test_another_program_is_left_alone(registry):
    registry.setValue("tact/shell/open/command/.", "other.exe %1")
    windows = Windows(COMMAND, registry, registry)
    assert windows.state() == "other"
    assert "nothing was changed" in windows.unregister()
    assert registry.allKeys() == ["tact/shell/open/command/."]


def test_files_that_another_program_opens_stay_its_own(registry):
    windows = Windows(COMMAND, registry, registry)
    windows.register()
    registry.setValue(".tact/.", "Other.File")
    windows.unregister()
    assert registry.value(".tact/.") == "Other.File"


def test_what_the_whole_computer_has_registered_is_seen(registry, tmp_path):
    everything = QSettings(str(tmp_path / "all.ini"), QSettings.Format.IniFormat)
    everything.setValue("tact/shell/open/command/.", "other.exe %1")
    assert Windows(COMMAND, registry, everything).state() == "other"


def test_a_registry_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    closed = QSettings(str(tmp_path / "file/registry.ini"), QSettings.Format.IniFormat)
    with pytest.raises(LocalError, match="registry"):
        Windows(COMMAND, closed, closed).register()


def test_a_folder_that_windows_would_read_otherwise():
    with pytest.raises(LocalError, match="Move"):
        command_line((r"C:\100%1\pythonw.exe",))


@pytest.mark.skipif(sys.platform != "win32", reason="needs Windows")
def test_this_windows_tells():
    assert Windows(COMMAND).state() in ("none", "other", "moved")
