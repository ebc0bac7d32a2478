"""The first run: a name, a way in, and what to say while one of them is missing."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from tact_desktop.state import wording_welcome as words
from tact_engine.core.errors import Refused
from tact_engine.core.members import HANDLE
from tact_engine.core.names import NAME_LENGTH_MAX, alike, canonical, check_free, check_name

SEARCH_MS = 5_000
"""How long a search may stay without an answer before its silence means something."""
HANDLE_LENGTH_MAX = 32
_PORTS = range(1, 65_536)
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})


class Field(Enum):
    """What a problem is about."""

    NAME = "name"
    HANDLE = "handle"
    PASSWORD = "password"
    INVITATION = "invitation"
    ENGINE = "engine"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is in the way, as a sentence, and what it is about."""

    sentence: str
    field: Field


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
class Invited:
    """What a valid invitation says; `handle`, where it is set, is the person whose further computer this will be."""

    engine: str
    name: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the first-run page shows. `chosen` is the id of a listed engine; `own` means one on this computer.

    `handle` is a short name that was written by hand, `written` what stands in the field of the invitation and is none.
    `password` is None where it is not asked for.
    """

    name: str = ""
    engines: tuple[FoundEngine, ...] = ()
    chosen: str = ""
    own: bool = False
    address: str = ""
    search_began_ms: int = 0
    network_up: bool = True
    handle: str = ""
    invited: Invited | None = None
    written: str = ""
    password: str | None = None


FIELDS: Mapping[str, Field] = {
    "bad_name": Field.NAME,
    "name_taken": Field.NAME,
    "bad_value": Field.NAME,
    "bad_handle": Field.HANDLE,
    "handle_taken": Field.HANDLE,
    "removed": Field.HANDLE,
    "too_many_devices": Field.HANDLE,
    "wrong_password": Field.PASSWORD,
    "guessed_too_often": Field.PASSWORD,
    "invitation_over": Field.INVITATION,
}
"""Refusal of a sign-in → where it can be mended; every other one is about the engine."""


def refused(code: str, sentence: str, state: Welcome) -> Problem:
    """The refusal of a sign-in as it stands on the page, with a name to try instead where one helps."""
    hint = words.for_example(suggested_name(state.name)) if code in ("bad_name", "name_taken") else ""
    return Problem(f"{sentence} {hint}".strip(), FIELDS.get(code, Field.ENGINE))


def handle_from_name(name: str) -> str:
    """A valid handle made from a name ("Anna Berg" → "anna.berg"); "" where nothing valid is left of it."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    handle = re.sub(r"[^a-z0-9_-]+", ".", letters).strip(".")[:HANDLE_LENGTH_MAX].strip(".")
    return handle if HANDLE.fullmatch(handle) else ""


def handle_of(state: Welcome) -> str:
    """The handle that the page asks for; "" where there is none yet, and what was written where it is not valid."""
    if state.invited is not None and state.invited.handle:
        return state.invited.handle
    return state.handle.strip() or handle_from_name(state.name)


def next_handle(handle: str) -> str:
    """Another handle where this one is taken: "anna.berg" → "anna.berg2" → "anna.berg3"."""
    base = handle.rstrip("0123456789")
    number = int(handle[len(base) :] or 1) + 1 if base else 2
    ending = f"{number}" if base else f".{number}"
    return (base or handle)[: HANDLE_LENGTH_MAX - len(ending)] + ending


def is_in_the_name(state: Welcome) -> bool:
    """Whether another handle would not help where this one is taken, because the name looks like it as well."""
    return alike(canonical(state.name), handle_of(state))


def suggested_name(name: str) -> str:
    """A name like this one that can be one, and is not so easily that of somebody else."""
    seen = "".join(letter if letter.isprintable() else " " for letter in name)
    kept = canonical(seen)[: NAME_LENGTH_MAX - len(words.DEPARTMENT)].rstrip()
    suggested = f"{kept}{words.DEPARTMENT}"
    return suggested if kept and not _flaw(suggested) else words.A_NAME


def found(state: Welcome, engine: FoundEngine) -> Welcome:
    """`state` after an engine answered: once in the list, by its id, in the order of names."""
    others = [each for each in state.engines if each.engine != engine.engine]
    engines = sorted((*others, engine), key=lambda each: (each.name.casefold(), each.engine))
    return replace(state, engines=tuple(engines))


def known_by_name(name: str, engine: str, known: Mapping[str, str]) -> str:
    """The known engine that goes by this name under another key than `engine`; "" where there is none.

    `known` has the names of engines by their ids. Names that look alike count as one.
    """
    if engine in known:
        return ""
    return next((other for other in known.values() if other == name or alike(other, name)), "")


def address_of(text: str) -> Address | None:
    """`host` or `host:port` as an address, an IPv6 address in brackets; None where it is not one."""
    match = re.fullmatch(r"(?:\[([^\s\[\]/]*:[^\s\[\]/]*)\]|([^\s:/\[\]]+))(?::([0-9]{1,5}))?", text.strip())
    if match is None or (match[3] and int(match[3]) not in _PORTS):
        return None
    return Address(match[1] or match[2], int(match[3] or 0))


def missing(state: Welcome) -> Problem | None:
    """What is missing or wrong before one can go on; None where nothing is."""
    for look in (_about_name, _about_handle, _about_password, _about_way):
        problem = look(state)
        if problem is not None:
            return problem
    return None


def why_nothing(state: Welcome, now_ms: int) -> str:
    """Why no engine is listed, and what to do; "" where one is."""
    if state.engines:
        return ""
    if not state.network_up:
        return words.NO_NETWORK
    return words.SEARCHING if now_ms - state.search_began_ms < SEARCH_MS else words.NO_ANSWER


def _about_name(state: Welcome) -> Problem | None:
    """A further computer of somebody known needs no name: the engine has it."""
    if state.invited is not None and state.invited.handle:
        return None
    if not state.name.strip():
        return Problem(words.WRITE_NAME, Field.NAME)
    flaw = _flaw(state.name)
    return refused("bad_name", flaw, state) if flaw else None


def _about_handle(state: Welcome) -> Problem | None:
    handle = handle_of(state)
    if not handle:
        return Problem(words.NAME_WITHOUT_HANDLE, Field.HANDLE)
    return None if HANDLE.fullmatch(handle) else Problem(words.BAD_HANDLE, Field.HANDLE)


def _about_password(state: Welcome) -> Problem | None:
    return Problem(words.WRITE_PASSWORD, Field.PASSWORD) if state.password == "" else None


def _about_way(state: Welcome) -> Problem | None:
    if state.invited is not None:
        return None
    if state.written.strip():
        return Problem(words.NO_INVITATION, Field.INVITATION)
    if state.own or any(engine.engine == state.chosen for engine in state.engines):
        return None
    if not state.address.strip():
        return Problem(words.CHOOSE_ENGINE, Field.ENGINE)
    return None if address_of(state.address) else Problem(words.BAD_ADDRESS, Field.ADDRESS)


def _flaw(name: str) -> str:
    """What any engine would have against this name; "" where nothing."""
    try:
        check_name(name)
        check_free(canonical(name), {})
    except Refused as refusal:
        return refusal.text
    return ""
