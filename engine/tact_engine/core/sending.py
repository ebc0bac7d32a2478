"""The sender's side of the courier: hand over, change, send now, take back."""

from collections.abc import Callable

from tact_engine.core.conditions import WHEN_ONLINE, check
from tact_engine.core.effects import Answer, Refuse
from tact_engine.core.envelope import (
    BODY_BYTES_MAX,
    CONTENT_TYPE_LENGTH_MAX,
    ENDED,
    ID_LENGTH_MAX,
    RECIPIENTS_MAX,
    VALIDITY_SECONDS_MAX,
    VALIDITY_SECONDS_MIN,
    Envelope,
    Move,
    State,
    Submission,
    conversation_of,
    next_state,
    receipt_of,
    weight_of,
)
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import Consider, Edited, Moment, Reply, SentNow, Submitted, Withdrawn
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import AddMessage, Amend, End, Write


def submitted(fact: Submitted, view: View, now: Moment) -> Decision:
    """A message is accepted and held, and goes at once where its condition is true; a retry is answered again."""
    sender = view.handle_of(fact.session)
    if sender is None:
        return Decision()
    try:
        if view.envelopes(fact.submission.id):
            _check_retry(fact.submission, sender, view)
            return Decision(then=(Reply(fact.session, fact.request, fact.submission.id),))
        _check_submission(fact.submission, sender, view)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    return _accepted(fact, sender, view, now)


def edited(fact: Edited, view: View, now: Moment) -> Decision:
    """A held message gets a new text, condition or validity and is looked at again; a retry is answered again."""
    if _is_made(fact, view):
        return Decision(then=(Reply(fact.session, fact.request, fact.id),))

    def amend(alive: tuple[Envelope, ...]) -> Amend:
        change, first = fact.amendment, alive[0]
        if first.revision != fact.revision:
            raise refusal("revision_mismatch", revision=first.revision)
        if change.body is not None:
            _check_body(change.body)
        if change.when is not None:
            check(change.when)
        if change.valid_for is not None:
            _check_validity(change.valid_for)
        expires_at = first.expires_at if change.valid_for is None else now.utc_ms + change.valid_for * 1000
        return Amend(alive, change.when or first.condition, expires_at, change.body)

    return _amended(fact, view, now, amend)


def sent_now(fact: SentNow, view: View, now: Moment) -> Decision:
    """A held message loses its condition, so it goes as soon as its recipient is online; a retry is answered again."""
    envelopes = view.envelopes(fact.id)
    own = bool(envelopes) and envelopes[0].sender == view.handle_of(fact.session)
    if own and _revision_of(envelopes) > 1 and all(_went(envelope) for envelope in envelopes):
        return Decision(then=(Reply(fact.session, fact.request, fact.id),))
    return _amended(fact, view, now, lambda alive: Amend(alive, WHEN_ONLINE, alive[0].expires_at))


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
    return Decision(writes, then=(Reply(fact.session, fact.request, fact.id),))


def replied(fact: Reply, view: View, now: Moment) -> Decision:
    """A request is answered with the present state of its message."""
    del now
    receipts = tuple(receipt_of(envelope) for envelope in view.envelopes(fact.id))
    return Decision(effects=(Answer(fact.session, fact.request, receipts),))


def _accepted(fact: Submitted, sender: str, view: View, now: Moment) -> Decision:
    submission = fact.submission
    expires_at = now.utc_ms + submission.valid_for * 1000
    number = view.next_number()
    write: Write = AddMessage(number, sender, submission, now.utc_ms, expires_at)
    present = [handle for handle in submission.to if view.sessions(handle)]
    if present:
        consider = tuple(Consider(submission.id, handle, fresh=True) for handle in present)
        return Decision((write,), then=(*consider, Reply(fact.session, fact.request, submission.id)))
    conversation = conversation_of((sender, *submission.to))
    receipts = tuple(
        receipt_of(
            Envelope(
                number=number,
                id=submission.id,
                sender=sender,
                recipient=handle,
                conversation=conversation,
                condition=submission.when,
                state=State.HELD,
                revision=1,
                accepted_at=now.utc_ms,
                expires_at=expires_at,
                since=now.utc_ms,
                weight=weight_of(submission.body, (sender, *submission.to)),
            )
        )
        for handle in submission.to
    )
    return Decision((write,), (Answer(fact.session, fact.request, receipts),))


