"""The sending side of the courier: a message is handed over, and goes at once where it may."""

from tact_engine.core.checks import check_body, check_condition, check_offered, check_validity
from tact_engine.core.effects import Answer, Refuse
from tact_engine.core.envelope import (
    CONTENT_TYPE_LENGTH_MAX,
    ID_LENGTH_MAX,
    RECIPIENTS_MAX,
    Otherwise,
    Submission,
    envelopes_of,
    receipt_of,
)
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import Consider, Moment, Reply, Submitted
from tact_engine.core.looking import may_know
from tact_engine.core.patience import is_patient
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import AddMessage


def submitted(fact: Submitted, view: View, now: Moment) -> Decision:
    """A message is accepted and held, and goes at once where its condition is true; a retry is answered again."""
    sender = view.handle_of(fact.session)
    if sender is None:
        return Decision()
    reply = Reply(fact.session, fact.request, fact.submission.id)
    try:
        if view.envelopes(fact.submission.id):
            _check_retry(fact.submission, sender, view)
            return Decision(then=(reply,))
        _check_submission(fact.submission, sender, view, now)
        behind = _behind(fact.submission, sender, view)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    submission, patient = fact.submission, is_patient(fact.submission.when)
    expires_at = now.utc_ms + submission.valid_for * 1000
    envelopes = envelopes_of(submission, view.next_number(), sender, now.utc_ms, expires_at, behind)
    write = AddMessage(submission, envelopes)
    looked_at = [handle for handle in submission.to if patient or view.sessions(handle)]
    if not looked_at:
        return Decision((write,), (Answer(fact.session, fact.request, tuple(map(receipt_of, envelopes))),))
    consider = tuple(Consider(submission.id, handle, fresh=True) for handle in looked_at)
    return Decision((write,), then=(*consider, reply))


def _behind(submission: Submission, sender: str, view: View) -> int | None:
    """The number of the message that `submission` is to wait behind; None where it keeps no order or none is ahead."""
    if not submission.keep_order:
        return None
    number, count = view.tail(sender, submission.to, view.limits.chained_max)
    if count >= view.limits.chained_max:
        raise refusal("chain_too_long", count=count)
    return number


def _check_retry(submission: Submission, sender: str, view: View) -> None:
    """Refused unless `submission` is the one that first came under its id, as far as that is still known.

    The text is gone once it arrived, so it is not compared where its sender is not to know whether it did.
    """
    envelopes = view.envelopes(submission.id)
    first = envelopes[0]
    content = view.contents((first.number,)).get(first.number)
    same = first.sender == sender and tuple(each.recipient for each in envelopes) == submission.to
    if first.latest == 1:
        life = (first.condition, first.valid_for, first.otherwise, first.alert)
        asked = (submission.when, submission.valid_for, submission.otherwise, submission.alert)
        same = same and life == asked
        if content is not None and all(may_know(each, view) for each in envelopes):
            given = (submission.body, submission.content_type, submission.enc)
            same = same and (content.body, content.content_type, content.enc) == given
    if not same:
        raise refusal("id_taken")


def _check_submission(submission: Submission, sender: str, view: View, now: Moment) -> None:
    if not 0 < len(submission.id) <= ID_LENGTH_MAX:
        raise refusal("bad_id")
    check_body(submission.body, alert=submission.alert)
    if submission.alert and (submission.keep_order or submission.otherwise is Otherwise.DELIVER):
        raise refusal("alert_without_text")
    if (
        len(submission.content_type) > CONTENT_TYPE_LENGTH_MAX
        or len(submission.enc) > CONTENT_TYPE_LENGTH_MAX
    ):
        raise refusal("content_type_too_long", most=CONTENT_TYPE_LENGTH_MAX)
    check_validity(submission.valid_for)
    _check_recipients(submission.to, sender, view)
    expires_at = now.utc_ms + submission.valid_for * 1000
    check_condition(submission.when, now.utc_ms, expires_at)
    check_offered(submission.when, submission.alert, submission.to, sender, view)
    _check_quota(submission.to, sender, view)
    if view.disk_is_low():
        raise refusal("disk_low")


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
