"""The caption bar: which use case, what just happened, Back and Next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.widgets.text import label


class Caption(QWidget):
    """Signals: next_wanted(), back_wanted(), case_wanted(number), closing()."""

    next_wanted = Signal()
    back_wanted = Signal()
    case_wanted = Signal(int)
    closing = Signal()

    def __init__(self, cases: tuple[str, ...]) -> None:
        super().__init__()
        self.setWindowTitle("Tact — demo")
        self.setWindowIcon(theme.application_icon())
        self.setProperty("role", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title, self._said = label(role="title"), label(wrap=True)
        self._hint = label(role="foot", wrap=True)
        self._cases = QComboBox()
        self._cases.addItems(cases)
        self._cases.setAccessibleName("Use case")
        self._back, self._next = QPushButton("Back"), QPushButton("Next")
        self._next.setProperty("role", "primary")
        self._free = label("Between the steps the windows are yours: play with them freely.", role="foot")
        self._lay_out()
        self._back.clicked.connect(self.back_wanted)
        self._next.clicked.connect(self.next_wanted)
        self._cases.activated.connect(self.case_wanted)
        for keys, signal in (("Right", self.next_wanted), ("Left", self.back_wanted)):
            QShortcut(QKeySequence(keys), self, signal.emit)

    def tell(self, case: int, title: str, step: int, steps: int, said: str, following: str) -> None:
        """Use case number `case` stands after `step` of `steps`; `following` is the caption of the next one."""
        self._cases.setCurrentIndex(case)
        self._title.setText(f"{title}  ·  {step} of {steps}" if step else title)
        self._said.setText(said)
        self._hint.setText(
            f"Next: {following}" if following else "This use case is complete. Next begins the following one."
        )

    def complain(self, sentence: str) -> None:
        """Something was not seen."""
        self._said.setText(sentence)

    def set_busy(self, busy: bool) -> None:
        """While a step is played nothing can be pressed."""
        for button in (self._back, self._next, self._cases):
            button.setEnabled(not busy)
        if not busy:
            self._next.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent, /) -> None:
        """Closing the bar ends the demo."""
        self.closing.emit()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for part in (self._title, self._said, self._hint):
            texts.addWidget(part)
        texts.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._cases)
        buttons.addWidget(self._back)
        buttons.addWidget(self._next)
        right = QVBoxLayout()
        right.addLayout(buttons)
        right.addWidget(self._free, 0, Qt.AlignmentFlag.AlignRight)
        right.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        row.addLayout(texts, 1)
        row.addLayout(right)
