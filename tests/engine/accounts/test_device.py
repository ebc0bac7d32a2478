"""A device key stays on its device, and proves at every sign-in that it is the same device."""

import os
import stat
from hashlib import sha256

import pytest

from tact_engine.accounts.device import KEY_BYTES, SIGNATURE_BYTES, DeviceKey, proven
from tact_engine.core.errors import LocalError, Refused

TEXT = b"tact sign-in 1\nengine\nchallenge\ntom"


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
    path.write_bytes(content)
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
    (tmp_path / "tom").write_bytes(b"secret" * 5)
    with pytest.raises(LocalError) as caught:
        DeviceKey.kept_at(tmp_path / "tom")
    assert "secret" not in str(caught.value)


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
