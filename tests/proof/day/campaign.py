"""Days: an office of 200 people works for some days, and afterwards nothing has grown that should not.

The real store over a file, in virtual time: people come between eight and half past nine, go for coffee and to lunch,
sit in meetings that end by themselves, drop off, write some forty messages each, mostly without a condition, read what
comes, think again, and go home. Some stay away, some hide things. Now and then everything that the store has in memory
is counted anew from its tables, and each message that waits is looked at by itself: none is overdue.

At night nobody is online, and what belongs to sessions is gone from memory. At the end there are long holidays: every
validity ends and every tombstone is forgotten. Then everybody comes once more, hears what is left to hear, and each
message that was ever accepted has come to one end, of which its sender was told; the tables are as empty as they were
before the first day, and no page of the file is in use that was not then.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, cast

from tests.proof.campaigns import Verdict
from tests.proof.day.habits import plan_day, settle_in
from tests.proof.day.office import DAY, HOUR, MIDNIGHT_MS, MINUTE, Office
from tests.support.heart import miscounted, misplaced, overdue

PEOPLE = 200
LOOKS = range(8 * HOUR, 19 * HOUR, 30 * MINUTE)
"""When everything that waits is looked at, in milliseconds of the day."""
HOLIDAYS = 7 + 7 + 31 + 31
"""The longest validity, its second one, its tombstone, and that of what somebody was not told before."""
PASSING = (
    "sessions",
    "graces",
    "idle",
    "leases",
    "departed",
    "wakes",
    "backlogs",
    "news_backlogs",
    "touched",
)
"""What the store has in memory only while somebody is here."""
TABLES = ("message", "body", "waiting", "released", "ended", "quiet", "news", "condition")
"""The tables that are empty when nothing is left of any message."""
IN_USE_MAX = 1.1
FILE_MAX = 1.1
KEPT_KIB = 1_100
"""What the file may keep for its next rows: 256 pages, and a page of the log."""
MEMORY_MAX = 1.25
MEMORY_SLACK_KIB = 20 * 1024
MET = (
    *(
        "messages",
        "alerts",
        "live",
        "delayed",
        "comings",
        "days away",
        "links lost",
        "asked why",
        "presence told",
    ),
    *("ended: delivered", "ended: expired", "ended: withdrawn", "read after that"),
)


def run(count: int, seed: int) -> Verdict:
    """`count` days in a row."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="tact-day-", dir=memory if os.access(memory, os.W_OK) else None
    ) as folder:
        office = Office(Path(folder), PEOPLE, Random(seed))
        try:
            wrong = [*_days(office, count), *_afterwards(office), *office.wrong]
        finally:
            office.store.close()
    again = f"again: python3 dev soak day --seed {seed} --count {count}"
    failures = tuple(f"{each}\n  {again}" for each in wrong[:20])
    return Verdict(count, failures, {**dict.fromkeys(MET, 0), **office.met})


def _days(office: Office, count: int) -> Iterator[str]:
    """Everybody's days, each with looks at how things stand."""
    settle_in(office)
    office.store.housekeep(office.now)
    office.met["KiB in use before"] = _kib_in_use(office)
    memory: list[int] = []
    for day in range(count):
        midnight = MIDNIGHT_MS + (day + 1) * DAY
        plan_day(office, midnight)
        for time_of_day in LOOKS:
            office.until(midnight + time_of_day)
            yield from (
                f"I4: on day {day + 1} this was overdue: {each}" for each in overdue(cast("Any", office))
            )
        office.until(midnight + DAY - HOUR)
        yield from _at_night(office, day)
        office.new_day()
        memory.append(_memory_kib())
        office.met[f"KiB of memory after day {day + 1:02}"] = memory[-1]
        office.met[f"KiB of file after day {day + 1:02}"] = office.path.stat().st_size // 1024
    if len(memory) > 4 and memory[-1] > memory[1] * MEMORY_MAX + MEMORY_SLACK_KIB:
        yield f"memory grows from day to day: {memory} KiB"


def _at_night(office: Office, day: int) -> Iterator[str]:
    """What is wrong when all have gone home."""
    live = office.store._live
    wrong = [f"{name} has {len(getattr(live, name))}" for name in PASSING if getattr(live, name)]
    wrong += [f"{handle} is shown online" for handle, who in live.people.items() if who.online]
    query = "SELECT min(serial) FROM news WHERE sender = ?"
    for handle, person in office.people.items():
        (serial,) = office.store._db.execute(query, (handle,)).fetchone()
        if serial is not None and serial <= person.noted:
            wrong.append(f"{handle} has noted the news {serial} and would be told them again")
    wrong += [*miscounted(office.store), *map(str, misplaced(office.store))]
    yield from (f"I6: in the night after day {day + 1}: {each}" for each in wrong)


def _afterwards(office: Office) -> Iterator[str]:
    """What is left of all that when it is long over."""
    office.sleep(HOLIDAYS // 2)
    for person in office.people.values():
        office.sign_in(person)
    office.until(office.now.utc_ms + HOUR)
    for person in office.people.values():
        office.leave(person)
    yield from (
        f"I6: {place} has no end, its sender knows of {state}" for place, state in office.open.items()
    )
    office.sleep(HOLIDAYS)
    db, live = office.store._db, office.store._live
    for table in TABLES:
        (rows,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()
        if rows:
            yield f"D4: {rows} rows of {table} are left"
    left = {
        "conditions": len(live.conditions), "their keys": len(live.condition_keys), "heads": len(live.heads),
        "quiet": len(live.quiet), "memories": sum(map(len, live.patience.values())),
        "held": sum(live.held.totals.values()) + live.unacknowledged.total(),
    }  # fmt: skip
    yield from (f"in memory, {count} {name} are left" for name, count in left.items() if count)
    before, after = office.met["KiB in use before"], _kib_in_use(office)
    office.met["KiB in use afterwards"] = after
    size = office.met["KiB of file afterwards"] = office.path.stat().st_size // 1024
    if after > before * IN_USE_MAX + _kib_of_presence(office):
        yield f"of the file {after} KiB are in use, and before the first day it were {before}"
    if size > after * FILE_MAX + KEPT_KIB:
        yield f"the file has {size} KiB, of which {after} are in use"


def _kib_in_use(office: Office) -> int:
    """How much of the file holds something."""
    pages, free, size = (
        office.store._db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size // 1024


def _kib_of_presence(office: Office) -> int:
    """About how much is kept of what people have said of themselves, which stays."""
    query = "SELECT sum(length(readings)) FROM presence"
    return office.store._db.execute(query).fetchone()[0] * 2 // 1024


def _memory_kib() -> int:
    """What the process has of memory; 1 where nobody says."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    except OSError:
        return 1
