"""Everybody at once: a whole office signs in within seconds, drops off without a word, and comes back, again and again.

Messages wait for each of them whenever they come. Some cut their link before they have signed in, some before they
hear the answer, some hear what waited and acknowledge nothing. Meanwhile two bystanders chat.
"""

import asyncio
import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tact_engine.accounts.device import DeviceKey
from tests.proof.bystanders import bystanders
from tests.proof.campaigns import Verdict
from tests.support.bare_link import BareLink, bare_link, new_key, submission
from tests.support.engine_process import EngineProcess

PEOPLE = 250
GROUP = 50
GRACE_SECONDS = 11
HANG_SECONDS = 60
MANNERS = {"signs in": 70, "cuts the link at once": 8, "hears no welcome": 8, "acknowledges nothing": 14}
"""How people come, and how many of a hundred."""
REFUSED = "refused"


def run(count: int, seed: int) -> Verdict:
    """So many sign-ins, in waves of as many people as there are."""
    with tempfile.TemporaryDirectory(prefix="tact-storm-") as folder:
        engine = EngineProcess(
            Path(folder) / "engine", "--driven-clock", "--limit=held_per_sender_max=100000"
        ).start()
        try:
            storm = Storm(engine, Random(seed))
            with bystanders(engine.address) as pair:
                asyncio.run(storm.blow(count))
            problems = [*storm.problems, *([pair.said] if pair.said else []), *_complaints(engine)]
            if (engine.stop(), engine.said) != (0, ""):
                problems.append(f"the engine ended badly: {engine.said}")
        finally:
            engine.clean_up()
    replay = f"(see it again: python3 dev soak storm --seed {seed} --count {count})"
    met = dict.fromkeys(MANNERS, 0) | storm.met | pair.met()
    return Verdict(count, tuple(f"{each} {replay}" for each in problems), met)


