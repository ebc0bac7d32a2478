"""The ways in which a text comes to its end: what its sender and its recipients do at each step."""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random
from string import ascii_letters
from types import MappingProxyType
from typing import Any

from tests.support.bare_link import BareLink, bare_link, in_base64, new_key
from tests.support.engine_process import EngineProcess

PIECE_BYTES = 12
"""Twelve bytes are sixteen in base64, wherever in a text they begin at a multiple of twelve."""
PIECES_MAX = 8
SIZES = (24, 300, 2_400, 4_092, 8_196, 16_380)
HOUR = 3600


class Canary:
    """One text, its sender and its recipients. Everything about it follows from its number."""

    def __init__(self, number: int) -> None:
        self.number, self.chance = number, Random(number)
        names = tuple(WAYS)
        self.way = WAYS[names[number % len(names)]]
        self.body = self._letters(self.chance.choice(SIZES))
        starts = range(0, len(self.body), PIECE_BYTES)
        some = {starts[0], starts[-1], *self.chance.sample(starts, min(PIECES_MAX, len(starts)))}
        self.pieces = tuple(self.body[start : start + PIECE_BYTES].encode() for start in sorted(some))
        self.word = self._letters(24)
        self.id = f"canary-{number}"
        self.tom, self.mary, self.john = (f"{name}-{number}" for name in ("tom", "mary", "john"))
        self.to = (self.mary, self.john) if self.way.for_two else (self.mary,)
        self.copies: dict[str, dict[str, Any]] = {}
        self._keys = {handle: new_key() for handle in (self.tom, self.mary, self.john)}
        self._links: dict[str, BareLink] = {}
        self._open = AsyncExitStack()

    def __repr__(self) -> str:
        return f"canary {self.number} ({self.way.name}, {len(self.body)} bytes)"

    # --- the steps -------------------------------------------------------------------------------------------------

    async def begin(self, engine: EngineProcess) -> None:
        """The text waits for people who have been here once."""
        for handle in self.to:
            await self.come(handle, engine)
            await self.go(handle)
        op = "contains" if self.way.never else "not_contains"
        clause = {"attr": "StatusText", "op": op, "value": self.word}
        sender = await self.come(self.tom, engine)
        answer = await sender.ask(
            {
                "type": "submit",
                "submission": {
                    "id": self.id,
                    "to": self.to,
                    "body": in_base64(self.body.encode()),
                    "when": {"any": [{"all": [clause]}]},
                    "valid_for": HOUR if self.way.is_short else 100 * HOUR,
                    "otherwise": "deliver" if self.way.second else "expire",
                },
            }
        )
        assert answer["type"] == "done", answer

    async def go_on(self, engine: EngineProcess) -> None:
        """What happens to it at first."""
        await self.way.at_first(self, engine)

    async def after_an_hour(self, engine: EngineProcess) -> None:
        """Its sender hears what time has done."""
        del engine
        if self.way.is_short:
            await self.news("held" if self.way.second else "expired", second=self.way.second)

    async def finish(self, engine: EngineProcess) -> None:
        """What happens to it in the end."""
        await self.way.at_last(self, engine)

    async def leave(self, engine: EngineProcess | None = None) -> None:
        """Let go of all links."""
        del engine
        for link in self._links.values():
            link.socket.transport.abort()
        self._links = {}
        await self._open.aclose()

    # --- what people do --------------------------------------------------------------------------------------------

    async def come(self, handle: str, engine: EngineProcess) -> BareLink:
        """Sign in."""
        link = await self._open.enter_async_context(bare_link(engine.address))
        answer = await link.sign_in(handle, self._keys[handle])
        assert answer["type"] == "welcome", answer
        self._links[handle] = link
        return link

    async def go(self, handle: str) -> None:
        """Sign out."""
        link = self._links.pop(handle)
        await link.say({"type": "sign_out"})
        await link.rest()

    async def receive(self, handle: str, engine: EngineProcess) -> None:
        """Sign in and get the text, whole."""
        link = await self.come(handle, engine)
        (copy,) = (await link.hear("deliver"))["deliveries"]
        assert copy["id"] == self.id
        if self.way.is_same:
            assert copy["body"] == in_base64(self.body.encode()), f"{self} came with another text"
        self.copies[handle] = copy

    async def acknowledge(self, handle: str) -> None:
        """Acknowledge the copy, until the engine has surely heard it."""
        link = self._links[handle]
        await link.acknowledge([self.copies[handle]])
        await link.ask({"type": "set_presence", "changes": {}})

    async def ask(self, type: str, **fields: object) -> list[str]:
        """The sender asks something about the message; its states."""
        answer = await self._links[self.tom].ask({"type": type, "id": self.id} | fields)
        assert answer["type"] == "done", answer
        return [each["state"] for each in answer["receipts"]]

    async def news(self, state: str, *, second: bool = False) -> None:
        """Until the sender is told this."""
        while True:
            frame = await self._links[self.tom].hear("news")
            if any(
                each["state"] == state and each.get("second", False) == second for each in frame["receipts"]
            ):
                return

    def _letters(self, count: int) -> str:
        return "".join(self.chance.choices(ascii_letters, k=count))


