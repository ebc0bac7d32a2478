"""What people write is shown as plain text: one module makes the widgets that could show more."""

import ast
from collections.abc import Iterator

from tests.support.house import Source, names, sources

TEXT = "desktop/tact_desktop/widgets/text.py"
RICH = {"setHtml", "setMarkdown", "insertHtml", "insertMarkdown", "AutoText", "RichText", "MarkdownText"}
GUESSING = {"QLabel", "QMessageBox"}  # they take text for HTML when it looks like it


def test_no_rich_text():
    found = [
        f"{source.path}:{node.lineno}"
        for source in others()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in RICH
    ]
    assert found == []


def test_no_widget_that_guesses():
    found = [
        f"{source.path}:{node.lineno}"
        for source in others()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call | ast.ClassDef) and GUESSING & set(made_of(node))
    ]
    assert found == []


def others() -> list[Source]:
    """Every module of the window but the one that may."""
    return [source for source in sources("desktop/tact_desktop") if source.path != TEXT]


def made_of(node: ast.Call | ast.ClassDef) -> Iterator[str]:
    """The names that a call calls, or that a class is derived from."""
    for part in [node.func] if isinstance(node, ast.Call) else node.bases:
        yield from names(part)
