"""Registration in the folders of a desktop, without its tools and with them."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tact_desktop.links import freedesktop
from tact_desktop.links.freedesktop import Freedesktop, run
from tact_engine.core.errors import LocalError
from tact_resources import path

COMMAND = ("/opt/my tact/python", "-P", "-m", "tact_desktop.app")
KINDS = ("x-scheme-handler/tact", "application/x-tact-invitation")


class Desktop:
    """A person's desktop whose tools only note what they were asked; `answers` names what one says."""

    def __init__(self, root: Path, **answers: str | None) -> None:
        self.root, self.answers = root, answers
        self.asked: list[Sequence[str]] = []
        self.entry = root / "data/applications/tact.desktop"
        self.default = root / "config/mimeapps.list"

    def registration(self, command: tuple[str, ...] = COMMAND) -> Freedesktop:
        names = {"XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config"}
        others = {"XDG_DATA_DIRS": "system", "XDG_CONFIG_DIRS": "etc"}
        environment = {name: str(self.root / folder) for name, folder in (names | others).items()}
        return Freedesktop(command, environment, self.tool)

    def tool(self, arguments: Sequence[str]) -> str | None:
        self.asked.append(arguments)
        return self.answers.get(arguments[0].replace("-", "_"), "")

    def open_with(self, name: str, folder: str = "data") -> None:
        """Let the entry `name` be what opens links."""
        place = self.root / folder / "applications" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
        self.default.parent.mkdir(exist_ok=True)
        self.default.write_text(f"[Default Applications]\n{KINDS[0]}={name}\n")

    def files(self) -> set[str]:
        return {str(each.relative_to(self.root)) for each in self.root.rglob("*") if each.is_file()}


@pytest.fixture
def desktop(tmp_path) -> Desktop:
    return Desktop(tmp_path)


def test_from_nothing_to_ours_and_back(desktop):
    registration = desktop.registration()
    assert registration.state() == "none"
    assert "/opt/my tact/python" in registration.register()
    assert registration.state() == "ours"
    assert "no longer" in registration.unregister()
    assert registration.state() == "none"
    assert desktop.files() == set()


def test_what_is_written(desktop):
    desktop.registration().register()
    assert desktop.files() == {
        "data/applications/tact.desktop",
        "data/icons/hicolor/scalable/apps/tact.svg",
        "data/mime/packages/tact.xml",
    }
    assert 'Exec="/opt/my tact/python" -P -m tact_desktop.app -- %u\n' in desktop.entry.read_text()
    icon = desktop.root / "data/icons/hicolor/scalable/apps/tact.svg"
    assert icon.read_bytes() == path("tact.svg").read_bytes()


def test_the_desktop_is_told(desktop):
    registration, data = desktop.registration(), desktop.root / "data"
    registration.register()
    told = [
        ("update-mime-database", str(data / "mime")),
        ("update-desktop-database", str(data / "applications")),
    ]
    assert desktop.asked == [*told, ("xdg-mime", "default", "tact.desktop", *KINDS)]
    desktop.asked.clear()
    registration.unregister()
    assert desktop.asked == told


def test_the_tool_of_gnome_where_there_is_no_other(tmp_path):
    desktop = Desktop(tmp_path, xdg_mime=None)
    assert "installed" not in desktop.registration().register()
    assert desktop.asked[-2:] == [("gio", "mime", kind, "tact.desktop") for kind in KINDS]


@pytest.mark.parametrize("missing", ["update_mime_database", "update_desktop_database"])
def test_a_missing_tool_is_told(tmp_path, missing):
    said = Desktop(tmp_path, **{missing: None}).registration().register()
    assert f"{missing.replace('_', '-')} is not installed" in said


def test_missing_tools_for_the_default_are_told_once(tmp_path):
    said = Desktop(tmp_path, xdg_mime=None, gio=None).registration().register()
    assert said.count("is not installed") == 1


