"""The presence side of the courier: who comes, who goes, and what they let others know."""

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from tact_engine.core.changes import idle, restored, updated
from tact_engine.core.effects import (
    Announce,
    Answer,
    Effect,
    Refuse,
    Reject,
    TellPrivacy,
    TellRequests,
    Welcome,
)
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import (
    GracesOver,
    LinkLost,
    Moment,
    PresenceSet,
    PrivacySet,
    ReadingsOver,
    Reconsider,
    SignedIn,
    SignedOut,
    Started,
)
from tact_engine.core.joining import admitted, asked_to_join, asks_to_join, is_host
from tact_engine.core.members import Role
from tact_engine.core.names import check_free, stored
from tact_engine.core.presence import (
    ALIAS,
    IDLE,
    ONLINE_STATUS,
    TIME_ZONE,
    Presence,
    SetBy,
    Value,
    checked,
    nobody,
    zone_named,
)
from tact_engine.core.privacy import STRANGER, Privacy, check_privacy, known, same_sight, shown
from tact_engine.core.settling import held_again, let_go
from tact_engine.core.telling import more_news
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import (
    AddAccount,
    CloseSession,
    OpenSession,
    PutPresence,
    PutPrivacy,
    PutRole,
    SetGrace,
    SetIdle,
    Write,
)


def started(fact: Started, view: View, now: Moment) -> Decision:
    """After a restart everybody is offline until they sign in, and what was on its way waits again."""
    del fact
    gone = tuple(PutPresence(_offline(person, now)) for person in view.people() if person.online)
    lost = held_again(view.released(None), view, now)
    return Decision((*gone, *lost.writes), lost.effects)


def signed_in(fact: SignedIn, view: View, now: Moment) -> Decision:
    """A device speaks for its person from now on. Signing in is one version; what waited for it goes right after.

    What is on its way to another of their sessions goes to this one too: that link may be dead without anybody knowing.
    """
    if asks_to_join(fact, view):
        return asked_to_join(fact, view, now)
    before = view.person(fact.handle)
    try:
        let_in = admitted(fact, view, now)
        if view.sessions(fact.handle) >= view.limits.sessions_max:
            raise refusal("too_many_sessions", handle=fact.handle, count=view.sessions(fact.handle))
        named = _named if before is None else _named_if_free
        fact = replace(fact, presence=named(fact.presence, fact.handle, view))
        presence, rest = _online(before or nobody(fact.handle), fact, view, now)
    except Refused as refused:
        return Decision(effects=(Reject(fact.session, refused),))
    writes: list[Write] = [
        *let_in,
        OpenSession(fact.session, fact.handle, fact.device),
        SetGrace(fact.handle, None),
        SetIdle(fact.session, rest),
    ]
    host = is_host(fact.handle, view) or any(_makes_host(write) for write in let_in)
    effects: list[Effect] = [
        Welcome(
            fact.session,
            fact.handle,
            (presence, *_others(fact.handle, view)),
            view.privacy(fact.handle),
            host,
            view.gone(),
        )
    ]
    if host and (requests := view.requests(now)):
        effects.append(TellRequests((fact.handle,), requests))
    if presence is not before:
        writes.append(PutPresence(presence))
        effects.append(_announced(before, presence, view))
    news, away = more_news(fact.handle, 0, view), held_again(view.released(fact.handle), view, now)
    return Decision(
        (*writes, *news.writes, *away.writes),
        (*effects, *news.effects, *away.effects),
        (Reconsider(fact.handle),),
    )


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
    return _joined(_gone(handle, view, now) for handle in view.graces_over(now.ticks_ms))


def readings_over(fact: ReadingsOver, view: View, now: Moment) -> Decision:
    """What was set until a time that has come is again what it was before: a change of presence like any other."""
    del fact
    people = [view.person(handle) for handle in view.readings_over(now.utc_ms)]
    return _joined(
        _changed(person, restored(person, now.utc_ms), view) for person in people if person is not None
    )


