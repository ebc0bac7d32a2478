"""The engine of this computer, from the moment somebody here wants one."""

import logging
from typing import TYPE_CHECKING

from tact_desktop.engine_process import EngineProcess, running_in
from tact_desktop.settings import default_name, engine_folder
from tact_engine.accounts.invitation import Invitation
from tact_engine.core.errors import TactError

if TYPE_CHECKING:
    from tact_desktop.bridge import Address

HERE = "127.0.0.1"
_log = logging.getLogger(__name__)


class OwnEngine:
    """None until `start`; it may outlive the window."""

    def __init__(self) -> None:
        self._process: EngineProcess | None = None
        self._found = False
        self.name = ""

    @property
    def runs(self) -> bool:
        """Whether it was started from here, or found running here."""
        return self._process is not None and self._process.ours

    async def start(self) -> "Address":
        """Where it listens on this computer, started unless it runs already; LocalError with a sentence."""
        from tact_desktop.bridge import Address  # noqa: PLC0415 - it brings the client, which a start does without

        if self._process is None:
            self._found = await running_in(engine_folder()) is not None
            self._process = EngineProcess(engine_folder(), default_name())
        running = await self._process.start()
        self.name = running.name
        return Address(HERE, running.port, running.engine)

    def host_invitation(self) -> Invitation | None:
        """What makes whoever sits here its host; None where it has one."""
        return self._process.host_invitation() if self._process else None

    async def watch(self) -> None:
        """Keep it running; where that fails, the window says that it is away."""
        try:
            if self._process is not None:
                await self._process.watch(lambda running: None)
        except TactError as error:
            _log.warning("the engine could not be started again: %s", error)

    async def undo(self) -> None:
        """End it, unless it ran before anybody here asked for it."""
        if not self._found:
            await self.stop()
        self.let_go()

    def let_go(self) -> None:
        """Leave it to itself: it goes on, and nobody here asks for it any more."""
        self._process = None

    async def stop(self) -> None:
        """End it, if it is there."""
        if self._process is not None:
            await self._process.stop()
        self._process = None
