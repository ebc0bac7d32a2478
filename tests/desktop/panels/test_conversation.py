from dataclasses import replace
from datetime import UTC

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from tact_desktop import theme
from tact_desktop.panels import conversation
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.state.people import Person
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.widgets.banner import BannerKind
from tact_desktop.widgets.fade import Fade
from tact_desktop.widgets.message_list import MessageList
from tact_desktop.widgets.message_row import ROW
from tact_engine.core.presence import Presence, Reading
from tests.support.by_role import names, press, unnamed, widget
from tests.support.heard import heard
from tests.support.programs import programs

BUTTON, LIST, TEXT = QAccessible.Role.Button, QAccessible.Role.List, QAccessible.Role.StaticText
ITEM = QAccessible.Role.MenuItem


def person(handle: str, unread: int = 0, **values) -> Person:
    shown = {"Alias": handle.title(), "OnlineStatus": True} | values
    readings = {key: Reading(value, 0) for key, value in shown.items()}
    return Person(handle, Presence(handle, 1, readings), unread)


def row(number: int, own: bool = False, style: BubbleStyle = BubbleStyle.NORMAL) -> MessageRow:
    text = f"message {number} " + "word " * (abs(number) % 30)
    said = f"{'You' if own else 'Bob'}: message {number}"
    return MessageRow(str(number), 0, RowKind.BUBBLE, text, own, foot="09:02", style=style, accessible=said)


BOB = person("bob", UserAvailability="NOT_AVAILABLE", UserMood="ANGRY", StatusText="meeting")
ROWS = tuple(row(number) for number in range(60))
HELD = row(100, own=True, style=BubbleStyle.HELD)


@pytest.fixture
def panel(qtbot, qapp: QApplication) -> ConversationPanel:
    theme.apply(qapp, theme.Scheme.LIGHT)
    made = ConversationPanel()
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show_person(BOB, 0, UTC)
    made.show_rows(ROWS)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def said(monkeypatch) -> list[str]:
    """What a screen reader is told."""
    told: list[str] = []
    monkeypatch.setattr(conversation, "announce", lambda _widget, sentence: told.append(sentence))
    return told


def messages(panel: ConversationPanel) -> MessageList:
    return widget(panel, LIST, "Conversation with Bob", MessageList)


def shown(panel: ConversationPanel) -> list[str]:
    model = messages(panel).model()
    return [model.index(place, 0).data(ROW).key for place in range(model.rowCount())]


def top_of(panel: ConversationPanel, key: str) -> int:
    view = messages(panel)
    view.executeDelayedItemsLayout()
    return view.visualRect(view.model().index(shown(panel).index(key), 0)).top()


def scroll_to(panel: ConversationPanel, value: int):
    messages(panel).verticalScrollBar().setValue(value)
    QApplication.processEvents()


def press_keys(qtbot, panel: ConversationPanel, key: str, keys: str):
    assert panel.show_row(key)
    qtbot.keySequence(messages(panel), keys)


def test_the_header_says_who_it_is_and_how_they_are(panel):
    assert "Bob" in names(panel, TEXT)
    assert "Not available · 😠 Angry · “meeting”" in names(panel, TEXT)
    panel.show_person(person("bob", OnlineStatus=False), 0, UTC)
    assert "Offline · last seen 00:00" in names(panel, TEXT)


def test_without_somebody_it_says_what_to_do(panel):
    panel.show_person(None)
    assert "Choose somebody on the left" in names(panel, TEXT)
    assert names(panel, LIST) == []


def test_without_messages_it_says_what_to_do(panel):
    panel.show_rows(())
    description = QAccessible.queryAccessibleInterface(messages(panel)).text(QAccessible.Text.Description)
    assert description == "No messages yet — write Bob the first one."
    panel.show_rows(ROWS)
    assert messages(panel).accessibleDescription() == ""


def test_it_opens_at_the_newest_and_silently(panel, said):
    assert messages(panel).at_bottom()
    panel.show_person(person("carla"), 0, UTC)
    panel.show_rows((row(1), row(2)))
    assert said == []
    assert widget(panel, LIST, "Conversation with Carla", MessageList).at_bottom()


def test_somebody_elses_rows_are_never_shown_under_a_name(panel):
    panel.show_person(person("carla"), 0, UTC)
    assert names(panel, QAccessible.Role.ListItem) == []


