"""What must be seen of a text or a name, worked out sign by sign, and what no place may ever show."""

import unicodedata
from collections.abc import Iterator, Mapping

from tests.proof.hostile.samples import Sample

NAMED = ("header", "author", "person", "card name", "lost name", "notice title", "banner button")
"""Places that show the name and nothing else."""
NAMING = ("banner", "toast", "title", "person said", "card said", "lost said", "row said")
"""Places that show it among other words."""
WITH_HANDLE = ("person tip", "viewer", "person menu", "picker")
ON_BUTTONS = ("banner button", "picker")
"""Places where one "&" is written as two."""
TEXTS = ("row", "box", "box detail", "tip")
IN_LINE = ("card", "lost")
OPEN, CLOSE, APART = "\u2066\u2067\u2068", "\u2069", "\u2068"
FORBIDDEN = "\u202a\u202b\u202c\u202d\u202e\u2028\u2029"
UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"


def problems(sample: Sample, shown: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with what was shown of `sample`."""
    handle = f"p{sample.number}"
    text, name = text_of(sample.text), name_of(sample.name) or handle
    known = name if plain(name) == handle else f"{name} ({handle})"
    line = text_of(" ".join(sample.text.split()))
    wanted = dict.fromkeys(TEXTS, text) | dict.fromkeys(IN_LINE, line) | {"box formats": "PlainText"}
    wanted["tip"] = text.replace("\u00a0", " ")  # as Qt reads it out
    wanted["header handle"] = handle if known != name else ""
    for place, what in wanted.items():
        if shown[place] != what:
            yield f"{place}: {shown[place][:200]!r} instead of {what[:200]!r}"
    for place in NAMED:  # others of the same lot may have the same name
        if _read(place, shown[place]) not in (name, known):
            yield f"{place}: {shown[place][:200]!r} instead of {name!r}"
    for place in NAMING + WITH_HANDLE:
        what, said = known if place in WITH_HANDLE else name, _read(place, shown[place])
        if (what.replace("[*]", "[*][*]") if place == "title" else what) not in said:
            yield f"{place}: {said[:200]!r} does not name {what!r}"
    if text not in shown["row said"]:
        yield f"row said: {shown['row said'][:200]!r} does not say {text[:200]!r}"
    for place, seen in shown.items():
        yield from (f"{place}: {why} in {seen[:200]!r}" for why in wrongs(seen))


def _read(place: str, seen: str) -> str:
    """A button's text as it is drawn: one "&" for two, and none for one."""
    if place not in ON_BUTTONS:
        return seen
    return seen.replace("&&", "\0").replace("&", "").replace("\0", "&")


def wrongs(seen: str) -> Iterator[str]:
    """What may be nowhere."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in seen):
        yield "a control character"
    if any(sign in FORBIDDEN for sign in seen):
        yield "an override of direction"
    for line in seen.split("\n"):
        depth = lowest = 0
        for sign in line:
            depth += (sign in OPEN) - (sign == CLOSE)
            lowest = min(lowest, depth)
        if depth or lowest:
            yield "a stretch of another direction that is not closed"


def text_of(text: str) -> str:
    """What the page about security says of a message."""
    for end in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    return "\n".join("".join(_signs(line)) for line in text.split("\n"))


def name_of(name: str) -> str:
    """What it says of a name."""
    kept = [sign if not sign.isspace() else " " for sign in name]
    kept = [
        sign for sign in kept if unicodedata.category(sign) not in ("Cc", "Cf", "Cs") and sign not in UNSEEN
    ]
    words = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    while words and unicodedata.category(words[0]) in ("Mn", "Me"):
        words = words[1:].strip()
    line = text_of(words)
    line = line if len(line) <= 60 else line[:59].rstrip() + "…"
    leftward = any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in line)
    return f"{APART}{line}{CLOSE}" if leftward else line


def plain(name: str) -> str:
    """A name without what sets it apart."""
    return name.strip(APART + CLOSE)


def _signs(line: str) -> Iterator[str]:
    depth = marks = 0
    for sign in line:
        kind, code = unicodedata.category(sign), ord(sign)
        marks = marks + 1 if kind in ("Mn", "Me") else marks if kind == "Cf" else 0
        if sign in FORBIDDEN or (kind in ("Mn", "Me") and marks > 4) or (sign == CLOSE and not depth):
            continue
        depth += (sign in OPEN) - (sign == CLOSE)
        if kind == "Cs" or 0x80 <= code < 0xA0:
            yield "\ufffd"
        elif kind == "Cc" and sign != "\t":
            yield chr(0x2421 if code == 0x7F else 0x2400 + code)
        else:
            yield sign
    yield CLOSE * depth
