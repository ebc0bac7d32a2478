"""What is gathered is written before anything is read, and what is taken back before that never is."""

import sqlite3

import pytest

from tact_engine.store.ledger import BODY, ENDED, MESSAGE, NEWS, RELEASED, TABLES, WAITING, Ledger
from tests.support.memory import empty_database


@pytest.fixture
def told() -> list[str]:
    """Every statement that reached the database."""
    return []


@pytest.fixture
def database(told):
    connection = empty_database()
    connection.set_trace_callback(told.append)
    yield connection
    connection.close()


@pytest.fixture
def ledger(database) -> Ledger:
    return Ledger(database)


def waiting(number: int, recipient: str = "mary") -> tuple[object, ...]:
    return (recipient, 1, number, 1, 9, 5, 0, 0)


def hold(ledger: Ledger, number: int):
    ledger.put(WAITING, ("mary", 1, number), waiting(number))


def let_go(ledger: Ledger, number: int):
    ledger.drop(WAITING, ("mary", 1, number))


def numbers(ledger: Ledger) -> list[int]:
    return [number for (number,) in ledger.all("SELECT number FROM waiting ORDER BY number")]


def test_nothing_is_written_before_it_is_read(ledger, told):
    hold(ledger, 1)
    ledger.put(BODY, (1,), (1, b"hello"))
    assert told == []
    assert ledger.one("SELECT content FROM body WHERE number = ?", 1) == (b"hello",)
    assert numbers(ledger) == [1]


def test_what_is_taken_back_in_time_never_reaches_the_disk(ledger, told):
    hold(ledger, 1)
    let_go(ledger, 1)
    ledger.flush()
    assert [each for each in told if "INSERT" in each] == []
    assert numbers(ledger) == []


def test_what_is_there_goes_and_what_takes_its_place_stays(ledger):
    for number in (1, 2, 3):
        hold(ledger, number)
    ledger.flush()
    let_go(ledger, 1)
    let_go(ledger, 2)
    hold(ledger, 2)
    let_go(ledger, 3)
    hold(ledger, 3)
    let_go(ledger, 3)
    assert numbers(ledger) == [2]
    let_go(ledger, 2)
    assert numbers(ledger) == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_table_has_the_columns_that_are_written(database, table):
    columns = database.execute("SELECT name FROM pragma_table_info(?)", (table.name,)).fetchall()
    assert len(columns) == table.width
    assert set(table.key) <= {name for (name,) in columns}


@pytest.mark.parametrize("table", [MESSAGE, BODY, WAITING, RELEASED], ids=lambda table: table.name)
def test_a_row_that_must_be_new_does_not_take_anothers_place(ledger, table):
    row = tuple(range(1, table.width + 1))
    ledger.put(table, ("one",), row)
    ledger.flush()
    ledger.put(table, ("other",), row)
    with pytest.raises(sqlite3.IntegrityError):
        ledger.flush()


def test_the_newest_of_an_end_counts(ledger):
    for state in ("delivered", "read"):
        ledger.put(ENDED, (1, "mary"), (1, "mary", state, 1, 9, 5, 1, 0))
        ledger.flush()
    assert ledger.all("SELECT state FROM ended") == [("read",)]


@pytest.mark.parametrize("between", [True, False])
def test_newer_news_of_an_envelope_replace_older(ledger, between):
    for serial in (1, 2):
        ledger.put(NEWS, (7, "mary"), ("tom", serial, 7, "mary"))
        if between:
            ledger.flush()
    assert ledger.all("SELECT serial FROM news") == [(2,)]


def test_a_statement_comes_after_everything_before_it(ledger):
    hold(ledger, 1)
    ledger.execute("UPDATE waiting SET revision = 4")
    hold(ledger, 2)
    ledger.executemany("UPDATE waiting SET tried = 1 WHERE number = ?", [(2,)])
    rows = ledger.all("SELECT number, revision, tried FROM waiting ORDER BY number")
    assert rows == [(1, 4, 0), (2, 1, 1)]
    assert ledger.one("SELECT 1 FROM waiting WHERE number = 3") is None
