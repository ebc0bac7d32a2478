"""What holds for every test: no window, no real home, no network beyond this computer."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

from tests.support.loopback import stay_on_this_computer
from tests.support.rules import table

HOME_VARIABLES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
XDG_VARIABLES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
RULES = Path(__file__).parent / "house" / "test_rules.py"

hypothesis.settings.register_profile("tact", deadline=None)  # no test depends on how fast a machine is
hypothesis.settings.load_profile("tact")


def pytest_configure(config: pytest.Config):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    home = Path(tempfile.mkdtemp(prefix="tact-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in HOME_VARIABLES:
        os.environ[name] = str(home)
    for name in XDG_VARIABLES:
        os.environ[name] = str(home / name.lower())
    (home / "xdg_runtime_dir").mkdir(mode=0o700)
    stay_on_this_computer()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config):
    """Print which test proves which rule, where all tests were asked for or the test of the rules."""
    asked = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
    if any(RULES.is_relative_to(path.resolve()) for path in asked):
        with contextlib.suppress(SyntaxError):  # pytest has said it already
            lines = table()
            terminalreporter.section("rules and their tests")
            terminalreporter.write_line("\n".join(lines))


@pytest.fixture(autouse=True)
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that this test's Tact keeps its data in; nobody else's."""
    folder = tmp_path / "tact"
    monkeypatch.setenv("TACT_DATA", str(folder))
    return folder
