"""The disk reserve: room is kept, missed, given back, and made again."""

import os
import shutil
import sqlite3
from errno import ENOSPC
from types import SimpleNamespace

import pytest

from tact_engine.core import facts
from tact_engine.core.envelope import State
from tact_engine.core.errors import StoreError
from tact_engine.store.reserve import MIB, Reserve
from tact_engine.store.store import Store
from tests.support.heart import Office, code


class Disk:
    """What the computer says of its disk; `free` None where it says nothing."""

    def __init__(self, free: int | None):
        self.free = free

    def __call__(self, path) -> SimpleNamespace:
        if self.free is None:
            raise FileNotFoundError(path)
        return SimpleNamespace(free=self.free)


@pytest.fixture
def disk(monkeypatch):
    disk = Disk(1_000 * MIB)
    monkeypatch.setattr(shutil, "disk_usage", disk)
    return disk


# --- how much is free


def test_it_is_low_below_the_threshold_and_not_at_it(tmp_path, disk, caplog):
    reserve = Reserve(tmp_path, free_min_mib=2)
    seen = []
    for free in (2 * MIB, 2 * MIB - 1, 0, None, 2 * MIB, None):
        disk.free = free
        reserve.look()
        seen.append(reserve.is_low)
    assert seen == [False, True, True, True, False, False]
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "the disk is almost full: nothing new is accepted"),
        ("WARNING", "the disk has room again"),
    ]


def test_without_a_threshold_nothing_is_low(tmp_path, disk):
    disk.free = 0
    reserve = Reserve(tmp_path, ballast_mib=1)
    reserve.look()
    assert not reserve.is_low


def test_the_real_disk_is_asked(tmp_path):
    for mib, is_low in ((0, False), (2**40, True)):
        reserve = Reserve(tmp_path, free_min_mib=mib)
        reserve.look()
        assert reserve.is_low is is_low


# --- the ballast


@pytest.mark.parametrize("way", ["at once", "by writing"])
def test_the_ballast_takes_its_room_for_this_user_alone(tmp_path, way, monkeypatch):
    if way == "by writing":
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    reserve = Reserve(tmp_path, ballast_mib=3)
    reserve.begin()
    found = reserve.path.stat()
    assert (found.st_size, oct(found.st_mode & 0o777)) == (3 * MIB, "0o600")
    if os.name != "nt":
        assert found.st_blocks * 512 >= 3 * MIB, "the room is really taken"


@pytest.mark.parametrize(
    ("free", "made"), [(5 * MIB - 1, False), (5 * MIB, True)], ids=["too little", "just enough"]
)
def test_it_is_made_where_the_threshold_is_free_besides(tmp_path, disk, free, made):
    disk.free = free
    reserve = Reserve(tmp_path, ballast_mib=1, free_min_mib=4)
    reserve.fill()
    assert reserve.path.exists() is made


@pytest.mark.parametrize(("free", "made"), [(4 * MIB - 1, False), (4 * MIB, True)])
def test_what_it_has_given_back_it_does_not_take_again(tmp_path, disk, free, made):
    """Also without a threshold."""
    disk.free = free
    reserve = Reserve(tmp_path, ballast_mib=2)
    reserve.fill()
    assert reserve.path.exists() is made


def test_ballast_that_is_there_stays_however_little_is_free(tmp_path, disk):
    reserve = Reserve(tmp_path, ballast_mib=1, free_min_mib=4)
    reserve.fill()
    disk.free = MIB // 8
    reserve.begin()
    assert reserve.path.stat().st_size == MIB


