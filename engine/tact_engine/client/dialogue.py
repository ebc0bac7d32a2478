"""The client's side of a link without the link: what was asked, what to ask again, what came.

Requests are numbered and kept until they are answered. When a link is lost they are asked again on the next one, in
their order; every request is harmless twice, so nobody needs to know whether the first one arrived. What gets no answer
is said again too, unless a later answer shows that it arrived. After signing in the dialogue hands out frames to send
by `to_send`, takes what comes by `received`, and keeps no clock and no socket.

Who asks too much at once is refused for a while. Then the dialogue gets careful: what was refused, and everything
after it, stands in line in the order in which it was asked, and goes one by one, each when the one before is answered.
Whoever owns the dialogue calls `go_on` when `wait_ms` have passed. So nothing overtakes, and nobody has to notice.
"""

from collections.abc import Callable
from itertools import count

from msgspec.structs import replace

from tact_engine.client.events import (
    Delivered,
    Event,
    PeopleChanged,
    PrivacyChanged,
    Receipts,
    RequestsChanged,
)
from tact_engine.client.told import Told
from tact_engine.core.errors import Refused
from tact_engine.core.presence import Value
from tact_engine.wire.frames import (
    Deliver,
    Done,
    Frame,
    News,
    OverviewFrame,
    People,
    PrivacyFrame,
    RefusedFrame,
    Requests,
    SetPresence,
)

Answered = Callable[[Done | Refused], None]
"""Called once with the answer to a request that succeeded, or with its refusal."""


class Dialogue:
    """Requests and their answers over any number of links, one after another."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._asked: dict[int, tuple[Frame, Answered]] = {}
        self._places = count()
        self._asked_at: dict[int, int] = {}
        self._told = Told()
        self._outgoing: list[Frame] = []
        self._line: list[int] = []
        self._away: set[int] = set()
        """The requests that were sent on this link and are not answered."""
        self._parts: dict[int, Callable[[OverviewFrame], None]] = {}
        self.signed_in = False
        self.wait_ms = 0
        """For how long nothing is to be asked, from the refusal on; taken back by `go_on`."""

    def ask(
        self,
        make: Callable[[int], Frame],
        answered: Answered,
        part: Callable[[OverviewFrame], None] | None = None,
    ) -> int:
        """Ask what `make` builds for a new request number; now if signed in, else after the next sign-in."""
        number = next(self._numbers)
        frame = make(number)
        self._asked[number] = (frame, answered)
        self._asked_at[number] = next(self._places)
        if part is not None:
            self._parts[number] = part
        if self._line:
            self._line.append(number)
        else:
            self._ask(number)
        return number

    def forget(self, number: int) -> None:
        """Nobody waits for the answer to request `number` any more."""
        self._asked.pop(number, None)
        self._asked_at.pop(number, None)
        self._parts.pop(number, None)
        if number in self._line[1:]:  # the first may be on its way, and its answer lets the next one go
            self._line.remove(number)

    def go_on(self) -> None:
        """The time is over for which nothing was to be asked: the first in line is asked again."""
        self.wait_ms = 0
        self._send_first()

    def tell(self, frame: Frame) -> None:
        """Say what needs no answer: an acknowledgement, a mark or a note; now if signed in, else after the next one."""
        self._told.say(next(self._places), frame)
        self._send(frame)

    def welcomed(self) -> None:
        """A link is signed in: what may not have arrived is said again, and everything unanswered is asked again.

        What the person chose meanwhile is asked as it was in the end: nothing may be released over what they took back.
        """
        self.signed_in = True
        frames = [frame for frame, _ in self._asked.values()]
        chosen = [frame for frame in frames if isinstance(frame, SetPresence)]
        self._outgoing = self._told.taken()
        for frame in self._outgoing:
            self._told.say(next(self._places), frame)
        self._asked_at = {number: next(self._places) for number in self._asked}
        self._outgoing += [_in_the_end(frame, chosen) for frame in frames]
        self._away = set(self._asked)

    def lost(self) -> None:
        """The link is gone."""
        self.signed_in = False
        self._outgoing = []
        self._line, self._away, self.wait_ms = [], set(), 0

    @property
    def has_more(self) -> bool:
        """Whether there are frames to send."""
        return bool(self._outgoing)

    def to_send(self) -> list[Frame]:
        """The frames to send now, taken away."""
        frames, self._outgoing = self._outgoing, []
        return frames

    def received(self, frame: Frame) -> Event | None:
        """What `frame` tells, after settling the request it answers, if it is an answer."""
        match frame:
            case Done(request=number):
                self._settle(number, frame)
            case RefusedFrame(request=number, code="too_fast") if number in self._asked:
                self._stand_in_line(number, frame.retry_after)
            case RefusedFrame(request=number):
                self._settle(number, Refused(frame.code, frame.text, frame.clause, frame.retry_after))
            case OverviewFrame(request=number):
                if number in self._parts:
                    self._parts[number](frame)
            case People(people=people, gone=gone):
                return PeopleChanged(people, gone)
            case Requests(requests=requests):
                return RequestsChanged(requests)
            case Deliver(batch=batch, deliveries=deliveries, more=more):
                return Delivered(batch, deliveries, more)
            case PrivacyFrame(privacy=privacy):
                return PrivacyChanged(privacy)
            case News(receipts=receipts):
                return Receipts(receipts)
            case _:
                pass
        return None

    def _send(self, frame: Frame) -> None:
        if self.signed_in:
            self._outgoing.append(frame)

    def _settle(self, number: int, result: Done | Refused) -> None:
        self._told.arrived(self._asked_at.pop(number, 0))
        self._parts.pop(number, None)
        self._away.discard(number)
        asked = self._asked.pop(number, None)
        if self._line and self._line[0] == number:
            del self._line[0]
            self._send_first()
        if asked is not None:
            asked[1](result)

    def _stand_in_line(self, number: int, wait_ms: int) -> None:
        """A request was too much: it waits, with all that were asked after it and are refused as well."""
        self._away.discard(number)
        if number not in self._line:
            self._line.append(number)
            self._line.sort(key=lambda each: self._asked_at.get(each, 0))
        self.wait_ms = max(self.wait_ms, wait_ms, 1)

    def _send_first(self) -> None:
        """Ask the first in line that somebody still wants to know, unless nothing is to be asked yet."""
        while self._line and self._line[0] not in self._asked:
            del self._line[0]
        if self._line and not self.wait_ms and self._line[0] not in self._away:
            self._ask(self._line[0])

    def _ask(self, number: int) -> None:
        if self.signed_in:
            self._away.add(number)
        self._send(self._asked[number][0])


def _in_the_end(frame: Frame, chosen: list[SetPresence]) -> Frame:
    """`frame`; a change of presence as all the `chosen` ones together leave it."""
    if not isinstance(frame, SetPresence):
        return frame
    changes: dict[str, Value | None] = {}
    until: dict[str, int] = {}
    for each in chosen:
        changes |= each.changes
        until = {name: end for name, end in until.items() if name not in each.changes} | each.until
    return replace(frame, changes=changes, until=until)
