from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QPushButton

from tact_desktop.widgets.text import Elided, button_text, explain, label, message_box, plain_tooltip

MARKUP = "<b>bold</b> <img src='file:///x'>"


def test_a_label_shows_markup_as_it_was_typed(qtbot):
    made = label(MARKUP)
    qtbot.addWidget(made)
    assert made.textFormat() == Qt.TextFormat.PlainText
    assert made.text() == MARKUP


def test_a_message_box_shows_markup_as_it_was_typed(qtbot):
    box = message_box(None, "Title", MARKUP, MARKUP)
    qtbot.addWidget(box)
    assert box.textFormat() == Qt.TextFormat.PlainText


def test_a_tool_tip_holds_no_live_markup():
    tip = plain_tooltip(MARKUP + "\nnext")
    assert "<b>" not in tip
    assert "<img" not in tip
    assert plain_tooltip("") == ""


def test_a_line_that_does_not_fit_is_told_whole_in_the_tool_tip(qtbot):
    made = Elided("a rather long line of text")
    qtbot.addWidget(made)
    made.resize(60, 20)
    made.show()
    assert made.is_cut()
    assert "a rather long line" in made.toolTip()
    made.resize(600, 20)
    assert not made.is_cut()
    assert made.toolTip() == ""


def test_no_label_shows_what_overrides_direction_or_cannot_be_seen(qtbot):
    made = label("photo\u202egpj.exe\x00")
    qtbot.addWidget(made)
    assert made.text() == "photogpj.exe␀"
    made.setText("a\u2067b")
    assert made.text() == "a\u2067b\u2069"


def test_a_tool_tip_keeps_every_blank_and_line():
    tip = plain_tooltip("a  &amp;\n\t<b>b</b>")
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == "a  &amp;\n\t<b>b</b>"


def test_no_name_makes_a_key_of_a_button(qtbot):
    made = QPushButton(button_text("R&D &Tom"))
    qtbot.addWidget(made)
    assert made.shortcut().isEmpty()
    assert QAccessible.queryAccessibleInterface(made).text(QAccessible.Text.Name) == "R&D &Tom"


def test_a_message_box_without_details_is_plain_too(qtbot):
    box = message_box(None, "Bob[*]", MARKUP + "\x00")
    qtbot.addWidget(box)
    assert (box.windowTitle(), box.text()) == ("Bob[*][*]", MARKUP + "␀")
    assert {each.textFormat() for each in box.findChildren(QLabel) if each.text()} == {
        Qt.TextFormat.PlainText
    }


def test_a_tool_tip_is_read_out_without_its_markup(qtbot):
    made = QPushButton("Save")
    qtbot.addWidget(made)
    explain(made, "Keep R&D <b>here</b>")
    heard = QAccessible.queryAccessibleInterface(made).text(QAccessible.Text.Description)
    assert heard == "Keep R&D <b>here</b>"
    assert QTextDocumentFragment.fromHtml(made.toolTip()).toPlainText() == heard
    explain(made, "")
    assert (made.toolTip(), made.accessibleDescription()) == ("", "")
