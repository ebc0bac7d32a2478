"""The questions and small changes of the history, as SQL."""

END = 2**63 - 1
"""Greater than every position."""

ONE = "SELECT * FROM entry WHERE id = ?"
NEWEST = "SELECT * FROM entry WHERE conversation = ? AND position < ? AND position >= ? ORDER BY position DESC LIMIT ?"
FOLLOWING = "SELECT * FROM entry WHERE conversation = ? AND position > ? ORDER BY position LIMIT ?"
WAITING = "SELECT * FROM entry WHERE own AND stage IN ('unsent', 'held') ORDER BY written_at, number"
UNSENT = "SELECT * FROM entry WHERE own AND stage = 'unsent' ORDER BY written_at, number"
UNDELIVERED = "SELECT * FROM entry WHERE own AND stage IN ('expired', 'failed') ORDER BY written_at, number"
DELIVERED = (
    "SELECT * FROM entry INDEXED BY entry_late WHERE own AND delayed AND released_at >= ?"
    " AND NOT alert AND stage IN ('delivered', 'read') ORDER BY released_at, number"
)
UNREAD_COUNT = "SELECT count(*) FROM entry WHERE conversation = ? AND unread"
UNREAD_COUNTS = "SELECT conversation, count(*) FROM entry WHERE unread GROUP BY conversation"

LAST_TIME = (
    "SELECT max("
    " coalesce((SELECT max(written_at, released_at) FROM entry WHERE conversation = :name AND position IS NOT NULL"
    " ORDER BY position DESC LIMIT 1), 0),"
    " coalesce((SELECT max(written_at) FROM entry WHERE conversation = :name AND position IS NULL"
    " AND stage <> 'withdrawn'), 0))"
)

# The same for each, in steps from conversation to conversation in the index; it never looks at all messages.
LAST_TIMES = (
    "WITH RECURSIVE each(name) AS (SELECT min(conversation) FROM entry"
    " UNION ALL SELECT (SELECT min(conversation) FROM entry WHERE conversation > each.name) FROM each"
    " WHERE each.name IS NOT NULL),"
    " times(name, at) AS (SELECT name, max("
    " coalesce((SELECT max(written_at, released_at) FROM entry WHERE conversation = name AND position IS NOT NULL"
    " ORDER BY position DESC LIMIT 1), 0),"
    " coalesce((SELECT max(written_at) FROM entry WHERE conversation = name AND position IS NULL"
    " AND stage <> 'withdrawn'), 0)) FROM each WHERE name IS NOT NULL)"
    " SELECT name, at FROM times WHERE at > 0"
)
SEARCH = (
    "SELECT entry.* FROM entry_fts JOIN entry ON entry.number = entry_fts.rowid"
    " WHERE entry_fts MATCH ? ORDER BY entry_fts.rowid DESC LIMIT ?"
)
PARTS = "SELECT * FROM standing WHERE entry_id = ?"
DRAFT = "SELECT * FROM draft WHERE conversation = ?"
SETTING = "SELECT value FROM setting WHERE key = ?"
SERIAL = "SELECT value FROM counter WHERE name = 'serial'"

MARK_READ = "UPDATE entry SET unread = 0 WHERE conversation = ? AND unread AND position <= ? RETURNING id"
NEXT_POSITION = "UPDATE counter SET value = value + 1 WHERE name = 'position' RETURNING value"
RAISE_SERIAL = "UPDATE counter SET value = max(value, ?) WHERE name = 'serial'"
PUT_SETTING = "INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)"
DISMISS = "DELETE FROM entry WHERE id = ? AND own AND stage IN ('expired', 'failed')"
DROP_PARTS = "DELETE FROM standing WHERE entry_id = :id AND :gone"

# The index keeps words of deleted text in older parts until they are merged into one.
FORGET_WORDS = "INSERT INTO entry_fts(entry_fts) VALUES ('optimize')"
EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
