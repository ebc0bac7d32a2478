"""The condition editor: rows, and alternatives to them, as people put them together; from and to a condition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tact_desktop.state import condition_times as times
from tact_desktop.state.condition_choices import (
    ANYBODY,
    attribute_choices,
    default_value,
    fitted,
    operator_choices,
)
from tact_desktop.state.condition_times import Times
from tact_desktop.state.mark import Mark, mark_of
from tact_desktop.state.recipient import Recipient
from tact_desktop.state.wording_conditions import TOO_MANY_CLAUSES, TOO_MANY_GROUPS, fill_in, now_text
from tact_engine.core.conditions import (
    CLAUSES_MAX,
    GROUPS_MAX,
    Clause,
    Condition,
    Group,
    evaluate,
    problems,
)
from tact_engine.core.presence import USER_AVAILABILITY, Value

PRESENT_STATE = (USER_AVAILABILITY, "UserMood", "Activity")
"""What "…'s present state" takes over, where it says something."""


@dataclass(frozen=True, slots=True)
class RowDraft:
    """One row: attribute, operator, value; a tuple of values where the operator takes several."""

    attr: str
    op: str
    value: Value | tuple[Value, ...]


Card = tuple[RowDraft, ...]


@dataclass(frozen=True, slots=True)
class EditorState:
    """Card 0 is `rows`, of which all or any must hold; each further card is an "or else", all of it must hold.

    `times` holds for all of them.
    """

    match_all: bool = True
    rows: Card = ()
    alternatives: tuple[Card, ...] = ()
    times: Times = field(default_factory=Times)

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards by their number."""
        return (self.rows, *self.alternatives)


@dataclass(frozen=True, slots=True)
class RowView:
    """What stands beside a row: its mark, and "now: …"."""

    mark: Mark
    now_text: str


def from_condition(condition: Condition) -> EditorState:
    """The editor's state for `condition`; alternatives of one clause each are "any of"."""
    cards = [
        tuple(RowDraft(clause.attr, clause.op, clause.value) for clause in group.all)
        for group in condition.any
    ]
    if len(cards) > 1 and all(len(card) == 1 for card in cards):
        return EditorState(False, tuple(row for card in cards for row in card), times=times.of(condition))
    first, *others = cards or [()]
    return EditorState(True, first, tuple(others), times.of(condition))


def to_condition(state: EditorState) -> Condition:
    """What the editor asks for, whole: a row that is not filled in is refused as a condition, not left out."""
    groups = tuple(
        Group(tuple(Clause(row.attr, row.op, row.value) for row in rows)) for rows in _groups(state)
    )
    return times.put_on(Condition(any=groups), state.times)


def add_row(
    state: EditorState, card: int = 0, row: RowDraft | None = None, whom: Recipient = ANYBODY
) -> EditorState:
    """One more row in `card`, `row` or one to begin with; the very same state where there is no room."""
    if why_no_row(state, card):
        return state
    return _with_card(state, card, (*state.cards[card], row or _fresh(state.cards[card], whom)))


def remove_row(state: EditorState, card: int, index: int) -> EditorState:
    """Row `index` of `card` goes, and with its last row an alternative goes too."""
    rows = state.cards[card]
    rest = rows[:index] + rows[index + 1 :]
    return remove_alternative(state, card) if card and not rest else _with_card(state, card, rest)


def change_row(
    state: EditorState,
    card: int,
    index: int,
    *,
    attr: str | None = None,
    op: str | None = None,
    value: Value | tuple[Value, ...] | None = None,
) -> EditorState:
    """A row with another attribute (operator and value start anew), operator (the value is fitted) or value."""
    row = state.cards[card][index]
    if attr is not None and attr != row.attr:
        row = _started(attr)
    if op is not None:
        row = replace(row, op=op, value=fitted(op, row.value))
    if value is not None:
        row = replace(row, value=value)
    rows = state.cards[card]
    return _with_card(state, card, (*rows[:index], row, *rows[index + 1 :]))


