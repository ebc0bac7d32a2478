"""Who belongs to the office: invitations, devices, people who are removed, and those who ask to be let in."""

from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tact_desktop.desk import Desk
from tact_desktop.flows.devices_flow import DevicesFlow
from tact_desktop.flows.invitation_flow import InvitationFlow
from tact_desktop.panels.members import MembersPanel, Section
from tact_desktop.panels.people import PeoplePanel
from tact_desktop.state import members as reading
from tact_desktop.state import wording_members as words
from tact_desktop.state.shown import known_as, shown_line, shown_name
from tact_desktop.state.wording_members import Deed
from tact_desktop.widgets.came_back import CameBack
from tact_desktop.widgets.removal_question import RemovalQuestion
from tact_desktop.widgets.request_strip import RequestStrip
from tact_engine.accounts.words import six_words
from tact_engine.core.members import JoinRequest, Overview

if TYPE_CHECKING:
    from tact_engine.client.membership import Made

LOOK_OVER = "look_over"
_ASKS_FOR_A_LINK = ("invite", "link_device")


class MembersFlow(QObject):
    """Asks the engine when a page is opened or turned to again, after each deed, and when somebody comes or goes.

    Never by a clock.
    """

    def __init__(self, desk: Desk, people: PeoplePanel, strip: RequestStrip, zone: tzinfo) -> None:
        super().__init__(people)
        self._desk, self._people, self._strip, self._zone = desk, people, strip, zone
        self._overview = Overview()
        self._panel: MembersPanel | None = None
        self._invitation = InvitationFlow(desk, people, zone, lists=True)
        self.device_link = InvitationFlow(desk, people, zone, lists=False)
        self._devices = DevicesFlow(desk, people)
        self._belong = self._belonging()
        self._state = self._problem = ""
        self._put_away: frozenset[str] = frozenset()
        desk.members.overview.connect(self._on_overview)
        desk.members.made.connect(self._on_made)
        desk.members.done.connect(self._on_done)
        desk.members.refused.connect(self._on_refused)
        desk.requests_changed.connect(self._on_requests)
        desk.people_changed.connect(self._on_people)
        desk.presence_changed.connect(self.refresh)
        desk.link_changed.connect(self._on_link)
        self._devices.removed.connect(self._remove_device)
        self._devices.link_wanted.connect(self.device_link.open)
        for part in (self._invitation, self.device_link, self._devices):
            part.came_back.connect(self._look_over)
        people.invite_requested.connect(self.invite)
        strip.look_wanted.connect(self.look_at_requests)
        strip.dismissed.connect(self._put_strip_away)

    def open(self) -> None:
        """Show the page."""
        self._bring_up(None)

    def look_at_requests(self) -> None:
        """Show the page where it lists who asks to join."""
        self._bring_up(Section.REQUESTS)

    def invite(self) -> None:
        """Show a link for a colleague."""
        self._invitation.open("")
        self._look_over()
        self.refresh()

    def refresh(self) -> None:
        """Show what is true now, as far as it is in sight."""
        self._show_strip()
        if not self._is_in_sight():
            return
        seen = self._reading()
        page = reading.page(self._overview, self._desk.requests, self._desk.link.is_host, seen)
        self._devices.refresh(self._overview, seen, self._state, self._problem)
        for links in (self._invitation, self.device_link):
            links.refresh(self._overview, page.own_invitations)
        if self._panel is not None and self._panel.isVisible():
            self._panel.show_page(page, self._desk.link.up, self._state, self._problem)

    # --- what the engine says ----------------------------------------------------------------------------------

    def _on_overview(self, overview: Overview) -> None:
        self._overview = overview
        self._state = "" if self._state == words.LOADING else self._state
        self.refresh()

    def _on_made(self, made: "Made") -> None:
        (self.device_link if made.invitation.handle else self._invitation).take(made)
        self.refresh()

    def _on_done(self, intent: str) -> None:
        if intent == LOOK_OVER:
            return
        self._state = "" if intent in _ASKS_FOR_A_LINK else words.DONE
        self._problem = ""
        if intent == "set_password" and self._panel is not None:
            self._panel.password_taken()
        self._look_over()
        self.refresh()

    def _on_refused(self, intent: str, code: str, sentence: str) -> None:
        del code
        said = shown_line(sentence)
        self._state = ""
        if intent in _ASKS_FOR_A_LINK:
            (self.device_link if intent == "link_device" else self._invitation).refuse(said)
        elif intent == "set_password" and self._panel is not None:
            self._panel.password_refused(said)
        elif self._desk.link.up:
            self._problem = said
        self.refresh()

    def _on_requests(self) -> None:
        """Who asks no more is forgotten, and named again should they ask again."""
        self._put_away &= {reading.key_of(each) for each in self._desk.requests}
        self._look_over()
        self.refresh()

    def _on_people(self) -> None:
        """Whoever is new may have used a link, and whoever is gone was removed."""
        belong = self._belonging()
        if belong != self._belong:
            self._belong = belong
            self._look_over()
        self.refresh()

    def _on_link(self) -> None:
        self._state = self._problem = ""
        self._look_over()
        self.refresh()

    def _look_over(self) -> None:
        """Ask who belongs to the engine, where that is in sight."""
        if self._desk.link.up and self._is_in_sight():
            self._desk.members.look_over()

    def _is_in_sight(self) -> bool:
        page = self._panel is not None and self._panel.isVisible()
        others = (self._invitation, self.device_link, self._devices)
        return page or any(each.is_shown() for each in others)

    def _ask(self, intent: Callable[[], None]) -> None:
        self._state, self._problem = words.WORKING, ""
        intent()
        self.refresh()

    # --- who asks to be let in ---------------------------------------------------------------------------------

    def _show_strip(self) -> None:
        """Name those who ask; who was put away is not named again."""
        asking = self._desk.requests if self._desk.link.up else ()
        keys = frozenset(reading.key_of(each) for each in asking)
        self._strip.show_names(
            () if keys <= self._put_away else tuple(reading.name_of(each) for each in asking)
        )

    def _put_strip_away(self) -> None:
        self._put_away = frozenset(reading.key_of(each) for each in self._desk.requests)

    def _asking(self, key: str) -> list[JoinRequest]:
        return [each for each in self._desk.requests if reading.key_of(each) == key]

    # --- what a person does ------------------------------------------------------------------------------------

    def _bring_up(self, section: Section | None) -> None:
        if self._panel is None:
            self._panel = self._made_panel()
        self._panel.show()
        self._state, self._problem = words.LOADING if self._desk.link.up else "", ""
        self.refresh()
        self._panel.bring_up(section)
        self._look_over()

    def _made_panel(self) -> MembersPanel:
        panel = MembersPanel(self._people.window())
        panel.acted.connect(self._act)
        panel.device_wanted.connect(lambda: self.device_link.open(self._desk.me))
        panel.invite_wanted.connect(self.invite)
        panel.password_chosen.connect(self._set_password)
        panel.leave_wanted.connect(self._leave)
        CameBack(panel).came_back.connect(self._look_over)
        return panel

    def _act(self, deed: str, key: str) -> None:
        members = self._desk.members
        match Deed(deed):
            case Deed.REMOVE_DEVICE:
                assert self._panel is not None, "it is wanted on the page"
                self._devices.ask(self._panel, self._desk.me, key, self._device())
            case Deed.DEVICES:
                self._devices.open(key)
                self.refresh()
            case Deed.REMOVE_PERSON:
                self._remove_person(key)
            case Deed.BRING_BACK:
                self.device_link.open(key)
            case Deed.REVOKE:
                self._ask(partial(members.revoke, key))
            case Deed.LET_IN | Deed.DECLINE as answer:
                act = members.approve if answer is Deed.LET_IN else members.decline
                for asked in self._asking(key):
                    self._ask(partial(act, asked))

    def _remove_device(self, handle: str, id: str) -> None:
        self._ask(partial(self._desk.members.remove_device, handle, id))

    def _remove_person(self, handle: str) -> None:
        person = self._desk.people.get(handle)
        name, waiting = (person.name, person.waiting) if person else (shown_name(handle), 0)
        self._ask_removal(
            handle,
            words.remove_question(known_as(name, handle)),
            words.remove_meaning(name, waiting),
            words.what_they_sent(name),
            words.REMOVE_NOW,
        )

    def _leave(self) -> None:
        self._ask_removal(
            self._desk.me, words.LEAVE_QUESTION, words.LEAVE_MEANING, words.WHAT_YOU_SENT, words.LEAVE_NOW
        )

    def _ask_removal(self, handle: str, question: str, meaning: str, sent: str, verb: str) -> None:
        assert self._panel is not None, "it is asked on the page"
        asked = RemovalQuestion(self._panel, question, meaning, sent, verb)
        asked.confirmed.connect(partial(self._remove, handle))
        asked.open()

    def _remove(self, handle: str, withdraw: bool) -> None:
        self._ask(partial(self._desk.members.remove_person, handle, withdraw))

    def _set_password(self, password: str) -> None:
        self._ask(partial(self._desk.members.set_password, password))

    # --- who looks ---------------------------------------------------------------------------------------------

    def _reading(self) -> reading.Reading:
        desk = self._desk
        engine = desk.link.engine_id
        six = six_words(engine) if engine else ()
        return reading.Reading(desk.me, self._device(), desk.people, desk.now_ms(), self._zone, six)

    def _belonging(self) -> dict[str, bool]:
        """Who is known, and who of them is gone."""
        return {handle: person.gone for handle, person in self._desk.people.items()}

    def _device(self) -> str:
        """The id of the device one sits at, "" where it is not told."""
        return str(self._desk.members.device)
