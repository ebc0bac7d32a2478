"""What the condition editor offers: attributes, operators and values, all read from the engine's own tables."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from tact_desktop.state.wording_words import attribute_word, operator_word, value_label
from tact_engine.core.conditions import OPERATORS
from tact_engine.core.presence import ATTRIBUTES, ONLINE_STATUS, Attribute, Kind, Value

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[_T]):
    """One entry of a list: what it stands for, and its words."""

    value: _T
    text: str


def attribute_choices() -> tuple[Choice[str], ...]:
    """Every attribute that some operator can compare; not whether somebody is online, for that is always needed."""
    return tuple(
        Choice(name, attribute_word(name))
        for name, row in ATTRIBUTES.items()
        if name != ONLINE_STATUS and _operators(row)
    )


def operator_choices(attr: str) -> tuple[Choice[str], ...]:
    """The operators that can compare `attr`."""
    return tuple(Choice(name, operator_word(name)) for name in _operators(ATTRIBUTES[attr]))


def value_choices(attr: str) -> tuple[Choice[Value], ...]:
    """The values to choose from; none where a text is to be written."""
    return tuple(Choice(value, value_label(attr, value)) for value in _values(ATTRIBUTES[attr]))


def takes_several(op: str) -> bool:
    """Whether `op` compares with several values."""
    return OPERATORS[op].many


def default_value(attr: str) -> Value:
    """What a new row over `attr` begins with: the first value of the list, else an empty text."""
    return next(iter(_values(ATTRIBUTES[attr])), "")


def fitted(op: str, value: Value | tuple[Value, ...]) -> Value | tuple[Value, ...]:
    """`value` as `op` takes it: in a tuple where it takes several, the first of the tuple where it takes one."""
    if takes_several(op):
        return value if isinstance(value, tuple) else (value,)
    return next(iter(value), "") if isinstance(value, tuple) else value


def _operators(row: Attribute) -> tuple[str, ...]:
    return tuple(name for name, operator in OPERATORS.items() if row.kind in operator.kinds)


def _values(row: Attribute) -> tuple[Value, ...]:
    return (True, False) if row.kind is Kind.BOOLEAN else row.words
