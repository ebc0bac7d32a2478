"""The gate: a device proves its key, a new one brings a secret, wrong secrets are counted, and keys never wait."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from tact_engine.accounts.guesses import ACCOUNT, ADDRESS
from tact_engine.accounts.passwords import hashed
from tact_engine.core.errors import Refused, refusal
from tact_engine.core.facts import Moment, PasswordSet, SignedIn
from tact_engine.core.members import Ticket, hash_of
from tact_engine.core.view import Limits
from tact_engine.gate import Gate
from tact_engine.wire import frames as wire
from tact_engine.wire.frames import PROTOCOL_VERSION, signed_text
from tact_engine.wire.session import Session
from tests.support.bare_link import new_key

ID = "ab" * 32
TOKEN = b"t" * 16
RIGHT, WRONG = "correct horse", "battery staple"
SECONDS_MAX = 20


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.ticks_ms = 5_000

    def moment(self) -> Moment:
        return Moment(1_000_000, self.ticks_ms)

    def not_before(self, utc_ms: int) -> None:
        del utc_ms


class Link:
    """As much of a link as the gate looks at."""

    def __init__(self, number: int, address: str = "10.0.0.1", handle: str = "") -> None:
        self.session = Session(number)
        self.session.handle = handle
        self.number, self.address = number, address


class Hasher:
    """Knows at once whether a password is right; while it is told to wait, each one takes as long as that is."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.error: Refused | None = None
        self.closed = False

    async def verify(self, password: str, kept: str | None) -> bool:
        self.asked.append((password, kept))
        await self.may_go_on.wait()
        if self.error:
            raise self.error
        return kept == f"hash of {password}"

    async def hash(self, password: str) -> str:
        await self.may_go_on.wait()
        if self.error:
            raise self.error
        return f"hash of {password}"

    def close(self) -> None:
        self.closed = True


