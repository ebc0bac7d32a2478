"""Databases as the first version left them, and what has to be left of one after an update that went wrong before."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlite_utils import Database

from tact_engine.core import effects as out
from tact_engine.core import facts
from tact_engine.core.facts import Moment
from tact_engine.core.view import Limits
from tact_engine.store.schema import APPLICATION_ID, migrations
from tact_engine.store.store import Store
from tests.support.heart import OPEN_DOOR

NOON_MS = 1_800_000_000_000
PEOPLE: tuple[str, ...] = ("ann", "bob", "mary", "tom")
FORMS = ("{}", '{"any":[{"all":[{"attr":"UserMood","op":"ne","value":"ANGRY"}]}]}', '{"dwell":5}')
ALIVE = ("waiting", "waiting", "released")
OVER = ("delivered", "read", "expired", "withdrawn")
FIRST_TABLES = (
    "account", "device", "presence", "conversation", "member", "condition",
    "message", "body", "waiting", "released", "ended", "news",
)  # fmt: skip
DROPPED = {"conversation", "member"}
"""What nothing ever read, and a later version forgets."""


@dataclass
class Kept:
    """What was in a database before: every row of its tables, and of each envelope where it stood."""

    rows: dict[str, set[tuple[object, ...]]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    """(message, recipient) → the state that it is in now that everybody is offline."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    validity: dict[str, tuple[int, int]] = field(default_factory=dict)
    """message → its seconds from acceptance to end, and its latest revision."""


NAMES = tuple(migration.name for migration in migrations.pending(Database(memory=True)))
"""Every change of the tables, in order."""


