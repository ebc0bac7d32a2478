"""Where engines are, and which of them this computer knows."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tact_engine.core.addresses import DEFAULT_PORT
from tact_engine.core.errors import LocalError, RemoteError


class NoEngine(RemoteError):
    """No engine could be found or reached."""


class UnknownEngine(RemoteError):
    """What answered is not an engine of ours."""


class ChangedKey(UnknownEngine):
    """Another engine answered than the one that is known here. Nobody goes on from there without a new invitation."""


class Address(Struct, frozen=True):
    """Where an engine listens. `engine` is the id it must prove, "" where none is known yet."""

    host: str
    port: int = DEFAULT_PORT
    engine: str = ""

    @classmethod
    def parsed(cls, text: str) -> "Address":
        """The address in "host", "host:port" or "[v6]:port"; LocalError for anything else."""
        host, colon, port = text.strip().rpartition(":") if _has_port(text) else (text.strip(), "", "")
        host = host.strip("[]")
        if (
            not host
            or any(c.isspace() or c in "/@" for c in host)
            or (colon and not 0 < int(port or 0) < 65536)
        ):
            raise LocalError(
                f"“{text}” is not an address. Write a host, or host:port, such as pc-anna:{DEFAULT_PORT}."
            )
        return cls(host, int(port) if port else DEFAULT_PORT)


class Engines:
    """The engines this computer has signed in to, in a file of its own: engine id → where it was last."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self) -> dict[str, Address]:
        """All known engines, the latest last; none where the file is missing or damaged."""
        try:
            rows = json.loads(self._path.read_text("utf-8"))
            return {row["engine"]: Address(row["host"], row["port"], row["engine"]) for row in rows}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def is_verified(self, engine: str) -> bool:
        """Whether an invitation named this engine, or somebody compared its words."""
        return engine in self._verified()

    def verify(self, engine: str) -> None:
        """From now on this engine is known to be the right one."""
        known = self.known()
        if engine in known:
            self._keep(known, self._verified() | {engine})

    def remember(self, address: Address) -> None:
        """Keep `address` as the latest place of its engine."""
        known = self.known()
        known.pop(address.engine, None)
        self._keep({**known, address.engine: address}, self._verified())

    def _verified(self) -> frozenset[str]:
        try:
            rows = json.loads(self._path.read_text("utf-8"))
            return frozenset(row["engine"] for row in rows if row.get("verified") is True)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return frozenset()

    def _keep(self, known: Mapping[str, Address], verified: frozenset[str]) -> None:
        rows = [
            {"engine": each.engine, "host": each.host, "port": each.port, "verified": each.engine in verified}
            for each in known.values()
        ]
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with open(
            fresh, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)
        ) as file:
            json.dump(rows, file)
        fresh.replace(self._path)


def _has_port(text: str) -> bool:
    """Whether `text` ends in a colon and digits; a bare IPv6 address does not count."""
    host, colon, port = text.strip().rpartition(":")
    return bool(colon) and port.isascii() and port.isdigit() and (":" not in host or host.endswith("]"))
