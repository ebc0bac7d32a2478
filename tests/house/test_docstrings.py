"""What others may use says what it does."""

import ast

from tests.support.house import sources


def test_every_module_says_what_it_is_for():
    assert [source.path for source in sources() if not ast.get_docstring(source.tree)] == []


def test_public_classes_and_functions_say_what_they_do():
    silent = [
        f"{source.path}:{node.lineno} {node.name}"
        for source in sources()
        for node in source.public()
        if not ast.get_docstring(node)
    ]
    assert silent == []
