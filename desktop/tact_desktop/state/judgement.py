"""How a waiting message stands: as the engine explained it, else as far as this computer can tell by itself.

What was explained is true for the presence it was explained over. Once that is another one, or a moment has come at
which time alone may have changed something, the clauses are judged here until the engine answers again; what only the
engine remembers (that an edge was false once, which message is in front) is kept from its last answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tact_desktop.state.entry import Entry
from tact_desktop.state.people import Person
from tact_engine.core.conditions import Condition, Truth, Verdict, evaluate, next_moment
from tact_engine.core.effects import Standing
from tact_engine.core.presence import Presence, offered


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine explained at `at_ms` (UTC milliseconds), and the presence known here by then."""

    standings: tuple[Standing, ...]
    at_ms: int
    seen: Mapping[str, Presence]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a message stands for one recipient. `armed` and `behind` are None where only the engine could tell.

    `dwell_left_ms`: how long the condition must hold still; None where it does not hold, or nobody can say.
    """

    person: Person
    verdict: Verdict
    armed: Truth = None
    dwell_left_ms: int | None = None
    behind: str | None = None
    paused: bool = False


def judged(entry: Entry, people: tuple[Person, ...], answer: Answer | None, now_ms: int) -> Judgement:
    """How `entry` stands; of several recipients, for the first whose turn has not come."""
    every = [_judged(entry, person, answer, now_ms) for person in people]
    return next((each for each in every if each.verdict.truth is not True), every[0])


def is_fresh(answer: Answer, condition: Condition, person: Person, now_ms: int) -> bool:
    """Whether what was explained about `person` still is the engine's word at `now_ms`."""
    if answer.seen.get(person.handle) != person.presence:
        return False
    turn = next_moment(condition, offered(person.presence, answer.at_ms), answer.at_ms)
    return turn is None or turn > now_ms


def _judged(entry: Entry, person: Person, answer: Answer | None, now_ms: int) -> Judgement:
    local = evaluate(entry.condition, offered(person.presence, now_ms), now_ms)
    standing = _about(person.handle, answer)
    if answer is None or standing is None or not _fits(standing.verdict, entry.condition):
        return Judgement(person, local)
    fresh = is_fresh(answer, entry.condition, person, now_ms)
    left = standing.dwell_left_ms if fresh else None
    return Judgement(
        person,
        standing.verdict if fresh else local,
        armed=standing.armed or (None if not fresh else False),
        dwell_left_ms=None if left is None else max(0, left - (now_ms - answer.at_ms)),
        behind=standing.behind,
        paused=standing.paused,
    )


def _about(handle: str, answer: Answer | None) -> Standing | None:
    standings = answer.standings if answer else ()
    return next((each for each in standings if each.recipient == handle), None)


def _fits(verdict: Verdict, condition: Condition) -> bool:
    """Whether `verdict` is about `condition` as it is known here: an edit may have come between."""
    return [len(group) for group in verdict.clauses] == [len(group.all) for group in condition.any]
