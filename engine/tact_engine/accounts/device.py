"""Device keys: an Ed25519 key that stays on its device and proves, at every sign-in, that it is the same device."""

import logging
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tact_engine.accounts.vault import FileVault, KeyringFailed, Place, Vault, settle
from tact_engine.core.errors import LocalError, refusal

KEY_BYTES = 32
SIGNATURE_BYTES = 64
MARKER_SUFFIX = ".where"
_PRIME = 2**255 - 19
_ORDER_EIGHT = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _PRIME, _PRIME + 1, _ORDER_EIGHT, _PRIME - _ORDER_EIGHT})
"""The y coordinates of the points of Curve25519 whose order divides eight, in every form that can be written."""

_LOCKED = (
    "The key of this device is in this computer's keyring, and nothing else can take its place. {reason}"
)
_NONE_HERE = "No keyring can be found here. Start Tact in your own desktop session."
_MISSING = (
    "The key of this device should be in this computer's keyring, as “{name}”, and is not. If another keyring has it,"
    " open that one. If it is lost, move {marker} away and join again, with an invitation for a new device."
)

_log = logging.getLogger(__name__)


class DeviceKey:
    """The private key of this device for one handle. `place` says where it is kept, for people to be told."""

    def __init__(self, private: Ed25519PrivateKey, place: Place = "file") -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.place = place

    @classmethod
    def kept_at(cls, path: Path) -> "DeviceKey":
        """The key in the file `path` (0600), made where there is none; LocalError where it cannot be read or kept."""
        file = FileVault(path.parent)
        secret = file.read(path.name)
        if secret is None:
            secret = _new_secret()
            file.keep(path.name, secret)
        return cls(_private_half(secret, f"at {path}"))

    @classmethod
    def kept(cls, path: Path, vault: Vault) -> "DeviceKey":
        """The key of `path` in `vault`, moved there from the file or made there; in the file where that cannot be.

        A marker beside the file (`.where`) says that the key is in the keyring, and under which name. From then on,
        a keyring that cannot be read is a LocalError: a new key would be another device, and lock its owner out.
        Blocks as long as the keyring does.
        """
        marker = path.with_suffix(MARKER_SUFFIX)
        if name := _marked(marker):
            return _known(path, marker, name, vault)
        if vault.place == "file":
            return cls.kept_at(path)
        try:
            return _moved(path, marker, vault)
        except KeyringFailed as error:
            _log.warning("the device key stays in a file", extra={"reason": str(error)})
            return cls.kept_at(path)

    def sign(self, text: bytes) -> bytes:
        """The signature of `text`, 64 bytes."""
        return self._private.sign(text)

    def __repr__(self) -> str:
        """The public half, short."""
        return f"DeviceKey({self.public.hex()[:16]}…, {self.place})"

    def __reduce__(self) -> NoReturn:
        """A device key stays on its device."""
        raise TypeError("a device key cannot be copied or pickled")


def proven(device_key: bytes, signature: bytes, text: bytes) -> str:
    """The fingerprint of the device that signed `text`; Refused where the signature does not fit.

    A key of small order fits signatures that anybody can make, of any text; so it is none (RFC 8032 leaves that open).
    """
    try:
        if int.from_bytes(device_key, "little") % 2**255 in _SMALL_ORDER:
            raise ValueError("a key of small order")
        Ed25519PublicKey.from_public_bytes(device_key).verify(signature, text)
    except (InvalidSignature, ValueError) as error:
        raise refusal("sign_in_failed") from error
    return fingerprint_of(device_key)


def fingerprint_of(device_key: bytes) -> str:
    """By what a device is known: the hash of the public half of its key, as 64 hexadecimal digits."""
    return sha256(device_key).hexdigest()


def _marked(marker: Path) -> str:
    """The name under which the keyring has the key, "" where there is no marker; LocalError for a damaged one."""
    try:
        place, name = marker.read_text("utf-8").split()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise LocalError(f"{marker} says where the device key is, and cannot be read. Restore it.") from error
    if place != "keyring":
        raise LocalError(
            f"{marker} says that the device key is in a place unknown to this Tact. Update Tact."
        )
    return name


def _known(path: Path, marker: Path, name: str, vault: Vault) -> DeviceKey:
    """The key that the keyring is known to have."""
    if vault.place != "keyring":
        raise LocalError(_LOCKED.format(reason=_NONE_HERE))
    try:
        secret = vault.read(name)
    except KeyringFailed as error:
        raise LocalError(_LOCKED.format(reason=error)) from error
    if secret is None:
        raise LocalError(_MISSING.format(marker=marker, name=name))
    key = DeviceKey(_private_half(secret, f"“{name}” in the keyring"), "keyring")
    _remove_copy(path, secret)
    return key


def _moved(path: Path, marker: Path, vault: Vault) -> DeviceKey:
    """The key of the file, else the one that the keyring still has, else a new one: now in the keyring alone.

    Where there is no marker, the file is the truth: the keyring may have an older key, of a move that broke off.
    """
    name = "device-" + sha256(str(path.resolve()).encode()).hexdigest()[:16]
    in_file, in_keyring = FileVault(path.parent).read(path.name), vault.read(name)
    secret = next(each for each in (in_file, in_keyring, _new_secret()) if each is not None)
    key = DeviceKey(_private_half(secret, f"at {path}"), "keyring")
    if secret != in_keyring:
        vault.keep(name, secret)
        if vault.read(name) != secret:
            raise KeyringFailed("The keyring did not keep what it was given.")
    FileVault(path.parent).keep(marker.name, f"keyring {name}\n".encode())
    _remove_copy(path, secret)
    return key


def _remove_copy(path: Path, secret: bytes) -> None:
    """Remove the file `path` if it holds what is in the keyring; another key in it is its owner's to look at."""
    in_file = FileVault(path.parent).read(path.name)
    try:
        if in_file == secret:
            path.unlink()
            settle(path.parent)
        elif in_file is not None:
            _log.warning("a key file is not used: the keyring has another key", extra={"file": str(path)})
    except OSError as error:
        _log.warning("the key file was not removed", extra={"file": str(path), "reason": str(error)})


def _new_secret() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def _private_half(secret: bytes, where: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(secret)
    except ValueError as error:
        raise LocalError(f"The device key {where} cannot be used: {error}. Restore or move it.") from error
