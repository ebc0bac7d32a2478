"""The source of the three packages, as the rules of the house look at it."""

import ast
import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("engine/tact_engine", "desktop/tact_desktop", "resources/tact_resources")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One module of a package."""

    path: str  # from the root of the project, with slashes
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        """What the module says."""
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        """The name to import it by."""
        return ".".join(Path(self.path).with_suffix("").parts[1:]).removesuffix(".__init__")

    @property
    def decides(self) -> bool:
        """Whether a function in it does something; else it only declares, and there is nothing to run."""
        return any(body_lines(function) and not is_stub(function) for _, function in self.functions())

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function, method and inner function, with its name as a path."""
        yield from _functions(self.tree, self.path)

    def public(self) -> Iterator[ast.ClassDef | Function]:
        """The classes and functions that other modules may use."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
                yield node


def sources(*folders: str) -> list[Source]:
    """Every module under `folders`, which are packages or parts of one; of all packages when none is named."""
    paths = sorted(path for folder in folders or PACKAGES for path in (ROOT / folder).rglob("*.py"))
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def body_lines(function: Function) -> int:
    """Lines of the body, without signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_stub(function: Function) -> bool:
    """Whether the body is `...`, as in a protocol."""
    last = function.body[-1]
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant) and last.value.value is ...


def names(node: ast.AST) -> Iterator[str]:
    """Every name and attribute in `node`."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr


def clean_environment(**variables: str) -> dict[str, str]:
    """The environment for another Python, without what coverage or pytest put into this one."""
    taken = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
    return taken | variables


def _functions(node: ast.AST, path: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | Function):
            inner = f"{path}:{child.name}" if isinstance(node, ast.Module) else f"{path}.{child.name}"
            if not isinstance(child, ast.ClassDef):
                yield inner, child
            yield from _functions(child, inner)
        else:
            yield from _functions(child, path)
