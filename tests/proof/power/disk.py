"""A disk that loses its power: what was synced is there, and of the rest whatever chance has left of it."""

import random
from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.proof.power.trace import Event

SECTOR = 512
NOISE = "torn, with noise between"


class File:
    """One file: what is surely on the disk, and what was done to it since, in order."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.since: list[Event] = []
        self.size = 0

    def do(self, event: Event) -> None:
        """Write or truncate, as yet in the computer's memory only."""
        if event.what == "write":
            at = self.size if event.at < 0 else event.at
            event = Event("write", event.name, at, event.data)
            self.size = max(self.size, at + len(event.data))
        else:
            self.size = event.at
        self.since.append(event)

    def sync(self) -> None:
        """All of it is on the disk."""
        for event in self.since:
            _do(self.kept, event)
        self.since.clear()


class Disk:
    """The files of one folder, by name: as programs see them, and as the disk itself knows their names."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self._named: dict[str, File] = {}
        self._renamed: list[tuple[str, File | None]] = []

    def do(self, event: Event) -> None:
        """What a program asked for."""
        if event.what == "sync" and not event.name:
            self._named = dict(self.files)
            self._renamed.clear()
        elif event.what == "sync":
            self.files[event.name].sync()
        elif event.what == "create":
            if event.name not in self.files:
                self.files[event.name] = File()
                self._renamed.append((event.name, self.files[event.name]))
        elif event.what == "rename":
            old = event.data.decode()
            self.files[event.name] = self.files.pop(old)
            self._renamed += [(event.name, self.files[event.name]), (old, None)]
        elif event.what == "remove":
            del self.files[event.name]
            self._renamed.append((event.name, None))
        else:
            self.files[event.name].do(event)

    def image(self, manner: str, rng: random.Random) -> dict[str, bytes]:
        """The files that are found when the power is back. Names come and go in order, as journals keep them."""
        most = len(self._renamed)
        last = {"nothing kept": 0, "everything kept": most}.get(manner, rng.randint(0, most))
        named = dict(self._named)
        for name, file in self._renamed[:last]:
            if file is None:
                named.pop(name, None)
            else:
                named[name] = file
        return {name: _left(file, manner, rng) for name, file in named.items()}


Keep = Callable[[list[Event], random.Random], list[Event]]


def _some(events: list[Event], rng: random.Random) -> list[Event]:
    return [event for event in events if rng.random() < 0.5]


def _first(events: list[Event], rng: random.Random) -> list[Event]:
    return events[: rng.randint(0, len(events))]


def _torn(events: list[Event], rng: random.Random) -> list[Event]:
    """Each write whole, gone or in pieces; at least one of them in pieces."""
    torn: list[Event] = []
    chosen = rng.randrange(len(events)) if events else 0
    for place, event in enumerate(events):
        fate = 2 if place == chosen else rng.randrange(3)
        if fate == 1 or (fate == 2 and event.what != "write"):
            torn.append(event)
        elif fate == 2:
            torn += _pieces(event, rng)
    return torn


def _pieces(event: Event, rng: random.Random) -> list[Event]:
    """Some of the sectors of one write, or others of its bytes where a sector only begins or ends with it."""
    pieces: list[Event] = []
    at, end = event.at, event.at + len(event.data)
    while at < end:
        stop = min(end, (at // SECTOR + 1) * SECTOR)
        if rng.random() < 0.5:
            pieces.append(Event("write", event.name, at, event.data[at - event.at : stop - event.at]))
        at = stop
    return pieces


MANNERS: Mapping[str, Keep] = MappingProxyType(
    {
        "nothing kept": lambda events, rng: [],
        "everything kept": lambda events, rng: events,
        "kept up to a point": _first,
        "some kept": _some,
        "torn at sectors": _torn,
        NOISE: _torn,
    }
)
"""How much is left of what was not synced."""


def _left(file: File, manner: str, rng: random.Random) -> bytes:
    events = MANNERS[manner](file.since, rng)
    content = bytearray(file.kept)
    for event in events:
        _do(content, event)
    if manner == NOISE and len(content) > len(file.kept):
        # A file that grew may have anything where nothing was written yet.
        size, content = len(content), file.kept + rng.randbytes(len(content) - len(file.kept))
        for event in events:
            _do(content, event)
        del content[size:]
    return bytes(content)


def _do(content: bytearray, event: Event) -> None:
    if event.what == "truncate":
        del content[event.at :]
        content.extend(bytes(event.at - len(content)))
        return
    content.extend(bytes(max(0, event.at - len(content))))
    content[event.at : event.at + len(event.data)] = event.data