def presence_set(fact: PresenceSet, view: View, now: Moment) -> Decision:
    """A person's update is one version; what it makes deliverable goes in the same transaction."""
    before = view.person(view.handle_of(fact.session) or "")
    if before is None:
        return Decision()
    try:
        changes = _named(_without_idle(fact.changes), before.handle, view)
        presence = updated(before, changes, now.utc_ms, until=fact.until)
        rest = _rest(fact.changes, now) if IDLE in fact.changes else view.idle_since(fact.session)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    presence = _one_version(
        before, idle(presence, _rests(before.handle, fact.session, rest, view), now.utc_ms)
    )
    decision = _changed(before, presence, view)
    answer = Answer(fact.session, fact.request)
    return Decision(
        (SetIdle(fact.session, rest), *decision.writes), (answer, *decision.effects), decision.then
    )


def privacy_set(fact: PrivacySet, view: View, now: Moment) -> Decision:
    """A person's new rules count at once: for what others see, and for everything that waits."""
    del now
    before = view.person(view.handle_of(fact.session) or "")
    if before is None:
        return Decision()
    try:
        check_privacy(fact.privacy, before.handle)
    except Refused as refused:
        return Decision(effects=(Refuse(fact.session, fact.request, refused),))
    answer, old = Answer(fact.session, fact.request), view.privacy(before.handle)
    if fact.privacy == old:
        return Decision(effects=(answer,))
    presence = replace(before, version=before.version + 1)
    return Decision(
        (PutPrivacy(before.handle, fact.privacy), PutPresence(presence)),
        (
            answer,
            TellPrivacy(before.handle, fact.privacy),
            _announce(before, old, presence, fact.privacy),
        ),
        (Reconsider(before.handle),),
    )


def _others(viewer: str, view: View) -> Iterable[Presence]:
    """What `viewer` sees of everybody else: nearly always what all see."""
    seen = {**view.common()}
    for handle in view.with_rules():
        person, rules = view.person(handle), view.privacy(handle)
        assert person is not None, "only members have rules"
        if viewer in known(rules):
            seen[handle] = shown(person, rules, viewer)
    seen.pop(viewer, None)
    return seen.values()


def _makes_host(write: Write) -> bool:
    role = write.account.role if isinstance(write, AddAccount) else getattr(write, "role", None)
    return isinstance(write, AddAccount | PutRole) and role is Role.HOST


def _named(changes: Mapping[str, Value | None], handle: str, view: View) -> dict[str, Value | None]:
    """The changes with the display name in its one form; Refused where it is none, or somebody else's.

    What is set already is not looked at again. The handle of somebody new is compared with the others' as well.
    """
    name, before = changes.get(ALIAS), view.person(handle)
    if before is None:
        check_free(handle, _names(handle, view))
    if not isinstance(name, str) or not name or (before and name == before.value(ALIAS)):
        return {**changes}
    name = stored(name)
    check_free(name, _names(handle, view))
    return {**changes, ALIAS: name}


def _named_if_free(changes: Mapping[str, Value | None], handle: str, view: View) -> dict[str, Value | None]:
    """The same without a name that cannot be: nobody is kept out because somebody else took it meanwhile."""
    try:
        return _named(changes, handle, view)
    except Refused:
        return {name: value for name, value in changes.items() if name != ALIAS}


def _names(handle: str, view: View) -> dict[str, str]:
    """What everybody but `handle` is called."""
    return {each.handle: str(each.value(ALIAS)) for each in view.people() if each.handle != handle}


def _online(before: Presence, fact: SignedIn, view: View, now: Moment) -> tuple[Presence, int | None]:
    """The document after signing in, one version on or the same where it says it all already; and the session's rest.

    What the client had set until a time that has passed meanwhile is left out, and so is a time zone of which this
    computer has not heard: nobody is kept out because their computer is newer.
    """
    over = {name for name, end in fact.until.items() if end <= now.utc_ms}
    if zone_named(str(fact.presence.get(TIME_ZONE, ""))) is None:
        over.add(TIME_ZONE)
    changes = {name: value for name, value in _without_idle(fact.presence).items() if name not in over}
    until = {name: end for name, end in fact.until.items() if name not in over}
    here = updated(before, {ONLINE_STATUS: True}, now.utc_ms, SetBy.ENGINE)
    after = updated(here, changes, now.utc_ms, until=until)
    rest = _rest(fact.presence, now) if IDLE in fact.presence else None
    after = idle(after, _rests(before.handle, fact.session, rest, view), now.utc_ms)
    return _one_version(before, after), rest


