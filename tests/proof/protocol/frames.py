"""Frames made from their own types: right ones, nearly right ones, and what is none.

A frame, a field or an enumeration that is new is made here as well, without anybody writing it down.
"""

import base64
import copy
import json
import random
from collections.abc import Callable
from typing import Any

from msgspec import inspect

from tact_engine.core.conditions import OPERATORS
from tact_engine.core.presence import ACTIVITIES, ATTRIBUTES, AVAILABILITIES, MOODS
from tact_engine.wire.frames import FRAMES, Side
from tests.proof.decoder.inputs import SEEDS, damaged, mutated

LISTED_MAX = 3
SHAPES = {kind: inspect.type_info(row.frame) for kind, row in FRAMES.items() if row.side is Side.CLIENT}
"""The frames that a client may send, and what their fields are."""
EXTREMES: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 1.5, -0.0, 1e300, 2**31, 2**53 - 1, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63) - 1,
    10**40, 10**4299, "", " ", "x", "x" * 65, "x" * 5_000, "\x00", "\n", "\ud800", "\u202e", "e\u0301", "😀" * 100,
    "../../etc/passwd", "NaN", "2026-01-01", "24:00", "1", "=", [], [[]], {}, {"": None}, {"a": {"b": [1, 2]}}, [None],
    ["x"] * 70, ["x", "x"], [1, 1], {f"k{number}": number for number in range(80)},
)  # fmt: skip
BODIES = (b"hello", b"x", b"\x00\xff" * 40, "“ä😀”".encode(), b"", b"x" * 16_384, b"x" * 16_385)
WEEKDAYS = (1, 2, 3, 4, 5, 6, 7)


class Words:
    """What frames are made of besides their types: people, ids of messages, the next number of a request."""

    def __init__(
        self, rng: random.Random, handles: list[str], ids: list[str], number: Callable[[], int]
    ) -> None:
        self.rng, self.handles, self.ids, self.number = rng, handles, ids, number

    def frame(self, kind: str) -> dict[str, Any]:
        """A frame of this kind, mostly a right one."""
        return {"type": kind} | self._struct(SHAPES[kind])

    def nearly(self, kind: str) -> dict[str, Any]:
        """A frame of this kind with something wrong somewhere in it."""
        frame = self.frame(kind)
        for _ in range(1 + (self.rng.random() < 0.3)):
            _spoilt(frame, self.rng)
        return frame

    def garbage(self) -> bytes:
        """What is hardly a frame."""
        if self.rng.random() < 0.5:
            data, _ = mutated(self.rng)
            return data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        clients = [seed for seed in SEEDS if seed.side is Side.CLIENT]
        return damaged(encoded(self.frame(self.rng.choice(clients).kind), self.rng), self.rng)

    # --- by type -------------------------------------------------------------------------------------------------

    def _struct(self, shape: inspect.Type) -> dict[str, Any]:
        assert isinstance(shape, inspect.StructType)
        return {
            field.encode_name: self._named(field.encode_name, field.type)
            for field in shape.fields
            if field.required or self.rng.random() < 0.4
        }

    def _named(self, name: str, shape: inspect.Type) -> Any:
        made = MEANINGS.get(name)
        return made(self) if made and self.rng.random() < 0.9 else self._value(shape)

    def _value(self, shape: inspect.Type) -> Any:
        rng = self.rng
        match shape:
            case inspect.StructType():
                return self._struct(shape)
            case inspect.UnionType(types=types):
                return self._value(rng.choice(types))
            case inspect.EnumType(cls=kind):
                return rng.choice([each.value for each in kind])
            case inspect.DictType(key_type=key, value_type=value):
                return {str(self._value(key)): self._value(value) for _ in range(rng.randrange(LISTED_MAX))}
            case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
                return [self._value(item) for _ in range(rng.randrange(LISTED_MAX))]
            case inspect.TupleType(item_types=items):
                return [self._value(item) for item in items]
            case inspect.Metadata(type=inner):
                return self._value(inner)
            case _:
                return PLAIN[type(shape)](self)

    # --- by meaning ----------------------------------------------------------------------------------------------

    def person(self) -> str:
        """Somebody, or nobody."""
        return "nobody-here" if self.rng.random() < 0.04 else self.rng.choice(self.handles)

    def people(self) -> list[str]:
        """One or two of them."""
        return self.rng.sample(self.handles, 1 if self.rng.random() < 0.8 else 2)

    def id(self) -> str:
        """A message that somebody sent, or none."""
        known = self.ids and self.rng.random() < 0.8
        return self.rng.choice(self.ids) if known else f"none-{self.rng.getrandbits(30)}"

    def attribute(self) -> str:
        """The name of an attribute, mostly of one that there is."""
        return "Shoes" if self.rng.random() < 0.03 else self.rng.choice(list(ATTRIBUTES))

    def presence(self) -> dict[str, Any]:
        """Attributes with values, which mostly fit."""
        return {
            name: self._reading(name) for name in {self.attribute() for _ in range(self.rng.randrange(4))}
        }

    def condition(self) -> dict[str, Any]:
        """A condition, mostly one that can be true."""
        one = self.rng.random()
        if one < 0.3:
            return {}
        if one < 0.8:
            return {"any": [{"all": [self._clause() for _ in range(self.rng.randrange(1, 3))]}]}
        return self._struct(inspect.type_info(_condition_type()))

    def clause(self) -> dict[str, Any]:
        """One comparison."""
        return self._clause()

    def _clause(self) -> dict[str, Any]:
        name, op = self.attribute(), self.rng.choice(list(OPERATORS))
        many = op in ("in", "not_in") and self.rng.random() < 0.9
        value = self._reading(name)
        return {"attr": name, "op": op, "value": [value] if many else value}

    def _reading(self, name: str) -> Any:
        wanted = {"UserAvailability": AVAILABILITIES, "UserMood": MOODS, "Activity": ACTIVITIES}.get(name)
        if self.rng.random() < 0.1:
            return self.rng.choice(("SAD", 5, True, None, "x" * 300))
        if wanted:
            return self.rng.choice(wanted)
        others = {"OnlineStatus": True, "Idle": 60, "TimeZone": "Europe/Helsinki"}
        return others.get(name, self.rng.choice(("", "done", "“é”", "x" * 60)))


