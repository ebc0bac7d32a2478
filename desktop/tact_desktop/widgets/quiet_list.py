"""A drop-down without a frame that is as wide as what is chosen in it: part of a line of words."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QWidget

_SIDES = 4 + 24 + 6  # padding and arrow in the style sheet
_LIST_SIDES = 36


class QuietList(QComboBox):
    """A drop-down; opened, it has room for its longest choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "quiet")
        self.currentTextChanged.connect(self._follow)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.currentText())
        return QSize(words + _SIDES, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showPopup(self) -> None:
        texts = (self.itemText(place) for place in range(self.count()))
        longest = max((self.fontMetrics().horizontalAdvance(text) for text in texts), default=0)
        self.view().setMinimumWidth(longest + _LIST_SIDES)
        super().showPopup()

    def _follow(self) -> None:
        self.updateGeometry()
