"""One window a profile: a second start brings the first to the front, and hands over what it was to open."""

import logging
import os
import struct
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from tact_desktop.links.opened import OPENED_BYTES_MAX

CONNECT_MS = 500
TALK_MS = 2000
LENGTH = struct.Struct(">I")
_log = logging.getLogger(__name__)


class SingleWindow(QObject):
    """The lock of one profile.

    `raised` is emitted when another start asked for this window, and then `opened` with the text of the link or
    file that it was started with, if any. Nobody has looked into that text yet.
    """

    raised = Signal()
    opened = Signal(str)

    def __init__(self, profile: Path) -> None:
        super().__init__()
        self._name = _place("tact-" + sha256(str(profile.resolve()).encode()).hexdigest()[:24])
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def taken(self, opened: str = "") -> bool:
        """Whether another window has the profile; it comes to the front and gets `opened`. Else it is ours now."""
        if _is_ours(self._name):
            socket = QLocalSocket()
            socket.connectToServer(self._name)
            if socket.waitForConnected(CONNECT_MS):
                _say(socket, framed(opened))
                return True
        QLocalServer.removeServer(self._name)
        if not self._server.listen(self._name):
            _log.warning("a second start will not find this window: %s", self._server.errorString())
        return False

    def release(self) -> None:
        """Let the profile go."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        self.raised.emit()
        _Visit(socket, self)


class _Visit(QObject):
    """Another start, until it has said what it was to open; for a bounded time."""

    def __init__(self, socket: QLocalSocket, window: SingleWindow) -> None:
        super().__init__(socket)
        self._socket, self._window = socket, window
        self._heard = b""
        socket.readyRead.connect(self._on_bytes)
        socket.disconnected.connect(socket.deleteLater)
        QTimer.singleShot(TALK_MS, self, socket.abort)
        self._on_bytes()

    def _on_bytes(self) -> None:
        self._heard += bytes(self._socket.read(LENGTH.size + OPENED_BYTES_MAX).data())
        try:
            text = unframed(self._heard)
        except ValueError as error:
            _log.warning("another start said what is no text: %s", error)
            text = ""
        if text is None:
            return
        self._socket.readyRead.disconnect(self._on_bytes)
        self._socket.disconnectFromServer()
        if text:
            self._window.opened.emit(text)


def framed(text: str) -> bytes:
    """`text` as one start says it to another: the length in bytes, then UTF-8."""
    content = text.encode("utf-8", "replace")
    assert len(content) <= OPENED_BYTES_MAX, "whoever read it has looked"
    return LENGTH.pack(len(content)) + content


def unframed(heard: bytes) -> str | None:
    """The text once all of it is there, else None; ValueError where it is too long or no UTF-8."""
    if len(heard) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack_from(heard)
    if length > OPENED_BYTES_MAX:
        raise ValueError(f"{length} bytes")
    content = heard[LENGTH.size : LENGTH.size + length]
    return content.decode() if len(content) == length else None


def _say(socket: QLocalSocket, words: bytes) -> None:
    socket.write(words)
    while socket.bytesToWrite() and socket.waitForBytesWritten(CONNECT_MS):
        pass
    socket.disconnectFromServer()


def _place(name: str) -> str:
    """Where windows of this person are to be found: in their own folder for such things, where there is one."""
    if os.name == "nt":
        return name
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return f"{folder if folder.startswith('/') and _is_ours(folder) else QDir.tempPath()}/{name}"


def _is_ours(place: str) -> bool:
    """Whether a file is there and belongs to this person: an invitation is told to nobody else's program."""
    if os.name == "nt":
        return True
    try:
        return os.lstat(place).st_uid == os.getuid()
    except OSError:
        return False
