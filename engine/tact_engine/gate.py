"""The gate: what a link has to pass before what it says becomes a fact.

Before signing in it is a device that proves its key and, where it is new, brings the token of an invitation or a
password; wrong ones are counted. After signing in it is a person, and counted is how much they ask.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec.structs import replace

from tact_engine.accounts.device import proven
from tact_engine.accounts.guesses import Guesses
from tact_engine.accounts.passwords import Hasher
from tact_engine.clock import Clock
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import Fact, PasswordSet, SignedIn
from tact_engine.core.members import HANDLE, Ticket, hash_of
from tact_engine.core.view import Limits
from tact_engine.net.link import Link
from tact_engine.quotas import Quotas
from tact_engine.wire import frames as wire
from tact_engine.wire.frames import PROTOCOL_VERSION, Frame

CHALLENGE_BYTES = 32
CLOSE_TOO_MUCH = 4005
GUESSED_WRONG = frozenset({"invitation_over", "wrong_password"})
"""The refusals that may mean that somebody tries out secrets; any other says nothing about them."""


class Gate:
    """Says who may pass: by facts given to `put`, by links given to `reject`, by requests given to `refuse`.

    Runs on the engine's loop. `password_of` gives the kept hash of somebody's password, None where they have none.
    """

    def __init__(
        self,
        engine: str,
        is_open: bool,
        clock: Clock,
        limits: Limits,
        password_of: Callable[[str], str | None],
        put: Callable[[Fact], None],
        reject: Callable[[int, Refused], None],
        refuse: Callable[[int, int, Refused], None],
    ) -> None:
        self._engine, self._is_open, self._clock = engine, is_open, clock
        self._password_of, self._put = password_of, put
        self._reject, self._refuse = reject, refuse
        self._challenges: dict[int, bytes] = {}
        self._guessing: dict[int, tuple[str, str]] = {}
        """link → the account and the address of the guess that its sign-in is."""
        self._quotas, self._guesses, self._hasher = Quotas(limits), Guesses(), Hasher()
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking: set[int] = set()
        """The links whose password is being looked at."""
        self._hashing: set[str] = set()
        """Whose password is being hashed."""

    def opened(self, link: Link, name: str) -> wire.Hello:
        """The greeting of a new link, with the challenge that its device key is to sign."""
        challenge = self._challenges[link.number] = os.urandom(CHALLENGE_BYTES)
        return wire.Hello(PROTOCOL_VERSION, self._engine, name, challenge, open=self._is_open)

    def lost(self, link: Link) -> bool:
        """A link is gone; whether it had tried to sign in. A guess whose answer nobody waited for counts as wrong."""
        self._guessing.pop(link.number, None)
        self._looking.discard(link.number)
        return self._challenges.pop(link.number, None) is None

    def sign_in(self, link: Link, frame: wire.SignIn) -> None:
        """Check what can be checked without the store: who it is, and whether they tried too often."""
        challenge = self._challenges.pop(link.number)
        try:
            if not HANDLE.fullmatch(frame.handle):
                raise refusal("bad_handle", handle=frame.handle[:40])
            fact = self._proven(link, frame, challenge)
            self._quotas.check_coming(frame.handle, self._clock.moment().ticks_ms)
            if frame.password or frame.token:
                self._begin_guess(link, frame.handle if frame.password else "")
        except Refused as refused:
            self._reject(link.number, refused)
            return
        if frame.password:
            self._looking.add(link.number)
            self._spawn(self._with_password(link, fact, frame.password))
        else:
            self._put(fact)

    def settled(self, link: Link, refused: Refused | None = None) -> None:
        """A link was let in, or `refused`: its guess, if it was one, was right, wrong, or did not matter."""
        guess = self._guessing.pop(link.number, None)
        if guess is None or (refused is not None and refused.code in GUESSED_WRONG):
            return
        if refused is None:
            self._guesses.right(*guess)
        else:
            self._guesses.untried(*guess)

    def came(self, handle: str) -> None:
        """Somebody was let in; who comes and goes all the time is to wait."""
        self._quotas.came(handle, self._clock.moment().ticks_ms)

    def check_quota(self, link: Link, frame: Frame) -> None:
        """Refused where the person of `link` asks too much."""
        if self._quotas.is_limited(frame):
            self._quotas.spend(link.session.handle, frame, self._clock.moment().ticks_ms)

    def set_password(self, link: Link, frame: wire.SetPassword) -> None:
        """Hash a password, which takes a while; then it is a fact. One at a time: others want to sign in by theirs."""
        if link.session.handle in self._hashing:
            self._refuse(link.number, frame.request, refusal("busy_signing_in", retry_after=1_000))
            return
        self._hashing.add(link.session.handle)
        self._spawn(self._hashed(link, frame))

    async def close(self) -> None:
        """Let go of what still works."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._hasher.close()

    def _proven(self, link: Link, frame: wire.SignIn, challenge: bytes) -> SignedIn:
        if frame.version != PROTOCOL_VERSION:
            raise refusal("version_unsupported", version=PROTOCOL_VERSION, offered=frame.version)
        text = wire.signed_text(self._engine, challenge, frame.handle)
        device = proven(frame.device_key, frame.signature, text)
        token = hash_of(frame.token) if frame.token else ""
        ticket = Ticket(token, False, self._is_open, frame.computer, link.address)
        return SignedIn(link.number, frame.handle, device, frame.presence, frame.until, ticket)

    def _begin_guess(self, link: Link, account: str) -> None:
        seconds = self._guesses.begin(account, link.address, self._clock.moment().ticks_ms)
        if seconds:
            raise refusal("guessed_too_often", retry_after=seconds * 1_000, minutes=-(-seconds // 60))
        self._guessing[link.number] = (account, link.address)

    async def _with_password(self, link: Link, fact: SignedIn, password: str) -> None:
        try:
            if not await self._hasher.verify(password, self._password_of(fact.handle)):
                raise refusal("wrong_password")
        except Refused as refused:
            self._reject(link.number, refused)
            return
        if link.number in self._looking:  # else it is gone, and nobody would ever end its session
            self._looking.discard(link.number)
            self._put(replace(fact, ticket=replace(fact.ticket, vouched=True)))

    async def _hashed(self, link: Link, frame: wire.SetPassword) -> None:
        handle = link.session.handle
        try:
            kept = await self._hasher.hash(frame.password) if frame.password else ""
        except Refused as refused:
            self._refuse(link.number, frame.request, refused)
            return
        finally:
            self._hashing.discard(handle)
        self._put(PasswordSet(link.number, frame.request, kept))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