def old_version(path: Path, chance: Random, *, changes: int, unclean: bool) -> Kept:
    """A database as it was after the first so many changes, with some days in it; `unclean`: that engine was killed."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("auto_vacuum = INCREMENTAL", "journal_mode = WAL", f"application_id = {APPLICATION_ID}"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    migrations.apply(Database(connection), stop_before=NAMES[1])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute("BEGIN")
    kept = _filled(connection, chance)
    connection.execute("COMMIT")
    migrations.apply(Database(connection), stop_before=NAMES[max(1, changes) :][:1])
    left = (path, path.with_name(path.name + "-wal")) if unclean else ()
    files = {file: file.read_bytes() for file in left}
    connection.close()
    for file, data in files.items():
        file.write_bytes(data)
    return kept


def _filled(connection: sqlite3.Connection, chance: Random) -> Kept:
    """Rows in each table."""
    kept = Kept()
    for handle in PEOPLE:
        connection.execute("INSERT INTO account VALUES (?, ?, ?, 0)", (handle, NOON_MS, chance.randrange(50)))
        connection.execute("INSERT INTO device VALUES (?, ?, ?)", (f"device of {handle}", handle, NOON_MS))
        readings = {
            "OnlineStatus": {"value": chance.random() < 0.5, "since": NOON_MS, "source": "engine"},
            "UserMood": {"value": chance.choice(("ANGRY", "HAPPY")), "since": NOON_MS},
        }
        connection.execute("INSERT INTO presence VALUES (?, 7, ?)", (handle, json.dumps(readings)))
    for key, (sender, form) in enumerate(((who, form) for who in PEOPLE for form in FORMS), 1):
        connection.execute("INSERT INTO condition VALUES (?, ?, ?)", (key, sender, form))
    serials = dict.fromkeys(PEOPLE, 0)
    for number in range(1, chance.randrange(8, 25)):
        _add_message(connection, chance, number, serials, kept)
    for handle, serial in serials.items():
        connection.execute("UPDATE account SET serial = ? WHERE handle = ?", (serial, handle))
    for table in sorted({*FIRST_TABLES} - DROPPED):
        kept.columns[table] = ", ".join(
            name for (name,) in connection.execute(f"SELECT name FROM pragma_table_info('{table}')")
        )
        kept.rows[table] = set(connection.execute(f"SELECT {kept.columns[table]} FROM {table}"))
    return kept


def _add_message(
    connection: sqlite3.Connection, chance: Random, number: int, serials: dict[str, int], kept: Kept
) -> None:
    """One message to one person or two, somewhere in its life."""
    sender, *to = chance.sample(PEOPLE, chance.choice((2, 2, 3, 4)))
    id, key = f"message-{number}", 1 + PEOPLE.index(sender) * len(FORMS) + chance.randrange(len(FORMS))
    conversation = "direct-" + "-".join(sorted((sender, *to)))
    connection.execute("INSERT OR IGNORE INTO conversation VALUES (?, 'direct')", (conversation,))
    for handle in (sender, *to):
        connection.execute("INSERT OR IGNORE INTO member VALUES (?, ?)", (conversation, handle))
    seconds = chance.choice((3_600, 86_400, 7 * 86_400))
    row = (number, id, sender, conversation, " ".join(to), key, "text/plain", "", NOON_MS, 700)
    connection.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    end = NOON_MS + seconds * 1000
    latest = chance.choice((1, 1, 2, 3))
    states = [chance.choice((*ALIVE, *OVER)) for _ in to]
    if any(state in ALIVE for state in states):
        kept.bodies[id] = f"the text of {id}".encode()
        connection.execute("INSERT INTO body VALUES (?, ?)", (number, kept.bodies[id]))
    revisions = [latest if state in ALIVE else chance.randint(1, latest) for state in states]
    kept.validity[id] = seconds, max(revisions)
    for recipient, state, revision in zip(to, states, revisions, strict=True):
        kept.places[id, recipient] = "held" if state in ALIVE else state
        if state == "waiting":
            values = (recipient, key, number, revision, end, NOON_MS, chance.randrange(2))
            connection.execute("INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        elif state == "released":
            values = (recipient, number, key, revision, end, NOON_MS, number)
            connection.execute("INSERT INTO released VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        else:
            ended = (number, recipient, state, revision, end, NOON_MS)
            connection.execute("INSERT INTO ended VALUES (?, ?, ?, ?, ?, ?, 1)", ended)
            serials[sender] += 1
            connection.execute(
                "INSERT INTO news VALUES (?, ?, ?, ?)", (sender, serials[sender], number, recipient)
            )


# --- afterwards


def wrong_with(path: Path, kept: Kept | None) -> Iterator[str]:
    """What is not as it should be in the database that was updated at last; without `kept` there was none before."""
    store = Store.open(path, Limits(), Moment(NOON_MS + 1_000, 5_000))
    try:
        yield from _lost(store._db, kept or Kept())
        yield from _misshapen(store._db)
        yield from _lifeless(store, kept or Kept())
    finally:
        store.close()


def _lost(db: sqlite3.Connection, kept: Kept) -> Iterator[str]:
    """Rows that are gone or were changed; what is said to be released may have moved, since nobody is online."""
    for table, rows in kept.rows.items():
        if table in ("waiting", "released", "presence", "account"):
            continue
        found = set(db.execute(f"SELECT {kept.columns[table]} FROM {table}"))
        if not rows <= found:
            yield f"rows of {table} that are gone: {sorted(map(str, rows - found))}"
    if kept.rows and {row[:3] for row in kept.rows["account"]} != set(
        db.execute("SELECT handle, created_at, sequence FROM account")
    ):
        yield "accounts were changed"
    places = {
        (id, recipient): state
        for table, state in (("waiting", "'held'"), ("released", "'released'"), ("ended", "state"))
        for id, recipient, state in db.execute(
            f"SELECT m.id, w.recipient, {state} FROM {table} w JOIN message m ON m.number = w.number"
        )
    }
    if places != kept.places:
        yield f"envelopes stand elsewhere: {sorted(places.items() ^ kept.places.items())}"
    bodies = dict(db.execute("SELECT m.id, b.content FROM body b JOIN message m ON m.number = b.number"))
    if bodies != kept.bodies:
        yield "texts are gone or were changed"
    found = {id: tuple(rest) for id, *rest in db.execute("SELECT id, valid_for, latest FROM message")}
    if found != kept.validity:
        yield f"validity or latest revision of these is another: {sorted(found.items() ^ kept.validity.items())}"
    for table in ("waiting", "ended"):
        if db.execute(f"SELECT 1 FROM {table} WHERE matched != 0").fetchone():
            yield f"rows of {table} say that they matched a version that nobody knows"
    for handle, readings in db.execute("SELECT handle, readings FROM presence"):
        if json.loads(readings)["OnlineStatus"]["value"]:
            yield f"{handle} is shown online after a start"


def _misshapen(db: sqlite3.Connection) -> Iterator[str]:
    """How the tables differ from those that a new database has."""
    new = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(Database(new))
    wanted, found = _shape(new), _shape(db)
    new.close()
    if wanted != found:
        yield f"tables or indexes are not those of a new database: {sorted(wanted ^ found)}"
    if (said := db.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
        yield f"the database is damaged: {said}"


def _shape(db: sqlite3.Connection) -> set[tuple[str, ...]]:
    """Every table with its columns, and every index."""
    query = (
        "SELECT m.type, m.name, ifnull(c.name, '') FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c"
        " WHERE m.name NOT LIKE '@_%' ESCAPE '@' AND m.name NOT LIKE 'idx@_@_%' ESCAPE '@'"
    )
    return set(db.execute(query))


def _lifeless(store: Store, kept: Kept) -> Iterator[str]:
    """What does not go on: all who have messages come, and whatever still waits for them arrives with its text."""
    now = Moment(NOON_MS + 2_000, 6_000)
    arrived: dict[tuple[str, str], bytes] = {}
    for session, handle in enumerate(("newcomer", *PEOPLE), 1):
        effects = store.apply(
            [facts.SignedIn(session, handle, f"device of {handle}", {"UserMood": "HAPPY"}, ticket=OPEN_DOOR)],
            now,
        )
        if not any(isinstance(effect, out.Welcome) for effect in effects):
            yield f"{handle} may not sign in any more"
        arrived |= _copies(effects)
    later = Moment(now.utc_ms + 5_000, now.ticks_ms + 5_000)
    arrived |= _copies(store.apply([facts.TimePassed()], later))
    wanted = {place: kept.bodies[place[0]] for place, state in kept.places.items() if state == "held"}
    if arrived != wanted:
        yield f"what arrived is not what waited: {sorted(arrived.keys() ^ wanted.keys())}"
    for id, handle in wanted:
        session = 2 + PEOPLE.index(handle)
        store.apply([facts.Acknowledged(session, {id: 1})], later)
    if store._db.execute("SELECT count(*) FROM body").fetchone() != (0,):
        yield "texts stay although all has arrived"


def _copies(effects: list[out.Effect]) -> dict[tuple[str, str], bytes]:
    """(message, recipient) → the text of each copy that was handed over."""
    return {
        (each.id, effect.handle): each.body
        for effect in effects
        if isinstance(effect, out.Deliver)
        for each in effect.deliveries
    }
