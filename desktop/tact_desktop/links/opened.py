"""What was opened with Tact: the text of a link or a file. Nothing here believes it or looks into it."""

import re
import stat
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from tact_desktop.links.registration import SCHEME, SUFFIX
from tact_engine.core.errors import LocalError

OPENED_BYTES_MAX = 16 << 10
_ELSEWHERE = re.compile(r"/?[/\\\\]{2}")
"""How a path begins that Windows asks another computer for, or a device."""


def can_be_opened(argument: str) -> bool:
    """Whether `argument` of a start is a link, the address of a file or the path of one, by its looks alone."""
    lowered = argument.lower()
    return lowered.startswith((f"{SCHEME}:", "file:")) or lowered.endswith(SUFFIX)


def opened_text(argument: str) -> str:
    """The link that `argument` is, or else the text in the file that it names; "" for "". LocalError."""
    if not argument:
        return ""
    if not argument.lower().startswith(f"{SCHEME}:"):
        return _text_in(_path(argument))
    link = argument.encode("utf-8", "replace")
    if len(link) > OPENED_BYTES_MAX:
        raise LocalError("This link is far too long for an invitation. Ask for a new one.")
    return link.decode()


class Application(QApplication):
    """The application, which macOS tells what was opened with its bundle. `file_opened`: the address or the path."""

    file_opened = Signal(str)

    def event(self, event: QEvent, /) -> bool:
        """Tell what was opened, and leave every other event to Qt."""
        if not isinstance(event, QFileOpenEvent):
            return super().event(event)
        self.file_opened.emit(event.file() or bytes(event.url().toEncoded().data()).decode())
        return True


class Openings(QObject):
    """What is opened with one program, however it hears of it: the last text waits here until somebody follows.

    `problem` tells in a sentence what could not be read.
    """

    problem = Signal(str)

    def __init__(self, application: QApplication, text: str = "") -> None:
        super().__init__()
        self._text = text
        self._look: Callable[[str], object] | None = None
        if isinstance(application, Application):
            application.file_opened.connect(self.open)

    def open(self, argument: str) -> None:
        """A link, or the address or path of a file, was opened: its text is told, or the problem with it."""
        try:
            self.tell(opened_text(argument))
        except LocalError as error:
            self.problem.emit(str(error))

    def tell(self, text: str) -> None:
        """The text of something that was opened: who follows is told at once."""
        self._text = text
        self.follow(self._look)

    def follow(self, look: Callable[[str], object] | None) -> None:
        """Call `look` with each text from now on, first with the one that waits; nobody is told with None."""
        self._look = look
        if look is not None and self._text:
            text, self._text = self._text, ""
            look(text)

    @property
    def waiting(self) -> str:
        """The text that nobody was told yet; "" where there is none."""
        return self._text


def _path(argument: str) -> Path:
    """Where the file lies. An address that names another computer is refused: to ask it could give a password away."""
    path, host = argument, ""
    if argument.lower().startswith("file:"):
        url = QUrl(argument)
        host = url.host()
        url.setHost("")
        path = url.toLocalFile()
    if host not in ("", "localhost") or _ELSEWHERE.match(path):
        raise LocalError("The file lies on another computer. Copy it to this one, then open it.")
    return Path(path)


def _text_in(path: Path) -> str:
    """The text of an invitation's file. LocalError where it is no small file of text."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise LocalError(f"{path.name} is not a file. Open the invitation's own file.")
        with path.open("rb") as file:
            content = file.read(OPENED_BYTES_MAX + 1)
        if len(content) > OPENED_BYTES_MAX:
            raise LocalError(
                f"{path.name} is far too large for an invitation. Open the invitation's own file."
            )
        return content.decode("utf-8-sig")
    except OSError as error:
        raise LocalError(
            f"{path.name} cannot be read: {error.strerror or error}. Save it again, then open it."
        ) from error
    except ValueError as error:  # no UTF-8, or no name of a file
        raise LocalError(f"{path.name} is no invitation. Ask for a new one.") from error
