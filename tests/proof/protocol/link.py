"""One link with a book of what the engine owes it: which answers must come, which may, and what they may tell."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

from tact_engine.accounts.device import DeviceKey
from tact_engine.client import Address, Receipt, State
from tact_engine.wire import frames as wire
from tact_engine.wire.codec import Unreadable, decode, encode
from tact_engine.wire.frames import FRAME_BYTES_MAX, PROTOCOL_VERSION, Frame, Side, signed_text
from tact_engine.wire.session import BROKEN_FRAMES_MAX, EARLY_FRAME_BYTES_MAX
from tests.support.raw_link import BINARY, NO_CODE, TEXT, RawLink, frame, in_pieces, raw_link

ANSWER_SECONDS_MAX = 20
UNREAD = ("malformed_frame", "unknown_frame", "misplaced_frame")
"""The refusals that come before anybody acts."""
ABOUT_ONE = (wire.Edit, wire.SendNow, wire.Withdraw, wire.Pause, wire.Resume, wire.Explain)
"""The requests about one message, which must be of one's own."""
ANSWER, ANY = "answer", "any"


class Broken(AssertionError):
    """The engine broke a promise; the text says which."""


class World:
    """What everybody has said so far: who submitted which id, to whom, and with which texts."""

    def __init__(self) -> None:
        self.tried: dict[str, set[str]] = {}
        self.to: dict[tuple[str, str], set[str]] = {}
        self.texts: dict[tuple[str, str], set[bytes]] = {}
        self.alerts: set[str] = set()
        self.stored: set[tuple[str, str]] = set()
        self.shown: set[tuple[str, str]] = set()
        self.keys: dict[str, DeviceKey] = {}
        self.met: Counter[str] = Counter()

    def said(self, handle: str, frame: Frame) -> None:
        """Somebody who is signed in says this; it may be accepted."""
        if isinstance(frame, wire.Submit):
            message, key = frame.submission, (handle, frame.submission.id)
            self.tried.setdefault(message.id, set()).add(handle)
            self.to.setdefault(key, set()).update(message.to)
            self.texts.setdefault(key, set()).add(message.body)
            self.alerts |= {message.id} if message.alert else set()
        if isinstance(frame, wire.Edit):
            self.texts.setdefault((handle, frame.id), set()).add(frame.amendment.body or b"")
            self.alerts |= {frame.id} if frame.amendment.alert else set()
        if isinstance(frame, wire.Acknowledge):
            self.stored |= {(handle, id) for id in frame.copies}
        if isinstance(frame, wire.MarkRead):
            self.shown |= {(handle, id) for id in frame.ids}

    def may_be(self, receipt: Receipt) -> bool:
        """Whether a message may stand so after all that its recipient said."""
        arrived = (receipt.recipient, receipt.id) in self.stored
        if receipt.state is State.DELIVERED:
            return arrived or receipt.id in self.alerts
        return receipt.state is not State.READ or (arrived and (receipt.recipient, receipt.id) in self.shown)


