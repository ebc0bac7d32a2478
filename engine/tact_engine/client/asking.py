"""What a client can ask of an engine. What is asked while the link is lost is asked again after the next sign-in."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from uuid6 import uuid7

from tact_engine.client.dialogue import Dialogue
from tact_engine.client.own_presence import OwnPresence
from tact_engine.client.told import runs
from tact_engine.client.when import When, condition_named
from tact_engine.core.changes import updated
from tact_engine.core.conditions import check
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import (
    TEXT_PLAIN,
    VALIDITY_SECONDS_DEFAULT,
    Delivery,
    Otherwise,
    Receipt,
    Submission,
)
from tact_engine.core.errors import Refused
from tact_engine.core.facts import Amendment
from tact_engine.core.names import canonical
from tact_engine.core.presence import ALIAS, ATTRIBUTES, SetBy, Value, nobody
from tact_engine.core.privacy import Privacy
from tact_engine.wire import frames as wire


class Asking(ABC):
    """The requests of a client, over whatever link it has at the time. Each raises Refused with what to do about it."""

    def __init__(self, presence: Mapping[str, Value | None], until: Mapping[str, int]) -> None:
        self._dialogue = Dialogue()
        self._own = OwnPresence({}, self.engine_ms)
        self._own.choose(in_one_form(presence), until)
        self._answers: set[asyncio.Future[wire.Done]] = set()
        self._ended: Exception | None = None
        self._to_write = asyncio.Event()

    @abstractmethod
    def engine_ms(self) -> int:
        """What the engine's clock says now, in UTC milliseconds."""

    # --- messages ----------------------------------------------------------------------------------------------

    async def submit(
        self,
        to: str | Sequence[str],
        text: str | bytes,
        *,
        when: When = None,
        valid_for: int = VALIDITY_SECONDS_DEFAULT,
        otherwise: Otherwise | str = Otherwise.EXPIRE,
        keep_order: bool = False,
        id: str = "",
        content_type: str = TEXT_PLAIN,
    ) -> tuple[Receipt, ...]:
        """Hand over a message; the receipts once it is durable. `valid_for` is in seconds. Refused says what to change.

        `otherwise` is what becomes of it at the end of its validity; with `keep_order` it waits behind what waits there
        already. Waits for the engine where the link is lost; it is handed over once, however often that is retried.
        """
        submission = Submission(
            id=id or new_id(),
            to=(to,) if isinstance(to, str) else tuple(to),
            body=text.encode() if isinstance(text, str) else text,
            content_type=content_type,
            when=condition_named(when),
            valid_for=valid_for,
            otherwise=Otherwise(otherwise),
            keep_order=keep_order,
        )
        return await self._submit(submission)

    async def alert(
        self, about: str, *, when: When = None, valid_for: int = VALIDITY_SECONDS_DEFAULT, id: str = ""
    ) -> tuple[Receipt, ...]:
        """Ask to be told once when a condition is true of `about`: the receipt then says "delivered"."""
        condition = condition_named(when)
        return await self._submit(
            Submission(id or new_id(), (about,), b"", when=condition, valid_for=valid_for, alert=True)
        )

    async def edit(
        self,
        id: str,
        revision: int,
        *,
        text: str | bytes | None = None,
        when: When = None,
        valid_for: int | None = None,
        otherwise: Otherwise | None = None,
        alert: bool | None = None,
    ) -> tuple[Receipt, ...]:
        """Change a waiting message as it was at `revision`; what is None stays. Refused where it is too late.

        `alert` makes it one that is only told, or, with a `text`, an alert a message.
        """
        body = text.encode() if isinstance(text, str) else text
        condition = None if when is None else condition_named(when)
        if condition is not None:
            check(condition)
        amendment = Amendment(body, condition, valid_for, otherwise, alert)
        return (await self._ask(lambda request: wire.Edit(request, id, revision, amendment))).receipts

    async def send_now(self, id: str) -> tuple[Receipt, ...]:
        """Drop the condition of a waiting message."""
        return (await self._ask(lambda request: wire.SendNow(request, id))).receipts

    async def withdraw(self, id: str) -> tuple[Receipt, ...]:
        """Take a waiting message back. Refused where it was already handed over."""
        return (await self._ask(lambda request: wire.Withdraw(request, id))).receipts

    async def pause(self, id: str) -> tuple[Receipt, ...]:
        """Hold a waiting message back while it is edited, for ten minutes at a time; its validity runs on."""
        return (await self._ask(lambda request: wire.Pause(request, id))).receipts

    async def resume(self, id: str) -> tuple[Receipt, ...]:
        """Let a paused message go unchanged."""
        return (await self._ask(lambda request: wire.Resume(request, id))).receipts

    async def explain(self, id: str) -> tuple[Standing, ...]:
        """Why a message waits, for each recipient with whom it does: clause by clause, as far as one may know."""
        return (await self._ask(lambda request: wire.Explain(request, id))).standings

    # --- about oneself -----------------------------------------------------------------------------------------

    async def set_presence(
        self, changes: Mapping[str, Value | None], *, until: Mapping[str, int] | int | None = None
    ) -> None:
        """Change attributes of one's own presence as one version; they are kept and go along with every sign-in.

        None takes one back to its default. `until` (UTC milliseconds, for all of them or by name) is when they are to
        be again what they were. Refused where the table of attributes does not allow it; then nothing is kept.
        """
        changes, ends = in_one_form(changes), _ends_of(changes, until)
        updated(
            nobody(""), changes, self.engine_ms(), until=ends
        )  # what is refused must not go along with sign-ins
        self._own.choose(changes, ends)
        await self._ask(lambda request: wire.SetPresence(request, dict(changes), ends))

    async def set_privacy(self, privacy: Privacy) -> None:
        """Change who may see what of oneself, whom one blocks, who is always loud; all at once."""
        await self._ask(lambda request: wire.SetPrivacy(request, privacy))

    # --- what was stored or shown ------------------------------------------------------------------------------

    def acknowledge(self, deliveries: Iterable[Delivery]) -> None:
        """Say that these messages are stored; said again where the link is lost meanwhile."""
        self.acknowledge_copies({delivery.id: delivery.revision for delivery in deliveries})

    def acknowledge_copies(self, copies: Mapping[str, int]) -> None:
        """Say that these messages are stored, each in the revision that is."""
        for run in runs(tuple(copies.items())):
            self._tell(wire.Acknowledge(dict(run)))

    def mark_read(self, ids: Iterable[str]) -> None:
        """Let the senders of these messages know that they were shown."""
        for run in runs(tuple(ids)):
            self._tell(wire.MarkRead(run))

    def note(self, receipts: Iterable[Receipt]) -> None:
        """Say that these receipts are stored, so that they are told no more."""
        serial = max((receipt.serial for receipt in receipts), default=0)
        if serial:
            self._tell(wire.Note(serial))

    # --- the steps they share ----------------------------------------------------------------------------------

    async def _submit(self, submission: Submission) -> tuple[Receipt, ...]:
        check(submission.when)
        return (await self._ask(lambda request: wire.Submit(request, submission))).receipts

    async def _ask(
        self,
        make: Callable[[int], wire.Frame],
        part: Callable[[wire.OverviewFrame], None] | None = None,
    ) -> wire.Done:
        """The answer to a request, however often the link is lost meanwhile; `part` is given what comes before it."""
        if self._ended is not None:
            raise self._ended
        answer: asyncio.Future[wire.Done] = asyncio.get_running_loop().create_future()
        self._answers.add(answer)

        def answered(result: wire.Done | Refused) -> None:
            if answer.done():
                return
            if isinstance(result, Refused):
                answer.set_exception(result)
            else:
                answer.set_result(result)

        number = self._dialogue.ask(make, answered, part)
        self._to_write.set()
        try:
            return await answer
        finally:
            self._answers.discard(answer)
            self._dialogue.forget(number)

    def _tell(self, frame: wire.Frame) -> None:
        self._dialogue.tell(frame)
        self._to_write.set()


def in_one_form(changes: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """The changes with a display name as the engine keeps it, so that both hold the same."""
    name = changes.get(ALIAS)
    return {**changes, ALIAS: canonical(name)} if isinstance(name, str) else {**changes}


def new_id() -> str:
    """A new message id: a UUIDv7, so ids sort by time."""
    return str(UUID(int=uuid7().int))


def _ends_of(changes: Mapping[str, Value | None], until: Mapping[str, int] | int | None) -> dict[str, int]:
    """`until` by name; one end for all is that of everything a person sets."""
    if until is None:
        return {}
    if not isinstance(until, int):
        return dict(until)
    theirs = {name for name, row in ATTRIBUTES.items() if row.set_by is SetBy.PERSON}
    return {name: until for name, value in changes.items() if name in theirs and value is not None}
