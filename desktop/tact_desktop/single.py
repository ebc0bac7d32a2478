"""One window a profile: a second start brings the first to the front."""

from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS = 500


class SingleWindow(QObject):
    """The lock of one profile. `raised` is emitted when another start asked for this window."""

    raised = Signal()

    def __init__(self, profile: Path) -> None:
        super().__init__()
        self._name = "tact-" + sha256(str(profile.resolve()).encode()).hexdigest()[:24]
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def taken(self) -> bool:
        """Whether another window has the profile; that one is asked to come to the front. Else it is ours now."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(CONNECT_MS):
            socket.disconnectFromServer()
            return True
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return False

    def release(self) -> None:
        """Let the profile go."""
        self._server.close()

    def _on_connection(self) -> None:
        self._server.nextPendingConnection().disconnectFromServer()
        self.raised.emit()
