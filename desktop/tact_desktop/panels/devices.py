"""The devices of somebody else, for a host: what a lost computer is removed by."""

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_members as words
from tact_desktop.state.members import Item
from tact_desktop.state.shown import title_text
from tact_desktop.widgets.banner import Banner, BannerKind
from tact_desktop.widgets.record_list import RecordList
from tact_desktop.widgets.text import label

_WIDTH, _HEIGHT, _WIDTH_MIN = 520, 360, 420


class DevicesPanel(QWidget):
    """A window of its own; Esc closes it. `removed` carries the id of a device, `link_wanted` asks for one more."""

    removed = Signal(str)
    link_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_WIDTH_MIN)
        self.resize(_WIDTH, _HEIGHT)
        self._title, self._state = label(role="title", wrap=True), label(role="foot")
        self._banner, self._rows = Banner(), RecordList()
        self._none = label(words.NO_DEVICE_LEFT, "quiet", wrap=True)
        self._link = QPushButton(words.LINK_DEVICE)
        self._link.setProperty("role", "link")
        self._rows.acted.connect(self._act)
        self._link.clicked.connect(self.link_wanted)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self, self.close)
        self._lay_out()

    def show_devices(
        self, name: str, items: Iterable[Item], up: bool, state: str = "", problem: str = ""
    ) -> None:
        """The devices of `name`; `up`, `state` and `problem` as on the page about members."""
        shown = tuple(items)
        self.setWindowTitle(title_text(words.devices_of(name)))
        self._title.setText(words.devices_of(name))
        self._state.setText(state)
        if said := problem if up else words.AWAY:
            self._banner.tell(said, BannerKind.WARNING, dismissable=False)
        else:
            self._banner.clear()
        self._rows.show_items(shown, up)
        self._none.setVisible(not shown)
        self._link.setEnabled(up)
        for before, after in pairwise((*self._rows.buttons(), self._link)):
            self.setTabOrder(before, after)

    def bring_up(self) -> None:
        """Shows it in front; the keyboard is where nothing is removed by chance."""
        self.show()
        self.raise_()
        self.activateWindow()
        self._link.setFocus(Qt.FocusReason.OtherFocusReason)

    def _act(self, _deed: str, id: str) -> None:
        self.removed.emit(id)

    def _lay_out(self) -> None:
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, theme.SPACE_4, theme.SPACE_4)
        inner.setSpacing(theme.SPACE_2)
        for part in (self._none, self._rows):
            inner.addWidget(part)
        line = QHBoxLayout()
        line.addWidget(self._link)
        line.addStretch(1)
        inner.addLayout(line)
        inner.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        upper = QVBoxLayout()
        upper.setContentsMargins(0, 0, theme.SPACE_4, 0)
        upper.addLayout(head)
        upper.addWidget(self._banner)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_4, 0, 0)
        rows.setSpacing(theme.SPACE_2)
        rows.addLayout(upper)
        rows.addWidget(area, 1)
