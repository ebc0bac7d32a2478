"""The list of what waits: the panel's cards, why each waits, and what can be done with them."""

from dataclasses import replace
from datetime import tzinfo

from PySide6.QtCore import QObject, QTimer

from tact_desktop.desk import Desk
from tact_desktop.flows.conversation_flow import ConversationFlow
from tact_desktop.panels.waiting import WaitingPanel
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.judgement import Answer, is_fresh
from tact_desktop.state.link import Link, LinkPhase
from tact_desktop.state.outbox import Known, alerts, delivered_today, not_delivered, recipients_of, waiting
from tact_desktop.state.people import caller
from tact_desktop.state.trust import is_removed
from tact_desktop.state.wording import unreachable
from tact_desktop.state.wording_panels import Undelivered, undelivered
from tact_desktop.state.wording_trust import removed

DAY_MS = 24 * 3600 * 1000
ASK_MS = 200
"""What changes within this time is asked about once."""
COUNT_MS = 1_000
Basis = tuple[list[Entry], list[Entry], list[Entry], frozenset[str]]
"""The own messages that wait, that did not arrive and that had to wait; and which of them are in an editor."""


class WaitingFlow(QObject):
    """Keeps one waiting panel true. Why a message waits is asked of the engine for the cards in sight only."""

    def __init__(self, desk: Desk, panel: WaitingPanel, conversation: ConversationFlow, zone: tzinfo) -> None:
        super().__init__(panel)
        self._desk, self._panel, self._conversation, self._zone = desk, panel, conversation, zone
        self._entries: dict[str, Entry] = {}
        self._failed: list[Entry] = []
        self._shown: tuple[object, ...] = ()
        """Of those who are waited for, how they are and what they are called, as the cards show it."""
        self._basis: Basis | None = None
        self._items: tuple[object, ...] = ()
        """What the panel shows."""
        self._answers: dict[str, Answer] = {}
        self._asked: dict[str, object] = {}
        self._wanted: set[str] = set()
        self._asking = QTimer(self, singleShot=True, interval=ASK_MS)
        self._asking.timeout.connect(self._ask)
        self._counting = QTimer(self, interval=COUNT_MS)
        self._counting.timeout.connect(self.refresh)
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now."""
        desk, now = self._desk, self._desk.now_ms()
        self._basis = mine, self._failed, late, _ = self._own_messages()
        self._entries = {entry.id: entry for entry in mine}
        self._shown = self._recipients()
        self._answers = {id: each for id, each in self._answers.items() if id in desk.standings}
        failed = not_delivered(self._failed)
        known = Known(self._answers, desk.paused, self._text_of, desk.link.up, self._zone)
        held, asked = waiting(mine, desk.people, now, known), alerts(mine, desk.people, now, known)
        ended = [self._ended(each, now) for each in failed]
        today = delivered_today(late, now, self._zone)
        if (items := (held, ended, today, asked)) != self._items:
            self._items = items
            self._panel.show_items(*items)
        self._panel.show_unreachable(self._why_away(desk.link))
        counts = self._panel.isVisible() and any(item.counting for item in (*held, *asked))
        if counts is not self._counting.isActive():
            self._counting.start() if counts else self._counting.stop()
        self._gather()

    # --- the steps ---------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        desk, panel, conversation = self._desk, self._panel, self._conversation
        desk.changed.connect(self._on_changed)
        desk.people_changed.connect(self._on_people)
        desk.presence_changed.connect(self._on_people)
        desk.link_changed.connect(self._on_link)
        desk.explained.connect(self._on_explained)
        panel.send_now.connect(desk.send_now)
        panel.edit.connect(conversation.begin_edit)
        panel.tell_only.connect(conversation.tell_only)
        panel.withdraw.connect(conversation.withdraw)
        panel.send_again.connect(desk.send_again)
        panel.dismiss.connect(desk.dismiss)
        panel.open_conversation.connect(self._open)
        panel.looked.connect(self._gather)
        panel.card_noticed.connect(self._want)

    def _on_changed(self, conversation: str) -> None:
        """What only the engine knows may be different now: which message is in front, and what is in an editor."""
        for id in [id for id, entry in self._entries.items() if entry.conversation == conversation]:
            answer = self._answers.get(id)
            if answer is not None and any(each.behind or each.paused for each in answer.standings):
                del self._answers[id]
                self._asked.pop(id, None)
                self._basis = None
        if self._own_messages() != self._basis:  # most that happens in a conversation is about none of these
            self.refresh()

    def _on_people(self) -> None:
        """Of all who belong to the office, few are waited for."""
        if self._recipients() != self._shown:
            self.refresh()

    def _on_link(self) -> None:
        """Another link may lead to an engine that has begun anew."""
        self._answers, self._asked = {}, {}
        self.refresh()

    def _on_explained(self, id: str) -> None:
        entry = self._entries.get(id)
        if entry is not None:
            seen = {each.handle: each.presence for each in recipients_of(entry, self._desk.people)}
            self._answers[id] = Answer(self._desk.standings[id], self._desk.now_ms(), seen)
            self.refresh()

    def _own_messages(self) -> Basis:
        desk = self._desk
        late = desk.history.delivered(desk.now_ms() - DAY_MS)
        return desk.staying(), desk.history.undelivered(), late, frozenset(desk.paused)

    def _recipients(self) -> tuple[object, ...]:
        people = self._desk.people
        name_of = caller(people)
        found = (
            each
            for entry in (*self._entries.values(), *self._failed)
            for each in recipients_of(entry, people)
        )
        return tuple((each.presence, each.gone, name_of(each.handle)) for each in found)

    def _gather(self) -> None:
        """Ask in a moment; then the cards have their places too."""
        if not self._asking.isActive():
            self._asking.start()

    def _want(self, id: str) -> None:
        self._wanted.add(id)
        self._gather()

    def _ask(self) -> None:
        """Asks for each card in sight that has no answer which still holds; once for each state of things."""
        wanted, self._wanted = self._wanted, set()
        for id in dict.fromkeys((*self._panel.in_sight(), *sorted(wanted))):
            entry = self._entries.get(id)
            if entry is None or entry.stage is not Stage.HELD or not self._desk.is_up:
                continue
            known = self._holds(entry) or self._asked.get(id) == self._state(entry)
            if id in wanted or not known:
                self._asked[id] = self._state(entry)
                self._desk.explain(id)

    def _holds(self, entry: Entry) -> bool:
        answer, now = self._answers.get(entry.id), self._desk.now_ms()
        people = recipients_of(entry, self._desk.people)
        return answer is not None and all(is_fresh(answer, entry.condition, each, now) for each in people)

    def _state(self, entry: Entry) -> object:
        """What an answer depends on; where it is still the same there is nothing new to ask."""
        answer = self._answers.get(entry.id)
        people = recipients_of(entry, self._desk.people)
        seen = tuple(each.presence for each in people)
        return seen, entry.revision, entry.stage, answer.at_ms if answer else 0

    def _text_of(self, id: str) -> str:
        entry = self._desk.history.entry(id)
        return entry.text if entry is not None else ""

    def _why_away(self, link: Link) -> str:
        """What keeps the engine from being asked; "" where nothing does."""
        if link.phase is LinkPhase.REFUSED:
            return removed(link.engine) if is_removed(link) else link.problem
        away = link.phase is LinkPhase.AWAY
        return unreachable(link.engine or "Tact", len(self._desk.history.unsent())) if away else ""

    def _ended(self, entry: Entry, now: int) -> Undelivered:
        """What did not arrive; to somebody who was removed it cannot be sent again."""
        card = undelivered(entry, self._names(entry), now, self._zone)
        gone = any(each.gone for each in recipients_of(entry, self._desk.people))
        return replace(card, repeatable=not gone)

    def _names(self, entry: Entry) -> str:
        return ", ".join(each.name for each in recipients_of(entry, self._desk.people))

    def _open(self, id: str) -> None:
        entry = self._desk.history.entry(id)
        if entry is not None:
            self._conversation.open(entry.recipients[0])
