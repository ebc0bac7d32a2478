"""The list of people and one's own presence above it."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from PySide6.QtCore import QObject, QTimer

from tact_desktop.desk import Desk
from tact_desktop.flows.conversation_flow import ConversationFlow
from tact_desktop.panels.people import PeoplePanel
from tact_desktop.panels.presence_bar import PresenceBar
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.people import Person, listed, wished
from tact_desktop.state.presence_ends import ended_together, endings
from tact_engine.core.errors import StoreError
from tact_engine.core.presence import Value, seen

REST_MS = 100
"""A list that has just been changed is left alone for so long."""


class PeopleFlow(QObject):
    """Keeps the list and the presence bar true, and lets a person choose."""

    def __init__(
        self, desk: Desk, panel: PeoplePanel, bar: PresenceBar, conversation: ConversationFlow, zone: tzinfo
    ) -> None:
        super().__init__(panel)
        self._zone = zone
        self._desk, self._panel, self._bar, self._conversation = desk, panel, bar, conversation
        self._needle, self._unseen = "", False
        self._me: Person | None = None
        """This person, as the bar shows them."""
        self._resting = QTimer(self, singleShot=True, interval=REST_MS)
        self._resting.timeout.connect(self._rested)
        desk.people_changed.connect(self._on_people)
        desk.counted.connect(self._on_counted)
        desk.presence_changed.connect(self._on_presence)
        panel.chosen.connect(conversation.open)
        panel.filter_changed.connect(self._filter)
        conversation.opened.connect(panel.select)
        desk.privacy_changed.connect(self.refresh)
        panel.tell_me_requested.connect(self._ask_to_be_told)
        bar.presence_chosen.connect(self._set_presence)
        bar.end_chosen.connect(self._set_end)
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now."""
        self._show_list()
        self._show_me()

    def _on_people(self) -> None:
        self._show_list()
        self._follow_me()

    def _on_counted(self, handle: str) -> None:
        """Of all the others nothing is different, so nobody looks at them."""
        desk, person = self._desk, self._desk.people.get(handle)
        if person is not None:
            (shown,) = wished((person,), desk.privacy)
            self._panel.show_counts(shown, desk.now_ms(), self._zone)

    def _on_presence(self) -> None:
        """In a large office somebody changes all the time: what comes meanwhile is shown together."""
        if not self._resting.isActive():
            self._show_list()
            self._resting.start()
        else:
            self._unseen = True
        self._follow_me()

    def _rested(self) -> None:
        if self._unseen:
            self._show_list()
            self._resting.start()

    def _show_list(self) -> None:
        desk, self._unseen = self._desk, False
        found = wished(listed(desk.people, desk.me, self._needle), desk.privacy)
        self._panel.show_people(found, desk.now_ms(), self._zone)
        if self._conversation.handle:
            self._panel.select(self._conversation.handle)

    def _follow_me(self) -> None:
        if self._desk.people.get(self._desk.me) is not self._me:
            self._show_me()

    def _show_me(self) -> None:
        desk, now = self._desk, self._desk.now_ms()
        self._me = me = desk.people.get(desk.me)
        self._bar.show_me(desk.me, me.name if me else desk.me)
        self._bar.show_now(now, self._zone)
        presence, values, ends = desk.presence_of(desk.me), self._values(), desk.own_ends()
        can_end = bool(ended_together(presence, values, (), ends))
        self._bar.show_presence(values, endings(presence, ends), can_end)

    def _values(self) -> dict[str, Value]:
        """How this person is: as the engine says, and over it what they chose and the engine may not have yet."""
        desk = self._desk
        own = {name: value for name, value in desk.own_presence().items() if value is not None}
        return {**seen(desk.presence_of(desk.me), desk.now_ms()), **own}

    def _filter(self, needle: str) -> None:
        self._needle = needle
        self.refresh()

    def _set_presence(self, changes: Mapping[str, Value]) -> None:
        self._desk.set_presence(changes)
        self.refresh()

    def _set_end(self, at_ms: int | None, together: Iterable[str]) -> None:
        desk, values = self._desk, self._values()
        names = ended_together(desk.presence_of(desk.me), values, together, desk.own_ends())
        until = dict.fromkeys(names, at_ms) if at_ms is not None else {}
        if names:
            desk.set_presence({name: values[name] for name in names}, until)
        self.refresh()

    def _ask_to_be_told(self, handle: str) -> None:
        """Ask once: it stands in their conversation and in the list of what waits, where it can be taken back."""
        self._conversation.open(handle)
        try:
            self._desk.send(handle, Draft(preset=Preset.AVAILABLE, alert=True))
        except StoreError as error:
            self._desk.complained.emit(str(error))
