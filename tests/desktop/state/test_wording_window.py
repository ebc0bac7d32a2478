import pytest

from tact_desktop.state import wording_window as words


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        (("Anna", 0), "Tact — Anna"),
        (("Anna", 12), "(12) Tact — Anna"),
        (("Anna", 12, True), "Waiting messages — Anna"),
    ],
)
def test_titles(facts, title):
    assert words.window_title(*facts) == title


def test_what_to_tell_a_colleague():
    assert words.connection_text("", []) == "No engine has answered yet."
    assert "from this computer only" in words.connection_text("Office", [])
    one = words.connection_text("Office", ["10.0.0.7:8228"])
    assert "chooses “Office” from the list" in one
    assert one.endswith("this address helps: 10.0.0.7:8228")
    assert words.connection_text("Office", ["10.0.0.7:8228", "10.1.0.7:8228"]).endswith(
        "Or one of: 10.1.0.7:8228"
    )


def test_every_shortcut_is_listed():
    lines = words.shortcut_lines().splitlines()
    assert len(lines) == len(words.SHORTCUT_TABLE)
    assert lines[0] == "Ctrl+K   Find a person"


@pytest.mark.parametrize(("people", "part"), [(1, "1 colleague depends"), (2, "2 colleagues depend")])
def test_an_engine_that_others_depend_on(people, part):
    assert part in words.stays_on(people)


def test_the_looks_to_choose_from_have_different_keys_and_letters():
    keys = [key for key, _ in words.SCHEMES]
    letters = [text[text.index("&") + 1].casefold() for _, text in words.SCHEMES]
    assert len({*keys}) == len({*letters}) == len(words.SCHEMES)
