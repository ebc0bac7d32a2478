"""Conditions: when a message may go, written as any-of groups of all-of clauses over presence attributes.

One function decides. The engine calls `evaluate` to release a message, the composer calls the same `evaluate` to
preview it, so what a sender is promised is what happens.

Logic is Kleene's three-valued one. An attribute the sender may not see is unknown; a clause over it is unknown, and
so is its negation; only TRUE releases. Every condition has the implicit clause `OnlineStatus eq true`; a message
without a condition has just that one, so offline messaging is the same code path.

Time has its place in two ways. `not_before` and `window` are clauses like the others; `next_moment` says when time
alone may next change the verdict, so that somebody can look again then. `edge` and `dwell` ask for more than the
verdict of one moment; what they need to remember stands in `patience`.

A condition is refused, never ignored: an unknown attribute, operator or value, or clauses that contradict each other.
Otherwise a message could go without what its sender asked for.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from types import MappingProxyType

import msgspec
from msgspec import Struct

from tact_engine.core.errors import Refused, refusal
from tact_engine.core.presence import (
    ATTRIBUTES,
    INSTANT_MAX,
    ONLINE_STATUS,
    TIME_ZONE,
    USER_AVAILABILITY,
    USER_MOOD,
    Attribute,
    Kind,
    Value,
    expected,
    normal_form,
    zone_named,
)
from tact_engine.core.window import Window, is_open, next_turn
from tact_engine.core.window import problem as window_problem

GROUPS_MAX = 4
CLAUSES_MAX = 8
DWELL_SECONDS_MAX = 3600
REMEMBERED_MAX = 1_024
"""Of so many conditions it is remembered what they look at, and of so many texts how they are compared."""

_BLANKS = re.compile(r"\s+")

Truth = bool | None
"""TRUE, FALSE or unknown (None)."""


class Clause(Struct, frozen=True, forbid_unknown_fields=True):
    """One comparison: the attribute's OMA name, an operator of OPERATORS, a value (a list for in and not_in)."""

    attr: str
    op: str
    value: Value | tuple[Value, ...]


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Clauses that must all hold together."""

    all: tuple[Clause, ...]


class Condition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a message may go: one of the groups in `any` holds; no group at all means "when online".

    With `edge` it must have been false once since acceptance; with `dwell` it must hold so many seconds without a
    break; `not_before` is an instant (UTC milliseconds), `window` certain hours by the recipient's clock.
    """

    v: int = 1
    any: tuple[Group, ...] = ()
    edge: bool = False
    dwell: int = 0
    not_before: int | None = None
    window: Window | None = None


class Verdict(Struct, frozen=True, omit_defaults=True):
    """How a condition stands: as a whole, its implicit online clause, each clause of each group, and its times.

    `not_before` and `window` are TRUE where the condition has no such part.
    """

    truth: Truth
    online: Truth
    clauses: tuple[tuple[Truth, ...], ...]
    not_before: Truth = True
    window: Truth = True


class Operator(Struct, frozen=True):
    """One row of OPERATORS: for which kinds of attribute, whether it takes a list, and its two-valued meaning."""

    name: str
    kinds: frozenset[Kind]
    many: bool
    holds: Callable[[Value, Value | tuple[Value, ...]], bool]


def _within(value: Value, wanted: Value | tuple[Value, ...]) -> bool:
    return isinstance(wanted, tuple) and value in wanted


def _contains(value: Value, wanted: Value | tuple[Value, ...]) -> bool:
    return _folded(str(wanted)) in _folded(str(value))


@lru_cache(REMEMBERED_MAX)
def _folded(text: str) -> str:
    """`text` as texts are compared: composed, without regard to case, runs of blanks as one.

    Remembered: at every change of presence the same texts are compared again.
    """
    return _BLANKS.sub(" ", normal_form(text).casefold())


def _below(value: Value, wanted: Value | tuple[Value, ...]) -> bool:
    return isinstance(value, int) and isinstance(wanted, int) and value < wanted


_CHOICES = frozenset({Kind.BOOLEAN, Kind.WORD})
_TEXTS = frozenset({Kind.TEXT})
_SECONDS = frozenset({Kind.SECONDS})
_ROWS = (
    Operator("eq", _CHOICES, False, lambda value, wanted: value == wanted),
    Operator("ne", _CHOICES, False, lambda value, wanted: value != wanted),
    Operator("in", _CHOICES, True, _within),
    Operator("not_in", _CHOICES, True, lambda value, wanted: not _within(value, wanted)),
    Operator("contains", _TEXTS, False, _contains),
    Operator("not_contains", _TEXTS, False, lambda value, wanted: not _contains(value, wanted)),
    Operator("lt", _SECONDS, False, _below),
    Operator("ge", _SECONDS, False, lambda value, wanted: not _below(value, wanted)),
)
OPERATORS: Mapping[str, Operator] = MappingProxyType({row.name: row for row in _ROWS})
"""Every operator a clause can use. Text is compared without regard to case."""
_MEANINGS = {row.name: row.holds for row in _ROWS}


