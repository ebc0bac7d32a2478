"""The joining side of the courier: who is let in, invitations, requests, passwords. The table stands in `members`."""

from msgspec.structs import replace

from tact_engine.core.addresses import network_of
from tact_engine.core.effects import Answer, Effect, Issued, Refuse, Reject, TellRequests
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import (
    Approved,
    Declined,
    HostSought,
    Invited,
    LookedOver,
    Moment,
    PasswordSet,
    Revoked,
    SignedIn,
)
from tact_engine.core.members import (
    FOR_EVER_MS,
    HANDLE,
    INVITATION_DAYS,
    LINK_DEVICE_MINUTES,
    REQUEST_HOURS,
    Account,
    JoinRequest,
    Member,
    OpenInvitation,
    Overview,
    Purpose,
    Role,
    hash_of,
    id_of,
)
from tact_engine.core.names import check_free, stored
from tact_engine.core.presence import ALIAS
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import (
    AddAccount,
    AddDevice,
    AddInvitation,
    DropInvitation,
    DropRequest,
    PutPassword,
    PutRequest,
    PutRole,
    SeeDevice,
    Write,
)

DAY_MS = 24 * 3600 * 1000


def asks_to_join(fact: SignedIn, view: View) -> bool:
    """Whether a sign-in brings nothing that lets it in, so that it is a request to a host."""
    ticket = fact.ticket
    return not ticket.open and not ticket.token and not ticket.vouched and view.account(fact.handle) is None


def asked_to_join(fact: SignedIn, view: View, now: Moment) -> Decision:
    """A stranger asks to be let in: the hosts are told, and the stranger may come again to see whether they did.

    Asking again under the same handle and device renews the request. Once declined it stays so for its time.
    """
    try:
        name = _name_of(fact)
    except Refused as refused:
        return Decision(effects=(Reject(fact.session, refused),))
    mine = (fact.handle, id_of(fact.device))
    earlier = next((each for each in view.requests(now) if (each.handle, each.device) == mine), None)
    if earlier is None and _is_crowded(fact.ticket.address, view, now):
        return Decision(effects=(Reject(fact.session, refusal("too_many_requests")),))
    if view.is_declined(fact.handle, fact.device, now):
        return Decision(effects=(Reject(fact.session, refusal("declined")),))
    # What was said first stays: whoever could change it would have the hosts look up without end.
    request = earlier or JoinRequest(
        fact.handle, id_of(fact.device), now.utc_ms, name, fact.ticket.computer, fact.ticket.address
    )
    until = now.ticks_ms + REQUEST_HOURS * 3600 * 1000
    others = tuple(each for each in view.requests(now) if each != earlier)
    tell: tuple[Effect, ...] = ()
    if earlier is None:
        tell = (TellRequests(view.hosts(), (*others, request)),)
    write = PutRequest(request, fact.device, now.ticks_ms, until)
    return Decision((write,), (*tell, Reject(fact.session, refusal("asked_to_join"))))


def _is_crowded(address: str, view: View, now: Moment) -> bool:
    """Whether too many ask already, in all or from one address: one guest must not keep all others from asking."""
    asking, limits = view.requests(now), view.limits
    here = sum(network_of(each.address) == network_of(address) for each in asking)
    return len(asking) >= limits.join_requests_max or here >= limits.join_requests_per_address_max


def admitted(fact: SignedIn, view: View, now: Moment) -> tuple[Write, ...]:
    """What lets a device speak for its handle, as writes; Refused where nothing does."""
    if not HANDLE.fullmatch(fact.handle):
        raise refusal("bad_handle", handle=fact.handle[:40])
    account, ticket = view.account(fact.handle), fact.ticket
    invitation = view.invitation(ticket.token, now.utc_ms) if ticket.token else None
    used = (DropInvitation(ticket.token),) if invitation else ()
    if account and account.removed_at is None and fact.device in view.devices(fact.handle):
        seen = SeeDevice(fact.handle, fact.device, now.utc_ms)
        if invitation and invitation.purpose is Purpose.HOST:
            return (*used, PutRole(fact.handle, Role.HOST), seen)
        return (seen,)
    if ticket.token and invitation is None:
        raise refusal("invitation_over")
    if account is None:
        return (*used, _account(fact, invitation, now), *_requests_over(fact.handle, view, now))
    return (*used, *_further_device(fact, account, invitation, view, now))


