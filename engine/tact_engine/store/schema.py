"""The engine's database: its tables, as an append-only list of migrations, and why they are so.

A message is written once and does not change while it waits. *Where* its envelopes stand is said by small rows of
their own, clustered by what is asked of them: `waiting` by recipient and condition, `released` by recipient, `ended` by
message. An envelope is in exactly one of the three. Releasing many is then moving small neighbouring rows, and the
wide ones stay put. Bodies have a table to themselves, so that erasing one is deleting one row.

    account ─┬─ device          message ─┬─ body
             ├─ password                 ├─ waiting │ released │ ended     one of them for each recipient
             ├─ presence                 ├─ news      what its sender has not noted yet
             └─ privacy                  └─ quiet     what its sender is not to be told yet
    invitation                  condition (of one sender)

Times are UTC milliseconds. Booleans are 0 and 1.

Every key and index is there for one question; each costs every message a page or so in the log, so there are no others.
How often they are asked decides what a table is clustered by:

    account, device, presence, …    by handle: little, read at the start and then kept in memory
    condition                       by number; UNIQUE (sender, form): one row for all messages that wait alike
    message       number            acceptance order; new ones are written at the end
                  id                is this a retry? what is this acknowledgement about? UUIDv7, so nearly in order too
                  message_by_head   who waits behind this one? only those that wait behind any are in it
    body          number            erased alone
    waiting       recipient, condition, number: what may go when their presence changes, in order, side by side
                  waiting_by_end    what has expired? when is the next to?
    released      recipient, number: what is on its way to them; few
    ended         number, recipient: how a message ended for whom
                  ended_by_time     which tombstones are old enough to go?
    news          sender, serial: what they are to be told, in order
                  news_by_envelope  newer news take the place of older
    quiet         expires_at, …: what is to be told by now

What is last in a conversation has no index: it is among what its recipient has not had yet (`chain_view`).
"""

from sqlite_utils import Database, Migrations

from tact_engine.store.version import APPLICATION_ID as APPLICATION_ID

migrations = Migrations("tact-engine")
_PLACES = ("waiting", "released", "ended")


_FIRST_LIGHT = """
CREATE TABLE account (
    handle TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL DEFAULT 0,  -- the last release number of this recipient
    serial INTEGER NOT NULL DEFAULT 0     -- the last news serial of this sender
) WITHOUT ROWID;
CREATE TABLE device (
    fingerprint TEXT, handle TEXT, added_at INTEGER NOT NULL, PRIMARY KEY (fingerprint, handle)
) WITHOUT ROWID;
CREATE TABLE presence (handle TEXT PRIMARY KEY, version INTEGER NOT NULL, readings TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE conversation (id TEXT PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE member (conversation TEXT, handle TEXT, PRIMARY KEY (conversation, handle)) WITHOUT ROWID;
CREATE TABLE condition (
    key INTEGER PRIMARY KEY, sender TEXT NOT NULL, form TEXT NOT NULL, UNIQUE (sender, form)
);
CREATE TABLE message (
    number INTEGER PRIMARY KEY,           -- acceptance order
    id TEXT NOT NULL UNIQUE,              -- made by the sender's client
    sender TEXT NOT NULL,
    conversation TEXT NOT NULL,
    recipients TEXT NOT NULL,             -- handles, separated by blanks
    condition INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    enc TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    weight INTEGER NOT NULL               -- about how many bytes a copy takes on its way
);
CREATE TABLE body (number INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE waiting (
    recipient TEXT, condition INTEGER, number INTEGER, revision INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    since INTEGER NOT NULL, tried INTEGER NOT NULL, PRIMARY KEY (recipient, condition, number)
) WITHOUT ROWID;
-- the sweep of what has expired
CREATE INDEX waiting_by_end ON waiting (expires_at);
CREATE TABLE released (
    recipient TEXT, number INTEGER, condition INTEGER NOT NULL, revision INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, since INTEGER NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (recipient, number)
) WITHOUT ROWID;
CREATE TABLE ended (
    number INTEGER, recipient TEXT, state TEXT NOT NULL, revision INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    since INTEGER NOT NULL, tried INTEGER NOT NULL, PRIMARY KEY (number, recipient)
) WITHOUT ROWID;
-- tombstones that are old enough to go
CREATE INDEX ended_by_time ON ended (since);
CREATE TABLE news (sender TEXT, serial INTEGER, number INTEGER, recipient TEXT, PRIMARY KEY (sender, serial))
    WITHOUT ROWID;
-- newer news replaces older
CREATE UNIQUE INDEX news_by_envelope ON news (number, recipient);
"""


