"""The engine: one inbox, one performer, one timer. Facts in, a durable batch, effects out.

What comes in while the store commits one batch is the next; so many facts share one fsync without anybody waiting for a
timer. Only what nobody waits for, such as an acknowledgement, waits a moment itself: often what its person writes next
comes right behind it, and would have to wait for its fsync. Effects are performed only after their batch is durable. A
batch that cannot be made durable ends the process: a restart reads the truth.

A turn is done at once as long as turns are quick, since the way to another thread and back would take as long again.
After one that was not, because of its size or of the disk, the next is done on the store's thread, and meanwhile the
loop hears and answers everybody.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import MappingProxyType
from typing import Any, cast

from msgspec.structs import replace

from tact_engine.clock import Clock
from tact_engine.core import effects as out
from tact_engine.core.effects import Effect
from tact_engine.core.errors import Refused
from tact_engine.core.facts import Fact, LinkLost, TimePassed
from tact_engine.faults import point
from tact_engine.gate import CLOSE_TOO_MUCH, Gate
from tact_engine.meaning import FACTS, UNHURRIED, shared_out
from tact_engine.net.link import CLOSE_REJECTED, CLOSE_SIGNED_OUT, Link
from tact_engine.store.store import Store
from tact_engine.wire import frames as wire
from tact_engine.wire.codec import encode
from tact_engine.wire.frames import FRAME_BYTES_MAX, Frame
from tact_engine.wire.pages import Written, overview_frames, pages

HOUSEKEEPING_SECONDS = 20
QUICK_SECONDS = 0.01
COMPANY_SECONDS = 0.002
"""So long a batch waits for more where nobody waits for it."""
SLEEP_SECONDS_MAX = 60
SLEEP_SECONDS_MIN = 0.01  # while the wall clock stands still, something due soon stays due soon

_log = logging.getLogger(__name__)


class Engine:
    """Receives what links bring, lets the store decide, and tells people and devices. Runs on one event loop.

    `is_open` lets anybody in under a free handle. `at` is set to where it is believed to be reached, as host:port;
    `claimed` is called when a host signs in.
    """

    GATE = Gate

    def __init__(
        self,
        name: str,
        engine: str,
        store: Store,
        clock: Clock,
        thread: ThreadPoolExecutor,
        is_open: bool = False,
    ) -> None:
        self._name = name
        self._store = store
        self._gate = self.GATE(
            engine,
            is_open,
            clock,
            store.view.limits,
            store.password_of,
            self._put,
            self._reject,
            self._refuse,
        )
        self._started_ms = clock.moment().utc_ms
        self.at = ""
        self.claimed: Callable[[], object] = lambda: None
        self._clock = clock
        self._thread = thread
        self._at_store = asyncio.Lock()
        self._is_quick = False
        self._inbox: list[Fact] = []
        self._filled, self._hurried = asyncio.Event(), asyncio.Event()
        self._moved = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._links: dict[int, Link] = {}
        self._links_of: dict[str, set[Link]] = defaultdict(set)
        self._spoken_to: dict[Link, None] = {}
        self._written = Written()

    # --- in: what links bring ----------------------------------------------------------------------------------

    def opened(self, link: Link) -> None:
        """Greet a new link with the challenge its device key is to sign."""
        self._links[link.number] = link
        link.send(self._gate.opened(link, self._name))

    def received(self, link: Link, frame: Frame) -> None:
        """Turn a frame into the fact it stands for. After signing out a link has nothing more to say or to hear."""
        kind = type(frame)
        if kind is wire.SignIn:
            self._gate.sign_in(link, cast("wire.SignIn", frame))
            return
        if kind is wire.SignOut:  # whoever leaves is not kept
            self._links_of[link.session.handle].discard(link)
            link.close(CLOSE_SIGNED_OUT, "signed out")
        else:
            try:
                self._gate.check_quota(link, frame)
            except Refused as refused:
                self._too_much(link, frame, refused)
                return
        if kind is wire.SetPassword:
            self._gate.set_password(link, cast("wire.SetPassword", frame))
        else:
            # Where more waits for room, the acknowledgement is waited for.
            waits = kind in UNHURRIED and self._store.view.backlog(link.session.handle) is None
            self._put(FACTS[kind](link.number, frame), hurried=not waits)

    def _too_much(self, link: Link, frame: Frame, refused: Refused) -> None:
        request: int | None = getattr(frame, "request", None)
        if request is None:
            link.close(CLOSE_TOO_MUCH, "too many frames")
        else:
            link.send(_refused(request, refused))

    def lost(self, link: Link) -> None:
        """Forget a link; if it spoke for somebody until now, its recipient's grace begins."""
        self._links.pop(link.number, None)
        self._links_of[link.session.handle].discard(link)
        if self._gate.lost(link):
            self._put(LinkLost(link.number))
        link.session.closed()

    def _reject(self, session: int, refused: Refused) -> None:
        """The gate does not let a link in."""
        self.perform_reject(out.Reject(session, refused))

    def _refuse(self, session: int, request: int, refused: Refused) -> None:
        """The gate does not let a request pass; nothing else is said that this could go with."""
        link = self._links.get(session)
        if link is not None:
            link.send(_refused(request, refused))

    def wake(self) -> None:
        """Look what is due: somebody has moved the clock."""
        self._put(TimePassed())
        self._moved.set()

    def _put(self, fact: Fact, hurried: bool = True) -> None:
        self._inbox.append(fact)
        self._filled.set()
        if hurried:
            self._hurried.set()

    # --- the turn ----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Work until cancelled. StoreError means that the disk failed: end the process."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._work())
                tasks.create_task(self._keep_house())
        finally:
            await self._gate.close()

    async def _work(self) -> None:
        self._put(TimePassed())
        while True:
            await self._filled.wait()
            if not self._hurried.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(COMPANY_SECONDS):
                        await self._hurried.wait()
            effects, wake_ms = await self._turned()
            self.speak(effects)
            self._arm(wake_ms)
            await asyncio.sleep(0)  # or it would hear nobody while there is always more to do

    async def _turned(self) -> tuple[list[Effect], int | None]:
        loop = asyncio.get_running_loop()
        async with self._at_store:
            batch, began = self.gathered(), loop.time()
            if self._is_quick:
                result = self.turn(batch)
            else:
                result = await loop.run_in_executor(self._thread, self.turn, batch)
            self._is_quick = loop.time() - began < QUICK_SECONDS
        return result

    def gathered(self) -> list[Fact]:
        """What the next batch is about, taken away from what has come in."""
        batch, self._inbox = shared_out(self._inbox)
        if not self._inbox:
            self._filled.clear()
            self._hurried.clear()
        return batch

    def turn(self, batch: list[Fact]) -> tuple[list[Effect], int | None]:
        """One batch: what to say, and in how many milliseconds to look again."""
        moment = self._clock.moment()
        return self._store.apply(batch, moment), self._store.next_wake(moment)

    def speak(self, effects: Iterable[Effect]) -> None:
        """Say what follows from a batch that is durable; what one link hears of it goes out together."""
        for effect in effects:
            PERFORM[type(effect)](self, effect)
            point("while_speaking")
        for link in self._spoken_to:
            link.flow()
        self._spoken_to.clear()
        point("after_speaking")

    def _arm(self, wake_ms: int | None) -> None:
        """Set the one timer; it only wakes, the comparison decides."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if wake_ms is not None:
            seconds = min(max(wake_ms / 1000, SLEEP_SECONDS_MIN), SLEEP_SECONDS_MAX)
            self._timer = asyncio.get_running_loop().call_later(seconds, self._put, TimePassed())

    async def _keep_house(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due_ms = self._clock.moment().ticks_ms + HOUSEKEEPING_SECONDS * 1000
            while (left_ms := due_ms - self._clock.moment().ticks_ms) > 0:
                self._moved.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._moved.wait(), left_ms / 1000)
            async with self._at_store:
                await loop.run_in_executor(self._thread, lambda: self._store.housekeep(self._clock.moment()))

    # --- out: what is said -------------------------------------------------------------------------------------

    def perform_welcome(self, effect: out.Welcome) -> None:
        """The link is signed in: say so, and who is here."""
        link = self._links.get(effect.session)
        if link is None:
            return
        self._gate.settled(link)
        self._gate.came(effect.handle)
        if effect.host:
            self.claimed()
        link.session.welcomed(effect.handle)
        self._links_of[effect.handle].add(link)
        self._say(link, encode(wire.Welcome(effect.handle, self._clock.moment().utc_ms, effect.host)))
        self._say(link, encode(wire.PrivacyFrame(effect.privacy)))
        if effect.gone:
            link.send_lazily(wire.People((), gone) for gone in pages(effect.gone, FRAME_BYTES_MAX))
        link.send_lazily(
            wire.People(people) for people in pages(effect.people, FRAME_BYTES_MAX, self._written)
        )
        _log.info("signed in", extra={"handle": effect.handle, "session": effect.session})

    def perform_reject(self, effect: out.Reject) -> None:
        """The link may not sign in, or not stay: say why and close it."""
        link = self._links.get(effect.session)
        if link is not None:
            self._gate.settled(link, effect.refused)
            link.send(_refused(0, effect.refused))
            link.close(CLOSE_REJECTED, effect.refused.code)
            _log.info("sign-in refused", extra={"code": effect.refused.code, "session": effect.session})

    def perform_answer(self, effect: out.Answer) -> None:
        """A request succeeded."""
        request, issued, overview = effect.request, effect.invitation, effect.overview
        if overview is not None:
            from importlib.metadata import version  # noqa: PLC0415 - a twelfth of a start, and only hosts ask

            health = overview.health and replace(
                overview.health, version=version("tact"), started_at=self._started_ms
            )
            for frame in overview_frames(request, replace(overview, health=health)):
                self._send(effect.session, frame)
        invitation = issued and wire.Issued(issued.token, issued.expires_at, self.at, issued.handle)
        self._send(effect.session, wire.Done(request, effect.receipts, effect.standings, invitation))

    def perform_refuse(self, effect: out.Refuse) -> None:
        """A request was not accepted."""
        self._send(effect.session, _refused(effect.request, effect.refused))

    def perform_announce(self, effect: out.Announce) -> None:
        """Tell everybody a new version of somebody's presence as they may see it; what many see is encoded once."""
        common = None if effect.common is None else encode(wire.People((effect.common,)))
        for handle, links in self._links_of.items():
            data = common
            if handle in effect.special:
                own = effect.special[handle]
                data = None if own is None else encode(wire.People((own,)))
            if data is None:
                continue
            for link in links:
                self._say(link, data, shared=True)

    def perform_tell_privacy(self, effect: out.TellPrivacy) -> None:
        """A person's own rules, for all their live links."""
        self._send_to(effect.handle, wire.PrivacyFrame(effect.privacy))

    def perform_tell_requests(self, effect: out.TellRequests) -> None:
        """Who asks to be let in, for all live links of the hosts."""
        for handle in effect.hosts:
            self._send_to(handle, wire.Requests(effect.requests))

    def perform_tell_gone(self, effect: out.TellGone) -> None:
        """Somebody belongs to the engine no more."""
        self._written.forget(effect.handle)
        data = encode(wire.People((), (effect.handle,)))
        for links in self._links_of.values():
            for link in links:
                self._say(link, data, shared=True)

    def perform_deliver(self, effect: out.Deliver) -> None:
        """Messages for all live links of a person."""
        frames = [wire.Deliver(effect.batch, run) for run in pages(effect.deliveries, FRAME_BYTES_MAX)]
        for place, frame in enumerate(frames, 1):
            more = effect.more or place < len(frames)
            self._send_to(effect.handle, replace(frame, more=True) if more else frame)

    def perform_tell_news(self, effect: out.TellNews) -> None:
        """Receipts for all live links of a sender."""
        for receipts in pages(effect.receipts, FRAME_BYTES_MAX):
            self._send_to(effect.handle, wire.News(receipts))

    def _send(self, session: int, frame: Frame) -> None:
        link = self._links.get(session)
        if link is not None:
            self._say(link, encode(frame))

    def _send_to(self, handle: str, frame: Frame) -> None:
        links = self._links_of[handle]
        if links:
            data = encode(frame)
            for link in links:
                self._say(link, data)

    def _say(self, link: Link, data: bytes, shared: bool = False) -> None:
        link.queue(data, shared)
        self._spoken_to[link] = None


def _refused(request: int, refused: Refused) -> wire.RefusedFrame:
    return wire.RefusedFrame(request, refused.code, refused.text, refused.clause, refused.retry_after)


PERFORM: Mapping[type, Callable[[Engine, Any], None]] = MappingProxyType(
    {
        out.Welcome: Engine.perform_welcome,
        out.Reject: Engine.perform_reject,
        out.Answer: Engine.perform_answer,
        out.Refuse: Engine.perform_refuse,
        out.Announce: Engine.perform_announce,
        out.TellPrivacy: Engine.perform_tell_privacy,
        out.TellRequests: Engine.perform_tell_requests,
        out.TellGone: Engine.perform_tell_gone,
        out.Deliver: Engine.perform_deliver,
        out.TellNews: Engine.perform_tell_news,
    }
)
"""effect → how it is performed."""
