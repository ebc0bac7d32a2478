"""What the table says of what was measured."""

import pytest

from tests.bench.figures import Figure, Goal, Load, gathered, medians, percentile, shown, spread, table


def test_the_repeats_of_a_figure_come_together():
    runs = gathered(({"a": Figure(1), "b": Figure(5)}, {"a": Figure(9)}, {"a": Figure(2)}))
    assert [figure.value for figure in runs["a"]] == [1, 9, 2]
    assert medians(runs) == {"a": 2, "b": 5}


@pytest.mark.parametrize(("part", "value"), [(0, 1), (0.5, 51), (0.98, 99), (0.99, 100), (1, 100)])
def test_a_percentile_is_one_of_the_values(part: float, value: int):
    assert percentile(range(100, 0, -1), part) == value


def test_one_value_is_every_percentile():
    assert [percentile([7.0], part) for part in (0, 0.5, 0.99, 1)] == [7.0] * 4


def test_a_spread_is_in_milliseconds_and_keeps_the_load():
    load = Load(0.5, 0.1)
    assert spread("wait", [0.001, 0.004, 0.002], load) == {
        "wait, p50 ms": Figure(2, load),
        "wait, p99 ms": Figure(4, load),
    }


@pytest.mark.parametrize(
    ("goal", "reached", "missed"), [(Goal(least=10), (10, 11), 9.9), (Goal(most=10), (10, 9), 10.1)]
)
def test_a_goal_is_reached_up_to_itself(goal: Goal, reached: tuple[float, ...], missed: float):
    assert [goal.missed(value) for value in (*reached, missed)] == [False, False, True]


def test_the_table_shows_each_figure_beside_its_goal():
    runs = {
        "many /s": [
            Figure(900, Load(1, 0.25, 0.5)),
            Figure(1_100, Load(0.8, 0.75)),
            Figure(1_000, Load(0.9, 0.5)),
        ],
        "slow ms": [Figure(2.5)],
        "more": [Figure(12.34)],
    }
    head, *lines = table(runs, {"many /s": Goal(least=1_000), "slow ms": Goal(most=2)}).splitlines()
    assert head.split() == ["goal", "min", "median", "max", "engine", "bench", "others"]
    assert [line.split() for line in lines] == [
        ["many", "/s", "≥", "1,000", "900", "1,000", "1,100", "90%", "50%", "0%"],
        ["slow", "ms", "≤", "2", "2.50", "2.50", "2.50", "missed"],
        ["more", "12.3", "12.3", "12.3"],
    ]
    assert len({line.index(number) for line, number in zip(lines[1:], ("2.50", "12.3"), strict=True)}) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "0.12"), (9.999, "10.00"), (12.34, "12.3"), (99.99, "100.0"), (12_345.6, "12,346")],
)
def test_numbers_are_short(value: float, text: str):
    assert shown(value) == text