def _without_idle(changes: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """The changes that are about the person; how long a computer was not touched is about its session."""
    return {name: value for name, value in changes.items() if name != IDLE}


def _rest(changes: Mapping[str, Value | None], now: Moment) -> int | None:
    """Since when the session rests that told this."""
    value = changes[IDLE]
    return None if not value else now.utc_ms - int(checked(IDLE, value)) * 1000


def _rests(handle: str, session: int, rest: int | None, view: View) -> tuple[int | None, ...]:
    """Since when each live session of `handle` rests, `session` being one of them."""
    others = tuple(view.idle_since(each) for each in view.sessions_of(handle) if each != session)
    return (rest, *others)


def _offline(before: Presence, now: Moment) -> Presence:
    gone = updated(before, {ONLINE_STATUS: False}, now.utc_ms, SetBy.ENGINE)
    return _one_version(before, idle(gone, (), now.utc_ms))


def _one_version(before: Presence, after: Presence) -> Presence:
    """`after`, made in several steps, as the version that follows `before`; `before` itself where nothing changed."""
    return before if after is before else replace(after, version=before.version + 1)


def _left(session: int, view: View, now: Moment, last: Callable[[str], Decision]) -> Decision:
    """A session is over; with the last one of its person what was on its way waits again, and `last` says the rest."""
    handle = view.handle_of(session)
    if handle is None:
        return Decision()
    close = CloseSession(session)
    if view.sessions(handle) > 1:
        stays = _still_here(handle, session, view, now)
        return Decision((close, *stays.writes), stays.effects, stays.then)
    lost, rest = held_again(view.released(handle), view, now), last(handle)
    return Decision((close, *lost.writes, *rest.writes), (*rest.effects, *lost.effects), rest.then)


def _still_here(handle: str, session: int, view: View, now: Moment) -> Decision:
    """What changes where one of several sessions ends: the person is as idle as those that are left."""
    before = view.person(handle)
    assert before is not None, "only people have sessions"
    rests = (view.idle_since(each) for each in view.sessions_of(handle) if each != session)
    return _changed(before, idle(before, rests, now.utc_ms), view)


def _gone(handle: str, view: View, now: Moment) -> Decision:
    """`handle` shows offline; the since-time of the reading is when they were last here.

    What they had in an editor may go again: a link that comes back in time leaves it there.
    """
    before = view.person(handle)
    assert before is not None, "only people have sessions and graces"
    decision, free = _changed(before, _offline(before, now), view), let_go(view.leases_of(handle), view)
    return Decision(
        (SetGrace(handle, None), *decision.writes, *free.writes),
        decision.effects,
        (*decision.then, *free.then),
    )


def _changed(before: Presence, after: Presence, view: View) -> Decision:
    """A new version of somebody's presence: kept, announced, and what waits for them looked at again."""
    if after is before:
        return Decision()
    return Decision((PutPresence(after),), (_announced(before, after, view),), (Reconsider(after.handle),))


def _announced(before: Presence | None, after: Presence, view: View) -> Announce:
    rules = view.privacy(after.handle)
    return _announce(before, rules, after, rules)


def _announce(before: Presence | None, old: Privacy, after: Presence, new: Privacy) -> Announce:
    """What everybody learns of `after`: those whom no rule names the same, the others what they may see."""

    def told(viewer: str) -> Presence | None:
        sight = shown(after, new, viewer)
        if before is not None and same_sight(shown(before, old, viewer), sight):
            return None
        return sight

    special = {*known(old), *known(new), after.handle}
    return Announce(told(STRANGER), {viewer: told(viewer) for viewer in sorted(special)})


def _joined(decisions: Iterable[Decision]) -> Decision:
    """Several decisions as one."""
    made = tuple(decisions)
    return Decision(
        tuple(write for each in made for write in each.writes),
        tuple(effect for each in made for effect in each.effects),
        tuple(fact for each in made for fact in each.then),
    )
