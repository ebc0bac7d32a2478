"""Entries, standings and drafts as rows of the store, and back."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any

from tact_desktop.local.standings import Standing
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_engine.core.conditions import Condition, canonical, parse
from tact_engine.core.envelope import Otherwise, State

Record = dict[str, Any]
"""One row by the names of its columns."""

ADD_ENTRY = (
    "INSERT INTO entry(id, conversation, author, own, text, stage, recipients, written_at, position, since,"
    " released_at, delayed, batch, unread, revision, condition, valid_for, expires_at, problem, otherwise, keep_order,"
    " alert, second, corrected, outdated, text_revision)"
    " VALUES (:id, :conversation, :author, :own, :text, :stage, :recipients, :written_at, :position, :since,"
    " :released_at, :delayed, :batch, :unread, :revision, :condition, :valid_for, :expires_at, :problem,"
    " :otherwise, :keep_order, :alert, :second, :corrected, :outdated, :text_revision)"
    " ON CONFLICT(id) DO NOTHING"
)
CHANGE_ENTRY = (
    "UPDATE entry SET text = :text, stage = :stage, written_at = :written_at, position = :position, since = :since,"
    " released_at = :released_at, delayed = :delayed, unread = :unread, revision = :revision,"
    " condition = :condition, valid_for = :valid_for, expires_at = :expires_at, problem = :problem,"
    " otherwise = :otherwise, alert = :alert, second = :second, corrected = :corrected, outdated = :outdated,"
    " text_revision = :text_revision"
    " WHERE id = :id"
)
PUT_STANDING = (
    "INSERT OR REPLACE INTO standing(entry_id, recipient, state, revision, since, accepted_at, released_at,"
    " expires_at, waited, serial, second) VALUES (:entry_id, :recipient, :state, :revision, :since, :accepted_at,"
    " :released_at, :expires_at, :waited, :serial, :second)"
)
PUT_DRAFT = (
    "INSERT OR REPLACE INTO draft(conversation, text, preset, custom, valid_for, pinned, otherwise,"
    " keep_order, alert)"
    " VALUES (:conversation, :text, :preset, :custom, :valid_for, :pinned, :otherwise, :keep_order, :alert)"
)

_ENTRY_FIELDS = tuple(field.name for field in fields(Entry))
_STANDING_FIELDS = tuple(field.name for field in fields(Standing))


def records(cursor: sqlite3.Cursor) -> Iterator[Record]:
    """The rows of a query by the names of their columns."""
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def entry_record(entry: Entry) -> Record:
    """The row for `entry`."""
    record: Record = {name: getattr(entry, name) for name in _ENTRY_FIELDS}
    recipients = json.dumps(entry.recipients, ensure_ascii=False)
    return record | {"recipients": recipients, "condition": canonical(entry.condition)}


def entry_of(record: Record) -> Entry:
    """The entry that `entry_record` wrote."""
    known: Record = {name: record[name] for name in _ENTRY_FIELDS}
    for name in ("own", "delayed", "unread", "keep_order", "alert", "second", "corrected", "outdated"):
        known[name] = bool(record[name])
    known["stage"] = Stage(record["stage"])
    known["otherwise"] = Otherwise(record["otherwise"])
    known["recipients"] = tuple(json.loads(record["recipients"]))
    known["condition"] = _condition(record["condition"])
    return Entry(**known)


def standing_record(entry_id: str, standing: Standing) -> Record:
    """The row for one recipient's standing in the message `entry_id`."""
    return asdict(standing) | {"entry_id": entry_id}


def standing_of(record: Record) -> Standing:
    """The standing that `standing_record` wrote."""
    known: Record = {name: record[name] for name in _STANDING_FIELDS}
    known["state"] = State(record["state"])
    known["waited"], known["second"] = bool(record["waited"]), bool(record["second"])
    return Standing(**known)


def draft_record(conversation: str, draft: Draft) -> Record:
    """The row for the draft of `conversation`."""
    custom = "" if draft.custom is None else canonical(draft.custom)
    return asdict(draft) | {"conversation": conversation, "custom": custom}


def draft_of(record: Record) -> Draft:
    """The draft that `draft_record` wrote."""
    custom = _condition(record["custom"]) if record["custom"] else None
    return Draft(
        text=record["text"],
        preset=Preset(record["preset"]),
        custom=custom,
        valid_for=record["valid_for"],
        pinned=bool(record["pinned"]),
        otherwise=Otherwise(record["otherwise"]),
        keep_order=bool(record["keep_order"]),
        alert=bool(record["alert"]),
    )


@lru_cache(maxsize=1024)
def _condition(text: str) -> Condition:
    return parse(text)
