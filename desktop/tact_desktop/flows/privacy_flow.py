"""Who may see what: the page, the deeds in the menu of a person, and what the engine says of both."""

from datetime import tzinfo

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox

from tact_desktop.desk import Desk
from tact_desktop.panels.people import PeoplePanel
from tact_desktop.panels.privacy import PrivacyPanel
from tact_desktop.state import wording_privacy as words
from tact_desktop.state.people import listed
from tact_desktop.state.privacy import with_blocked, with_vip
from tact_desktop.widgets.text import message_box
from tact_engine.core.privacy import Privacy


class PrivacyFlow(QObject):
    """Asks for each change at once, and shows what is asked for until the engine has answered."""

    def __init__(self, desk: Desk, people: PeoplePanel, zone: tzinfo) -> None:
        super().__init__(people)
        self._desk, self._people, self._zone = desk, people, zone
        self._panel: PrivacyPanel | None = None
        self._wanted: Privacy | None = None
        self._state = ""
        people.vip_wanted.connect(self._set_vip)
        people.block_wanted.connect(self._set_blocked)
        desk.privacy_changed.connect(self._on_privacy)
        desk.people_changed.connect(self.refresh)
        desk.presence_changed.connect(self.refresh)
        desk.link_changed.connect(self._on_link)
        desk.complained.connect(self._on_complained)

    def open(self) -> None:
        """Show the page."""
        self._state = ""
        if self._panel is None:
            self._panel = PrivacyPanel(self._people.window())
            self._panel.changed.connect(self._ask)
        self._panel.bring_up()
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now, as far as the page is in sight."""
        if self._panel is None or not self._panel.isVisible():
            return
        desk = self._desk
        people = sorted(listed(desk.people, desk.me), key=lambda person: person.name.casefold())
        names = {person.handle: person.name for person in people}
        self._panel.show_me(desk.presence_of(desk.me), names, desk.now_ms(), self._zone)
        self._panel.show_privacy(self._now_wanted(), desk.link.up, self._state)

    def _now_wanted(self) -> Privacy:
        return self._wanted or self._desk.privacy

    def _ask(self, privacy: Privacy) -> None:
        if privacy != self._now_wanted():
            self._wanted, self._state = privacy, words.SAVING
            self._desk.set_privacy(privacy)
        self.refresh()

    def _on_privacy(self) -> None:
        """What was asked for last is in force; what came before it is on its way past."""
        if self._wanted is None or self._desk.privacy == self._wanted:
            self._state = words.SAVED if self._wanted is not None else ""
            self._wanted = None
        self.refresh()

    def _on_complained(self, sentence: str) -> None:
        """Something was not accepted: what holds is shown again."""
        if self._wanted is not None:
            self._wanted, self._state = None, sentence
            self.refresh()

    def _on_link(self) -> None:
        if not self._desk.link.up:
            self._wanted, self._state = None, ""
        self.refresh()

    def _set_vip(self, handle: str, vip: bool) -> None:
        self._ask(with_vip(self._now_wanted(), handle, vip))

    def _set_blocked(self, handle: str, blocked: bool) -> None:
        if not blocked:
            self._ask(with_blocked(self._now_wanted(), handle, False))
            return
        person = self._desk.people.get(handle)
        name = person.name if person else handle
        asked = f"{words.block_question(name)}\n\n{words.block_meaning(name)}"
        box = message_box(self._people, words.BLOCK_NOW, asked)
        block = box.addButton(words.BLOCK_NOW, QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(words.CANCEL, QMessageBox.ButtonRole.RejectRole)
        block.clicked.connect(lambda: self._ask(with_blocked(self._now_wanted(), handle, True)))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
