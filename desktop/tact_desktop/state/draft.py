"""The draft: what a person has written and chosen for one conversation; `preview` says what sending it would do."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Condition
from tact_engine.core.envelope import VALIDITY_SECONDS_DEFAULT, Otherwise


class Preset(StrEnum):
    """The five choices of the deliver row, in their order."""

    NOW = "now"
    ONLINE = "online"
    AVAILABLE = "available"
    NOT_ANGRY = "not angry"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has written and chosen for one conversation. `custom` counts only under Preset.CUSTOM.

    `otherwise` is what becomes of the message at the end of its time; with `keep_order` it waits behind what waits
    there already; `alert`: nobody gets it, its writer is told when it could go.
    """

    text: str = ""
    preset: Preset = Preset.NOW
    custom: Condition | None = None
    valid_for: int = VALIDITY_SECONDS_DEFAULT
    pinned: bool = False
    otherwise: Otherwise = Otherwise.EXPIRE
    keep_order: bool = False
    alert: bool = False


def condition_of(draft: Draft) -> Condition:
    """The condition that `draft` is sent with; Now is "when online", and so is Custom before anything is chosen."""
    if draft.preset is Preset.CUSTOM:
        return draft.custom or WHEN_ONLINE
    return PRESETS.get(draft.preset, WHEN_ONLINE)


def sent(draft: Draft) -> Draft:
    """What the draft becomes once it is sent: empty, and back at Now unless it is pinned; the next one is a message."""
    return replace(draft, text="", keep_order=False, alert=False) if draft.pinned else Draft()
