"""That nobody is at this computer: told to the engine, and never kept as something that a person chose."""

from PySide6.QtCore import QObject

from tact_desktop.bridge import Bridge
from tact_desktop.idle.watch import IdleWatch
from tact_engine.core.presence import IDLE


class IdleFlow(QObject):
    """Hands what `watch` notices to the engine, from `start` until `watch` is stopped."""

    def __init__(self, bridge: Bridge, watch: IdleWatch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._watch = bridge, watch
        watch.idle.connect(self._tell)

    def start(self) -> None:
        """Look from now on."""
        self._watch.start()

    def stop(self) -> None:
        """Look no longer."""
        self._watch.stop()

    def _tell(self, seconds: int | None) -> None:
        self._bridge.set_presence({IDLE: seconds})
