"""The list of people for a view: who is there, in the order they are shown in."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import cast

from PySide6.QtCore import Qt

from tact_desktop.models.difference import Move, runs
from tact_desktop.models.keyed_list import Index, KeyedList
from tact_desktop.state.people import Glyph, Person, glyph_of
from tact_desktop.state.shown import known_as
from tact_desktop.state.wording_person import person_said, row_line
from tact_desktop.state.wording_words import mood_emoji
from tact_desktop.widgets.people_delegate import PersonRole
from tact_desktop.widgets.text import plain_tooltip
from tact_engine.core.presence import USER_MOOD

WORDS_KEPT_MAX = 200
"""More rows than are ever in sight at once."""


@dataclass(frozen=True, slots=True)
class _Row:
    """Somebody in the list; a `twin` has the name of somebody else."""

    person: Person
    twin: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """What is shown of one person; equal words look and read the same."""

    line: str
    glyph: Glyph
    mood: str
    said: str


class PeopleModel(KeyedList[_Row]):
    """Answers every PersonRole, and AccessibleTextRole with the same in plain words.

    Words are made for the rows that somebody looks at: of a large office that is one in a hundred.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now_ms, self._zone = 0, cast("tzinfo", UTC)
        self._words: dict[str, tuple[_Row, _Words]] = {}

    def show(self, people: tuple[Person, ...], now_ms: int = 0, zone: tzinfo = UTC) -> None:
        """Shows `people` in their order, read at `now_ms` (UTC milliseconds) in `zone`."""
        self._now_ms, self._zone = now_ms, zone
        if not self._show_in_place(people):
            named = Counter(person.folded for person in people)
            self.show_rows([self._row(person, named[person.folded] > 1) for person in people])
        self._read_again()

    def show_counts(self, person: Person, now_ms: int, zone: tzinfo) -> None:
        """Shows one who has other counts, in their place among the others; who is not listed stays so."""
        source = self.place_of(person.handle)
        if source < 0:
            return
        self._now_ms, self._zone = now_ms, zone
        row, target = _Row(person, self._rows[source].twin), self._target(source, person)
        if target != source:
            self._take(Move(source, target), (), ())
        place = self.place_of(person.handle)
        if row != self._rows[place]:
            self._rows[place] = row
            self.dataChanged.emit(self.index(place), self.index(place))

    def handle_at(self, place: int) -> str:
        """Who is at `place`, or "" where nobody is."""
        return self._keys[place] if 0 <= place < len(self._keys) else ""

    def person_at(self, place: int) -> Person | None:
        """The person at `place`, as last shown."""
        return self._rows[place].person if 0 <= place < len(self._rows) else None

    def key_of(self, row: _Row) -> str:
        return row.person.handle

    def data(self, index: Index, role: int = 0, /) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | PersonRole.NAME:
                return row.person.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._words_of(row).said
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(
                    f"{known_as(row.person.name, row.person.handle)}\n{self._words_of(row).line}"
                )
            case PersonRole.HANDLE:
                return row.person.handle
            case PersonRole.LINE:
                return self._words_of(row).line
            case PersonRole.GLYPH:
                return self._words_of(row).glyph
            case PersonRole.UNREAD:
                return row.person.unread
            case PersonRole.WAITING:
                return row.person.waiting
            case PersonRole.MOOD:
                return self._words_of(row).mood
            case PersonRole.GONE:
                return row.person.gone
            case _:
                return None

    def _show_in_place(self, people: tuple[Person, ...]) -> bool:
        """Whether everybody stays where they are under their name, as nearly always: then only their rows change."""
        if len(people) != len(self._rows):
            return False
        pairs = enumerate(zip(people, self._rows, strict=True))
        other = [place for place, (person, row) in pairs if person is not row.person and person != row.person]
        if any(_called(people[place]) != _called(self._rows[place].person) for place in other):
            return False
        for place in other:
            self._rows[place] = _Row(people[place], self._rows[place].twin)
        for first, last in runs(other):
            self.dataChanged.emit(self.index(first), self.index(last))
        return True

    def _target(self, source: int, person: Person) -> int:
        """Before whom the one at `source` belongs now; `source` where they stay. The others are in their order."""
        rows, below = self._rows, source + 1
        if source and _place(rows[source - 1]) > person.place:
            return bisect_left(rows, person.place, 0, source, key=_place)
        if below < len(rows) and _place(rows[below]) < person.place:
            return bisect_left(rows, person.place, below, key=_place)
        return source

    def _row(self, person: Person, twin: bool) -> _Row:
        """The very row that is shown already, where it still says the same."""
        place = self.place_of(person.handle)
        known = self._rows[place] if place >= 0 else None
        return known if known and known.person is person and known.twin is twin else _Row(person, twin)

    def _words_of(self, row: _Row) -> _Words:
        kept = self._words.get(row.person.handle)
        if kept is None or kept[0] is not row:
            kept = self._words[row.person.handle] = row, _words(row, self._now_ms, self._zone)
        return kept[1]

    def _read_again(self) -> None:
        """Time has passed: what was looked at and reads differently now is announced."""
        looked_at, self._words = self._words, {}
        if len(looked_at) <= WORDS_KEPT_MAX:
            self._words = {
                handle: (row, words)
                for handle, (row, words) in looked_at.items()
                if words == _words(row, self._now_ms, self._zone)
            }
        old = looked_at.keys() - self._words.keys()
        for first, last in runs(sorted(place for place in map(self.place_of, old) if place >= 0)):
            self.dataChanged.emit(self.index(first), self.index(last))


def _place(row: _Row) -> tuple[object, ...]:
    return row.person.place


def _called(person: Person) -> tuple[str, str]:
    return person.handle, person.folded


def _words(row: _Row, now_ms: int, zone: tzinfo) -> _Words:
    """The words of a row; in that of a twin the handle stands too."""
    person = row.person
    line = row_line(person, now_ms, zone)
    glyph = glyph_of(person.presence)
    return _Words(
        line=f"{person.handle} · {line}" if row.twin else line,
        glyph=glyph,
        mood="" if glyph is Glyph.OFFLINE else mood_emoji(person.presence.value(USER_MOOD) or ""),
        said=person_said(person, now_ms, zone, row.twin),
    )
