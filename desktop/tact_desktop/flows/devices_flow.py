"""Devices that are removed: one's own, and by a host those of somebody else, who lost a computer."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from tact_desktop.desk import Desk
from tact_desktop.panels.devices import DevicesPanel
from tact_desktop.state import members as reading
from tact_desktop.state import wording_members as words
from tact_desktop.state.people import called
from tact_desktop.widgets.came_back import CameBack
from tact_desktop.widgets.text import message_box
from tact_engine.core.members import Overview


class DevicesFlow(QObject):
    """Keeps the page with somebody else's devices true, and asks before a device is removed.

    `removed(handle, device)` once that is confirmed, `link_wanted(handle)` for a further device; `came_back` when
    somebody turns to the page again.
    """

    removed = Signal(str, str)
    link_wanted = Signal(str)
    came_back = Signal()

    def __init__(self, desk: Desk, owner: QWidget) -> None:
        """`owner` is in the window that the page belongs to."""
        super().__init__(owner)
        self._desk, self._owner = desk, owner
        self._handle, self._overview = "", Overview()
        self._panel: DevicesPanel | None = None

    def open(self, handle: str) -> None:
        """Show the page with the devices of `handle`; `refresh` fills it."""
        if self._panel is None:
            self._panel = DevicesPanel(self._owner.window())
            self._panel.removed.connect(self._ask)
            self._panel.link_wanted.connect(lambda: self.link_wanted.emit(self._handle))
            CameBack(self._panel).came_back.connect(self.came_back)
        self._handle = handle
        self._panel.bring_up()

    def is_shown(self) -> bool:
        """Whether the page is in sight."""
        return self._panel is not None and self._panel.isVisible()

    def refresh(self, overview: Overview, seen: reading.Reading, state: str, problem: str) -> None:
        """Show what is true now. Of somebody who was removed there are no devices, so the page closes."""
        self._overview = overview
        if self._panel is None or not self._panel.isVisible():
            return
        member = reading.member_of(overview, self._handle)
        if member is None or member.removed_at is not None:
            self._panel.close()
            return
        name = called(self._desk.people, self._handle)
        items = reading.device_items(member.devices, seen)
        self._panel.show_devices(name, items, self._desk.link.up, state, problem)

    def ask(self, page: QWidget, handle: str, id: str, here: str = "") -> None:
        """Ask over `page` whether the device is to go; `here` is the one that somebody sits at."""
        member = reading.member_of(self._overview, handle)
        devices = member.devices if member else ()
        whose = "" if handle == self._desk.me else called(self._desk.people, handle)
        for device in (each for each in devices if each.id == id):
            question = words.remove_device_question(reading.device_title(device), whose)
            meaning = words.remove_device_meaning(id == here, len(devices) == 1, whose)
            box = message_box(page, words.REMOVE_DEVICE_NOW, question, meaning)
            remove = box.addButton(words.REMOVE_DEVICE_NOW, QMessageBox.ButtonRole.DestructiveRole)
            box.setDefaultButton(box.addButton(words.CANCEL, QMessageBox.ButtonRole.RejectRole))
            remove.clicked.connect(partial(self.removed.emit, handle, id))
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()

    def _ask(self, id: str) -> None:
        assert self._panel is not None, "it is wanted on the page"
        self.ask(self._panel, self._handle, id)
