from datetime import UTC

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from tact_desktop import theme
from tact_desktop.panels.composer import Composer
from tact_desktop.state.draft import Draft, Preset, preview
from tact_desktop.state.entry import Entry, Stage
from tact_engine.core.conditions import PRESETS, one_group
from tact_engine.core.presence import Presence, Reading, seen
from tests.support.by_role import choose, labelled, names, press, unnamed, widget
from tests.support.heard import heard

RADIO, BUTTON, TEXT = QAccessible.Role.RadioButton, QAccessible.Role.Button, QAccessible.Role.EditableText
CHECK_BOX = QAccessible.Role.CheckBox
NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC


def bob(**values) -> Presence:
    shown = {"Alias": "Bob", "OnlineStatus": True, "UserMood": "ANGRY"} | values
    return Presence("bob", 1, {name: Reading(value, 0) for name, value in shown.items()})


@pytest.fixture
def composer(qtbot, qapp: QApplication) -> Composer:
    theme.apply(qapp, theme.Scheme.LIGHT)
    made = Composer()
    qtbot.addWidget(made)
    made.set_recipient("Bob")
    made.show_presence(seen(bob(), "me"))
    made.show_now(NOW_MS, UTC)
    # As the window does: each draft comes back as what sending it would do.
    made.draft_changed.connect(lambda draft: made.show_preview(preview(draft, bob(), "me", True)))
    made.show_preview(preview(Draft(), bob(), "me", True))
    made.resize(1000, 200)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def write(qtbot, composer: Composer, text: str) -> QPlainTextEdit:
    field = widget(composer, TEXT, "Message: Bob", QPlainTextEdit)
    qtbot.keyClicks(field, text)
    return field


def send_button(composer: Composer) -> QPushButton:
    return widget(composer, BUTTON, names(composer, BUTTON)[-1], QPushButton)


def entry(condition=PRESETS["online"]) -> Entry:
    return Entry(
        "7", "c", "me", True, "Invoice", Stage.HELD, ("bob",), 0, condition=condition, valid_for=86_400
    )


def test_enter_sends_what_is_written(composer, qtbot):
    sent = heard(composer.send_requested)
    field = write(qtbot, composer, "Coffee?")
    assert send_button(composer).text() == "Send"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent[-1] == (Draft("Coffee?"),)


def test_nothing_written_cannot_be_sent(composer, qtbot):
    sent = heard(composer.send_requested)
    field = write(qtbot, composer, "  ")
    assert not send_button(composer).isEnabled()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sent == []


def test_the_button_says_what_it_does(composer, qtbot):
    changed = heard(composer.draft_changed)
    write(qtbot, composer, "Leave")
    press(composer, RADIO, "When not angry")
    assert changed[-1] == (Draft("Leave", Preset.NOT_ANGRY),)
    assert send_button(composer).text() == "Send when not angry"
    said = names(composer, QAccessible.Role.StaticText)
    assert "Not yet — waits until Bob is not Angry (now: Angry); given up in 1 week." in said


def test_control_enter_sends_now(composer, qtbot):
    now = heard(composer.send_now_requested)
    press(composer, RADIO, "When not angry")
    field = write(qtbot, composer, "Fire!")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert now[-1] == (Draft("Fire!", Preset.NOT_ANGRY),)


@pytest.mark.parametrize(("key", "name"), [("1", "Now"), ("2", "When online"), ("3", "When available")])
def test_alt_and_a_digit_choose(composer, qtbot, key, name):
    press(composer, RADIO, "When not angry")
    qtbot.keyClick(composer, key, Qt.KeyboardModifier.AltModifier)
    assert widget(composer, RADIO, name, QPushButton).isChecked()


def test_what_cannot_be_chosen_says_why_and_has_no_shortcut(composer, qtbot):
    composer.show_presence({"OnlineStatus": True, "UserAvailability": "AVAILABLE"})
    changed = heard(composer.draft_changed)
    pill = widget(composer, RADIO, "When not angry")
    assert not pill.isEnabled()
    assert "mood is not shared with you" in pill.toolTip()
    qtbot.keyClick(composer, "4", Qt.KeyboardModifier.AltModifier)
    assert changed == []


def test_the_pin_is_part_of_the_draft(composer):
    changed = heard(composer.draft_changed)
    press(composer, CHECK_BOX, "Keep this choice for this chat")
    assert changed[-1] == (Draft(pinned=True),)


def test_the_time_limit_is_part_of_the_draft(composer):
    changed = heard(composer.draft_changed)
    choose(composer, "Valid for", "1 hour")
    assert changed[-1] == (Draft(valid_for=3600),)
    choose(composer, "Valid for", "Until 18:00")
    assert changed[-1] == (Draft(valid_for=8 * 3600),)
    composer.show_now(NOW_MS + 60_000, UTC)
    assert changed[-1] == (Draft(valid_for=8 * 3600 - 60),)


