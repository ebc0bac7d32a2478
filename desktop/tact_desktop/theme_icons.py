"""Line icons drawn in a colour: as crisp pictures for buttons, and as files for the style sheet."""

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from tact_resources import path


def scales() -> tuple[float, ...]:
    """The scales of the screens that are there now: to draw for every other one too takes long at the start."""
    return tuple(sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0}))


def coloured_icon(name: str, colour: str, disabled: str, size: int) -> QIcon:
    """The icon `name` in two colours (enabled, disabled), `size` pixels square on every screen that is there."""
    made = QIcon()
    for scale in scales():
        made.addPixmap(picture(name, colour, size, scale), QIcon.Mode.Normal)
        made.addPixmap(picture(name, disabled, size, scale), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=512)
def picture(name: str, colour: str, size: int, scale: float) -> QPixmap:
    """One icon as a picture of `size` logical pixels for a screen of that scale."""
    pixmap = QPixmap(QSize(round(size * scale), round(size * scale)))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _renderer(name, colour).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def application_icon() -> QIcon:
    """Tact's own icon, for windows and the tray."""
    made = QIcon()
    renderer = QSvgRenderer(str(path("tact.svg")))
    for size in (16, 20, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        made.addPixmap(pixmap)
    return made


def write_coloured(name: str, colour: str, folder: Path) -> str:
    """The path of a copy of icon `name` in that colour, made in `folder` if it is not there yet."""
    file = folder / f"{name}-{colour.removeprefix('#')}.svg"
    if not file.exists():
        file.write_bytes(_source(name, colour))
    return file.as_posix()


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name, colour)))


def _source(name: str, colour: str) -> bytes:
    return (_folder() / f"{name}.svg").read_bytes().replace(b"currentColor", colour.encode())


@cache
def _folder() -> Path:
    """Where the line icons lie: to look for the place of each takes longer than to read it."""
    return path("icons/send.svg").parent
