"""Which facts are one batch. What each frame means is shown by the tests of the engine."""

from tact_engine.core.facts import Fact, LinkLost, Noted, TimePassed
from tact_engine.meaning import SHARE_MAX, shared_out


def test_what_is_little_is_one_batch():
    facts: list[Fact] = [Noted(1, number) for number in range(SHARE_MAX)]
    assert shared_out([]) == ([], [])
    assert shared_out(facts) == (facts, [])


def test_a_flood_of_one_link_leaves_room_for_the_others():
    flood = [Noted(1, number) for number in range(SHARE_MAX + 3)]
    others = [Noted(2, 1), Noted(3, 1), Noted(2, 2)]
    batch, rest = shared_out([*flood, *others])
    assert batch == [*flood[:SHARE_MAX], *others]
    assert rest == flood[SHARE_MAX:]


def test_of_one_link_nothing_overtakes_what_it_said_before():
    flood = [Noted(1, number) for number in range(2 * SHARE_MAX)]
    said: list[Fact] = [*flood, LinkLost(1)]
    batches: list[list[Fact]] = []
    while said:
        batch, said = shared_out(said)
        batches.append(batch)
    assert [len(batch) for batch in batches] == [SHARE_MAX, SHARE_MAX, 1]
    assert [fact for batch in batches for fact in batch] == [*flood, LinkLost(1)]


def test_what_is_of_no_link_never_waits():
    facts: list[Fact] = [TimePassed()] * (SHARE_MAX + 5)
    assert shared_out(facts) == (facts, [])
