"""What is known of messages without asking, and for how long. That it is true is checked after every test of the heart,
by `miscounted`."""

import pytest
from msgspec.structs import replace

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import Envelope, State, Submission
from tact_engine.core.view import Content
from tact_engine.store.known import KEPT_MAX, Known
from tests.support.heart import DAY

MARY = Envelope(1, "m1", "tom", "mary", "direct", WHEN_ONLINE, State.HELD, 1, 2, 3, 4)
JOHN = replace(MARY, recipient="john")


@pytest.fixture
def known() -> Known:
    return Known()


def test_nothing_is_known_of_what_was_not_learned(known):
    assert known.envelopes("m1") is None
    assert "m1" not in known
    assert known.moved(MARY) is None
    assert known.envelopes("m1") is None, "one envelope is not all of its message"


def test_what_is_missing_is_known_to_be(known):
    known.missing(["m1", "m2"])
    assert known.envelopes("m1") == ()
    known.learn("m1", (MARY,))
    assert known.envelopes("m1") == (MARY,)


def test_a_move_changes_one_envelope_and_keeps_their_order(known):
    gone = replace(JOHN, state=State.RELEASED)
    known.learn("m1", (MARY, JOHN))
    assert known.moved(gone) == (MARY, gone)
    assert known.envelopes("m1") == (MARY, gone)
    known.learn("m1", (MARY,))
    assert known.moved(replace(MARY, state=State.READ)) == (replace(MARY, state=State.READ),)


def test_what_is_forgotten_is_asked_for_again(known):
    known.learn("m1", (MARY,))
    known.forget("m1")
    known.forget("m2")
    assert known.envelopes("m1") is None
    known.learn("m1", (MARY,))
    known.contents[1] = Content(b"x", "text/plain", "", ("tom", "mary"))
    known.forget_all()
    assert (known.envelopes("m1"), known.contents) == (None, {})


def test_after_a_batch_no_text_is_kept_and_of_messages_the_latest(known):
    known.contents[1] = Content(b"x", "text/plain", "", ("tom", "mary"))
    for number in range(KEPT_MAX):
        known.learn(f"m{number}", (MARY,))
    known.end_batch()
    assert known.contents == {}
    assert "m0" in known
    known.learn("latest", (MARY,))
    known.end_batch()
    assert "m0" not in known
    assert "latest" in known


def test_many_messages_that_come_together_are_not_asked_for_one_by_one(office):
    office.away("mary")
    tom = office.sign_in("tom")
    asked: list[str] = []
    office.store._db.set_trace_callback(asked.append)
    office.feed(
        *(facts.Submitted(tom.session, n, Submission(f"m{n}", ("mary",), b"hello")) for n in range(50))
    )
    office.store._db.set_trace_callback(None)
    assert office.store.view.held_count("tom", "mary") == 50
    assert len([each for each in asked if each.startswith("SELECT")]) <= 3, asked


def test_what_was_changed_in_another_way_is_read_again(office):
    mary, tom = office.sign_in("mary"), office.sign_in("tom")
    id = tom.submit("mary", when=PRESETS["not angry"], body="first")
    mary.lose_link()
    office.after(1)
    tom.edit(id, body=b"a much longer second text")
    office.sign_in("mary").acknowledge(id)
    assert office.state(id) is State.DELIVERED
    office.asleep(40 * DAY)  # its news were not noted, and have their 30 days as well
    office.store.housekeep(office.now)
    assert office.store.view.envelopes(id) == ()
