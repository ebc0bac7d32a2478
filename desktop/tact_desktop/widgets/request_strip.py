"""A line above everything that tells a host who asks to be let in; it takes no focus and no click away."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_members as words
from tact_desktop.widgets.banner import Banner

_LOOK = "look"


class RequestStrip(QWidget):
    """Away while nobody asks; `look_wanted` leads to the requests, `dismissed` says that it was put away."""

    look_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banner = Banner()
        room = QVBoxLayout(self)
        room.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_3, theme.SPACE_2)
        room.addWidget(self._banner)
        self._banner.acted.connect(lambda: self.look_wanted.emit())
        self._banner.dismissed.connect(self.hide)
        self._banner.dismissed.connect(self.dismissed)
        self.hide()

    def show_names(self, names: tuple[str, ...]) -> None:
        """Names those who ask; the same words are not read out again."""
        if not names:
            self.hide()
            self._banner.clear()
            return
        sentence = words.asks_to_join(names)
        self.show()
        if sentence != self._banner.sentence():
            self._banner.tell(sentence, actions=((_LOOK, words.LOOK),))