def _amended(
    fact: Edited | SentNow, view: View, now: Moment, amend: Callable[[tuple[Envelope, ...]], Amend]
) -> Decision:
    """The decision to amend a message that still waits for somebody, or to refuse it.

    Condition, end and text belong to the message: a copy that is on its way falls under them if it is held again.
    """
    try:
        envelopes = _own(fact.session, fact.id, view)
        held = tuple(envelope for envelope in envelopes if _waits(envelope, now))
        if not held:
            raise _too_late(envelopes, now)
        write = amend(tuple(each for each in envelopes if each.state not in ENDED))
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    again = tuple(Consider(fact.id, envelope.recipient, fresh=False) for envelope in held)
    return Decision((write,), then=(*again, Reply(fact.session, fact.request, fact.id)))


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


def _revision_of(envelopes: tuple[Envelope, ...]) -> int:
    """The revision of a message; an envelope that has ended keeps the one it ended with."""
    return max(envelope.revision for envelope in envelopes)


def _is_made(fact: Edited, view: View) -> bool:
    """Whether the edit was made already and its answer got lost: one revision on, and the message says what it asks."""
    envelopes, change = view.envelopes(fact.id), fact.amendment
    if not envelopes or envelopes[0].sender != view.handle_of(fact.session):
        return False
    first, content = envelopes[0], view.content(envelopes[0].number)
    return (
        _revision_of(envelopes) == fact.revision + 1
        and change.when in (None, first.condition)
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


def _check_retry(submission: Submission, sender: str, view: View) -> None:
    """Refused unless `submission` is the one that first came under its id, as far as that is still known."""
    envelopes = view.envelopes(submission.id)
    first, content = envelopes[0], view.content(envelopes[0].number)
    same = first.sender == sender and tuple(each.recipient for each in envelopes) == submission.to
    if _revision_of(envelopes) == 1:
        valid_for_ms = first.expires_at - first.accepted_at
        same = same and (first.condition, valid_for_ms) == (submission.when, submission.valid_for * 1000)
        if content is not None:
            asked = (submission.body, submission.content_type, submission.enc)
            same = same and (content.body, content.content_type, content.enc) == asked
    if not same:
        raise refusal("id_taken")


def _check_submission(submission: Submission, sender: str, view: View) -> None:
    if not 0 < len(submission.id) <= ID_LENGTH_MAX:
        raise refusal("bad_id")
    _check_body(submission.body)
    if (
        len(submission.content_type) > CONTENT_TYPE_LENGTH_MAX
        or len(submission.enc) > CONTENT_TYPE_LENGTH_MAX
    ):
        raise refusal("content_type_too_long", most=CONTENT_TYPE_LENGTH_MAX)
    _check_validity(submission.valid_for)
    _check_recipients(submission.to, sender, view)
    check(submission.when)
    _check_quota(submission.to, sender, view)


def _check_body(body: bytes) -> None:
    if not body:
        raise refusal("body_empty")
    if len(body) > BODY_BYTES_MAX:
        raise refusal("body_too_large", size=len(body), most=BODY_BYTES_MAX)


def _check_validity(seconds: int) -> None:
    if not VALIDITY_SECONDS_MIN <= seconds <= VALIDITY_SECONDS_MAX:
        raise refusal("validity_out_of_range", seconds=seconds)


def _check_recipients(to: tuple[str, ...], sender: str, view: View) -> None:
    if not 0 < len(to) <= RECIPIENTS_MAX or len(set(to)) != len(to):
        raise refusal("no_recipient", most=RECIPIENTS_MAX)
    if sender in to:
        raise refusal("to_oneself")
    for handle in to:
        if view.person(handle) is None:
            raise refusal("unknown_person", handle=handle)


def _check_quota(to: tuple[str, ...], sender: str, view: View) -> None:
    total = view.held_total(sender)
    if total + len(to) > view.limits.held_per_sender_max:
        raise refusal("too_many_held_in_all", count=total)
    for handle in to:
        count = view.held_count(sender, handle)
        if count + 1 > view.limits.held_per_pair_max:
            raise refusal("too_many_held", count=count, handle=handle)
