"""Writes done: one function for each kind of write, all inside the transaction of the facts."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from tact_engine.core.changes import next_end
from tact_engine.core.conditions import Condition
from tact_engine.core.envelope import ENDED as OVER
from tact_engine.core.envelope import Envelope, State, weight_of
from tact_engine.core.patience import FORGOTTEN
from tact_engine.core.view import Content
from tact_engine.core.writes import (
    AddMessage,
    AddNews,
    Amend,
    BreakSilence,
    CloseSession,
    DropNews,
    End,
    HoldAgain,
    KeepQuiet,
    OpenSession,
    PutPresence,
    PutPrivacy,
    Release,
    SetBacklog,
    SetGrace,
    SetIdle,
    SetLease,
    SetNewsBacklog,
    SetPatience,
    SetWake,
    Write,
)
from tact_engine.store.known import Known
from tact_engine.store.ledger import BODY, ENDED, MESSAGE, NEWS, RELEASED, WAITING, Ledger
from tact_engine.store.live import Live
from tact_engine.store.register import MEMBERSHIP, Register
from tact_engine.store.rows import form_of, waiting_of


class Performer(Register):
    """Does writes on the database and on the live side. `erased`: a body was deleted since the last reset."""

    def __init__(self, ledger: Ledger, live: Live, known: Known) -> None:
        super().__init__(ledger, live)
        self._known = known

    def perform(self, write: Write) -> None:
        """Do `write`."""
        _PERFORM[type(write)](self, write)

    def flush(self, utc_ms: int) -> None:
        """Write the counters that changed, and until when time has come; called once, before the commit."""
        live = self._live
        self._ledger.execute("UPDATE clock SET latest = ? WHERE latest < ?", utc_ms, utc_ms)
        self._ledger.executemany(
            "UPDATE account SET sequence = ?, serial = ?, held = ? WHERE handle = ?",
            [
                (live.sequences[handle], live.serials[handle], live.held.totals.get(handle, 0), handle)
                for handle in live.touched
            ],
        )
        live.touched.clear()

    # --- presence and sessions ---------------------------------------------------------------------------------

    def put_presence(self, write: PutPresence) -> None:
        """A new version of a presence document."""
        presence = write.presence
        readings = msgspec.json.encode(presence.readings).decode()
        self._ledger.execute(
            "REPLACE INTO presence VALUES (?, ?, ?)", presence.handle, presence.version, readings
        )
        self._live.people[presence.handle] = presence
        self._live.changed[presence.handle] = None
        end = next_end(presence)
        if end is None:
            self._live.ends.pop(presence.handle, None)
        else:
            self._live.ends[presence.handle] = end

    def put_privacy(self, write: PutPrivacy) -> None:
        """Other rules about who may see what."""
        rules = msgspec.json.encode(write.privacy).decode()
        self._ledger.execute("REPLACE INTO privacy VALUES (?, ?)", write.handle, rules)
        self._live.privacy[write.handle] = write.privacy
        self._live.changed[write.handle] = None

    def open_session(self, write: OpenSession) -> None:
        """A session lives."""
        self._live.sessions[write.session] = write.handle
        self._live.session_devices[write.session] = write.device
        self._live.sessions_of[write.handle].add(write.session)

    def close_session(self, write: CloseSession) -> None:
        """A session lives no more."""
        handle = self._live.sessions.pop(write.session)
        self._live.session_devices.pop(write.session, None)
        self._live.sessions_of[handle].discard(write.session)
        self._live.idle.pop(write.session, None)

    def set_idle(self, write: SetIdle) -> None:
        """A session rests, or does no longer."""
        _put(self._live.idle, write.session, write.since)

    def set_grace(self, write: SetGrace) -> None:
        """A grace begins or ends."""
        _put(self._live.graces, write.handle, write.until_ticks_ms)

    def set_backlog(self, write: SetBacklog) -> None:
        """Somebody's flow is full, or free again."""
        _put(self._live.backlogs, write.handle, write.batch)

    def set_wake(self, write: SetWake) -> None:
        """What waits for somebody is looked at again at another time."""
        asked = (write.utc_ms, write.ticks_ms)
        _put(self._live.wakes, write.handle, None if asked == (None, None) else asked)

    def set_news_backlog(self, write: SetNewsBacklog) -> None:
        """Somebody's news have to wait for a note, or not any more."""
        (self._live.news_backlogs.add if write.waiting else self._live.news_backlogs.discard)(write.handle)

    # --- messages ----------------------------------------------------------------------------------------------

    def add_message(self, write: AddMessage) -> None:
        """A message with its body, and one held envelope for each recipient."""
        what, first = write.submission, write.envelopes[0]
        number = first.number
        key = self._key_of(first.sender, what.when, alert=what.alert)
        self._ledger.put(
            MESSAGE,
            (number,),
            (
                number, what.id, first.sender, first.conversation, " ".join(what.to), key,
                what.content_type, what.enc, first.accepted_at, first.weight,
                what.valid_for, what.otherwise.value, 0, first.behind, 1, 0,
            ),
        )  # fmt: skip
        if first.behind is not None:
            self._live.heads.add(first.behind)
        self._ledger.put(BODY, (number,), (number, what.body))
        for recipient in what.to:
            self._hold(recipient, key, number, 1, first.expires_at, first.accepted_at, tried=False)
        self._live.last_number = number
        self._known.learn(what.id, write.envelopes)
        self._known.contents[number] = Content(
            what.body, what.content_type, what.enc, (first.sender, *what.to)
        )

    def release(self, write: Release) -> None:
        """A held envelope is on its way."""
        envelope = write.envelope
        key = self._unhold(envelope)
        self._ledger.put(
            RELEASED,
            (envelope.recipient, envelope.number),
            (
                envelope.recipient, envelope.number, key, envelope.revision,
                envelope.expires_at, write.at, write.sequence, write.version,
            ),
        )  # fmt: skip
        self._live.left(envelope, write.ticks_ms)
        self._live.sequences[envelope.recipient] = write.sequence
        self._live.touched.add(envelope.recipient)
        self._known.moved(
            replace(envelope, state=State.RELEASED, since=write.at, tried=True, matched=write.version)
        )

    def hold_again(self, write: HoldAgain) -> None:
        """A released envelope waits again."""
        envelope = write.envelope
        self._known.forget(envelope.id)
        self._unrelease(envelope)
        self._hold(
            envelope.recipient,
            self._key_for(envelope),
            envelope.number,
            envelope.revision,
            envelope.expires_at,
            write.at,
            tried=True,
            matched=envelope.matched,
        )

    def amend(self, write: Amend) -> None:
        """A message waits for something else, or carries something else; a copy on its way keeps the same books."""
        first = write.envelopes[0]
        self._known.forget(first.id)
        self._known.contents.pop(first.number, None)
        key = self._key_of(first.sender, write.condition, alert=write.alert)
        revision = first.latest + 1
        for envelope in write.envelopes:
            if envelope.state is State.RELEASED:
                self._ledger.execute(
                    "UPDATE released SET condition = ?, revision = ?, expires_at = ?"
                    " WHERE recipient = ? AND number = ?",
                    *(key, revision, write.expires_at, envelope.recipient, envelope.number),
                )
                continue
            self._unhold(envelope)
            self._hold(
                envelope.recipient, key, envelope.number, revision, write.expires_at, envelope.since,
                tried=envelope.tried, matched=envelope.matched,
            )  # fmt: skip
        self._ledger.execute(
            "UPDATE message SET condition = ?, valid_for = ?, otherwise = ?, second = ?, latest = ?, edited = ?,"
            " behind = CASE WHEN ? THEN NULL ELSE behind END WHERE number = ?",
            *(key, write.valid_for, write.otherwise.value, write.second, revision, write.edit),
            *(write.free, first.number),
        )
        if write.body is not None:
            self._put_body(first.number, write.body)

    def end(self, write: End) -> None:
        """An envelope reaches a final state; with the last of its message the body goes."""
        envelope = write.envelope
        if envelope.state is State.HELD:
            self._unhold(envelope)
        elif envelope.state is State.RELEASED:
            self._unrelease(envelope)
        self._ledger.put(
            ENDED,
            (envelope.number, envelope.recipient),
            (
                envelope.number, envelope.recipient, write.state.value, envelope.revision,
                envelope.expires_at, write.at, envelope.tried, envelope.matched,
            ),
        )  # fmt: skip
        self._live.patience[envelope.recipient].pop(envelope.number, None)
        if envelope.latest > 1:  # its copy may weigh something else than it does
            self._known.forget(envelope.id)
        self._erase_if_over(replace(envelope, state=write.state, since=write.at))

    def set_lease(self, write: SetLease) -> None:
        """A message is in an editor, or is no longer."""
        _put(self._live.leases, write.number, write.until_ticks_ms)

    def set_patience(self, write: SetPatience) -> None:
        """A message remembers something else of its condition."""
        memory = None if write.memory == FORGOTTEN else write.memory
        _put(self._live.patience[write.recipient], write.number, memory)

    # --- news --------------------------------------------------------------------------------------------------

    def keep_quiet(self, write: KeepQuiet) -> None:
        """That an envelope arrived is to be told at the end of its validity."""
        each = write.envelope
        self._ledger.execute(
            "REPLACE INTO quiet VALUES (?, ?, ?)", each.expires_at, each.number, each.recipient
        )
        self._live.quiet.add((each.number, each.recipient))

    def break_silence(self, write: BreakSilence) -> None:
        """It is told."""
        each = write.envelope
        query = "DELETE FROM quiet WHERE expires_at = ? AND number = ? AND recipient = ?"
        self._ledger.execute(query, each.expires_at, each.number, each.recipient)
        self._live.quiet.discard((each.number, each.recipient))

    def add_news(self, write: AddNews) -> None:
        """A sender is to learn something, in place of what they had not noted yet of the same envelope."""
        receipt = write.receipt
        row = (write.sender, receipt.serial, write.number, receipt.recipient)
        self._ledger.put(NEWS, (write.number, receipt.recipient), row)
        self._live.serials[write.sender] = receipt.serial
        self._live.touched.add(write.sender)

    def drop_news(self, write: DropNews) -> None:
        """A sender has noted their news."""
        self._ledger.execute("DELETE FROM news WHERE sender = ? AND serial <= ?", write.sender, write.serial)

    # --- the steps they share ----------------------------------------------------------------------------------

    def _key_for(self, envelope: Envelope) -> int:
        """The key under which `envelope` waits."""
        return self._key_of(envelope.sender, envelope.condition, alert=envelope.alert)

    def _key_of(self, sender: str, condition: Condition, *, alert: bool = False) -> int:
        """The key of `condition` of `sender`, made where it is new."""
        form = form_of(condition, alert=alert)
        key = self._live.condition_keys.get((sender, form))
        if key is None:
            # Nothing that was gathered is about a condition that nobody had yet.
            statement = "INSERT INTO condition (sender, form) VALUES (?, ?) RETURNING key"
            row = self._ledger.one(statement, sender, form)
            assert row is not None, "it returns its key"
            key = int(row[0])
            self._live.condition_keys[sender, form] = key
            self._live.conditions[key] = waiting_of(key, sender, form)
        return key

    def _hold(
        self,
        recipient: str,
        key: int,
        number: int,
        revision: int,
        expires_at: int,
        since: int,
        *,
        tried: bool,
        matched: int = 0,
    ) -> None:
        self._live.touched.add(self._live.held.change(recipient, key, +1))
        row = (recipient, key, number, revision, expires_at, since, tried, matched)
        self._ledger.put(WAITING, (recipient, key, number), row)

    def _unhold(self, envelope: Envelope) -> int:
        key = self._key_for(envelope)
        self._live.touched.add(self._live.held.change(envelope.recipient, key, -1))
        self._ledger.drop(WAITING, (envelope.recipient, key, envelope.number))
        return key

    def _unrelease(self, envelope: Envelope) -> None:
        self._ledger.drop(RELEASED, (envelope.recipient, envelope.number))
        self._live.settled(envelope)

    def _put_body(self, number: int, body: bytes) -> None:
        """Another text in place of the first, which is gone then."""
        query = "SELECT sender, recipients FROM message WHERE number = ?"
        ((sender, recipients),) = self._ledger.all(query, number)
        weight = weight_of(body, (sender, *recipients.split()))
        self._ledger.execute("UPDATE body SET content = ? WHERE number = ?", body, number)
        self._ledger.execute("UPDATE message SET weight = ? WHERE number = ?", weight, number)
        self.erased = True

    def _erase_if_over(self, ended: Envelope) -> None:
        """Delete the body of a message if with this envelope all have ended."""
        number, all_of_it = ended.number, self._known.moved(ended)
        if all_of_it is None:
            ((recipients,),) = self._ledger.all("SELECT recipients FROM message WHERE number = ?", number)
            ((over,),) = self._ledger.all("SELECT count(*) FROM ended WHERE number = ?", number)
            is_over = over == len(recipients.split())
        else:
            is_over = all(each.state in OVER for each in all_of_it)
        if is_over:
            self._ledger.drop(BODY, (number,))
            self._known.contents.pop(number, None)
            self._live.leases.pop(number, None)
            self.erased = True


K = TypeVar("K")
V = TypeVar("V")


def _put(values: dict[K, V], key: K, value: V | None) -> None:
    """Keep `value` under `key`; None: keep nothing there."""
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


_PERFORM: Mapping[type, Callable[[Performer, Any], None]] = MappingProxyType(
    {
        **MEMBERSHIP,
        PutPresence: Performer.put_presence,
        PutPrivacy: Performer.put_privacy,
        OpenSession: Performer.open_session,
        CloseSession: Performer.close_session,
        SetGrace: Performer.set_grace,
        SetBacklog: Performer.set_backlog,
        SetNewsBacklog: Performer.set_news_backlog,
        AddMessage: Performer.add_message,
        Release: Performer.release,
        HoldAgain: Performer.hold_again,
        Amend: Performer.amend,
        End: Performer.end,
        SetIdle: Performer.set_idle,
        SetLease: Performer.set_lease,
        SetPatience: Performer.set_patience,
        SetWake: Performer.set_wake,
        KeepQuiet: Performer.keep_quiet,
        BreakSilence: Performer.break_silence,
        AddNews: Performer.add_news,
        DropNews: Performer.drop_news,
    }
)
