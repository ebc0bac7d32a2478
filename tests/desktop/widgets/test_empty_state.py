import pytest
from PySide6.QtGui import QAccessible

from tact_desktop import theme
from tact_desktop.widgets.empty_state import EmptyState
from tests.support.by_role import names, press

TEXT, BUTTON = QAccessible.Role.StaticText, QAccessible.Role.Button


@pytest.fixture
def state(qtbot) -> EmptyState:
    made = EmptyState("users")
    qtbot.addWidget(made)
    made.resize(240, 300)
    made.show()
    return made


def test_it_says_what_to_do_and_offers_it(state, qtbot):
    state.tell("Nobody", "Invite a <b>colleague</b>.", "Invite")
    assert {"Nobody", "Invite a <b>colleague</b>."} <= set(names(state, TEXT))
    with qtbot.waitSignal(state.pressed):
        press(state, BUTTON, "Invite")


def test_parts_without_words_are_away(state):
    state.tell("Nobody")
    assert names(state, BUTTON) == []


def test_it_is_drawn_in_both_palettes(state, qapp):
    light = state.grab().toImage()
    theme.apply(qapp, theme.Scheme.DARK)
    assert state.grab().toImage() != light
