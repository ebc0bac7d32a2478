"""The list of what waits: the panel's cards and what can be done with them."""

from datetime import tzinfo

from PySide6.QtCore import QObject

from tact_desktop.desk import Desk
from tact_desktop.flows.conversation_flow import ConversationFlow
from tact_desktop.panels.waiting import WaitingPanel
from tact_desktop.state.link import LinkPhase
from tact_desktop.state.outbox import delivered_today, not_delivered, waiting
from tact_desktop.state.wording import unreachable
from tact_desktop.state.wording_panels import undelivered

DAY_MS = 24 * 3600 * 1000


class WaitingFlow(QObject):
    """Keeps one waiting panel true."""

    def __init__(self, desk: Desk, panel: WaitingPanel, conversation: ConversationFlow, zone: tzinfo) -> None:
        super().__init__(panel)
        self._desk, self._panel, self._conversation, self._zone = desk, panel, conversation, zone
        desk.changed.connect(self.refresh)
        desk.people_changed.connect(self.refresh)
        desk.link_changed.connect(self.refresh)
        panel.send_now.connect(desk.send_now)
        panel.edit.connect(conversation.begin_edit)
        panel.withdraw.connect(conversation.withdraw)
        panel.send_again.connect(desk.send_again)
        panel.dismiss.connect(desk.dismiss)
        panel.open_conversation.connect(self._open)
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now."""
        desk, now = self._desk, self._desk.now_ms()
        mine = desk.waiting()
        failed = not_delivered(desk.history.undelivered())
        people = desk.people
        names = {
            each.id: ", ".join(people[h].name if h in people else h for h in each.recipients)
            for each in failed
        }
        self._panel.show_items(
            waiting(mine, people, now),
            [undelivered(each, names[each.id], now, self._zone) for each in failed],
            delivered_today(desk.history.delivered(now - DAY_MS), now, self._zone),
        )
        away = desk.link.phase in (LinkPhase.AWAY, LinkPhase.REFUSED)
        unsent = len(desk.history.unsent()) if away else 0
        self._panel.show_unreachable(unreachable(desk.link.engine or "Tact", unsent) if away else "")

    def _open(self, id: str) -> None:
        entry = self._desk.history.entry(id)
        if entry is not None:
            self._conversation.open(entry.recipients[0])
