"""The Waiting panel: what waits, for what, how that stands now, and for how long still."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo

from tact_desktop.state import wording
from tact_desktop.state import wording_waiting as words
from tact_desktop.state.deliver_choices import draft_of
from tact_desktop.state.draft import Draft
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.judgement import Answer, Judgement, judged
from tact_desktop.state.mark import Mark, mark_of
from tact_desktop.state.people import NameOf, People, Person, caller
from tact_desktop.state.recipient import Recipient
from tact_desktop.state.timeline_feet import Reader, end_ms, first_end_ms, whole_ms
from tact_desktop.state.wording_conditions import clause_words, full_phrase, now_text
from tact_desktop.state.wording_time import moment, time_left
from tact_engine.core.conditions import Truth
from tact_engine.core.envelope import Otherwise
from tact_engine.core.presence import nobody, offered


@dataclass(frozen=True, slots=True)
class ClauseMark:
    """One clause of a waiting message: its words, how it stands, more of that in words, and which alternative."""

    text: str
    mark: Mark
    now_text: str
    alternative: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One card of the panel. `always` is needed whichever of `marks` comes true, and so is `besides`.

    `fraction_left` goes from 1 to 0; `urgent` once more than nine tenths of the time are over. `stale`: the engine is
    away, so all this is as last known. `counting`: it changes from second to second.
    """

    entry: Entry
    name: str
    title: str
    always: tuple[ClauseMark, ...]
    marks: tuple[ClauseMark, ...]
    besides: tuple[ClauseMark, ...]
    truth: Truth
    time_left_text: str
    fraction_left: float
    urgent: bool
    note: str = ""
    paused: bool = False
    stale: bool = False
    counting: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the entries and the people: what the engine explained, by id, and what is in an editor.

    `text_of` is the text of a message by its id, where it is known here; `up`: the engine can be asked.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict[str, Answer])
    paused: Collection[str] = ()
    text_of: Callable[[str], str] = lambda _: ""
    up: bool = True
    zone: tzinfo = UTC


def waiting(
    entries: Iterable[Entry], people: People, now_ms: int, known: Known | None = None
) -> tuple[Waiting, ...]:
    """Every own message that waits, the one whose time ends first on top."""
    return _listed((entry for entry in entries if not entry.alert), people, now_ms, known or Known())


def alerts(
    entries: Iterable[Entry], people: People, now_ms: int, known: Known | None = None
) -> tuple[Waiting, ...]:
    """Everything one asked to be told and was not yet, in the same order."""
    return _listed((entry for entry in entries if entry.alert), people, now_ms, known or Known())


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
        and not entry.alert
        and entry.stage in (Stage.DELIVERED, Stage.READ)
        and moment(entry.released_at, zone).date() == today
        for entry in entries
    )


def told_instead(entry: Entry) -> Draft:
    """The change that makes of a waiting message an alert; its text stays on this computer as a note."""
    otherwise = Otherwise.EXPIRE if entry.otherwise is Otherwise.DELIVER else entry.otherwise
    return replace(draft_of(entry), otherwise=otherwise, alert=True)


def followed_by(draft: Draft, text: str) -> Draft:
    """`draft` with `text` behind what stands in it, after a blank line."""
    return replace(draft, text=f"{draft.text.rstrip()}\n\n{text}" if draft.text.strip() else text)


def recipients_of(entry: Entry, people: People) -> tuple[Person, ...]:
    """Whom `entry` is for; who is not known is offline under their handle."""
    return tuple(people.get(handle) or Person(handle, nobody(handle)) for handle in entry.recipients)


def _listed(entries: Iterable[Entry], people: People, now_ms: int, known: Known) -> tuple[Waiting, ...]:
    found = sorted((entry for entry in entries if entry.waiting), key=lambda entry: (end_ms(entry), entry.id))
    name_of = caller(people)
    return tuple(_waiting(entry, people, name_of, now_ms, known) for entry in found)


