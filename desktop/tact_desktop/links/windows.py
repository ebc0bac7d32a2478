"""Links and files of Tact on Windows: keys in this person's part of the registry."""

import subprocess

from PySide6.QtCore import QSettings

from tact_desktop.links.registration import (
    MIME_TYPE,
    MODULE,
    NOTHING_REMOVED,
    REMOVED,
    SCHEME,
    SUFFIX,
    State,
    opens,
)
from tact_engine.core.errors import LocalError

OWN = r"HKEY_CURRENT_USER\Software\Classes"
ALL = "HKEY_CLASSES_ROOT"
"""What this person and this computer have registered, as Windows puts it together."""

FILE_CLASS = "Tact.Invitation"
COMMAND = "shell/open/command/."


class Windows:
    """Registers `command` in `own`, and sees in `everything` what is registered already."""

    def __init__(
        self, command: tuple[str, ...], own: QSettings | None = None, everything: QSettings | None = None
    ) -> None:
        self._command = command
        self._own = own or QSettings(OWN, QSettings.Format.NativeFormat)
        self._all = everything or QSettings(ALL, QSettings.Format.NativeFormat)

    def state(self) -> State:
        """Who opens links now, as the registry says it."""
        found = _text(self._all, f"{SCHEME}/{COMMAND}")
        if not found:
            return "none"
        if MODULE not in found:
            return "other"
        wanted = self._values()
        return "ours" if all(_text(self._all, key) == wanted[key] for key in wanted) else "moved"

    def register(self) -> str:
        """Write the keys; a sentence. LocalError."""
        for key, value in self._values().items():
            self._own.setValue(key, value)
        self._save()
        return opens(self._command)

    def unregister(self) -> str:
        """Remove what Tact has written; a sentence. LocalError."""
        if MODULE not in _text(self._own, f"{SCHEME}/{COMMAND}"):
            return NOTHING_REMOVED
        for key in (SCHEME, FILE_CLASS):
            self._own.remove(key)
        if _text(self._own, f"{SUFFIX}/.") == FILE_CLASS:
            self._own.remove(SUFFIX)
        self._save()
        return REMOVED

    def _values(self) -> dict[str, str]:
        """Every value by its key; "." is the default value of a key."""
        line = command_line(self._command)
        return {
            f"{SCHEME}/.": "URL:Tact invitation",
            f"{SCHEME}/URL Protocol": "",
            f"{SCHEME}/{COMMAND}": line,
            f"{FILE_CLASS}/.": "Tact invitation",
            f"{FILE_CLASS}/{COMMAND}": line,
            f"{SUFFIX}/.": FILE_CLASS,
            f"{SUFFIX}/Content Type": MIME_TYPE,
        }

    def _save(self) -> None:
        self._own.sync()
        if self._own.status() is not QSettings.Status.NoError:
            raise LocalError(
                "Windows does not let Tact change this person's part of the registry. Ask whoever runs it."
            )


def command_line(command: tuple[str, ...]) -> str:
    """What Windows runs, with what is opened in the place of %1. LocalError.

    That stands behind "--": a link with a quote in it becomes more arguments, but never an option, and Tact
    refuses more than one.
    """
    if "%" in command[0]:
        raise LocalError(f"Windows cannot be told of {command[0]}, for the “%” in it. Move Tact elsewhere.")
    return f'{subprocess.list2cmdline(command)} -- "%1"'


def _text(settings: QSettings, key: str) -> str:
    return str(settings.value(key, ""))
