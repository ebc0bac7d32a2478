"""The amending side of the courier: what waits is changed, sent now, taken back, or kept while it is edited."""

from collections.abc import Callable

from tact_engine.core.checks import check_body, check_condition, check_offered, check_validity
from tact_engine.core.conditions import WHEN_ONLINE
from tact_engine.core.effects import Refuse
from tact_engine.core.envelope import (
    ENDED,
    Envelope,
    Move,
    Otherwise,
    State,
    next_state,
)
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import Consider, Edited, Moment, Paused, Reply, Resumed, SentNow, Withdrawn
from tact_engine.core.patience import accepted
from tact_engine.core.settling import freed
from tact_engine.core.telling import receipt_to_sender
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import Amend, End, SetLease, SetPatience


def edited(fact: Edited, view: View, now: Moment) -> Decision:
    """A held message gets a new text, condition or validity and is looked at again; a retry is answered again."""
    if _is_made(fact, view):
        return Decision(then=(Reply(fact.session, fact.request, fact.id),))

    return _amended(fact, view, now, lambda alive: _edit(fact, alive, view, now), anew=_is_other(fact, view))


def sent_now(fact: SentNow, view: View, now: Moment) -> Decision:
    """A held message loses its condition, so it goes as soon as its recipient is online; a retry is answered again."""
    envelopes = view.envelopes(fact.id)
    own = bool(envelopes) and envelopes[0].sender == view.handle_of(fact.session)
    if own and envelopes[0].latest > 1 and all(_went(envelope) for envelope in envelopes):
        return Decision(then=(Reply(fact.session, fact.request, fact.id),))
    return _amended(fact, view, now, _freed)


def paused(fact: Paused, view: View, now: Moment) -> Decision:
    """A message in an editor is held back, for ten minutes from the last time this was said; its validity runs on."""
    until = now.ticks_ms + view.limits.lease_ms
    return _leased(fact, until, view, now)


def resumed(fact: Resumed, view: View, now: Moment) -> Decision:
    """A message that has left the editor unchanged may go again."""
    return _leased(fact, None, view, now)


def withdrawn(fact: Withdrawn, view: View, now: Moment) -> Decision:
    """A held message is taken back from every recipient who has not been handed it."""
    try:
        envelopes = _own(fact.session, fact.id, view)
        able = [
            envelope
            for envelope in envelopes
            if next_state(envelope.state, Move.WITHDRAW) and not _is_over(envelope, now)
        ]
        if not able:
            raise _too_late(envelopes, now)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    writes = tuple(
        End(envelope, State.WITHDRAWN, now.utc_ms) for envelope in able if envelope.state is State.HELD
    )
    lease = SetLease(envelopes[0].number, None)
    then = (*freed(able, view), Reply(fact.session, fact.request, fact.id))
    return Decision((*writes, lease), then=then)


def _amended(
    fact: Edited | SentNow,
    view: View,
    now: Moment,
    amend: Callable[[tuple[Envelope, ...]], Amend],
    *,
    anew: bool = True,
) -> Decision:
    """The decision to amend a message that still waits for somebody, or to refuse it.

    Condition, end and text belong to the message: a copy that is on its way falls under them if it is held again.
    """
    try:
        held = _still_held(fact.session, fact.id, view, now)
        write = amend(tuple(each for each in view.envelopes(fact.id) if each.state not in ENDED))
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    again = tuple(Consider(fact.id, each.recipient, fresh=False, anew=anew) for each in held)
    lease = SetLease(held[0].number, None)
    away = (each for each in write.envelopes if anew and each.state is State.RELEASED)
    memories = (SetPatience(each.recipient, each.number, accepted(write.condition)) for each in away)
    then = (*again, Reply(fact.session, fact.request, fact.id))
    return Decision((write, lease, *memories), then=then)


