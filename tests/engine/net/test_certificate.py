"""The engine's certificate is made once, is for its user alone, and names the engine by its key."""

import ssl
import stat
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tact_engine.core.errors import StoreError
from tact_engine.net.certificate import client_context, engine_of, identity_in, server_context


def test_it_is_made_once(tmp_path):
    first = identity_in(tmp_path / "deep")
    assert identity_in(tmp_path / "deep") == first
    assert identity_in(tmp_path / "other").engine != first.engine


def test_it_is_for_this_user_alone(tmp_path):
    identity = identity_in(tmp_path / "deep")
    assert stat.S_IMODE(identity.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(identity.path.parent.stat().st_mode) == 0o700


def test_the_id_is_the_hash_of_the_public_key(tmp_path):
    identity = identity_in(tmp_path)
    certificate = x509.load_pem_x509_certificate(identity.path.read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert identity.engine == sha256(key).hexdigest()
    assert engine_of(certificate.public_bytes(Encoding.DER)) == identity.engine


def test_only_the_newest_tls_is_spoken(tmp_path):
    for context in (server_context(identity_in(tmp_path)), client_context()):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_3


@pytest.mark.parametrize("pem", ["", "nothing of the kind"])
def test_a_damaged_one_is_told_and_kept(tmp_path, pem):
    (tmp_path / "engine.pem").write_text(pem)
    with pytest.raises(StoreError, match=r"cannot be used: .* Restore it\."):
        identity_in(tmp_path)
    assert (tmp_path / "engine.pem").read_text() == pem


def test_one_without_its_key_is_told(tmp_path):
    identity = identity_in(tmp_path)
    identity.path.write_text("-----BEGIN CERT" + identity.path.read_text().partition("-----BEGIN CERT")[2])
    with pytest.raises(StoreError, match=r"cannot be used: .* Restore it\."):
        server_context(identity)


@pytest.mark.parametrize(
    "certificate", ["", "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"]
)
def test_a_key_without_its_certificate_is_told(tmp_path, certificate):
    identity = identity_in(tmp_path)
    identity.path.write_text(identity.path.read_text().partition("-----BEGIN CERT")[0] + certificate)
    assert identity_in(tmp_path) == identity, "the engine is known by its key"
    with pytest.raises(StoreError, match=r"cannot be used: .* Restore it\."):
        server_context(identity)


def test_another_certificate_than_that_of_the_key_is_told(tmp_path):
    identity, other = identity_in(tmp_path / "one"), identity_in(tmp_path / "other")
    key, *_ = identity.path.read_text().partition("-----BEGIN CERT")
    identity.path.write_text(key + "".join(other.path.read_text().partition("-----BEGIN CERT")[1:]))
    with pytest.raises(StoreError, match=r"cannot be used: .* Restore it\."):
        server_context(identity)


def test_a_key_behind_a_passphrase_is_told(tmp_path):
    identity = identity_in(tmp_path)
    key = load_pem_private_key(identity.path.read_bytes(), None)
    sealed = BestAvailableEncryption(b"known to nobody")
    identity.path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
    with pytest.raises(StoreError, match=r"cannot be used: .* Restore it\."):
        identity_in(tmp_path)


def test_what_cannot_be_read_is_nobodys_certificate():
    assert engine_of(b"") == ""
    assert engine_of(b"no certificate at all") == ""
