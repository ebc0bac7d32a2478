"""Text from links and files, and who hears of it."""

import os
import subprocess
import sys

import pytest

from tact_desktop.links.opened import OPENED_BYTES_MAX, Openings, can_be_opened, opened_text
from tact_engine.accounts.invitation import FILE_SUFFIX, Invitation
from tact_engine.core.errors import LocalError
from tests.support.heard import heard
from tests.support.house import ROOT, clean_environment

LINK = "tact://join?engine=ab&at=h:1"


@pytest.mark.parametrize(
    ("argument", "can"),
    [
        (LINK, True),
        ("TACT:join", True),
        ("file:///home/ann/x", True),
        ("/home/ann/invitation.tact", True),
        ("Invitation.TACT", True),
        ("demo", False),
        ("https://example.org/tact:", False),
        ("--profile", False),
        ("", False),
    ],
)
def test_by_its_looks(argument, can):
    assert can_be_opened(argument) is can


@pytest.mark.parametrize("link", ["", LINK, "TACT://Join?x", "tact:", "tact://x" + "é" * 100])
def test_a_link_is_its_own_text(link):
    assert opened_text(link) == link


def test_a_link_with_bytes_that_are_no_text():
    assert opened_text("tact://\udcff") == "tact://?"


def test_a_link_at_the_limit():
    link = "tact:" + "x" * (OPENED_BYTES_MAX - 5)
    assert opened_text(link) == link
    with pytest.raises(LocalError, match="too long"):
        opened_text(link + "x")


@pytest.mark.parametrize(
    "form", ["{path}", "file://{path}", "FILE://{path}", "file:{path}", "file://localhost{path}"]
)
def test_a_file_by_path_and_address(tmp_path, form):
    (tmp_path / f"ann{FILE_SUFFIX}").write_bytes(b"\xef\xbb\xbfCome in!\n" + LINK.encode())
    assert opened_text(form.format(path=tmp_path / f"ann{FILE_SUFFIX}")) == f"Come in!\n{LINK}"


def test_a_file_with_a_name_that_an_address_must_write_otherwise(tmp_path):
    (tmp_path / "für ann #1%.tact").write_text(LINK)
    assert opened_text(f"file://{tmp_path}/f%C3%BCr%20ann%20%231%25.tact") == LINK


def test_the_file_of_an_invitation_comes_through_whole(tmp_path):
    invitation = Invitation("ab" * 32, "Büro", "192.0.2.1", 8228, bytes(16))
    (tmp_path / "i.tact").write_text(invitation.as_file(), "utf-8")
    assert Invitation.parsed(opened_text(str(tmp_path / "i.tact"))) == invitation


def test_a_file_at_the_limit(tmp_path):
    (tmp_path / "x.tact").write_bytes(b"x" * OPENED_BYTES_MAX)
    assert len(opened_text(str(tmp_path / "x.tact"))) == OPENED_BYTES_MAX
    (tmp_path / "x.tact").write_bytes(b"x" * (OPENED_BYTES_MAX + 1))
    with pytest.raises(LocalError, match=r"x\.tact is far too large"):
        opened_text(str(tmp_path / "x.tact"))


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("{folder}/missing.tact", r"missing\.tact cannot be read: No such file"),
        ("{folder}", "is not a file"),
        ("/dev/zero", "is not a file"),
        ("{folder}/latin.tact", r"latin\.tact is no invitation"),
        ("file://{folder}/a%00b", "is no invitation"),
        ("file://server/share/x.tact", "on another computer"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, argument, sentence):
    (tmp_path / "latin.tact").write_bytes(b"B\xfcro")
    with pytest.raises(LocalError, match=sentence):
        opened_text(argument.format(folder=tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.tact")
    with pytest.raises(LocalError, match="is not a file"):
        opened_text(str(tmp_path / "x.tact"))


def test_what_was_opened_waits_until_somebody_follows(qapp):
    openings, seen = Openings(qapp, "first"), []
    assert openings.waiting == "first"
    openings.follow(seen.append)
    assert (seen, openings.waiting) == (["first"], "")
    openings.tell("second")
    openings.follow(None)
    openings.tell("third")
    openings.tell("fourth")
    assert (seen, openings.waiting) == (["first", "second"], "fourth")
    others = []
    openings.follow(others.append)
    assert others == ["fourth"]


def test_nothing_is_told_of_nothing(qapp):
    openings, seen = Openings(qapp), []
    openings.follow(seen.append)
    openings.tell("")
    assert seen == []


def test_what_cannot_be_opened_is_a_problem(qapp, tmp_path):
    openings, seen = Openings(qapp), []
    openings.follow(seen.append)
    problems = heard(openings.problem)
    openings.open(str(tmp_path / "missing.tact"))
    openings.open(LINK)
    assert seen == [LINK]
    ((sentence,),) = problems
    assert sentence.startswith("missing.tact cannot be read")


STORY = """
import sys
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from tact_desktop.links.opened import Application, Openings

application = Application(["tact"])
openings = Openings(application)
link, path = sys.argv[1:]
for what in (QUrl(link), path, QUrl.fromLocalFile(path)):
    event = QFileOpenEvent(what)
    application.sendEvent(application, event)
    print(openings.waiting, event.isAccepted())
openings.follow(print)
application.postEvent(application, QFileOpenEvent(QUrl("tact://join?later")))
application.processEvents()
"""


def test_what_macos_tells_the_application(tmp_path):
    (tmp_path / "x.tact").write_text("from a file")
    told = subprocess.run(
        [sys.executable, "-c", STORY, "tact://join?at=[::1]:8&name=A%20b", str(tmp_path / "x.tact")],
        cwd=ROOT,
        env=clean_environment(QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        text=True,
    )
    assert told.stderr == ""
    assert told.stdout.splitlines() == [
        "tact://join?at=[::1]:8&name=A%20b True",
        "from a file True",
        "from a file True",
        "from a file",
        "tact://join?later",
    ]
