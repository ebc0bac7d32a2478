"""One's own privacy as one changes it: each step makes all rules anew, and leaves out the defaults."""

from msgspec.structs import replace

from tact_engine.core.presence import (
    ACTIVITY,
    ALIAS,
    FREE_TEXT_LOCATION,
    IDLE,
    ONLINE_STATUS,
    STATUS_TEXT,
    TIME_ZONE,
    USER_AVAILABILITY,
    USER_MOOD,
    Presence,
    offered,
)
from tact_engine.core.privacy import DEFAULTS, OPEN, Audience, Privacy, Rule, rule_of, shown

ROWS = (
    ONLINE_STATUS,
    USER_AVAILABILITY,
    ACTIVITY,
    USER_MOOD,
    STATUS_TEXT,
    FREE_TEXT_LOCATION,
    IDLE,
    TIME_ZONE,
    ALIAS,
)
"""Every attribute, in the order in which one decides about them."""


def with_audience(privacy: Privacy, name: str, audience: Audience) -> Privacy:
    """`privacy` with attribute `name` for that audience; who was chosen once stays chosen."""
    return _with(privacy, name, replace(rule_of(privacy, name), see=audience))


def with_people(privacy: Privacy, name: str, people: tuple[str, ...]) -> Privacy:
    """`privacy` with attribute `name` for these people alone."""
    return _with(privacy, name, replace(rule_of(privacy, name), see=Audience.CHOSEN, people=people))


def with_usable(privacy: Privacy, name: str, usable: bool) -> Privacy:
    """`privacy` with attribute `name` to be waited for by whoever sees it, or by nobody."""
    return _with(privacy, name, replace(rule_of(privacy, name), usable=usable))


def with_blocked(privacy: Privacy, handle: str, blocked: bool) -> Privacy:
    """`privacy` with `handle` blocked, or not any more; nobody is blocked and always loud at once."""
    vips = _without(privacy.vips, handle) if blocked else privacy.vips
    return replace(privacy, blocked=_set(privacy.blocked, handle, blocked), vips=vips)


def with_vip(privacy: Privacy, handle: str, vip: bool) -> Privacy:
    """`privacy` with `handle` always loud, or not any more."""
    return replace(privacy, vips=_set(privacy.vips, handle, vip))


def sight(me: Presence, privacy: Privacy, viewer: str, now_ms: int) -> tuple[Presence, tuple[str, ...]]:
    """What `viewer` is shown of `me`, and which attributes they may wait for: said by the engine's own functions."""
    document = shown(me, privacy, viewer)
    usable = () if viewer in privacy.blocked else tuple(offered(document, now_ms))
    return document, tuple(name for name in ROWS if name in usable)


def _with(privacy: Privacy, name: str, rule: Rule) -> Privacy:
    rules = {known: each for known, each in privacy.rules.items() if known != name}
    return replace(privacy, rules=rules if rule == DEFAULTS.get(name, OPEN) else {**rules, name: rule})


def _set(people: tuple[str, ...], handle: str, member: bool) -> tuple[str, ...]:
    rest = _without(people, handle)
    return (*rest, handle) if member else rest


def _without(people: tuple[str, ...], handle: str) -> tuple[str, ...]:
    return tuple(each for each in people if each != handle)
