"""The first run: a name, an engine, and what to say while one of them is missing."""

import re
import unicodedata
from dataclasses import dataclass, replace

from tact_desktop.state import wording_welcome as words
from tact_engine.core.attending import HANDLE

SEARCH_MS = 5_000
"""How long a search may stay without an answer before its silence means something."""
HANDLE_LENGTH_MAX = 32
_PORTS = range(1, 65_536)
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})


@dataclass(frozen=True, slots=True)
class FoundEngine:
    """An engine that answered in the local network; `engine` is its id. The list is a phone book without trust."""

    engine: str
    name: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where to reach an engine; `port` 0 stands for the usual one."""

    host: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the first-run page shows. `chosen` is the id of a listed engine; `own` means one on this computer."""

    name: str = ""
    engines: tuple[FoundEngine, ...] = ()
    chosen: str = ""
    own: bool = False
    address: str = ""
    search_began_ms: int = 0
    network_up: bool = True


def handle_from_name(name: str) -> str:
    """A valid handle made from a name ("Anna Berg" → "anna.berg"); "" where nothing valid is left of it."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    handle = re.sub(r"[^a-z0-9_-]+", ".", letters).strip(".")[:HANDLE_LENGTH_MAX].strip(".")
    return handle if HANDLE.fullmatch(handle) else ""


def found(state: Welcome, engine: FoundEngine) -> Welcome:
    """`state` after an engine answered: once in the list, by its id, in the order of names."""
    others = [each for each in state.engines if each.engine != engine.engine]
    engines = sorted((*others, engine), key=lambda each: (each.name.casefold(), each.engine))
    return replace(state, engines=tuple(engines))


def lost(state: Welcome, engine: str) -> Welcome:
    """`state` after an engine left; if it was chosen, nothing is."""
    engines = tuple(each for each in state.engines if each.engine != engine)
    return replace(state, engines=engines, chosen="" if state.chosen == engine else state.chosen)


def address_of(text: str) -> Address | None:
    """`host` or `host:port` as an address, an IPv6 address in brackets; None where it is not one."""
    match = re.fullmatch(r"(?:\[([^\s\[\]/]*:[^\s\[\]/]*)\]|([^\s:/\[\]]+))(?::([0-9]{1,5}))?", text.strip())
    if match is None or (match[3] and int(match[3]) not in _PORTS):
        return None
    return Address(match[1] or match[2], int(match[3] or 0))


def missing(state: Welcome) -> str:
    """What is missing before one can go on, as a sentence; "" where nothing is."""
    if not state.name.strip():
        return words.WRITE_NAME
    if not handle_from_name(state.name):
        return words.NAME_WITHOUT_HANDLE
    if state.own or any(engine.engine == state.chosen for engine in state.engines):
        return ""
    if not state.address.strip():
        return words.CHOOSE_ENGINE
    return "" if address_of(state.address) else words.BAD_ADDRESS


def why_nothing(state: Welcome, now_ms: int) -> str:
    """Why no engine is listed, and what to do; "" where one is."""
    if state.engines:
        return ""
    if not state.network_up:
        return words.NO_NETWORK
    return words.SEARCHING if now_ms - state.search_began_ms < SEARCH_MS else words.NO_ANSWER
