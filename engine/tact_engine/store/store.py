"""The store: facts in, one durable transaction, effects out.

`apply` takes a batch of facts, lets the courier decide about each over the view as of all earlier writes, does the
writes, and commits with fsync. Only then does it give the effects to its caller. A batch is whatever gathered while
the one before was committed, so group commit comes from the shape and needs no timer.

A commit that fails leaves memory ahead of the disk: StoreError, and the process must end; a restart reads the truth.
One method runs at a time, on whichever thread.
"""

import logging
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from errno import ENOSPC
from pathlib import Path

import msgspec

from tact_engine.core.changes import next_end
from tact_engine.core.courier import decide
from tact_engine.core.effects import Effect
from tact_engine.core.errors import Refused, StoreError
from tact_engine.core.facts import Fact, Moment, ReadingsOver, Started, Submitted
from tact_engine.core.members import Purpose
from tact_engine.core.presence import Presence, Reading
from tact_engine.core.privacy import Privacy
from tact_engine.core.view import Limits
from tact_engine.faults import point
from tact_engine.store.known import Known
from tact_engine.store.ledger import Ledger
from tact_engine.store.live import Live
from tact_engine.store.performer import Performer
from tact_engine.store.reserve import Reserve
from tact_engine.store.rows import all_of, load_members, one_of, waiting_of
from tact_engine.store.version import APPLICATION_ID, NEWEST, applied
from tact_engine.store.view import StoreView

TOMBSTONE_DAYS = 30
FREE_PAGES_KEPT = 256
PAGES_AT_ONCE = 1_000
PROMISES = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
"""What makes a commit durable, and what is deleted gone."""
COSTS = ("cache_size = -16000", "wal_autocheckpoint = 4000")
"""Up to 16 MB of pages in memory, and as much in the log before it is folded into the database: with less of either a
page that many messages write to is written over and over."""
BYTES_MIN = 512
"""No database is smaller, but for an empty file."""

_log = logging.getLogger(__name__)


