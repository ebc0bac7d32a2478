"""What a message remembers of its condition: that it was false once, and since when it is true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.conditions import WHEN_ONLINE, Condition
from tact_engine.core.patience import FORGOTTEN, Patience, accepted, is_patient, is_ripe, looked, ripens_at

EDGE = Condition(edge=True)
DWELL = Condition(dwell=10)
BOTH = Condition(edge=True, dwell=10)
T, F, U = True, False, None


def goes_at(condition, *looks):
    """The index of the first look at which the message may go; None where it may at none."""
    memory = accepted(condition)
    for index, (truth, ticks_ms) in enumerate(looks):
        memory = looked(memory, truth, ticks_ms)
        if is_ripe(memory, condition, ticks_ms):
            return index
    return None


@pytest.mark.parametrize(
    ("condition", "patient"),
    [(WHEN_ONLINE, False), (Condition(not_before=5), False), (EDGE, True), (DWELL, True), (BOTH, True)],
    ids=str,
)
def test_which_conditions_need_a_memory(condition, patient):
    assert is_patient(condition) is patient


@pytest.mark.rule("W8", "W9", "W16")
@pytest.mark.parametrize(
    ("condition", "looks", "goes"),
    [
        (WHEN_ONLINE, [(T, 0)], 0),
        (WHEN_ONLINE, [(F, 0), (U, 1), (T, 2)], 2),
        # edge: armed by FALSE and by nothing else
        (EDGE, [(T, 0), (T, 5_000), (T, 10**9)], None),
        (EDGE, [(F, 0), (T, 1)], 1),
        (EDGE, [(T, 0), (F, 1), (T, 2)], 2),
        (EDGE, [(U, 0), (T, 1)], None),
        (EDGE, [(T, 0), (U, 1), (T, 2), (U, 3), (T, 4)], None),
        (EDGE, [(F, 0), (U, 1), (T, 2)], 2),
        # dwell: without a break
        (DWELL, [(T, 0)], None),
        (DWELL, [(T, 0), (T, 9_999)], None),
        (DWELL, [(T, 0), (T, 10_000)], 1),
        (DWELL, [(T, 5), (T, 10_004), (T, 10_005)], 2),
        (DWELL, [(T, 0), (F, 5_000), (T, 5_001), (T, 10_000), (T, 15_000), (T, 15_001)], 5),
        (DWELL, [(T, 0), (U, 5_000), (T, 5_001), (T, 10_000), (T, 15_000), (T, 15_001)], 5),
        (DWELL, [(T, 0), (F, 10_000), (T, 10_000), (T, 20_000)], 3),
        # both: the time begins only once it is armed
        (BOTH, [(T, 0), (T, 10_000), (T, 20_000)], None),
        (BOTH, [(T, 0), (F, 1), (T, 2), (T, 10_000), (T, 10_002)], 4),
        (BOTH, [(F, 0), (T, 1), (U, 2), (T, 3), (T, 10_002), (T, 10_003)], 5),
    ],
    ids=str,
)
def test_at_which_look_it_goes(condition, looks, goes):
    assert goes_at(condition, *looks) == goes


@pytest.mark.rule("W12")
def test_an_edge_that_has_fired_stays_fired():
    memory = looked(looked(accepted(EDGE), F, 0), T, 1)
    for truth, ticks_ms in ((F, 2), (U, 3), (T, 4)):  # the copy was lost; meanwhile anything may be
        memory = looked(memory, truth, ticks_ms)
        assert memory.armed
    assert is_ripe(memory, EDGE, 4)


@pytest.mark.rule("W10", "W19")
@pytest.mark.parametrize("condition", [EDGE, DWELL, BOTH])
def test_after_a_restart_an_edge_is_armed_and_a_dwell_begins_anew(condition):
    assert Patience(armed=True, since=None) == FORGOTTEN
    assert ripens_at(FORGOTTEN, condition) is None
    assert ripens_at(looked(FORGOTTEN, T, 3_000), condition) == 3_000 + condition.dwell * 1000


@pytest.mark.rule("W9", "W11")
def test_what_is_accepted_has_seen_nothing_yet():
    assert accepted(EDGE) == accepted(BOTH) == Patience(armed=False)
    assert accepted(WHEN_ONLINE) == accepted(DWELL) == FORGOTTEN


@pytest.mark.rule("W17")
def test_it_ripens_so_long_after_it_was_first_seen_true():
    memory = looked(looked(accepted(DWELL), T, 700), T, 4_000)
    assert memory == Patience(armed=True, since=700)
    assert ripens_at(memory, DWELL) == 10_700
    assert [is_ripe(memory, DWELL, ticks_ms) for ticks_ms in (10_699, 10_700, 10_701)] == [False, True, True]


def test_what_is_not_armed_never_ripens():
    assert ripens_at(Patience(armed=False, since=5), EDGE) is None
    assert looked(Patience(armed=False), T, 5) == Patience(armed=False, since=None)


looks = st.lists(st.tuples(st.sampled_from([T, F, U]), st.integers(0, 8_000)), max_size=8)


@pytest.mark.rule("W9", "W16")
@given(looks, st.booleans(), st.integers(0, 12))
def test_it_goes_after_a_false_and_a_long_enough_run_of_true(found, edge, dwell):
    """Against the plain words of the two rules, over the whole past at once."""
    condition, past, ticks_ms, memory = Condition(edge=edge, dwell=dwell), [], 0, None
    for truth, later in found:
        ticks_ms += later
        past.append((truth, ticks_ms))
        memory = looked(memory or accepted(condition), truth, ticks_ms)
        broken = [index for index, (each, _) in enumerate(past) if each is not T]
        run = past[broken[-1] + 1 :] if broken else past
        armed = not edge or any(each is F for each, _ in past)
        long_enough = bool(run) and ticks_ms - run[0][1] >= dwell * 1000
        assert is_ripe(memory, condition, ticks_ms) is (armed and long_enough)


@given(looks, st.booleans())
def test_looking_twice_at_one_moment_is_looking_once(found, edge):
    memory, ticks_ms = accepted(Condition(edge=edge)), 0
    for truth, later in found:
        ticks_ms += later
        memory = looked(memory, truth, ticks_ms)
        assert looked(memory, truth, ticks_ms) == memory
