"""The list of people for a view: who is there, in the order they are shown in."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, tzinfo

from PySide6.QtCore import Qt

from tact_desktop.models.keyed_list import Index, KeyedList
from tact_desktop.state.people import Glyph, Person, glyph_of
from tact_desktop.state.shown import known_as
from tact_desktop.state.wording_person import person_said, row_line
from tact_desktop.state.wording_words import mood_emoji
from tact_desktop.widgets.people_delegate import PersonRole
from tact_desktop.widgets.text import plain_tooltip
from tact_engine.core.presence import USER_MOOD, Presence


@dataclass(frozen=True, slots=True)
class _Row:
    """What is shown of one person; equal rows look and read the same."""

    handle: str
    name: str
    line: str
    glyph: Glyph
    unread: int
    waiting: int
    mood: str
    gone: bool
    said: str


class PeopleModel(KeyedList[_Row]):
    """Answers every PersonRole, and AccessibleTextRole with the same in plain words."""

    def __init__(self) -> None:
        super().__init__()
        self._people: dict[str, Person] = {}

    def show(self, people: tuple[Person, ...], now_ms: int = 0, zone: tzinfo = UTC) -> None:
        """Shows `people` in their order, read at `now_ms` (UTC milliseconds) in `zone`."""
        self._people = {person.handle: person for person in people}
        named = Counter(person.name.casefold() for person in people)
        self.show_rows([_row(each, now_ms, zone, named[each.name.casefold()] > 1) for each in people])

    def handle_at(self, place: int) -> str:
        """Who is at `place`, or "" where nobody is."""
        return self._keys[place] if 0 <= place < len(self._keys) else ""

    def person_at(self, place: int) -> Person | None:
        """The person at `place`, as last shown."""
        return self._people.get(self.handle_at(place))

    def key_of(self, row: _Row) -> str:
        return row.handle

    def data(self, index: Index, role: int = 0, /) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | PersonRole.NAME:
                return row.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.said
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(f"{known_as(row.name, row.handle)}\n{row.line}")
            case PersonRole.HANDLE:
                return row.handle
            case PersonRole.LINE:
                return row.line
            case PersonRole.GLYPH:
                return row.glyph
            case PersonRole.UNREAD:
                return row.unread
            case PersonRole.WAITING:
                return row.waiting
            case PersonRole.MOOD:
                return row.mood
            case PersonRole.GONE:
                return row.gone
            case _:
                return None


def _row(person: Person, now_ms: int, zone: tzinfo, twin: bool) -> _Row:
    """The row of `person`; a `twin` has the name of somebody else, so the handle stands in it."""
    presence = person.presence
    line = row_line(person, now_ms, zone)
    return _Row(
        handle=person.handle,
        name=person.name,
        line=f"{person.handle} · {line}" if twin else line,
        glyph=glyph_of(presence),
        unread=person.unread,
        waiting=person.waiting,
        mood="" if _is_away(presence) else mood_emoji(presence.value(USER_MOOD) or ""),
        gone=person.gone,
        said=person_said(person, now_ms, zone, twin),
    )


def _is_away(presence: Presence) -> bool:
    return glyph_of(presence) is Glyph.OFFLINE
