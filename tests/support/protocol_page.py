"""engine/PROTOCOL.md, for tests that compare it with the code: its sections, tables and examples."""

import re

import pytest

from tests.support.house import ROOT

PAGE = (ROOT / "engine" / "PROTOCOL.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands under the one heading `title`, up to the next heading of its level or above."""
    (found,) = re.findall(rf"^(#+) {re.escape(title)}$", PAGE, re.MULTILINE) or pytest.fail(f"no {title}")
    rest = PAGE.split(f"\n{found} {title}\n")[1]
    return re.split(rf"\n#{{1,{len(found)}}} ", rest)[0]


def sentences(title: str) -> str:
    """What stands there, wherever its lines are broken."""
    return " ".join(section(title).split())


def table(text: str, first: str) -> list[list[str]]:
    """The rows of the table in `text` whose first column is called `first`, without marks of code."""
    rows = re.search(rf"^\| {re.escape(first)} \|.*\n\|[-|]+\n((?:\|.*\n?)*)", text, re.MULTILINE)
    if rows is None:
        return []
    return [[cell.strip().replace("`", "") for cell in row.split("|")[1:-1]] for row in rows[1].splitlines()]


def sample(title: str) -> dict[str, str]:
    """The rows of the worked example there: a table without a head, whose values are code."""
    return dict(re.findall(r"^\| ([\w ()-]+) \| `([^`]+)` \|$", section(title), re.MULTILINE))


def example(text: str) -> str:
    """The one example in `text`."""
    (found,) = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
    return found
