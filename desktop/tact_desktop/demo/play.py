"""Playing the demo: by hand with Back and Next, or by itself with a line for each use case."""

import asyncio
import sys
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tact_desktop.demo.caption import Caption
from tact_desktop.demo.deeds import Report, Step, UseCase
from tact_desktop.demo.further import FURTHER
from tact_desktop.demo.pictures import Album
from tact_desktop.demo.script import USE_CASES
from tact_desktop.demo.stage import NotSeen, Stage, tile
from tact_desktop.settings import local_zone
from tact_desktop.signals import signalled
from tact_engine.core.errors import TactError

STORIES = (*USE_CASES, *FURTHER)
CAPTION_HEIGHT = 128
OFFSCREEN_AREA = QRect(0, 0, 1366, 768)


async def demo(application: QApplication, auto: bool, record: str | None) -> int:
    """Play the demo; the exit code: 0 where everything that should be seen was seen."""
    del application
    album = Album(Path(record)) if record else None
    try:
        async with Stage(local_zone()) as stage:
            player = Player(stage, album)
            return await (player.play_all() if auto else player.play_by_hand())
    except TactError as error:
        say(f"The demo cannot start: {error}")
        return 1


class Player:
    """Takes the stage through the use cases."""

    def __init__(self, stage: Stage, album: Album | None) -> None:
        self._stage, self._album = stage, album
        self._caption = Caption(tuple(f"{case.id}  {case.title}" for case in STORIES))
        self._case, self._step, self._report = 0, 0, Report()
        self._busy = False

    async def play_all(self) -> int:
        """All stories without hands; 1 where one of them failed."""
        passed = [await self._play_one(number, case) for number, case in enumerate(STORIES)]
        cases, further = passed[: len(USE_CASES)], passed[len(USE_CASES) :]
        say(
            f"{sum(cases)} of {len(cases)} use cases passed, {sum(further)} of {len(further)} further stories"
            + (f"; pictures in {self._album.folder}" if self._album else "")
        )
        self._caption.close()
        return 0 if all(passed) else 1

    async def play_by_hand(self) -> int:
        """Show the caption bar and do what its buttons say, until a window is closed."""
        caption = self._caption
        jobs: asyncio.Queue[int] = asyncio.Queue()
        caption.next_wanted.connect(lambda: jobs.put_nowait(+1))
        caption.back_wanted.connect(lambda: jobs.put_nowait(-1))
        caption.case_wanted.connect(self._choose(jobs))
        caption.show()
        await self._begin(0)
        working = asyncio.create_task(self._work(jobs))
        closing = [
            asyncio.create_task(signalled(hands.window.closing)) for hands in self._stage.hands.values()
        ]
        closing.append(asyncio.create_task(signalled(caption.closing)))
        await asyncio.wait((working, *closing), return_when=asyncio.FIRST_COMPLETED)
        for task in (working, *closing):
            task.cancel()
        caption.close()
        return 0

    # --- one use case ------------------------------------------------------------------------------------------

    async def _play_one(self, number: int, case: UseCase) -> bool:
        try:
            await self._begin(number)
            for step in case.steps:
                await self._do(step)
        except NotSeen as missing:
            say(f"{case.id}  FAILED at “{case.steps[self._step].caption}”: not seen: {missing}")
            return False
        report = self._report
        say(
            f"{case.id}  ok  sent “{report.sent}”; released because {report.why}; {report.took_ms:.0f} ms to the window"
        )
        return True

    async def _begin(self, number: int) -> None:
        """Set the stage for a use case."""
        self._case, self._step, self._report = number, 0, Report()
        case = STORIES[number]
        self._caption.tell(number, case.title, 0, len(case.steps), "Press Next.", case.steps[0].caption)
        await self._stage.reset()
        area = screen_area()
        await self._stage.show(case.left, case.right, area.adjusted(0, 0, 0, -CAPTION_HEIGHT))
        await tile(
            self._caption, QRect(area.x(), area.bottom() + 1 - CAPTION_HEIGHT, area.width(), CAPTION_HEIGHT)
        )

    async def _do(self, step: Step) -> None:
        """One step; its picture is taken when what it shows has been seen."""
        case = STORIES[self._case]
        following = case.steps[self._step + 1].caption if self._step + 1 < len(case.steps) else ""
        self._caption.tell(self._case, case.title, self._step + 1, len(case.steps), step.caption, following)
        await step.deed(self._stage, self._report)
        if self._album is not None:
            windows = [self._stage[handle].window for handle in (case.left, case.right)]
            self._album.take(f"{case.id}-{self._step + 1}", windows, self._caption)
        self._step += 1

    # --- by hand -----------------------------------------------------------------------------------------------

    def _choose(self, jobs: "asyncio.Queue[int]"):
        def choose(number: int) -> None:
            self._case, self._step = number, 0
            jobs.put_nowait(0)

        return choose

    async def _work(self, jobs: "asyncio.Queue[int]") -> None:
        while True:
            job = await jobs.get()
            self._caption.set_busy(True)
            try:
                await self._turn(job)
            except NotSeen as missing:
                self._caption.complain(f"Not seen: {missing}. Press Back to begin this use case again.")
            finally:
                self._caption.set_busy(False)

    async def _turn(self, job: int) -> None:
        """Next: one step, or the next use case. Back: the beginning of this one, or the one before."""
        at_end = self._step >= len(STORIES[self._case].steps)
        if job > 0 and not at_end:
            await self._do(STORIES[self._case].steps[self._step])
        elif job > 0:
            await self._begin((self._case + 1) % len(STORIES))
        elif job < 0 and self._step == 0:
            await self._begin((self._case - 1) % len(STORIES))
        else:
            await self._begin(self._case)


def screen_area() -> QRect:
    """Where the windows go: the screen's free area, or a usual one where there is no screen."""
    if QGuiApplication.platformName() == "offscreen":
        return OFFSCREEN_AREA
    return QGuiApplication.primaryScreen().availableGeometry()


def say(line: str) -> None:
    """A line for whoever started the demo."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
