import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.state import wording_welcome as words
from tact_desktop.state.welcome import (
    HANDLE_LENGTH_MAX,
    SEARCH_MS,
    Address,
    Field,
    FoundEngine,
    Invited,
    Problem,
    Welcome,
    address_of,
    found,
    handle_from_name,
    handle_of,
    is_in_the_name,
    known_by_name,
    missing,
    next_handle,
    refused,
    suggested_name,
    why_nothing,
)
from tact_engine.core.errors import Refused
from tact_engine.core.members import HANDLE
from tact_engine.core.names import NAME_LENGTH_MAX, check_free, check_name

OFFICE = FoundEngine("7f", "Office", "pc-anna", 4711)
LAB = FoundEngine("c2", "Lab", "lab-3", 4711)


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Anna Berg", "anna.berg"),
        ("  Zoë  Müller-Lüdenscheidt ", "zoe.muller-ludenscheidt"),
        ("Łukasz Ørsted", "lukasz.orsted"),
        ("Straße 7", "strasse.7"),
        ("J.R.R. Tolkien", "j.r.r.tolkien"),
        ("박은지", ""),
        ("X", ""),
        ("", ""),
        ("a" * 31 + " b", "a" * 31),
    ],
)
def test_a_handle_is_made_from_a_name(name, handle):
    assert handle_from_name(name) == handle


@given(st.text(max_size=60))
def test_a_made_handle_is_valid_or_nothing(name):
    handle = handle_from_name(name)
    assert handle == "" or HANDLE.fullmatch(handle)


def test_engines_are_listed_once_by_name():
    state = found(found(Welcome(), OFFICE), LAB)
    assert state.engines == (LAB, OFFICE)
    moved = FoundEngine("7f", "Attic", "pc-bob", 4712)
    assert found(state, moved).engines == (moved, LAB)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" pc-anna ", Address("pc-anna")),
        ("10.0.0.7:4711", Address("10.0.0.7", 4711)),
        ("[fe80::1%eth0]:4711", Address("fe80::1%eth0", 4711)),
        ("[::1]", Address("::1")),
        ("fe80::1", None),
        ("pc anna", None),
        ("http://pc", None),
        ("pc:0", None),
        ("pc:65536", None),
        ("", None),
    ],
)
def test_an_address_is_a_host_and_maybe_a_port(text, address):
    assert address_of(text) == address


@pytest.mark.parametrize(
    ("state", "sentence", "field"),
    [
        (Welcome(), words.WRITE_NAME, Field.NAME),
        (Welcome("  "), words.WRITE_NAME, Field.NAME),
        (Welcome("박은지", own=True), words.NAME_WITHOUT_HANDLE, Field.HANDLE),
        (Welcome("박은지", own=True, handle="Eun Ji"), words.BAD_HANDLE, Field.HANDLE),
        (Welcome("Anna"), words.CHOOSE_ENGINE, Field.ENGINE),
        (Welcome("Anna", (OFFICE,), chosen="gone"), words.CHOOSE_ENGINE, Field.ENGINE),
        (Welcome("Anna", address="pc anna"), words.BAD_ADDRESS, Field.ADDRESS),
        (Welcome("Anna", own=True, written="tact://"), words.NO_INVITATION, Field.INVITATION),
        (Welcome("Anna", own=True, password=""), words.WRITE_PASSWORD, Field.PASSWORD),
    ],
)
def test_what_is_missing_is_said_where_it_is_missing(state, sentence, field):
    assert missing(state) == Problem(sentence, field)


@pytest.mark.parametrize(
    "state",
    [
        Welcome("Anna", address="pc-anna"),
        Welcome("Anna", (OFFICE,), chosen="7f"),
        Welcome("Anna", own=True, written="  "),
        Welcome("박은지", own=True, handle=" eun.ji "),
        Welcome("Anna", own=True, password="secret"),
        Welcome("Anna", invited=Invited("7f", "Office")),
        Welcome(invited=Invited("7f", "Office", "tom")),
    ],
)
def test_where_nothing_is_missing(state):
    assert missing(state) is None


