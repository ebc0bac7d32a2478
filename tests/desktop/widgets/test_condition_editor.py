from datetime import UTC

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QDateTime, QPoint, QPointF, Qt, QTime
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDateTimeEdit,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTimeEdit,
    QWidget,
)

from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.own_presets import PRESETS_MAX, OwnPreset
from tact_desktop.state.recipient import Recipient
from tact_desktop.widgets.condition_editor import ConditionEditor
from tact_desktop.widgets.editor_place import EditorPlace
from tact_engine.core.conditions import PRESETS, Clause, Condition, Group, one_group
from tact_engine.core.window import Window
from tests.support.by_role import choose, labelled, names, press, toggle, unnamed, widget
from tests.support.heard import heard

RADIO, BUTTON, TEXT = QAccessible.Role.RadioButton, QAccessible.Role.Button, QAccessible.Role.EditableText
STATIC, CHECK_BOX, SPIN = (
    QAccessible.Role.StaticText,
    QAccessible.Role.CheckBox,
    QAccessible.Role.SpinBox,
)
VALUES = {
    "OnlineStatus": True,
    "UserAvailability": "NOT_AVAILABLE",
    "UserMood": "ANGRY",
    "StatusText": "at lunch",
    "TimeZone": "UTC",
    "Idle": 90,
}


NOT_ANGRY = Draft(preset=Preset.NOT_ANGRY)
NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC


def bob(hidden=(), unusable=(), **values) -> Recipient:
    shown = {name: value for name, value in (VALUES | values).items() if name not in (*hidden, *unusable)}
    return Recipient("Bob", shown, hidden, unusable, NOW_MS, UTC)


@pytest.fixture
def editor(qtbot) -> ConditionEditor:
    made = ConditionEditor()
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.begin(NOT_ANGRY, bob())
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
        "Deliver when Bob is not Angry; give up after 1 week.",
        "Not yet: 0 of 1 true",
    } <= set(said(editor))
    assert use(editor) == PRESETS["not angry"]


def test_marks_follow_presence(editor):
    editor.show_recipient(bob(UserMood="HAPPY"))
    assert {"now: Happy", "True now — this goes at once."} <= set(said(editor))
    editor.show_recipient(bob(hidden=("UserMood",)))
    assert "not shared with you" in said(editor)
    assert "Can't tell — Bob's mood is not shared with you. This would only expire." in said(editor)
    assert not widget(editor, BUTTON, "Use this", QPushButton).isEnabled()
    editor.show_recipient(bob(OnlineStatus=False, UserMood="HAPPY"))
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


@pytest.mark.rule("W28")
def test_what_can_never_be_true_cannot_be_used(editor, qtbot):
    choose(editor, "Comparison, row 1", "is")
    press(editor, BUTTON, "and …")
    choose(editor, "Attribute, row 2", "Mood")
    choose(editor, "Value, row 2", "Happy")
    assert "Can never be true: mood is both Angry and Happy." in said(editor)
    with qtbot.assertNotEmitted(editor.used):
        widget(editor, BUTTON, "Use this", QPushButton).click()


def test_a_full_condition_says_so(editor):
    for _ in range(7):
        press(editor, BUTTON, "and …")
    button = widget(editor, BUTTON, "and …")
    assert not button.isEnabled()
    assert "at most 8" in button.toolTip()
    editor.begin(NOT_ANGRY, bob())
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
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        visited.append(QAccessible.queryAccessibleInterface(focus).text(QAccessible.Text.Name))
    assert visited == [
        "Remove, row 2",
        "and …",
        "or else when …",
        "Time",
        "even if that is already so, wait for the next time",
        "Save as preset…",
        "Cancel",
        "Use this",
    ]


def test_everything_the_keyboard_reaches_has_a_name(editor):
    press(editor, BUTTON, "or else when …")
    choose(editor, "Attribute, row 2", "Status text")
    choose(editor, "Comparison, row 1", "is one of")
    assert unnamed(editor) == []


def test_letters_choose_words_that_have_an_emoji(editor, qtbot):
    values = labelled(editor, "Value, row 1")
    values.setFocus()
    qtbot.keyClicks(values, "ha")
    assert values.currentText() == "Happy"


@pytest.mark.rule("S9")
def test_what_is_not_offered_cannot_be_chosen_for_a_row(editor):
    editor.show_recipient(bob(hidden=("Activity",), unusable=("FreeTextLocation",)))
    model = labelled(editor, "Attribute, row 1").model()
    off = {
        model.index(place, 0).data(): model.index(place, 0).data(Qt.ItemDataRole.ToolTipRole)
        for place in range(model.rowCount())
        if not model.flags(model.index(place, 0)) & Qt.ItemFlag.ItemIsEnabled
    }
    assert set(off) == {"Activity", "Location"}
    assert "no message may wait for it" in off["Location"]