def _account(fact: SignedIn, invitation: OpenInvitation | None, now: Moment) -> AddAccount:
    """The account of somebody new; Refused where neither an invitation nor an open engine lets them in."""
    if not fact.ticket.open and (invitation is None or invitation.purpose is Purpose.DEVICE):
        raise refusal("invitation_over")
    role = Role.HOST if invitation and invitation.purpose is Purpose.HOST else Role.MEMBER
    by = invitation.made_by if invitation else ""
    return AddAccount(Account(fact.handle, role, now.utc_ms, by), fact.device, fact.ticket.computer)


def _further_device(
    fact: SignedIn, account: Account, invitation: OpenInvitation | None, view: View, now: Moment
) -> tuple[Write, ...]:
    """A new device of somebody known; Refused unless one of theirs, a host or their password lets it in."""
    invited = invitation is not None and invitation.handle == fact.handle
    if not invited and account.removed_at is not None:
        raise refusal("removed", handle=fact.handle)
    if not invited and not fact.ticket.vouched:
        raise refusal("handle_taken", handle=fact.handle)
    count = len(view.devices(fact.handle))
    if count >= view.limits.devices_max:
        raise refusal("too_many_devices", handle=fact.handle, count=count)
    return (AddDevice(fact.handle, fact.device, fact.ticket.computer, now.utc_ms),)


def _requests_over(handle: str, view: View, now: Moment) -> tuple[DropRequest, ...]:
    """A handle that is taken is asked for no more."""
    return tuple(DropRequest(handle, each.device) for each in view.requests(now) if each.handle == handle)


def host_sought(fact: HostSought, view: View, now: Moment) -> Decision:
    """An engine without a host makes the one invitation that makes one; earlier ones of that kind are over."""
    old = tuple(
        DropInvitation(token) for token, each in view.invitations(now.utc_ms) if each.purpose is Purpose.HOST
    )
    if not fact.token or (view.hosts() and not fact.anew):
        return Decision(old)
    key = hash_of(fact.token)
    invitation = OpenInvitation(id_of(key), Purpose.HOST, "", now.utc_ms, FOR_EVER_MS)
    return Decision((*old, AddInvitation(key, invitation)))


def invited(fact: Invited, view: View, now: Moment) -> Decision:
    """A member lets somebody in, or a further device of their own; a host also a device of anybody else.

    With a device of a removed person, that person is back.
    """
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    try:
        whose = _whose_device(fact, handle, view)
        count = sum(each.made_by == handle for _, each in view.invitations(now.utc_ms))
        if not is_host(handle, view):  # used ones count for a week too, or accounts could grow without an end
            count += view.newcomers_of(handle, now.utc_ms - INVITATION_DAYS * DAY_MS)
        if count >= view.limits.invitations_max:
            raise refusal("too_many_invitations", count=count)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    purpose = Purpose.DEVICE if whose else Purpose.MEMBER
    lasts_ms = LINK_DEVICE_MINUTES * 60_000 if whose else INVITATION_DAYS * DAY_MS
    key = hash_of(fact.token)
    invitation = OpenInvitation(id_of(key), purpose, handle, now.utc_ms, now.utc_ms + lasts_ms, whose)
    issued = Issued(fact.token, invitation.expires_at, whose)
    return Decision(
        (AddInvitation(key, invitation),), (Answer(fact.session, fact.request, invitation=issued),)
    )


def _whose_device(fact: Invited, handle: str, view: View) -> str:
    """Whose device an invitation is to add; "" for one that lets somebody new in."""
    if fact.purpose is Purpose.HOST:
        raise refusal("not_host")
    if fact.purpose is Purpose.MEMBER:
        return ""
    whose = fact.handle or handle
    if view.account(whose) is None:
        raise refusal("unknown_person", handle=whose)
    if whose != handle and not is_host(handle, view):
        raise refusal("not_host")
    return whose


