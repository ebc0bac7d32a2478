"""Every branch of a pure module is taken by the tests of that very module."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.house import ROOT, Source, clean_environment, sources

# A ratchet: folders and files join, none leaves.
PURE = ("engine/tact_engine/core", "engine/tact_engine/wire", "desktop/tact_desktop/state")

MODULES = [source for source in sources(*PURE) if source.decides]


@pytest.mark.parametrize("source", MODULES, ids=lambda source: source.module)
def test_all_branches_are_taken(source: Source, tmp_path: Path):
    mirror = mirror_of(source)
    assert (ROOT / mirror).exists(), f"{source.path} is pure, so its tests belong in {mirror}"
    data = f"--data-file={tmp_path / 'coverage'}"
    only = f"--include={ROOT / source.path}"
    pytest_command = [
        "-m",
        "pytest",
        "-q",
        "--no-header",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        mirror,
    ]
    coverage("run", "--branch", data, only, *pytest_command)
    coverage("report", data, only, "--fail-under=100")


def mirror_of(source: Source) -> str:
    """The file with the tests of a module: engine/tact_engine/core/x.py has tests/engine/core/test_x.py."""
    top, _, *folders, name = Path(source.path).parts
    return Path("tests", top, *folders, f"test_{name}").as_posix()


def coverage(*arguments: str):
    """Run coverage, and fail with what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "coverage", *arguments],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
