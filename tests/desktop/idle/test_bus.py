"""Seconds from the services of a desktop: who is asked, in which unit they answer, and how long an answer holds."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from PySide6.QtCore import ClassInfo, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusError, QDBusMessage, QDBusPendingCall

from tact_desktop.idle import bus as module
from tact_desktop.idle.bus import ANSWER_HOLDS_SECONDS, ANSWER_MS_MAX, SERVICES, BusIdle

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux"),
    pytest.mark.usefixtures("qapp"),
]

GNOME, FREEDESKTOP = (each.name for each in SERVICES)
UNTIL_MS_MAX = 20_000
REFUSAL = QDBusError.ErrorType.NotSupported


class MadeUpBus:
    """A bus whose services answer what the test says, by name; who is not named is not there."""

    def __init__(self, connected: bool = True, **answers: Any) -> None:
        self.connected, self.answers = connected, answers
        self.asked: list[str] = []
        self.questions: list[QDBusMessage] = []

    def isConnected(self) -> bool:
        return self.connected

    def asyncCall(self, question: QDBusMessage, timeout: int) -> QDBusPendingCall:
        assert timeout == ANSWER_MS_MAX
        self.questions.append(question)
        who = {GNOME: "gnome", FREEDESKTOP: "freedesktop"}[question.service()]
        self.asked.append(who)
        answer = self.answers.get(who, QDBusError.ErrorType.ServiceUnknown)
        reply = (
            question.createErrorReply(answer, "No.")
            if isinstance(answer, QDBusError.ErrorType)
            else question.createReply(arguments=list(answer) if isinstance(answer, tuple) else [answer])
        )
        return QDBusPendingCall.fromCompletedCall(reply)

    def idle(self) -> BusIdle:
        """What asks it."""
        return BusIdle(self)  # pyright: ignore[reportArgumentType]


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.seconds = 10_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    return clock


@pytest.fixture
def looks(qtbot) -> Callable[[BusIdle, int], list[int | None]]:
    """What a source says at so many looks; what it asked was answered before the next."""

    def say(idle: BusIdle, count: int) -> list[int | None]:
        said: list[int | None] = []
        for _ in range(count):
            said.append(idle())
            qtbot.waitUntil(lambda: idle._asked is None, timeout=UNTIL_MS_MAX)
        return said

    return say


@pytest.mark.parametrize(
    ("answer", "seconds"), [(0, 0), (999, 0), (300_999, 300), (5_000_000_123, 5_000_000)]
)
@pytest.mark.parametrize("who", ["gnome", "freedesktop"])
def test_both_answer_milliseconds(looks, who, answer, seconds):
    assert looks(MadeUpBus(**{who: answer}).idle(), 3)[-1] == seconds


def test_what_is_said_was_answered_to_the_look_before(looks):
    bus = MadeUpBus(gnome=1000)
    idle = bus.idle()
    assert looks(idle, 2) == [None, 1]
    bus.answers["gnome"] = 16_000
    assert looks(idle, 2) == [1, 16]


def test_who_answers_is_asked_again_and_who_does_not_is_not(looks):
    bus = MadeUpBus(freedesktop=7000)
    looks(bus.idle(), 4)
    assert bus.asked == ["gnome", "freedesktop", "freedesktop", "freedesktop"]


def test_the_other_is_asked_when_one_goes_away(looks):
    bus = MadeUpBus(gnome=1000, freedesktop=7000)
    idle = bus.idle()
    assert looks(idle, 3) == [None, 1, 1]
    del bus.answers["gnome"]
    assert looks(idle, 3) == [1, None, 7]


@pytest.mark.parametrize("answer", [REFUSAL, (), (1000, 1000), "1000", -1.5])
def test_what_is_no_number_is_no_answer(looks, answer):
    bus = MadeUpBus(gnome=answer)
    assert looks(bus.idle(), 4) == [None] * 4
    assert bus.asked == ["gnome", "freedesktop"] * 2


def test_one_question_at_a_time():
    bus = MadeUpBus(gnome=1000)
    idle = bus.idle()
    assert (idle(), idle()) == (None, None)
    assert bus.asked == ["gnome"]


def test_no_service_is_started_for_a_question(looks):
    bus = MadeUpBus()
    looks(bus.idle(), 2)
    assert [each.autoStartService() for each in bus.questions] == [False, False]


def test_an_answer_does_not_hold_for_ever(looks, clock):
    idle = MadeUpBus(gnome=400_000).idle()
    looks(idle, 1)
    clock.seconds += ANSWER_HOLDS_SECONDS
    assert looks(idle, 1) == [400]
    clock.seconds += ANSWER_HOLDS_SECONDS + 1
    assert looks(idle, 2) == [None, 400]


def test_no_bus_is_no_answer(looks):
    bus = MadeUpBus(connected=False, gnome=1000)
    assert looks(bus.idle(), 3) == [None] * 3
    assert bus.asked == []


def test_questions_that_were_answered_are_thrown_away(looks, qtbot):
    idle = MadeUpBus(gnome=1000).idle()
    looks(idle, 5)
    qtbot.waitUntil(lambda: idle.children() == [], timeout=UNTIL_MS_MAX)


# A real bus


def on_bus(interface: str) -> Callable[[type[QObject]], type[QObject]]:
    """A class whose slots others on the bus may call; what Qt's stubs say of this decorator is not so."""
    return cast("Any", ClassInfo)({"D-Bus Interface": interface})


@on_bus(GNOME)
class Gnome(QObject):
    """The real one answers with a number of 64 bits, too."""

    @Slot(result="qulonglong")
    def GetIdletime(self) -> int:
        return 5_000_000_123


@on_bus(FREEDESKTOP)
class Freedesktop(QObject):
    """The real one answers with a number of 32 bits, too."""

    @Slot(result="uint")
    def GetSessionIdleTime(self) -> int:
        return 42_999


@pytest.fixture
def address() -> Iterator[str]:
    """Where a bus is that nobody else uses."""
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("needs dbus-daemon")
    with subprocess.Popen(
        [program, "--session", "--nofork", "--nopidfile", "--print-address"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        try:
            if not address:
                pytest.skip("dbus-daemon does not start here")
            yield address
        finally:
            daemon.terminate()


@pytest.fixture
def buses(address) -> Iterator[list[QDBusConnection]]:
    """Two connections to it."""
    names = ["tact-test-one", "tact-test-two"]
    yield [QDBusConnection.connectToBus(address, name) for name in names]
    for name in names:
        QDBusConnection.disconnectFromBus(name)


@pytest.mark.parametrize(
    ("service", "made", "seconds"), [(SERVICES[0], Gnome, 5_000_000), (SERVICES[1], Freedesktop, 42)]
)
def test_a_service_on_a_real_bus(buses, service, made, seconds, qtbot):
    here, there = buses
    one = made()
    assert there.registerService(service.name)
    assert there.registerObject(service.path, one, QDBusConnection.RegisterOption.ExportAllSlots)
    idle = BusIdle(here)
    qtbot.waitUntil(lambda: idle() == seconds, timeout=UNTIL_MS_MAX)


def test_nobody_on_a_real_bus(buses, qtbot):
    idle = BusIdle(buses[0])
    turns: set[int] = set()

    def all_were_asked() -> bool:
        assert idle() is None
        turns.add(idle._turn)
        return len(turns) == len(SERVICES)

    qtbot.waitUntil(all_were_asked, timeout=UNTIL_MS_MAX)