class Door:
    """A gate, and what came through it or was turned away: facts, and (link, request, code, milliseconds)."""

    def __init__(self, hasher: Hasher | None, *, is_open: bool = False) -> None:
        self.clock = Clock()
        self.facts: list[Any] = []
        self.refused: list[tuple[int, int, str, int]] = []
        self.kept = {"tom": f"hash of {RIGHT}"}
        self.gate = Gate(
            ID, is_open, self.clock, Limits(), self.kept.get, self.facts.append, self._reject, self._refuse
        )
        if hasher is not None:
            self.gate._hasher = hasher  # pyright: ignore
        self._numbers = iter(range(1, 10_000))

    def _reject(self, session: int, refused: Refused) -> None:
        self.refused.append((session, 0, refused.code, refused.retry_after))

    def _refuse(self, session: int, request: int, refused: Refused) -> None:
        assert request > 0
        self.refused.append((session, request, refused.code, refused.retry_after))

    def greeted(self, address: str = "10.0.0.1") -> tuple[Any, wire.Hello]:
        link: Any = Link(next(self._numbers), address)
        return link, self.gate.opened(link, "Office")

    async def tries(self, handle: str = "tom", address: str = "10.0.0.1", **secret: Any) -> Any:
        """A sign-in, as far as the gate goes; the link."""
        link, hello = self.greeted(address)
        self.gate.sign_in(link, sign_in(hello, handle, **secret))
        await self.quiet()
        return link

    async def guesses(self, code: str, *args: Any, **secret: Any) -> str:
        """A sign-in that the store, where it comes so far, refuses with `code`; what it is refused with at last."""
        facts = len(self.facts)
        link = await self.tries(*args, **secret)
        if len(self.facts) > facts:
            self.gate.settled(link, Refused(code, "No."))
            return code
        refused = self.refused[-1]
        assert refused[0] == link.number
        self.gate.settled(link, Refused(refused[2], "No."))
        return refused[2]

    async def quiet(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


def sign_in(hello: wire.Hello, handle: str = "tom", key: Any = None, **changed: Any) -> wire.SignIn:
    key = key or new_key()
    signature = key.sign(signed_text(ID, hello.challenge, handle))
    frame = wire.SignIn(PROTOCOL_VERSION, handle, key.public, signature, {"UserMood": "SAD"}, {"UserMood": 9})
    return replace(frame, **changed)


@pytest.fixture
async def hasher() -> Hasher:
    return Hasher()


@pytest.fixture
async def door(hasher: Hasher):
    door = Door(hasher)
    yield door
    await door.gate.close()


# --- who proves a key --------------------------------------------------------------------------------------------


async def test_each_link_is_greeted_with_a_challenge_of_its_own(door):
    hellos = [door.greeted()[1] for _ in range(20)]
    assert len({each.challenge for each in hellos}) == 20
    assert {(each.version, each.engine, each.name, len(each.challenge), each.open) for each in hellos} == {
        (PROTOCOL_VERSION, ID, "Office", 32, False)
    }


@pytest.mark.parametrize("is_open", [False, True])
async def test_a_proven_device_is_a_fact_with_what_it_brings(hasher, is_open):
    door = Door(hasher, is_open=is_open)
    link, hello = door.greeted("10.0.0.7")
    assert hello.open is is_open
    key = new_key()
    door.gate.sign_in(link, sign_in(hello, key=key, token=TOKEN, computer="pc-tom"))
    (fact,) = door.facts
    assert isinstance(fact, SignedIn)
    assert (fact.session, fact.handle, fact.device) == (link.number, "tom", hash_of(key.public))
    assert (fact.presence, fact.until) == ({"UserMood": "SAD"}, {"UserMood": 9})
    assert fact.ticket == Ticket(hash_of(TOKEN), False, is_open, "pc-tom", "10.0.0.7")
    await door.gate.close()


async def test_who_brings_nothing_has_an_empty_ticket(door):
    link, hello = door.greeted("")
    door.gate.sign_in(link, sign_in(hello))
    assert [each.ticket for each in door.facts] == [Ticket()]


@pytest.mark.parametrize("handle", ["Tom", "t", "tom mary", "", "x" * 50, "tom\n"])
async def test_what_cannot_be_a_handle_is_turned_away_before_anything_is_counted_for_it(door, hasher, handle):
    for _ in range(ADDRESS.most + 5):
        link = await door.tries(handle, password=RIGHT)
        assert door.refused[-1] == (link.number, 0, "bad_handle", 0)
    assert (door.facts, hasher.asked) == ([], [])


@pytest.mark.parametrize("secret", [{}, {"token": TOKEN}, {"password": RIGHT}])
@pytest.mark.parametrize(
    ("code", "bend"),
    [
        ("sign_in_failed", lambda frame: replace(frame, handle="mary")),
        ("sign_in_failed", lambda frame: replace(frame, device_key=new_key().public)),
        ("sign_in_failed", lambda frame: replace(frame, signature=frame.signature[:-1])),
        ("sign_in_failed", lambda frame: replace(frame, signature=b"")),
        ("version_unsupported", lambda frame: replace(frame, version=PROTOCOL_VERSION + 1)),
    ],
)
async def test_who_proves_nothing_is_turned_away_and_has_not_guessed(door, hasher, secret, code, bend):
    for _ in range(ADDRESS.most + 5):
        link, hello = door.greeted()
        door.gate.sign_in(link, bend(sign_in(hello, **secret)))
        await door.quiet()
        assert door.refused[-1] == (link.number, 0, code, 0)
        door.gate.settled(link, Refused(code, "No."))
    assert (door.facts, hasher.asked) == ([], [])


async def test_a_challenge_is_of_use_on_its_own_link_alone(door):
    (one, hello), (other, _) = door.greeted(), door.greeted()
    frame = sign_in(hello)
    door.gate.sign_in(other, frame)
    assert door.refused == [(other.number, 0, "sign_in_failed", 0)]
    door.gate.sign_in(one, frame)
    assert [each.session for each in door.facts] == [one.number]


async def test_a_link_that_is_gone_says_whether_it_had_tried(door):
    link, hello = door.greeted()
    assert door.gate.lost(link) is False
    link, hello = door.greeted()
    door.gate.sign_in(link, sign_in(hello))
    assert door.gate.lost(link) is True


# --- passwords ---------------------------------------------------------------------------------------------------


async def test_the_right_password_vouches(door, hasher):
    await door.tries(password=RIGHT)
    (fact,) = door.facts
    assert fact.ticket == Ticket("", True, False, "", "10.0.0.1")
    assert hasher.asked == [(RIGHT, f"hash of {RIGHT}")]


@pytest.mark.parametrize("handle", ["tom", "nobody"])
async def test_a_wrong_password_is_looked_at_for_unknown_names_as_well(door, hasher, handle):
    link = await door.tries(handle, password=WRONG)
    assert door.refused == [(link.number, 0, "wrong_password", 0)]
    assert hasher.asked == [(WRONG, door.kept.get(handle))]
    assert door.facts == []


async def test_a_real_hash_is_compared_on_another_thread():
    door = Door(None)
    door.kept["tom"] = hashed(RIGHT, b"s" * 16)
    link, hello = door.greeted()
    other, greeting = door.greeted()
    door.gate.sign_in(link, sign_in(hello, password=RIGHT))
    door.gate.sign_in(other, sign_in(greeting, password=RIGHT[:-1]))
    async with asyncio.timeout(SECONDS_MAX):
        while not (door.facts and door.refused):
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)
    assert [each.session for each in door.facts] == [link.number]
    assert [each[0] for each in door.refused] == [other.number]
    await door.gate.close()


