"""What the deliver row offers for a recipient, what the condition editor says of its rows, an entry as a draft."""

from dataclasses import dataclass

from tact_desktop.state import wording_editor
from tact_desktop.state import wording_panels as words
from tact_desktop.state.condition_choices import why_not_offered
from tact_desktop.state.condition_rows import EditorState, to_condition, unfinished
from tact_desktop.state.draft import Draft, Preset, condition_of
from tact_desktop.state.entry import Entry
from tact_desktop.state.mark import Mark, mark_of
from tact_desktop.state.preview import goes_at_once, obstacle_to, otherwise_of
from tact_desktop.state.recipient import Recipient
from tact_desktop.state.wording_composer import asked
from tact_desktop.state.wording_conditions import full_phrase
from tact_desktop.state.wording_time import span
from tact_engine.core.conditions import PRESETS, Condition, Verdict, clauses_of, evaluate

PresetOption = tuple[str, str, bool, str]
"""(key, words, can be chosen, why not or "")"""


@dataclass(frozen=True, slots=True)
class EditorVerdict:
    """The foot of the editor: the condition as a sentence, how it stands, whether it can be used."""

    mark: Mark
    sentence: str
    standing: str
    usable: bool


def preset_options(whom: Recipient) -> tuple[PresetOption, ...]:
    """The five presets in order, for a message to `whom`."""
    return tuple(_option(preset, whom) for preset in Preset)


def editor_verdict(state: EditorState, whom: Recipient, draft: Draft) -> EditorVerdict:
    """What the editor says of its rows for `draft`, decided by the functions that decide in the engine."""
    open_row = unfinished(state)
    if open_row:
        return EditorVerdict(Mark.UNKNOWN, "", open_row, False)
    condition = to_condition(state)
    phrase = full_phrase(condition, whom)
    sentence = asked(phrase, span(draft.valid_for), otherwise_of(draft), whom.name, draft.alert)
    obstacle = obstacle_to(draft, condition, whom)
    if obstacle is not None:
        return EditorVerdict(obstacle.mark, sentence, obstacle.sentence, False)
    verdict = evaluate(condition, whom.values, whom.now_ms)
    waits = verdict.truth is True and not goes_at_once(condition, verdict)
    mark = Mark.FALSE if waits else mark_of(verdict.truth)
    return EditorVerdict(mark, sentence, _standing(condition, verdict, whom, draft, waits), True)


def draft_of(entry: Entry) -> Draft:
    """The draft that would send `entry` again as it is."""
    named = {condition: Preset(name) for name, condition in PRESETS.items()}
    preset = named.get(entry.condition, Preset.CUSTOM)
    return Draft(
        text=entry.text,
        preset=preset,
        custom=entry.condition if preset is Preset.CUSTOM else None,
        valid_for=entry.valid_for,
        otherwise=entry.otherwise,
        keep_order=entry.keep_order,
        alert=entry.alert,
    )


def _option(preset: Preset, whom: Recipient) -> PresetOption:
    names = [clause.attr for clause in clauses_of(condition_of(Draft(preset=preset)))]
    reason = next((why for name in names if (why := why_not_offered(name, whom))), "")
    return preset.value, words.PRESET_WORDS[preset], not reason, reason


def _standing(condition: Condition, verdict: Verdict, whom: Recipient, draft: Draft, waits: bool) -> str:
    """How the rows stand, in a few words."""
    if waits:
        return wording_editor.DOES_NOT_COUNT if condition.edge else wording_editor.HAS_TO_STAY
    if verdict.truth is True and draft.alert:
        return wording_editor.TELLS_AT_ONCE
    truths = [truth for group in verdict.clauses for truth in group]
    truths += [verdict.not_before] * (condition.not_before is not None)
    truths += [verdict.window] * (condition.window is not None)
    offline = whom.name if verdict.online is False else ""
    return words.standing(verdict.truth, truths.count(True), len(truths), offline)
