"""The tables of this computer's own store, as migrations; a released one is never changed, new ones are added below.

entry     one row a message, its columns are the fields of `Entry`; `number` is only where SQLite keeps it
standing  how each recipient's part of an own message stands, as the engine last told
draft     what stands in the composer of a conversation
setting   a name and a JSON value
counter   the last position given, the last serial of the engine's news that is stored here

A withdrawn message stays as a row without text, so that late news of it is understood. Deleted text is overwritten
(`secure_delete`); the search index forgets its words when it is merged anew, which `History` does at once.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("tact-history")


@migrations()
def m001_messages(db: Database) -> None:
    """Messages, how they stand, and the index to search them by."""
    db.table("entry").create(
        {
            "number": int,
            "id": str,
            "conversation": str,
            "author": str,
            "own": int,
            "text": str,
            "stage": str,
            "recipients": str,
            "written_at": int,
            "position": int,
            "since": int,
            "released_at": int,
            "delayed": int,
            "batch": int,
            "unread": int,
            "revision": int,
            "condition": str,
            "valid_for": int,
            "expires_at": int,
            "problem": str,
        },
        pk="number",
        not_null={"id", "conversation", "author", "own", "text", "stage", "recipients", "written_at"},
    )
    db.table("entry").create_index(["id"], unique=True)
    db.table("entry").create_index(["conversation", "position"])
    db.conn.execute("CREATE INDEX entry_stage ON entry(stage) WHERE own")
    db.conn.execute("CREATE INDEX entry_unread ON entry(conversation, position) WHERE unread")
    db.conn.execute("CREATE INDEX entry_late ON entry(released_at) WHERE own AND delayed")
    _index_text(db)
    db.table("standing").create(
        {
            "entry_id": str,
            "recipient": str,
            "state": str,
            "revision": int,
            "since": int,
            "accepted_at": int,
            "released_at": int,
            "expires_at": int,
            "waited": int,
            "serial": int,
        },
        pk=("entry_id", "recipient"),
    )


@migrations()
def m002_drafts_and_settings(db: Database) -> None:
    """What is kept besides messages."""
    db.table("draft").create(
        {"conversation": str, "text": str, "preset": str, "custom": str, "valid_for": int, "pinned": int},
        pk="conversation",
    )
    db.table("setting").create({"key": str, "value": str}, pk="key")
    db.table("counter").create({"name": str, "value": int}, pk="name")
    db.conn.execute("INSERT INTO counter(name, value) VALUES ('position', 0), ('serial', 0)")


@migrations()
def m003_the_law_in_full(db: Database) -> None:
    """What becomes of a message at its end, alerts, and news that corrects what was thought."""
    for column in ("keep_order", "alert", "second", "corrected", "outdated"):
        db.conn.execute(f"ALTER TABLE entry ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    db.conn.execute("ALTER TABLE entry ADD COLUMN text_revision INTEGER NOT NULL DEFAULT 1")
    for column in ("keep_order", "alert"):
        db.conn.execute(f"ALTER TABLE draft ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    for table in ("entry", "draft"):
        db.conn.execute(f"ALTER TABLE {table} ADD COLUMN otherwise TEXT NOT NULL DEFAULT 'expire'")
    db.conn.execute("ALTER TABLE standing ADD COLUMN second INTEGER NOT NULL DEFAULT 0")


def _index_text(db: Database) -> None:
    """Full-text search that follows the text alone: a message that is read or delivered is not indexed again."""
    db.table("entry").enable_fts(["text"], tokenize="unicode61 remove_diacritics 2")
    db.conn.execute(
        "CREATE TRIGGER entry_added AFTER INSERT ON entry BEGIN"
        " INSERT INTO entry_fts(rowid, text) VALUES (new.number, new.text); END"
    )
    db.conn.execute(
        "CREATE TRIGGER entry_dropped AFTER DELETE ON entry BEGIN"
        " INSERT INTO entry_fts(entry_fts, rowid, text) VALUES ('delete', old.number, old.text); END"
    )
    db.conn.execute(
        "CREATE TRIGGER entry_rewritten AFTER UPDATE OF text ON entry WHEN old.text IS NOT new.text BEGIN"
        " INSERT INTO entry_fts(entry_fts, rowid, text) VALUES ('delete', old.number, old.text);"
        " INSERT INTO entry_fts(rowid, text) VALUES (new.number, new.text); END"
    )
