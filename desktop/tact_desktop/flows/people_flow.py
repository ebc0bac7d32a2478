"""The list of people and one's own presence above it."""

from collections.abc import Mapping
from datetime import tzinfo

from PySide6.QtCore import QObject

from tact_desktop.desk import Desk
from tact_desktop.flows.conversation_flow import ConversationFlow
from tact_desktop.panels.people import PeoplePanel
from tact_desktop.panels.presence_bar import PresenceBar
from tact_desktop.state.people import listed
from tact_engine.core.presence import Value, seen


class PeopleFlow(QObject):
    """Keeps the list and the presence bar true, and lets a person choose."""

    def __init__(
        self, desk: Desk, panel: PeoplePanel, bar: PresenceBar, conversation: ConversationFlow, zone: tzinfo
    ) -> None:
        super().__init__(panel)
        self._zone = zone
        self._desk, self._panel, self._bar, self._conversation = desk, panel, bar, conversation
        self._needle = ""
        desk.people_changed.connect(self.refresh)
        panel.chosen.connect(conversation.open)
        panel.filter_changed.connect(self._filter)
        conversation.opened.connect(panel.select)
        bar.presence_chosen.connect(self._set_presence)
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now."""
        desk = self._desk
        self._panel.show_people(listed(desk.people, desk.me, self._needle), desk.now_ms(), self._zone)
        if self._conversation.handle:
            self._panel.select(self._conversation.handle)
        me = desk.people.get(desk.me)
        self._bar.show_me(desk.me, me.name if me else desk.me)
        self._bar.show_presence({**seen(desk.presence_of(desk.me), desk.me), **desk.own_presence()})

    def _filter(self, needle: str) -> None:
        self._needle = needle
        self.refresh()

    def _set_presence(self, changes: Mapping[str, Value]) -> None:
        self._desk.set_presence(changes)
        self.refresh()
