"""The releasing side of the courier: what may go, goes; as one batch, in acceptance order, as far as there is room."""

from collections.abc import Iterable
from itertools import count as counting

from msgspec.structs import replace

from tact_engine.core.conditions import Truth, Verdict
from tact_engine.core.effects import Deliver
from tact_engine.core.envelope import Delivery, Envelope, Move, State, next_state
from tact_engine.core.facts import Consider, Moment, Reconsider, Tell
from tact_engine.core.looking import Sight, Sights, sight_of
from tact_engine.core.patience import Patience, accepted, is_patient, is_ripe, looked, ripens_at
from tact_engine.core.presence import Presence
from tact_engine.core.settling import ended
from tact_engine.core.telling import told
from tact_engine.core.view import Content, Decision, View, Waiting
from tact_engine.core.writes import Release, SetBacklog, SetPatience, SetWake, Write

_Both = tuple[list[int], list[int]]
"""Something of messages, and the same of alerts."""


def considered(fact: Consider, view: View, now: Moment) -> Decision:
    """One envelope goes if its condition is TRUE, its recipient has a live session and none is ahead of it.

    Where time may make it go later, the timer is set for that: a new message can only bring it forward, and for any
    other everything that waits for its recipient is looked at.
    """
    presence = view.person(fact.recipient)
    envelope = next((each for each in view.envelopes(fact.id) if each.recipient == fact.recipient), None)
    if presence is None or envelope is None or next_state(envelope.state, Move.RELEASE) is None:
        return Decision()
    sight = sight_of(presence, envelope.sender, view, now)
    memory, writes = _remembered(fact, envelope, sight, view, now)
    if not _may_go(envelope, memory, sight, view, now):
        moment, patient = sight.next_moment(envelope.condition), is_patient(envelope.condition)
        if not presence.online or (moment is None and not patient):
            return Decision(writes)
        if not fact.fresh:
            return Decision(writes, then=(Reconsider(fact.recipient),))
        due = ripens_at(memory, envelope.condition) if patient else None
        return Decision((*writes, _sooner(fact.recipient, moment, due, view)))
    if envelope.alert:
        return Decision(writes, then=(Tell(envelope.id, envelope.recipient),))
    batch = view.backlog(fact.recipient)
    if batch is not None or not _fitting((envelope,), view):
        waiting = view.next_sequence(fact.recipient) if batch is None else batch
        return Decision((*writes, SetBacklog(fact.recipient, waiting)))
    batch = view.next_sequence(fact.recipient)
    return _and_then(writes, _release((envelope,), presence, batch, False, fact.fresh, view, now))


def reconsidered(fact: Reconsider, view: View, now: Moment) -> Decision:
    """Everything held for a person that may go leaves, and the timer is set for what time alone may make go.

    Each distinct condition is evaluated once, over one whole version of presence, as its sender may see it. Conditions
    that need patience are looked at also while nobody is there, so that they notice.
    """
    presence = view.person(fact.handle)
    if presence is None:
        return Decision()
    sights = Sights(presence, view.privacy(fact.handle), now)
    keys, numbers, writes, wake = _ready(view.waiting(fact.handle), sights, fact.handle, view, now)
    wake = wake if presence.online else SetWake(fact.handle, None, None)
    if not presence.online or not view.sessions(fact.handle) or not any((*keys, *numbers)):
        return Decision((*writes, wake, SetBacklog(fact.handle, None)))
    most = view.limits.unacknowledged_max + 1
    messages, alerts = (
        view.held(fact.handle, tuple(keys[alert]), tuple(numbers[alert]), now.utc_ms, most)
        for alert in (False, True)
    )
    tell = tuple(Tell(each.id, each.recipient) for each in alerts)
    again = (Reconsider(fact.handle),) if len(alerts) == most else ()
    going = _fitting(messages, view)
    open_batch = view.backlog(fact.handle)
    batch = view.next_sequence(fact.handle) if open_batch is None else open_batch
    more = len(going) < len(messages)
    decision = _release(going, presence, batch, more, False, view, now)
    decision = _and_then((*writes, wake, SetBacklog(fact.handle, batch if more else None)), decision)
    return replace(decision, then=(*tell, *again))


def told_of(fact: Tell, view: View, now: Moment) -> Decision:
    """An alert has come true: it is over, and its sender is told."""
    alerts = (each for each in view.envelopes(fact.id) if each.recipient == fact.recipient)
    return ended(
        [each for each in alerts if next_state(each.state, Move.TELL) is not None], State.DELIVERED, view, now
    )


