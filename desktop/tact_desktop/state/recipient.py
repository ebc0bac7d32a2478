"""Whom a message is for: what its sender may know and use of them, and when and where that is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from tact_desktop.state.shown import shown_name
from tact_engine.core.presence import ALIAS, ATTRIBUTES, ONLINE_STATUS, Presence, Value, offered, seen


@dataclass(frozen=True, slots=True)
class Recipient:
    """`values` are what a condition sees; `hidden` may not be seen, `unusable` may be seen and not used in a condition.

    `now_ms` is UTC milliseconds, `zone` that of whoever writes.
    """

    name: str = ""
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    hidden: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()
    now_ms: int = 0
    zone: tzinfo = UTC

    @property
    def offered(self) -> frozenset[str]:
        """The attributes that a condition of this sender may be about, whether they have a value or not."""
        return frozenset(ATTRIBUTES).difference(self.hidden, self.unusable)

    @property
    def shows_online(self) -> bool:
        """Whether the sender may know when the recipient is online."""
        return ONLINE_STATUS in self.offered


def recipient_of(presence: Presence, now_ms: int, zone: tzinfo) -> Recipient:
    """The recipient whose document, as it is shown here, is `presence`."""
    name = shown_name(str(seen(presence, now_ms).get(ALIAS) or "")) or shown_name(presence.handle)
    values = offered(presence, now_ms)
    return Recipient(name, values, presence.hidden, presence.unusable, now_ms, zone)
