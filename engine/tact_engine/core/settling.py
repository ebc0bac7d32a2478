"""The settling side of the courier: what arrived, what did not, and what has waited its validity out."""

from collections.abc import Iterable

from msgspec.structs import replace

from tact_engine.core.conditions import WHEN_ONLINE
from tact_engine.core.envelope import (
    ENDED,
    SECOND_LIFE_SECONDS_MAX,
    Envelope,
    Otherwise,
    State,
)
from tact_engine.core.facts import (
    Acknowledged,
    Consider,
    GracesOver,
    LeasesOver,
    MarkedRead,
    Moment,
    ReadingsOver,
    Reconsider,
    SecondLife,
    SilenceOver,
    SilentEndsOver,
    TimePassed,
    ValidityOver,
    WakesOver,
)
from tact_engine.core.telling import news_of, told
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import Amend, End, HoldAgain, SetLease


def acknowledged(fact: Acknowledged, view: View, now: Moment) -> Decision:
    """The first acknowledgement makes an envelope delivered; a late one corrects what was told before."""
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    moved = [
        _as_arrived(envelope, fact.copies[envelope.id])
        for envelope in _addressed(fact.copies, handle, view)
        if envelope.state is State.RELEASED
        or (envelope.tried and envelope.state in (State.HELD, State.EXPIRED, State.WITHDRAWN))
    ]
    decision = ended(moved, State.DELIVERED, view, now)
    again = view.backlog(handle) is not None and _half_free(moved, handle, view)
    return replace(decision, then=(*decision.then, Reconsider(handle))) if again else decision


def marked_read(fact: MarkedRead, view: View, now: Moment) -> Decision:
    """What was delivered has been shown. Whom the recipient blocks does not learn of it."""
    handle = view.handle_of(fact.session)
    if handle is None:
        return Decision()
    blocked = view.privacy(handle).blocked
    moved = [
        envelope
        for envelope in _addressed(fact.ids, handle, view)
        if envelope.state is State.DELIVERED and envelope.sender not in blocked
    ]
    return ended(moved, State.READ, view, now)


def time_passed(fact: TimePassed, view: View, now: Moment) -> Decision:
    """What time does, in an order in which nothing goes over a presence that has just ended."""
    del fact, view, now
    return Decision(
        then=(
            GracesOver(),
            ReadingsOver(),
            ValidityOver(),
            LeasesOver(),
            SilenceOver(),
            WakesOver(),
            SilentEndsOver(),
        )
    )


def validity_over(fact: ValidityOver, view: View, now: Moment) -> Decision:
    """Held envelopes whose validity has ended expire, or begin their second life."""
    del fact
    due = view.due(now.utc_ms, view.limits.sweep_max)
    over = [envelope for envelope in due if not _has_second_life(envelope)]
    lives_on = dict.fromkeys(envelope.id for envelope in due if _has_second_life(envelope))
    decision = ended(over, State.EXPIRED, view, now)
    return replace(decision, then=(*decision.then, *(SecondLife(id) for id in lives_on)))


def second_life(fact: SecondLife, view: View, now: Moment) -> Decision:
    """A message loses its condition and gets one further validity; its sender is told."""
    alive = tuple(envelope for envelope in view.envelopes(fact.id) if envelope.state not in ENDED)
    first = alive[0]
    seconds = min(first.valid_for, SECOND_LIFE_SECONDS_MAX)
    expires_at = now.utc_ms + seconds * 1000
    write = Amend(alive, WHEN_ONLINE, expires_at, seconds, first.otherwise, second=True)
    held = [envelope for envelope in alive if envelope.state is State.HELD]
    again = [
        replace(
            envelope,
            condition=WHEN_ONLINE,
            expires_at=expires_at,
            second=True,
            revision=envelope.revision + 1,
        )
        for envelope in held
    ]
    decision = news_of(again, view, (write,))
    return replace(
        decision, then=tuple(Consider(fact.id, each.recipient, fresh=False, anew=True) for each in held)
    )


def leases_over(fact: LeasesOver, view: View, now: Moment) -> Decision:
    """A message whose editor was not heard of in time waits on as it is."""
    del fact
    return let_go(view.leases_over(now.ticks_ms), view)


def let_go(numbers: Iterable[int], view: View) -> Decision:
    """Messages leave their editors unchanged, and may go again."""
    over = tuple(numbers)
    again = (envelope for number in over for envelope in view.envelopes(view.id_of(number)))
    return Decision(
        tuple(SetLease(number, None) for number in over),
        then=tuple(Consider(each.id, each.recipient, fresh=False) for each in again),
    )


def wakes_over(fact: WakesOver, view: View, now: Moment) -> Decision:
    """What time alone may have made deliverable is looked at again."""
    del fact
    return Decision(then=tuple(Reconsider(handle) for handle in view.wakes_over(now)))


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
    return told(writes, (replace(each, state=State.HELD, since=now.utc_ms) for each in moved), view)


def ended(envelopes: Iterable[Envelope], state: State, view: View, now: Moment) -> Decision:
    """The decision that moves `envelopes` to the final `state`, tells it, and frees what waits behind them."""
    moved = tuple(envelopes)
    writes = tuple(End(envelope, state, now.utc_ms) for envelope in moved)
    decision = told(writes, (replace(envelope, state=state, since=now.utc_ms) for envelope in moved), view)
    return replace(decision, then=freed((each for each in moved if each.state not in ENDED), view))


def freed(envelopes: Iterable[Envelope], view: View) -> tuple[Consider, ...]:
    """Another look at what waits behind `envelopes`, now that they are over."""
    return tuple(
        Consider(id, envelope.recipient, fresh=False)
        for envelope in envelopes
        for id in view.followers(envelope.number)
    )


def _has_second_life(envelope: Envelope) -> bool:
    return envelope.otherwise is Otherwise.DELIVER and not envelope.second


def _as_arrived(envelope: Envelope, revision: int) -> Envelope:
    """The envelope in the revision that its recipient has."""
    return replace(envelope, revision=revision) if 0 < revision < envelope.revision else envelope


def _half_free(moved: list[Envelope], handle: str, view: View) -> bool:
    """Whether, once `moved` have left, at most half of what may be on its way at once is."""
    arrived = [envelope for envelope in moved if envelope.state is State.RELEASED]
    count = view.unacknowledged(handle) - len(arrived)
    size = view.unacknowledged_bytes(handle) - sum(envelope.weight for envelope in arrived)
    return count <= view.limits.unacknowledged_max // 2 and size <= view.limits.unacknowledged_bytes_max // 2


def _addressed(ids: Iterable[str], handle: str, view: View) -> Iterable[Envelope]:
    """The envelopes to `handle` of these messages; ids that are unknown or somebody else's are passed over."""
    return (
        each
        for id in dict.fromkeys(ids)
        for each in view.envelopes(id)
        if each.recipient == handle and not each.alert
    )
