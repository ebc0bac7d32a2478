"""The disk fails: full, read-only, broken, damaged, gone. The engine says so, ends, and has lost nothing it accepted.

Each failure of the table is made for a real engine, over a folder in which messages wait. It has to end with exit code
2 and one sentence, or not to start with them. Then the failure is mended, and all that was ever answered as accepted
has to come, and new messages have to go. Failures are made by strace, by small disks in memory, and by writing into
files. Where a damage is such that nobody could notice it, the engine may work on.
"""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

import pytest
from websockets.exceptions import WebSocketException

from tests.proof.campaigns import Verdict
from tests.proof.disk import reserve, running, stopped
from tests.proof.disk.ground import Ground, NoMounts, prepare
from tests.proof.power.trace import why_no_trace

Failure = Callable[[Ground], Awaitable[None]]

TRACED: tuple[Failure, ...] = (
    running.a_sync_fails_once,
    running.syncs_fail,
    running.writes_fail,
    running.it_is_read_only_all_at_once,
    running.writes_find_no_room,
    running.it_cannot_be_opened,
)
MOUNTED: tuple[Failure, ...] = (
    running.it_is_full_at_the_first_start,
    running.it_fills_up_at_work,
    running.it_is_mounted_read_only,
    reserve.it_is_almost_full_and_then_full,
)
FAILURES: tuple[Failure, ...] = (
    *MOUNTED,
    *TRACED,
    running.the_folder_is_removed,
    stopped.the_database_is_cut_short,
    stopped.the_database_is_emptied,
    stopped.the_database_is_garbage,
    stopped.a_page_is_overwritten,
    stopped.bits_flip_in_the_database,
    stopped.bits_flip_in_the_log,
    stopped.the_log_is_cut_short,
    stopped.something_else_is_in_its_place,
    stopped.the_certificate_is_damaged,
)
"""The tests begin at seeds a million apart: 20 of these in four fixed parts, and 5 that nobody has tried."""
PART = 5


def run(count: int, seed: int) -> Verdict:
    """Let the disk fail `count` times, one failure of the table after the other."""
    met: Counter[str] = Counter({name_of(each): 0 for each in FAILURES})
    failures: list[str] = []
    left_out: dict[str, str] = {}
    untraced = why_no_trace()
    with tempfile.TemporaryDirectory(prefix="tact-disk-") as place:
        template = asyncio.run(prepare(Path(place, "template"), Random(seed)))
        for number in range(seed, seed + count):
            failure = failure_of(number)
            if failure in TRACED and untraced:
                left_out[name_of(failure)] = untraced
                continue
            ground = _ground(Path(place, str(number)), template, number)
            try:
                asyncio.run(_played(failure, ground))
            except NoMounts as reason:
                left_out[name_of(failure)] = f"nothing can be mounted here: {reason}"
            replay = f"{name_of(failure)}; python3 dev soak disk --seed {number} --count 1"
            failures += [f"{problem} ({replay})" for problem in ground.problems]
            met.update({name_of(failure): 1} | ground.met)
    if left_out and not failures:
        pytest.skip(f"Not every disk can fail here: {left_out}.")
    return Verdict(count, tuple(failures), met)


def failure_of(number: int) -> Failure:
    """Which failure a number stands for: one after the other, and each million begins with the next few."""
    return FAILURES[(number + PART * (number // 1_000_000)) % len(FAILURES)]


def name_of(failure: Failure) -> str:
    """What it is called."""
    return str(getattr(failure, "__name__", failure)).replace("_", " ")


def _ground(place: Path, template: Ground, number: int) -> Ground:
    """A folder like the template's, of one's own."""
    place.mkdir()
    data = Path(shutil.copytree(template.data, place / "data"))
    return Ground(data, template.keys, template.accepted, Random(number))


async def _played(failure: Failure, ground: Ground) -> None:
    place = ground.data.parent
    try:
        await failure(ground)
    except (AssertionError, TimeoutError, OSError, WebSocketException) as error:
        ground.clean_up()
        ground.problems.append(f"{type(error).__name__}: {error}; the engine: {ground.said}"[:1_500])
    finally:
        ground.clean_up()
        shutil.rmtree(place)
