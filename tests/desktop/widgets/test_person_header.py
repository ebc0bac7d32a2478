from PySide6.QtGui import QAccessible

from tact_desktop.state.people import Glyph
from tact_desktop.widgets.person_header import PersonHeader
from tact_desktop.widgets.text import Elided
from tests.support.by_role import names


def test_it_says_who_and_how_they_are(qtbot):
    header = PersonHeader()
    qtbot.addWidget(header)
    header.show_person(
        "bob", "Bob", Glyph.NOT_AVAILABLE, "Not available · 😠 Angry", "not available, mood angry"
    )
    header.show()
    assert [name for name in names(header, QAccessible.Role.StaticText) if name] == [
        "Bob",
        "bob",
        "Not available · 😠 Angry",
    ]


def test_a_long_name_leaves_room_for_the_handle(qtbot):
    header = PersonHeader()
    qtbot.addWidget(header)
    header.show_person("mallory", "Wolfeschlegelsteinhausen " * 2, Glyph.AVAILABLE, "Available", "available")
    header.resize(300, 60)
    header.show()
    name, handle, _line = (each for each in header.findChildren(Elided) if each.text())
    assert name.is_cut()
    assert not handle.is_cut()


def test_a_name_that_is_the_handle_stands_once(qtbot):
    header = PersonHeader()
    qtbot.addWidget(header)
    header.show_person("bob", "bob", Glyph.AVAILABLE, "Available", "available")
    header.show()
    assert names(header, QAccessible.Role.StaticText).count("bob") == 1


def test_long_words_do_not_make_it_wide(qtbot):
    header = PersonHeader()
    qtbot.addWidget(header)
    header.show_person("bob", "Bob " * 40, Glyph.AVAILABLE, "words " * 90, "words")
    assert header.minimumSizeHint().width() <= 200
    header.resize(200, 60)
    assert not header.grab().isNull()
