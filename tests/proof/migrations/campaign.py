"""Migrations: an update of the database that is killed at any statement leaves one that opens, with all that was in it.

For each form that a released version left, and for none at all, the newest engine opens the database and is killed
before one of its statements; what the next engine finds are the files as they were at that instant. It has to open
them, to have all that was there before, to have the tables that a new database has, and to go on: whatever waited goes.

Most of these kills are copies of the files, made before a statement runs; that is all a killed process leaves, since
what it wrote is in the files and what it did not write is gone. Others are killed twice in a row, while the log is
being written, or are processes that really die. And two engines at once, and a database of a newer version: one is
refused, with a sentence, and nothing is touched.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

from tact_engine.core.errors import StoreError
from tact_engine.core.facts import Moment
from tact_engine.core.view import Limits
from tact_engine.store.store import Store
from tests.proof.campaigns import Verdict
from tests.proof.migrations.child import verb, watched
from tests.proof.migrations.old import NAMES, NOON_MS, Kept, old_version, wrong_with
from tests.support.house import ROOT, clean_environment

FORMS = (
    "no database",
    *(f"{n} of {len(NAMES)} changes{how}" for n in range(1, len(NAMES)) for how in ("", ", killed")),
)
"""What there may be before an update: nothing, or what an earlier version left, in good order or not."""
KINDS = ("killed twice", "killed in a commit", "killed for real", "two at once", "newer")
EVERY = 10
"""Each run of so many is of another kind than one kill before one statement."""
CHILD_SECONDS_MAX = 60
NOW = Moment(NOON_MS + 1_000, 0)
VERBS = ("CREATE TABLE", "CREATE INDEX", "ALTER TABLE", "UPDATE MESSAGE", "INSERT INTO", "COMMIT", "the end")
MET = (
    *FORMS,
    *KINDS,
    "killed before a statement",
    "two at once: the second is refused",
    *(f"killed before: {what}" for what in VERBS),
)


def run(count: int, seed: int) -> Verdict:
    """The kills `seed` to `seed + count - 1`; of those before a statement, so many make one round of all of them."""
    verdict = Verdict(0, (), dict.fromkeys(MET, 0))
    for each in range(seed, seed + count):
        verdict += _one(each)
    return verdict


def _one(number: int) -> Verdict:
    chance, met = Random(number), Counter[str]()
    is_other = number % EVERY == EVERY - 1
    kind = KINDS[number // EVERY % len(KINDS)] if is_other else "killed before a statement"
    form, place = _points()[(number - number // EVERY) % len(_points())]
    if is_other:
        form, place = chance.choice(_points())
    met.update((kind, form))
    with _folder() as name:
        path = Path(name, "data", "engine.db")
        path.parent.mkdir()
        kept = _made(path, form, chance)
        try:
            wrong = list(_TRIALS[kind](path, place, kept, chance, met))
        except (StoreError, sqlite3.Error, AssertionError) as error:
            wrong = [f"it does not open, or not go on: {error}"]
    failures = tuple(
        f"I1, U2: an update was interrupted ({form}, {kind}, statement {place}), and then {each}\n"
        f"  again: python3 dev soak migrations --seed {number} --count 1"
        for each in wrong
    )
    return Verdict(1, failures, met)


@cache
def _points() -> tuple[tuple[str, int], ...]:
    """Every place at which opening a database may be killed: what it is of, and before which statement."""
    points: list[tuple[str, int]] = []
    for form in FORMS:
        with _folder() as name:
            path = Path(name, "engine.db")
            _made(path, form, Random(0))
            last = _opened(path, lambda count, statement: None)
        points += ((form, place) for place in range(1, last + 2))
    return tuple(points)


def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for some files; in memory where there is such a place, as no kill of a process asks what a disk does."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(
        prefix="tact-migrations-", dir=memory if os.access(memory, os.W_OK) else None
    )


def _made(path: Path, form: str, chance: Random) -> Kept | None:
    """A database of this form; what is in it."""
    place = FORMS.index(form)
    return old_version(path, chance, changes=(place + 1) // 2, unclean=place % 2 == 0) if place else None


def _opened(path: Path, act) -> int:
    """Open the database and let go of it as a killed process does; how many statements that took."""
    last = 0

    def counted(count: int, statement: str):
        nonlocal last
        last = count
        act(count, statement)

    with watched(path, counted):
        store = Store.open(path, Limits(), NOW)
    act(last + 1, "")
    store._db.close()
    return last


def _image(path: Path, place: int, name: str, met: Counter[str]) -> Path:
    """The files as they are before statement `place` of opening `path`, or after the last, in a folder of their own."""
    image = path.parent.with_name(name) / path.name

    def act(count: int, statement: str):
        if count == place:
            met[f"killed before: {verb(statement) or 'the end'}"] += 1
            shutil.copytree(path.parent, image.parent)

    last = _opened(path, act)
    if not image.parent.exists():
        return _image(path, last, name, met)
    return image


# --- the kinds


def _kill(path: Path, place: int, kept: Kept | None, chance: Random, met: Counter[str]) -> list[str]:
    """Killed before a statement."""
    del chance
    return list(wrong_with(_image(path, place, "left", met), kept))


def _kill_twice(path: Path, place: int, kept: Kept | None, chance: Random, met: Counter[str]) -> list[str]:
    """Killed, and the next one killed as well, and perhaps the one after that."""
    for again in range(chance.choice((2, 3))):
        path = _image(path, place, f"left {again}", met)
        place = chance.randrange(1, place + 1)
    return list(wrong_with(path, kept))


def _kill_in_commit(
    path: Path, place: int, kept: Kept | None, chance: Random, met: Counter[str]
) -> list[str]:
    """Killed while a commit writes into the log: some of it is there, cut at any byte."""
    commits: list[int] = []
    spare = path.parent.with_name("spare") / path.name
    shutil.copytree(path.parent, spare.parent)
    _opened(spare, lambda count, statement: commits.append(count) if verb(statement) == "COMMIT" else None)
    place = chance.choice(commits)
    shutil.copytree(path.parent, path.parent.with_name("same"))
    before = _image(path, place, "before", met)
    after = _image(path.parent.with_name("same") / path.name, place + 1, "after", met)
    sizes = [_size(_log(image)) for image in (before, after)]
    if sizes[0] < sizes[1]:
        with _log(after).open("r+b") as log:
            log.truncate(chance.randrange(*sizes))
    return list(wrong_with(after, kept))


def _kill_process(path: Path, place: int, kept: Kept | None, chance: Random, met: Counter[str]) -> list[str]:
    """A process that really dies."""
    del chance, met
    with _child(path, place, "die") as child:
        said, _ = child.communicate(timeout=CHILD_SECONDS_MAX)
    if child.returncode >= 0 and said != "done\n":
        return [f"the process that was to die said {said!r}"]
    return list(wrong_with(path, kept))


def _two_at_once(path: Path, place: int, kept: Kept | None, chance: Random, met: Counter[str]) -> list[str]:
    """Another process is at some statement of its update, then has opened it, while this one tries to."""
    del chance
    wrong: list[str] = []
    with _child(path, place, "wait") as child:
        assert child.stdin is not None
        assert child.stdout is not None
        while (said := child.stdout.readline().strip()) in ("waiting", "open"):
            sentence = _refusal(path)
            met["two at once: the second is refused"] += "Another engine" in sentence
            # Before its first statement the other has not looked at the database yet.
            if "Another engine" not in sentence and (sentence or said == "open" or place > 1):
                wrong.append(f"two engines at once: the second was told {sentence!r}")
            child.stdin.write("\n")
            child.stdin.flush()
        if said != "done":
            wrong.append(f"two engines at once: the first was told {said!r}")
        child.wait(CHILD_SECONDS_MAX)
    return wrong + list(wrong_with(path, kept))


def _refusal(path: Path) -> str:
    """The sentence with which a database is not opened; "" where it is."""
    try:
        Store.open(path, Limits(), NOW).close()
    except StoreError as error:
        return str(error)
    return ""


def _newer(path: Path, place: int, kept: Kept | None, chance: Random, met: Counter[str]) -> list[str]:
    """A newer version has made the database: it is refused with a sentence, and not one byte of it changes."""
    del place, kept, chance, met
    _opened(path, lambda count, statement: None)
    connection = sqlite3.connect(path, isolation_level=None)
    values = ("tact-engine", "m999_of_tomorrow", "2099-01-01")
    query = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)"
    connection.execute(query, values)
    connection.close()
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    sentence = _refusal(path)
    after = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    wrong = (
        [] if "newer Tact" in sentence else [f"a database of a newer version was opened; said: {sentence!r}"]
    )
    return wrong + ["a database of a newer version was touched"] * (before != after)


_TRIALS = {
    "killed before a statement": _kill,
    "killed twice": _kill_twice,
    "killed in a commit": _kill_in_commit,
    "killed for real": _kill_process,
    "two at once": _two_at_once,
    "newer": _newer,
}


def _child(path: Path, place: int, way: str) -> subprocess.Popen[str]:
    """A process that opens `path` and gets as far as statement `place`."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.proof.migrations.child", str(path), str(place), way],
        cwd=ROOT,
        env={**clean_environment(), "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
