"""Which program of this computer opens links and files of Tact: what every platform can be asked and told."""

import sys
from pathlib import Path
from typing import Literal, Protocol

SCHEME = "tact"
SUFFIX = ".tact"
MIME_TYPE = "application/x-tact-invitation"
MODULE = "tact_desktop.app"

State = Literal["ours", "moved", "other", "none", "impossible"]
"""Who opens them: this program; Tact, but elsewhere than this one; somebody else; nobody; nobody can by being told."""


class Registration(Protocol):
    """What one platform knows about it."""

    def state(self) -> State:
        """Who opens links of Tact now. It looks at files and settings only, and starts nothing."""
        ...

    def register(self) -> str:
        """Let this program open links and files of Tact; sentences that say what was done. LocalError."""
        ...

    def unregister(self) -> str:
        """Undo it where it was Tact that did it; sentences that say what was done. LocalError."""
        ...


def program(executable: str = sys.executable) -> tuple[str, ...]:
    """How this very program is started again, whatever folder it is started in.

    Without -P Python would look for modules in that folder first, such as the one a download lies in.
    """
    windowed = Path(executable).with_name("pythonw.exe")  # on Windows: without a console of its own
    return (str(windowed) if windowed.is_file() else executable, "-P", "-m", MODULE)


def opens(command: tuple[str, ...]) -> str:
    """The sentence for a person that says what opens links and files from now on."""
    return f"Links that begin with {SCHEME}:// and files that end in {SUFFIX} now open Tact ({command[0]})."


NOTHING_REMOVED = "Tact was not registered for links and files; nothing was changed."
REMOVED = f"Links that begin with {SCHEME}:// and files that end in {SUFFIX} no longer open Tact."
