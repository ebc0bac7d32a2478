"""The courier's view over the database and the live side, as of all earlier writes of the transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import islice
from typing import Any

from msgspec.structs import replace

from tact_engine.core.envelope import Envelope, State
from tact_engine.core.facts import Moment
from tact_engine.core.patience import FORGOTTEN, Patience, is_patient
from tact_engine.core.presence import Presence
from tact_engine.core.privacy import NO_WISHES, STRANGER, Privacy, shown
from tact_engine.core.view import Content, Limits, Waiting
from tact_engine.store.chain_view import ChainView
from tact_engine.store.known import Known
from tact_engine.store.ledger import Ledger, listed
from tact_engine.store.live import Live
from tact_engine.store.members_view import MembersView
from tact_engine.store.reserve import Reserve
from tact_engine.store.rows import ENDED, JOIN, RECIPIENTS, RELEASED, WAITING, envelope_of

FREE = (
    "(m.behind IS NULL OR NOT EXISTS (SELECT 1 FROM message h WHERE h.number = m.behind)"
    " OR EXISTS (SELECT 1 FROM ended e WHERE e.number = m.behind AND e.recipient = w.recipient))"
)
"""Whether what a message waits behind, if anything, has ended for its recipient or is forgotten."""
PAGE_MIN = 8
"""At least so many rows are read at a time of those that are merged into one order."""


class StoreView(MembersView, ChainView):
    """Answers the questions of `core.view.View`."""

    def __init__(self, ledger: Ledger, live: Live, known: Known, limits: Limits, reserve: Reserve) -> None:
        super().__init__(ledger, live, reserve)
        self._known = known
        self.limits = limits

    def expect(self, ids: list[str]) -> None:
        """Messages with these ids will be asked for: find out at once which of them are not there."""
        new = [id for id in ids if id not in self._known]
        if len(new) > 1:  # for one alone it is cheaper to ask when it is asked for
            query = "SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?))"
            found = {id for (id,) in self._ledger.all(query, listed(new))}
            self._known.missing(id for id in new if id not in found)

    def disk_is_low(self) -> bool:
        """Whether the disk is so full that nothing new is accepted."""
        return self._reserve.is_low

    # --- people and sessions -----------------------------------------------------------------------------------

    def person(self, handle: str) -> Presence | None:
        """The presence of a member; None where nobody of this handle belongs to the engine."""
        return self._live.people.get(handle)

    def people(self) -> Iterable[Presence]:
        """The presence of every member."""
        return tuple(self._live.people.values())

    def common(self) -> Mapping[str, Presence]:
        """Everybody's presence by handle, as those see it whom no rule names; the same documents until they change."""
        live = self._live
        for handle in live.changed:
            live.common[handle] = shown(live.people[handle], self.privacy(handle), STRANGER)
        live.changed.clear()
        return live.common

    def with_rules(self) -> Iterable[str]:
        """Everybody who has rules of their own about who may see what."""
        return self._live.privacy.keys()

    def privacy(self, handle: str) -> Privacy:
        """The rules of `handle` about who may see what."""
        return self._live.privacy.get(handle, NO_WISHES)

    def handle_of(self, session: int) -> str | None:
        """Who a live session speaks for; None once it is over."""
        return self._live.sessions.get(session)

    def sessions(self, handle: str) -> int:
        """How many live sessions `handle` has."""
        return len(self._live.sessions_of.get(handle, ()))

    def sessions_of(self, handle: str) -> tuple[int, ...]:
        """The live sessions of `handle`."""
        return tuple(self._live.sessions_of.get(handle, ()))

    def device_of(self, session: int) -> str:
        """The fingerprint of the device on which a live session is."""
        return self._live.session_devices[session]

    def idle_since(self, session: int) -> int | None:
        """Since when (UTC milliseconds) nobody has touched the computer of a session; None while somebody does."""
        return self._live.idle.get(session)

    def readings_over(self, utc_ms: int) -> Iterable[str]:
        """The people of whose presence something ends by `utc_ms`."""
        return tuple(handle for handle, end in self._live.ends.items() if end <= utc_ms)

    def wakes_over(self, now: Moment) -> Iterable[str]:
        """The people for whom time alone may have changed what may go."""
        return tuple(
            handle
            for handle, (utc_ms, ticks_ms) in self._live.wakes.items()
            if (utc_ms is not None and utc_ms <= now.utc_ms)
            or (ticks_ms is not None and ticks_ms <= now.ticks_ms)
        )

    def wake(self, handle: str) -> tuple[int | None, int | None]:
        """When (UTC, monotonic milliseconds) what waits for `handle` is looked at again; None for never."""
        return self._live.wakes.get(handle, (None, None))

    def graces_over(self, ticks_ms: int) -> Iterable[str]:
        """The people whose grace after a lost link has ended."""
        return tuple(handle for handle, until in self._live.graces.items() if until <= ticks_ms)

    # --- envelopes ---------------------------------------------------------------------------------------------

    def envelopes(self, id: str) -> tuple[Envelope, ...]:
        """All envelopes of one message, in the order its recipients were named; empty where it is not known."""
        found = self._known.envelopes(id)
        if found is None:
            row = self._ledger.one("SELECT number, recipients, condition FROM message WHERE id = ?", id)
            number, recipients, key = row or (0, "", 0)
            found = tuple(self._envelope(number, recipient, key) for recipient in recipients.split())
            self._known.learn(id, found)
        return found

    def waiting(self, recipient: str) -> Iterable[Waiting]:
        """The distinct conditions under which something waits for `recipient`, or is on its way and remembers."""
        conditions = self._live.conditions
        keys = dict.fromkeys(self._live.held.of(recipient))
        if self._live.unacknowledged.get(recipient):
            query = "SELECT DISTINCT condition FROM released WHERE recipient = ?"
            away = (key for (key,) in self._ledger.all(query, recipient))
            keys |= dict.fromkeys(key for key in away if is_patient(conditions[key].condition))
        return tuple(conditions[key] for key in keys)

    def held(
        self, recipient: str, keys: tuple[int, ...], numbers: tuple[int, ...], utc_ms: int, most: int
    ) -> tuple[Envelope, ...]:
        """The first `most` envelopes held for `recipient`, in acceptance order, that nothing else holds back.

        They are held under one of `keys`, or are of the messages `numbers`; are valid at `utc_ms`; are in no editor;
        and what they wait behind has ended.
        """
        query = f"{WAITING}{JOIN}WHERE w.recipient = ? AND w.condition = ? AND w.expires_at > ? AND {FREE}"
        page = max(PAGE_MIN, 2 * most // (len(keys) or 1))
        runs = [self._run(query, recipient, key, utc_ms, page=page) for key in keys]
        if numbers:
            by_number: dict[int, list[int]] = defaultdict(list)
            for number, key in self._keys_of(numbers):
                by_number[key].append(number)
            for key, wanted in by_number.items():
                these = f" AND w.number IN ({','.join(map(str, wanted))})"
                runs.append(self._run(query + these, recipient, key, utc_ms, page=most))
        rows = (row for row in merge(*runs) if row[0] not in self._live.leases)
        free = (each for each in map(self._waiting, rows) if not self.head(each))
        return tuple(islice(free, most))

    def _run(self, query: str, *values: object, page: int) -> Iterator[tuple[Any, ...]]:
        """The rows of `query` in the order of their numbers; read by pages, only as far as they are asked for."""
        after = 0
        while rows := self._ledger.all(
            query + " AND w.number > ? ORDER BY w.number LIMIT ?", *values, after, page
        ):
            yield from rows
            after = rows[-1][0]

    def due(self, utc_ms: int, most: int) -> tuple[Envelope, ...]:
        """The first `most` held envelopes whose validity has ended by `utc_ms`."""
        query = WAITING + JOIN + "WHERE w.expires_at <= ? ORDER BY w.expires_at, w.number LIMIT ?"
        return tuple(self._waiting(row) for row in self._ledger.all(query, utc_ms, most))

    def released(self, recipient: str | None) -> tuple[Envelope, ...]:
        """The released envelopes of `recipient` in release order; of everybody for None."""
        where = "" if recipient is None else "WHERE w.recipient = ? "
        values = () if recipient is None else (recipient,)
        query = f"{RELEASED}{JOIN}{where}ORDER BY w.recipient, w.sequence"
        rows = self._ledger.all(query, *values)
        return tuple(self._released(row) for row in rows)

    def bound_for(self, recipient: str) -> tuple[Envelope, ...]:
        """All envelopes to `recipient` that have not ended, in acceptance order."""
        held = self._ledger.all(f"{WAITING}{JOIN}WHERE w.recipient = ?", recipient)
        both = (*(self._waiting(row) for row in held), *self.released(recipient))
        return tuple(sorted(both, key=lambda each: each.number))

    def sent_by(self, sender: str) -> tuple[Envelope, ...]:
        """All envelopes of `sender` that have not ended, in acceptance order."""
        held = self._ledger.all(f"{WAITING}{JOIN}WHERE m.sender = ?", sender)
        away = self._ledger.all(f"{RELEASED}{JOIN}WHERE m.sender = ?", sender)
        both = (*(self._waiting(row) for row in held), *(self._released(row) for row in away))
        return tuple(sorted(both, key=lambda each: (each.number, each.recipient)))

    def quiet_of(self, recipient: str) -> tuple[Envelope, ...]:
        """The envelopes that arrived quietly at `recipient`, in acceptance order."""
        query = (
            "SELECT q.number, q.recipient, m.condition FROM quiet q JOIN message m ON m.number = q.number"
            " WHERE q.recipient = ? ORDER BY q.number"
        )
        return tuple(self._envelope(*row) for row in self._ledger.all(query, recipient))

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
            silent.append(self._on_its_way(recipient, number))
        return tuple(silent)

    def patient(self, recipient: str, key: int) -> Iterable[tuple[int, Patience]]:
        """The messages to `recipient` under the patient condition `key`, with what they remember."""
        memories = self._live.patience.get(recipient, {})
        found: list[tuple[int, Patience]] = []
        for table in ("waiting", "released"):
            query = f"SELECT number FROM {table} WHERE recipient = ? AND condition = ?"
            rows = self._ledger.all(query, recipient, key)
            found += ((number, memories.get(number, FORGOTTEN)) for (number,) in rows)
        return tuple(found)

    def patience(self, recipient: str, number: int) -> Patience:
        """What message `number` to `recipient` remembers of its condition."""
        return self._live.patience.get(recipient, {}).get(number, FORGOTTEN)

    def paused(self, number: int) -> bool:
        """Whether message `number` is in an editor."""
        return number in self._live.leases

    def leases_over(self, ticks_ms: int) -> Iterable[int]:
        """The messages whose editor was not heard of for too long."""
        return tuple(number for number, until in self._live.leases.items() if until <= ticks_ms)

    def leases_of(self, sender: str) -> Iterable[int]:
        """The messages of `sender` that are in an editor."""
        query = "SELECT 1 FROM message WHERE number = ? AND sender = ?"
        return tuple(number for number in self._live.leases if self._ledger.one(query, number, sender))

    def id_of(self, number: int) -> str:
        """The id of message `number`; "" once it is forgotten."""
        row = self._ledger.one("SELECT id FROM message WHERE number = ?", number)
        return row[0] if row else ""

    def quiet(self, utc_ms: int, most: int) -> tuple[Envelope, ...]:
        """The first `most` envelopes that arrived quietly and whose validity has ended by `utc_ms`."""
        query = (
            "SELECT q.number, q.recipient, m.condition FROM quiet q JOIN message m ON m.number = q.number"
            " WHERE q.expires_at <= ? ORDER BY q.expires_at, q.number LIMIT ?"
        )
        return tuple(self._envelope(*row) for row in self._ledger.all(query, utc_ms, most))

    def is_quiet(self, envelope: Envelope) -> bool:
        """Whether it is not told yet that this envelope arrived."""
        return (envelope.number, envelope.recipient) in self._live.quiet

    def backlog(self, recipient: str) -> int | None:
        """The batch of which messages wait only for acknowledgements of earlier ones; None where none do."""
        return self._live.backlogs.get(recipient)

    def held_count(self, sender: str, recipient: str) -> int:
        """How many messages of `sender` are held for `recipient`."""
        return self._live.held.of_pair(recipient, sender)

    def held_total(self, sender: str) -> int:
        """How many messages of `sender` are held in all."""
        return self._live.held.totals.get(sender, 0)

    def contents(self, numbers: Iterable[int]) -> Mapping[int, Content]:
        """What these messages carry; those whose body is erased are left out."""
        found = {number: self._known.contents.get(number) for number in numbers}
        unknown = [number for number, content in found.items() if content is None]
        if unknown:
            query = (
                "SELECT b.number, b.content, m.content_type, m.enc, m.sender, m.recipients"
                " FROM body b JOIN message m ON m.number = b.number"
                " WHERE b.number IN (SELECT value FROM json_each(?))"
            )
            for number, body, content_type, enc, sender, recipients in self._ledger.all(
                query, listed(unknown)
            ):
                found[number] = Content(body, content_type, enc, (sender, *recipients.split()))
        return {number: content for number, content in found.items() if content is not None}

    # --- news and counters -------------------------------------------------------------------------------------

    def news_backlog(self, sender: str) -> bool:
        """Whether older news wait until the client of `sender` has stored what it was told."""
        return sender in self._live.news_backlogs

    def news(self, sender: str, after: int, most: int) -> tuple[tuple[int, Envelope], ...]:
        """The first `most` serials behind `after` that the client of `sender` has not stored, and their envelopes."""
        query = (
            "SELECT n.serial, n.number, n.recipient, m.condition FROM news n JOIN message m ON m.number = n.number"
            " WHERE n.sender = ? AND n.serial > ? ORDER BY n.serial LIMIT ?"
        )
        return tuple(
            (serial, self._envelope(number, recipient, key))
            for serial, number, recipient, key in self._ledger.all(query, sender, after, most)
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

    def _keys_of(self, numbers: tuple[int, ...]) -> list[tuple[int, int]]:
        """(message, condition) of each of `numbers`."""
        return self._ledger.all(
            f"SELECT number, condition FROM message WHERE number IN ({','.join(map(str, numbers))})",
        )

    # --- reading one envelope ----------------------------------------------------------------------------------

    def _waiting(self, row: tuple[Any, ...]) -> Envelope:
        envelope = envelope_of(row, State.HELD, self._live.conditions)
        if row[RECIPIENTS] == envelope.recipient:
            self._known.learn(envelope.id, (envelope,))
        return envelope

    def _released(self, row: tuple[object, ...]) -> Envelope:
        """A released envelope weighs what its copy weighed when it left, whatever its message was changed to."""
        envelope = envelope_of(row, State.RELEASED, self._live.conditions)
        left = self._live.departed.get((envelope.recipient, envelope.number))
        return replace(envelope, weight=left[1]) if left else envelope

    def _on_its_way(self, recipient: str, number: int) -> Envelope:
        row = self._ledger.one(RELEASED + JOIN + "WHERE w.recipient = ? AND w.number = ?", recipient, number)
        assert row is not None, "what departed stands in the table of the released"
        return self._released(row)

    def _envelope(self, number: int, recipient: str, key: int) -> Envelope:
        """The envelope, from whichever table it stands in."""
        if (recipient, number) in self._live.departed:
            return self._on_its_way(recipient, number)
        query = WAITING + JOIN + "WHERE w.recipient = ? AND w.condition = ? AND w.number = ?"
        row = self._ledger.one(query, recipient, key, number)
        if row is not None:
            return self._waiting(row)
        row = self._ledger.one(ENDED + JOIN + "WHERE w.number = ? AND w.recipient = ?", number, recipient)
        assert row is not None, "an envelope stands in exactly one table"
        return envelope_of(row, State(row[-1]), self._live.conditions)
