"""Mutants: bugs that somebody could make, planted one at a time; a proof that cannot fail proves nothing.

Each bug of the table is planted in a copy of the project, and the part of the proof that is to catch it runs there, in
a process of its own. Whatever survives is a hole in the proof. Who catches must have seen something wrong: a copy that
cannot be imported, or a search that breaks down itself, is a failure of this campaign and no catch.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count as counting
from pathlib import Path

from tests.proof.campaigns import Verdict
from tests.proof.mutants.finders import CAUGHT, PASSED, SURVIVED, TEST, TESTS
from tests.proof.mutants.list import MUTANTS, Mutant
from tests.support.house import ROOT, clean_environment

ENGINE, DESKTOP = ("engine", "tests"), ("desktop", "resources")
SECONDS_MAX = 60

_ages = counting(1)
"""When a file with a bug was changed, as it says itself: each at a time of its own, so that nothing stale is run."""

_passed: set[str] = set()
"""The searches and tests that let the unchanged project pass, in this process."""


@dataclass(frozen=True)
class Found:
    """How a finder ended: `code` is None where it took too long."""

    code: int | None
    said: str

    @property
    def is_caught(self) -> bool:
        """Whether it saw something wrong, and said what."""
        return self.code == CAUGHT and any(line.startswith("caught") for line in self.said.splitlines())

    @property
    def tests(self) -> list[str]:
        """The tests that failed."""
        return [line.removeprefix(TEST) for line in self.said.splitlines() if line.startswith(TEST)]

    @property
    def effort(self) -> int:
        """How many schedules, days or tests it took."""
        line = next((each for each in self.said.splitlines() if each.startswith("caught")), "")
        words = line.removeprefix("caught after ").split(maxsplit=1)
        return int(words[0].removesuffix(":")) if words and words[0].removesuffix(":").isdecimal() else 1


def run(count: int, seed: int) -> Verdict:
    """Plant so many bugs of the table, from number `seed` on and round again."""
    return plant([MUTANTS[(seed + each) % len(MUTANTS)] for each in range(count)])


def plant(mutants: Sequence[Mutant]) -> Verdict:
    """Plant these, one after the other. Whatever catches them has to find nothing where there is no bug."""
    met = dict.fromkeys((each.name for each in mutants), 0)
    failures: list[str] = []
    caught_by: list[str] = []
    with copied(mutants) as place:
        searches = [each.finder for each in mutants if not each.finder.startswith(TESTS)]
        if problem := "\n".join(
            filter(None, (_unchanged([each], place) for each in dict.fromkeys(searches)))
        ):
            return Verdict(len(mutants), (problem,), met)
        for each in mutants:
            found, problem = _planted(each, place)
            if problem:
                failures.append(f"“{each.name}”: {problem}\n{_again(each)}")
            else:
                met[each.name] = found.effort
                caught_by += found.tests
        if problem := _unchanged(caught_by, place):
            failures.append(problem)
    return Verdict(len(mutants), tuple(failures), met)


@contextmanager
def copied(mutants: Sequence[Mutant]) -> Generator[Path]:
    """A copy of as much of the project as these need, with what was compiled of it."""
    folders = ENGINE + (DESKTOP if any(each.path.startswith(DESKTOP) for each in mutants) else ())
    with tempfile.TemporaryDirectory(prefix="tact-mutants-") as folder:
        for name in folders:
            shutil.copytree(ROOT / name, Path(folder, name))
        shutil.copy2(ROOT / "pyproject.toml", folder)
        yield Path(folder)


def _unchanged(finders: Sequence[str], place: Path) -> str:
    """Why it means nothing that these catch something: the project as it is does not pass; "" where it does."""
    asked = [each for each in dict.fromkeys(finders) if each not in _passed]
    if not asked:
        return ""
    found = _run(place, ["first", *asked])
    if found.code != PASSED:
        return f"Without any bug there is a problem as well, for {', '.join(asked)}:\n{found.said}"
    _passed.update(asked)
    return ""


def _planted(mutant: Mutant, place: Path) -> tuple[Found, str]:
    """What was found of one bug, and the problem with that; "" where it was caught."""
    path = place / mutant.path
    sound = path.read_text(encoding="utf-8")
    try:
        text = mutant.planted_in(sound)
        compile(text, mutant.path, "exec")
    except (ValueError, SyntaxError) as error:
        return Found(None, ""), f"it cannot be planted: {error}"
    times = path.stat()
    path.write_text(text, encoding="utf-8")
    age = next(_ages)
    os.utime(path, (age, age))
    try:
        found = _run(place, [mutant.finder])
    finally:
        path.write_text(sound, encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    return found, _problem(mutant, found)


def _problem(mutant: Mutant, found: Found) -> str:
    if found.code is None:
        return "" if mutant.hangs else f"nothing was found in {SECONDS_MAX} s"
    if found.is_caught:
        return ""
    if found.code == SURVIVED:
        return f"{mutant.finder} does not catch it. The proof has a hole there."
    return f"{mutant.finder} ended with {found.code} for another reason:\n{found.said}"


def _again(mutant: Mutant) -> str:
    if mutant not in MUTANTS:
        return ""
    return f"(python3 dev soak mutants --count 1 --seed {MUTANTS.index(mutant)}; {mutant.path})"


def _run(place: Path, arguments: Sequence[str]) -> Found:
    """A finder in the copy, and how it ended; nothing of it is left running."""
    parts = [place, *(place / name for name in ("engine", "desktop", "resources") if (place / name).exists())]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.proof.mutants.finders", *arguments],
        cwd=place,
        env=clean_environment(PYTHONPATH=os.pathsep.join(map(str, parts)), PYTHONDONTWRITEBYTECODE=""),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    with child:
        try:
            said, _ = child.communicate(timeout=SECONDS_MAX)
            return Found(child.returncode, said)
        except subprocess.TimeoutExpired:
            _end(child)
            return Found(None, "")


def _end(child: subprocess.Popen[str]) -> None:
    """End a finder that hangs, with what it has started."""
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.communicate()
