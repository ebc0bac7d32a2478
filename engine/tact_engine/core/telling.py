"""The telling side of the courier: what senders learn of their messages, now, or in order when they are back.

A receipt must not become an oracle. A sender who may not see what a release says about its recipient is told "held"
until the message was read or its validity has ended; then the truth.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from tact_engine.core.conditions import evaluate
from tact_engine.core.effects import Answer, Effect, Refuse, Standing, TellNews
from tact_engine.core.envelope import ENDED, Envelope, Receipt, State, receipt_of
from tact_engine.core.errors import refusal
from tact_engine.core.facts import Asked, Moment, Noted, RecipientGone, Reply, SilentEndsOver
from tact_engine.core.looking import may_know, sight_of
from tact_engine.core.patience import ripens_at
from tact_engine.core.view import Decision, View
from tact_engine.core.writes import AddNews, BreakSilence, DropNews, KeepQuiet, SetNewsBacklog, Write


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
    receipts = tuple(receipt_to_sender(envelope, view, serial) for serial, envelope in news[:most])
    return Decision((backlog,), (TellNews(handle, receipts),) if receipts else ())


def replied(fact: Reply, view: View, now: Moment) -> Decision:
    """A request is answered with the present state of its message."""
    del now
    receipts = tuple(receipt_to_sender(envelope, view) for envelope in view.envelopes(fact.id))
    return Decision(effects=(Answer(fact.session, fact.request, receipts),))


def asked(fact: Asked, view: View, now: Moment) -> Decision:
    """A sender learns why a message waits, clause by clause, over nothing but what they may see."""
    envelopes = view.envelopes(fact.id)
    if not envelopes or envelopes[0].sender != view.handle_of(fact.session):
        return Decision(effects=(Refuse(fact.session, fact.request, refusal("unknown_message")),))
    receipts = tuple(receipt_to_sender(envelope, view) for envelope in envelopes)
    waiting = (
        envelope
        for envelope, receipt in zip(envelopes, receipts, strict=True)
        if receipt.state is State.HELD and now.utc_ms < envelope.expires_at
    )
    standings = tuple(_standing(envelope, view, now) for envelope in waiting)
    return Decision(effects=(Answer(fact.session, fact.request, receipts, standings),))


def silent_ends_over(fact: SilentEndsOver, view: View, now: Moment) -> Decision:
    """What arrived quietly is told at the end of its validity, when it says nothing about anybody any more."""
    del fact
    ended = view.quiet(now.utc_ms, view.limits.sweep_max)
    return news_of(ended, view, tuple(BreakSilence(envelope) for envelope in ended))


def recipient_gone(fact: RecipientGone, view: View, now: Moment) -> Decision:
    """What arrived quietly at somebody who was removed since then is told."""
    del now
    arrived = view.quiet_of(fact.handle)
    return news_of(arrived, view, tuple(BreakSilence(envelope) for envelope in arrived))


def receipt_to_sender(envelope: Envelope, view: View, serial: int = 0) -> Receipt:
    """How an envelope stands, as far as its sender may know."""
    return receipt_of(_held_yet(envelope, view) if _is_kept_quiet(envelope, view) else envelope, serial)


def told(writes: tuple[Write, ...], moved: Iterable[Envelope], view: View) -> Decision:
    """`writes`, and for each moved envelope its news, or a reminder to tell them later.

    "Released", "held again" and "delivered" say something about the presence of a recipient; everything else does not.
    """
    news: list[Envelope] = []
    quiet: list[Write] = []
    for envelope in moved:
        if envelope.state is State.DELIVERED and not envelope.alert and not may_know(envelope, view):
            quiet.append(KeepQuiet(envelope))
        elif envelope.state not in (State.RELEASED, State.HELD) or may_know(envelope, view):
            news.append(envelope)
        if envelope.state is State.READ and view.is_quiet(envelope):
            quiet.append(BreakSilence(envelope))
    return news_of(news, view, (*writes, *quiet))


def news_of(envelopes: Iterable[Envelope], view: View, writes: tuple[Write, ...] = ()) -> Decision:
    """`writes`, and the news of `envelopes`: each sender's together, told now or when they are back."""
    news: dict[str, list[Receipt]] = {}
    added: list[Write] = []
    for envelope in envelopes:
        receipts = news.setdefault(envelope.sender, [])
        receipt = receipt_of(envelope, view.next_serial(envelope.sender) + len(receipts))
        receipts.append(receipt)
        added.append(AddNews(envelope.sender, envelope.number, receipt))
    effects: tuple[Effect, ...] = tuple(
        TellNews(sender, tuple(receipts))
        for sender, receipts in news.items()
        if not view.news_backlog(sender)
    )
    return Decision((*writes, *added), effects)


def _is_kept_quiet(envelope: Envelope, view: View) -> bool:
    """Whether the sender is not to know yet how far an envelope has come."""
    if envelope.state is State.DELIVERED:
        return view.is_quiet(envelope)
    # Held again: since when it is would say that it had left.
    left = envelope.state is State.RELEASED or (envelope.state is State.HELD and envelope.tried)
    return left and not may_know(envelope, view)


def _held_yet(envelope: Envelope, view: View) -> Envelope:
    """The envelope as if it had not left: in the newest revision of its message, which others may still wait in."""
    newest = max(view.envelopes(envelope.id), key=lambda each: each.revision)
    return replace(
        envelope,
        state=State.HELD,
        since=envelope.accepted_at,
        revision=envelope.latest,
        expires_at=newest.expires_at,
    )


def _standing(envelope: Envelope, view: View, now: Moment) -> Standing:
    presence = view.person(envelope.recipient)
    assert presence is not None, "recipients have accounts"
    memory = view.patience(envelope.recipient, envelope.number)
    sight = sight_of(presence, envelope.sender, view, now)
    verdict = evaluate(envelope.condition, sight.values, sight.at_ms)
    due = ripens_at(memory, envelope.condition) if verdict.truth else None
    return Standing(
        recipient=envelope.recipient,
        verdict=verdict,
        armed=memory.armed or not envelope.condition.edge or not may_know(envelope, view),
        dwell_left_ms=max(0, due - now.ticks_ms) if due is not None and envelope.condition.dwell else None,
        behind=_known_head(envelope, view),
        paused=view.paused(envelope.number),
    )


def _known_head(envelope: Envelope, view: View) -> str:
    """The id of the message behind which an envelope waits, as far as its sender may know."""
    id = "" if envelope.behind is None else view.id_of(envelope.behind)
    heads = (each for each in view.envelopes(id) if each.recipient == envelope.recipient)
    return next((id for each in heads if receipt_to_sender(each, view).state not in ENDED), "")
