"""The link to the engine as the window shows it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tact_desktop.state.shown import shown_name


class LinkPhase(StrEnum):
    """Whether the engine can be asked right now."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    AWAY = "away"
    """The link is lost; it is tried again by itself."""
    ASKING = "asking"
    """Not let in yet, by a host or by an engine that is busy; it is tried again by itself, `Link.problem` says why."""
    REFUSED = "refused"
    """Trying again cannot help; `Link.problem` says why."""
    SIGNED_OUT = "signed out"
    """By this person's own wish."""


ASKING_CODES = frozenset({"asked_to_join", "too_many_requests", "busy_signing_in"})


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
    engine_id: str = ""
    verified: bool = False
    """Whether this engine is known to be the right one: an invitation named it, or its words were compared."""
    is_open: bool = False
    """Whether this engine lets anybody in, as that of the demo does."""
    is_host: bool = False
    """Whether this person may look after the others."""

    @property
    def up(self) -> bool:
        """Whether messages are handed over right now."""
        return self.phase is LinkPhase.CONNECTED


def connected(
    engine: str,
    host: str,
    port: int,
    skew_ms: int,
    here: bool,
    engine_id: str = "",
    verified: bool = True,
    is_host: bool = False,
    is_open: bool = False,
) -> Link:
    """Signed in. An engine on this computer needs no comparing."""
    return Link(
        LinkPhase.CONNECTED,
        shown_name(engine),
        host,
        port,
        skew_ms=skew_ms,
        here=here,
        engine_id=engine_id,
        verified=verified or here,
        is_host=is_host,
        is_open=is_open,
    )


def lost(link: Link, problem: str, code: str, again: bool) -> Link:
    """Not signed in any more, or not yet; `again` says that it is tried again."""
    if again and link.phase in (LinkPhase.CONNECTING, LinkPhase.ASKING) and not link.engine:
        phase = LinkPhase.ASKING if code in ASKING_CODES else LinkPhase.CONNECTING
        return replace(link, phase=phase, problem=problem, code=code)
    if code == "signed_out":
        return replace(link, phase=LinkPhase.SIGNED_OUT, problem=problem, code=code)
    return replace(link, phase=LinkPhase.AWAY if again else LinkPhase.REFUSED, problem=problem, code=code)
