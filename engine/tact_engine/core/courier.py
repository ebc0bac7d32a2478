"""The courier: the pure decider. Facts in, a decision out; no socket, file, clock or chance.

Whoever calls it reads facts one at a time inside one transaction, does the writes of each decision, then decides the
facts it leads to, and speaks the effects only once everything is durable:

    decide(fact, view, now) -> Decision(writes, effects, then)

The same facts over the same view at the same times give the same decisions, so a run can be replayed, simulated, and
moved to another store. The handlers stand by subject: `attending` (presence and sessions), `sending` and `amending`
(the sender's side), `releasing` and `settling` (the recipient's side), `telling` (news to senders), `joining` and
`leaving` (who belongs to the engine).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tact_engine.core import amending, attending, joining, leaving, releasing, sending, settling, telling
from tact_engine.core.facts import (
    Acknowledged,
    Approved,
    Asked,
    Consider,
    Declined,
    DeviceRemoved,
    Edited,
    Fact,
    GracesOver,
    HostSought,
    Invited,
    LeasesOver,
    LinkLost,
    LookedOver,
    MarkedRead,
    Moment,
    Noted,
    PasswordSet,
    Paused,
    PersonRemoved,
    PresenceSet,
    PrivacySet,
    ReadingsOver,
    RecipientGone,
    Reconsider,
    Reply,
    Resumed,
    Revoked,
    SecondLife,
    SentNow,
    SignedIn,
    SignedOut,
    SilenceOver,
    SilentEndsOver,
    Started,
    Submitted,
    Tell,
    TimePassed,
    ValidityOver,
    WakesOver,
    Withdrawn,
)
from tact_engine.core.view import Decision, View


def decide(fact: Fact, view: View, now: Moment) -> Decision:
    """What follows from `fact` at `now`, given what `view` shows."""
    return HANDLERS[type(fact)](fact, view, now)


Handler = Callable[[Any, View, Moment], Decision]

HANDLERS: Mapping[type, Handler] = MappingProxyType(
    {
        Started: attending.started,
        HostSought: joining.host_sought,
        SignedIn: attending.signed_in,
        Invited: joining.invited,
        Revoked: joining.revoked,
        Approved: joining.approved,
        Declined: joining.declined,
        PasswordSet: joining.password_set,
        LookedOver: joining.looked_over,
        DeviceRemoved: leaving.device_removed,
        PersonRemoved: leaving.person_removed,
        SignedOut: attending.signed_out,
        LinkLost: attending.link_lost,
        PresenceSet: attending.presence_set,
        PrivacySet: attending.privacy_set,
        Submitted: sending.submitted,
        Edited: amending.edited,
        SentNow: amending.sent_now,
        Paused: amending.paused,
        Resumed: amending.resumed,
        Withdrawn: amending.withdrawn,
        Asked: telling.asked,
        RecipientGone: telling.recipient_gone,
        Reply: telling.replied,
        Consider: releasing.considered,
        Reconsider: releasing.reconsidered,
        Tell: releasing.told_of,
        Acknowledged: settling.acknowledged,
        MarkedRead: settling.marked_read,
        Noted: telling.noted,
        TimePassed: settling.time_passed,
        GracesOver: attending.graces_over,
        ReadingsOver: attending.readings_over,
        LeasesOver: settling.leases_over,
        WakesOver: settling.wakes_over,
        ValidityOver: settling.validity_over,
        SecondLife: settling.second_life,
        SilenceOver: settling.silence_over,
        SilentEndsOver: telling.silent_ends_over,
    }
)
"""fact → who decides about it."""
