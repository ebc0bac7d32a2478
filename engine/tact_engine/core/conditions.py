"""Conditions: when a message may go, written as any-of groups of all-of clauses over presence attributes.

One function decides. The engine calls `evaluate` to release a message, the composer calls the same `evaluate` to
preview it, so what a sender is promised is what happens.

Logic is Kleene's three-valued one. An attribute the sender may not see is unknown; a clause over it is unknown, and
so is its negation; only TRUE releases. Every condition has the implicit clause `OnlineStatus eq true`; a message
without a condition has just that one, so offline messaging is the same code path.

A condition is refused, never ignored: an unknown attribute, operator or value, a clause list that contradicts itself,
a kind of waiting this version cannot keep. Otherwise a message could go without what its sender asked for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from types import MappingProxyType

import msgspec
from msgspec import Struct

from tact_engine.core.errors import Refused, refusal
from tact_engine.core.presence import (
    ATTRIBUTES,
    ONLINE_STATUS,
    USER_AVAILABILITY,
    USER_MOOD,
    Attribute,
    Kind,
    Value,
    expected,
    normal_form,
)

GROUPS_MAX = 4
CLAUSES_MAX = 8

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

    `edge`, `dwell` (seconds), `not_before` (UTC milliseconds) and `window` have their place in the form; a value
    other than the default is refused until the engine can keep it.
    """

    v: int = 1
    any: tuple[Group, ...] = ()
    edge: bool = False
    dwell: int = 0
    not_before: int | None = None
    window: dict[str, object] | None = None


class Verdict(Struct, frozen=True):
    """How a condition stands: as a whole, its implicit online clause, and each clause of each group."""

    truth: Truth
    online: Truth
    clauses: tuple[tuple[Truth, ...], ...]


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


def _folded(text: str) -> str:
    """`text` as texts are compared: composed, without regard to case, runs of blanks as one."""
    return _BLANKS.sub(" ", normal_form(text).casefold())


_CHOICES = frozenset({Kind.BOOLEAN, Kind.WORD})
_TEXTS = frozenset({Kind.TEXT})
_ROWS = (
    Operator("eq", _CHOICES, False, lambda value, wanted: value == wanted),
    Operator("ne", _CHOICES, False, lambda value, wanted: value != wanted),
    Operator("in", _CHOICES, True, _within),
    Operator("not_in", _CHOICES, True, lambda value, wanted: not _within(value, wanted)),
    Operator("contains", _TEXTS, False, _contains),
    Operator("not_contains", _TEXTS, False, lambda value, wanted: not _contains(value, wanted)),
)
OPERATORS: Mapping[str, Operator] = MappingProxyType({row.name: row for row in _ROWS})
"""Every operator a clause can use. Text is compared without regard to case."""


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


def evaluate(condition: Condition, values: Mapping[str, Value]) -> Verdict:
    """How `condition` stands over `values`, one whole version of presence as its sender may see it."""
    online = _truth_of(_ONLINE, values)
    clauses = tuple(tuple(_truth_of(clause, values) for clause in group.all) for group in condition.any)
    groups = [_all_of(group) for group in clauses]
    return Verdict(_all_of((online, _any_of(groups) if groups else True)), online, clauses)


def holds(condition: Condition, values: Mapping[str, Value]) -> bool:
    """Whether `condition` is TRUE over `values`; unknown is not enough."""
    return evaluate(condition, values).truth is True


def check(condition: Condition) -> None:
    """Refused, with the clause named, unless `condition` is understood whole and can come true."""
    problem = next(problems(condition), None)
    if problem is not None:
        raise problem


def problems(condition: Condition) -> Iterator[Refused]:
    """Everything that is wrong with `condition`, the gravest first; nothing where it may be sent."""
    for part, waiting in (("v", condition.v != 1), *_later(condition)):
        if waiting:
            yield refusal("condition_unsupported", detail=part)
    if len(condition.any) > GROUPS_MAX or sum(len(group.all) for group in condition.any) > CLAUSES_MAX:
        yield refusal("condition_too_large", groups=GROUPS_MAX, clauses=CLAUSES_MAX)
    for place, group in enumerate(condition.any):
        yield from _group_problems(group, place)


def canonical(condition: Condition) -> str:
    """`condition` as JSON text; equal conditions have equal texts."""
    return msgspec.json.encode(condition, order="sorted").decode()


def parse(text: str) -> Condition:
    """The condition that `canonical` wrote; Refused for anything that is not one."""
    try:
        return msgspec.json.decode(text, type=Condition)
    except msgspec.MsgspecError as error:
        raise refusal("condition_unknown", detail=str(error)) from error


_ONLINE = Clause(ONLINE_STATUS, "eq", True)


def _later(condition: Condition) -> tuple[tuple[str, bool], ...]:
    """The parts of the form that are not kept yet, and whether `condition` asks for them."""
    return (
        ("edge", condition.edge),
        ("dwell", condition.dwell != 0),
        ("not_before", condition.not_before is not None),
        ("window", condition.window is not None),
    )


def _truth_of(clause: Clause, values: Mapping[str, Value]) -> Truth:
    value = values.get(clause.attr)
    operator = OPERATORS.get(clause.op)
    if value is None or operator is None:
        return None
    return operator.holds(value, clause.value)


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
    """Whether some value of the enumeration `row` satisfies all `clauses`."""
    domain: tuple[Value, ...] = (True, False) if row.kind is Kind.BOOLEAN else row.words
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