def test_a_presence_change_leaves_the_messages_alone(panel):
    scroll_to(panel, 300)
    panel.show_person(person("bob"), 0, UTC)
    assert messages(panel).verticalScrollBar().value() == 300
    assert shown(panel) == [row.key for row in ROWS]


def test_older_rows_are_asked_for_and_what_is_read_stays(panel, qtbot, said):
    with qtbot.waitSignal(panel.near_top):
        scroll_to(panel, 200)
    key = messages(panel).indexAt(QPoint(300, 1)).data(ROW).key
    before = top_of(panel, key)
    panel.show_rows((*(row(number) for number in range(-40, 0)), *ROWS))
    QApplication.processEvents()
    assert top_of(panel, key) == before
    assert len(shown(panel)) == 100
    assert said == []


def test_newer_rows_that_are_fetched_are_no_news(panel, said):
    scroll_to(panel, 300)
    panel.show_rows((*ROWS, row(200)), paged=True)
    QApplication.processEvents()
    assert said == []
    assert "Jump to the newest message" in names(panel, BUTTON)


def test_a_batch_is_said_once_and_counted(panel, said):
    panel.show_rows((*ROWS, HELD))
    scroll_to(panel, 300)
    panel.show_rows((*ROWS, row(200), row(201), HELD))
    QApplication.processEvents()
    assert said == ["2 new messages. Bob: message 201"]
    assert messages(panel).verticalScrollBar().value() == 300
    assert "Jump to the newest message, 2 new" in names(panel, BUTTON)


def test_at_the_bottom_what_comes_is_seen(panel, said):
    panel.show_rows((*ROWS[:-1], replace(ROWS[-1], foot="", revision=1, last_in_group=False), row(200)))
    QApplication.processEvents()
    view = messages(panel)
    assert view.visualRect(view.model().index(60, 0)).bottom() == view.viewport().height() - 1
    assert said == ["Bob: message 200"]


def test_the_newest_is_wanted_where_the_button_is_pressed(panel, qtbot):
    scroll_to(panel, 100)
    with qtbot.waitSignal(panel.newest_wanted):
        press(panel, BUTTON, "Jump to the newest message")


def test_what_is_new_glows_and_fades(panel, qtbot):
    theme.theme().set_reduced_motion(False)
    try:
        panel.show_rows((*ROWS, row(200)))
        newest = messages(panel).model().index(60, 0)
        qtbot.waitUntil(lambda: newest.data(ROW).highlight > 0)
        fade = panel.findChild(Fade)
        assert isinstance(fade, Fade)
        fade.setCurrentTime(fade.duration())
        assert newest.data(ROW).highlight == 0
    finally:
        theme.theme().set_reduced_motion(None)


def test_nothing_glows_where_motion_is_unwelcome(panel):
    panel.show_rows((*ROWS, row(200)))
    assert panel.findChild(Fade) is None


def test_the_strip_leads_to_what_waits(panel, qtbot):
    assert "1 waiting here" not in names(panel, BUTTON)
    panel.show_rows((*ROWS, HELD, row(101, own=True, style=BubbleStyle.UNSENT)))
    panel.show_waiting(2)
    scroll_to(panel, 0)
    press(panel, BUTTON, "2 waiting here")
    assert messages(panel).current_key() == "100"
    assert messages(panel).hasFocus()
    panel.show_waiting(0)
    assert "2 waiting here" not in names(panel, BUTTON)


def test_the_strip_asks_for_rows_that_are_not_there(panel, qtbot):
    panel.show_waiting(1)
    with qtbot.waitSignal(panel.newest_wanted):
        press(panel, BUTTON, "1 waiting here")


@pytest.mark.parametrize(
    ("style", "keys", "action"),
    [
        (BubbleStyle.HELD, "Ctrl+Return", "send_now"),
        (BubbleStyle.HELD, "F2", "edit"),
        (BubbleStyle.HELD, "Return", "edit"),
        (BubbleStyle.HELD, "Ctrl+B", "tell_only"),
        (BubbleStyle.PAUSED, "Return", "edit"),
        (BubbleStyle.UNSENT, "Del", "withdraw"),
        (BubbleStyle.EXPIRED, "Ctrl+Return", "send_again"),
        (BubbleStyle.FAILED, "Del", "delete"),
    ],
)
def test_keys_act_on_the_row_they_are_on(panel, qtbot, style, keys, action):
    panel.show_rows((*ROWS, replace(HELD, style=style)))
    told = heard(panel.row_action)
    press_keys(qtbot, panel, "100", keys)
    assert told == [(action, "100")]