def _condition_type() -> type:
    fields = {field.name: field.type for field in _fields_of("submit")}
    submission = fields["submission"]
    assert isinstance(submission, inspect.StructType)
    when = next(field.type for field in submission.fields if field.name == "when")
    assert isinstance(when, inspect.StructType)
    return when.cls


def _fields_of(kind: str) -> tuple[inspect.Field, ...]:
    shape = SHAPES[kind]
    assert isinstance(shape, inspect.StructType)
    return shape.fields


def in_base64(data: bytes) -> str:
    """`data` as it travels in a frame."""
    return base64.b64encode(data).decode()


def encoded(frame: Any, rng: random.Random) -> bytes:
    """`frame` as JSON in one of its spellings."""
    plain = rng.random() < 0.7
    try:
        return json.dumps(frame, ensure_ascii=plain, separators=(",", ":") if plain else None).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which can only be written with its number
        return json.dumps(frame).encode()


MEANINGS: dict[str, Callable[[Words], Any]] = {
    "request": lambda words: words.number(),
    "optional": lambda words: words.rng.random() < 0.2,
    "id": Words.id,
    "to": Words.people,
    "people": Words.people,
    "blocked": Words.people,
    "vips": Words.people,
    "body": lambda words: in_base64(words.rng.choice(BODIES[: 5 if words.rng.random() < 0.9 else None])),
    "when": Words.condition,
    "attr": Words.attribute,
    "op": lambda words: words.rng.choice(list(OPERATORS)),
    "valid_for": lambda words: words.rng.choice((60, 3_600, 86_400, 2_592_000, 59)),
    "revision": lambda words: words.rng.choice((1, 1, 2, 3)),
    "alert": lambda words: words.rng.random() < 0.15,
    "changes": Words.presence,
    "presence": Words.presence,
    "until": lambda words: (
        {words.attribute(): 4_000_000_000_000 if words.rng.random() < 0.5 else 1} if words.rng.random() < 0.3 else {}
    ),
    "rules": lambda words: {
        words.attribute(): {"see": words.rng.choice(("everyone", "nobody", "chosen"))}
        for _ in range(words.rng.randrange(3))
    },
    "v": lambda words: 1,
    "dwell": lambda words: words.rng.choice((0, 1, 60, 3_600, 3_601)),
    "not_before": lambda words: words.rng.choice((None, 0, 1_700_000_000_000, 4_000_000_000_000)),
    "start": lambda words: words.rng.choice(("00:00", "09:00", "22:00", "9:00")),
    "end": lambda words: words.rng.choice(("24:00", "17:00", "06:00")),
    "days": lambda words: words.rng.sample(WEEKDAYS, words.rng.randrange(8)),
    "copies": lambda words: {words.id(): words.rng.choice((1, 1, 2, 0)) for _ in range(words.rng.randrange(4))},
    "ids": lambda words: [words.id() for _ in range(words.rng.randrange(4))],
    "serial": lambda words: words.rng.choice((0, 1, 5)),
}  # fmt: skip
"""Field → what to put there so that it means something."""
PLAIN: dict[type, Callable[[Words], Any]] = {
    inspect.IntType: lambda words: words.rng.choice((0, 1, 2, 60, 3_600)),
    inspect.StrType: lambda words: words.rng.choice(("", "x", "ä", "text/plain", words.attribute())),
    inspect.BytesType: lambda words: in_base64(words.rng.randbytes(words.rng.choice((0, 1, 32, 64)))),
    inspect.BoolType: lambda words: words.rng.random() < 0.5,
    inspect.NoneType: lambda words: None,
}
"""Plain type → a value of it."""


# --- spoiling ------------------------------------------------------------------------------------------------------


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in `value` where something stands: its container, and its key or number there."""
    keys = (
        list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    )
    inner = [place for key in keys for place in _places(value[key])]
    return [(value, key) for key in keys] + inner


def _spoilt(frame: dict[str, Any], rng: random.Random) -> None:
    """Make one thing wrong in `frame`."""
    places = _places(frame)
    if not places:
        return
    container, key = rng.choice(places)
    how = rng.random()
    if how < 0.6:
        alike = [each for each in EXTREMES if type(each) is type(container[key])]
        container[key] = copy.deepcopy(rng.choice(alike if how < 0.4 and alike else EXTREMES))
    elif how < 0.7:
        del container[key]
    elif isinstance(container, list):
        container.extend([container[key]] * rng.choice((1, 5, 70)))
    elif how < 0.85:
        more = rng.choice(("why", "", "type", "request", "Shoes", "\ud800"))
        container[more] = copy.deepcopy(rng.choice(EXTREMES))
    else:
        other, its = rng.choice(places)
        container[key] = copy.deepcopy(other[its])
