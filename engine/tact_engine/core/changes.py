"""How a presence document changes: updates, values that end by themselves, and what they return to.

An attribute may be set until a time. The engine then restores what was set before, and that is a change of presence
like any other. A reading remembers what it followed, so ends unwind one by one: "not available until 5" over
"discreet until 6" over "available" is discreet at 5 and available at 6. A value that is set without an end stays.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from tact_engine.core.errors import refusal
from tact_engine.core.presence import (
    ATTRIBUTES,
    IDLE,
    INSTANT_MAX,
    Presence,
    Reading,
    SetBy,
    Value,
    checked,
    settable,
)

UNTIL_SECONDS_MAX = 366 * 24 * 3600
PREVIOUS_MAX = 4


def updated(
    presence: Presence,
    changes: Mapping[str, Value | None],
    now_ms: int,
    setter: SetBy = SetBy.PERSON,
    until: Mapping[str, int] | None = None,
) -> Presence:
    """`presence` with `changes` made as one version; the very same document where nothing changes.

    None takes an attribute back to what it is before anybody sets it. `until` says of some attributes when (UTC
    milliseconds) they end by themselves. Everything is checked before anything is taken, so an update is refused whole.
    `since` moves only with the value.
    """
    ends = until or {}
    for name, end in ends.items():
        _check_end(name, end, changes, now_ms)
    taken = {name: _taken(name, value, setter) for name, value in changes.items()}
    return changed(
        presence,
        {
            name: _reading(presence, name, value, now_ms, setter, ends.get(name))
            for name, value in taken.items()
        },
    )


def restored(presence: Presence, now_ms: int) -> Presence:
    """`presence` with everything that has ended by `now_ms` as it was before, as one version."""
    ended = {name: reading for name, reading in presence.readings.items() if _is_over(reading, now_ms)}
    return changed(presence, {name: _returned(reading, now_ms) for name, reading in ended.items()})


def next_end(presence: Presence) -> int | None:
    """When (UTC milliseconds) something in `presence` next ends by itself; None where nothing does."""
    return min((each.until for each in presence.readings.values() if each.until is not None), default=None)


def idle(presence: Presence, since: Iterable[int | None], now_ms: int) -> Presence:
    """`presence` as idle as the least idle of its sessions; each rests from its `since`, None for an active one."""
    rests = tuple(since)
    resting = [rest for rest in rests if rest is not None]
    if not resting or len(resting) < len(rests):
        return changed(presence, {IDLE: None})
    begun = min(max(resting), now_ms)
    return changed(presence, {IDLE: Reading((now_ms - begun) // 1000, begun, source=SetBy.CLIENT)})


def changed(presence: Presence, readings: Mapping[str, Reading | None]) -> Presence:
    """`presence` with these readings, None for none, as one version; the very same document where nothing changes."""
    fresh = {name: each for name, each in readings.items() if not _same(presence.readings.get(name), each)}
    if not fresh:
        return presence
    merged = {**presence.readings, **fresh}
    kept = {name: each for name, each in merged.items() if each is not None}
    return replace(presence, version=presence.version + 1, readings=kept)


def _same(old: Reading | None, new: Reading | None) -> bool:
    """Whether `new` says nothing that `old` does not say already."""
    if old is None or new is None:
        return old is new
    if old.source == SetBy.CLIENT and isinstance(new.value, int):
        return old.since == new.since
    return (old.value, old.until) == (new.value, new.until)


def _taken(name: str, value: Value | None, setter: SetBy) -> Value | None:
    """What is kept of `value` for attribute `name`; taking it back is refused to whom setting it is."""
    if value is None:
        settable(name, setter)
        return None
    return checked(name, value, setter)


def _reading(
    presence: Presence, name: str, value: Value | None, now_ms: int, setter: SetBy, until: int | None
) -> Reading | None:
    if value is None:
        return None
    before = presence.readings.get(name)
    source = setter if setter is SetBy.ENGINE else ATTRIBUTES[name].set_by
    if before is None or before.value != value:
        return Reading(value, now_ms, until, source, _cut(before, PREVIOUS_MAX))
    return Reading(value, before.since, until, source, _cut(before.previous, PREVIOUS_MAX))


def _first_lasting(reading: Reading | None, at_ms: int) -> Reading | None:
    """The first of `reading` and those it followed that lasts beyond `at_ms`."""
    while reading is not None and _is_over(reading, at_ms):
        reading = reading.previous
    return reading


def _returned(ended: Reading, now_ms: int) -> Reading | None:
    """What holds from `now_ms` instead of `ended`; since then, unless it has the same value."""
    back = _first_lasting(ended, now_ms)
    if back is None:
        return None
    return replace(back, since=ended.since if back.value == ended.value else now_ms)


def _cut(reading: Reading | None, depth: int) -> Reading | None:
    """`reading` with at most `depth` in its row; the last place is for what has no end, since all returns to that."""
    if reading is None:
        return None
    if depth == 1:
        return replace(_first_lasting(reading, INSTANT_MAX) or reading, previous=None)
    return replace(reading, previous=_cut(reading.previous, depth - 1))


def _is_over(reading: Reading, at_ms: int) -> bool:
    return reading.until is not None and reading.until <= at_ms


def _check_end(name: str, end: int, changes: Mapping[str, Value | None], now_ms: int) -> None:
    row = ATTRIBUTES.get(name)
    if name not in changes or changes[name] is None or row is None or row.set_by is not SetBy.PERSON:
        raise refusal("bad_until", name=name)
    if not now_ms < end <= now_ms + UNTIL_SECONDS_MAX * 1000:
        raise refusal("bad_until", name=name)
