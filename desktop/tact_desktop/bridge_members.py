"""Who belongs to the engine, seen from Qt: intents that return at once, and signals for what comes of them."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from tact_engine.core.errors import Refused, TactError
from tact_engine.core.members import JoinRequest

if TYPE_CHECKING:  # `bridge` says why it is not loaded here
    from tact_engine.client import Client


class MembersBridge(QObject):
    """The intents about members of one client, which is asked for when it is first needed.

    Signals: overview(Overview) as asked for, requests(tuple of JoinRequest) at every change, made(Made) for a new
    invitation, done(intent) when one succeeded, refused(intent, code, sentence) when it did not. The intent is the name
    of the method.
    """

    overview = Signal(object)
    requests = Signal(object)
    made = Signal(object)
    done = Signal(str)
    refused = Signal(str, str, str)

    def __init__(
        self,
        client: "Callable[[], Client]",
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask_client, self._spawn = client, spawn

    @property
    def device(self) -> str:
        """The id of this device, as it stands in lists; "" while nobody knows."""
        return self._client.device

    def look_over(self) -> None:
        """Ask who belongs to the engine; `overview` answers."""
        self._ask("look_over", self._client.look_over(), self.overview.emit)

    def invite(self) -> None:
        """Ask for an invitation for somebody new; `made` answers."""
        self._ask("invite", self._client.invite(), self.made.emit)

    def link_device(self, handle: str = "") -> None:
        """Ask for an invitation for a further device, of somebody else where a host says so; `made` answers."""
        self._ask("link_device", self._client.link_device(handle), self.made.emit)

    def revoke(self, id: str) -> None:
        """Let an open invitation let nobody in any more."""
        self._ask("revoke", self._client.revoke(id))

    def approve(self, asked: JoinRequest) -> None:
        """Let somebody in who asked."""
        self._ask("approve", self._client.approve(asked))

    def decline(self, asked: JoinRequest) -> None:
        """Do not let somebody in who asked."""
        self._ask("decline", self._client.decline(asked))

    def set_password(self, password: str) -> None:
        """Set the password that adds a device; "" for none."""
        self._ask("set_password", self._client.set_password(password))

    def remove_device(self, handle: str, device: str) -> None:
        """Let a device speak for `handle` no more."""
        self._ask("remove_device", self._client.remove_device(handle, device))

    def remove_person(self, handle: str, withdraw: bool) -> None:
        """Let `handle` belong to the engine no more; `withdraw` takes back what they sent and still waits."""
        self._ask("remove_person", self._client.remove_person(handle, withdraw=withdraw))

    def verify(self) -> None:
        """The words of this engine were compared with those of its host, and are the same."""
        self._client.verify()

    @property
    def _client(self) -> "Client":
        return self._ask_client()

    def _ask(
        self, intent: str, asked: Awaitable[object], answered: Callable[[object], object] | None = None
    ) -> None:
        self._spawn(self._settle(intent, asked, answered))

    async def _settle(
        self, intent: str, asked: Awaitable[object], answered: Callable[[object], object] | None
    ) -> None:
        try:
            answer = await asked
        except Refused as refused:
            self.refused.emit(intent, refused.code, refused.text)
        except TactError as error:
            self.refused.emit(intent, "", str(error))
        else:
            if answered is not None:
                answered(answer)
            self.done.emit(intent)
