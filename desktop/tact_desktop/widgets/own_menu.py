"""What can be done with a preset of one's own: as a menu, and by keys where it has the keyboard."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_editor as words
from tact_desktop.widgets.text import button_text

Do = Callable[[str], None]
"""Is given the key of a choice."""


def offer_own(where: QWidget, key: Callable[[], str], rename: Do, delete: Do) -> None:
    """Lets the preset that `key` tells be renamed and deleted at `where`; "" is none that can be."""

    def menu(place: QPoint) -> None:
        if key():
            _menu(where, key(), rename, delete).popup(where.mapToGlobal(place))

    def by_key(do: Do) -> Callable[[], None]:
        return lambda: do(key()) if key() else None

    where.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    where.customContextMenuRequested.connect(menu)
    for keys, do in (("F2", rename), ("Del", delete)):
        shortcut = QShortcut(QKeySequence(keys), where)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(by_key(do))


def _menu(where: QWidget, key: str, rename: Do, delete: Do) -> QMenu:
    menu = QMenu(where)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for icon, text, keys, do in (
        ("pencil", words.RENAME, "F2", rename),
        ("trash", words.DELETE_PRESET, "Del", delete),
    ):
        action = QAction(button_text(text), menu)
        theme.set_icon(action, icon, "text_quiet")
        action.setShortcut(QKeySequence(keys))
        action.setShortcutVisibleInContextMenu(True)
        action.triggered.connect(partial(_act, do, key))
        menu.addAction(action)
    menu.setActiveAction(menu.actions()[0])
    return menu


def _act(do: Do, key: str, _checked: bool = False) -> None:
    do(key)
