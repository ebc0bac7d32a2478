"""The engine's certificate: self-signed, made at first start, known by the SHA-256 of its public key.

Name and dates in it mean nothing; a client keeps the key's hash (the engine's id) and accepts no other.

What reads and makes certificates is imported where that is done, since it takes a tenth of a start: an engine that has
its certificate needs the key alone.
"""

import os
import ssl
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from msgspec import Struct

from tact_engine.core.errors import StoreError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes


class Identity(Struct, frozen=True):
    """An engine's certificate, in one file with its key, and its id: 64 hexadecimal digits."""

    path: Path
    engine: str


def identity_in(folder: Path) -> Identity:
    """The engine's identity in `folder`, made there at first start; StoreError where it cannot be read or kept."""
    path = folder / "engine.pem"
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            keep(path, _self_signed())
        return Identity(path, _id_of(load_pem_private_key(path.read_bytes(), None).public_key()))
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise StoreError(_unusable(path, error)) from error


def engine_of(certificate: bytes) -> str:
    """The id of the engine that showed `certificate` (DER); "" where it is none that can be read: nobody of ours."""
    from cryptography import x509  # noqa: PLC0415 - see above

    try:
        return _id_of(x509.load_der_x509_certificate(certificate).public_key())
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm):
        return ""


def server_context(identity: Identity) -> ssl.SSLContext:
    """TLS 1.3 only, with the engine's own certificate; StoreError where its key is not with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = 0  # nobody resumes a session of TLS
    try:
        context.load_cert_chain(identity.path)
    except OSError as error:
        raise StoreError(_unusable(identity.path, error)) from error
    return context


def client_context() -> ssl.SSLContext:
    """TLS 1.3 only; who the other side is, is decided by the hash of its key, never by a name or an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def keep(path: Path, content: bytes) -> None:
    """Write a file of this user alone that is there in full or not at all, whatever the power or the disk does."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with open(new, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    if hasattr(os, "O_DIRECTORY"):  # Windows has no such thing, and keeps names by itself
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _unusable(path: Path, error: Exception) -> str:
    return f"The engine's certificate at {path} cannot be used: {error}. Restore it."


def _id_of(key: "PublicKeyTypes") -> str:
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _self_signed() -> bytes:
    from cryptography import x509  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tact engine")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=2))
        .not_valid_after(today + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
