"""What is new between two states of one conversation: what to light up and to say, and what merely settled."""

from collections.abc import Sequence
from dataclasses import dataclass

from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.state.wording_conversation import arrived

_WAITED = (BubbleStyle.HELD, BubbleStyle.PAUSED)


@dataclass(frozen=True, slots=True)
class News:
    """The keys of the rows that are news, and one sentence for all of them; both empty where nothing is."""

    keys: tuple[str, ...]
    said: str


def news(old: Sequence[MessageRow], new: Sequence[MessageRow]) -> News:
    """What others wrote since, what had been held and was released or ended, and what one asked to be told.

    What stands above the first known row is history that was fetched, not news.
    """
    before = {row.key: row for row in old}
    found = [row for row in _below_first_known(before, new) if _is_news(before.get(row.key), row)]
    return News(tuple(row.key for row in found), arrived(len(found), found[-1].accessible) if found else "")


def without_arrivals(old: Sequence[MessageRow], new: Sequence[MessageRow]) -> tuple[MessageRow, ...]:
    """`new` without the rows that came below: how the conversation stands before they are put in."""
    before = {row.key: row for row in old}
    below = _below_first_known(before, new)
    above = new[: len(new) - len(below)]
    return (*above, *(row for row in below if row.key in before))


def _below_first_known(before: dict[str, MessageRow], new: Sequence[MessageRow]) -> Sequence[MessageRow]:
    first = next((place for place, row in enumerate(new) if row.key in before), 0)
    return new[first:]


def _is_news(before: MessageRow | None, row: MessageRow) -> bool:
    if row.kind is RowKind.NOTE:
        return before is None
    if row.kind is not RowKind.BUBBLE:
        return False
    if before is None:
        return not row.own
    if before.style is BubbleStyle.EXPIRED:
        return row.style is BubbleStyle.NORMAL
    return before.style in _WAITED and row.style in (BubbleStyle.NORMAL, BubbleStyle.EXPIRED)
