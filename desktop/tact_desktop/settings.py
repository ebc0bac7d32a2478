"""The window's own settings: whose window this is, how it looks, where its data is."""

import json
import os
import time
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import msgspec.structs
from msgspec import Struct
from PySide6.QtCore import QTimeZone
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface

from tact_desktop.state.wording_window import SCHEMES
from tact_engine.settings import data_folder, default_name, engine_folder

__all__ = [
    "Seat",
    "default_name",
    "engine_folder",
    "local_zone",
    "now_ms",
    "profile_folder",
    "remember",
    "remembered",
]


class Seat(Struct, frozen=True):
    """Who sits at this window. `own_engine`: their engine is the one of this computer, started with the window."""

    handle: str
    name: str
    own_engine: bool = False
    scheme: str = "system"


def profile_folder(handle: str) -> Path:
    """Where the window of `handle` keeps its key, its history and its lock."""
    return data_folder() / "profiles" / handle


def remembered() -> Seat | None:
    """Who sat here last; None at the first run, or where the file is damaged."""
    try:
        seat = msgspec.json.decode(_file().read_bytes(), type=Seat)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    known = any(seat.scheme == scheme for scheme, _ in SCHEMES)
    return seat if known else msgspec.structs.replace(seat, scheme=SCHEMES[0][0])


def remember(seat: Seat) -> None:
    """Keep `seat` for the next start."""
    _file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _file().with_suffix(".new")
    with open(fresh, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump({name: getattr(seat, name) for name in Seat.__struct_fields__}, file)
    fresh.replace(_file())


def local_addresses() -> tuple[str, ...]:
    """The IPv4 addresses of this computer and its names for itself, those first that others can reach it by."""
    known = [address for address in QNetworkInterface.allAddresses() if not address.isLinkLocal()]
    four = [each for each in known if each.protocol() is QAbstractSocket.NetworkLayerProtocol.IPv4Protocol]
    outside = [each.toString() for each in four if not each.isLoopback()]
    return (*outside, "127.0.0.1", "::1", "localhost")


def now_ms() -> int:
    """This computer's clock in UTC milliseconds; what it says is only shown, the engine's clock decides."""
    return time.time_ns() // 1_000_000


def local_zone() -> tzinfo:
    """The time zone of this computer, with its summer times where they are known."""
    try:
        return ZoneInfo(bytes(QTimeZone.systemTimeZoneId().data()).decode())
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now(UTC).astimezone().tzinfo or UTC


def _file() -> Path:
    return data_folder() / "window.json"
