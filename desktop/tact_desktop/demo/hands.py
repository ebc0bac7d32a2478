"""Hands: what one person does at their window, done at the window's own controls."""

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from tact_desktop.desk import Desk
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.row import MessageRow
from tact_desktop.window import MainWindow


class Hands:
    """One person at their window."""

    def __init__(self, name: str, desk: Desk, window: MainWindow) -> None:
        self.name, self.desk, self.window = name, desk, window

    # --- doing -------------------------------------------------------------------------------------------------

    def open(self, handle: str) -> None:
        """Choose somebody in the list of people."""
        self.window.people.chosen.emit(handle)

    def clear(self) -> None:
        """Empty the composer and take its choices back."""
        self.window.composer.show_draft(Draft())
        self.window.composer.draft_changed.emit(Draft())

    def choose(self, preset: Preset) -> None:
        """Choose when the message may arrive."""
        self.window.composer.choose(preset)

    def type(self, text: str) -> None:
        """Write `text` without sending it: key by key, what no key has (an emoji) as an input method would."""
        for run, letters in groupby(text, key=str.isascii):
            if run:
                QTest.keyClicks(self._field(), "".join(letters))
            else:
                self._field().insertPlainText("".join(letters))

    def send(self) -> None:
        """Press Enter in the message."""
        QTest.keyClick(self._field(), Qt.Key.Key_Return)

    def prepare(self, draft: Draft) -> None:
        """Put everything about a message in place that is chosen and not written."""
        self.window.composer.show_draft(draft)
        self.window.composer.draft_changed.emit(draft)

    def write(self, text: str, how: Preset | Draft = Preset.NOW) -> str:
        """Choose, write and send; the id of the message."""
        before = {entry.id for entry in self._own()}
        if isinstance(how, Draft):
            self.prepare(how)
        else:
            self.choose(how)
        self.type(text)
        self.send()
        return next(entry.id for entry in self._own() if entry.id not in before)

    def set_presence(self, words: str) -> None:
        """Choose an availability or a mood in the presence bar's menus by its words."""
        actions = self.window.presence_bar.findChildren(QAction)
        next(action for action in actions if action.text().endswith(words)).trigger()

    def lose_link(self) -> None:
        """The battery is empty, the network is gone."""
        self.desk.bridge.lose_link()

    def sign_out(self) -> None:
        """Leave for the day."""
        self.desk.bridge.sign_out()

    def come_back(self) -> None:
        """The link is there again, or the day begins."""
        self.desk.bridge.find_link()

    # --- seeing ------------------------------------------------------------------------------------------------

    def rows(self) -> tuple[MessageRow, ...]:
        """The rows of the conversation that the window shows."""
        return self.window.conversation.rows()

    def row(self, id: str) -> MessageRow | None:
        """The row of one message, if the window shows it."""
        return next((row for row in self.rows() if row.key == id), None)

    def sees(self, id: str) -> bool:
        """Whether the window shows the message."""
        return self.row(id) is not None

    def stage_of(self, id: str) -> Stage | None:
        """How far the message has come, as this window knows."""
        entry = self.desk.history.entry(id)
        return entry.stage if entry else None

    def sentence(self) -> str:
        """What the composer says about sending right now."""
        return self.window.composer.preview_sentence()

    def _own(self) -> list[Entry]:
        page = self.desk.page(self.window.flow.handle)
        return [entry for entry in page.entries() if entry.own]

    def _field(self) -> QPlainTextEdit:
        return self.window.composer.text_field()
