"""Erasure: texts that nobody else ever wrote are looked for, byte by byte, in every file of an engine.

Each text waits, is found on the disk, and comes to its end in one of the WAYS, over deliveries, the passing of time and
kills of a real engine process. Once housekeeping has been, no file holds a piece of it, running or stopped. What a
condition compares with is no part of a text; it is in no log at any time, and goes when the message is forgotten.
"""

import asyncio
import tempfile
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.proof.campaigns import Verdict
from tests.proof.erasure.ways import WAYS, Canary, Step, Way
from tests.support.bare_link import let_pass
from tests.support.engine_process import EngineProcess

CANARIES_A_FOLDER = 20
HOUR, DAY = 3600, 24 * 3600
HOUSEKEEPING_SECONDS = 21
HOUSEKEEPINGS_MAX, LOOKS = 40, 10
KILLED = 0.3
"""How often an engine is killed between the end of a text and housekeeping."""
OPTIONS = ("--driven-clock", "--limit", "ballast_mib=0", "--limit", "disk_free_min_mib=0")


def run(count: int, seed: int) -> Verdict:
    """`count` texts, up to 20 in one engine; the one numbered i is the one that seed + i alone would be."""
    verdict = Verdict(0, met=dict.fromkeys(WAYS, 0) if count >= len(WAYS) else {})
    while verdict.runs < count and not verdict.failures:
        some = min(CANARIES_A_FOLDER, count - verdict.runs)
        first = seed + verdict.runs
        verdict += asyncio.run(_folder([Canary(number) for number in range(first, first + some)]))
    return verdict


async def _folder(canaries: list[Canary]) -> Verdict:
    met = Counter(each.way.name for each in canaries)
    with tempfile.TemporaryDirectory(prefix="tact-erasure-") as folder:
        search = Search(Path(folder) / "data", canaries)
        try:
            await search.all_ends()
        except (AssertionError, TimeoutError, OSError) as error:
            search.found.append(f"the engine did not do its part: {error!r} {_again(canaries)}")
        finally:
            await search.clean_up()
    return Verdict(len(canaries), tuple(search.found[:5]), met)


def _again(canaries: list[Canary]) -> str:
    return f"(python3 dev soak erasure --seed {canaries[0].number} --count {len(canaries)})"


class Search:
    """One engine with some texts in it, and what was found of them where it should not be."""

    def __init__(self, data: Path, canaries: list[Canary]) -> None:
        self.found: list[str] = []
        self._data, self._canaries, self._waiting = data, canaries, canaries
        self._engine, self._passed = EngineProcess(data, *OPTIONS), 0.0

    async def all_ends(self) -> None:
        """Let every text wait, then end, and look at the files all along, until something is found."""
        for part in (self._begin, self._go_on, self._finish, self._forget):
            await part()
            if self.found:
                return

    async def clean_up(self) -> None:
        """Leave nothing running."""
        for each in self._canaries:
            await each.leave()
        self._engine.clean_up()

    async def _begin(self) -> None:
        self._engine.start()
        await self._each(Canary.begin)
        self._look("while it waits", self._canaries)

    async def _go_on(self) -> None:
        await self._one_way_after_the_other("at first", Canary.go_on, lambda way: not way.waits_on)
        if self.found:
            return
        await self._let_pass(HOUR)
        await self._each(Canary.after_an_hour)
        lasting = self._waiting = [each for each in self._canaries if each.way.lasts]
        await self._after_housekeeping("after an hour", lasting)
        self._engine.kill()
        self._look("after a kill", lasting)

    async def _finish(self) -> None:
        await self._again()
        await self._one_way_after_the_other("at last", Canary.finish, lambda way: not way.never)
        if self.found:
            return
        await self._let_pass(HOUR)
        await self._after_housekeeping("after its end")

    async def _one_way_after_the_other(self, when: str, do: Step, is_over: Callable[[Way], bool]) -> None:
        """Each way by itself, since what one of them leaves in a file, the end of another might wipe out."""
        for way in {each.way.name: each.way for each in self._canaries}.values():
            await self._each(do, [each for each in self._canaries if each.way is way])
            if is_over(way):
                self._waiting = [each for each in self._waiting if each.way is not way]
            if do is Canary.finish and self._canaries[0].chance.random() < KILLED:
                self._engine.kill()
                await self._again()
            await self._after_housekeeping(f"{when}, {way.name}", self._waiting)
            if self.found:
                return

    async def _forget(self) -> None:
        await self._let_pass(40 * DAY)
        await self._after_housekeeping("40 days after its end", conditions=True)
        await self._each(Canary.leave)
        assert (self._engine.stop(), self._engine.said) == (0, ""), self._engine.said
        self._look("after the engine has stopped", conditions=True)

    async def _each(self, do: Step, canaries: list[Canary] | None = None) -> None:
        async with asyncio.TaskGroup() as tasks:
            for each in self._canaries if canaries is None else canaries:
                tasks.create_task(do(each, self._engine))

    async def _again(self) -> None:
        """After a kill: the engine starts, and its clock is where it was."""
        for each in self._canaries:
            await each.leave()
        self._engine.start()
        self._engine.advance(self._passed)

    async def _let_pass(self, seconds: float) -> None:
        self._passed += seconds
        await let_pass(self._engine, seconds)

    async def _after_housekeeping(
        self, when: str, there: Iterable[Canary] = (), *, conditions: bool = False
    ) -> None:
        """Look again and again while so much time passes that housekeeping has been; what it leaves is found.

        Time passes more than once, since an engine that has just started may count from later on.
        """
        for _ in range(HOUSEKEEPINGS_MAX):
            self._passed += HOUSEKEEPING_SECONDS
            self._engine.advance(HOUSEKEEPING_SECONDS)
            for _ in range(LOOKS):
                if not self._seen(when, there, conditions=conditions):
                    return
                await asyncio.sleep(0.03)
        self._look(when, there, conditions=conditions)

    def _look(self, when: str, there: Iterable[Canary] = (), *, conditions: bool = False) -> None:
        self.found += self._seen(when, there, conditions=conditions)

    def _seen(self, when: str, there: Iterable[Canary], *, conditions: bool) -> list[str]:
        """What is wrong: each text of `there` must be in a file, no other in any.

        What conditions compare with must be in no log; with `conditions`, in no file at all.
        """
        files = {path: path.read_bytes() for path in sorted(self._data.rglob("*")) if path.is_file()}
        seen: list[str] = []
        for each in self._canaries:
            where = [path.name for path, content in files.items() if _holds(content, each.pieces)]
            if bool(where) != (each in there):
                seen.append(_sentence(each, when, f"its text is in {', '.join(where) or 'no file'}"))
            word = [path for path, content in files.items() if each.word.encode() in content]
            if any(path.parent.name == "logs" for path in word) or (conditions and word):
                seen.append(_sentence(each, when, f"its condition is in {[path.name for path in word]}"))
        return seen


def _sentence(canary: Canary, when: str, what: str) -> str:
    return f"I10, erased: of {canary}, {when}: {what} {_again([canary])}"


def _holds(content: bytes, pieces: Iterable[bytes]) -> bool:
    """Whether a file has a piece of a text in it, as it is or in base64."""
    return any(piece in content or b64encode(piece) in content for piece in pieces)
