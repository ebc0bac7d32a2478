"""Who is to catch a planted bug: parts of the proof, each run in a process of its own inside the copy with the bug.

`python -m tests.proof.mutants.finders FINDER` searches until the first thing that is wrong, and says it in a line that
begins with "caught". With `first` before it, it searches a little, in a copy that has no bug.
"""

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

PASSED, SURVIVED, CAUGHT, ELSEWHERE = 0, 0, 10, 11
"""How the process ends: nothing wrong found, something wrong found, or the wrong project was searched."""
TESTS = "tests/"
"""A finder that begins like this is a file of tests."""
TEST = "test: "
"""What the line begins with that names the test that failed."""
LETTERS_MAX = 400
NO_CATCH = (NameError, ImportError, SyntaxError, TypeError, AttributeError, NotImplementedError)
"""What breaks for these was not written as it was meant; no promise was broken that somebody looked after."""

Search = Callable[[int], str]
"""Searches so much; says what is wrong, after how much of it, or "" where nothing is."""


def main(arguments: Sequence[str]) -> int:
    """Search by the finders that are named."""
    is_first, names = arguments[0] == "first", [each for each in arguments if each != "first"]
    found = in_tests(names) if names[0].startswith(TESTS) else _searched(names[0], is_first=is_first)
    here = Path.cwd().resolve()
    for name, module in tuple(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.startswith(("tact_", "tests.")) and file and not Path(file).resolve().is_relative_to(here):
            print(f"{name} was taken from {file}")
            return ELSEWHERE
    print(f"caught {found[:LETTERS_MAX]}" if found else "nothing was found")
    return CAUGHT if found else PASSED


def _searched(name: str, *, is_first: bool) -> str:
    logging.getLogger("tact_engine").setLevel(logging.CRITICAL)
    search, little, much = FINDERS[name]
    return search(little if is_first else much)


def in_simulation(most: int) -> str:
    """Play schedule after schedule."""
    from tests.simulation.world import World

    for seed in range(most):
        try:
            wrong = World(seed).run()
        except NO_CATCH:
            raise
        except Exception as error:  # the engine broke down, which it never may
            wrong = [f"{type(error).__name__}: {error}"]
        if wrong:
            return f"after {seed + 1}: {wrong[0]}"
    return ""


def in_model(days: int) -> str:
    """Random days beside the oracle; the first bad one is not made any smaller."""
    import hypothesis
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.engine.store.test_model import Days
    from tests.proof.model.campaign import STEPS

    wanted = settings(
        max_examples=days,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        report_multiple_bugs=False,
    )
    try:
        run_state_machine_as_test(hypothesis.seed(0)(type("Days", (Days,), {})), settings=wanted)
    except NO_CATCH:
        raise
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def in_pairs(most: int) -> str:
    """Pair after pair of worlds."""
    from tests.proof.pairs.campaign import run

    for seed in range(most):
        if failures := run(1, seed).failures:
            return f"after {seed + 1}: {failures[0]}"
    return ""


def in_power(images: int) -> str:
    """Cut the power again and again."""
    from tests.proof.power.campaign import run

    return "".join(run(images, 0).failures[:1])


def in_tests(paths: Sequence[str]) -> str:
    """The tests of these files, up to the first that fails."""
    import pytest

    failed: list[str] = []
    passed: list[str] = []

    class Watcher:
        """Hears how each test ended. Only the test itself counts, not what comes before and after it."""

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            """One part of a test is over."""
            if report.when == "call" and report.failed:
                crash = getattr(report.longrepr, "reprcrash", None)
                failed.append(f"{report.nodeid}: {getattr(crash, 'message', report.longrepr)}")
            elif report.when == "call" and report.passed:
                passed.append(report.nodeid)

    options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    code = pytest.main([*options, "--basetemp", str(Path.cwd() / "tests-temp"), *paths], plugins=[Watcher()])
    if failed:
        names = tuple(each.__name__ for each in NO_CATCH)
        if failed[0].partition(": ")[2].startswith(names):
            raise AssertionError(f"not written as it was meant: {failed[0]}")
        print(f"{TEST}{failed[0].partition(': ')[0].partition('[')[0]}")
        return f"after {len(passed) + 1}: {failed[0]}"
    if code != pytest.ExitCode.OK or not passed:
        raise AssertionError(f"the tests broke down ({code}), and nothing was found")
    return ""


FINDERS: Mapping[str, tuple[Search, int, int]] = MappingProxyType(
    {
        "simulation": (in_simulation, 10, 400),
        "model": (in_model, 1, 60),
        "pairs": (in_pairs, 5, 100),
        "power": (in_power, 40, 300),
    }
)
"""Finder → how it searches, how much in a project without a bug, how much in one with a bug."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
