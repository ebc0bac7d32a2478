"""The history: everything this computer keeps, one method a question or change, each change one transaction.

Positions. A received message gets the next one when it is stored. An own message gets one when it is first released,
or when it ends without that, and keeps it; only when it has to wait again after all (its recipient's link was lost) is
the place given up, because the next release is the one that counts, and nothing is inserted above rows already shown.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tact_desktop.local import queries
from tact_desktop.local.arrivals import arrived, erased
from tact_desktop.local.notes import Notes
from tact_desktop.local.rows import (
    ADD_ENTRY,
    CHANGE_ENTRY,
    PUT_STANDING,
    entry_of,
    entry_record,
    records,
    standing_of,
    standing_record,
)
from tact_desktop.local.standings import ARRIVED, Standing, advanced, shown, taken_back
from tact_desktop.state.entry import Entry, Stage
from tact_engine.core.conditions import Condition
from tact_engine.core.envelope import Delivery, Otherwise, Receipt

KNOWN_MAX = 500
Row = tuple[object, ...]
"""A row of a table as it is stored."""


class History(Notes):
    """This computer's own store. Every method may raise LocalStoreError; a change that raises has changed nothing."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._known: dict[str, tuple[Row, Entry]] = {}

    # --- own messages --------------------------------------------------------------------------------------

    def remember(self, entries: Iterable[Entry]) -> None:
        """Own messages, written but not handed over; an id that is known stays as it is."""
        unsent = (replace(entry, own=True, stage=Stage.UNSENT, position=None) for entry in entries)
        with self._change() as connection:
            connection.executemany(ADD_ENTRY, map(entry_record, unsent))

    def learned(self, receipts: Iterable[Receipt]) -> list[Entry]:
        """The own entries that `receipts` change, as they are now; stale receipts and unknown ids change nothing."""
        changed: dict[str, Entry] = {}
        with self._change() as connection:
            for receipt in receipts:
                connection.execute(queries.RAISE_SERIAL, (receipt.serial,))
                entry = self.entry(receipt.id)
                if entry is None or not entry.own:
                    continue
                parts = self._parts(receipt.id)
                part = advanced(parts.get(receipt.recipient), receipt)
                if part is not None and (entry.stage is not Stage.WITHDRAWN or part.state in ARRIVED):
                    parts[receipt.recipient] = part
                    changed[receipt.id] = self._settle(entry, parts)
        self._empty_log_after(changed.values())
        return list(changed.values())

    def refused(self, id: str, text: str, at_ms: int = 0) -> Entry | None:
        """An unsent entry that the engine did not accept, with its sentence; None where there is no such."""
        with self._change():
            entry = self.entry(id)
            if entry is None or entry.stage is not Stage.UNSENT:
                return None
            failed = replace(entry, stage=Stage.FAILED, problem=text, since=at_ms, position=self._place())
            return self._put(failed)

    def amended(
        self,
        id: str,
        revision: int,
        *,
        text: str | None = None,
        condition: Condition | None = None,
        valid_for: int | None = None,
        expires_at: int | None = None,
        otherwise: Otherwise | None = None,
        alert: bool | None = None,
    ) -> Entry | None:
        """An own entry after an edit that made it `revision`, None for what stays; None where that is not news.

        The receipt of the edit may have come first and say that the message is on its way with just this revision.
        """
        with self._change():
            entry = self.entry(id)
            if entry is None or not entry.own or entry.stage is Stage.WITHDRAWN or revision < entry.revision:
                return None
            if revision > entry.revision and not entry.waiting:
                return None
            changed = replace(
                entry,
                revision=revision,
                text=entry.text if text is None else text,
                text_revision=entry.text_revision if text in (None, entry.text) else revision,
                condition=entry.condition if condition is None else condition,
                valid_for=entry.valid_for if valid_for is None else valid_for,
                expires_at=entry.expires_at if expires_at is None else expires_at,
                otherwise=entry.otherwise if otherwise is None else otherwise,
                alert=entry.alert if alert is None else alert,
            )
            return self._put(changed)

    def withdrawn(self, id: str) -> Entry | None:
        """A waiting own entry that was taken back: it is gone with its text, unless somebody was handed it already."""
        with self._change():
            entry = self.entry(id)
            if entry is None or not entry.waiting:
                return None
            parts = {name: taken_back(part) for name, part in self._parts(id).items()}
            entry = self._settle(entry, parts) if parts else self._erase(entry)
        self._empty_log_after([entry])
        return entry

    def dismiss(self, id: str) -> None:
        """An own entry that ended without arriving is deleted; any other stays."""
        with self._change() as connection:
            gone = connection.execute(queries.DISMISS, (id,)).rowcount
            connection.execute(queries.DROP_PARTS, {"id": id, "gone": gone})
            if gone:
                connection.execute(queries.FORGET_WORDS)
        if gone:
            self._empty_log()

    # --- received messages -----------------------------------------------------------------------------------

    def received(self, deliveries: Iterable[Delivery], batch: int, me: str, at_ms: int) -> list[Entry]:
        """The deliveries that are really new, in their order, stored as unread; copies are dropped by id."""
        new: list[Entry] = []
        with self._change() as connection:
            for delivery in deliveries:
                entry = arrived(delivery, batch, me, at_ms)
                if connection.execute(ADD_ENTRY, entry_record(entry)).rowcount:
                    new.append(self._put(replace(entry, position=self._place())))
        return new

    def copies(self, deliveries: Iterable[Delivery]) -> dict[str, int]:
        """Id → revision, as they are stored here, of messages that were received, now or before."""
        found = ((each, self.entry(each.id)) for each in deliveries)
        return {each.id: entry.revision if entry else each.revision for each, entry in found}

    def mark_read(self, conversation: str, upto_position: int) -> list[str]:
        """The ids of the received messages up to a position that were unread until now."""
        with self._change() as connection:
            found = connection.execute(queries.MARK_READ, (conversation, upto_position)).fetchall()
        return [row[0] for row in found]

    # --- questions -------------------------------------------------------------------------------------------

    def entry(self, id: str) -> Entry | None:
        """One message by its id."""
        return next(iter(self._entries(queries.ONE, (id,))), None)

    def newest(self, conversation: str, limit: int, before: int | None = None, since: int = 0) -> list[Entry]:
        """The last `limit` placed messages (before a position, from another one on), in their order."""
        end = queries.END if before is None else before
        return self._entries(queries.NEWEST, (conversation, end, since, limit))[::-1]

    def following(self, conversation: str, limit: int, after: int) -> list[Entry]:
        """The first `limit` placed messages after a position, in their order."""
        return self._entries(queries.FOLLOWING, (conversation, after, limit))

    def waiting(self) -> list[Entry]:
        """Every own message that is not released, in the order of writing."""
        return self._entries(queries.WAITING)

    def unsent(self) -> list[Entry]:
        """Every own message that was not handed over yet, in the order of writing."""
        return self._entries(queries.UNSENT)

    def undelivered(self) -> list[Entry]:
        """Every own message that ended without arriving and was not dismissed, in the order of writing."""
        return self._entries(queries.UNDELIVERED)

    def delivered(self, since_ms: int) -> list[Entry]:
        """Own messages that had to wait and arrived at `since_ms` or later."""
        return self._entries(queries.DELIVERED, (since_ms,))

    def unread_counts(self) -> dict[str, int]:
        """Conversation → how many messages are unread; those without any are left out."""
        return dict(self._rows(queries.UNREAD_COUNTS))

    def unread_count(self, conversation: str) -> int:
        """How many messages of one conversation are unread."""
        return self._rows(queries.UNREAD_COUNT, (conversation,))[0][0]

    def last_time(self, conversation: str) -> int:
        """When something last happened in one conversation, UTC milliseconds; 0 where nothing did."""
        with self._reading() as connection:
            return connection.execute(queries.LAST_TIME, {"name": conversation}).fetchone()[0]

    def last_times(self) -> dict[str, int]:
        """Conversation → when something last happened in it, UTC milliseconds."""
        return dict(self._rows(queries.LAST_TIMES))

    def search(self, text: str, limit: int) -> list[Entry]:
        """Messages with all words of `text` or their beginnings, the newest first; nothing for no word."""
        words = " ".join(f'"{quoted}"*' for quoted in text.replace('"', " ").replace("\0", " ").split())
        return self._entries(queries.SEARCH, (words, limit)) if words else []

    # --- inside --------------------------------------------------------------------------------------------------

    def _settle(self, entry: Entry, parts: dict[str, Standing]) -> Entry:
        """Stores what `parts` say together, and gives or takes the entry's place."""
        rows = [standing_record(entry.id, part) for part in parts.values()]
        self._connection.executemany(PUT_STANDING, rows)
        entry = shown(entry, parts.values())
        if entry.stage is Stage.WITHDRAWN:
            return self._erase(entry)
        position = None if entry.waiting else entry.position or self._place()
        return self._put(replace(entry, position=position))

    def _put(self, entry: Entry) -> Entry:
        self._connection.execute(CHANGE_ENTRY, entry_record(entry))
        return entry

    def _place(self) -> int:
        """The next position; none is ever given twice."""
        return self._connection.execute(queries.NEXT_POSITION).fetchall()[0][0]

    def _parts(self, id: str) -> dict[str, Standing]:
        found = map(standing_of, records(self._connection.execute(queries.PARTS, (id,))))
        return {part.recipient: part for part in found}

    def _erase(self, entry: Entry) -> Entry:
        """Leaves no word of `entry` in the file; what the log still holds goes with `_empty_log`."""
        self._put(erased(entry))
        self._connection.execute(queries.FORGET_WORDS)
        return erased(entry)

    def _empty_log_after(self, entries: Iterable[Entry]) -> None:
        if any(entry.stage is Stage.WITHDRAWN for entry in entries):
            self._empty_log()

    def _empty_log(self) -> None:
        with self._reading() as connection:
            connection.execute(queries.EMPTY_LOG).fetchall()

    def _entries(self, query: str, values: tuple[object, ...] = ()) -> list[Entry]:
        with self._reading() as connection:
            cursor = connection.execute(query, values)
            names = [column[0] for column in cursor.description]
            place = names.index("id")
            return [self._entry_of(row, row[place], names) for row in cursor]

    def _entry_of(self, row: Row, id: str, names: list[str]) -> Entry:
        """The entry that `row` was the last time too: the newest are read at each change, and few of them change."""
        known = self._known.get(id)
        if known is not None and known[0] == row:
            return known[1]
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        entry = entry_of(dict(zip(names, row, strict=True)))
        self._known[id] = row, entry
        return entry
