"""The Waiting panel: what waits, for what, how that stands now, and for how long still."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from tact_desktop.state import wording
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.mark import Mark, mark_of
from tact_desktop.state.people import People, Person
from tact_desktop.state.wording_conditions import clause_words, now_text
from tact_desktop.state.wording_time import moment, time_left
from tact_engine.core.conditions import Truth, evaluate
from tact_engine.core.presence import nobody, seen


@dataclass(frozen=True, slots=True)
class ClauseMark:
    """One clause of a waiting message: its words, how it stands, the present value in words, and which alternative."""

    text: str
    mark: Mark
    now_text: str
    alternative: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One card of the panel. `marks` is empty for "when online"; `online` is always needed besides.

    `fraction_left` goes from 1 to 0; `urgent` once more than nine tenths of the time are over.
    """

    entry: Entry
    name: str
    online: Mark
    marks: tuple[ClauseMark, ...]
    truth: Truth
    time_left_text: str
    fraction_left: float
    urgent: bool


def waiting(entries: Iterable[Entry], people: People, now_ms: int) -> tuple[Waiting, ...]:
    """Every own entry that waits, the one whose time ends first on top."""
    found = sorted(
        (entry for entry in entries if entry.waiting), key=lambda entry: (_end_ms(entry), entry.id)
    )
    return tuple(_waiting(entry, people, now_ms) for entry in found)


def not_delivered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Every own entry that ended without arriving, the latest on top."""
    found = [entry for entry in entries if entry.undelivered]
    return tuple(sorted(found, key=lambda entry: (entry.since, entry.id), reverse=True))


def delivered_today(entries: Iterable[Entry], now_ms: int, zone: tzinfo) -> int:
    """How many own messages that had to wait arrived on the day that `now_ms` is in `zone`."""
    today = moment(now_ms, zone).date()
    return sum(
        entry.own
        and entry.delayed
        and entry.stage in (Stage.DELIVERED, Stage.READ)
        and moment(entry.released_at, zone).date() == today
        for entry in entries
    )


def _waiting(entry: Entry, people: People, now_ms: int) -> Waiting:
    recipients = [people.get(handle) or Person(handle, nobody(handle)) for handle in entry.recipients]
    looked_at = [seen(person.presence, entry.author) for person in recipients]
    verdicts = [evaluate(entry.condition, values) for values in looked_at]
    # Of several recipients, the first whose turn has not come shows what is waited for.
    one = next((index for index, verdict in enumerate(verdicts) if verdict.truth is not True), 0)
    marks = tuple(
        ClauseMark(clause_words(clause), mark_of(truth), now_text(clause.attr, looked_at[one]), place)
        for place, group in enumerate(entry.condition.any)
        for clause, truth in zip(group.all, verdicts[one].clauses[place], strict=True)
    )
    whole, left = entry.valid_for * 1000, max(0, _end_ms(entry) - now_ms)
    unsent = entry.stage is Stage.UNSENT
    return Waiting(
        entry=entry,
        name=", ".join(person.name for person in recipients),
        online=mark_of(verdicts[one].online),
        marks=marks,
        truth=verdicts[one].truth,
        time_left_text=wording.STAGE_WORDS[Stage.UNSENT] if unsent else time_left(left),
        fraction_left=1.0 if unsent or not whole else min(1.0, left / whole),
        urgent=not unsent and left * 10 < whole,
    )


def _end_ms(entry: Entry) -> int:
    """When `entry` expires; an unsent one has its whole time yet, which starts at its acceptance."""
    return entry.expires_at or entry.written_at + entry.valid_for * 1000
