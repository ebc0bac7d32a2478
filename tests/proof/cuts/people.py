"""Two people who talk, each with a store of their own, and what must have become of all their messages."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

from tact_engine.client import (
    Client,
    Delivered,
    Receipt,
    Receipts,
    Refused,
    State,
    one_group,
)

TOM, MARY = "tom", "mary"
UNTIL_SECONDS_MAX = 20
HAPPY = one_group(("UserMood", "eq", "HAPPY"))
NEVER = one_group(("UserMood", "eq", "JEALOUS"))
MOMENTS = ("now", "next", "soon", "there", "gone")
"""When one is taken back: at once or a little later, when it was stored, or when its recipient's link was lost then."""
TOO_LATE = ("already_released", "already_ended")
AFTER = {State.DELIVERED: {State.DELIVERED, State.READ}, State.WITHDRAWN: {State.WITHDRAWN, State.DELIVERED}}
"""What news may say of a message after they have said this; of everything else they may say anything."""


class Person:
    """Somebody at their computer: it stores what comes, and only then acknowledges it; nothing is stored twice."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.texts: dict[str, str] = {}
        self.sequences: dict[str, int] = {}
        self.news: dict[int, Receipt] = {}
        self.problems: list[str] = []
        self.vanishes_at = ""
        """The message with which the link is lost before anything can be said of it."""
        self._heard = asyncio.Condition()
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Person":
        """Listen."""
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *error: object) -> None:
        """Stop listening."""
        assert self._listening is not None
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening

    async def until(self, question: Callable[[], Any], what: str) -> None:
        """Wait until `question` is answered with yes; it is asked again whenever something was stored."""
        try:
            async with asyncio.timeout(UNTIL_SECONDS_MAX), self._heard:
                await self._heard.wait_for(question)
        except TimeoutError:
            told = [(each.id, each.state.value) for _, each in sorted(self.news.items())]
            raise AssertionError(
                f"{self.client.handle} never {what}; stored: {sorted(self.texts)}, heard: {told}"
            ) from None

    def told(self, id: str) -> list[State]:
        """What the news said of a message, each once."""
        return [receipt.state for _, receipt in sorted(self.news.items()) if receipt.id == id]

    async def _listen(self) -> None:
        async for event in self.client.events():
            async with self._heard:
                if isinstance(event, Delivered):
                    self._store(event)
                    if self.vanishes_at in self.texts:
                        self.vanishes_at = ""
                        self.client.lose_link()
                    self.client.acknowledge(event.deliveries)
                if isinstance(event, Receipts):
                    self._learn(event.receipts)
                    self.client.note(event.receipts)
                self._heard.notify_all()

    def _store(self, event: Delivered) -> None:
        for each in event.deliveries:
            text = each.body.decode()
            if self.texts.setdefault(each.id, text) != text:
                self.problems.append(f"{each.id} came with two texts")
            self.sequences.setdefault(each.id, each.sequence)

    def _learn(self, receipts: tuple[Receipt, ...]) -> None:
        for each in receipts:
            if self.news.setdefault(each.serial, each) != each:
                self.problems.append(f"news {each.serial} said {self.news[each.serial]} and then {each}")


class Letters:
    """What Tom writes to Mary in one conversation: some for now, some for when she is happy, some taken back."""

    def __init__(self, name: str, rng: random.Random, moment: str) -> None:
        self.now, self.later, self.long, self.never, self.race = (
            f"{name}-{what}" for what in ("now", "later", "long", "never", "race")
        )
        self._long_text = "long " * rng.randrange(300, 400)
        self._moment = moment
        self.was_late = self.was_both = False

    async def submit(self, tom: Person) -> None:
        """Tom writes five messages without waiting in between."""
        write = tom.client.submit
        answers = await asyncio.gather(
            write(MARY, "now", id=self.now),
            write(MARY, "draft", id=self.later, when=HAPPY),
            write(MARY, self._long_text, id=self.long, keep_order=False),
            write(MARY, "never", id=self.never, when=NEVER),
            write(MARY, "race", id=self.race, when=HAPPY),
        )
        ids = [receipt.id for receipts in answers for receipt in receipts]
        assert ids == [self.now, self.later, self.long, self.never, self.race], f"answers about {ids}"

    async def talk(self, tom: Person, mary: Person, submitted: "asyncio.Task[None]") -> None:
        """Change one, take two back, let Mary be happy; then everything must be as it was said."""
        await submitted
        (edited,) = await tom.client.edit(self.later, 1, text="final")
        assert (edited.state, edited.revision) == (State.HELD, 2), f"the edit was answered with {edited}"
        (taken,) = await tom.client.withdraw(self.never)
        assert taken.state is State.WITHDRAWN, f"the withdrawal was answered with {taken}"
        assert len(await tom.client.explain(self.later)) == 1, "nobody explained why a message waits"
        mary.vanishes_at = self.race if self._moment == "gone" else ""
        happy = asyncio.create_task(mary.client.set_presence({"UserMood": "HAPPY"}))
        try:
            self.was_late = await self._taken_back(tom, mary)
        finally:
            mary.client.find_link()
            await happy
        await mary.until(lambda: mary.texts.keys() >= self._sure(), f"got all of {sorted(self._sure())}")
        # A copy that had left before it was taken back has arrived all the same, and then its sender hears so.
        await tom.until(lambda: self._is_known(tom, mary), "heard that all has arrived")
        await mary.client.set_presence({"UserMood": None})
        await tom.client.set_presence({"StatusText": "done"})
        self.was_both = bool(self._both(mary))
        self._check(tom, mary)

    async def _taken_back(self, tom: Person, mary: Person) -> bool:
        """Tom takes one back that goes at this very moment, or has arrived; whether that was too late."""
        if self._moment == "gone":
            await tom.until(
                lambda: tom.told(self.race)[-1:] == [State.HELD], f"heard that {self.race} waits again"
            )
        elif self._moment == "there":
            await mary.until(lambda: self.race in mary.texts, f"got {self.race}")
        else:
            for _ in range(MOMENTS.index(self._moment)):
                await asyncio.sleep(0)
        try:
            (receipt,) = await tom.client.withdraw(self.race)
        except Refused as refused:
            if refused.code not in TOO_LATE:
                raise
            return True
        assert receipt.state is State.WITHDRAWN, f"the withdrawal was answered with {receipt}"
        return False

    def _sure(self) -> set[str]:
        """What must have arrived."""
        return {self.now, self.later, self.long} | ({self.race} if self.was_late else set())

    def _both(self, mary: Person) -> set[str]:
        """What was taken back and has arrived."""
        return set() if self.was_late else {self.race} & mary.texts.keys()

    def _is_known(self, tom: Person, mary: Person) -> bool:
        """Whether the sender heard of all that has arrived."""
        return all(State.DELIVERED in tom.told(id) for id in self._sure() | self._both(mary))

    def _check(self, tom: Person, mary: Person) -> None:
        assert tom.problems + mary.problems == [], f"{tom.problems + mary.problems}"
        arrived = self._sure() | self._both(mary)
        assert set(mary.texts) == arrived, f"{sorted(mary.texts)} arrived instead of {sorted(arrived)}"
        texts = {self.now: "now", self.later: "final", self.long: self._long_text, self.race: "race"}
        assert mary.texts.items() <= texts.items(), f"other texts arrived: {mary.texts}"
        order = sorted((self.now, self.long), key=lambda id: mary.sequences[id])
        assert order == [self.now, self.long], f"the order of what was written is {order}"
        for id in (self.now, self.later, self.long, self.never, self.race):
            states = tom.told(id)
            assert states.count(State.DELIVERED) == (id in arrived), f"the sender heard of {id}: {states}"
            for first, then in pairwise(states):
                assert then in AFTER.get(first, set(State)), f"the sender heard of {id}: {states}"
