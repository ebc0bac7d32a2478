"""Imports point one way, and every module stands on its own."""

import json
import subprocess
import sys

from tests.support.house import ROOT, clean_environment, sources

LINT = """
from importlinter.cli import lint_imports
raise SystemExit(lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True))
"""

# What belongs to others stays, once loaded: to load Qt again for each of our modules would take minutes.
ALONE = """
import contextlib, gc, importlib, io, json, sys

gc.disable()  # each round leaves the modules of the last one, and to look through them takes longer than to import
modules = json.loads(sys.argv[1])
ours = {module.partition(".")[0] for module in modules}
for module in modules:
    for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
        del sys.modules[name]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        try:
            importlib.import_module(module)
        except BaseException as error:
            print(type(error).__name__, error)
    if out.getvalue():
        print(module + ":", out.getvalue().strip())
"""


def test_import_contracts_hold():
    # In a process of its own: the linter switches off every logger that it finds.
    command = [sys.executable, "-c", LINT]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_imports_alone(tmp_path):
    """In one interpreter: each module is the first of ours there, so that none leans on what another has imported."""
    modules = [source.module for source in sources()]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE, json.dumps(modules)],
        cwd=tmp_path,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "")
