"""What is done in the real window while somebody looks at the clock."""

import time
from collections.abc import Callable
from itertools import islice
from statistics import quantiles

from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QListView

from tact_desktop.bridge import Connected
from tact_desktop.state.wording_conversation import conversation_with
from tact_desktop.window import MainWindow
from tact_engine.core.envelope import Receipt, State
from tests.bench.window_office import BEFORE, ME, OTHER, arriving, changes, office
from tests.bench.window_program import Figures, rss_mib

SCROLL_PIXELS = 90
CHANGES_PER_SECOND = 50
SETTLE_SECONDS_MAX = 1.0
REST_SECONDS = 0.000_5
STILL_MS = 0.2
"""Shorter stretches are none: nothing was there to do but to look at the clock."""
ENTER = (QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)


def play(scene: str, window: MainWindow, steps: int) -> Figures:
    """The figures of one scene, in milliseconds and MiB, after everybody has come in."""
    window.resize(1240, 760)
    window.activateWindow()
    window.desk.bridge.sign_out()  # nobody looks for an engine meanwhile
    idle(0.5)
    coming = _enter(window)
    return {"sign-in, everybody comes": coming} | SCENES[scene](window, steps)


def opening(window: MainWindow, steps: int) -> Figures:
    """Open the long conversation for the first time, then again and again."""
    first = timed(lambda: window.people.chosen.emit(OTHER))
    figures = {"open, first time": first, "RSS, long conversation open": rss_mib()}
    again: list[float] = []
    for _ in range(steps):
        timed(lambda: window.people.chosen.emit(BEFORE))
        again.append(timed(lambda: window.people.chosen.emit(OTHER)))
    return figures | spread("open, again", again)


def scrolling(window: MainWindow, steps: int) -> Figures:
    """Scroll up through the long conversation, and half of the way down."""
    window.people.chosen.emit(OTHER)
    settle()
    bar, frames, gone = _view(window).verticalScrollBar(), list[float](), list[int]()

    def scroll(pixels_down: int) -> int:
        """How far that really went: more is taken in above meanwhile, so places do not tell."""
        before = bar.value()
        bar.setValue(before + pixels_down)
        return abs(bar.value() - before)

    for number in range(steps + steps // 2):
        down = SCROLL_PIXELS * (-1 if number < steps else 1)
        frames.append(timed(lambda down=down: gone.append(scroll(down))))
    return spread("scroll", frames) | {"scrolled": float(sum(gone)), "RSS, after scrolling": rss_mib()}


def appending(window: MainWindow, steps: int) -> Figures:
    """Messages arrive one by one in the long conversation while somebody looks at it; then they answer."""
    window.people.chosen.emit(OTHER)
    settle()
    bridge, view = window.desk.bridge, _view(window)
    assert (view.isVisible(), window.isActiveWindow()) == (True, True), "what comes is seen"
    came = [
        watched(lambda one=one: bridge.delivered.emit(one.sequence, (one,), False))
        for one in islice(arriving(), steps)
    ]
    sent: list[tuple[float, float]] = []
    field = window.composer.text_field()
    for number in range(steps):
        field.setPlainText(f"Answer {number}, thanks.")
        settle()
        sent.append(watched(lambda: QApplication.sendEvent(field, QKeyEvent(*ENTER))))
        _arrives(window)
    figures: Figures = {}
    for name, values in (("append, received", came), ("append, sent", sent)):
        figures |= spread(name, [whole for whole, _ in values])
        figures |= spread(f"{name}, stretch", [longest for _, longest in values])
    return figures


def changing(window: MainWindow, seconds: int) -> Figures:
    """Somebody changes their presence fifty times a second, at the real pace."""
    window.people.chosen.emit(OTHER)
    settle()
    feeding, stretches = changes(), list[float]()
    ticking = QTimer(window, interval=1000 // CHANGES_PER_SECOND, timerType=Qt.TimerType.PreciseTimer)
    ticking.timeout.connect(lambda: window.desk.bridge.people.emit((next(feeding),)))
    ticking.start()
    ends, used = time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < ends:
        stretches.append(timed(nothing))
        time.sleep(REST_SECONDS)
    ticking.stop()
    load = (time.process_time() - used) / seconds * 100
    return spread("presence, busy stretch", [each for each in stretches if each > STILL_MS]) | {
        "presence, processor %": load
    }


SCENES: dict[str, Callable[[MainWindow, int], Figures]] = {
    "open": opening,
    "scroll": scrolling,
    "append": appending,
    "presence": changing,
}


def timed(act: Callable[[], object]) -> float:
    """Milliseconds until `act` is done with all that it caused, painting included."""
    return watched(act)[0]


def watched(act: Callable[[], object]) -> tuple[float, float]:
    """The same, and the longest stretch of it in which the window could do nothing else."""
    started = time.perf_counter()
    act()
    longest = max(time.perf_counter() - started, settle())
    return (time.perf_counter() - started) * 1000, longest * 1000


def settle() -> float:
    """Let everything happen that is ready to; for a second at most, where the window never comes to rest.

    The longest of it that was done in one go, in seconds.
    """
    dispatcher = QAbstractEventDispatcher.instance()
    now = time.perf_counter()
    ends, longest, more = now + SETTLE_SECONDS_MAX, 0.0, True
    while more and now < ends:
        more = dispatcher.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        before, now = now, time.perf_counter()
        longest = max(longest, now - before)
    return longest


def nothing() -> None:
    """What somebody does who only looks."""


def idle(seconds: float) -> None:
    """Live on for so long, as the program does."""
    waiting = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), waiting, waiting.quit)
    waiting.exec()


def spread(name: str, values: list[float]) -> Figures:
    """The middle, what all but one of a hundred stay below, and the worst."""
    cuts = quantiles(values, n=100, method="inclusive")
    return {f"{name}, p50": cuts[49], f"{name}, p99": cuts[98], f"{name}, worst": max(values)}


def _enter(window: MainWindow) -> float:
    """The engine is there and tells of everybody; how long the window takes for that."""
    bridge = window.desk.bridge
    bridge.connected.emit(Connected(ME, "0" * 32, "Office", "10.0.0.1", 7878, 0, verified=True))
    return timed(lambda: bridge.people.emit(office()))


def _arrives(window: MainWindow) -> None:
    """What was just sent is delivered, so that it does not stand among what waits."""
    for entry in window.desk.history.unsent():
        at = entry.written_at
        receipt = Receipt(entry.id, OTHER, State.DELIVERED, 1, at, at, at + 604_800_000)
        window.desk.bridge.settled.emit(entry.id, (receipt,))
    settle()


def _view(window: MainWindow) -> QListView:
    name = conversation_with(window.desk.people[OTHER].name)
    return next(each for each in window.findChildren(QListView) if each.accessibleName() == name)
