"""The draft: what stands in the composer, and what pressing Send would do with it right now."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tact_engine.core.conditions import Condition, Verdict
from tact_engine.core.presence import Value


class Preset(StrEnum):
    """The five choices of the deliver row, in their order."""

    NOW = "now"
    ONLINE = "online"
    AVAILABLE = "available"
    NOT_ANGRY = "not angry"
    CUSTOM = "custom"


class Mark(StrEnum):
    """How a condition or a clause stands right now."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has written and chosen for one conversation. `custom` counts only under Preset.CUSTOM."""

    text: str = ""
    preset: Preset = Preset.NOW
    custom: Condition | None = None
    valid_for: int = 7 * 24 * 3600
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What the composer says of a draft: mark, one sentence, the Send button's words, whether it can be pressed."""

    mark: Mark
    sentence: str
    button: str
    can_send: bool
    verdict: Verdict
