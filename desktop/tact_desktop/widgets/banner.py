"""One sentence in place with at most two actions: how the window tells of trouble without a dialog."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from tact_desktop import theme
from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.icon_button import icon_button, show_icon
from tact_desktop.widgets.text import button_text, label


class BannerKind(Enum):
    """How grave it is."""

    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"
    PAUSED = "paused"
    """Calm: something is held back by what a person does."""


_ICONS = {
    BannerKind.INFO: ("info", "accent_text"),
    BannerKind.WARNING: ("warning", "warning"),
    BannerKind.DANGER: ("warning", "danger"),
    BannerKind.PAUSED: ("pencil", "warning"),
}
_STYLES = {BannerKind.PAUSED: BannerKind.WARNING.value}
"""The style of a kind that has none of its own name."""


class Banner(QFrame):
    """Hidden until `tell`; `acted` carries the key of the action pressed."""

    acted = Signal(str)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self._kind = BannerKind.INFO
        self._sign = label()
        self._sign.setFixedWidth(theme.ICON)
        self._sentence = label(wrap=True)
        self._buttons: list[QPushButton] = []
        self._close = icon_button("x", "Dismiss")
        self._close.clicked.connect(self._dismiss)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.SPACE_3, 6, 6, 6)
        self._row.setSpacing(theme.SPACE_2)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._sentence, 1)
        self._row.addWidget(self._close)
        self.setVisible(False)
        theme.theme().changed.connect(self._draw_sign)

    def tell(
        self,
        sentence: str,
        kind: BannerKind = BannerKind.INFO,
        actions: Sequence[tuple[str, str]] = (),
        dismissable: bool = True,
    ) -> None:
        """Shows the sentence with its actions (key, text), at most two, and reads it out politely."""
        assert len(actions) <= 2, "a banner offers at most two actions"
        said = self.isVisible() and sentence == self._sentence.text()
        self._kind = kind
        theme.set_role(self, "banner", _STYLES.get(kind, kind.value))
        self._draw_sign()
        self._sentence.setText(sentence)
        self._offer(actions)
        self._close.setVisible(dismissable)
        self.setVisible(True)
        if not said:
            announce(self, sentence)

    def sentence(self) -> str:
        """What the banner says, "" when it is away."""
        return self._sentence.text() if not self.isHidden() else ""

    def clear(self) -> None:
        """Takes the banner away, silently."""
        self.setVisible(False)

    def _offer(self, actions: Sequence[tuple[str, str]]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for place, (key, text) in enumerate(actions):
            button = QPushButton(button_text(text), self)
            button.clicked.connect(lambda _checked=False, pressed=key: self.acted.emit(pressed))
            self._row.insertWidget(2 + place, button)
            self._buttons.append(button)
            button.show()

    def _draw_sign(self) -> None:
        show_icon(self._sign, *_ICONS[self._kind])

    def _dismiss(self) -> None:
        self.clear()
        self.dismissed.emit()
