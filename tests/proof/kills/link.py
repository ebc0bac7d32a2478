"""The link of one person to an engine that is killed, and the store of theirs that survives it."""

import asyncio
import base64
import json
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from websockets.exceptions import ConnectionClosed, WebSocketException

from tact_engine.client import Address
from tests.proof.kills.ledger import DEFAULTS, Ledger, Message, Presence, Version
from tests.support.bare_link import BareLink, bare_link, new_key

ANSWER_SECONDS_MAX = 40
TOO_LATE = ("already_released", "already_ended", "revision_mismatch", "dwell_too_long")
AUDITED = 4


class Gone(Exception):
    """The link is lost."""


@dataclass(eq=False)
class Request:
    """Something asked of the engine, until it is answered; `tries` counts the links on which it was asked."""

    frame: dict[str, Any]
    message: Message | None = None
    version: Version | None = None
    tries: int = 0
    sent_at: int = 0
    acknowledged: int = 0
    noted: int = 0


class Correspondent:
    """What somebody has stored, and the link they have at the time. `on_event` is called after each thing they see."""

    def __init__(self, handle: str, ledger: Ledger, seed: int) -> None:
        self.handle = handle
        self.chance = Random(f"{seed} {handle}")
        self.ledger, self._key = ledger, new_key()
        self.on_event: Callable[[], None] = lambda: None
        # What survives: it is written before anything is said about it.
        self.mine: list[Message] = []
        self.unanswered: list[Request] = []
        self._stored: dict[str, int] = {}
        self._settled: set[str] = set()
        self._settled_serial = 0
        self._serials: dict[int, tuple[str, str]] = {}
        self._sequence = 0
        self.wanted: Presence = dict(DEFAULTS)
        # What belongs to one link.
        self._presence: Presence = dict(DEFAULTS)
        self._numbers: dict[int, Request] = {}
        self._to_acknowledge: list[str] = []
        self._acknowledged: list[str] = []
        self._to_note = self._noted = self._sealed = self._number = self._told_serial = 0
        self.engine_ms = 0
        self._link: BareLink | None = None
        self._open = AsyncExitStack()
        self._listening: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    # --- coming and going ------------------------------------------------------------------------------------------

    async def come(self, address: Address, presence: Presence | None = None) -> None:
        """Sign in, ask again what was not answered, and see that the engine still knows what it has accepted."""
        self.wanted = dict(presence or self.wanted)
        self._numbers, self._to_acknowledge, self._acknowledged = {}, [], []
        self._to_note = self._noted = self._told_serial = 0
        self._sealed = self.ledger.tick
        try:
            self._link = await self._open.enter_async_context(bare_link(address))
            answer = await self._link.sign_in(self.handle, self._key, presence=self.wanted)
        except (OSError, EOFError, WebSocketException, TimeoutError) as error:
            await self._open.aclose()
            raise Gone from error
        if answer["type"] != "welcome":
            self.ledger.breaks("I1, durable", f"{self.handle} was not let in: {answer}")
        self._presence, self.engine_ms = dict(self.wanted), answer["now"]
        self._listening = asyncio.create_task(self._listen(self._link))
        for request in tuple(self.unanswered):
            self.ledger.met["asked again"] += 1
            await self.ask(request)
        waiting = [each for each in self.mine if each.accepted and not each.over]
        for message in self.chance.sample(waiting, min(AUDITED, len(waiting))):
            await self.ask(Request({"type": "explain", "id": message.id}, message))
        await self.answers()

    async def leave(self) -> None:
        """Sign out in good order."""
        await self.answers()
        await self._say({"type": "sign_out"})
        assert self._listening is not None
        await asyncio.wait((self._listening,), timeout=ANSWER_SECONDS_MAX)
        await self.drop()

    async def drop(self) -> None:
        """Lose the link without a word."""
        if self._link is not None:
            self._link.socket.transport.abort()
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        await self._open.aclose()
        self._link = self._listening = None
        # Presence is not asked again: it travels with the next sign-in, as it was in the end.
        self.unanswered = [
            each for each in self.unanswered if each.frame["type"] not in ("set_presence", "explain")
        ]

    async def settle(self) -> None:
        """Acknowledge and note everything, until the engine has surely heard it."""
        await self.confirm()
        await self.ask(Request({"type": "set_presence", "changes": {}}))
        await self.answers()

    async def look_at_the_clock(self) -> int:
        """What the engine's clock says by now, in `engine_ms`."""
        before = self.engine_ms
        self.engine_ms = 0
        text = f"{before} {self._number}"
        await self.ask(Request({"type": "set_presence", "changes": {"StatusText": text}}))
        await self._until(lambda: self.engine_ms > 0)
        await self.answers()
        return self.engine_ms

    async def answers(self) -> None:
        """Until everything that was asked is answered."""
        await self._until(lambda: not self.unanswered)

    async def confirm(self) -> None:
        """Acknowledge what is stored, tell of some of it that it was read, and note the news."""
        if self._to_acknowledge:
            copies = {id: self._stored[id] for id in self._to_acknowledge}
            self._acknowledged += self._to_acknowledge
            self._to_acknowledge = []
            for id, revision in copies.items():
                self.ledger.kept[id, self.handle] = revision
            await self._say({"type": "acknowledge", "copies": copies})
            shown = [id for id in copies if self.chance.random() < 0.3]
            self.ledger.read.update((id, self.handle) for id in shown)
            await self._say({"type": "mark_read", "ids": shown})
        if self._to_note > self._noted:
            self._noted = self._to_note
            await self._say({"type": "note", "serial": self._noted})

    # --- the link --------------------------------------------------------------------------------------------------

    async def ask(self, request: Request) -> None:
        """Ask something, for the first time or again; who wants the answer waits for `answers`."""
        self._number += 1
        request.tries += 1
        request.sent_at, request.acknowledged = self.ledger.tick, len(self._acknowledged)
        request.noted = self._noted
        if request not in self.unanswered:
            self.unanswered.append(request)
        self._numbers[self._number] = request
        await self._say(request.frame | {"request": self._number})

    async def _say(self, frame: dict[str, Any]) -> None:
        if self._link is None or self._link.socket.transport.is_closing():
            raise Gone
        try:
            await self._link.say(frame)
        except ConnectionClosed as error:
            raise Gone from error
        self.ledger.tick += 1
        self.on_event()

    async def _until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            while not true():
                if self._listening is None or self._listening.done():
                    raise Gone
                self._changed.clear()
                await self._changed.wait()

    async def _listen(self, link: BareLink) -> None:
        try:
            while True:
                frame = json.loads(await link.socket.recv())
                self.ledger.tick += 1
                await self._hear(frame)
                self._changed.set()
                self.on_event()
        except (ConnectionClosed, Gone):
            pass
        finally:
            self._changed.set()

    async def _hear(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "done" | "refused":
                self._answered(frame)
            case "deliver":
                self._arrived(frame)
                if self.chance.random() < 0.6:
                    await self.confirm()
            case "news":
                self._told(frame["receipts"])
                if self.chance.random() < 0.7:
                    await self.confirm()
            case "people":
                for person in frame["people"]:
                    if person["handle"] == self.handle and "StatusText" in person["readings"]:
                        self.engine_ms = self.engine_ms or person["readings"]["StatusText"]["since"]
            case _:
                pass

    def _answered(self, frame: dict[str, Any]) -> None:
        request = self._numbers.pop(frame["request"])
        self.unanswered.remove(request)
        self._sealed = max(self._sealed, request.sent_at)
        self._settled.update(self._acknowledged[: request.acknowledged])
        self._settled_serial = max(self._settled_serial, request.noted)
        if frame["type"] == "refused":
            self._refused(request, frame)
            return
        what, message = request.frame["type"], request.message
        if what == "set_presence":
            self._presence = self._presence | {
                name: value for name, value in request.frame["changes"].items() if name in DEFAULTS
            }
        if message is None:
            return
        message.busy = False
        if what == "submit":
            message.accepted = True
        if request.version is not None:
            request.version.made = True
            self.ledger.met[f"answered: {what}"] += 1
        receipts = frame.get("receipts", [])
        if [each["recipient"] for each in receipts] != list(message.to):
            self.ledger.breaks("I1, durable", f"the answer to {request.frame} tells of {receipts}")
        if what == "withdraw" and any(each["state"] == "held" for each in receipts):
            self.ledger.breaks("I7, atomic", f"taking {message.id} back was answered by {receipts}")
        for receipt in receipts:
            self.ledger.told(receipt)

    def _refused(self, request: Request, frame: dict[str, Any]) -> None:
        what, message = request.frame["type"], request.message
        if what not in ("edit", "send_now", "withdraw") or frame["code"] not in TOO_LATE:
            self.ledger.breaks(
                "I1, durable", f"{self.handle} asked {request.frame}, and was refused: {frame}"
            )
        self.ledger.met["too late"] += 1
        if message is not None:
            message.busy = False
        if request.version is not None:
            # What was asked before may have been done, and then be too late for the second time.
            request.version.made = None if request.tries > 1 else False
            request.version.refused = frame["code"]

    def _arrived(self, frame: dict[str, Any]) -> None:
        self.ledger.moves += 1
        for copy in frame["deliveries"]:
            id, sequence = copy["id"], copy["sequence"]
            body = base64.b64decode(copy["body"]).decode()
            if sequence <= self._sequence:
                self.ledger.breaks(
                    "I8, ordered", f"{self.handle} got {id} as {sequence} after {self._sequence}"
                )
            self._sequence = max(self._sequence, sequence)
            if id in self._settled:
                self.ledger.breaks("I5, shown once", f"{self.handle} got {id} again after acknowledging it")
            self.ledger.arrived(self.handle, copy, body, self._presence, self._sealed)
            self.ledger.met["came again" if id in self._stored else "came"] += 1
            self._stored.setdefault(id, copy.get("revision", 1))
            self._to_acknowledge.append(id)
        written = [copy["written_at"] for copy in frame["deliveries"]]
        if written != sorted(written):
            self.ledger.breaks("I8, ordered", f"a batch for {self.handle} is not in the order of acceptance")

    def _told(self, receipts: list[dict[str, Any]]) -> None:
        self.ledger.moves += 1
        for receipt in receipts:
            serial, about = receipt["serial"], (receipt["id"], receipt["recipient"])
            if serial <= max(self._settled_serial, self._told_serial):
                self.ledger.breaks("N3, told once", f"{self.handle} was told {receipt} again")
            if self._serials.setdefault(serial, about) != about:
                self.ledger.breaks("N3, told once", f"news {serial} are of {about} and of another")
            self._told_serial = self._to_note = serial
            self.ledger.told(receipt, by_news=True)
