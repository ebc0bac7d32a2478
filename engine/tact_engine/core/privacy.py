"""Privacy: who may see which attribute, what may be used as a condition, whom a person does not want to hear.

A person's rules are one document. Whoever looks at them is shown a presence document of their own, made by `shown`:
what they may not see is not in it and named as hidden. The same document goes to their window and to the evaluation of
their conditions, so a condition sees exactly what its sender may see.

Blocking is polite. A blocked person is shown somebody who is offline and has nothing set; what they send waits, and
ends as if its recipient had never come.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from tact_engine.core.errors import refusal
from tact_engine.core.presence import ALIAS, ATTRIBUTES, FREE_TEXT_LOCATION, IDLE, Presence, nobody

PEOPLE_MAX = 300
"""How many people one rule or list may name."""


class Audience(StrEnum):
    """Who may see an attribute."""

    EVERYONE = "everyone"
    CHOSEN = "chosen"
    NOBODY = "nobody"


class Rule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who may see one attribute; `people` are those chosen. `usable`: whoever sees it may use it in a condition."""

    see: Audience = Audience.EVERYONE
    people: tuple[str, ...] = ()
    usable: bool = True


class Privacy(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One person's rules by attribute, DEFAULTS where left out; whom they block; who is always loud."""

    rules: dict[str, Rule] = {}
    blocked: tuple[str, ...] = ()
    vips: tuple[str, ...] = ()


OPEN = Rule()
DEFAULTS: Mapping[str, Rule] = MappingProxyType(
    {FREE_TEXT_LOCATION: Rule(usable=False), IDLE: Rule(Audience.CHOSEN)}
)
"""The rules nobody has to make; every other attribute is open."""
NO_WISHES = Privacy()
STRANGER = ""
"""A viewer whom no rule names."""
VERSION_OF_OTHERS = 0
"""The version number that everybody but its owner sees of a presence document."""


def rule_of(privacy: Privacy, name: str) -> Rule:
    """The rule about attribute `name`."""
    return privacy.rules.get(name) or DEFAULTS.get(name, OPEN)


def may_see(privacy: Privacy, name: str, viewer: str) -> bool:
    """Whether `viewer`, who is not the owner, may see attribute `name`."""
    rule = rule_of(privacy, name)
    return rule.see is Audience.EVERYONE or (rule.see is Audience.CHOSEN and viewer in rule.people)


def may_use(privacy: Privacy, name: str, viewer: str) -> bool:
    """Whether `viewer` may use attribute `name` in a condition: they see it, and its owner lets others wait for it."""
    return rule_of(privacy, name).usable and may_see(privacy, name, viewer)


def shown(presence: Presence, privacy: Privacy, viewer: str) -> Presence:
    """The document that `viewer` is shown; its owner sees all of it, and what its values return to.

    Only the owner sees the number of the version: gaps in it would tell the others that something hidden has changed.
    """
    if viewer == presence.handle:
        return presence
    hidden, unusable = _kept_back(presence, privacy, viewer) if privacy.rules else _BY_DEFAULT
    is_blocked = viewer in privacy.blocked
    readings = {
        name: replace(reading, previous=None) if reading.previous else reading
        for name, reading in presence.readings.items()
        if name not in hidden and (name == ALIAS or not is_blocked)
    }
    return Presence(presence.handle, VERSION_OF_OTHERS, readings, hidden, unusable)


_NOBODY = frozenset[str]()


def known(privacy: Privacy) -> frozenset[str]:
    """Everybody whom `privacy` may treat otherwise than a stranger."""
    if not privacy.rules and not privacy.blocked:
        return _NOBODY
    chosen = {handle for rule in privacy.rules.values() for handle in rule.people}
    return frozenset(chosen.union(privacy.blocked))


def _kept_back(presence: Presence, privacy: Privacy, viewer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What `viewer` may not see, and what they may see and not use."""
    names = dict.fromkeys((*ATTRIBUTES, *presence.readings))
    hidden = tuple(name for name in names if not may_see(privacy, name, viewer))
    return hidden, tuple(name for name in names if name not in hidden and not rule_of(privacy, name).usable)


_BY_DEFAULT = _kept_back(nobody(STRANGER), NO_WISHES, STRANGER)
"""That of everybody who has made no rules, which is nearly everybody: nobody is among the chosen ones."""


def same_sight(one: Presence, other: Presence) -> bool:
    """Whether two shown documents say the same, whatever their versions."""
    return (one.readings, one.hidden, one.unusable) == (other.readings, other.hidden, other.unusable)


def check_privacy(privacy: Privacy, owner: str) -> None:
    """Refused unless every rule is about a known attribute and no list is too long or names its owner."""
    for name in privacy.rules:
        if name not in ATTRIBUTES:
            raise refusal("unknown_attribute", name=name, names=", ".join(ATTRIBUTES))
    lists: Iterable[tuple[str, ...]] = (
        privacy.blocked,
        privacy.vips,
        *(rule.people for rule in privacy.rules.values()),
    )
    for people in lists:
        if len(people) > PEOPLE_MAX:
            raise refusal("too_many_named", most=PEOPLE_MAX)
        if owner in people:
            raise refusal("names_oneself")
