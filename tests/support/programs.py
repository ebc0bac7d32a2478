"""The programs of a desktop that open what they are handed, and only write it down."""

from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

SCHEMES = ("http", "https", "mailto", "file", "smb", "javascript", "data", "tact", "")


class Programs(QObject):
    """`handed` is every address they were given, as it goes over the line."""

    def __init__(self) -> None:
        super().__init__()
        self.handed: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """What the desktop calls."""
        self.handed.append(bytes(url.toEncoded().data()).decode())


@contextmanager
def programs() -> Generator[list[str]]:
    """While inside, nothing is really opened: what would be is in the list."""
    taking = Programs()
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, taking, "take")  # pyright: ignore[reportArgumentType] - as it is
    try:
        yield taking.handed
    finally:
        for scheme in SCHEMES:
            QDesktopServices.unsetUrlHandler(scheme)
