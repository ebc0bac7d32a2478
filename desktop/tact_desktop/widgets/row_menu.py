"""What can be done with one message: as a menu, and as keys on the list."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from tact_desktop import theme
from tact_desktop.state.links import links_in
from tact_desktop.state.row import MessageRow, RowKind
from tact_desktop.state.wording_conversation import COPY_TEXT, RowAction, row_action_word, row_actions
from tact_desktop.state.wording_links import link_deeds
from tact_desktop.widgets.text import button_text

_ICONS: Mapping[RowAction, str] = {
    RowAction.SEND_NOW: "send",
    RowAction.EDIT: "pencil",
    RowAction.TELL_ONLY: "bell",
    RowAction.WITHDRAW: "x",
    RowAction.WRITE_NOW: "message",
    RowAction.SEND_AGAIN: "refresh",
    RowAction.DELETE: "trash",
}
_KEYS: Mapping[RowAction, str] = {
    RowAction.SEND_NOW: "Ctrl+Return",
    RowAction.EDIT: "F2",
    RowAction.TELL_ONLY: "Ctrl+B",
    RowAction.WITHDRAW: "Del",
    RowAction.WRITE_NOW: "Ctrl+Return",
    RowAction.SEND_AGAIN: "Ctrl+Return",
    RowAction.DELETE: "Del",
}

Do = Callable[[RowAction, str], None]
"""Is given an action and the key of the row it is for."""


def row_menu(
    parent: QWidget, row: MessageRow, do: Do, copy: Callable[[], None], follow: Callable[[str], None]
) -> QMenu:
    """The menu of `row`, not shown yet; it is gone once it is closed. `follow` opens a link of its text."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for action in row_actions(row):
        word = row_action_word(action, row)
        _add(menu, _ICONS[action], word, _KEYS[action], partial(do, action, row.key))
    if row_actions(row):
        menu.addSeparator()
    _add(menu, "copy", COPY_TEXT, "Ctrl+C", copy)
    deeds = link_deeds(links_in(row.text)) if row.kind is RowKind.BUBBLE else ()
    for deed in deeds:
        _add(menu, "link", deed.open, "", partial(follow, deed.url))
    for deed in deeds:
        _add(menu, "copy", deed.copy, "", partial(QGuiApplication.clipboard().setText, deed.url))
    return menu


def popup(menu: QMenu, place: QPoint) -> None:
    """Opens `menu` at a place on the screen, its first entry chosen for the keyboard."""
    menu.popup(place)
    menu.setActiveAction(menu.actions()[0])


def row_keys(where: QWidget, current: Callable[[], MessageRow | None], do: Do) -> None:
    """Lets the keys of the menu act on the current row while `where` has the keyboard."""
    for keys in dict.fromkeys(_KEYS.values()):
        shortcut = QShortcut(QKeySequence(keys), where)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(partial(_press, keys, current, do))


def _press(keys: str, current: Callable[[], MessageRow | None], do: Do) -> None:
    row = current()
    for action in row_actions(row) if row is not None else ():
        if row is not None and _KEYS[action] == keys:
            do(action, row.key)


def _add(menu: QMenu, icon: str, text: str, keys: str, do: Callable[[], None]) -> None:
    action = QAction(button_text(text), menu)
    theme.set_icon(action, icon, "text_quiet")
    action.setShortcut(QKeySequence(keys))
    action.setShortcutVisibleInContextMenu(True)
    action.triggered.connect(lambda _checked=False: do())
    menu.addAction(action)
