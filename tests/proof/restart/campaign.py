"""Restart: thousands of messages wait when a real engine is killed; the next one hands over what may go.

They are handed in over real links, under conditions of which some are true once their recipient signs in. After the
kill nobody does anything but sign in: that alone must bring every message whose condition is true, in the order in
which its sender handed it in, and leave the rest where it is.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

import msgspec
from picows import WSFrame, WSTransport, ws_connect

from tact_engine.net.certificate import client_context
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import SetPresence
from tests.bench.driving import pipelined
from tests.bench.fast_link import DELIVER, FastLink, new_key, signed_in
from tests.proof.campaigns import Verdict
from tests.support.bare_link import in_base64
from tests.support.engine_process import EngineProcess

SENDERS = tuple(f"sender-{number}" for number in range(5))
RECIPIENTS = tuple(f"recipient-{number}" for number in range(20))
HANDED_IN_AT_ONCE = 5_000
SILENT_SECONDS_MAX = 20
"""Nobody who is still owed something hears nothing for so long, and as much again for each 10,000 messages."""
OPTIONS = tuple(
    part
    for limit in ("held_per_pair_max=9000000", "held_per_sender_max=9000000", "ballast_mib=0")
    for part in ("--limit", limit)
)


def run(count: int, seed: int) -> Verdict:
    """`count` messages wait in one engine, in a mixture that follows from `seed`."""
    again = f"(python3 dev soak restart --seed {seed} --count {count})"
    with tempfile.TemporaryDirectory(prefix="tact-restart-") as folder:
        scene = Scene(Path(folder) / "data", _messages(count, seed))
        try:
            asyncio.run(scene.live())
        except (AssertionError, TimeoutError, OSError) as error:
            scene.broken.append(f"the engine did not do its part: {error!r}")
        finally:
            scene.engine.clean_up()
    return Verdict(count, tuple(f"{each} {again}" for each in scene.broken[:5]), scene.met)


def _when(*clauses: tuple[str, str, Any], **rest: object) -> dict[str, Any]:
    group = {"all": [dict(zip(("attr", "op", "value"), clause, strict=True)) for clause in clauses]}
    return {"any": [group] if clauses else []} | rest


PRESENCE = {"UserAvailability": "AVAILABLE", "UserMood": "HAPPY", "StatusText": "back again"}
GOES: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "online": _when(),
        "available": _when(("UserAvailability", "eq", "AVAILABLE")),
        "not angry, the next time": _when(("UserMood", "ne", "ANGRY"), edge=True),
        "back": _when(("StatusText", "contains", "BACK"), ("Activity", "in", ["NONE", "BREAK"])),
    }
)
"""What is true of somebody who signs in with PRESENCE."""
STAYS: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        "sad": _when(("UserMood", "eq", "SAD")),
        "discreet": _when(("UserAvailability", "eq", "DISCREET")),
        "happy for an hour": _when(("UserMood", "eq", "HAPPY"), dwell=3600),
    }
)
"""What is not true of them."""
CONDITIONS = {**GOES, **STAYS}


@dataclass(frozen=True, slots=True)
class Held:
    """A message that waits: the number is its place among those of its sender."""

    sender: str
    number: int
    recipient: str
    name: str

    @property
    def id(self) -> str:
        """Its id, which says whose it is and in which place."""
        return f"{self.sender}-{self.number}"

    def frame(self) -> bytes:
        """How its sender hands it in."""
        submission = {
            "id": self.id,
            "to": [self.recipient],
            "body": in_base64(f"text of {self.id}".encode()),
            "when": CONDITIONS[self.name],
        }
        return msgspec.json.encode({"type": "submit", "request": 1, "submission": submission})


class _Told(msgspec.Struct):
    id: str


class _Deliver(msgspec.Struct):
    deliveries: list[_Told]


_DELIVER = msgspec.json.Decoder(_Deliver)


class Recipient(FastLink):
    """A link that keeps the ids that arrive, in order and each once, and acknowledges them."""

    def __init__(self, handle: str) -> None:
        super().__init__(handle)
        self.ids: dict[str, None] = {}
        self.heard = asyncio.Event()
        self.done = asyncio.Event()
        self.on_done = self.done.set

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Called by picows for each frame."""
        data = frame.get_payload_as_bytes()
        if data.startswith(DELIVER):
            self.ids.update((each.id, None) for each in _DELIVER.decode(data).deliveries)
            self.heard.set()
        super().on_ws_frame(transport, frame)

    async def next_sign(self, seconds: float) -> None:
        """Until something is heard; TimeoutError where that takes longer than `seconds`."""
        await asyncio.wait_for(self.heard.wait(), seconds)
        self.heard.clear()


