"""The rows of one conversation: messages in their order, lines between them, and at the end what still waits."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import cache
from zlib import crc32

from tact_desktop.state import wording, wording_waiting
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.people import NameOf, People, caller
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.state.timeline_feet import Reader, end_ms, foot, place_ms, shown_text, spoken, style_of
from tact_desktop.state.wording_conditions import phrase
from tact_desktop.state.wording_time import day_name

_MINUTE_MS = 60_000
_NOW_MS = 60 * _MINUTE_MS
"""For how long messages that arrived together are said to have been delivered now."""
_GROUPING = (BubbleStyle.NORMAL, BubbleStyle.OFFLINE)


@dataclass(frozen=True, slots=True)
class _Bubble:
    """An entry on its way to being a row: below which day, behind which lines, joined to the one above or not."""

    entry: Entry
    day: date
    lines: tuple[MessageRow, ...]
    joined: bool


Kept = dict[str, tuple[object, MessageRow]]
"""By the ids of messages: all that their rows say, and the rows."""


def rows(
    entries: Iterable[Entry],
    people: People,
    me: str,
    now_ms: int,
    zone: tzinfo,
    new_from: int | None = None,
    paused: Collection[str] = (),
    kept: Kept | None = None,
) -> tuple[MessageRow, ...]:
    """The rows of one conversation, read at `now_ms` in `zone`; "New messages" stands before position `new_from`.

    What has a position comes in that order, whatever its times say. What waits, and what ended without having had a
    place, is pinned below in the order of writing. A withdrawn entry is not shown, nor is an alert before it has ended;
    `paused` names what is in an editor. `kept` is what the last call left there: who reads the same rows again and
    again hands it over each time, and gets the same rows where they say the same.
    """
    reader = Reader(now_ms, zone)
    shown = [
        entry
        for entry in entries
        if entry.stage is not Stage.WITHDRAWN and not (entry.alert and entry.waiting)
    ]
    placed = sorted((entry for entry in shown if not _pinned(entry)), key=lambda entry: entry.position or 0)
    pinned = sorted(
        (entry for entry in shown if _pinned(entry)), key=lambda entry: (entry.written_at, entry.id)
    )
    bubbles = [
        *_placed(placed, reader, new_from),
        *(_Bubble(entry, reader.today, (), False) for entry in pinned),
    ]
    return tuple(_rows(bubbles, people, me, reader, paused, {} if kept is None else kept))


def _pinned(entry: Entry) -> bool:
    return entry.waiting or entry.position is None


def _placed(entries: Sequence[Entry], reader: Reader, new_from: int | None) -> Iterable[_Bubble]:
    """The placed entries with the lines above each; days never go back, so each has one line."""
    batches = _batch_sizes(entries)
    day, before, is_new = date.min, None, False
    for entry in entries:
        lines: list[MessageRow] = []
        if reader.day(place_ms(entry)) > day:
            day = reader.day(place_ms(entry))
            lines.append(_line(RowKind.DAY, f"day {day}", day_name(day, reader.today)))
        if new_from is not None and not is_new and (entry.position or 0) >= new_from:
            is_new = True
            if batches.get(entry.id, 0) <= 1:  # "Delivered now" says it as well
                lines.append(_line(RowKind.SEPARATOR, "new", wording.NEW_MESSAGES))
        if batches.get(entry.id, 0) > 1:
            lines.append(_line(RowKind.SEPARATOR, f"batch {entry.id}", _batch_text(entry, day, reader)))
        yield _Bubble(entry, day, tuple(lines), not lines and before is not None and _join(before, entry))
        before = entry


def _batch_sizes(entries: Sequence[Entry]) -> dict[str, int]:
    """The id of the first of the offline messages that arrived in one moment → how many they are."""
    late = [entry for entry in entries if entry.batch and entry.delayed and not entry.own]
    sizes = Counter(entry.batch for entry in late)
    firsts = {entry.batch: entry.id for entry in reversed(late)}
    return {id: sizes[batch] for batch, id in firsts.items()}


def _batch_text(entry: Entry, day: date, reader: Reader) -> str:
    at = place_ms(entry)
    if reader.now_ms - at < _NOW_MS:
        return wording.DELIVERED_NOW
    return wording.delivered_together(reader.time(at, day))


def _join(above: Entry, below: Entry) -> bool:
    """Whether two neighbours are one group with one foot: same author, minute, look and stage.

    An own message that had waited tells when it was written, and one that did not arrive as it should tells of that; so
    they stand by themselves. An alert is no message.
    """
    style = style_of(above)
    return (
        style in _GROUPING
        and style is style_of(below)
        and (above.author, above.stage) == (below.author, below.stage)
        and place_ms(above) // _MINUTE_MS == place_ms(below) // _MINUTE_MS
        and not (above.own and (_stands_alone(above) or _stands_alone(below)))
    )


def _stands_alone(entry: Entry) -> bool:
    return entry.delayed or entry.corrected or entry.outdated or entry.alert


def _rows(
    bubbles: Sequence[_Bubble],
    people: People,
    me: str,
    reader: Reader,
    paused: Collection[str],
    kept: Kept,
) -> Iterable[MessageRow]:
    name_of = cache(caller(people))
    before = dict(kept)
    kept.clear()
    for index, bubble in enumerate(bubbles):
        yield from bubble.lines
        last = index + 1 == len(bubbles) or not bubbles[index + 1].joined
        entry = bubble.entry
        if entry.alert:
            yield _told(bubble, name_of, reader)
            continue
        names = name_of(entry.author), ", ".join(name_of(each) for each in entry.recipients)
        look = (entry, bubble.day, bubble.joined, last, names, me, reader.today, reader.zone)
        known = before.get(entry.id)
        if known is None or known[0] != look or entry.waiting:  # what waits tells how long still
            known = look, _row(bubble, last, names, me, reader, entry.id in paused)
        kept[entry.id] = known
        yield known[1]


def _row(
    bubble: _Bubble, last: bool, names: tuple[str, str], me: str, reader: Reader, paused: bool
) -> MessageRow:
    entry, style, text = bubble.entry, style_of(bubble.entry, paused), shown_text(bubble.entry)
    name, whom = names
    crowd = len({entry.author, *entry.recipients, me}) > 2
    author = name if crowd and not entry.own and not bubble.joined else ""
    told = last or style is not BubbleStyle.NORMAL
    below = foot(entry, bubble.day, reader, whom, paused) if told else ""
    drawn = (text, author, below, style.name, bubble.joined, last)
    return MessageRow(
        key=entry.id,
        revision=crc32(repr(drawn).encode()),
        kind=RowKind.BUBBLE,
        text=text,
        own=entry.own,
        author=author,
        foot=below,
        style=style,
        first_in_group=not bubble.joined,
        last_in_group=last,
        accessible=spoken(entry, wording.YOU if entry.own else name, reader, whom, paused),
    )


def _told(bubble: _Bubble, name_of: NameOf, reader: Reader) -> MessageRow:
    """The line of an alert that has ended: it came true, its time ran out, or it was not accepted."""
    entry = bubble.entry
    if entry.stage is Stage.EXPIRED:
        said = wording_waiting.not_told_note(reader.time(end_ms(entry), bubble.day))
    elif entry.stage is Stage.FAILED:
        name = name_of(entry.recipients[0])
        said = wording_waiting.refused_note(entry.problem or wording_waiting.nobody_to_tell_of(name))
    else:
        so = phrase(name_of(entry.recipients[0]), entry.condition)
        said = wording_waiting.told_note(reader.time(place_ms(entry), bubble.day), so, entry.text)
    line = _line(RowKind.NOTE, entry.id, said)
    return replace(line, own=True, style=style_of(entry), note=entry.text)


def _line(kind: RowKind, key: str, text: str) -> MessageRow:
    return MessageRow(key=key, revision=crc32(text.encode()), kind=kind, text=text, accessible=text)
