"""The window's own settings: whose window this is, how it looks, where its data is."""

import json
import os
import time
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import msgspec.structs
from msgspec import Struct
from PySide6.QtCore import QTimeZone
from PySide6.QtNetwork import QAbstractSocket, QNetworkInterface

from tact_desktop.state.wording_window import SCHEMES
from tact_engine.settings import data_folder, default_name, engine_folder

__all__ = [
    "Joining",
    "Seat",
    "data_folder",
    "default_name",
    "engine_folder",
    "forget_joining",
    "has_belonged",
    "joining",
    "keep",
    "keep_joining",
    "known_engines",
    "local_zone",
    "now_ms",
    "profile_folder",
    "profile_for",
    "remember",
    "remembered",
    "seat_of",
]

SEAT = "seat.json"
KNOWN_ENGINES = "engines.json"
"""In the folder of a profile: the engines that let it in, by their ids."""
ENGINE_DIGITS = 8
S = TypeVar("S", bound=Struct)


class Seat(Struct, frozen=True):
    """Who sits at this window. `own_engine`: their engine is the one of this computer, started with the window.

    `engine` and `engine_name` are the id and the name of the engine they belong to, "" before it was there once.
    `profile` names the folder of what this computer keeps for them, "" where that is the handle.
    """

    handle: str
    name: str
    own_engine: bool = False
    scheme: str = "system"
    engine: str = ""
    engine_name: str = ""
    profile: str = ""

    @property
    def place(self) -> str:
        """The name of their folder, and what `tact --profile` calls them."""
        return self.profile or self.handle


class Joining(Struct, frozen=True):
    """Somebody who asked an engine to be let in, and was not answered yet."""

    handle: str
    name: str
    host: str
    port: int
    engine: str
    engine_name: str


def profile_folder(profile: str) -> Path:
    """Where the window of `profile` keeps its key, its history and its lock."""
    return data_folder() / "profiles" / profile


def profile_for(handle: str, engine: str) -> str:
    """The profile in which `handle` belongs to the engine with that id, and to no other one.

    It is called like the handle, unless that profile belongs to another engine: two histories are never one.
    """
    fresh = not _text(profile_folder(handle) / KNOWN_ENGINES)
    return handle if fresh or has_belonged(handle, engine) else f"{handle}@{engine[:ENGINE_DIGITS]}"


def has_belonged(profile: str, engine: str) -> bool:
    """Whether the engine with that id has let this profile in before."""
    return engine in _text(profile_folder(profile) / KNOWN_ENGINES)


def seat_of(profile: str) -> Seat | None:
    """Who sits in front of `profile`; None where nobody did yet, or where the file is damaged."""
    return _seat_in(profile_folder(profile) / SEAT)


def keep(seat: Seat) -> None:
    """Keep who sits in front of this profile."""
    _write(profile_folder(seat.place) / SEAT, seat)


def known_engines() -> dict[str, str]:
    """The names of the engines that anybody on this computer belongs to, by their ids."""
    seats = [remembered(), *(_seat_in(path) for path in sorted(data_folder().glob(f"profiles/*/{SEAT}")))]
    return {seat.engine: seat.engine_name for seat in seats if seat is not None and seat.engine}


def remembered() -> Seat | None:
    """Who sat here last; None at the first run, or where the file is damaged."""
    return _seat_in(_file())


def remember(seat: Seat) -> None:
    """Keep `seat` for the next start."""
    _write(_file(), seat)
    keep(seat)


def joining() -> Joining | None:
    """Who asked to be let in when the program ended; None where nobody did."""
    return _read(_joining_file(), Joining)


def keep_joining(asked: Joining) -> None:
    """Keep that `asked` waits for an answer: the next start goes on asking."""
    _write(_joining_file(), asked)


def forget_joining() -> None:
    """Nobody waits to be let in any more."""
    _joining_file().unlink(missing_ok=True)


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


def _joining_file() -> Path:
    return data_folder() / "joining.json"


def _seat_in(path: Path) -> Seat | None:
    seat = _read(path, Seat)
    if seat is None or any(seat.scheme == scheme for scheme, _ in SCHEMES):
        return seat
    return msgspec.structs.replace(seat, scheme=SCHEMES[0][0])


def _read(path: Path, kind: type[S]) -> S | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def _write(path: Path, what: Struct) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with open(fresh, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump({name: getattr(what, name) for name in what.__struct_fields__}, file)
    fresh.replace(path)


def _text(path: Path) -> str:
    """What a file says; "" where there is none."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