class Scene:
    """One data folder, an engine that is killed over it, and what was seen after that."""

    def __init__(self, data: Path, held: "list[Held]") -> None:
        self.engine = EngineProcess(data, *OPTIONS)
        self.broken: list[str] = []
        self.met = Counter({"arrived": 0, "stayed": 0, "milliseconds of the start after it": 0})
        self._held = held
        self._keys = {handle: new_key() for handle in (*SENDERS, *RECIPIENTS)}
        self._patience = SILENT_SECONDS_MAX * (1 + len(held) / 10_000)

    async def live(self) -> None:
        """Hand everything in, kill the engine, start it, let all recipients sign in, and compare."""
        self.engine.start()
        await asyncio.gather(*(self._come_and_go(handle) for handle in RECIPIENTS))
        await asyncio.gather(*(self._hand_in(handle) for handle in SENDERS))
        self.engine.kill()
        started = time.monotonic()
        self.engine.start()
        self.met["milliseconds of the start after it"] += round((time.monotonic() - started) * 1000)
        await asyncio.gather(*(self._receive(handle) for handle in RECIPIENTS))
        assert (self.engine.stop(), self.engine.said) == (0, ""), self.engine.said
        self._check_rest()

    async def _come_and_go(self, handle: str) -> None:
        link = await signed_in(self.engine, handle, self._keys[handle])
        await link.leave()

    async def _hand_in(self, handle: str) -> None:
        """Some at a time, so that their frames need little memory."""
        link = await signed_in(self.engine, handle, self._keys[handle])
        mine = (each.frame() for each in self._held if each.sender == handle)
        while frames := list(islice(mine, HANDED_IN_AT_ONCE)):
            await pipelined(link, frames)
        await link.leave()

    async def _receive(self, handle: str) -> None:
        """Sign in, do nothing else, and get what may go."""
        due = [each for each in self._held if each.recipient == handle and each.name in GOES]
        link = Recipient(handle)
        url = f"wss://{self.engine.host}:{self.engine.port}/"
        await ws_connect(lambda: link, url, ssl_context=client_context(), server_hostname="tact")
        await link.sign_in(self._keys[handle], **PRESENCE)
        try:
            while len(link.ids) < len(due):
                await link.next_sign(self._patience)
        except TimeoutError:
            missing = [each.id for each in due if each.id not in link.ids]
            self.broken.append(f"I4, prompt: {handle} still waits for {len(missing)}, such as {missing[:3]}")
        link.say(encode(SetPresence(1, {})))
        await asyncio.wait_for(link.done.wait(), self._patience)
        self.met["arrived"] += len(link.ids)
        self._check_arrived(handle, due, list(link.ids))
        await link.leave()

    def _check_arrived(self, handle: str, due: "list[Held]", ids: list[str]) -> None:
        """All that may go has come and nothing else, in the order of acceptance for each sender."""
        early = set(ids) - {each.id for each in due}
        if early:
            self.broken.append(f"I2, never early: {handle} got {sorted(early)[:3]}")
        for sender in SENDERS:
            wanted = [each.id for each in due if each.sender == sender]
            got = [id for id in ids if id.rpartition("-")[0] == sender and id not in early]
            if len(got) == len(wanted) and got != wanted:
                first = next(pair for pair in zip(got, wanted, strict=True) if pair[0] != pair[1])
                self.broken.append(f"I8, ordered: {handle} got {first[0]} where {first[1]} was next")

    def _check_rest(self) -> None:
        """What may not go is still there, and nothing else."""
        wanted = {each.id for each in self._held if each.name in STAYS}
        database = sqlite3.connect(self.engine.data / "engine.db")
        try:
            rows = database.execute(
                "SELECT id FROM message JOIN waiting USING (number) JOIN body USING (number)"
            )
            waiting = {id for (id,) in rows}
        finally:
            database.close()
        self.met["stayed"] += len(waiting)
        if waiting != wanted:
            some = sorted(waiting ^ wanted)[:3]
            self.broken.append(f"I1, durable: {len(wanted)} should wait, {len(waiting)} do; such as {some}")


def _messages(count: int, seed: int) -> "list[Held]":
    chance, names = Random(seed), tuple(CONDITIONS)
    return [
        Held(SENDERS[number % len(SENDERS)], number, chance.choice(RECIPIENTS), chance.choice(names))
        for number in range(count)
    ]