def _waiting(entry: Entry, people: People, name_of: NameOf, now_ms: int, known: Known) -> Waiting:
    recipients = recipients_of(entry, people)
    judgement = judged(entry, recipients, known.answers.get(entry.id), now_ms)
    name = ", ".join(name_of(person.handle) for person in recipients)
    whole, left = whole_ms(entry), max(0, end_ms(entry) - now_ms)
    unsent, paused = entry.stage is Stage.UNSENT, entry.id in known.paused or judgement.paused
    return Waiting(
        entry=entry,
        name=name,
        title=words.tell_me_when(_wanted(entry, name, now_ms, known)) if entry.alert else name,
        always=tuple(_always(entry, judgement, paused, known)),
        marks=tuple(_marks(entry, judgement, now_ms)),
        besides=tuple(_besides(entry, judgement, Reader(now_ms, known.zone))),
        truth=judgement.verdict.truth,
        time_left_text=wording.STAGE_WORDS[Stage.UNSENT] if unsent else time_left(left),
        fraction_left=1.0 if unsent or not whole else min(1.0, left / whole),
        urgent=not unsent and left * 10 < whole,
        note=_note(entry, name, Reader(now_ms, known.zone)),
        paused=paused,
        stale=not known.up,
        counting=bool(judgement.dwell_left_ms),
    )


def _always(entry: Entry, judgement: Judgement, paused: bool, known: Known) -> Iterable[ClauseMark]:
    if paused:
        yield ClauseMark(words.PAUSED, Mark.FALSE, "")
    yield ClauseMark(words.ONLINE, mark_of(judgement.verdict.online), "")
    if judgement.behind:
        yield ClauseMark(words.after(known.text_of(judgement.behind)), Mark.FALSE, "")
    elif entry.keep_order:
        yield ClauseMark(words.IN_TURN, Mark.UNKNOWN if judgement.behind is None else Mark.TRUE, "")


def _marks(entry: Entry, judgement: Judgement, now_ms: int) -> Iterable[ClauseMark]:
    values = offered(judgement.person.presence, now_ms)
    for place, (group, truths) in enumerate(zip(entry.condition.any, judgement.verdict.clauses, strict=True)):
        for clause, truth in zip(group.all, truths, strict=True):
            yield ClauseMark(clause_words(clause), mark_of(truth), now_text(clause.attr, values), place)


def _besides(entry: Entry, judgement: Judgement, reader: Reader) -> Iterable[ClauseMark]:
    """The clauses about time."""
    condition, verdict = entry.condition, judgement.verdict
    if condition.not_before is not None:
        at = reader.time(condition.not_before)
        yield ClauseMark(words.not_before(at), mark_of(verdict.not_before), "")
    if condition.window is not None:
        hours = words.window_words(condition.window, judgement.person.name)
        yield ClauseMark(hours, mark_of(verdict.window), "")
    if condition.edge:
        said = {True: words.HAS_CHANGED, False: words.MUST_CHANGE}
        armed = judgement.armed
        yield ClauseMark(words.NEXT_TIME, mark_of(armed), said[armed] if armed is not None else "")
    if condition.dwell:
        yield _dwell(condition.dwell, judgement)


def _dwell(seconds: int, judgement: Judgement) -> ClauseMark:
    """It has not held long enough yet; where it may hold now and nobody says for how long, that is unknown."""
    left = judgement.dwell_left_ms
    unknown = left is None and judgement.verdict.truth is not False and judgement.armed is not False
    said = words.still_to_stay(left) if left else ""
    return ClauseMark(words.stays_so(seconds), Mark.UNKNOWN if unknown else Mark.FALSE, said)


def _wanted(entry: Entry, name: str, now_ms: int, known: Known) -> str:
    return full_phrase(entry.condition, Recipient(name, now_ms=now_ms, zone=known.zone))


def _note(entry: Entry, name: str, reader: Reader) -> str:
    """What has become of it at the end of its time, or will; "" where it simply expires."""
    if entry.second:
        return words.second_life(reader.time(first_end_ms(entry)), name)
    match entry.otherwise:
        case Otherwise.DRAFTS:
            return words.then_draft()
        case Otherwise.DELIVER:
            return words.then_online(name)
        case _:
            return ""
