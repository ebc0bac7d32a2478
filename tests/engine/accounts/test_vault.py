"""Secrets are in a real keyring or in closed files; a keyring that fails or hangs is told, and soon left alone."""

import logging
import os
import stat
import threading

import keyring.core
import pytest
from keyring import errors
from keyring.backends import chainer, fail, null

from tact_engine.accounts import vault
from tact_engine.accounts.vault import FileVault, KeyringFailed, KeyringVault, vault_here
from tact_engine.core.errors import LocalError

SECRET = bytes(range(256))
posix_only = pytest.mark.skipif(os.name == "nt", reason="other systems have other rights")


class Memory:
    """A keyring in memory, as the library would recommend it."""

    def __init__(self, priority=5.0):
        self.priority = priority
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password


@pytest.fixture(autouse=True)
def no_keyring_of_this_computer(monkeypatch):
    """Whatever a test forgets to choose is none."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())


@pytest.fixture
def choose(monkeypatch):
    """Makes a backend the one that the library recommends."""
    return lambda backend: monkeypatch.setattr(keyring.core, "_keyring_backend", backend)


# --- which


@pytest.mark.parametrize("priority", [1, 5, 5.1])
def test_a_real_keyring_is_used(tmp_path, choose, priority):
    backend = Memory(priority)
    choose(backend)
    here = vault_here(tmp_path)
    assert here.place == "keyring"
    here.keep("name", SECRET)
    assert here.read("name") == SECRET
    assert len(backend.kept) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("backend", [fail.Keyring(), null.Keyring(), chainer.ChainerBackend(), Memory(0.5)])
def test_what_is_no_real_keyring_is_not(tmp_path, choose, monkeypatch, backend):
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [fail.Keyring(), null.Keyring(), backend])
    choose(backend)
    here = vault_here(tmp_path)
    assert here.place == "file"
    here.keep("name", SECRET)
    assert (tmp_path / "name").read_bytes() == SECRET


def test_of_several_the_best_is_used(tmp_path, choose, monkeypatch):
    good, better = Memory(4), Memory(5)
    several = chainer.ChainerBackend()
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [good, fail.Keyring(), better, several])
    choose(several)
    vault_here(tmp_path).keep("name", SECRET)
    assert (len(good.kept), len(better.kept)) == (0, 1)


def test_many_weak_ones_make_no_real_one(tmp_path, choose, monkeypatch):
    several = chainer.ChainerBackend()
    monkeypatch.setattr("keyring.backend.get_all_keyring", lambda: [Memory(0.5), Memory(0.6), several])
    choose(several)
    assert several.priority > 1
    assert vault_here(tmp_path).place == "file"


@pytest.mark.parametrize(
    ("named", "place"), [("keyring.backends.null.Keyring", "file"), ("no.such.Keyring", "file")]
)
def test_the_environment_may_name_one(tmp_path, choose, monkeypatch, named, place):
    choose(None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", named)
    assert vault_here(tmp_path).place == place


def test_a_search_that_fails_or_hangs_finds_none(tmp_path, monkeypatch, caplog):
    answer = threading.Event()
    for search in (lambda: 1 / 0, answer.wait):
        monkeypatch.setattr(keyring, "get_keyring", search)
        assert vault_here(tmp_path, wait_s=0.01).place == "file"
    answer.set()
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (logging.WARNING, "no keyring")
    ] * 2


# --- the keyring


def test_each_secret_has_a_service_of_its_own():
    """The one of Windows moves a service's first name away when a second one comes."""
    backend = Memory()
    kept = KeyringVault(backend)
    kept.keep("one", b"1")
    kept.keep("two", b"2")
    assert set(backend.kept) == {("Tact one", "one"), ("Tact two", "two")}
    assert (kept.read("one"), kept.read("two"), kept.read("three")) == (b"1", b"2", None)


def test_the_last_one_kept_is_read():
    kept = KeyringVault(Memory())
    for secret in (b"old", SECRET, b""):
        kept.keep("name", secret)
        assert kept.read("name") == secret


@pytest.mark.parametrize("text", ["A", "A===", "§§§§", "AA\nAA", "\ud800"])
def test_a_damaged_entry_is_a_failure(text):
    backend = Memory()
    backend.kept["Tact name", "name"] = text
    with pytest.raises(KeyringFailed, match="“name” of the keyring is damaged"):
        KeyringVault(backend).read("name")


