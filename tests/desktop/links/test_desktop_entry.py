"""Desktop entries, read again as the specification says."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.links.desktop_entry import MARK, MIME_PACKAGE, entry, exec_value
from tact_engine.core.errors import LocalError
from tests.support.house import ROOT

LINK = "tact://join?at=[::1]:8228&name=A%20b"
PIECE = re.compile(r'"((?:[^"\\`$]|\\["\\`$])*)"|([^ \t\n"\'\\><~|&;$*?#()`]+)')
UNESCAPED = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def started(value: str, opened: str) -> list[str]:
    """The arguments that a desktop makes of `value`: escapes, then quotes, then field codes."""
    line = re.sub(r"\\(.)", lambda found: UNESCAPED[found[1]], value)
    arguments: list[str] = []
    while line:
        found = PIECE.match(line)
        assert found, f"not quoted as it must be: {line}"
        quoted, bare = found.groups()
        text = bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        assert quoted is None or "%u" not in text.replace("%%", "")
        arguments.append(re.sub("%.", lambda code: {"%%": "%", "%u": opened}[code[0]], text))
        line = line[found.end() :]
        assert not line or line[0] == " "
        line = line[1:]
    return arguments


def values(text: str) -> dict[str, str]:
    head, *lines = text.splitlines()
    assert head == "[Desktop Entry]"
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize(
    "folder",
    [
        "/opt/tact",
        "/home/ann/My Tact",
        "q\"uo'te",
        "back\\slash",
        "$HOME `id`",
        "~/x;&|<>*?#()",
        "Büro",
    ],
)
def test_any_folder_is_found_again(folder):
    command = (f"{folder}/python", "-P", "-m", "a b")
    assert started(exec_value(command), LINK) == [*command, "--", LINK]


def test_a_program_with_a_percent_sign_is_not_the_first_word():
    command = ("/a%b/100%u/my python", "50%%")
    assert started(exec_value(command), LINK) == ["env", *command, "--", LINK]


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r")), min_size=1)
)
def test_any_command_is_found_again(arguments):
    command = ("/opt/tact/python", *arguments)
    assert started(exec_value(command), LINK) == [*command, "--", LINK]


def test_what_is_opened_stands_outside_of_quotes_and_behind_the_options():
    assert exec_value(("/opt/my tact", "-m")) == '"/opt/my tact" -m -- %u'


@pytest.mark.parametrize("folder", ["/a=b", "/bell\a", "/del\x7f"])
def test_a_folder_that_no_entry_can_name_is_refused(folder):
    with pytest.raises(LocalError, match="Move"):
        entry((f"{folder}/python",))


def test_it_says_what_it_opens_and_who_wrote_it():
    found = values(entry(("/my tact/python",), MARK))
    assert found["MimeType"] == "x-scheme-handler/tact;application/x-tact-invitation;"
    assert found["TryExec"] == "/my tact/python"  # this value knows no quotes
    assert found["StartupWMClass"] == "tact"
    assert found["X-Tact-Registered"] == "true"


def test_the_entry_for_packagers_is_the_same():
    assert (ROOT / "packaging/tact.desktop").read_text("utf-8") == entry(("tact",))


def test_the_kind_of_file_for_packagers_is_the_same():
    assert (ROOT / "packaging/tact-mime.xml").read_text("utf-8") == MIME_PACKAGE


def test_the_kind_of_file():
    (kind,) = ET.fromstring(MIME_PACKAGE)
    found = {each.tag.partition("}")[2]: each.attrib for each in kind}
    assert kind.attrib == {"type": "application/x-tact-invitation"}
    assert found["glob"] == {"pattern": "*.tact"}
    assert found["sub-class-of"] == {"type": "text/plain"}