class BookedLink:
    """A link for which every word that is said and heard is booked; Broken where the books do not agree."""

    def __init__(self, raw: RawLink, world: World) -> None:
        self.raw, self.world = raw, world
        self.handle = ""
        self.phase = "before"
        self.hello: wire.Hello | None = None
        self.refused_code = ""
        self.deliveries: dict[str, int] = {}
        self.arrived: Counter[str] = Counter()
        self.news: list[Any] = []
        self.done: dict[int, wire.Done] = {}
        self.refusals: dict[int, wire.RefusedFrame] = {}
        self.ending = False
        self.surely = False
        self._number = 0
        self._hopeful = ""
        self._rightful = False
        self._due: Counter[tuple[int, str]] = Counter()
        self._may: Counter[tuple[int, str]] = Counter()
        self._got: Counter[tuple[int, str]] = Counter()
        self._about: dict[int, Frame] = {}
        self._read = 0
        self._broken = 0
        self._codes = {4002, 4001}

    def number(self) -> int:
        """The next request number."""
        self._number += 1
        return self._number

    # --- out -----------------------------------------------------------------------------------------------------

    def say(self, payload: bytes, *, text: bool = True, places: list[int] | None = None) -> bytes:
        """Book `payload`; the bytes to write for it, cut into pieces at `places`."""
        self._book(payload)
        kind = TEXT if text else BINARY
        return in_pieces(kind, payload, places) if places else frame(kind, payload)

    def send(self, frame: Frame) -> None:
        """Say a good frame at once."""
        self.raw.write(self.say(encode(frame)))

    def break_rules(self, data: bytes) -> None:
        """Write bytes that are no WebSocket; the link may end with any code for that."""
        self._ends(1002, 1007, 1009, 1000, NO_CODE, 0)
        self.raw.write(data)

    def sign_in_frame(self, handle: str, key: DeviceKey, hello: wire.Hello | None = None) -> wire.SignIn:
        """The frame that signs in, over the challenge of this link or of another one."""
        hello = hello or self.hello
        assert hello is not None, "greeted"
        self._hopeful = handle
        text = signed_text(hello.engine, hello.challenge, handle)
        return wire.SignIn(PROTOCOL_VERSION, handle, key.public, key.sign(text))

    def _ends(self, *codes: int) -> None:
        """From here on the engine may close the link so, and then owes nothing."""
        self.ending = self.surely = True
        self._codes |= set(codes)

    def _book(self, payload: bytes) -> None:
        if len(payload) > FRAME_BYTES_MAX:
            self._ends(1009)
            return
        if len(payload) > EARLY_FRAME_BYTES_MAX and self.phase in ("before", "asked"):
            self._books_too_early()
            if self.phase == "before":
                return
        try:
            frame = decode(payload, Side.CLIENT)
        except Unreadable as refused:
            self._owe(refused.request, refused.code)
            return
        if frame is None:
            return
        self._book_frame(frame)

    def _books_too_early(self) -> None:
        """It is too large for who is not signed in, which whoever asked may be by now."""
        answers = self._due if self.phase == "before" and not self.ending else self._may
        answers[0, "malformed_frame"] += 1
        was_ending, was_sure = self.ending, self.surely
        self._ends(4004)
        self.surely = was_sure if was_ending else self.phase == "before"

    def _book_frame(self, frame: Frame) -> None:
        number = getattr(frame, "request", None)
        if self.phase == "before" and isinstance(frame, wire.SignIn):
            self.phase, self._rightful = "asked", self._is_rightful(frame)
            self.world.met["said sign_in"] += 1
        elif self.phase == "before" or (self.phase == "after" and isinstance(frame, wire.SignIn)):
            self._owe(number or 0, "misplaced_frame")
        elif self.phase == "asked" and number is None:
            self._may[0, "misplaced_frame"] += 1
            self._is_broken()
            if isinstance(frame, wire.SignOut):
                self._ends(1000)
                self.surely = False  # it may come before the welcome, and then is out of place
        elif self.phase == "asked":
            self.world.said(self._hopeful, frame)
            self._owe(number or 0, ANY)
            self._is_broken()
        elif self.phase == "after":
            self.world.met[f"said {frame.__struct_config__.tag}"] += 1
            self.world.said(self.handle, frame)
            if isinstance(frame, wire.SignOut):
                self.phase = "out"
                self._ends(1000)
            elif number is not None:
                self._owe(number, ANSWER)
                self._about[number] = frame

    def _is_rightful(self, frame: wire.SignIn) -> bool:
        """Whether the engine may let somebody in who says this."""
        key = self.world.keys.get(frame.handle)
        if key is None or key.public != frame.device_key or frame.version != PROTOCOL_VERSION:
            return False
        assert self.hello is not None, "greeted"
        right = key.sign(signed_text(self.hello.engine, self.hello.challenge, frame.handle))
        return right == frame.signature  # by this algorithm, the same key and text give the same signature

    def _owe(self, number: int, code: str) -> None:
        (self._may if self.ending or self.phase == "out" else self._due)[number, code] += 1
        if code in UNREAD:
            self._is_broken()

    def _is_broken(self) -> None:
        """One more that may not have been read; the engine does not take too many of them."""
        self._broken += 1
        if self._broken > BROKEN_FRAMES_MAX:
            was_ending, was_sure = self.ending, self.surely
            self._ends(4004)
            self.surely = was_sure if was_ending else False

    # --- in ------------------------------------------------------------------------------------------------------

    async def until(self, question: Callable[[], Any], what: str) -> None:
        """Wait until `question` is answered with yes or the link has ended; Broken where neither comes."""
        self.read()
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                while not question() and not self.raw.gone:
                    await self.raw.until_changed()
                    self.read()
        except TimeoutError:
            raise Broken(f"{self} waited for {what}, and nothing came; owed: {self.owed()}") from None

    async def settled(self) -> None:
        """Wait until every answer that is owed has come, or the link has ended as it may."""
        await self.until(lambda: not self.owed(), "its answers")
        self.read()
        if self.raw.closing is not None and self.raw.closing.code not in self._codes:
            raise Broken(f"{self} was closed without a reason: {self.raw.closing}")
        if self.owed() and not (self.raw.closing and self.ending):
            raise Broken(f"{self} never got {self.owed()}")

    def owed(self) -> dict[tuple[int, str], int]:
        """What must still come."""
        owed: dict[tuple[int, str], int] = {}
        for (number, code), times in self._due.items():
            got = self._got[number, code] if code != ANY else self._spare(number)
            if got < times:
                owed[number, code] = times - got
        return owed

    def _spare(self, number: int) -> int:
        """Answers under `number` that nothing else explains."""
        codes = (ANSWER, *UNREAD)
        return sum(max(0, self._got[number, code] - self._due[number, code]) for code in codes)

    def read(self) -> None:
        """Check all that has come in."""
        heard = self.raw.heard
        while self._read < len(heard):
            data, self._read = heard[self._read], self._read + 1
            try:
                said = decode(data, Side.ENGINE)
            except Unreadable as refused:
                raise Broken(f"{self} heard what is no frame ({refused.text}): {data[:300]!r}") from None
            if said is None or encode(said) != data:
                raise Broken(f"{self} heard what says more than its frame: {data[:300]!r}")
            self._check(said)
        if self._read > 200:
            del heard[: self._read]
            self._read = 0

    def _check(self, said: Frame) -> None:
        self.world.met[f"heard {said.__struct_config__.tag}"] += 1
        match said:
            case wire.Hello():
                self._must(self.hello is None, "one greeting", said)
                self.hello = said
            case wire.Welcome(handle=handle):
                self._must(self._rightful, "that nobody gets in who does not prove who they are", said)
                self.handle, self.phase = handle, "after" if self.phase == "asked" else self.phase
            case wire.Done(request=number, receipts=receipts):
                self._must(all(map(self.world.may_be, receipts)), "receipts that are true", said)
                self._must(self.phase in ("after", "out"), "no success before the sign-in", said)
                self.done[number] = said
                self.world.met.update(["told why a message waits"] if said.standings else [])
                self._answered(number, ANSWER, said)
                self._check_own(number, said)
            case wire.RefusedFrame():
                self._check_refused(said)
            case wire.Deliver(deliveries=deliveries):
                for each in deliveries:
                    self._check_delivery(each)
            case wire.News(receipts=receipts):
                self.news.extend(receipts)
                strangers = [r for r in receipts if self.handle not in self.world.tried.get(r.id, ())]
                self._must(not strangers, "news of one's own messages alone", strangers)
                self._must(all(map(self.world.may_be, receipts)), "news of what is true", said)
            case _:
                self._must(self.phase in ("after", "out"), "nothing about people before the sign-in", said)

    def _check_refused(self, said: wire.RefusedFrame) -> None:
        self.world.met[f"refused {said.code}"] += 1
        if self.phase == "asked" and said.code not in UNREAD and said.request == 0:
            self.phase, self.refused_code = "rejected", said.code
            self._ends(4003)
            return
        self.refusals[said.request] = said
        self._answered(said.request, said.code if said.code in UNREAD else ANSWER, said)
        self._check_own(said.request, said)

    def _answered(self, number: int, code: str, said: Frame) -> None:
        self._got[number, code] += 1
        extra = self._got[number, code] - self._due[number, code] - self._may[number, code]
        known = self._due[number, ANY] + self._may[number, ANY]
        self._must(extra <= known, "one answer to each request", said)

    def _check_own(self, number: int, said: wire.Done | wire.RefusedFrame) -> None:
        """Of somebody else's message nothing is said, not even that there is one."""
        frame = self._about.get(number)
        if (
            frame is None
            or sum(book[number, code] for book in (self._due, self._may) for code in (ANSWER, ANY)) != 1
        ):
            return
        id = frame.submission.id if isinstance(frame, wire.Submit) else getattr(frame, "id", "")
        if isinstance(said, wire.Done):
            self._must(
                {each.id for each in said.receipts} <= {id}, "receipts of the message asked about", said
            )
        if isinstance(frame, ABOUT_ONE) and self.handle not in self.world.tried.get(id, ()):
            code = said.code if isinstance(said, wire.RefusedFrame) else ""
            if code in UNREAD:
                return
            self._must(code == "unknown_message", "nothing about the messages of others", said)
            whose = "another's" if id in self.world.tried else "no"
            self.world.met[f"asked about {whose} message"] += 1
            shown = (said.text, said.clause) if isinstance(said, wire.RefusedFrame) else ("", "")
            self._must(shown == UNKNOWN, "one sentence for another's message and for none", said)

    def _check_delivery(self, delivery: Any) -> None:
        key = (delivery.sender, delivery.id)
        self._must(self.handle in self.world.to.get(key, ()), "messages to oneself alone", delivery)
        self._must(delivery.body in self.world.texts[key], "the text as it was written", delivery)
        self.deliveries[delivery.id] = delivery.revision
        self.arrived[delivery.id] += 1

    def _must(self, holds: object, promise: str, said: object) -> None:
        if not holds:
            raise Broken(f"{self} was promised {promise}, and heard {str(said)[:400]}")

    def __str__(self) -> str:
        """Who it is, for a sentence."""
        return f"the link of {self.handle or 'a stranger'} ({self.phase})"


UNKNOWN = ("There is no such message of yours. It may have ended more than 30 days ago.", "")


async def booked_link(address: Address, world: World) -> BookedLink:
    """A link that was greeted."""
    link = BookedLink(await raw_link(address), world)
    await link.until(lambda: link.hello is not None, "a greeting")
    return link
