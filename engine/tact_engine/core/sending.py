"""The sender's side of the courier: hand over, change, send now, take back."""

from collections.abc import Callable

from tact_engine.core.conditions import WHEN_ONLINE, check
from tact_engine.core.effects import Answer, Refuse
from tact_engine.core.envelope import (
    BODY_BYTES_MAX,
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
    """A held message gets a new text, condition or validity and is looked at again at once."""

    def amend(held: tuple[Envelope, ...]) -> Amend:
        change = fact.amendment
        if held[0].revision != fact.revision:
            raise refusal("revision_mismatch", revision=held[0].revision)
        if change.body is not None:
            _check_body(change.body)
        if change.when is not None:
            check(change.when)
        if change.valid_for is not None:
            _check_validity(change.valid_for)
        expires_at = held[0].expires_at if change.valid_for is None else now.utc_ms + change.valid_for * 1000
        return Amend(held, change.when or held[0].condition, expires_at, change.body)

    return _amended(fact, view, amend)


def sent_now(fact: SentNow, view: View, now: Moment) -> Decision:
    """A held message loses its condition, so it goes as soon as its recipient is online."""
    del now
    return _amended(fact, view, lambda held: Amend(held, WHEN_ONLINE, held[0].expires_at))


def withdrawn(fact: Withdrawn, view: View, now: Moment) -> Decision:
    """A held message is taken back from every recipient who has not been handed it."""
    try:
        envelopes = _own(fact.session, fact.id, view)
        able = [envelope for envelope in envelopes if next_state(envelope.state, Move.WITHDRAW)]
        if not able:
            raise _too_late(envelopes)
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
                size=len(submission.body),
            )
        )
        for handle in submission.to
    )
    return Decision((write,), (Answer(fact.session, fact.request, receipts),))


def _amended(fact: Edited | SentNow, view: View, amend: Callable[[tuple[Envelope, ...]], Amend]) -> Decision:
    """The decision to make the amendment that `amend` builds of the message's held envelopes, or to refuse it."""
    try:
        envelopes = _own(fact.session, fact.id, view)
        held = tuple(envelope for envelope in envelopes if next_state(envelope.state, Move.AMEND))
        if not held:
            raise _too_late(envelopes)
        write = amend(held)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    again = tuple(Consider(fact.id, envelope.recipient, fresh=False) for envelope in held)
    return Decision((write,), then=(*again, Reply(fact.session, fact.request, fact.id)))


def _own(session: int, id: str, view: View) -> tuple[Envelope, ...]:
    """The envelopes of message `id` of the session's person; Refused where there are none."""
    envelopes = view.envelopes(id)
    if not envelopes or envelopes[0].sender != view.handle_of(session):
        raise refusal("unknown_message")
    return envelopes


def _too_late(envelopes: tuple[Envelope, ...]) -> Refused:
    state = envelopes[0].state
    return refusal("already_ended" if state in ENDED else "already_released", state=state.value)


def _check_retry(submission: Submission, sender: str, view: View) -> None:
    """Refused unless `submission` is the one that first came under its id."""
    first = view.envelopes(submission.id)[0]
    content = view.content(first.number)
    if first.sender != sender or (
        content is not None and first.revision == 1 and content.body != submission.body
    ):
        raise refusal("id_taken")


def _check_submission(submission: Submission, sender: str, view: View) -> None:
    if not 0 < len(submission.id) <= ID_LENGTH_MAX:
        raise refusal("bad_id")
    _check_body(submission.body)
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
