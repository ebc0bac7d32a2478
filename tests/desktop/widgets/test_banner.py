import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from tact_desktop.widgets.banner import Banner, BannerKind

BUTTON = QAccessible.Role.Button


@pytest.fixture
def banner(qtbot) -> Banner:
    made = Banner()
    qtbot.addWidget(made)
    return made


def test_it_is_away_until_it_has_something_to_say(banner):
    assert not banner.isVisible()
    banner.tell("The engine is not reachable.", BannerKind.WARNING)
    assert banner.isVisible()
    assert banner.sentence() == "The engine is not reachable."


def test_an_action_tells_its_key(banner, qtbot, by_role):
    banner.tell("Not reachable.", BannerKind.DANGER, [("retry", "Retry"), ("why", "Why?")])
    with qtbot.waitSignal(banner.acted) as told:
        qtbot.mouseClick(by_role(banner, BUTTON, "Why?"), Qt.MouseButton.LeftButton)
    assert told.args == ["why"]


def test_the_next_sentence_brings_its_own_actions(banner, by_role):
    banner.tell("One.", actions=[("a", "First")])
    banner.tell("Two.", actions=[("b", "Second")])
    by_role(banner, BUTTON, "Second")
    with pytest.raises(AssertionError):
        by_role(banner, BUTTON, "First")


def test_it_can_be_dismissed_only_where_that_is_offered(banner, qtbot, by_role):
    banner.tell("One.", dismissable=False)
    with pytest.raises(AssertionError):
        by_role(banner, BUTTON, "Dismiss")
    banner.tell("Two.")
    with qtbot.waitSignal(banner.dismissed):
        qtbot.mouseClick(by_role(banner, BUTTON, "Dismiss"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()
    assert banner.sentence() == ""


def test_more_than_two_actions_are_a_bug(banner):
    with pytest.raises(AssertionError):
        banner.tell("Three?", actions=[("a", "A"), ("b", "B"), ("c", "C")])
