"""What the store promises: durable before it is said, whole or not at all, and a clear sentence where it cannot be."""

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, canonical, one_group
from tact_engine.core.envelope import Otherwise, State, Submission
from tact_engine.core.errors import StoreError
from tact_engine.core.facts import Moment
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.view import Limits
from tact_engine.core.window import Window
from tact_engine.store.schema import APPLICATION_ID
from tact_engine.store.store import Store
from tests.support.heart import NOON_MS, Office, code, states

NOW = Moment(NOON_MS, 0)
AVAILABLE = PRESETS["available"]


def refused(path: Path) -> str:
    """The sentence that an engine gets which cannot have the data at `path`."""
    with pytest.raises(StoreError) as caught:
        Store.open(path, Limits(), NOW)
    sentence = str(caught.value)
    assert re.search(r"\b(Choose|Stop|Move|Give|Check|Free|Restore)\b", sentence, re.IGNORECASE), (
        "and what to do"
    )
    return sentence


class Failing:
    """A connection where the statements that begin with `words` fail as the disk would make them."""

    def __init__(self, connection: sqlite3.Connection, words: str, error: str = "disk I/O error"):
        self._connection, self._words, self._error = connection, words, error

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def execute(self, query, *rest):
        if query.startswith(self._words):
            raise sqlite3.OperationalError(self._error)
        return self._connection.execute(query, *rest)

    def executemany(self, query, rows):
        self.execute(query) if query.startswith(self._words) else None
        return self._connection.executemany(query, rows)


# --- durable, then said


@pytest.mark.rule("U2", "M3", "I1")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_whatever_was_answered_is_there_after_a_restart(office, way):
    office.away("mary", "john")
    tom = office.sign_in("tom", UserMood="HAPPY", StatusText="“üml”")
    office.sign_in("ann")
    held = tom.submit("mary", "john", body="x" * 16_384, when=AVAILABLE, valid_for=3600)
    edited = tom.submit("mary", body="old")
    tom.edit(edited, body=b"new", when=PRESETS["not angry"])
    released, withdrawn, expired = tom.submit("ann"), tom.submit("mary"), tom.submit("mary", valid_for=60)
    delivered = tom.submit("ann")
    next(desk for desk in office.desks.values() if desk.handle == "ann").acknowledge(delivered)
    tom.withdraw(withdrawn)
    office.after(60)
    ids = (held, edited, released, delivered, withdrawn, expired)
    before = [office.store.view.envelopes(id) for id in ids]
    assert len(before[0]) == 2
    people = {person.handle: person for person in office.store.view.people()}
    numbers = office.store.view.next_number()

    getattr(office, way)()

    after = [office.store.view.envelopes(id) for id in ids]
    assert [found for place, found in enumerate(after) if place != 2] == [
        found for place, found in enumerate(before) if place != 2
    ]
    ((was,), (now,)) = before[2], after[2]
    assert (was.state, now.state, now.tried) == (State.RELEASED, State.HELD, True)
    assert office.store.view.next_number() == numbers
    for person in office.store.view.people():
        old = people[person.handle]
        assert {name: reading for name, reading in person.readings.items() if name != "OnlineStatus"} == {
            name: reading for name, reading in old.readings.items() if name != "OnlineStatus"
        }
    assert {each.body for each in office.sign_in("mary").arrived} == {b"x" * 16_384, b"new"}


@pytest.mark.rule("I1", "M12", "O10", "R1")
@pytest.mark.parametrize("way", ["restart", "crash"])
def test_every_part_of_a_message_is_there_after_a_restart(office, way):
    office.away("mary")
    tom = office.sign_in("tom")
    whole = replace(
        AVAILABLE, edge=True, dwell=5, not_before=NOON_MS + 5, window=Window("09:00", "17:00", (1, 5))
    )
    ids = [
        tom.submit("mary", when=whole, otherwise=Otherwise.DRAFTS),
        tom.submit("mary", when=AVAILABLE, otherwise=Otherwise.DELIVER, valid_for=60),
        tom.submit("mary", keep_order=True),
        tom.submit("mary", body=b"", when=AVAILABLE, alert=True),
    ]
    office.after(60)
    before = [office.envelope(id) for id in ids]
    assert [each.second for each in before] == [False, True, False, False]
    assert [each.alert for each in before] == [False, False, False, True]
    assert before[2].behind == before[1].number
    assert before[0].condition == whole
    getattr(office, way)()
    assert [office.envelope(id) for id in ids] == before


