"""Menus made from a table: a row is words, keys, and what it does."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from tact_desktop import theme
from tact_desktop.state import wording_window as words
from tact_desktop.widgets.text import message_box

Row = tuple[str, str, Callable[[], object]]
"""Words, keys ("" for none), what it does."""
Menus = Sequence[tuple[str, Sequence[Row]]]
"""A menu's title and its rows, from left to right and from top to bottom."""
PANEL_KEYS = ("Ctrl+K",)
"""A panel listens for these itself, so a menu only shows them: two that listen cancel each other out."""


def fill_menus(window: QMainWindow, menus: Menus) -> None:
    """Give `window` its menus; their keys work wherever the keyboard is in it."""
    for title, rows in menus:
        menu = window.menuBar().addMenu(title)
        for row in rows:
            _add(menu, window, row)


def add_appearance(window: QMainWindow, title: str, chosen: Callable[[str], object]) -> None:
    """Give the menu called `title` a choice of light and dark; `chosen` gets the key of a scheme."""
    menu = next(action.menu() for action in window.menuBar().actions() if action.text() == title)
    assert isinstance(menu, QMenu), "an entry of the bar is a menu"
    choices = menu.addMenu(words.APPEARANCE)
    group = QActionGroup(window)
    for key, text in words.SCHEMES:
        action = QAction(text, window, checkable=True)
        action.setChecked(key == theme.theme().scheme().value)
        action.triggered.connect(lambda _checked=False, scheme=key: chosen(scheme))
        group.addAction(action)
        choices.addAction(action)


def tell(window: QMainWindow, title: str, text: str) -> None:
    """Open a note that does not stop the window's loop."""
    message_box(window, title.replace("&", ""), text).open()


def _add(menu: QMenu, window: QMainWindow, row: Row) -> None:
    text, keys, act = row
    action = QAction(text, window)
    if keys:
        action.setShortcut(QKeySequence(keys))
    if keys in PANEL_KEYS:
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda: act())
    menu.addAction(action)
