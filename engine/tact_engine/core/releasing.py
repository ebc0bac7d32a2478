"""The recipient's side of the courier: release what may go, settle what arrived, hold again what did not."""

from collections.abc import Iterable
from itertools import count as counting

from msgspec.structs import replace

from tact_engine.core.conditions import holds
from tact_engine.core.effects import Deliver, Effect, TellNews
from tact_engine.core.envelope import Delivery, Envelope, Move, Receipt, State, next_state, receipt_of
from tact_engine.core.facts import (
    Acknowledged,
    Consider,
    GracesOver,
    MarkedRead,
    Moment,
    Noted,
    Reconsider,
    SilenceOver,
    TimePassed,
    ValidityOver,
)
from tact_engine.core.presence import Presence, seen
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import (
    AddNews,
    DropNews,
    End,
    HoldAgain,
    Release,
    SetBacklog,
    SetNewsBacklog,
    Write,
)


def considered(fact: Consider, view: View, now: Moment) -> Decision:
    """One envelope goes if its condition is TRUE, its recipient has a live session and none is ahead of it."""
    presence = view.person(fact.recipient)
    envelope = next((each for each in view.envelopes(fact.id) if each.recipient == fact.recipient), None)
    if presence is None or envelope is None or not _may_go(envelope, presence, view, now):
        return Decision()
    if view.backlog(fact.recipient) or not _fitting((envelope,), view):
        return Decision((SetBacklog(fact.recipient, True),))
    return _release((envelope,), presence, view, now, fresh=fact.fresh)


def reconsidered(fact: Reconsider, view: View, now: Moment) -> Decision:
    """Everything held for a person that may go leaves as one batch in acceptance order, as far as there is room.

    Each distinct condition is evaluated once, over one whole version of presence, as its sender may see it.
    """
    presence = view.person(fact.handle)
    if presence is None or not presence.online or not view.sessions(fact.handle):
        return Decision()
    keys = tuple(
        waiting.key
        for waiting in view.waiting(fact.handle)
        if holds(waiting.condition, seen(presence, waiting.sender))
    )
    most = view.limits.unacknowledged_max + 1
    may_go = view.held(fact.handle, keys, now.utc_ms, most) if keys else ()
    going = _fitting(may_go, view)
    backlog = SetBacklog(fact.handle, len(going) < len(may_go))
    decision = _release(going, presence, view, now, fresh=False)
    return replace(decision, writes=(backlog, *decision.writes))


def acknowledged(fact: Acknowledged, view: View, now: Moment) -> Decision:
    """The first acknowledgement makes an envelope delivered; a late one corrects what was told before."""
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    moved = [
        envelope
        for envelope in _addressed(fact.ids, handle, view)
        if envelope.state is State.RELEASED
        or (envelope.tried and envelope.state in (State.HELD, State.EXPIRED))
    ]
    decision = _ended(moved, State.DELIVERED, view, now)
    again = view.backlog(handle) and _half_free(moved, handle, view)
    return replace(decision, then=(Reconsider(handle),)) if again else decision


def marked_read(fact: MarkedRead, view: View, now: Moment) -> Decision:
    """What was delivered has been shown."""
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    moved = [envelope for envelope in _addressed(fact.ids, handle, view) if envelope.state is State.DELIVERED]
    return _ended(moved, State.READ, view, now)


def noted(fact: Noted, view: View, now: Moment) -> Decision:
    """A sender's client has stored its news, so they are told no more."""
    del now
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    drop = DropNews(handle, fact.serial)
    if not view.news_backlog(handle):
        return Decision((drop,))
    more = more_news(handle, fact.serial, view)
    return Decision((drop, *more.writes), more.effects)


def more_news(handle: str, after: int, view: View) -> Decision:
    """Tell the news behind serial `after`, as much as fits; the rest waits until that is noted."""
    most = view.limits.untold_news_max
    news = view.news(handle, after, most + 1)
    backlog = SetNewsBacklog(handle, len(news) > most)
    return Decision((backlog,), (TellNews(handle, news[:most]),) if news else ())


def time_passed(fact: TimePassed, view: View, now: Moment) -> Decision:
    """Who went offline first, so that nothing is looked at again for them; then what expired, then what got lost."""
    del fact, view, now
    return Decision(then=(GracesOver(), ValidityOver(), SilenceOver()))


def validity_over(fact: ValidityOver, view: View, now: Moment) -> Decision:
    """Held envelopes whose validity has ended expire."""
    del fact
    return _ended(view.due(now.utc_ms, view.limits.sweep_max), State.EXPIRED, view, now)


def silence_over(fact: SilenceOver, view: View, now: Moment) -> Decision:
    """What nobody acknowledged in time is held again, and looked at again at once."""
    del fact
    silent = view.silent_since(now.ticks_ms - view.limits.acknowledge_within_ms)
    again = tuple(Reconsider(handle) for handle in dict.fromkeys(envelope.recipient for envelope in silent))
    return replace(held_again(silent, view, now), then=again)