async def _nothing(canary: Canary, engine: EngineProcess) -> None:
    del canary, engine


async def _arrive(canary: Canary, engine: EngineProcess) -> None:
    await canary.receive(canary.mary, engine)
    await canary.acknowledge(canary.mary)


async def _leave_unacknowledged(canary: Canary, engine: EngineProcess) -> None:
    await canary.receive(canary.mary, engine)


async def _leave_and_get_lost(canary: Canary, engine: EngineProcess) -> None:
    await canary.receive(canary.mary, engine)
    await canary.go(canary.mary)


async def _acknowledge_late(canary: Canary, engine: EngineProcess) -> None:
    await canary.come(canary.mary, engine)
    await canary.come(canary.tom, engine)
    await canary.acknowledge(canary.mary)
    await canary.news("delivered")


async def _withdraw(canary: Canary, engine: EngineProcess) -> None:
    del engine
    assert await canary.ask("withdraw") == ["withdrawn"]


async def _come_and_withdraw(canary: Canary, engine: EngineProcess) -> None:
    await canary.come(canary.tom, engine)
    await _withdraw(canary, engine)


async def _edit(canary: Canary, engine: EngineProcess) -> None:
    del engine
    change = {"body": in_base64(b"harmless")}
    assert await canary.ask("edit", revision=1, amendment=change) == ["held"]


async def _make_an_alert(canary: Canary, engine: EngineProcess) -> None:
    del engine
    assert await canary.ask("edit", revision=1, amendment={"alert": True}) == ["held"]


async def _send_now(canary: Canary, engine: EngineProcess) -> None:
    assert await canary.ask("send_now") == ["held"]
    await _arrive(canary, engine)


async def _withdraw_from_the_other(canary: Canary, engine: EngineProcess) -> None:
    await _arrive(canary, engine)
    assert await canary.ask("withdraw") == ["delivered", "withdrawn"]


async def _arrive_at_the_other(canary: Canary, engine: EngineProcess) -> None:
    await canary.receive(canary.john, engine)
    await canary.acknowledge(canary.john)


Step = Callable[[Canary, EngineProcess], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Way:
    """One row: what happens before and after an hour and a kill. `lasts`: the text still waits between the two.

    `is_short`: its validity is that hour. `second`: it then has a second life. `never`: its condition is never true.
    `is_same`: it arrives as it was written.
    """

    name: str
    at_first: Step
    at_last: Step = _nothing
    lasts: bool = False
    is_short: bool = False
    second: bool = False
    for_two: bool = False
    never: bool = False
    is_same: bool = True

    @property
    def waits_on(self) -> bool:
        """Whether the text still waits after what happens at first."""
        return self.lasts or self.is_short


_ROWS = (
    Way("acknowledged", _arrive),
    Way("expired", _nothing, is_short=True),
    Way("withdrawn", _withdraw),
    Way("edited away", _edit, _arrive, is_same=False),
    Way("turned into an alert", _make_an_alert, _come_and_withdraw),
    Way("arrived in its second life", _nothing, _arrive, lasts=True, is_short=True, second=True),
    Way("expired in its second life", _nothing, lasts=True, is_short=True, second=True, never=True),
    Way("killed before the acknowledgement", _leave_unacknowledged, _arrive, lasts=True),
    Way("expired, then acknowledged", _leave_and_get_lost, _acknowledge_late, is_short=True),
    Way("sent now", _send_now, never=True),
    Way("one has it, the other later", _arrive, _arrive_at_the_other, lasts=True, for_two=True),
    Way("one has it, taken back from the other", _withdraw_from_the_other, for_two=True),
    Way("withdrawn after a kill", _nothing, _come_and_withdraw, lasts=True),
)
WAYS: Mapping[str, Way] = MappingProxyType({each.name: each for each in _ROWS})
"""Every way by its name."""