@migrations()
def m001_first_light(db: Database) -> None:
    """People, messages, and where each envelope stands."""
    for statement in _FIRST_LIGHT.split(";\n"):
        db.conn.execute(statement)


_THE_LAW_IN_FULL = """
CREATE TABLE privacy (handle TEXT PRIMARY KEY, rules TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE quiet (expires_at INTEGER, number INTEGER, recipient TEXT, PRIMARY KEY (expires_at, number, recipient))
    WITHOUT ROWID;
ALTER TABLE message ADD COLUMN valid_for INTEGER NOT NULL DEFAULT 604800;
ALTER TABLE message ADD COLUMN otherwise TEXT NOT NULL DEFAULT 'expire';
ALTER TABLE message ADD COLUMN second INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN behind INTEGER;
CREATE INDEX message_by_head ON message (behind) WHERE behind IS NOT NULL;
ALTER TABLE waiting ADD COLUMN matched INTEGER NOT NULL DEFAULT 0;
ALTER TABLE released ADD COLUMN matched INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ended ADD COLUMN matched INTEGER NOT NULL DEFAULT 0
"""


@migrations()
def m002_the_law_in_full(db: Database) -> None:
    """Rules about who may see what, second lives, chains, and the version of presence that matched."""
    for statement in _THE_LAW_IN_FULL.split(";\n"):
        db.conn.execute(statement)
    for table in _PLACES:
        db.conn.execute(
            f"UPDATE message SET valid_for = (w.expires_at - accepted_at) / 1000 FROM {table} w"
            " WHERE w.number = message.number AND w.expires_at > accepted_at"
        )


@migrations()
def m003_the_proof(db: Database) -> None:
    """The revision of a message, which a copy that arrived in an earlier one does not tell.

    Who wrote to whom is forgotten with the messages: nothing ever read it elsewhere.
    """
    db.conn.execute("ALTER TABLE message ADD COLUMN latest INTEGER NOT NULL DEFAULT 1")
    # whether it was an edit that made that revision, so that the edit is known when it is asked for again
    db.conn.execute("ALTER TABLE message ADD COLUMN edited INTEGER NOT NULL DEFAULT 0")
    places = " UNION ALL ".join(f"SELECT number, revision FROM {table}" for table in _PLACES)
    db.conn.execute(
        "UPDATE message SET latest = w.revision, edited = w.revision > 1"
        f" FROM (SELECT number, max(revision) AS revision FROM ({places})"
        " GROUP BY number) w WHERE w.number = message.number"
    )
    db.conn.execute("DROP TABLE conversation")
    db.conn.execute("DROP TABLE member")
    # the latest time that this engine has told; it never goes back behind it
    db.conn.execute("CREATE TABLE clock (latest INTEGER NOT NULL)")
    times = " UNION ALL ".join(f"SELECT since FROM {table}" for table in _PLACES)
    db.conn.execute(
        f"INSERT INTO clock SELECT ifnull(max(since), 0) FROM ({times} UNION ALL SELECT accepted_at FROM message)"
    )
    # what is last in a conversation, for those who keep the order
    db.conn.execute("CREATE INDEX message_by_conversation ON message (conversation, sender, number)")


_TRUST = """
ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
ALTER TABLE account ADD COLUMN invited_by TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN removed_at INTEGER;
ALTER TABLE device ADD COLUMN computer TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
CREATE TABLE password (handle TEXT PRIMARY KEY, kept TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE invitation (
    token TEXT PRIMARY KEY,               -- the hash of the secret
    purpose TEXT NOT NULL, made_by TEXT NOT NULL, handle TEXT NOT NULL,
    made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) WITHOUT ROWID
"""


@migrations()
def m004_trust(db: Database) -> None:
    """Hosts and members, people who were removed, passwords, invitations."""
    for statement in _TRUST.split(";\n"):
        db.conn.execute(statement)
    db.conn.execute("UPDATE device SET seen_at = added_at")


@migrations()
def m005_speed(db: Database) -> None:
    """What is last in a conversation is looked for among what waits; the index of all cost every message a page.

    How much waits of a sender is written with their account, so that a start need not count it.
    """
    db.conn.execute("DROP INDEX message_by_conversation")
    db.conn.execute("ALTER TABLE account ADD COLUMN held INTEGER NOT NULL DEFAULT 0")
    db.conn.execute(
        "UPDATE account SET held = w.held FROM"
        " (SELECT m.sender, count(*) AS held FROM waiting JOIN message m USING (number) GROUP BY m.sender) w"
        " WHERE account.handle = w.sender"
    )