def held_again(envelopes: Iterable[Envelope], view: View, now: Moment) -> Decision:
    """Released envelopes that did not arrive wait again; if their validity has ended, until the next sweep."""
    moved = tuple(envelopes)
    writes = tuple(HoldAgain(envelope, now.utc_ms) for envelope in moved)
    return _told(writes, (replace(each, state=State.HELD, since=now.utc_ms) for each in moved), view)


def _may_go(envelope: Envelope, presence: Presence, view: View, now: Moment) -> bool:
    """Whether a copy may leave now: the law in one line."""
    return (
        next_state(envelope.state, Move.RELEASE) is not None
        and view.sessions(envelope.recipient) > 0
        and now.utc_ms < envelope.expires_at
        and holds(envelope.condition, seen(presence, envelope.sender))
    )


def _fitting(envelopes: tuple[Envelope, ...], view: View) -> tuple[Envelope, ...]:
    """As many of `envelopes`, which are of one recipient, as may be on their way at once; always one if none is."""
    if not envelopes:
        return ()
    handle, limits = envelopes[0].recipient, view.limits
    count, size = view.unacknowledged(handle), view.unacknowledged_bytes(handle)
    fitting: list[Envelope] = []
    for envelope in envelopes:
        count, size = count + 1, size + envelope.weight
        if count > 1 and (count > limits.unacknowledged_max or size > limits.unacknowledged_bytes_max):
            break
        fitting.append(envelope)
    return tuple(fitting)


def _half_free(moved: list[Envelope], handle: str, view: View) -> bool:
    """Whether, once `moved` have left, at most half of what may be on its way at once is."""
    arrived = [envelope for envelope in moved if envelope.state is State.RELEASED]
    count = view.unacknowledged(handle) - len(arrived)
    size = view.unacknowledged_bytes(handle) - sum(envelope.weight for envelope in arrived)
    return count <= view.limits.unacknowledged_max // 2 and size <= view.limits.unacknowledged_bytes_max // 2


def _release(
    envelopes: tuple[Envelope, ...], presence: Presence, view: View, now: Moment, fresh: bool
) -> Decision:
    """The decision that hands `envelopes` to their one recipient as one batch, in this order."""
    if not envelopes:
        return Decision()
    writes: list[Write] = []
    deliveries: list[Delivery] = []
    for sequence, envelope in zip(counting(view.next_sequence(presence.handle)), envelopes, strict=False):
        writes.append(Release(envelope, sequence, now.utc_ms, now.ticks_ms))
        deliveries.append(_delivery(envelope, sequence, view, now, delayed=not fresh))
    deliver = Deliver(presence.handle, presence.version, tuple(deliveries))
    released = (replace(each, state=State.RELEASED, since=now.utc_ms) for each in envelopes)
    told = Decision() if fresh else _told((), released, view)
    return Decision((*writes, *told.writes), (deliver, *told.effects))


def _delivery(envelope: Envelope, sequence: int, view: View, now: Moment, delayed: bool) -> Delivery:
    content = view.content(envelope.number)
    assert content is not None, "a held message has its body"
    return Delivery(
        id=envelope.id,
        sender=envelope.sender,
        conversation=envelope.conversation,
        members=content.members,
        body=content.body,
        content_type=content.content_type,
        enc=content.enc,
        sequence=sequence,
        written_at=envelope.accepted_at,
        released_at=now.utc_ms,
        delayed=delayed,
    )


def _addressed(ids: Iterable[str], handle: str, view: View) -> Iterable[Envelope]:
    """The envelopes to `handle` of these messages; ids that are unknown or somebody else's are passed over."""
    return (each for id in dict.fromkeys(ids) for each in view.envelopes(id) if each.recipient == handle)


def _ended(envelopes: Iterable[Envelope], state: State, view: View, now: Moment) -> Decision:
    """The decision that moves `envelopes` to the final `state` and tells their senders."""
    moved = tuple(envelopes)
    writes = tuple(End(envelope, state, now.utc_ms) for envelope in moved)
    return _told(writes, (replace(envelope, state=state, since=now.utc_ms) for envelope in moved), view)


def _told(writes: tuple[Write, ...], moved: Iterable[Envelope], view: View) -> Decision:
    """`writes`, and for each moved envelope its news, told to its sender now, or in order when they are back."""
    news: dict[str, list[Receipt]] = {}
    added: list[Write] = []
    for envelope in moved:
        told = news.setdefault(envelope.sender, [])
        receipt = receipt_of(envelope, view.next_serial(envelope.sender) + len(told))
        told.append(receipt)
        added.append(AddNews(envelope.sender, envelope.number, receipt))
    effects: tuple[Effect, ...] = tuple(
        TellNews(sender, tuple(receipts))
        for sender, receipts in news.items()
        if not view.news_backlog(sender)
    )
    return Decision((*writes, *added), effects)
