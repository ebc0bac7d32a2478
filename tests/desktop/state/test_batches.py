"""One batch is one notification, also where it comes in parts."""

import pytest

from tact_desktop.state.batches import authors_of, gathered
from tact_desktop.state.entry import Entry, Stage

pytestmark = pytest.mark.rule("O8")


def entry(batch: int, text: str = "", author: str = "mary") -> Entry:
    return Entry(text, "c", author, False, text, Stage.DELIVERED, ("tom",), 0, batch=batch)


ONE, TWO, THREE = entry(1, "One"), entry(1, "Two"), entry(1, "Three")
OTHER = entry(2, "Other")


def test_a_batch_in_one_part_is_whole_at_once():
    assert gathered({}, (ONE, TWO), more=False) == ({}, ((ONE, TWO),))


def test_the_parts_of_a_batch_are_put_together():
    pending, ready = gathered({}, (ONE,), more=True)
    assert ready == ()
    pending, ready = gathered(pending, (TWO,), more=True)
    assert ready == ()
    assert gathered(pending, (THREE,), more=False) == ({}, ((ONE, TWO, THREE),))


def test_another_batch_in_between_is_its_own():
    pending, _ = gathered({}, (ONE,), more=True)
    pending, ready = gathered(pending, (OTHER,), more=False)
    assert ready == ((OTHER,),)
    assert gathered(pending, (TWO,), more=False) == ({}, ((ONE, TWO),))


def test_a_last_part_that_says_nothing_new_ends_it_all_the_same():
    pending, _ = gathered({}, (ONE,), more=True)
    assert gathered(pending, (), more=True) == (pending, ())
    assert gathered(pending, (), more=False) == ({}, ((ONE,),))


def test_authors_are_named_once():
    assert authors_of((ONE, entry(1, "x", "john"), TWO)) == ("mary", "john")