@pytest.mark.rule("W5")
def test_idle_time_is_asked_for_in_minutes(editor):
    choose(editor, "Attribute, row 1", "Idle")
    choose(editor, "Comparison, row 1", "at least")
    assert "now: idle for 1 minute" in said(editor)
    widget(editor, SPIN, "Value, row 1", QSpinBox).setValue(7)
    assert use(editor) == one_group(("Idle", "ge", 420))
    assert unnamed(editor) == []


def open_time(editor: ConditionEditor) -> None:
    press(editor, CHECK_BOX, "Time")


def test_the_section_about_time_is_open_where_something_is_set(editor):
    assert "not before" not in said(editor)
    open_time(editor)
    assert "not before" in said(editor)
    editor.begin(NOT_ANGRY, bob())
    assert "not before" not in said(editor)
    lasting = replace(PRESETS["available"], dwell=90)
    editor.begin(Draft(preset=Preset.CUSTOM, custom=lasting), bob())
    assert widget(editor, SPIN, "Seconds to stay so", QSpinBox).value() == 90
    press(editor, CHECK_BOX, "Time")
    assert "Time: stays so for" in names(editor, CHECK_BOX)
    assert use(editor) == lasting


@pytest.mark.rule("W20")
def test_a_beginning_can_be_offered_picked_and_dropped(editor):
    open_time(editor)
    choose(editor, "not before", "tomorrow 09:00")
    moment = widget(editor, SPIN, "Not before this moment", QDateTimeEdit)
    assert moment.dateTime() == QDateTime.fromMSecsSinceEpoch(NOW_MS + 23 * 3_600_000)
    moment.setDateTime(moment.dateTime().addSecs(3600))
    assert use(editor).not_before == NOW_MS + 24 * 3_600_000
    choose(editor, "not before", "any time")
    assert use(editor) == PRESETS["not angry"]
    choose(editor, "not before", "at…")
    assert use(editor).not_before == NOW_MS + 3_600_000
    assert moment.currentSection() is QDateTimeEdit.Section.HourSection, "what is typed first"


@pytest.mark.rule("W21", "W22")
def test_hours_and_weekdays(editor):
    open_time(editor)
    press(editor, CHECK_BOX, "only between")
    assert use(editor).window == Window("09:00", "17:00", (1, 2, 3, 4, 5))
    assert "Bob's time, now Sun 10:00" in said(editor)
    press(editor, CHECK_BOX, "Sunday")
    widget(editor, SPIN, "Only from", QTimeEdit).setTime(QTime(22, 30))
    widget(editor, SPIN, "Only until", QTimeEdit).setTime(QTime(0, 0))
    assert use(editor).window == Window("22:30", "24:00", (1, 2, 3, 4, 5, 7))
    assert unnamed(editor) == []
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Sunday"):
        press(editor, CHECK_BOX, day)
    assert "Choose at least one weekday." in said(editor)
    assert not widget(editor, BUTTON, "Use this", QPushButton).isEnabled()
    press(editor, CHECK_BOX, "only between")
    assert use(editor).window is None
    press(editor, CHECK_BOX, "only between")
    assert use(editor).window == Window("09:00", "17:00", (1, 2, 3, 4, 5))


@pytest.mark.rule("W23")
def test_hours_need_a_time_zone_that_is_shared(editor):
    editor.show_recipient(bob(hidden=("TimeZone",)))
    open_time(editor)
    box = widget(editor, CHECK_BOX, "only between")
    assert not box.isEnabled()
    assert box.accessibleDescription() == "Bob's time zone is not shared with you."
    hours = replace(PRESETS["available"], window=Window("09:00", "17:00"))
    editor.begin(Draft(preset=Preset.CUSTOM, custom=hours), bob(hidden=("TimeZone",)))
    assert "time zone not shared with you" in said(editor)
    press(editor, CHECK_BOX, "only between")
    assert use(editor) == PRESETS["available"]


@pytest.mark.rule("W16", "W26", "W28")
def test_how_long_it_has_to_stay_so(editor):
    open_time(editor)
    choose(editor, "stays so for", "5 minutes")
    assert "Deliver when Bob has been not Angry for 5 minutes; give up after 1 week." in said(editor)
    assert use(editor).dwell == 300
    choose(editor, "stays so for", "other…")
    widget(editor, SPIN, "Seconds to stay so", QSpinBox).setValue(10)
    assert use(editor).dwell == 10
    choose(editor, "stays so for", "1 hour")
    editor.show_draft(Draft(preset=Preset.NOT_ANGRY, valid_for=3600))
    assert not widget(editor, BUTTON, "Use this", QPushButton).isEnabled()
    choose(editor, "stays so for", "no time, at once")
    assert use(editor) == PRESETS["not angry"]


