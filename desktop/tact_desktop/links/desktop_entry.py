"""What a desktop of Linux reads about Tact: its entry, and its kind of file."""

import re
from collections.abc import Sequence

from tact_desktop.links.registration import MIME_TYPE, SCHEME, SUFFIX
from tact_engine.core.errors import LocalError

URL_TYPE = f"x-scheme-handler/{SCHEME}"
MARK = "X-Tact-Registered=true"
"""Stands in the entries that Tact itself has written: it changes and removes no others."""

RESERVED = re.compile(r"[ \t\n\"'\\><~|&;$*?#()`]")
QUOTED = re.compile(r'(["`$\\])')
ESCAPES = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}

MIME_PACKAGE = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{MIME_TYPE}">
    <comment>Tact invitation</comment>
    <icon name="tact"/>
    <sub-class-of type="text/plain"/>
    <glob pattern="*{SUFFIX}"/>
  </mime-type>
</mime-info>
"""


def entry(command: Sequence[str], *marks: str) -> str:
    """The desktop entry of the program that `command` starts. LocalError where an entry cannot name it."""
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=Tact",
        "GenericName=Office chat",
        "Comment=A message arrives when its moment has come",
        f"Exec={exec_value(command)}",
        f"TryExec={_string(command[0])}",
        "Icon=tact",
        "Terminal=false",
        "Categories=Network;InstantMessaging;",
        f"MimeType={URL_TYPE};{MIME_TYPE};",
        "StartupWMClass=tact",
        *marks,
    )
    return "\n".join(lines) + "\n"


def exec_value(command: Sequence[str]) -> str:
    """`command` and what is opened with it, quoted as the Desktop Entry Specification says. LocalError.

    What is opened stands behind "--": whatever a browser hands over is never taken for an option.
    """
    if "=" in command[0]:
        raise LocalError(f"A desktop entry cannot name {command[0]}, for the “=” in it. Move Tact elsewhere.")
    # Some desktops look for the program before they put one percent sign for two: it must not be the first word then.
    words = ("env", *command) if "%" in command[0] else command
    return _string(" ".join((*map(_argument, words), "--", "%u")))


def _argument(text: str) -> str:
    """One argument: the percent signs doubled, and quotes where a character in it means something."""
    text = text.replace("%", "%%")
    return '"' + QUOTED.sub(r"\\\1", text) + '"' if RESERVED.search(text) or not text else text


def _string(text: str) -> str:
    """A value of an entry: the file's own escapes, which a reader undoes before it looks at quotes."""
    escaped = "".join(ESCAPES.get(each, each) for each in text)
    if any(ord(each) < ord(" ") or ord(each) == 0x7F for each in escaped):
        raise LocalError(
            "A desktop entry cannot name the folder of Tact, for a control character. Move it elsewhere."
        )
    return escaped
