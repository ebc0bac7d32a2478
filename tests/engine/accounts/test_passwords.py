"""Passwords are kept as slow hashes; few are looked at at once, and none shows whether somebody exists."""

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.accounts import passwords
from tact_engine.accounts.passwords import DUMMY, LENGTH_MAX, LENGTH_MIN, WAITING_MAX, Hasher, hashed, right
from tact_engine.core.errors import Refused

SALT = bytes(range(16))
PASSWORD = "correct horse"
KEPT = hashed(PASSWORD, SALT)
OTHERWISE = "$argon2id$v=19$m=4096,t=3,p=2$c2FsdHNhbHRzYWx0c2FsdA$BPLyWyvnAcpmA7B4Brd/0YfLNtAXIiKNyEMWc7UqNQw"


def same(one, other):
    """Whether the two are one password, without the slow part."""
    return passwords._prepared(one) == passwords._prepared(other)


def refused(password):
    with pytest.raises(Refused) as caught:
        hashed(password, SALT)
    assert caught.value.code == "bad_password"
    assert f"{LENGTH_MIN} to {LENGTH_MAX}" in caught.value.text


# --- what is kept


def test_what_is_kept_says_how_it_was_made():
    assert KEPT.startswith("$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$")
    assert PASSWORD not in KEPT


def test_the_salt_makes_equal_passwords_look_different():
    assert hashed(PASSWORD, bytes(16)).rpartition("$")[2] != KEPT.rpartition("$")[2]


def test_only_the_password_is_right():
    assert right(PASSWORD, KEPT)
    assert not right("Correct horse", KEPT)
    assert not right(PASSWORD + " ", KEPT)


def test_a_hash_made_with_other_parameters_is_understood():
    assert right(PASSWORD, OTHERWISE)
    assert not right("correct house", OTHERWISE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("argon2id", "argon2i"),
        ("v=19", "v=16"),
        ("m=19456", "m=65537"),
        ("m=19456", "m=4000000000"),
        ("m=19456", "m=7"),
        ("m=19456", "m=０１９４５６"),
        ("t=2", "t=5"),
        ("t=2", "t=0"),
        ("t=2", "t=4000000000"),
        ("p=1", "p=5"),
        ("p=1", "p=0"),
        ("$", ""),
        (KEPT, ""),
        (KEPT, KEPT + "\n"),
        (KEPT, KEPT * 100),
    ],
)
def test_a_record_that_asks_for_something_else_costs_nothing(monkeypatch, old, new):
    monkeypatch.setattr(passwords, "Argon2id", None)  # using it would be an AttributeError
    damaged = KEPT.replace(old, new)
    assert damaged != KEPT
    assert right(PASSWORD, damaged) is False


@pytest.mark.parametrize(
    "damaged", [KEPT[:-1], KEPT + "A", KEPT.replace("AAECAwQF", "AAECAwQ"), KEPT[:-3] + "AAA"]
)
def test_a_damaged_record_lets_nobody_in(damaged):
    assert right(PASSWORD, damaged) is False


# --- what is one password


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pässwörd", "pa\u0308sswo\u0308rd"),  # as other keyboards and systems write it
        ("two words", "two\u00a0words"),
        ("two words", "two\u3000words"),
        ("Å-strong", "\u212b-strong"),
    ],
)
def test_the_same_typed_on_another_computer_is_the_same(one, other):
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Password", "password"),
        ("password", "ｐａｓｓｗｏｒｄ"),
        ("pässwörd", "password"),
        ("ﬁrewalls", "firewalls"),
        ("two words", "two  words"),
        ("two words", "two words "),
    ],
)
def test_what_looks_alike_is_not_the_same(one, other):
    assert not same(one, other)


@pytest.mark.parametrize(
    "password", ["x" * LENGTH_MIN, "ä" * LENGTH_MAX, "a\u0308" * LENGTH_MAX, "👩‍🚀 moon walk"]
)
def test_a_password_may_be_so_long(password):
    assert passwords._prepared(password)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "x" * (LENGTH_MIN - 1),
        "a\u0308" * (LENGTH_MIN - 1),
        "x" * (LENGTH_MAX + 1),
        "a" + "\u0301\u0323" * 500_000,
        "pass\tword",
        "pass\nword",
        "pass\x00word",
        "pass\x85word",
        "pass\ud800word",
        "pass\uffffword",
    ],
)
def test_what_cannot_be_one_is_refused_and_never_right(password):
    refused(password)
    assert not right(password, KEPT)


