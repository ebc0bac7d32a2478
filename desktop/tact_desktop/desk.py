"""The desk: one person's side of Tact on this computer. Events change the history and the state, then it says so.

    bridge ──events──▶ Desk ──▶ history (durable) ──▶ state ──signals──▶ window
    window ──intents─▶ Desk ──▶ history (durable) ──▶ bridge

A received message is acknowledged after it is stored, news is noted after it is stored, and a message of one's own is
stored before it is handed over: so nothing is lost, whichever side stops at whatever moment.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from tact_desktop.bridge import Address, Bridge, Connected, Disconnected, new_id
from tact_desktop.local.history import History
from tact_desktop.page import Page
from tact_desktop.settings import local_addresses
from tact_desktop.state import link as links
from tact_desktop.state.draft import Draft, condition_of
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.link import Link
from tact_desktop.state.people import People, Person, announced, counted
from tact_desktop.state.wording import refusal_text
from tact_desktop.state.wording_window import SIGNED_OUT
from tact_engine.core.conditions import WHEN_ONLINE, Condition
from tact_engine.core.envelope import Delivery, Receipt, State, conversation_of
from tact_engine.core.presence import ALIAS, Presence, Reading, Value, nobody

PRESENCE_SETTING = "presence"
PEOPLE_SETTING = "people"
"""Handle → name of everybody who was ever seen, so that they can be read and written to before the engine answers."""
TAKING_BACK_SETTING = "taking back"
"""Ids that the engine has not confirmed yet to be taken back; kept, because the window may close before it does."""
READ_SETTING = "read, not told"
"""Ids of messages that were shown while no engine was there to be told."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit that the engine has not confirmed yet makes of a message."""

    text: str
    condition: Condition
    valid_for: int