class Storm:
    """The people, what was sent to each, and what each has surely acknowledged."""

    def __init__(self, engine: EngineProcess, chance: Random) -> None:
        self.problems: list[str] = []
        self.met: Counter[str] = Counter()
        self._engine, self._chance = engine, chance
        self._people: dict[str, DeviceKey] = {}
        self._sent: defaultdict[str, set[str]] = defaultdict(set)
        self._stored: defaultdict[str, set[str]] = defaultdict(set)
        self._last: defaultdict[str, int] = defaultdict(int)
        self._arrived: set[tuple[str, str]] = set()
        self._online: set[str] = set()
        self._waiting = 0

    async def blow(self, count: int) -> None:
        """Waves of sign-ins, until there were `count` of them."""
        self._people = {f"p{number:03}": new_key() for number in range(min(count, PEOPLE))}
        async with bare_link(self._engine.address) as post:
            await post.sign_in("post", new_key())
            listening = asyncio.create_task(self._hear_news(post))
            open_before = self._open_files()
            try:
                async with asyncio.timeout(HANG_SECONDS + count / 100):
                    await self._waves(post, count)
                    await self._calm(post, open_before)
            except TimeoutError:
                missing = {who for who in self._people if self._sent[who] - self._stored[who]}
                self.problems.append(
                    f"I4: the storm never ended; {len(missing)} people lack something: {self.met}"
                )
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _waves(self, post: BareLink, count: int) -> None:
        waves = -(-count // len(self._people))
        for wave in range(waves):
            is_last, people = wave == waves - 1, list(self._people)
            self._chance.shuffle(people)
            if is_last:
                people = people[: count - wave * len(people)]
            manners = self._chance.choices(list(MANNERS), list(MANNERS.values()), k=len(people))
            helping = asyncio.create_task(self._help())
            try:
                await asyncio.gather(
                    *(
                        self._come(who, "signs in" if is_last else how)
                        for who, how in zip(people, manners, strict=True)
                    )
                )
            finally:
                helping.cancel()
                await asyncio.gather(helping, return_exceptions=True)
            self.met["waves"] += 1
            if not is_last:
                await self._send(post, wave)
                if self._chance.random() < 0.5:
                    await self._let_graces_pass()
                    self.met["waves of people who were offline"] += 1

    async def _come(self, who: str, how: str) -> None:
        """Sign in, in whatever manner, and drop off."""
        self.met[how] += 1
        if how == "cuts the link at once":
            async with bare_link(self._engine.address, ping_interval=None) as link:
                link.socket.transport.abort()
        elif how == "hears no welcome":
            async with bare_link(self._engine.address, ping_interval=None) as link:
                asking = asyncio.create_task(link.sign_in(who, self._people[who]))
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                link.socket.transport.abort()
                await asyncio.gather(asking, return_exceptions=True)
        try:
            async with bare_link(self._engine.address, ping_interval=None) as link:
                await self._be_there(link, who, how)
        except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake) as error:
            self.problems.append(f"C4: {who} could not sign in, or was cut off: {error!r}")

    async def _be_there(self, link: BareLink, who: str, how: str) -> None:
        answer = await link.sign_in(who, self._people[who])
        if answer["type"] == REFUSED:
            self.problems.append(f"C4: {who} was refused with {answer['code']}")
            return
        self.met["signed in"] += 1
        missing = self._sent[who] - self._stored[who]
        self._waiting += 1
        while missing:
            deliveries = await _deliveries(link)
            self._check(who, deliveries)
            missing -= {each["id"] for each in deliveries}
            if how != "acknowledges nothing":
                await link.acknowledge(deliveries)
        self._waiting -= 1
        if how != "acknowledges nothing":
            await link.ask({"type": "withdraw", "id": "none"})  # the answer comes after the acknowledgements
            self._stored[who] |= self._sent[who]
        link.socket.transport.abort()

    def _check(self, who: str, deliveries: list[dict[str, Any]]) -> None:
        for each in deliveries:
            if each["id"] in self._stored[who] or each["id"] not in self._sent[who]:
                self.problems.append(f"I5: {who} got {each['id']}, acknowledged or never sent")
            if each["sequence"] <= self._last[who]:
                self.problems.append(f"O4: {who} got number {each['sequence']} after {self._last[who]}")
            self._last[who] = each["sequence"]

    async def _help(self) -> None:
        """Some copies went to a link that was dead already, and come again after ten seconds: let these pass."""
        known, still = -1, 0
        while True:
            await asyncio.sleep(0.25)
            done = self.met["signed in"] - self._waiting
            still, known = (still + 1 if self._waiting and done == known else 0), done
            if still == 4:
                self.met["people for whom ten seconds had to pass"] += self._waiting
                self._engine.advance(GRACE_SECONDS)
                still = 0

    async def _send(self, post: BareLink, wave: int) -> None:
        """One message to everybody, a group at a time, while they are away."""
        handles = sorted(self._people)
        for start in range(0, len(handles), GROUP):
            group, id = handles[start : start + GROUP], f"w{wave}-{start}"
            await post.say(submission("", f"wave {wave}", id=id, to=group) | {"request": wave})
            for who in group:
                self._sent[who].add(id)

    async def _hear_news(self, post: BareLink) -> None:
        async for text in post.socket:
            frame = json.loads(text)
            if frame["type"] == "people":
                for each in frame["people"]:
                    online = each["readings"].get("OnlineStatus", {}).get("value", False)
                    (self._online.add if online else self._online.discard)(each["handle"])
            elif frame["type"] == REFUSED:
                self.problems.append(f"I1: a message was refused: {frame['text']}")
            elif frame["type"] == "news":
                for each in frame["receipts"]:
                    if each["state"] == "delivered":
                        self._arrived.add((each["id"], each["recipient"]))
                await post.say({"type": "note", "serial": frame["receipts"][-1]["serial"]})

    async def _calm(self, post: BareLink, open_before: int) -> None:
        """All who have gone are offline, all that was stored is told, and every link is closed."""
        stored = {(id, who) for who, ids in self._stored.items() for id in ids}
        await self._until(lambda: stored <= self._arrived)
        await self._let_graces_pass()
        await self._until(lambda: self._open_files() <= open_before)
        self.met["messages that arrived"] += len(self._arrived)

    async def _let_graces_pass(self) -> None:
        """Until all are offline; the engine may hear of a lost link only after its clock was moved."""
        while self._online & set(self._people):
            self._engine.advance(GRACE_SECONDS)
            await asyncio.sleep(0.1)

    async def _until(self, question: Callable[[], bool]) -> None:
        while not question():  # noqa: ASYNC110 - what is asked about has no event
            await asyncio.sleep(0.05)

    def _open_files(self) -> int:
        return len(os.listdir(f"/proc/{self._engine.pid}/fd"))


async def _deliveries(link: BareLink) -> list[dict[str, Any]]:
    """The next copies; presence is not even looked at."""
    while True:
        text = await link.socket.recv()
        if '"type":"deliver"' in str(text[:40]):
            return json.loads(text)["deliveries"]


def _complaints(engine: EngineProcess) -> list[str]:
    return [f"the log says: {line}" for line in engine.log() if line["level"] in ("error", "critical")]
