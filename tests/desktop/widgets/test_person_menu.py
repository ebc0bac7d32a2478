from PySide6.QtWidgets import QWidget

from tact_desktop.state.people import Person
from tact_desktop.widgets.person_menu import person_menu
from tact_engine.core.presence import Presence, Reading


def test_it_says_who_it_is_about(qtbot):
    around = QWidget()
    qtbot.addWidget(around)
    bob = Person("bob", Presence("bob", 1, {"Alias": Reading("Bob & Sons", 0)}))
    menu = person_menu(around, bob, lambda *_: None)
    head = menu.actions()[0]
    assert (head.text(), head.isEnabled()) == ("Bob && Sons (bob)", False)
    assert menu.accessibleName() == "Bob & Sons (bob)"
