"""Who may come in, and who makes way: by a clock that the test moves."""

from hypothesis import given
from hypothesis import strategies as st

from tact_engine.net.strangers import (
    FAIR_SECONDS,
    STRANGERS_MAX,
    STRANGERS_PER_ADDRESS_MAX,
    Admission,
    Strangers,
)

IN, AWAY = Admission(True), Admission(False)


def in_place_of(number: int) -> Admission:
    return Admission(True, number)


def address(number: int) -> str:
    return f"10.0.{number // 250}.{number % 250}"


def crowd(strangers: Strangers, numbers: range, of: str | None = None, at: float = 0.0):
    for number in numbers:
        assert strangers.arrive(number, of or address(number), at) == IN


# --- one address


def test_one_address_has_so_many_and_not_one_more():
    strangers = Strangers()
    crowd(strangers, range(STRANGERS_PER_ADDRESS_MAX), "10.0.0.1")
    assert strangers.arrive(100, "10.0.0.1", FAIR_SECONDS) == AWAY
    assert strangers.arrive(101, "10.0.0.2", FAIR_SECONDS) == IN
    assert len(strangers) == STRANGERS_PER_ADDRESS_MAX + 1


def test_the_oldest_of_the_address_makes_way_once_it_had_its_time():
    """Behind one address there may be a whole office; who only sits there keeps nobody out for long."""
    strangers = Strangers()
    crowd(strangers, range(STRANGERS_PER_ADDRESS_MAX), "10.0.0.1")
    assert strangers.arrive(100, "10.0.0.1", FAIR_SECONDS + 0.01) == in_place_of(0)
    assert strangers.arrive(101, "10.0.0.1", FAIR_SECONDS + 0.01) == in_place_of(1)
    assert len(strangers) == STRANGERS_PER_ADDRESS_MAX


def test_a_place_is_free_as_soon_as_somebody_leaves():
    strangers = Strangers()
    crowd(strangers, range(STRANGERS_PER_ADDRESS_MAX), "10.0.0.1")
    strangers.leave(3)
    strangers.leave(3)
    assert strangers.arrive(100, "10.0.0.1", 0) == IN
    assert strangers.arrive(101, "10.0.0.1", 0) == AWAY


def test_who_was_turned_away_takes_no_place():
    strangers = Strangers(most_of_one=1)
    crowd(strangers, range(1), "10.0.0.1")
    assert strangers.arrive(1, "10.0.0.1", 0) == AWAY
    strangers.leave(1)
    assert strangers.arrive(2, "10.0.0.1", 0) == AWAY
    strangers.leave(0)
    assert strangers.arrive(3, "10.0.0.1", 0) == IN


# --- all of them


def test_there_are_so_many_in_all_and_not_one_more():
    strangers = Strangers()
    crowd(strangers, range(STRANGERS_MAX))
    assert strangers.arrive(100, "10.9.9.9", FAIR_SECONDS) == AWAY
    assert len(strangers) == STRANGERS_MAX


def test_of_many_single_ones_the_oldest_makes_way_once_it_had_its_time():
    """Of many colleagues who come at once, those who are about to sign in can do so."""
    strangers = Strangers(most=3)
    for number in range(3):
        strangers.arrive(number, address(number), number / 10)
    assert strangers.arrive(100, "10.9.9.9", FAIR_SECONDS) == AWAY
    assert strangers.arrive(101, "10.9.9.9", FAIR_SECONDS + 0.05) == in_place_of(0)
    assert strangers.arrive(102, "10.9.9.8", FAIR_SECONDS + 0.05) == AWAY


def test_the_address_with_the_most_makes_way():
    strangers = Strangers(most=6)
    crowd(strangers, range(2), "10.0.0.1")
    crowd(strangers, range(2, 5), "10.0.0.2")
    crowd(strangers, range(5, 6), "10.0.0.3")
    assert strangers.arrive(100, "10.0.0.3", FAIR_SECONDS + 1) == in_place_of(2)
    assert strangers.arrive(101, "10.0.0.3", FAIR_SECONDS + 1) == in_place_of(0), (
        "then the oldest of two equal ones"
    )


def test_an_address_with_more_than_its_share_makes_way_at_once():
    """Whoever comes back faster than a second passes would keep everybody out otherwise."""
    strangers = Strangers()
    numbers = iter(range(1_000))
    for attacker in range(8):
        crowd(strangers, range(attacker * 8, attacker * 8 + 8), f"10.66.0.{attacker}")
    assert strangers.arrive(next(numbers) + 500, "10.0.0.1", 0) == in_place_of(0)
    assert strangers.arrive(next(numbers) + 500, "10.66.0.0", 0) == AWAY, (
        "seven against eight is no share to claim"
    )
    assert strangers.arrive(next(numbers) + 500, "10.0.0.1", 0).admitted


def test_shares_do_not_swing_to_and_fro():
    strangers = Strangers(most=5)
    crowd(strangers, range(3), "10.0.0.1")
    crowd(strangers, range(3, 5), "10.0.0.2")
    for number in range(100, 120):
        assert strangers.arrive(number, f"10.0.0.{1 + number % 2}", 0) == AWAY


# --- no limit


def test_nought_is_no_limit():
    strangers = Strangers(most=0, most_of_one=0)
    crowd(strangers, range(1_000), "10.0.0.1")
    assert len(strangers) == 1_000


def test_no_limit_in_all_leaves_the_one_of_an_address_and_the_other_way_round():
    strangers = Strangers(most=0, most_of_one=1)
    crowd(strangers, range(200))
    assert strangers.arrive(999, address(7), 0) == AWAY
    strangers = Strangers(most=2, most_of_one=0)
    crowd(strangers, range(2), "10.0.0.1")
    assert strangers.arrive(2, "10.0.0.1", 0) == AWAY


# --- whatever happens

MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("arrive"), st.integers(0, 5), st.floats(0, 2)),
        st.tuples(st.just("leave"), st.integers(0, 60), st.just(0.0)),
    ),
    max_size=80,
)


@given(MOVES, st.integers(1, 6), st.integers(1, 4))
def test_never_more_than_there_may_be_and_everybody_is_counted_once(moves, most, most_of_one):
    strangers, now, here = Strangers(most, most_of_one), 0.0, dict[int, int]()
    for number, (move, who, later) in enumerate(moves):
        now += later
        if move == "leave":
            strangers.leave(who)
            here.pop(who, None)
            continue
        admission = strangers.arrive(number, address(who), now)
        if admission.displaced is not None:
            del here[admission.displaced]
        if admission.admitted:
            here[number] = who
        else:
            assert admission.displaced is None
        assert len(strangers) == len(here) <= most
        assert all(list(here.values()).count(each) <= most_of_one for each in here.values())


def test_a_computer_with_many_addresses_of_ipv6_is_one():
    strangers = Strangers(most_of_one=2)
    assert strangers.arrive(1, "2001:db8::1", 0) == IN
    assert strangers.arrive(2, "2001:db8::2", 0) == IN
    assert strangers.arrive(3, "2001:db8::3", 0) == AWAY
    assert strangers.arrive(4, "192.168.1.7", 0) == IN
    assert strangers.arrive(5, "::ffff:192.168.1.7", 0) == IN
    assert strangers.arrive(6, "192.168.1.7", 0) == AWAY
