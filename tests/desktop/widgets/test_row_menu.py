from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.state.wording_conversation import RowAction
from tact_desktop.widgets.row_menu import row_keys, row_menu

HELD = MessageRow("7", 0, RowKind.BUBBLE, "Hello", own=True, style=BubbleStyle.HELD)


@pytest.fixture
def place(qtbot) -> QWidget:
    made = QLineEdit()
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    made.activateWindow()
    qtbot.waitUntil(made.hasFocus)
    return made


def test_each_entry_does_its_own_deed_and_shows_its_key(place):
    did: list[object] = []
    menu = row_menu(place, HELD, lambda *what: did.append(what), lambda: did.append("copy"), did.append)
    entries = [action for action in menu.actions() if not action.isSeparator()]
    for entry in entries:
        entry.trigger()
    asked = (RowAction.SEND_NOW, RowAction.EDIT, RowAction.TELL_ONLY, RowAction.WITHDRAW)
    assert did == [*((each, "7") for each in asked), "copy"]
    keys = [entry.shortcut().toString() for entry in entries]
    assert keys == ["Ctrl+Return", "F2", "Ctrl+B", "Del", "Ctrl+C"]


def test_each_link_of_a_message_can_be_opened_and_copied(place):
    said = replace(
        HELD,
        own=False,
        text="https://a.example/1 https://a.example/2?a&b mailto:c@d.example https://x.example\\y",
    )
    opened: list[str] = []
    menu = row_menu(place, said, lambda *_: None, lambda: None, opened.append)
    entries = {action.text(): action for action in menu.actions()}
    assert list(entries)[1:] == [
        "Open link to a.example/1",
        "Open link to a.example/2?a&&b",
        "Write to c@d.example",
        "Open link to x.example",
        "Copy link to a.example/1",
        "Copy link to a.example/2?a&&b",
        "Copy link to c@d.example",
        "Copy link to x.example",
    ]
    entries["Open link to a.example/2?a&&b"].trigger()
    entries["Copy link to c@d.example"].trigger()
    assert opened == ["https://a.example/2?a&b"]
    assert QGuiApplication.clipboard().text() == "mailto:c@d.example"


def test_a_line_that_is_no_message_offers_no_links(place):
    line = MessageRow("7", 0, RowKind.NOTE, "https://a.example")
    menu = row_menu(place, line, lambda *_: None, lambda: None, nothing)
    assert [action.text() for action in menu.actions()] == ["Copy text"]


def nothing(_url: str):
    """Opens no link."""


def test_keys_do_nothing_without_a_row(place, qtbot):
    did: list[object] = []
    rows: list[MessageRow | None] = [None, HELD]
    row_keys(place, lambda: rows.pop(0), lambda *what: did.append(what))
    qtbot.keySequence(place, "F2")
    assert did == []
    qtbot.keySequence(place, "F2")
    assert did == [(RowAction.EDIT, "7")]


def test_an_alert_that_ended_is_asked_for_again(place):
    ended = MessageRow("7", 0, RowKind.NOTE, "Nothing to tell", own=True, style=BubbleStyle.EXPIRED)
    menu = row_menu(place, ended, lambda *_: None, lambda: None, nothing)
    assert [action.text() for action in menu.actions() if action.text()][:2] == ["Ask again", "Delete"]
