"""The table of planted bugs does not rot, and the campaign itself can fail."""

from dataclasses import replace

import pytest

from tests.proof.campaigns import CAMPAIGNS, Verdict
from tests.proof.mutants import campaign as mutants
from tests.proof.mutants.bug import CLIENT, Mutant
from tests.proof.mutants.finders import FINDERS, TESTS
from tests.proof.mutants.list import MUTANTS
from tests.support.house import ROOT

HARMLESS = Mutant(
    "a word of a comment is another one",
    f"{CLIENT}/told.py",
    "fit one frame whatever characters",
    "fit a frame whatever characters",
    "tests/engine/client/test_told.py",
)
"""Nobody can catch it."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_each_bug_can_be_planted(mutant: Mutant):
    planted = mutant.planted_in((ROOT / mutant.path).read_text(encoding="utf-8"))
    compile(planted, mutant.path, "exec")
    assert mutant.finder in FINDERS or (ROOT / mutant.finder).is_file()


def test_each_bug_has_a_name_of_its_own_and_does_something_of_its_own():
    assert len({each.name for each in MUTANTS}) == len(MUTANTS)
    assert len({(each.path, each.old, each.new) for each in MUTANTS}) == len(MUTANTS)


def test_every_part_of_the_proof_that_can_be_asked_is():
    finders = {each.finder for each in MUTANTS}
    assert finders >= FINDERS.keys()
    assert any(each.startswith(TESTS) for each in finders)


def test_all_shards_together_plant_each_bug_once(monkeypatch):
    planted: list[Mutant] = []

    def plant(asked):
        planted.extend(asked)
        return Verdict(len(asked))

    monkeypatch.setattr(mutants, "plant", plant)
    (campaign,) = (each for each in CAMPAIGNS if each.name == "mutants")
    for shard in range(campaign.shards):
        campaign.run_shard(shard)
    assert planted == list(MUTANTS)


def test_what_survives_is_told():
    verdict = mutants.plant([HARMLESS])
    assert verdict.missed == (HARMLESS.name,)
    (failure,) = verdict.failures
    assert HARMLESS.name in failure
    assert "does not catch it" in failure


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        ("fit: whatever characters", "cannot be planted"),
        ('fit."""\nno_such_name\n"""', "for another reason"),
        ('fit."""\nimport no_such_module\n"""', "for another reason"),
        ('fit."""\nraise ValueError\n"""', "for another reason"),
    ],
)
def test_what_does_not_even_run_is_no_catch(new: str, problem: str):
    old = HARMLESS.old if ":" not in new else "what is not there"
    verdict = mutants.plant([replace(HARMLESS, old=old, new=new)])
    (failure,) = verdict.failures
    assert problem in failure


def test_where_something_is_wrong_already_nothing_is_planted():
    broken = replace(HARMLESS, finder="nobody")
    verdict = mutants.plant([broken])
    (failure,) = verdict.failures
    assert "Without any bug there is a problem as well, for nobody" in failure
