"""The six use cases and six further stories, through a real engine and real windows; the demo plays them too."""

import pytest
from PySide6.QtCore import QRect

from tact_desktop.demo.deeds import Report, UseCase
from tact_desktop.demo.further import FURTHER
from tact_desktop.demo.script import USE_CASES
from tact_desktop.demo.stage import Stage
from tact_desktop.state.row import RowKind
from tests.support.qt_loop import on_qt

AREA = QRect(0, 0, 1366, 660)
SECRETS = ("until", "angry", "available", "condition", "⏳", "because")
"""Words of a condition, which no recipient may ever read."""


def test_there_are_all_six():
    assert [case.id for case in USE_CASES] == ["A1", "A2", "A3", "A4", "B1", "B2"]


@pytest.mark.rule("A1", "A2", "A3", "A4", "B1", "B2", "C1", "C4", "U5", "U6", "S1", "I5")
@pytest.mark.parametrize("case", USE_CASES, ids=lambda case: case.id)
@on_qt
async def test_use_case(case: UseCase):
    await plays(case)


@pytest.mark.rule("M12", "P19", "P20", "R1", "R3", "S3", "S5", "T7", "W9", "W16", "S1", "I5")
@pytest.mark.parametrize("case", FURTHER, ids=lambda case: f"{case.id} {case.title}")
@on_qt
async def test_further_story(case: UseCase):
    await plays(case)


async def plays(case: UseCase) -> None:
    """Every step of `case` is seen as its caption says, and nobody learns what a message waited for."""
    async with Stage() as stage:
        await stage.show(case.left, case.right, AREA)
        report = Report()
        for step in case.steps:
            await step.deed(stage, report)
        assert report.why, "something was released"
        for handle in (case.left, case.right):
            assert not stage[handle].desk.waiting(), "nothing waits at the end of the story"
            assert_no_secret(stage, handle)
            assert_shown_once(stage, handle)


def assert_no_secret(stage: Stage, handle: str) -> None:
    """What a window shows of received messages says nothing of any condition."""
    for row in stage[handle].rows():
        if row.kind is RowKind.BUBBLE and not row.own:
            said = f"{row.foot} {row.accessible.replace(row.text, '')}".casefold()
            assert not [word for word in SECRETS if word in said], said


def assert_shown_once(stage: Stage, handle: str) -> None:
    keys = [row.key for row in stage[handle].rows()]
    assert len(keys) == len(set(keys))
