"""Rows to values: how an envelope is read back from whichever of its three tables it stands in."""

import sqlite3
from functools import lru_cache
from typing import Any

from tact_engine.core.conditions import WHEN_ONLINE, Condition, canonical, parse
from tact_engine.core.envelope import Envelope, Otherwise, State
from tact_engine.core.members import ID_DIGITS, Account, OpenInvitation, Purpose, Role
from tact_engine.core.view import Waiting
from tact_engine.store.live import Live

HEAD = (
    "m.number, m.id, m.sender, m.conversation, m.accepted_at, m.weight, m.valid_for, m.otherwise, m.second, m.behind,"
    " m.latest, m.edited"
)
"""The columns of `message m` that every envelope needs, in the order `envelope_of` takes them."""

WAITING = (
    f"SELECT {HEAD}, w.recipient, w.condition, w.revision, w.expires_at, w.since, w.tried, w.matched,"
    " m.recipients FROM waiting w"
)
RECIPIENTS = 19
"""Where in a row of WAITING all recipients of the message stand."""
RELEASED = f"SELECT {HEAD}, w.recipient, w.condition, w.revision, w.expires_at, w.since, 1, w.matched FROM released w"
ENDED = (
    f"SELECT {HEAD}, w.recipient, m.condition, w.revision, w.expires_at, w.since, w.tried, w.matched, w.state"
    " FROM ended w"
)
JOIN = " JOIN message m ON m.number = w.number "

ALERT = "!"
FORMS_MAX = 4_096
_WHEN_ONLINE_FORM = canonical(WHEN_ONLINE)
_OTHERWISE = {each.value: each for each in Otherwise}


def envelope_of(row: tuple[Any, ...], state: State, conditions: dict[int, Waiting]) -> Envelope:
    """The envelope in one row of WAITING, RELEASED or ENDED."""
    waiting = conditions[row[13]]
    return Envelope(
        number=row[0],
        id=row[1],
        sender=row[2],
        conversation=row[3],
        accepted_at=row[4],
        weight=row[5],
        valid_for=row[6],
        otherwise=_OTHERWISE[row[7]],
        second=bool(row[8]),
        behind=row[9],
        latest=row[10],
        edited=bool(row[11]),
        recipient=row[12],
        condition=waiting.condition,
        alert=waiting.alert,
        state=state,
        revision=row[14],
        expires_at=row[15],
        since=row[16],
        tried=bool(row[17]),
        matched=row[18],
    )


def form_of(condition: Condition, *, alert: bool) -> str:
    """A condition as it stands in its table; that of an alert is marked, so that it differs from a message's."""
    form = _WHEN_ONLINE_FORM if condition == WHEN_ONLINE else canonical(condition)
    return ALERT * alert + form


def waiting_of(key: int, sender: str, form: str) -> Waiting:
    """The condition that `form_of` wrote."""
    return Waiting(key, sender, _parsed(form.removeprefix(ALERT)), form.startswith(ALERT))


@lru_cache(FORMS_MAX)
def _parsed(form: str) -> Condition:
    """The condition that is written so: the same one for all who wait for the same, so that it is looked at once."""
    return parse(form)


def all_of(connection: sqlite3.Connection, query: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows of `query`."""
    return connection.execute(query, values).fetchall()


def one_of(connection: sqlite3.Connection, query: str, *values: object) -> tuple[Any, ...] | None:
    """The first row of `query`, or None."""
    return connection.execute(query, values).fetchone()


def load_members(connection: sqlite3.Connection, live: Live) -> None:
    """Read back who belongs to the engine."""
    accounts = "SELECT handle, role, created_at, invited_by, removed_at, sequence, serial, held FROM account"
    for handle, role, created_at, invited_by, removed_at, sequence, serial, held in all_of(
        connection, accounts
    ):
        live.keep_account(Account(handle, Role(role), created_at, invited_by, removed_at))
        live.sequences[handle], live.serials[handle] = sequence, serial
        if held:
            live.held.totals[handle] = held
    for fingerprint, handle in all_of(connection, "SELECT fingerprint, handle FROM device"):
        live.devices[handle] = live.devices.get(handle, frozenset()) | {fingerprint}
    live.passwords.update(all_of(connection, "SELECT handle, kept FROM password"))
    columns = "SELECT token, purpose, made_by, made_at, expires_at, handle FROM invitation"
    for token, purpose, made_by, made_at, expires_at, handle in all_of(connection, columns):
        live.invitations[token] = OpenInvitation(
            token[:ID_DIGITS], Purpose(purpose), made_by, made_at, expires_at, handle
        )
