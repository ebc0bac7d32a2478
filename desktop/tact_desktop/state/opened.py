"""What an invitation means that is opened while somebody's window is there."""

from enum import Enum

from tact_desktop.state.link import Link, LinkPhase
from tact_desktop.state.welcome import Invited
from tact_engine.core.errors import CHANGED_KEY


class Meaning(Enum):
    """What to do with it."""

    BELONGS = "belongs"
    """This person belongs to that engine already."""
    THIS_COMPUTER = "this computer"
    """This computer speaks for that person already."""
    WAY_BACK = "way back"
    """It lets this very window in again, which its engine refuses as things are."""
    ELSEWHERE = "elsewhere"
    """It is for another engine or another person: that needs a window of its own."""


def meaning(invited: Invited, me: str, engine: str, link: Link) -> Meaning:
    """What `invited` is for `me`, whose window is pinned to the engine with that id ("" for none yet)."""
    if invited.handle not in ("", me):
        return Meaning.ELSEWHERE
    stopped = link.phase is LinkPhase.REFUSED
    if stopped and link.code == CHANGED_KEY:  # for the right one too: it says where that is now
        return Meaning.WAY_BACK
    if invited.engine != engine:
        return Meaning.ELSEWHERE
    if not stopped:
        return Meaning.THIS_COMPUTER if invited.handle else Meaning.BELONGS
    return Meaning.WAY_BACK if invited.handle else Meaning.ELSEWHERE