async def test_a_link_that_goes_while_its_password_is_looked_at_never_signs_in(door, hasher):
    """Nobody would ever say that it is gone, so its person would stay online."""
    hasher.may_go_on.clear()
    link = await door.tries(password=RIGHT)
    assert door.gate.lost(link) is True
    hasher.may_go_on.set()
    await door.quiet()
    assert door.facts == []


async def test_a_hasher_that_is_busy_is_no_wrong_guess(door, hasher):
    hasher.error = refusal("busy_signing_in")
    for _ in range(ADDRESS.most + 5):
        assert await door.guesses("", password=RIGHT) == "busy_signing_in"


# --- guesses -----------------------------------------------------------------------------------------------------


async def test_an_account_has_few_wrong_guesses_and_then_they_are_not_even_looked_at(door, hasher):
    for _ in range(ACCOUNT.most):
        assert await door.guesses("", password=WRONG) == "wrong_password"
    looked = len(hasher.asked)
    link = await door.tries(password=RIGHT)
    assert door.refused[-1] == (link.number, 0, "guessed_too_often", ACCOUNT.span_ms)
    assert len(hasher.asked) == looked
    assert await door.guesses("handle_taken", "mary") == "handle_taken", "who guesses nothing is not kept"


async def test_a_block_ends_by_itself(door):
    for _ in range(ACCOUNT.most):
        await door.guesses("", password=WRONG)
    door.clock.ticks_ms += ACCOUNT.span_ms - 1
    assert await door.guesses("", password=RIGHT) == "guessed_too_often"
    door.clock.ticks_ms += 1
    link = await door.tries(password=RIGHT)
    assert door.facts[-1].session == link.number


async def test_the_right_password_is_never_too_often(door):
    for _ in range(3 * ADDRESS.most):
        door.gate.settled(await door.tries(password=RIGHT))
    assert door.refused == []


@pytest.mark.parametrize("code", ["handle_taken", "removed", "bad_handle", "asked_to_join", "name_taken"])
async def test_what_says_nothing_about_a_secret_is_no_wrong_guess(door, code):
    for _ in range(ADDRESS.most + 5):
        assert await door.guesses(code, token=TOKEN) == code


async def test_an_address_has_some_wrong_tokens_and_another_address_its_own(door):
    for _ in range(ADDRESS.most):
        assert await door.guesses("invitation_over", token=TOKEN) == "invitation_over"
    assert await door.guesses("invitation_over", token=TOKEN) == "guessed_too_often"
    assert await door.guesses("invitation_over", "tom", "10.0.0.2", token=TOKEN) == "invitation_over"
    assert await door.guesses("", password=RIGHT) == "guessed_too_often", "a password from there as well"
    link = await door.tries()
    assert door.facts[-1].session == link.number, "a device key is never in the way"


