"""Seconds since the last input, as a service of the desktop tells them over D-Bus."""

from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

ANSWER_MS_MAX = 5000
ANSWER_HOLDS_SECONDS = 60


@dataclass(frozen=True)
class Service:
    """Who is asked for milliseconds, and how."""

    name: str
    path: str
    method: str


SERVICES = (
    Service("org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core", "GetIdletime"),
    # Its description says seconds, but KDE answers milliseconds on X11, and with an error on Wayland. Who did
    # answer seconds would be taken for active, which is the harmless mistake.
    Service("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "GetSessionIdleTime"),
)


class BusIdle(QObject):
    """Asks the services in turn until one answers, and that one from then on.

    It never waits: what it says was answered to the look before.
    """

    def __init__(self, bus: QDBusConnection | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus or QDBusConnection.sessionBus()
        self._turn = 0
        self._asked: QDBusPendingCallWatcher | None = None
        self._seconds: int | None = None
        self._answered_at = 0.0

    def __call__(self) -> int | None:
        """Whole seconds since the last input; None while no service has answered lately."""
        if self._asked is None and self._bus.isConnected():
            self._ask(SERVICES[self._turn])
        return self._seconds if monotonic() - self._answered_at <= ANSWER_HOLDS_SECONDS else None

    def _ask(self, service: Service) -> None:
        question = QDBusMessage.createMethodCall(service.name, service.path, service.name, service.method)
        question.setAutoStartService(False)
        self._asked = QDBusPendingCallWatcher(self._bus.asyncCall(question, ANSWER_MS_MAX), self)
        self._asked.finished.connect(self._on_answer)

    def _on_answer(self, asked: QDBusPendingCallWatcher) -> None:
        self._seconds = seconds_in(asked.reply())
        self._answered_at = monotonic()
        if self._seconds is None:
            self._turn = (self._turn + 1) % len(SERVICES)
        self._asked = None
        asked.deleteLater()


def seconds_in(reply: QDBusMessage) -> int | None:
    """Whole seconds in an answer of milliseconds; None in a refusal, or where it holds something else."""
    values = reply.arguments()
    if reply.type() is not QDBusMessage.MessageType.ReplyMessage or len(values) != 1:
        return None
    return values[0] // 1000 if isinstance(values[0], int) else None
