"""The view over chains: what keeps its order waits behind what its sender wrote before it in the same conversation."""

from collections.abc import Iterator

from tact_engine.core.envelope import Envelope, State, conversation_of
from tact_engine.store.ledger import Ledger, listed
from tact_engine.store.live import Live

SEEMS_TO_WAIT = (
    "(EXISTS (SELECT 1 FROM body b WHERE b.number = m.number)"
    " OR EXISTS (SELECT 1 FROM ended e JOIN quiet q USING (expires_at, number, recipient) WHERE e.number = m.number))"
)
"""Whether a message waits for somebody, as far as its sender may know."""
WENT = (State.DELIVERED, State.READ)
"""The ends of what has gone; any other leaves its place in a chain to what was ahead of it."""


class ChainView:
    """Answers the questions of `core.view.View` about what waits behind what."""

    _ledger: Ledger
    _live: Live

    def head(self, envelope: Envelope) -> str:
        """The id of the message behind which an envelope still waits; "" where it waits behind none.

        One that ended without having gone leaves its place to the one that it waited behind itself.
        """
        query = (
            "SELECT m.id, m.behind, e.state FROM message m LEFT JOIN ended e ON e.number = m.number AND e.recipient = ?"
            " WHERE m.number = ?"
        )
        ahead = envelope.behind
        while ahead is not None and (row := self._ledger.one(query, envelope.recipient, ahead)):
            if row[2] is None:
                return row[0]
            ahead = None if State(row[2]) in WENT else row[1]
        return ""

    def tail(self, sender: str, to: tuple[str, ...], most: int) -> tuple[int | None, int]:
        """The last of `sender` in the conversation with all of `to` that has not ended, and its chain's length.

        What arrived quietly waits as far as its sender may know, so it has its place as if it did.
        """
        conversation = conversation_of((sender, *to))
        last = max((number for each in to for number in self._last(sender, conversation, each)), default=None)
        count, number = 0, last
        # One that was taken back or has expired has left its place to those behind it, and is not counted.
        chain = (
            f"SELECT m.behind, {SEEMS_TO_WAIT},"
            " EXISTS (SELECT 1 FROM ended e WHERE e.number = m.number AND e.state IN (?, ?))"
            " FROM message m WHERE m.number = ?"
        )
        while number is not None and count < most and (row := self._ledger.one(chain, *WENT, number)):
            behind, waits, went = row
            count, number = count + waits, behind if waits or not went else None
        return last, count

    def _last(self, sender: str, conversation: str, recipient: str) -> Iterator[int]:
        """The last message of `sender` in `conversation` that waits for `recipient`, is on its way, or came quietly.

        Looked for among what its recipient has not had yet, which is little, rather than among all that ever was.
        """
        known = (self._live.conditions[key] for key in self._live.held.of(recipient))
        keys = [each.key for each in known if each.sender == sender and not each.alert]
        places = (
            [("waiting", "w.condition IN (SELECT value FROM json_each(?))", listed(keys))] if keys else []
        )
        if self._live.unacknowledged.get(recipient):
            places.append(("released", "m.sender = ?", sender))
        if self._live.quiet:
            places.append(("quiet", "m.sender = ?", sender))
        for table, where, value in places:
            query = (
                f"SELECT max(w.number) FROM {table} w JOIN message m ON m.number = w.number"
                f" WHERE w.recipient = ? AND {where} AND m.conversation = ?"
            )
            row = self._ledger.one(query, recipient, value, conversation)
            if row is not None and row[0] is not None:
                yield row[0]

    def followers(self, number: int) -> tuple[str, ...]:
        """The ids of the messages that wait behind message `number`, or behind one that does."""
        if number not in self._live.heads:
            return ()
        query = (
            "WITH RECURSIVE following(number) AS (SELECT number FROM message WHERE behind = ?"
            " UNION SELECT m.number FROM following f JOIN message m ON m.behind = f.number)"
            " SELECT id FROM message JOIN following USING (number) ORDER BY number"
        )
        return tuple(id for (id,) in self._ledger.all(query, number))
