"""What frames mean: the fact that each of them stands for; and how many facts of one link make up a batch."""

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tact_engine.core.facts import (
    Acknowledged,
    Approved,
    Asked,
    Declined,
    DeviceRemoved,
    Edited,
    Fact,
    Invited,
    LookedOver,
    MarkedRead,
    Noted,
    Paused,
    PersonRemoved,
    PresenceSet,
    PrivacySet,
    Resumed,
    Revoked,
    SentNow,
    SignedOut,
    Submitted,
    Withdrawn,
)
from tact_engine.core.members import TOKEN_BYTES
from tact_engine.wire import frames as wire
from tact_engine.wire.frames import Frame

SHARE_MAX = 64
"""So many facts of one link are decided in one batch; a flood of one then delays the others by little."""
UNHURRIED = frozenset[type[Frame]]({wire.Acknowledge, wire.MarkRead, wire.Note})
"""What is said without waiting for what comes of it."""

FACTS: Mapping[type[Frame], Callable[[int, Any], Fact]] = MappingProxyType(
    {
        wire.SetPresence: lambda session, frame: PresenceSet(
            session, frame.request, frame.changes, frame.until
        ),
        wire.SetPrivacy: lambda session, frame: PrivacySet(session, frame.request, frame.privacy),
        wire.Pause: lambda session, frame: Paused(session, frame.request, frame.id),
        wire.Resume: lambda session, frame: Resumed(session, frame.request, frame.id),
        wire.Explain: lambda session, frame: Asked(session, frame.request, frame.id),
        wire.Invite: lambda session, frame: Invited(
            session, frame.request, os.urandom(TOKEN_BYTES), frame.purpose, frame.handle
        ),
        wire.Revoke: lambda session, frame: Revoked(session, frame.request, frame.id),
        wire.Approve: lambda session, frame: Approved(session, frame.request, frame.handle, frame.device),
        wire.Decline: lambda session, frame: Declined(session, frame.request, frame.handle, frame.device),
        wire.LookOver: lambda session, frame: LookedOver(session, frame.request),
        wire.RemoveDevice: lambda session, frame: DeviceRemoved(
            session, frame.request, frame.handle, frame.device
        ),
        wire.RemovePerson: lambda session, frame: PersonRemoved(
            session, frame.request, frame.handle, frame.withdraw
        ),
        wire.Submit: lambda session, frame: Submitted(session, frame.request, frame.submission),
        wire.Edit: lambda session, frame: Edited(
            session, frame.request, frame.id, frame.revision, frame.amendment
        ),
        wire.SendNow: lambda session, frame: SentNow(session, frame.request, frame.id),
        wire.Withdraw: lambda session, frame: Withdrawn(session, frame.request, frame.id),
        wire.Acknowledge: lambda session, frame: Acknowledged(session, frame.copies),
        wire.MarkRead: lambda session, frame: MarkedRead(session, frame.ids),
        wire.Note: lambda session, frame: Noted(session, frame.serial),
        wire.SignOut: lambda session, frame: SignedOut(session),
    }
)
"""frame → fact."""


def shared_out(facts: list[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts of the next batch, and those that have to wait for another; those of one link stay in their order."""
    if len(facts) <= SHARE_MAX:
        return facts, []
    batch: list[Fact] = []
    rest: list[Fact] = []
    taken: dict[int | None, int] = {None: -len(facts)}  # what is of no link never waits
    for fact in facts:
        session: int | None = getattr(fact, "session", None)
        taken[session] = count = taken.get(session, 0) + 1
        (batch if count <= SHARE_MAX else rest).append(fact)
    return batch, rest