@given(st.text(max_size=300))
def test_a_password_is_prepared_once_and_for_all(password):
    try:
        prepared = passwords._prepared(password)
    except Refused:
        return
    assert passwords._prepared(prepared.decode()) == prepared


# --- on a thread


@pytest.fixture
def hasher():
    hasher = Hasher()
    yield hasher
    hasher.close()


class Gate:
    """Stands in for the slow part: notes what is looked at, and waits until it is opened."""

    def __init__(self):
        self.seen = []
        self.begun = threading.Event()
        self.open = threading.Event()

    def __call__(self, password, kept):
        self.seen.append((password, kept))
        self.begun.set()
        assert self.open.wait(30)
        return password == PASSWORD


@pytest.fixture
def gate(monkeypatch):
    gate = Gate()
    monkeypatch.setattr(passwords, "right", gate)
    yield gate
    gate.open.set()


async def full(hasher, gate):
    """As many asking as may, the first of them being looked at."""
    asking = [asyncio.create_task(hasher.verify(PASSWORD, KEPT)) for _ in range(1 + WAITING_MAX)]
    await asyncio.to_thread(gate.begun.wait, 30)
    return asking


async def is_busy(hasher):
    with pytest.raises(Refused) as caught:
        async with asyncio.timeout(10):
            await hasher.verify(PASSWORD, KEPT)
    return caught.value.code == "busy_signing_in"


async def test_what_it_keeps_is_right_later(hasher):
    kept, again = await asyncio.gather(hasher.hash(PASSWORD), hasher.hash(PASSWORD))
    assert kept != again  # each has a salt of its own
    assert await hasher.verify(PASSWORD, kept)
    assert not await hasher.verify(PASSWORD + "!", kept)


async def test_what_cannot_be_a_password_is_not_kept(hasher):
    with pytest.raises(Refused) as caught:
        await hasher.hash("short")
    assert caught.value.code == "bad_password"


async def test_nobody_costs_what_somebody_costs_and_is_never_right(hasher, gate):
    gate.open.set()
    assert await hasher.verify(PASSWORD, KEPT)
    assert not await hasher.verify(PASSWORD, None)
    assert gate.seen == [(PASSWORD, KEPT), (PASSWORD, DUMMY)]


def test_the_hash_for_nobody_asks_for_the_same_work():
    assert DUMMY.split("$")[:4] == KEPT.split("$")[:4]
    assert len(DUMMY) == len(KEPT)
    assert passwords._KEPT.fullmatch(DUMMY)
    assert not right(PASSWORD, DUMMY)


async def test_only_few_may_wait(hasher, gate):
    asking = await full(hasher, gate)
    assert await is_busy(hasher)
    assert await is_busy(hasher)
    gate.open.set()
    assert await asyncio.gather(*asking) == [True] * (1 + WAITING_MAX)
    assert await hasher.verify(PASSWORD, KEPT)


async def test_they_are_looked_at_one_after_the_other(hasher, gate):
    asking = await full(hasher, gate)
    assert len(gate.seen) == 1
    gate.open.set()
    await asyncio.gather(*asking)
    assert len(gate.seen) == 1 + WAITING_MAX


async def test_who_gives_up_waiting_makes_room(hasher, gate):
    asking = await full(hasher, gate)
    asking[-1].cancel()
    await asyncio.wait(asking[-1:])
    asking.append(asyncio.create_task(hasher.verify(PASSWORD, KEPT)))
    await asyncio.sleep(0)
    assert await is_busy(hasher)
    gate.open.set()
    await asyncio.wait(asking)
    assert len(gate.seen) == 1 + WAITING_MAX


async def test_work_that_goes_on_keeps_its_place_though_nobody_waits(hasher, gate):
    asking = await full(hasher, gate)
    asking[0].cancel()
    await asyncio.wait(asking[:1])
    assert await is_busy(hasher)
    gate.open.set()
    await asyncio.wait(asking)


async def test_closing_drops_what_waits(gate):
    hasher = Hasher()
    asking = await full(hasher, gate)
    closing = asyncio.create_task(asyncio.to_thread(hasher.close))
    await asyncio.wait(asking[1:], timeout=10)
    gate.open.set()
    await closing
    assert await asking[0]
    assert all(each.cancelled() for each in asking[1:])
    assert len(gate.seen) == 1