def one_group(*clauses: tuple[str, str, Value | tuple[Value, ...]]) -> Condition:
    """The condition that all of `clauses`, each (attribute, operator, value), hold."""
    return Condition(any=(Group(tuple(Clause(*clause) for clause in clauses)),))


WHEN_ONLINE = Condition()
PRESETS: Mapping[str, Condition] = MappingProxyType(
    {
        "online": WHEN_ONLINE,
        "available": one_group((USER_AVAILABILITY, "eq", "AVAILABLE")),
        "not angry": one_group((USER_MOOD, "ne", "ANGRY")),
    }
)
"""The conditions that have a name of their own, for scripts and for the composer's row."""


def evaluate(
    condition: Condition, values: Mapping[str, Value], at_ms: int, here: bool | None = None
) -> Verdict:
    """How `condition` stands at the instant `at_ms` over `values`: one version of presence as its sender may use it.

    `here` is whether the recipient really is online, for the implicit clause; left out, as far as `values` tell.
    """
    online = _truth_of(_ONLINE, values) if here is None else here
    clauses = tuple([tuple([_truth_of(clause, values) for clause in group.all]) for group in condition.any])
    groups = [_all_of(group) for group in clauses]
    begun = condition.not_before is None or at_ms >= condition.not_before
    within = _window_truth(condition, values, at_ms)
    truth = _all_of((online, begun, within, _any_of(groups) if groups else True))
    return Verdict(truth, online, clauses, begun, within)


def next_moment(condition: Condition, values: Mapping[str, Value], at_ms: int) -> int | None:
    """The first instant after `at_ms` at which time alone may change the verdict; None where it cannot.

    It only says when to look again: `evaluate` decides.
    """
    if not moves_with_time(condition):
        return None
    moments = [condition.not_before] if condition.not_before is not None else []
    if condition.window is not None and (zone := zone_named(str(values.get(TIME_ZONE, "")))) is not None:
        moments.append(next_turn(condition.window, zone, at_ms))
    moments += [
        moment for clause in clauses_of(condition) for moment in _clause_moments(clause, values, at_ms)
    ]
    return min((moment for moment in moments if moment > at_ms), default=None)


@lru_cache(REMEMBERED_MAX)
def moves_with_time(condition: Condition) -> bool:
    """Whether time alone can ever change how `condition` stands.

    Remembered, as `attributes_of` is: it only looks at which parts there are.
    """
    kinds = (ATTRIBUTES[clause.attr].kind for clause in clauses_of(condition) if clause.attr in ATTRIBUTES)
    return condition.not_before is not None or condition.window is not None or Kind.SECONDS in kinds


def clauses_of(condition: Condition) -> Iterator[Clause]:
    """Every clause of `condition`, in its order."""
    return (clause for group in condition.any for clause in group.all)


@lru_cache(REMEMBERED_MAX)
def attributes_of(condition: Condition) -> frozenset[str]:
    """The names of the attributes that `condition` looks at, besides whether its recipient is online.

    Remembered: conditions that count as equal although one says 1 and the other true have the same names.
    """
    names = {clause.attr for clause in clauses_of(condition)}
    return frozenset(names | {TIME_ZONE} if condition.window else names)


def not_offered(condition: Condition, names: Iterable[str]) -> str:
    """The first attribute because of which `condition` can never be TRUE for whom only `names` are offered; "" if none.

    An alternative that needs nothing else is enough for it to be possible.
    """
    offered = set(names)
    if condition.window is not None and TIME_ZONE not in offered:
        return TIME_ZONE
    missing = [
        next((each.attr for each in group.all if each.attr not in offered), "") for group in condition.any
    ]
    return missing[0] if missing and all(missing) else ""


def check(condition: Condition) -> None:
    """Refused, with the clause named, unless `condition` is understood whole and can come true."""
    problem = None if condition == WHEN_ONLINE else next(problems(condition), None)
    if problem is not None:
        raise problem


def problems(condition: Condition) -> Iterator[Refused]:
    """Everything that is wrong with `condition`, the gravest first; nothing where it may be sent."""
    if condition.v != 1:
        yield refusal("condition_unsupported", detail=f"version {condition.v} of the form")
    if len(condition.any) > GROUPS_MAX or sum(len(group.all) for group in condition.any) > CLAUSES_MAX:
        yield refusal("condition_too_large", groups=GROUPS_MAX, clauses=CLAUSES_MAX)
    if not 0 <= condition.dwell <= DWELL_SECONDS_MAX:
        yield refusal("dwell_out_of_range", "dwell", most=DWELL_SECONDS_MAX, seconds=condition.dwell)
    if condition.not_before is not None and not 0 <= condition.not_before <= INSTANT_MAX:
        yield refusal("condition_unknown", "not_before", detail="“not_before” is no instant")
    if condition.window is not None and window_problem(condition.window):
        yield refusal("condition_unknown", "window", detail=window_problem(condition.window))
    for place, group in enumerate(condition.any):
        yield from _group_problems(group, place)


