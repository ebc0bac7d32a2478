"""What can be done about one person, as a menu."""

from collections.abc import Callable
from enum import Enum, auto
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_privacy as words
from tact_desktop.state.people import Glyph, Person, glyph_of
from tact_desktop.state.shown import known_as
from tact_desktop.widgets.text import button_text


class PersonDeed(Enum):
    """What a person can do about another."""

    TELL_ME = auto()
    VIP = auto()
    BLOCK = auto()


def person_menu(parent: QWidget, person: Person, do: Callable[[PersonDeed, Person], None]) -> QMenu:
    """The menu of `person`, not shown yet; it is gone once it is closed. Who it is about stands on top."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(known_as(person.name, person.handle))
    _add(menu, "user", known_as(person.name, person.handle), lambda: None).setEnabled(False)
    menu.addSeparator()
    tell = _add(menu, "eye", words.TELL_ME, partial(do, PersonDeed.TELL_ME, person))
    tell.setEnabled(glyph_of(person.presence) is not Glyph.UNKNOWN and not person.blocked and not person.gone)
    menu.addSeparator()
    loud = _add(
        menu, "check" if person.vip else "bell", words.ALWAYS_NOTIFY, partial(do, PersonDeed.VIP, person)
    )
    loud.setCheckable(True)
    loud.setChecked(person.vip)
    loud.setEnabled(not person.blocked)
    block = words.UNBLOCK if person.blocked else words.BLOCK
    _add(menu, "lock", block, partial(do, PersonDeed.BLOCK, person))
    return menu


def _add(menu: QMenu, icon: str, text: str, do: Callable[[], None]) -> QAction:
    action = QAction(button_text(text), menu)
    theme.set_icon(action, icon, "text_quiet")
    action.triggered.connect(lambda _checked=False: do())
    menu.addAction(action)
    return action
