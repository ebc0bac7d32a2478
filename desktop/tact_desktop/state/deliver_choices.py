"""What the deliver row offers for a recipient, what the condition editor says of its rows, an entry as a draft."""

from collections.abc import Mapping
from dataclasses import dataclass

from tact_desktop.state import wording_panels as words
from tact_desktop.state.condition_rows import EditorState, to_condition, unfinished
from tact_desktop.state.draft import Draft, Preset, condition_of
from tact_desktop.state.entry import Entry
from tact_desktop.state.mark import Mark, mark_of
from tact_desktop.state.wording_conditions import not_shared, phrase, problem_text
from tact_engine.core.conditions import PRESETS, Verdict, evaluate, problems
from tact_engine.core.presence import Value

PresetOption = tuple[str, str, bool, str]
"""(key, words, can be chosen, why not or "")"""


@dataclass(frozen=True, slots=True)
class EditorVerdict:
    """The foot of the editor: the condition as a sentence, how it stands, whether it can be used."""

    mark: Mark
    sentence: str
    standing: str
    usable: bool


def preset_options(name: str, values: Mapping[str, Value]) -> tuple[PresetOption, ...]:
    """The five presets in order, for a recipient of whom the sender sees `values`."""
    return tuple(_option(preset, name, values) for preset in Preset)


def editor_verdict(state: EditorState, name: str, values: Mapping[str, Value]) -> EditorVerdict:
    """What the editor says of its rows over `values`, decided by the function that decides in the engine."""
    open_row = unfinished(state)
    if open_row:
        return EditorVerdict(Mark.UNKNOWN, "", open_row, False)
    condition = to_condition(state)
    sentence = words.deliver_when(phrase(name, condition))
    problem = next(problems(condition), None)
    if problem is not None:
        return EditorVerdict(Mark.IMPOSSIBLE, sentence, problem_text(problem, condition, name), False)
    verdict = evaluate(condition, values)
    return EditorVerdict(mark_of(verdict.truth), sentence, _standing(verdict, name), True)


def draft_of(entry: Entry) -> Draft:
    """The draft that would send `entry` again as it is."""
    named = {condition: Preset(name) for name, condition in PRESETS.items()}
    preset = named.get(entry.condition, Preset.CUSTOM)
    custom = entry.condition if preset is Preset.CUSTOM else None
    return Draft(entry.text, preset, custom, entry.valid_for)


def _option(preset: Preset, name: str, values: Mapping[str, Value]) -> PresetOption:
    clauses = [clause for group in condition_of(Draft(preset=preset)).any for clause in group.all]
    hidden = [clause.attr for clause in clauses if clause.attr not in values]
    reason = f"{not_shared(name, hidden)}." if hidden else ""
    return preset.value, words.PRESET_WORDS[preset], not hidden, reason


def _standing(verdict: Verdict, name: str) -> str:
    truths = [truth for group in verdict.clauses for truth in group]
    return words.standing(
        verdict.truth, truths.count(True), len(truths), name if verdict.online is False else ""
    )