def check_in_time(condition: Condition, now_ms: int, expires_at: int) -> None:
    """Refused, with the part named, where `condition` cannot come true before the message ends at `expires_at`."""
    left_ms = expires_at - now_ms
    if condition.dwell * 1000 >= left_ms:
        raise refusal("dwell_too_long", "dwell", seconds=condition.dwell, left=left_ms // 1000)
    if condition.not_before is not None and condition.not_before + condition.dwell * 1000 >= expires_at:
        raise refusal("begins_too_late", "not_before")


def canonical(condition: Condition) -> str:
    """`condition` as JSON text; equal conditions have equal texts."""
    return msgspec.json.encode(condition, order="sorted").decode()


def parse(text: str) -> Condition:
    """The condition that `canonical` wrote; Refused for anything that is not one."""
    try:
        return msgspec.json.decode(text, type=Condition)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise refusal("condition_unknown", detail=str(error)) from error


_ONLINE = Clause(ONLINE_STATUS, "eq", True)


def _window_truth(condition: Condition, values: Mapping[str, Value], at_ms: int) -> Truth:
    if condition.window is None:
        return True
    zone = zone_named(str(values.get(TIME_ZONE, "")))
    return None if zone is None else is_open(condition.window, zone, at_ms)


def _clause_moments(clause: Clause, values: Mapping[str, Value], at_ms: int) -> Iterator[int]:
    """When a value that grows by itself reaches what `clause` compares it with."""
    row, value = ATTRIBUTES.get(clause.attr), values.get(clause.attr)
    if row is None or row.kind is not Kind.SECONDS or not isinstance(clause.value, int):
        return
    if isinstance(value, int) and value < clause.value:
        yield (at_ms // 1000 + clause.value - value) * 1000


def _truth_of(clause: Clause, values: Mapping[str, Value]) -> Truth:
    value = values.get(clause.attr)
    holds = _MEANINGS.get(clause.op)
    if value is None or holds is None:
        return None
    return holds(value, clause.value)


def _all_of(truths: tuple[Truth, ...]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def _any_of(truths: list[Truth]) -> Truth:
    if True in truths:
        return True
    return None if None in truths else False


def _group_problems(group: Group, place: int) -> Iterator[Refused]:
    if not group.all:
        yield refusal("condition_unknown", f"{place}", detail="a group has no clause")
    clean = True
    for index, clause in enumerate(group.all):
        detail = _clause_problem(clause)
        if detail:
            clean = False
            yield refusal("condition_unknown", f"{place}.{index}", detail=detail)
    if clean:
        yield from _contradictions(group, place)


def _clause_problem(clause: Clause) -> str:
    """What is not understood in `clause`, naming it; "" where all is."""
    row, operator = ATTRIBUTES.get(clause.attr), OPERATORS.get(clause.op)
    if row is None:
        return f"there is no presence attribute “{clause.attr}”"
    if operator is None or row.kind not in operator.kinds:
        return f"“{clause.attr}” cannot be compared by “{clause.op}”"
    wanted = clause.value
    if isinstance(wanted, tuple) is not operator.many or wanted == ():
        return f"“{clause.attr} {clause.op}” takes {'a list of values' if operator.many else 'one value'}"
    for value in wanted if isinstance(wanted, tuple) else (wanted,):
        if expected(row, value) or value == "":
            return f"“{clause.attr}” is never {value!r}"
    return ""


def _contradictions(group: Group, place: int) -> Iterator[Refused]:
    """The pairs or runs of clauses in one all-of that no reading can satisfy together."""
    clauses = (*group.all, _ONLINE)
    for name in dict.fromkeys(clause.attr for clause in group.all):
        about = tuple(clause for clause in clauses if clause.attr == name)
        row = ATTRIBUTES[name]
        impossible = _clashing_texts(about) if row.kind is Kind.TEXT else not _possible(row, about)
        if impossible:
            last = max(index for index, clause in enumerate(group.all) if clause.attr == name)
            yield refusal(
                "condition_impossible", f"{place}.{last}", detail=" and ".join(map(_spelled, about))
            )


def _possible(row: Attribute, clauses: tuple[Clause, ...]) -> bool:
    """Whether some value of `row` satisfies all `clauses`; of seconds, what they name and nought are enough."""
    domain: tuple[Value, ...] = (True, False) if row.kind is Kind.BOOLEAN else row.words
    if row.kind is Kind.SECONDS:
        domain = (0, *(clause.value for clause in clauses if not isinstance(clause.value, tuple)))
    return any(all(_truth_of(clause, {row.name: value}) for clause in clauses) for value in domain)


def _clashing_texts(clauses: tuple[Clause, ...]) -> bool:
    """Whether one clause wants in the text what another keeps out of it."""
    wanted = [clause.value for clause in clauses if clause.op == "contains"]
    kept_out = [clause.value for clause in clauses if clause.op == "not_contains"]
    return any(_contains(str(want), keep) for want, keep in product(wanted, kept_out))


def _spelled(clause: Clause) -> str:
    value = clause.value
    shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
    return f"{clause.attr} {clause.op} {shown}"
