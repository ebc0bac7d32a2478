"""Links and files of Tact on this computer: registered quietly at a start, or by hand with `tact links`."""

import logging
import sys
from pathlib import Path

from tact_desktop.links.freedesktop import Freedesktop
from tact_desktop.links.macos import Mac
from tact_desktop.links.registration import Registration, program
from tact_desktop.links.windows import Windows
from tact_engine.core.errors import LocalError

PACKAGE = Path(__file__).resolve().parents[1]
_log = logging.getLogger(__name__)


def registration(platform: str = sys.platform) -> Registration:
    """The registration of this program on `platform`, which is named as Python names it."""
    if platform == "win32":
        return Windows(program())
    return Mac() if platform == "darwin" else Freedesktop(program())


def is_checkout(package: Path = PACKAGE) -> bool:
    """Whether the program runs from where it is developed, and not from where it was installed."""
    return (package.parents[1] / "pyproject.toml").is_file()


def register_by_itself(place: Registration, declined: Path, checkout: bool) -> None:
    """Register where nothing else is, or where Tact moved; a failure is only noted.

    Never from a checkout, and never again where somebody has undone it by hand: then the file `declined` is there.
    """
    if checkout or declined.exists():
        return
    try:
        if place.state() in ("none", "moved"):
            _log.info("%s", place.register())
    except LocalError as error:
        _log.info("not registered for links and files: %s", error)


def by_hand(place: Registration, declined: Path, remove: bool) -> str:
    """What `tact links` does: sentences that say what was done. LocalError."""
    if not remove:
        declined.unlink(missing_ok=True)
        return place.register()
    said = place.unregister()
    try:
        declined.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        declined.touch(mode=0o600)
    except OSError as error:
        raise LocalError(f"{said} The next start does it again: {declined} cannot be written.") from error
    return said
