"""How an own message stands, put together from what the engine tells of each of its recipients.

Each recipient's part moves by itself. News comes more than once and, across a lost link, an answer may come after
younger news; so each receipt is compared with what is known before it is believed:

- an older revision, and a serial that was already taken, say nothing new;
- an answer (serial 0) is older than what is known if its state began earlier;
- what has ended stays ended, but an acknowledgement wins over an expiry and a withdrawal: truth wins. It may be one of
  an earlier revision, where a copy had left before the message was changed.

The message shows its least advanced part. An expired part counts as less advanced than a delivered one, since it is
what its sender has to know; parts that were taken back count only where nothing else is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tact_desktop.state.entry import Entry, Stage
from tact_engine.core.conditions import WHEN_ONLINE
from tact_engine.core.envelope import SECOND_LIFE_SECONDS_MAX, Receipt, State

_RANK: Mapping[State, int] = {
    state: rank
    for rank, state in enumerate(
        (
            State.HELD,
            State.RELEASED,
            State.EXPIRED,
            State.FAILED,
            State.DELIVERED,
            State.READ,
            State.WITHDRAWN,
        )
    )
}
ARRIVED = (State.DELIVERED, State.READ)
"""The states of what is in its recipient's own store."""
_AFTER: Mapping[State, tuple[State, ...]] = {
    State.EXPIRED: ARRIVED,
    State.DELIVERED: (State.READ,),
    State.READ: (),
    State.WITHDRAWN: ARRIVED,
    State.FAILED: (),
}
"""What may still be said of a part that has ended; of the others, anything."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One recipient's part of an own message. `waited`: it was held for more than the moment of its acceptance."""

    recipient: str
    state: State
    revision: int
    since: int
    accepted_at: int
    released_at: int
    expires_at: int
    waited: bool
    serial: int
    second: bool = False


def advanced(known: Standing | None, receipt: Receipt) -> Standing | None:
    """The part after `receipt`; None where it says nothing new."""
    if known is not None and not _is_news(known, receipt):
        return None
    held = receipt.state is State.HELD
    late = receipt.state is State.RELEASED and receipt.since > receipt.accepted_at
    return Standing(
        recipient=receipt.recipient,
        state=receipt.state,
        revision=receipt.revision,
        since=receipt.since,
        accepted_at=receipt.accepted_at,
        released_at=_released_at(known, receipt),
        expires_at=receipt.expires_at,
        waited=held or late or (known is not None and known.waited),
        serial=max(receipt.serial, known.serial if known else 0),
        second=receipt.second,
    )


def shown(entry: Entry, parts: Iterable[Standing]) -> Entry:
    """`entry` with what its `parts` say together; where it stands in the conversation is not decided here."""
    every = list(parts)
    least = min(every, key=lambda part: _RANK[part.state])
    alike = [part for part in every if part.state is least.state]
    second = any(part.second for part in every)
    arrived = [part for part in every if part.state in ARRIVED]
    lost = entry.stage in (Stage.EXPIRED, Stage.WITHDRAWN)
    return replace(
        entry,
        stage=Stage(least.state.value),
        second=second,
        condition=WHEN_ONLINE if second else entry.condition,
        valid_for=min(entry.valid_for, SECOND_LIFE_SECONDS_MAX) if second else entry.valid_for,
        corrected=entry.corrected or (lost and least.state in ARRIVED),
        outdated=any(part.revision < entry.text_revision for part in arrived),
        written_at=least.accepted_at,
        since=max(part.since for part in alike),
        released_at=max(part.released_at for part in alike),
        delayed=any(part.waited for part in every),
        revision=max(entry.revision, *(part.revision for part in every)),
        expires_at=max(part.expires_at for part in every),
        problem="",
    )


def taken_back(part: Standing) -> Standing:
    """The part after a withdrawal: what was still held is gone, what was handed over is not."""
    return replace(part, state=State.WITHDRAWN) if part.state is State.HELD else part


def _is_news(known: Standing, receipt: Receipt) -> bool:
    late = receipt.state in ARRIVED and known.state not in ARRIVED
    if (receipt.revision < known.revision and not late) or 0 < receipt.serial <= known.serial:
        return False
    if receipt.serial == 0 and receipt.since < known.since:
        return False
    after = _AFTER.get(known.state)
    if after is not None:
        return receipt.state in after
    return (
        receipt.state,
        receipt.since,
        receipt.revision,
        receipt.expires_at,
        receipt.serial or known.serial,
        receipt.second,
    ) != (
        known.state,
        known.since,
        known.revision,
        known.expires_at,
        known.serial,
        known.second,
    )


def _released_at(known: Standing | None, receipt: Receipt) -> int:
    """When the copy that counts left: told by `released`, else as near to it as later news comes; 0 while it waits."""
    if receipt.state is State.RELEASED:
        return receipt.since
    if receipt.state in ARRIVED:
        return (known.released_at if known else 0) or receipt.since
    return 0
