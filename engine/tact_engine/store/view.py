"""The courier's view over the database and the live side, as of all earlier writes of the transaction."""

import sqlite3
from collections.abc import Iterable
from heapq import merge
from itertools import islice

from msgspec.structs import replace

from tact_engine.core.envelope import Envelope, Receipt, State, receipt_of
from tact_engine.core.presence import Presence
from tact_engine.core.view import Content, Limits, Waiting
from tact_engine.store.live import Live
from tact_engine.store.rows import ENDED, JOIN, RELEASED, WAITING, all_of, envelope_of, one_of


class StoreView:
    """Answers the questions of `core.view.View`."""

    def __init__(self, connection: sqlite3.Connection, live: Live, limits: Limits) -> None:
        self._db = connection
        self._live = live
        self.limits = limits

    # --- people and sessions -----------------------------------------------------------------------------------

    def person(self, handle: str) -> Presence | None:
        """The presence of an account; None where there is no such account."""
        return self._live.people.get(handle)

    def people(self) -> Iterable[Presence]:
        """The presence of every account."""
        return tuple(self._live.people.values())

    def devices(self, handle: str) -> frozenset[str]:
        """The fingerprints of the devices of `handle`."""
        return self._live.devices.get(handle, frozenset())

    def handle_of(self, session: int) -> str | None:
        """Who a live session speaks for; None once it is over."""
        return self._live.sessions.get(session)

    def sessions(self, handle: str) -> int:
        """How many live sessions `handle` has."""
        return len(self._live.sessions_of.get(handle, ()))

    def graces_over(self, ticks_ms: int) -> Iterable[str]:
        """The people whose grace after a lost link has ended."""
        return tuple(handle for handle, until in self._live.graces.items() if until <= ticks_ms)

    # --- envelopes ---------------------------------------------------------------------------------------------

    def envelopes(self, id: str) -> tuple[Envelope, ...]:
        """All envelopes of one message, in the order its recipients were named; empty where it is not known."""
        row = one_of(self._db, "SELECT number, recipients, condition FROM message WHERE id = ?", id)
        if row is None:
            return ()
        number, recipients, key = row
        return tuple(self._envelope(number, recipient, key) for recipient in recipients.split())

    def waiting(self, recipient: str) -> Iterable[Waiting]:
        """The distinct conditions under which something is held for `recipient`."""
        return tuple(self._live.conditions[key] for key in self._live.waiting.get(recipient, ()))

    def held(self, recipient: str, keys: tuple[int, ...], utc_ms: int, most: int) -> tuple[Envelope, ...]:
        """The first `most` envelopes held for `recipient` under `keys` and valid at `utc_ms`, in acceptance order."""
        where = "WHERE w.recipient = ? AND w.condition = ? AND w.expires_at > ? ORDER BY w.number LIMIT ?"
        runs = (all_of(self._db, WAITING + JOIN + where, recipient, key, utc_ms, most) for key in keys)
        return tuple(self._waiting(row) for row in islice(merge(*runs), most))

    def due(self, utc_ms: int, most: int) -> tuple[Envelope, ...]:
        """The first `most` held envelopes whose validity has ended by `utc_ms`."""
        query = WAITING + JOIN + "WHERE w.expires_at <= ? ORDER BY w.expires_at, w.number LIMIT ?"
        return tuple(self._waiting(row) for row in all_of(self._db, query, utc_ms, most))

    def released(self, recipient: str | None) -> tuple[Envelope, ...]:
        """The released envelopes of `recipient` in release order; of everybody for None."""
        where = "" if recipient is None else "WHERE w.recipient = ? "
        values = () if recipient is None else (recipient,)
        query = f"{RELEASED}{JOIN}{where}ORDER BY w.recipient, w.sequence"
        rows = all_of(self._db, query, *values)
        return tuple(self._released(row) for row in rows)

    def unacknowledged(self, recipient: str) -> int:
        """How many envelopes of `recipient` are released."""
        return self._live.unacknowledged.get(recipient, 0)

    def unacknowledged_bytes(self, recipient: str) -> int:
        """About how many bytes the released envelopes of `recipient` take on their way."""
        return self._live.unacknowledged_bytes.get(recipient, 0)

    def silent_since(self, ticks_ms: int) -> tuple[Envelope, ...]:
        """The released envelopes that left at or before `ticks_ms` and were not acknowledged."""
        silent: list[Envelope] = []
        for (recipient, number), (left, _) in self._live.departed.items():
            if left > ticks_ms:
                break
            row = one_of(
                self._db, RELEASED + JOIN + "WHERE w.recipient = ? AND w.number = ?", recipient, number
            )
            assert row is not None, "what departed stands in the table of the released"
            silent.append(self._released(row))
        return tuple(silent)

    def backlog(self, recipient: str) -> bool:
        """Whether messages that may go wait only for acknowledgements of earlier ones."""
        return recipient in self._live.backlogs

    def held_count(self, sender: str, recipient: str) -> int:
        """How many messages of `sender` are held for `recipient`."""
        return self._live.held_pairs[sender, recipient]

    def held_total(self, sender: str) -> int:
        """How many messages of `sender` are held in all."""
        return self._live.held_totals[sender]

    def content(self, number: int) -> Content | None:
        """What message `number` carries; None once its body is erased."""
        query = (
            "SELECT b.content, m.content_type, m.enc, m.sender, m.recipients"
            " FROM body b JOIN message m ON m.number = b.number WHERE b.number = ?"
        )
        row = one_of(self._db, query, number)
        return Content(row[0], row[1], row[2], (row[3], *row[4].split())) if row else None

    # --- news and counters -------------------------------------------------------------------------------------

    def news_backlog(self, sender: str) -> bool:
        """Whether older news wait until the client of `sender` has stored what it was told."""
        return sender in self._live.news_backlogs

    def news(self, sender: str, after: int, most: int) -> tuple[Receipt, ...]:
        """The first `most` receipts behind serial `after` that the client of `sender` has not stored, oldest first."""
        query = (
            "SELECT n.serial, n.number, n.recipient, m.condition FROM news n JOIN message m ON m.number = n.number"
            " WHERE n.sender = ? AND n.serial > ? ORDER BY n.serial LIMIT ?"
        )
        return tuple(
            receipt_of(self._envelope(number, recipient, key), serial)
            for serial, number, recipient, key in all_of(self._db, query, sender, after, most)
        )

    def next_number(self) -> int:
        """The acceptance number of the next message."""
        return self._live.last_number + 1

    def next_sequence(self, recipient: str) -> int:
        """The release number of the next message to `recipient`."""
        return self._live.sequences[recipient] + 1

    def next_serial(self, sender: str) -> int:
        """The serial of the next news to `sender`."""
        return self._live.serials[sender] + 1

    # --- reading one envelope ----------------------------------------------------------------------------------

    def _waiting(self, row: tuple[object, ...]) -> Envelope:
        return envelope_of(row, State.HELD, self._live.conditions)

    def _released(self, row: tuple[object, ...]) -> Envelope:
        """A released envelope weighs what its copy weighed when it left, whatever its message was changed to."""
        envelope = envelope_of(row, State.RELEASED, self._live.conditions)
        left = self._live.departed.get((envelope.recipient, envelope.number))
        return replace(envelope, weight=left[1]) if left else envelope

    def _envelope(self, number: int, recipient: str, key: int) -> Envelope:
        """The envelope, from whichever table it stands in."""
        row = one_of(self._db, RELEASED + JOIN + "WHERE w.recipient = ? AND w.number = ?", recipient, number)
        if row is not None:
            return self._released(row)
        query = WAITING + JOIN + "WHERE w.recipient = ? AND w.condition = ? AND w.number = ?"
        row = one_of(self._db, query, recipient, key, number)
        if row is not None:
            return self._waiting(row)
        row = one_of(self._db, ENDED + JOIN + "WHERE w.number = ? AND w.recipient = ?", number, recipient)
        assert row is not None, "an envelope stands in exactly one table"
        return envelope_of(row, State(row[-1]), self._live.conditions)
