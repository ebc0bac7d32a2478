import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QMessageBox

from tact_desktop.menus import add_appearance, fill_menus, tell
from tests.support.by_role import Role, press
from tests.support.heard import heard


@pytest.fixture
def window(qtbot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_a_table_becomes_menus_whose_keys_work_anywhere(window, qtbot):
    done: list[str] = []
    fill_menus(
        window,
        (
            ("&File", (("&Quit", "Ctrl+Q", lambda: done.append("quit")),)),
            (
                "&Help",
                (
                    ("&Keys", "Ctrl+/", lambda: done.append("keys")),
                    ("&More", "", lambda: done.append("more")),
                ),
            ),
        ),
    )
    assert [action.text() for action in window.menuBar().actions()] == ["&File", "&Help"]
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert done == ["keys", "quit"]
    menu = window.menuBar().actions()[1].menu()
    assert [action.text() for action in menu.actions()] == ["&Keys", "&More"]
    menu.actions()[1].trigger()
    assert done == ["keys", "quit", "more"]


def test_the_look_is_chosen_in_a_menu(window):
    fill_menus(window, (("&View", (("&Nothing", "", lambda: None),)),))
    chosen: list[str] = []
    add_appearance(window, "&View", chosen.append)
    choices = window.menuBar().actions()[0].menu().actions()[-1].menu()
    for action in choices.actions():
        action.trigger()
        assert [each.isChecked() for each in choices.actions()].count(True) == 1
    assert chosen == ["system", "light", "dark"]


def test_a_note_is_plain_and_does_not_stop_the_loop(window, qtbot):
    tell(window, "&About", "<b>3 > 2</b>")
    box = window.findChild(QMessageBox)
    closed = heard(box.finished)
    assert (box.windowTitle(), box.text(), box.textFormat()) == (
        "About",
        "<b>3 > 2</b>",
        Qt.TextFormat.PlainText,
    )
    press(box, Role.Button, "OK")
    assert len(closed) == 1