@pytest.mark.parametrize("free", [0, MIB // 8 - 1])
def test_a_start_with_next_to_nothing_free_takes_it(tmp_path, disk, free):
    reserve = Reserve(tmp_path, ballast_mib=1)
    reserve.fill()
    disk.free = free
    reserve.begin()
    assert not reserve.path.exists()


@pytest.mark.parametrize("size", [0, MIB - 1, MIB + 1])
def test_ballast_of_another_size_is_made_anew(tmp_path, size):
    reserve = Reserve(tmp_path, ballast_mib=1)
    reserve.path.write_bytes(bytes(size))
    reserve.fill()
    assert reserve.path.stat().st_size == MIB


@pytest.mark.parametrize("left", [b"", b"x" * 100])
def test_switched_off_there_is_none(tmp_path, left):
    reserve = Reserve(tmp_path)
    reserve.path.write_bytes(left)
    reserve.begin()
    assert not reserve.path.exists()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="other systems have no such device")
@pytest.mark.parametrize("way", ["at once", "by writing"])
def test_half_a_ballast_is_none(tmp_path, monkeypatch, way):
    """Another program was faster, and the disk is full in the middle of it."""
    real = os.open

    def full(path, *how):
        os.close(real(path, *how))
        return real("/dev/full", os.O_WRONLY)

    if way == "by writing":
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
    monkeypatch.setattr("tact_engine.store.reserve.os.open", full)
    reserve = Reserve(tmp_path, ballast_mib=1)
    reserve.fill()
    assert not reserve.path.exists()


def test_a_folder_that_is_gone_is_left_to_the_store(tmp_path):
    reserve = Reserve(tmp_path / "gone", ballast_mib=1, free_min_mib=1)
    reserve.begin()
    reserve.look()
    assert (reserve.is_low, reserve.drop()) == (False, False)


def test_letting_go_says_whether_there_was_one(tmp_path, caplog):
    reserve = Reserve(tmp_path, ballast_mib=1)
    reserve.fill()
    assert reserve.drop()
    assert not reserve.path.exists()
    assert not reserve.drop()
    assert [record.getMessage() for record in caplog.records] == [
        "the disk is full; the reserve is let go of"
    ]


# --- with the store


def open_with(reserve: Reserve, office: Office) -> Store:
    office.store.close()
    office.store = Store.open(office.path, office.limits, office.now, reserve)
    return office.store


class Full:
    """A connection whose statements that begin with `words` find no room, until the ballast is gone."""

    def __init__(self, connection: sqlite3.Connection, words: str, reserve: Reserve):
        self._connection, self._words, self._reserve = connection, words, reserve

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def execute(self, query, *rest):
        if query.startswith(self._words) and self._reserve.path.exists():
            raise sqlite3.OperationalError("database or disk is full")
        return self._connection.execute(query, *rest)


@pytest.mark.rule("L9", "I1")
@pytest.mark.parametrize("words", ["COMMIT", "PRAGMA"], ids=["a batch", "housekeeping"])
def test_a_full_disk_takes_the_ballast_and_the_next_start_has_the_room(office, words):
    reserve = Reserve(office.path.parent, ballast_mib=1)
    open_with(reserve, office)
    assert reserve.path.exists()
    tom = office.sign_in("tom")
    office.away("mary")
    kept = tom.submit("mary")
    tom.withdraw(tom.submit("mary"))  # something to erase
    act = {
        "COMMIT": lambda: tom.submit("mary", id="lost"),
        "PRAGMA": lambda: office.store.housekeep(office.now),
    }[words]
    real = office.store._db
    office.store._db = Full(real, words, reserve)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(StoreError, match=r"The disk is full\. .*nothing accepted is lost"):
        act()
    assert not reserve.path.exists()
    office.store._db = real
    office.crash()
    assert office.sign_in("mary").ids == [kept]
    assert office.store.view.envelopes("lost") == ()


@pytest.mark.parametrize("error", ["disk I/O error", "database is locked"])
def test_no_other_failure_takes_it(office, error):
    reserve = Reserve(office.path.parent, ballast_mib=1)
    open_with(reserve, office)

    class Broken(Full):
        def execute(self, query, *rest):
            raise sqlite3.OperationalError(error)

    real, office.store._db = office.store._db, Broken(office.store._db, "", reserve)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(StoreError):
        office.feed(facts.TimePassed())
    office.store._db = real
    assert reserve.path.exists()


NO_ROOM = {
    "the database": sqlite3.OperationalError("database or disk is full"),
    "the system": OSError(ENOSPC, os.strerror(ENOSPC)),
}


@pytest.mark.rule("L9")
@pytest.mark.parametrize("error", NO_ROOM.values(), ids=NO_ROOM.keys())
@pytest.mark.parametrize("has_ballast", [True, False])
def test_a_start_on_a_full_disk_takes_it_and_tries_once_more(office, monkeypatch, error, has_ballast):
    reserve, tried, real = Reserve(office.path.parent, ballast_mib=1), [], sqlite3.connect
    if has_ballast:
        reserve.fill()

    def connect(*args, **named):
        tried.append(reserve.path.exists())
        if tried == [has_ballast]:
            raise error
        return real(*args, **named)

    monkeypatch.setattr("tact_engine.store.store.sqlite3.connect", connect)
    office.store.close()
    if has_ballast:
        office.store = Store.open(office.path, office.limits, office.now, reserve)
        assert tried[:2] == [True, False]
        return
    with pytest.raises(StoreError, match=r"disk is full|No space left"):
        Store.open(office.path, office.limits, office.now, reserve)
    assert tried == [False]
    office.store = Store.open(office.path, office.limits, office.now)


@pytest.mark.rule("L8")
def test_while_the_disk_is_almost_full_all_but_new_goes_on(office, disk):
    reserve = Reserve(office.path.parent, ballast_mib=1, free_min_mib=256)
    open_with(reserve, office)
    office.away("mary", "john")
    tom = office.sign_in("tom")
    goes, ends, back = tom.submit("mary"), tom.submit("john", valid_for=60), tom.submit("john")
    disk.free = 256 * MIB - 1
    assert code(tom.try_submit("mary", id="new")) == "disk_low"
    assert office.store.view.envelopes("new") == ()
    mary = office.sign_in("mary")
    mary.acknowledge(*mary.ids)
    tom.withdraw(back)
    office.after(60)
    states = [office.state(id) for id in (goes, ends, back)]
    assert states == [State.DELIVERED, State.EXPIRED, State.WITHDRAWN]
    disk.free = 256 * MIB
    assert tom.submit("mary", id="new") == "new"


@pytest.mark.rule("L9")
def test_housekeeping_makes_the_ballast_again_once_there_is_room(office, disk):
    reserve = Reserve(office.path.parent, ballast_mib=1, free_min_mib=256)
    disk.free = 0
    store = open_with(reserve, office)
    for free, is_there in ((256 * MIB, False), (257 * MIB, True)):
        disk.free = free
        store.housekeep(office.now)
        assert reserve.path.exists() is is_there
