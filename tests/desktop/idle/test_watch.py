"""When it is said that somebody is idle: once on the way there, and once on the way back."""

import pytest
from PySide6.QtCore import QTimer

from tact_desktop.idle.watch import IDLE_AFTER_SECONDS, LOOK_CLOSELY_SECONDS, LOOK_SECONDS, IdleWatch
from tests.support.heard import heard


class Person:
    """Whoever is watched; the test says how long there was no input, and when somebody looks."""

    def __init__(self, **limit) -> None:
        self.seconds: int | None = 0
        self.watch = IdleWatch(lambda: self.seconds, **limit)
        self.told = heard(self.watch.idle)
        self.timer = self.watch.findChildren(QTimer)[0]

    def is_seen(self, *readings: int | None) -> None:
        """The next looks find this."""
        for self.seconds in readings:
            assert self.timer.isActive()
            self.timer.timeout.emit()

    @property
    def values(self) -> list[int | None]:
        """All that was told."""
        return [value for (value,) in self.told]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("readings", "told"),
    [
        ((0, 100, 299), []),
        ((299, 300), [300]),
        ((290, 304, 306, 308), [304]),
        ((300, 302, 0), [300, None]),
        ((300, 299), [300, None]),
        ((300, 1, 0, 15), [300, None]),
        ((300, 0, 301, 303, 4), [300, None, 301, None]),
        ((80_000, 80_002), [80_000]),  # the machine slept meanwhile
        ((None, None), []),
        ((300, None, None), [300, None]),
        ((300, None, 310), [300, None, 310]),
        ((None, 310), [310]),
    ],
)
def test_each_change_is_said_once(readings, told):
    person = Person()
    person.watch.start()
    person.is_seen(*readings)
    assert person.values == told


@pytest.mark.usefixtures("qapp")
def test_the_limit_can_be_chosen():
    assert IDLE_AFTER_SECONDS == 300
    person = Person(after_seconds=60)
    person.watch.start()
    person.is_seen(59, 60, 61)
    assert person.values == [60]


@pytest.mark.usefixtures("qapp")
def test_who_is_idle_at_the_start_is_said_at_once():
    person = Person()
    person.seconds = 400
    person.watch.start()
    assert person.values == [400]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("seconds", "look_again"),
    [
        (None, LOOK_SECONDS),
        (0, LOOK_SECONDS),
        (300 - LOOK_SECONDS - 1, LOOK_SECONDS),
        (300 - LOOK_SECONDS, LOOK_CLOSELY_SECONDS),
        (300, LOOK_CLOSELY_SECONDS),
        (80_000, LOOK_CLOSELY_SECONDS),
    ],
)
def test_looks_are_close_together_while_a_change_is_due(seconds, look_again):
    person = Person()
    person.watch.start()
    assert person.timer.interval() == LOOK_SECONDS * 1000
    person.is_seen(seconds)
    assert person.timer.interval() == look_again * 1000
    person.is_seen(0)
    assert person.timer.interval() == LOOK_SECONDS * 1000


@pytest.mark.usefixtures("qapp")
def test_nobody_looks_before_the_start_and_after_the_stop():
    person = Person()
    assert not person.timer.isActive()
    person.watch.start()
    person.is_seen(300)
    person.watch.stop()
    assert not person.timer.isActive()
    assert person.values == [300]


@pytest.mark.usefixtures("qapp")
def test_a_second_start_says_it_again():
    person = Person()
    person.watch.start()
    person.is_seen(300)
    person.watch.stop()
    person.watch.start()
    assert person.values == [300, 300]


@pytest.mark.usefixtures("qapp")
def test_a_watch_that_is_stopped_when_it_speaks_stays_stopped():
    person = Person()
    person.watch.idle.connect(person.watch.stop)
    person.watch.start()
    person.is_seen(300)
    assert not person.timer.isActive()
