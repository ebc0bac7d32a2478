"""The engine's settings: where its data is, where it listens, what it is called."""

import os
import socket
from pathlib import Path

from msgspec import Struct

from tact_engine.core.addresses import DEFAULT_PORT
from tact_engine.core.view import Limits


class Settings(Struct, frozen=True):
    """How one engine runs. `host` "" listens everywhere; `port` 0 takes any free one.

    `is_open` lets anybody in under a free handle. `claim` makes another host possible although there is one.
    """

    data: Path
    name: str
    host: str = ""
    port: int = DEFAULT_PORT
    beacon: bool = True
    tls: bool = True
    limits: Limits = Limits()
    is_open: bool = False
    claim: bool = False


def data_folder() -> Path:
    """Where this user's Tact keeps what must stay: TACT_DATA where it is set, else the platform's place for it."""
    if chosen := os.environ.get("TACT_DATA"):
        return Path(chosen)
    from platformdirs import user_data_dir  # noqa: PLC0415 - a service that is told where starts faster without it

    return Path(user_data_dir("tact", appauthor=False))


def engine_folder() -> Path:
    """Where the engine of this computer keeps its database, certificate and log."""
    return data_folder() / "engine"


def default_name() -> str:
    """What an engine is called where nobody named it: the computer's name."""
    return socket.gethostname().split(".")[0] or "Tact"