def revoked(fact: Revoked, view: View, now: Moment) -> Decision:
    """An invitation that was not used lets nobody in any more."""
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    found = [
        token
        for token, each in view.invitations(now.utc_ms)
        if each.id == fact.id and (each.made_by == handle or is_host(handle, view))
    ]
    if not found:
        return _refused(fact.session, fact.request, refusal("unknown_invitation"))
    return Decision((DropInvitation(found[0]),), (Answer(fact.session, fact.request),))


def approved(fact: Approved, view: View, now: Moment) -> Decision:
    """A host lets somebody in who asked; their next sign-in succeeds."""
    return _settled(fact, view, now, approve=True)


def declined(fact: Declined, view: View, now: Moment) -> Decision:
    """A host does not let somebody in who asked; asking again is of no use for a day."""
    return _settled(fact, view, now, approve=False)


def _settled(fact: Approved | Declined, view: View, now: Moment, *, approve: bool) -> Decision:
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    if not is_host(handle, view):
        return _refused(fact.session, fact.request, refusal("not_host"))
    asked = next((each for each in view.requests(now) if _is_meant(each, fact)), None)
    if approve and asked is None and fact.device in map(id_of, view.devices(fact.handle)):
        return Decision(effects=(Answer(fact.session, fact.request),))  # asked again, or by another host
    if asked is None:
        return _refused(fact.session, fact.request, refusal("unknown_request"))
    if approve:
        try:
            _check_free(asked, view)
        except Refused as refused:
            return _refused(fact.session, fact.request, refused)
    left = tuple(each for each in view.requests(now) if each != asked)
    writes: list[Write] = [DropRequest(asked.handle, asked.device, declined=not approve)]
    if approve:
        device = view.fingerprint_of(asked)
        writes.append(
            AddAccount(Account(asked.handle, Role.MEMBER, now.utc_ms, handle), device, asked.computer)
        )
        left = tuple(each for each in left if each.handle != asked.handle)
        others = _requests_over(asked.handle, view, now)
        writes += [each for each in others if each.device != asked.device]
    effects = (Answer(fact.session, fact.request), TellRequests(view.hosts(), left))
    return Decision(tuple(writes), effects)


def _check_free(asked: JoinRequest, view: View) -> None:
    """Refused where handle or name of who asks could be taken for somebody else: their sign-in would be."""
    taken = {each.handle: str(each.value(ALIAS)) for each in view.people()}
    for name in filter(None, (asked.handle, asked.name)):
        check_free(name, taken)


def password_set(fact: PasswordSet, view: View, now: Moment) -> Decision:
    """A person has another password, or none (""); it only ever adds a device."""
    del now
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    return Decision((PutPassword(handle, fact.kept),), (Answer(fact.session, fact.request),))


def looked_over(fact: LookedOver, view: View, now: Moment) -> Decision:
    """Who belongs to the engine, as far as whoever asks may look."""
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    host = is_host(handle, view)
    members = tuple(each for each in view.members() if host or each.handle == handle)
    open_ones = tuple(each for _, each in view.invitations(now.utc_ms) if each.purpose is not Purpose.HOST)
    invitations = tuple(each for each in open_ones if host or each.made_by == handle)
    overview = Overview(_shown(members, host=host), invitations, view.requests(now) if host else ())
    if host:
        overview = replace(overview, health=view.health())
    return Decision(effects=(Answer(fact.session, fact.request, overview=overview),))


def is_host(handle: str, view: View) -> bool:
    """Whether `handle` may look after the others."""
    return handle in view.hosts()


def _shown(members: tuple[Member, ...], *, host: bool) -> tuple[Member, ...]:
    """Who was removed is for hosts alone."""
    return tuple(each for each in members if host or each.removed_at is None)


def _is_meant(request: JoinRequest, fact: Approved | Declined) -> bool:
    return (request.handle, request.device) == (fact.handle, fact.device)


def _name_of(fact: SignedIn) -> str:
    """What a stranger calls themselves, as it is shown to a host; Refused where it cannot be a name."""
    if not HANDLE.fullmatch(fact.handle):
        raise refusal("bad_handle", handle=fact.handle[:40])
    name = fact.presence.get(ALIAS)
    if not isinstance(name, str) or not name:
        return ""
    return stored(name)


def _refused(session: int, request: int, refused: Refused) -> Decision:
    return Decision(effects=(Refuse(session, request, refused),))
