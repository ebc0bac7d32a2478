"""Imports point one way, and every module stands on its own."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.house import ROOT, clean_environment, sources

LINT = """
from importlinter.cli import lint_imports
raise SystemExit(lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True))
"""


def test_import_contracts_hold():
    # In a process of its own: the linter switches off every logger that it finds.
    command = [sys.executable, "-c", LINT]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_imports_alone(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        failures = pool.map(lambda source: import_failure(source.module, tmp_path), sources())
        assert [failure for failure in failures if failure] == []


def import_failure(module: str, folder: Path) -> str:
    """What a fresh interpreter says when it imports nothing but `module`; empty when it succeeds."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import {module}"],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = done.stdout.strip()
    return (
        f"{module}: {said.splitlines()[-1] if said else done.returncode}" if done.returncode or said else ""
    )