@pytest.mark.rule("W9")
def test_the_next_time_is_one_check_box_with_a_live_sentence(editor):
    press(editor, CHECK_BOX, "even if that is already so, wait for the next time")
    assert "It is not so yet: the very next time counts." in said(editor)
    editor.show_recipient(bob(UserMood="HAPPY"))
    assert "It is so already: it has to change first, and become so again." in said(editor)
    assert use(editor) == replace(PRESETS["not angry"], edge=True)


def test_a_condition_is_saved_under_a_name(editor, qtbot):
    told = heard(editor.saved)
    editor.show_presets((OwnPreset("Calm", PRESETS["available"]),))
    press(editor, BUTTON, "Save as preset…")
    field = widget(editor, TEXT, "Name of the preset", QLineEdit)
    assert QApplication.focusWidget() is field
    qtbot.keyClicks(field, "calm")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (told, "“calm” is taken. Choose another name." in said(editor)) == ([], True)
    qtbot.keyClicks(field, "  down" + "n" * 40)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [("calm down" + "n" * 14, PRESETS["not angry"])]
    assert "Name of the preset" not in names(editor, TEXT)


@pytest.mark.parametrize("way", ["escape", "button"])
def test_saving_can_be_left_and_the_editor_stays(editor, qtbot, way):
    press(editor, BUTTON, "Save as preset…")
    with qtbot.assertNotEmitted(editor.cancelled):
        if way == "escape":
            qtbot.keyClick(widget(editor, TEXT, "Name of the preset"), Qt.Key.Key_Escape)
        else:
            row = widget(editor, TEXT, "Name of the preset").parentWidget()
            assert row is not None
            widget(row, BUTTON, "Cancel", QPushButton).click()
    assert "Name of the preset" not in names(editor, TEXT)


def test_no_more_presets_than_there_may_be(editor):
    editor.show_presets(tuple(OwnPreset(str(place), PRESETS["available"]) for place in range(PRESETS_MAX)))
    button = widget(editor, BUTTON, "Save as preset…", QPushButton)
    assert not button.isEnabled()
    assert "8 presets" in button.toolTip()


def test_a_long_name_makes_it_no_wider(editor):
    narrow = editor.minimumSizeHint().width()
    editor.begin(NOT_ANGRY, Recipient("Bartholomew Featherstonehaugh-Cholmondeley of Nether Wallop", VALUES))
    assert editor.minimumSizeHint().width() <= max(narrow, 460)


def low(editor: ConditionEditor, qtbot) -> EditorPlace:
    """The editor in a window that has no room for all rows; where they are scrolled."""
    editor.resize(700, 330)
    place = editor.findChild(EditorPlace)
    assert place is not None
    qtbot.waitUntil(lambda: place.verticalScrollBar().maximum() > 0)
    return place


def is_seen(place: EditorPlace, part: QWidget) -> bool:
    top = part.mapTo(place.viewport(), QPoint(0, 0)).y()
    return top >= 0 and top + part.height() <= place.viewport().height()


def scroll(part: QWidget) -> bool:
    """Turn the wheel over `part`; whether it kept that for itself."""
    here = QPointF(part.rect().center())
    no = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    down = QWheelEvent(here, QPointF(part.mapToGlobal(here.toPoint())), QPoint(), QPoint(0, -120), *no)
    QApplication.sendEvent(part, down)
    return down.isAccepted()


def test_the_wheel_scrolls_and_changes_nothing(editor, qtbot):
    low(editor, qtbot)
    before = editor.condition()
    assert not scroll(labelled(editor, "Attribute, row 1"))
    assert editor.condition() == before


def test_what_has_the_keyboard_is_seen(editor, qtbot):
    place = low(editor, qtbot)
    last = widget(editor, CHECK_BOX, "even if that is already so, wait for the next time")
    last.setFocus()
    qtbot.waitUntil(lambda: is_seen(place, last))
    first = labelled(editor, "Attribute, row 1")
    assert not is_seen(place, first)
    editor.focus_first()
    qtbot.waitUntil(lambda: is_seen(place, first))


def test_a_section_that_is_unfolded_is_seen(editor, qtbot):
    place = low(editor, qtbot)
    open_time(editor)
    qtbot.waitUntil(lambda: is_seen(place, labelled(editor, "not before")))


def test_it_opens_at_its_top(editor, qtbot):
    place = low(editor, qtbot)
    place.verticalScrollBar().setValue(place.verticalScrollBar().maximum())
    editor.hide()
    editor.show()
    assert place.verticalScrollBar().value() == 0
