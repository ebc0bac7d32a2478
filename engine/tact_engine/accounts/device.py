"""Device keys: an Ed25519 key that stays on its device and proves, at every sign-in, that it is the same device."""

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tact_engine.core.errors import LocalError, refusal

KEY_BYTES = 32
SIGNATURE_BYTES = 64


class DeviceKey:
    """The private key of this device for one handle."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    @classmethod
    def kept_at(cls, path: Path) -> "DeviceKey":
        """The key in the file `path` (0600), made where there is none; LocalError where it cannot be read or kept."""
        try:
            if path.exists():
                return cls(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            key = Ed25519PrivateKey.generate()
            with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(key.private_bytes_raw())
            return cls(key)
        except (OSError, ValueError) as error:
            raise LocalError(
                f"The device key at {path} cannot be used: {error}. Restore or move it."
            ) from error

    def sign(self, text: bytes) -> bytes:
        """The signature of `text`, 64 bytes."""
        return self._private.sign(text)


def proven(device_key: bytes, signature: bytes, text: bytes) -> str:
    """The fingerprint of the device that signed `text`; Refused where the signature does not fit."""
    try:
        Ed25519PublicKey.from_public_bytes(device_key).verify(signature, text)
    except (InvalidSignature, ValueError) as error:
        raise refusal("sign_in_failed") from error
    return sha256(device_key).hexdigest()
