"""Every rule of what Tact promises has a test that names it, and no test names another."""

from collections import Counter

from tests.support.rules import PAGE, promised, proven

SAMPLE = """
import pytest

pytestmark = [pytest.mark.qt, pytest.mark.rule("X1")]

@pytest.mark.rule("X2", "X3")
@pytest.mark.parametrize("way", ["one", pytest.param("other", marks=pytest.mark.rule("X4"))])
def test_first(way): ...

@pytest.mark.rule("X5")
class TestSecond:
    pytestmark = pytest.mark.rule("X6")

    async def test_it(self): ...

@pytest.mark.rule("X7")
class Machine:
    @rule()
    def step(self): ...

@pytest.mark.rule(NAME)
def test_third():
    def test_inside(): ...

@pytest.mark.rule()
def test_fourth(): ...

@pytest.mark.rule("X8")
def helper(): ...
"""


def test_every_id_is_given_once():
    counts = Counter(promised(PAGE.read_text(encoding="utf-8")))
    assert counts
    assert [rule for rule, count in counts.items() if count > 1] == []


def test_every_rule_that_a_test_names_is_on_the_page():
    known = set(promised(PAGE.read_text(encoding="utf-8")))
    assert {rule: tests for rule, tests in proven().items() if rule not in known} == {}


def test_every_rule_has_a_test():
    tests = proven()
    assert [rule for rule in promised(PAGE.read_text(encoding="utf-8")) if rule not in tests] == []


def test_a_rule_begins_a_list_item_or_a_row():
    page = "- **X1** One.\n  **X2** no\n| **X3** | two |\n| x | **X4** |\n**X5** no\n- **X6a** no\n- **X61** Three."
    assert promised(page) == ["X1", "X3", "X61"]


def test_marks_are_found_wherever_pytest_takes_them(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "test_sample.py").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "sample.py").write_text(SAMPLE, encoding="utf-8")
    named = {
        rule: [name.removeprefix("deep/test_sample.py::") for name in names]
        for rule, names in proven(tmp_path).items()
    }
    assert named == {
        "X1": ["test_first", "TestSecond.test_it", "Machine", "test_third", "test_fourth"],
        "X2": ["test_first"],
        "X3": ["test_first"],
        "X4": ["test_first"],
        "X5": ["TestSecond.test_it"],
        "X6": ["TestSecond.test_it"],
        "X7": ["Machine"],
        "NAME": ["test_third"],
        "": ["test_fourth"],
    }
