from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from tact_desktop.panels.status_bar import StatusBar
from tact_desktop.state.link import Link, LinkPhase, connected
from tests.support.by_role import names, press, unnamed

BUTTON, STATIC = QAccessible.Role.Button, QAccessible.Role.StaticText
UP = Link(LinkPhase.CONNECTED, "Office", "127.0.0.1", here=True)


@pytest.fixture
def bar(qtbot) -> StatusBar:
    made = StatusBar()
    qtbot.addWidget(made)
    made.resize(700, 30)
    made.show()
    return made


def said(bar: StatusBar) -> list[str]:
    return [name for name in names(bar, STATIC) if name]


def test_all_is_well(bar):
    bar.show_link(UP, 4)
    assert said(bar) == ["Engine “Office” on this computer", "4 people", "encrypted"]
    bar.show_link(UP, 1, encrypted=False)
    assert said(bar)[1:] == ["1 person", "not encrypted"]


def test_the_engine_is_away(bar):
    bar.show_link(Link(LinkPhase.AWAY, "Office"), 4)
    assert said(bar) == ["Engine “Office” cannot be reached"]


def test_the_count_opens_the_list(bar, qtbot):
    assert names(bar, BUTTON) == []
    bar.show_waiting(3)
    assert unnamed(bar) == []
    with qtbot.waitSignal(bar.waiting_requested):
        press(bar, BUTTON, "3 waiting")
    bar.show_waiting(0)
    assert names(bar, BUTTON) == []


def test_an_engine_that_nobody_compared_is_marked_and_the_mark_leads_to_its_words(bar, qtbot):
    taken = connected("Office", "10.0.0.7", 8228, 0, here=False, engine_id="e" * 64, verified=False)
    bar.show_link(taken, 4)
    assert unnamed(bar) == []
    with qtbot.waitSignal(bar.compare_requested):
        press(bar, BUTTON, "not compared yet")
    bar.show_link(replace(taken, verified=True), 4)
    assert names(bar, BUTTON) == []


@pytest.mark.parametrize("phase", LinkPhase)
def test_every_phase_has_its_sign(bar, phase):
    bar.show_link(Link(phase, "Office"), 4)
    assert any(not mark.pixmap().isNull() for mark in bar.findChildren(QLabel))