TOLD = MessageRow("told", 0, RowKind.NOTE, "Bob is there\nCall him", own=True, note="Call him")


@pytest.mark.rule("R1")
@pytest.mark.parametrize("keys", ["Ctrl+Return", "Return"])
def test_the_line_of_an_alert_leads_to_a_message(panel, qtbot, keys):
    panel.show_rows((*ROWS, TOLD))
    told = heard(panel.row_action)
    press_keys(qtbot, panel, "told", keys)
    assert told == [("write_now", "told")]


@pytest.mark.rule("R1")
def test_an_alert_that_comes_true_is_said(panel, said):
    panel.show_rows((*ROWS, replace(TOLD, accessible="Bob is there")))
    assert said == ["Bob is there"]


@pytest.mark.parametrize("keys", ["Ctrl+Return", "F2", "Return", "Del", "Ctrl+B"])
def test_keys_do_nothing_to_what_others_wrote(panel, qtbot, keys):
    told = heard(panel.row_action)
    press_keys(qtbot, panel, "59", keys)
    assert told == []


MENUS = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def open_menu(panel: ConversationPanel, key: str) -> QMenu:
    view = messages(panel)
    panel.show_row(key)
    place = view.visualRect(view.currentIndex()).center()
    at = view.viewport().mapToGlobal(place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, at)
    QApplication.sendEvent(view.viewport(), event)
    menu = panel.findChild(QMenu)
    assert isinstance(menu, QMenu)
    return menu


@MENUS
@pytest.mark.parametrize(
    ("style", "entries"),
    [
        (BubbleStyle.HELD, ["Send now", "Edit", "Only tell me instead", "Withdraw", "Copy text"]),
        (BubbleStyle.EXPIRED, ["Send again", "Delete", "Copy text"]),
        (BubbleStyle.NORMAL, ["Copy text"]),
    ],
)
def test_the_menu_offers_what_can_be_done(panel, qtbot, style, entries):
    panel.show_rows((*ROWS, replace(HELD, style=style)))
    menu = open_menu(panel, "100")
    assert [action.text() for action in menu.actions() if action.text()] == entries
    told = heard(panel.row_action)
    menu.actions()[0].trigger()
    assert [key for _, key in told] == (["100"] if len(entries) > 1 else [])
    menu.close()


@MENUS
def test_text_is_copied_from_the_menu(panel):
    menu = open_menu(panel, "58")
    menu.actions()[-1].trigger()
    assert QGuiApplication.clipboard().text() == ROWS[58].text
    menu.close()


@MENUS
def test_the_line_of_an_alert_has_a_menu_where_something_was_noted(panel):
    panel.show_rows((*ROWS, TOLD))
    menu = open_menu(panel, "told")
    assert [action.text() for action in menu.actions() if action.text()] == ["Write it now", "Copy text"]
    menu.close()


def test_an_alert_without_a_note_has_no_menu(panel):
    panel.show_rows((*ROWS, replace(TOLD, note="")))
    panel.show_row("told")
    messages(panel).menu_wanted.emit("told", QPoint(0, 0))
    messages(panel).activated_row.emit("told")
    messages(panel).activated_row.emit("unknown")
    assert panel.findChild(QMenu) is None


def test_lines_have_no_menu(panel):
    panel.show_rows((*ROWS, MessageRow("day", 0, RowKind.DAY, "Today")))
    panel.show_row("day")
    messages(panel).menu_wanted.emit("day", QPoint(0, 0))
    assert panel.findChild(QMenu) is None


def test_what_is_looked_at_is_told_as_seen(panel, qtbot):
    with qtbot.waitSignal(panel.focused_seen):
        panel.show_person(replace(BOB, unread=2), 0, UTC)