def _edit(fact: Edited, alive: tuple[Envelope, ...], view: View, now: Moment) -> Amend:
    """The change that an edit asks for; Refused where it cannot be made."""
    change, first = fact.amendment, alive[0]
    if first.revision != fact.revision:
        raise refusal("revision_mismatch", revision=first.revision)
    alert = first.alert if change.alert is None else change.alert
    if alert and any(each.state is State.RELEASED for each in alive):
        raise refusal("already_released", state=State.RELEASED.value)
    otherwise = change.otherwise or first.otherwise
    if alert and otherwise is Otherwise.DELIVER:
        raise refusal("alert_without_text")
    body = b"" if alert and not first.alert and change.body is None else change.body
    if body is not None or alert != first.alert:
        check_body(body or b"", alert=alert)
    if change.body and view.disk_is_low():
        raise refusal("disk_low")
    valid_for = first.valid_for if change.valid_for is None else change.valid_for
    check_validity(valid_for)
    expires_at = first.expires_at if change.valid_for is None else now.utc_ms + valid_for * 1000
    condition = first.condition if change.when is None else change.when
    if change.when is not None or change.valid_for is not None:
        check_condition(condition, now.utc_ms, expires_at)
    if change.when is not None or alert != first.alert:
        # Of whom it has reached without its sender knowing, it is not told that they are asked no more.
        known = ((each.recipient, receipt_to_sender(each, view).state) for each in view.envelopes(fact.id))
        waiting = tuple(recipient for recipient, state in known if state not in ENDED)
        check_offered(condition, alert, waiting, first.sender, view)
    second = first.second and condition == first.condition
    return Amend(
        alive, condition, expires_at, valid_for, otherwise, body, second, alert, free=alert, edit=True
    )


def _freed(alive: tuple[Envelope, ...]) -> Amend:
    """The change that lets a message go as soon as its recipient is online, whatever it waits behind."""
    first = alive[0]
    if first.alert:
        raise refusal("alert_without_text")
    return Amend(
        alive, WHEN_ONLINE, first.expires_at, first.valid_for, first.otherwise, second=first.second, free=True
    )


def _leased(fact: Paused | Resumed, until: int | None, view: View, now: Moment) -> Decision:
    try:
        held = _still_held(fact.session, fact.id, view, now)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    reply = Reply(fact.session, fact.request, fact.id)
    again = tuple(Consider(fact.id, each.recipient, fresh=False) for each in held) if until is None else ()
    return Decision((SetLease(held[0].number, until),), then=(*again, reply))


def _still_held(session: int, id: str, view: View, now: Moment) -> tuple[Envelope, ...]:
    """The envelopes of the session's own message `id` that can still be changed; Refused where there are none."""
    envelopes = _own(session, id, view)
    held = tuple(envelope for envelope in envelopes if _waits(envelope, now))
    if not held:
        raise _too_late(envelopes, now)
    return held


def _went(envelope: Envelope) -> bool:
    """Whether an envelope has gone without a condition of its own, as `send now` wants it."""
    return envelope.condition == WHEN_ONLINE and envelope.state in (
        State.RELEASED,
        State.DELIVERED,
        State.READ,
    )


def _waits(envelope: Envelope, now: Moment) -> bool:
    """Whether an envelope can still be changed: held, and its validity has not ended, swept or not."""
    return next_state(envelope.state, Move.AMEND) is not None and not _is_over(envelope, now)


def _is_over(envelope: Envelope, now: Moment) -> bool:
    """Whether a held envelope's validity has ended; at the very instant expiry wins."""
    return envelope.state is State.HELD and now.utc_ms >= envelope.expires_at


def _is_other(fact: Edited, view: View) -> bool:
    """Whether an edit brings another condition, of which nothing is remembered; the same one goes on."""
    wanted = fact.amendment.when
    return wanted is not None and all(each.condition != wanted for each in view.envelopes(fact.id))


def _is_made(fact: Edited, view: View) -> bool:
    """Whether the edit was made already and its answer got lost: one revision on, and the message says what it asks."""
    envelopes, change = view.envelopes(fact.id), fact.amendment
    if not envelopes or envelopes[0].sender != view.handle_of(fact.session):
        return False
    first = envelopes[0]
    content = view.contents((first.number,)).get(first.number)
    return (
        first.edited
        and first.latest == fact.revision + 1
        and change.when in (None, first.condition)
        and change.valid_for in (None, first.valid_for)
        and change.otherwise in (None, first.otherwise)
        and change.alert in (None, first.alert)
        and (content is None or change.body in (None, content.body))
    )


def _own(session: int, id: str, view: View) -> tuple[Envelope, ...]:
    """The envelopes of message `id` of the session's person; Refused where there are none."""
    envelopes = view.envelopes(id)
    if not envelopes or envelopes[0].sender != view.handle_of(session):
        raise refusal("unknown_message")
    return envelopes


def _too_late(envelopes: tuple[Envelope, ...], now: Moment) -> Refused:
    state = State.EXPIRED if _is_over(envelopes[0], now) else envelopes[0].state
    return refusal("already_ended" if state in ENDED else "already_released", state=state.value)
