"""Files and functions stay small, and are named for what they do."""

import re
from pathlib import Path

from tests.support.house import ROOT, body_lines, sources

FILE_LINES_MAX = 400
BODY_LINES_MAX = 50
VAGUE = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}

# Bodies that are longer for a reason: "path:Class.function": "the reason".
LONG_BODIES: dict[str, str] = {}


def test_files_are_short():
    lengths = {source.path: len(source.text.splitlines()) for source in sources()}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_bodies_are_short():
    lengths = {name: body_lines(function) for source in sources() for name, function in source.functions()}
    assert {name for name, lines in lengths.items() if lines > BODY_LINES_MAX} == set(LONG_BODIES)


def test_names_say_something():
    paths = [Path(source.path) for source in sources()]
    words = {path: set(re.split(r"[/_.]", path.as_posix())) for path in paths}
    assert [str(path) for path in paths if words[path] & VAGUE] == []


def test_no_top_level_folder_is_a_package():
    assert [str(path) for path in ROOT.glob("*/__init__.py")] == []


def test_packages_say_that_they_are_typed():
    for package in ("engine/tact_engine", "desktop/tact_desktop", "resources/tact_resources"):
        assert (ROOT / package / "py.typed").exists()