def test_a_failing_tool_is_told(tmp_path):
    desktop = Desktop(tmp_path, xdg_mime=None, gio="gio did not work.")
    assert desktop.registration().register().endswith("gio did not work. gio did not work.")


def test_one_that_has_moved(desktop):
    desktop.registration().register()
    elsewhere = desktop.registration(("/opt/new", "-m"))
    assert elsewhere.state() == "moved"
    elsewhere.register()
    assert (elsewhere.state(), desktop.registration().state()) == ("ours", "moved")


@pytest.mark.parametrize("lost", ["data/mime/packages/tact.xml", "data/icons/hicolor/scalable/apps/tact.svg"])
def test_a_part_that_is_gone_counts_as_moved(desktop, lost):
    desktop.registration().register()
    (desktop.root / lost).unlink()
    assert desktop.registration().state() == "moved"


@pytest.mark.parametrize("folder", ["data", "system"])
def test_another_program_opens_them(desktop, folder):
    desktop.open_with("other.desktop", folder)
    assert desktop.registration().state() == "other"
    desktop.registration().register()  # by hand; the desktop's own tool makes it the default
    assert desktop.registration().state() == "other"


def test_ours_as_the_default(desktop):
    desktop.registration().register()
    desktop.default.parent.mkdir()
    desktop.default.write_text(f"[Default Applications]\n{KINDS[0]}=tact.desktop\n")
    assert desktop.registration().state() == "ours"


def test_tact_as_the_system_installed_it_is_left_alone(desktop):
    desktop.open_with("tact.desktop", "system")
    assert desktop.registration().state() == "other"


def test_an_entry_of_somebody_else_is_never_touched(desktop):
    desktop.entry.parent.mkdir(parents=True)
    desktop.entry.write_text("[Desktop Entry]\nName=Mine\n")
    registration = desktop.registration()
    assert registration.state() == "other"
    with pytest.raises(LocalError, match="Move it away"):
        registration.register()
    assert "nothing was changed" in registration.unregister()
    assert desktop.files() == {"data/applications/tact.desktop"}
    assert "Mine" in desktop.entry.read_text()


def test_a_folder_that_cannot_be_written(desktop):
    (desktop.root / "data").touch()
    with pytest.raises(LocalError, match="cannot be written"):
        desktop.registration().register()


def test_a_file_that_cannot_be_removed(desktop, monkeypatch):
    desktop.registration().register()

    def refuse(place: Path, missing_ok: bool):
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(LocalError, match=r"cannot be removed: Permission denied\."):
        desktop.registration().unregister()


def test_a_program_that_no_entry_can_name(desktop):
    strange = desktop.registration(("/a=b/python",))
    with pytest.raises(LocalError):
        strange.register()
    assert desktop.files() == set()
    desktop.registration().register()
    assert strange.state() == "moved"


def test_a_tool_that_is_not_installed(tmp_path):
    assert run({"PATH": str(tmp_path)}, ("no-such-tool",)) is None


@pytest.mark.skipif(os.name != "posix", reason="writes a script")
@pytest.mark.parametrize(("code", "said"), [(0, ""), (3, "tool did not work: it ended with 3.")])
def test_a_tool_that_runs(tmp_path, code, said):
    (tmp_path / "tool").write_text(f"#!/bin/sh\necho $1 $OF > {tmp_path}/told\nexit {code}\n")
    (tmp_path / "tool").chmod(0o700)
    assert run({"PATH": str(tmp_path), "OF": "ann"}, ("tool", "an argument")) == said
    assert (tmp_path / "told").read_text() == "an argument ann\n"


@pytest.mark.skipif(os.name != "posix", reason="writes a script")
def test_a_tool_that_never_ends(tmp_path, monkeypatch):
    (tmp_path / "tool").write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    (tmp_path / "tool").chmod(0o700)
    monkeypatch.setattr(freedesktop, "TOOL_SECONDS_MAX", 0.01)
    assert (
        run({"PATH": str(tmp_path)}, ("tool",)) == f"tool did not work: {subprocess.TimeoutExpired.__name__}."
    )
