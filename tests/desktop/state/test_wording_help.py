import re
import ssl

import pytest

from tact_desktop.state.links import SCHEMES
from tact_desktop.state.wording_help import SAFETY, SAFETY_TITLE, SECTIONS, TITLE, as_markdown
from tact_desktop.state.wording_trust import NOT_COMPARED
from tact_engine.accounts.guesses import ACCOUNT
from tact_engine.accounts.passwords import DUMMY
from tact_engine.accounts.words import WORDS
from tact_engine.core.members import INVITATION_DAYS
from tact_engine.engine import HOUSEKEEPING_SECONDS
from tact_engine.net.certificate import client_context
from tact_engine.net.listener import SIGN_IN_WITHIN_SECONDS
from tact_engine.store.store import TOMBSTONE_DAYS
from tests.support.house import ROOT


def test_it_is_short_and_in_the_words_of_whoever_uses_the_window():
    assert TITLE == "How delivery works"
    text = " ".join(f"{heading} {said}" for heading, said in SECTIONS)
    assert len(text.split()) < 450
    assert not re.search(r"[A-Z]{2,}|\b(clause|attribute|evaluate|presence|payload|queue|server)\b", text)


@pytest.mark.parametrize("sections", [SECTIONS, SAFETY])
def test_headings_are_different(sections):
    headings = [heading for heading, _ in sections]
    assert len({*headings}) == len(headings)


def test_whether_it_is_safe_is_told_in_few_words():
    assert sum(len(said.split()) for _, said in SAFETY) < 550


def test_the_document_says_what_the_window_says():
    assert (ROOT / "SECURITY.md").read_text("utf-8") == as_markdown(SAFETY_TITLE, SAFETY)


def test_a_page_as_a_document():
    assert as_markdown("One", [("Two", "three " * 40)]).splitlines() == [
        *("# One", "", "## Two", ""),
        " ".join(["three"] * 19),
        " ".join(["three"] * 19),
        "three three",
    ]


@pytest.mark.parametrize(
    ("said", "so"),
    [
        ("within a minute", HOUSEKEEPING_SECONDS < 60),
        ("about 30 days", TOMBSTONE_DAYS == 30),
        ("within 7 days", INVITATION_DAYS == 7),
        ("5 wrong guesses", ACCOUNT.most == 5),
        ("15 minutes at first", ACCOUNT.span_ms == 15 * 60_000),
        ("within 10 seconds", SIGN_IN_WITHIN_SECONDS == 10),
        ("argon2id", DUMMY.startswith("$argon2id$")),
        ("compared six words", WORDS == 6),
        ("only http, https and mailto", SCHEMES == ("http", "https", "mailto")),
        ("TLS 1.3", client_context().minimum_version is ssl.TLSVersion.TLSv1_3),
        (f"“{NOT_COMPARED}”", True),
    ],
)
def test_its_numbers_and_names_are_those_of_the_program(said, so):
    assert sum(said in text for _, text in SAFETY) == 1
    assert so