class Store:
    """The engine's database and its live side. Open with `Store.open`, end with `close`."""

    def __init__(self, connection: sqlite3.Connection, path: Path, limits: Limits, reserve: Reserve) -> None:
        self._db = connection
        self._ledger = Ledger(connection)
        self._live = Live(self._ledger)
        self._known = Known()
        self._performer = Performer(self._ledger, self._live, self._known)
        self._limits = limits
        self._started = False
        self.path = path
        self._place = _place_of(path)
        self.reserve = reserve
        self.view = StoreView(self._ledger, self._live, self._known, limits, reserve)

    @classmethod
    def open(cls, path: Path, limits: Limits, now: Moment, reserve: Reserve | None = None) -> "Store":
        """The store at `path`, made where there is none; everybody offline. StoreError says what is wrong with it.

        Without a `reserve` the disk never counts as almost full.
        """
        reserve = reserve or Reserve(path.parent)
        try:
            store = cls._opened(path, limits, now, reserve)
        except StoreError as error:
            if not (_is_full(error.__cause__) and reserve.drop()):
                raise
            store = cls._opened(path, limits, now, reserve)
        reserve.begin()
        return store

    @classmethod
    def _opened(cls, path: Path, limits: Limits, now: Moment, reserve: Reserve) -> "Store":
        connection = _connected(path)
        try:
            with _sound_enough(path):
                _prepared(connection, path)
                store = cls(connection, path, limits, reserve)
                store._load()
                now = Moment(max(now.utc_ms, store.latest_ms), now.ticks_ms)
                point("while_starting")
                store.apply([Started()], now)
            store._started = True
            point("after_starting")
        except BaseException:
            connection.close()
            raise
        return store

    def apply(self, facts: Iterable[Fact], now: Moment) -> list[Effect]:
        """Decide about `facts` in order and make it durable; what to say, in order. StoreError ends the process."""
        effects: list[Effect] = []
        try:
            point("before_begin")
            self._check_in_place()
            self._db.execute("BEGIN IMMEDIATE")
            self.reserve.look()
            batch = list(facts)
            self.view.expect([each.submission.id for each in batch if isinstance(each, Submitted)])
            changes = self._db.total_changes
            if self._started and self.view.readings_over(now.utc_ms):
                # However late the timer is, nothing is decided over a presence that has ended.
                self._settle(ReadingsOver(), now, effects)
            for fact in batch:
                self._settle(fact, now, effects)
                point("in_transaction")
            self._ledger.flush()
            if self._db.total_changes != changes:
                self._performer.flush(now.utc_ms)
            point("before_commit")
            self._db.execute("COMMIT")
            point("after_commit")
            self._known.end_batch()
            self._live.held.end_batch(lambda handle: self.view.sessions(handle) > 0)
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return effects

    def next_wake(self, now: Moment) -> int | None:
        """In how many milliseconds something may be due; None where nothing is."""
        try:
            row = one_of(self._db, "SELECT min(expires_at) FROM waiting")
        except sqlite3.Error as error:
            raise StoreError(_sentence(error)) from error
        live = self._live
        instants = [row[0]] if row is not None and row[0] is not None else []
        instants += [*live.ends.values(), *(utc for utc, _ in live.wakes.values() if utc is not None)]
        if live.quiet and (row := one_of(self._db, "SELECT min(expires_at) FROM quiet")):
            instants.append(row[0])
        waits = [instant - now.utc_ms for instant in instants]
        ticks = [*live.graces.values(), *live.leases.values()]
        ticks += [due for _, due in live.wakes.values() if due is not None]
        waits += [due - now.ticks_ms for due in ticks]
        first = next(iter(self._live.departed.values()), None)
        if first is not None:
            waits.append(first[0] + self._limits.acknowledge_within_ms - now.ticks_ms)
        return max(0, min(waits)) if waits else None

    def password_of(self, handle: str) -> str | None:
        """The kept hash of somebody's password, None where they have none; from any thread."""
        return self._live.passwords.get(handle)

    def knows_invitation(self, token: str) -> bool:
        """Whether the invitation under the hash `token` is open still; from any thread."""
        return token in self._live.invitations

    def has_claim(self) -> bool:
        """Whether an invitation is open that makes a host."""
        return any(each.purpose is Purpose.HOST for each in self._live.invitations.values())

    def has_host(self) -> bool:
        """Whether anybody looks after this engine."""
        return bool(self.view.hosts())

    @property
    def latest_ms(self) -> int:
        """The latest instant (UTC milliseconds) that this store has a trace of; time does not go back behind it."""
        row = one_of(self._db, "SELECT latest FROM clock")
        readings = [each.since for who in self._live.people.values() for each in who.readings.values()]
        return max((row[0] if row else 0), max(readings, default=0))

    def housekeep(self, now: Moment) -> None:
        """Let no erased body survive in the log, forget old tombstones, give free room back, keep up the reserve."""
        try:
            before = now.utc_ms - TOMBSTONE_DAYS * 24 * 3600 * 1000
            if one_of(self._db, "SELECT 1 FROM ended WHERE since < ? LIMIT 1", before):
                self._forget(before)
            if not self.reserve.is_low:
                self._give_back()
            if self._performer.erased:
                point("before_checkpoint")
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                point("after_checkpoint")
                self._performer.erased = False
            self.reserve.fill()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Fold the log into the database and let go of it."""
        with suppress(sqlite3.Error):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._db.close()

    def _check_in_place(self) -> None:
        """StoreError where the database was moved or removed: what is written to it now, nobody would find again."""
        if _place_of(self.path) != self._place:
            raise StoreError(
                f"{self.path} was moved or removed while the engine ran. Put it back and start the engine again."
            )

    def _failed(self, error: sqlite3.Error) -> StoreError:
        """What to raise for `error`. On a full disk the ballast goes, so that a restart has room for all but new."""
        if self._started and _is_full(error):
            self.reserve.drop()
        return StoreError(_sentence(error))

    def _settle(self, fact: Fact, now: Moment, effects: list[Effect]) -> None:
        """One fact and all that it leads to, each step over the writes of the steps before."""
        pending = [fact]
        while pending:
            decision = decide(pending.pop(), self.view, now)
            for write in decision.writes:
                self._performer.perform(write)
            effects.extend(decision.effects)
            pending.extend(reversed(decision.then))

    def _load(self) -> None:
        """Read back what the live side is derived from: people, conditions, what is on its way; not what waits."""
        live = self._live
        load_members(self._db, live)
        for handle, version, readings in all_of(self._db, "SELECT handle, version, readings FROM presence"):
            live.people[handle] = Presence(
                handle, version, msgspec.json.decode(readings, type=dict[str, Reading])
            )
            end = next_end(live.people[handle])
            if end is not None:
                live.ends[handle] = end
        live.changed.update(dict.fromkeys(live.people))
        for handle, rules in all_of(self._db, "SELECT handle, rules FROM privacy"):
            live.privacy[handle] = msgspec.json.decode(rules, type=Privacy)
        live.quiet.update(all_of(self._db, "SELECT number, recipient FROM quiet"))
        heads = all_of(self._db, "SELECT DISTINCT behind FROM message WHERE behind IS NOT NULL")
        live.heads.update(number for (number,) in heads)
        for key, sender, form in all_of(self._db, "SELECT key, sender, form FROM condition"):
            live.conditions[key] = waiting_of(key, sender, form)
            live.condition_keys[sender, form] = key
        for envelope in self.view.released(None):
            live.left(envelope, 0)
        row = one_of(self._db, "SELECT max(number) FROM message")
        live.last_number = row[0] or 0 if row else 0
        self._performer.erased = True  # a crash may have left an erased body in the log

    def _give_back(self) -> None:
        """Let the file shrink by some of what is free in it; never by much at once, since everybody waits for it."""
        free = one_of(self._db, "PRAGMA freelist_count")
        if free is not None and free[0] > FREE_PAGES_KEPT:
            # A script, for `execute` would stop after the first page.
            self._db.executescript(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")
            self._performer.erased = True

    def _forget(self, before: int) -> None:
        """Drop the tombstones of messages that ended before the instant `before` for all their recipients.

        What arrived quietly is told at the end of its validity; its news then have their 30 days as well.
        """
        self._db.execute("BEGIN IMMEDIATE")
        over = all_of(
            self._db,
            "DELETE FROM message WHERE number IN (SELECT number FROM ended WHERE since < ?)"
            " AND NOT EXISTS (SELECT 1 FROM ended e WHERE e.number = message.number AND e.since >= ?)"
            " AND NOT EXISTS (SELECT 1 FROM body WHERE body.number = message.number)"
            " AND NOT EXISTS (SELECT 1 FROM ended e JOIN news n USING (number) WHERE e.number = message.number"
            " AND e.expires_at >= ?)"
            " AND NOT EXISTS (SELECT 1 FROM ended e JOIN quiet q USING (expires_at, number, recipient)"
            " WHERE e.number = message.number) RETURNING number",
            before,
            before,
            before,
        )
        if not over:
            self._db.execute("COMMIT")
            return
        for table in ("ended", "news"):
            self._db.executemany(f"DELETE FROM {table} WHERE number = ?", over)
        unused = "DELETE FROM condition WHERE key NOT IN (SELECT condition FROM message) RETURNING key, sender, form"
        gone = all_of(self._db, unused)
        point("while_forgetting")
        self._db.execute("COMMIT")
        self._performer.erased = True  # what their senders waited for is in the log
        self._known.forget_all()
        known = all_of(self._db, "SELECT DISTINCT behind FROM message WHERE behind IS NOT NULL")
        self._live.heads = {number for (number,) in known}
        for key, sender, form in gone:
            del self._live.conditions[key], self._live.condition_keys[sender, form]


def _connected(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        # Whoever has the store sees to it that one thread is at it at a time.
        return sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The engine's data cannot be opened at {path}: {error}. Choose another folder."
        ) from error


@contextmanager
def _sound_enough(path: Path) -> Generator[None]:
    """StoreError where what is read back makes no sense, so that nobody could have written it."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_sentence(error)}") from error
    except (ValueError, LookupError, Refused) as error:
        _log.exception("the data make no sense")
        raise StoreError(f"{path}: {_sentence(sqlite3.DatabaseError('malformed'))}") from error


