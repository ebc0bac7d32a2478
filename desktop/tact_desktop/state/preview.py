"""The preview: what pressing Send would do right now, decided by the very functions that decide in the engine."""

from collections.abc import Mapping
from dataclasses import dataclass

from tact_desktop.state import wording_composer as words
from tact_desktop.state.draft import Draft, Preset, condition_of
from tact_desktop.state.mark import Mark, mark_of
from tact_desktop.state.recipient import Recipient
from tact_desktop.state.wording import marked
from tact_desktop.state.wording_conditions import full_phrase, not_shared, now_all, present, problem_text
from tact_desktop.state.wording_moments import duration
from tact_desktop.state.wording_time import span
from tact_engine.core.conditions import (
    Condition,
    Verdict,
    attributes_of,
    check_in_time,
    evaluate,
    not_offered,
    problems,
)
from tact_engine.core.envelope import Otherwise
from tact_engine.core.errors import Refused
from tact_engine.core.patience import accepted, is_ripe, looked
from tact_engine.core.presence import TIME_ZONE


@dataclass(frozen=True, slots=True)
class Preview:
    """What the composer says of a draft: mark, one sentence, the Send button's words, whether it can be pressed."""

    mark: Mark
    sentence: str
    button: str
    can_send: bool
    verdict: Verdict
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something cannot be sent: the engine would refuse it."""

    mark: Mark
    sentence: str


_SEND: Mapping[Preset, str] = {
    Preset.NOW: words.SEND_WHEN_ONLINE,
    Preset.ONLINE: words.SEND_WHEN_ONLINE,
    Preset.AVAILABLE: words.SEND_WHEN_AVAILABLE,
    Preset.NOT_ANGRY: words.SEND_WHEN_NOT_ANGRY,
    Preset.CUSTOM: words.SEND_WHEN,
}
_TELL: Mapping[Preset, str] = {
    Preset.NOW: words.TELL_WHEN_ONLINE,
    Preset.ONLINE: words.TELL_WHEN_ONLINE,
    Preset.AVAILABLE: words.TELL_WHEN_AVAILABLE,
    Preset.NOT_ANGRY: words.TELL_WHEN_NOT_ANGRY,
    Preset.CUSTOM: words.TELL_WHEN,
}


def preview(draft: Draft, whom: Recipient, connected: bool, ahead: int = 0) -> Preview:
    """What pressing Send would do; `ahead` is how many of one's own messages wait in the conversation already."""
    condition = condition_of(draft)
    verdict = evaluate(condition, whom.values, whom.now_ms)
    behind = ahead if draft.keep_order and not draft.alert else 0
    at_once = connected and not behind and goes_at_once(condition, verdict)
    obstacle = obstacle_to(draft, condition, whom)
    if obstacle is not None:
        return Preview(
            obstacle.mark, marked(obstacle.mark, obstacle.sentence), _button(draft, False, 0), False, verdict
        )
    mark, sentence = _told(draft, condition, whom, connected, behind)
    if ahead and not behind and not draft.alert:
        sentence = words.may_overtake(sentence, ahead)
    return Preview(
        mark=mark,
        sentence=marked(mark, sentence),
        button=_button(draft, at_once, behind),
        can_send=draft.alert or bool(draft.text.strip()),
        verdict=verdict,
        at_once=at_once,
    )


def goes_at_once(condition: Condition, verdict: Verdict) -> bool:
    """Whether a message that is accepted now leaves in the same moment."""
    return is_ripe(looked(accepted(condition), verdict.truth, 0), condition, 0)


def obstacle_to(draft: Draft, condition: Condition, whom: Recipient) -> Obstacle | None:
    """The gravest reason for which the engine would refuse `draft` with `condition`; None where it would not."""
    problem = next(problems(condition), None)
    if problem is not None:
        return Obstacle(Mark.IMPOSSIBLE, problem_text(problem, condition, whom.name))
    missing = not_offered(condition, whom.offered)
    if missing:
        hidden = not_shared(whom.name, _missing(condition, whom), whom.unusable)
        return Obstacle(Mark.UNKNOWN, words.would_only_expire(hidden))
    if draft.alert and not whom.shows_online:
        return Obstacle(Mark.UNKNOWN, words.no_alert(whom.name))
    try:
        check_in_time(condition, whom.now_ms, whom.now_ms + draft.valid_for * 1000)
    except Refused as refused:
        return Obstacle(Mark.IMPOSSIBLE, refused.text)
    return None


