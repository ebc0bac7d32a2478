"""Links and files of Tact on Linux and its like: a desktop entry, a kind of file and an icon in this person's data."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from tact_desktop.links.defaults import Folders, handler
from tact_desktop.links.desktop_entry import MARK, MIME_PACKAGE, URL_TYPE, entry
from tact_desktop.links.registration import MIME_TYPE, NOTHING_REMOVED, REMOVED, State, opens
from tact_engine.core.errors import LocalError
from tact_resources import path

ENTRY = "tact.desktop"
TOOL_SECONDS_MAX = 10

Tool = Callable[[Sequence[str]], str | None]
"""Runs a command: "" where it went well, a sentence where it did not, None where it is not installed."""


class Freedesktop:
    """Registers `command` for the person whose `environment` this is."""

    def __init__(
        self, command: tuple[str, ...], environment: Mapping[str, str] = os.environ, tool: Tool | None = None
    ) -> None:
        self._command = command
        self._folders = Folders.of(environment)
        self._tool: Tool = tool or partial(run, environment)
        self._own = self._folders.data[0]
        self._entry = self._own / "applications" / ENTRY

    def state(self) -> State:
        """Who opens links now; "ours" and "moved" only for an entry that Tact itself has written."""
        opened_by = handler(self._folders, URL_TYPE)
        if opened_by not in (None, self._entry):
            return "other"
        if not self._entry.exists():
            return "none"
        if not self._marked():
            return "other"
        return "ours" if self._as_it_should_be() else "moved"

    def register(self) -> str:
        """Write the files and tell the desktop; sentences, also about what is not installed. LocalError."""
        if self._entry.exists() and not self._marked():
            raise LocalError(f"{self._entry} was not written by Tact. Move it away, then try again.")
        try:
            for place, content in self._files().items():
                _write(place, content)
        except OSError as error:
            raise LocalError(f"{error.filename} cannot be written: {error.strerror}.") from error
        return " ".join((opens(self._command), *self._tell_desktop(), *self._make_default()))

    def unregister(self) -> str:
        """Remove the files and tell the desktop; sentences. LocalError."""
        if not self._marked():
            return NOTHING_REMOVED
        try:
            for place in self._files():
                place.unlink(missing_ok=True)
        except OSError as error:
            raise LocalError(f"{error.filename} cannot be removed: {error.strerror}.") from error
        return " ".join((REMOVED, *self._tell_desktop()))

    def _files(self) -> dict[Path, bytes]:
        return {
            self._own / "icons/hicolor/scalable/apps/tact.svg": path("tact.svg").read_bytes(),
            self._own / "mime/packages/tact.xml": MIME_PACKAGE.encode(),
            self._entry: entry(self._command, MARK).encode("utf-8", "surrogateescape"),
        }

    def _marked(self) -> bool:
        with suppress(OSError):
            return MARK.encode() in self._entry.read_bytes().splitlines()
        return False

    def _as_it_should_be(self) -> bool:
        with suppress(OSError, LocalError):
            return all(place.read_bytes() == content for place, content in self._files().items())
        return False

    def _tell_desktop(self) -> list[str]:
        commands = (
            ("update-mime-database", str(self._own / "mime")),
            ("update-desktop-database", str(self._entry.parent)),
        )
        return [said for command in commands if (said := _remark(command[0], self._tool(command)))]

    def _make_default(self) -> list[str]:
        """With the tool of all desktops, or else that of GNOME."""
        said = self._tool(("xdg-mime", "default", ENTRY, URL_TYPE, MIME_TYPE))
        if said is None:
            each = [self._tool(("gio", "mime", kind, ENTRY)) for kind in (URL_TYPE, MIME_TYPE)]
            said = None if None in each else " ".join(filter(None, each))
        return [said] if (said := _remark("xdg-mime", said)) else []


def run(environment: Mapping[str, str], arguments: Sequence[str]) -> str | None:
    """Run a tool of the desktop, for a bounded time; see Tool."""
    found = shutil.which(arguments[0], path=environment.get("PATH"))
    if found is None:
        return None
    try:
        done = subprocess.run(
            [found, *arguments[1:]],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TOOL_SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{arguments[0]} did not work: {type(error).__name__}."
    return "" if done.returncode == 0 else f"{arguments[0]} did not work: it ended with {done.returncode}."


def _remark(name: str, said: str | None) -> str:
    """What a person should know about a tool that ran."""
    if said is None:
        return f"{name} is not installed: some desktops notice the change only at the next sign-in."
    return said


def _write(place: Path, content: bytes) -> None:
    """Put the whole file there at once: a desktop may read it at any moment."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
