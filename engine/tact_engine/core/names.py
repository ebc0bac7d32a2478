"""What a display name may be, and when two names are too alike.

A name is stored in one form, `canonical`, and only stored forms are compared. It may be of any script; what cannot be
seen, or draws over its neighbours, is refused. Two names are alike where one could be taken for the other: by the
skeletons of Unicode's UTS 39, with blanks, punctuation, symbols and case left aside.

Case and shape need three looks, because they do not go together: “I” is the capital of “i” and looks like “l”, yet
“Ilse” is not “Lise”; “Н” looks like “H”, its small letter “н” does not look like “h”. A look is only ever compared with
the same look of another name.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from unicodedata import bidirectional, category, combining, normalize

from tact_engine.core.errors import Refused, refusal

NAME_LENGTH_MAX = 60
"""Characters of the stored form."""
MARKS_MAX = 4
"""How many nonspacing marks, decomposed, one letter may carry: the limit that UTS 39 names."""

RESERVED = frozenset(
    (
        "admin", "administrator", "all", "anonymous", "anyone", "deleted", "engine", "everybody", "everyone",
        "guest", "help", "helpdesk", "host", "info", "me", "moderator", "nobody", "nobody else", "noreply",
        "notice", "null", "operator", "owner", "root", "security", "server", "staff", "superuser", "support",
        "sysadmin", "sysop", "system", "tact", "tact engine", "tact support", "unknown", "you",
        # German
        "alle", "du", "ich", "jeder", "keiner", "niemand", "sicherheit", "unbekannt", "verwaltung",
        # French
        "administrateur", "hôte", "moi", "personne", "sécurité", "système", "tous",
        # Spanish
        "administrador", "anfitrión", "nadie", "seguridad", "sistema", "soporte", "todos",
    )
)  # fmt: skip
"""What nobody is called: a name that as a whole is alike to one of these speaks for somebody else than a person."""

_BREAK = "it has a line break or another control character ({code})"
_UNKNOWN = "it has a character that this engine does not know ({code})"
_UNSEEN = "it has a character that cannot be seen ({code})"
_REFUSED: Mapping[str, str] = MappingProxyType(
    {"Cc": _BREAK, "Zl": _BREAK, "Zp": _BREAK, "Cf": _UNSEEN, "Cn": _UNKNOWN, "Co": _UNKNOWN, "Cs": _UNKNOWN}
)
_BLANKS = r"[\t\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+"
_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
# Letters, marks and symbols with nothing to see, which no category tells; those of category Cf are not named here.
_BLIND = _SELECTORS | frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\U0001d159"
)
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_EMOJI_STYLE = "\ufe0f"
_VIRAMA = 9
_BARS = str.maketrans(dict.fromkeys("l1|", "I"))


def canonical(text: str) -> str:
    """The one form in which a display name is stored: NFC, no white space around it, single spaces within.

    Line breaks within stay, and `check_name` refuses them.
    """
    return normalize("NFC", re.sub(_BLANKS, " ", text).strip())


def stored(text: str) -> str:
    """The stored form of `text`; Refused(bad_name) where it cannot be shown as a name, or is far too long to look at.

    A long run of accents takes long to put in order, so what is too long even before that is not put in order.
    """
    if len(text) > 4 * NAME_LENGTH_MAX:
        raise _too_long(len(text))
    name = canonical(text)
    check_name(name)
    return name


def check_name(text: str) -> None:
    """Refused(bad_name) unless the stored form of `text` can be shown as a name; says what is wrong with it."""
    name = canonical(text)
    if len(name) > NAME_LENGTH_MAX:
        raise _too_long(len(name))
    for detail in _flaws(name):
        raise refusal("bad_name", detail=detail)


def check_free(text: str, others: Mapping[str, str]) -> None:
    """Refused where `text` could be taken for somebody else; `others` are display names by handle, "" where unset.

    `others` must not hold the person whom `text` is to name. bad_name: it is a reserved word. name_taken: it is alike
    to the display name or the handle of one of them.
    """
    looks = _looks(text)
    if any(_share(looks, _looks(word)) for word in RESERVED):
        raise refusal("bad_name", detail=f"“{text}” could be taken for the engine, its host or everybody")
    for handle, name in others.items():
        for taken in (name, handle):
            if _share(looks, _looks(taken)):
                raise refusal("name_taken", name=text, like=taken)


def alike(one: str, other: str) -> bool:
    """Whether one name could be taken for the other; never where nothing of it is a letter or a digit."""
    return _share(_looks(one), _looks(other))


def _share(mine: tuple[str, str, str], theirs: tuple[str, str, str]) -> bool:
    """Whether two names have a look in common; written out, for a newcomer is compared with everybody."""
    a, b, c = mine
    x, y, z = theirs
    return (a == x and a != "") or (b == y and b != "") or (c == z and c != "")


def skeleton(text: str) -> str:
    """How a name is drawn: what looks the same has the same skeleton; "" without a letter or digit.

    That of UTS 39, folded, without blanks, punctuation and symbols. “L” alone keeps its case: with that of “I”, which
    is drawn as “l”, every “Ian” would be a “Lan”. So “Lena” and “lena” differ here and are `alike`.
    """
    return _looks(text)[0]


def _too_long(length: int) -> Refused:
    return refusal("bad_name", detail=f"it has {length} characters; {NAME_LENGTH_MAX} are possible")


def _flaws(name: str) -> Iterator[str]:
    """What is wrong with a name in its stored form."""
    for at, char in enumerate(name):
        detail = _UNSEEN if char in _BLIND else _REFUSED.get(category(char))
        if detail and not _is_needed(name, at):
            yield detail.format(code=f"U+{ord(char):04X}")
    yield from _loose_marks(name)
    if not skeleton(name):
        yield "it has no letter and no digit"


def _is_needed(name: str, at: int) -> bool:
    """Whether the unseen character at `at` stands where a script or an emoji needs one; no look ever sees it.

    A selector chooses the shape of an ideograph or symbol. The joiners stand beside the virama of an Indic script, and
    the non-joiner between Arabic letters: the contexts of UAX 31, and the Bengali one before the virama.
    """
    char, before, after = name[at], name[at - 1 : at], name[at + 1 : at + 2]
    if char in _SELECTORS:
        return _kind(before) in {"Lo", "Nd", "Po", "Sm", "So"}
    if char not in {_JOINER, _NON_JOINER} or not before or not after:
        return False
    if combining(before) == _VIRAMA or (combining(after) == _VIRAMA and _kind(before) == "Lo"):
        return True
    if char == _NON_JOINER:
        return bidirectional(before) == bidirectional(after) == "AL"
    return (before == _EMOJI_STYLE or _kind(before) in {"Sk", "So"}) and _kind(after) in {"Sm", "So"}


def _kind(char: str) -> str:
    """The category of a character that can be seen; "" for any other."""
    return "" if not char or char in _BLIND else category(char)


def _loose_marks(name: str) -> Iterator[str]:
    """Marks that stand on nothing, pile up, or repeat themselves and so hide one under another."""
    base, last, count = " ", "", 0
    for char in normalize("NFD", name):
        kind = category(char)
        if not kind.startswith("M"):
            base, last, count = char, "", 0
            continue
        count += kind != "Mc"
        if base == " ":
            yield "an accent stands on no letter"
        if count > MARKS_MAX or (char == last and kind != "Mc"):
            yield "too many accents stand on one letter"
        last = char


@lru_cache(maxsize=8192)
def _looks(text: str) -> tuple[str, str, str]:
    """The three looks of a name: as it is drawn; its small letters as drawn; its letters, each in its own case."""
    return (
        _settled(text, lambda seen: _folded_but_l(_drawn(seen))),
        _settled(_plain(text), lambda seen: _drawn(seen.casefold())),
        _settled(_in_own_case(text), lambda seen: _drawn(seen.casefold())),
    )


def _settled(text: str, look: Callable[[str], str]) -> str:
    """What is left of `text` once another look changes nothing; "" where that is no letter and no digit.

    It comes to an end: no row of the table leads back to where it began.
    """
    while (seen := look(text)) != text:
        text = seen
    return text if any(map(str.isalnum, text)) else ""


def _plain(text: str) -> str:
    """Letters without their style, because a styled one may have no small letter; without accents on their own."""
    return "".join(plain for plain in (normalize("NFKD", char) for char in text) if not plain.startswith(" "))


def _drawn(text: str) -> str:
    """Every character by that which stands for all that look like it; the dot of “i” and “j” is there already."""
    drawn = normalize("NFD", "".join(map(_prototype, normalize("NFD", text))))
    return drawn.replace("i\u0307", "i").replace("j\u0307", "j")


@lru_cache(maxsize=8192)
def _prototype(char: str) -> str:
    """What `char` looks like; nothing for what is neither letter, digit nor mark, and for what cannot be seen."""
    row = _prototypes().get(char)
    seen = _plain(char) if row is None else row
    if seen != char:
        return "".join(map(_prototype, seen))
    return char if category(char)[0] in "LNM" and char not in _BLIND else ""


def _folded_but_l(text: str) -> str:
    return "L".join(part.casefold() for part in text.split("L"))


def _in_own_case(text: str) -> str:
    """Letters by what they look like among those of their own case, so that “І” is an “I” and “М” an “M”."""
    words = [word.translate(_BARS) if _is_shouted(word) else word for word in text.split()]
    return "".join(map(_cased, _plain("".join(words))))


def _is_shouted(word: str) -> bool:
    """Whether a word is all capitals, so that “l”, “1” or “|” in it stands for “I”."""
    rest = word.translate(dict.fromkeys(_BARS))
    return len(rest) > 1 and rest.isupper()


def _cased(char: str) -> str:
    seen = _prototype(char)
    return seen if seen.isupper() or not char.isupper() else char.casefold()


@lru_cache(maxsize=1)
def _prototypes() -> Mapping[str, str]:
    """The table of look-alikes, read when the first name is looked at: the engine starts without it."""
    from tact_engine.core.confusables import read_prototypes  # noqa: PLC0415 - see above

    return read_prototypes()
