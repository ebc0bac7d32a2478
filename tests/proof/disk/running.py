"""Disks that fail under a running engine, or while it starts: full, read-only, broken, gone."""

import shutil
from pathlib import Path

from tests.proof.disk.ground import FULL, Ground, fill, move_to, remount, small_disk

BARE = {"ballast_mib": 0}


def failing(calls: str, error: str, when: str, path: Path | None = None) -> tuple[str, ...]:
    """Run something so that these system calls fail; `when` counts them, as in "3", "3+" or "3+2"."""
    only = ("-P", str(path)) if path is not None else ()
    tracer = ("strace", "-f", "-qq", "-o", "/dev/null", *only)
    return (*tracer, "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}:when={when}")


async def breaks(ground: Ground, calls: str, error: str, when: str, *words: str) -> None:
    """Whenever it breaks, starting or working: one sentence, and nothing that was answered is lost."""
    engine = ground.engine(prefix=failing(calls, error, when))
    if engine.starts():
        ground.met["broke at work"] += 1
        await ground.until_it_ends(engine, ground.rng.choice((50, 4_000)))
    else:
        ground.met["broke at the start"] += 1
    ground.says_why(engine, *words)
    await ground.is_whole()


async def a_sync_fails_once(ground: Ground) -> None:
    """What was not synced may never be on the disk, though the next sync succeeds; so the first failure is the last."""
    await breaks(ground, "fdatasync,fsync", "EIO", str(ground.rng.randint(1, 40)), "disk I/O error")


async def syncs_fail(ground: Ground) -> None:
    """The disk is dying."""
    await breaks(ground, "fdatasync,fsync", "EIO", f"{ground.rng.randint(1, 40)}+", "disk I/O error")


async def writes_fail(ground: Ground) -> None:
    """The disk is dying."""
    await breaks(ground, "pwrite64", "EIO", f"{ground.rng.randint(1, 300)}+", "disk I/O error")


async def it_is_read_only_all_at_once(ground: Ground) -> None:
    """So a Linux leaves a disk that has shown errors."""
    await breaks(ground, "pwrite64", "EROFS", f"{ground.rng.randint(1, 200)}+")


async def writes_find_no_room(ground: Ground) -> None:
    """The database is told that the disk is full; the ballast goes, once the engine was at work."""
    engine = ground.engine(prefix=failing("pwrite64", "ENOSPC", f"{ground.rng.randint(60, 300)}+"))
    if engine.starts():
        ground.met["broke at work"] += 1
        await ground.until_it_ends(engine)
        ground.expect(not (ground.data / "ballast").exists(), "the ballast is kept on a full disk")
    ground.says_why(engine, FULL)
    await ground.is_whole()
    ground.expect((ground.data / "ballast").exists(), "the ballast is not made again")


async def it_cannot_be_opened(ground: Ground) -> None:
    """Whatever the reason, and whichever file."""
    error = ground.rng.choice(("EACCES", "EMFILE", "ENFILE", "EIO", "EPERM", "EROFS"))
    path = ground.rng.choice((ground.database, ground.log, ground.data / "engine.pem"))
    ground.refuses(ground.engine(prefix=failing("openat", error, "1+", path)))
    await ground.is_whole()


async def the_folder_is_removed(ground: Ground) -> None:
    """What is written from then on is in no file that anybody could open; so nothing more may be accepted."""
    engine, gone = ground.engine(), ground.data.with_name("gone")
    engine.start()
    await ground.send(engine, 3)
    if ground.rng.random() < 0.5:
        ground.data.rename(gone)
    else:
        shutil.copytree(ground.data, gone)
        shutil.rmtree(ground.data)
    before = dict(ground.accepted)
    await ground.send(engine, 3)
    ground.expect(ground.accepted == before, "a message is accepted into a folder that is gone")
    engine.ended()
    ground.says_why(engine)
    gone.rename(ground.data)
    await ground.is_whole()


async def it_is_mounted_read_only(ground: Ground) -> None:
    """At the start, as a service manager finds it after a bad night."""
    with small_disk(ground, 16 * 1024) as place:
        move_to(ground, place)
        remount(place, "ro")
        ground.refuses(ground.engine())
        remount(place, "rw")
        await ground.is_whole()


async def it_is_full_at_the_first_start(ground: Ground) -> None:
    """Wherever it stops for want of room, the next start goes on from there."""
    with small_disk(ground, 4 * 1024) as place:
        ground.data = place / "data"
        ground.accepted.clear()
        filler = fill(place, leaving=ground.rng.randrange(0, 200, 4) * 1024)
        engine = ground.engine(limits=BARE)
        if not engine.starts() or engine.stop() != 0:
            ground.says_why(engine, FULL, "No space left", FULL.lower())
        filler.unlink()
        await ground.is_whole()


async def it_fills_up_at_work(ground: Ground) -> None:
    """Without any reserve: the engine ends when the database finds no room."""
    with small_disk(ground, 6 * 1024) as place:
        move_to(ground, place)
        filler = fill(place, leaving=ground.rng.randrange(100, 1_000) * 1024)
        engine = ground.engine(limits=BARE)
        engine.start()
        await ground.until_it_ends(engine)
        ground.says_why(engine, FULL)
        filler.unlink()
        await ground.is_whole()
