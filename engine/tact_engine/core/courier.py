"""The courier: the pure decider. Facts in, a decision out; no socket, file, clock or chance.

Whoever calls it reads facts one at a time inside one transaction, does the writes of each decision, then decides the
facts it leads to, and speaks the effects only once everything is durable:

    decide(fact, view, now) -> Decision(writes, effects, then)

The same facts over the same view at the same times give the same decisions, so a run can be replayed, simulated, and
moved to another store. The handlers stand by subject: `attending` (presence and sessions), `sending` (the sender's
side), `releasing` (the recipient's side).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tact_engine.core import attending, releasing, sending
from tact_engine.core.facts import (
    Acknowledged,
    Consider,
    Edited,
    Fact,
    GracesOver,
    LinkLost,
    MarkedRead,
    Moment,
    Noted,
    PresenceSet,
    Reconsider,
    Reply,
    SentNow,
    SignedIn,
    SignedOut,
    SilenceOver,
    Started,
    Submitted,
    TimePassed,
    ValidityOver,
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
        SignedIn: attending.signed_in,
        SignedOut: attending.signed_out,
        LinkLost: attending.link_lost,
        PresenceSet: attending.presence_set,
        Submitted: sending.submitted,
        Edited: sending.edited,
        SentNow: sending.sent_now,
        Withdrawn: sending.withdrawn,
        Reply: sending.replied,
        Consider: releasing.considered,
        Reconsider: releasing.reconsidered,
        Acknowledged: releasing.acknowledged,
        MarkedRead: releasing.marked_read,
        Noted: releasing.noted,
        TimePassed: releasing.time_passed,
        GracesOver: attending.graces_over,
        ValidityOver: releasing.validity_over,
        SilenceOver: releasing.silence_over,
    }
)
"""fact → who decides about it."""
