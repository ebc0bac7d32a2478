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

TODO = re.compile(
    r"\b(Send|Use|Update|Sign in|Choose|Check|Name|Make|Shorten|Write|Change|Remove|Withdraw|Look|Leave)\b",
    re.IGNORECASE,
)
TELLS = {  # nothing is left to do, and the sentence says so
    "bad_id", "validity_out_of_range", "unknown_message", "already_released", "already_ended", "bad_value", "busy",
}  # fmt: skip


def fields(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", REFUSALS)
def test_every_sentence_fills_in(code):
    facts = {name: f"‹{name}›" for name in fields(REFUSALS[code])}
    refused = refusal(code, "1.2", **facts)
    assert (refused.code, refused.clause) == (code, "1.2")
    assert all(fact in refused.text for fact in facts.values())
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
