"""Who opens what, in the order of the specification."""

from pathlib import Path

import pytest

from tact_desktop.links.defaults import FILE_BYTES_MAX, Folders, handler

KIND = "x-scheme-handler/tact"


class Desktop:
    """The folders of a desktop, empty at first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folders = Folders(
            (root / "config", root / "etc"), (root / "own", root / "system"), ("gnome", "classic")
        )

    def entry(self, name: str, data: str = "own") -> Path:
        """An entry that is there."""
        return self.write(f"{data}/applications/{name}", "")

    def write(self, name: str, text: str) -> Path:
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def handler(self) -> str | None:
        """Which entry opens the kind, by its name."""
        found = handler(self.folders, KIND)
        return found and found.name


@pytest.fixture
def desktop(tmp_path) -> Desktop:
    found = Desktop(tmp_path)
    for name in "abcdef":
        found.entry(f"{name}.desktop", "system")
    return found


def default(name: str, section: str = "Default Applications") -> str:
    elsewhere = f"{KIND}=f.desktop"
    return f"[Other]\n{elsewhere}\n[{section}]\ntext/plain=f.desktop;\n {KIND} = {name}.desktop;\n[More]\n{elsewhere}"


def test_nobody(desktop):
    assert desktop.handler() is None


def test_the_order(desktop):
    rising = [
        ("system/applications/mimeinfo.cache", default("f", "MIME Cache")),
        ("own/applications/mimeinfo.cache", default("e", "MIME Cache")),
        ("etc/mimeapps.list", default("d", "Added Associations")),
        ("system/applications/mimeapps.list", default("c")),
        ("etc/mimeapps.list", default("b")),
        ("etc/gnome-mimeapps.list", default("e")),
        ("config/mimeapps.list", default("a")),
        ("config/classic-mimeapps.list", default("b")),
        ("config/gnome-mimeapps.list", default("c")),
    ]
    seen = []
    for name, text in rising:
        desktop.write(name, text)
        seen.append(desktop.handler())
    assert seen == [f"{each}.desktop" for each in "fedcbeabc"]


def test_one_that_is_not_installed_is_passed_over(desktop):
    desktop.write("config/mimeapps.list", default("gone.desktop;b"))
    assert desktop.handler() == "b.desktop"


def test_ones_own_entry_hides_that_of_the_system(desktop):
    own = desktop.entry("a.desktop")
    desktop.write("etc/mimeapps.list", default("a"))
    assert handler(desktop.folders, KIND) == own


def test_a_dash_may_be_a_folder(desktop):
    place = desktop.entry("kde/b.desktop", "system")
    desktop.write("etc/mimeapps.list", default("kde-b"))
    assert handler(desktop.folders, KIND) == place


def test_what_is_no_list_is_passed_over(desktop):
    (desktop.root / "config").mkdir()
    (desktop.root / "config/mimeapps.list").write_bytes(b"[Default Applications]\n\xff\n")
    desktop.write("config/gnome-mimeapps.list", default("a") + "\n" * FILE_BYTES_MAX)
    desktop.write("etc/mimeapps.list", default("b"))
    assert desktop.handler() == "b.desktop"


def test_the_folders_that_are_named():
    found = Folders.of(
        {
            "HOME": "/home/ann",
            "XDG_CONFIG_HOME": "/c",
            "XDG_DATA_HOME": "/d",
            "XDG_CONFIG_DIRS": "/c1:relative:/c2",
            "XDG_DATA_DIRS": "/d1",
            "XDG_CURRENT_DESKTOP": "ubuntu:GNOME",
        }
    )
    assert found.config == (Path("/c"), Path("/c1"), Path("/c2"))
    assert found.data == (Path("/d"), Path("/d1"))
    assert found.desktops == ("ubuntu", "gnome")


def test_the_usual_folders():
    found = Folders.of({"HOME": "/home/ann", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "relative"})
    assert found.config == (Path("/home/ann/.config"), Path("/etc/xdg"))
    assert found.data == (Path("/home/ann/.local/share"), Path("/usr/local/share"), Path("/usr/share"))
    assert found.desktops == ()
