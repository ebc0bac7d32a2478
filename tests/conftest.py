"""What holds for every test: no window, no real home, no disk to wait for, no network beyond this computer."""

import contextlib
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer  # pyright: ignore[reportMissingTypeStubs]
from xdist.scheduler import LoadFileScheduling  # pyright: ignore[reportMissingTypeStubs]
from xdist.workermanage import WorkerController  # pyright: ignore[reportMissingTypeStubs]

from tests.proof import tally
from tests.support.loopback import stay_on_this_computer
from tests.support.rules import table

HOME_VARIABLES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
XDG_VARIABLES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
CAMPAIGN = "::test_campaign["
MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 4 * 2**30
LONG = (CAMPAIGN, "house/test_pure_coverage.py")
RULES = Path(__file__).parent / "house" / "test_rules.py"

hypothesis.settings.register_profile("tact", deadline=None)  # no test depends on how fast a machine is
hypothesis.settings.load_profile("tact")


def pytest_configure(config: pytest.Config):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)  # for us, and for every process that we start
    home = Path(tempfile.mkdtemp(prefix="tact-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in HOME_VARIABLES:
        os.environ[name] = str(home)
    for name in XDG_VARIABLES:
        os.environ[name] = str(home / name.lower())
    (home / "xdg_runtime_dir").mkdir(mode=0o700)
    # Never the one of whoever runs the tests.
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    stay_on_this_computer()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Thousands of tests and their modules stay until the end: the collector need not look through them each time."""
    gc.disable()
    result = yield
    gc.enable()
    gc.collect()
    gc.freeze()
    return result


def has_room(folder: Path) -> bool:
    """Whether the tests can keep what they write in `folder`, which is in memory.

    They make thousands of databases and wait for the disk at every commit. What survives a process that is killed is
    the same on either; what survives a power cut is asked of pictures of a disk, and a soak runs on the real one.
    """
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    about = os.statvfs(folder)
    runs_programs = not about.f_flag & os.ST_NOEXEC
    return runs_programs and about.f_bavail * about.f_frsize >= MEMORY_BYTES_MIN


class ByFileOrShard(LoadFileScheduling):
    """The tests of a file share a worker, but for the shards of a campaign: each may run in any.

    They come first: they are long, and faster in a process that has no thousand windows behind it. So does the file
    of which one test takes about a minute: at the end the other workers would wait for it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if CAMPAIGN in nodeid else super()._split_scope(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        for scope in [scope for scope in self.workqueue if any(each in scope for each in LONG)]:
            self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFileOrShard | None:
    """Spread campaigns where the tests of a file otherwise stay together."""
    return ByFileOrShard(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_sessionfinish(session: pytest.Session):
    """Fail where campaigns that ran whole never met what they must meet."""
    if tally.incomplete(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_runtest_logreport(report: pytest.TestReport):
    """Gather what campaigns met, from whichever worker."""
    tally.gather(report)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config):
    """Print which test proves which rule, where all tests were asked for or the test of the rules."""
    asked = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
    if any(RULES.is_relative_to(path.resolve()) for path in asked):
        with contextlib.suppress(SyntaxError):  # pytest has said it already
            lines = table()
            terminalreporter.section("rules and their tests")
            terminalreporter.write_line("\n".join(lines))
    if lines := tally.table(config):
        terminalreporter.section("campaigns")
        terminalreporter.write_line("\n".join(lines))


@pytest.fixture(autouse=True)
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that this test's Tact keeps its data in; nobody else's."""
    folder = tmp_path / "tact"
    monkeypatch.setenv("TACT_DATA", str(folder))
    return folder
