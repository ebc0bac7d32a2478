"""A link to give away, from the wish for one until it was used: for a colleague, or for a further device."""

from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tact_desktop.desk import Desk
from tact_desktop.panels.invitation import InvitationPanel
from tact_desktop.state import wording_members as words
from tact_desktop.state.members import Item, file_name, is_open, member_of
from tact_desktop.state.people import called
from tact_desktop.widgets.came_back import CameBack
from tact_engine.core.members import Overview

if TYPE_CHECKING:
    from tact_engine.client.membership import Made


class InvitationFlow(QObject):
    """One page with a link. A link that was made is shown again until it was used, so that none is made in vain.

    `came_back` when somebody turns to the page again.
    """

    came_back = Signal()

    def __init__(self, desk: Desk, owner: QWidget, zone: tzinfo, lists: bool) -> None:
        """`owner` is in the window that the page belongs to; `lists`: open invitations stand under the link."""
        super().__init__(owner)
        self._desk, self._owner, self._zone, self._lists = desk, owner, zone, lists
        self._panel: InvitationPanel | None = None
        self._handle = self._why = ""
        self._made: Made | None = None
        self._asked = self._was_open = self._is_back = self._reopened = False
        self._overview: Overview = Overview()

    def open(self, handle: str) -> None:
        """Show a link for somebody new, or where `handle` is set for a further device of theirs."""
        if self._panel is None:
            self._panel = InvitationPanel(self._owner.window(), lists=self._lists)
            self._panel.another_wanted.connect(self.make)
            self._panel.save_wanted.connect(self._save)
            self._panel.revoked.connect(self._desk.members.revoke)
            CameBack(self._panel).came_back.connect(self.came_back)
        if handle != self._handle:
            self._handle, self._made, self._asked, self._why = handle, None, False, ""
        self._is_back = self._was_removed()
        self._reopened = self._made is not None
        if self._made is None:
            self.make()
        self._panel.show_title(self._title())
        self._show_link()
        self._panel.bring_up()

    def make(self) -> None:
        """Ask for a link, once at a time."""
        if self._desk.link.up and not self._asked:
            self._asked, self._made = True, None
            if self._handle:
                self._desk.members.link_device(self._handle)
            else:
                self._desk.members.invite()
        self._show_link()

    def take(self, made: "Made") -> None:
        """A link was made; one for somebody else than is shown by now stays unseen, in the list of open ones."""
        if self._asked and made.invitation.handle == self._handle:
            self._made, self._asked, self._was_open = made, False, False
            self._show_link()

    def refuse(self, sentence: str) -> None:
        """No link was made, and why."""
        self._asked, self._why = False, sentence
        self._show_link()

    def refresh(self, overview: Overview, open_ones: tuple[Item, ...]) -> None:
        """Show what is true now; a link that was used is shown no more."""
        if self._made is not None:
            there = is_open(overview, self._made.invitation.token)
            if self._desk.now_ms() >= self._made.expires_at or (self._was_open and not there):
                self._made, self._why = None, words.USED
                if self._reopened:  # they want a link, and have not given this one away since
                    self.make()
            self._was_open = there
        if overview is not self._overview:
            self._overview, self._reopened = overview, False
        if self._panel is not None and self._panel.isVisible():
            self._panel.show_open(open_ones if self._lists else (), self._desk.link.up)
            self._show_link()

    def is_shown(self) -> bool:
        """Whether the page is in sight."""
        return self._panel is not None and self._panel.isVisible()

    def _show_link(self) -> None:
        if self._panel is None:
            return
        made = self._made
        if made is None:
            waits = words.MAKING if self._asked else self._why
            self._panel.show_no_link(waits if self._desk.link.up else words.AWAY_LINK)
            return
        until = words.until(made.expires_at, self._desk.now_ms(), self._zone)
        self._panel.show_link(self._what(until), made.invitation.link(), file_name(made.invitation.name))

    def _what(self, until: str) -> str:
        if not self._handle:
            return words.give_link(until)
        if self._is_back:
            return words.give_way_back(self._name(), until)
        return words.give_device_link("" if self._handle == self._desk.me else self._name(), until)

    def _title(self) -> str:
        if not self._handle:
            return words.INVITE
        if self._handle == self._desk.me:
            return words.ADD_DEVICE_TITLE
        return words.device_link_for(self._name(), self._is_back)

    def _was_removed(self) -> bool:
        """Whether the link is for somebody who comes back by it."""
        member = member_of(self._overview, self._handle)
        return member is not None and member.removed_at is not None

    def _name(self) -> str:
        return called(self._desk.people, self._handle)

    def _save(self, path: str) -> None:
        """Keep the link in a file that nobody else on this computer can read."""
        assert self._panel is not None, "it was asked there"
        if self._made is None:
            return
        try:
            Path(path).touch(mode=0o600)
            Path(path).write_text(self._made.invitation.as_file(), encoding="utf-8")
        except OSError:
            self._panel.say(words.NOT_SAVED)
        else:
            self._panel.say(words.SAVED)
