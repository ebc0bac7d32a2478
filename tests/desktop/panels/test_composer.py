from datetime import UTC
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.panels.composer import Composer
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.own_presets import PRESETS_MAX, OwnPreset
from tact_desktop.state.people import Person
from tact_desktop.state.preview import preview
from tact_desktop.state.recipient import Recipient, recipient_of
from tact_desktop.widgets.editor_place import EditorPlace
from tact_engine.core.conditions import PRESETS, one_group
from tact_engine.core.envelope import Otherwise
from tact_engine.core.presence import Presence, Reading
from tests.support.by_role import choose, labelled, names, press, unnamed, widget
from tests.support.heard import heard

RADIO, BUTTON, TEXT = QAccessible.Role.RadioButton, QAccessible.Role.Button, QAccessible.Role.EditableText
CHECK_BOX = QAccessible.Role.CheckBox
CONTROL = Qt.KeyboardModifier.ControlModifier
NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC


def bob(hidden=(), name="Bob", at_ms=NOW_MS, **values) -> Recipient:
    shown = {"Alias": name, "OnlineStatus": True, "UserMood": "ANGRY"} | values
    readings = {attr: Reading(value, 0) for attr, value in shown.items() if attr not in hidden}
    return recipient_of(Presence("bob", 1, readings, hidden), at_ms, UTC)


@pytest.fixture
def composer(qtbot, qapp: QApplication) -> Composer:
    theme.apply(qapp, theme.Scheme.LIGHT)
    made = Composer()
    qtbot.addWidget(made)
    made.show_recipient(bob())
    # As the window does: each draft comes back as what sending it would do.
    made.draft_changed.connect(lambda draft: made.show_preview(preview(draft, bob(), True)))
    made.show_preview(preview(Draft(), bob(), True))
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


def said(composer: Composer) -> list[str]:
    return names(composer, QAccessible.Role.StaticText)


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
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    assert now == []
    assert "Send now, without waiting?" in said(composer)
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    assert now == [(Draft("Fire!"),)]
    assert "Send now, without waiting?" not in said(composer)


@pytest.mark.parametrize("way", ["Let it wait", "escape", "typing"])
def test_what_was_asked_can_be_left(composer, qtbot, way):
    now = heard(composer.send_now_requested)
    press(composer, RADIO, "When not angry")
    field = write(qtbot, composer, "Fire!")
    qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    if way == "escape":
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    elif way == "typing":
        qtbot.keyClicks(field, "!")
    else:
        press(composer, BUTTON, way)
    assert "Send now, without waiting?" not in said(composer)
    assert (now, composer.draft().preset) == ([], Preset.NOT_ANGRY)


def test_the_question_can_be_answered_with_its_button(composer, qtbot):
    now = heard(composer.send_now_requested)
    press(composer, RADIO, "When not angry")
    qtbot.keyClick(write(qtbot, composer, "Fire!"), Qt.Key.Key_Return, CONTROL)
    press(composer, BUTTON, "Send now")
    assert now == [(Draft("Fire!"),)]


def test_what_waits_for_nothing_goes_without_a_question(composer, qtbot):
    now = heard(composer.send_now_requested)
    qtbot.keyClick(write(qtbot, composer, "Fire!"), Qt.Key.Key_Return, CONTROL)
    assert now == [(Draft("Fire!"),)]


@pytest.mark.rule("M6")
def test_control_enter_in_an_edit_changes_that_message(composer, qtbot):
    now, changed = heard(composer.send_now_requested), heard(composer.change_requested)
    composer.begin_edit(entry(PRESETS["not angry"]))
    field = widget(composer, TEXT, "Message: Bob", QPlainTextEdit)
    for _ in range(2):
        qtbot.keyClick(field, Qt.Key.Key_Return, CONTROL)
    assert (now, changed) == ([], [("7", Draft("Invoice", valid_for=86_400))])


@pytest.mark.parametrize(("key", "name"), [("1", "Now"), ("2", "When online"), ("3", "When available")])
def test_alt_and_a_digit_choose(composer, qtbot, key, name):
    press(composer, RADIO, "When not angry")
    qtbot.keyClick(composer, key, Qt.KeyboardModifier.AltModifier)
    assert widget(composer, RADIO, name, QPushButton).isChecked()


