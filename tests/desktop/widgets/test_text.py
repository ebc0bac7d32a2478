from PySide6.QtCore import Qt

from tact_desktop.widgets.text import Elided, label, message_box, plain_tooltip

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
