"""The table of look-alikes: what it says, and that it can be followed to an end."""

from unicodedata import category, normalize
from zlib import crc32

from tact_engine.core.confusables import read_prototypes
from tact_engine.core.names import skeleton


def test_it_says_what_unicode_says():
    table = read_prototypes()
    rows = {
        "I": "l",
        "1": "l",
        "|": "l",
        "0": "O",
        "m": "rn",
        "с": "c",
        "ο": "o",
        "Ɔ": None,
        "ﬀ": None,
        "Т": "T",
    }
    assert {char: table.get(char) for char in rows} == rows
    assert table["w"] == "vv"
    assert table["ʼ"] == ""
    assert table["٥"] == "o"


def test_it_is_whole():
    """Whoever changes a row on purpose changes the sum as well."""
    text = "".join(f"{char}={prototype};" for char, prototype in sorted(read_prototypes().items()))
    assert (text.count(";"), crc32(text.encode())) == (1636, 1023702967)


def test_all_is_decomposed():
    table = read_prototypes()
    assert {text for text in [*table, *table.values()] if normalize("NFD", text) != text} == set()


def test_no_letter_is_lost_by_looking_like_punctuation():
    table = read_prototypes()
    rows = {
        char: text for char, text in table.items() if category(char) in {"Ll", "Lo", "Lt", "Lu", "Nd", "Nl"}
    }
    assert {
        char for char, text in rows.items() if not text or {category(part)[0] for part in text} - set("LMN")
    } == set()


def test_every_row_comes_to_an_end():
    table = read_prototypes()
    ends = {char: skeleton(f"a{char}") for char in table}
    assert {char for char, end in ends.items() if end != skeleton(f"a{table[char]}")} == set()
    assert {char for char, end in ends.items() if end != skeleton(end)} == set()