def test_what_cannot_be_chosen_says_why_and_has_no_shortcut(composer, qtbot):
    composer.show_recipient(bob(hidden=("UserMood",)))
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
    composer.show_recipient(bob(at_ms=NOW_MS + 60_000))
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
    assert "Paused while you edit — its time runs on." in names(composer, QAccessible.Role.StaticText)
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
        press(composer, BUTTON, "Resume")
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
    composer.show_recipient(bob(name="Carla"))
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


@pytest.mark.rule("M11", "M12")
@pytest.mark.parametrize(
    ("text", "otherwise"),
    [("back to my drafts", Otherwise.DRAFTS), ("deliver anyway when next online", Otherwise.DELIVER)],
)
def test_what_becomes_of_it_is_part_of_the_draft(composer, text, otherwise):
    changed = heard(composer.draft_changed)
    choose(composer, "then", text)
    choose(composer, "then", "tell me")
    assert changed == [(Draft(otherwise=otherwise),), (Draft(),)]


@pytest.mark.rule("O10")
def test_a_message_can_wait_in_turn_only_where_something_waits(composer):
    assert "after the 2 that wait" not in names(composer, CHECK_BOX)
    changed = heard(composer.draft_changed)
    composer.show_ahead(2)
    press(composer, CHECK_BOX, "after the 2 that wait")
    assert changed == [(Draft(keep_order=True),)]
    composer.begin_edit(entry())
    assert "after the 2 that wait" not in names(composer, CHECK_BOX)
    composer.end_edit()
    assert "after the 2 that wait" in names(composer, CHECK_BOX)
    press(composer, CHECK_BOX, "Only tell me")
    assert "after the 2 that wait" not in names(composer, CHECK_BOX)


@pytest.mark.rule("R1")
def test_an_alert_needs_no_text(composer, qtbot):
    sent = heard(composer.send_requested)
    press(composer, RADIO, "When not angry")
    press(composer, CHECK_BOX, "Only tell me")
    promise = "You will be told once when Bob is not Angry (now: Angry); nothing is sent to Bob; given up in 1 week."
    assert promise in said(composer)
    ends = labelled(composer, "then")
    assert [ends.itemText(place) for place in range(ends.count())] == ["tell me", "back to my drafts"]
    press(composer, BUTTON, "Tell me when not angry")
    assert sent == [(Draft(preset=Preset.NOT_ANGRY, alert=True),)]
    qtbot.keyClicks(widget(composer, TEXT, "Note for yourself: Bob"), "Ask about Friday")
    assert composer.draft().text == "Ask about Friday"


@pytest.mark.rule("R5")
def test_an_alert_needs_to_see_who_is_online(composer):
    composer.show_recipient(bob(hidden=("OnlineStatus",)))
    bell = widget(composer, CHECK_BOX, "Only tell me")
    assert not bell.isEnabled()
    assert "does not show you when they are online" in bell.toolTip()
    composer.show_draft(Draft(alert=True))
    assert bell.isEnabled()


MINE = (
    OwnPreset("Back", one_group(("Activity", "ne", "LUNCH"))),
    OwnPreset("Happy", one_group(("UserMood", "eq", "HAPPY"))),
)


def test_a_preset_of_ones_own_is_one_press(composer):
    composer.resize(1400, 200)
    composer.show_presets(MINE)
    changed = heard(composer.draft_changed)
    press(composer, RADIO, "Back")
    assert changed == [(Draft(preset=Preset.CUSTOM, custom=MINE[0].condition),)]
    assert widget(composer, RADIO, "Back", QPushButton).isChecked()
    composer.show_recipient(bob(hidden=("UserMood",)))
    happy = widget(composer, RADIO, "Happy")
    assert (happy.isEnabled(), happy.toolTip() != "") == (False, True)
    composer.choose(Preset.NOW)
    assert widget(composer, RADIO, "Now", QPushButton).isChecked()


def test_a_preset_is_saved_from_the_editor(composer, qtbot):
    told = heard(composer.preset_saved)
    press(composer, RADIO, "When available")
    composer.open_editor()
    press(composer, BUTTON, "Save as preset…")
    qtbot.keyClicks(widget(composer, TEXT, "Name of the preset"), "There")
    press(composer, BUTTON, "Save")
    assert told == [("There", PRESETS["available"])]