def _place_of(path: Path) -> tuple[int, int] | None:
    """Which file it is that stands at `path`; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepared(connection: sqlite3.Connection, path: Path) -> None:
    """Check that the database is ours and writable, and bring its tables up to date."""
    log = path.with_name(path.name + "-wal")
    unclean = log.exists() and log.stat().st_size > 0
    size = path.stat().st_size
    if 0 < size < BYTES_MIN:  # SQLite would write over it
        raise StoreError(f"{path}: {_sentence(sqlite3.DatabaseError('file is not a database'))}")
    if unclean and not size:  # SQLite would take it for a new one, and remove the log
        raise StoreError(
            f"{path} is empty, but its log is not. Keep the log, and restore the newest copy of both."
        )
    connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
    tables = one_of(connection, "SELECT count(*) FROM sqlite_master")
    fresh = tables == (0,)
    _check_sound(connection, path, fresh, unclean)
    if fresh:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL").fetchall()
    for pragma in (*PROMISES, *COSTS):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("COMMIT")
    if applied(connection) != NEWEST:
        _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables up to date. What does that takes a fifth of a start, and is read by the first of a version."""
    from sqlite_utils import Database  # noqa: PLC0415

    from tact_engine.store.schema import migrations  # noqa: PLC0415

    migrations.apply(Database(connection))


