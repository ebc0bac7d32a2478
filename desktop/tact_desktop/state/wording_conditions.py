"""The sentences for conditions: what a message waits for, how that stands, and what can never be."""

from collections.abc import Collection, Iterable, Mapping
from functools import reduce

from tact_desktop.state.recipient import Recipient
from tact_desktop.state.wording_moments import duration, hours, instant
from tact_desktop.state.wording_words import attribute_said, attribute_word, now_word, operator_word, word
from tact_engine.core.conditions import Clause, Condition, Group, Verdict
from tact_engine.core.errors import Refused
from tact_engine.core.presence import ATTRIBUTES, ONLINE_STATUS, Kind, Value

AND = "{first} and {second}"
OR_ELSE = "{first}, or else {second}"
EITHER = "either {first} or {second}"
ONE_OF = "one of {words}"
IS = "{name} is {state}"
ONLINE = "online"
OFFLINE = "offline"
NOT_SHARED = "not shared with you"
ONE_NOT_SHARED = "{name}'s {what} is not shared with you"
MANY_NOT_SHARED = "{name}'s {what} are not shared with you"
ONE_UNUSABLE = "{name}'s {what} is shown to you, but no message may wait for it"
UNUSABLE = "{name}'s {what} are shown to you, but no message may wait for them"
HAS_BEEN = "{name} has been {state} for {length}"
HAS_HELD = "{what}, for {length} without a break"
NOT_BEFORE = "{what}, not before {at}"
AT_HOURS = "{what}, {hours}"
NEXT_TIME = "{what}, the next time that becomes so"
AGAIN = "{what}, the next time"
SO_LONG = "{what} for {length}"
NOBODY = Recipient()
TOO_EARLY = "too early"
OTHER_HOURS = "outside these hours"
TOO_MANY_CLAUSES = "A condition has at most {most} rows. Remove one first."
TOO_MANY_GROUPS = "A condition has at most {most} alternatives. Remove one first."

_TEXTS = {
    "contains": ("{name}'s {what} contains “{text}”", "the {what} contains “{text}”"),
    "not_contains": ("{name}'s {what} does not contain “{text}”", "the {what} does not contain “{text}”"),
}
_OPERATOR_NOW: Mapping[Kind | None, str] = {Kind.TEXT: "contains", Kind.SECONDS: "now"}
_LENGTHS = {
    "now": "idle for {length}",
    "lt": "idle for less than {length}",
    "ge": "idle for at least {length}",
}


def clause_words(clause: Clause) -> str:
    """One clause by itself: "Mood is not Angry", "Status text contains “lunch”"."""
    say = _length if _kind(clause.attr) is Kind.SECONDS else now_word
    words = [say(clause.attr, value) for value in _values(clause)]
    return f"{attribute_word(clause.attr)} {operator_word(clause.op)} {', '.join(words)}"


def until(condition: Condition, whom: Recipient = NOBODY) -> str:
    """What a waiting message waits for, without a subject: "until not angry", "until available for 5 minutes"."""
    groups = [_joined(AND, _short(group)) for group in condition.any]
    said = f"until {_joined(OR_ELSE, groups) if groups else ONLINE}"
    if condition.dwell:
        said = SO_LONG.format(what=said, length=duration(condition.dwell))
    return _timed(said, condition, whom, AGAIN if condition.edge else "{what}")


def phrase(name: str, condition: Condition, online: bool = False) -> str:
    """The condition as a clause of a sentence: "Bob is Available and not Angry"; `online` is said where asked for."""
    groups = [_long(name, group, online) for group in condition.any]
    return _joined(OR_ELSE, groups) if groups else IS.format(name=name, state=ONLINE)


def full_phrase(condition: Condition, whom: Recipient, online: bool = False, again: bool = True) -> str:
    """The condition with all that it says of time; `again` is whether the next time is said too."""
    name = whom.name
    said = _held_phrase(name, condition, online) if condition.dwell else phrase(name, condition, online)
    return _timed(said, condition, whom, NEXT_TIME if condition.edge and again else "{what}")


