"""The desk: one person's side of Tact on this computer. Events change the history and the state, then it says so.

    bridge ──events──▶ Desk ──▶ history (durable) ──▶ state ──signals──▶ window
    window ──intents─▶ Desk ──▶ history (durable) ──▶ bridge

A received message is acknowledged after it is stored, news is noted after it is stored, and a message of one's own is
stored before it is handed over: so nothing is lost, whichever side stops at whatever moment.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from tact_desktop.bridge import Bridge
from tact_desktop.local.history import History
from tact_desktop.outgoing import Outgoing
from tact_desktop.page import Page
from tact_desktop.settings import local_addresses
from tact_desktop.state import link as links
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.link import Link
from tact_desktop.state.people import People, Person, announced, counted, left, recounted
from tact_desktop.state.wording import refusal_text
from tact_desktop.state.wording_window import SIGNED_OUT
from tact_engine.core.changes import updated
from tact_engine.core.envelope import Delivery, conversation_of
from tact_engine.core.errors import Refused
from tact_engine.core.members import JoinRequest
from tact_engine.core.presence import ALIAS, ATTRIBUTES, Presence, Reading, SetBy, Value, nobody
from tact_engine.core.privacy import NO_WISHES, Privacy

if TYPE_CHECKING:
    from tact_desktop.bridge import Address, Connected, Disconnected

PRESENCE_SETTING = "presence"
ENDS_SETTING = "presence ends"
PEOPLE_SETTING = "people"
"""Handle → name of everybody who was ever seen, so that they can be read and written to before the engine answers."""
READ_SETTING = "read, not told"
"""Ids of messages that were shown while no engine was there to be told."""


class Desk(Outgoing):
    """Signals, besides those of Outgoing: people_changed() when who is there, their names or counts are others,
    counted(handle) when only what is counted of one of them may be, presence_changed() when only how they are is,
    link_changed(), arrived(entries, whether more of the same moment follows), privacy_changed(), requests_changed().
    """

    people_changed = Signal()
    counted = Signal(str)
    presence_changed = Signal()
    link_changed = Signal()
    arrived = Signal(object, bool)
    privacy_changed = Signal()
    requests_changed = Signal()

    def __init__(self, me: str, history: History, bridge: Bridge, now_ms: Callable[[], int]) -> None:
        super().__init__(me, history, bridge, now_ms)
        self._names: dict[str, str] = history.setting(PEOPLE_SETTING, {})
        self.people: People = remembered(self._names)
        self.link = Link()
        self.privacy = NO_WISHES
        self.members = bridge.members
        self.requests: tuple[JoinRequest, ...] = ()
        """Who asks to be let in, where this person may let them."""
        bridge.connected.connect(self._on_connected)
        bridge.disconnected.connect(self._on_disconnected)
        bridge.people.connect(self._on_people)
        bridge.gone.connect(self._on_gone)
        bridge.privacy.connect(self._on_privacy)
        bridge.members.requests.connect(self._on_requests)
        bridge.delivered.connect(self._on_delivered)
        self._recount()

    @property
    def is_up(self) -> bool:
        """Whether the engine is there."""
        return self.link.up

    def start(self, address: "Address | None" = None) -> None:
        """Connect, and hand over what was written while no engine was there."""
        self.bridge.start(address)
        self.ask_again()

    # --- reading -----------------------------------------------------------------------------------------------

    def conversation_with(self, handle: str) -> str:
        """The id of the conversation with `handle`."""
        return conversation_of((self.me, handle))

    def presence_of(self, handle: str) -> Presence:
        """What is known of `handle`."""
        person = self.people.get(handle)
        return person.presence if person else nobody(handle)

    def page(self, handle: str) -> Page:
        """The newest part of the conversation with `handle`."""
        return Page(self.history, self.conversation_with(handle))

    def waiting(self) -> list[Entry]:
        """Every own message that is not released."""
        return self.history.waiting()

    def staying(self) -> list[Entry]:
        """Every own message that waits, without what is just being handed over."""
        return [entry for entry in self.waiting() if not self.is_leaving(entry)]

    def is_leaving(self, entry: Entry) -> bool:
        """Whether `entry` is just being handed over: the engine is there, and says in a moment whether it waits."""
        return entry.stage is Stage.UNSENT and self.link.up

    def own_presence(self) -> dict[str, Value | None]:
        """What this person last chose to let others know."""
        return dict(self.history.setting(PRESENCE_SETTING, {}))

    def own_ends(self) -> dict[str, int]:
        """When (UTC milliseconds) what this person chose ends by itself, where it does."""
        return dict(self.history.setting(ENDS_SETTING, {}))

    # --- intents -----------------------------------------------------------------------------------------------

    def sign_out(self) -> None:
        """Go offline at once and stay away; also where the engine is away and cannot say so."""
        self.bridge.sign_out()
        if not self.link.up:
            self.link = links.lost(self.link, SIGNED_OUT, "signed_out", again=False)
            self.link_changed.emit()

    def set_presence(
        self, changes: Mapping[str, Value | None], until: Mapping[str, int] | None = None
    ) -> None:
        """Change one's own presence, some of it until a time; it is kept and goes along with the next sign-in.

        What cannot be is said and not kept, or the engine would let nobody in who says it.
        """
        ends = until or {}
        try:
            updated(nobody(self.me), changes, self.bridge.engine_ms, until=ends)
        except Refused as refused:
            self.complained.emit(refusal_text(refused.code, refused.text))
            return
        self._keep_presence(
            {**self.own_presence(), **changes},
            {name: end for name, end in self.own_ends().items() if name not in changes} | dict(ends),
        )
        self.bridge.set_presence(changes, ends)

    def set_privacy(self, privacy: Privacy) -> None:
        """Change who may see what; it is shown changed once the engine has it."""
        self.bridge.set_privacy(privacy)

    def mark_read(self, handle: str, upto: int) -> None:
        """What stands up to position `upto` of a conversation was shown; its senders may know."""
        conversation = self.conversation_with(handle)
        ids = self.history.mark_read(conversation, upto)
        if ids:
            self._tell_read(ids)
            self._recount([handle])

    def verify_engine(self) -> None:
        """The words of this engine were compared with those of its host, and are the same."""
        self.bridge.members.verify()
        self.link = replace(self.link, verified=True)
        self.link_changed.emit()

    # --- events ------------------------------------------------------------------------------------------------

    def _on_connected(self, event: "Connected") -> None:
        here = event.host in local_addresses()
        self.link = links.connected(
            event.name,
            event.host,
            event.port,
            event.skew_ms,
            here,
            engine_id=event.engine,
            verified=event.verified,
            is_host=event.is_host,
            is_open=event.is_open,
        )
        self.requests = ()
        untold: list[str] = self.history.setting(READ_SETTING, [])
        if untold:
            self.history.set_setting(READ_SETTING, [])
            self._tell_read(untold)
        self._recount_unsent()
        self.link_changed.emit()

    def _on_disconnected(self, event: "Disconnected") -> None:
        self.link = links.lost(self.link, event.reason, event.code, again=event.retry_in is not None)
        self._recount_unsent()
        self.link_changed.emit()

    def _on_people(self, presences: tuple[Presence, ...]) -> None:
        before, self.people = self.people, announced(self.people, *presences)
        for presence in presences:
            if presence.handle == self.me:
                self._follow(presence)
        if any(self._names.get(each.handle) != self.people[each.handle].name for each in presences):
            self._keep_names()
            self._recount()
        elif any(each.handle not in before or before[each.handle].gone for each in presences):
            self._recount()
        else:  # nobody's counts depend on how they are
            self.presence_changed.emit()

    def _on_gone(self, handles: tuple[str, ...]) -> None:
        """Who belongs to the engine no more leaves the list, unless there is a conversation with them to read."""
        for handle in handles:
            person = self.people.get(handle)
            if person is not None:
                kept = self.history.last_times().get(self.conversation_with(handle)) is not None
                self.people = left(self.people, handle, kept=kept)
        self._keep_names()
        self._recount()

    def _on_requests(self, requests: tuple[JoinRequest, ...]) -> None:
        self.requests = requests
        self.requests_changed.emit()

    def _on_privacy(self, privacy: Privacy) -> None:
        self.privacy = privacy
        self.privacy_changed.emit()

    def _on_delivered(self, batch: int, deliveries: tuple[Delivery, ...], more: bool) -> None:
        fresh = self.history.received(deliveries, batch, self.me, self.now_ms())
        self.bridge.acknowledge(self.history.copies(deliveries))
        self._say_changed(fresh)
        self.arrived.emit(fresh, more)

    # --- the steps they share ----------------------------------------------------------------------------------

    def _follow(self, presence: Presence) -> None:
        """What the engine says of this person is what they chose: in another window, or by an end that came."""
        own, ends = self.own_presence(), dict[str, int]()
        for name, row in ATTRIBUTES.items():
            reading = presence.readings.get(name)
            if row.set_by is not SetBy.PERSON or (reading is None and name not in own):
                continue
            own[name] = reading.value if reading else row.default
            if reading is not None and reading.until is not None:
                ends[name] = reading.until
        self._keep_presence(own, ends)

    def _keep_presence(self, own: Mapping[str, Value | None], ends: Mapping[str, int]) -> None:
        if own != self.own_presence():
            self.history.set_setting(PRESENCE_SETTING, dict(own))
        if ends != self.own_ends():
            self.history.set_setting(ENDS_SETTING, dict(ends))

    def _keep_names(self) -> None:
        """The names are kept for the next start, and known here: to read all of them at each change takes long."""
        names = {handle: person.name for handle, person in self.people.items()}
        self.history.set_setting(PEOPLE_SETTING, names)
        self._names = names

    def _tell_read(self, ids: list[str]) -> None:
        """Let the senders know, now or once the engine is back."""
        if self.bridge.is_connected:
            self.bridge.mark_read(tuple(ids))
        else:
            self.history.set_setting(READ_SETTING, [*self.history.setting(READ_SETTING, []), *ids])

    def _recount(self, handles: Iterable[str] | None = None) -> None:
        """Take unread and waiting counts and the last times from the history; of `handles`, or else of everybody."""
        if handles is None:
            self._count_all()
            return
        found, waiting = tuple(handles), self.staying()
        for handle in found:
            conversation = self.conversation_with(handle)
            waits = sum(entry.conversation == conversation and not entry.alert for entry in waiting)
            unread, at = self.history.unread_count(conversation), self.history.last_time(conversation)
            self.people = recounted(self.people, handle, unread, waits, at)
        for handle in found:
            self.counted.emit(handle)

    def _recount_unsent(self) -> None:
        """What was not handed over waits while the engine is away."""
        unsent = self.history.unsent()
        self._recount(dict.fromkeys(handle for entry in unsent for handle in entry.recipients))

    def _count_all(self) -> None:
        waiting = Counter(entry.conversation for entry in self.staying() if not entry.alert)
        self.people = counted(
            self.people, self.me, self.history.unread_counts(), waiting, self.history.last_times()
        )
        self.people_changed.emit()


def remembered(names: Mapping[str, str]) -> People:
    """People as they are known before the engine has said anything of them: by name, and offline."""
    return {
        handle: Person(handle, Presence(handle, 0, {ALIAS: Reading(name, 0)}))
        for handle, name in names.items()
    }
