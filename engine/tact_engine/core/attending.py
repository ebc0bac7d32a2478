"""The presence side of the courier: who comes, who goes, and what they let others know."""

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from tact_engine.core.effects import Announce, Answer, Effect, Refuse, Reject, Welcome
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import (
    GracesOver,
    LinkLost,
    Moment,
    PresenceSet,
    Reconsider,
    SignedIn,
    SignedOut,
    Started,
)
from tact_engine.core.presence import ONLINE_STATUS, Presence, SetBy, Value, nobody, updated
from tact_engine.core.releasing import held_again, more_news
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import AddAccount, CloseSession, OpenSession, PutPresence, SetGrace, Write

HANDLE = re.compile(r"[a-z0-9._-]{2,32}")


def started(fact: Started, view: View, now: Moment) -> Decision:
    """After a restart everybody is offline until they sign in, and what was on its way waits again."""
    del fact
    gone = tuple(PutPresence(_offline(person, now)) for person in view.people() if person.online)
    lost = held_again(view.released(None), view, now)
    return Decision((*gone, *lost.writes), lost.effects)


def signed_in(fact: SignedIn, view: View, now: Moment) -> Decision:
    """A device speaks for its person from now on. Signing in is one version; what waited for it goes right after."""
    before = view.person(fact.handle)
    try:
        _check_device(fact, known=before is not None, view=view)
        presence = _online(before or nobody(fact.handle), fact.presence, now)
    except Refused as refused:
        return Decision(effects=(Reject(fact.session, refused),))
    writes: list[Write] = []
    if before is None:
        writes.append(AddAccount(fact.handle, fact.device, now.utc_ms))
    writes += [OpenSession(fact.session, fact.handle), SetGrace(fact.handle, None)]
    others = tuple(person for person in view.people() if person.handle != fact.handle)
    effects: list[Effect] = [Welcome(fact.session, fact.handle, (presence, *others))]
    if presence is not before:
        writes.append(PutPresence(presence))
        effects.append(Announce(presence))
    news = more_news(fact.handle, 0, view)
    return Decision((*writes, *news.writes), (*effects, *news.effects), (Reconsider(fact.handle),))


def signed_out(fact: SignedOut, view: View, now: Moment) -> Decision:
    """A clean sign-out of the last session is offline at once."""
    return _left(fact.session, view, now, lambda handle: _gone(handle, view, now))


def link_lost(fact: LinkLost, view: View, now: Moment) -> Decision:
    """A lost last link shows nothing yet: the grace begins, and what was on its way waits again."""
    until = now.ticks_ms + view.limits.grace_ms
    return _left(fact.session, view, now, lambda handle: Decision((SetGrace(handle, until),)))


def graces_over(fact: GracesOver, view: View, now: Moment) -> Decision:
    """Whoever lost their link and did not come back within the grace is offline."""
    del fact
    gone = [_gone(handle, view, now) for handle in view.graces_over(now.ticks_ms)]
    writes = tuple(write for decision in gone for write in decision.writes)
    return Decision(writes, tuple(effect for decision in gone for effect in decision.effects))


def presence_set(fact: PresenceSet, view: View, now: Moment) -> Decision:
    """A person's update is one version; what it makes deliverable goes in the same transaction."""
    before = view.person(view.handle_of(fact.session) or "")
    if before is None:
        return Decision()
    try:
        presence = updated(before, fact.changes, now.utc_ms)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    answer = Answer(fact.session, fact.request)
    if presence is before:
        return Decision(effects=(answer,))
    return Decision((PutPresence(presence),), (answer, Announce(presence)), (Reconsider(presence.handle),))


def _check_device(fact: SignedIn, known: bool, view: View) -> None:
    """Refused unless the handle is free, or bound to the device that asks for it."""
    if not HANDLE.fullmatch(fact.handle):
        raise refusal("bad_handle", handle=fact.handle[:40])
    if known and fact.device not in view.devices(fact.handle):
        raise refusal("handle_taken", handle=fact.handle)


def _online(before: Presence, changes: Mapping[str, Value], now: Moment) -> Presence:
    """The document after signing in with `changes`: one version, or the same document where it says it all already."""
    after = updated(updated(before, {ONLINE_STATUS: True}, now.utc_ms, SetBy.ENGINE), changes, now.utc_ms)
    return before if after is before else replace(after, version=before.version + 1)


def _offline(before: Presence, now: Moment) -> Presence:
    return updated(before, {ONLINE_STATUS: False}, now.utc_ms, SetBy.ENGINE)


def _left(session: int, view: View, now: Moment, last: Callable[[str], Decision]) -> Decision:
    """A session is over; with the last one of its person what was on its way waits again, and `last` says the rest."""
    handle = view.handle_of(session)
    if handle is None:
        return Decision()
    close = CloseSession(session)
    if view.sessions(handle) > 1:
        return Decision((close,))
    lost, rest = held_again(view.released(handle), view, now), last(handle)
    return Decision((close, *lost.writes, *rest.writes), (*rest.effects, *lost.effects))


def _gone(handle: str, view: View, now: Moment) -> Decision:
    """`handle` shows offline; the since-time of the reading is when they were last here."""
    before = view.person(handle)
    assert before is not None, "only people have sessions and graces"
    presence = _offline(before, now)
    return Decision((SetGrace(handle, None), PutPresence(presence)), (Announce(presence),))