def _ready(
    waiting: Iterable[Waiting], sights: Sights, handle: str, view: View, now: Moment
) -> tuple[_Both, _Both, tuple[Write, ...], SetWake]:
    """The conditions that hold, the patient messages that are ripe, what is remembered, and when to look again.

    The first two by whether they are alerts, which take no room on the way.
    """
    keys: _Both = ([], [])
    numbers: _Both = ([], [])
    writes: list[Write] = []
    moments: list[int] = []
    dues: list[int] = []
    for each in waiting:
        sight = sights.of(each.sender)
        verdict, moment = sight.look(each.condition)
        truth = _truth(verdict, each.alert, sight)
        if moment is not None:
            moments.append(moment)
        if not is_patient(each.condition):
            if truth is True:
                keys[each.alert].append(each.key)
            continue
        for number, memory in view.patient(handle, each.key):
            now_memory = looked(memory, truth, now.ticks_ms)
            if now_memory != memory:
                writes.append(SetPatience(handle, number, now_memory))
            if is_ripe(now_memory, each.condition, now.ticks_ms):
                numbers[each.alert].append(number)
            elif (due := ripens_at(now_memory, each.condition)) is not None:
                dues.append(due)
    wake = SetWake(handle, min(moments, default=None), min(dues, default=None))
    return keys, numbers, tuple(writes), wake


def _remembered(
    fact: Consider, envelope: Envelope, sight: Sight, view: View, now: Moment
) -> tuple[Patience, tuple[Write, ...]]:
    """What the envelope remembers of its condition after this look at it, and that it does."""
    truth = _truth(sight.verdict(envelope.condition), envelope.alert, sight)
    if not is_patient(envelope.condition):
        return looked(Patience(), truth, now.ticks_ms), ()
    before = view.patience(envelope.recipient, envelope.number)
    begun = accepted(envelope.condition) if fact.fresh or fact.anew else before
    memory = looked(begun, truth, now.ticks_ms)
    if memory == before:
        return memory, ()
    return memory, (SetPatience(envelope.recipient, envelope.number, memory),)


def _sooner(handle: str, moment: int | None, due: int | None, view: View) -> SetWake:
    """The timer for `handle`, brought forward to `moment` (UTC) and `due` (monotonic) where these are earlier."""
    utc_ms, ticks_ms = view.wake(handle)
    return SetWake(handle, _earlier(utc_ms, moment), _earlier(ticks_ms, due))


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _may_go(envelope: Envelope, memory: Patience, sight: Sight, view: View, now: Moment) -> bool:
    """Whether a copy may leave now: the law in one line."""
    return (
        is_ripe(memory, envelope.condition, now.ticks_ms)
        and view.sessions(envelope.recipient) > 0
        and now.utc_ms < envelope.expires_at
        and not view.paused(envelope.number)
        and not view.head(envelope)
    )


def _truth(verdict: Verdict, alert: bool, sight: Sight) -> Truth:
    """How a condition stands; an alert must not tell who is online to somebody who may not see it."""
    return None if alert and not sight.shows_online else verdict.truth


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


def _release(
    envelopes: tuple[Envelope, ...],
    presence: Presence,
    batch: int,
    more: bool,
    fresh: bool,
    view: View,
    now: Moment,
) -> Decision:
    """The decision that hands `envelopes` to their one recipient as (a part of) one batch, in this order."""
    if not envelopes:
        return Decision()
    writes: list[Write] = []
    deliveries: list[Delivery] = []
    contents = view.contents([envelope.number for envelope in envelopes])
    for sequence, envelope in zip(counting(view.next_sequence(presence.handle)), envelopes, strict=False):
        content = contents[envelope.number]  # a held message has its body
        writes.append(Release(envelope, presence.version, sequence, now.utc_ms, now.ticks_ms))
        deliveries.append(_delivery(envelope, content, sequence, now, delayed=not fresh))
    deliver = Deliver(presence.handle, batch, tuple(deliveries), more)
    released = (replace(each, state=State.RELEASED, since=now.utc_ms) for each in envelopes)
    news = Decision() if fresh else told((), released, view)
    return Decision((*writes, *news.writes), (deliver, *news.effects))


def _delivery(envelope: Envelope, content: Content, sequence: int, now: Moment, delayed: bool) -> Delivery:
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
        revision=envelope.revision,
    )


def _and_then(writes: tuple[Write, ...], decision: Decision) -> Decision:
    """`decision` with `writes` before it."""
    return replace(decision, writes=(*writes, *decision.writes))
