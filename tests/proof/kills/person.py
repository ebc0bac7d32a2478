"""One person of a world whose engine is killed: what they do, as chance decides."""

from typing import Any

from tact_engine.client import Address
from tests.proof.kills.ledger import Ledger, Message, Told, Version
from tests.proof.kills.link import Correspondent, Request
from tests.support.bare_link import in_base64

AVAILABILITIES = ("AVAILABLE", "AVAILABLE", "DISCREET", "NOT_AVAILABLE")
MOODS = ("NONE", "NONE", "HAPPY", "ANGRY")
VALIDITIES = (60, 60, 300, 3600, 604_800, 2_592_000)
UNANSWERED_MAX = 6


class Person(Correspondent):
    """Somebody who sends to `others`, changes their mind and their mood, comes and goes."""

    def __init__(self, handle: str, others: list[str], ledger: Ledger, seed: int) -> None:
        super().__init__(handle, ledger, seed)
        self._others = others

    async def act(self, times: int, address: Address) -> None:
        """Do so many things that a person does, in an order that chance decides."""
        for _ in range(times):
            (what,) = self.chance.choices(
                (
                    self._submit,
                    self._set_presence,
                    self._edit,
                    self._withdraw,
                    self._send_now,
                    self.confirm,
                ),
                (40, 18, 12, 9, 6, 10),
            )
            if self.chance.random() < 0.06:
                await (self.leave() if self.chance.random() < 0.5 else self.drop())
                await self.come(address)
            await what()
            if len(self.unanswered) >= UNANSWERED_MAX or self.chance.random() < 0.4:
                await self.answers()
        await self.answers()

    async def _submit(self) -> None:
        to = tuple(self.chance.sample(self._others, self.chance.choice((1, 1, 1, 2, 3))))
        id = f"{self.handle}-{len(self.mine)}"
        when, valid_for = self._condition(), self.chance.choice(VALIDITIES)
        otherwise = self.chance.choice(("expire", "expire", "drafts", "deliver"))
        version = Version(1, self._text(id), when)
        told = {each: Told() for each in to}
        message = Message(id, self.handle, to, otherwise, [version], told=told)
        fields = {"id": id, "to": to, "body": in_base64(version.body.encode()), "when": when}
        frame = {
            "type": "submit",
            "submission": fields | {"valid_for": valid_for, "otherwise": otherwise},
        }
        self.ledger.messages[id] = message
        self.mine.append(message)
        await self.ask(Request(frame, message, version))

    async def _edit(self) -> None:
        message = self._choose()
        if message is None:
            return
        last = [each for each in message.versions if each.made][-1]
        change: dict[str, Any] = {}
        # A revision that nobody asked for is a second life, which waits for nothing but its recipient.
        when = last.when if message.revision == last.revision else {}
        version = Version(message.revision + 1, last.body, when)
        if self.chance.random() < 0.8:
            version.body = self._text(message.id)
            change["body"] = in_base64(version.body.encode())
        if not change or self.chance.random() < 0.3:
            version.when = change["when"] = self._condition()
        frame = {"type": "edit", "id": message.id, "revision": message.revision, "amendment": change}
        await self._change(frame, message, version)

    async def _send_now(self) -> None:
        message = self._choose()
        if message is not None:
            last = [each for each in message.versions if each.made][-1]
            version = Version(message.revision + 1, last.body, {})
            await self._change({"type": "send_now", "id": message.id}, message, version)

    async def _withdraw(self) -> None:
        message = self._choose()
        if message is not None:
            message.busy = True
            await self.ask(Request({"type": "withdraw", "id": message.id}, message))

    async def _change(self, frame: dict[str, Any], message: Message, version: Version) -> None:
        message.busy = True
        message.versions.append(version)
        await self.ask(Request(frame, message, version))

    async def _set_presence(self) -> None:
        changes = {
            "UserAvailability": self.chance.choice(AVAILABILITIES),
            "UserMood": self.chance.choice(MOODS),
        }
        self.wanted = changes
        await self.ask(Request({"type": "set_presence", "changes": changes}))

    def _choose(self) -> Message | None:
        """A message to change; of one whose last change was perhaps made, nobody could say what becomes of it."""
        able = [each for each in self.mine if each.accepted and not each.busy and not each.over]
        able = [each for each in able if all(version.made is not None for version in each.versions)]
        return self.chance.choice(able) if able else None

    def _condition(self) -> dict[str, Any]:
        kind = self.chance.randrange(7)
        any_of: list[list[tuple[str, str, Any]]] = [
            [],
            [[("UserAvailability", "eq", "AVAILABLE")]],
            [[("UserMood", "ne", "ANGRY")]],
            [
                [
                    ("UserAvailability", "in", ["AVAILABLE", "DISCREET"]),
                    ("UserMood", "not_in", ["ANGRY", "SAD"]),
                ]
            ],
            [[("UserMood", "eq", "HAPPY")], [("UserAvailability", "eq", "DISCREET")]],
            [[("UserMood", "eq", "ANGRY")]],
            [],
        ][kind]
        groups = [
            {"all": [dict(zip(("attr", "op", "value"), each, strict=True)) for each in group]}
            for group in any_of
        ]
        form: dict[str, Any] = {"any": groups}
        if self.chance.random() < 0.15:
            form["edge"] = True
        if self.chance.random() < 0.15:
            form["dwell"] = self.chance.choice((1, 5, 30))
        return form

    def _text(self, id: str) -> str:
        return f"{id} {self.chance.getrandbits(64):x} " + "x" * self.chance.choice((0, 0, 500, 6_000))
