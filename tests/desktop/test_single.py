"""Two starts of one profile: the second only speaks to the first."""

import os
import struct
from pathlib import Path

import pytest
from PySide6.QtCore import QDir
from PySide6.QtNetwork import QLocalSocket

from tact_desktop import single
from tact_desktop.links.opened import OPENED_BYTES_MAX
from tact_desktop.single import LENGTH, SingleWindow, framed, unframed
from tests.support.heard import heard

LINK = "tact://join?name=B%C3%BCro"
posix = pytest.mark.skipif(os.name != "posix", reason="sockets are no files here")


@pytest.fixture
def first(qapp, tmp_path):
    """The window that has the profile."""
    window = SingleWindow(tmp_path)
    assert not window.taken()
    yield window
    window.release()


def said(window: SingleWindow, words: bytes) -> QLocalSocket:
    """Another program of this person that says `words` to the window, and stays there."""
    socket = QLocalSocket()
    socket.connectToServer(window._server.fullServerName())
    assert socket.waitForConnected(1000)
    socket.write(words)
    socket.flush()
    return socket


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


@pytest.mark.parametrize("text", [LINK, "Büro\n" + LINK, "é" * (OPENED_BYTES_MAX // 2)])
def test_what_the_second_was_to_open_comes_to_the_first(qtbot, first, tmp_path, text):
    opened, order = heard(first.opened), []
    first.raised.connect(lambda: order.append("raised"))
    first.opened.connect(lambda _: order.append("opened"))
    assert SingleWindow(tmp_path).taken(text)
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [(text,)]
    assert order == ["raised", "opened"]


def test_starts_at_the_same_time_are_all_heard(qtbot, first, tmp_path):
    opened, raised = heard(first.opened), heard(first.raised)
    for text in ("one", "", "two"):
        assert SingleWindow(tmp_path).taken(text)
    qtbot.waitUntil(lambda: len(raised) == 3 and len(opened) == 2)
    assert sorted(opened) == [("one",), ("two",)]


def test_a_first_start_keeps_what_it_was_to_open(qtbot, tmp_path):
    window = SingleWindow(tmp_path)
    opened = heard(window.opened)
    assert not window.taken(LINK)
    qtbot.wait(1)
    assert opened == []
    window.release()


def test_in_pieces(qtbot, first):
    opened = heard(first.opened)
    whole = framed(LINK)
    socket = said(first, whole[:2])
    for piece in (whole[2:9], whole[9:], b"more"):
        qtbot.waitUntil(lambda: not socket.bytesToWrite())
        qtbot.wait(1)
        assert opened == []
        socket.write(piece)
        socket.flush()
        if piece == whole[9:]:
            break
    qtbot.waitUntil(lambda: bool(opened))
    assert opened == [(LINK,)]
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)


@pytest.mark.parametrize(
    "words", [LENGTH.pack(OPENED_BYTES_MAX + 1), b"GET / HTTP/1.1\r\n", LENGTH.pack(1) + b"\xff"]
)
def test_what_is_no_text_is_not_told(qtbot, first, caplog, words):
    opened = heard(first.opened)
    socket = said(first, words)
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert opened == []
    assert "no text" in caplog.text


def test_who_says_nothing_is_not_waited_for_long(qtbot, first, monkeypatch):
    monkeypatch.setattr(single, "TALK_MS", 1)
    opened = heard(first.opened)
    socket = said(first, framed(LINK)[:-1])
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    assert opened == []


def test_frames():
    assert framed("é") == b"\0\0\0\2\xc3\xa9"
    assert framed("\udcff") == b"\0\0\0\1?"
    whole = framed(LINK)
    assert [unframed(whole[:end]) for end in range(len(whole))] == [None] * len(whole)
    assert unframed(whole) == unframed(whole + b"more") == LINK
    assert unframed(framed("")) == ""
    assert unframed(framed("x" * OPENED_BYTES_MAX)) == "x" * OPENED_BYTES_MAX
    with pytest.raises(ValueError, match="bytes"):
        unframed(struct.pack(">I", OPENED_BYTES_MAX + 1))


@posix
def test_nobody_else_can_speak_to_it(first):
    place = Path(first._server.fullServerName())
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent == Path(os.environ["XDG_RUNTIME_DIR"])


@posix
@pytest.mark.parametrize("folder", ["", "relative", "/no/such/folder"])
def test_without_a_folder_for_such_things(qtbot, tmp_path, monkeypatch, folder):
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
    window = SingleWindow(tmp_path)
    assert not window.taken()
    assert SingleWindow(tmp_path).taken()
    assert window._server.fullServerName().startswith(QDir.tempPath())
    window.release()


@posix
def test_an_invitation_is_not_told_to_somebody_elses_program(qtbot, first, tmp_path, monkeypatch):
    opened = heard(first.opened)
    second = SingleWindow(tmp_path)
    monkeypatch.setattr(os, "getuid", lambda: os.stat(tmp_path).st_uid + 1)
    assert not second.taken(LINK)
    qtbot.wait(1)
    assert opened == []
    second.release()


@posix
def test_a_window_that_cannot_be_found_says_so(qtbot, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    window = SingleWindow(tmp_path)
    tmp_path.rename(tmp_path.with_name("gone"))
    assert not window.taken()
    assert "will not find this window" in caplog.text
