import re

from tact_desktop.state.wording_help import SECTIONS, TITLE


def test_it_is_short_and_in_the_words_of_whoever_uses_the_window():
    assert TITLE == "How delivery works"
    text = " ".join(f"{heading} {said}" for heading, said in SECTIONS)
    assert len(text.split()) < 450
    assert not re.search(r"[A-Z]{2,}|\b(clause|attribute|evaluate|presence|payload|queue|server)\b", text)


def test_headings_are_different():
    headings = [heading for heading, _ in SECTIONS]
    assert len({*headings}) == len(headings)
