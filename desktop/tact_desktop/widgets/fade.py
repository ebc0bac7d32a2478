"""Light that fades once: what has just come is seen to have come."""

from PySide6.QtCore import QObject, QVariantAnimation, Signal

FADE_MS = 1000
_STEPS = 20


class Fade(QVariantAnimation):
    """Tells `stepped` from 1 down to 0 in as few steps as the eye needs, then is gone."""

    stepped = Signal(float)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._step = -1
        self.setDuration(FADE_MS)
        self.setStartValue(float(_STEPS))
        self.setEndValue(0.0)
        self.valueChanged.connect(self._tell)
        self.finished.connect(self.deleteLater)

    def _tell(self, value: float) -> None:
        if round(value) != self._step:
            self._step = round(value)
            self.stepped.emit(self._step / _STEPS)
