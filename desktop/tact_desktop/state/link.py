"""The link to the engine as the window shows it."""

from dataclasses import dataclass, replace
from enum import StrEnum


class LinkPhase(StrEnum):
    """Whether the engine can be asked right now."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    AWAY = "away"
    """The link is lost; it is tried again by itself."""
    REFUSED = "refused"
    """Trying again cannot help; `Link.problem` says why."""
    SIGNED_OUT = "signed out"
    """By this person's own wish."""


@dataclass(frozen=True, slots=True)
class Link:
    """The phase, the engine's name and place, the last problem as a sentence, and how wrong our clock is."""

    phase: LinkPhase = LinkPhase.CONNECTING
    engine: str = ""
    host: str = ""
    port: int = 0
    problem: str = ""
    code: str = ""
    skew_ms: int = 0
    here: bool = False
    """Whether the engine runs on this computer."""

    @property
    def up(self) -> bool:
        """Whether messages are handed over right now."""
        return self.phase is LinkPhase.CONNECTED


def connected(engine: str, host: str, port: int, skew_ms: int, here: bool) -> Link:
    """Signed in."""
    return Link(LinkPhase.CONNECTED, engine, host, port, skew_ms=skew_ms, here=here)


def lost(link: Link, problem: str, code: str, again: bool) -> Link:
    """Not signed in any more, or not yet; `again` says that it is tried again."""
    if again and link.phase is LinkPhase.CONNECTING and not link.engine:
        return replace(link, problem=problem)
    if code == "signed_out":
        return replace(link, phase=LinkPhase.SIGNED_OUT, problem=problem, code=code)
    return replace(link, phase=LinkPhase.AWAY if again else LinkPhase.REFUSED, problem=problem, code=code)