def test_an_editor_that_is_opened_later_knows_the_presets_there_are(composer):
    composer.show_presets(tuple(OwnPreset(str(place), PRESETS["available"]) for place in range(PRESETS_MAX)))
    composer.open_editor()
    assert "8 presets" in widget(composer, BUTTON, "Save as preset…", QPushButton).toolTip()


def test_the_tab_key_comes_to_the_editor_before_the_message(composer):
    composer.open_editor()
    chain: list[QWidget] = [composer]
    while (following := chain[-1].nextInFocusChain()) not in (None, composer):
        assert following is not None
        chain.append(following)
    placed = [widget(composer, BUTTON, name) for name in ("Cancel", "Use this")]
    places = [chain.index(each) for each in (*placed, composer.text_field())]
    assert places == sorted(places)


def test_a_preset_is_renamed_in_place_and_deleted(composer, qtbot):
    composer.resize(1400, 200)
    composer.show_presets(MINE)
    renamed, deleted = heard(composer.preset_renamed), heard(composer.preset_deleted)
    pill = widget(composer, RADIO, "Back")
    pill.setFocus()
    qtbot.keyClick(pill, Qt.Key.Key_F2)
    field = widget(composer, TEXT, "New name of the preset")
    qtbot.keyClicks(field, "Fed")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert renamed == [("Back", "Fed")]
    pill.setFocus()
    qtbot.keyClick(pill, Qt.Key.Key_Delete)
    assert deleted == [("Back",)]


def test_a_refused_change_is_shown_again(composer):
    composer.begin_edit(entry(), Draft("Invoice 4711", Preset.AVAILABLE), "It was not accepted.")
    assert composer.draft() == Draft("Invoice 4711", Preset.AVAILABLE)
    assert "It was not accepted." in said(composer)


def test_the_editor_is_no_higher_than_the_window_has_room_for(composer, qtbot):
    composer.resize(640, 640)
    composer.choose(Preset.CUSTOM)
    press(composer, CHECK_BOX, "Time")
    assert composer.minimumSizeHint().height() <= 640
    assert widget(composer, BUTTON, "Use this", QPushButton).isVisible()


def place_in(panel: QWidget, part: QWidget) -> QRect:
    return QRect(part.mapTo(panel, QPoint(0, 0)), part.size())


@pytest.mark.parametrize(
    ("room", "lines"), [((466, 678), 4), ((424, 418), 1)], ids=["half a screen", "the smallest window"]
)
def test_the_rows_give_way_and_nothing_lies_over_them(composer, qtbot, room, lines):
    panel = ConversationPanel()
    qtbot.addWidget(panel)
    panel.set_composer(composer)
    panel.show_person(Person("bob", Presence("bob", 1, {"Alias": Reading("Bob", 0)}), 0), NOW_MS, UTC)
    panel.show_waiting(1)
    composer.set_compact(True)
    panel.show()
    composer.show_ahead(1)
    composer.choose(Preset.CUSTOM)
    press(composer, CHECK_BOX, "Time")
    panel.setFixedSize(*room)
    sentence = next(each for each in panel.findChildren(QLabel) if each.text().startswith("Deliver when"))
    sentence.setText("\n".join(["Deliver when"] * lines))
    qtbot.waitUntil(lambda: sentence.height() >= lines * sentence.fontMetrics().lineSpacing())
    (editor,) = panel.findChildren(EditorPlace)
    rows = place_in(panel, editor)
    below = [sentence, widget(composer, BUTTON, "Use this"), widget(composer, TEXT, "Message: Bob")]
    places = [rows, *(place_in(panel, part) for part in below)]
    assert all(above.bottom() < under.top() for above, under in pairwise(places))
    assert places[-1].bottom() < panel.height()


def test_an_open_editor_has_the_room_of_the_choice_of_order(composer):
    composer.show_ahead(2)
    assert "after the 2 that wait" in names(composer, CHECK_BOX)
    composer.choose(Preset.CUSTOM)
    assert "after the 2 that wait" not in names(composer, CHECK_BOX)
    composer.close_editor()
    assert "after the 2 that wait" in names(composer, CHECK_BOX)
