import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.state import wording_welcome as words
from tact_desktop.state.welcome import (
    SEARCH_MS,
    Address,
    FoundEngine,
    Welcome,
    address_of,
    found,
    handle_from_name,
    lost,
    missing,
    why_nothing,
)
from tact_engine.core.attending import HANDLE

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


def test_an_engine_that_left_is_not_chosen_any_more():
    state = Welcome(engines=(LAB, OFFICE), chosen="7f")
    assert lost(state, "7f") == Welcome(engines=(LAB,))
    assert lost(state, "c2") == Welcome(engines=(OFFICE,), chosen="7f")


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
    ("state", "sentence"),
    [
        (Welcome(), words.WRITE_NAME),
        (Welcome("  "), words.WRITE_NAME),
        (Welcome("박은지", own=True), words.NAME_WITHOUT_HANDLE),
        (Welcome("Anna"), words.CHOOSE_ENGINE),
        (Welcome("Anna", (OFFICE,), chosen="gone"), words.CHOOSE_ENGINE),
        (Welcome("Anna", address="pc anna"), words.BAD_ADDRESS),
        (Welcome("Anna", address="pc-anna"), ""),
        (Welcome("Anna", (OFFICE,), chosen="7f"), ""),
        (Welcome("Anna", own=True), ""),
    ],
)
def test_what_is_missing_is_said(state, sentence):
    assert missing(state) == sentence


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
