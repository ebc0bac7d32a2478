from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.state.shown import (
    MARKS_MAX,
    NAME_LENGTH_MAX,
    bare,
    known_as,
    shown_line,
    shown_name,
    shown_text,
    title_text,
)

ODD = (
    "a\u05d0\u0661 \t\n\r\0\x1b\x7f\x85\u2028\u0301\u200d\ufe0f\u200f"
    "\u202a\u202e\u202c\u2066\u2067\u2068\u2069\u3164🙂"
)
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e"
OPENING = "\u2066\u2067\u2068"


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, and\n\ttwo lines.",
        "<img src='file:///x'> ![](file:x) <a href='x'>&amp; &name %s {x} ✓ Delivered",
        "naïve Việt e\u0302\u0301 שָׁלוֹם \u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f",
        "👩\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 \U0001f3f4\U000e0067\U000e0062\U000e007f",
        "a \u2067b\u2069 c",
    ],
)
def test_ordinary_texts_are_shown_as_they_are(text):
    assert shown_text(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[0m\x7f", "a␀b␛[0m␡"),
        ("a\r\nb\rc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\x0bb\x9b\ud800", "a␋b��"),
        ("photo\u202egpj.exe\u202c", "photogpj.exe"),
        ("\u2067ab\ncd\u2069", "\u2067ab\u2069\ncd"),
        ("\u2066\u2068x", "\u2066\u2068x\u2069\u2069"),
        ("a" + "\u0301" * 10_000 + "b", "a" + "\u0301" * MARKS_MAX + "b"),
        ("a" + "\u200d\u0301" * 6, "a" + "\u200d\u0301" * MARKS_MAX + "\u200d\u200d"),
    ],
)
def test_what_would_show_something_else_is_made_harmless(text, shown):
    assert shown_text(text) == shown


@given(st.text(st.sampled_from(ODD), max_size=30))
def test_no_text_reaches_beyond_its_line(text):
    shown = shown_text(text)
    assert shown_text(shown) == shown
    assert not set(shown) & set(OVERRIDES)
    assert not any(category(sign) in ("Cc", "Cs") and sign not in "\t\n" for sign in shown)
    for line in shown.split("\n"):
        depth = 0
        for sign in line:
            depth += (sign in OPENING) - (sign == "\u2069")
            assert depth >= 0
        assert depth == 0


@given(st.text(st.sampled_from(ODD), max_size=30))
def test_a_line_is_one_line_that_stands_apart(text):
    line = shown_line(text)
    assert "\n" not in line
    assert not set(line) & set("\u05d0\u0661") or (line[0], line[-1]) == ("\u2068", "\u2069")


@given(st.text(st.sampled_from(ODD + "bc"), max_size=100))
def test_a_name_has_nothing_that_cannot_be_seen(text):
    name = shown_name(text)
    assert shown_name(name) == name
    assert len(bare(name)) <= NAME_LENGTH_MAX
    assert not any(category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in bare(name))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mary Okafor", "Mary Okafor"),
        (" Mary\n\tOkafor ", "Mary Okafor"),
        ("M\u200ba\x00r\u202ey", "Mary"),
        ("Zoe\u0308", "Zoë"),
        ("\u3164\u2800\u200b", ""),
        ("\u0301\u0301 Bob", "Bob"),
        ("דנה", "\u2068דנה\u2069"),
        ("Al \u2067(boss)\u2069", "Al (boss)"),
        ("x" * 61, "x" * 59 + "…"),
    ],
)
def test_names(name, shown):
    assert shown_name(name) == shown


def test_a_name_without_what_sets_it_apart():
    assert bare("\u2068דנה\u2069") == "דנה"
    assert bare("Bob") == "Bob"


def test_the_handle_stands_beside_a_name_that_is_not_the_handle():
    assert known_as("Mary Okafor", "mary") == "Mary Okafor (mary)"
    assert known_as("mary", "mary") == "mary"


def test_a_title_shows_the_mark_of_a_changed_document_as_it_was_typed():
    assert title_text("Tact — Bob[*]\x00") == "Tact — Bob[*][*]␀"
