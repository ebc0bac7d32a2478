"""The menus of the main window: a table of rows, each an intent with its words and keys."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from tact_desktop.state import wording_window as words
from tact_desktop.widgets.text import message_box

if TYPE_CHECKING:
    from tact_desktop.window import MainWindow

Row = tuple[str, str | QKeySequence.StandardKey, Callable[[], object]]


def fill_menus(window: "MainWindow") -> None:
    """Give `window` its menus; their keys work wherever the keyboard is in it."""
    bar = window.menuBar()
    for title, rows in _table(window):
        menu = bar.addMenu(title)
        for row in rows:
            _add(menu, window, row)
        if title == words.MENU_VIEW:
            _add_appearance(menu, window)


def tell_connection(window: "MainWindow") -> None:
    """Say where the engine is, for a colleague who wants to join."""
    link = window.desk.link
    _tell(window, words.CONNECTION, words.connection_text(link.engine, link.host, link.port, link.here))


def _table(window: "MainWindow") -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Menu → its rows: words, keys, what it does."""
    standard = QKeySequence.StandardKey
    return (
        (words.MENU_FILE, ((words.QUIT, standard.Quit, window.close),)),
        (
            words.MENU_CONVERSATION,
            (
                (words.FIND, "Ctrl+K", window.people.focus_search),
                (words.NEXT, "Alt+Down", lambda: window.people.step(1)),
                (words.PREVIOUS, "Alt+Up", lambda: window.people.step(-1)),
                (words.WRITE, "Ctrl+J", window.composer.focus_text),
                (words.EDIT_LAST, "", window.composer.edit_last_requested.emit),
            ),
        ),
        (words.MENU_PRESENCE, ((words.SIGN_OUT, "", window.desk.bridge.sign_out),)),
        (
            words.MENU_VIEW,
            (
                (words.WAITING, "Ctrl+Shift+W", lambda: window.show_waiting()),
                (words.NEXT_PANE, "F6", lambda: window.next_pane(1)),
                (words.PREVIOUS_PANE, "Shift+F6", lambda: window.next_pane(-1)),
            ),
        ),
        (
            words.MENU_HELP,
            (
                (words.SHORTCUTS, "Ctrl+/", lambda: _tell(window, words.SHORTCUTS, words.shortcut_lines())),
                (words.CONNECTION, "", lambda: tell_connection(window)),
                (words.ABOUT, "", lambda: _tell(window, words.ABOUT, words.ABOUT_TEXT)),
            ),
        ),
    )


def _add(menu: QMenu, window: "MainWindow", row: Row) -> None:
    text, keys, act = row
    action = QAction(text, window)
    if keys:
        action.setShortcut(QKeySequence(keys))
    action.triggered.connect(lambda: act())
    menu.addAction(action)


def _add_appearance(menu: QMenu, window: "MainWindow") -> None:
    choices = menu.addMenu(words.APPEARANCE)
    group = QActionGroup(window)
    for key, text in words.SCHEMES:
        action = QAction(text, window, checkable=True)
        action.setData(key)
        action.triggered.connect(lambda _=False, chosen=key: window.scheme_chosen.emit(chosen))
        group.addAction(action)
        choices.addAction(action)


def _tell(window: "MainWindow", title: str, text: str) -> None:
    """Open a note that does not stop the window's loop."""
    message_box(window, title.replace("&", ""), text).open()
