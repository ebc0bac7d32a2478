"""Data that are damaged while no engine runs: cut short, changed, emptied, gone, or something else in their place."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from tests.proof.disk.ground import KEPT, Engine, Ground

DAMAGED = ("damaged", "not a database")
PAGE = 4096
PEM = "engine.pem"


@contextmanager
def _mended(ground: Ground) -> Generator[None]:
    """Afterwards database and log are as they were before."""
    files = {path: path.read_bytes() for path in (ground.database, ground.log) if path.exists()}
    yield
    ground.log.unlink(missing_ok=True)
    for path, content in files.items():
        _put(path, content)


async def the_database_is_cut_short(ground: Ground) -> None:
    """Anywhere within it."""
    ground.fold()
    with _mended(ground):
        content = ground.database.read_bytes()
        length = ground.rng.randrange(1, len(content))
        if ground.rng.random() < 0.5:
            length = max(1, length // PAGE) * PAGE
        _put(ground.database, content[:length])
        ground.refuses(ground.engine(), *DAMAGED)
    await ground.is_whole()


async def the_database_is_emptied(ground: Ground) -> None:
    """Its log is not, and would be thrown away by whoever takes the empty file for a new one."""
    with _mended(ground):
        _put(ground.database, b"")
        log = ground.log.read_bytes()
        ground.refuses(ground.engine(), "is empty")
        ground.expect(ground.log.read_bytes() == log, "what may be the only copy is not left as it was")
    await ground.is_whole()


async def the_database_is_garbage(ground: Ground) -> None:
    """Nothing that a database ever wrote."""
    with _mended(ground):
        ground.log.unlink()
        garbage = ground.rng.randbytes(ground.rng.choice((1, 100, 5_000, 100_000)))
        _put(ground.database, garbage)
        ground.refuses(ground.engine(), *DAMAGED)
        ground.expect(ground.database.read_bytes() == garbage, "what is no database is not left as it was")
    await ground.is_whole()


async def a_page_is_overwritten(ground: Ground) -> None:
    """With what belongs to another file."""

    def change(content: bytes) -> bytes:
        at = ground.rng.randrange(len(content) // PAGE) * PAGE
        noise = ground.rng.choice((bytes(PAGE), ground.rng.randbytes(PAGE), content[:PAGE][::-1]))
        return content[:at] + noise + content[at + PAGE :]

    await _changed(ground, change)


async def bits_flip_in_the_database(ground: Ground) -> None:
    """A flip that no check of the database can notice may go through; it must not end in a traceback."""

    def change(content: bytes) -> bytes:
        flipped = bytearray(content)
        for _ in range(ground.rng.choice((1, 3, 30, 300))):
            flipped[ground.rng.randrange(len(flipped))] ^= 1 << ground.rng.randrange(8)
        return bytes(flipped)

    await _changed(ground, change)


async def _changed(ground: Ground, change: Callable[[bytes], bytes]) -> None:
    """Whatever the change touches: a sentence at the start, a sentence at work, or nobody can notice it."""
    if ground.rng.random() < 0.5:
        ground.fold()
    with _mended(ground):
        _put(ground.database, change(ground.database.read_bytes()))
        engine = ground.engine()
        if not engine.starts():
            ground.met["damage found at the start"] += 1
            ground.says_why(engine)
        else:
            await _works(ground, engine)
    await ground.is_whole()


async def _works(ground: Ground, engine: Engine) -> list[str]:
    """What comes for Mary from an engine over damaged data, which may end on it, but with a sentence."""
    came: list[str] = []
    before = dict(ground.accepted)
    with ground.whatever_comes():
        came = [each["id"] for each in await ground.collect(engine)]
        await ground.send(engine, 2)
    ground.accepted = before
    if not ground.is_broken and engine.stop() == 0:
        ground.met["damage that nobody noticed"] += 1
        ground.expect(engine.said == "", f"it complains: {engine.said[-900:]}")
    else:
        if ground.is_broken:
            engine.ended()
        ground.met["damage found at work"] += 1
        ground.says_why(engine)
    return came


async def bits_flip_in_the_log(ground: Ground) -> None:
    """The log ends for the database where it makes no sense any more; what stands before that is whole."""
    log = bytearray(ground.log.read_bytes())
    for _ in range(ground.rng.choice((1, 3, 30))):
        log[ground.rng.randrange(len(log))] ^= 1 << ground.rng.randrange(8)
    await _shorter(ground, bytes(log))


async def the_log_is_cut_short(ground: Ground) -> None:
    """At any byte."""
    log = ground.log.read_bytes()
    await _shorter(ground, log[: ground.rng.randrange(len(log))])


async def the_log_is_removed(ground: Ground) -> None:
    """Somebody took it for rubbish."""
    await _shorter(ground, None)


async def _shorter(ground: Ground, log: bytes | None) -> None:
    """With less of a log less has been accepted, and what is left is what was accepted first."""
    with _mended(ground):
        ground.log.unlink() if log is None else _put(ground.log, log)
        engine = ground.engine()
        if engine.starts():
            came = [id for id in await _works(ground, engine) if id in ground.accepted]
            first = list(ground.accepted)[: len(came)]
            ground.expect(sorted(came) == sorted(first), f"what is left is no beginning: {came}")
            ground.expect(len(came) >= KEPT // 2, f"of what the database itself has, only this comes: {came}")
        else:
            ground.says_why(engine)
    await ground.is_whole()


async def something_else_is_in_its_place(ground: Ground) -> None:
    """A folder where a file should be, or a file where a folder should be."""
    name = ground.rng.choice(("engine.db", "engine.db-wal", PEM, "running.json", "logs", "logs/engine.log"))
    path, away = ground.data / name, ground.data.with_name("away")
    path.rename(away)
    path.write_text("here") if name == "logs" else path.mkdir()
    ground.met[f"in the place of {name}"] += 1
    ground.refuses(ground.engine())
    path.unlink() if name == "logs" else path.rmdir()
    away.rename(path)
    await ground.is_whole()


async def the_certificate_is_damaged(ground: Ground) -> None:
    """Without it clients could not know the engine again; it is never made anew over what is there."""
    path = ground.data / PEM
    content, chance = path.read_bytes(), ground.rng
    _put(path, chance.choice((b"", content[: chance.randrange(len(content))], chance.randbytes(700))))
    damaged = path.read_bytes()
    ground.refuses(ground.engine(), "engine.pem cannot be used")
    ground.expect(path.read_bytes() == damaged, "the certificate is not left as it was")
    _put(path, content)
    await ground.is_whole()


def _put(path: Path, content: bytes) -> None:
    """Write a file as its owner would: for themselves alone, or the engine refuses to look at it."""
    path.write_bytes(content)
    path.chmod(0o600)