def otherwise_of(draft: Draft) -> Otherwise:
    """What becomes of it at its end; an alert has nothing that could be delivered."""
    return Otherwise.EXPIRE if draft.alert and draft.otherwise is Otherwise.DELIVER else draft.otherwise


def _button(draft: Draft, at_once: bool, behind: int) -> str:
    if draft.alert:
        return words.TELL_NOW if at_once else _TELL[draft.preset]
    if behind:
        return words.SEND_IN_TURN
    return words.SEND if at_once else _SEND[draft.preset]


def _told(
    draft: Draft, condition: Condition, whom: Recipient, connected: bool, behind: int
) -> tuple[Mark, str]:
    """The mark, and the sentence without its glyph."""
    verdict = evaluate(condition, whom.values, whom.now_ms)
    if connected and not behind and goes_at_once(condition, verdict):
        return Mark.TRUE, _at_once(draft, condition, whom)
    mark, what = (
        _tells(condition, whom, verdict, connected)
        if draft.alert
        else _waits(draft, condition, whom, verdict, connected, behind)
    )
    said = words.ends(what, span(draft.valid_for), otherwise_of(draft), whom.name)
    late = not whom.shows_online and verdict.truth is not None
    return mark, words.heard_late(said) if late else said


def _at_once(draft: Draft, condition: Condition, whom: Recipient) -> str:
    if draft.alert:
        return words.tells_at_once(present(whom.name, condition, whom.values), whom.name)
    if draft.preset is Preset.NOW:
        return words.goes_now(whom.name)
    return words.goes_at_once(present(whom.name, condition, whom.values))


def _waits(
    draft: Draft, condition: Condition, whom: Recipient, verdict: Verdict, connected: bool, behind: int
) -> tuple[Mark, str]:
    """What a message waits for."""
    wanted = full_phrase(condition, whom, online=verdict.online is not True)
    if not connected:
        return Mark.UNKNOWN, words.kept_here(wanted)
    if behind:
        return Mark.FALSE, words.waits_in_turn(behind, wanted)
    if verdict.truth is None:
        return Mark.UNKNOWN, _unknown(condition, whom, verdict, wanted)
    if verdict.truth is True and condition.edge:
        return Mark.FALSE, words.waits_next_time(full_phrase(condition, whom, again=False))
    if verdict.truth is True:
        so = present(whom.name, condition, whom.values)
        return Mark.FALSE, words.has_to_stay(so, duration(condition.dwell))
    if draft.preset is Preset.NOW:
        return Mark.FALSE, words.goes_when_online(whom.name)
    return Mark.FALSE, words.waits(wanted, now_all(condition, verdict, whom.values))


def _tells(condition: Condition, whom: Recipient, verdict: Verdict, connected: bool) -> tuple[Mark, str]:
    """What an alert waits for."""
    wanted = full_phrase(condition, whom, online=verdict.online is not True)
    mark = mark_of(verdict.truth) if connected else Mark.UNKNOWN
    if connected and verdict.truth is True and condition.edge:
        return Mark.FALSE, words.tells_next_time(full_phrase(condition, whom, again=False), whom.name)
    now = now_all(condition, verdict, whom.values) if connected else ""
    return (Mark.FALSE if mark is Mark.TRUE else mark), words.tells_when(wanted, now, whom.name)


def _unknown(condition: Condition, whom: Recipient, verdict: Verdict, wanted: str) -> str:
    missing = _missing(condition, whom)
    if missing:
        return words.cannot_tell(not_shared(whom.name, missing, whom.unusable), wanted)
    if verdict.window is None:
        return words.cannot_tell_hours(wanted)
    return words.cannot_tell_online(whom.name, wanted)


def _missing(condition: Condition, whom: Recipient) -> list[str]:
    """The attributes that `condition` asks for and that are not offered, in its order."""
    names = [clause.attr for group in condition.any for clause in group.all]
    names += [TIME_ZONE] if TIME_ZONE in attributes_of(condition) else []
    return [name for name in dict.fromkeys(names) if name not in whom.offered]