@pytest.mark.rule("O12")
def test_a_number_that_was_forgotten_is_nobodys_place_in_front(office):
    office.away("mary")
    tom = office.sign_in("tom")
    tom.withdraw(tom.submit("mary"))
    office.asleep(31 * 86_400)
    office.store.housekeep(office.now)
    office.restart()
    tom = office.sign_in("tom")
    ids = [tom.submit("mary", keep_order=True) for _ in range(2)]
    assert [tom.why(id).standings[0].behind for id in ids] == ["", ids[0]]


def test_a_number_is_not_given_twice(office):
    office.away("mary")
    tom = office.sign_in("tom")
    ids = [tom.submit("mary") for _ in range(3)]
    office.restart()
    ids.append(office.sign_in("tom").submit("mary"))
    assert [office.envelope(id).number for id in ids] == [1, 2, 3, 4]


@pytest.mark.rule("M3", "I1")
@pytest.mark.parametrize("words", ["COMMIT", "BEGIN"])
def test_what_cannot_be_made_durable_is_not_said(office, words):
    office.away("mary")
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    tom.forget()
    office.store._db = Failing(office.store._db, words)
    with pytest.raises(StoreError, match="disk I/O error"):
        tom.submit("mary", id="m1")
    assert tom.told == mary.arrived == []
    office.crash()
    assert office.store.view.envelopes("m1") == ()
    assert states(office.sign_in("tom").try_submit("mary", id="m1")) == [State.HELD]


@pytest.mark.parametrize("words", ["INSERT INTO body", "INSERT INTO message", "INSERT INTO released"])
def test_a_batch_that_fails_half_way_is_not_there_at_all(office, words):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    office.store._ledger._db = Failing(office.store._db, words, "database or disk is full")
    batch = [
        facts.PresenceSet(mary.session, 1, {"UserMood": "SAD"}),
        facts.Submitted(tom.session, 1, Submission("m1", ("mary",), b"x")),
    ]
    with pytest.raises(StoreError, match="The disk is full"):
        office.feed(*batch)
    office.crash()
    assert office.presence("mary").value("UserMood") == "NONE"
    assert office.store.view.envelopes("m1") == ()


@pytest.mark.rule("I1")
def test_a_full_disk_refuses_and_loses_nothing(office):
    office.away("mary")
    tom = office.sign_in("tom")
    told = [tom.submit("mary", body="x" * 10_000)]
    (pages,) = office.store._db.execute("PRAGMA page_count").fetchone()
    office.store._db.execute(f"PRAGMA max_page_count = {pages + 10}").fetchall()

    def fill():
        while True:
            told.append(tom.submit("mary", body="y" * 10_000))

    with pytest.raises(StoreError, match=r"disk is full.*nothing accepted is lost"):
        fill()
    office.crash()
    assert office.sign_in("mary").ids == told


def test_after_a_failure_the_store_does_nothing_more(office):
    """Memory may be ahead of the disk; only a restart knows."""
    office.away("mary")
    tom = office.sign_in("tom")
    real = office.store._db
    office.store._db = Failing(real, "COMMIT")
    with pytest.raises(StoreError):
        tom.submit("mary")
    office.store._db = real
    with pytest.raises(StoreError):
        tom.submit("mary")
    office.crash()


@pytest.mark.rule("I1")
def test_a_commit_waits_for_the_disk(office):
    def pragma(name):
        return office.store._db.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2, "FULL: each commit is synced"
    assert pragma("secure_delete") == 1
    assert pragma("locking_mode") == "exclusive"


@pytest.mark.skipif(os.name == "nt", reason="other systems have other rights")
def test_nobody_else_may_read_the_data(office):
    assert [path.name for path in office.path.parent.iterdir() if path.stat().st_mode & 0o077] == []
    assert office.path.parent.stat().st_mode & 0o777 == 0o700


