"""The draft: what stands in the composer, and what pressing Send would do with it right now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tact_desktop.state import wording
from tact_desktop.state.mark import Mark as Mark
from tact_desktop.state.mark import mark_of
from tact_desktop.state.wording_conditions import not_shared, now_all, phrase, present, problem_text
from tact_desktop.state.wording_time import span
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Condition, Verdict, evaluate, problems
from tact_engine.core.envelope import VALIDITY_SECONDS_DEFAULT
from tact_engine.core.presence import ALIAS, Presence, Value, seen


class Preset(StrEnum):
    """The five choices of the deliver row, in their order."""

    NOW = "now"
    ONLINE = "online"
    AVAILABLE = "available"
    NOT_ANGRY = "not angry"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has written and chosen for one conversation. `custom` counts only under Preset.CUSTOM."""

    text: str = ""
    preset: Preset = Preset.NOW
    custom: Condition | None = None
    valid_for: int = VALIDITY_SECONDS_DEFAULT
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What the composer says of a draft: mark, one sentence, the Send button's words, whether it can be pressed."""

    mark: Mark
    sentence: str
    button: str
    can_send: bool
    verdict: Verdict


_BUTTONS: Mapping[Preset, str] = {
    Preset.NOW: wording.SEND_WHEN_ONLINE,
    Preset.ONLINE: wording.SEND_WHEN_ONLINE,
    Preset.AVAILABLE: wording.SEND_WHEN_AVAILABLE,
    Preset.NOT_ANGRY: wording.SEND_WHEN_NOT_ANGRY,
    Preset.CUSTOM: wording.SEND_WHEN,
}


def condition_of(draft: Draft) -> Condition:
    """The condition that `draft` is sent with; Now is "when online", and so is Custom before anything is chosen."""
    if draft.preset is Preset.CUSTOM:
        return draft.custom or WHEN_ONLINE
    return PRESETS.get(draft.preset, WHEN_ONLINE)


def preview(draft: Draft, recipient: Presence, viewer: str, connected: bool) -> Preview:
    """What pressing Send would do, decided by the very function that decides in the engine."""
    condition, values = condition_of(draft), seen(recipient, viewer)
    verdict = evaluate(condition, values)
    mark, sentence, sendable = _judged(draft, condition, values, verdict, _name(recipient, values), connected)
    at_once = mark is Mark.TRUE
    return Preview(
        mark=mark,
        sentence=wording.marked(mark, sentence),
        button=wording.SEND if at_once else _BUTTONS[draft.preset],
        can_send=sendable and bool(draft.text.strip()),
        verdict=verdict,
    )


def sent(draft: Draft) -> Draft:
    """What the draft becomes once it is sent: empty, and back at Now unless it is pinned."""
    return replace(draft, text="") if draft.pinned else Draft()


def _judged(
    draft: Draft,
    condition: Condition,
    values: Mapping[str, Value],
    verdict: Verdict,
    name: str,
    connected: bool,
) -> tuple[Mark, str, bool]:
    """The mark, the sentence without its glyph, and whether sending makes sense, the gravest reason first."""
    limit = span(draft.valid_for)
    problem = next(problems(condition), None)
    if problem is not None:
        return Mark.IMPOSSIBLE, problem_text(problem, condition, name), False
    hidden = [clause.attr for group in condition.any for clause in group.all if clause.attr not in values]
    if hidden and not _can_come_true(condition, values):
        return Mark.UNKNOWN, wording.would_only_expire(not_shared(name, hidden)), False
    wanted = phrase(name, condition, online=verdict.online is False)
    if not connected:
        return Mark.UNKNOWN, wording.kept_here(wanted, limit), True
    mark = mark_of(verdict.truth)
    if mark is Mark.UNKNOWN:
        return mark, wording.cannot_tell(not_shared(name, hidden), wanted, limit), True
    if mark is Mark.TRUE:
        now = draft.preset is Preset.NOW
        return (
            mark,
            wording.goes_now(name) if now else wording.goes_at_once(present(name, condition, values)),
            True,
        )
    if draft.preset is Preset.NOW:
        return mark, wording.goes_when_online(name, limit), True
    return mark, wording.waits(wanted, now_all(condition, verdict, values), limit), True


def _can_come_true(condition: Condition, values: Mapping[str, Value]) -> bool:
    """Whether some alternative asks for nothing that is hidden; else the message would only expire."""
    return any(all(clause.attr in values for clause in group.all) for group in condition.any)


def _name(recipient: Presence, values: Mapping[str, Value]) -> str:
    return str(values.get(ALIAS) or recipient.handle)
