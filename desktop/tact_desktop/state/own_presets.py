"""Presets of one's own: names for conditions that are used often, how they are kept, and what is offered of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as rebuilt

from tact_desktop.state import wording_editor as words
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.recipient import Recipient
from tact_desktop.state.wording_conditions import not_shared
from tact_engine.core.conditions import Condition, canonical, not_offered, parse, problems
from tact_engine.core.errors import Refused

PRESETS_SETTING = "presets"
PRESETS_MAX = 8
NAME_LENGTH_MAX = 24
_KEY = "own:"


@dataclass(frozen=True, slots=True)
class OwnPreset:
    """A condition and what its maker calls it."""

    name: str
    condition: Condition


Presets = tuple[OwnPreset, ...]


def kept(presets: Presets) -> list[list[str]]:
    """`presets` as the setting keeps them."""
    return [[preset.name, canonical(preset.condition)] for preset in presets]


def known(setting: Iterable[Sequence[str]]) -> Presets:
    """What the setting keeps; what this version cannot read is left out."""
    read = ((name, _parsed(text)) for name, text in setting)
    return tuple(OwnPreset(name, condition) for name, condition in read if condition is not None)


def saved(presets: Presets, name: str, condition: Condition) -> Presets:
    """With one more, or another one under its name. A date is not kept: a preset is for any day."""
    lasting = rebuilt(condition, not_before=None)
    if any(preset.name == name for preset in presets):
        return tuple(replace(each, condition=lasting) if each.name == name else each for each in presets)
    return (*presets, OwnPreset(name, lasting))


def renamed(presets: Presets, name: str, new: str) -> Presets:
    """With `new` in the place of `name`."""
    return tuple(replace(each, name=new) if each.name == name else each for each in presets)


def deleted(presets: Presets, name: str) -> Presets:
    """Without `name`."""
    return tuple(each for each in presets if each.name != name)


def why_not_named(presets: Presets, name: str, before: str = "") -> str:
    """Why a preset cannot be called `name`, which was called `before` until now; "" where it can."""
    if not name.strip():
        return words.NAME_MISSING
    if len(name) > NAME_LENGTH_MAX:
        return words.name_too_long(NAME_LENGTH_MAX)
    taken = {each.name.casefold() for each in presets if each.name != before}
    return words.name_taken(name) if name.casefold() in taken else ""


def why_no_more(presets: Presets) -> str:
    """Why one more cannot be saved; "" where it can."""
    return words.too_many_presets(PRESETS_MAX) if len(presets) >= PRESETS_MAX else ""


def key_of(name: str) -> str:
    """The key of a preset of one's own among the choices of the deliver row."""
    return f"{_KEY}{name}"


def preset_of(presets: Presets, key: str) -> OwnPreset | None:
    """The preset that `key` stands for; None where it is another choice."""
    return next((each for each in presets if key_of(each.name) == key), None)


def chosen_key(draft: Draft, presets: Presets) -> str:
    """The choice that `draft` stands at: the preset of one's own with the same condition, else its own preset."""
    if draft.preset is Preset.CUSTOM:
        return next((key_of(each.name) for each in presets if each.condition == draft.custom), draft.preset)
    return draft.preset


def own_options(presets: Presets, whom: Recipient) -> tuple[tuple[str, str, bool, str], ...]:
    """The choices (key, words, can be chosen, why not or "") for a message to `whom`."""
    return tuple(_option(preset, whom) for preset in presets)


def _option(preset: OwnPreset, whom: Recipient) -> tuple[str, str, bool, str]:
    missing = not_offered(preset.condition, whom.offered)
    reason = f"{not_shared(whom.name, [missing], whom.unusable)}." if missing else ""
    return key_of(preset.name), preset.name, not missing, reason


def _parsed(text: str) -> Condition | None:
    try:
        condition = parse(text)
    except Refused:
        return None
    return None if next(problems(condition), None) else condition