def test_an_empty_batch_is_nothing(office):
    assert office.store.apply([], office.now) == []


# --- when to look again


def test_nothing_to_wait_for(office):
    office.sign_in("tom")
    assert office.store.next_wake(office.now) is None


def test_the_next_thing_to_come_is_waited_for(office):
    office.away("john")
    tom, mary, _ = office.sign_in("tom"), office.sign_in("mary"), office.sign_in("ann")
    tom.submit("john", valid_for=60)
    assert office.store.next_wake(office.now) == 60_000
    office.asleep(1)
    tom.submit("ann")
    assert office.store.next_wake(office.now) == 10_000
    office.asleep(2)
    mary.lose_link()
    assert office.store.next_wake(office.now) == 8_000
    office.asleep(9)
    assert office.store.next_wake(office.now) == 0
    office.wake()
    assert office.store.next_wake(office.now) == 1_000


# --- data that cannot be had


def test_another_engine_on_the_same_data_is_refused(office):
    office.away("mary")
    tom = office.sign_in("tom")
    assert "Another engine" in refused(office.path)
    id = tom.submit("mary")
    assert office.state(id) is State.HELD, "and the first goes on"
    office.store.close()
    Store.open(office.path, Limits(), office.now).close()
    office.restart()


def test_what_is_not_a_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "engine.db"
    path.write_bytes(b"Dear diary,\n" * 1_000)
    assert "not a database" in refused(path)
    assert path.read_bytes() == b"Dear diary,\n" * 1_000


@pytest.mark.parametrize("application", [0, 7])
def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path, application):
    path = tmp_path / "engine.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE account (handle TEXT)")
        other.execute(f"PRAGMA application_id = {application}")
    other.close()
    before = path.read_bytes()
    assert "not one of Tact" in refused(path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir() if found.name.startswith("engine.db")] == ["engine.db"]


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "engine.db").mkdir()
    assert "engine.db" in refused(tmp_path / "engine.db")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "Choose another folder" in refused(tmp_path / "file" / "engine.db")


@contextmanager
def with_few_rights() -> Generator[Path]:
    """A folder, and for as long as it is open no rights but those that the files give to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    user = os.geteuid()
    try:
        yield folder
    finally:
        os.seteuid(user)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="other systems have other rights")
@pytest.mark.parametrize("may_write", ["nothing", "folder", "file"])
def test_data_that_may_not_be_written_is_refused(may_write):
    with with_few_rights() as folder:
        path = folder / "data" / "engine.db"
        Store.open(path, Limits(), NOW).close()
        path.parent.chmod(0o777 if may_write == "folder" else 0o555)
        path.chmod(0o666 if may_write == "file" else 0o444)
        before = path.read_bytes()
        if os.geteuid() == 0:  # the superuser may write everything
            os.seteuid(65534)
        refused(path)
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("attempt to write a readonly database", "Give this user the right to write"),
        ("unable to open database file", "cannot be opened"),
        ("database disk image is malformed", "restore the newest copy"),
        ("database or disk is full", "Free some space"),
        ("something new", "nothing accepted is lost"),
    ],
)
def test_every_failure_has_a_sentence_that_says_what_to_do(office, error, sentence):
    office.store._db = Failing(office.store._db, "BEGIN", error)
    with pytest.raises(StoreError, match=sentence) as caught:
        office.feed(facts.TimePassed())
    assert error in str(caught.value)
    office.crash()


def test_a_damaged_database_is_refused_and_never_guessed_at(office):
    office.away("mary")
    tom = office.sign_in("tom")
    ids = [tom.submit("mary", body="x" * 10_000) for _ in range(10)]
    office.store.close()
    content = office.path.read_bytes()
    office.path.write_bytes(content[:8192] + b"\xa5" * 40_000 + content[48_192:])
    assert "damaged" in refused(office.path)
    office.path.write_bytes(content)
    office.restart()
    assert office.sign_in("mary").ids == ids


def test_data_of_a_newer_engine_is_refused_and_left_alone(office):
    later = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('tact-engine', 'm999_later', '')"
    office.store._db.execute(later)
    office.store.close()
    before = office.path.read_bytes()
    with pytest.raises(StoreError, match="newer Tact"):
        Store.open(office.path, Limits(), NOW)
    assert office.path.read_bytes() == before
    with closing(sqlite3.connect(office.path)) as other, other:
        other.execute("DELETE FROM _sqlite_migrations WHERE name = 'm999_later'")
    office.restart()


@pytest.mark.parametrize("unclean", [False, True])
def test_after_an_unclean_end_the_data_are_checked(office, unclean):
    """Also where no start would look: what is damaged is then not found by somebody's message."""
    office.away("mary")
    id = office.sign_in("tom").submit("mary")
    (page,) = office.store._db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'body'").fetchone()
    (size,) = office.store._db.execute("PRAGMA page_size").fetchone()
    office.store.close()
    content = office.path.read_bytes()
    office.path.write_bytes(content[: (page - 1) * size] + b"\xa5" * size + content[page * size :])
    log = office.path.with_name(office.path.name + "-wal")
    if unclean:
        log.write_bytes(b"\0" * 32)
        assert "damaged" in refused(office.path)
    else:
        Store.open(office.path, Limits(), NOW).close()
    log.unlink(missing_ok=True)
    office.path.write_bytes(content)
    office.restart()
    assert office.sign_in("mary").ids == [id]


