"""Buttons with icons, and icons in labels."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

from tact_desktop import theme
from tact_desktop.widgets.text import button_text, explain


def icon_button(name: str, words: str, size: int = theme.ICON) -> QPushButton:
    """A flat button with an icon only; `words` are its name, and its tool tip."""
    button = QPushButton()
    theme.set_icon(button, name, "text_quiet", size)
    button.setProperty("role", "quiet")
    button.setFixedSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT)
    button.setAccessibleName(words)
    explain(button, words)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def show_icon(place: QLabel, name: str, role: str, size: int = theme.ICON) -> None:
    """Puts an icon where a label is, sharp on the label's screen."""
    place.setPixmap(theme.icon(name, role, size).pixmap(QSize(size, size), place.devicePixelRatio()))


def quiet_button(icon: str, text: str) -> QPushButton:
    """A flat button with an icon and words."""
    button = QPushButton(button_text(text))
    button.setProperty("role", "quiet")
    theme.set_icon(button, icon, "text_quiet", theme.SPACE_4)
    return button


def allow(button: QAbstractButton, why_not: str) -> None:
    """Enables `button`, or says in its tool tip why it is not."""
    button.setEnabled(not why_not)
    explain(button, why_not)
