"""What Tact promises, rule by rule, and the tests that name each rule: found by reading, before anything runs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.house import ROOT, Function

PAGE = ROOT / "engine" / "DELIVERY.md"
TESTS = ROOT / "tests"

RULE = re.compile(r"^(?:- |\| )\*\*(?P<id>[A-Z][0-9]+)\*\*")
"""A rule begins a list item or the first cell of a row."""

MARKER = "pytest.mark.rule"


def promised(page: str) -> list[str]:
    """The id of every rule on the page, in its order."""
    return [found["id"] for line in page.splitlines() if (found := RULE.match(line))]


def proven(folder: Path = TESTS) -> dict[str, list[str]]:
    """Rule → the tests that name it, each as "file::name" with the file as seen from `folder`."""
    tests: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        for name, rules in _marked(tree, _of_the_body(tree.body)):
            for rule in dict.fromkeys(rules):
                tests.setdefault(rule, []).append(f"{path.relative_to(folder).as_posix()}::{name}")
    return tests


def table() -> list[str]:
    """Every rule with how many tests name it and the first of them, in lines."""
    rules, tests = promised(PAGE.read_text(encoding="utf-8")), proven()
    missing = sum(rule not in tests for rule in rules)
    lines = [f"{len(rules)} rules of {PAGE.relative_to(ROOT).as_posix()}, {missing} of them without a test"]
    for rule in rules:
        names = tests.get(rule, [])
        first = names[0].partition("::")[2] if names else "no test names it"
        lines.append(f"{rule:4}{len(names) or '-':>4}  {first}")
    return lines


def _marked(node: ast.Module | ast.ClassDef, outer: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each test in `node` with the rules that it, its class or its module names.

    A marked class without a test of its own is one: a machine that tests are made of.
    """
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            own = [*_of_the_decorators(child), *_of_the_body(child.body)]
            inner = [(f"{child.name}.{name}", rules) for name, rules in _marked(child, [*outer, *own])]
            yield from inner or ([(child.name, [*outer, *own])] if own else [])
        elif isinstance(child, Function) and child.name.startswith("test"):
            yield child.name, [*outer, *_of_the_decorators(child)]


def _of_the_decorators(node: ast.ClassDef | Function) -> list[str]:
    """The rules of `@pytest.mark.rule(…)`, also where a parameter has the mark."""
    return [rule for decorator in node.decorator_list for rule in _named_in(decorator)]


def _of_the_body(body: list[ast.stmt]) -> list[str]:
    """The rules of `pytestmark = …`."""
    marks = [
        node.value
        for node in body
        if isinstance(node, ast.Assign) and [ast.unparse(name) for name in node.targets] == ["pytestmark"]
    ]
    return [rule for mark in marks for rule in _named_in(mark)]


def _named_in(node: ast.expr) -> Iterator[str]:
    """The arguments of each such mark in `node`; what is no plain text stands as it is written."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == MARKER:
            for given in call.args or [ast.Constant("")]:
                yield str(given.value) if isinstance(given, ast.Constant) else ast.unparse(given)
