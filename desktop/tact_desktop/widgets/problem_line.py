"""What is wrong with a field, right below it."""

from PySide6.QtWidgets import QLineEdit, QWidget

from tact_desktop.widgets.announce import announce
from tact_desktop.widgets.text import Plain


class ProblemLine(Plain):
    """A sentence that is not there until something is wrong; a screen reader says it at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("danger", parent)
        self.setWordWrap(True)
        self.setVisible(False)

    def tell(self, sentence: str) -> None:
        """Shows the sentence; "" takes it away."""
        said = self.isVisible() and sentence == self.text()
        self.setText(sentence)
        self.setVisible(bool(sentence))
        if sentence and not said:
            announce(self, sentence)


def mark_invalid(field: QLineEdit, invalid: bool) -> None:
    """Draws a field as one to be mended, or as any other."""
    if bool(field.property("invalid")) is not invalid:
        field.setProperty("invalid", invalid)
        field.style().unpolish(field)
        field.style().polish(field)