def test_what_is_out_of_sight_is_not(panel, qtbot):
    scroll_to(panel, 100)
    with qtbot.assertNotEmitted(panel.focused_seen):
        panel.show_person(replace(BOB, unread=2), 0, UTC)
        QApplication.processEvents()
    with qtbot.waitSignal(panel.focused_seen):
        panel.jump_to_bottom()


@pytest.mark.rule("M18")
def test_a_window_behind_another_sees_nothing(panel, qtbot):
    other = QPushButton("other")
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    with qtbot.assertNotEmitted(panel.focused_seen):
        panel.show_person(replace(BOB, unread=2), 0, UTC)
        QApplication.processEvents()
    with qtbot.waitSignal(panel.focused_seen):
        panel.activateWindow()


def test_a_banner_stands_above_until_it_is_dismissed(panel, qtbot):
    panel.show_banner("Paused while you edit.", BannerKind.WARNING, (("resume", "Resume"),))
    assert "Paused while you edit." in names(panel, TEXT)
    with qtbot.waitSignal(panel.banner_action) as told:
        press(panel, BUTTON, "Resume")
    assert told.args == ["resume"]
    with qtbot.waitSignal(panel.banner_dismissed):
        press(panel, BUTTON, "Dismiss")
    assert "Paused while you edit." not in names(panel, TEXT)
    panel.show_banner("Again.")
    panel.show_banner("")
    assert "Again." not in names(panel, TEXT)


def test_the_banner_stands_also_where_nobody_is_chosen(panel):
    panel.show_person(None)
    panel.show_banner("“Office” cannot be reached.", BannerKind.WARNING)
    assert "“Office” cannot be reached." in names(panel, TEXT)
    assert "Choose somebody on the left" in names(panel, TEXT)


def test_a_notice_stands_above_the_composer_until_it_is_dismissed(panel, qtbot):
    panel.set_composer(QPushButton("composer"))
    panel.show_notice("It is a draft again.", actions=(("retract", "Ask to ignore it"),))
    QApplication.processEvents()
    assert "It is a draft again." in names(panel, TEXT)
    buttons = names(panel, BUTTON)
    assert buttons.index("Ask to ignore it") < buttons.index("composer")
    with qtbot.waitSignal(panel.notice_action) as told:
        press(panel, BUTTON, "Ask to ignore it")
    assert told.args == ["retract"]
    with qtbot.waitSignal(panel.notice_dismissed):
        press(panel, BUTTON, "Dismiss")
    assert "It is a draft again." not in names(panel, TEXT)
    panel.show_notice("Again.")
    panel.show_notice("")
    assert "Again." not in names(panel, TEXT)


def test_what_lies_over_the_messages_keeps_clear_of_all_below_them(panel):
    composer = QPushButton("composer")
    panel.set_composer(composer)
    QApplication.processEvents()
    before = panel.below_messages()
    assert panel.height() - before < composer.mapTo(panel, composer.rect().topLeft()).y()
    panel.show_notice("It is a draft again.")
    QApplication.processEvents()
    assert panel.below_messages() > before


def test_the_composer_has_its_place(panel):
    panel.set_composer(QPushButton("composer"))
    QApplication.processEvents()
    assert "composer" in names(panel, BUTTON)
    panel.show_person(None)
    assert "composer" not in names(panel, BUTTON)


def test_everything_the_keyboard_reaches_has_a_name(panel):
    panel.show_waiting(1)
    panel.show_banner("Trouble.")
    scroll_to(panel, 100)
    assert unnamed(panel) == []


LINKED = MessageRow("9", 0, RowKind.BUBBLE, "see https://a.example/x")


def choose(panel: ConversationPanel, key: str, entry: str):
    menu = open_menu(panel, key)
    next(action for action in menu.actions() if action.text() == entry).trigger()
    menu.close()


@MENUS
def test_a_link_is_opened_by_the_program_for_it(panel):
    panel.show_rows((LINKED,))
    with programs() as handed:
        choose(panel, "9", "Open link to a.example")
    assert handed == ["https://a.example/x"]


@MENUS
def test_where_no_program_opens_a_link_a_sentence_says_so(panel, monkeypatch):
    monkeypatch.setattr(conversation, "open_link", lambda _url: False)
    panel.show_rows((LINKED,))
    choose(panel, "9", "Open link to a.example")
    assert any("no program that opens this link" in each for each in names(panel, TEXT))
