"""What a person makes of messages that wait, kept in the store until the engine has answered."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from tact_desktop.local.notes import Notes
from tact_engine.core.conditions import Condition, canonical, parse
from tact_engine.core.envelope import Otherwise

CHANGING_SETTING = "changing"
"""Id → the changes that the engine has not answered yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a person makes of a waiting message; `now`: only its condition is dropped."""

    text: str
    condition: Condition
    valid_for: int
    otherwise: Otherwise = Otherwise.EXPIRE
    alert: bool = False
    now: bool = False
    revision: int = 0
    """The one that was changed."""


class Changes:
    """The changes that are not answered: of each message the first one is being asked, the others come after it."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        kept: dict[str, list[dict[str, Any]]] = notes.setting(CHANGING_SETTING, {})
        self._changes = {id: tuple(map(_change_of, changes)) for id, changes in kept.items()}

    @property
    def ids(self) -> tuple[str, ...]:
        """The messages that are being changed."""
        return tuple(self._changes)

    def of(self, id: str) -> tuple[Change, ...]:
        """What is asked of a message, in its order; nothing where it is not being changed."""
        return self._changes.get(id, ())

    def keep(self, id: str, changes: Iterable[Change]) -> None:
        """This is what is asked of a message from now on. May raise LocalStoreError."""
        after = {**self._changes, id: tuple(changes)}
        self._changes = {each: asked for each, asked in after.items() if asked}
        kept = {each: [_record(change) for change in asked] for each, asked in self._changes.items()}
        self._notes.set_setting(CHANGING_SETTING, kept)


def _record(change: Change) -> dict[str, Any]:
    return asdict(change) | {"condition": canonical(change.condition)}


def _change_of(kept: dict[str, Any]) -> Change:
    known: dict[str, Any] = {
        **kept,
        "condition": parse(kept["condition"]),
        "otherwise": Otherwise(kept["otherwise"]),
    }
    return Change(**known)
