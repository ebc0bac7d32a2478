"""Wrong guesses meet blocks that grow and end; right ones, and everybody else, do not."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.accounts import guesses
from tact_engine.accounts.guesses import ACCOUNT, ADDRESS, ENGINE, HOUR_MS, SECOND_MS, TALLIES_MAX, Guesses

MINUTE_MS = 60 * SECOND_MS
START = 7 * HOUR_MS


class Limiter:
    """Guesses at a time of the test's own."""

    def __init__(self):
        self.now = START
        self.guesses = Guesses()
        self._fresh = 0

    def fresh(self):
        """A name that nobody had before: of an account, or an address."""
        self._fresh += 1
        return f"fresh-{self._fresh}"

    def wrong(self, account=None, address=None):
        """Guess wrong; the seconds to wait, 0 where the guess was let through."""
        account = self.fresh() if account is None else account
        return self.guesses.begin(account, address or self.fresh(), self.now)

    def right(self, account, address):
        assert self.guesses.begin(account, address, self.now) == 0
        self.guesses.right(account, address)

    def until_blocked(self, **who):
        """Guess wrong until that is refused: how many were let through, and the seconds to wait then."""
        let_through = 0
        while not (wait := self.wrong(**who)):
            let_through += 1
        return let_through, wait


@pytest.fixture
def limiter():
    return Limiter()


WHO = {
    "account": ({"account": "anna"}, ACCOUNT, [15, 30, 60, 60]),
    "address": ({"address": "10.0.0.9"}, ADDRESS, [1, 2, 4, 8, 16, 32, 60, 60]),
    "token": ({"account": "", "address": "10.0.0.9"}, ADDRESS, [1, 2, 4, 8, 16, 32, 60, 60]),
    "engine": ({}, ENGINE, [1, 2, 4, 8, 16, 32, 60, 60]),
}
each_kind = pytest.mark.parametrize(("who", "limit", "minutes"), WHO.values(), ids=WHO)


def test_the_limits_are_these():
    assert (ACCOUNT.most, ACCOUNT.span_ms) == (5, 15 * MINUTE_MS)
    assert (ADDRESS.most, ADDRESS.span_ms) == (20, MINUTE_MS)
    assert (ENGINE.most, ENGINE.span_ms) == (100, MINUTE_MS)


@each_kind
def test_each_block_is_twice_as_long_up_to_an_hour(limiter, who, limit, minutes):
    for each in minutes:
        assert limiter.until_blocked(**who) == (limit.most, each * 60)
        limiter.now += each * MINUTE_MS


@each_kind
def test_a_block_ends_on_time(limiter, who, limit, minutes):
    limiter.until_blocked(**who)
    limiter.now += minutes[0] * MINUTE_MS - 1
    assert limiter.wrong(**who) == 1
    limiter.now += 1
    assert limiter.wrong(**who) == 0


@each_kind
def test_asking_during_a_block_does_not_make_it_longer(limiter, who, limit, minutes):
    limiter.until_blocked(**who)
    for _ in range(30):
        limiter.now += minutes[0] * 2 * SECOND_MS - 1
        assert limiter.wrong(**who) > 0
    limiter.now += 30
    assert limiter.wrong(**who) == 0


