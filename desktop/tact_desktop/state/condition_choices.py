"""What the condition editor offers: attributes, operators and values, all read from the engine's own tables."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from tact_desktop.state.recipient import Recipient
from tact_desktop.state.wording_conditions import not_shared
from tact_desktop.state.wording_words import attribute_word, operator_word, word
from tact_engine.core.conditions import OPERATORS
from tact_engine.core.presence import ATTRIBUTES, ONLINE_STATUS, Attribute, Kind, Value

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[_T]):
    """One entry of a list: what it stands for, its word and the emoji beside it, and why it cannot be chosen."""

    value: _T
    text: str
    emoji: str = ""
    why_not: str = ""

    @property
    def label(self) -> str:
        """The word with its emoji."""
        return f"{self.emoji} {self.text}" if self.emoji else self.text


ANYBODY = Recipient()
"""Somebody who offers everything."""
IDLE_SECONDS = 300
"""What a new row about idle time begins with."""


def attribute_choices(whom: Recipient = ANYBODY) -> tuple[Choice[str], ...]:
    """Every attribute that some operator can compare, with the reason where `whom` does not offer it.

    Not whether somebody is online, for that is always needed.
    """
    return tuple(
        Choice(name, attribute_word(name), why_not=why_not_offered(name, whom))
        for name, row in ATTRIBUTES.items()
        if name != ONLINE_STATUS and _operators(row)
    )


def why_not_offered(attr: str, whom: Recipient) -> str:
    """Why no message to `whom` can wait for `attr`, as a sentence; "" where one can."""
    return "" if attr in whom.offered else f"{not_shared(whom.name, [attr], whom.unusable)}."


def operator_choices(attr: str) -> tuple[Choice[str], ...]:
    """The operators that can compare `attr`."""
    return tuple(Choice(name, operator_word(name)) for name in _operators(ATTRIBUTES[attr]))


def value_choices(attr: str) -> tuple[Choice[Value], ...]:
    """The values to choose from; none where a text or a number is to be written."""
    words = ((value, word(attr, value)) for value in _values(ATTRIBUTES[attr]))
    return tuple(Choice(value, said.label, said.emoji) for value, said in words)


def takes_seconds(attr: str) -> bool:
    """Whether `attr` is compared with a length of time."""
    return ATTRIBUTES[attr].kind is Kind.SECONDS


def takes_several(op: str) -> bool:
    """Whether `op` compares with several values."""
    return OPERATORS[op].many


def default_value(attr: str) -> Value:
    """What a new row over `attr` begins with: the first value of the list, five minutes, or an empty text."""
    if takes_seconds(attr):
        return IDLE_SECONDS
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
