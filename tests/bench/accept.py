"""A: messages are accepted. Twenty senders hand in messages for people who are offline, and are told “held”."""

import asyncio
import sqlite3
from pathlib import Path

from tests.bench.driving import Pipeline, closed
from tests.bench.fast_link import BODY, FastLink, accounts, message, signed_in
from tests.bench.figures import Figure, Figures, spread
from tests.bench.scene import Scene
from tests.bench.watch import Watch, resident_mib
from tests.support.engine_process import EngineProcess

SENDERS = 20
BARE_AT_ONCE = 500


async def accept(scene: Scene) -> Figures:
    """Counted when the sender has been told: pipelined to one and to 1,000 recipients, then one by one."""
    recipients = [f"recipient-{number}" for number in range(100 if scene.quick else 1_000)]
    many, one = (10_000, 4_000) if scene.quick else (50_000, 10_000)
    async with scene.engine() as engine:
        await accounts(engine, recipients)
        senders = await signed_in_senders(engine)
        figures: dict[str, Figure] = {}
        figures["A-one accepted /s"] = await accepted(engine, senders, recipients[:1], one)
        figures["A-1000 accepted /s"] = await accepted(engine, senders, recipients, many)
        for links in (senders[:1], senders):
            figures |= await _one_by_one(engine, links, recipients[:100], 200 if scene.quick else 1_000)
        figures["A memory afterwards MiB"] = Figure(resident_mib(engine.pid))
    figures["A the same rows by bare SQLite /s"] = bare(scene.folder / "bare.db", one)
    return figures


async def signed_in_senders(engine: EngineProcess) -> list[FastLink]:
    """Those who hand in messages."""
    return [await signed_in(engine, f"sender-{number}") for number in range(SENDERS)]


async def accepted(
    engine: EngineProcess, senders: list[FastLink], recipients: list[str], count: int
) -> Figure:
    """How many of `count` messages a second are accepted."""
    frames = [message(recipients[number % len(recipients)]) for number in range(count)]
    lines = [Pipeline(link, frames[place :: len(senders)]) for place, link in enumerate(senders)]
    with Watch(engine) as watch:
        await asyncio.gather(*(line.run() for line in lines))
    return Figure(count / watch.seconds, watch.load)


async def _one_by_one(
    engine: EngineProcess, links: list[FastLink], recipients: list[str], rounds: int
) -> Figures:
    work = [[message(recipients[n % len(recipients)]) for n in range(rounds)] for _ in links]
    with Watch(engine) as watch:
        times = await asyncio.gather(*(closed(*pair) for pair in zip(links, work, strict=True)))
    seconds = [taken for many in times for taken in many]
    return spread(f"A closed, {len(links)} in flight", seconds, watch.load)


def bare(path: Path, count: int) -> Figure:
    """Messages a second that SQLite alone takes in here, each commit on disk: what no engine over it can better."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in _BARE:
            connection.execute(statement).fetchall()
        rows = [(n, f"019b8d3e-1f00-7c55-8a11-{n:012x}", f"recipient-{n % 1_000}") for n in range(count)]
        with Watch(None) as watch:
            for start in range(0, count, BARE_AT_ONCE):
                some = rows[start : start + BARE_AT_ONCE]
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("INSERT INTO message VALUES (?, ?, 'sender', ?, 1, 2, 3, 4)", some)
                connection.executemany("INSERT INTO body VALUES (?, ?)", [(row[0], BODY) for row in some])
                waiting = [(row[2], row[0]) for row in some]
                connection.executemany("INSERT INTO waiting VALUES (?, 1, ?, 1, 2, 3)", waiting)
                connection.execute("COMMIT")
        return Figure(count / watch.seconds, watch.load)
    finally:
        connection.close()


_BARE = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "CREATE TABLE message (number INTEGER PRIMARY KEY, id TEXT UNIQUE, sender, recipients, a, b, c, d)",
    "CREATE TABLE body (number INTEGER PRIMARY KEY, content BLOB)",
    "CREATE TABLE waiting (recipient, condition, number, a, b, c, PRIMARY KEY (recipient, condition, number))"
    " WITHOUT ROWID",
)
