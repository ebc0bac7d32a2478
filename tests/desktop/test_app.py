"""The command line of the window, and what a start does besides showing it."""

import asyncio
import sys

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from tact_desktop import app
from tact_desktop.app import parsed
from tests.support.by_role import Role, names
from tests.support.qt_loop import on_qt, until

LINK = "tact://join?engine=ab&at=h:1"


def asked(*arguments: str) -> dict[str, object]:
    """What these arguments ask for that is not asked for anyway."""
    usual = vars(parsed([]))
    return {name: value for name, value in vars(parsed(arguments)).items() if usual.get(name) != value}


def test_an_ordinary_start():
    assert vars(parsed([])) == {
        "command": None,
        "opened": "",
        "profile": None,
        "address": None,
        "interface": "",
    }


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ((LINK,), {"opened": LINK}),
        (("some.tact",), {"opened": "some.tact"}),
        (("file:///some",), {"opened": "file:///some"}),
        (("--profile", "ann", LINK), {"profile": "ann", "opened": LINK}),
        ((LINK, "--profile=ann"), {"profile": "ann", "opened": LINK}),
        (("--profile", "ann.tact"), {"profile": "ann.tact"}),
        (("--", LINK), {"opened": LINK}),
        (("--profile", "ann", "--", "any name"), {"profile": "ann", "opened": "any name"}),
        (("--", "demo"), {"opened": "demo"}),
        (("--", "--help"), {"opened": "--help"}),
        (("--",), {}),
        (("demo",), {"command": "demo", "auto": False}),
        (
            ("--profile", "ann", "demo", "--auto"),
            {"profile": "ann", "command": "demo", "auto": True},
        ),
        (("demo", "--record", "x.tact"), {"command": "demo", "auto": False, "record": "x.tact"}),
        (("shots", "x.tact"), {"command": "shots", "folder": "x.tact"}),
        (("links",), {"command": "links", "remove": False}),
        (("links", "--remove"), {"command": "links", "remove": True}),
    ],
)
def test_what_is_asked_for(arguments, wanted):
    assert asked(*arguments) == wanted


@pytest.mark.parametrize(
    "arguments",
    [
        ("anything",),
        ("one.tact", "two.tact"),
        ("--", LINK, "--address"),
        ("--", "one", "two"),
        ("demo", "--", LINK),
        ("--addr", "evil", LINK),
        ("--record", "x", LINK),
        ("--profile",),
    ],
)
def test_what_is_not_understood(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        parsed(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: tact ")


class Noting:
    """Stands for the registration, or for somebody's program: notes what happens."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def state(self) -> str:
        return "none"

    def register(self) -> str:
        self.told.append("registered")
        return "It is registered."

    def unregister(self) -> str:
        self.told.append("unregistered")
        return "It is undone."

    def office(self, application: QApplication, *given: object) -> "Noting":
        self.told.append(given)
        return self

    async def run(self) -> int:
        return 7


@pytest.fixture
def noting(monkeypatch: pytest.MonkeyPatch, tmp_path) -> Noting:
    """In the place of the office and the registration; the person's data is in a folder of its own."""
    found = Noting()
    monkeypatch.setenv("TACT_DATA", str(tmp_path))
    monkeypatch.setattr(app, "registration", lambda: found)
    monkeypatch.setattr(app, "Office", found.office)
    return found


def test_links_by_hand(noting, capsys):
    for arguments in ([], ["--remove"]):
        with pytest.raises(SystemExit) as end:
            app.main(["links", *arguments])
        assert end.value.code == 0
    assert capsys.readouterr().out == "It is registered.\nIt is undone.\n"
    assert noting.told == ["registered", "unregistered"]


def test_links_that_cannot_be_registered(noting, capsys, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TACT_DATA", str(tmp_path / "file"))
    with pytest.raises(SystemExit) as end:
        app.main(["links", "--remove"])
    assert end.value.code == 1
    assert "cannot be written" in capsys.readouterr().out


def test_the_arguments_of_the_process(noting, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["tact", "links"])
    with pytest.raises(SystemExit):
        app.main()
    assert noting.told == ["registered"]


async def work(qapp: QApplication, *arguments: str) -> int:
    return await app._work(parsed(arguments), qapp)


@on_qt
async def test_the_office_gets_the_text_of_the_file(qapp, noting, tmp_path):
    (tmp_path / "x.tact").write_text("Come in!")
    assert (
        await work(qapp, "--profile", "ann", "--address", "h:1", "--interface", "::1", f"{tmp_path}/x.tact")
        == 7
    )
    assert noting.told == [("ann", "h:1", "::1", "Come in!")]


@on_qt
async def test_nothing_is_registered_where_nobody_sees_it_or_from_a_checkout(qapp, noting, monkeypatch):
    await work(qapp)
    monkeypatch.setattr(app, "is_checkout", lambda: False)
    await work(qapp)  # there is no screen
    monkeypatch.setattr(app, "HIDDEN", ())
    monkeypatch.setattr(app, "is_checkout", lambda: True)
    await work(qapp)
    assert "registered" not in noting.told


@on_qt
async def test_an_installed_program_registers_itself(qapp, noting, monkeypatch):
    monkeypatch.setattr(app, "is_checkout", lambda: False)
    monkeypatch.setattr(app, "HIDDEN", ())
    assert await work(qapp, LINK) == 7
    assert noting.told == [(None, None, "", LINK), "registered"]


@on_qt
async def test_a_file_that_cannot_be_read_is_said_and_ends_it(qapp, noting, tmp_path):
    task = asyncio.create_task(work(qapp, str(tmp_path / "missing.tact")))
    boxes: list[QMessageBox] = []

    def shown() -> bool:
        boxes[:] = [
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, QMessageBox) and each.isVisible()
        ]
        return bool(boxes)

    await until(shown)
    assert any("missing.tact cannot be read" in name for name in names(boxes[0], Role.StaticText))
    boxes[0].close()
    assert await task == 1
    assert noting.told == []


def test_demo_and_pictures_have_nothing_to_do_with_links(qapp, noting, monkeypatch):
    from tact_desktop import demo

    told = []
    monkeypatch.setattr(demo, "demo", lambda application, **options: told.append(options))
    monkeypatch.setattr(demo, "shots", lambda application, folder: told.append(folder))
    for arguments in (["demo", "--auto"], ["shots", "there"]):
        assert app._work(parsed(arguments), qapp) is None
    assert told == [{"auto": True, "record": None}, "there"]
    assert noting.told == []
