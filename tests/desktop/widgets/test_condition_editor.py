import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPushButton

from tact_desktop.widgets.condition_editor import ConditionEditor
from tact_engine.core.conditions import PRESETS, Clause, Condition, Group, one_group
from tests.support.by_role import choose, labelled, names, press, toggle, unnamed, widget
from tests.support.heard import heard

RADIO, BUTTON, TEXT = QAccessible.Role.RadioButton, QAccessible.Role.Button, QAccessible.Role.EditableText
STATIC = QAccessible.Role.StaticText
VALUES = {
    "OnlineStatus": True,
    "UserAvailability": "NOT_AVAILABLE",
    "UserMood": "ANGRY",
    "StatusText": "at lunch",
}


@pytest.fixture
def editor(qtbot) -> ConditionEditor:
    made = ConditionEditor()
    qtbot.addWidget(made)
    made.begin(PRESETS["not angry"], "Bob", VALUES)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def said(editor: ConditionEditor) -> list[str]:
    return names(editor, STATIC)


def use(editor: ConditionEditor) -> Condition:
    told = heard(editor.used)
    press(editor, BUTTON, "Use this")
    return told[0][0]


def test_it_opens_with_what_was_chosen(editor):
    assert labelled(editor, "Attribute, row 1").currentText() == "Mood"
    assert labelled(editor, "Comparison, row 1").currentText() == "is not"
    assert "Angry" in labelled(editor, "Value, row 1").currentText()
    assert {
        "Deliver to Bob when …",
        "now: Angry",
        "Deliver when Bob is not Angry.",
        "Not yet: 0 of 1 true",
    } <= set(said(editor))
    assert use(editor) == PRESETS["not angry"]


def test_marks_follow_presence(editor):
    editor.show_presence(VALUES | {"UserMood": "HAPPY"})
    assert {"now: Happy", "True now — this goes at once."} <= set(said(editor))
    editor.show_presence({"OnlineStatus": True})
    assert {"not shared with you", "Can't tell: 0 of 1 true"} <= set(said(editor))
    editor.show_presence(VALUES | {"OnlineStatus": False, "UserMood": "HAPPY"})
    assert "Not yet: Bob is offline; 1 of 1 true" in said(editor)


def test_rows_come_and_go_and_the_focus_stays_near(editor):
    press(editor, BUTTON, "and …")
    assert QApplication.focusWidget() is labelled(editor, "Attribute, row 2")
    choose(editor, "Attribute, row 2", "Availability")
    assert use(editor) == one_group(("UserMood", "ne", "ANGRY"), ("UserAvailability", "eq", "AVAILABLE"))
    press(editor, BUTTON, "Remove, row 1")
    assert use(editor) == one_group(("UserAvailability", "eq", "AVAILABLE"))
    assert QApplication.focusWidget() is widget(editor, BUTTON, "Remove, row 1")
    press(editor, BUTTON, "Remove, row 1")
    assert use(editor) == Condition()


@pytest.mark.parametrize("way", [press, toggle])
def test_any_of_these(editor, way):
    press(editor, BUTTON, "and …")
    choose(editor, "Attribute, row 2", "Availability")
    way(editor, RADIO, "any of these")
    wanted = (Clause("UserMood", "ne", "ANGRY"), Clause("UserAvailability", "eq", "AVAILABLE"))
    assert use(editor) == Condition(any=tuple(Group((clause,)) for clause in wanted))
    assert "or …" in names(editor, BUTTON)


def test_an_alternative_is_a_second_card(editor):
    press(editor, BUTTON, "or else when …")
    choose(editor, "Attribute, row 2", "Status text")
    field = widget(editor, TEXT, "Value, row 2", QLineEdit)
    assert not widget(editor, BUTTON, "Use this", QPushButton).isEnabled()
    field.setFocus()
    field.insert("LUNCH")
    field.textEdited.emit(field.text())
    assert use(editor) == Condition(
        any=(Group((Clause("UserMood", "ne", "ANGRY"),)), Group((Clause("StatusText", "contains", "LUNCH"),)))
    )
    press(editor, BUTTON, "Remove this alternative")
    assert use(editor) == PRESETS["not angry"]


def test_enter_in_a_text_uses_it(editor, qtbot):
    choose(editor, "Attribute, row 1", "Status text")
    field = widget(editor, TEXT, "Value, row 1", QLineEdit)
    qtbot.keyClicks(field, "lunch")
    told = heard(editor.used)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [(one_group(("StatusText", "contains", "lunch")),)]


def test_several_values(editor):
    choose(editor, "Comparison, row 1", "is one of")
    button = widget(editor, QAccessible.Role.ButtonMenu, "Value, row 1: 😠 Angry", QPushButton)
    boxes = {box.text(): box for box in button.menu().findChildren(QCheckBox)}
    boxes["😢 Sad"].setChecked(True)
    assert use(editor) == one_group(("UserMood", "in", ("ANGRY", "SAD")))
    boxes["😠 Angry"].setChecked(False)
    boxes["😢 Sad"].setChecked(False)
    assert not widget(editor, BUTTON, "Use this", QPushButton).isEnabled()


def test_the_present_state_is_taken_over(editor):
    press(editor, BUTTON, "Bob's present state")
    assert use(editor) == one_group(("UserAvailability", "eq", "NOT_AVAILABLE"), ("UserMood", "eq", "ANGRY"))


def test_what_can_never_be_true_cannot_be_used(editor, qtbot):
    choose(editor, "Comparison, row 1", "is")
    press(editor, BUTTON, "and …")
    choose(editor, "Attribute, row 2", "Mood")
    choose(editor, "Value, row 2", "🙂 Happy")
    assert "Can never be true: mood is both Angry and Happy." in said(editor)
    with qtbot.assertNotEmitted(editor.used):
        widget(editor, BUTTON, "Use this", QPushButton).click()


def test_a_full_condition_says_so(editor):
    for _ in range(7):
        press(editor, BUTTON, "and …")
    button = widget(editor, BUTTON, "and …")
    assert not button.isEnabled()
    assert "at most 8" in button.toolTip()
    editor.begin(PRESETS["not angry"], "Bob", VALUES)
    assert button.isEnabled()


@pytest.mark.parametrize("way", ["escape", "button"])
def test_it_can_be_left(editor, qtbot, way):
    with qtbot.waitSignal(editor.cancelled):
        if way == "escape":
            qtbot.keyClick(labelled(editor, "Comparison, row 1"), Qt.Key.Key_Escape)
        else:
            press(editor, BUTTON, "Cancel")


def test_tab_goes_from_top_to_bottom(editor, qtbot):
    press(editor, BUTTON, "and …")
    labelled(editor, "Value, row 2").setFocus()
    visited = []
    for _ in range(5):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        visited.append(QAccessible.queryAccessibleInterface(focus).text(QAccessible.Text.Name))
    assert visited == ["Remove, row 2", "and …", "or else when …", "Cancel", "Use this"]


def test_everything_the_keyboard_reaches_has_a_name(editor):
    press(editor, BUTTON, "or else when …")
    choose(editor, "Attribute, row 2", "Status text")
    choose(editor, "Comparison, row 1", "is one of")
    assert unnamed(editor) == []