def test_showing_a_draft_is_silent(composer):
    changed = heard(composer.draft_changed)
    composer.show_draft(Draft("Hi", Preset.AVAILABLE, valid_for=86_400, pinned=True))
    assert changed == []
    assert widget(composer, RADIO, "When available", QPushButton).isChecked()
    assert labelled(composer, "Valid for").currentText() == "1 day"


def test_up_in_an_empty_field_edits_the_last(composer, qtbot):
    with qtbot.waitSignal(composer.edit_last_requested):
        qtbot.keyClick(widget(composer, TEXT, "Message: Bob"), Qt.Key.Key_Up)


def test_editing_saves_a_change_and_brings_the_draft_back(composer, qtbot):
    write(qtbot, composer, "Half a thought")
    changed = heard(composer.change_requested)
    composer.begin_edit(entry())
    assert composer.editing() == "7"
    assert "Editing a waiting message" in names(composer, QAccessible.Role.StaticText)
    assert send_button(composer).text() == "Save change"
    write(qtbot, composer, " 4711")
    press(composer, BUTTON, "Save change")
    assert changed[-1] == (
        "7",
        Draft("Invoice 4711", Preset.ONLINE, None, 86_400),
    )
    composer.end_edit()
    assert widget(composer, TEXT, "Message: Bob", QPlainTextEdit).toPlainText() == "Half a thought"


@pytest.mark.parametrize("way", ["escape", "button"])
def test_an_edit_can_be_cancelled(composer, qtbot, way):
    cancelled = heard(composer.edit_cancelled)
    composer.begin_edit(entry(one_group(("UserMood", "eq", "HAPPY"))))
    if way == "escape":
        qtbot.keyClick(widget(composer, TEXT, "Message: Bob"), Qt.Key.Key_Escape)
    else:
        press(composer, BUTTON, "Cancel")
    assert cancelled[-1] == ("7",)
    assert composer.editing() == ""


def test_custom_opens_the_editor_and_uses_it(composer, qtbot):
    changed = heard(composer.draft_changed)
    press(composer, RADIO, "When available")
    qtbot.keyClick(composer, "5", Qt.KeyboardModifier.AltModifier)
    assert "Deliver to Bob when …" in names(composer, QAccessible.Role.StaticText)
    assert labelled(composer, "Value, row 1").currentText() == "Available"
    choose(composer, "Value, row 1", "Discreet")
    press(composer, BUTTON, "Use this")
    wanted = one_group(("UserAvailability", "eq", "DISCREET"))
    assert changed[-1] == (Draft(preset=Preset.CUSTOM, custom=wanted),)
    assert "Deliver to Bob when …" not in names(composer, QAccessible.Role.StaticText)
    press(composer, BUTTON, "Change…")
    assert labelled(composer, "Value, row 1").currentText() == "Discreet"


def test_escape_goes_back_to_the_preset(composer, qtbot):
    changed = heard(composer.draft_changed)
    with qtbot.waitSignal(composer.custom_requested):
        press(composer, RADIO, "Custom…")
    qtbot.keyClick(labelled(composer, "Attribute, row 1"), Qt.Key.Key_Escape)
    assert widget(composer, RADIO, "Now", QPushButton).isChecked()
    assert changed == []


def test_another_recipient_closes_the_editor(composer):
    composer.open_editor()
    composer.set_recipient("Carla")
    assert "Deliver to Bob when …" not in names(composer, QAccessible.Role.StaticText)


def test_where_nothing_can_be_written_it_says_why(composer):
    composer.set_enabled_with_reason(False, "Bob has left.")
    assert "Bob has left." in names(composer, QAccessible.Role.StaticText)
    assert names(composer, TEXT) == []
    composer.set_enabled_with_reason(True)
    assert names(composer, TEXT) == ["Message: Bob"]


def test_it_folds_where_there_is_no_room(composer, qtbot):
    composer.resize(460, 200)
    qtbot.waitUntil(lambda: names(composer, RADIO) == [])
    changed = heard(composer.draft_changed)
    choose(composer, "Deliver", "When available")
    assert changed[-1] == (Draft(preset=Preset.AVAILABLE),)
    composer.resize(1000, 200)
    qtbot.waitUntil(lambda: len(names(composer, RADIO)) == 5)
    composer.set_compact(True)
    assert names(composer, RADIO) == []


@pytest.mark.parametrize("scheme", [theme.Scheme.LIGHT, theme.Scheme.DARK])
def test_it_is_narrow_enough_for_two_windows(composer, qapp, scheme):
    theme.apply(qapp, scheme)
    composer.open_editor()
    assert composer.minimumSizeHint().width() <= 460
    composer.close_editor()
    composer.show_draft(Draft("x", Preset.NOT_ANGRY, valid_for=12_345))
    assert composer.minimumSizeHint().width() <= 460


def test_everything_the_keyboard_reaches_has_a_name(composer):
    composer.open_editor()
    composer.begin_edit(entry())
    assert unnamed(composer) == []


def test_a_long_draft_has_room(composer):
    field = widget(composer, TEXT, "Message: Bob", QPlainTextEdit)
    low = field.height()
    composer.show_draft(Draft("one\ntwo\nthree"))
    assert field.height() > 2 * low - 20
