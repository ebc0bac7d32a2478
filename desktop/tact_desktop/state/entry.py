"""An entry: one message as this computer knows it, sent or received."""

from dataclasses import dataclass
from enum import StrEnum

from tact_engine.core.conditions import WHEN_ONLINE, Condition
from tact_engine.core.envelope import Otherwise


class Stage(StrEnum):
    """Where an entry stands: the envelope's states, and before them what the engine does not have yet."""

    UNSENT = "unsent"
    """Kept on this computer, not handed over yet."""
    HELD = "held"
    RELEASED = "released"
    DELIVERED = "delivered"
    READ = "read"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"
    """Refused by the engine; `Entry.problem` says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of one conversation. Times are UTC milliseconds, 0 where not known yet.

    `position` orders the conversation on this computer: it is given once, when the entry takes its place among the
    rows (a received message at its arrival, an own one at its release), and is None while an own entry still waits.
    `batch` groups what arrived in one moment. `condition`, `valid_for` (seconds) and `expires_at` are known for own
    entries only; a received message carries no condition. `otherwise` is what becomes of it at its end, `second` says
    that its second life has begun. An `alert` is only told, and its text never leaves this computer. `corrected`: it
    was thought to be lost or taken back and arrived after all; `outdated`: a text from before `text_revision` arrived.
    """

    id: str
    conversation: str
    author: str
    own: bool
    text: str
    stage: Stage
    recipients: tuple[str, ...]
    written_at: int
    position: int | None = None
    since: int = 0
    released_at: int = 0
    delayed: bool = False
    batch: int = 0
    unread: bool = False
    revision: int = 1
    condition: Condition = WHEN_ONLINE
    valid_for: int = 0
    expires_at: int = 0
    problem: str = ""
    otherwise: Otherwise = Otherwise.EXPIRE
    keep_order: bool = False
    alert: bool = False
    second: bool = False
    corrected: bool = False
    outdated: bool = False
    text_revision: int = 1

    @property
    def waiting(self) -> bool:
        """Whether an own message is still on its way to being released."""
        return self.own and self.stage in (Stage.UNSENT, Stage.HELD)

    @property
    def undelivered(self) -> bool:
        """Whether an own message ended without arriving."""
        return self.own and self.stage in (Stage.EXPIRED, Stage.FAILED)
