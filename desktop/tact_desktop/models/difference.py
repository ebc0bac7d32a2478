"""The fewest steps from one order of keys to another, for models that announce each."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remove:
    """The keys from `first` to `last` go."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Move:
    """The key at `source` goes before the one that is at `target`, both as counted before the step."""

    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Insert:
    """New keys are at `first` to `last` after the step."""

    first: int
    last: int


Step = Remove | Move | Insert


def steps(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    """What turns `old` into `new`, one after the other; neither may hold a key twice."""
    wanted, known = set(new), set(old)
    assert len(wanted) == len(new), "a key stands for one row"
    kept = [key for key in old if key in wanted]
    return [
        *(Remove(first, last) for first, last in reversed(_runs(old, wanted))),
        *_moves(kept, [key for key in new if key in known]),
        *(Insert(first, last) for first, last in _runs(new, known)),
    ]


def _runs(keys: Sequence[str], without: set[str]) -> list[tuple[int, int]]:
    """First and last place of each unbroken run of keys that are not in `without`."""
    return runs(place for place, key in enumerate(keys) if key not in without)


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending places, gathered to first and last of each unbroken run."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def _moves(now: list[str], wanted: Sequence[str]) -> list[Move]:
    """Each key that has to move, put right behind the one it follows; the most possible stay where they are.

    A key that is in its place already would make the longest rise longer, so it is never among them.
    """
    if now == wanted:
        return []
    order = {key: place for place, key in enumerate(wanted)}
    staying = _longest_rise([order[key] for key in now])
    found: list[Move] = []
    for place, key in enumerate(wanted):
        if place in staying:
            continue
        source, target = now.index(key), now.index(wanted[place - 1]) + 1 if place else 0
        found.append(Move(source, target))
        now.insert(target - (source < target), now.pop(source))
    return found


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """A longest subsequence of `numbers` that only rises."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(tails, number)
        before[number] = tails[place - 1] if place else None
        tails[place : place + 1] = [number]
    found: set[int] = set()
    number = tails[-1] if tails else None
    while number is not None:
        found.add(number)
        number = before[number]
    return found
