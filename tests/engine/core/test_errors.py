import ast
import re
from string import Formatter

import pytest

from tact_engine.core.errors import (
    FACT_LENGTH_MAX,
    REFUSALS,
    LocalError,
    Refused,
    RemoteError,
    StoreError,
    TactError,
    refusal,
)
from tests.support.house import sources

TODO = re.compile(
    r"\b(Send|Use|Update|Sign in|Choose|Check|Name|Make|Shorten|Write|Change|Remove|Withdraw|Look|Leave|Let"
    r"|Ask|Try|Talk)\b",
    re.IGNORECASE,
)
TELLS = {  # nothing is left to do, and the sentence says so
    "bad_id", "validity_out_of_range", "dwell_out_of_range",
    "unknown_message", "already_released", "already_ended", "bad_value", "unknown_invitation",
}  # fmt: skip


def fields(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def raised():
    """Every place in the engine that makes a refusal: where, its code, the facts that it gives."""
    for source in sources("engine/tact_engine"):
        for call in ast.walk(source.tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "refusal":
                for code in said_in(call.args[0]):
                    yield f"{source.path}:{call.lineno}", code, {each.arg for each in call.keywords}


def said_in(code):
    """The codes that an argument can be: one, or one of two."""
    if isinstance(code, ast.IfExp):
        return {*said_in(code.body), *said_in(code.orelse)}
    assert isinstance(code, ast.Constant), f"which refusal is {ast.unparse(code)}?"
    return {str(code.value)}


def test_every_refusal_gives_the_facts_that_its_sentence_names():
    wanting = [(where, code) for where, code, facts in raised() if not fields(REFUSALS[code]) <= facts]
    assert wanting == []


def test_every_sentence_is_said_somewhere():
    assert {code for _, code, _ in raised()} == set(REFUSALS)


@pytest.mark.parametrize("code", REFUSALS)
def test_every_sentence_fills_in(code):
    facts: dict[str, object] = {name: f"‹{name}›" for name in fields(REFUSALS[code])}
    refused = refusal(code, "1.2", 200, **facts)
    assert (refused.code, refused.clause, refused.retry_after) == (code, "1.2", 200)
    assert all(str(fact) in refused.text for fact in facts.values())
    assert "{" not in refused.text
    assert str(refused) == refused.text


@pytest.mark.parametrize("code", REFUSALS)
def test_every_sentence_is_one_and_says_what_to_do(code):
    sentence = REFUSALS[code]
    assert sentence[0].isupper() or sentence[0] in "“{"
    assert sentence[-1] in ".}"
    assert code in TELLS or TODO.search(sentence)


def test_what_others_wrote_is_not_filled_in_again():
    assert "{count}" in refusal("unknown_person", handle="{count}").text


@pytest.mark.parametrize(
    ("length", "shown"), [(300, "x" * 300), (301, "x" * 300 + "…"), (60_000, "x" * 300 + "…")]
)
def test_a_long_fact_is_cut(length, shown):
    """A refusal does not carry back what was sent, and always fits its frame."""
    assert FACT_LENGTH_MAX == 300
    assert refusal("unknown_person", handle="x" * length).text == REFUSALS["unknown_person"].format(
        handle=shown
    )


def test_a_refusal_that_is_not_in_the_table_is_a_bug():
    with pytest.raises(KeyError):
        refusal("no_such_code")


def test_a_fact_that_the_sentence_needs_cannot_be_left_out():
    with pytest.raises(KeyError):
        refusal("unknown_person")


def test_a_refusal_is_about_no_clause_where_none_is_named():
    assert refusal("bad_id").clause == ""
    assert Refused("some", "Sentence.").clause == ""


def test_the_family():
    assert issubclass(Refused, RemoteError)
    assert {LocalError, RemoteError, StoreError} <= set(TactError.__subclasses__())
    assert not issubclass(StoreError, RemoteError)
