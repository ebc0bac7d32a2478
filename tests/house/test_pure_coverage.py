"""Every branch of a pure module is taken by the tests of that very module."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import coverage
import pytest

from tests.support.house import ROOT, Source, clean_environment, sources

# A ratchet: folders and files join, none leaves.
PURE = ("engine/tact_engine/core", "engine/tact_engine/wire", "desktop/tact_desktop/state")

MODULES = [source for source in sources(*PURE) if source.decides]
pytestmark = pytest.mark.timeout(
    600
)  # the first one runs the tests of all of them, slowly, beside everything else


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> coverage.Coverage:
    """One run of all their tests, in which coverage notes which test file made a branch be taken."""
    data = tmp_path_factory.mktemp("coverage") / "data"
    mirrors = [mirror_of(source) for source in MODULES if (ROOT / mirror_of(source)).exists()]
    only = ",".join(str(ROOT / source.path) for source in MODULES)
    command = [
        "run",
        "--branch",
        f"--data-file={data}",
        f"--include={only}",
        "-m",
        "pytest",
        "-q",
        "--no-header",
    ]
    plugins = [
        "-p",
        "tests.support.contexts",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "coverage", *command, *plugins, *mirrors],
        cwd=ROOT,
        env={**clean_environment(), "PYTHONPATH": os.fspath(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    measured = coverage.Coverage(data_file=data)
    measured.load()
    return measured


@pytest.mark.parametrize("source", MODULES, ids=lambda source: source.module)
def test_all_branches_are_taken(source: Source, measured: coverage.Coverage):
    mirror = mirror_of(source)
    assert (ROOT / mirror).exists(), f"{source.path} is pure, so its tests belong in {mirror}"
    said = io.StringIO()
    # What no test file is named for is what runs at import.
    contexts = [f"^{re.escape(mirror)}$", "^$"]
    taken = measured.report(
        include=[str(ROOT / source.path)],
        contexts=contexts,
        show_missing=True,
        ignore_errors=False,
        file=said,
    )
    assert taken == 100, said.getvalue()


def mirror_of(source: Source) -> str:
    """The file with the tests of a module: engine/tact_engine/core/x.py has tests/engine/core/test_x.py."""
    top, _, *folders, name = Path(source.path).parts
    return Path("tests", top, *folders, f"test_{name}").as_posix()