def test_the_data_says_whose_it_is(office):
    assert office.store._db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert APPLICATION_ID.to_bytes(4, "big") == b"Tact"


# --- old tombstones


@pytest.mark.rule("D4")
def test_tombstones_are_forgotten_after_thirty_days_and_not_before(office: Office):
    office.away("mary", "john")
    tom = office.sign_in("tom")
    half, ended = tom.submit("mary", "john", valid_for=30 * 86_400), tom.submit("mary", valid_for=60)
    taken = tom.submit("mary")
    tom.withdraw(taken)
    office.after(60)
    mary = office.sign_in("mary")
    mary.acknowledge(half)
    mary.sign_out()
    office.asleep(29 * 86_400 + 86_340)
    office.store.housekeep(office.now)
    assert [office.state(id) for id in (ended, taken)] == [State.EXPIRED, State.WITHDRAWN]
    office.asleep(60.001)
    office.store.housekeep(office.now)
    assert [office.store.view.envelopes(id) for id in (ended, taken)] == [(), ()]
    assert [each.state for each in office.store.view.envelopes(half)] == [State.DELIVERED, State.HELD]
    office.wake()
    office.asleep(30 * 86_400 + 1)
    office.store.housekeep(office.now)
    for table in ("message", "body", "waiting", "released", "ended", "news", "quiet"):
        assert office.store._db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    office.restart()
    assert code(office.sign_in("tom").withdraw(taken)) == "unknown_message"


@pytest.mark.rule("D4", "S8", "I6", "N2")
def test_what_arrived_quietly_is_told_at_the_end_also_to_whoever_is_away_then(office: Office):
    mary, tom = office.sign_in("mary"), office.sign_in("tom")
    mary.allow(Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)}))
    id = tom.submit("mary", valid_for=30 * 86_400)
    mary.acknowledge(id)
    tom.sign_out()
    office.asleep(30 * 86_400 + 20)
    office.store.housekeep(office.now)
    office.wake()
    office.store.housekeep(office.now)
    tom = office.sign_in("tom")
    assert tom.heard == [(id, State.DELIVERED)]
    tom.note(tom.news[-1].serial)
    office.store.housekeep(office.now)
    assert office.store.view.envelopes(id) == ()


@pytest.mark.rule("O12")
def test_a_place_in_front_is_forgotten_with_the_last_that_stood_behind_it(office: Office):
    office.away("mary")
    tom = office.sign_in("tom")
    for _ in range(2):
        tom.submit("mary", keep_order=True, valid_for=60)
    office.after(60)
    assert office.store._live.heads
    office.asleep(30 * 86_400 + 1)
    office.store.housekeep(office.now)
    assert not office.store._live.heads


