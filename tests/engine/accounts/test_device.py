"""A device key stays on its device, and proves at every sign-in that it is the same device."""

import copy
import logging
import os
import pickle
import shutil
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from tact_engine.accounts import device
from tact_engine.accounts.device import KEY_BYTES, SIGNATURE_BYTES, DeviceKey, proven
from tact_engine.accounts.vault import FileVault, KeyringVault
from tact_engine.core.errors import LocalError, Refused

TEXT = b"tact sign-in 1\nengine\nchallenge\ntom"


def put(path, content, mode=0o600):
    """A file with the rights of a secret, or others."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


@pytest.fixture
def key(tmp_path):
    return DeviceKey.kept_at(tmp_path / "keys" / "tom")


def test_a_key_is_made_where_there_is_none(tmp_path, key):
    path = tmp_path / "keys" / "tom"
    assert path.stat().st_size == KEY_BYTES
    assert len(key.public) == KEY_BYTES
    assert path.read_bytes() != key.public


@pytest.mark.skipif(os.name == "nt", reason="other systems have other rights")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_nobody_else_may_read_it(tmp_path, mask):
    before = os.umask(mask)
    try:
        DeviceKey.kept_at(tmp_path / "keys" / "tom")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys" / "tom").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_the_same_key_is_used_again(tmp_path, key):
    content = (tmp_path / "keys" / "tom").read_bytes()
    assert DeviceKey.kept_at(tmp_path / "keys" / "tom").public == key.public
    assert (tmp_path / "keys" / "tom").read_bytes() == content


def test_every_handle_has_a_key_of_its_own(tmp_path, key):
    assert DeviceKey.kept_at(tmp_path / "keys" / "mary").public != key.public


@pytest.mark.parametrize("content", [b"", b"k" * 31, b"k" * 33, b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_damaged_file_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "tom"
    put(path, content)
    with pytest.raises(LocalError, match="Restore or move it") as caught:
        DeviceKey.kept_at(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("path", ["folder", "file/tom"])
def test_a_place_that_cannot_hold_it_is_refused(tmp_path, path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LocalError, match="Restore or move it"):
        DeviceKey.kept_at(tmp_path / path)


def test_a_refusal_tells_nothing_of_the_key(tmp_path):
    put(tmp_path / "tom", b"hunter2" * 5)
    with pytest.raises(LocalError) as caught:
        DeviceKey.kept_at(tmp_path / "tom")
    assert "hunter2" not in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="other systems have other rights")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_file_that_others_may_read_is_refused(tmp_path, key, mode):
    path = tmp_path / "keys" / "tom"
    path.chmod(mode)
    with pytest.raises(LocalError, match=rf"chmod 600 {path}$"):
        DeviceKey.kept_at(path)
    path.chmod(0o600)
    assert DeviceKey.kept_at(path).public == key.public


def test_nothing_that_is_printed_or_copied_has_the_private_half(tmp_path, key):
    private = (tmp_path / "keys" / "tom").read_bytes()
    for shown in (repr(key), str(key), f"{key!r}", str(vars(key))):
        assert private.hex() not in shown
        assert repr(private)[2:-1] not in shown
    assert repr(key) == f"DeviceKey({key.public.hex()[:16]}…, file)"
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be copied"):
            way(key)


# --- in the keyring


class Ring:
    """A keyring in memory, which can be locked, lose what it is given, or keep something else."""

    def __init__(self):
        self.kept = {}
        self.writes = 0
        self.locked = False
        self.keeps = lambda text: text

    def get_password(self, service, username):
        if self.locked:
            raise AssertionError(service)  # backends raise all kinds of things
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        if self.locked:
            raise OSError(service)
        self.writes += 1
        self.kept[service, username] = self.keeps(password)


KEEPS = {  # how a keyring that says nothing may fail
    "forgetful": lambda text: None,
    "careless": lambda text: text.swapcase(),
    "damaging": lambda text: "§",
}


@pytest.fixture
def ring():
    return Ring()


@pytest.fixture
def vault(ring):
    return KeyringVault(ring)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tom" / "device.key"


def files(path):
    return sorted(each.name for each in path.parent.iterdir()) if path.parent.exists() else []


def refusal_of(path, vault):
    with pytest.raises(LocalError) as caught:
        DeviceKey.kept(path, vault)
    return str(caught.value)


def test_a_new_key_is_never_in_a_file(path, vault, ring, monkeypatch):
    def written(self, name, secret, keep=FileVault.keep):
        assert name == "device.where"
        keep(self, name, secret)

    monkeypatch.setattr(FileVault, "keep", written)
    key = DeviceKey.kept(path, vault)
    assert (key.place, files(path), len(ring.kept)) == ("keyring", ["device.where"], 1)
    again = DeviceKey.kept(path, vault)
    assert (again.public, again.place) == (key.public, "keyring")


def test_a_key_in_a_file_moves_into_the_keyring(path, vault, ring):
    old = DeviceKey.kept_at(path)
    assert old.place == "file"
    key = DeviceKey.kept(path, vault)
    assert (key.public, key.place, files(path)) == (old.public, "keyring", ["device.where"])
    assert DeviceKey.kept(path, vault).public == old.public


def test_the_marker_names_the_place_and_no_secret(path, vault, ring):
    DeviceKey.kept(path, vault)
    ((_, name),) = ring.kept
    assert path.with_suffix(".where").read_text() == f"keyring {name}\n"


def test_a_folder_may_be_moved(path, vault):
    key = DeviceKey.kept(path, vault)
    moved = shutil.move(path.parent, path.parent.with_name("thomas"))
    assert DeviceKey.kept(Path(moved) / path.name, vault).public == key.public


def test_every_folder_has_a_key_of_its_own(path, vault):
    mary = DeviceKey.kept(path.parent.with_name("mary") / path.name, vault)
    assert DeviceKey.kept(path, vault).public != mary.public
    assert DeviceKey.kept(path.parent.with_name("mary") / path.name, vault).public == mary.public


def test_without_a_keyring_it_stays_in_the_file(path, tmp_path):
    key = DeviceKey.kept(path, FileVault(tmp_path))
    assert (key.place, files(path)) == ("file", ["device.key"])
    assert DeviceKey.kept_at(path).public == key.public


@pytest.mark.parametrize("there_before", [True, False])
@pytest.mark.parametrize("trouble", ["locked", *KEEPS])
def test_a_keyring_that_fails_at_first_is_left_alone(path, vault, ring, caplog, trouble, there_before):
    old = DeviceKey.kept_at(path) if there_before else None
    ring.locked, ring.keeps = trouble == "locked", KEEPS.get(trouble, ring.keeps)
    key = DeviceKey.kept(path, vault)
    assert (key.place, files(path)) == ("file", ["device.key"])
    assert old is None or key.public == old.public
    (record,) = caplog.records
    assert (record.levelno, record.message) == (logging.WARNING, "the device key stays in a file")
    assert "keyring" in vars(record)["reason"]


@pytest.mark.parametrize("trouble", ["locked", "forgetful", "careless"])
def test_the_file_moves_once_the_keyring_works(path, vault, ring, trouble):
    ring.locked, ring.keeps = trouble == "locked", KEEPS.get(trouble, ring.keeps)
    key = DeviceKey.kept(path, vault)
    ring.locked, ring.keeps = False, Ring().keeps
    later = DeviceKey.kept(path, vault)
    assert (later.public, later.place, files(path)) == (key.public, "keyring", ["device.where"])
    assert DeviceKey.kept(path, vault).public == key.public


def test_a_known_key_is_never_replaced_while_the_keyring_is_locked(path, vault, ring):
    key = DeviceKey.kept(path, vault)
    ring.locked = True
    assert refusal_of(path, vault) == (
        "The key of this device is in this computer's keyring, and nothing else can take its place."
        " The keyring failed (AssertionError). Unlock it, then try again."
    )
    assert files(path) == ["device.where"]
    ring.locked = False
    assert DeviceKey.kept(path, vault).public == key.public


def test_nor_where_there_is_no_keyring(path, vault, tmp_path):
    DeviceKey.kept(path, vault)
    assert "No keyring can be found here" in refusal_of(path, FileVault(tmp_path))
    assert files(path) == ["device.where"]


def test_nor_where_the_keyring_has_lost_it(path, vault, ring):
    DeviceKey.kept(path, vault)
    ring.kept.clear()
    said = refusal_of(path, vault)
    assert f"move {path.with_suffix('.where')} away" in said
    assert (files(path), ring.kept) == (["device.where"], {})


@pytest.mark.parametrize("kept", ["", "AAAA", "§"])
def test_nor_where_the_keyring_has_something_else(path, vault, ring, kept):
    DeviceKey.kept(path, vault)
    (place,) = ring.kept
    ring.kept[place] = kept
    assert "estore" in refusal_of(path, vault)
    assert ring.kept[place] == kept


@pytest.mark.parametrize("text", ["", "keyring", "keyring a b", "safe a", "\xff"])
def test_a_marker_that_cannot_be_read_is_refused(path, vault, ring, text):
    DeviceKey.kept(path, vault)
    path.with_suffix(".where").write_bytes(text.encode("latin-1"))
    assert str(path.with_suffix(".where")) in refusal_of(path, vault)
    assert len(ring.kept) == 1


def test_a_lost_marker_is_written_again(path, vault, ring):
    key = DeviceKey.kept(path, vault)
    path.with_suffix(".where").unlink()
    assert DeviceKey.kept(path, vault).public == key.public
    assert (files(path), ring.writes) == (["device.where"], 1)


def test_without_a_marker_the_file_is_the_truth(path, vault, ring):
    """A move that broke off, or a keyring that came to itself after Tact had given up waiting for it."""
    DeviceKey.kept(path, vault)
    path.with_suffix(".where").unlink()
    key = DeviceKey.kept_at(path)
    assert DeviceKey.kept(path, vault).public == key.public
    assert DeviceKey.kept(path, vault).public == key.public
    assert files(path) == ["device.where"]


def test_with_a_marker_the_keyring_is(path, vault, caplog):
    key = DeviceKey.kept(path, vault)
    put(path, bytes(range(KEY_BYTES)))
    assert DeviceKey.kept(path, vault).public == key.public
    assert path.read_bytes() == bytes(range(KEY_BYTES))
    assert "the keyring has another key" in caplog.text


def test_a_copy_that_was_left_behind_is_removed(path, vault):
    old = DeviceKey.kept_at(path)
    copied = path.read_bytes()
    DeviceKey.kept(path, vault)
    put(path, copied)
    assert DeviceKey.kept(path, vault).public == old.public
    assert files(path) == ["device.where"]


@pytest.mark.parametrize("step", ["keep", "read", "marker", "unlink"])
def test_whenever_the_power_fails_the_key_is_the_same(path, vault, ring, monkeypatch, step):
    """After any step of the move, also where the keyring is locked when Tact starts again."""
    old = DeviceKey.kept_at(path)

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if step == "keep":
            patch.setattr(vault, "keep", cut)
        elif step == "read":
            patch.setattr(vault, "read", lambda name, read=vault.read: cut() if ring.kept else read(name))
        elif step == "marker":
            patch.setattr(FileVault, "keep", cut)
        else:
            patch.setattr(device, "_remove_copy", cut)
        with pytest.raises(KeyboardInterrupt):
            DeviceKey.kept(path, vault)
    assert path.exists()
    ring.locked = True
    if step == "unlink":
        assert "Unlock it" in refusal_of(path, vault)
    else:
        assert DeviceKey.kept(path, vault).public == old.public
    ring.locked = False
    assert DeviceKey.kept(path, vault).public == old.public
    assert files(path) == ["device.where"]


@pytest.mark.parametrize("content", [b"", b"k" * 31])
def test_a_damaged_file_does_not_move(path, vault, ring, content):
    put(path, content)
    assert f"at {path} cannot be used" in refusal_of(path, vault)
    assert (path.read_bytes(), ring.kept, files(path)) == (content, {}, ["device.key"])


@pytest.mark.skipif(os.name == "nt", reason="other systems have other rights")
def test_a_file_that_others_may_read_does_not_move(path, vault, ring):
    put(path, bytes(range(KEY_BYTES)), mode=0o644)
    assert "chmod 600" in refusal_of(path, vault)
    assert (ring.kept, files(path)) == ({}, ["device.key"])


def test_a_file_that_cannot_be_removed_is_told(path, vault, monkeypatch, caplog):
    old = DeviceKey.kept_at(path)

    def busy(path):
        raise PermissionError("in use")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", busy)
        assert DeviceKey.kept(path, vault).public == old.public
    assert "the key file was not removed" in caplog.text
    assert DeviceKey.kept(path, vault).public == old.public
    assert files(path) == ["device.where"]


# --- the proof


def test_the_proof_names_the_device(key):
    signature = key.sign(TEXT)
    assert len(signature) == SIGNATURE_BYTES
    assert proven(key.public, signature, TEXT) == sha256(key.public).hexdigest()


def refused(device_key, signature, text):
    with pytest.raises(Refused) as caught:
        proven(device_key, signature, text)
    assert caught.value.code == "sign_in_failed"


@pytest.mark.parametrize("text", [b"", TEXT[:-1], TEXT + b" ", TEXT.replace(b"tom", b"tim"), TEXT * 2])
def test_another_text_is_refused(key, text):
    refused(key.public, key.sign(TEXT), text)


def test_another_key_is_refused(tmp_path, key):
    other = DeviceKey.kept_at(tmp_path / "other")
    refused(other.public, key.sign(TEXT), TEXT)
    refused(key.public, other.sign(TEXT), TEXT)


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_one_bit_of_a_signature_matters(key, place):
    signature = bytearray(key.sign(TEXT))
    signature[place] ^= 1
    refused(key.public, bytes(signature), TEXT)


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64, 10_000])
def test_a_key_of_another_length_is_refused(key, length):
    refused((key.public * 400)[:length], key.sign(TEXT), TEXT)


@pytest.mark.parametrize("length", [0, 1, 63, 65, 10_000])
def test_a_signature_of_another_length_is_refused(key, length):
    refused(key.public, (key.sign(TEXT) * 200)[:length], TEXT)