def present(name: str, condition: Condition, values: Mapping[str, Value]) -> str:
    """What is so now of all that `condition` looks at: "Bob is Available and Happy"."""
    names = list(dict.fromkeys(clause.attr for group in condition.any for clause in group.all))
    now = tuple(
        Clause(attr, _OPERATOR_NOW.get(_kind(attr), "eq"), values[attr])
        for attr in names
        if values.get(attr) not in (None, "") and (values[attr] or _kind(attr) is not Kind.SECONDS)
    )
    return _long(name, Group(now), online=not now)


def now_text(attr: str, values: Mapping[str, Value]) -> str:
    """The present value beside a clause: "now: Angry"; or that it is not shared."""
    value = values.get(attr)
    return NOT_SHARED if value is None else f"now: {now_word(attr, value)}"


def now_all(condition: Condition, verdict: Verdict, values: Mapping[str, Value]) -> str:
    """The present values of what is not so yet, for brackets: "now: offline, Angry"; "" where nothing is known."""
    open_ones = [
        clause.attr
        for group, truths in zip(condition.any, verdict.clauses, strict=True)
        for clause, truth in zip(group.all, truths, strict=True)
        if truth is not True
    ]
    words = [OFFLINE] if verdict.online is False else []
    words += [TOO_EARLY] if verdict.not_before is False else []
    words += [OTHER_HOURS] if verdict.window is False else []
    words += [now_word(attr, values[attr]) for attr in dict.fromkeys(open_ones) if attr in values]
    return f"now: {', '.join(dict.fromkeys(words))}" if words else ""


def problem_text(problem: Refused, condition: Condition, name: str) -> str:
    """Why `condition` cannot be sent, about the clauses it names, and without a mark."""
    clause, rivals = _place(problem, condition)
    if clause is None:
        return problem.text
    what = attribute_said(clause.attr)
    if clause.value in ("", ()):
        return fill_in(clause.attr)
    if problem.code != "condition_impossible":
        return problem.text
    if clause.attr == ONLINE_STATUS:
        return f"Can never be true: a message arrives only while {name} is online."
    wanted = dict.fromkeys(value for rival in rivals if rival.op == "eq" for value in _values(rival))
    if len(wanted) > 1:
        both = _joined(AND, [now_word(clause.attr, value) for value in wanted])
        return f"Can never be true: {what} is both {both}."
    spelled = _joined(AND, [f"“{clause_words(rival)}”" for rival in dict.fromkeys(rivals)])
    if len(set(rivals)) == 1:
        return f"Can never be true: {spelled} leaves no value."
    return f"Can never be true: {spelled} exclude each other."


def fill_in(attr: str) -> str:
    """What to do about a row without a value."""
    row = ATTRIBUTES.get(attr)
    if row is not None and row.kind is Kind.TEXT:
        return f"Write what to look for in the {attribute_said(attr)}."
    return f"Choose at least one value for the {attribute_said(attr)}."


def not_shared(name: str, attrs: Iterable[str], unusable: Collection[str] = ()) -> str:
    """Which attributes a condition needs and cannot see: "Bob's mood is not shared with you"; or see and not use."""
    names = list(dict.fromkeys(attrs))
    words = [attribute_said(attr) for attr in names]
    only_to_see = all(attr in unusable for attr in names)
    if len(words) == 1:
        return (ONE_UNUSABLE if only_to_see else ONE_NOT_SHARED).format(name=name, what=words[0])
    return (UNUSABLE if only_to_see else MANY_NOT_SHARED).format(name=name, what=_joined(AND, words))


