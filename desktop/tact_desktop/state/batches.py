"""What came at one moment, put together from the parts it came in: one batch is one notification."""

from collections.abc import Mapping

from tact_desktop.state.entry import Entry

Pending = Mapping[int, tuple[Entry, ...]]
"""Batch → what has come of it so far, while more of it is on its way."""
Batch = tuple[Entry, ...]


def gathered(pending: Pending, entries: Batch, more: bool) -> tuple[Pending, tuple[Batch, ...]]:
    """What is still on its way and which batches are whole, after `entries` of one batch came and `more` may follow.

    A part can be empty, since what is known already is left out: then nobody knows whose end it is, and all ends.
    """
    if not entries:
        return (pending, ()) if more else ({}, tuple(pending.values()))
    batch = entries[0].batch
    so_far = (*pending.get(batch, ()), *entries)
    rest = {key: part for key, part in pending.items() if key != batch}
    return ({**rest, batch: so_far}, ()) if more else (rest, (so_far,))


def authors_of(entries: Batch) -> tuple[str, ...]:
    """Who wrote `entries`, each once, in the order of their first."""
    return tuple(dict.fromkeys(entry.author for entry in entries))