async def test_tokens_are_not_counted_for_the_account_they_are_tried_on(door):
    for _ in range(ACCOUNT.most + 1):
        assert await door.guesses("invitation_over", token=TOKEN) == "invitation_over"


async def test_a_guess_whose_answer_nobody_waits_for_counts_as_wrong(door, hasher):
    hasher.may_go_on.clear()
    for _ in range(ACCOUNT.most):
        door.gate.lost(await door.tries(password=RIGHT))
    link = await door.tries(password=RIGHT)
    assert door.refused == [(link.number, 0, "guessed_too_often", ACCOUNT.span_ms)]


async def test_a_link_that_made_no_guess_settles_nothing(door):
    for _ in range(ACCOUNT.most):
        await door.guesses("", password=WRONG)
    link, _ = door.greeted()
    for refused in (None, Refused("wrong_password", "No."), Refused("handle_taken", "No.")):
        door.gate.settled(link, refused)
    assert await door.guesses("", password=RIGHT) == "guessed_too_often"


# --- after signing in --------------------------------------------------------------------------------------------


@pytest.mark.rule("J10")
async def test_what_a_person_asks_is_counted_over_all_their_links(door):
    links: list[Any] = [Link(number, handle="tom") for number in (1, 2, 3)]
    for number in range(10):
        door.gate.check_quota(links[number % 3], wire.SetPresence(1, {}))
    for link in links:
        with pytest.raises(Refused, match="10 changes of presence, then 1 a second") as refused:
            door.gate.check_quota(link, wire.SetPresence(1, {}))
        assert refused.value.retry_after == 1_000
    other: Any = Link(4, handle="mary")
    door.gate.check_quota(other, wire.SetPresence(1, {}))
    door.clock.ticks_ms += 1_000
    door.gate.check_quota(links[0], wire.SetPresence(1, {}))


@pytest.mark.parametrize(("password", "kept"), [(RIGHT, f"hash of {RIGHT}"), ("", "")])
async def test_a_password_is_a_fact_once_it_is_hashed(door, hasher, password, kept):
    link: Any = Link(7, handle="tom")
    door.gate.set_password(link, wire.SetPassword(3, password))
    assert door.facts == []
    await door.quiet()
    assert door.facts == [PasswordSet(7, 3, kept)]


async def test_a_person_has_one_password_hashed_at_a_time(door, hasher):
    hasher.may_go_on.clear()
    links: list[Any] = [Link(7, handle="tom"), Link(8, handle="tom"), Link(9, handle="mary")]
    for request, link in enumerate(links, 1):
        door.gate.set_password(link, wire.SetPassword(request, RIGHT))
    await door.quiet()
    assert door.refused == [(8, 2, "busy_signing_in", 1_000)]
    hasher.may_go_on.set()
    await door.quiet()
    door.gate.set_password(links[1], wire.SetPassword(4, ""))
    await door.quiet()
    assert [(each.session, each.request) for each in door.facts] == [(7, 1), (9, 3), (8, 4)]


async def test_a_password_that_is_none_is_refused_as_a_request(door, hasher):
    link: Any = Link(7, handle="tom")
    hasher.error = refusal("bad_password", least=8, most=256)
    door.gate.set_password(link, wire.SetPassword(3, "short"))
    await door.quiet()
    assert (door.facts, door.refused) == ([], [(7, 3, "bad_password", 0)])
    hasher.error = None
    door.gate.set_password(link, wire.SetPassword(4, RIGHT))
    await door.quiet()
    assert door.facts == [PasswordSet(7, 4, f"hash of {RIGHT}")], "nor is the next one kept waiting"


async def test_closing_drops_what_is_still_looked_at(hasher):
    door = Door(hasher)
    hasher.may_go_on.clear()
    await door.tries(password=RIGHT)
    await door.gate.close()
    hasher.may_go_on.set()
    await door.quiet()
    assert (door.facts, door.refused, hasher.closed) == ([], [], True)