@each_kind
def test_few_guesses_far_apart_are_never_blocked(limiter, who, limit, minutes):
    for _ in range(3 * limit.most):
        assert limiter.wrong(**who) == 0
        limiter.now += -(-limit.span_ms // (limit.most - 1))


@each_kind
def test_the_span_slides(limiter, who, limit, minutes):
    """Guesses at the end of one span and at the beginning of the next are in one span."""
    limiter.now += limit.span_ms - 1
    for _ in range(limit.most - 1):
        assert limiter.wrong(**who) == 0
    limiter.now += limit.span_ms - 1
    assert limiter.wrong(**who) == 0
    assert limiter.wrong(**who) > 0


@each_kind
def test_a_quiet_hour_makes_the_next_block_short_again(limiter, who, limit, minutes):
    for each in minutes[:3]:
        limiter.until_blocked(**who)
        limiter.now += each * MINUTE_MS
    limiter.now += HOUR_MS
    assert limiter.until_blocked(**who) == (limit.most, minutes[0] * 60)


@each_kind
def test_a_little_less_than_that_does_not(limiter, who, limit, minutes):
    limiter.until_blocked(**who)
    limiter.now += minutes[0] * MINUTE_MS + HOUR_MS - 1
    assert limiter.until_blocked(**who) == (limit.most, minutes[1] * 60)


def test_a_block_of_one_account_concerns_nobody_else(limiter):
    limiter.until_blocked(account="anna", address="10.0.0.9")
    assert limiter.wrong(account="anna") > 0
    assert limiter.wrong(account="tom", address="10.0.0.9") == 0
    assert limiter.wrong(account="", address="10.0.0.9") == 0


def test_a_block_of_one_address_concerns_no_other(limiter):
    limiter.until_blocked(address="10.0.0.9")
    assert limiter.wrong(account="anna", address="10.0.0.9") > 0
    assert limiter.wrong(account="anna", address="10.0.0.8") == 0


def test_the_longest_wait_is_named(limiter):
    limiter.until_blocked(account="anna")
    limiter.until_blocked(address="10.0.0.9")
    assert limiter.wrong(account="anna", address="10.0.0.9") == 15 * 60


def test_tokens_are_no_account(limiter):
    assert [limiter.wrong(account="") for _ in range(ENGINE.most)] == [0] * ENGINE.most


def test_a_refused_guess_counts_nowhere(limiter):
    limiter.until_blocked(account="anna")
    for _ in range(ENGINE.most):
        limiter.wrong(account="anna", address="10.0.0.9")
    assert limiter.until_blocked(account="", address="10.0.0.9") == (ADDRESS.most, 60)


# --- guesses that were right, or never looked at


def test_whoever_is_right_is_never_blocked(limiter):
    for _ in range(3 * ENGINE.most):
        limiter.right("anna", "10.0.0.9")


def test_a_right_guess_begins_the_account_anew(limiter):
    for _ in range(3):
        for _ in range(ACCOUNT.most - 1):
            assert limiter.wrong(account="anna") == 0
        limiter.right("anna", "10.0.0.9")
    limiter.until_blocked(account="anna")
    limiter.now += 15 * MINUTE_MS
    limiter.right("anna", "10.0.0.9")
    assert limiter.until_blocked(account="anna") == (ACCOUNT.most, 15 * 60)


def test_right_guesses_at_ones_own_account_wash_away_none_at_others(limiter):
    for _ in range(ADDRESS.most - 1):
        assert limiter.wrong(address="10.0.0.9") == 0
        limiter.right("mallory", "10.0.0.9")
    assert limiter.wrong(address="10.0.0.9") == 0
    assert limiter.wrong(address="10.0.0.9") == 60


def test_the_last_guess_may_be_the_right_one(limiter):
    for _ in range(ACCOUNT.most - 1):
        limiter.wrong(account="anna", address="10.0.0.9")
    limiter.right("anna", "10.0.0.9")
    assert limiter.wrong(account="anna") == 0


def test_guesses_that_are_looked_at_at_once_do_not_slip_through(limiter):
    begun = [limiter.wrong(account="anna") for _ in range(ACCOUNT.most + 4)]
    assert begun == [0] * ACCOUNT.most + [15 * 60] * 4


@each_kind
def test_a_guess_that_was_not_looked_at_does_not_count(limiter, who, limit, minutes):
    account, address = who.get("account", "tom"), who.get("address", "10.0.0.8")
    for _ in range(limit.most - 1):
        assert limiter.wrong(**who) == 0
    for _ in range(3):
        assert limiter.guesses.begin(account, address, limiter.now) == 0
        limiter.guesses.untried(account, address)
    assert limiter.until_blocked(**who)[0] == 1


def test_taking_back_does_not_end_a_growth(limiter):
    limiter.until_blocked(account="anna")
    limiter.now += 15 * MINUTE_MS
    assert limiter.guesses.begin("anna", "10.0.0.9", limiter.now) == 0
    limiter.guesses.untried("anna", "10.0.0.9")
    assert limiter.until_blocked(account="anna") == (ACCOUNT.most, 30 * 60)


def test_taking_back_what_was_forgotten_is_nothing(limiter):
    limiter.guesses.untried("anna", "10.0.0.9")
    limiter.guesses.right("anna", "10.0.0.9")
    assert limiter.until_blocked(account="anna") == (ACCOUNT.most, 15 * 60)


# --- laws


@each_kind
@given(pauses=st.lists(st.integers(0, 2 * HOUR_MS) | st.integers(0, 90 * SECOND_MS), max_size=60))
def test_no_span_sees_more_than_so_many_and_no_wait_is_longer_than_an_hour(who, limit, minutes, pauses):
    limiter = Limiter()
    last = deque(maxlen=limit.most)
    for pause in pauses:
        limiter.now += pause
        while not (wait := limiter.wrong(**who)):
            assert len(last) < limit.most or limiter.now - last[0] >= limit.span_ms
            last.append(limiter.now)
            if limiter.now % 3 == 0:
                break
        assert wait <= HOUR_MS // SECOND_MS


@given(st.lists(st.integers(0, HOUR_MS), min_size=1, max_size=200))
def test_whoever_waits_as_long_as_told_may_guess(pauses):
    limiter = Limiter()
    for pause in pauses:
        limiter.now += pause
        if wait := limiter.wrong("anna", "10.0.0.9"):
            limiter.now += wait * SECOND_MS
            assert limiter.wrong("anna", "10.0.0.9") == 0


@each_kind
@pytest.mark.parametrize("patience_ms", [0, MINUTE_MS, HOUR_MS, HOUR_MS + MINUTE_MS])
def test_no_patience_beats_the_longest_block(limiter, who, limit, minutes, patience_ms):
    """In ten days, no rhythm lets through more than `most` an hour, but for the first ones."""
    let_through = 0
    while limiter.now < START + 240 * HOUR_MS:
        got, wait = limiter.until_blocked(**who)
        let_through += got
        limiter.now += wait * SECOND_MS + patience_ms
    assert let_through <= (240 + len(minutes)) * limit.most


def test_memory_is_bounded(limiter, monkeypatch):
    monkeypatch.setattr(guesses, "TALLIES_MAX", 10)
    limiter.wrong(account="anna", address="10.0.0.9")
    for _ in range(10):
        limiter.wrong()
    assert [len(kind._by_name) for kind in kinds(limiter)] == [1, 10, 10]
    assert "anna" not in limiter.guesses._accounts._by_name
    assert TALLIES_MAX == 4_096


def test_the_one_touched_longest_ago_is_forgotten_first(limiter, monkeypatch):
    monkeypatch.setattr(guesses, "TALLIES_MAX", 10)
    for _ in range(ACCOUNT.most):
        limiter.wrong(account="anna")
        for _ in range(8):
            limiter.wrong()
    assert limiter.wrong(account="anna") == 15 * 60


def test_right_guesses_leave_nothing_behind(limiter):
    limiter.right("anna", "10.0.0.9")
    assert [len(kind._by_name) for kind in kinds(limiter)] == [0, 0, 0]


def test_pushing_out_a_block_takes_longer_than_the_block(limiter):
    limiter.until_blocked(account="anna")
    for _ in range(2 * TALLIES_MAX):
        if "anna" in limiter.guesses._accounts._by_name:
            limiter.now += limiter.wrong() * SECOND_MS
    assert "anna" not in limiter.guesses._accounts._by_name
    assert limiter.now - START > 24 * HOUR_MS


def kinds(limiter):
    return limiter.guesses._engine, limiter.guesses._addresses, limiter.guesses._accounts
