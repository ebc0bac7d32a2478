"""What the guard makes of the figures of one run."""

import pytest

from tests.bench.goals import GOALS
from tests.bench.guard import CHECKS, OTHERS_MAX, Check, Judged, is_quiet, judged, missing, verdict

GROWTH = next(check for check in CHECKS if check.under is None)
FLUSH = next(
    check for check in CHECKS if check.over.startswith("B 10,000") and check.over.endswith("last ms")
)
KILL = next(check for check in CHECKS if check.over == "K accepted")


def test_only_what_was_measured_is_judged():
    assert judged({}) == ()
    assert judged({FLUSH.over: 1}) == ()
    assert [each.check for each in judged({FLUSH.over: 1, str(FLUSH.under): 1})] == [FLUSH]


@pytest.mark.parametrize(("over", "worse"), [(FLUSH.most * 3, False), (FLUSH.most * 3.01, True)])
def test_a_ratio_may_be_as_much_as_its_bound(over: float, worse: bool):
    (found,) = judged({FLUSH.over: over, str(FLUSH.under): 3})
    assert found.worse is worse


def test_what_is_a_ratio_already_stands_alone():
    (found,) = judged({GROWTH.over: GROWTH.most + 1})
    assert (found.check, found.ratio, found.worse) == (GROWTH, GROWTH.most + 1, True)


@pytest.mark.parametrize(("survivors", "worse"), [(5_000, False), (4_999, True), (0, True)])
def test_one_lost_message_is_worse(survivors: int, worse: bool):
    (found,) = judged({KILL.over: 5_000, str(KILL.under): survivors})
    assert found.worse is worse


def test_the_verdict_says_why():
    check = Check("slow: a against b", "a", "b", 2, "it should not be")
    lines = verdict((Judged(check, 1.5), Judged(check, 2.5)), 0).splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "others had 0.0 cores meanwhile",
        "slow: a against b 1.50 at most 2 ok",
        "slow: a against b 2.50 at most 2 WORSE: it should not be",
    ]


def test_a_busy_computer_is_no_witness():
    check = Check("slow: a against b", "a", "b", 2, "it should not be")
    said = verdict((Judged(check, 2.5),), OTHERS_MAX + 1)
    assert "run it alone" in said
    assert "WORSE" not in said
    assert "worse: it should not be" in said


@pytest.mark.parametrize(("others", "quiet"), [(0, True), (OTHERS_MAX, True), (OTHERS_MAX + 0.01, False)])
def test_a_computer_is_quiet_up_to_its_bound(others: float, quiet: bool):
    assert is_quiet(others) is quiet


def test_every_check_has_a_name_of_its_own_and_a_reason():
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert [check.name for check in CHECKS if not check.reason] == []


def test_a_goal_has_one_side():
    assert [name for name, goal in GOALS.items() if (goal.least is None) == (goal.most is None)] == []


def test_a_complete_run_that_lacks_a_figure_is_known():
    measured = dict.fromkeys(
        (*GOALS, *(name for check in CHECKS for name in (check.over, check.under) if name)), 1.0
    )
    assert missing(measured, GOALS) == ()
    del measured[FLUSH.over]
    assert missing(measured, GOALS) == (FLUSH.over,)
