"""Says once when the person at this computer goes idle, and once when they are back."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

IDLE_AFTER_SECONDS = 300
LOOK_SECONDS = 15
LOOK_CLOSELY_SECONDS = 2

Source = Callable[[], int | None]  # whole seconds since the last input; None where that cannot be told now


class IdleWatch(QObject):
    """Says `idle(seconds)`, the whole seconds since the last input, once they reach `after_seconds`; then `idle(None)`.

    `seconds_idle` is asked on this thread and must not block. Where it cannot tell, the person counts as active.
    """

    idle = Signal(object)  # int | None

    def __init__(
        self, seconds_idle: Source, after_seconds: int = IDLE_AFTER_SECONDS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._seconds_idle = seconds_idle
        self._after = after_seconds
        self._is_idle = False
        self._timer = QTimer(self, interval=LOOK_SECONDS * 1000)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Look now and from now on."""
        self._timer.start()
        self._look()

    def stop(self) -> None:
        """Look no longer, and say nothing more; a later start begins with an active person."""
        self._timer.stop()
        self._is_idle = False

    def _look(self) -> None:
        seconds = self._seconds_idle()
        self._timer.setInterval(self._look_again_ms(seconds))
        is_idle = seconds is not None and seconds >= self._after
        if is_idle != self._is_idle:
            self._is_idle = is_idle
            self.idle.emit(seconds if is_idle else None)

    def _look_again_ms(self, seconds: int | None) -> int:
        """Often while something is about to change: going idle is due, or whoever is idle may come back."""
        close = seconds is not None and seconds >= self._after - LOOK_SECONDS
        return 1000 * (LOOK_CLOSELY_SECONDS if close else LOOK_SECONDS)