def add_alternative(state: EditorState, whom: Recipient = ANYBODY) -> EditorState:
    """One more "or else" card with a row to begin with; the very same state where there is no room."""
    if why_no_alternative(state):
        return state
    return replace(state, alternatives=(*state.alternatives, (_fresh(state.cards[-1], whom),)))


def remove_alternative(state: EditorState, card: int) -> EditorState:
    """The "or else" card number `card` (from 1) goes."""
    return replace(state, alternatives=state.alternatives[: card - 1] + state.alternatives[card:])


def matched(state: EditorState, match_all: bool) -> EditorState:
    """All or any of the rows of card 0; the very same state where "any" would make too many alternatives."""
    changed = replace(state, match_all=match_all)
    return state if len(_groups(changed)) > GROUPS_MAX else changed


def why_no_row(state: EditorState, card: int = 0) -> str:
    """Why `card` cannot have one more row; "" where it can."""
    if sum(len(rows) for rows in state.cards) >= CLAUSES_MAX:
        return TOO_MANY_CLAUSES.format(most=CLAUSES_MAX)
    apart = card == 0 and (not state.match_all or not state.rows)
    return TOO_MANY_GROUPS.format(most=GROUPS_MAX) if apart and len(_groups(state)) >= GROUPS_MAX else ""


def why_no_alternative(state: EditorState) -> str:
    """Why there cannot be one more "or else"; "" where there can."""
    if sum(len(rows) for rows in state.cards) >= CLAUSES_MAX:
        return TOO_MANY_CLAUSES.format(most=CLAUSES_MAX)
    return TOO_MANY_GROUPS.format(most=GROUPS_MAX) if len(_groups(state)) >= GROUPS_MAX else ""


def editor_rows(state: EditorState, whom: Recipient) -> tuple[tuple[RowView, ...], ...]:
    """What stands beside each row of each card, as `whom` is now."""
    condition, values = to_condition(state), whom.values
    verdict = evaluate(condition, values, whom.now_ms)
    marks = [[mark_of(truth) for truth in truths] for truths in verdict.clauses]
    for problem in problems(condition):
        group, _, index = problem.clause.partition(".")
        if index:
            marks[int(group)][int(index)] = Mark.IMPOSSIBLE
    flat = iter([mark for group in marks for mark in group])
    return tuple(
        tuple(RowView(next(flat), now_text(row.attr, values)) for row in rows) for rows in state.cards
    )


def unfinished(state: EditorState) -> str:
    """What is still to be filled in, as a sentence; "" where all is."""
    rows = (row for card in state.cards for row in card)
    return next((fill_in(row.attr) for row in rows if row.value in ("", ())), times.unfinished(state.times))


def present_state(values: Mapping[str, Value]) -> Card:
    """The rows that say how a person is now, out of what the sender may see; "no mood" says nothing."""
    return tuple(
        RowDraft(attr, "eq", values[attr]) for attr in PRESENT_STATE if values.get(attr) not in (None, "NONE")
    )


def _groups(state: EditorState) -> list[Card]:
    """The cards as any-of groups of all-of rows."""
    first: Iterable[Card] = (state.rows,) if state.match_all else ((row,) for row in state.rows)
    return [rows for rows in (*first, *state.alternatives) if rows]


def _with_card(state: EditorState, card: int, rows: Card) -> EditorState:
    if card == 0:
        return replace(state, rows=rows)
    others = state.alternatives
    return replace(state, alternatives=(*others[: card - 1], rows, *others[card:]))


def _fresh(rows: Card, whom: Recipient) -> RowDraft:
    """A row over the first attribute that `whom` offers and that `rows` do not ask about yet."""
    used = {row.attr for row in rows}
    names = [choice.value for choice in attribute_choices(whom) if not choice.why_not] or [USER_AVAILABILITY]
    return _started(next((name for name in names if name not in used), names[0]))


def _started(attr: str) -> RowDraft:
    op = operator_choices(attr)[0].value
    return RowDraft(attr, op, default_value(attr))