@pytest.mark.rule("I2", "P19", "P20")
@pytest.mark.parametrize("way", ["", "restart", "crash"])
def test_nothing_goes_over_a_presence_that_ended_before_the_timer_came(office: Office, way):
    office.away("mary")
    tom, mary = office.sign_in("tom"), office.sign_in("mary", UserAvailability="NOT_AVAILABLE")
    mary.set(until=NOON_MS + 60_000, UserAvailability="AVAILABLE")
    office.asleep(60)
    if way:
        getattr(office, way)()
        tom = office.sign_in("tom")
        assert not office.presence("mary").online, "and nobody was here meanwhile"
        office.sign_in("mary")
    assert states(tom.try_submit("mary", when=AVAILABLE)) == [State.HELD]
    office.after(0)


@pytest.mark.rule("W10", "W19", "P28")
def test_an_end_that_came_while_the_engine_was_down_begins_no_dwell(office: Office):
    tom, mary = office.sign_in("tom"), office.sign_in("mary")
    mary.set(until=NOON_MS + 60_000, UserAvailability="NOT_AVAILABLE")
    id = tom.submit("mary", when=replace(AVAILABLE, dwell=30))
    office.asleep(90)
    office.restart()
    office.asleep(60)
    office.sign_in("mary")
    assert office.state(id) is State.HELD


def test_what_still_waits_is_not_forgotten(office):
    office.away("mary")
    tom = office.sign_in("tom")
    id = tom.submit("mary", valid_for=30 * 86_400)
    office.asleep(29 * 86_400)
    tom.edit(id, valid_for=30 * 86_400)
    office.asleep(29 * 86_400)
    office.store.housekeep(office.now)
    assert office.sign_in("mary").ids == [id]


def test_housekeeping_that_fails_says_so(office):
    tom = office.sign_in("tom")
    office.away("mary")
    tom.withdraw(tom.submit("mary"))
    office.store._db = Failing(office.store._db, "PRAGMA wal_checkpoint")
    with pytest.raises(StoreError, match="disk I/O error"):
        office.store.housekeep(office.now)


def forms(office: Office) -> list[str]:
    """The conditions that are kept on the disk; the same as those in memory."""
    kept = office.store._db.execute("SELECT key, sender, form FROM condition").fetchall()
    live = office.store._live
    assert {key: (each.sender, canonical(each.condition)) for key, each in live.conditions.items()} == {
        key: (sender, form) for key, sender, form in kept
    }
    assert live.condition_keys == {(sender, form): key for key, sender, form in kept}
    return [form for _, _, form in kept]


def test_a_condition_is_forgotten_with_the_last_of_its_messages(office):
    office.away("mary")
    tom = office.sign_in("tom")
    secret, other = (
        one_group(("StatusText", "contains", "Quokka")),
        one_group(("StatusText", "contains", "Numbat")),
    )
    tom.withdraw(tom.submit("mary", when=secret))
    kept = tom.submit("mary", when=other, valid_for=30 * 86_400)
    tom.withdraw(tom.submit("mary", when=other))
    office.asleep(29 * 86_400)
    office.store.housekeep(office.now)
    assert len(forms(office)) == 2
    tom.edit(kept, valid_for=30 * 86_400)
    office.asleep(86_400.001)
    office.store.housekeep(office.now)
    assert forms(office) == [canonical(other)], "one message still waits for it"
    again = tom.submit("mary", when=secret)
    mary = office.sign_in("mary", StatusText="quokka")
    assert mary.ids == [again], "and what was forgotten is made again"
    assert forms(office) == [canonical(other), canonical(secret)]


def test_a_condition_that_was_edited_away_is_forgotten_as_well(office):
    office.away("mary", "john")
    tom = office.sign_in("tom")
    tom.withdraw(tom.submit("mary"))
    secret = one_group(("StatusText", "not_contains", "Quokka"))
    office.sign_in("mary")
    id = tom.submit("mary", "john", when=secret, valid_for=30 * 86_400)
    tom.edit(id, when=AVAILABLE, valid_for=30 * 86_400)
    office.asleep(86_400 * 29.9)
    office.store.housekeep(office.now)
    office.asleep(86_400 * 0.2)
    tom.edit(id, 2, valid_for=30 * 86_400)
    office.store.housekeep(office.now)
    assert canonical(secret) not in forms(office)
