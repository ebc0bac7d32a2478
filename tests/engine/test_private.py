"""A folder with secrets is its owner's alone, or the engine does not start."""

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tact_engine.core.errors import StoreError
from tact_engine.private import SECRETS, check_private

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "the engine"
    folder.mkdir(mode=0o700)
    for name in SECRETS:
        (folder / name).touch(mode=0o600)
    return folder


def test_what_is_the_owners_alone_is_fine(folder):
    check_private(folder)


def test_so_is_what_is_not_there_yet(folder):
    check_private(folder / "none")
    for name in SECRETS:
        (folder / name).unlink()
    check_private(folder)


@pytest.mark.parametrize("mode", [0o701, 0o702, 0o704, 0o710, 0o720, 0o740, 0o755, 0o777])
def test_a_folder_on_which_others_have_any_right_is_refused(folder, mode):
    folder.chmod(mode)
    with pytest.raises(StoreError) as refused:
        check_private(folder)
    assert str(refused.value).endswith(f". Run: chmod 700 '{folder}'")


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644])
def test_a_secret_that_others_may_read_is_refused(folder, name, mode):
    (folder / name).chmod(mode)
    with pytest.raises(StoreError) as refused:
        check_private(folder)
    assert str(refused.value).endswith(f". Run: chmod 600 '{folder / name}'")


def test_the_sentence_helps(folder):
    folder.chmod(0o755)
    with pytest.raises(StoreError) as refused:
        check_private(folder)
    subprocess.run(shlex.split(str(refused.value).partition("Run: ")[2]), check=True)
    check_private(folder)


def test_a_link_is_refused(folder, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(StoreError, match=r"link is a link to another place\."):
        check_private(link)
    key = folder / "engine.pem"
    key.rename(tmp_path / "elsewhere")
    key.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"engine\.pem is a link to another place\."):
        check_private(folder)


def test_what_belongs_to_somebody_else_is_refused(folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(StoreError, match=r"belongs to another user\. Run the engine as that user"):
        check_private(folder)


def test_a_folder_that_may_not_be_looked_at_is_a_sentence(folder, monkeypatch):
    def forbidden(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "lstat", forbidden)
    with pytest.raises(
        StoreError, match=r"Cannot look at .*: Permission denied\. Run the engine as who owns it"
    ):
        check_private(folder)


def test_windows_is_not_asked(folder, monkeypatch):
    folder.chmod(0o777)
    monkeypatch.setattr(os, "name", "nt")
    try:
        check_private(folder)
    finally:
        monkeypatch.undo()
