"""What a person chose goes along with every sign-in, follows the engine's document, and ends when it is over."""

import pytest

from tact_engine.client.own_presence import OwnPresence
from tact_engine.core.presence import IDLE, Presence, Reading, SetBy


class Clocks:
    """The engine's time in milliseconds, and a monotonic clock in seconds."""

    def __init__(self):
        self.ms, self.ticks = 1_000_000, 50.0

    def own(self, **chosen) -> OwnPresence:
        return OwnPresence(chosen, lambda: self.ms, lambda: self.ticks)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def document(**readings: Reading) -> Presence:
    return Presence("mary", 7, {"OnlineStatus": Reading(True, 5, source=SetBy.ENGINE)} | readings)


def test_nothing_chosen_is_nothing_to_say(clocks):
    assert clocks.own().to_sign_in() == ({}, {})


@pytest.mark.rule("P13")
def test_what_was_chosen_at_first_and_later_goes_along(clocks):
    own = clocks.own(UserMood="SAD", TimeZone="Europe/Helsinki")
    own.choose({"UserMood": "HAPPY", "Alias": None}, {})
    assert own.to_sign_in() == ({"UserMood": "HAPPY", "TimeZone": "Europe/Helsinki", "Alias": None}, {})


def test_what_was_given_at_first_is_not_changed(clocks):
    chosen = {"UserMood": "SAD"}
    own = OwnPresence(chosen, lambda: 0)
    own.choose({"UserMood": "HAPPY"}, {})
    assert chosen == {"UserMood": "SAD"}


@pytest.mark.rule("P19")
def test_an_end_goes_along_until_it_comes(clocks):
    own = clocks.own(StatusText="here")
    own.choose({"UserMood": "SAD"}, {"UserMood": clocks.ms + 1})
    assert own.to_sign_in() == ({"StatusText": "here", "UserMood": "SAD"}, {"UserMood": clocks.ms + 1})
    clocks.ms += 1
    assert own.to_sign_in() == ({"StatusText": "here"}, {})


@pytest.mark.rule("P22")
def test_a_value_without_an_end_stays(clocks):
    own = clocks.own()
    own.choose({"UserMood": "SAD"}, {"UserMood": clocks.ms + 1})
    own.choose({"UserMood": "SAD"}, {})
    clocks.ms += 1
    assert own.to_sign_in() == ({"UserMood": "SAD"}, {})


# --- following the engine


@pytest.mark.rule("P26")
def test_what_the_engine_has_is_not_said_again_whoever_had_the_last_word(clocks):
    own = clocks.own(UserMood="SAD", Alias="Mary")
    own.learn(document(UserMood=Reading("SAD", 6), Alias=Reading("Mary", 6)))
    own.learn(document(UserMood=Reading("HAPPY", 7), Alias=Reading("Mary", 6)))
    assert own.to_sign_in() == ({}, {})


def test_what_is_on_its_way_is_said_and_an_older_document_does_not_undo_it(clocks):
    own = clocks.own()
    own.choose({"UserMood": "SAD"}, {"UserMood": clocks.ms + 9})
    own.learn(document(UserMood=Reading("HAPPY", 6), Activity=Reading("LUNCH", 6)))
    assert own.to_sign_in() == ({"UserMood": "SAD"}, {"UserMood": clocks.ms + 9})
    own.learn(document(UserMood=Reading("SAD", 7, until=clocks.ms + 9)))
    assert own.to_sign_in() == ({}, {})


def test_the_same_value_with_another_end_is_not_there_yet(clocks):
    own = clocks.own()
    own.choose({"UserMood": "SAD"}, {"UserMood": clocks.ms + 9})
    own.learn(document(UserMood=Reading("SAD", 6)))
    assert own.to_sign_in() == ({"UserMood": "SAD"}, {"UserMood": clocks.ms + 9})


def test_what_was_learned_is_said_once_it_is_chosen_anew(clocks):
    own = clocks.own(UserMood="SAD")
    own.learn(document(UserMood=Reading("HAPPY", 6, until=clocks.ms + 9)))
    own.learn(document(UserMood=Reading("SAD", 7)))
    own.learn(document())
    assert own.to_sign_in() == ({}, {})
    own.choose({"UserMood": None}, {})
    assert own.to_sign_in() == ({"UserMood": None}, {})
    own.learn(document())
    assert own.to_sign_in() == ({}, {})


@pytest.mark.rule("P19")
def test_what_ended_before_it_was_ever_said_is_over(clocks):
    own = clocks.own()
    own.choose({"UserMood": "SAD"}, {"UserMood": clocks.ms + 9})
    clocks.ms += 9
    own.learn(document(UserMood=Reading("HAPPY", 6)))
    assert own.to_sign_in() == ({}, {})


def test_what_the_engine_and_the_computer_set_is_not_learned(clocks):
    own = clocks.own(TimeZone="Europe/Helsinki")
    own.learn(document(TimeZone=Reading("Asia/Tokyo", 6), Idle=Reading(5, 6)))
    assert own.to_sign_in() == ({"TimeZone": "Europe/Helsinki"}, {})


def test_no_document_teaches_nothing(clocks):
    own = clocks.own(UserMood="SAD")
    own.learn(None)
    assert own.to_sign_in() == ({"UserMood": "SAD"}, {})


# --- how long nobody touched the computer


@pytest.mark.rule("P10")
def test_idle_grows_until_the_sign_in(clocks):
    own = clocks.own()
    own.choose({IDLE: 60}, {})
    assert own.to_sign_in() == ({IDLE: 60}, {})
    clocks.ticks += 30.9
    assert own.to_sign_in() == ({IDLE: 90}, {})


@pytest.mark.parametrize("active", [0, None])
def test_who_is_active_is_not_idle(clocks, active):
    own = clocks.own()
    own.choose({IDLE: 60}, {})
    own.choose({IDLE: active}, {})
    clocks.ticks += 30
    assert own.to_sign_in() == ({}, {})


def test_idle_that_was_chosen_at_first_grows_as_well(clocks):
    own = clocks.own(Idle=60)
    clocks.ticks += 30
    assert own.to_sign_in() == ({IDLE: 90}, {})


def test_idle_is_never_below_nought(clocks):
    own = clocks.own()
    own.choose({IDLE: 5}, {})
    clocks.ticks -= 60
    assert own.to_sign_in() == ({IDLE: 0}, {})