def _check_sound(connection: sqlite3.Connection, path: Path, fresh: bool, unclean: bool) -> None:
    """StoreError unless the database is empty, or ours, of no newer form, and sound as far as that is in doubt."""
    if fresh:
        return
    if one_of(connection, "PRAGMA application_id") != (APPLICATION_ID,):
        raise StoreError(
            f"{path} is a database, but not one of Tact. Choose another folder, or move it away."
        )
    if not set(applied(connection)) <= set(NEWEST):
        raise StoreError(f"{path} was made by a newer Tact. Update this one, or choose another folder.")
    if unclean and one_of(connection, "PRAGMA quick_check(1)") != ("ok",):
        raise StoreError(f"{path}: {_sentence(sqlite3.DatabaseError('malformed'))}")


DAMAGED = "The database is damaged. Keep the file, restore the newest copy, and start again."
_SENTENCES = (
    (
        "database is locked",
        "Another engine is already using this data. Stop it first, or choose another folder.",
    ),
    ("not a database", "This file is not a database. Move it away and start again; Tact will not touch it."),
    ("readonly", "The data cannot be written. Give this user the right to write the folder and its files."),
    ("unable to open", "The data cannot be opened. Check that the folder exists and this user may write it."),
    ("full", "The disk is full. Free some space and start the engine again; nothing accepted is lost."),
    ("UTF-8", DAMAGED),
    ("malformed", DAMAGED),
)


def _is_full(error: BaseException | None) -> bool:
    """Whether something failed because the disk is full."""
    return "disk is full" in str(error) or (isinstance(error, OSError) and error.errno == ENOSPC)


def _sentence(error: sqlite3.Error) -> str:
    """What to do about `error`."""
    text = " ".join(str(error).split())
    for sign, sentence in _SENTENCES:
        if sign in text:
            return f"{sentence} ({text})"
    return f"The database did not do its part: {text}. Start the engine again; nothing accepted is lost."