class Desk(QObject):
    """Signals: people_changed(), changed(conversation), link_changed(), arrived(entries), complained(sentence),
    taken_back(entry as it was) when a message that was withdrawn is really gone.
    """

    people_changed = Signal()
    changed = Signal(str)
    link_changed = Signal()
    arrived = Signal(object)
    complained = Signal(str)
    taken_back = Signal(object)

    def __init__(self, me: str, history: History, bridge: Bridge, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self.me, self.history, self.bridge, self.now_ms = me, history, bridge, now_ms
        self.people: People = remembered(history.setting(PEOPLE_SETTING, {}))
        self.link = Link()
        self._taking_back: set[str] = set(history.setting(TAKING_BACK_SETTING, []))
        self._taken: dict[str, Entry] = {}
        self._changes: dict[str, Change] = {}
        bridge.connected.connect(self._on_connected)
        bridge.disconnected.connect(self._on_disconnected)
        bridge.people.connect(self._on_people)
        bridge.delivered.connect(self._on_delivered)
        bridge.receipts.connect(self._on_receipts)
        bridge.settled.connect(self._on_settled)
        bridge.refused.connect(self._on_refused)
        self._recount()

    def start(self, address: Address | None = None) -> None:
        """Connect, and hand over what was written while no engine was there."""
        self.bridge.start(address)
        for id in self._taking_back:
            self.bridge.withdraw(id)
        for entry in self.history.unsent():
            if entry.id not in self._taking_back:
                self._hand_over(entry)

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
        """Every own message that waits."""
        return self.history.waiting()

    def own_presence(self) -> dict[str, Value]:
        """What this person last chose to let others know."""
        return dict(self.history.setting(PRESENCE_SETTING, {}))

    # --- intents -----------------------------------------------------------------------------------------------

    def send(self, handle: str, draft: Draft) -> Entry:
        """Keep what was written, then hand it over now or once the engine is back."""
        now = self.now_ms()
        entry = Entry(
            id=new_id(),
            conversation=self.conversation_with(handle),
            author=self.me,
            own=True,
            text=draft.text.strip(),
            stage=Stage.UNSENT,
            recipients=(handle,),
            written_at=now,
            condition=condition_of(draft),
            valid_for=draft.valid_for,
        )
        self._remember(entry)
        return entry

    def send_again(self, id: str) -> None:
        """A message that ended without arriving goes on its way once more, with its condition and its whole time."""
        entry = self.history.entry(id)
        if entry is not None:
            self.dismiss(id)
            self.restore(entry)

    def restore(self, entry: Entry) -> None:
        """Send what `entry` was once more, as a new message."""
        fresh = replace(
            entry,
            id=new_id(),
            stage=Stage.UNSENT,
            position=None,
            written_at=self.now_ms(),
            revision=1,
            expires_at=0,
        )
        self._remember(replace(fresh, since=0, released_at=0, delayed=False, problem=""))

    def withdraw(self, id: str) -> Entry | None:
        """Take a waiting message back; what it was. `taken_back` says when it is gone."""
        entry = self.history.entry(id)
        if entry is None or not entry.waiting:
            return None
        if self._is_only_here(entry):
            self._take_back(entry)
            self.taken_back.emit(entry)
        else:
            self._taken[id] = entry
            self._ask_back(id)
        return entry

    def edit(self, id: str, draft: Draft) -> None:
        """Change a waiting message; it is shown changed once the engine has it."""
        entry = self.history.entry(id)
        if entry is None or not entry.waiting:
            return
        change = Change(draft.text.strip(), condition_of(draft), draft.valid_for)
        if self._is_only_here(entry):
            self._instead(entry, change)
            return
        self._changes[id] = change
        valid_for = change.valid_for if change.valid_for != entry.valid_for else None
        self.bridge.edit(id, entry.revision, change.text, change.condition, valid_for)

    def send_now(self, id: str) -> None:
        """Let a waiting message go as soon as its recipient is online."""
        entry = self.history.entry(id)
        if entry is None or not entry.waiting:
            return
        change = Change(entry.text, WHEN_ONLINE, entry.valid_for)
        if self._is_only_here(entry):
            self._instead(entry, change)
            return
        self._changes[id] = change
        self.bridge.send_now(id)

    def dismiss(self, id: str) -> None:
        """Delete a message that ended without arriving."""
        entry = self.history.entry(id)
        self.history.dismiss(id)
        if entry is not None:
            self._say_changed([entry])

    def sign_out(self) -> None:
        """Go offline at once and stay away; also where the engine is away and cannot say so."""
        self.bridge.sign_out()
        if not self.link.up:
            self.link = links.lost(self.link, SIGNED_OUT, "signed_out", again=False)
            self.link_changed.emit()

    def set_presence(self, changes: Mapping[str, Value]) -> None:
        """Change one's own presence; it is kept and goes along with the next sign-in."""
        self.history.set_setting(PRESENCE_SETTING, {**self.own_presence(), **changes})
        self.bridge.set_presence(changes)

    def mark_read(self, handle: str, upto: int) -> None:
        """What stands up to position `upto` of a conversation was shown; its senders may know."""
        conversation = self.conversation_with(handle)
        ids = self.history.mark_read(conversation, upto)
        if ids:
            self._tell_read(ids)
            self._recount()

    # --- events ------------------------------------------------------------------------------------------------

    def _on_connected(self, event: Connected) -> None:
        here = event.host in local_addresses()
        self.link = links.connected(event.name, event.host, event.port, event.skew_ms, here)
        untold: list[str] = self.history.setting(READ_SETTING, [])
        if untold:
            self.history.set_setting(READ_SETTING, [])
            self._tell_read(untold)
        self.link_changed.emit()

    def _on_disconnected(self, event: Disconnected) -> None:
        self.link = links.lost(self.link, event.reason, event.code, again=event.retry_in is not None)
        self.link_changed.emit()

    def _on_people(self, presences: tuple[Presence, ...]) -> None:
        for presence in presences:
            self.people = announced(self.people, presence)
        names = {handle: person.name for handle, person in self.people.items()}
        if names != self.history.setting(PEOPLE_SETTING, {}):
            self.history.set_setting(PEOPLE_SETTING, names)
        self._recount()

    def _on_delivered(self, batch: int, deliveries: tuple[Delivery, ...]) -> None:
        fresh = self.history.received(deliveries, batch, self.me, self.now_ms())
        self.bridge.acknowledge(tuple(delivery.id for delivery in deliveries))
        self._say_changed(fresh)
        if fresh:
            self.arrived.emit(fresh)

    def _on_receipts(self, receipts: tuple[Receipt, ...]) -> None:
        changed = self.history.learned(receipts)
        self.bridge.note(receipts)
        self._say_changed(changed)

    def _on_settled(self, id: str, receipts: tuple[Receipt, ...]) -> None:
        """An intent succeeded: only now is it shown."""
        gone = any(receipt.state is State.WITHDRAWN for receipt in receipts)
        change = self._changes.pop(id, None)
        if change is not None and receipts:
            now = receipts[0]
            self.history.amended(
                id,
                now.revision,
                text=change.text,
                condition=change.condition,
                valid_for=change.valid_for,
                expires_at=now.expires_at,
            )
        changed = self.history.learned(receipts)
        if gone:
            self.history.withdrawn(id)
        entry = self.history.entry(id)
        self._say_changed([*changed, *([entry] if entry else [])])
        if gone:
            self._answered_back(id, gone)

    def _on_refused(self, id: str, code: str, text: str) -> None:
        """An intent was not accepted: nothing changed but what was never handed over."""
        entry = self.history.entry(id) if id else None
        taking_back, changing = id in self._taking_back, id in self._changes
        self._changes.pop(id, None)
        sentence = refusal_text(code, text)
        never_there = taking_back and code == "unknown_message"
        if entry is not None and entry.stage is Stage.UNSENT and not changing:
            if never_there:
                self._say_changed([self.history.withdrawn(id) or entry])
            elif not taking_back:
                self._say_changed([self.history.refused(id, sentence, self.now_ms()) or entry])
        self._answered_back(id, never_there)
        if not never_there:
            self.complained.emit(sentence)

    # --- taking back -------------------------------------------------------------------------------------------

    def _is_only_here(self, entry: Entry) -> bool:
        """Whether the engine, which is away, does not have `entry` as far as anybody here knows."""
        return entry.stage is Stage.UNSENT and not self.link.up

    def _take_back(self, entry: Entry) -> None:
        """Erase what is only here. Should it have arrived although nobody said so, the engine is asked for it."""
        self._say_changed([self.history.withdrawn(entry.id) or entry])
        self._ask_back(entry.id)

    def _instead(self, entry: Entry, change: Change) -> None:
        """What was never handed over goes changed, as a message of its own: the old text must not go any more."""
        self._take_back(entry)
        self.restore(replace(entry, text=change.text, condition=change.condition, valid_for=change.valid_for))

    def _ask_back(self, id: str) -> None:
        self._taking_back.add(id)
        self.history.set_setting(TAKING_BACK_SETTING, sorted(self._taking_back))
        self.bridge.withdraw(id)

    def _answered_back(self, id: str, gone: bool) -> None:
        """The engine has answered whether a message could be taken back."""
        if id in self._taking_back:
            self._taking_back.discard(id)
            self.history.set_setting(TAKING_BACK_SETTING, sorted(self._taking_back))
        entry = self._taken.pop(id, None)
        if entry is not None and gone:
            self.taken_back.emit(entry)

    # --- the steps they share ----------------------------------------------------------------------------------

    def _tell_read(self, ids: list[str]) -> None:
        """Let the senders know, now or once the engine is back."""
        if self.bridge.is_connected:
            self.bridge.mark_read(tuple(ids))
        else:
            self.history.set_setting(READ_SETTING, [*self.history.setting(READ_SETTING, []), *ids])

    def _remember(self, entry: Entry) -> None:
        self.history.remember([entry])
        self._hand_over(entry)
        self._say_changed([entry])

    def _hand_over(self, entry: Entry) -> None:
        self.bridge.submit(entry.id, entry.recipients, entry.text, entry.condition, entry.valid_for)

    def _say_changed(self, entries: Iterable[Entry]) -> None:
        """Announce each conversation that has something new, once."""
        conversations = dict.fromkeys(entry.conversation for entry in entries)
        if conversations:
            self._recount()
        for conversation in conversations:
            self.changed.emit(conversation)

    def _recount(self) -> None:
        """Take unread and waiting counts and the last times from the history."""
        waiting = Counter(entry.conversation for entry in self.history.waiting())
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