@pytest.mark.parametrize(
    ("name", "part"),
    [("Admin", "could be taken for"), ("Anna\u202eBerg", "U+202E"), ("Anna " + "x" * 70, "60 are possible")],
)
def test_a_name_that_no_engine_takes_is_said_before_one_asks(name, part):
    problem = missing(Welcome(name, own=True, handle="anna"))
    assert problem is not None
    assert problem.field is Field.NAME
    assert part in problem.sentence
    assert "For example: “" in problem.sentence


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Anna Berg", "Anna Berg (Sales)"),
        (" Anna  Berg\n", "Anna Berg (Sales)"),
        ("Admin", "Admin (Sales)"),
        ("Anna\u202eBerg", "Anna Berg (Sales)"),
        ("", words.A_NAME),
        ("\u0301", words.A_NAME),
        ("x" * 70, "x" * 52 + " (Sales)"),
    ],
)
def test_a_name_is_suggested(name, suggestion):
    assert suggested_name(name) == suggestion


@given(st.text(max_size=80))
def test_a_suggested_name_can_be_one(name):
    suggestion = suggested_name(name)
    check_name(suggestion)
    check_free(suggestion, {})
    assert len(suggestion) <= NAME_LENGTH_MAX


def test_a_suggested_name_is_not_the_one_that_is_taken():
    with pytest.raises(Refused):
        check_free("Anna Berg", {"anna.berg": "Anna Berg"})
    check_free(suggested_name("Anna Berg"), {"anna.berg": "Anna Berg"})


@pytest.mark.parametrize(
    ("handle", "other"),
    [
        ("anna.berg", "anna.berg2"),
        ("anna.berg2", "anna.berg3"),
        ("anna.berg99", "anna.berg100"),
        ("007", "007.2"),
        ("a" * 32, "a" * 31 + "2"),
        ("a" * 31 + "9", "a" * 30 + "10"),
        ("1" * 32, "1" * 30 + ".2"),
    ],
)
def test_another_short_name_is_suggested(handle, other):
    assert next_handle(handle) == other
    assert HANDLE.fullmatch(other)
    assert len(other) <= HANDLE_LENGTH_MAX


def test_the_short_name_is_the_invitations_or_by_hand_or_from_the_name():
    assert handle_of(Welcome("Anna Berg")) == "anna.berg"
    assert handle_of(Welcome("Anna Berg", handle=" anna ")) == "anna"
    assert handle_of(Welcome("Anna Berg", handle="anna", invited=Invited("7f", "Office", "tom"))) == "tom"
    assert handle_of(Welcome("Anna Berg", invited=Invited("7f", "Office"))) == "anna.berg"


def test_another_short_name_helps_only_where_the_name_does_not_look_like_it():
    assert is_in_the_name(Welcome("Anna Berg"))
    assert not is_in_the_name(Welcome("Anna Berg", handle="berg"))


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("name_taken", Field.NAME),
        ("handle_taken", Field.HANDLE),
        ("removed", Field.HANDLE),
        ("guessed_too_often", Field.PASSWORD),
        ("invitation_over", Field.INVITATION),
        ("declined", Field.ENGINE),
        ("", Field.ENGINE),
    ],
)
def test_a_refusal_stands_where_it_can_be_mended(code, field):
    problem = refused(code, "So it is.", Welcome("Anna Berg"))
    assert problem.field is field
    hint = " For example: “Anna Berg (Sales)”." if field is Field.NAME else ""
    assert problem.sentence == "So it is." + hint


@pytest.mark.parametrize(
    ("name", "engine", "known"),
    [
        ("Office", "7f", ""),
        ("Office", "c2", "Office"),
        ("0ffice", "c2", "Office"),
        ("Office 2", "c2", ""),
        ("…", "c2", "…"),
    ],
)
def test_a_known_name_under_another_key_is_noticed(name, engine, known):
    assert known_by_name(name, engine, {"7f": "Office", "aa": "…"}) == known


@pytest.mark.parametrize(
    ("state", "now", "sentence"),
    [
        (Welcome(engines=(OFFICE,)), SEARCH_MS, ""),
        (Welcome(network_up=False), 0, words.NO_NETWORK),
        (Welcome(search_began_ms=100), 99 + SEARCH_MS, words.SEARCHING),
        (Welcome(search_began_ms=100), 100 + SEARCH_MS, words.NO_ANSWER),
    ],
)
def test_why_nothing_is_listed(state, now, sentence):
    assert why_nothing(state, now) == sentence
