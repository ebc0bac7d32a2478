"""The leaving side of the courier: devices and people are removed, and what becomes of their messages.

Whoever is removed is cut off in the same transaction. What waits for them can never arrive and has failed; its senders
are told. What they sent themselves goes on waiting for others, or is taken back where whoever removes them wants that;
their alerts would be told to nobody and are taken back in any case.
"""

from msgspec.structs import replace

from tact_engine.core.effects import Answer, Refuse, Reject, TellGone
from tact_engine.core.envelope import Envelope, State
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import DeviceRemoved, Moment, PersonRemoved, RecipientGone, SignedOut
from tact_engine.core.joining import is_host
from tact_engine.core.members import id_of
from tact_engine.core.settling import ended, let_go
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import (
    CloseSession,
    DropInvitation,
    HoldAgain,
    PutPassword,
    RemoveAccount,
    RemoveDevice,
    SetBacklog,
    SetGrace,
    SetNewsBacklog,
    SetWake,
    Write,
)


def device_removed(fact: DeviceRemoved, view: View, now: Moment) -> Decision:
    """A device speaks for its person no more, and its sessions end at once; they may remove it, and a host."""
    try:
        _check_right(fact.session, fact.handle, view)
        device = _device(fact, view)
        if view.hosts() == (fact.handle,) and len(view.devices(fact.handle)) == 1:
            raise refusal("last_host")
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    cut = [each for each in view.sessions_of(fact.handle) if view.device_of(each) == device]
    reason = refusal("removed", handle=fact.handle)
    # Whoever had the device may have made links with it, or a password, that would bring them back.
    return Decision(
        (
            RemoveDevice(fact.handle, device),
            *_links_over(fact.handle, view, now),
            PutPassword(fact.handle, ""),
        ),
        (Answer(fact.session, fact.request), *(Reject(each, reason) for each in cut)),
        tuple(SignedOut(each) for each in cut),
    )


def person_removed(fact: PersonRemoved, view: View, now: Moment) -> Decision:
    """A person belongs to the engine no more; they may leave themselves, and a host may remove others."""
    try:
        _check_right(fact.session, fact.handle, view)
        account = view.account(fact.handle)  # also of somebody who was let in and has not come yet
        if account is None or account.removed_at is not None:
            raise refusal("unknown_person", handle=fact.handle)
        if view.hosts() == (fact.handle,):
            raise refusal("last_host")
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    lost = ended(view.bound_for(fact.handle), State.FAILED, view, now)
    own = [each for each in view.sent_by(fact.handle) if fact.withdraw or each.alert]
    away = tuple(HoldAgain(each, now.utc_ms) for each in own if each.state is State.RELEASED)
    back = ended((_back(each, now) for each in own), State.WITHDRAWN, view, now)
    cut = _cut(fact.handle, view, now)
    return Decision(
        (*cut.writes, *lost.writes, *away, *back.writes, RemoveAccount(fact.handle, now.utc_ms)),
        (Answer(fact.session, fact.request), *cut.effects, *lost.effects, TellGone(fact.handle)),
        (*lost.then, *back.then, *cut.then, RecipientGone(fact.handle)),
    )


def _back(envelope: Envelope, now: Moment) -> Envelope:
    """An envelope as it is once it is held again; a copy that has left may still be acknowledged, and truth wins."""
    if envelope.state is not State.RELEASED:
        return envelope
    return replace(envelope, state=State.HELD, tried=True, since=now.utc_ms)


def _cut(handle: str, view: View, now: Moment) -> Decision:
    """The end of everything that lives of a person."""
    sessions = view.sessions_of(handle)
    reason = refusal("removed", handle=handle)
    writes: list[Write] = [CloseSession(each) for each in sessions]
    writes += [SetGrace(handle, None), SetBacklog(handle, None), SetWake(handle, None, None)]
    writes += _links_over(handle, view, now)
    free = let_go(view.leases_of(handle), view)
    cut = tuple(Reject(each, reason) for each in sessions)
    return Decision((*writes, SetNewsBacklog(handle, False), *free.writes), cut, free.then)


def _links_over(handle: str, view: View, now: Moment) -> tuple[DropInvitation, ...]:
    """No open invitation that somebody made, or that is for a device of theirs, lets anybody in any more."""
    return tuple(
        DropInvitation(token)
        for token, each in view.invitations(now.utc_ms)
        if handle in (each.made_by, each.handle)
    )


def _check_right(session: int, handle: str, view: View) -> None:
    who = view.handle_of(session)
    if who is None or (who != handle and not is_host(who, view)):
        raise refusal("not_host")


def _device(fact: DeviceRemoved, view: View) -> str:
    found = [each for each in view.devices(fact.handle) if id_of(each) == fact.device]
    if not found:
        raise refusal("unknown_device")
    return found[0]
