"""One line of the editor's section about time: its mark, its name, its controls, and how it stands."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tact_desktop import theme
from tact_desktop.state.condition_times import TimeView
from tact_desktop.widgets.flow import FlowLayout
from tact_desktop.widgets.state_sign import StateSign
from tact_desktop.widgets.text import Elided, label

_NAME_WIDTH = 96


class TimeLine(QWidget):
    """A mark and, flowing beside it, a name, controls, and a few words."""

    def __init__(self, name: str, parts: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = StateSign()
        self._text = Elided(role="foot")
        self._text.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._text.setMinimumHeight(theme.CONTROL_HEIGHT)
        flow = FlowLayout(gap=theme.SPACE_1 + 2)
        if name:
            title = label(name)
            title.setMinimumSize(_NAME_WIDTH, theme.CONTROL_HEIGHT)
            flow.addWidget(title)
        for part in (*parts, self._text):
            flow.addWidget(part)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_2)
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(flow, 1)

    def show_view(self, view: TimeView) -> None:
        """Shows how the part stands."""
        self._sign.show_mark(view.mark)
        self._text.setText(view.text)
        self._text.setVisible(bool(view.text))
