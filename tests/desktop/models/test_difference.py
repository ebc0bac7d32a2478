import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.models.difference import Insert, Move, Remove, runs, steps

KEYS = st.lists(st.sampled_from("abcdefghij"), unique=True)


def after(old: list[str], new: list[str]) -> list[str]:
    """`old` once every step is taken, each as a model takes it."""
    now = list(old)
    for step in steps(old, new):
        match step:
            case Remove(first, last):
                del now[first : last + 1]
            case Move(source, target):
                now.insert(target - (source < target), now.pop(source))
            case Insert(first, last):
                now[first:first] = new[first : last + 1]
    return now


@given(KEYS, KEYS)
def test_the_steps_lead_from_one_to_the_other(old: list[str], new: list[str]):
    assert after(old, new) == new


@given(KEYS, KEYS)
def test_no_step_does_nothing(old: list[str], new: list[str]):
    moves = [step for step in steps(old, new) if isinstance(step, Move)]
    assert all(move.target not in (move.source, move.source + 1) for move in moves)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("abc", "abc", []),
        ("bc", "xybc", [Insert(0, 1)]),
        ("ab", "abxy", [Insert(2, 3)]),
        ("abcdef", "adf", [Remove(4, 4), Remove(1, 2)]),
        ("abcd", "dabc", [Move(3, 0)]),
        ("abcd", "bcda", [Move(0, 4)]),
    ],
)
def test_they_are_the_fewest(old: str, new: str, wanted: list):
    assert steps(old, new) == wanted


def test_a_key_stands_for_one_row():
    with pytest.raises(AssertionError, match="one row"):
        steps("", "aa")


def test_places_in_a_row_are_one_run():
    assert runs([1, 2, 3, 5, 7, 8]) == [(1, 3), (5, 5), (7, 8)]
