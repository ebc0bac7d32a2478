"""Pictures of the windows: of each step of the demo, and those of the README."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from tact_desktop import theme


class Album:
    """A folder of pictures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, windows: Sequence[QWidget], below: QWidget | None = None) -> Path:
        """One picture of `windows` side by side, with `below` under them."""
        shots = [window.grab() for window in windows]
        foot = below.grab() if below is not None else QPixmap()
        width = max(sum(shot.width() for shot in shots), foot.width())
        height = max(shot.height() for shot in shots)
        picture = QPixmap(width, height + foot.height())
        picture.fill(theme.palette().hairline)
        painter = QPainter(picture)
        place = 0
        for shot in shots:
            painter.drawPixmap(place, 0, shot)
            place += shot.width()
        painter.drawPixmap(0, height, foot)
        painter.end()
        path = self.folder / f"{name}.png"
        picture.save(str(path))
        return path
