"""The one way out of the window: a web or mail address is handed to the program that this person uses for it."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from tact_desktop.state.links import SCHEMES, link_of

_ASCII = QUrl.ComponentFormattingOption.FullyEncoded


def open_link(url: str) -> bool:
    """Opens `url` outside of Tact. False, and nothing is opened, where it is no http, https or mailto address.

    False also where this computer has no program for it. Nothing of it is logged.
    """
    link = link_of(url)
    asked = QUrl(url, QUrl.ParsingMode.StrictMode)
    if link is None or not asked.isValid() or asked.scheme() not in SCHEMES:
        return False
    if not link.is_mail and asked.host(_ASCII).strip("[]") != link.place.strip("[]"):
        return False
    return QDesktopServices.openUrl(asked)
