"""How texts and names that came from elsewhere are shown: literally, but for signs that would make them look like more.

A text keeps its lines, tabs and spaces. Other control characters are seen as symbols. What overrides the direction of
writing is left out, and what opens a stretch of another direction is closed at the end of its line. Of the marks above
and below one sign, the first four are shown. A name is one line without anything that cannot be seen, and what runs
from right to left stands apart from the words around it.
"""

import re
from functools import lru_cache
from unicodedata import bidirectional, category, normalize

from tact_engine.core.presence import ALIAS, ATTRIBUTES

MARKS_MAX = 4
"""How many marks may stand above and below one sign."""
NAME_LENGTH_MAX = ATTRIBUTES[ALIAS].length_max
"""No engine takes a longer name, but an older one, or none of ours, may have."""

_APART, _BACK = "\u2068", "\u2069"
_OPENING = "\u2066\u2067" + _APART
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_DOUBTFUL = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|[\u0300-\U0010ffff]{5}"
)
"""What has none of this is shown as it is: no control character, nothing about directions, no pile of marks."""
_SYMBOLS = (
    {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"}
    | {0x7F: "\u2421"}
    | dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000)), "\ufffd")
    | dict.fromkeys(range(0x202A, 0x202F), "")
)
_UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
"""Letters and marks that nobody sees."""
_DROPPED = ("Cc", "Cf", "Cs")
_MARKS = ("Mn", "Me")
_LEFTWARD = ("R", "AL", "AN")


@lru_cache(maxsize=512)
def shown_text(text: str) -> str:
    """A text of several lines, such as a message."""
    text = _LINE_ENDS.sub("\n", text)
    if not _DOUBTFUL.search(text):
        return text
    return "\n".join(_contained(line) for line in text.translate(_SYMBOLS).split("\n"))


def shown_line(text: str) -> str:
    """A text in one line, to stand among other words."""
    return _set_apart(shown_text(" ".join(bare(text).split())))


@lru_cache(maxsize=1024)
def shown_name(name: str) -> str:
    """A name, to stand among other words; "" where nothing of it can be seen."""
    if name.isascii() and name.isprintable():  # nothing in it can mislead, as in most
        return _cut(" ".join(name.split()))
    seen = normalize("NFC", "".join(sign for sign in name if sign.isspace() or _is_seen(sign)))
    line = " ".join(seen.split())
    while line and category(line[0]) in _MARKS:  # it would sit on what stands before the name
        line = line[1:].lstrip()
    return _set_apart(_cut(shown_text(line)))


def bare(shown: str) -> str:
    """A name or line without what sets it apart."""
    return shown[1:-1] if shown.startswith(_APART) and shown.endswith(_BACK) else shown


def known_as(name: str, handle: str) -> str:
    """Somebody by name, and by the handle, which is nobody else's."""
    return name if bare(name) == handle else f"{name} ({handle})"


def title_text(text: str) -> str:
    """`text` in one line for the title of a window, where "[*]" would be a mark of its own."""
    return shown_text(" ".join(text.split())).replace("[*]", "[*][*]")


def _cut(line: str) -> str:
    return line if len(line) <= NAME_LENGTH_MAX else f"{line[: NAME_LENGTH_MAX - 1].rstrip()}…"


def _is_seen(sign: str) -> bool:
    return category(sign) not in _DROPPED and sign not in _UNSEEN


def _set_apart(line: str) -> str:
    """`line` so that its direction does not reach what stands around it; most need nothing for that."""
    leftward = not line.isascii() and any(bidirectional(sign) in _LEFTWARD for sign in line)
    return f"{_APART}{line}{_BACK}" if leftward else line


def _contained(line: str) -> str:
    """`line` with whatever it opens closed again, and no pile of marks."""
    kept: list[str] = []
    opened = marks = 0
    for sign in line:
        kind = category(sign)
        if kind in _MARKS:
            marks += 1
        elif kind != "Cf":
            marks = 0
        if (marks > MARKS_MAX and kind in _MARKS) or (sign == _BACK and not opened):
            continue
        opened += (sign in _OPENING) - (sign == _BACK)
        kept.append(sign)
    return "".join(kept) + _BACK * opened