class Bad:
    """A keyring that does the same whatever is asked of it."""

    def __init__(self, does):
        self.get_password = lambda service, username: does()
        self.set_password = lambda service, username, password: does()


def failing(error):
    def does():
        raise error

    return KeyringVault(Bad(does))


def both_fail(kept, match):
    for ask in (lambda: kept.read("name"), lambda: kept.keep("name", SECRET)):
        with pytest.raises(KeyringFailed, match=match) as caught:
            ask()
        assert isinstance(caught.value, LocalError)


@pytest.mark.parametrize(
    "error",
    [
        errors.KeyringLocked("x"),
        errors.InitError("x"),
        errors.PasswordSetError("x"),
        errors.NoKeyringError("x"),
        ConnectionRefusedError("x"),
        AssertionError(),
        RuntimeError("x"),
        EOFError(),
    ],
)
def test_whatever_a_keyring_raises_is_a_failure(error):
    both_fail(failing(error), rf"The keyring failed \({type(error).__name__}\)")


def test_a_failure_does_not_repeat_what_the_keyring_said():
    with pytest.raises(KeyringFailed) as caught:
        failing(ValueError("the secret is hunter2")).read("name")
    assert "hunter2" not in str(caught.value)


def test_a_keyring_that_hangs_is_left_alone():
    answer = threading.Event()
    before = set(threading.enumerate())
    both_fail(KeyringVault(Bad(answer.wait), wait_s=0.01), r"did not answer within 0\.01 seconds")
    waiting = set(threading.enumerate()) - before
    answer.set()
    for thread in waiting:
        thread.join()
    assert [thread.daemon for thread in waiting] == [True] * 2  # they do not keep the process from ending


def test_a_prompt_has_a_minute():
    assert vault.KEYRING_WAIT_S == 60


# --- files


def test_a_file_keeps_a_secret(tmp_path):
    kept = FileVault(tmp_path / "new" / "folder")
    assert kept.place == "file"
    assert kept.read("name") is None
    kept.keep("name", SECRET)
    assert kept.read("name") == SECRET


@posix_only
@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_nobody_else_may_read_it(tmp_path, mask):
    before = os.umask(mask)
    try:
        FileVault(tmp_path / "folder").keep("name", SECRET)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "folder" / "name").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700


@posix_only
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o602, 0o610])
def test_a_file_that_others_may_read_is_refused(tmp_path, mode):
    kept = FileVault(tmp_path / "my files")
    kept.keep("name", SECRET)
    (tmp_path / "my files" / "name").chmod(mode)
    with pytest.raises(
        LocalError, match=r"Others on this computer can read .* chmod 600 '.*/my files/name'$"
    ):
        kept.read("name")


def test_a_secret_is_never_written_over(tmp_path):
    kept = FileVault(tmp_path)
    kept.keep("name", SECRET)
    with pytest.raises(LocalError, match="cannot be kept"):
        kept.keep("name", b"another")
    assert kept.read("name") == SECRET


def test_what_could_not_be_written_whole_is_not_left_behind(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    kept = FileVault(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("tact_engine.accounts.vault.os.fsync", full)
        with pytest.raises(LocalError, match="No space left"):
            kept.keep("name", SECRET)
    assert list(tmp_path.iterdir()) == []
    kept.keep("name", SECRET)
    assert kept.read("name") == SECRET


def test_it_is_on_the_disk_before_it_counts(tmp_path, monkeypatch):
    settled = []

    def fsync(handle, real=os.fsync):
        settled.append(stat.S_ISDIR(os.fstat(handle).st_mode))
        real(handle)

    monkeypatch.setattr("tact_engine.accounts.vault.os.fsync", fsync)
    FileVault(tmp_path).keep("name", SECRET)
    assert settled == ([False, True] if os.name == "posix" else [False])


@pytest.mark.parametrize("name", ["folder", "file/name"])
def test_a_place_that_cannot_hold_a_secret_is_told(tmp_path, name):
    (tmp_path / "folder").mkdir(mode=0o700)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LocalError, match="Restore or move it"):
        FileVault(tmp_path).read(name)
    with pytest.raises(LocalError, match="cannot be kept"):
        FileVault(tmp_path / "file").keep("name", SECRET)
