"""A delivery as the entry it becomes, and what is left of an entry that was taken back."""

from dataclasses import replace

from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.wording import UNREADABLE
from tact_engine.core.conditions import WHEN_ONLINE
from tact_engine.core.envelope import TEXT_PLAIN, Delivery


def arrived(delivery: Delivery, batch: int, me: str, at_ms: int) -> Entry:
    """A delivery as the entry it becomes; it has its place once it is known to be new."""
    readable = not delivery.enc and delivery.content_type == TEXT_PLAIN
    return Entry(
        id=delivery.id,
        conversation=delivery.conversation,
        author=delivery.sender,
        own=delivery.sender == me,
        text=delivery.body.decode("utf-8", "replace") if readable else UNREADABLE,
        stage=Stage.DELIVERED,
        recipients=tuple(handle for handle in delivery.members if handle != delivery.sender),
        written_at=delivery.written_at,
        since=at_ms,
        released_at=delivery.released_at,
        delayed=delivery.delayed,
        batch=batch,
        unread=delivery.sender != me,
        revision=delivery.revision,
    )


def erased(entry: Entry) -> Entry:
    """What stays of a withdrawn entry: that it was, not what it said or waited for."""
    return replace(
        entry, stage=Stage.WITHDRAWN, text="", problem="", condition=WHEN_ONLINE, position=None, released_at=0
    )
