"""What is in the repository is ours, and is the same everywhere."""

import os
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from tests.support.house import ROOT

# Put together here, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "python" + "hosted",
            "npm" + r"js\.",
            r"--(?:extra-)?index" + "-url",
            r"(?<![\w.])/" + r"(?:work|farm)/",
            r"\.\./" + "shared",
        ]
    )
)
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==\S+")


def tracked_files() -> list[Path]:
    """Every file that git does not ignore; found without git, which a downloaded copy does not need."""
    ignored = [".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines())]
    found: list[Path] = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not is_ignored(name, ignored)]
        found += [Path(folder, name) for name in files if not is_ignored(name, ignored)]
    return sorted(found)


def is_ignored(name: str, ignored: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in ignored)


def pins() -> dict[str, str]:
    """Each pinned package, with the lines that belong to it."""
    text = (ROOT / "packaging/requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line and not line.startswith("#")]
    matches = {entry: PIN.match(entry) for entry in entries}
    assert [entry for entry, match in matches.items() if not match] == []
    return {match["name"]: entry for entry, match in matches.items() if match}


def test_no_foreign_address_or_path():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked_files()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert found == []


def test_every_pin_has_hashes():
    assert [name for name, entry in pins().items() if "--hash=sha256:" not in entry] == []


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [
        name for extra in project["optional-dependencies"].values() for name in extra
    ]
    assert {re.split(r"[<>=]", name)[0].lower() for name in wanted} - set(pins()) == set()