def _timed(said: str, condition: Condition, whom: Recipient, last: str) -> str:
    """`said` with the times of `condition`, and at the end what `last` adds."""
    if condition.not_before is not None:
        said = NOT_BEFORE.format(what=said, at=instant(condition.not_before, whom.now_ms, whom.zone))
    if condition.window is not None:
        said = AT_HOURS.format(what=said, hours=hours(condition.window, whom.name))
    return last.format(what=said)


def _place(problem: Refused, condition: Condition) -> tuple[Clause | None, list[Clause]]:
    """The clause that `problem` is about, and those of its group over the same attribute."""
    group, _, index = problem.clause.partition(".")
    if not index:
        return None, []
    clauses = condition.any[int(group)].all
    clause = clauses[int(index)]
    return clause, [each for each in clauses if each.attr == clause.attr]


def _long(name: str, group: Group, online: bool) -> str:
    """A group with its subject; states first, as one list, then what is about texts."""
    states = _states(group, online)
    parts = [IS.format(name=name, state=_joined(AND, states))] if states else []
    parts += [_text(clause, 0, name) for clause in group.all if _is_text(clause.attr)]
    return _joined(AND, parts)


def _short(group: Group) -> list[str]:
    return [
        _text(clause, 1, "") if _is_text(clause.attr) else _state(clause, named=False) for clause in group.all
    ]


def _held_phrase(name: str, condition: Condition, online: bool) -> str:
    """The condition as it must have held for a while: "Bob has been Available for 5 minutes"."""
    length = duration(condition.dwell)
    plain = phrase(name, condition, online)
    one = condition.any[0].all if len(condition.any) == 1 else ()
    if any(_is_text(clause.attr) for clause in one) or len(condition.any) > 1:
        return HAS_HELD.format(what=plain, length=length)
    state = _states(Group(one), online or not one)
    return HAS_BEEN.format(name=name, state=_joined(AND, state), length=length)


def _states(group: Group, online: bool) -> list[str]:
    """What a group says of states, as it stands after "Bob is"."""
    states = [_state(clause, named=True) for clause in group.all if not _is_text(clause.attr)]
    return [ONLINE, *states] if online and ONLINE not in states else states


def _state(clause: Clause, named: bool) -> str:
    """A clause over words: "not Angry", "either Available or Discreet", "not Angry and not Sad"; or over seconds."""
    if clause.op in _LENGTHS and not isinstance(clause.value, tuple):
        return _LENGTHS[clause.op].format(length=_length(clause.attr, clause.value))
    words = [word(clause.attr, value) for value in _values(clause)]
    if clause.op in ("ne", "not_in"):
        return _joined(AND, [each.not_named if named else each.not_said for each in words])
    said = [each.named if named else each.said for each in words]
    if len(said) > 2:
        return ONE_OF.format(words=", ".join(said))
    return _joined(EITHER, said)


def _text(clause: Clause, form: int, name: str) -> str:
    """A clause over a text; one with an operator that is not known is shown as it is."""
    if clause.op not in _TEXTS:
        return clause_words(clause)
    text = ", ".join(map(str, _values(clause)))
    return _TEXTS[clause.op][form].format(name=name, what=attribute_said(clause.attr), text=text)


def _is_text(attr: str) -> bool:
    return _kind(attr) is Kind.TEXT


def _kind(attr: str) -> Kind | None:
    """The kind of an attribute; None for one that is not known."""
    row = ATTRIBUTES.get(attr)
    return row.kind if row else None


def _length(_: str, seconds: Value) -> str:
    """A number of seconds in words; anything else as it is."""
    return duration(seconds) if isinstance(seconds, int) else str(seconds)


def _values(clause: Clause) -> tuple[Value, ...]:
    return clause.value if isinstance(clause.value, tuple) else (clause.value,)


def _joined(template: str, parts: Iterable[str]) -> str:
    """`parts` in one, two by two; "" where there are none."""
    every = list(parts)
    return reduce(lambda first, second: template.format(first=first, second=second), every) if every else ""
